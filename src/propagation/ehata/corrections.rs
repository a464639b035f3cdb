//! Okumura's corrections for terrain and sea as the extended Hata model reads them off his figures. Each returns what is
//! subtracted from the loss, dB.

use super::terrain::{PathAnalysis, SeaEnd};

/// K for rolling hills, from the terrain irregularity Δh in m; 0 at 15 m and below (Okumura §4.1).
pub(super) fn rolling_hills_db(delta_h_m: f64) -> f64 {
    // K = −1.5072013 + log Δh·(8.458676 − 6.102538·log Δh)
    let log = delta_h_m.max(15.0).log10();
    -1.5072013 + log * (8.458676 - 6.102538 * log)
}

/// Fine correction for rolling hills, from the mobile's own ground, m above sea level: positive on the hilltops, negative in
/// the valleys, 0 below 10 m of irregularity (Okumura §4.1).
pub(super) fn fine_rolling_hills_db(path: &PathAnalysis, ground_amsl_m: f64) -> f64 {
    if path.delta_h_m < 10.0 {
        return 0.0;
    }
    // K_h = −11.728795 + log Δh·(15.544272 − 1.8154766·log Δh)
    let log = path.delta_h_m.log10();
    let k_h_db = -11.728795 + log * (15.544272 - 1.8154766 * log);
    let [high, middle, low] = path.quantiles_amsl_m;
    if ground_amsl_m >= high {
        k_h_db
    } else if ground_amsl_m <= low {
        -k_h_db
    } else if ground_amsl_m >= middle {
        k_h_db * (ground_amsl_m - middle) / (high - middle)
    } else {
        -k_h_db * (middle - ground_amsl_m) / (middle - low)
    }
}

/// Correction for the general slope at the mobile, from its angle in mrad (Okumura §4.3, Fig. 34).
pub(super) fn general_slope_db(theta_m_mrad: f64, d_km: f64) -> f64 {
    // dB per mrad at 10, 30 and 60 km, for rising and for falling ground
    let per_mrad = if theta_m_mrad <= 0.0 {
        let along = ((d_km - 10.0) / 20.0).clamp(0.0, 1.0);
        0.25 + along * (0.8 - 0.25)
    } else if d_km <= 30.0 {
        0.125 + ((d_km - 10.0) / 20.0).max(0.0) * (0.35 - 0.125)
    } else {
        0.35 + ((d_km - 30.0) / 30.0).min(1.0) * (0.6 - 0.35)
    };
    theta_m_mrad * per_mrad
}

/// Distances of the ridge from the mobile, km, at which [`RIDGE_DB`] is given; one kilometre apart.
const RIDGE_POINTS: usize = 9;
/// Fig. 31 of Okumura: curves C, B and A, for a ridge 15, 30 and 60 km from the base.
const RIDGE_DB: [[f64; RIDGE_POINTS]; 3] = [
    [4.0, -13.0, -17.5, -17.5, -15.0, -12.5, -10.0, -8.0, -6.0],
    [12.0, -8.5, -13.0, -12.0, -10.0, -8.0, -6.5, -5.0, -4.0],
    [20.0, -4.0, -6.5, -6.0, -4.5, -3.5, -2.5, -2.0, -1.0],
];

/// Correction for one ridge `base_km` from the base and `mobile_km` from the mobile, `edge_m` above the line between the
/// antennas (Okumura §4.2, Fig. 31 and 32).
pub(super) fn isolated_ridge_db(base_km: f64, mobile_km: f64, edge_m: f64) -> f64 {
    let curves = if base_km >= 30.0 { [1, 2] } else { [0, 1] };
    let mut point = 0;
    while point < RIDGE_POINTS - 2 && mobile_km > (point + 1) as f64 {
        point += 1;
    }
    let [low_db, high_db] = curves.map(|curve| {
        let values = RIDGE_DB[curve];
        values[point] + (values[point + 1] - values[point]) * (mobile_km - point as f64)
    });
    let (low_km, high_km) = if base_km >= 30.0 { (30.0, 60.0) } else { (15.0, 30.0) };
    let along = ((base_km - low_km) / (high_km - low_km)).clamp(0.0, 1.0);
    let k_db = low_db + (high_db - low_db) * along;
    // No gain but close behind the ridge, where Fig. 31 shows one.
    let k_db = if mobile_km > 2.0 { k_db.min(0.0) } else { k_db };
    // The ridge's height is normalised to 200 m.
    (edge_m / 200.0).sqrt() * k_db
}

