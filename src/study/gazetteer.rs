//! Named places with coordinates, for villages whose table has none.

use super::columns::Column;
use super::rows::Rows;
use super::survey::PlaceName;
use super::village;
use crate::geodesy::LonLat;
use crate::io::Table;
use crate::problem::{Problem, Problems};

const ID: Column = Column::optional("id", &["gid", "code", "ma", "osm_id", "fid"]);
const NAME: Column = Column::required("name", &["ten", "name_vi", "village", "place"]);

/// Places of a layer; faulty rows are reported and left out. A place without an id is known by its row.
pub(super) fn read(table: &Table, problems: &mut Problems) -> Vec<(PlaceName, LonLat)> {
    let Some(rows) = Rows::open(table, &[ID, NAME, village::COMMUNE, village::DISTRICT], problems) else {
        return Vec::new();
    };
    if !rows.have_positions(problems) {
        return Vec::new();
    }
    let mut places = Vec::with_capacity(table.len());
    let mut nameless = 0;
    rows.for_each(problems, |mut row| {
        let Some(name) = row.text(&NAME).map(str::to_owned) else {
            nameless += 1;
            return;
        };
        let Some(position) = row.position() else { return };
        let text = |column| row.text(column).unwrap_or_default().to_owned();
        let id = row.text(&ID).map_or_else(|| format!("row {}", row.number), str::to_owned);
        let (commune, district) = (text(&village::COMMUNE), text(&village::DISTRICT));
        places.push((PlaceName { id, name, commune, district, row: row.number }, position));
    });
    if nameless > 0 {
        let message = format!("is empty for {nameless} place(s), which were left out");
        problems.push(Problem::warning(&table.file, message).in_field("name"));
    }
    places
}
