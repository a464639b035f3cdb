//! The same villages in every format that is read, and what is said of layers that cannot be used.
#![allow(clippy::unwrap_used)]

mod common;

use common::notspot;
use notspot::io::{READERS, Table, TableSource, read_table};
use notspot::problem::Problems;
use std::fs;
use std::path::Path;
use std::process::Command;

const GEOJSON: &str = r#"{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"id":"V1","name":"Bản Tây","people":400},"geometry":{"type":"Point","coordinates":[106.03,22.55,310]}},
{"type":"Feature","properties":{"id":"V2","name":"Xóm Khuổi Nặm","people":null},"geometry":{"type":"Point","coordinates":[106.058,22.56,300]}}]}"#;

fn must(program: &str, arguments: &[&str], folder: &Path) {
    let output = Command::new(program).args(arguments).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
}

fn read(source: &TableSource, folder: &Path) -> (Option<Table>, String) {
    let mut problems = Problems::default();
    let table = read_table(source, folder, &mut problems);
    (table, problems.to_string())
}

/// Id, name, and position to a metre.
type Row = (String, String, Option<(i64, i64)>);

fn content(table: &Table) -> Vec<Row> {
    let column = |name: &str| {
        let found = table.columns.iter().position(|c| c.eq_ignore_ascii_case(name));
        found.unwrap_or_else(|| panic!("{}: no column {name} in {:?}", table.file, table.columns))
    };
    let (id, name) = (column("id"), column("name"));
    let text = |row, column| table.value(row, column).unwrap_or_default().to_owned();
    let place = |row| match table.geometry(row) {
        Some(geo::Geometry::Point(p)) => Some(((p.x() * 1e5).round() as i64, (p.y() * 1e5).round() as i64)),
        _ => None,
    };
    (0..table.len()).map(|row| (text(row, id), text(row, name), place(row))).collect()
}

#[test]
fn every_format_gives_the_same_villages() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("v.geojson"), GEOJSON).unwrap();
    let convert = |arguments: &[&str]| must("ogr2ogr", arguments, folder.path());
    let vn2000 = ["-t_srs", "EPSG:9210"];
    convert(&["v.gpkg", "v.geojson"]);
    convert(&[&["vn2000.gpkg", "v.geojson"], &vn2000[..]].concat());
    convert(&[&["v.shp", "v.geojson", "-lco", "ENCODING=UTF-8"], &vn2000[..]].concat());
    convert(&["v.fgb", "v.geojson"]);
    convert(&["v.kml", "v.geojson"]);
    convert(&["-f", "LIBKML", "v.kmz", "v.geojson"]);
    convert(&[&["-f", "GML", "v.gml", "v.geojson", "-dsco", "FORMAT=GML3"], &vn2000[..]].concat());
    convert(&["v.xlsx", "v.geojson"]);
    convert(&["-f", "ODS", "v.ods", "v.geojson"]);
    must("python3", &["-m", "zipfile", "-c", "v.zip", "v.shp", "v.dbf", "v.shx", "v.prj", "v.cpg"], folder.path());
    let expected = content(&read(&"v.geojson".into(), folder.path()).0.unwrap());
    assert_eq!(expected[1], ("V2".into(), "Xóm Khuổi Nặm".into(), Some((10_605_800, 2_256_000))));
    for file in ["v.gpkg", "vn2000.gpkg", "v.shp", "v.zip", "v.fgb", "v.kml", "v.kmz", "v.gml", "v.xlsx", "v.ods"] {
        let (table, said) = read(&file.into(), folder.path());
        let mut found = content(&table.unwrap_or_else(|| panic!("{file}: {said}")));
        assert_eq!(said, "", "{file}");
        found.sort();
        let places = !file.ends_with("xlsx") && !file.ends_with("ods");
        for (row, expected) in found.iter().zip(&expected) {
            assert_eq!((&row.0, &row.1), (&expected.0, &expected.1), "{file}");
            assert_eq!(row.2, expected.2.filter(|_| places), "{file}");
        }
        assert_eq!(found.len(), 2, "{file}");
    }
}

