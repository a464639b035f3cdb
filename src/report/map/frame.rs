//! Between positions and pixels of the map.

use crate::geodesy::{BoundingBox, LonLat};
use crate::report::Results;
use geo::BoundingRect;

/// Width of the picture, pixels; less when the land is much higher than wide.
const WIDTH: f64 = 1600.0;
const MOST_HEIGHT: f64 = 1800.0;
const LEAST_HEIGHT: f64 = 400.0;

/// The part of the world that the map shows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame {
    bounds: BoundingBox,
    /// Size of the picture, pixels.
    pub(crate) width: u32,
    /// Height of the picture, pixels.
    pub(crate) height: u32,
}

impl Frame {
    /// The frame of a study: its communes, or its villages and sites without them, and what the plan builds; `None` without any.
    pub(crate) fn of(results: &Results<'_>) -> Option<Self> {
        let study = results.study;
        let communes = study.communes.iter().filter_map(|c| c.area.bounding_rect()).map(|r| BoundingBox {
            west_deg: r.min().x,
            south_deg: r.min().y,
            east_deg: r.max().x,
            north_deg: r.max().y,
        });
        let communes = communes.reduce(BoundingBox::union).map(|bounds| bounds.expanded(1_500.0));
        let bounds = communes.or_else(|| Some(study.bounds()?.expanded(4_000.0)))?;
        let planned = results.plan.iter().flat_map(|plan| plan.sites.iter().map(|s| &plan.candidates[s.candidate]));
        let planned = BoundingBox::around(planned.map(|candidate| candidate.position));
        Some(Self::new(planned.map_or(bounds, |planned| bounds.union(planned.expanded(1_500.0)))))
    }

    /// A frame around a box.
    pub(crate) fn new(bounds: BoundingBox) -> Self {
        let degrees_wide = (bounds.east_deg - bounds.west_deg) * bounds.center().lat_deg.to_radians().cos();
        let ratio = (bounds.north_deg - bounds.south_deg) / degrees_wide.max(f64::MIN_POSITIVE);
        let width = (MOST_HEIGHT / ratio).min(WIDTH);
        let height = (width * ratio).max(LEAST_HEIGHT);
        Self { bounds, width: width.round().max(1.0) as u32, height: height.round() as u32 }
    }

    /// x and y of a position in pixels from the north-western corner.
    pub(crate) fn pixel(&self, p: LonLat) -> (f64, f64) {
        let b = &self.bounds;
        let x = (p.lon_deg - b.west_deg) / (b.east_deg - b.west_deg) * f64::from(self.width);
        let y = (b.north_deg - p.lat_deg) / (b.north_deg - b.south_deg) * f64::from(self.height);
        (x, y)
    }

    /// The position of a pixel; fractions address points inside it.
    pub(crate) fn position(&self, x: f64, y: f64) -> LonLat {
        let b = &self.bounds;
        LonLat {
            lon_deg: b.west_deg + x / f64::from(self.width) * (b.east_deg - b.west_deg),
            lat_deg: b.north_deg - y / f64::from(self.height) * (b.north_deg - b.south_deg),
        }
    }

    /// Metres per pixel along the middle of the picture, west to east and north to south.
    pub(crate) fn meters_per_pixel(&self) -> (f64, f64) {
        let (x, y) = (f64::from(self.width) / 2.0, f64::from(self.height) / 2.0);
        let here = self.position(x, y);
        (here.distance_m(self.position(x + 1.0, y)), here.distance_m(self.position(x, y + 1.0)))
    }

    /// A round distance for a scale bar and its length: kilometres and pixels.
    pub(crate) fn scale_bar(&self) -> (f64, f64) {
        let meters = self.meters_per_pixel().0;
        let most_km = f64::from(self.width) * meters / 1000.0 / 6.0;
        let power = 10f64.powf(most_km.log10().floor());
        let step = [5.0, 2.0, 1.0].into_iter().find(|s| s * power <= most_km).unwrap_or(1.0);
        let km = step * power;
        (km, km * 1000.0 / meters)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_and_positions_are_inverse_and_to_scale() {
        let frame = Frame::new(BoundingBox { west_deg: 105.2, south_deg: 22.3, east_deg: 106.9, north_deg: 23.2 });
        assert_eq!(frame.width, 1600);
        let p = LonLat::new(106.0, 22.9);
        let (x, y) = frame.pixel(p);
        assert!(frame.position(x, y).distance_m(p) < 1e-3);
        let (dx, dy) = frame.meters_per_pixel();
        assert!((dx / dy - 1.0).abs() < 0.01, "{dx} {dy}");
        let (km, pixels) = frame.scale_bar();
        assert_eq!(km, 20.0);
        assert!((pixels * dx - 20_000.0).abs() < 1.0);
    }

    #[test]
    fn what_the_plan_builds_lies_on_the_map() {
        let mut study = crate::report::fixture::study(crate::study::Language::En);
        study.communes.clear();
        let mut results = crate::report::fixture::results(&study);
        let plan = results.plan.as_mut().unwrap();
        let far = LonLat::new(106.05, 22.75);
        plan.candidates[plan.sites[0].candidate].position = far;
        let frame = Frame::of(&results).unwrap();
        let (x, y) = frame.pixel(far);
        assert!(x > 0.0 && x < f64::from(frame.width) && y > 0.0 && y < f64::from(frame.height), "{x} {y}");
    }

    #[test]
    fn high_and_narrow_land_is_not_endless() {
        let frame = Frame::new(BoundingBox { west_deg: 106.0, south_deg: 20.0, east_deg: 106.1, north_deg: 23.0 });
        assert_eq!(frame.height, 1800);
        assert!(frame.width < 100);
    }
}