/// One curve of Okumura's Fig. 35 over the share of sea: (share, correction with the sea at the base, at the mobile in dB).
type SeaCurve = [(f64, f64, f64); 10];
const SEA_30_KM: SeaCurve = [
    (0.0, 0.0, 0.0),
    (0.15, 1.0, 4.0),
    (0.35, 3.0, 5.5),
    (0.45, 4.0, 7.0),
    (0.6, 6.0, 8.5),
    (0.65, 7.0, 9.0),
    (0.725, 8.0, 9.5),
    (0.775, 9.0, 9.8),
    (0.85, 10.0, 10.25),
    (1.0, 11.0, 11.0),
];
const SEA_60_KM: SeaCurve = [
    (0.0, 0.0, 0.0),
    (0.15, 2.0, 4.25),
    (0.3, 4.0, 6.25),
    (0.4, 5.5, 9.2),
    (0.5, 7.0, 10.5),
    (0.6, 9.0, 11.75),
    (0.725, 11.0, 13.0),
    (0.85, 13.0, 14.0),
    (0.9, 14.0, 14.25),
    (1.0, 15.0, 15.0),
];

/// Correction for a path partly over sea: `sea_fraction` of its points, more of them at `end` (Okumura §4.4).
pub(super) fn mixed_path_db(d_km: f64, sea_fraction: f64, end: SeaEnd) -> f64 {
    let on = |curve: &SeaCurve| {
        let next = curve.iter().position(|&(share, ..)| share >= sea_fraction).unwrap_or(curve.len() - 1).max(1);
        let (a, b) = (curve[next - 1], curve[next]);
        let along = (sea_fraction - a.0) / (b.0 - a.0);
        let (base_db, mobile_db) = (a.1 + along * (b.1 - a.1), a.2 + along * (b.2 - a.2));
        match end {
            SeaEnd::Base => base_db,
            SeaEnd::Mobile => mobile_db,
            SeaEnd::Even => 0.5 * (base_db + mobile_db),
        }
    };
    let (at_30_db, at_60_db) = (on(&SEA_30_KM), on(&SEA_60_KM));
    at_30_db + ((d_km - 30.0) / 30.0).clamp(0.0, 1.0) * (at_60_db - at_30_db)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flat_ground_and_no_sea_need_no_correction() {
        assert!(rolling_hills_db(0.0).abs() < 1e-4);
        assert_eq!(general_slope_db(0.0, 20.0), 0.0);
        assert_eq!(mixed_path_db(20.0, 0.0, SeaEnd::Even), 0.0);
    }

    #[test]
    fn the_curves_by_hand() {
        // Δh = 100 m: −1.5072013 + 2·(8.458676 − 12.205076) = −9.0000013.
        assert!((rolling_hills_db(100.0) + 9.0).abs() < 1e-5);
        // 20 km is half way from 10 to 30 km: 0.525 dB per mrad rising, 0.2375 falling; 45 km: 0.475.
        assert!((general_slope_db(-10.0, 20.0) + 5.25).abs() < 1e-9);
        assert!((general_slope_db(10.0, 20.0) - 2.375).abs() < 1e-9);
        assert!((general_slope_db(10.0, 45.0) - 4.75).abs() < 1e-9);
        // A ridge of 200 m 15 km out, 1.5 km before the mobile: between −13 and −17.5 on curve C; 50 m halve it.
        assert!((isolated_ridge_db(15.0, 1.5, 200.0) + 15.25).abs() < 1e-9);
        assert!((isolated_ridge_db(15.0, 1.5, 50.0) + 7.625).abs() < 1e-9);
        // A quarter of the path at sea beside the mobile: 4.75 dB at 30 km, 5.5833 at 60.
        assert!((mixed_path_db(10.0, 0.25, SeaEnd::Mobile) - 4.75).abs() < 1e-9);
        assert!((mixed_path_db(60.0, 0.25, SeaEnd::Mobile) - 5.583_333).abs() < 1e-6);
    }
}
