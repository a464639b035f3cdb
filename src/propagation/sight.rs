//! What stands in the way between two antennas: the direct line over the curved Earth and the first Fresnel zone.
//!
//! In: a link, a profile, an effective Earth radius. Out: how far each profile point reaches into the way, and which one
//! does most.

use super::earth::{EARTH_RADIUS_KM, wavelength_m};
use super::{Link, Model, Profile, Trace, TraceStep};

/// Effective Earth radius where a model has none of its own: four thirds of the Earth's.
const USUAL_RADIUS_KM: f64 = EARTH_RADIUS_KM * 4.0 / 3.0;

/// Part of the first Fresnel zone's radius from which a way counts as free of diffraction (Rec. ITU-R P.526-15 §4.1: the loss at 0.6 of it
/// is that of free space).
pub const FREE_CLEARANCE: f64 = 0.6;

/// A profile point against the direct line between the antennas.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Edge {
    /// Its index in the profile.
    pub index: usize,
    /// Its distance from the transmitter, km.
    pub distance_km: f64,
    /// Terrain with clutter, m above sea level.
    pub top_amsl_m: f64,
    /// How far it rises above the direct line over the curved Earth, m; negative below it.
    pub above_line_m: f64,
    /// Radius of the first Fresnel zone there, m.
    pub fresnel_radius_m: f64,
}

impl Edge {
    /// Clearance as a part of the first Fresnel zone's radius: 0 at the direct line, negative where the point blocks it.
    pub fn clearance(&self) -> f64 {
        -self.above_line_m / self.fresnel_radius_m
    }

    /// Whether the point stands in the way: less than [`FREE_CLEARANCE`] is clear of it.
    pub fn obstructs(&self) -> bool {
        self.clearance() < FREE_CLEARANCE
    }

    /// Diffraction parameter ν = √2·h/F₁ (Rec. ITU-R P.526-15 §4.1, Eq. (26)).
    pub fn nu(&self) -> f64 {
        std::f64::consts::SQRT_2 * self.above_line_m / self.fresnel_radius_m
    }
}

/// Effective Earth radius that a prediction was made with, km: the model's own where its trace has one.
pub fn traced_radius_km(trace: &[TraceStep]) -> f64 {
    trace.iter().find(|step| step.symbol == "a_e").map_or(USUAL_RADIUS_KM, |step| step.value)
}

/// Effective Earth radius that a model takes, km: on level ground at sea level, where it takes another one on every path.
pub fn effective_radius_km(model: &Model, link: &Link) -> f64 {
    let mut trace = Trace::on();
    if let Ok(level) = Profile::bare(vec![0.0, 1.0, 2.0], vec![0.0; 3]) {
        // a link that the model does not allow has no radius of its own either
        let _ = model.predict(link, &level, &mut trace);
    }
    traced_radius_km(&trace.into_steps())
}

/// Rise of the curved Earth above the chord of a path of `d_km` at `d_i_km`, m: 500·d₁·d₂/aₑ.
pub fn earth_bulge_m(d_i_km: f64, d_km: f64, a_e_km: f64) -> f64 {
    500.0 * d_i_km * (d_km - d_i_km) / a_e_km
}

/// The direct line between two antennas over the curved Earth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DirectLine {
    /// Heights of the two antennas, m above sea level.
    pub antennas_amsl_m: [f64; 2],
    /// Length of the path, km.
    pub length_km: f64,
    /// Effective Earth radius, km.
    pub a_e_km: f64,
    /// Frequency, GHz.
    pub f_ghz: f64,
}

impl DirectLine {
    /// An intermediate point of the path against the line: its index, its distance from the first antenna, its top above sea level.
    pub fn edge(&self, index: usize, distance_km: f64, top_amsl_m: f64) -> Edge {
        let ([h_ts, h_rs], d) = (self.antennas_amsl_m, self.length_km);
        let (d_1, d_2) = (distance_km, d - distance_km);
        let line_m = (h_ts * d_2 + h_rs * d_1) / d;
        Edge {
            index,
            distance_km: d_1,
            top_amsl_m,
            above_line_m: top_amsl_m + earth_bulge_m(d_1, d, self.a_e_km) - line_m,
            // F₁ = √(λ·d₁·d₂/d), distances in m
            fresnel_radius_m: (1000.0 * wavelength_m(self.f_ghz) * d_1 * d_2 / d).sqrt(),
        }
    }
}

