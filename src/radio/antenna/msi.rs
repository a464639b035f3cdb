//! MSI Planet antenna files (`.msi`, `.pln`): keywords with a value, and two tables of angles and losses.
//!
//! `GAIN` is dBd unless "dBi" is written (dBi = dBd + 2.15). `HORIZONTAL n` and `VERTICAL n` are each followed by n lines
//! "angle loss": degrees 0 to 360, dB below the maximum, not negative. Other keywords are read past.

use super::cut::Cut;
use super::{AntennaPattern, Shape};
use crate::problem::{Problem, Problems};
use std::fmt::Display;

/// Gain of a half-wave dipole over an isotropic radiator, dB.
const DIPOLE_GAIN_DBI: f64 = 2.15;
/// Most lines of a cut: twenty per degree.
const MOST_LINES: f64 = 7_200.0;
/// Angles farther apart than this many usual steps have one missing between them.
const WIDEST_STEP: f64 = 1.5;
/// Main lobes farther from where they are expected are told of, degrees: horizontal, vertical.
const FARTHEST_LOBE_DEG: [f64; 2] = [10.0, 3.0];

impl AntennaPattern {
    /// Reads an MSI Planet file; `file` is its name in messages, `stem` names a pattern without a `NAME`. What is odd but usable
    /// comes back as warnings.
    ///
    /// # Errors
    /// Every fault, each with its line, keyword, value and what is allowed.
    pub fn parse_msi(bytes: &[u8], file: &str, stem: &str) -> Result<(Self, Vec<Problem>), Problems> {
        let mut parser = Parser { file, problems: Problems::default() };
        let text = parser.decode(bytes)?;
        let pattern = parser.read(&text, stem);
        let warnings = parser.problems.into_warnings()?;
        match pattern {
            Some(pattern) => Ok((pattern, warnings.iter().cloned().collect())),
            None => Err(Problem::error(file, "is no antenna pattern").into()),
        }
    }
}

struct Parser<'a> {
    file: &'a str,
    problems: Problems,
}

/// A keyword with its value and where it stands.
#[derive(Clone, Copy)]
struct Stated<'t> {
    line: usize,
    value: &'t str,
}

/// The keywords that are used.
#[derive(Default)]
struct Keywords<'t> {
    name: Option<Stated<'t>>,
    frequency: Option<Stated<'t>>,
    gain: Option<Stated<'t>>,
    tilt: Option<Stated<'t>>,
}

