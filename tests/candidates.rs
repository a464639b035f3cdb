//! Where sites could be built and whom they would serve, on a small study.

#![allow(clippy::unwrap_used)]

mod common;

use common::{SmallStudy, notspot};
use notspot::coverage::{Network, Receptions};
use notspot::io::CacheFolder;
use notspot::planning::{Candidate, CoverageMatrix, Covered, Origin, Sites, coverage_matrix, find_sites};
use notspot::progress::Progress;
use notspot::study::{self, Study};

fn load(small: &SmallStudy) -> Study {
    study::load(&small.path("study.toml")).unwrap_or_else(|problems| panic!("{problems}"))
}

/// V2 and V3, behind the ridge.
const DARK: [usize; 2] = [1, 2];

fn sites(study: &Study, dark: &[usize]) -> Sites {
    find_sites(study, dark, None, &Progress::default()).unwrap()
}

fn with_planning(text: &str) -> SmallStudy {
    let small = SmallStudy::new();
    small.edit("study.toml", "[inputs]", &format!("{text}\n[inputs]"));
    small
}

fn covered(matrix: &CoverageMatrix, candidate: usize, village: u32) -> Option<Covered> {
    let mut of = matrix.of_candidate(candidate).iter().flat_map(|row| &row.villages);
    of.find(|covered| covered.village == village).copied()
}

#[test]
fn places_of_every_kind_are_found() {
    let small = SmallStudy::new();
    let study = load(&small);
    let Sites { candidates, matrix } = sites(&study, &DARK);
    let count = |origin: fn(&Origin) -> bool| candidates.iter().filter(|c| origin(&c.origin)).count();
    assert!(count(|o| *o == Origin::Hilltop) > 0);
    assert!(count(|o| *o == Origin::BesideVillage) > 0);
    // the only site serves neither village over the ridge, so that more cells there are no candidate
    assert_eq!(count(|o| o.standing_site().is_some()), 0);
    assert!(candidates.iter().all(|c| c.slope_deg.is_none_or(|slope_deg| slope_deg <= 35.0)));
    for (index, candidate) in candidates.iter().enumerate() {
        let serves = matrix.of_candidate(index).iter().any(|row| matrix.served(row).next().is_some());
        assert_eq!(serves, candidate.origin != Origin::Relay, "{}", candidate.id);
    }
}

#[test]
fn steep_ground_is_left_out() {
    let small = with_planning("[planning.candidates]\nmax_slope_deg = 3.0\nrelays = 0");
    let study = load(&small);
    let kept = sites(&study, &DARK).candidates;
    assert!(!kept.is_empty());
    assert!(kept.iter().all(|c| c.slope_deg.is_none_or(|slope_deg| slope_deg <= 3.0)));
    // the flanks of the ridge rise by up to 62 m over 103 m: 31°
    let steepest = |c: &[Candidate]| c.iter().filter_map(|c| c.slope_deg).fold(0.0, f64::max);
    let all = sites(&load(&SmallStudy::new()), &DARK).candidates;
    assert!(steepest(&all) > 3.0, "{}", steepest(&all));
}

const EAST: &str = r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"Rừng đặc dụng"},
    "geometry":{"type":"Polygon","coordinates":[[[106.055,22.4],[106.2,22.4],[106.2,22.7],[106.055,22.7],[106.055,22.4]]]}}]}"#;

