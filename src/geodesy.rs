//! Distances, bearings and points on the WGS 84 ellipsoid (a thin layer over GeographicLib).
//!
//! In: WGS 84 longitude and latitude in degrees. Out: metres and degrees. Valid everywhere except boxes that cross the
//! antimeridian.

use geographiclib_rs::{DirectGeodesic, Geodesic, InverseGeodesic};
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

static WGS84: LazyLock<Geodesic> = LazyLock::new(Geodesic::wgs84);

/// Metres in one degree of latitude, the mean over the WGS 84 meridian: for margins and search boxes, never for distances.
pub const METERS_PER_DEGREE: f64 = 111_132.95;

/// A position on WGS 84 (EPSG:4326), degrees.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct LonLat {
    /// Longitude, degrees east, −180 to 180.
    pub lon_deg: f64,
    /// Latitude, degrees north, −90 to 90.
    pub lat_deg: f64,
}

impl LonLat {
    /// A position from longitude and latitude, in this order.
    pub fn new(lon_deg: f64, lat_deg: f64) -> Self {
        Self { lon_deg, lat_deg }
    }

    /// Whether both numbers are finite and within their ranges.
    pub fn is_valid(self) -> bool {
        (-180.0..=180.0).contains(&self.lon_deg) && (-90.0..=90.0).contains(&self.lat_deg)
    }

    /// Length of the geodesic to `other`, metres.
    pub fn distance_m(self, other: LonLat) -> f64 {
        WGS84.inverse(self.lat_deg, self.lon_deg, other.lat_deg, other.lon_deg)
    }

    /// Length of the geodesic to `other` in metres and its initial bearing in degrees clockwise from north, 0 to 360.
    pub fn distance_and_azimuth(self, other: LonLat) -> (f64, f64) {
        let (distance_m, azimuth_deg, _, _): (f64, f64, f64, f64) =
            WGS84.inverse(self.lat_deg, self.lon_deg, other.lat_deg, other.lon_deg);
        (distance_m, azimuth_deg.rem_euclid(360.0))
    }

    /// Initial bearing of the geodesic to `other`, degrees clockwise from north, 0 to 360.
    pub fn azimuth_deg(self, other: LonLat) -> f64 {
        self.distance_and_azimuth(other).1
    }

    /// Points from here to `other`, both included, on the straight line of degrees, at most `step_m` metres apart.
    pub fn steps_to(self, other: LonLat, step_m: f64) -> impl Iterator<Item = LonLat> {
        let steps = (self.distance_m(other) / step_m).ceil().max(1.0) as usize;
        let (lon, lat) = (other.lon_deg - self.lon_deg, other.lat_deg - self.lat_deg);
        (0..=steps).map(move |i| {
            let t = i as f64 / steps as f64;
            Self::new(self.lon_deg + lon * t, self.lat_deg + lat * t)
        })
    }

    /// The point `distance_m` metres away along the geodesic that leaves at `azimuth_deg`.
    pub fn destination(self, azimuth_deg: f64, distance_m: f64) -> LonLat {
        let (lat_deg, lon_deg) = WGS84.direct(self.lat_deg, self.lon_deg, azimuth_deg, distance_m);
        LonLat { lon_deg, lat_deg }
    }
}

/// A box of longitudes and latitudes, degrees.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct BoundingBox {
    /// Western longitude.
    pub west_deg: f64,
    /// Southern latitude.
    pub south_deg: f64,
    /// Eastern longitude.
    pub east_deg: f64,
    /// Northern latitude.
    pub north_deg: f64,
}

impl BoundingBox {
    /// The smallest box that holds all points; `None` without points.
    pub fn around(points: impl IntoIterator<Item = LonLat>) -> Option<Self> {
        points.into_iter().fold(None, |bounds: Option<Self>, p| {
            let at = Self { west_deg: p.lon_deg, south_deg: p.lat_deg, east_deg: p.lon_deg, north_deg: p.lat_deg };
            Some(bounds.map_or(at, |b| b.union(at)))
        })
    }

    /// The smallest box that holds both.
    pub fn union(self, other: Self) -> Self {
        Self {
            west_deg: self.west_deg.min(other.west_deg),
            south_deg: self.south_deg.min(other.south_deg),
            east_deg: self.east_deg.max(other.east_deg),
            north_deg: self.north_deg.max(other.north_deg),
        }
    }

    /// The part that both boxes share; `None` when they do not touch.
    pub fn intersection(self, other: Self) -> Option<Self> {
        let shared = Self {
            west_deg: self.west_deg.max(other.west_deg),
            south_deg: self.south_deg.max(other.south_deg),
            east_deg: self.east_deg.min(other.east_deg),
            north_deg: self.north_deg.min(other.north_deg),
        };
        (shared.west_deg <= shared.east_deg && shared.south_deg <= shared.north_deg).then_some(shared)
    }

    /// The box grown on every side by at least `margin_m` metres.
    pub fn expanded(self, margin_m: f64) -> Self {
        let d_lat = margin_m / METERS_PER_DEGREE * 1.01;
        let widest = self.south_deg.abs().max(self.north_deg.abs()) + d_lat;
        let d_lon = d_lat / widest.min(89.0).to_radians().cos();
        Self {
            west_deg: self.west_deg - d_lon,
            south_deg: self.south_deg - d_lat,
            east_deg: self.east_deg + d_lon,
            north_deg: self.north_deg + d_lat,
        }
    }

    /// Whether the point lies inside or on the edge.
    pub fn contains(self, p: LonLat) -> bool {
        (self.west_deg..=self.east_deg).contains(&p.lon_deg) && (self.south_deg..=self.north_deg).contains(&p.lat_deg)
    }

    /// The middle of the box.
    pub fn center(self) -> LonLat {
        LonLat::new((self.west_deg + self.east_deg) / 2.0, (self.south_deg + self.north_deg) / 2.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_published_geodesic_wellington_to_salamanca() {
        // GeographicLib manual, GeodSolve example: Wellington to Salamanca.
        let wellington = LonLat::new(174.81, -41.32);
        let salamanca = LonLat::new(-5.50, 40.96);
        assert!((wellington.distance_m(salamanca) - 19_959_679.267).abs() < 0.01);
    }

    #[test]
    fn destination_undoes_distance_and_azimuth() {
        let from = LonLat::new(106.26, 22.66);
        let to = from.destination(123.0, 25_000.0);
        assert!((from.distance_m(to) - 25_000.0).abs() < 1e-6);
        assert!((from.azimuth_deg(to) - 123.0).abs() < 1e-9);
    }

    #[test]
    fn an_expanded_box_holds_the_circle() {
        let p = LonLat::new(106.0, 22.5);
        let grown = BoundingBox::around([p]).map(|b| b.expanded(25_000.0));
        for azimuth in 0..360 {
            assert!(grown.is_some_and(|b| b.contains(p.destination(f64::from(azimuth), 25_000.0))));
        }
    }
}
