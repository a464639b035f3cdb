//! How many villages lack a service when its threshold moves: a sentence and a picture for each service.

use super::Writer;
use crate::radio::Technology;
use crate::report::axis::ticks;
use crate::service::{SHIFTS_DB, SensitivityRow, reference_threshold, sensitivity_at};
use crate::study::{ServiceKind, Survey};
use serde::Serialize;
use std::fmt::Write;

/// Sentence and picture of a service.
#[derive(Debug, Serialize)]
pub(super) struct SensitivityView {
    title: String,
    sentences: Vec<String>,
    /// The picture as SVG; it holds nothing of the inputs but numbers.
    svg: String,
    legend: Vec<CurveView>,
}

#[derive(Debug, Serialize)]
struct CurveView {
    label: String,
    color: &'static str,
    dashes: &'static str,
    width: &'static str,
}

/// The villages without the service by shift, for one way of counting.
struct Curve {
    required_probability: f64,
    survey_wins: bool,
    villages: Vec<usize>,
    color: &'static str,
    is_own: bool,
}

/// Colours of curves by required probability, light to dark.
const BLUES: [&str; 7] = ["#9ecae1", "#6baed6", "#4292c6", "#2878b8", "#1b62a5", "#08519c", "#08306b"];
/// Colour of the curve on which the survey wins.
const SURVEY_COLOR: &str = "#b3361d";
/// The steps that the sentences name, dB: the study's own first.
const NAMED_SHIFTS_DB: [i32; 3] = [0, -5, 5];

const WIDTH: f64 = 560.0;
const HEIGHT: f64 = 300.0;
const LEFT: f64 = 52.0;
const RIGHT: f64 = 14.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 48.0;

