//! Calendar dates as people write them in tables: `2026-09-15`, or day first as Vietnamese and their spreadsheets do: `15/9/2026`.

/// What a date of a table must look like.
const ALLOWED: &str = "write YYYY-MM-DD or dd/mm/yyyy, such as 2026-12-31 or 31/12/2026";

/// A date of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Date {
    /// `YYYY-MM-DD`.
    pub(super) iso: String,
    /// Whether it would be another date with the month first: `05/06/2026` is 5 June.
    pub(super) is_either_order: bool,
}

/// Reads a date `YYYY-MM-DD`, or day, month and year parted by `/`, `-` or `.`; or what is wrong with it.
pub(super) fn parse_date(text: &str) -> Result<Date, String> {
    if is_date(text) {
        return Ok(Date { iso: text.to_owned(), is_either_order: false });
    }
    let none = || format!("is not a date; {ALLOWED}");
    let [day, month, year] = ['/', '-', '.'].iter().find_map(|&mark| day_first(text, mark)).ok_or_else(none)?;
    if is_calendar_date(year, month, day) {
        let is_either_order = day != month && is_calendar_date(year, day, month);
        return Ok(Date { iso: format!("{year:04}-{month:02}-{day:02}"), is_either_order });
    }
    match is_calendar_date(year, day, month) {
        true => Err(format!("has the month first; dates are read as dd/mm/yyyy: write {month:02}/{day:02}/{year}")),
        false => Err(none()),
    }
}

/// Day, month and year of `d/m/yyyy`, whatever their values.
fn day_first(text: &str, mark: char) -> Option<[u32; 3]> {
    let mut parts = text.split(mark).map(|part| (part.len(), part));
    let (Some((1..=2, day)), Some((1..=2, month)), Some((4, year)), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return None;
    };
    Some([digits(day)?, digits(month)?, digits(year)?])
}

/// Whether a text is a calendar date `YYYY-MM-DD`.
pub fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts[..] else { return false };
    if (year.len(), month.len(), day.len()) != (4, 2, 2) {
        return false;
    }
    let (Some(year), Some(month), Some(day)) = (digits(year), digits(month), digits(day)) else { return false };
    is_calendar_date(year, month, day)
}

fn digits(text: &str) -> Option<u32> {
    text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok())?
}

fn is_calendar_date(year: u32, month: u32, day: u32) -> bool {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return false,
    };
    (1..=days).contains(&day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_calendar_dates() {
        for good in ["2026-01-01", "2024-02-29"] {
            assert!(is_date(good), "{good}");
        }
        for bad in ["2026-02-29", "2026-13-01", "26-01-01", "2026/01/01", "2026-1-1", "2026-04-31", "+026-01-01", ""] {
            assert!(!is_date(bad), "{bad}");
        }
    }

    #[test]
    fn the_day_stands_before_the_month() {
        for (text, iso, is_either_order) in [
            ("2026-09-15", "2026-09-15", false),
            ("15/09/2026", "2026-09-15", false),
            ("15/9/2026", "2026-09-15", false),
            ("31-12-2026", "2026-12-31", false),
            ("1.9.2026", "2026-09-01", true),
            ("05/06/2026", "2026-06-05", true),
            ("05/05/2026", "2026-05-05", false),
            ("29/02/2024", "2024-02-29", false),
        ] {
            assert_eq!(parse_date(text), Ok(Date { iso: iso.into(), is_either_order }), "{text}");
        }
        for (text, says) in [
            ("12/31/2026", "has the month first; dates are read as dd/mm/yyyy: write 31/12/2026"),
            ("29/02/2026", "is not a date; write YYYY-MM-DD or dd/mm/yyyy"),
            ("2026-9-15", "is not a date"),
            ("2026/09/15", "is not a date"),
            ("15/09-2026", "is not a date"),
            ("15/09/26", "is not a date"),
            ("0/1/2026", "is not a date"),
            ("+1/+1/2026", "is not a date"),
            ("46280", "is not a date"),
            ("31/12/2026 ", "is not a date"),
            ("sắp tắt", "is not a date"),
        ] {
            let error = parse_date(text).unwrap_err();
            assert!(error.contains(says), "{text}: {error}");
        }
    }
}
