//! How far the antennas stand from the coast along the path: d_ct and d_cr of Rec. ITU-R P.1812-8 §4.5.

use crate::propagation::{Profile, Zone};

/// Where the coast is taken to be when nothing says otherwise, km: too far for any part in a result.
const FAR_KM: f64 = 500.0;

/// Where the distances to the coast come from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coasts {
    /// As given for transmitter and receiver, km.
    pub given_km: [Option<f64>; 2],
    /// Whether those that are not given are the distances over land to the sea on the path; else 500 km.
    pub along_path: bool,
}

impl Coasts {
    /// d_ct and d_cr, km, of a path whose sea begins and ends at these distances from its ends (`None` without sea). A distance that
    /// is not given is 0 for an antenna at sea.
    pub fn distances_km(&self, to_sea_km: Option<[f64; 2]>) -> [f64; 2] {
        [0, 1].map(|end| {
            let found_km = to_sea_km.map(|km| km[end]).filter(|&km| self.along_path || km == 0.0);
            self.given_km[end].or(found_km).unwrap_or(FAR_KM)
        })
    }
}

/// Distances of the ends of a profile from its first and its last sea, km; 0 for an end at sea. `None` without sea. Coasts lie
/// half way between points of different zones.
pub fn to_sea_km(profile: &Profile) -> Option<[f64; 2]> {
    let (d_km, zone) = (profile.distance_km(), profile.zone());
    let last = d_km.len() - 1;
    let first_sea = zone.iter().position(|&zone| zone == Zone::Sea)?;
    let last_sea = zone.iter().rposition(|&zone| zone == Zone::Sea)?;
    let begin_km = if first_sea > 0 { (d_km[first_sea - 1] + d_km[first_sea]) / 2.0 } else { 0.0 };
    let end_km = if last_sea < last { (d_km[last_sea] + d_km[last_sea + 1]) / 2.0 } else { d_km[last] };
    Some([begin_km, d_km[last] - end_km])
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use Zone::{Coastal, Inland, Sea};

    fn to_sea(zones: [Zone; 5]) -> Option<[f64; 2]> {
        to_sea_km(&Profile::new(vec![0.0, 1.0, 2.0, 4.0, 5.0], vec![0.0; 5], vec![0.0; 5], zones.to_vec()).unwrap())
    }

    #[test]
    fn coasts_lie_half_way_between_points() {
        assert_eq!(to_sea([Inland, Coastal, Sea, Sea, Coastal]), Some([1.5, 0.5]));
        assert_eq!(to_sea([Coastal, Sea, Inland, Sea, Inland]), Some([0.5, 0.5]));
        assert_eq!(to_sea([Sea, Inland, Inland, Inland, Inland]), Some([0.0, 4.5]));
        assert_eq!(to_sea([Sea; 5]), Some([0.0, 0.0]));
        assert_eq!(to_sea([Coastal; 5]), None);
    }

    #[test]
    fn what_is_given_comes_first_and_a_ship_is_at_the_coast() {
        let far = Coasts { given_km: [None; 2], along_path: false };
        assert_eq!(far.distances_km(Some([1.5, 0.0])), [500.0, 0.0]);
        assert_eq!(far.distances_km(None), [500.0; 2]);
        let along = Coasts { given_km: [None, Some(3.0)], along_path: true };
        assert_eq!(along.distances_km(Some([1.5, 0.0])), [1.5, 3.0]);
        assert_eq!(along.distances_km(None), [500.0, 3.0]);
    }
}
