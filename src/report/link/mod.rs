//! One radio link as a picture and a page: the profile over the curved Earth, the ray, the first Fresnel zone, what blocks it,
//! and where the loss comes from.
//!
//! In: a link, its profile, a model's prediction with its trace. Out: an SVG, or one HTML file that needs nothing else.

mod picture;

use super::i18n::{Catalogue, Numbers};
use crate::geodesy::LonLat;
use crate::propagation::earth::free_space_loss_db;
use crate::propagation::sight::{Edge, main_edge, traced_radius_km};
use crate::propagation::{Link, ModelEntry, Prediction, Profile, TraceStep};
use crate::study::Language;
use minijinja::value::Serde;
use minijinja::{Environment, context};
use serde::Serialize;

const TEMPLATE: &str = include_str!("../template/link.html");
const STYLE: &str = include_str!("../template/style.css");

/// A link with all that is known of it.
pub struct LinkReport<'a> {
    /// Frequency, polarisation and antennas.
    pub link: &'a Link,
    /// Terrain on the way.
    pub profile: &'a Profile,
    /// Transmitter and receiver, where they have a place.
    pub ends: Option<(LonLat, LonLat)>,
    /// The model that predicted.
    pub model: &'a ModelEntry,
    /// What it says.
    pub prediction: &'a Prediction,
    /// How it came to that.
    pub trace: &'a [TraceStep],
    /// Language of the page.
    pub language: Language,
}

/// A line of facts or of the loss's breakdown.
#[derive(Debug, Serialize)]
struct Fact {
    name: String,
    value: String,
    /// Length of its bar, % of the longest; none for a plain fact.
    share: Option<f64>,
    class: &'static str,
}

#[derive(Debug, Serialize)]
struct Page<'a> {
    language: &'static str,
    title: String,
    verdict: String,
    picture: String,
    facts: Vec<Fact>,
    breakdown: Vec<Fact>,
    trace: &'a [TraceStep],
    warnings: &'a [String],
    reference: &'a str,
}

impl LinkReport<'_> {
    /// Effective Earth radius of the picture, km: the model's own where its trace has one.
    fn effective_radius_km(&self) -> f64 {
        traced_radius_km(self.trace)
    }

    fn traced(&self, symbol: &str) -> Option<f64> {
        self.trace.iter().find(|step| step.symbol == symbol).map(|step| step.value)
    }

    /// The point that blocks most or comes closest.
    pub fn main_edge(&self) -> Option<Edge> {
        main_edge(self.link, self.profile, self.effective_radius_km())
    }

    /// Where a profile point lies.
    pub fn position(&self, distance_km: f64) -> Option<LonLat> {
        let (from, to) = self.ends?;
        Some(from.destination(from.azimuth_deg(to), distance_km * 1000.0))
    }

    /// The picture as an SVG document.
    pub fn svg(&self) -> String {
        picture::draw(self, Catalogue::new(self.language))
    }

    /// The page as one HTML document.
    ///
    /// # Errors
    /// The template is faulty.
    pub fn html(&self) -> Result<String, minijinja::Error> {
        let texts = Catalogue::new(self.language);
        let numbers = texts.numbers();
        let link = self.link;
        let page = Page {
            language: texts.tag(),
            title: texts.fill(
                "link_title",
                &[
                    ("d", &numbers.decimal(self.profile.path_length_km(), 2)),
                    ("f", &numbers.short(link.frequency_mhz, 3)),
                ],
            ),
            verdict: self.verdict(texts, numbers),
            picture: self.svg(),
            facts: self.facts(texts, numbers),
            breakdown: self.breakdown(texts, numbers),
            trace: self.trace,
            warnings: &self.prediction.warnings,
            reference: self.model.reference,
        };
        let mut environment = Environment::new();
        environment.add_function("t", move |key: &str| texts.text(key).to_owned());
        environment.add_template("link.html", TEMPLATE)?;
        environment.get_template("link.html")?.render(context! { page => Serde(&page), style => STYLE })
    }

    /// What a person wants to know first: is the way free, and if not, what stands in it.
    fn verdict(&self, texts: Catalogue, numbers: Numbers) -> String {
        let Some(edge) = self.main_edge() else { return texts.text("link_no_points").to_owned() };
        let place = self.position(edge.distance_km).map_or(String::new(), |p| format!(" ({})", coordinates(p)));
        let key = if edge.above_line_m >= 0.0 {
            "link_blocked"
        } else if edge.obstructs() {
            "link_fresnel"
        } else {
            "link_clear"
        };
        texts.fill(
            key,
            &[
                ("d", &numbers.decimal(edge.distance_km, 2)),
                ("place", &place),
                ("top", &numbers.decimal(edge.top_amsl_m, 0)),
                ("m", &numbers.decimal(edge.above_line_m.abs(), 1)),
                ("part", &numbers.percent(edge.clearance(), 0)),
            ],
        )
    }

    fn facts(&self, texts: Catalogue, numbers: Numbers) -> Vec<Fact> {
        let link = self.link;
        let fact = |key: &str, value: String| Fact { name: texts.text(key).into(), value, share: None, class: "" };
        let (h_0, h_n) = self.profile.terrain_at_ends_amsl_m();
        let end = |h: f64, mast: f64, position: Option<LonLat>| {
            let place = position.map_or(String::new(), |p| format!("{}, ", coordinates(p)));
            let values = [("place", place.as_str()), ("h", &numbers.decimal(h, 0)), ("mast", &numbers.short(mast, 1))];
            texts.fill("link_end", &values)
        };
        vec![
            fact("link_tx", end(h_0, link.tx_height_agl_m, self.ends.map(|e| e.0))),
            fact("link_rx", end(h_n, link.rx_height_agl_m, self.ends.map(|e| e.1))),
            fact("link_loss", format!("{} dB", numbers.decimal(self.prediction.loss_db, 1))),
            fact("link_model", format!("{} – {}", self.model.id, self.model.reference)),
            fact("link_radius", format!("{} km", numbers.decimal(self.effective_radius_km(), 0))),
            fact("link_points", numbers.decimal(self.profile.len() as f64, 0)),
        ]
    }

    /// Free space, and what terrain, clutter, air, place and building add to it or take from it.
    fn breakdown(&self, texts: Catalogue, numbers: Numbers) -> Vec<Fact> {
        let (h_0, h_n) = self.profile.terrain_at_ends_amsl_m();
        let (h_ts, h_rs) = (h_0 + self.link.tx_height_agl_m, h_n + self.link.rx_height_agl_m);
        let f_ghz = self.link.frequency_mhz / 1000.0;
        let free_space_db = free_space_loss_db(f_ghz, self.profile.path_length_km(), h_ts, h_rs);
        let total_db = self.prediction.loss_db;
        let mut parts = vec![("link_free_space", free_space_db)];
        let mut rest_db = total_db - free_space_db;
        let known = [
            ("link_diffraction", self.traced("L_dp").or(self.traced("L_d"))),
            ("link_location", self.traced("L_loc")),
            ("link_building", self.traced("L_BEL")),
        ];
        for (key, part_db) in known {
            if let Some(part_db) = part_db.filter(|db| db.abs() >= 0.05) {
                parts.push((key, part_db));
                rest_db -= part_db;
            }
        }
        if rest_db.abs() >= 0.05 {
            parts.push((if parts.len() > 1 { "link_air" } else { "link_excess" }, rest_db));
        }
        let longest_db = parts.iter().map(|(_, db)| db.abs()).fold(total_db.abs(), f64::max);
        let line = |key: &str, db: f64, class| Fact {
            name: texts.text(key).into(),
            value: format!("{} dB", numbers.decimal(db, 1)),
            share: Some(100.0 * db.abs() / longest_db),
            class,
        };
        let mut lines: Vec<Fact> =
            parts.into_iter().map(|(key, db)| line(key, db, if db < 0.0 { "served" } else { "marginal" })).collect();
        lines.push(line("link_total", total_db, "unserved"));
        lines
    }
}