#[test]
fn nothing_is_built_on_excluded_land() {
    let small = SmallStudy::new();
    small.write("exclusions.geojson", EAST);
    small.edit("study.toml", "[inputs]", "[inputs]\nexclusions = \"exclusions.geojson\"");
    let kept = sites(&load(&small), &DARK).candidates;
    assert!(!kept.is_empty() && kept.iter().all(|c| c.position.lon_deg < 106.0555), "{kept:?}");
    let before = sites(&load(&SmallStudy::new()), &DARK).candidates;
    assert!(before.iter().any(|c| c.position.lon_deg > 106.056));

    // of given candidates those with a mast that stands stay
    small.write(
        "candidates.csv",
        "id,lat,lon,existing_tower\nX1,22.55,106.06,no\nX2,22.55,106.061,yes\nX3,22.55,106.05,\n",
    );
    small.edit("study.toml", "[inputs]", "[inputs]\ncandidates = \"candidates.csv\"");
    let study = load(&small);
    let ids: Vec<&str> = study.candidates.iter().flatten().map(|c| c.id.as_str()).collect();
    assert_eq!(ids, ["X2", "X3"]);
    assert!(study.warnings.to_string().contains("candidate \"X1\" lies in inputs.exclusions and is left out"));
}

#[test]
fn exclusions_that_cover_everything_leave_no_plan_and_say_so() {
    let small = SmallStudy::new();
    small.write("exclusions.geojson", &EAST.replace("106.055", "105.9"));
    let inputs = "[planning.fallback]\nwhen = \"never\"\n[inputs]\nexclusions = \"exclusions.geojson\"";
    small.edit("study.toml", "[inputs]", inputs);
    let output = notspot().arg("plan").arg(small.path("study.toml")).arg("-o").arg(small.path("out")).output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{stderr}");
    assert!(stderr.contains("no place for a new site is left"), "{stderr}");
    assert!(stderr.contains("lie in inputs.exclusions"), "{stderr}");
}

#[test]
fn given_candidates_keep_what_is_stated_of_them() {
    let small = SmallStudy::new();
    let table = "id,lat,lon,height_m,cost,power,owner,existing_tower\n\
                 X1,22.55,106.058,30,,grid,VNPT,yes\nX2,22.55,106.059,,700,Điện mặt trời,,không\nX3,22.55,106.060,,,,,\n";
    small.write("candidates.csv", table);
    small.edit(
        "study.toml",
        "[inputs]",
        "[planning.new_site]\nheight_m = 42.0\nheights_m = [20.0]\n[inputs]\ncandidates = \"candidates.csv\"",
    );
    let study = load(&small);
    let Sites { candidates, .. } = sites(&study, &DARK);
    let of = |id: &str| candidates.iter().find(|c| c.id == id).unwrap();
    let first = of("X1");
    assert_eq!((first.height_agl_m, first.has_mast, first.owner.as_deref()), (30.0, true, Some("VNPT")));
    assert_eq!(first.power, Some(study::SitePower::Grid));
    assert_eq!(first.cost.mast, 250.0, "no mast is built");
    // X2 and X3 may be built at both heights, of which one is
    let (low, high) = (of("X2-20m"), of("X2-42m"));
    assert_eq!((low.place, low.cost.total(), low.power), (high.place, 700.0, Some(study::SitePower::Solar)));
    assert!(of("X3-20m").place != low.place && !low.has_mast);
    assert_eq!(of("X3-20m").cost.mast, 350.0, "250 and 20 m of mast at 5");
    small.edit("candidates.csv", "grid", "gird");
    let Err(problems) = study::load(&small.path("study.toml")) else { panic!("gird is no source of power") };
    assert!(
        problems.to_string().contains("candidates.csv, row 2, power = \"gird\": is no source of power"),
        "{problems}"
    );
}

const TWO: &str = "[[planning.configurations]]\nname = \"omni\"\ncells = [{ technology = \"LTE\", frequency_mhz = 900.0, bandwidth_mhz = 10.0, eirp_dbm = 45.0 }]\n\
    [[planning.configurations]]\nname = \"two sectors\"\nsectors = 2\ncost_million_vnd = 90.0\nheights_m = [25.0, 50.0]\n\
    cells = [{ technology = \"LTE\", frequency_mhz = 900.0, bandwidth_mhz = 10.0, eirp_dbm = 58.0 }]";

