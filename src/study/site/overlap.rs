//! Carriers that overlap without being alike.
//!
//! Cells disturb one another where frequency and bandwidth are the same. An inventory that knows the bandwidth of some cells only, or the exact
//! carrier of some and the band of others, takes cells apart that share a carrier.

use super::Site;
use crate::problem::{Kind, Problem, Problems};
use crate::radio::Technology;
use std::collections::{BTreeMap, BTreeSet};

/// Examples that a warning holds.
const MOST_EXAMPLES: usize = 3;

/// Cells of an operator and technology with the same frequency and bandwidth.
struct Carrier {
    frequency_mhz: f64,
    bandwidth_mhz: f64,
    occupied_mhz: f64,
    cells: usize,
}

impl Carrier {
    fn overlaps(&self, other: &Self) -> bool {
        (self.frequency_mhz - other.frequency_mhz).abs() < (self.occupied_mhz + other.occupied_mhz) / 2.0
    }

    fn text(&self) -> String {
        format!("{} cell(s) on {} MHz at {} MHz", self.cells, self.bandwidth_mhz, self.frequency_mhz)
    }
}

/// Warns of overlapping carriers of one operator and technology in the study's country that are not alike; GSM's never disturb one another here.
pub(in crate::study) fn warn_of_overlaps(sites: &[Site], file: &str, problems: &mut Problems) {
    let mut carriers: BTreeMap<(&str, Technology), Vec<Carrier>> = BTreeMap::new();
    for site in sites.iter().filter(|site| !site.is_foreign) {
        for cell in site.cells.iter().filter(|cell| cell.technology.is_disturbed()) {
            let own = carriers.entry((&site.operator, cell.technology)).or_default();
            let (frequency_mhz, bandwidth_mhz) = (cell.frequency_mhz, cell.bandwidth_mhz);
            match own.iter_mut().find(|c| (c.frequency_mhz, c.bandwidth_mhz) == (frequency_mhz, bandwidth_mhz)) {
                Some(carrier) => carrier.cells += 1,
                None => {
                    let occupied_mhz = cell.radio().spectrum().occupied_bandwidth_mhz();
                    own.push(Carrier { frequency_mhz, bandwidth_mhz, occupied_mhz, cells: 1 });
                }
            }
        }
    }
    for ((operator, technology), own) in carriers {
        let mut concerned = BTreeSet::new();
        let mut examples = Vec::new();
        for (j, carrier) in own.iter().enumerate() {
            for (i, _) in own[..j].iter().enumerate().filter(|(_, other)| carrier.overlaps(other)) {
                concerned.extend([i, j]);
                if examples.len() < MOST_EXAMPLES {
                    examples.push(format!("{} with {}", own[i].text(), carrier.text()));
                }
            }
        }
        let count: usize = concerned.into_iter().map(|index| own[index].cells).sum();
        if count > 0 {
            let operator = if operator.is_empty() { "an operator that is not stated" } else { operator };
            let message = format!(
                "{technology} carriers of {operator} overlap without being alike ({}); such cells do not disturb one another here: state the same \
                 frequency and bandwidth where they share a carrier",
                examples.join("; ")
            );
            let problem = Problem::warning(file, message).in_field("bandwidth_mhz");
            problems.push(problem.of_kind(Kind::Noticed, count));
        }
    }
}
