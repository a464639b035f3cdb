//! Study files: syntax, keys, types, ranges, paths.

use super::case::Case;

/// The study file as a whole, and what is said of it.
const WHOLE: &[(&[u8], &str)] = &[
    (b"", "study.toml, row 1, inputs: is missing"),
    (b"", "study.toml, row 1, name: is missing"),
    (b"\n\n# nothing\n", "inputs: is missing"),
    (b"\xef\xbb\xbf", "inputs: is missing"),
    (b"\x00\x01\x02\x7f\x80", "study.toml"),
    (b"PK\x03\x04\x14\x00\x06\x00\x08\x00", "study.toml, row 1"),
    (b"name = \"C\xe0o\"\n", "study.toml, row 1: is not UTF-8 text"),
    (b"a = 1\nname = \"\xff\"\n", "study.toml, row 2: is not UTF-8 text"),
    (b"\xff\xfen\x00a\x00m\x00e\x00", "study.toml, row 1: is not UTF-8 text"),
    (b"{\"name\": \"A\"}", "study.toml, row 1"),
    (b"name: A\ndate: 2026\n", "study.toml, row 1"),
    (b"[inputs\n", "study.toml, row 1"),
    (b"name = \"A\nb\"\n", "study.toml, row 2"),
    (b"name = \"\"\"A\n\n\n", "study.toml, row"),
    (b"name = \"\\q\"\n", "study.toml, row 1"),
    (b"name = \"\\ud800\"\n", "study.toml, row 1"),
    (b"name = \"A\"\nname = \"B\"\n", "study.toml, row 2: duplicate key"),
    (b"[inputs]\nsites = \"a\"\n[inputs]\n", "study.toml, row 3"),
    (b"a = 00012\n", "study.toml, row 1"),
    (b"a = 1__0\n", "study.toml, row 1"),
    (b"a = 99999999999999999999\n", "study.toml, row 1"),
    (b"a = 2026-13-45\n", "study.toml, row 1"),
    (b"= 1\n", "study.toml, row 1"),
    (b"a.b.c\n", "study.toml, row 1"),
    (b"inputs = 1\n", "inputs: is a whole number; a table is needed"),
    (b"inputs = []\n", "inputs: is a list; a table is needed"),
    (b"inputs = {}\n", "inputs.terrain: is missing"),
    (b"[[inputs]]\nsites = \"a\"\n", "inputs: is a list; a table is needed"),
];

