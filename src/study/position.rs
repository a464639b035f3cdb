//! Where the row of a table lies: its geometry, or its columns of coordinates, and what is wrong with them.

use super::columns::Column;
use super::coordinates::parse_coordinates;
use super::measurement::Measurements;
use super::number::{Axis, Number, parse_angle, parse_number};
use super::rows::Row;
use crate::geodesy::{BoundingBox, LonLat};
use crate::problem::Problem;
use crate::terrain::Terrain;
use geo::Centroid;

pub(super) const LON: Column = Column::optional("lon", &["longitude", "lng", "x", "long", "easting", "kinh_do"]);
pub(super) const LAT: Column = Column::optional("lat", &["latitude", "y", "northing", "vi_do"]);

/// Latitude and longitude in one column.
pub(super) const COORDINATES: Column =
    Column::optional("coordinates", &["coordinate", "toa_do", "toa_do_gps", "gps", "lat_lon", "lat_long", "latlon"]);

/// Geometry and coordinate columns of a row may lie so far apart, m, before somebody is told.
const MOST_DISAGREEMENT_M: f64 = 10.0;

/// Coordinates of no system are larger, in its unit.
const MOST_COORDINATE: f64 = 1e8;

/// What 0° N, 0° E stands for.
const NO_PLACE: &str = "which marks a missing position; leave the row out or state where it lies";

/// What unmarked metres look like.
const METRES: &str = "this looks like metres of VN-2000 or UTM: state crs = \"EPSG:9210\" (VN-2000 / TM-3 105-45, Cao Bằng), EPSG:3405 (VN-2000 / UTM 48N), \
                         EPSG:32648 (WGS 84 / UTM 48N) or the system that they are in";

impl Row<'_> {
    /// Position from the row's geometry (the centroid of lines and areas), else from its columns of coordinates; reported when
    /// there is none, or it is out of range, or the two disagree (the geometry is then taken).
    pub(super) fn position(&mut self) -> Option<LonLat> {
        let Some(point) = self.geometry().and_then(Centroid::centroid) else { return self.stated_position() };
        let position = LonLat::new(point.x(), point.y());
        if !position.is_valid() {
            self.fault_geometry(&not_on_earth(point.x(), point.y()));
            return None;
        }
        if let Some(Ok(stated)) = self.stated()
            && stated.is_valid()
        {
            let apart_m = position.distance_m(stated);
            if apart_m > MOST_DISAGREEMENT_M {
                let message = format!("lies {apart_m:.0} m from the stated coordinates; the geometry is taken");
                self.warn_geometry(&message);
            }
        }
        Some(position)
    }

    fn stated_position(&mut self) -> Option<LonLat> {
        let Some(stated) = self.stated() else {
            if [LON, LAT].iter().all(|column| self.text(column).is_none()) {
                self.fault_geometry("there is no position: columns lon and lat, or a geometry, are needed");
                return None;
            }
            for column in [LON, LAT] {
                if self.text(&column).is_none() {
                    self.fault(&column, "", "is empty; a value is needed");
                }
            }
            return None;
        };
        let fault = |(column, message): (Column, String)| {
            let value = self.text(&column).unwrap_or_default();
            self.fault(&column, value, &message);
        };
        stated.map_err(fault).ok()
    }

    /// The position that the row's columns state; `None` where they do not state both coordinates.
    fn stated(&self) -> Option<Result<LonLat, (Column, String)>> {
        if self.text(&LON).is_some() && self.text(&LAT).is_some() {
            return Some(self.coordinates());
        }
        Some(self.in_one_column(self.text(&COORDINATES)?).map_err(|message| (COORDINATES, message)))
    }

    fn in_one_column(&self, text: &str) -> Result<LonLat, String> {
        if let Some((crs, _)) = self.system() {
            return Err(format!(
                "is one column for both, which holds degrees; {} needs easting and northing",
                crs.name
            ));
        }
        let position = parse_coordinates(text)?;
        if position == LonLat::new(0.0, 0.0) { Err(format!("is 0, 0, {NO_PLACE}")) } else { Ok(position) }
    }

    /// The position that both coordinate columns state, or what is wrong with one of them.
    fn coordinates(&self) -> Result<LonLat, (Column, String)> {
        let system = self.system();
        let [most_lon, most_lat] = if system.is_some() { [MOST_COORDINATE; 2] } else { [180.0, 90.0] };
        let (lon, lat) = (self.coordinate(&LON, most_lon)?, self.coordinate(&LAT, most_lat)?);
        if let Some((crs, to_wgs84)) = system {
            if is_northing(lon) && is_easting(lat) && crs.wkt.contains("PARAMETER[\"false_easting\",500000") {
                let hint =
                    "looks like the northing and lat (y) like the easting; name the columns northing and easting";
                return Err((LON, hint.into()));
            }
            let no_place = || (LON, format!("with {lat} is no place in {}", crs.name));
            return to_wgs84.position(lon, lat).ok_or_else(no_place);
        }
        let position = LonLat::new(lon, lat);
        if lon == 0.0 && lat == 0.0 {
            return Err((LON, format!("and lat are 0, {NO_PLACE}")));
        }
        if position.is_valid() {
            return Ok(position);
        }
        let (column, limit) = if (-180.0..=180.0).contains(&lon) { (LAT, 90) } else { (LON, 180) };
        let hint = what_else(lon, lat).map_or(String::new(), |hint| format!("; {hint}"));
        Err((column, format!("is outside -{limit} to {limit}{hint}")))
    }

    fn coordinate(&self, column: &Column, most: f64) -> Result<f64, (Column, String)> {
        let text = self.text(column).unwrap_or_default();
        let Some((degrees, axis)) = parse_angle(text, self.decimal_comma()) else {
            let number = parse_number(text, self.decimal_comma());
            return match number {
                Some(Number::Plain(value)) if value.abs() <= MOST_COORDINATE => Ok(value), // the place is checked as a whole
                Some(number) => number.within(-most, most, false),
                None => Err("is not a number or an angle; write 106.2561 or 106°15'22\"E".into()),
            }
            .map_err(|message| (*column, message));
        };
        let own = if column.name() == LON.name() { Axis::Longitude } else { Axis::Latitude };
        match axis {
            Some(axis) if axis != own => {
                Err((*column, "has the direction of the other coordinate; lon and lat look swapped".into()))
            }
            _ => Ok(degrees),
        }
    }
}

