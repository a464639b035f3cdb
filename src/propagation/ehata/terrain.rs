//! What the extended Hata model reads off a profile: effective heights, terrain irregularity, slope at the mobile, sea, horizons.
//!
//! In: a path of equally spaced points from the mobile (index 0) to the base station. Out: [`PathAnalysis`].

use super::Path;

/// Which end of the path has more of the sea.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SeaEnd {
    Mobile,
    Base,
    Even,
}

/// Where the two ends see their horizons.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Horizons {
    /// One ridge, `mobile_m` from the mobile and `base_m` from the base, `edge_m` above the line between the antennas, all m.
    Single { mobile_m: f64, base_m: f64, edge_m: f64 },
    /// Two horizons, or none.
    Two,
}

/// What the corrections need to know of a path.
#[derive(Debug, Clone)]
pub(super) struct PathAnalysis {
    /// Effective height of the base, m.
    pub base_height_m: f64,
    /// Effective height of the mobile, m.
    pub mobile_height_m: f64,
    /// Heights that 10, 50 and 90 % of the terrain within 10 km of the mobile exceed, m above sea level.
    pub quantiles_amsl_m: [f64; 3],
    /// Terrain irregularity Δh, m.
    pub delta_h_m: f64,
    /// Slope of the terrain at the mobile, mrad; positive where it falls away from the mobile.
    pub mobile_slope_mrad: f64,
    /// Share of points at sea, 0 to 1.
    pub sea_fraction: f64,
    /// End with more of the sea.
    pub sea_end: SeaEnd,
    /// Horizons.
    pub horizons: Horizons,
}

impl PathAnalysis {
    pub(super) fn new(path: &Path, base_agl_m: f64, mobile_agl_m: f64) -> Self {
        let (mobile_rise_m, base_rise_m) = heights_over_surroundings_m(path);
        let (quantiles_amsl_m, delta_h_m) = irregularity(path);
        let (sea_fraction, sea_end) = sea(path);
        Self {
            base_height_m: base_agl_m + base_rise_m,
            mobile_height_m: mobile_agl_m + mobile_rise_m,
            quantiles_amsl_m,
            delta_h_m,
            mobile_slope_mrad: mobile_slope_mrad(path),
            sea_fraction,
            sea_end,
            horizons: horizons(path, base_agl_m, mobile_agl_m),
        }
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Height of the ground at mobile and base over the mean ground 3 to 15 km ahead, m; fades in between 3 and 15 km of
/// path length.
fn heights_over_surroundings_m(path: &Path) -> (f64, f64) {
    let h = &path.height_amsl_m;
    let (n, spacing_km) = (path.intervals(), path.spacing_m * 0.001);
    let d_km = n as f64 * spacing_km;
    let intervals = |km: f64| (km / spacing_km) as usize;
    if d_km < 3.0 {
        return (0.0, 0.0);
    }
    let (from, to, weight) =
        if d_km <= 15.0 { (intervals(3.0), n, (d_km - 3.0) / 12.0) } else { (intervals(3.0), intervals(15.0), 1.0) };
    (weight * (h[0] - mean(&h[from..=to])), weight * (h[n] - mean(&h[n - to..=n - from])))
}

/// The three quantiles and Δh over the 10 km next to the mobile, made asymptotic on shorter paths (Okumura §2.4).
fn irregularity(path: &Path) -> ([f64; 3], f64) {
    let spacing_km = path.spacing_m * 0.001;
    let d_km = path.intervals() as f64 * spacing_km;
    let to = if d_km < 10.0 { path.intervals() } else { (10.0 / spacing_km) as usize };
    let mut descending = path.height_amsl_m[..=to].to_vec();
    descending.sort_by(|a, b| b.total_cmp(a));
    let points = descending.len() as f64;
    let quantile = |share: f64| descending[(share * points - 1.0).max(0.0) as usize];
    // factor = (1 − 0.8·e^−0.2)/(1 − 0.8·e^(−0.02·d)) below 10 km
    let factor = if d_km < 10.0 { (1.0 - 0.8 * (-0.2_f64).exp()) / (1.0 - 0.8 * (-0.02 * d_km).exp()) } else { 1.0 };
    let [high, low] = [quantile(0.1), quantile(0.9)];
    ([high * factor, quantile(0.5) * factor, low * factor], (high - low) * factor)
}

/// The mean slope over 5 to 10 km from the mobile, mrad: of the least-squares lines over 5, 6 … 10 km the steepest, or that
/// over 5 km where they do not agree in sign (Okumura §4.3).
fn mobile_slope_mrad(path: &Path) -> f64 {
    let d_m = path.length_m();
    let slope_over = |to_m: f64| {
        let intervals = (to_m / path.spacing_m) as usize;
        let (near, far) = least_squares(&path.height_amsl_m[..=intervals]);
        // Okumura counts a fall away from the mobile as positive.
        -1000.0 * (far - near) / to_m
    };
    let slopes: Vec<f64> =
        (5..=10).map(|km| f64::from(km) * 1000.0).take_while(|&to_m| d_m >= to_m).map(slope_over).collect();
    let Some(&over_5_km) = slopes.first() else { return 0.0 };
    let (min, max) = slopes.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), &s| (a.min(s), b.max(s)));
    if d_m <= 5000.0 || max * min < 0.0 {
        over_5_km
    } else if max >= 0.0 {
        max
    } else {
        min
    }
}