/// A text of the small study's file, what takes its place, and what is said of it.
const EDITS: &[(&str, &str, &str)] = &[
    ("name = \"Small\"\n", "", "name: is missing; the study needs it"),
    ("\"Small\"", "7", "row 1, name: is a whole number; a text in quotes is needed"),
    ("\"Small\"", "[\"A\"]", "row 1, name: is a list"),
    ("\"Small\"", "{ vi = \"A\" }", "row 1, name: is a table"),
    ("\"Small\"", "true", "row 1, name: is true or false"),
    ("synthetic = true", "synthetic = \"true\"", "row 2, synthetic: is a text in quotes; true or false is needed"),
    ("synthetic = true", "synthetic = True", "study.toml, row 2"),
    ("synthetic", "Synthetic", "did you mean \"synthetic\"?"),
    ("\"2026-01-01\"", "2026-01-01", "date: is date without quotes; a text in quotes is needed"),
    ("2026-01-01", "", "date = \"\": is not a date"),
    ("2026-01-01", "01/01/2026", "date = \"01/01/2026\": is not a date"),
    ("2026-01-01", "2025-02-29", "is not a date; write YYYY-MM-DD"),
    ("2026-01-01", "20260-01-01", "is not a date"),
    ("2026-01-01", "２０２６-01-01", "is not a date"),
    ("\"vi\"", "\"Vi\"", "language = \"Vi\": is not allowed; use one of vi, en"),
    ("\"vi\"", "\"\"", "language = \"\": is not allowed"),
    ("\"vi\"", "1", "language: is a whole number"),
    ("[inputs]", "[input]", "row 6, input: is no key of the study file"),
    ("[inputs]", "[inputs.more]", "inputs.more: is no key of the study file"),
    ("[\"terrain.asc\"]", "[]", "inputs.terrain: is empty; name at least one elevation raster"),
    ("[\"terrain.asc\"]", "\"terrain.asc\"", "inputs.terrain: is a text in quotes; a list is needed"),
    ("[\"terrain.asc\"]", "[1, true]", "inputs.terrain[1]: is true or false"),
    ("[\"terrain.asc\"]", "[\"\"]", "inputs.terrain"),
    ("[\"terrain.asc\"]", "[\".\"]", "is a folder"),
    ("[\"terrain.asc\"]", "[\"terrain.asc\", \"villages.csv\"]", "villages.csv: holds no raster band"),
    ("[\"terrain.asc\"]", "[\"../../../../../../etc/passwd\"]", "cannot be read as a raster"),
    ("[\"terrain.asc\"]", "[\"terrain.asc\\u0000.tif\"]", "terrain.asc"),
    ("[\"terrain.asc\"]", "[\"/vsicurl/http://127.0.0.1:9/a.tif\"]", "file does not exist"),
    ("[\"terrain.asc\"]", "[\"/dev/null\"]", "/dev/null"),
    ("\"villages.csv\"", "\"\"", "inputs.villages"),
    ("\"villages.csv\"", "\".\"", ".: has extension \"\""),
    ("\"villages.csv\"", "\"nowhere.csv\"", "nowhere.csv: file does not exist"),
    ("\"villages.csv\"", "\"terrain.asc\"", "terrain.asc: has extension \"asc\""),
    ("\"villages.csv\"", "\"study.toml\"", "study.toml: has extension \"toml\""),
    ("\"villages.csv\"", "\"/dev/stdin\"", "/dev/stdin"),
    ("\"villages.csv\"", "\"sites.csv\"", "sites.csv, name: column is missing"),
    ("\"sites.csv\"", "\"villages.csv\"", "villages.csv, technology: column is missing"),
    ("\"villages.csv\"", "\"villages.csv|layername=x\"", "villages.csv"),
    ("\"villages.csv\"", "\"~/villages.csv\"", "file does not exist"),
    ("sites =", "communes = \"no.geojson\"\nsites =", "no.geojson: file does not exist"),
    ("sites =", "roads = 3\nsites =", "inputs.roads: is a whole number"),
    ("sites =", "candidates = \"no.csv\"\nsites =", "no.csv: file does not exist"),
    ("sites =", "exclusions = \"no.gpkg\"\nsites =", "no.gpkg: file does not exist"),
    ("sites =", "exclusions = \"villages.csv\"\nsites =", "villages.csv, row 2, geometry: must be an area"),
    ("sites =", "exclusion = \"a.gpkg\"\nsites =", "did you mean \"exclusions\"?"),
];

