//! Electricity for new sites: a line from the grid where one is within reach and cheaper, else solar panels with battery.

use super::Candidate;
use crate::geodesy::LonLat;
use crate::index::PlaceIndex;
use crate::study::{SitePower, Study, Survey};

/// Spacing of the points that stand for a power line, m.
const LINE_STEP_M: f64 = 50.0;

/// Where a site's electricity comes from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum PowerSource {
    /// It is there already.
    Present,
    /// A line from the grid.
    Grid {
        /// Length of the new line, m.
        line_m: f64,
        /// Year in which the grid arrives there, where it is not there yet.
        from_year: Option<u16>,
    },
    /// Solar panels with battery.
    Solar,
}

impl PowerSource {
    /// The word in tables: `present`, `grid`, `solar`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Present => "present",
            Self::Grid { .. } => "grid",
            Self::Solar => "solar",
        }
    }
}

/// Electricity of a site, million VND.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PowerSupply {
    /// Where it comes from.
    pub source: PowerSource,
    /// What it takes to build.
    pub cost_million_vnd: f64,
    /// What it takes in a year.
    pub yearly_cost_million_vnd: f64,
}

/// Where the grid is and will be.
pub(super) struct Grids<'a> {
    study: &'a Study,
    now: PlaceIndex,
    /// The year in which it arrives at places that wait for it, the earliest first.
    later: Vec<(u16, PlaceIndex)>,
}

impl<'a> Grids<'a> {
    pub(super) fn new(study: &'a Study) -> Self {
        let power = &study.config.planning.power;
        let years = &study.config.planning.phases.years;
        let stated: u16 = study.config.date.get(..4).and_then(|year| year.parse().ok()).unwrap_or(u16::MAX);
        let first = years.first().copied().unwrap_or(stated);
        let arrived = |year: Option<u16>| year.is_some_and(|year| year <= first);
        let villages = study.villages.iter();
        let there =
            villages.filter(|v| v.electricity == Survey::Yes || arrived(v.electricity_year)).map(|v| v.position);
        let lines = study.power_lines.iter().flat_map(|line| line.lines()).flat_map(|line| {
            let (a, b) = (LonLat::new(line.start.x, line.start.y), LonLat::new(line.end.x, line.end.y));
            a.steps_to(b, LINE_STEP_M)
        });
        let now = PlaceIndex::new(there.chain(lines));
        let later = years[..].iter().skip(1).filter(|_| power.wait_for_grid).map(|&year| {
            let arriving = study.villages.iter().filter(|v| v.electricity != Survey::Yes);
            let by_then = arriving.filter(|v| v.electricity_year.is_some_and(|y| y > first && y <= year));
            (year, PlaceIndex::new(by_then.map(|v| v.position)))
        });
        let later = later.collect();
        Self { study, now, later }
    }

    /// The supply of a candidate: that of a site that stands is there, what a file states holds, and the cheapest is taken otherwise. Where the whole
    /// cost is given, electricity is in it.
    pub(super) fn supply_of(&self, candidate: &Candidate) -> PowerSupply {
        if candidate.origin.standing_site().is_some() {
            let source = PowerSource::Present;
            return PowerSupply { source, cost_million_vnd: 0.0, yearly_cost_million_vnd: 0.0 };
        }
        let power = &self.study.config.planning.power;
        let supply = match candidate.power {
            Some(SitePower::Grid) => PowerSupply {
                source: PowerSource::Grid { line_m: 0.0, from_year: None },
                cost_million_vnd: power.grid_connection,
                yearly_cost_million_vnd: power.grid_per_year,
            },
            Some(SitePower::Solar) => self.solar(),
            Some(SitePower::None) | None => self.cheapest(candidate.position),
        };
        if candidate.cost.is_given { PowerSupply { cost_million_vnd: 0.0, ..supply } } else { supply }
    }

    fn solar(&self) -> PowerSupply {
        let power = &self.study.config.planning.power;
        PowerSupply {
            source: PowerSource::Solar,
            cost_million_vnd: power.solar,
            yearly_cost_million_vnd: power.solar_per_year,
        }
    }

    /// The cheapest supply of a place on the study's basis of costs; of equals the one that is there first.
    fn cheapest(&self, place: LonLat) -> PowerSupply {
        let planning = &self.study.config.planning;
        let (power, costs) = (&planning.power, &planning.costs);
        let grid = |index: &PlaceIndex, from_year: Option<u16>| {
            let line_m = index.nearest_m(place).filter(|m| *m <= power.max_grid_km * 1000.0)?;
            Some(PowerSupply {
                source: PowerSource::Grid { line_m, from_year },
                cost_million_vnd: power.grid_connection + power.grid_per_km * line_m / 1000.0,
                yearly_cost_million_vnd: power.grid_per_year,
            })
        };
        let solar = self.solar();
        let later = self.later.iter().filter_map(|(year, index)| grid(index, Some(*year)));
        let options = grid(&self.now, None).into_iter().chain([solar]).chain(later);
        let cost = |supply: &PowerSupply| costs.on_basis(supply.cost_million_vnd, supply.yearly_cost_million_vnd);
        options.min_by(|a, b| cost(a).total_cmp(&cost(b))).unwrap_or(solar)
    }
}
