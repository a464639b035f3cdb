//! The antenna patterns that a study's cells may name.

use crate::io::refuse_endless;
use crate::problem::{Problem, Problems, did_you_mean};
use crate::radio::{AntennaPattern, BUILT_IN_ANTENNAS};
use std::path::{Path, PathBuf};

/// Extensions of pattern files.
const EXTENSIONS: [&str; 2] = ["msi", "pln"];

/// An antenna pattern of the study.
#[derive(Debug, Clone, PartialEq)]
pub struct Antenna {
    /// Stem of its file's name, by which cells name it; the name in the file serves too. Of built-in patterns their name.
    pub stem: String,
    /// The pattern.
    pub pattern: AntennaPattern,
}

impl Antenna {
    /// The built-in antennas, which are the first of every study.
    pub fn built_in() -> Vec<Self> {
        let named = |pattern: AntennaPattern| Self { stem: pattern.name.clone(), pattern };
        AntennaPattern::built_in().into_iter().map(named).collect()
    }
}

/// Place of the built-in antenna that radiates alike in all directions.
pub(super) const OMNI: usize = 0;
/// Place of the built-in sector taken where an azimuth is stated, no antenna and no tilt: 65° wide both ways, so that a tilt which is not
/// known takes nothing.
pub(super) const ASSUMED_SECTOR: usize = 1;
/// Place of that taken where a tilt is stated besides: 10° high, as panels of 15 to 18 dBi are.
pub(super) const ASSUMED_TILTED_SECTOR: usize = 2;

/// The files of an entry of `inputs.antennas`: itself, or what a folder holds, by name.
pub(super) fn files(path: &Path, name: &str, problems: &mut Problems) -> Vec<(PathBuf, String)> {
    if !path.is_dir() {
        return vec![(path.to_owned(), name.to_owned())];
    }
    let entries = match std::fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) => {
            problems.push(Problem::error(name, format!("cannot be read: {error}")).in_field("inputs.antennas"));
            return Vec::new();
        }
    };
    let is_pattern = |path: &PathBuf| {
        path.extension().is_some_and(|e| EXTENSIONS.contains(&e.to_string_lossy().to_lowercase().as_str()))
    };
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).filter(is_pattern).collect();
    paths.sort();
    if paths.is_empty() {
        problems.push(Problem::warning(name, "holds no .msi or .pln file").in_field("inputs.antennas"));
    }
    let named = |path: PathBuf| {
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        let name = format!("{}/{file}", name.trim_end_matches('/'));
        (path, name)
    };
    paths.into_iter().map(named).collect()
}

/// The built-in antennas, then those of pattern files; faulty files are reported and left out.
pub(super) fn read(files: &[(PathBuf, String)], problems: &mut Problems) -> Vec<Antenna> {
    let mut antennas = Antenna::built_in();
    for (path, name) in files {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if BUILT_IN_ANTENNAS.iter().any(|name| name.eq_ignore_ascii_case(&stem)) {
            let problem =
                Problem::error(name, format!("has the name of the built-in antenna \"{}\"", stem.to_lowercase()));
            problems.push(problem.suggest("rename it; cells name antennas by their file"));
            continue;
        }
        if antennas.iter().any(|a| a.stem.eq_ignore_ascii_case(&stem)) {
            let problem = Problem::error(name, format!("has the same name \"{stem}\" as another antenna file"));
            problems.push(problem.suggest("rename one of them; cells name antennas by their file"));
            continue;
        }
        let bytes = refuse_endless(path, name).and_then(|()| {
            std::fs::read(path).map_err(|error| Problem::error(name, format!("cannot be read: {error}")))
        });
        let bytes = match bytes {
            Ok(bytes) => bytes,
            Err(problem) => {
                problems.push(problem);
                continue;
            }
        };
        match AntennaPattern::parse_msi(&bytes, name, &stem) {
            Ok((pattern, warnings)) => {
                problems.extend(warnings);
                antennas.push(Antenna { stem, pattern });
            }
            Err(found) => problems.append(found),
        }
    }
    antennas
}

/// The antenna that a cell names: by its file's stem, else by the name in one file.
///
/// # Errors
/// What is wrong with the name, and what may be meant.
pub(super) fn find(antennas: &[Antenna], name: &str) -> Result<usize, (String, Option<String>)> {
    let same = |other: &str| other.trim().eq_ignore_ascii_case(name);
    let stem = |text: &str| EXTENSIONS.iter().find_map(|e| Some(text.strip_suffix(e)?.strip_suffix('.')?.to_owned()));
    let wanted = stem(&name.to_lowercase()).unwrap_or_else(|| name.to_owned());
    if let Some(index) = antennas.iter().position(|a| a.stem.eq_ignore_ascii_case(&wanted)) {
        return Ok(index);
    }
    let named: Vec<usize> = (0..antennas.len()).filter(|&i| same(&antennas[i].pattern.name)).collect();
    match named[..] {
        [index] => Ok(index),
        [] => {
            let known = antennas.iter().flat_map(|a| [a.stem.as_str(), a.pattern.name.as_str()]);
            Err((
                format!(
                    "is no antenna of the study (inputs.antennas), nor built in ({})",
                    BUILT_IN_ANTENNAS.join(", ")
                ),
                did_you_mean(name, known),
            ))
        }
        _ => {
            let stems: Vec<&str> = named.iter().map(|&i| antennas[i].stem.as_str()).collect();
            Err((format!("is the NAME in {} files; name one of {}", stems.len(), stems.join(", ")), None))
        }
    }
}
