//! The colours of maps, rasters and styles, told apart by colour-blind people too (after Okabe and Ito, and cividis).

use crate::io::Rgb;
use crate::radio::Technology;
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

/// Colours of probabilities, %: from the colour of the unserved to that of the served.
pub(super) const PROBABILITY_RAMP: [(f64, Rgb); 5] = [
    (0.0, Rgb([178, 60, 36])),
    (25.0, Rgb([213, 118, 64])),
    (50.0, Rgb([240, 200, 90])),
    (90.0, Rgb([86, 160, 211])),
    (100.0, Rgb([0, 114, 178])),
];

/// Colours of SINR, dB: cividis.
pub(super) const SINR_RAMP: [(f64, Rgb); 6] = [
    (-10.0, Rgb([0, 34, 78])),
    (0.0, Rgb([66, 78, 108])),
    (5.0, Rgb([111, 112, 116])),
    (10.0, Rgb([152, 144, 118])),
    (20.0, Rgb([200, 184, 101])),
    (30.0, Rgb([254, 232, 56])),
];

/// Colours of levels over a limit, dB: blue below it, red above.
pub(super) const SPILL_RAMP: [(f64, Rgb); 5] = [
    (-20.0, Rgb([0, 114, 178])),
    (-5.0, Rgb([140, 190, 220])),
    (0.0, Rgb([245, 225, 150])),
    (5.0, Rgb([213, 118, 64])),
    (20.0, Rgb([178, 60, 36])),
];

/// Colours of throughputs, Mbit/s: cividis over powers of about two.
pub(super) const THROUGHPUT_RAMP: [(f64, Rgb); 7] = [
    (0.0, Rgb([0, 34, 78])),
    (1.0, Rgb([42, 63, 109])),
    (5.0, Rgb([87, 93, 109])),
    (10.0, Rgb([124, 123, 120])),
    (30.0, Rgb([165, 156, 116])),
    (100.0, Rgb([210, 193, 95])),
    (300.0, Rgb([254, 232, 56])),
];

/// Colours of counts from 0 up, the last for all beyond: nothing is the colour of the unserved, more is bluer.
pub(super) const COUNT_COLORS: [Rgb; 6] = [
    Rgb([178, 60, 36]),
    Rgb([240, 200, 90]),
    Rgb([170, 205, 190]),
    Rgb([86, 160, 211]),
    Rgb([0, 114, 178]),
    Rgb([0, 60, 110]),
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

/// Colour of a technology.
pub(super) fn technology_color(technology: Technology) -> Rgb {
    Rgb(match technology {
        Technology::Gsm => [0, 87, 138],
        Technology::Umts => [0, 158, 115],
        Technology::Lte => [213, 94, 0],
        Technology::Nr => [117, 71, 152],
    })
}

/// Colours of errors up to a value, predicted minus measured loss, dB: blue where more arrives than measured, brown where less.
pub(super) const ERROR_COLORS: [(f64, Rgb); 5] = [
    (-12.0, Rgb([33, 102, 172])),
    (-4.0, Rgb([146, 197, 222])),
    (4.0, Rgb([247, 247, 247])),
    (12.0, Rgb([244, 165, 130])),
    (f64::INFINITY, Rgb([178, 24, 43])),
];
