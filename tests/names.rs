//! Names without coordinates: a survey's list, a gazetteer, old and new communes, and what a person settles.

#![allow(clippy::unwrap_used)]

mod common;

use common::{SmallStudy, notspot, shared};
use geo::{Contains, InteriorPoint, Point};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

fn json(arguments: &[&str], study: &SmallStudy) -> (i32, Value) {
    let output = notspot().args(arguments).arg("--json").current_dir(study.folder.path()).output().unwrap();
    let code = output.status.code().unwrap();
    let value = serde_json::from_slice(&output.stdout);
    (code, value.unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&output.stderr).into_owned())))
}

/// What `notspot check` says, one line a problem, and its exit code.
fn check(study: &SmallStudy) -> (i32, String) {
    let output = notspot().args(["check", "study.toml"]).current_dir(study.folder.path()).output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

fn rows(path: &Path) -> Vec<BTreeMap<String, String>> {
    csv::Reader::from_path(path).unwrap().deserialize().map(Result::unwrap).collect()
}

fn with_survey(list: &str) -> SmallStudy {
    let study = SmallStudy::new();
    study.write("dark.csv", list);
    study.edit("study.toml", "[inputs]", "[inputs]\nsurvey = \"dark.csv\"");
    study
}

#[test]
fn what_the_survey_states_outranks_the_villages_table() {
    let study = with_survey(
        "STT,village_name,xa,reported_signal,has_electricity,population\n1,Bản Tây,Một,no,,500\n2,ban dong,xa mot,no,yes,\n",
    );
    let (code, summary) = json(&["gaps", "study.toml", "-o", "out"], &study);
    assert_eq!(code, 0, "{summary}");
    assert_eq!(summary["signal"]["gap_villages"], 3, "V1 is on the list, V2 and V3 were dark before");
    let villages = rows(&study.path("out/villages.csv"));
    let of = |field: &str| villages.iter().map(|v| v[field].as_str()).collect::<Vec<_>>();
    assert_eq!(of("survey_match"), ["exact", "accents", ""]);
    assert_eq!(of("signal_surveyed"), ["no", "no", "no"]);
    assert_eq!(of("population"), ["500", "300", "200"]);
    let (code, text) = check(&study);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("dark.csv, reported_signal: 1 answer(s) contradict the villages' table"), "{text}");
    assert!(text.contains("V1 has reported_signal yes in the villages' table, no here"), "{text}");
    assert!(text.contains("2 of 2 name(s) were matched: 1 exact, 1 accents"), "{text}");
}

#[test]
fn a_list_without_answers_is_a_list_of_the_dark_ones_and_says_so() {
    let study = with_survey("name,commune\nBản Tây,Xã Một\nBản Tây,Xã Một\n");
    let (code, text) = check(&study);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("2 row(s) are taken as villages without signal"), "{text}");
    assert!(
        text.contains("1 row(s) repeat an earlier one and were left out (row 3: \"Bản Tây\" as in row 2)"),
        "{text}"
    );
    study.edit("study.toml", "survey =", "survey_lists = \"no_broadband\"\nsurvey =");
    let (code, summary) = json(&["gaps", "study.toml", "-o", "out"], &study);
    assert_eq!(code, 0, "{summary}");
    let village = &rows(&study.path("out/villages.csv"))[0];
    assert_eq!((village["signal_surveyed"].as_str(), village["broadband_surveyed"].as_str()), ("yes", "no"));
}

