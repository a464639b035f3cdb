//! Covering instances of `notspot solve` and plans of `notspot verify`.

use super::case::Case;
use std::io::Write;

/// A sound instance.
const SOUND: &str = r#"{"schema":"notspot/instance/1","demands":[{"id":"v1","weight":3},{"id":"v2"}],"candidates":[{"id":"s1","cost":1,"covers":["v1"]},{"id":"s2","cost":2,"covers":["v1","v2"]}],"objective":{"minimize":"cost","cover":"all"}}"#;

/// The document as a whole, and what is said of it.
const WHOLE: &[(&[u8], &str)] = &[
    (b"", "is not a notspot/instance/1 document"),
    (b"{", "is not a notspot/instance/1 document"),
    (b"[]", "is not a notspot/instance/1 document"),
    (b"null", "is not a notspot/instance/1 document"),
    (b"{}", "missing field `demands`"),
    (b"id,cost\n1,2\n", "is not a notspot/instance/1 document"),
    (b"\xff\xfe{\x00}\x00", "is not UTF-8 text"),
    (b"\x1f\x8b", "is not a readable gzip file"),
    (b"\x1f\x8b\x08\x00garbage", "is not a readable gzip file"),
    (b"{\"demands\":[NaN]}", "line 1"),
];

/// A text of the sound instance, what takes its place, and what is said of it.
const EDITS: &[(&str, &str, &str)] = &[
    ("instance/1", "instance/2", "schema = \"notspot/instance/2\": must be \"notspot/instance/1\""),
    ("\"schema\":\"notspot/instance/1\",", "", "schema: is missing"),
    ("\"schema\"", "\"scheme\"", "unknown field `scheme`"),
    ("\"id\":\"v2\"", "\"id\":\"v1\"", "demands[1].id = \"v1\": must be named once"),
    ("\"id\":\"s2\"", "\"id\":\"s1\"", "candidates[1].id = \"s1\": must be named once"),
    ("\"id\":\"v2\"", "\"id\":\"\"", "demands[1].id = \"\": must not be empty"),
    ("\"id\":\"v2\"", "\"id\":2", "invalid type: integer"),
    ("\"weight\":3", "\"weight\":-3", "demands[0].weight = \"-3\": must be a finite number of 0 or more"),
    ("\"weight\":3", "\"weight\":\"3\"", "invalid type: string"),
    ("\"weight\":3", "\"weight\":null", "invalid type: null"),
    ("\"weight\":3", "\"weight\":NaN", "line 1"),
    ("\"weight\":3", "\"weight\":1e999", "number out of range"),
    ("\"cost\":2", "\"cost\":-2", "candidates[1].cost = \"-2\""),
    ("\"cost\":2", "\"cost\":Infinity", "line 1"),
    ("\"cost\":2,", "", "missing field `cost`"),
    ("\"cost\":2", "\"cost\":2,\"cost\":3", "duplicate field `cost`"),
    ("[\"v1\"]", "[\"v1\",\"v1\"]", "candidates[0].covers[1] = \"v1\": must be listed once"),
    ("[\"v1\"]", "[\"w1\"]", "candidates[0].covers[0] = \"w1\": must be the id of a demand"),
    ("[\"v1\"]", "\"v1\"", "invalid type: string"),
    ("\"objective\"", "\"fixed\":[\"s9\"],\"objective\"", "fixed[0] = \"s9\": must be the id of a candidate"),
    ("\"objective\"", "\"fixed\":[\"s1\",\"s1\"],\"objective\"", "fixed[1] = \"s1\": must be named once"),
    ("\"cost\",\"cover\":\"all\"", "\"cost\"", "objective"),
    ("\"cost\",\"cover\":\"all\"", "\"weight\",\"cover\":\"all\"", "objective"),
    ("{\"minimize\":\"cost\",\"cover\":\"all\"}", "{}", "objective"),
    ("{\"minimize\":\"cost\",\"cover\":\"all\"}", "null", "objective"),
    ("{\"minimize\":\"cost\",\"cover\":\"all\"}", "{\"maximize\":\"weight\"}", "objective"),
    ("{\"minimize\":\"cost\",\"cover\":\"all\"}", "{\"maximize\":\"weight\",\"max_sites\":-1}", "invalid value"),
    ("{\"minimize\":\"cost\",\"cover\":\"all\"}", "{\"maximize\":\"weight\",\"max_sites\":1.5}", "invalid type"),
    ("{\"minimize\":\"cost\",\"cover\":\"all\"}", "{\"maximize\":\"weight\",\"budget\":-1}", "budget = \"-1\""),
    (
        "{\"minimize\":\"cost\",\"cover\":\"all\"}",
        "{\"maximize\":\"weight\",\"budget\":1,\"max_sites\":1}",
        "objective",
    ),
    (
        "\"objective\"",
        "\"backhaul\":{\"roots\":[\"r\"],\"arcs\":[{\"from\":\"r\",\"to\":\"x\",\"cost\":1}]},\"objective\"",
        "backhaul.arcs[0].to = \"x\"",
    ),
    (
        "\"objective\"",
        "\"backhaul\":{\"roots\":[\"r\"],\"arcs\":[{\"from\":\"q\",\"to\":\"s1\",\"cost\":1}]},\"objective\"",
        "backhaul.arcs[0].from = \"q\"",
    ),
    (
        "\"objective\"",
        "\"backhaul\":{\"roots\":[\"r\"],\"arcs\":[{\"from\":\"r\",\"to\":\"s1\",\"cost\":-1}]},\"objective\"",
        "backhaul.arcs[0].cost = \"-1\"",
    ),
    (
        "\"objective\"",
        "\"backhaul\":{\"roots\":[\"r\"],\"arcs\":[{\"from\":\"r\",\"to\":\"s1\",\"cost\":1,\"hops\":2}]},\"objective\"",
        "backhaul.arcs[0].hops = \"2\": must be 1 for a hop or 0 for an attachment",
    ),
    (
        "\"objective\"",
        "\"backhaul\":{\"roots\":[\"r\"],\"arcs\":[{\"from\":\"r\",\"to\":\"s1\",\"cost\":1,\"hops\":0},{\"from\":\"s1\",\"to\":\"s2\",\"cost\":1}]},\"objective\"",
        "backhaul.arcs[1].from = \"s1\": must not be attached to a place by an arc of 0 hops",
    ),
    (
        "\"objective\"",
        "\"backhaul\":{\"roots\":[\"r\"],\"arcs\":[{\"from\":\"r\",\"to\":\"s1\",\"cost\":1,\"hops\":0},{\"from\":\"s2\",\"to\":\"s1\",\"cost\":1}]},\"objective\"",
        "backhaul.arcs[1].hops = \"1\": must be 0, as in another arc to the same candidate",
    ),
];