#[test]
fn a_shapefile_without_its_encoding_is_recognised_or_told() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("v.geojson"), GEOJSON).unwrap();
    let name = |table: Option<Table>| content(&table.unwrap())[1].1.clone();
    must("ogr2ogr", &["v.shp", "v.geojson", "-lco", "ENCODING=UTF-8"], folder.path());
    fs::remove_file(folder.path().join("v.cpg")).unwrap();
    let (table, said) = read(&"v.shp".into(), folder.path());
    assert_eq!(said, "");
    assert_eq!(name(table), "Xóm Khuổi Nặm");

    // "Bản Đông" in Windows-1258: ả is a and a hook (0xD2), Đ is 0xD0, ô is 0xF4
    let dbf = fs::read(folder.path().join("v.dbf")).unwrap();
    let from = "Xóm Khuổi Nặm".as_bytes();
    let at = dbf.windows(from.len()).position(|w| w == from).unwrap();
    let mut other = dbf.clone();
    other[at..at + from.len()].fill(b' ');
    other[at..at + 9].copy_from_slice(b"Ba\xd2n \xd0\xf4ng");
    let west = "Bản Tây".as_bytes();
    let at_west = other.windows(west.len()).position(|w| w == west).unwrap();
    other[at_west..at_west + west.len()].fill(b' ');
    other[at_west..at_west + 3].copy_from_slice(b"Tay");
    fs::write(folder.path().join("v.dbf"), other).unwrap();
    let (table, said) = read(&"v.shp".into(), folder.path());
    assert!(said.contains("the encoding windows-1258 (Vietnamese) is assumed"), "{said}");
    assert_eq!(name(table), "Bản Đông");
    fs::write(folder.path().join("v.cpg"), "1258").unwrap();
    let (table, said) = read(&"v.shp".into(), folder.path());
    assert_eq!((name(table).as_str(), said.as_str()), ("Bản Đông", ""));
    let stated: TableSource = toml::from_str("file = \"v.shp\"\nencoding = \"windows-1258\"").unwrap();
    let (table, said) = read(&stated, folder.path());
    assert_eq!((name(table).as_str(), said.as_str()), ("Bản Đông", ""));
}

