//! Coordinate reference systems, and positions between them and WGS 84.
//!
//! VN-2000 always goes to WGS 84 with the official parameters (EPSG:6960, decision 05/2007/QĐ-BTNMT): left to itself, PROJ takes
//! others in the Mekong delta (0.8 m) and none at all, 224 m, for files that spell the datum's name in their own way.

use crate::geodesy::{BoundingBox, LonLat};
use crate::grid::Crs;
use gdal::errors::GdalError;
use gdal::spatial_ref::{AxisMappingStrategy, CoordTransform, SpatialRef};

/// Parameters of EPSG:6960 as PROJ writes them (position vector: rotations with the opposite sign of the decision's).
const VN_2000: &str = "+towgs84=-191.90441429,-39.30318279,-111.45032835,0.00928836,-0.01975479,0.00427372,0.252906278";

/// WGS 84 with longitude first.
pub(super) fn wgs84() -> Result<SpatialRef, GdalError> {
    SpatialRef::from_epsg(4326).map(longitude_first)
}

fn longitude_first(mut crs: SpatialRef) -> SpatialRef {
    crs.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
    crs
}

/// Our form of a system that GDAL knows.
pub(super) fn to_crs(crs: SpatialRef) -> Result<Crs, GdalError> {
    let crs = longitude_first(crs);
    let name = match (crs.auth_name(), crs.auth_code()) {
        (Some(authority), Ok(code)) => format!("{authority}:{code}"),
        _ => crs.name().unwrap_or_else(|| "unnamed".into()),
    };
    let is_wgs84_degrees = crs.is_geographic() && crs == wgs84()?;
    Ok(Crs { name, wkt: crs.to_wkt()?, is_wgs84_degrees })
}

/// GDAL's form of a system, x (longitude, easting) first.
pub(super) fn spatial_ref(crs: &Crs) -> Result<SpatialRef, GdalError> {
    SpatialRef::from_wkt(&crs.wkt).map(longitude_first)
}

/// The system with an EPSG code.
pub fn crs_of_epsg(code: u32) -> Result<Crs, GdalError> {
    to_crs(SpatialRef::from_epsg(code)?)
}

/// The system that a text defines: `EPSG:9210`, a PROJ string, WKT …
pub(super) fn crs_of_definition(text: &str) -> Result<Crs, GdalError> {
    to_crs(SpatialRef::from_definition(text)?)
}

/// GDAL's form of a system, tied to WGS 84 by the official parameters where it is VN-2000.
pub(super) fn tied(crs: &Crs) -> Result<SpatialRef, GdalError> {
    let plain = spatial_ref(crs)?;
    if !is_vn_2000(&plain) {
        return Ok(plain);
    }
    let definition = plain.to_proj4()?;
    let tied = if definition.contains("+towgs84") { definition } else { format!("{definition} {VN_2000}") };
    SpatialRef::from_proj4(&tied).map(longitude_first)
}

fn is_vn_2000(crs: &SpatialRef) -> bool {
    let names = [crs.get_attr_value("GEOGCS", 0), crs.get_attr_value("DATUM", 0)];
    names.into_iter().flatten().flatten().any(|name| {
        let letters: String = name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
        letters.contains("vn2000") || letters.contains("vietnam2000")
    })
}

/// From a system to WGS 84; made once for many positions.
pub struct ToWgs84(Option<CoordTransform>);

impl ToWgs84 {
    /// The way from a system to WGS 84.
    ///
    /// # Errors
    /// PROJ knows none.
    pub fn new(crs: &Crs) -> Result<Self, GdalError> {
        let transform = || CoordTransform::new(&tied(crs)?, &wgs84()?);
        Ok(Self(if crs.is_wgs84_degrees { None } else { Some(transform()?) }))
    }

    /// Longitude and latitude of x and y; `None` where the system has no such place.
    pub fn position(&self, x: f64, y: f64) -> Option<LonLat> {
        let (mut lon, mut lat) = ([x], [y]);
        if let Some(transform) = &self.0 {
            transform.transform_coords(&mut lon, &mut lat, &mut []).ok()?;
        }
        Some(LonLat::new(lon[0], lat[0])).filter(|p| p.is_valid())
    }

