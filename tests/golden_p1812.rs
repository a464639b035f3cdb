//! The shared parts of Rec. ITU-R P.1812-8 against the validation set of ITU-R WP 3M: 19 profiles, 63 cases.
//!
//! Tolerance: 1e-6 (dB, m, km), and a unit in the tenth printed digit for quantities above a
//! thousand: the logs print ten.

#![allow(clippy::unwrap_used)]

mod common;

use notspot::propagation::diffraction::{DeltaBullington, Ends, SmoothMethod, delta_bullington};
use notspot::propagation::earth::{BETA0_EFFECTIVE_RADIUS_KM, free_space_loss_db, median_effective_radius_km};
use notspot::propagation::smooth_earth::{self, DiffractionHeights};
use notspot::propagation::spherical_earth::Wave;
use notspot::propagation::{Link, Model, Polarization, Profile, Radial, RadialReceiver, Trace, Zone};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

const TOLERANCE: f64 = 1e-6;
/// The sweep's formulas are in single precision.
const SWEEP_TOLERANCE_DB: f64 = 1e-3;

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/p1812")
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn profile_of(rows: impl Iterator<Item = (f64, f64, f64, Zone)>) -> Profile {
    let rows: Vec<_> = rows.collect();
    let column = |of: fn(&(f64, f64, f64, Zone)) -> f64| rows.iter().map(of).collect::<Vec<_>>();
    let zone = rows.iter().map(|r| r.3).collect();
    Profile::new(column(|r| r.0), column(|r| r.1), column(|r| r.2), zone).unwrap()
}

fn own_profile(name: &str) -> Profile {
    let text = read(&golden().join("profiles").join(format!("{name}.csv")));
    profile_of(text.lines().skip(1).map(|line| {
        let f: Vec<_> = line.split(',').collect();
        let number = |i: usize| f[i].parse::<f64>().unwrap();
        let zone = match f[3] {
            "sea" => Zone::Sea,
            "coastal" => Zone::Coastal,
            "inland" => Zone::Inland,
            other => panic!("{other}"),
        };
        (number(0), number(1), number(2), zone)
    }))
}

/// One case: the quantities of its log, by column.
struct Case {
    name: String,
    profile: Profile,
    polarization: Polarization,
    value: HashMap<String, f64>,
}

impl Case {
    fn get(&self, column: &str) -> f64 {
        *self.value.get(column).unwrap_or_else(|| panic!("{}: no column {column}", self.name))
    }

    fn check(&self, column: &str, got: f64) {
        let expected = self.get(column);
        let tolerance = TOLERANCE.max(expected.abs() * 1e-9);
        assert!((got - expected).abs() <= tolerance, "{} {column}: {got}, the log has {expected}", self.name);
    }

    fn link(&self) -> Link {
        Link {
            frequency_mhz: self.get("f_ghz") * 1000.0,
            polarization: self.polarization,
            tx_height_agl_m: self.get("h_tg_m"),
            rx_height_agl_m: self.get("h_rg_m"),
            path_center_latitude_deg: self.get("phi_deg"),
        }
    }

    fn smooth(&self) -> DiffractionHeights {
        let (d_km, h_amsl_m) = (self.profile.distance_km(), self.profile.terrain_amsl_m());
        let fit = smooth_earth::fit(d_km, h_amsl_m);
        self.check("h_st_m", fit.h_st_amsl_m);
        self.check("h_sr_m", fit.h_sr_amsl_m);
        let obstruction = smooth_earth::obstruction(d_km, h_amsl_m, self.get("h_ts_m"), self.get("h_rs_m"));
        let (h_0, h_n) = self.profile.terrain_at_ends_amsl_m();
        smooth_earth::diffraction_heights(fit, obstruction, h_0, h_n)
    }

    fn diffraction(&self, smooth: DiffractionHeights, a_p_km: f64) -> DeltaBullington {
        let wave =
            Wave { f_ghz: self.get("f_ghz"), polarization: self.polarization, omega: self.profile.sea_fraction() };
        let (h_ts_amsl_m, h_rs_amsl_m) = (self.get("h_ts_m"), self.get("h_rs_m"));
        delta_bullington(
            &self.profile,
            Ends { h_ts_amsl_m, h_rs_amsl_m, smooth },
            a_p_km,
            wave,
            SmoothMethod::Profile,
            &mut Trace::off(),
        )
    }
}

fn own_cases() -> Vec<Case> {
    let text = read(&golden().join("cases.csv"));
    let mut lines = text.lines();
    let header: Vec<_> = lines.next().unwrap().split(',').collect();
    lines
        .map(|line| {
            let row: HashMap<_, _> = header.iter().copied().zip(line.split(',')).collect();
            let value = row.iter().filter_map(|(k, v)| Some(((*k).to_owned(), v.parse().ok()?))).collect();
            let polarization = match row["polarization"] {
                "horizontal" => Polarization::Horizontal,
                "vertical" => Polarization::Vertical,
                other => panic!("{other}"),
            };
            Case { name: row["case"].into(), profile: own_profile(row["profile"]), polarization, value }
        })
        .collect()
}