/// A table of the study, and what is said of its faults.
const SECTIONS: &[(&str, &str)] = &[
    ("[propagation]\nmodel = \"\"", "propagation"),
    ("[propagation]\nmodel = \"P9999\"", "model \"P9999\" is not known"),
    ("[propagation]\nmodel = 1812", "propagation.model: is a whole number"),
    ("[propagation]\nreceiver_height_m = 0", "propagation.receiver_height_m = \"0\": is outside 0.1 to 100 m"),
    ("[propagation]\nreceiver_height_m = -1.5", "receiver_height_m = \"-1.5\""),
    ("[propagation]\nreceiver_height_m = nan", "receiver_height_m"),
    ("[propagation]\nreceiver_height_m = 1e999", "row 11: floating-point number overflowed"),
    ("[propagation]\nreceiver_height_m = \"1.5\"", "receiver_height_m: is a text in quotes; a number is needed"),
    ("[propagation]\nparameters = 1", "propagation.parameters: is a whole number; a table is needed"),
    ("[propagation]\nparameters = { delta_n = nan }", "propagation.parameters.delta_n"),
    ("[propagation]\nparameters = { delta_n = inf }", "propagation.parameters.delta_n"),
    ("[propagation]\nparameters = { delta_n = 1e6 }", "parameter delta_n: 1000000.0 is not allowed"),
    ("[propagation]\nparameters = { delta_n = \"45\" }", "parameter delta_n: \"45\" is not allowed"),
    ("[propagation]\nparameters = { delta_n = 2026-01-01 }", "parameter delta_n"),
    ("[propagation]\nparameters = { delta_n = [1] }", "parameter delta_n: [1] is not allowed"),
    ("[propagation]\nparameters = { delta = 45 }", "has no such parameter"),
    ("[propagation]\nfrequency = 900", "propagation.frequency: is no key"),
    ("[coverage]\nradius_km = 15", "coverage.radius_km: is a whole number; a table is needed"),
    ("[coverage]\nradius_km = { LTE = 0, GSM = 5 }", "coverage.radius_km.LTE = \"0\": is outside 0.5 to 200 km"),
    ("[coverage]\nradius_km = { LTE = 1e9, GSM = 5 }", "coverage.radius_km.LTE = \"1000000000\": is outside"),
    ("[coverage]\nradius_km = { LTE = nan, GSM = 5 }", "coverage.radius_km.LTE"),
    (
        "[coverage]\nradius_km = { lte = 5 }",
        "row 11, coverage.radius_km = \"lte\": is no key of this table; use GSM, UMTS, LTE, NR (did you mean \"LTE\"?)",
    ),
    (
        "[coverage]\nradius_km = { 5G = 5 }",
        "row 11, coverage.radius_km = \"5G\": is no key of this table; use GSM, UMTS, LTE, NR",
    ),
    ("[coverage]\nradius_km = {}", "coverage.radius_km.GSM: is missing"),
    ("[service]\nrequired_probability = 90", "service.required_probability = \"90\": is outside 0.5 to 0.99"),
    ("[service]\nrequired_probability = -nan", "service.required_probability"),
    ("[service]\nshadowing_sigma_db = -1", "service.shadowing_sigma_db = \"-1\""),
    ("[service]\nshadowing_sigma_db = 99", "service.shadowing_sigma_db = \"99\""),
    ("[service]\nbody_loss_db = 1e300", "service.body_loss_db"),
    ("[service]\nfixed_broadband_share = 50", "service.fixed_broadband_share = \"50\": is outside 0 to 1"),
    ("[service]\nsurvey_wins = \"no\"", "service.survey_wins: is a text in quotes; true or false is needed"),
    ("[service]\nsignal_threshold_dbm = { GSM = 100 }", "service.signal_threshold_dbm.GSM = \"100\""),
    (
        "[service]\nsignal_threshold_dbm = { WiFi = -80 }",
        "row 11, service.signal_threshold_dbm = \"WiFi\": is no key of this table; use GSM, UMTS, LTE, NR",
    ),
    ("[service]\nsignal_threshold_dbm = {}", "service.signal_threshold_dbm: asks for nothing of any technology"),
    (
        "[service]\npreset = \"fcc\"",
        "service.preset = \"fcc\": is not allowed; use one of vietnam, fcc-bdc, ofcom, arcep",
    ),
    ("[service]\nenvironment = \"car\"", "service.environment = \"car\": is not allowed; use one of outdoor, in-car"),
    (
        "[service]\nbroadband_down_mbps = { LTE = 0 }",
        "service.broadband_down_mbps.LTE = \"0\": is outside 0.001 to 10000",
    ),
    ("[service]\nbroadband_up_mbps = { LTE = [1] }", "service.broadband_up_mbps.LTE: is a list; a number is needed"),
    ("[radio]\nload = 50", "radio.load = \"50\": is outside 0 to 0.95"),
    ("[radio]\nmodel_error_db = -1", "radio.model_error_db = \"-1\": is outside 0 to 20 dB"),
    ("[radio]\nbuilding = \"brick\"", "radio.building = \"brick\": is not allowed; use one of traditional"),
    ("[radio.lte]\nhandset_power_dbm = 230", "radio.lte.handset_power_dbm = \"230\": is outside 0 to 50 dBm"),
    ("[radio.gsm]\nbase_sensitivity_dbm = 110", "radio.gsm.base_sensitivity_dbm = \"110\": is outside -140 to -80 dBm"),
    ("[radio.lte.downlink]\nalpha = 0.6", "radio.lte.downlink.least_sinr_db: is missing"),
    ("[radio.nr.uplink]\nalpha = 2\nleast_sinr_db = -10\nmost_bit_s_hz = 4", "radio.nr.uplink.alpha = \"2\""),
    ("[radio.wifi]\npower = 1", "radio.wifi: is no key"),
    ("[gaps]\nlink_distance_km = 0", "gaps.link_distance_km = \"0\": is outside 0.1 to 50 km"),
    ("[gaps]\nlink_distance_m = 3000", "did you mean \"link_distance_km\"?"),
    ("[planning]\nservice = \"voice\"", "planning.service = \"voice\": is not allowed; use one of signal, broadband"),
    ("[planning]\nobjective = \"\"", "objective"),
    ("[planning]\nobjective = \"most-people-sites\"", "planning.max_sites: is missing"),
    ("[planning]\nmax_sites = -1", "max_sites"),
    ("[planning]\nmax_sites = 4294967296", "max_sites"),
    ("[planning]\nmax_sites = 2.5", "planning.max_sites: is a number; a whole number is needed"),
    ("[planning]\nbudget_million_vnd = -1", "planning.budget_million_vnd = \"-1\""),
    ("[planning]\nbudget_million_vnd = inf", "planning.budget_million_vnd"),
    ("[planning]\ngap = 2", "planning.gap = \"2\": is outside 0 to 1"),
    ("[planning.candidates]\nspacing_m = 0", "planning.candidates.spacing_m = \"0\": is outside 1 to 20000 m"),
    ("[planning.candidates]\nsearch_radius_km = 1e3", "planning.candidates.search_radius_km = \"1000\""),
    ("[planning.candidates]\nhilltop_radius_m = -400", "planning.candidates.hilltop_radius_m = \"-400\""),
    ("[planning.new_site]\nheight_m = 0", "planning.new_site.height_m = \"0\": is outside 1 to 500 m"),
    ("[planning.new_site]\ncells = []", "planning.new_site.cells: is empty; a new site needs at least one cell"),
    ("[planning.new_site]\ncells = [1]", "planning.new_site.cells[0]: is a whole number; a table is needed"),
    ("[planning.new_site]\ncells = [{}]", "planning.new_site.cells[0].technology: is missing"),
    (
        "[[planning.new_site.cells]]\ntechnology = \"LTE\"\nfrequency_mhz = 0\nbandwidth_mhz = 10\neirp_dbm = 60",
        "planning.new_site.cells[0].frequency_mhz = \"0\": is outside 30 to 100000 MHz",
    ),
    (
        "[[planning.new_site.cells]]\ntechnology = \"6G\"\nfrequency_mhz = 900\nbandwidth_mhz = 10\neirp_dbm = 60",
        "planning.new_site.cells[0].technology = \"6G\": is not allowed",
    ),
    (
        "[[planning.new_site.cells]]\ntechnology = \"LTE\"\nfrequency_mhz = 900\nbandwidth_mhz = nan\neirp_dbm = 60",
        "planning.new_site.cells[0].bandwidth_mhz",
    ),
    ("[planning.costs]\nsite = -0.1", "planning.costs.site = \"-0.1\": is outside 0 to 1000000000 million VND"),
    ("[planning.costs]\nsite = 1e30", "planning.costs.site"),
    ("[planning.costs]\nfibre = 500", "planning.costs.fibre: is no key"),
    (
        "[planning.costs]\nsatellite_link_per_year = -1",
        "planning.costs.satellite_link_per_year = \"-1\": is outside 0 to 1000000000 million VND",
    ),
    (
        "[planning.backhaul]\nroots = \"sky\"",
        "planning.backhaul.roots = \"sky\": is not allowed; use one of communes, sites, both",
    ),
    ("[planning.backhaul]\nmax_hops = 0", "planning.backhaul.max_hops = \"0\": is outside 1 to 100"),
    (
        "[planning.backhaul]\noperators = [\"Operator B\"]",
        "planning.backhaul.operators[0] = \"Operator B\": has no site in service (did you mean \"Operator A\"?)",
    ),
    ("[planning.backhaul.microwave]\nclearance = []", "planning.backhaul.microwave.clearance: is empty"),
    (
        "[planning.backhaul.microwave]\nclearance = [{ k = 0, free_share = 0.6 }]",
        "planning.backhaul.microwave.clearance[0].k = \"0\": is outside 0.3 to 10",
    ),
    (
        "[planning.backhaul.microwave]\navailability_percent = 99.9999",
        "planning.backhaul.microwave.availability_percent",
    ),
    (
        "[planning.backhaul.microwave]\nbands = [{ frequency_ghz = 23 }]",
        "planning.backhaul.microwave.bands[0].dish_m: is missing",
    ),
    ("[planning.costs.site]\nvalue = 1", "planning.costs.site: is a table; a number is needed"),
    ("[planning]\nrequired_probability = 90", "planning.required_probability = \"90\": is outside 0.5 to 0.99"),
    ("[planning.candidates]\nmax_slope_deg = 95", "planning.candidates.max_slope_deg = \"95\": is outside 0 to 90°"),
    ("[planning.candidates]\nmax_slop_deg = 5", "did you mean \"max_slope_deg\"?"),
    (
        "[planning.candidates]\nmax_candidates = 0",
        "planning.candidates.max_candidates = \"0\": is outside 1 to 1000000",
    ),
    (
        "[planning.candidates]\nmax_candidates = -1",
        "planning.candidates.max_candidates = \"-1\": is outside 0 to 4294967295",
    ),
    ("[planning.candidates]\nrelays = 20000", "planning.candidates.relays = \"20000\": is outside 0 to 10000"),
    (
        "[planning.candidates]\ngenerate = \"no\"",
        "planning.candidates.generate: is a text in quotes; true or false is needed",
    ),
    ("[planning.new_site]\nheights_m = [30.0, 0.0]", "planning.new_site.heights_m[1] = \"0\": is outside 1 to 500 m"),
    ("[planning.new_site]\nheights_m = 30", "planning.new_site.heights_m: is a whole number; a list is needed"),
    ("[planning.configurations]\nname = \"A\"", "planning.configurations: is a table; a list is needed"),
    ("[[planning.configurations]]\nname = \"A\"", "planning.configurations[0].cells: is missing"),
    ("[[planning.configurations]]\nname = \"A\"\ncells = []", "planning.configurations[0].cells: is empty"),
    ("[[planning.configurations]]\nname = \" \"\ncells = []", "planning.configurations[0].name = \"\": is empty"),
    (
        "[[planning.configurations]]\nname = \"A\"\ncells = []\n[[planning.configurations]]\nname = \"A\"\ncells = []",
        "planning.configurations[1].name = \"A\": is the name of planning.configurations[0] already",
    ),
    (
        "[[planning.configurations]]\nname = \"A\"\nsectors = 7\ncells = []",
        "planning.configurations[0].sectors = \"7\": is outside 0 to 6",
    ),
    (
        "[[planning.configurations]]\nname = \"A\"\nsectors = 2\ncells = [{ technology = \"LTE\", frequency_mhz = 900.0, bandwidth_mhz = 10.0, \
         eirp_dbm = 60.0, antenna = \"sector-56\" }]",
        "planning.configurations[0].cells[0].antenna = \"sector-56\": is no antenna of the study",
    ),
    (
        "[[planning.configurations]]\nname = \"A\"\ncells = [{ technology = \"LTE\", frequency_mhz = 900.0, bandwidth_mhz = 10.0, eirp_dbm = 60.0, \
         antenna = \"sector-65\" }]",
        "planning.configurations[0].cells[0].antenna = \"sector-65\": has a direction, and without sectors nothing turns it",
    ),
    (
        "[[planning.configurations]]\nname = \"A\"\ncells = [{ technology = \"LTE\", frequency_mhz = 9.0, bandwidth_mhz = 10.0, eirp_dbm = 60.0 }]",
        "planning.configurations[0].cells[0].frequency_mhz = \"9\": is outside 30 to 100000 MHz",
    ),
];