/// `22.66000 N, 106.26000 E`.
fn coordinates(p: LonLat) -> String {
    let north = if p.lat_deg < 0.0 { 'S' } else { 'N' };
    let east = if p.lon_deg < 0.0 { 'W' } else { 'E' };
    format!("{:.5}° {north}, {:.5}° {east}", p.lat_deg.abs(), p.lon_deg.abs())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::propagation::{Model, Polarization, Trace};

    fn with_report<T>(language: Language, heights: Vec<f64>, look: impl FnOnce(&LinkReport<'_>) -> T) -> T {
        let link = Link {
            frequency_mhz: 900.0,
            polarization: Polarization::Vertical,
            tx_height_agl_m: 30.0,
            rx_height_agl_m: 1.5,
            path_center_latitude_deg: 22.7,
        };
        let d_km = (0..heights.len()).map(|i| i as f64 * 0.5).collect();
        let profile = Profile::bare(d_km, heights).unwrap();
        let model = Model::build("p1812", &serde_json::Map::new()).unwrap();
        let mut trace = Trace::on();
        let prediction = model.predict(&link, &profile, &mut trace).unwrap();
        let trace = trace.into_steps();
        let ends = Some((LonLat::new(106.0, 22.7), LonLat::new(106.03, 22.7)));
        let model = model.entry();
        look(&LinkReport {
            link: &link,
            profile: &profile,
            ends,
            model,
            prediction: &prediction,
            trace: &trace,
            language,
        })
    }

    #[test]
    fn the_ridge_is_named_by_place_height_and_excess() {
        let html = with_report(Language::En, vec![500.0, 520.0, 700.0, 510.0, 480.0], |r| r.html().unwrap());
        assert!(html.contains("A ridge blocks the way"), "{html}");
        assert!(html.contains("1.00 km") && html.contains("700 m") && html.contains("° N, 106.0097"));
        assert!(html.contains("<svg") && !html.contains("http://") | html.contains("www.w3.org/2000/svg"));
        let vi = with_report(Language::Vi, vec![500.0, 520.0, 700.0, 510.0, 480.0], |r| r.html().unwrap());
        assert!(vi.contains("lang=\"vi\"") && vi.contains("1,00 km"));
    }

    #[test]
    fn the_parts_of_the_loss_add_up() {
        for heights in [vec![500.0, 520.0, 700.0, 510.0, 480.0], vec![500.0, 100.0, 100.0, 100.0, 480.0]] {
            with_report(Language::En, heights, |report| {
                let parts = report.breakdown(Catalogue::new(Language::En), Catalogue::new(Language::En).numbers());
                let value = |f: &Fact| f.value.trim_end_matches(" dB").replace('−', "-").parse::<f64>().unwrap();
                let (total, parts) = parts.split_last().unwrap();
                let sum: f64 = parts.iter().map(value).sum();
                assert!((sum - value(total)).abs() < 0.21, "{parts:?} {total:?}");
            });
        }
    }

    #[test]
    fn a_free_way_is_called_free() {
        let html = with_report(Language::En, vec![500.0, 100.0, 100.0, 100.0, 480.0], |r| r.html().unwrap());
        assert!(html.contains("The way is free"), "{html}");
    }
}
