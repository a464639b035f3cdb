//! Radio-climatic zones on the terrain's pixels: sea, coastal land and inland (Rec. ITU-R P.1812-8 Table 4).

use super::resample::{file_pixel, nearest};
use crate::grid::Grid;
use crate::io::describe_raster;
use crate::problem::{Problem, Problems};
use crate::propagation::Zone;
use ndarray::Array2;
use std::path::PathBuf;

/// The zone of a code as the ITU's software numbers them: 1 sea, 3 coastal land, 4 inland.
fn zone_of(code: f32) -> Option<Zone> {
    match code {
        1.0 => Some(Zone::Sea),
        3.0 => Some(Zone::Coastal),
        4.0 => Some(Zone::Inland),
        _ => None,
    }
}

/// Zones on the terrain's pixels, by the nearest pixel of the files; earlier files win where several have a zone. `field` says in messages
/// where the files were named. `None` when all is inland, as it is without files.
///
/// A file that cannot be read, a code that is none, and files that give no pixel a zone are errors; pixels without a zone count as
/// inland and are counted.
pub fn read_zones(
    files: &[(PathBuf, String)],
    terrain: &Grid<f32>,
    field: &str,
    problems: &mut Problems,
) -> Option<Array2<Zone>> {
    let mut zones: Array2<Option<Zone>> = Array2::from_elem(terrain.values.dim(), None);
    let errors = problems.error_count();
    for (path, name) in files {
        let read = describe_raster(path, name).and_then(|info| Ok((nearest(&info, terrain)?, info)));
        let (codes, info) = match read {
            Ok(read) => read,
            Err(problem) => {
                problems.push(problem);
                continue;
            }
        };
        let mut bad: Option<((usize, usize), f32, usize)> = None;
        let mut reaches = false;
        for ((at, zone), &code) in zones.indexed_iter_mut().zip(&codes).filter(|(_, code)| !code.is_nan()) {
            reaches = true;
            match zone_of(code) {
                Some(found) => drop(zone.get_or_insert(found)),
                None => bad.get_or_insert((at, code, 0)).2 += 1,
            }
        }
        if let Some((at, code, count)) = bad {
            let place = file_pixel(&info, terrain, at)
                .map_or_else(String::new, |(row, column)| format!("row {row}, column {column} (from 0) "));
            let message = format!(
                "{place}is no zone; 1 (sea), 3 (coastal land) and 4 (inland) are allowed ({count} pixel(s) of the terrain)"
            );
            let hint = "if it marks voids, declare it: gdal_edit.py -a_nodata";
            problems.push(Problem::error(name, message).in_field(field).with_value(code).suggest(hint));
        } else if !reaches {
            problems.push(Problem::warning(name, "does not reach the study area").in_field(field));
        }
    }
    let name = files.first().map_or("zones", |(_, name)| name.as_str());
    let unknown = zones.iter().filter(|zone| zone.is_none()).count();
    if !files.is_empty() && problems.error_count() == errors && unknown > 0 {
        let problem = if unknown == zones.len() {
            Problem::error(name, "gives no pixel of the study area a zone")
        } else {
            Problem::warning(name, format!("{unknown} of {} pixel(s) of the terrain have no zone: inland", zones.len()))
        };
        problems.push(problem.in_field(field));
    }
    let zones = zones.mapv(Option::unwrap_or_default);
    zones.iter().any(|&zone| zone != Zone::Inland).then_some(zones)
}
