//! The terrain profile of one link from a table: the same encodings, separators, numbers and names of columns as in every
//! table of a study.

use super::columns::Column;
use super::rows::Rows;
use crate::io::{Table, TableSource, read_table};
use crate::problem::{Problem, Problems};
use crate::propagation::{Profile, ProfileError, Zone};
use std::path::Path;

const DISTANCE: Column = Column::required("distance_km", &["d_km", "khoang_cach_km"]);
const TERRAIN: Column =
    Column::required("terrain_amsl_m", &["terrain_m", "height_amsl_m", "elevation_m", "elevation", "do_cao_m"]);
const CLUTTER: Column = Column::optional("clutter_m", &["clutter", "vat_can_m"]);
const ZONE: Column = Column::optional("zone", &["vung"]);

/// No profile is longer, km, nor are its heights larger, m; what a model takes it says itself.
const MOST_KM: f64 = 1e6;
const MOST_HEIGHT_M: f64 = 20_000.0;
const MOST_CLUTTER_M: f64 = 1_000.0;

/// The profile in a file and warnings about it. `clutter_m` (0) and `zone` (inland) may be left out or empty.
///
/// # Errors
/// Every problem of the file.
pub fn read_profile(path: &Path) -> Result<(Profile, Problems), Problems> {
    let mut problems = Problems::default();
    let source = TableSource::new(&path.display().to_string());
    let profile = read_table(&source, Path::new(""), &mut problems).and_then(|table| read(&table, &mut problems));
    let warnings = problems.into_warnings()?;
    profile.map(|profile| (profile, warnings)).ok_or_else(|| Problem::error(source.name(), "has no profile").into())
}

/// The profile of a table; its faults are reported.
fn read(table: &Table, problems: &mut Problems) -> Option<Profile> {
    let rows = Rows::open(table, &[DISTANCE, TERRAIN, CLUTTER, ZONE], problems)?;
    let (mut distance_km, mut terrain_amsl_m, mut clutter_m, mut zones) = (vec![], vec![], vec![], vec![]);
    let mut is_faulty = false;
    rows.for_each(problems, |mut row| {
        for (column, most, values) in
            [(DISTANCE, MOST_KM, &mut distance_km), (TERRAIN, MOST_HEIGHT_M, &mut terrain_amsl_m)]
        {
            if row.required_text(&column).is_some() {
                values.extend(row.number(&column, -most, most));
            }
        }
        clutter_m.push(row.number(&CLUTTER, 0.0, MOST_CLUTTER_M).unwrap_or(0.0));
        let zone = row.text(&ZONE);
        zones.push(match zone.map(str::to_lowercase).as_deref() {
            None | Some("inland") => Zone::Inland,
            Some("coastal") => Zone::Coastal,
            Some("sea") => Zone::Sea,
            Some(_) => {
                row.fault(&ZONE, zone.unwrap_or_default(), "zone is sea, coastal or inland");
                Zone::Inland
            }
        });
        is_faulty |= row.is_faulty();
    });
    if is_faulty {
        return None;
    }
    let profile = Profile::new(distance_km, terrain_amsl_m, clutter_m, zones);
    profile.map_err(|error| problems.push(problem_of(table, error))).ok()
}

/// A profile's fault, said in the file's own terms.
fn problem_of(table: &Table, error: ProfileError) -> Problem {
    match error {
        ProfileError::Value { field, index, value, allowed } => {
            Problem::error(&table.file, allowed).at_row(table.row_number(index)).in_field(field).with_value(value)
        }
        other => Problem::error(&table.file, other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(bytes: impl AsRef<[u8]>) -> Result<(Profile, Problems), String> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("p.csv");
        std::fs::write(&file, bytes).unwrap();
        let place = format!("{}/", folder.path().display());
        read_profile(&file).map_err(|problems| problems.to_string().replace(&place, ""))
    }

    #[test]
    fn columns_in_any_order_with_defaults() {
        let (profile, warnings) = parse("zone;Terrain_amsl_m;distance_km\n;10,5;0\nsea;12;1,5\n").unwrap();
        assert_eq!((profile.distance_km(), profile.terrain_amsl_m()), (&[0.0, 1.5][..], &[10.5, 12.0][..]));
        assert_eq!((profile.zone(), profile.clutter_m()), (&[Zone::Inland, Zone::Sea][..], &[0.0, 0.0][..]));
        assert!(warnings.is_empty());
    }

    #[test]
    fn a_profile_is_read_like_every_table() {
        let text = "Mặt cắt Pác Bó\t\nKhoảng cách km\tĐộ cao m\n0\t1 512,5\n2\t498\n".replace(',', ".");
        let utf_16: Vec<u8> = [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        let (profile, warnings) = parse(utf_16).unwrap();
        assert_eq!((profile.distance_km(), profile.terrain_amsl_m()), (&[0.0, 2.0][..], &[1512.5, 498.0][..]));
        assert!(warnings.to_string().contains("left out as a title"), "{warnings}");
    }

    #[test]
    fn thousands_are_never_taken_for_decimals() {
        let message = parse("distance_km;terrain_amsl_m\r\n0;500\r\n1;1.600\r\n2;480\r\n").unwrap_err();
        assert_eq!(
            message,
            "error: p.csv, row 3, terrain_amsl_m = \"1.600\": may mean 1600 or 1.6; write it without a mark for thousands"
        );
    }

    #[test]
    fn every_fault_is_reported_with_row_and_field() {
        let message = parse("distance_km,terrain_amsl_m,zone,cluter_m\n0,abc,inland,1\n1,5,lake,1\n").unwrap_err();
        for part in [
            "warning: p.csv, cluter_m: column is not read (did you mean \"clutter_m\"?)",
            "error: p.csv, row 2, terrain_amsl_m = \"abc\": is not a number",
            "error: p.csv, row 3, zone = \"lake\": zone is sea, coastal or inland",
        ] {
            assert!(message.contains(part), "{part:?} is not in {message:?}");
        }
        let message = parse("distance_km,terrain_amsl_m\n0,1\n\n2,1\n1,1\n").unwrap_err();
        assert!(message.starts_with("error: p.csv, row 5, distance_km = \"1\": distances must be"), "{message}");
        let message = parse("distance_km\n0\n1\n").unwrap_err();
        assert!(message.starts_with("error: p.csv, terrain_amsl_m: column is missing"), "{message}");
        assert!(parse("").is_err());
    }
}