impl Parser<'_> {
    fn fault(&mut self, line: usize, field: &str, value: impl Display, message: impl Into<String>) {
        let problem = Problem::error(self.file, message).at_row(line).in_field(field);
        self.problems.push(problem.with_value(value));
    }

    fn missing(&mut self, field: &str, message: &str) {
        self.problems.push(Problem::error(self.file, message).in_field(field));
    }

    /// UTF-8 or UTF-16 with their marks, else Latin-1: names and comments are all that can differ.
    fn decode(&mut self, bytes: &[u8]) -> Result<String, Problem> {
        let units = |big: bool| {
            let pair = |p: &[u8]| if big { u16::from_be_bytes([p[0], p[1]]) } else { u16::from_le_bytes([p[0], p[1]]) };
            let units: Vec<u16> = bytes[2..].chunks_exact(2).map(pair).collect();
            String::from_utf16(&units).map_err(|_| Problem::error(self.file, "is not UTF-16 text, as its mark says"))
        };
        match bytes {
            [0xff, 0xfe, ..] => return units(false),
            [0xfe, 0xff, ..] => return units(true),
            _ if bytes.contains(&0) => return Err(Problem::error(self.file, "is no text: it holds zero bytes")),
            _ => {}
        }
        match std::str::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)) {
            Ok(text) => Ok(text.to_owned()),
            Err(_) => {
                let message = "is not UTF-8 text and was read as Latin-1; names may look wrong";
                self.problems.push(Problem::warning(self.file, message));
                Ok(bytes.iter().map(|&b| char::from(b)).collect())
            }
        }
    }

    fn read(&mut self, text: &str, stem: &str) -> Option<AntennaPattern> {
        let mut keywords = Keywords::default();
        let mut cuts: [Option<Cut>; 2] = [None, None];
        let mut seen = [false; 2];
        let mut stray: Option<(usize, &str, usize)> = None;
        let mut lines = text.lines().enumerate().map(|(i, line)| (i + 1, line.trim())).filter(|(_, l)| !l.is_empty());
        let mut next = lines.next();
        while let Some((line, content)) = next {
            let (keyword, value) = content.split_once(char::is_whitespace).unwrap_or((content, ""));
            let stated = Stated { line, value: value.trim() };
            let keyword = keyword.to_uppercase();
            next = None;
            match keyword.as_str() {
                "NAME" => keywords.name = Some(stated),
                "FREQUENCY" => self.once(&mut keywords.frequency, "FREQUENCY", stated),
                "GAIN" => self.once(&mut keywords.gain, "GAIN", stated),
                "ELECTRICAL_TILT" => keywords.tilt = Some(stated),
                // `TILT ELECTRICAL` names the kind of tilt; only a number says how much.
                "TILT" if leading_number(stated.value).is_some() => keywords.tilt = keywords.tilt.or(Some(stated)),
                "HORIZONTAL" | "VERTICAL" => {
                    let index = usize::from(keyword == "VERTICAL");
                    if std::mem::replace(&mut seen[index], true) {
                        self.fault(line, &keyword, value, "stands twice; a pattern has one of each cut");
                    }
                    let mut rows = Vec::new();
                    next = loop {
                        match lines.next() {
                            Some((line, row)) if is_row(row) => rows.push((line, row)),
                            other => break other,
                        }
                    };
                    cuts[index] = self.cut(&keyword, stated, &rows);
                }
                _ if keyword.starts_with(is_number_start) => {
                    stray.get_or_insert((line, content, 0)).2 += 1;
                }
                _ => {}
            }
            next = next.or_else(|| lines.next());
        }
        if let Some((line, content, count)) = stray {
            let message =
                format!("is a number outside HORIZONTAL and VERTICAL ({count} such line(s), this is the first)");
            self.fault(line, "line", content, message);
        }
        for (seen, name) in seen.iter().zip(["HORIZONTAL", "VERTICAL"]) {
            if !seen {
                self.missing(name, "is missing; both cuts are needed");
            }
        }
        let gain_dbi = self.gain(keywords.gain);
        let frequency_range_mhz = keywords.frequency.and_then(|stated| self.frequency(stated));
        let electrical_tilt_deg = keywords.tilt.and_then(|stated| self.tilt(stated));
        let [horizontal, vertical] = cuts;
        let (gain_dbi, horizontal, vertical) = (gain_dbi?, horizontal?, vertical?);
        self.check_lobe("HORIZONTAL", &horizontal, FARTHEST_LOBE_DEG[0], None);
        self.check_lobe("VERTICAL", &vertical, FARTHEST_LOBE_DEG[1], electrical_tilt_deg);
        let name = keywords.name.map(|n| n.value).filter(|n| !n.is_empty()).unwrap_or(stem).to_owned();
        let shape = Shape::Cuts { horizontal, vertical };
        Some(AntennaPattern { name, frequency_range_mhz, gain_dbi: Some(gain_dbi), electrical_tilt_deg, shape })
    }

    fn once<'t>(&mut self, slot: &mut Option<Stated<'t>>, keyword: &str, stated: Stated<'t>) {
        if let Some(first) = slot {
            let message = format!("stands twice, first in line {}; one value is needed", first.line);
            self.fault(stated.line, keyword, stated.value, message);
        } else {
            *slot = Some(stated);
        }
    }

    fn gain(&mut self, stated: Option<Stated<'_>>) -> Option<f64> {
        let Some(Stated { line, value }) = stated else {
            self.missing("GAIN", "is missing; a number with dBd or dBi is needed");
            return None;
        };
        let Some((number, unit)) = leading_number(value) else {
            self.fault(line, "GAIN", value, "is not a number; -30 to 70 with dBd or dBi is allowed");
            return None;
        };
        let unit = unit.trim_matches(|c: char| c.is_whitespace() || "()[]".contains(c)).to_lowercase();
        let dbi = match unit.as_str() {
            "" | "dbd" => number + DIPOLE_GAIN_DBI,
            "dbi" => number,
            _ => {
                self.fault(line, "GAIN", value, "has an unknown unit; dBd (also without a unit) or dBi is allowed");
                return None;
            }
        };
        if !(-30.0..=70.0).contains(&number) {
            self.fault(line, "GAIN", value, "is outside -30 to 70 dB");
            return None;
        }
        Some(dbi)
    }

    /// A number of MHz, or a range of which the middle is taken.
    fn frequency(&mut self, Stated { line, value }: Stated<'_>) -> Option<[f64; 2]> {
        let text = value.to_lowercase();
        let text = text.trim_end_matches("mhz").trim();
        let parts: Option<Vec<f64>> = text.split(['-', '–']).map(|part| part.trim().parse().ok()).collect();
        match parts.as_deref() {
            Some(&[only]) if (1.0..=300_000.0).contains(&only) => Some([only; 2]),
            Some(&[low, high]) if 1.0 <= low && low <= high && high <= 300_000.0 => Some([low, high]),
            _ => {
                let message = "is no frequency; a number of MHz or a range such as 1710-1880, 1 to 300000, is allowed";
                self.fault(line, "FREQUENCY", value, message);
                None
            }
        }
    }

    fn tilt(&mut self, Stated { line, value }: Stated<'_>) -> Option<f64> {
        let number = leading_number(value).map(|(number, _)| number).filter(|n| (-90.0..=90.0).contains(n));
        if number.is_none() {
            self.fault(line, "ELECTRICAL_TILT", value, "is no tilt; -90 to 90 degrees is allowed");
        }
        number
    }

    fn cut(&mut self, field: &str, stated: Stated<'_>, rows: &[(usize, &str)]) -> Option<Cut> {
        let before = self.problems.error_count();
        let wanted: Option<f64> =
            stated.value.parse().ok().filter(|n| (1.0..=MOST_LINES).contains(n) && n.fract() == 0.0);
        match wanted {
            None => {
                let message = format!("is no number of lines; 1 to {MOST_LINES} is allowed");
                self.fault(stated.line, field, stated.value, message);
            }
            Some(wanted) if rows.len() as f64 != wanted => {
                let message = format!("lines \"angle loss\" were promised, {} stand there", rows.len());
                self.fault(stated.line, field, stated.value, message);
            }
            Some(_) => {}
        }
        let mut points: Vec<(f64, f64, usize)> = Vec::with_capacity(rows.len());
        let mut faults: Vec<(&'static str, usize, &str, usize)> = Vec::new();
        for &(line, row) in rows {
            match point(row) {
                Ok((angle, loss)) => points.push((angle, loss, line)),
                Err(message) => match faults.iter_mut().find(|f| f.0 == message) {
                    Some(fault) => fault.3 += 1,
                    None => faults.push((message, line, row, 1)),
                },
            }
        }
        for (message, line, row, count) in faults {
            let more = if count > 1 { format!(" ({count} lines, this is the first)") } else { String::new() };
            self.fault(line, field, row, format!("{message}{more}"));
        }
        points.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.2.cmp(&b.2)));
        points = self.without_full_turn(points);
        for pair in points.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
            let message = format!("stands twice, first in line {}; one loss an angle is allowed", pair[0].2);
            self.fault(pair[1].2, field, pair[1].0, message);
        }
        if self.problems.error_count() == before {
            self.check_steps(field, stated.line, &points);
        }
        (self.problems.error_count() == before).then(|| Cut {
            angles_deg: points.iter().map(|p| p.0).collect(),
            losses_db: points.iter().map(|p| p.1).collect(),
        })
    }

    /// 360° is 0°: one of both is left when they agree.
    fn without_full_turn(&self, mut points: Vec<(f64, f64, usize)>) -> Vec<(f64, f64, usize)> {
        if let Some(&(360.0, loss, line)) = points.last() {
            points.pop();
            if points.first().is_none_or(|first| (first.0, first.1) != (0.0, loss)) {
                let at = usize::from(points.first().is_some_and(|first| first.0 == 0.0));
                points.insert(at, (0.0, loss, line));
            }
        }
        points
    }

    /// Angles must follow one another round the circle without holes.
    fn check_steps(&mut self, field: &str, line: usize, points: &[(f64, f64, usize)]) {
        let step = |i: usize| {
            let next = points[(i + 1) % points.len()].0;
            let turn = if i + 1 == points.len() { 360.0 } else { 0.0 };
            next + turn - points[i].0
        };
        let mut steps: Vec<f64> = (0..points.len()).map(step).collect();
        let Some(hole) = steps.iter().copied().enumerate().max_by(|a, b| a.1.total_cmp(&b.1)) else { return };
        steps.sort_by(f64::total_cmp);
        let usual = steps[steps.len() / 2];
        if points.len() > 1 && hole.1 > WIDEST_STEP * usual {
            let from = points[hole.0].0;
            let message = format!(
                "angles are missing between {from} and {} degrees; elsewhere they are {usual} degrees apart",
                (from + hole.1).rem_euclid(360.0)
            );
            self.fault(line, field, points.len(), message);
        }
    }

    fn check_lobe(&mut self, field: &str, cut: &Cut, farthest_deg: f64, tilt_deg: Option<f64>) {
        let expected_deg = tilt_deg.unwrap_or(0.0);
        let away = |lobe: &f64| ((lobe - expected_deg + 180.0).rem_euclid(360.0) - 180.0).abs() > farthest_deg;
        let lobes = cut.main_lobes_deg();
        if !lobes.iter().any(away) {
            return;
        }
        let list: Vec<String> = lobes.iter().map(|lobe| format!("{lobe:.0}")).collect();
        let what_counts = match (field, tilt_deg) {
            ("VERTICAL", Some(tilt)) => {
                format!(", and electrical_tilt_deg counts from the stated tilt of {tilt}: one of the two is wrong")
            }
            ("VERTICAL", None) => ": a tilt in it counts besides electrical_tilt_deg".to_owned(),
            _ => String::new(),
        };
        let message = format!(
            "main lobe is at {} degrees; it is expected within {farthest_deg} of {expected_deg} and nowhere else. The pattern is used as it \
             stands{what_counts}",
            list.join(" and ")
        );
        self.problems.push(Problem::warning(self.file, message).in_field(field));
    }
}