#[test]
fn what_is_not_matched_stops_the_study_until_a_person_settles_it() {
    let study = with_survey("name,commune\nBản Tây,Xã Một\nXóm Lạ,Xã Một\nBản Đồng,Xã Hai\nĐông,\n");
    let (code, text) = check(&study);
    assert_eq!(code, 2, "{text}");
    assert!(text.contains("dark.csv, row 3, name = \"Xóm Lạ\": matches no village in commune \"Xã Một\""), "{text}");
    assert!(text.contains("3 name(s) have to be settled by a person"), "{text}");
    assert!(text.contains("candidates: V2 Bản Đông (Xã Một)"), "{text}");
    let (code, matches) = json(&["match", "study.toml", "-o", "matches.csv"], &study);
    assert_eq!(code, 0, "{matches}");
    assert_eq!(matches["schema"], "notspot/matches/1");
    assert_eq!(matches["rows"][3]["match"], "exact");
    let written = std::fs::read_to_string(study.path("matches.csv")).unwrap();
    assert!(written.starts_with("\u{feff}list,row,id,name,commune,district,match,found_id"), "{written}");

    let settle = |name: &str, say: &str| {
        let line = written.lines().find(|l| l.contains(name)).unwrap();
        format!("{line}{say}")
    };
    let header = written.lines().next().unwrap();
    let edited = [header, &settle("Xóm Lạ", "ignore"), &settle("Bản Đồng", "V2"), &settle(",Đông", "V2")].join("\n");
    study.write("settled.csv", &edited);
    study.edit("study.toml", "survey =", "name_matches = \"settled.csv\"\nsurvey =");
    let (code, text) = check(&study);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("3 of 4 name(s) were matched: 1 exact, 2 settled, 1 ignored"), "{text}");
    // What is settled is kept when the table is written again, and another file is not overwritten.
    let (code, _) = json(&["match", "study.toml", "-o", "settled.csv"], &study);
    assert_eq!(code, 0);
    let again = std::fs::read_to_string(study.path("settled.csv")).unwrap();
    assert_eq!(again.matches(",V2\n").count(), 2, "{again}");
    let (code, text) = json(&["match", "study.toml", "-o", "dark.csv"], &study);
    assert_eq!(code, 2, "{text}");
    study.edit("settled.csv", ",V2\n", ",V22\n");
    let (code, text) = check(&study);
    assert_eq!(code, 2, "{text}");
    assert!(text.contains("settle = \"V22\": is the id of no village; an id or ignore is allowed"), "{text}");
}

#[test]
fn villages_without_coordinates_get_them_from_a_gazetteer() {
    let study = SmallStudy::new();
    study.edit("villages.csv", ",106.058,22.550,", ",,,");
    let (code, text) = check(&study);
    assert_eq!(code, 2, "{text}");
    study.write(
        "places.csv",
        "name,commune,lon,lat\nĐông,Một,106.058,22.550\nĐông,Hai,106.07,22.55\n,Hai,106.07,22.55\n",
    );
    study.edit("study.toml", "[inputs]", "[inputs]\ngazetteer = \"places.csv\"");
    let (code, summary) = json(&["gaps", "study.toml", "-o", "out"], &study);
    assert_eq!(code, 0, "{summary}");
    let village = &rows(&study.path("out/villages.csv"))[1];
    assert_eq!((village["lon"].as_str(), village["place_match"].as_str()), ("106.058000", "variant"));
    study.write("places.csv", "name,commune,lon,lat\nTây,Một,106.058,22.550\n");
    let (code, text) = check(&study);
    assert_eq!(code, 2, "{text}");
    assert!(text.contains("villages.csv, row 3, name = \"Bản Đông\": matches no place of the gazetteer"), "{text}");
    study.write("settled.csv", "list,id,name,commune,settle\nvillages,V2,Bản Đông,Xã Một,ignore\nsurvey,,Lạ,,ignore\n");
    study.edit("study.toml", "gazetteer =", "name_matches = \"settled.csv\"\ngazetteer =");
    let (code, summary) = json(&["gaps", "study.toml", "-o", "out"], &study);
    assert_eq!(code, 0, "{summary}");
    assert_eq!(summary["villages"], 2);
    let (_, text) = check(&study);
    assert!(text.contains("1 settled name(s) stand in no list and were not used, the first in row 3"), "{text}");
}

