//! Digital maps of the radio climate as the ITU publishes them beside its Recommendations: `DN50.TXT` (median ΔN, N-units/km) and
//! `N050.TXT` (median N₀, N-units) of Rec. ITU-R P.1812-8 §3.5.
//!
//! In: 121 lines of 241 numbers, from 90° N to 90° S and from 0° to 360° E in steps of 1.5°. Out: the value at a place, bilinear
//! between the four around it.

use crate::geodesy::LonLat;
use crate::problem::Problem;
use std::path::Path;

const ROWS: usize = 121;
const COLUMNS: usize = 241;
const STEP_DEG: f64 = 1.5;

/// A map in memory.
#[derive(Debug, Clone)]
pub struct ItuMap {
    values: Vec<f64>,
}

impl ItuMap {
    /// Reads a map; `name` is its name in messages.
    ///
    /// # Errors
    /// The file cannot be read, or is no such map: the row is named.
    pub fn read(path: &Path, name: &str) -> Result<Self, Problem> {
        super::refuse_endless(path, name)?;
        let text = std::fs::read_to_string(path).map_err(|e| Problem::error(name, format!("cannot be read: {e}")))?;
        let mut values = Vec::with_capacity(ROWS * COLUMNS);
        let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        for (index, line) in lines {
            let before = values.len();
            for word in line.split_ascii_whitespace() {
                let number = word.parse::<f64>().ok().filter(|v| v.is_finite());
                values.push(number.ok_or_else(|| {
                    Problem::error(name, "holds something else than numbers").at_row(index + 1).with_value(word)
                })?);
            }
            let got = values.len() - before;
            if got != COLUMNS {
                let message = format!("has {got} value(s); a map of the ITU has {COLUMNS} in each of {ROWS} lines");
                return Err(Problem::error(name, message).at_row(index + 1));
            }
        }
        if values.len() != ROWS * COLUMNS {
            let message = format!("has {} line(s) of values; a map of the ITU has {ROWS}", values.len() / COLUMNS);
            return Err(Problem::error(name, message));
        }
        Ok(Self { values })
    }

    /// The value at a place.
    pub fn at(&self, place: LonLat) -> f64 {
        let row = ((90.0 - place.lat_deg) / STEP_DEG).clamp(0.0, (ROWS - 1) as f64);
        let column = (place.lon_deg.rem_euclid(360.0) / STEP_DEG).clamp(0.0, (COLUMNS - 1) as f64);
        let (r, c) = ((row as usize).min(ROWS - 2), (column as usize).min(COLUMNS - 2));
        let (b, a) = (row - r as f64, column - c as f64);
        let value = |r: usize, c: usize| self.values[r * COLUMNS + c];
        let north = value(r, c) + (value(r, c + 1) - value(r, c)) * a;
        let south = value(r + 1, c) + (value(r + 1, c + 1) - value(r + 1, c)) * a;
        north + (south - north) * b
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt::Write;

    fn map(text: &str) -> Result<ItuMap, Problem> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        ItuMap::read(file.path(), "DN50.TXT")
    }

    /// Values 100·row + column.
    fn text(rows: usize, columns: usize) -> String {
        let mut text = String::new();
        for r in 0..rows {
            (0..columns).for_each(|c| write!(text, " {:.3}", 100.0 * r as f64 + c as f64).unwrap());
            text.push_str("\r\n");
        }
        text
    }

    #[test]
    fn values_lie_between_the_four_around_them() {
        let map = map(&text(121, 241)).unwrap();
        assert_eq!(map.at(LonLat::new(0.0, 90.0)), 0.0);
        assert_eq!(map.at(LonLat::new(0.0, -90.0)), 12_000.0);
        // 22.5 N is row 45, 106.5 E column 71; half a step south and a third east of that.
        assert!((map.at(LonLat::new(107.0, 21.75)) - (4_550.0 + 71.0 + 1.0 / 3.0)).abs() < 1e-9);
        assert_eq!(map.at(LonLat::new(-1.5, 90.0)), 239.0);
    }

    #[test]
    fn what_is_no_map_is_named() {
        assert!(map(&text(121, 240)).unwrap_err().to_string().contains("DN50.TXT, row 1: has 240 value(s)"));
        assert!(map(&text(120, 241)).unwrap_err().to_string().contains("has 120 line(s)"));
        let broken = text(121, 241).replacen(" 301.000", " abc", 1);
        assert!(map(&broken).unwrap_err().to_string().contains("row 2 = \"abc\""));
    }
}