/// The intermediate points of a path against its direct line, for the effective Earth radius `a_e_km`. Clutter counts.
pub fn edges<'a>(link: &Link, profile: &'a Profile, a_e_km: f64) -> impl Iterator<Item = Edge> + 'a {
    let (d_km, h_amsl_m, clutter_m) = (profile.distance_km(), profile.terrain_amsl_m(), profile.clutter_m());
    let (h_0, h_n) = profile.terrain_at_ends_amsl_m();
    let line = DirectLine {
        antennas_amsl_m: [h_0 + link.tx_height_agl_m, h_n + link.rx_height_agl_m],
        length_km: profile.path_length_km(),
        a_e_km,
        f_ghz: link.frequency_mhz / 1000.0,
    };
    (1..d_km.len() - 1).map(move |index| line.edge(index, d_km[index], h_amsl_m[index] + clutter_m[index]))
}

/// The point that blocks most, or comes closest where nothing blocks: the largest ν, the first of several; `None` without
/// intermediate points.
pub fn main_edge(link: &Link, profile: &Profile, a_e_km: f64) -> Option<Edge> {
    edges(link, profile, a_e_km).reduce(|most, edge| if edge.clearance() < most.clearance() { edge } else { most })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::propagation::{Polarization, Zone};

    #[test]
    fn the_main_edge_by_hand() {
        let link = Link {
            frequency_mhz: 999.333_333_333_333_3, // λ = 0.3 m
            polarization: Polarization::Vertical,
            tx_height_agl_m: 20.0,
            rx_height_agl_m: 20.0,
            path_center_latitude_deg: 0.0,
        };
        let clutter_m = vec![0.0, 5.0, 0.0, 0.0];
        let profile =
            Profile::new(vec![0.0, 2.0, 5.0, 10.0], vec![0.0, 40.0, 30.0, 0.0], clutter_m, vec![Zone::Inland; 4]);
        let profile = profile.unwrap();
        // At 2 km: 45 + 500·2·8/8000 − 20 = 26 m above, F₁ = √(300·1.6) = 21.909 m; at 5 km: 11.5625 m above, F₁ = 27.386 m.
        let edge = main_edge(&link, &profile, 8000.0).unwrap();
        assert_eq!((edge.index, edge.top_amsl_m), (1, 45.0));
        assert!((edge.above_line_m - 26.0).abs() < 1e-12, "{edge:?}");
        assert!((edge.fresnel_radius_m - 480f64.sqrt()).abs() < 1e-9, "{edge:?}");
        assert!((edge.nu() - 26.0 * (2.0 / 480.0_f64).sqrt()).abs() < 1e-9 && edge.clearance() < -1.18);
        assert_eq!(edges(&link, &profile, 8000.0).count(), 2);
        assert!(edge.obstructs());
        assert!(
            Edge { above_line_m: -0.5 * edge.fresnel_radius_m, ..edge }.obstructs(),
            "half of the zone is not enough"
        );
        assert!(!Edge { above_line_m: -0.7 * edge.fresnel_radius_m, ..edge }.obstructs());
    }

    #[test]
    fn the_radius_is_the_models_own_where_it_has_one() {
        let link = Link {
            frequency_mhz: 900.0,
            polarization: Polarization::Vertical,
            tx_height_agl_m: 30.0,
            rx_height_agl_m: 1.5,
            path_center_latitude_deg: 22.7,
        };
        let of = |id, parameters| effective_radius_km(&Model::build(id, &parameters).unwrap(), &link);
        let delta_n = serde_json::Map::from_iter([("delta_n".to_owned(), 45.0.into())]);
        assert!((of("p1812", delta_n) - 8_930.776_786).abs() < 1e-6);
        assert!((of("free-space", serde_json::Map::new()) - 6371.0 * 4.0 / 3.0).abs() < 1e-9);
    }
}
