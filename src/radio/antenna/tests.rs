use super::cut::Cut;
use super::*;

fn built_in(name: &str) -> AntennaPattern {
    AntennaPattern::built_in().into_iter().find(|p| p.name == name).unwrap()
}

fn facing(azimuth_deg: f64, mechanical_tilt_deg: f64, electrical_tilt_deg: f64) -> Orientation {
    Orientation { azimuth_deg, mechanical_tilt_deg, electrical_tilt_deg }
}

/// A measured-looking antenna: lobes 65° and 7° wide, side lobes, a weaker back.
fn measured(tilt_deg: f64) -> AntennaPattern {
    let off = |a: f64| (a + 180.0).rem_euclid(360.0) - 180.0;
    let cut = |of: &dyn Fn(f64) -> f64| {
        let angles_deg: Vec<f64> = (0..360).map(f64::from).collect();
        let losses_db = angles_deg.iter().map(|&a| (of(off(a)) * 100.0).round() / 100.0).collect();
        Cut { angles_deg, losses_db }
    };
    let horizontal = |a: f64| (12.0 * (a / 65.0).powi(2)).min(27.0);
    let vertical = |a: f64| {
        let front = (12.0 * ((a - tilt_deg) / 7.0).powi(2)).min(17.0 + 3.0 * (40.0 * a).to_radians().cos());
        front + (27.0 - front) * ((a.abs() - 90.0) / 70.0).clamp(0.0, 1.0)
    };
    let shape = Shape::Cuts { horizontal: cut(&horizontal), vertical: cut(&vertical) };
    AntennaPattern {
        name: "m".into(),
        frequency_range_mhz: None,
        gain_dbi: Some(17.0),
        electrical_tilt_deg: None,
        shape,
    }
}

#[test]
fn sectors_follow_the_formulas_of_3gpp() {
    let s65 = built_in("sector-65");
    // TR 38.901: 12·(32.5/65)² = 3 dB at half the width in either cut; both together 6 dB; never more than 30 dB.
    for (azimuth, depression, expected) in
        [(0.0, 0.0, 0.0), (32.5, 0.0, 3.0), (-32.5, 0.0, 3.0), (0.0, 32.5, 3.0), (32.5, 32.5, 6.0), (180.0, 80.0, 30.0)]
    {
        let a = s65.attenuation_db(azimuth + 120.0, depression, &facing(120.0, 0.0, 0.0));
        assert!((a - expected).abs() < 1e-9, "{azimuth} {depression}: {a}");
    }
    // TR 36.814: 12·(35/70)² = 3 dB, 12·(5/10)² = 3 dB, 20 dB at most vertically, 25 dB in all; tilted electrically by 6°.
    let s70 = built_in("sector-70");
    for (azimuth, depression, expected) in
        [(0.0, 6.0, 0.0), (35.0, 6.0, 3.0), (0.0, 11.0, 3.0), (0.0, 1.0, 3.0), (0.0, 40.0, 20.0), (180.0, 40.0, 25.0)]
    {
        let a = s70.attenuation_db(azimuth, depression, &facing(0.0, 0.0, 6.0));
        assert!((a - expected).abs() < 1e-9, "{azimuth} {depression}: {a}");
    }
    assert_eq!(s70.attenuation_vertical(175.0), 25.0);
    assert!(
        (s70.attenuation_vertical(5.0) - 3.0).abs() < 1e-9 && (s70.attenuation_horizontal(325.0) - 3.0).abs() < 1e-9
    );
    assert_eq!(built_in("omni").attenuation_db(77.0, -12.0, &facing(10.0, 5.0, 5.0)), 0.0);
    assert!(s65.is_directional() && measured(0.0).is_directional() && !built_in("omni").is_directional());
    assert!(built_in("omni").is_omni() && !s65.is_omni() && !measured(0.0).is_omni());
}

#[test]
fn both_cuts_are_given_back() {
    let pattern = measured(0.0);
    let flat = Orientation::default();
    for a in 0..360 {
        let angle = f64::from(a);
        let horizontal = pattern.attenuation_db(angle, 0.0, &flat);
        assert!((horizontal - pattern.attenuation_horizontal(angle)).abs() < 1e-9, "{a}");
    }
    for a in -90..=90 {
        let depression = f64::from(a);
        let front = pattern.attenuation_db(0.0, depression, &flat);
        assert!((front - pattern.attenuation_vertical(depression)).abs() < 1e-9, "{a}");
        let back = pattern.attenuation_db(180.0, depression, &flat);
        assert!((back - pattern.attenuation_vertical(180.0 - depression)).abs() < 1e-9, "{a}");
    }
    // 60° aside and 7° down: H(60) = 10.22, V(7) = 12 ahead, V(173) = 27 behind as H(180) = 27:
    // 10.22 + (2/3)·12 + (1/3)·0 = 18.22 dB.
    assert!((pattern.attenuation_db(60.0, 7.0, &flat) - 18.22).abs() < 1e-9);
}

