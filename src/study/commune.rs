//! Communes: areas of administration; their seats have fibre.

use super::columns::Column;
use super::commune_areas::CommuneAreas;
use super::position::{is_on_earth, not_on_earth};
use super::rows::Rows;
use super::village::{Survey, survey};
use crate::geodesy::LonLat;
use crate::io::Table;
use crate::problem::{Kind, Problem, Problems};
use geo::{Area, Centroid, CoordsIter, Geometry, MultiPolygon};
use std::collections::HashMap;

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
    let mut read: Vec<Row> = Vec::with_capacity(table.len());
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
        let seat = seat_lon.zip(seat_lat).map(|(lon_deg, lat_deg)| LonLat { lon_deg, lat_deg });
        let middle = LonLat::new(centroid.x(), centroid.y());
        read.push(Row { name, area, seat, middle, has_fibre, number: row.number });
    });
    let communes = merged(read, &table.file, problems);
    warn_of_overlaps(&communes, &table.file, problems);
    communes
}

/// A row of the table.
struct Row {
    name: String,
    area: MultiPolygon<f64>,
    seat: Option<LonLat>,
    middle: LonLat,
    has_fibre: bool,
    number: usize,
}

/// Communes of rows: those with the same name are parts of one, whose seat is the first that is stated, else the middle of its first part.
fn merged(rows: Vec<Row>, file: &str, problems: &mut Problems) -> Vec<Commune> {
    let mut communes: Vec<(Commune, Row)> = Vec::with_capacity(rows.len());
    let mut of_name: HashMap<String, usize> = HashMap::new();
    for row in rows {
        let name = row.name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        let index = *of_name.entry(name).or_insert(communes.len());
        let Some((commune, first)) = communes.get_mut(index) else {
            let (name, seat) = (row.name.clone(), row.seat.unwrap_or(row.middle));
            communes.push((Commune { name, area: row.area.clone(), seat, has_fibre: row.has_fibre }, row));
            continue;
        };
        commune.area.0.extend(row.area);
        commune.has_fibre &= row.has_fibre;
        let message = format!("has the name of row {}; both count as one commune", first.number);
        let problem = Problem::warning(file, message).at_row(row.number).in_field(NAME.name()).with_value(&row.name);
        problems.push(problem.of_kind(Kind::Corrected, 1).suggest("communes that are not one need names of their own"));
        if first.seat.is_none() && row.seat.is_some() {
            first.seat = row.seat;
            commune.seat = row.seat.unwrap_or(commune.seat);
        }
    }
    communes.into_iter().map(|(commune, _)| commune).collect()
}

/// Outlines that were drawn separately overlap by less.
const LEAST_OVERLAP: f64 = 0.02;

fn warn_of_overlaps(communes: &[Commune], file: &str, problems: &mut Problems) {
    for ((a, b), share) in CommuneAreas::new(communes).overlaps() {
        if share >= LEAST_OVERLAP {
            let (a, b, percent) = (&communes[a].name, &communes[b].name, 100.0 * share);
            let message = format!(
                "\"{a}\" and \"{b}\" overlap by {percent:.0} % of the smaller; places in both count for one of them alone"
            );
            problems.push(Problem::warning(file, message).in_field("geometry"));
        }
    }
}