#[test]
fn geometries_of_all_kinds_are_read_or_named() {
    let folder = tempfile::tempdir().unwrap();
    let square = "[[[106,22],[106.1,22],[106.1,22.1],[106,22]]]";
    let features: Vec<String> = [
        r#"{"type":"Point","coordinates":[106,22,5]}"#.to_owned(),
        "null".to_owned(),
        format!(r#"{{"type":"GeometryCollection","geometries":[{{"type":"Polygon","coordinates":{square}}},{{"type":"Polygon","coordinates":{square}}}]}}"#),
        r#"{"type":"LineString","coordinates":[[106,22,1],[106.1,22,2]]}"#.to_owned(),
    ]
    .into_iter()
    .map(|geometry| format!(r#"{{"type":"Feature","properties":{{"id":"a","tags":["x","y"]}},"geometry":{geometry}}}"#))
    .collect();
    let text = format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","));
    fs::write(folder.path().join("mixed.geojson"), text).unwrap();
    let (table, said) = read(&"mixed.geojson".into(), folder.path());
    let table = table.unwrap();
    assert!(said.contains("tags: holds lists or binary data and is not used"), "{said}");
    assert!(matches!(table.geometry(0), Some(geo::Geometry::Point(_))));
    assert!(table.geometry(1).is_none());
    assert!(matches!(table.geometry(2), Some(geo::Geometry::MultiPolygon(areas)) if areas.0.len() == 2));
    assert!(matches!(table.geometry(3), Some(geo::Geometry::LineString(_))));

    fs::write(
        folder.path().join("curve.csv"),
        "id,WKT\na,\"CIRCULARSTRING(106 22,106.1 22.1,106.2 22)\"\nb,POINT(106 22)\n",
    )
    .unwrap();
    must("ogr2ogr", &["curve.gpkg", "curve.csv", "-a_srs", "EPSG:4326", "-nlt", "GEOMETRY"], folder.path());
    let (table, said) = read(&"curve.gpkg".into(), folder.path());
    assert_eq!(table.unwrap().len(), 1);
    assert!(said.contains("row 1, geometry: is a CIRCULARSTRING"), "{said}");
}

#[test]
fn sheets_have_rows_dates_and_errors() {
    let folder = tempfile::tempdir().unwrap();
    // Two titles, a header, a gap, dates and numbers; written by the tool that people use least: by hand.
    let cells = |row: u32, values: &[&str]| -> String {
        let cell = |(i, value): (usize, &&str)| {
            let name = format!("{}{row}", char::from(b'A' + i as u8));
            match value.strip_prefix('=') {
                Some("error") => format!(r#"<c r="{name}" t="e"><v>#N/A</v></c>"#),
                Some(date) if date.starts_with('d') => format!(r#"<c r="{name}" s="1"><v>{}</v></c>"#, &date[1..]),
                Some(number) => format!(r#"<c r="{name}"><v>{number}</v></c>"#),
                None => format!(r#"<c r="{name}" t="inlineStr"><is><t>{value}</t></is></c>"#),
            }
        };
        format!(r#"<row r="{row}">{}</row>"#, values.iter().enumerate().map(cell).collect::<String>())
    };
    let rows = [
        cells(1, &["Danh sách thôn, xóm"]),
        cells(3, &["id", "name", "population", "surveyed"]),
        cells(4, &["V1", "Bản Tây", "=1234", "=d46023"]),
        cells(7, &["V2", "Bản Đông", "=22.5", "=error"]),
    ];
    let part = |name: &str, text: &str| {
        let path = folder.path().join("book").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>{text}")).unwrap();
    };
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006";
    part(
        "xl/worksheets/sheet1.xml",
        &format!(r#"<worksheet xmlns="{main}"><sheetData>{}</sheetData></worksheet>"#, rows.concat()),
    );
    part(
        "xl/worksheets/sheet2.xml",
        &format!(r#"<worksheet xmlns="{main}"><sheetData>{}</sheetData></worksheet>"#, rows[0]),
    );
    part(
        "xl/workbook.xml",
        &format!(
            r#"<workbook xmlns="{main}" xmlns:r="{relation}"><sheets><sheet name="Thôn" sheetId="1" r:id="r1"/><sheet name="Khác" sheetId="2" r:id="r2"/></sheets></workbook>"#
        ),
    );
    part(
        "xl/styles.xml",
        &format!(
            r#"<styleSheet xmlns="{main}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#
        ),
    );
    part(
        "xl/_rels/workbook.xml.rels",
        &format!(
            r#"<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{relation}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="{relation}/worksheet" Target="worksheets/sheet2.xml"/><Relationship Id="r3" Type="{relation}/styles" Target="styles.xml"/></Relationships>"#
        ),
    );
    part(
        "_rels/.rels",
        &format!(
            r#"<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{relation}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
        ),
    );
    part(
        "[Content_Types].xml",
        &format!(
            r#"<Types xmlns="{package}/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>"#
        ),
    );
    let book = folder.path().join("book");
    must("python3", &["-m", "zipfile", "-c", "../v.xlsx", "xl", "_rels", "[Content_Types].xml"], &book);

    let (table, said) = read(&"v.xlsx".into(), folder.path());
    assert!(
        table.is_none() && said.contains("has several layers: Thôn, Khác (name one: v.xlsx|layername=Thôn)"),
        "{said}"
    );
    let (table, said) = read(&"v.xlsx|layername=Thon".into(), folder.path());
    assert!(table.is_none() && said.contains("has no layer \"Thon\""), "{said}");
    let (table, said) = read(&"v.xlsx|layername=Thôn".into(), folder.path());
    let table = table.unwrap();
    assert_eq!(table.columns, ["id", "name", "population", "surveyed"]);
    assert_eq!((table.row_number(0), table.row_number(1)), (4, 7));
    assert_eq!(
        (table.value(0, 2), table.value(0, 3), table.value(1, 2)),
        (Some("1234"), Some("2026-01-01"), Some("22.5"))
    );
    assert!(said.contains("row 7, surveyed = \"#N/A\""), "{said}");
    assert!(said.contains("row 1 = \"Danh sách thôn, xóm\": stands alone above the header and was left out"), "{said}");
}

#[test]
fn formats_lists_every_reader() {
    let output = notspot().arg("formats").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    for reader in READERS {
        assert!(text.contains(reader.id) && text.contains(reader.summary), "{} is not listed", reader.id);
    }
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("v.docx"), "").unwrap();
    let (_, said) = read(&"v.docx".into(), folder.path());
    assert!(said.contains("has extension \"docx\"; known are csv, tsv, txt, xlsx"), "{said}");
}
