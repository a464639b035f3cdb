//! The map on the page: the picture with symbols, their tooltips and a scale bar.

use super::Writer;
use crate::geodesy::LonLat;
use crate::io::WriteCause;
use crate::planning::Outcome;
use crate::report::Publication;
use crate::report::map::{Frame, draw};
use crate::report::palette::status_color;
use crate::service::Status;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;

/// Served villages and sites are shown up to this number; more would hide the land and swell the page.
const MOST_QUIET_SYMBOLS: usize = 6_000;

/// The map.
#[derive(Debug, Serialize)]
pub(in crate::report) struct MapView {
    width: u32,
    height: u32,
    /// The picture, base64.
    png: String,
    /// Groups of symbols, the lowest first.
    layers: Vec<SymbolLayer>,
    planned: Vec<PlannedSymbol>,
    scale: Scale,
    has_coverage: bool,
    has_sites: bool,
    has_roads: bool,
    has_communes: bool,
    has_unknown: bool,
    legend_fixed: String,
    legend_left: String,
    colors: Colors,
}

/// Symbols of one kind.
#[derive(Debug, Serialize)]
struct SymbolLayer {
    /// Id of the symbol: `site`, `ok`, `unknown`, `fixed`, `left`.
    kind: &'static str,
    symbols: Vec<Symbol>,
}

#[derive(Debug, Serialize)]
struct Symbol {
    x: String,
    y: String,
    title: String,
}

#[derive(Debug, Serialize)]
struct PlannedSymbol {
    order: usize,
    #[serde(flatten)]
    symbol: Symbol,
}

#[derive(Debug, Serialize)]
struct Scale {
    label: String,
    pixels: f64,
    y: u32,
}

#[derive(Debug, Serialize)]
struct Colors {
    served: String,
    marginal: String,
    unknown: String,
}

impl Writer<'_> {
    /// The map; `None` when there is nothing to show on one.
    pub(super) fn map(&self) -> Result<Option<MapView>, WriteCause> {
        let Some(frame) = Frame::of(self.results) else { return Ok(None) };
        let picture = draw(self.results, frame)?;
        let study = self.results.study;
        let frame = picture.frame;
        let (km, pixels) = frame.scale_bar();
        let legend = |key: &str| self.fill(key, &[("lacking", self.lacking)]);
        Ok(Some(MapView {
            width: frame.width,
            height: frame.height,
            png: STANDARD.encode(&picture.png),
            layers: self.symbols(&frame),
            planned: self.planned(&frame),
            scale: Scale {
                label: format!("{} km", self.numbers.short(km, 2)),
                pixels: pixels.round(),
                y: frame.height.saturating_sub(40),
            },
            has_coverage: self.results.coverage.is_some(),
            has_sites: self.shows_site_positions(),
            has_roads: !study.roads.is_empty(),
            has_communes: !study.communes.is_empty(),
            has_unknown: !self.unknown_villages().is_empty(),
            legend_fixed: legend("legend_village_fixed"),
            legend_left: legend("legend_village_left"),
            colors: Colors {
                served: status_color(Status::Served).hex(),
                marginal: status_color(Status::Marginal).hex(),
                unknown: status_color(Status::Unknown).hex(),
            },
        }))
    }

    fn shows_site_positions(&self) -> bool {
        self.results.publication.as_ref().is_none_or(Publication::shows_site_positions)
    }

    fn symbols(&self, frame: &Frame) -> Vec<SymbolLayer> {
        let study = self.results.study;
        let mut villages: [Vec<Symbol>; 4] = Default::default();
        for (index, village) in study.villages.iter().enumerate() {
            let is_gap = self.planned_service(index).is_some_and(|a| a.is_gap);
            let is_fixed = self.lookup.outcome_of[index].as_ref().is_some_and(Outcome::is_served);
            let group = match (is_gap, is_fixed) {
                (false, _) if self.is_unknown(index) => 1,
                (false, _) => 0,
                (true, true) => 2,
                (true, false) => 3,
            };
            villages[group].push(symbol(frame, village.position, self.village_title(index)));
        }
        let shown = study.sites.iter().filter(|_| self.shows_site_positions());
        let sites: Vec<Symbol> = shown.map(|s| symbol(frame, s.position, format!("{} {}", s.id, s.operator))).collect();
        let [ok, unknown, fixed, left] = villages;
        let few = |list: Vec<Symbol>| if list.len() > MOST_QUIET_SYMBOLS { Vec::new() } else { list };
        vec![
            SymbolLayer { kind: "ok", symbols: few(ok) },
            SymbolLayer { kind: "site", symbols: few(sites) },
            SymbolLayer { kind: "unknown", symbols: unknown },
            SymbolLayer { kind: "fixed", symbols: fixed },
            SymbolLayer { kind: "left", symbols: left },
        ]
    }

    fn village_title(&self, index: usize) -> String {
        let village = self.village(index);
        let mut parts = vec![village.name.clone()];
        if !village.commune.is_empty() {
            parts.push(village.commune.clone());
        }
        parts.push(self.fill("figure_people", &[("n", &self.int(village.people()))]));
        let mut title = parts.join(" · ");
        if let Some(assessment) = self.planned_service(index) {
            let label = |key: &str| self.texts.text(key).to_owned();
            let survey = format!("{}: {}", label("survey"), self.survey(assessment.surveyed));
            let prediction = format!("{}: {}", label("prediction"), self.prediction(assessment));
            let probability = self.probability(assessment);
            title = format!("{title}\n{survey}\n{prediction}");
            if !probability.is_empty() {
                title = format!("{title} ({probability})");
            }
            if assessment.is_gap {
                title = format!("{title}\n{}", self.solution(index));
            }
        }
        title
    }

    fn planned(&self, frame: &Frame) -> Vec<PlannedSymbol> {
        let Some(plan) = &self.results.plan else { return Vec::new() };
        let mut planned: Vec<PlannedSymbol> = plan
            .sites
            .iter()
            .map(|site| {
                let candidate = &plan.candidates[site.candidate];
                let names: Vec<&str> = site.newly_served.iter().map(|&v| self.village(v).name.as_str()).collect();
                let cost = self.numbers.money(site.money.investment());
                let title = format!("{}. {} · {cost}\n{}", site.order, candidate.id, names.join(", "));
                PlannedSymbol { order: site.order, symbol: symbol(frame, candidate.position, title) }
            })
            .collect();
        planned.reverse(); // the first to build lies on top
        planned
    }
}

fn symbol(frame: &Frame, position: LonLat, title: String) -> Symbol {
    let (x, y) = frame.pixel(position);
    Symbol { x: format!("{x:.1}"), y: format!("{y:.1}"), title }
}