#[test]
fn rows_depend_neither_on_the_order_of_candidates_nor_on_threads() {
    let study = load(&with_planning(TWO));
    let candidates = sites(&study, &DARK).candidates;
    assert!(candidates.len() > 10);
    let matrix = |candidates: &[Candidate], threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| coverage_matrix(&study, candidates, &DARK, None, &Progress::default())).unwrap()
    };
    let one = matrix(&candidates, 1);
    assert_eq!(one, matrix(&candidates, 4));
    assert!(one.rows.iter().any(|row| row.sectors.len() == 2 || row.sectors.len() == 1));
    assert!(one.rows.iter().filter(|row| row.configuration == 0).all(|row| row.sectors.is_empty()));
    let mut turned = candidates.clone();
    turned.reverse();
    let other = matrix(&turned, 2);
    for (index, candidate) in candidates.iter().enumerate() {
        let there = turned.iter().position(|c| c.id == candidate.id).unwrap();
        let (a, b) = (one.of_candidate(index), other.of_candidate(there));
        assert_eq!(a.len(), candidate.configurations.len());
        for (a, b) in a.iter().zip(b) {
            assert_eq!((a.configuration, &a.sectors, &a.villages), (b.configuration, &b.sectors, &b.villages));
        }
    }
    // the heights of the one configuration and of the other: 42 m, and 25 and 50 m
    let heights =
        |id: &str| candidates.iter().filter(|c| c.id.starts_with(id)).map(|c| c.height_agl_m).collect::<Vec<_>>();
    let place = candidates[0].id.split('-').next().unwrap();
    assert!(heights(&format!("{place}-")).iter().all(|m| [25.0, 42.0, 50.0].contains(m)));
}

#[test]
fn a_higher_required_probability_never_serves_more() {
    let mut study = load(&with_planning(TWO));
    let candidates = sites(&study, &DARK).candidates;
    let mut before: Option<Vec<Vec<u32>>> = None;
    for required in [0.5, 0.7, 0.9, 0.99] {
        study.config.planning.required_probability = Some(required);
        let matrix = coverage_matrix(&study, &candidates, &DARK, None, &Progress::default()).unwrap();
        // without sectors, which turn to what is required
        let rows = matrix.rows.iter().filter(|row| row.configuration == 0);
        let served: Vec<Vec<u32>> = rows.map(|row| matrix.served(row).collect()).collect();
        if let Some(before) = before {
            assert!(served.iter().zip(&before).all(|(now, then)| now.iter().all(|village| then.contains(village))));
        }
        before = Some(served);
    }
}