impl Writer<'_> {
    /// A view of each service; none without the service stage.
    pub(super) fn sensitivities(&self) -> Vec<SensitivityView> {
        ServiceKind::ALL.into_iter().filter_map(|service| self.sensitivity(service)).collect()
    }

    fn sensitivity(&self, service: ServiceKind) -> Option<SensitivityView> {
        let curves = self.curves(service);
        let own = self.results.study.config.service.required_probability;
        let reference = reference_threshold(self.results.study, service);
        let at = |survey_wins, shift_db| sensitivity_at(&self.results.sensitivity, service, survey_wins, own, shift_db);
        let mut sentences = Vec::new();
        for survey_wins in [false, true] {
            if survey_wins && !curves.iter().any(|curve| curve.survey_wins) {
                continue;
            }
            let rows: Option<Vec<&SensitivityRow>> =
                NAMED_SHIFTS_DB.map(|shift| at(survey_wins, shift)).into_iter().collect();
            sentences.push(self.sentence(service, survey_wins, reference, &rows?));
        }
        let curve_view = |curve: &Curve| CurveView {
            label: match curve.survey_wins {
                true => self.texts.text("sensitivity_survey").to_owned(),
                false => self.numbers.percent(curve.required_probability, 0),
            },
            color: curve.color,
            dashes: if curve.survey_wins { "6 4" } else { "none" },
            width: if curve.is_own { "4" } else { "1.8" },
        };
        Some(SensitivityView {
            title: self.texts.text(service.name()).to_owned(),
            sentences,
            svg: self.sensitivity_svg(&curves, reference),
            legend: curves.iter().map(curve_view).collect(),
        })
    }

    /// A curve per required probability for the prediction, and one for the survey where there is one.
    fn curves(&self, service: ServiceKind) -> Vec<Curve> {
        let own = self.results.study.config.service.required_probability;
        let rows = || self.results.sensitivity.iter().filter(|row| row.service == service);
        let mut probabilities: Vec<f64> = rows().map(|row| row.required_probability).collect();
        probabilities.dedup();
        probabilities.truncate(probabilities.len() / 2);
        let curve = |survey_wins, required_probability: f64, color| Curve {
            required_probability,
            survey_wins,
            villages: rows()
                .filter(|row| row.survey_wins == survey_wins && row.required_probability == required_probability)
                .map(|row| row.villages)
                .collect(),
            color,
            is_own: required_probability == own && !survey_wins,
        };
        let first = BLUES.len() - probabilities.len().min(BLUES.len());
        let colors = BLUES.into_iter().skip(first);
        let mut curves: Vec<Curve> =
            probabilities.iter().zip(colors).map(|(&p, color)| curve(false, p, color)).collect();
        let mut all = self.results.services.iter().flatten();
        let is_surveyed = all.any(|s| s.of(service).surveyed != Survey::Unknown);
        if is_surveyed {
            curves.push(curve(true, own, SURVEY_COLOR));
        }
        curves
    }

    /// "138 villages … at LTE −115 dBm, 121 at −120 dBm, 150 at −110 dBm."
    fn sentence(
        &self,
        service: ServiceKind,
        survey_wins: bool,
        reference: Option<(Technology, f64)>,
        rows: &[&SensitivityRow],
    ) -> String {
        let lacking = match service {
            ServiceKind::Signal => self.texts.text("lacking_signal"),
            ServiceKind::Broadband => self.texts.text("lacking_broadband"),
        };
        let p = self.numbers.percent(self.results.study.config.service.required_probability, 0);
        let step = |row: &SensitivityRow| {
            let dbm = reference.map(|(_, dbm)| self.numbers.short(dbm + f64::from(row.shift_db), 1));
            dbm.map(|dbm| format!("{dbm}\u{a0}dBm")).unwrap_or_default()
        };
        let technology = reference.map_or(String::new(), |(technology, _)| format!("{technology} "));
        let key = match (survey_wins, reference) {
            (false, Some(_)) => "sensitivity_sentence",
            (false, None) => "sensitivity_sentence_still",
            (true, Some(_)) => "sensitivity_sentence_survey",
            (true, None) => "sensitivity_sentence_still_survey",
        };
        let texts: Vec<[String; 2]> = rows.iter().map(|row| [self.int(row.villages), step(row)]).collect();
        let [[n_0, t_0], [n_1, t_1], [n_2, t_2]] = texts.as_slice() else { return String::new() };
        let values = [
            ("p", p.as_str()),
            ("lacking", lacking),
            ("technology", &technology),
            ("n0", n_0),
            ("t0", t_0),
            ("n1", n_1),
            ("t1", t_1),
            ("n2", n_2),
            ("t2", t_2),
        ];
        self.fill(key, &values)
    }

    fn sensitivity_svg(&self, curves: &[Curve], reference: Option<(Technology, f64)>) -> String {
        let most = curves.iter().flat_map(|curve| &curve.villages).max().copied().unwrap_or(0).max(1) as f64;
        let (first, last) = (f64::from(*SHIFTS_DB.start()), f64::from(*SHIFTS_DB.end()));
        let x = |shift_db: f64| LEFT + (shift_db - first) / (last - first) * (WIDTH - LEFT - RIGHT);
        let y = |villages: f64| TOP + (1.0 - villages / most) * (HEIGHT - TOP - BOTTOM);
        let base = HEIGHT - BOTTOM;
        let mut svg = format!(
            "<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" font-family=\"Arial, \
             'Liberation Sans', sans-serif\" font-size=\"13\"><title>{}</title>",
            self.texts.text("sensitivity")
        );
        // writing to a String cannot fail
        for villages in ticks(0.0, most, 5).into_iter().filter(|v| v.fract() == 0.0) {
            let at = y(villages);
            let _ = write!(
                svg,
                "<path d=\"M{LEFT} {at:.1}H{:.1}\" stroke=\"#d8dee4\"/><text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\" \
                 fill=\"#57606a\">{}</text>",
                WIDTH - RIGHT,
                LEFT - 7.0,
                at + 4.5,
                self.int(villages as i64)
            );
        }
        for shift_db in SHIFTS_DB.step_by(5) {
            let at = x(f64::from(shift_db));
            let anchor = match shift_db {
                -20 => "start",
                20 => "end",
                _ => "middle",
            };
            let label = reference.map_or_else(
                || format!("{}{}", if shift_db > 0 { "+" } else { "" }, self.numbers.short(f64::from(shift_db), 0)),
                |(_, dbm)| self.numbers.short(dbm + f64::from(shift_db), 1),
            );
            let _ = write!(
                svg,
                "<path d=\"M{at:.1} {base}v5\" stroke=\"#57606a\"/><text x=\"{at:.1}\" y=\"{:.1}\" text-anchor=\"{anchor}\" \
                 fill=\"#57606a\">{label}</text>",
                base + 19.0
            );
        }
        let _ = write!(svg, "<path d=\"M{:.1} {TOP}V{base}\" stroke=\"#57606a\" stroke-dasharray=\"2 3\"/>", x(0.0));
        for curve in curves {
            let points = SHIFTS_DB
                .zip(&curve.villages)
                .map(|(shift, &n)| format!("{:.1} {:.1}", x(f64::from(shift)), y(n as f64)));
            let _ = write!(
                svg,
                "<path d=\"M{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{}\"{}/>",
                points.collect::<Vec<_>>().join("L"),
                curve.color,
                if curve.is_own { 3.2 } else { 1.6 },
                if curve.survey_wins { " stroke-dasharray=\"6 4\"" } else { "" }
            );
        }
        let axis = match reference {
            Some((technology, _)) => {
                self.fill("sensitivity_axis", &[("technology", technology.name()), ("level", technology.level_name())])
            }
            None => self.texts.text("sensitivity_axis_shift").to_owned(),
        };
        let _ = write!(
            svg,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\" fill=\"#1f2328\">{axis}</text></svg>",
            (LEFT + WIDTH - RIGHT) / 2.0,
            HEIGHT - 8.0
        );
        svg
    }
}
