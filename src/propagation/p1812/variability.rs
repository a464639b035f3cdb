//! Statistics of time and place: Rec. ITU-R P.1812-8 §4.8 and Attachment 2 to Annex 1.

/// Approximation to the inverse complementary cumulative normal distribution I(x) for 10⁻⁶ ≤ x ≤ 1 − 10⁻⁶, positive below
/// one half (Attachment 2, Eq. (96a) to (97d)); x is cut to that range.
pub fn inverse_normal(x: f64) -> f64 {
    let x = x.clamp(1e-6, 1.0 - 1e-6);
    if x <= 0.5 { upper_tail(x) } else { -upper_tail(1.0 - x) }
}

/// T(x) − C(x) for x up to one half.
fn upper_tail(x: f64) -> f64 {
    // T(x) = √(−2·ln x)                                                                            (97a)
    let t = (-2.0 * x.ln()).sqrt();
    // C(x) = {[(C₂·T + C₁)·T] + C₀} / {[(D₃·T + D₂)·T + D₁]·T + 1}                                   (97b)
    let c =
        ((0.010_328 * t + 0.802_853) * t + 2.515_516_698) / (((0.001_308 * t + 0.189_269) * t + 1.432_788) * t + 1.0);
    t - c
}

/// Standard deviation of location variability σ_L outdoors, dB, over a square `resolution_m` wide, for a receiver
/// `h_agl_m` above ground with representative clutter `clutter_m` high around it (§4.8, Eq. (64) to (66)).
///
/// `f_ghz` is 0.03 to 6 GHz, `resolution_m` 50 to 1000 m.
pub fn location_sigma_db(f_ghz: f64, h_agl_m: f64, clutter_m: f64, resolution_m: f64) -> f64 {
    // σ_L = (0.52 + 0.024·f)·w_a^0.28
    let sigma_db = (0.52 + 0.024 * f_ghz) * resolution_m.powf(0.28);
    // u(h) = 1 below the clutter, falling to 0 ten metres above it
    let u = (1.0 - (h_agl_m - clutter_m) / 10.0).clamp(0.0, 1.0);
    sigma_db * u
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eq_96_and_97_the_usual_quantiles() {
        // Abramowitz and Stegun 26.2.23 promises an error below 4.5e-4.
        for (x, z) in [(0.5, 0.0), (0.1, 1.281_552), (0.01, 2.326_348), (0.9, -1.281_552), (1e-9, 4.753_424)] {
            assert!((inverse_normal(x) - z).abs() < 4.5e-4, "{x} {}", inverse_normal(x));
        }
    }

    #[test]
    fn eq_64_to_66_sigma_in_and_above_clutter() {
        // 0.9 GHz over 100 m: (0.52 + 0.0216)·100^0.28 = 0.5416·3.630781 = 1.96643 dB.
        assert!((location_sigma_db(0.9, 1.5, 10.0, 100.0) - 1.966_43).abs() < 1e-5);
        assert!((location_sigma_db(0.9, 15.0, 10.0, 100.0) - 0.983_215).abs() < 1e-5);
        assert_eq!(location_sigma_db(0.9, 25.0, 10.0, 100.0), 0.0);
    }
}