#[test]
fn old_communes_become_those_of_today_and_areas_decide() {
    let study = SmallStudy::new();
    let square = |name: &str, west: f64| {
        format!(
            "{{\"type\":\"Feature\",\"properties\":{{\"name\":\"{name}\"}},\"geometry\":{{\"type\":\"Polygon\",\"coordinates\":\
             [[[{west},22.5],[{e},22.5],[{e},22.6],[{west},22.6],[{west},22.5]]]}}}}",
            e = west + 0.05
        )
    };
    let areas = format!(
        "{{\"type\":\"FeatureCollection\",\"features\":[{},{}]}}",
        square("Tây Sơn", 106.0),
        square("Đông Sơn", 106.05)
    );
    study.write("communes.geojson", &areas);
    study.write(
        "mapping.csv",
        "old_name,old_district,new_name\nXã Một,Huyện A,Xã Tây Sơn\nXã Một,Huyện B,Xã Đông Sơn\nXã Hai,,Tây Sơn\n",
    );
    study.edit(
        "study.toml",
        "[inputs]",
        "[inputs]\ncommunes = \"communes.geojson\"\ncommune_mapping = \"mapping.csv\"\nsurvey = \"dark.csv\"\nsurvey_lists = \"no_signal\"",
    );
    study.write(
        "dark.csv",
        "name,commune,district\nTây,xã một,A\nBản Đông,Xã Một,Huyện B\nXóm <b>Khuổi</b>, & bạn,Đông Son,\n"
            .replace("Xóm <b>Khuổi</b>, & bạn", "\"Xóm <b>Khuổi</b>, & bạn\"")
            .as_str(),
    );
    let (code, summary) = json(&["gaps", "study.toml", "-o", "out"], &study);
    assert_eq!(code, 0, "{summary}");
    let villages = rows(&study.path("out/villages.csv"));
    let of = |field: &str| villages.iter().map(|v| v[field].as_str()).collect::<Vec<_>>();
    assert_eq!(of("commune"), ["Tây Sơn", "Đông Sơn", "Đông Sơn"]);
    assert_eq!(of("commune_stated"), ["Xã Một", "Xã Một", "Xã Hai"]);
    assert_eq!(of("survey_match"), ["variant", "exact", "exact"]);
    let (_, text) = check(&study);
    let contradiction = "1 village(s) lie in another commune than stated; where they lie was taken (row 4: V3 is said to be in Xã Hai and lies in Đông Sơn)";
    assert!(text.contains(contradiction), "{text}");
    study.edit("villages.csv", "Xã Hai", "Xã Ba");
    study.edit("mapping.csv", ",Tây Sơn", ",Tây Sin");
    let (code, text) = check(&study);
    assert_eq!(code, 2);
    assert!(
        text.contains(
            "mapping.csv, row 4, new_name = \"Tây Sin\": is no commune of the communes layer; did you mean \"Tây Sơn\"?"
        ),
        "{text}"
    );
    assert!(
        text.contains(
            "1 name(s) of communes are neither in the layer of communes nor in the mapping (row 4: \"Xã Ba\""
        ),
        "{text}"
    );
}

#[test]
fn the_mapping_of_cao_bang_leads_from_161_communes_to_the_56_of_today() {
    let mapping = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/communes/cao_bang_2025.csv");
    let list = rows(&mapping);
    assert_eq!(list.len(), 161);
    assert_eq!(list.iter().map(|r| &r["new_name"]).collect::<std::collections::BTreeSet<_>>().len(), 56);
    let Some(communes) = shared("data/boundaries/cao_bang_2025_56_communes.geojson") else { return };
    let study = SmallStudy::new();
    study.edit("study.toml", "[inputs]", &format!("[inputs]\ncommunes = {communes:?}\ncommune_mapping = {mapping:?}"));
    study.edit("study.toml", "terrain.asc", &common::demo().join("terrain.tif").display().to_string());
    // An old name without marks, one that three districts had, and one that is old here and new elsewhere; then a grid.
    let areas = notspot::study::load(&study.path("study.toml")).unwrap().communes;
    let inside = |name: &str| areas.iter().find(|c| c.name == name).unwrap().area.interior_point().unwrap();
    let mut table = String::from("id,name,commune,district,lon,lat\n");
    let stated = [
        ("truong luong", "", "Minh Tâm"),
        ("Xã Hưng Đạo", "", "Tam Kim"),
        ("Hưng Đạo", "Thành phố Cao Bằng", "Thục Phán"),
        ("Quang Trung", "Hoà An", "Nguyễn Huệ"),
    ];
    for (i, (old, district, today)) in stated.iter().enumerate() {
        let point = inside(today);
        table += &format!("S{i},A,{old},{district},{},{}\n", point.x(), point.y());
    }
    for i in 0..400 {
        let (lon, lat) = (105.3 + f64::from(i % 20) * 0.075, 22.38 + f64::from(i / 20) * 0.036);
        table += &format!("G{i},B,,,{lon},{lat}\n");
    }
    study.write("villages.csv", &table);
    let loaded = notspot::study::load(&study.path("study.toml")).unwrap();
    for (village, (_, _, today)) in loaded.villages.iter().zip(stated) {
        assert_eq!(village.commune, today);
    }
    let grid = &loaded.villages[stated.len()..];
    for village in grid {
        let point = Point::new(village.position.lon_deg, village.position.lat_deg);
        let expected = areas.iter().find(|c| c.area.contains(&point)).map_or("", |c| c.name.as_str());
        assert_eq!(village.commune, expected, "{point:?}");
    }
    let joined = grid.iter().filter(|v| !v.commune.is_empty()).count();
    assert!((150..350).contains(&joined), "{joined}");
    let says = |text: &str| loaded.warnings.iter().any(|w| w.message.contains(text));
    assert!(
        says(&format!("{joined} village(s) without a commune got the one that they lie in")),
        "{:#?}",
        loaded.warnings
    );
    assert!(says(&format!("{} village(s) lie in no commune of the layer", grid.len() - joined)));
    assert!(!says("neither in the layer") && !says("lie in another commune"), "{:#?}", loaded.warnings);
}