pub(crate) fn cases() -> Vec<Case> {
    let whole = |(bytes, says): &(&[u8], &str)| {
        Case::study(format!("study.toml is {:?}", String::from_utf8_lossy(bytes)), &[says]).with("study.toml", *bytes)
    };
    let mut cases: Vec<Case> = WHOLE.iter().map(whole).collect();
    cases.extend(EDITS.iter().map(|(from, to, says)| Case::edit("study.toml", from, to, &[says])));
    let section = |(section, says): &(&str, &str)| {
        Case::edit("study.toml", "sites = \"sites.csv\"\n", &format!("sites = \"sites.csv\"\n{section}\n"), &[says])
    };
    cases.extend(SECTIONS.iter().map(section));
    for (name, deep) in [
        ("lists in lists", format!("a = {}{}\n", "[".repeat(50_000), "]".repeat(50_000))),
        ("tables in tables", format!("a = {}1{}\n", "{ a = ".repeat(50_000), " }".repeat(50_000))),
        ("a long dotted key", format!("{}a = 1\n", "a.".repeat(50_000))),
        ("a long header", format!("[{}a]\n", "a.".repeat(50_000))),
    ] {
        cases.push(Case::study(name, &["study.toml"]).with("study.toml", deep));
    }
    let many: String = (0..20_000).map(|i| format!("k{i} = 1\n")).collect();
    cases.push(
        Case::study("many unknown keys", &["k0: is no key of the study file", "has more than 100 faults"])
            .with("study.toml", many),
    );
    let long = format!("name = \"{}\"\n", "x".repeat(10_000_000));
    cases.push(Case::study("a text of 10 MB", &["inputs: is missing"]).with("study.toml", long));
    cases.push(
        Case::study("a folder for a study", &["study.toml: cannot be read: Is a directory"]).with_folder("study.toml"),
    );
    cases.push(
        Case::study("a folder for a table", &["villages.csv: cannot be read: Is a directory"])
            .with_folder("villages.csv"),
    );
    cases.push(Case::study("a folder for a raster", &["terrain.asc: "]).with_folder("terrain.asc"));
    let sections =
        "[service]\nsignal_threshold_dbm = { lte = -115.0 }\nfolding = 1\n[coverage]\nradius_km = { LTE = 900.0 }\n";
    let says = [
        "service.signal_threshold_dbm = \"lte\": is no key of this table; use GSM, UMTS, LTE, NR",
        "did you mean \"LTE\"?",
        "service.folding: is no key of the study file",
        "coverage.radius_km.LTE = \"900\": is outside 0.5 to 200 km",
    ];
    let sites = "sites = \"sites.csv\"\n";
    cases.push(Case::edit("study.toml", sites, &format!("{sites}{sections}"), &says));
    cases.push(Case::command("run nowhere.toml -o out", &["nowhere.toml: cannot be read"]));
    cases
}
