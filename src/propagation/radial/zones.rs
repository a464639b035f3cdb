//! Radio-climatic zones on the way to each receiver, for radials that are not inland all the way.
//!
//! As in the plain form every point stands for the half intervals beside it. Sums and longest sections go outward with the
//! walk and take the same steps in the same order, so that they are the plain form's to the last bit: ω decides at 0.75 whether
//! ducts couple over the sea.

use super::super::p1812::Coasts;
use super::super::{Radial, RadialReceiver, Zone};
use super::tile::{Column, TILE, Tile};

/// The zones of a path, km.
#[derive(Debug, Clone, Copy)]
pub(super) struct OnTheWay {
    /// Over sea, in all.
    sea_km: f64,
    /// Where sea first begins, km from the transmitter; infinite without sea.
    first_sea_km: f64,
    /// Where sea last ends.
    last_sea_km: f64,
    land: Section,
    inland: Section,
}

/// The longest run of points that are of a kind.
#[derive(Debug, Clone, Copy)]
struct Section {
    /// Where the run began in which the last point is; infinite where that is of another kind.
    start_km: f64,
    longest_km: f64,
}

impl Section {
    const NONE: Self = Self { start_km: f64::INFINITY, longest_km: 0.0 };

    fn pass(&mut self, belongs: bool, from_km: f64, to_km: f64) {
        if belongs {
            self.start_km = self.start_km.min(from_km);
            self.longest_km = self.longest_km.max(to_km - self.start_km);
        } else {
            self.start_km = f64::INFINITY;
        }
    }
}

impl OnTheWay {
    const NONE: Self =
        Self { sea_km: 0.0, first_sea_km: f64::INFINITY, last_sea_km: 0.0, land: Section::NONE, inland: Section::NONE };

    /// A path of `d_km` inland.
    pub(super) fn inland(d_km: f64) -> Self {
        let mut path = Self::NONE;
        path.pass(Zone::Inland, 0.0, d_km);
        path
    }

    /// Passes a point that stands for the way between two distances.
    fn pass(&mut self, zone: Zone, from_km: f64, to_km: f64) {
        if zone == Zone::Sea {
            self.sea_km += to_km - from_km;
            self.first_sea_km = self.first_sea_km.min(from_km);
            self.last_sea_km = to_km;
        }
        self.land.pass(zone != Zone::Sea, from_km, to_km);
        self.inland.pass(zone == Zone::Inland, from_km, to_km);
    }

    /// ω of a path of `d_km`.
    pub(super) fn sea_fraction(&self, d_km: f64) -> f64 {
        self.sea_km / d_km
    }

    /// d_tm and d_lm, km.
    pub(super) fn sections_km(&self) -> (f64, f64) {
        (self.land.longest_km, self.inland.longest_km)
    }

    /// Distances of the ends of a path of `d_km` from its first and last sea, km; `None` without sea.
    pub(super) fn sea_from_ends_km(&self, d_km: f64) -> Option<[f64; 2]> {
        self.first_sea_km.is_finite().then_some([self.first_sea_km, d_km - self.last_sea_km])
    }
}

/// What the zones give each receiver of a tile.
pub(super) struct ZoneColumns {
    pub(super) paths: [OnTheWay; TILE],
    /// ω.
    pub(super) omega: Column,
    /// d_tm and d_lm, km.
    pub(super) d_tm: Column,
    pub(super) d_lm: Column,
    /// 1 where the receiver stands on land, 0 at sea.
    pub(super) on_land: Column,
}

impl ZoneColumns {
    const EMPTY: Self = Self {
        paths: [OnTheWay::NONE; TILE],
        omega: [0.0; TILE],
        d_tm: [0.0; TILE],
        d_lm: [0.0; TILE],
        on_land: [0.0; TILE],
    };

