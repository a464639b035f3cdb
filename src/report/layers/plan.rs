//! What the plan builds, as layers and tables: candidates, sites, links, ways of single villages, years, bill of quantities.

use super::{BOOLEAN, Columns, INTEGER, TEXT, ids, layer, point, real};
use crate::geodesy::LonLat;
use crate::io::{GeometryType, Layer};
use crate::planning::backhaul::LinkKind;
use crate::planning::{
    Candidate, LinkStart, Money, Plan, PlannedLink, PlannedSite, PlannedWay, PlannedYear, PowerSource, RankedCandidate,
};
use crate::report::{Lookup, Results};
use geo::{Coord, Geometry, LineString};
use std::collections::BTreeMap;

/// A candidate with its place in the ranking and in the plan.
struct CandidateRow<'a> {
    candidate: &'a Candidate,
    rank: Option<usize>,
    ranked: Option<&'a RankedCandidate>,
    planned: Option<&'a PlannedSite>,
}

fn candidate_rows<'a>(results: &'a Results<'_>, lookup: &'a Lookup) -> Vec<CandidateRow<'a>> {
    let Some(plan) = &results.plan else { return Vec::new() };
    let row = |(index, candidate): (usize, &'a Candidate)| {
        let rank = lookup.rank_of[index];
        CandidateRow {
            candidate,
            rank: rank.map(|r| r + 1),
            ranked: rank.map(|r| &plan.ranking[r]),
            planned: lookup.planned_of[index].map(|site| &plan.sites[site]),
        }
    };
    plan.candidates.iter().enumerate().map(row).collect()
}

/// Adds where a candidate stands.
fn place_columns<'a, R>(columns: Columns<'a, R>, of: impl Fn(&R) -> &'a Candidate + Copy + 'a) -> Columns<'a, R> {
    columns
        .with("terrain_amsl_m", real(1), move |row| of(row).terrain_amsl_m)
        .with("height_agl_m", real(1), move |row| of(row).height_agl_m)
        .with("slope_deg", real(1), move |row| of(row).slope_deg)
        .with("road_distance_m", real(0), move |row| of(row).road_distance_m)
        .with("network_distance_m", real(0), move |row| of(row).network_distance_m)
}

fn candidate_columns<'a>(id: &'static str) -> Columns<'a, CandidateRow<'a>> {
    let columns = Columns::new()
        .with("rank", INTEGER, |row: &CandidateRow<'_>| row.rank)
        .with(id, TEXT, |row| row.candidate.id.clone())
        .with("origin", TEXT, |row| row.candidate.origin.name())
        .with("people", INTEGER, |row| row.ranked.map(|r| r.people))
        .with("villages", INTEGER, |row| row.ranked.map(|r| r.villages))
        .with("cost_million_vnd", real(1), |row| row.ranked.and_then(|r| r.cost_million_vnd))
        .with("cost_mast_million_vnd", real(1), |row| row.candidate.cost.mast)
        .with("cost_access_million_vnd", real(1), |row| row.candidate.cost.access)
        .with("weight_per_billion_vnd", real(1), |row| row.ranked.map(|r| r.weight_per_cost * 1000.0));
    place_columns(columns, |row| row.candidate).with("is_planned", BOOLEAN, |row| row.planned.is_some()).with(
        "build_order",
        INTEGER,
        |row| row.planned.map(|p| p.order),
    )
}

/// All candidates.
pub(super) fn candidates(results: &Results<'_>, lookup: &Lookup) -> Layer {
    let rows = candidate_rows(results, lookup).into_iter().map(|row| (point(row.candidate.position), row));
    let description = "Places where a site could be built; people and villages are those it would newly serve alone.";
    layer(results, "candidates", description, GeometryType::Point, rows, candidate_columns("id"))
}

/// The candidates by newly served people per cost, best first.
pub(in crate::report) fn ranking(results: &Results<'_>) -> Layer {
    let lookup = Lookup::new(results);
    let mut rows = candidate_rows(results, &lookup);
    rows.sort_by_key(|row| row.rank.unwrap_or(usize::MAX));
    let rows = rows.into_iter().map(|row| (point(row.candidate.position), row));
    let description = "Candidates by people that each alone would newly serve per cost, best first.";
    layer(results, "ranking", description, GeometryType::Point, rows, candidate_columns("candidate_id"))
}

/// Adds what something costs and brings.
fn money_columns<'a, R>(columns: Columns<'a, R>, of: impl Fn(&R) -> &'a Money + Copy + 'a) -> Columns<'a, R> {
    columns
        .with("cost_million_vnd", real(1), move |row| of(row).investment())
        .with("cost_mast_million_vnd", real(1), move |row| of(row).mast)
        .with("cost_access_million_vnd", real(1), move |row| of(row).access)
        .with("cost_power_million_vnd", real(1), move |row| of(row).power)
        .with("cost_radio_million_vnd", real(1), move |row| of(row).radio)
        .with("cost_link_million_vnd", real(1), move |row| of(row).link)
        .with("cost_yearly_million_vnd", real(1), move |row| of(row).yearly_cost)
        .with("revenue_yearly_million_vnd", real(1), move |row| of(row).yearly_revenue)
        .with("present_value_million_vnd", real(1), move |row| of(row).present_value)
        .with("subsidy_million_vnd", real(1), move |row| of(row).subsidy())
}

