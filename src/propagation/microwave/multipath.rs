//! Multipath fading of a microwave hop in clear air: Rec. ITU-R P.530-18 §2.3.1 to §2.3.4, and the geoclimatic factor of P.530-17.
//!
//! In: the hop, its climate, a fade depth in dB. Out: the percentage of the average worst month, or of the average year, in which
//! the fade is deeper.
//!
//! P.530-18 reads the climate from two digital maps (log K and dN₇₅), which are not shipped; who has them gives the two
//! values. P.530-17 needs the refractivity gradient dN₁ and the terrain's roughness only. For orientation, the maps of Rec.
//! ITU-R P.453-13 and P.530-16 have dN₁ = −191, −213 and −205 N-units/km and s_a = 451, 554 and 128 m at Hà Giang (22.80° N,
//! 104.98° E), Mường Nhé (22.40° N, 103.46° E) and Hà Nội (21.03° N, 105.85° E).

/// What a hop's fading depends on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FadingHop {
    /// Frequency, GHz; 15/d up to 45 GHz.
    pub f_ghz: f64,
    /// Length d, km.
    pub d_km: f64,
    /// Heights of the two antennas, m above sea level.
    pub antennas_amsl_m: [f64; 2],
}

/// Climate of a hop.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum FadingClimate {
    /// Rec. ITU-R P.530-17 §2.3.1, for detailed design.
    P530v17 {
        /// Refractivity gradient dN₁ not exceeded for 1 % of an average year in the lowest 65 m, N-units/km (Rec. ITU-R P.453).
        dn1: f64,
        /// Area terrain roughness s_a: standard deviation of the heights within 110 km × 110 km, m; at least 1 m.
        terrain_roughness_m: f64,
    },
    /// Rec. ITU-R P.530-18 §1.1 and §2.3.1.
    P530v18 {
        /// log₁₀ of the geoclimatic factor K, from the map LogK.
        log_k: f64,
        /// dN₇₅, N-units, from the map of that name.
        dn75: f64,
        /// Mean height of the terrain along the path without trees, m above sea level.
        mean_terrain_amsl_m: f64,
    },
}

impl FadingHop {
    /// Path inclination |ε_p| = |h_r − h_e|/d, mrad.
    pub fn inclination_mrad(&self) -> f64 {
        (self.antennas_amsl_m[1] - self.antennas_amsl_m[0]).abs() / self.d_km
    }

    /// Height of the lower antenna h_L, m above sea level.
    fn lower_amsl_m(&self) -> f64 {
        self.antennas_amsl_m[0].min(self.antennas_amsl_m[1])
    }

    /// Multipath occurrence factor p₀, % of the average worst month: the deep-fading law carried on to 0 dB.
    pub fn occurrence_percent(&self, climate: FadingClimate) -> f64 {
        let Self { f_ghz: f, d_km: d, antennas_amsl_m: [h_e, h_r] } = *self;
        let (epsilon_p, h_l) = (self.inclination_mrad(), self.lower_amsl_m());
        match climate {
            FadingClimate::P530v17 { dn1, terrain_roughness_m } => {
                // K = 10^(−4.4 − 0.0027·dN₁)·(10 + s_a)^−0.46                                  (P.530-17 (4))
                let k = geoclimatic_factor(dn1, terrain_roughness_m);
                // p_w = K·d^3.4·(1 + |ε_p|)^−1.03·f^0.8·10^(−0.00076·h_L − A/10), A = 0         (P.530-17 (7))
                k * d.powf(3.4) * (1.0 + epsilon_p).powf(-1.03) * f.powf(0.8) * 10f64.powf(-0.00076 * h_l)
            }
            FadingClimate::P530v18 { log_k, dn75, mean_terrain_amsl_m } => {
                // h_c = (h_r + h_e)/2 − d²/102 − h_t
                let h_c = (h_r + h_e) / 2.0 - d * d / 102.0 - mean_terrain_amsl_m;
                // v_sr = (dN₇₅/50)^1.8·exp[−h_c/(2.5·√d)], at most dN₇₅·d^1.5·f^0.5/24730
                let v_sr = (dn75 / 50.0).powf(1.8) * (-h_c / (2.5 * d.sqrt())).exp();
                let v_sr = v_sr.min(dn75 * d.powf(1.5) * f.sqrt() / 24_730.0);
                // p_w = K·d^3.51·(f² + 13)^0.447·10^[−0.376·tanh((h_c − 147)/125) − 0.334·|ε_p|^0.39
                //       − 0.00027·h_L + 17.85·v_sr − A/10], A = 0
                let exponent = -0.376 * ((h_c - 147.0) / 125.0).tanh() - 0.334 * epsilon_p.powf(0.39) - 0.00027 * h_l
                    + 17.85 * v_sr;
                10f64.powf(log_k) * d.powf(3.51) * (f * f + 13.0).powf(0.447) * 10f64.powf(exponent)
            }
        }
    }