/// Whether a line belongs to a cut: it begins with a number, also one that cannot be used.
fn is_row(line: &str) -> bool {
    line.starts_with(is_number_start) || line.split_whitespace().next().is_some_and(|word| word.parse::<f64>().is_ok())
}

fn is_number_start(c: char) -> bool {
    c.is_ascii_digit() || "+-.".contains(c)
}

/// The number that a text begins with, and the rest.
fn leading_number(text: &str) -> Option<(f64, &str)> {
    let end = text.find(|c: char| !(is_number_start(c))).unwrap_or(text.len());
    text[..end].parse().ok().map(|number| (number, &text[end..]))
}

/// Angle and loss of a line, or what is wrong with it.
fn point(row: &str) -> Result<(f64, f64), &'static str> {
    let mut parts = row.split(|c: char| c.is_whitespace() || c == ';').filter(|part| !part.is_empty());
    let (Some(angle), Some(loss), None) = (parts.next(), parts.next(), parts.next()) else {
        return Err("is not an angle and a loss");
    };
    let (Ok(angle), Ok(loss)) = (angle.parse::<f64>(), loss.parse::<f64>()) else {
        return Err("is not two numbers; a decimal point is needed");
    };
    if !(0.0..=360.0).contains(&angle) {
        return Err("has an angle outside 0 to 360 degrees");
    }
    if loss < 0.0 {
        return Err("has a negative loss; losses are dB below the maximum, 0 to 200");
    }
    if !(0.0..=200.0).contains(&loss) {
        return Err("has a loss outside 0 to 200 dB");
    }
    Ok((angle, loss))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(of: impl Fn(f64) -> f64) -> String {
        (0..360).map(|a| format!("{a} {:.2}\r\n", of(f64::from(a)))).collect()
    }

    /// A sector: 65° wide, 7° high, tilted by some degrees.
    fn sector(gain: &str, tilt_deg: f64) -> String {
        let off = |a: f64| (a + 180.0).rem_euclid(360.0) - 180.0;
        let horizontal = lines(|a| (12.0 * (off(a) / 65.0).powi(2)).min(25.0));
        let vertical = lines(|a| (12.0 * (off(a - tilt_deg) / 7.0).powi(2)).min(25.0));
        format!(
            "NAME K-1\r\nMAKE X\r\nFREQUENCY 1710-1880\r\n{gain}\r\nTILT ELECTRICAL\r\nHORIZONTAL 360\r\n{horizontal}VERTICAL 360\r\n{vertical}"
        )
    }

    fn parse(text: &str) -> Result<(AntennaPattern, Vec<Problem>), Problems> {
        AntennaPattern::parse_msi(text.as_bytes(), "a.msi", "a")
    }

    fn faults(text: &str) -> Vec<String> {
        parse(text).expect_err("a faulty file").iter().map(ToString::to_string).collect()
    }

    #[test]
    fn gain_is_dbd_unless_dbi_is_written() {
        for (gain, dbi) in [("GAIN 15", 17.15), ("GAIN 15 dBd", 17.15), ("gain 15.5dBi", 15.5), ("GAIN 17 (dBi)", 17.0)]
        {
            let (pattern, warnings) = parse(&sector(gain, 0.0)).unwrap();
            assert!((pattern.gain_dbi.unwrap() - dbi).abs() < 1e-12, "{gain}");
            assert_eq!(warnings, []);
            assert_eq!((pattern.name.as_str(), pattern.frequency_range_mhz), ("K-1", Some([1710.0, 1880.0])));
        }
        let (pattern, _) = parse(&sector("GAIN 15", 0.0)).unwrap();
        assert_eq!(pattern.attenuation_horizontal(32.5), (2.91 + 3.09) / 2.0); // 12·(32/65)², 12·(33/65)²
        assert_eq!(pattern.attenuation_vertical(-3.5), (2.2 + 3.92) / 2.0);
    }

    #[test]
    fn a_lobe_away_from_zero_is_told_of() {
        let (_, warnings) = parse(&sector("GAIN 15", 6.0)).unwrap();
        assert_eq!(warnings.len(), 1);
        assert!(warnings[0].to_string().contains("VERTICAL: main lobe is at 6 degrees"), "{}", warnings[0]);
    }

    #[test]
    fn encodings_of_names_do_not_stop_a_file() {
        let text = sector("GAIN 15", 0.0).replace("MAKE X", "MAKE Hãng");
        let mut utf16 = vec![0xff, 0xfe];
        utf16.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
        assert_eq!(AntennaPattern::parse_msi(&utf16, "a.msi", "a").unwrap().1, []);
        let latin: Vec<u8> =
            sector("GAIN 15", 0.0).replace("K-1", "?").bytes().map(|b| if b == b'?' { 0xe9 } else { b }).collect();
        let (pattern, warnings) = AntennaPattern::parse_msi(&latin, "a.msi", "a").unwrap();
        assert_eq!((pattern.name.as_str(), warnings.len()), ("é", 1));
        assert!(AntennaPattern::parse_msi(b"NAME \0", "a.msi", "a").is_err());
    }

    #[test]
    fn every_fault_names_line_keyword_and_value() {
        let good = sector("GAIN 15", 0.0);
        let edited = |from: &str, to: &str| {
            assert!(good.contains(from), "{from}");
            faults(&good.replacen(from, to, 1))
        };
        for (from, to, expected) in [
            ("GAIN 15\r\n", "", "a.msi, GAIN: is missing"),
            ("GAIN 15", "GAIN 15 dB", "a.msi, row 4, GAIN = \"15 dB\": has an unknown unit"),
            ("GAIN 15", "GAIN high", "is not a number"),
            ("GAIN 15", "GAIN 1500", "is outside -30 to 70"),
            ("GAIN 15", "GAIN 15\r\nGAIN 16", "row 5, GAIN = \"16\": stands twice"),
            ("FREQUENCY 1710-1880", "FREQUENCY x", "row 3, FREQUENCY = \"x\": is no frequency"),
            (
                "HORIZONTAL 360",
                "HORIZONTAL 359",
                "row 6, HORIZONTAL = \"359\": lines \"angle loss\" were promised, 360",
            ),
            ("HORIZONTAL 360", "HORIZONTAL many", "is no number of lines"),
            ("HORIZONTAL 360", "HORIZONTAL 1e300", "is no number of lines"),
            ("VERTICAL 360", "COMMENT", "VERTICAL: is missing"),
            ("VERTICAL 360", "HORIZONTAL 360", "HORIZONTAL = \"360\": stands twice"),
            ("\r\n7 0.14", "\r\n7 NaN", "row 14, HORIZONTAL = \"7 NaN\": has a loss outside 0 to 200"),
            ("\r\n7 0.14", "\r\nNaN 0.14", "has an angle outside 0 to 360"),
            ("\r\n7 0.14", "\r\nangle 0.14", "is a number outside HORIZONTAL and VERTICAL (352 such"),
            ("\r\n7 0.14", "\r\n7 -0.14", "has a negative loss"),
            ("\r\n7 0.14", "\r\n7 0,14", "is not two numbers"),
            ("\r\n7 0.14", "\r\n7", "is not an angle and a loss"),
            ("\r\n7 0.14", "\r\n367 0.14", "has an angle outside 0 to 360"),
            ("\r\n7 0.14", "\r\n6 0.14", "row 14, HORIZONTAL = \"6\": stands twice, first in line 13"),
            ("\r\n7 0.14", "\r\n360 0.14", "HORIZONTAL = \"0\": stands twice"),
        ] {
            let found = edited(from, to);
            assert!(found.iter().any(|f| f.contains(expected)), "{to}: {found:?}");
        }
        let hole = good.replacen("HORIZONTAL 360", "HORIZONTAL 359", 1).replacen("\r\n7 0.14", "", 1);
        assert!(faults(&hole)[0].contains("angles are missing between 6 and 8 degrees"), "{:?}", faults(&hole));
        let negative = good.replace("\r\n9 ", "\r\n9 -");
        assert_eq!(faults(&negative).len(), 2, "one fault a cut");
        assert!(faults("")[0].contains("HORIZONTAL: is missing"));
    }

    #[test]
    fn a_full_turn_may_repeat_the_first_angle() {
        let text = sector("GAIN 15", 0.0).replacen("HORIZONTAL 360", "HORIZONTAL 361", 1);
        let text = text.replacen("VERTICAL", "360 0.00\r\nVERTICAL", 1);
        assert_eq!(parse(&text).unwrap().0.attenuation_horizontal(360.0), 0.0);
    }
}