/// A plan, and what is said of it; a plan of the right shape that is wrong is exit code 1.
const PLANS: &[(&str, i32, &str)] = &[
    ("", 2, "plan.json: is not a plan"),
    ("[]", 2, "plan.json: is not a plan"),
    ("{}", 2, "missing field `chosen`"),
    ("{\"chosen\":\"s1\"}", 2, "plan.json: is not a plan"),
    ("{\"chosen\":[1]}", 2, "plan.json: is not a plan"),
    ("{\"chosen\":[\"s2\"],\"objective\":\"2\"}", 2, "plan.json: is not a plan"),
    ("{\"chosen\":[\"s2\"],\"objective\":1e999}", 2, "plan.json: is not a plan"),
    ("{\"chosen\":[\"s2\"]", 2, "plan.json: is not a plan"),
    ("{\"chosen\":[\"s9\"]}", 1, "\"s9\" is chosen but is not a candidate"),
    ("{\"chosen\":[\"s1\"]}", 1, "\"v2\" is not covered"),
    ("{\"chosen\":[\"s2\",\"s2\"]}", 1, "chosen 2 times"),
    ("{\"chosen\":[\"s2\"],\"objective\":1}", 1, "states an objective of 1, but its own is 2"),
    ("{\"chosen\":[\"s2\"],\"objective\":2,\"bound\":3}", 1, "the bound 3 contradicts the objective 2"),
    ("{\"status\":\"optimal\",\"chosen\":[\"s2\"],\"objective\":2,\"bound\":1}", 1, "is called optimal"),
    ("{\"status\":\"infeasible\",\"chosen\":[]}", 1, "there is no plan to check"),
    ("{\"chosen\":[\"s2\"],\"arcs\":[{\"from\":\"s1\",\"to\":\"s2\"}]}", 1, "arcs are chosen"),
    ("{\"chosen\":[\"s2\"],\"uncoverable\":[\"v1\"]}", 1, "\"v1\" is listed as uncoverable, but"),
    ("{\"chosen\":[\"s2\"],\"uncoverable\":[\"v9\"]}", 1, "\"v9\" is listed as uncoverable but is not a demand"),
];

fn gzip(text: &str) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    writer.write_all(text.as_bytes()).unwrap();
    writer.finish().unwrap()
}

pub(crate) fn cases() -> Vec<Case> {
    let solve = |name: String, bytes: Vec<u8>, says: &str| {
        Case { name, ..Case::command("solve i.json", &["i.json", says]) }.with("i.json", bytes)
    };
    let mut cases: Vec<Case> = Vec::new();
    for (bytes, says) in WHOLE {
        cases.push(solve(format!("instance {:?}", String::from_utf8_lossy(bytes)), bytes.to_vec(), says));
    }
    for (from, to, says) in EDITS {
        assert!(SOUND.contains(from), "{from}");
        cases.push(solve(format!("instance {from} → {to}"), SOUND.replacen(from, to, 1).into_bytes(), says));
    }
    for (plan, code, says) in PLANS {
        let case = Case::command("verify plan.json i.json", &[says]).code(*code);
        cases.push(Case { name: format!("plan {plan}"), ..case }.with("i.json", SOUND).with("plan.json", *plan));
    }
    let packed = gzip(SOUND);
    cases.push(solve("a truncated gzip".into(), packed[..packed.len() - 9].to_vec(), "is not a readable gzip file"));
    let mut flipped = packed.clone();
    flipped[packed.len() - 6] ^= 1;
    cases.push(solve("a gzip with a wrong checksum".into(), flipped, "is not a readable gzip file"));
    cases.push(solve("lists in lists".into(), "[".repeat(1_000_000).into_bytes(), "document"));
    let deep = SOUND.replace("\"v2\"}", &format!("\"v2\",\"x\":{}}}", "[".repeat(100_000)));
    cases.push(solve("deep nesting below a key".into(), deep.into_bytes(), "document"));
    let unknown: Vec<String> = (0..100_000).map(|i| format!("\"w{i}\"")).collect();
    let many = SOUND.replace("[\"v1\"]", &format!("[{}]", unknown.join(",")));
    cases.push(solve("100,000 unknown demands".into(), many.into_bytes(), "more faults are not listed"));
    cases.push(Case::command("solve nowhere.json", &["nowhere.json: cannot be read"]));
    cases.push(Case::command("solve .", &[".: cannot be read"]));
    cases.push(Case::command("solve -", &["-: is not a notspot/instance/1 document"]));
    cases.push(Case::command("verify nowhere.json i.json", &["nowhere.json: cannot be read"]).with("i.json", SOUND));
    cases.push(Case::command("verify i.json nowhere.json", &["i.json: is not a plan"]).with("i.json", SOUND));
    cases
}