#[test]
fn cells_on_the_same_carrier_disturb_new_broadband() {
    // S1's LTE on 1800 MHz has the way to V1 free. A new site beside V1 on the same carrier is disturbed by it, one on 1830 MHz is not.
    let study_with = |frequency_mhz: f64, technology: &str| {
        let small = SmallStudy::new();
        small.write("candidates.csv", "id,lat,lon,height_m\nX1,22.55,106.034,20\n");
        let planning = format!(
            "[service]\nbroadband_down_mbps = {{ LTE = 5.0, NR = 5.0 }}\nshadowing_sigma_db = 7.0\n\
             [planning]\nservice = \"broadband\"\n[planning.new_site]\n\
             cells = [{{ technology = \"{technology}\", frequency_mhz = {frequency_mhz:.1}, bandwidth_mhz = 20.0, eirp_dbm = 50.0 }}]\n"
        );
        small.edit("study.toml", "[inputs]", &format!("{planning}[inputs]\ncandidates = \"candidates.csv\""));
        small
    };
    let at_v1 = |small: &SmallStudy| {
        let study = load(small);
        let Sites { matrix, .. } = sites(&study, &[0]);
        (covered(&matrix, 0, 0), study)
    };
    let (alone, _) = at_v1(&study_with(1830.0, "LTE"));
    let (disturbed, study) = at_v1(&study_with(1800.0, "LTE"));
    let (half, _) = at_v1(&study_with(1810.0, "LTE"));
    let (nr, _) = at_v1(&study_with(1800.0, "NR"));
    let (alone, disturbed, half, nr) = (alone.unwrap(), disturbed.unwrap(), half.unwrap(), nr.unwrap());
    assert!(
        disturbed.margin_db < half.margin_db && half.margin_db < alone.margin_db,
        "{disturbed:?} {half:?} {alone:?}"
    );
    assert!(disturbed.probability < alone.probability);
    assert!(nr.margin_db > disturbed.margin_db, "another technology is no part of the carrier");
    // by hand: S over half of what S1 puts there and noise, less the SINR that 5 Mbit/s need
    let network = Network::of(&study);
    let receptions = Receptions::new(&study, &network);
    let reached = receptions.at(study.villages[0].position);
    let lte =
        reached.iter().find(|r| study.sites[0].cells[network.cells[r.cell].cell].frequency_mhz == 1800.0).unwrap();
    let budget = &network.cells[lte.cell].budget;
    let mw = |dbm: f64| 10f64.powf(dbm / 10.0);
    let sinr_db =
        f64::from(disturbed.level_dbm) - 10.0 * (0.5 * mw(lte.level_dbm.unwrap()) + mw(budget.noise_dbm)).log10();
    let needed_db = budget.needed_sinr_db(5.0).unwrap();
    assert!(
        (f64::from(disturbed.margin_db) - (sinr_db - needed_db)).abs() < 0.01,
        "{disturbed:?} {sinr_db} {needed_db}"
    );
}

#[test]
fn a_mast_that_the_survey_contradicts_is_not_credited_with_more_cells() {
    // V1 is said to have no signal, though S1's GSM (50 dBm, −100 dBm needed) is predicted to serve it. Whatever keeps that away costs the new
    // LTE on 900 MHz as much: 60 − 27.8 dBm at −115 dBm is 2.8 dB worse than GSM just failing.
    let small = with_planning(
        "[planning]\nrequired_probability = 0.5\n[planning.candidates]\ngenerate = false\nupgrades = true",
    );
    let upgrade = |small: &SmallStudy| {
        let study = load(small);
        let sites = sites(&study, &[0]);
        covered(&sites.matrix, 0, 0)
    };
    let credited = upgrade(&small).unwrap();
    assert!(credited.probability > 0.99, "the survey finds a signal at V1: {credited:?}");
    small.edit("villages.csv", "yes,yes,yes,80", "yes,no,yes,80");
    assert_eq!(upgrade(&small), None);
    // with 20 dB more the uplink decides: LTE has 23 − 3 + 15 dBm for a bearer of −174 + 10·log 360,000 + 5 + 1 − 7 = −119.44 dBm, and so 154.44 dB,
    // where GSM just fails at 50 − 3 + 100 = 147 dB
    small.edit(
        "study.toml",
        "[planning.candidates]",
        "[planning.new_site]\ncells = [{ technology = \"LTE\", frequency_mhz = 900.0, bandwidth_mhz = 10.0, eirp_dbm = 80.0 }]\n[planning.candidates]",
    );
    let strong = upgrade(&small).unwrap();
    assert!((strong.margin_db - 7.44).abs() < 0.01 && strong.margin_db < credited.margin_db, "{strong:?} {credited:?}");
    small.edit("study.toml", "[planning.new_site]", "[service]\nsurvey_wins = false\n[planning.new_site]");
    assert!(upgrade(&small).unwrap().probability > 0.99);
}