/// Random numbers, the same everywhere (splitmix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % n as u64) as usize
    }

    fn percent(&mut self, p: usize) -> bool {
        self.below(100) < p
    }
}

fn without_marks(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let plain = text.nfd().filter(|c| !unicode_normalization::char::is_combining_mark(*c));
    plain
        .map(|c| match c {
            'đ' => 'd',
            'Đ' => 'D',
            c => c,
        })
        .collect()
}

/// Writes a name as somebody else might: see docs/matching.md for the list of changes and how often each is made.
fn as_others_write_it(name: &str, dice: &mut Dice) -> String {
    let (kind, mut stem) = match name.strip_prefix("Tổ dân phố ") {
        Some(number) => ("Tổ dân phố", number.to_owned()),
        None => name.split_once(' ').map(|(kind, stem)| (kind, stem.to_owned())).unwrap(),
    };
    let is_number = stem.starts_with(|c: char| c.is_ascii_digit());
    if dice.percent(8) {
        for (from, to) in
            [("Phja", "Phia"), ("Pác", "Bác"), ("Sl", "S"), ("oo", "o"), ("Kéo", "Cẹo"), ("Lũng", "Lủng"), ("Nà", "Ná")]
        {
            if stem.contains(from) {
                stem = stem.replacen(from, to, 1);
                break;
            }
        }
    }
    if dice.percent(6) && !is_number {
        let letters: Vec<char> = stem.chars().collect();
        let at = dice.below(letters.len() - 1);
        let (mut changed, alphabet) = (letters.clone(), ['a', 'e', 'h', 'n', 't', 'u']);
        match dice.below(4) {
            0 => drop(changed.remove(at)),
            1 => changed.insert(at, letters[at]),
            2 => changed.swap(at, at + 1),
            _ => changed[at] = alphabet[dice.below(alphabet.len())],
        }
        stem = changed.into_iter().collect();
    }
    let kind = match (dice.below(100), kind) {
        (0..15, kind) if !is_number || kind != "Tổ dân phố" => String::new(),
        (15..25, "Tổ dân phố") => "TDP".into(),
        (15..25, "Xóm") => "X.".into(),
        (25..33, "Xóm") => "Thôn".into(),
        (25..33, "Thôn") => "Xóm".into(),
        (_, kind) => kind.into(),
    };
    let mut name = format!("{kind} {stem}").trim().to_owned();
    match dice.below(100) {
        0..15 => name = without_marks(&name),
        15..25 => {
            let words: Vec<&str> = name.split(' ').collect();
            let at = dice.below(words.len());
            let plain = |(i, word): (usize, &&str)| if i == at { without_marks(word) } else { (*word).to_owned() };
            name = words.iter().enumerate().map(plain).collect::<Vec<_>>().join(" ");
        }
        25..40 => {
            use unicode_normalization::UnicodeNormalization;
            name = name.nfd().collect();
        }
        40..45 => name = name.to_uppercase(),
        _ => {}
    }
    name
}

/// How a quality did: rows, and how many of them mean the right village.
#[derive(Default)]
struct Score(usize, usize);

/// Precision of each quality, recall, and the share of rows that are not in the layer and were matched all the same.
struct Evaluation {
    precision: BTreeMap<String, f64>,
    recall: f64,
    false_matches: f64,
}