#[test]
fn a_mechanical_tilt_turns_the_antenna() {
    let pattern = built_in("sector-70");
    let at = |azimuth: f64, depression: f64| pattern.attenuation_db(azimuth, depression, &facing(0.0, 8.0, 0.0));
    assert!(at(0.0, 8.0) < 1e-9);
    assert!((at(0.0, 13.0) - 3.0).abs() < 1e-9);
    // Behind, what leans forward looks up: 8° above the horizon lies on the antenna's own horizon.
    let (azimuth, depression) = facing(0.0, 8.0, 0.0).in_antenna_frame(180.0, -8.0);
    assert!((azimuth.abs() - 180.0).abs() < 1e-9 && depression.abs() < 1e-9);
    // Across, the horizon stays the horizon.
    let (azimuth, depression) = facing(0.0, 8.0, 0.0).in_antenna_frame(90.0, 0.0);
    assert!((azimuth - 90.0).abs() < 1e-9 && depression.abs() < 1e-9);
    // By hand at 30°: forward 0.866025·cos 8° = 0.857597, right 0.5, down −0.866025·sin 8° = −0.120527.
    let (azimuth, depression) = facing(0.0, 8.0, 0.0).in_antenna_frame(30.0, 0.0);
    assert!((azimuth - 0.5f64.atan2(0.857_597).to_degrees()).abs() < 1e-4);
    assert!((depression + 0.120_527f64.asin().to_degrees()).abs() < 1e-4);
}

#[test]
fn a_tilt_that_a_file_states_is_not_added_again() {
    let mut tilted = measured(4.0);
    let lobe = |pattern: &AntennaPattern, tilt: f64| {
        let level = |a: &i32| (pattern.attenuation_db(0.0, f64::from(*a) / 4.0, &facing(0.0, 0.0, tilt)) * 1e6) as i64;
        f64::from((-80..80).min_by_key(level).unwrap()) / 4.0
    };
    assert_eq!(lobe(&tilted, 4.0), 8.0); // the file does not say that its lobe is tilted
    tilted.electrical_tilt_deg = Some(4.0);
    assert_eq!([lobe(&tilted, 4.0), lobe(&tilted, 6.0), lobe(&tilted, 0.0)], [4.0, 6.0, 0.0]);
}

/// What the table loses against the direct form: 0.03 dB within 10 dB of the peak, 0.25 dB where flanks are steep and side lobes begin.
#[test]
fn the_table_follows_the_direct_form() {
    let mut worst = [0.0f64; 2];
    for (pattern, mechanical, electrical) in [
        (built_in("sector-65"), 3.0, 2.3),
        (built_in("sector-70"), 0.0, 6.0),
        (built_in("sector-70"), 3.7, 2.3),
        (measured(0.0), 0.0, 4.0),
        (measured(0.0), 3.7, 2.3),
    ] {
        let table = AttenuationTable::new(&pattern);
        let orientation = facing(77.0, mechanical, electrical);
        for i in 0..40_000u32 {
            // golden-ratio steps round the circle; depressions of −20 to 30°
            let azimuth = f64::from(i) * 137.507_764 % 360.0;
            let depression = f64::from(i) / 800.0 - 20.0;
            let direct = pattern.attenuation_db(azimuth + 77.0, depression, &orientation);
            let looked_up = f64::from(table.attenuation_db((azimuth + 77.0) as f32, depression as f32, &orientation));
            let error = (looked_up - direct).abs();
            worst[usize::from(direct > 10.0)] = worst[usize::from(direct > 10.0)].max(error);
        }
    }
    println!("largest error {:.3} dB within 10 dB of the peak, {:.3} dB elsewhere", worst[0], worst[1]);
    assert!(worst[0] < 0.05 && worst[1] < 0.3, "{worst:?}");
}

#[test]
fn odd_angles_do_no_harm() {
    let table = AttenuationTable::new(&built_in("sector-65"));
    let upright = Orientation::default();
    assert!((table.attenuation_db(-32.5, 0.0, &upright) - 3.0).abs() < 0.01);
    assert!((table.attenuation_db(360.0 + 32.5, 0.0, &upright) - 3.0).abs() < 0.01);
    for orientation in [upright, facing(0.0, 5.0, 0.0), facing(30.0, -90.0, 3.0)] {
        let at = |azimuth, depression| table.attenuation_db(azimuth, depression, &orientation);
        assert_eq!(at(0.0, 400.0), at(0.0, 90.0));
        for (azimuth, depression) in
            [(f32::NAN, 0.0), (0.0, f32::NAN), (f32::INFINITY, 1.0), (-1e-9, -90.0), (359.999_97, 90.0), (210.0, 0.0)]
        {
            let found = at(azimuth, depression);
            assert!(found.is_nan() || (0.0..=30.0).contains(&found), "{azimuth} {depression}: {found}");
        }
    }
}

#[test]
fn places_below_lie_below_the_horizon() {
    // 100 m lower at 1 km: atan(0.1) = 5.711°; the Earth adds 10⁶/(2·8.4947·10⁶) = 0.059 m, 0.003°.
    assert!((depression_deg(100.0, 1_000.0) - 5.714).abs() < 1e-3);
    // 20 km away at the same height: 23.54 m below the tangent, 0.0675°.
    assert!((depression_deg(0.0, 20_000.0) - 0.067_45).abs() < 1e-4);
    assert_eq!(depression_deg(30.0, 0.0), 90.0);
    assert!(depression_deg(-200.0, 2_000.0) < 0.0);
}