    /// The transformation; `None` where the coordinates are WGS 84 degrees already.
    pub(super) fn transform(&self) -> Option<&CoordTransform> {
        self.0.as_ref()
    }
}

fn from_wgs84_transform(crs: &Crs) -> Result<CoordTransform, GdalError> {
    CoordTransform::new(&wgs84()?, &tied(crs)?)
}

/// Transforms WGS 84 longitudes and latitudes in place to x and y of a system.
pub fn from_wgs84(crs: &Crs, x: &mut [f64], y: &mut [f64]) -> Result<(), GdalError> {
    if crs.is_wgs84_degrees {
        return Ok(());
    }
    from_wgs84_transform(crs)?.transform_coords(x, y, &mut [])
}

/// Transforms x and y of a system in place to WGS 84 longitudes and latitudes.
pub fn to_wgs84(crs: &Crs, x: &mut [f64], y: &mut [f64]) -> Result<(), GdalError> {
    ToWgs84::new(crs)?.0.map_or(Ok(()), |transform| transform.transform_coords(x, y, &mut []))
}

/// The box in a system's coordinates `(west, south, east, north)` that holds a box of WGS 84.
pub fn bounds_from_wgs84(crs: &Crs, bounds: BoundingBox) -> Result<[f64; 4], GdalError> {
    let corners = [bounds.west_deg, bounds.south_deg, bounds.east_deg, bounds.north_deg];
    if crs.is_wgs84_degrees {
        return Ok(corners);
    }
    from_wgs84_transform(crs)?.transform_bounds(&corners, 21)
}

/// The box of WGS 84 that holds a box `[west, south, east, north]` in a system's coordinates.
pub fn bounds_to_wgs84(crs: &Crs, corners: [f64; 4]) -> Result<BoundingBox, GdalError> {
    let [west_deg, south_deg, east_deg, north_deg] = match ToWgs84::new(crs)?.0 {
        None => corners,
        Some(transform) => transform.transform_bounds(&corners, 21)?,
    };
    Ok(BoundingBox { west_deg, south_deg, east_deg, north_deg })
}

#[cfg(test)]
mod tests {
    use super::*;

    const A_M: f64 = 6_378_137.0;
    const E2: f64 = (2.0 - 1.0 / 298.257_223_563) / 298.257_223_563;

    /// VN-2000 degrees to WGS 84 by the seven parameters of decision 05/2007/QĐ-BTNMT, coordinate frame rotation
    /// (EPSG method 9607), written out here: ellipsoid → geocentric → Helmert → ellipsoid.
    fn helmert(p: LonLat) -> LonLat {
        let (lon, lat) = (p.lon_deg.to_radians(), p.lat_deg.to_radians());
        let n = A_M / (1.0 - E2 * lat.sin().powi(2)).sqrt();
        let [x, y, z] = [n * lat.cos() * lon.cos(), n * lat.cos() * lon.sin(), n * (1.0 - E2) * lat.sin()];
        let [rx, ry, rz] = [-0.009_288_36_f64, 0.019_754_79, -0.004_273_72].map(|s| (s / 3600.0).to_radians());
        let m = 1.0 + 0.252_906_278e-6;
        let x2 = -191.904_414_29 + m * (x + rz * y - ry * z);
        let y2 = -39.303_182_79 + m * (-rz * x + y + rx * z);
        let z2 = -111.450_328_35 + m * (ry * x - rx * y + z);
        let p = x2.hypot(y2);
        let mut lat = z2.atan2(p * (1.0 - E2));
        for _ in 0..6 {
            let n = A_M / (1.0 - E2 * lat.sin().powi(2)).sqrt();
            lat = (z2 + E2 * n * lat.sin()).atan2(p);
        }
        LonLat::new(y2.atan2(x2).to_degrees(), lat.to_degrees())
    }

