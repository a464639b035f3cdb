//! How many villages lack a service when it needs more or less: the threshold moved dB by dB, and other probabilities required.

use super::status::{Assessment, VillageService, is_gap, is_unknown};
use crate::radio::Technology;
use crate::study::{ServiceKind, Study, Village};
use std::ops::RangeInclusive;

/// By how much thresholds are moved, dB: positive is stricter.
pub const SHIFTS_DB: RangeInclusive<i32> = -20..=20;

/// Required probabilities that are looked at beside the study's own.
pub const PROBABILITIES: [f64; 6] = [0.5, 0.7, 0.8, 0.9, 0.95, 0.99];

/// The villages that lack a service under one requirement.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SensitivityRow {
    /// Which service.
    pub service: ServiceKind,
    /// Whether the survey's answers outrank predictions; predictions alone count otherwise.
    pub survey_wins: bool,
    /// Probability from which a village is served.
    pub required_probability: f64,
    /// How much higher thresholds are than the study's, dB. What uplink and SINR need does not move.
    pub shift_db: i32,
    /// Villages without the service.
    pub villages: usize,
    /// People in them.
    pub people: u64,
    /// Villages of which nothing is known, because terrain is missing and no survey says; they are not among those without.
    pub unknown: usize,
}

/// Counts villages under every requirement: by service, survey before prediction alone, probability and shift ascending.
///
/// `required_probability` is the study's own, which is looked at too.
pub fn sensitivity(
    villages: &[Village],
    services: &[VillageService],
    required_probability: f64,
) -> Vec<SensitivityRow> {
    let mut probabilities = PROBABILITIES.to_vec();
    if !probabilities.contains(&required_probability) {
        probabilities.push(required_probability);
        probabilities.sort_by(f64::total_cmp);
    }
    let mut rows = Vec::new();
    for service in ServiceKind::ALL {
        let reached: Vec<Vec<f64>> = services
            .iter()
            .map(|s| SHIFTS_DB.map(|db| s.of(service).outlook.probability(f64::from(db))).collect())
            .collect();
        for survey_wins in [true, false] {
            for &required_probability in &probabilities {
                for (step, shift_db) in SHIFTS_DB.enumerate() {
                    let none = SensitivityRow {
                        service,
                        survey_wins,
                        required_probability,
                        shift_db,
                        villages: 0,
                        people: 0,
                        unknown: 0,
                    };
                    let each = villages.iter().zip(services).zip(&reached);
                    rows.push(
                        each.fold(none, |row, ((village, s), reached)| row.with(village, s.of(service), reached[step])),
                    );
                }
            }
        }
    }
    rows
}

impl SensitivityRow {
    /// The row with one village more, which has the service with a probability.
    fn with(mut self, village: &Village, assessment: &Assessment, probability: f64) -> Self {
        let status = assessment.outlook.status(probability, self.required_probability);
        if is_gap(status, assessment.surveyed, self.survey_wins) {
            self.villages += 1;
            self.people += u64::from(village.people());
        } else if is_unknown(status, assessment.surveyed, self.survey_wins) {
            self.unknown += 1;
        }
        self
    }
}

/// Villages of a service under one requirement.
pub fn sensitivity_at(
    rows: &[SensitivityRow],
    service: ServiceKind,
    survey_wins: bool,
    required_probability: f64,
    shift_db: i32,
) -> Option<&SensitivityRow> {
    rows.iter().find(|row| {
        (row.service, row.survey_wins, row.shift_db) == (service, survey_wins, shift_db)
            && row.required_probability == required_probability
    })
}

/// The technology by whose threshold a service's steps are named, and that threshold, dBm: the one with the most cells among those that have
/// one, the newest of several. `None` where the service has no thresholds.
pub fn reference_threshold(study: &Study, service: ServiceKind) -> Option<(Technology, f64)> {
    let threshold =
        |technology| study.config.service.requirement(service, technology).and_then(|required| required.threshold_dbm);
    let cells = |t: Technology| study.sites.iter().flat_map(|s| &s.cells).filter(|cell| cell.technology == t).count();
    let with = Technology::ALL.into_iter().filter_map(|t| Some((t, threshold(t)?)));
    with.max_by_key(|(technology, _)| cells(*technology))
}

#[cfg(test)]
mod tests {
    use super::super::status::{Margin, Outlook, Status};
    use super::*;
    use crate::study::Survey;

    fn village(population: u32) -> Village {
        Village { population: Some(population), ..Village::named("v") }
    }

    fn service(margin_db: f64, terrain_missing: bool, surveyed: Survey) -> VillageService {
        let margins = vec![Margin { level_db: margin_db, rest_db: f64::INFINITY, sigma_db: 7.0 }];
        let of = |outlook, surveyed| Assessment {
            predicted: Status::Unknown,
            probability: None,
            margin_db: None,
            surveyed,
            is_gap: false,
            servers: Vec::new(),
            outlook,
        };
        VillageService {
            signal: of(Outlook { margins, terrain_missing, fixed: false }, surveyed),
            broadband: of(Outlook { margins: vec![], terrain_missing: false, fixed: true }, Survey::Unknown),
            operators: Vec::new(),
            throughput_mbps: None,
            footprint: None,
        }
    }

    #[test]
    fn villages_by_threshold_and_probability_by_hand() {
        let villages = [village(100), village(20), village(3), village(4_000)];
        let services = [
            service(9.0, false, Survey::Unknown), // 90 % from 8.97 dB, 50 % from 0 dB
            service(-5.0, true, Survey::Unknown),
            service(-25.0, false, Survey::Yes),
            service(30.0, false, Survey::No),
        ];
        let rows = sensitivity(&villages, &services, 0.85);
        assert_eq!(rows.len(), 2 * 2 * 7 * 41);
        let at = |service, survey_wins, probability: f64, shift_db| {
            let row = sensitivity_at(&rows, service, survey_wins, probability, shift_db);
            row.map(|r| (r.villages, r.people, r.unknown))
                .unwrap_or_else(|| panic!("no row for {probability} {shift_db}"))
        };
        use ServiceKind::{Broadband, Signal};
        assert_eq!(at(Signal, false, 0.9, 0), (1, 3, 1), "the second is unknown below 50 %");
        assert_eq!(at(Signal, false, 0.9, 1), (2, 103, 1));
        assert_eq!(at(Signal, false, 0.5, 1), (1, 3, 1));
        assert_eq!(at(Signal, false, 0.5, 9), (1, 3, 1), "50 % is reached at the median");
        assert_eq!(at(Signal, false, 0.5, 10), (2, 103, 1));
        assert_eq!(at(Signal, false, 0.9, -5), (2, 23, 0), "at 50 % and below 90 % the second lacks it for sure");
        assert_eq!(at(Signal, false, 0.9, -14), (1, 3, 0), "9 dB of margin");
        assert_eq!(at(Signal, true, 0.9, 0), (1, 4_000, 1), "the third is reported to have it, the fourth not");
        assert_eq!(at(Signal, true, 0.99, -20), (2, 4_020, 0), "15 dB are 98.4 %");
        assert_eq!(at(Broadband, false, 0.99, 20), (0, 0, 0), "a fixed line does not care");
    }
}