/// Matches lists made from the demo's villages in five random ways; the communes are put together to so many.
fn evaluate(communes: usize) -> Evaluation {
    let mut villages = rows(&common::demo().join("villages.csv"));
    let names: std::collections::BTreeSet<String> = villages.iter().map(|v| v["commune"].clone()).collect();
    let names: Vec<String> = names.into_iter().collect();
    for village in &mut villages {
        let number = names.iter().position(|n| *n == village["commune"]).unwrap();
        village.insert("commune".into(), names[number % communes].clone());
    }
    // No two villages of a commune have the same name.
    let mut taken = std::collections::BTreeSet::new();
    villages.retain(|v| taken.insert((v["commune"].clone(), v["name"].clone())));
    let mut scores: BTreeMap<String, Score> = BTreeMap::new();
    let (mut there, mut right, mut gone, mut gone_matched) = (0_u32, 0_u32, 0_u32, 0_u32);
    for seed in 1..=5 {
        let mut dice = Dice(seed);
        let study = SmallStudy::new();
        let mut mapping = String::from("old_name,old_district,new_name\n");
        let mut layer = String::from("id,name,commune,lon,lat,population\n");
        let mut list = String::from("id,name,commune\n");
        let mut is_there = BTreeMap::new();
        let mut old_names = BTreeMap::new();
        for village in &villages {
            let (id, name, commune) = (&village["id"], &village["name"], &village["commune"]);
            let old: &Vec<String> = old_names.entry(commune.clone()).or_insert_with(|| {
                let names = ["Thượng", "Hạ"].map(|part| format!("{commune} {part}"));
                names.iter().for_each(|old| mapping += &format!("Xã {old},Huyện Cũ,{commune}\n"));
                names.into()
            });
            is_there.insert(id.clone(), !dice.percent(8));
            if is_there[id] {
                layer += &format!("{id},{name},{commune},{},{},100\n", village["lon"], village["lat"]);
            }
            let commune = if dice.percent(40) { &old[dice.below(2)] } else { commune };
            let commune = if dice.percent(20) { without_marks(commune) } else { commune.clone() };
            list += &format!("{id},{},{commune}\n", as_others_write_it(name, &mut dice));
        }
        study.write("villages.csv", &layer);
        study.write("dark.csv", &list);
        study.write("mapping.csv", &mapping);
        study.edit("study.toml", "[inputs]", "[inputs]\nsurvey = \"dark.csv\"\ncommune_mapping = \"mapping.csv\"");
        let matches = notspot::study::match_names(&study.path("study.toml")).unwrap();
        assert_eq!(matches.rows.len(), villages.len());
        for row in &matches.rows {
            let score = scores.entry(row.result.name().to_owned()).or_default();
            let is_right = row.found.as_ref().is_some_and(|found| found.id == row.id);
            score.0 += 1;
            score.1 += usize::from(is_right);
            if is_there[&row.id] {
                there += 1;
                right += u32::from(is_right);
            } else {
                gone += 1;
                gone_matched += u32::from(row.found.is_some());
            }
        }
    }
    for (quality, Score(all, right)) in &scores {
        eprintln!("{quality:10} {all:5} rows, {right:5} right, {:.2} %", 100.0 * *right as f64 / *all as f64);
    }
    eprintln!(
        "{there} rows in the layer, {right} matched to the right village: {:.2} %",
        100.0 * f64::from(right) / f64::from(there)
    );
    eprintln!("{gone} rows not in the layer, {gone_matched} matched all the same");
    Evaluation {
        precision: scores
            .into_iter()
            .map(|(quality, Score(all, right))| (quality, right as f64 / all as f64))
            .collect(),
        recall: f64::from(right) / f64::from(there),
        false_matches: f64::from(gone_matched) / f64::from(gone),
    }
}

#[test]
fn matches_are_right_as_often_as_the_documentation_says() {
    for (communes, least_recall, most_false, least) in [
        (56, 0.99, 0.005, [("exact", 1.0), ("accents", 0.998), ("variant", 0.998), ("fuzzy", 0.99)]),
        // So dense that a wrong word for the kind of place can give the very name of another village.
        (6, 0.97, 0.02, [("exact", 0.999), ("accents", 0.998), ("variant", 0.99), ("fuzzy", 0.98)]),
    ] {
        eprintln!("{communes} communes, {} villages each", 1462 / communes);
        let found = evaluate(communes);
        for (quality, least) in least {
            assert!(found.precision[quality] >= least, "{communes}: {quality} {}", found.precision[quality]);
        }
        assert!(found.recall >= least_recall, "{communes}: {}", found.recall);
        assert!(found.false_matches <= most_false, "{communes}: {}", found.false_matches);
    }
}