/// An error when most positions of a file lie outside the terrain, and inside it with longitude and latitude exchanged.
pub(super) fn check_swapped(
    file: &str,
    positions: impl Iterator<Item = LonLat>,
    terrain: BoundingBox,
) -> Result<(), Problem> {
    let (mut all, mut swapped) = (0, 0);
    for p in positions {
        all += 1;
        let exchanged = terrain.contains(LonLat::new(p.lat_deg, p.lon_deg));
        swapped += usize::from(exchanged && !terrain.contains(p));
    }
    if 2 * swapped <= all {
        return Ok(());
    }
    let message =
        format!("{swapped} of {all} positions lie outside the terrain, and inside it with lon and lat exchanged");
    Err(Problem::error(file, message)
        .in_field("lon, lat")
        .suggest("lon and lat look swapped: exchange the names of the columns"))
}

/// An error about a place that was given as latitude and longitude and lies outside the terrain, and inside it with both exchanged.
pub fn swapped_site(position: LonLat, terrain: BoundingBox) -> Option<Problem> {
    let exchanged = LonLat::new(position.lat_deg, position.lon_deg);
    let is_swapped = terrain.contains(exchanged) && !terrain.contains(position);
    is_swapped.then(|| {
        Problem::error("command line", "lies outside the terrain, and inside it with latitude and longitude exchanged")
            .in_field("--site")
            .with_value(format!("{},{}", position.lat_deg, position.lon_deg))
            .suggest(format!("write LAT,LON: {},{}", position.lon_deg, position.lat_deg))
    })
}

/// An error when most measurements lie outside the terrain, and inside it with longitude and latitude exchanged.
pub fn swapped_measurements(measurements: &Measurements, terrain: &Terrain, file: &str) -> Option<Problem> {
    let corners = |(row, column): (usize, usize)| {
        let (x, y) = terrain.grid.transform.center(row as f64, column as f64);
        terrain.locator.position(x, y)
    };
    let (last_row, last_column) = (terrain.grid.rows() - 1, terrain.grid.columns() - 1);
    let all = [(0, 0), (0, last_column), (last_row, 0), (last_row, last_column)].map(corners);
    let bounds = BoundingBox::around(all)?;
    check_swapped(file, measurements.samples.iter().map(|sample| sample.position), bounds).err()
}

/// Whether a vertex is a place in degrees.
pub(super) fn is_on_earth(vertex: geo::Coord<f64>) -> bool {
    LonLat { lon_deg: vertex.x, lat_deg: vertex.y }.is_valid()
}

/// What is said of coordinates that no place has, and what they may be.
pub(super) fn not_on_earth(x: f64, y: f64) -> String {
    let hint = what_else(x, y)
        .unwrap_or("coordinates that are not degrees need a coordinate reference system: crs = \"EPSG:…\"");
    format!("is not on the earth; {hint}")
}

/// What coordinates that are no longitude and latitude look like.
fn what_else(x: f64, y: f64) -> Option<&'static str> {
    if LonLat::new(y, x).is_valid() {
        Some("lon and lat look swapped")
    } else if (is_easting(x) && is_northing(y)) || (is_northing(x) && is_easting(y)) {
        Some(METRES)
    } else {
        None
    }
}

/// Eastings of Vietnam in UTM and TM-3, with or without the zone before them.
fn is_easting(value: f64) -> bool {
    (100_000.0..=900_000.0).contains(&value) || (48_100_000.0..=49_900_000.0).contains(&value)
}

/// Northings between 7° and 24° north.
fn is_northing(value: f64) -> bool {
    (770_000.0..=2_660_000.0).contains(&value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_with_latitude_and_longitude_exchanged_is_told_of() {
        let alps = BoundingBox { west_deg: 11.5, south_deg: 47.5, east_deg: 12.0, north_deg: 48.0 };
        let told = |lon, lat| swapped_site(LonLat::new(lon, lat), alps).map(|problem| problem.to_string());
        let problem = told(47.74, 11.79).unwrap_or_default();
        assert!(problem.contains("--site = \"11.79,47.74\""), "{problem}");
        assert!(problem.ends_with("(write LAT,LON: 47.74,11.79)"), "{problem}");
        assert_eq!(told(11.79, 47.74), None);
        assert_eq!(told(106.0, 22.0), None, "elsewhere either way");
    }
}