#[test]
fn path_and_smooth_earth_heights_of_all_cases() {
    let cases = own_cases();
    assert_eq!(cases.len(), 63);
    for case in &cases {
        case.check("d_km", case.profile.path_length_km());
        case.check("omega", case.profile.sea_fraction());
        case.check("a_e_km", median_effective_radius_km(case.get("delta_n")));
        let (h_0, h_n) = case.profile.terrain_at_ends_amsl_m();
        case.check("h_ts_m", h_0 + case.get("h_tg_m"));
        case.check("h_rs_m", h_n + case.get("h_rg_m"));
        let smooth = case.smooth();
        case.check("h_std_m", smooth.h_std_amsl_m);
        case.check("h_srd_m", smooth.h_srd_amsl_m);
        case.check("h_t_smooth_m", case.get("h_ts_m") - smooth.h_std_amsl_m);
        case.check("h_r_smooth_m", case.get("h_rs_m") - smooth.h_srd_amsl_m);
    }
}

#[test]
fn free_space_of_all_cases() {
    for case in own_cases() {
        let (f_ghz, d_km) = (case.get("f_ghz"), case.get("d_km"));
        case.check("l_bfs_db", free_space_loss_db(f_ghz, d_km, case.get("h_ts_m"), case.get("h_rs_m")));
    }
}

#[test]
fn diffraction_at_the_radius_of_beta0_of_all_cases() {
    for case in own_cases() {
        let diffraction = case.diffraction(case.smooth(), BETA0_EFFECTIVE_RADIUS_KM);
        case.check("l_bulla_beta0_db", diffraction.l_bulla_db);
        case.check("l_bulls_beta0_db", diffraction.l_bulls_db);
        case.check("l_dsph_beta0_db", diffraction.l_dsph_db);
        case.check("l_dbeta_db", diffraction.l_d_db);
    }
}

#[test]
fn median_diffraction_of_all_cases() {
    for case in own_cases() {
        let a_e_km = median_effective_radius_km(case.get("delta_n"));
        case.check("l_d50_db", case.diffraction(case.smooth(), a_e_km).l_d_db);
    }
}

#[test]
fn the_models_of_the_registry_give_the_same() {
    for case in own_cases() {
        let mut parameters = serde_json::Map::new();
        parameters.insert("delta_n".into(), case.get("delta_n").into());
        let predict = |id, parameters| {
            Model::build(id, parameters).unwrap().predict(&case.link(), &case.profile, &mut Trace::off()).unwrap()
        };
        case.check("l_bd50_db", predict("delta-bullington", &parameters).loss_db);
        case.check("l_bfs_db", predict("free-space", &serde_json::Map::new()).loss_db);
    }
}

/// The whole Recommendation: final losses, and every intermediate quantity of the logs.
#[test]
fn p1812_of_all_cases() {
    for case in own_cases() {
        let parameters = serde_json::json!({
            "time_percent": case.get("p_percent"),
            "location_percent": case.get("p_l_percent"),
            "sigma_location_db": case.get("sigma_l_db"),
            "delta_n": case.get("delta_n"),
            "n0": case.get("n0"),
            "coast_distance_tx_km": case.get("d_ct_km"),
            "coast_distance_rx_km": case.get("d_cr_km"),
        });
        let model = Model::build("p1812", parameters.as_object().unwrap()).unwrap();
        let mut trace = Trace::on();
        let loss_db = model.predict(&case.link(), &case.profile, &mut trace).unwrap().loss_db;
        case.check("l_b_db", loss_db);
        let steps = trace.into_steps();
        for (symbol, column) in [
            ("d_tm", "d_tm_km"),
            ("d_lm", "d_lm_km"),
            ("beta_0", "beta0_percent"),
            ("d_lt", "d_lt_km"),
            ("d_lr", "d_lr_km"),
            ("theta_t", "theta_t_mrad"),
            ("theta_r", "theta_r_mrad"),
            ("theta", "theta_mrad"),
            ("h_te", "h_te_m"),
            ("h_re", "h_re_m"),
            ("h_m", "h_m_m"),
            ("L_b0p", "l_b0p_db"),
            ("L_b0beta", "l_b0beta_db"),
            ("L_d50", "l_d50_db"),
            ("L_dp", "l_dp_db"),
            ("L_bd50", "l_bd50_db"),
            ("F_i", "f_i"),
            ("F_j", "f_j"),
            ("F_k", "f_k"),
            ("L_minb0p", "l_minb0p_db"),
            ("L_ba", "l_ba_db"),
            ("L_minbap", "l_minbap_db"),
            ("L_bda", "l_bda_db"),
            ("L_bam", "l_bam_db"),
            ("L_bs", "l_bs_db"),
            ("L_bc", "l_bc_db"),
        ] {
            let step = steps.iter().find(|s| s.symbol == symbol).unwrap_or_else(|| panic!("{symbol} is not traced"));
            case.check(column, step.value);
        }
        // The log's L_bd is written after Eq. (61) has replaced it by L_bda, so it holds L_bd only where the two are equal.
        let traced = |symbol: &str| steps.iter().find(|s| s.symbol == symbol).unwrap().value;
        if traced("L_minbap") > traced("L_bd") {
            case.check("l_bd_db", traced("L_bd"));
        }
    }
}