    /// Notes the zones on the way to the receivers of a tile that has been filled; the last columns repeat the last receiver.
    fn fill(&mut self, walk: &mut ZoneWalk<'_>, tile: &Tile, receivers: &[RadialReceiver]) {
        for k in 0..TILE {
            let last = k.min(receivers.len() - 1);
            let receiver = receivers[last];
            let path = walk.to(tile.passed[last] as usize, receiver);
            let (d_tm_km, d_lm_km) = path.sections_km();
            self.paths[k] = path;
            self.omega[k] = path.sea_fraction(receiver.distance_km) as f32;
            (self.d_tm[k], self.d_lm[k]) = (d_tm_km as f32, d_lm_km as f32);
            self.on_land[k] = if receiver.zone == Zone::Sea { 0.0 } else { 1.0 };
        }
    }
}

/// Gives each tile its zones. A type for radials without zones lets compilers drop all that has to do with them.
pub(super) trait Zones {
    /// The zones of a tile that has been filled; `None` where all is inland.
    fn of_tile(&mut self, tile: &Tile, receivers: &[RadialReceiver]) -> Option<&ZoneColumns>;
}

/// A radial that is inland all the way.
pub(super) struct Inland;

impl Zones for Inland {
    #[inline(always)]
    fn of_tile(&mut self, _: &Tile, _: &[RadialReceiver]) -> Option<&ZoneColumns> {
        None
    }
}

/// A radial with zones.
pub(super) struct Zoned<'a> {
    walk: ZoneWalk<'a>,
    columns: ZoneColumns,
}

impl<'a> Zoned<'a> {
    /// At the transmitter of a radial with samples in these zones.
    pub(super) fn new(radial: Radial<'a>, zone: &'a [Zone]) -> Self {
        let walk = ZoneWalk { distance_km: radial.distance_km, zone, counted: 0, whole: OnTheWay::NONE };
        Self { walk, columns: ZoneColumns::EMPTY }
    }
}

impl Zones for Zoned<'_> {
    #[inline(always)]
    fn of_tile(&mut self, tile: &Tile, receivers: &[RadialReceiver]) -> Option<&ZoneColumns> {
        self.columns.fill(&mut self.walk, tile, receivers);
        Some(&self.columns)
    }
}

/// The zones of the samples passed.
struct ZoneWalk<'a> {
    distance_km: &'a [f64],
    zone: &'a [Zone],
    /// Samples in `whole`: those of which the next is passed too.
    counted: usize,
    whole: OnTheWay,
}

impl ZoneWalk<'_> {
    /// The zones of the path to a receiver beyond the first `passed` samples.
    fn to(&mut self, passed: usize, receiver: RadialReceiver) -> OnTheWay {
        let d_km = self.distance_km;
        let begin_km = |i: usize| if i > 0 { (d_km[i - 1] + d_km[i]) / 2.0 } else { 0.0 };
        while self.counted + 1 < passed {
            let i = self.counted;
            self.whole.pass(self.zone[i], begin_km(i), (d_km[i] + d_km[i + 1]) / 2.0);
            self.counted += 1;
        }
        let last = passed - 1;
        let half_way_km = (d_km[last] + receiver.distance_km) / 2.0;
        let mut path = self.whole;
        path.pass(self.zone[last], begin_km(last), half_way_km);
        path.pass(receiver.zone, half_way_km, receiver.distance_km);
        path
    }
}

/// At most so much does coupling over the sea take off the ducting loss, dB, Eq. (49); it does less where the horizon is nearer than the coast.
pub(super) fn coupling_at_most_db(coasts: &Coasts, path: &OnTheWay, d_km: f64, h_s_amsl_m: [f64; 2]) -> f32 {
    if path.sea_fraction(d_km) < 0.75 {
        return 0.0;
    }
    let ends = coasts.distances_km(path.sea_from_ends_km(d_km)).into_iter().zip(h_s_amsl_m);
    let coupling =
        |(d_c_km, h_m): (f64, f64)| 3.0 * (-0.25 * d_c_km * d_c_km).exp() * (1.0 + (0.07 * (50.0 - h_m)).tanh());
    ends.filter(|(d_c_km, _)| *d_c_km <= 5.0).map(coupling).sum::<f64>() as f32
}