    /// Logarithmic geoclimatic conversion factor ΔG from the worst month to the average year, dB, at most 10.8 (§2.3.4 step 2).
    pub fn year_conversion_db(&self, latitude_deg: f64) -> f64 {
        let latitude_deg = latitude_deg.abs();
        let cosine = (2.0 * latitude_deg).to_radians().cos().abs().powf(0.7);
        let signed = if latitude_deg <= 45.0 { cosine } else { -cosine };
        // ΔG = 10.5 − 5.6·log(1.1 ± |cos 2ξ|^0.7) − 2.7·log d + 1.7·log(1 + |ε_p|)
        let delta_g_db = 10.5 - 5.6 * (1.1 + signed).log10() - 2.7 * self.d_km.log10()
            + 1.7 * (1.0 + self.inclination_mrad()).log10();
        delta_g_db.min(10.8)
    }
}

/// Geoclimatic factor K of the average worst month (Rec. ITU-R P.530-17 §2.3.1, Eq. (4)).
pub fn geoclimatic_factor(dn1: f64, terrain_roughness_m: f64) -> f64 {
    10f64.powf(-4.4 - 0.0027 * dn1) * (10.0 + terrain_roughness_m).powf(-0.46)
}

/// Percentage of the average worst month with a fade deeper than `fade_db`, for any depth from 0 dB (§2.3.2).
pub fn worst_month_percent(p_0_percent: f64, fade_db: f64) -> f64 {
    let transition = Transition::new(p_0_percent);
    if fade_db >= transition.a_t_db {
        // p_w = p₀·10^(−A/10)
        return p_0_percent * 10f64.powf(-fade_db / 10.0);
    }
    transition.shallow_percent(transition.p_t_percent, fade_db)
}

/// Percentage of the average year with a fade deeper than `fade_db`, given ΔG of [`FadingHop::year_conversion_db`] (§2.3.4).
pub fn average_year_percent(p_0_percent: f64, delta_g_db: f64, fade_db: f64) -> f64 {
    let transition = Transition::new(p_0_percent);
    // p = 10^(−ΔG/10)·p_w, for the deep fades and for p_t at the transition
    let to_year = 10f64.powf(-delta_g_db / 10.0);
    if fade_db >= transition.a_t_db {
        return to_year * p_0_percent * 10f64.powf(-fade_db / 10.0);
    }
    transition.shallow_percent(to_year * transition.p_t_percent, fade_db)
}

/// Where deep fading goes over into shallow fading.
struct Transition {
    /// A_t, dB.
    a_t_db: f64,
    /// p_t, %.
    p_t_percent: f64,
}

impl Transition {
    fn new(p_0_percent: f64) -> Self {
        // A_t = 25 + 1.2·log p₀
        let a_t_db = 25.0 + 1.2 * p_0_percent.log10();
        // p_t = p₀·10^(−A_t/10)
        Self { a_t_db, p_t_percent: p_0_percent * 10f64.powf(-a_t_db / 10.0) }
    }