/// A planned site and its candidate.
type SiteRow<'a> = (&'a PlannedSite, &'a Candidate);

/// Masts that the plan builds or uses, in order.
pub(super) fn plan_sites(results: &Results<'_>) -> Layer {
    let villages = &results.study.villages;
    let configurations = results.study.config.planning.configurations();
    let people = |list: &[usize]| list.iter().map(|&v| u64::from(villages[v].people())).sum::<u64>();
    let radios = move |site: &PlannedSite| {
        let name = |radio: &crate::planning::PlannedRadio| configurations[radio.configuration].name.clone();
        site.radios.iter().map(name).collect::<Vec<_>>().join(" ")
    };
    let azimuths = |site: &PlannedSite| {
        let sectors = site.radios.iter().flat_map(|radio| &radio.sectors);
        sectors.map(|sector| format!("{:.0}", sector.azimuth_deg)).collect::<Vec<_>>().join(" ")
    };
    let line_m = |site: &PlannedSite| match site.power.source {
        PowerSource::Grid { line_m, .. } => Some(line_m),
        PowerSource::Present | PowerSource::Solar => None,
    };
    let columns = Columns::<SiteRow<'_>>::new()
        .with("build_order", INTEGER, |row| row.0.order)
        .with("year", INTEGER, |row| row.0.year.map(u64::from))
        .with("is_affordable", BOOLEAN, |row| row.0.is_affordable)
        .with("id", TEXT, |row| row.1.id.clone())
        .with("origin", TEXT, |row| row.1.origin.name())
        .with("configurations", TEXT, move |row| radios(row.0))
        .with("azimuths_deg", TEXT, move |row| azimuths(row.0))
        .with("link", TEXT, |row| row.0.link.as_ref().map(|link| link.kind.name()))
        .with("power", TEXT, |row| row.0.power.source.name())
        .with("power_line_m", real(0), move |row| line_m(row.0))
        .with("newly_served_villages", INTEGER, |row| row.0.newly_served.len())
        .with("newly_served_people", INTEGER, move |row| people(&row.0.newly_served))
        .with("only_here_villages", INTEGER, |row| row.0.only_here.len())
        .with("replacement_million_vnd", real(1), |row| row.0.replacement_million_vnd);
    let columns = place_columns(money_columns(columns, |row| &row.0.money), |row| row.1)
        .with("newly_served_ids", TEXT, |row| ids(villages, &row.0.newly_served))
        .with("only_here_ids", TEXT, |row| ids(villages, &row.0.only_here));
    let planned =
        results.plan.iter().flat_map(|plan| plan.sites.iter().map(move |s| (s, &plan.candidates[s.candidate])));
    let rows = planned.map(|row| (point(row.1.position), row));
    layer(results, "plan_sites", "Masts that the plan builds or uses, in order.", GeometryType::Point, rows, columns)
}

/// A planned link with its plan and the site that it connects.
type LinkRow<'a> = (&'a Plan, &'a PlannedSite, &'a PlannedLink);