/// The radial sweep over the real terrain of the set, receivers on and between its points.
#[test]
fn the_sweep_equals_predict_on_the_profiles_of_the_set() {
    let build = |id, parameters: serde_json::Value| Model::build(id, parameters.as_object().unwrap()).unwrap();
    let models = [
        build("delta-bullington", serde_json::json!({})),
        build("p1812", serde_json::json!({})),
        build("p1812", serde_json::json!({"time_percent": 1, "coast_distances": "path"})),
    ];
    let mut receivers_checked = 0;
    for case in own_cases() {
        let (d_km, h_amsl_m, clutter_m) =
            (case.profile.distance_km(), case.profile.terrain_amsl_m(), case.profile.clutter_m());
        let zone = case.profile.zone();
        let radial =
            Radial { distance_km: d_km, terrain_amsl_m: h_amsl_m, clutter_m, zone: Some(zone), own_place_km: 1e-6 };
        let step = 1 + d_km.len() / 60;
        let receivers: Vec<_> = (1..d_km.len())
            .step_by(step)
            .map(|i| {
                let part = (i % 4) as f64 / 4.0;
                let along = |column: &[f64]| column[i] + part * (column[i - 1] - column[i]);
                RadialReceiver { distance_km: along(d_km), terrain_amsl_m: along(h_amsl_m), zone: zone[i] }
            })
            .collect();
        for model in &models {
            let mut losses_db = vec![f64::NAN; receivers.len()];
            model.sweep(&case.link(), radial, &receivers, &mut losses_db);
            for (receiver, swept_db) in receivers.iter().zip(losses_db) {
                let before = d_km.iter().filter(|&&d| d < receiver.distance_km - radial.own_place_km).count();
                let with_end = |column: &[f64], end| [&column[..before], &[end]].concat();
                let profile = Profile::new(
                    with_end(d_km, receiver.distance_km),
                    with_end(h_amsl_m, receiver.terrain_amsl_m),
                    with_end(clutter_m, 0.0),
                    [&zone[..before], &[receiver.zone]].concat(),
                );
                let plain_db = model.predict(&case.link(), &profile.unwrap(), &mut Trace::off()).unwrap().loss_db;
                assert!(
                    (plain_db - swept_db).abs() <= SWEEP_TOLERANCE_DB,
                    "{} {receiver:?} {plain_db} {swept_db}",
                    case.name
                );
                receivers_checked += 1;
            }
        }
    }
    assert!(receivers_checked > 6000, "{receivers_checked}");
}

/// The project's copies are the source's numbers.
#[test]
fn own_copies_equal_the_original_files() {
    let Some(folder) = common::shared("golden/p1812") else { return };
    let cases = own_cases();
    let logs = std::fs::read_dir(folder.join("validation_results")).unwrap().count();
    assert_eq!(logs, cases.len());
    for case in cases {
        let log = read(&folder.join("validation_results").join(format!("{}_log.csv", case.name)));
        for (label, column) in [
            ("f (GHz),", "f_ghz"),
            ("htg (m),", "h_tg_m"),
            ("hrg (m),", "h_rg_m"),
            ("DN ,", "delta_n"),
            ("w,", "omega"),
            ("hstd (m),", "h_std_m"),
            ("hsrd (m),", "h_srd_m"),
            ("Lbfs,", "l_bfs_db"),
            ("Lbulla (dB),", "l_bulla_beta0_db"),
            ("Lbulls (dB),", "l_bulls_beta0_db"),
            ("Ldsph (dB),", "l_dsph_beta0_db"),
            ("Ld50 (dB),", "l_d50_db"),
            ("Lbd50 (dB),", "l_bd50_db"),
            ("Lb (dB),", "l_b_db"),
        ] {
            let line = log.lines().find(|l| l.starts_with(label)).unwrap_or_else(|| panic!("{}: {label}", case.name));
            let logged: f64 = line.trim_end_matches(',').rsplit(',').next().unwrap().parse().unwrap();
            assert_eq!(logged, case.get(column), "{} {column}", case.name);
        }
        let (name, _) = case.name.rsplit_once('_').unwrap();
        let original = read(&folder.join("validation_profiles").join(format!("{name}.csv")));
        let points = original
            .lines()
            .skip_while(|l| !l.starts_with("{Begin of Profile}"))
            .skip(2)
            .take_while(|l| !l.starts_with("{End of Profile}"));
        let profile = profile_of(points.map(|line| {
            let f: Vec<_> = line.trim_end().split(',').collect();
            let number = |i: usize| if f[i].is_empty() { 0.0 } else { f[i].parse::<f64>().unwrap() };
            let zone = match f[4] {
                "1" => Zone::Sea,
                "3" => Zone::Coastal,
                "4" => Zone::Inland,
                other => panic!("{other}"),
            };
            (number(0), number(1), number(3), zone)
        }));
        assert!(profile == case.profile, "{}", case.name);
    }
}
