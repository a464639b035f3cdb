//! What stands around a place and makes a site cheap or dear, and the masts that may be built there.

use super::ground::slope_deg;
use crate::geodesy::LonLat;
use crate::index::PlaceIndex;
use crate::planning::candidate::SiteCost;
use crate::planning::{Candidate, Origin};
use crate::study::{Costs, GivenCandidate, SitePower, Study};

/// Spacing of the points that stand for a road, m: the distance to a road is at most 1 m too long from 300 m on.
const ROAD_STEP_M: f64 = 50.0;

/// A place where masts could be built, or one stands.
pub(super) struct Place {
    /// Its id; of several heights each gets its own.
    pub(super) id: String,
    pub(super) position: LonLat,
    pub(super) origin: Origin,
    /// The only height that is possible, m; those of the configurations when absent.
    pub(super) height_m: Option<f64>,
    pub(super) has_mast: bool,
    pub(super) power: Option<SitePower>,
    pub(super) owner: Option<String>,
    /// Whole cost, million VND, where it is given.
    pub(super) cost: Option<f64>,
}

impl Place {
    /// A place that a file gives.
    pub(super) fn given(given: &GivenCandidate) -> Self {
        Self {
            id: given.id.clone(),
            position: given.position,
            origin: Origin::Given,
            height_m: given.height_agl_m,
            has_mast: given.existing_tower,
            power: given.power,
            owner: given.owner.clone(),
            cost: given.cost,
        }
    }

    /// A place of which no more is known.
    pub(super) fn generated(position: LonLat, origin: Origin, id: String) -> Self {
        Self { id, position, origin, height_m: None, has_mast: false, power: None, owner: None, cost: None }
    }
}

/// What stands around.
pub(in crate::planning) struct Surroundings<'a> {
    study: &'a Study,
    network: PlaceIndex,
    roads: PlaceIndex,
    /// Heights at which configurations may be built, ascending, with those configurations.
    heights: Vec<(f64, Vec<usize>)>,
    /// Number of configurations.
    configurations: usize,
}

impl<'a> Surroundings<'a> {
    pub(in crate::planning) fn new(study: &'a Study) -> Self {
        let sites = study.sites.iter().map(|s| s.position);
        let seats = study.communes.iter().map(|c| c.seat);
        let roads = study.roads.iter().flat_map(|road| {
            road.lines().flat_map(|line| {
                let (a, b) = (LonLat::new(line.start.x, line.start.y), LonLat::new(line.end.x, line.end.y));
                a.steps_to(b, ROAD_STEP_M)
            })
        });
        let configurations = study.config.planning.configurations();
        let mut heights_m: Vec<f64> = configurations.iter().flat_map(|c| c.heights_m.iter().copied()).collect();
        heights_m.sort_by(f64::total_cmp);
        heights_m.dedup();
        let with_height = |height_m: f64| {
            let at = |&i: &usize| configurations[i].heights_m.contains(&height_m);
            (height_m, (0..configurations.len()).filter(at).collect())
        };
        Self {
            study,
            network: PlaceIndex::new(sites.chain(seats)),
            roads: PlaceIndex::new(roads),
            heights: heights_m.into_iter().map(with_height).collect(),
            configurations: configurations.len(),
        }
    }

    /// The lowest height at which something may be built, m.
    pub(super) fn least_height_m(&self) -> f64 {
        self.heights.first().map_or(0.0, |(height_m, _)| *height_m)
    }

    /// The greatest height at which something may be built, m.
    pub(super) fn greatest_height_m(&self) -> f64 {
        self.heights.last().map_or(0.0, |(height_m, _)| *height_m)
    }

    /// Distance to the nearest road, m; `None` without roads.
    pub(super) fn road_distance_m(&self, position: LonLat) -> Option<f64> {
        self.roads.nearest_m(position)
    }

    /// The masts that may be built at a place of that number, by height.
    pub(super) fn candidates(&self, number: usize, place: &Place) -> Vec<Candidate> {
        let all = || (0..self.configurations).collect();
        let id = &place.id;
        match place.height_m {
            Some(height_m) => vec![Candidate { configurations: all(), ..self.candidate(number, place, height_m) }],
            None => {
                let with_height = |(height_m, configurations): &(f64, Vec<usize>)| Candidate {
                    id: if self.heights.len() > 1 { format!("{id}-{height_m}m") } else { id.clone() },
                    configurations: configurations.clone(),
                    ..self.candidate(number, place, *height_m)
                };
                self.heights.iter().map(with_height).collect()
            }
        }
    }

    /// A relay.
    pub(super) fn relay(&self, number: usize, position: LonLat, id: String) -> Candidate {
        self.candidate(number, &Place::generated(position, Origin::Relay, id), self.greatest_height_m())
    }

    /// A candidate of a height without configurations.
    fn candidate(&self, number: usize, place: &Place, height_agl_m: f64) -> Candidate {
        let Place { position, origin, has_mast, .. } = *place;
        let mast_m = if has_mast { 0.0 } else { height_agl_m };
        let terrain = &self.study.terrain;
        let network_distance_m = self.network.nearest_m(position);
        let road_distance_m = self.road_distance_m(position);
        let costs = &self.study.config.planning.costs;
        let cost = match (place.cost, origin) {
            (Some(mast), _) => SiteCost { mast, access: None, is_given: true },
            (None, origin) if origin.standing_site().is_some() => SiteCost::default(),
            (None, _) => site_cost(costs, mast_m, road_distance_m),
        };
        Candidate {
            id: place.id.clone(),
            position,
            terrain_amsl_m: terrain.height_m(position).unwrap_or(f64::NAN),
            height_agl_m,
            origin,
            place: number,
            configurations: Vec::new(),
            has_mast,
            power: place.power,
            owner: place.owner.clone(),
            slope_deg: terrain.pixel_of(position).and_then(|pixel| slope_deg(terrain, pixel)),
            network_distance_m,
            road_distance_m,
            cost,
        }
    }
}

/// Cost of ground, mast and track from the road; of a mast that stands, no more than what is needed around it.
fn site_cost(costs: &Costs, mast_m: f64, road_distance_m: Option<f64>) -> SiteCost {
    let mast = costs.site + costs.tower_per_m * mast_m;
    let access = road_distance_m.map(|m| costs.access_per_km * m / 1000.0);
    SiteCost { mast, access, is_given: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ground_mast_and_track_add_up() {
        let costs = Costs { site: 300.0, tower_per_m: 10.0, access_per_km: 100.0, ..Costs::default() };
        let cost = |mast, access| SiteCost { mast, access, is_given: false };
        assert_eq!(site_cost(&costs, 40.0, Some(2_000.0)), cost(700.0, Some(200.0)));
        assert_eq!(site_cost(&costs, 40.0, Some(2_000.0)).total(), 900.0);
        assert_eq!(site_cost(&costs, 0.0, None), cost(300.0, None));
    }
}