/// Links of planned sites to the network: microwave hops as straight lines, fibre along its way.
pub(super) fn plan_links(results: &Results<'_>) -> Layer {
    let hop = |row: &LinkRow<'_>| match &row.2.kind {
        LinkKind::Microwave(hop) => Some(hop.clone()),
        LinkKind::Fibre(_) | LinkKind::Satellite { .. } => None,
    };
    let columns = Columns::<LinkRow<'_>>::new()
        .with("to", TEXT, |row| row.0.candidates[row.1.candidate].id.clone())
        .with("from", TEXT, |row| row.0.start_of(row.2).map(str::to_owned))
        .with("from_planned", BOOLEAN, |row| matches!(row.2.from, LinkStart::Site(_)))
        .with("kind", TEXT, |row| row.2.kind.name())
        .with("year", INTEGER, |row| row.1.year.map(u64::from))
        .with("length_m", real(0), |row| row.2.kind.length_m())
        .with("frequency_ghz", real(1), move |row| hop(row).map(|hop| hop.frequency_ghz))
        .with("dish_m", real(1), move |row| hop(row).map(|hop| hop.dish_m))
        .with("clearance_f1", real(2), move |row| hop(row).and_then(|hop| hop.tightest).map(|t| t.clearance_f1))
        .with("margin_db", real(1), move |row| hop(row).map(|hop| hop.margin_db))
        .with("availability_percent", real(4), move |row| hop(row).map(|hop| hop.availability_percent))
        .with("capacity_mbps", real(0), |row| row.2.kind.capacity_mbps())
        .with("cost_million_vnd", real(1), |row| row.2.cost_million_vnd)
        .with("cost_yearly_million_vnd", real(1), |row| row.2.yearly_cost_million_vnd);
    let linked = results
        .plan
        .iter()
        .flat_map(|plan| plan.sites.iter().filter_map(move |site| site.link.as_ref().map(|link| (plan, site, link))));
    let rows = linked.filter_map(|row: LinkRow<'_>| Some((line(&row)?, row)));
    let description = "Links of planned sites: microwave hops, fibre. Satellite links have no line and are left out.";
    layer(results, "plan_hops", description, GeometryType::LineString, rows, columns)
}

fn line((plan, site, link): &LinkRow<'_>) -> Option<Geometry<f64>> {
    let end = plan.candidates[site.candidate].position;
    let coord = |p: &LonLat| Coord { x: p.lon_deg, y: p.lat_deg };
    let points: Vec<Coord<f64>> = match &link.kind {
        LinkKind::Fibre(fibre) => fibre.route.iter().map(coord).collect(),
        LinkKind::Microwave(_) => vec![coord(&plan.start_position(link)?), coord(&end)],
        LinkKind::Satellite { .. } => return None,
    };
    (points.len() > 1).then(|| LineString::new(points).into())
}

/// Villages that are served by ways of their own.
pub(super) fn plan_ways(results: &Results<'_>) -> Layer {
    let villages = &results.study.villages;
    let columns = Columns::<&PlannedWay>::new()
        .with("village", TEXT, |way| villages[way.village].id.clone())
        .with("name", TEXT, |way| villages[way.village].name.clone())
        .with("kind", TEXT, |way| way.way.kind.name())
        .with("year", INTEGER, |way| way.year.map(u64::from))
        .with("is_affordable", BOOLEAN, |way| way.is_affordable)
        .with("people", INTEGER, |way| u64::from(villages[way.village].people()))
        .with("cost_million_vnd", real(1), |way| way.way.cost_million_vnd)
        .with("cost_yearly_million_vnd", real(1), |way| way.way.yearly_cost_million_vnd);
    let rows = results.plan.iter().flat_map(|plan| &plan.ways).map(|way| (point(villages[way.village].position), way));
    let description = "Villages that the plan serves without a site: fibre, repeater, satellite.";
    layer(results, "plan_ways", description, GeometryType::Point, rows, columns)
}

/// A table without places: lines are not written into tables.
fn nowhere<R>(rows: impl IntoIterator<Item = R>) -> impl Iterator<Item = (Geometry<f64>, R)> {
    rows.into_iter().map(|row| (LineString::<f64>::new(Vec::new()).into(), row))
}

