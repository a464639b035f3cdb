//! Communes: areas of administration; their seats have fibre.

use super::columns::Column;
use super::position::{is_on_earth, not_on_earth};
use super::rows::Rows;
use super::village::{Survey, survey};
use crate::geodesy::LonLat;
use crate::io::Table;
use crate::problem::Problems;
use geo::{Area, Centroid, CoordsIter, Geometry, MultiPolygon};

/// A commune or ward.
#[derive(Debug, Clone, PartialEq)]
pub struct Commune {
    /// Name.
    pub name: String,
    /// Area on WGS 84.
    pub area: MultiPolygon<f64>,
    /// Its seat, where fibre ends; the middle of the area when the table does not say.
    pub seat: LonLat,
    /// Whether fibre of the network ends at its seat: unless its table says no.
    pub has_fibre: bool,
}

const NAME: Column = Column::required("name", &["commune", "ten", "ten_xa", "name_vi"]);
const SEAT_LON: Column = Column::optional("seat_lon", &[]);
const SEAT_LAT: Column = Column::optional("seat_lat", &[]);
const FIBRE: Column = Column::optional("fibre", &["fiber", "has_fibre", "cap_quang"]);

/// Communes of a layer of polygons.
pub(super) fn read(table: &Table, problems: &mut Problems) -> Vec<Commune> {
    let Some(rows) = Rows::open(table, &[NAME, SEAT_LON, SEAT_LAT, FIBRE], problems) else { return Vec::new() };
    let mut communes = Vec::with_capacity(table.len());
    rows.for_each(problems, |mut row| {
        let name = row.required_text(&NAME);
        let seat_lon = row.number(&SEAT_LON, -180.0, 180.0);
        let seat_lat = row.number(&SEAT_LAT, -90.0, 90.0);
        if seat_lon.is_some() != seat_lat.is_some() {
            row.fault(&SEAT_LON, "", "seat_lon and seat_lat belong together; one of them is missing");
        }
        let has_fibre = survey(&mut row, &FIBRE) != Survey::No;
        let area = match row.geometry() {
            Some(Geometry::Polygon(polygon)) => Some(MultiPolygon::new(vec![polygon.clone()])),
            Some(Geometry::MultiPolygon(polygons)) => Some(polygons.clone()),
            _ => None,
        };
        let centroid = area.as_ref().and_then(Centroid::centroid);
        let (Some(area), Some(centroid)) = (area, centroid) else {
            row.fault_geometry("must be a polygon or multipolygon that is not empty");
            return;
        };
        if area.unsigned_area() == 0.0 {
            row.fault_geometry("has no area");
        }
        if let Some(c) = area.coords_iter().find(|c| !is_on_earth(*c)) {
            row.fault_geometry(&not_on_earth(c.x, c.y));
        }
        if row.is_faulty() {
            return;
        }
        let Some(name) = name else { return };
        let seat = match (seat_lon, seat_lat) {
            (Some(lon_deg), Some(lat_deg)) => LonLat { lon_deg, lat_deg },
            _ => LonLat::new(centroid.x(), centroid.y()),
        };
        communes.push(Commune { name, area, seat, has_fibre });
    });
    communes
}
