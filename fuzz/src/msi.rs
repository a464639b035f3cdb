//! An MSI Planet antenna file: refused with problems, or a pattern whose attenuation is a number at every angle of its cuts, and in every
//! direction in space at any tilt.

use notspot::radio::{AntennaPattern, Orientation};

const FILE: &str = "antenna.msi";

/// Asserts it for one file.
pub fn run(bytes: &[u8]) {
    let (pattern, warnings) = match AntennaPattern::parse_msi(bytes, FILE, "antenna") {
        Ok(read) => read,
        Err(problems) => return super::check_refusal(&problems, FILE, bytes),
    };
    super::check_problems(warnings.iter(), FILE, bytes);
    assert!(pattern.gain_dbi.is_some_and(f64::is_finite) && !pattern.name.is_empty());
    assert!(pattern.frequency_range_mhz.is_none_or(|[low, high]| 0.0 < low && low <= high && high.is_finite()));
    assert!(pattern.electrical_tilt_deg.is_none_or(f64::is_finite));
    for step in -40..80 {
        let angle_deg = f64::from(step) * 9.7;
        for loss_db in [pattern.attenuation_horizontal(angle_deg), pattern.attenuation_vertical(angle_deg)] {
            assert!(loss_db.is_finite() && loss_db >= 0.0, "{loss_db} dB at {angle_deg}°");
        }
    }
    for step in -36..=36 {
        let (azimuth_deg, depression_deg) = (f64::from(step) * 31.3, f64::from(step) * 2.5);
        let orientation =
            Orientation { azimuth_deg: 77.0, mechanical_tilt_deg: f64::from(step), electrical_tilt_deg: -4.5 };
        let loss_db = pattern.attenuation_db(azimuth_deg, depression_deg, &orientation);
        assert!(loss_db.is_finite() && loss_db >= 0.0, "{loss_db} dB at {azimuth_deg}°, {depression_deg}°");
    }
    let round = |angle_deg: f64| (pattern.attenuation_horizontal(angle_deg), pattern.attenuation_vertical(angle_deg));
    assert_eq!(round(0.0), round(360.0));
}
