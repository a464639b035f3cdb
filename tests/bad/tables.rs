//! Tables of villages, sites, communes, roads and candidates: text, GeoJSON.

use super::case::Case;

/// What takes the place of an input: its role, a file name, its text, and what is said of it.
const WHOLE: &[(&str, &str, &[u8], &str)] = &[
    ("villages", "v.csv", b"", "v.csv: is empty; a header line and rows are needed"),
    ("villages", "v.csv", b"\n\n\n", "v.csv: is empty"),
    ("villages", "v.csv", b"\xef\xbb\xbf", "v.csv: is empty"),
    ("villages", "v.csv", b",,,\n", "v.csv: is empty"),
    ("villages", "v.csv", b"id,name,lon,lat\n", "v.csv: has no rows; at least one village is needed"),
    ("villages", "v.csv", b"V1,A,106.03,22.55\n", "v.csv, id: column is missing"),
    ("villages", "v.csv", b"id,name,lon\nV1,A,106.03\n", "v.csv, lat: column is missing"),
    ("villages", "v.csv", b"id,lon,lat\nV1,106.03,22.55\n", "v.csv, name: column is missing"),
    ("villages", "v.csv", b"id,name,lon,lat,LON\nV1,A,106,22,106\n", "v.csv, row 1, LON: column stands twice"),
    ("villages", "v.csv", b"id,name,lon,lat\nV1,A,106.03,22.55,9\n", "v.csv, row 2: has 5 value(s), the header has 4"),
    ("villages", "v.csv", b"id,name,lon,lat\nV1,A,106.03\n", "v.csv, row 2: has 3 value(s), the header has 4"),
    ("villages", "v.csv", b"id,name,lon,lat\nV1,\"A,106.03,22.55\nV2,B,106.03,22.55\n", "v.csv, row 2"),
    ("villages", "v.csv", b"id;name;lon,lat\nV1;A;106.03,22.55\n", "column is missing"),
    ("villages", "v.csv", b"id|name|lon|lat\nV1|A|106.03|22.55\n", "v.csv, id: column is missing"),
    (
        "villages",
        "v.csv",
        b"id,name,lon,lat\nV1,A,\"106,03\",\"22,55\"\n",
        "v.csv, row 2, lon = \"106,03\": is not a number",
    ),
    ("villages", "v.csv", b"id,name,lon,lat\nV1,A\x00,106.03,22.55\n", "zero bytes"),
    ("villages", "v.csv", b"\x89PNG\r\n\x1a\n\x00\x00", "v.csv: is no text"),
    (
        "villages",
        "v.csv",
        b"id,name,lon,lat\nV1,A,106.03,22.55\nV1,B,106.03,22.55\n",
        "row 3, id = \"V1\": is already used in row 2",
    ),
    ("villages", "v.csv", b"id,name,lon,lat\n,A,106.03,22.55\n", "v.csv, row 2, id = \"\": is empty"),
    ("villages", "v.csv", b"id,name,lon,lat\nV1,,106.03,22.55\n", "v.csv, row 2, name = \"\": is empty"),
    ("villages", "v.csv", b"id,name,lon,lat\nV1, ,106.03,22.55\n", "v.csv, row 2, name = \"\": is empty"),
    ("villages", "v.csv", b"id,name,lon,lat\nV1,A,,\n", "v.csv, row 2, geometry: there is no position"),
    (
        "villages",
        "v.csv",
        b"id,name,lon,lat\nV1,A,22.55,106.03\n",
        "v.csv, row 2, lat = \"106.03\": is outside -90 to 90",
    ),
    (
        "villages",
        "v.csv",
        b"id,name,lon,lat\nV1,A,606032,2494331\n",
        "v.csv, row 2, lon = \"606032\": is outside -180 to 180",
    ),
    ("villages", "v.csv", b"id,name,lon,lat\nV1,A,-181,22.55\n", "row 2, lon = \"-181\""),
    ("villages", "v.csv", b"id,name,lon,lat\nV1,A,1e999,22.55\n", "row 2, lon = \"1e999\""),
    ("villages", "v.csv", b"id,name,lon,lat\nV1,A,-infinity,22.55\n", "row 2, lon = \"-infinity\""),
    ("villages", "v.csv", b"id,name,lon,lat\nV1,A,0x6A,22.55\n", "row 2, lon = \"0x6A\": is not a number"),
    ("villages", "v.csv", b"id,name,lon,lat\nV1,A,1_06,22.55\n", "row 2, lon = \"1_06\": is not a number"),
    ("villages", "v.csv", b"id,name,lon,lat\nV1,A,--106,22.55\n", "row 2, lon = \"--106\": is not a number"),
    ("villages", "v.csv", b"id,name,lon,lat\nV1,A,,22.55\n", "row 2, lon = \"\": is empty"),
    (
        "villages",
        "v.csv",
        b"id,name,lon,lat,population\nV1,A,106.03,22.55,1e99\n",
        "row 2, population = \"1e99\": is outside 0 to 10000000",
    ),
    (
        "villages",
        "v.csv",
        b"id,name,lon,lat,population\nV1,A,106.03,22.55,many\n",
        "row 2, population = \"many\": is not a number",
    ),
    ("villages", "v.csv", b"id,name,lon,lat,population\nV1,A,106.03,22.55,NaN\n", "row 2, population = \"NaN\""),
    ("villages", "v.csv", b"id,name,lon,lat,households\nV1,A,106.03,22.55,-1\n", "row 2, households = \"-1\""),
    ("villages", "v.csv", b"id,name,lon,lat,priority\nV1,A,106.03,22.55,-2\n", "row 2, priority = \"-2\""),
    (
        "villages",
        "v.csv",
        b"id,name,lon,lat,priority\nV1,A,106.03,22.55,1e5\n",
        "row 2, priority = \"1e5\": is outside 0 to 1000",
    ),
    ("villages", "v.csv", b"id,name,lon,lat,signal\nV1,A,106.03,22.55,yess\n", "did you mean \"yes\"?"),
    ("villages", "v.csv", b"id,name,lon,lat,has_electricity\nV1,A,106.03,22.55,2\n", "row 2, has_electricity = \"2\""),
    ("villages", "v.xyz", b"id,name\n", "v.xyz: has extension \"xyz\"; known are"),
    ("villages", "v", b"id,name\n", "v: has extension \"\"; known are"),
    ("villages", "v.cvs", b"id,name\n", "did you mean \"csv\"?"),
    ("villages", "v.csv", b"{\"type\":\"FeatureCollection\",\"features\":[]}", "v.csv, id: column is missing"),
    (
        "villages",
        "v.csv",
        b"id,name,coordinates\nV1,A,\"106.03, 22.55\"\n",
        "v.csv, row 2, coordinates = \"106.03, 22.55\": has a latitude beyond 90",
    ),
    (
        "villages",
        "v.csv",
        b"id;name;gps\nV1;A;22,5,106\n",
        "row 2, coordinates = \"22,5,106\": may mean 22 and 5.106 or 22.5 and 106",
    ),
    (
        "villages",
        "v.csv",
        b"id;name;gps\nV1;A;0, 0\n",
        "row 2, coordinates = \"0, 0\": is 0, 0, which marks a missing position",
    ),
    ("villages", "v.csv", b"id;name;gps\nV1;A;\n", "v.csv, row 2, geometry: there is no position"),
    (
        "villages",
        "v.csv",
        b"id;name;gps\nV1;A;here\n",
        "row 2, coordinates = \"here\": does not hold latitude and longitude",
    ),
    ("villages", "v.csv", b"Villages,,,\nid,name,lon\n", "v.csv, lat: column is missing; the file has: id, name, lon"),
    ("sites", "s.csv", b"", "s.csv: is empty"),
    ("sites", "s.csv", b"site_id,lat,lon\nS1,22.55,106.02\n", "s.csv, technology: column is missing"),
    ("sites", "s.csv", b"lat,technology\n22.55,LTE\n", "s.csv, lon: column is missing"),
    ("sites", "s.csv", b"lat,lon,technology\n22.55,106.02,\n", "s.csv, row 2, technology = \"\": is empty"),
    (
        "sites",
        "s.csv",
        b"lat,lon,technology\n22.55,106.02,6G\n",
        "row 2, technology = \"6G\": must be GSM, UMTS, LTE or NR",
    ),
    ("sites", "s.csv", b"lat,lon,technology\n106.02,22.55,LTE\n", "row 2, lat = \"106.02\": is outside -90 to 90"),
    ("sites", "s.csv", b"lat,lon,technology\n,,LTE\n", "s.csv, row 2, geometry: there is no position"),
    (
        "sites",
        "s.csv",
        b"lat,lon,technology,height_m\n22.55,106.02,LTE,-30\n",
        "row 2, height_m = \"-30\": is outside 1 to 500",
    ),
    (
        "sites",
        "s.csv",
        b"lat,lon,technology,height_m\n22.55,106.02,LTE,30m\n",
        "row 2, height_m = \"30m\": is not a number",
    ),
    ("sites", "s.csv", b"lat,lon,technology,height_m\n22.55,106.02,LTE,8848\n", "row 2, height_m = \"8848\""),
    (
        "sites",
        "s.csv",
        b"lat,lon,technology,frequency_mhz\n22.55,106.02,LTE,0.9\n",
        "row 2, frequency_mhz = \"0.9\": is outside 30 to 100000",
    ),
    ("sites", "s.csv", b"lat,lon,technology,frequency_mhz\n22.55,106.02,LTE,NaN\n", "row 2, frequency_mhz = \"NaN\""),
    ("sites", "s.csv", b"lat,lon,technology,bandwidth_mhz\n22.55,106.02,LTE,0\n", "row 2, bandwidth_mhz = \"0\""),
    ("sites", "s.csv", b"lat,lon,technology,eirp_dbm\n22.55,106.02,LTE,1000\n", "row 2, eirp_dbm = \"1000\""),
    (
        "sites",
        "s.csv",
        b"lat,lon,technology,eirp_dbm\n22.55,106.02,LTE,60 dBm\n",
        "row 2, eirp_dbm = \"60 dBm\": is not a number",
    ),
    (
        "sites",
        "s.csv",
        b"lat,lon,technology,switch_off_date\n22.55,106.02,GSM,2026-9-15\n",
        "row 2, switch_off_date = \"2026-9-15\"",
    ),
    (
        "sites",
        "s.csv",
        b"lat,lon,technology,switch_off_date\n22.55,106.02,GSM,12/31/2026\n",
        "row 2, switch_off_date = \"12/31/2026\": has the month first; dates are read as dd/mm/yyyy: write 31/12/2026",
    ),
    (
        "sites",
        "s.csv",
        b"lat,lon,technology,status\n22.55,106.02,GSM,broken\n",
        "row 2, status = \"broken\": must be active",
    ),
    (
        "sites",
        "s.csv",
        b"site_id,operator,lat,lon,technology\nS,A,22.55,106.02,GSM\nS,B,22.55,106.02,LTE\n",
        "row 3, site_id = \"S\": has operator \"B\" here and \"A\" in row 2",
    ),
    ("candidates", "c.csv", b"", "c.csv: is empty"),
    ("candidates", "c.csv", b"lat,lon\n22.55,106.03\n", "c.csv, id: column is missing"),
    (
        "candidates",
        "c.csv",
        b"id,lat,lon\nC,22.55,106.03\nC,22.55,106.04\n",
        "c.csv, row 3, id = \"C\": is already used in row 2",
    ),
    ("candidates", "c.csv", b"id,lat,lon,cost\nC,22.55,106.03,-1\n", "c.csv, row 2, cost = \"-1\""),
    ("candidates", "c.csv", b"id,lat,lon,cost\nC,22.55,106.03,cheap\n", "c.csv, row 2, cost = \"cheap\""),
    ("candidates", "c.csv", b"id,lat,lon,height_m\nC,22.55,106.03,0.5\n", "c.csv, row 2, height_m = \"0.5\""),
    ("candidates", "c.csv", b"id,lat,lon\nC,22.55,107.5\n", "c.csv, row 2, lon, lat: \"C\" at 107.50000 E"),
    ("communes", "c.csv", b"name\nA\n", "c.csv, row 2, geometry: must be a polygon"),
    ("roads", "r.csv", b"id\nA\n", "r.csv, row 2, geometry: must be a line"),
    ("villages", "v.geojson", b"", "v.geojson: "),
    ("villages", "v.geojson", b"{", "v.geojson: "),
    ("villages", "v.geojson", b"[]", "v.geojson: "),
    ("villages", "v.geojson", b"null", "v.geojson: "),
    ("villages", "v.geojson", b"id,name\nV1,A\n", "v.geojson: "),
    ("villages", "v.geojson", b"{\"type\":\"Topology\",\"objects\":{}}", "v.geojson: "),
    (
        "villages",
        "v.geojson",
        b"{\"type\":\"FeatureCollection\",\"features\":[]}",
        "v.geojson: has no layer with features",
    ),
    (
        "villages",
        "v.geojson",
        b"{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"prop",
        "v.geojson: ",
    ),
    ("communes", "c.geojson", b"{\"type\":\"FeatureCollection\",\"features\":[", "c.geojson: "),
];

