//! What stands on the land: classes of a land-cover raster, and people of a population raster, on the terrain's pixels.
//!
//! Classes are ESA WorldCover's unless a study says otherwise. Their representative heights stand on the terrain in every profile.

use super::resample::{nearest, spread};
use crate::grid::Grid;
use crate::io::describe_raster;
use crate::problem::{Problem, Problems};
use ndarray::Array2;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Classes of ESA WorldCover (product user manual v2.0) with the representative clutter height of the category of Rec. ITU-R
/// P.1812-8 Table 2 that is nearest, m: water and open land 0, suburban 10 (built-up), forest 15 (trees, mangroves).
pub static WORLD_COVER: [(u8, &str, f64); 11] = [
    (10, "tree cover", 15.0),
    (20, "shrubland", 0.0),
    (30, "grassland", 0.0),
    (40, "cropland", 0.0),
    (50, "built-up", 10.0),
    (60, "bare or sparse vegetation", 0.0),
    (70, "snow and ice", 0.0),
    (80, "permanent water bodies", 0.0),
    (90, "herbaceous wetland", 0.0),
    (95, "mangroves", 15.0),
    (100, "moss and lichen", 0.0),
];

/// Clutter height of each pixel, m; 0 where the class is not known.
pub fn clutter_heights(classes: &Grid<u8>, heights_m: &BTreeMap<u8, f64>) -> Array2<f32> {
    let mut by_code = [0.0f32; 256];
    for (&code, &height_m) in heights_m {
        by_code[usize::from(code)] = height_m as f32;
    }
    classes.values.mapv(|class| by_code[usize::from(class)])
}

/// The heights of [`WORLD_COVER`] by code.
pub fn world_cover_heights() -> BTreeMap<u8, f64> {
    WORLD_COVER.iter().map(|&(code, _, height_m)| (code, height_m)).collect()
}

/// Class codes on the terrain's pixels, 0 where they are not known. Earlier files win where several have a class.
///
/// A file that cannot be read, or that reaches none of the pixels, is an error; codes that `heights_m` does not list and pixels
/// without a class are counted. `field` and `heights_field` say in messages where the files and their heights were named.
pub fn read_land_cover(
    files: &[(PathBuf, String)],
    terrain: &Grid<f32>,
    heights_m: &BTreeMap<u8, f64>,
    [field, heights_field]: [&str; 2],
    problems: &mut Problems,
) -> Grid<u8> {
    let mut classes = terrain.filled_like(0u8);
    let mut unlisted: BTreeMap<u32, usize> = BTreeMap::new();
    let errors = problems.error_count();
    for (path, name) in files {
        let values = match describe_raster(path, name).and_then(|info| nearest(&info, terrain)) {
            Ok(values) => values,
            Err(problem) => {
                problems.push(problem);
                continue;
            }
        };
        if values.iter().all(|v| v.is_nan()) {
            problems.push(Problem::warning(name, "does not reach the study area").in_field(field));
        }
        for (class, value) in
            classes.values.iter_mut().zip(values).filter(|(c, v)| **c == 0 && v.is_finite() && *v != 0.0)
        {
            if (1.0..=255.0).contains(&value) && value.fract() == 0.0 && heights_m.contains_key(&(value as u8)) {
                *class = value as u8;
            } else {
                *unlisted.entry(value.to_bits()).or_default() += 1;
            }
        }
    }
    let name = files.first().map_or("land cover", |(_, name)| name.as_str());
    if !unlisted.is_empty() {
        let list: Vec<String> =
            unlisted.iter().take(10).map(|(bits, n)| format!("{} ({n})", f32::from_bits(*bits))).collect();
        let pixels: usize = unlisted.values().sum();
        let message = format!(
            "{pixels} pixel(s) of the terrain have {} class code(s) without a height and count as unknown: {}",
            unlisted.len(),
            list.join(", ")
        );
        problems.push(Problem::warning(name, message).in_field(heights_field));
    }
    if problems.error_count() > errors {
        return classes;
    }
    if !files.is_empty() && classes.values.iter().all(|&class| class == 0) {
        problems.push(Problem::error(name, "gives no pixel of the study area a class").in_field(field));
        return classes;
    }
    let unknown = classes.values.iter().filter(|&&class| class == 0).count();
    if unknown > 0 {
        let message = format!("{unknown} of {} pixel(s) of the terrain have no class", classes.values.len());
        problems.push(Problem::warning(name, message).in_field(field));
    }
    classes
}

/// More people live on no pixel, as in no village.
const MOST_PEOPLE_OF_PIXEL: f32 = 10_000_000.0;

/// People on the terrain's pixels; 0 where the file has none. Their sum is the file's over the study area.
///
/// A file that cannot be read or that does not reach the pixels is an error, and so is a count that no place has; negative counts and pixels of `inside` that it does
/// not reach are counted.
pub fn read_population(
    (path, name): &(PathBuf, String),
    terrain: &Grid<f32>,
    inside: &Array2<bool>,
    problems: &mut Problems,
) -> Option<Grid<f32>> {
    let result = describe_raster(path, name).and_then(|info| spread(&info, terrain, MOST_PEOPLE_OF_PIXEL));
    let found = result.map_err(|problem| problems.push(problem)).ok()?;
    if let Some((row, column, count)) = found.excessive {
        let message = format!("row {row}, column {column} (from 0) has more than {MOST_PEOPLE_OF_PIXEL} people");
        let problem = Problem::error(name, message).in_field("inputs.population").with_value(count);
        problems.push(problem.suggest("is it a raster of people per pixel, and its mark of missing values declared?"));
        return None;
    }
    if let Some((count, first)) = found.negative {
        let message = format!("{count} pixel(s) are negative and were left out");
        let hint = "if it marks voids, declare it: gdal_edit.py -a_nodata";
        problems.push(Problem::warning(name, message).with_value(first).suggest(hint));
    }
    if found.known.iter().all(|known| !known) {
        let message = "has no people counts in the study area; it must reach the terrain around the villages and sites";
        problems.push(Problem::error(name, message).in_field("inputs.population"));
        return None;
    }
    let missed = found.known.iter().zip(inside).filter(|&(&known, &inside)| inside && !known).count();
    if missed > 0 {
        let message = format!("has no value at {missed} pixel(s) of the study area; nobody is counted there");
        problems.push(Problem::warning(name, message).in_field("inputs.population"));
    }
    Some(Grid { values: found.counts.mapv(|v| v as f32), transform: terrain.transform, crs: terrain.crs.clone() })
}