/// Money, villages and people by year; empty where nothing is phased.
pub(in crate::report) fn years(results: &Results<'_>) -> Layer {
    let columns = Columns::<PlannedYear>::new()
        .with("year", INTEGER, |year| u64::from(year.year))
        .with("budget_million_vnd", real(1), |year| year.budget_million_vnd)
        .with("spent_million_vnd", real(1), |year| year.spent_million_vnd)
        .with("newly_served_villages", INTEGER, |year| year.villages)
        .with("newly_served_people", INTEGER, |year| year.people);
    let years =
        results.plan.iter().filter_map(|plan| plan.years.as_ref()).flat_map(|years| years.years.iter().copied());
    layer(results, "years", "The plan by year.", GeometryType::LineString, nowhere(years), columns)
}

/// A line of the bill of quantities.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Quantity {
    amount: f64,
    cost: f64,
}

/// What is to be bought, by year and item: masts, radio sets by configuration, hops, fibre, power lines, solar sets, tracks, ways of villages.
pub(in crate::report) fn bill(results: &Results<'_>) -> Layer {
    let configurations = results.study.config.planning.configurations();
    let mut lines: BTreeMap<(Option<u16>, String, &'static str), Quantity> = BTreeMap::new();
    let mut add = |year: Option<u16>, item: String, unit: &'static str, amount: f64, cost: f64| {
        if amount > 0.0 || cost > 0.0 {
            let line = lines.entry((year, item, unit)).or_default();
            line.amount += amount;
            line.cost += cost;
        }
    };
    if let Some(plan) = &results.plan {
        for site in plan.built() {
            let candidate = &plan.candidates[site.candidate];
            let money = &site.money;
            if candidate.cost.is_given {
                add(site.year, "site at its given cost".into(), "piece", 1.0, money.mast);
            } else if candidate.origin.standing_site().is_none() {
                let mast = if candidate.has_mast {
                    "equipment on a mast that stands".into()
                } else {
                    format!("mast {} m", candidate.height_agl_m)
                };
                add(site.year, mast, "piece", 1.0, money.mast);
            }
            let track_km = candidate.road_distance_m.filter(|_| money.access > 0.0).unwrap_or(0.0) / 1000.0;
            add(site.year, "track".into(), "km", track_km, money.access);
            match site.power.source {
                PowerSource::Grid { line_m, .. } => {
                    add(site.year, "power line".into(), "km", line_m / 1000.0, money.power)
                }
                PowerSource::Solar => add(site.year, "solar set with battery".into(), "piece", 1.0, money.power),
                PowerSource::Present => {}
            }
            let sets = site.radios.len().max(1) as f64;
            for radio in &site.radios {
                let name = format!("radio {}", configurations[radio.configuration].name);
                add(site.year, name, "set", 1.0, money.radio / sets);
            }
            let Some(link) = &site.link else { continue };
            match &link.kind {
                LinkKind::Microwave(hop) => {
                    let item = format!("microwave hop {} GHz, dishes {} m", hop.frequency_ghz, hop.dish_m);
                    add(site.year, item, "hop", 1.0, link.cost_million_vnd);
                }
                LinkKind::Fibre(fibre) => {
                    add(site.year, "fibre".into(), "km", fibre.length_m / 1000.0, link.cost_million_vnd)
                }
                LinkKind::Satellite { .. } => {
                    add(site.year, "satellite terminal of a site".into(), "piece", 1.0, link.cost_million_vnd)
                }
            }
        }
        for way in plan.ways.iter().filter(|way| way.is_affordable) {
            add(way.year, format!("{} to a village", way.way.kind.name()), "village", 1.0, way.way.cost_million_vnd);
        }
    }
    let columns = Columns::<((Option<u16>, String, &'static str), Quantity)>::new()
        .with("year", INTEGER, |line| line.0.0.map(u64::from))
        .with("item", TEXT, |line| line.0.1.clone())
        .with("unit", TEXT, |line| line.0.2)
        .with("quantity", real(2), |line| line.1.amount)
        .with("cost_million_vnd", real(1), |line| line.1.cost);
    layer(
        results,
        "bill_of_quantities",
        "What the plan buys, by year.",
        GeometryType::LineString,
        nowhere(lines),
        columns,
    )
}