#[test]
fn the_best_are_kept_and_every_village_keeps_its_servers() {
    let few = load(&with_planning("[planning.candidates]\nmax_candidates = 1\nrelays = 0"));
    let all = load(&with_planning("[planning.candidates]\nrelays = 0"));
    let (few, all) = (sites(&few, &DARK), sites(&all, &DARK));
    assert!(few.candidates.len() < all.candidates.len());
    for village in 0..2 {
        let servers = |sites: &Sites| {
            let served = |c: &usize| {
                sites.matrix.of_candidate(*c).iter().any(|row| sites.matrix.served(row).any(|v| v == village))
            };
            (0..sites.candidates.len()).filter(served).count()
        };
        assert_eq!(servers(&few).min(10), servers(&all).min(10));
    }
    // kept ones have the rows that they had
    for (index, candidate) in few.candidates.iter().enumerate() {
        let there = all.candidates.iter().position(|c| c.id == candidate.id).unwrap();
        let villages = |sites: &Sites, c: usize| {
            sites.matrix.of_candidate(c).iter().map(|row| row.villages.clone()).collect::<Vec<_>>()
        };
        assert_eq!(villages(&few, index), villages(&all, there));
    }
}

#[test]
fn losses_that_are_kept_are_those_that_are_computed() {
    let study = load(&with_planning(TWO));
    let folder = tempfile::tempdir().unwrap();
    let cache = CacheFolder::new(folder.path().join("cache"), 1 << 24);
    let cold = find_sites(&study, &DARK, Some(&cache), &Progress::default()).unwrap();
    let kept = cache.entries().unwrap().len();
    assert_eq!(kept, DARK.len(), "one for each village");
    let warm = find_sites(&study, &DARK, Some(&cache), &Progress::default()).unwrap();
    assert!(cold == warm && cold == sites(&study, &DARK));
    assert_eq!(cache.entries().unwrap().len(), kept);
}

#[test]
fn one_operator_may_share_the_masts_of_others() {
    // B's GSM on S2, beside V1, serves V1; A has S1 alone, whose signal does not cross the ridge. For A also V2 and V3 are dark, for B only those.
    let small = SmallStudy::new();
    small.edit(
        "sites.csv",
        "S1,Operator A,22.550,106.020,30,LTE",
        "S2,Operator B,22.556,106.064,30,GSM,900,0.2,omni,0,50,active\nS1,Operator A,22.550,106.020,30,LTE",
    );
    small.edit("villages.csv", "yes,no,no,", "yes,yes,no,");
    let dark = |operator: &str| {
        small.write(
            "mine.toml",
            &std::fs::read_to_string(small.path("study.toml"))
                .unwrap()
                .replace("[inputs]", &format!("{operator}\n[inputs]")),
        );
        let study = study::load(&small.path("mine.toml")).unwrap();
        let services = notspot::service::assess(&study, &Progress::default()).unwrap();
        let dark = notspot::planning::dark_villages(&study, &services);
        (study, dark)
    };
    assert_eq!(dark("").1, [2], "V3, by the survey");
    assert_eq!(dark("[planning]\noperator = \"Operator B\"").1, [0, 2]);
    let (study, villages) = dark("[planning]\noperator = \"Operator A\"");
    assert_eq!(villages, [1, 2]);
    let Sites { candidates, matrix } = sites(&study, &villages);
    let shared = candidates.iter().position(|c| matches!(c.origin, Origin::Share { site: 1 })).unwrap();
    assert!(covered(&matrix, shared, 0).is_some(), "V2 lies 900 m from S2");
    assert!(
        candidates[shared].has_mast
            && candidates[shared].cost.total() == 0.0
            && candidates[shared].height_agl_m == 30.0
    );
    for (text, fault) in [
        ("operator = \"Operator C\"", "planning.operator = \"Operator C\": is no operator of the table of sites"),
        ("operator = \"Operator A\"\nservice = \"broadband\"", "broadband is not assessed by operator"),
    ] {
        small.write(
            "mine.toml",
            &std::fs::read_to_string(small.path("study.toml"))
                .unwrap()
                .replace("[inputs]", &format!("[planning]\n{text}\n[inputs]")),
        );
        let Err(problems) = study::load(&small.path("mine.toml")) else { panic!("{text}") };
        assert!(problems.to_string().contains(fault), "{problems}");
    }
}
