//! Latitude and longitude in one text, as people copy them from a map: `22.66, 106.26`, `22,66 106,26`, `22°39'36"B 106°15'22"Đ`.
//!
//! Latitude stands first unless letters say otherwise; nothing is exchanged by a guess.

use super::number::{Axis, parse_angle};
use crate::geodesy::LonLat;

/// Marks that may part the two, with blanks around them.
const SEPARATORS: [char; 4] = [',', ';', '/', '|'];

/// Reads both coordinates; or what is wrong with the text.
pub(super) fn parse_coordinates(text: &str) -> Result<LonLat, String> {
    let text = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')).unwrap_or(text);
    let is_separator = |c: char| c.is_whitespace() || SEPARATORS.contains(&c);
    let mut readings: Vec<[f64; 2]> = Vec::new();
    let mut faults = Vec::new();
    // Each run of separators may be the one between the two: at most one of them leaves an angle on both sides.
    let mut rest = text;
    while let Some(at) = rest.find(is_separator) {
        let start = text.len() - rest.len() + at;
        let after = text[start..].trim_start_matches(is_separator);
        let (first, between) = (&text[..start], &text[start..text.len() - after.len()]);
        rest = after;
        let (Some(first), Some(second)) = (parse_degrees(first), parse_degrees(after)) else { continue };
        if between == "," && first.is_whole && second.is_whole {
            continue; // 22,66 is one number
        }
        match in_order(first, second) {
            Ok(reading) if !readings.contains(&reading) => readings.push(reading),
            Ok(_) => {}
            Err(fault) => faults.push(fault),
        }
    }
    match (&readings[..], faults.pop()) {
        ([[lat, lon]], _) => Ok(LonLat::new(*lon, *lat)),
        ([], Some(fault)) => Err(fault.into()),
        ([], None) => Err("does not hold latitude and longitude; write 22.6612, 106.2561".into()),
        (several, _) => {
            let shown: Vec<String> = several.iter().map(|[lat, lon]| format!("{lat} and {lon}")).collect();
            Err(format!("may mean {}; write 22.6612, 106.2561 with decimal points", shown.join(" or ")))
        }
    }
}

/// One of the two.
#[derive(Clone, Copy)]
struct Degrees {
    value: f64,
    axis: Option<Axis>,
    /// Whether it is written with digits alone.
    is_whole: bool,
}

/// An angle, or a number with a decimal point or comma; nothing parts thousands of degrees.
fn parse_degrees(text: &str) -> Option<Degrees> {
    let unsigned = text.strip_prefix(['-', '\u{2212}', '+']).unwrap_or(text);
    if unsigned.starts_with(|c: char| c.is_ascii_digit())
        && unsigned.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b',')
    {
        let value: f64 = unsigned.replace(',', ".").parse().ok()?;
        let is_negative = text.starts_with(['-', '\u{2212}']);
        let is_whole = unsigned.bytes().all(|b| b.is_ascii_digit());
        return Some(Degrees { value: if is_negative { -value } else { value }, axis: None, is_whole });
    }
    parse_angle(text, true).map(|(value, axis)| Degrees { value, axis, is_whole: false })
}

/// Latitude and longitude of two angles; or what is wrong with them.
fn in_order(first: Degrees, second: Degrees) -> Result<[f64; 2], &'static str> {
    let is_exchanged = match (first.axis, second.axis) {
        (Some(a), Some(b)) if a == b => return Err("has the direction of one coordinate twice"),
        (Some(axis), _) => axis == Axis::Longitude,
        (None, Some(axis)) => axis == Axis::Latitude,
        (None, None) => false,
    };
    let [lat, lon] = if is_exchanged { [second.value, first.value] } else { [first.value, second.value] };
    if LonLat::new(lon, lat).is_valid() {
        return Ok([lat, lon]);
    }
    match LonLat::new(lat, lon).is_valid() {
        true => Err("has a latitude beyond 90: it looks like longitude before latitude; write latitude, longitude"),
        false => Err("is outside -90 to 90 (latitude) or -180 to 180 (longitude)"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_coordinates_are_read_as_people_write_them() {
        for text in [
            "22.66, 106.26",
            "22.66,106.26",
            "22.66;106.26",
            "22.66 106.26",
            "(22.66, 106.26)",
            "22.66 / 106.26",
            "22,66 106,26",
            "22,66; 106,26",
            "22,66, 106,26",
            "22,66,106,26",
            "22.66N 106.26E",
            "22.66 N, 106.26 E",
            "N22.66 E106.26",
            "106.26 Đ; 22.66 B",
            "106.26E, 22.66",
            "22.66, 106.26Đ",
            "22°39'36\"N, 106°15'36\"E",
            "22° 39' 36\" B 106° 15' 36\" Đ",
            "N 22° 39.6' E 106° 15.6'",
            "22,66° 106,26°",
        ] {
            let found = parse_coordinates(text).unwrap();
            assert!((found.lat_deg - 22.66).abs() < 1e-9 && (found.lon_deg - 106.26).abs() < 1e-9, "{text}: {found:?}");
        }
        let south = parse_coordinates("-22.5, \u{2212}106").unwrap();
        assert_eq!((south.lat_deg, south.lon_deg), (-22.5, -106.0));
        assert_eq!(parse_coordinates("22.5S 106W"), parse_coordinates("-22.5 -106"));
    }

    #[test]
    fn what_could_be_read_otherwise_is_refused() {
        for (text, says) in [
            ("106.26, 22.66", "looks like longitude before latitude"),
            ("106.26N, 22.66E", "looks like longitude before latitude"),
            ("22.66N, 106.26N", "direction of one coordinate twice"),
            ("22,5,106", "may mean 22 and 5.106 or 22.5 and 106"),
            ("22,66", "does not hold latitude and longitude"),
            ("22.66", "does not hold"),
            ("22.66, 106.26, 512", "does not hold"),
            ("Xóm Nà Lủng", "does not hold"),
            ("22.66 106.26E N", "does not hold"),
            ("200, 300", "is outside"),
            ("2507123.4 585123.2", "is outside"),
            ("nan, inf", "does not hold"),
            (", ;", "does not hold"),
            ("", "does not hold"),
        ] {
            let error = parse_coordinates(text).unwrap_err();
            assert!(error.contains(says), "{text}: {error}");
        }
    }
}
