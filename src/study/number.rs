//! Numbers and angles as people write them in tables.
//!
//! A table separated by semicolons may have decimal commas; elsewhere the decimal mark is the point. Digits may be grouped in
//! threes by spaces, apostrophes, points or commas. A text that can be read in two ways ([`Number::Either`]) is decided by
//! what its column allows, and where that allows both, by the person who wrote it: never by a guess.

/// What a text says as a number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Number {
    /// One number.
    Plain(f64),
    /// One mark before three digits: `1.234` is a decimal number or one thousand two hundred and thirty-four.
    Either {
        /// With the mark as decimal mark.
        decimal: f64,
        /// Whether the table may have this decimal mark.
        is_own_mark: bool,
        /// With the mark between groups of digits.
        grouped: f64,
    },
}

impl Number {
    /// The reading that lies in a range, and is whole where that is needed; or what is wrong.
    pub(super) fn within(self, min: f64, max: f64, whole: bool) -> Result<f64, String> {
        let fits = |value: f64| (min..=max).contains(&value) && (!whole || value.fract() == 0.0);
        let (value, other) = match self {
            Self::Plain(value) => (value, None),
            Self::Either { decimal, grouped, is_own_mark } => match (fits(decimal), fits(grouped)) {
                (true, true) => {
                    return Err(format!("may mean {grouped} or {decimal}; write it without a mark for thousands"));
                }
                (true, false) if !is_own_mark => return Err(format!("{NO_COMMA}; write {decimal}")),
                (true, false) => (decimal, Some(grouped)),
                (false, _) => (grouped, Some(decimal)),
            },
        };
        if !(min..=max).contains(&value) && other.is_none_or(|other| !(min..=max).contains(&other)) {
            return Err(format!("is outside {min} to {max}"));
        }
        if whole && value.fract() != 0.0 { Err("is not a whole number".into()) } else { Ok(value) }
    }
}

/// Why a number with a comma is not read.
pub(super) const NO_COMMA: &str = "has a decimal comma, which is read only in tables separated by semicolons";

/// Reads a number; `None` when the text is none.
pub(super) fn parse_number(text: &str, decimal_comma: bool) -> Option<Number> {
    let (unsigned, sign) = match text.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => (rest, -1.0),
        None => (text.strip_prefix('+').unwrap_or(text), 1.0),
    };
    if !unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.' || c == ',') {
        return None;
    }
    let plain = |text: &str| text.parse::<f64>().ok().map(|value| sign * value);
    let comma = unsigned.contains(',');
    if !comma
        && !unsigned.contains(is_space_or_apostrophe)
        && unsigned.matches('.').count() <= usize::from(!decimal_comma)
    {
        return plain(unsigned).map(Number::Plain);
    }
    let ungrouped = without_groups(unsigned, is_space_or_apostrophe)?;
    let is_grouped = ungrouped.len() != unsigned.len();
    let mark = |c: char| c == '.' || c == ',';
    let Some(last) = ungrouped.rfind(mark) else { return plain(&ungrouped).map(Number::Plain) };
    let decimal = if ungrouped[last..].starts_with(',') { ',' } else { '.' };
    let other = if decimal == ',' { '.' } else { ',' };
    let count = ungrouped.matches(decimal).count();
    if ungrouped.contains(other) {
        // 1.234,5 or 1,234.5
        let whole = without_groups(&ungrouped[..last], |c| c == other).filter(|_| count == 1 && !is_grouped)?;
        return plain(&format!("{whole}.{}", &ungrouped[last + 1..])).map(Number::Plain);
    }
    if count > 1 {
        return plain(&without_groups(&ungrouped, |c| c == decimal).filter(|_| !is_grouped)?).map(Number::Plain);
    }
    let own_mark = if decimal_comma { ',' } else { '.' };
    let as_decimal = plain(&ungrouped.replace(decimal, "."));
    if decimal == own_mark || is_grouped {
        return as_decimal.map(Number::Plain);
    }
    match without_groups(&ungrouped, |c| c == decimal).filter(|_| !ungrouped.starts_with('0')) {
        Some(grouped) => {
            let grouped = plain(&grouped)?;
            Some(Number::Either { decimal: as_decimal?, is_own_mark: decimal_comma, grouped })
        }
        None => as_decimal.filter(|_| decimal_comma).map(Number::Plain),
    }
}