/// Heights at both ends of the least-squares line through equally spaced heights, the two end points counting half, as in ITM.
fn least_squares(h: &[f64]) -> (f64, f64) {
    let last = h.len() - 1;
    let n = last as f64;
    let mut x = -0.5 * n;
    let mut sum = 0.5 * (h[0] + h[last]);
    let mut moment = 0.5 * (h[0] - h[last]) * x;
    for height in &h[1..last] {
        x += 1.0;
        sum += height;
        moment += height * x;
    }
    let mean = sum / n;
    let slope = moment * 12.0 / ((n * n + 2.0) * n);
    (mean - slope * 0.5 * n, mean + slope * 0.5 * n)
}

fn sea(path: &Path) -> (f64, SeaEnd) {
    let count = |points: &[bool]| points.iter().filter(|&&at_sea| at_sea).count();
    let (near_mobile, near_base) = path.sea.split_at(path.intervals() / 2);
    let (mobile, base) = (count(near_mobile), count(near_base));
    let end = match mobile.cmp(&base) {
        std::cmp::Ordering::Greater => SeaEnd::Mobile,
        std::cmp::Ordering::Less => SeaEnd::Base,
        std::cmp::Ordering::Equal => SeaEnd::Even,
    };
    ((mobile + base) as f64 / path.sea.len() as f64, end)
}

/// Horizons of both ends over the effective Earth, whose curvature comes from the mean height of the path.
fn horizons(path: &Path, base_agl_m: f64, mobile_agl_m: f64) -> Horizons {
    let h = &path.height_amsl_m;
    let (n, spacing_m, d_m) = (path.intervals(), path.spacing_m, path.length_m());
    // N_s = 301·exp(−h̄/9460), curvature 157·10⁻⁹·(1 − 0.04665·exp(N_s/179.3)); single precision as in the reference
    let n_s = 301.0 * (-mean(h) / 9460.0).exp();
    let curvature = f64::from(157e-9_f32) * (1.0 - 0.04665 * (n_s / 179.3).exp());
    let half = 0.5 * curvature;
    let (z_mobile, z_base) = (h[0] + mobile_agl_m, h[n] + base_agl_m);
    let slope = (z_base - z_mobile) / d_m;
    let (mut angle_mobile, mut angle_base) = (slope - half * d_m, -slope - half * d_m);
    let (mut mobile_m, mut base_m) = (d_m, d_m);
    let mut obstructed = false;
    for (i, height) in h.iter().enumerate().take(n).skip(1) {
        let (from_mobile_m, from_base_m) = (i as f64 * spacing_m, (n - i) as f64 * spacing_m);
        let above = height - (half * from_mobile_m + angle_mobile) * from_mobile_m - z_mobile;
        if above > 0.0 {
            angle_mobile += above / from_mobile_m;
            mobile_m = from_mobile_m;
            obstructed = true;
        }
        if obstructed {
            let above = height - (half * from_base_m + angle_base) * from_base_m - z_base;
            if above > 0.0 {
                angle_base += above / from_base_m;
                base_m = from_base_m;
            }
        }
    }
    // One ridge where the two horizons meet within half an interval.
    if (d_m - mobile_m - base_m).abs() > 0.5 * spacing_m {
        return Horizons::Two;
    }
    let edge = (mobile_m / spacing_m) as usize;
    let line_m = (z_base * base_m + z_mobile * mobile_m) / d_m;
    Horizons::Single { mobile_m, base_m, edge_m: (h[edge] - line_m + half * mobile_m * base_m).max(0.0) }
}
