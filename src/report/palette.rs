//! The colours of maps, rasters and styles, told apart by colour-blind people too (after Okabe and Ito, and cividis).

use crate::io::Rgb;
use crate::service::Status;

/// Colour of a signal status.
pub(super) fn status_color(status: Status) -> Rgb {
    Rgb(match status {
        Status::Served => [0, 114, 178],
        Status::Marginal => [230, 159, 0],
        Status::Unserved => [178, 60, 36],
        Status::Unknown => [128, 128, 128],
    })
}

/// Colours of levels, dBm: cividis, dark where weak.
pub(super) const LEVEL_RAMP: [(f64, Rgb); 7] = [
    (-120.0, Rgb([0, 34, 78])),
    (-110.0, Rgb([42, 63, 109])),
    (-100.0, Rgb([87, 93, 109])),
    (-90.0, Rgb([124, 123, 120])),
    (-80.0, Rgb([165, 156, 116])),
    (-70.0, Rgb([210, 193, 95])),
    (-60.0, Rgb([254, 232, 56])),
];

/// A colour for a cell that its neighbours in number do not have: hues a golden angle apart.
pub(super) fn server_color(number: u32) -> Rgb {
    let hue = (f64::from(number) * 137.507_764).rem_euclid(360.0) / 60.0;
    let (high, low) = (215.0, if number.is_multiple_of(2) { 70.0 } else { 120.0 });
    let middle = low + (high - low) * (1.0 - (hue.rem_euclid(2.0) - 1.0).abs());
    let (r, g, b) = match hue as u8 {
        0 => (high, middle, low),
        1 => (middle, high, low),
        2 => (low, high, middle),
        3 => (low, middle, high),
        4 => (middle, low, high),
        _ => (high, low, middle),
    };
    Rgb([r as u8, g as u8, b as u8])
}