/// The geometry of one feature with properties id, name and technology, and what is said of it.
const GEOMETRIES: &[(&str, &str, &str)] = &[
    ("villages", "null", "lon: column is missing"),
    ("villages", r#"{"type":"Point","coordinates":[]}"#, "lon: column is missing"),
    ("villages", r#"{"type":"Point","coordinates":[106.03]}"#, "lon: column is missing"),
    ("villages", r#"{"type":"Point","coordinates":["106.03","22.55"]}"#, "v.geojson"),
    ("villages", r#"{"type":"Point","coordinates":[606032,2494331]}"#, "row 1, geometry: is not on the earth"),
    ("villages", r#"{"type":"Point","coordinates":[22.55,106.03]}"#, "row 1, geometry: is not on the earth"),
    ("villages", r#"{"type":"Point","coordinates":[1e308,1e308]}"#, "row 1, geometry"),
    ("villages", r#"{"type":"Polygon","coordinates":[]}"#, "lon: column is missing"),
    ("villages", r#"{"type":"GeometryCollection","geometries":[]}"#, "lon: column is missing"),
    ("villages", r#"{"type":"Sphere","coordinates":[106.03,22.55]}"#, "lon: column is missing"),
    ("communes", "null", "row 1, geometry: must be a polygon"),
    ("communes", r#"{"type":"Point","coordinates":[106.03,22.55]}"#, "row 1, geometry: must be a polygon"),
    ("communes", r#"{"type":"LineString","coordinates":[[106,22],[107,23]]}"#, "row 1, geometry: must be a polygon"),
    ("communes", r#"{"type":"Polygon","coordinates":[]}"#, "row 1, geometry: must be a polygon"),
    ("communes", r#"{"type":"Polygon","coordinates":[[]]}"#, "row 1, geometry: must be a polygon"),
    (
        "communes",
        r#"{"type":"Polygon","coordinates":[[[106,22],[106,22],[106,22],[106,22]]]}"#,
        "row 1, geometry: has no area",
    ),
    ("communes", r#"{"type":"Polygon","coordinates":[[[106,22],[107,22],[106,22]]]}"#, "row 1, geometry: has no area"),
    (
        "communes",
        r#"{"type":"Polygon","coordinates":[[[106,22],[107,23],[107,22],[106,23],[106,22]]]}"#,
        "row 1, geometry: has no area",
    ),
    (
        "communes",
        r#"{"type":"Polygon","coordinates":[[[606032,2494331],[606132,2494331],[606032,2494431],[606032,2494331]]]}"#,
        "row 1, geometry: is not on the earth",
    ),
    ("communes", r#"{"type":"Polygon","coordinates":[[[106,22],[107,22],[1e400,23],[106,22]]]}"#, "row 1, geometry"),
    ("roads", "null", "row 1, geometry: must be a line"),
    ("roads", r#"{"type":"Point","coordinates":[106.03,22.55]}"#, "row 1, geometry: must be a line"),
    ("roads", r#"{"type":"LineString","coordinates":[]}"#, "row 1, geometry: must be a line"),
    (
        "roads",
        r#"{"type":"LineString","coordinates":[[606032,2494331],[606132,2494331]]}"#,
        "row 1, geometry: is not on the earth",
    ),
    ("sites", r#"{"type":"Point","coordinates":[206.03,22.55]}"#, "row 1, geometry: is not on the earth"),
    ("candidates", r#"{"type":"Point","coordinates":[106.03,-91]}"#, "row 1, geometry: is not on the earth"),
];

/// Properties of one feature at a sound place, and what is said of them.
const PROPERTIES: &[(&str, &str, &str)] = &[
    ("villages", r#"{"name":"A"}"#, "v.geojson, id: column is missing"),
    ("villages", r#"{"id":"A","name":null}"#, "v.geojson"),
    ("villages", r#"{"id":"A","name":["x","y"]}"#, "v.geojson, name: holds lists or binary data"),
    ("villages", r#"{"id":"A","name":"B","population":-5}"#, "v.geojson, row 1, population = \"-5\""),
    ("villages", r#"{"id":"A","name":"B","signal":"perhaps"}"#, "v.geojson, row 1, reported_signal = \"perhaps\""),
    ("sites", r#"{"technology":"3.5G"}"#, "v.geojson, row 1, technology = \"3.5G\""),
    ("candidates", r#"{"id":"C","cost":1e300}"#, "v.geojson, row 1, cost"),
];

fn feature(properties: &str, geometry: &str) -> String {
    format!(
        r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","properties":{properties},"geometry":{geometry}}}]}}"#
    )
}

pub(crate) fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> =
        WHOLE.iter().map(|(role, file, bytes, says)| Case::input(role, file, *bytes, &[says])).collect();
    cases.extend(GEOMETRIES.iter().map(|(role, geometry, says)| {
        let text = feature(r#"{"id":"A","name":"B","technology":"LTE"}"#, geometry);
        let case = Case::input(role, "v.geojson", text, &["v.geojson", says]);
        Case { name: format!("{role}: {geometry}"), ..case }
    }));
    cases.extend(PROPERTIES.iter().map(|(role, properties, says)| {
        let text = feature(properties, r#"{"type":"Point","coordinates":[106.03,22.55]}"#);
        Case { name: format!("{role}: {properties}"), ..Case::input(role, "v.geojson", text, &[says]) }
    }));
    let long = "x".repeat(2_000_000);
    cases.push(Case::input("villages", "v.csv", long.clone(), &["v.csv, id: column is missing"]));
    cases.push(Case::input("villages", "v.csv", ",".repeat(2_000_000), &["v.csv: is empty"]));
    cases.push(Case::input("villages", "v.csv", "\"".repeat(1_999_999), &["v.csv"]));
    cases.push(Case::input("villages", "v.csv", format!("id,name,lon,lat\nV1,{long},x,22\n"), &["row 2, lon = \"x\""]));
    cases.push(Case::input("villages", "v.csv", format!("id,name,lon,lat\nV1,A,{long},22\n"), &["row 2, lon = "]));
    let header: Vec<String> = (0..20_000).map(|i| format!("c{i}")).collect();
    cases.push(Case::input("villages", "v.csv", header.join(",") + "\n", &["v.csv, id: column is missing"]));
    let faulty: String = (0..50_000).map(|i| format!("V{i},A,x,y\n")).collect();
    cases.push(Case::input("villages", "v.csv", format!("id,name,lon,lat\n{faulty}"), &["row 2, lon = \"x\""]));
    cases
}