fn is_space_or_apostrophe(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\'' | '\u{2019}')
}

/// The text without its group marks, when they part the digits before any decimal mark into groups of three.
fn without_groups(text: &str, is_mark: impl Fn(char) -> bool + Copy) -> Option<String> {
    let end = text.find(|c: char| !c.is_ascii_digit() && !is_mark(c)).unwrap_or(text.len());
    let (whole, rest) = text.split_at(end);
    if rest.contains(is_mark) {
        return None;
    }
    let groups: Vec<&str> = whole.split(is_mark).collect();
    let fits = groups.len() == 1 || (1..=3).contains(&groups[0].len()) && groups[1..].iter().all(|g| g.len() == 3);
    fits.then(|| groups.concat() + rest)
}

/// Which of the two coordinates an angle is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Axis {
    /// East and west.
    Longitude,
    /// North and south.
    Latitude,
}

/// Reads an angle with a degree sign or a letter for its direction: `106°15'22"E`, `22° 39.6' N`, `106,2561°`, `22°39'36"B`
/// (Vietnamese: B north, Đ east; T and N mean something else in each language and N is taken as north). Gives degrees and the
/// axis that the letter names; `None` when the text is no such angle.
pub(super) fn parse_angle(text: &str, decimal_comma: bool) -> Option<(f64, Option<Axis>)> {
    use Axis::{Latitude, Longitude};
    let direction = |c: char| match c {
        'E' | 'e' | 'Đ' | 'đ' => Some((Longitude, 1.0)),
        'W' | 'w' => Some((Longitude, -1.0)),
        'N' | 'n' | 'B' | 'b' => Some((Latitude, 1.0)),
        'S' | 's' => Some((Latitude, -1.0)),
        _ => None,
    };
    let first = text.chars().next()?;
    let last = text.chars().next_back()?;
    let (named, rest) = match (direction(first), direction(last)) {
        (Some(named), None) => (Some(named), &text[first.len_utf8()..]),
        (None, Some(named)) => (Some(named), &text[..text.len() - last.len_utf8()]),
        (None, None) => (None, text),
        (Some(_), Some(_)) => return None,
    };
    let (degrees, rest) = match rest.split_once(['°', 'º', '˚']) {
        Some((degrees, rest)) => (degrees.trim(), rest),
        None if named.is_some() => (rest.trim(), ""),
        None => return None,
    };
    let rest = rest.replace("''", "\"");
    let (minutes, rest) = match rest.split_once(['\'', '′', '’', '‘']) {
        Some((minutes, rest)) => (Some(minutes.trim().to_owned()), rest.trim()),
        None => (None, rest.trim()),
    };
    let (seconds, rest) = match rest.split_once(['"', '″', '”', '“']) {
        Some((seconds, rest)) => (Some(seconds.trim()), rest.trim()),
        None => (None, rest),
    };
    if !rest.is_empty() || (seconds.is_some() && minutes.is_none()) {
        return None;
    }
    let number = |text: &str| match parse_number(text, decimal_comma)? {
        Number::Plain(value) => Some(value),
        Number::Either { decimal, is_own_mark, .. } => Some(decimal).filter(|_| is_own_mark),
    };
    let part = |text: Option<&str>| match text {
        Some(text) => number(text).filter(|value| (0.0..60.0).contains(value)),
        None => Some(0.0),
    };
    let (whole, minutes, seconds) = (number(degrees)?, part(minutes.as_deref())?, part(seconds)?);
    let value = whole.abs() + minutes / 60.0 + seconds / 3600.0;
    match named {
        Some(_) if whole < 0.0 => None,
        Some((axis, sign)) => Some((sign * value, Some(axis))),
        None => Some((if degrees.starts_with(['-', '\u{2212}']) { -value } else { value }, None)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_one_reading_or_say_that_they_have_two() {
        let plain = |value| Some(Number::Plain(value));
        let either = |is_own_mark| Some(Number::Either { decimal: 1.234, is_own_mark, grouped: 1234.0 });
        for (text, with_point, with_comma) in [
            ("12", plain(12.0), plain(12.0)),
            ("-12.5", plain(-12.5), plain(-12.5)),
            ("\u{2212}12.5", plain(-12.5), plain(-12.5)),
            ("1e3", plain(1000.0), plain(1000.0)),
            ("22,5", None, plain(22.5)),
            ("106,26543", None, plain(106.265_43)),
            ("106.26543", plain(106.265_43), plain(106.265_43)),
            ("1.234", plain(1.234), either(true)),
            ("0.123", plain(0.123), plain(0.123)),
            ("1,234", either(false), plain(1.234)),
            ("1.234,5", plain(1234.5), plain(1234.5)),
            ("1,234.5", plain(1234.5), plain(1234.5)),
            ("1.234.567", plain(1_234_567.0), plain(1_234_567.0)),
            ("1,234,567", plain(1_234_567.0), plain(1_234_567.0)),
            ("1 234", plain(1234.0), plain(1234.0)),
            ("1\u{a0}234\u{202f}567,8", plain(1_234_567.8), plain(1_234_567.8)),
            ("1'234.5", plain(1234.5), plain(1234.5)),
            ("12.34.567", None, None),
            ("1 23", None, None),
            ("1.23,456.7", None, None),
            ("nan", None, None),
            ("inf", None, None),
            ("12 km", None, None),
            ("", None, None),
            (",", None, None),
        ] {
            assert_eq!(parse_number(text, false), with_point, "{text:?} with a decimal point");
            assert_eq!(parse_number(text, true), with_comma, "{text:?} with a decimal comma");
        }
    }

    #[test]
    fn what_a_column_allows_decides_between_two_readings() {
        let read = |text, decimal_comma, max, whole| {
            parse_number(text, decimal_comma).map_or(Err("none".into()), |n| n.within(0.0, max, whole))
        };
        assert_eq!(read("1.234", true, 1e7, true), Ok(1234.0)); // people are whole
        assert_eq!(read("106.265", true, 180.0, false), Ok(106.265)); // a longitude
        assert_eq!(read("1,234", false, 1e7, true), Ok(1234.0));
        assert_eq!(read("1,234", true, 1e7, false), Ok(1.234));
        for (text, decimal_comma, max, whole, says) in [
            ("1.234", true, 1e7, false, "may mean 1234 or 1.234"),
            ("12.000", true, 1e7, true, "may mean 12000 or 12"),
            ("1,234", false, 1e7, false, "may mean"),
            ("1,234", false, 500.0, false, "decimal comma"),
            ("1,234", true, 1e7, true, "not a whole number"),
            ("1.234", true, 1.0, false, "outside 0 to 1"),
            ("7", true, 1.0, false, "outside 0 to 1"),
        ] {
            let error = read(text, decimal_comma, max, whole).unwrap_err();
            assert!(error.contains(says), "{text}: {error}");
        }
    }

    #[test]
    fn angles_are_read_with_their_direction() {
        let east = Some(Axis::Longitude);
        let north = Some(Axis::Latitude);
        let value = 106.0 + 15.0 / 60.0 + 22.0 / 3600.0;
        for (text, degrees, axis) in [
            ("106°15'22\"E", value, east),
            ("106° 15′ 22.0″ Đ", value, east),
            ("E 106º15’22”", value, east),
            ("106°15'22''", value, None),
            ("22°39.6'N", 22.66, north),
            ("22°39'36\"B", 22.66, north),
            ("22.66 S", -22.66, north),
            ("-0°30'", -0.5, None),
            ("22,66°", 22.66, None),
        ] {
            let (found, named) = parse_angle(text, true).unwrap();
            assert!((found - degrees).abs() < 1e-12 && named == axis, "{text}: {found} {named:?}");
        }
        for text in ["106°75'E", "106°15\"E", "-106°E", "E106N", "106 15 22", "106°15'22\"X", "°E", "E", "Đông", ""]
        {
            assert_eq!(parse_angle(text, false), None, "{text:?}");
        }
    }
}
