//! Paths side by side: what the formulas take of each and give for it, one column a quantity.

/// Paths in a block.
pub(super) const PATHS: usize = 64;

/// A quantity of every path.
pub(super) type Column = [f64; PATHS];

/// As many paths as vector code evaluates together. Pairs hold the transmitter first.
pub(super) struct Block {
    /// Mean height of the terrain, m above sea level.
    pub(super) z_s_amsl_m: Column,
    /// Surface refractivity N_s, N-units.
    pub(super) n_s: Column,
    /// Effective Earth radius a_e, m.
    pub(super) a_e_m: Column,
    /// Length d, m.
    pub(super) d_m: Column,
    /// 1 where the terminals see each other, 0 elsewhere.
    pub(super) in_sight: Column,
    /// Effective heights h_e, m.
    pub(super) h_e_m: [Column; 2],
    /// Distances of the horizons d_L, m.
    pub(super) d_l_m: [Column; 2],
    /// Elevations of the horizons θ_e, rad.
    pub(super) theta_e_rad: [Column; 2],
    /// Terrain irregularity Δh, m.
    pub(super) delta_h_m: Column,
    /// Sum of the horizons over smooth Earth d_Ls, m.
    pub(super) d_ls_m: Column,
    /// Diffraction at the distance 0, A_ed, dB.
    pub(super) diffraction_at_0_db: Column,
    /// Its slope m_d, dB/m.
    pub(super) diffraction_slope_db_per_m: Column,
    /// (a_e²/f)^⅓.
    pub(super) scale_m: Column,
    /// Attenuation at the two distances d₀ and d₁ within line of sight, dB.
    pub(super) sight_db: [Column; 2],
    /// Reference attenuation A_ref, dB.
    pub(super) a_ref_db: Column,
    /// Basic transmission loss, dB.
    pub(super) loss_db: Column,
}

impl Block {
    /// Paths of 1 km over flat ground.
    pub(super) fn new() -> Self {
        let all = |value: f64| [value; PATHS];
        Self {
            z_s_amsl_m: all(0.0),
            n_s: all(301.0),
            a_e_m: all(8_493e3),
            d_m: all(1000.0),
            in_sight: all(1.0),
            h_e_m: [all(10.0); 2],
            d_l_m: [all(1000.0); 2],
            theta_e_rad: [all(0.0); 2],
            delta_h_m: all(0.0),
            d_ls_m: all(0.0),
            diffraction_at_0_db: all(0.0),
            diffraction_slope_db_per_m: all(0.0),
            scale_m: all(0.0),
            sight_db: [all(0.0); 2],
            a_ref_db: all(0.0),
            loss_db: all(0.0),
        }
    }
}
