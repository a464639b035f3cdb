//! What an inventory does not state, or what is odd in it, with how many cells it concerns.

use crate::io::Table;
use crate::problem::{Kind, Problem, Problems};
use crate::study::site::power::DEFAULT_HEIGHT_M;
use std::collections::BTreeMap;

/// What was taken, left out or set aside, with how many cells it concerns.
#[derive(Default)]
pub(super) struct Counts {
    pub(super) defaulted: BTreeMap<&'static str, usize>,
    pub(super) unnamed: usize,
    pub(super) inactive: usize,
    pub(super) both_powers: usize,
    pub(super) unresolved_antennas: usize,
    pub(super) assumed_sectors: usize,
    pub(super) assumed_tilted_sectors: usize,
    pub(super) derived_gains: usize,
    pub(super) unknown_directions: usize,
    pub(super) dates_in_either_order: usize,
    pub(super) odd_bandwidths: usize,
    pub(super) other_frequencies: usize,
    pub(super) other_gains: usize,
}

impl Counts {
    /// Counts a default and gives it back.
    pub(super) fn take(&mut self, field: &'static str, value: f64) -> f64 {
        *self.defaulted.entry(field).or_default() += 1;
        value
    }

    pub(super) fn add(&mut self, other: Self) {
        for (field, count) in other.defaulted {
            *self.defaulted.entry(field).or_default() += count;
        }
        self.both_powers += other.both_powers;
        self.unresolved_antennas += other.unresolved_antennas;
        self.assumed_sectors += other.assumed_sectors;
        self.assumed_tilted_sectors += other.assumed_tilted_sectors;
        self.derived_gains += other.derived_gains;
        self.unknown_directions += other.unknown_directions;
        self.dates_in_either_order += other.dates_in_either_order;
        self.odd_bandwidths += other.odd_bandwidths;
        self.other_frequencies += other.other_frequencies;
        self.other_gains += other.other_gains;
    }

    pub(super) fn report(self, table: &Table, problems: &mut Problems) {
        let mut warn = |field: &str, message: String, kind: Kind, count: usize| {
            let problem = Problem::warning(&table.file, message).of_kind(kind, count);
            problems.push(if field.is_empty() { problem } else { problem.in_field(field) });
        };
        if table.is_empty() {
            warn("", "has no rows; the study has no sites".into(), Kind::Noticed, 1);
        }
        for (field, count) in self.defaulted {
            let taken = match field {
                "antenna" => "a gain of 15 dBi below 1 GHz and 18 dBi above was taken (Report ITU-R M.2292)".to_owned(),
                "feeder_loss_db" => "3 dB was taken (Report ITU-R M.2292), 0 of NR arrays".to_owned(),
                "height_m" => format!("{DEFAULT_HEIGHT_M} m was taken"),
                _ => "the default of its technology and frequency was taken".to_owned(),
            };
            let gain = if field == "antenna" { ", nor in inputs.antennas," } else { "" };
            warn(field, format!("is not stated{gain} for {count} cell(s); {taken}"), Kind::Defaulted, count);
        }
        for (field, kind, count, what) in [
            (
                "site_id",
                Kind::Assumed,
                self.unnamed,
                "is not stated for {} cell(s); cells of an operator at the same place make a site",
            ),
            (
                "power_dbm",
                Kind::Dropped,
                self.both_powers,
                "is stated besides eirp_dbm for {} cell(s); eirp_dbm was taken",
            ),
            (
                "antenna",
                Kind::Noticed,
                self.unresolved_antennas,
                "is named for {} cell(s), and the study names no inputs.antennas; the pattern is not known",
            ),
            (
                "antenna",
                Kind::Assumed,
                self.assumed_sectors,
                "is not known for {} cell(s) with an azimuth; the built-in pattern sector-65 was taken (3GPP TR 38.901)",
            ),
            (
                "antenna",
                Kind::Assumed,
                self.assumed_tilted_sectors,
                "is not known for {} cell(s) with an azimuth and a tilt; the built-in pattern sector-70 was taken (3GPP TR 36.814)",
            ),
            (
                "antenna",
                Kind::Assumed,
                self.derived_gains,
                "is not known for {} cell(s) with eirp_dbm and power_dbm; its gain was taken as their difference and the feeder's loss",
            ),
            (
                "antenna",
                Kind::Noticed,
                self.other_frequencies,
                "of {} cell(s) has a pattern for another frequency, more than 10 % away; it is used as it is",
            ),
            (
                "antenna_gain_dbi",
                Kind::Noticed,
                self.other_gains,
                "of {} cell(s) is more than 1 dB from the gain in the antenna's file; antenna_gain_dbi was taken",
            ),
            (
                "bandwidth_mhz",
                Kind::Noticed,
                self.odd_bandwidths,
                "is no channel of its technology for {} cell(s); the next narrower one was taken: carriers that are used together stand in rows of \
                 their own",
            ),
            (
                "azimuth_deg",
                Kind::Assumed,
                self.unknown_directions,
                "is not stated for {} cell(s) whose antenna has a direction; they are taken to radiate alike in all directions",
            ),
            (
                "switch_off_date",
                Kind::Assumed,
                self.dates_in_either_order,
                "of {} cell(s) could have the day or the month first; the day was taken to stand first (dd/mm/yyyy)",
            ),
            ("status", Kind::Dropped, self.inactive, "says that {} cell(s) are not in service; they were left out"),
        ] {
            if count > 0 {
                warn(field, what.replace("{}", &count.to_string()), kind, count);
            }
        }
    }
}
