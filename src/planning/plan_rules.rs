//! The study's rules in the numbers of the solver's problem, and the solver's conflicts in words.

use super::programme::{Item, Offer, Programme};
use super::solver::{Least, RuleName, Rules, Share};
use crate::problem::{Problem, Problems, did_you_mean};
use crate::radio::Duplex;
use crate::study::NewCell;
use std::collections::BTreeMap;

/// The study's rules for a programme.
///
/// # Errors
/// Forced and forbidden candidates that do not exist.
pub(super) fn plan_rules(offer: &Offer<'_>, programme: &Programme) -> Result<Rules, Problems> {
    let stated = &offer.study.config.planning.rules;
    let mut problems = Problems::default();
    let mut numbers = |ids: &[String], field: &str| -> Vec<u32> {
        let mut number = |id: &String| {
            let found = offer.candidates.iter().position(|candidate| candidate.id == *id);
            if found.is_none() {
                let message = format!("is none of the {} candidates", offer.candidates.len());
                let problem =
                    Problem::error("study", message).in_field(format!("planning.rules.{field}")).with_value(id);
                let suggestion = did_you_mean(id, offer.candidates.iter().map(|candidate| candidate.id.as_str()));
                problems.push(Problem { suggestion, ..problem });
            }
            found.map(|number| number as u32)
        };
        ids.iter().filter_map(&mut number).collect()
    };
    let (forced, forbidden) = (numbers(&stated.forced, "forced"), numbers(&stated.forbidden, "forbidden"));
    problems.into_warnings()?;
    let mut heights: BTreeMap<usize, Vec<u32>> = BTreeMap::new();
    for (number, candidate) in offer.candidates.iter().enumerate() {
        heights.entry(candidate.place).or_default().push(number as u32);
    }
    let mut rules = Rules {
        forced,
        forbidden,
        one_of: heights.into_values().filter(|group| group.len() > 1).collect(),
        shares: shares(offer, stated.commune_share),
        ..Rules::default()
    };
    if stated.servers_per_village > 1 {
        rules.redundancy = vec![stated.servers_per_village; offer.demands.len()];
        let last = offer.candidates.iter().map(|candidate| candidate.place + 1).max().unwrap_or(0);
        let place = |item: &Item| match *item {
            Item::Mast(candidate) => offer.candidates[candidate].place,
            Item::Radio(row) => offer.candidates[offer.matrix.rows[row].candidate].place,
            Item::Way(way) => last + way,
        };
        rules.places = programme.items.iter().map(|item| place(item) as u32).collect();
    }
    if let Some(mbps) = stated.busy_hour_mbps_per_person {
        let capacity = |item: &Item| match *item {
            Item::Radio(row) => capacity_mbps(offer, row),
            Item::Mast(_) | Item::Way(_) => f64::INFINITY,
        };
        rules.capacities = programme.items.iter().map(capacity).collect();
        rules.loads = offer.demands.iter().map(|demand| mbps * demand.people as f64).collect();
    }
    if stated.least_people_per_site > 0.0 {
        let floor = |item: &Item| if matches!(item, Item::Radio(_)) { stated.least_people_per_site } else { 0.0 };
        rules.floors = programme.items.iter().map(floor).collect();
    }
    Ok(rules)
}

/// The villages of each commune, of which a share must be served.
fn shares(offer: &Offer<'_>, share: f64) -> Vec<Share> {
    let mut communes: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for (place, demand) in offer.demands.iter().enumerate() {
        communes.entry(&offer.study.villages[demand.village].commune).or_default().push(place as u32);
    }
    let groups = communes.into_values().filter(|_| share > 0.0);
    groups
        .map(|demands| {
            let least = (share * demands.len() as f64 - 1e-9).ceil() as u32;
            Share { demands, least: Least::Count(least) }
        })
        .collect()
}

/// Traffic down that a configuration carries in the busy hour, Mbit/s: bandwidth times `planning.rules.cell_bit_s_hz`, for each sector.
fn capacity_mbps(offer: &Offer<'_>, row: usize) -> f64 {
    let row = &offer.matrix.rows[row];
    let planning = &offer.study.config.planning;
    let cell_mbps = |cell: &NewCell| {
        let share = match Duplex::of(cell.technology, cell.frequency_mhz, None) {
            Duplex::Time => offer.study.config.radio.tdd_downlink_share,
            Duplex::Frequency => 1.0,
        };
        cell.bandwidth_mhz * share * planning.rules.cell_bit_s_hz
    };
    let sectors = row.sectors.len().max(1) as f64;
    sectors * offer.configurations[row.configuration].cells.iter().map(cell_mbps).sum::<f64>()
}

/// A rule or limit that a conflict names, in words.
pub(super) fn in_words(offer: &Offer<'_>, rules: &Rules, name: RuleName) -> String {
    let planning = &offer.study.config.planning;
    let id = |number: u32| offer.candidates.get(number as usize).map_or("?", |candidate| candidate.id.as_str());
    match name {
        RuleName::Forced(number) => format!("planning.rules.forced: {}", id(number)),
        RuleName::Forbidden(number) => format!("planning.rules.forbidden: {}", id(number)),
        RuleName::OneOf(group) => {
            let group = rules.one_of.get(group as usize).map_or(&[][..], Vec::as_slice);
            format!("one mast at a place: {}", group.iter().map(|&number| id(number)).collect::<Vec<_>>().join(", "))
        }
        RuleName::Redundancy => format!("planning.rules.servers_per_village = {}", planning.rules.servers_per_village),
        RuleName::Share(group) => {
            let first = rules.shares.get(group as usize).and_then(|share| share.demands.first());
            let commune = first.map(|&place| &offer.study.villages[offer.demands[place as usize].village].commune);
            let share = planning.rules.commune_share;
            format!("planning.rules.commune_share = {share} in {}", commune.map_or("?", String::as_str))
        }
        RuleName::Capacity => "planning.rules.busy_hour_mbps_per_person".into(),
        RuleName::Floor => format!("planning.rules.least_people_per_site = {}", planning.rules.least_people_per_site),
        RuleName::MaxSites => format!("planning.max_sites = {}", planning.max_sites.unwrap_or_default()),
        RuleName::Budget => format!("a budget of {} million VND", planning.budget().unwrap_or_default()),
        RuleName::MaxHops => format!("planning.backhaul.max_hops = {}", planning.backhaul.max_hops),
    }
}