    /// p for fades shallower than A_t, of which `p_t_percent` of the time are deeper than A_t (§2.3.2 step 3b).
    fn shallow_percent(&self, p_t_percent: f64, fade_db: f64) -> f64 {
        let a_t = self.a_t_db;
        // q_a' = −20·log{−ln[(100 − p_t)/100]}/A_t
        let q_a_prime = -20.0 * (-(-p_t_percent / 100.0).ln_1p()).log10() / a_t;
        // (1 + 0.3·10^(−A/20))·10^(−0.016·A) and 4.3·(10^(−A/20) + A/800)
        let scale = |a: f64| (1.0 + 0.3 * 10f64.powf(-a / 20.0)) * 10f64.powf(-0.016 * a);
        let offset = |a: f64| 4.3 * (10f64.powf(-a / 20.0) + a / 800.0);
        // q_t = (q_a' − 2)/scale(A_t) − offset(A_t)
        let q_t = (q_a_prime - 2.0) / scale(a_t) - offset(a_t);
        // q_a = 2 + scale(A)·[q_t + offset(A)]
        let q_a = 2.0 + scale(fade_db) * (q_t + offset(fade_db));
        // p_w = 100·{1 − exp[−10^(−q_a·A/20)]}
        -100.0 * (-10f64.powf(-q_a * fade_db / 20.0)).exp_m1()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOP: FadingHop = FadingHop { f_ghz: 7.0, d_km: 40.0, antennas_amsl_m: [600.0, 900.0] };
    const HA_GIANG: FadingClimate = FadingClimate::P530v17 { dn1: -191.0, terrain_roughness_m: 451.0 };

    #[test]
    fn p_530_17_by_hand() {
        // K = 10^(−4.4 + 0.5157)·461^−0.46 = 1.30527·10⁻⁴·0.0595301 = 7.77·10⁻⁶.
        assert!((geoclimatic_factor(-191.0, 451.0) / 7.770e-6 - 1.0).abs() < 2e-3);
        // 40^3.4 = 279_925; (1 + 7.5)^−1.03 = 0.110329; 7^0.8 = 4.743277; 10^−0.456 = 0.349945.
        let expected = geoclimatic_factor(-191.0, 451.0) * 279_925.0 * 0.110_329 * 4.743_277 * 0.349_945;
        assert!((HOP.occurrence_percent(HA_GIANG) / expected - 1.0).abs() < 1e-3, "{expected}");
    }

    #[test]
    fn deep_and_shallow_fading_meet_and_nothing_exceeds_the_whole_month() {
        for p_0 in [0.01, 1.0, 100.0, 1000.0] {
            let a_t = 25.0 + 1.2 * f64::log10(p_0);
            let (below, above) = (worst_month_percent(p_0, a_t - 1e-9), worst_month_percent(p_0, a_t));
            assert!((below / above - 1.0).abs() < 1e-6, "{p_0} {below} {above}");
            // At 0 dB the law gives 100·(1 − 1/e) %, whatever p₀ is.
            assert!((worst_month_percent(p_0, 0.0) - 63.212_056).abs() < 1e-5);
        }
        // A decade of percent for 10 dB of deep fading.
        assert!((worst_month_percent(1.0, 40.0) - 1e-4).abs() < 1e-12);
    }

    #[test]
    fn the_year_fades_less_than_its_worst_month() {
        // ξ = 22.8°: |cos 45.6°|^0.7 = 0.778763; ΔG = 10.5 − 5.6·log 1.878763 − 2.7·1.60206 + 1.7·log 8.5 = 6.2205.
        let delta_g_db = HOP.year_conversion_db(22.8);
        assert!((delta_g_db - 6.22).abs() < 0.01, "{delta_g_db}");
        let p_0 = HOP.occurrence_percent(HA_GIANG);
        let ratio = average_year_percent(p_0, delta_g_db, 30.0) / worst_month_percent(p_0, 30.0);
        assert!((ratio - 10f64.powf(-delta_g_db / 10.0)).abs() < 1e-12);
        assert_eq!(FadingHop { d_km: 1.0, ..HOP }.year_conversion_db(60.0), 10.8);
    }
}