    #[test]
    fn vn_2000_degrees_follow_the_official_parameters_everywhere() {
        let odd = r#"GEOGCS["VN2000",DATUM["D_VN2000",SPHEROID["WGS84",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["Degree",0.0174532925199433]]"#;
        let esri = r#"GEOGCS["GCS_VN_2000",DATUM["D_Vietnam_2000",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]"#;
        for definition in ["EPSG:4756", odd, esri] {
            let to_wgs84 = ToWgs84::new(&crs_of_definition(definition).unwrap()).unwrap();
            // Cao Bằng, over the border, the Mekong delta (where PROJ would take EPSG:5194), outside any area of use
            for (lon, lat) in [(106.26, 22.66), (106.8, 23.9), (105.8, 10.0), (101.0, 22.0)] {
                let found = to_wgs84.position(lon, lat).unwrap();
                let apart_m = found.distance_m(helmert(LonLat::new(lon, lat)));
                assert!(apart_m < 0.001, "{definition} {lon} {lat}: {apart_m} m");
            }
        }
        let place = LonLat::new(106.26, 22.66);
        let moved_m = helmert(place).distance_m(place);
        assert!((moved_m - 224.0).abs() < 0.5, "reading VN-2000 as WGS 84 moves a place {moved_m} m");
    }

    /// Northing and easting of the transverse Mercator projection by Krüger's series to the third order (mm within 3°).
    fn transverse_mercator(p: LonLat, meridian_deg: f64, k: f64) -> (f64, f64) {
        let n = 1.0 / (2.0 * 298.257_223_563 - 1.0);
        let radius = A_M / (1.0 + n) * (1.0 + n * n / 4.0 + n.powi(4) / 64.0);
        let alpha = [
            n / 2.0 - 2.0 / 3.0 * n * n + 5.0 / 16.0 * n.powi(3),
            13.0 / 48.0 * n * n - 3.0 / 5.0 * n.powi(3),
            61.0 / 240.0 * n.powi(3),
        ];
        let (lat, lon) = (p.lat_deg.to_radians(), (p.lon_deg - meridian_deg).to_radians());
        let e = E2.sqrt();
        let t = (lat.sin().atanh() - e * (e * lat.sin()).atanh()).sinh();
        let xi = t.atan2(lon.cos());
        let eta = (lon.sin() / (1.0 + t * t).sqrt()).atanh();
        let (mut x, mut y) = (eta, xi);
        for (j, a) in (1..).zip(alpha) {
            let j = 2.0 * f64::from(j);
            x += a * (j * xi).cos() * (j * eta).sinh();
            y += a * (j * xi).sin() * (j * eta).cosh();
        }
        (500_000.0 + k * radius * x, k * radius * y)
    }

    #[test]
    fn every_zone_of_vn_2000_is_within_a_centimetre_of_the_formulas() {
        let tm_3 =
            [103.0, 104.0, 104.5, 104.75, 105.5, 105.75, 106.0, 106.25, 106.5, 107.0, 107.25, 107.5, 108.25, 108.5];
        let zones = (9205..=9218).zip(tm_3).map(|(epsg, meridian)| (epsg, meridian, 0.9999));
        let utm = [(3405, 105.0, 0.9996), (3406, 111.0, 0.9996)];
        for (epsg, meridian, k) in zones.chain(utm) {
            let crs = crs_of_epsg(epsg).unwrap();
            for place in [LonLat::new(meridian + 0.5, 22.66), LonLat::new(meridian - 0.7, 10.1)] {
                let (x, y) = transverse_mercator(place, meridian, k);
                let found = ToWgs84::new(&crs).unwrap().position(x, y).unwrap();
                let apart_m = found.distance_m(helmert(place));
                assert!(apart_m < 0.01, "EPSG:{epsg} {place:?}: {apart_m} m");
                let (mut lon, mut lat) = ([found.lon_deg], [found.lat_deg]);
                from_wgs84(&crs, &mut lon, &mut lat).unwrap();
                assert!((lon[0] - x).hypot(lat[0] - y) < 0.01, "EPSG:{epsg} back");
            }
        }
    }
}
