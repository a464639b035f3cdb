//! A solution's numbers as a plan that people can read: sites in the order of building, with links, money, villages and years.

use super::backhaul::End;
use super::cheapest::{Links, Standing};
use super::money::Money;
use super::plan::{
    LinkStart, Outcome, Plan, PlanStatus, PlannedLink, PlannedRadio, PlannedSite, PlannedWay, RankedCandidate,
};
use super::programme::{Item, Offer, Programme};
use super::solver::{Control, Hop, Node};
use super::village_ways::VillageWay;
use super::years::{self, Years};
use crate::service::VillageService;
use std::collections::{BTreeMap, BTreeSet};

/// A solution with all that is known of it.
pub(super) struct Assembly<'a> {
    pub(super) offer: &'a Offer<'a>,
    pub(super) programme: &'a Programme,
    pub(super) services: &'a [&'a VillageService],
    /// Chosen masts, ascending.
    pub(super) masts: Vec<usize>,
    /// Matrix rows on each chosen mast.
    pub(super) radios: BTreeMap<usize, Vec<usize>>,
    /// Chosen ways of villages.
    ways: Vec<usize>,
    /// The hop to each chosen mast.
    pub(super) hops: BTreeMap<usize, Hop>,
    pub(super) standing: Standing,
}

impl<'a> Assembly<'a> {
    pub(super) fn new(
        offer: &'a Offer<'a>,
        programme: &'a Programme,
        services: &'a [&'a VillageService],
        chosen: Vec<u32>,
        hops: &[Hop],
    ) -> Self {
        let (mut masts, mut ways) = (Vec::new(), Vec::new());
        let mut radios: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        let mut is_built = vec![false; programme.items.len()];
        for number in chosen {
            is_built[number as usize] = true;
            match programme.items[number as usize] {
                Item::Mast(candidate) => masts.push(candidate),
                Item::Radio(row) => radios.entry(offer.matrix.rows[row].candidate).or_default().push(row),
                Item::Way(way) => ways.push(way),
            }
        }
        let is_mast = |hop: &&Hop| matches!(programme.items[hop.to as usize], Item::Mast(_));
        let hops: BTreeMap<usize, Hop> = hops.iter().filter(is_mast).map(|hop| (hop.to as usize, *hop)).collect();
        let standing = Standing { hops: depths(programme, &hops), is_built };
        Self { offer, programme, services, masts, radios, ways, hops, standing }
    }

    /// The plan, its proof aside.
    pub(super) fn plan(&self, objective: &'static str, control: &Control<'_>) -> Plan {
        let offer = self.offer;
        let phases = &offer.study.config.planning.phases;
        let links = Links::new(self.programme);
        let mut sites: Vec<PlannedSite> = self.masts.iter().map(|&mast| self.site(mast)).collect();
        let mut ways: Vec<PlannedWay> = self.ways.iter().map(|&way| self.way(&offer.ways[way])).collect();
        let serves = self.serves();
        let mut summary = None;
        if !phases.years.is_empty() {
            let Years { sites: of_sites, ways: of_ways, summary: found } =
                years::spread(phases, &sites, &ways, offer.demands, &serves, control);
            for (site, year) in sites.iter_mut().zip(of_sites) {
                (site.year, site.is_affordable) = (year, year.is_some());
            }
            for (way, year) in ways.iter_mut().zip(of_ways) {
                (way.year, way.is_affordable) = (year, year.is_some());
            }
            summary = Some(found);
        }
        let order = self.order(&sites, &serves);
        self.tell_villages(&mut sites, &ways, &order, &serves);
        self.tell_replacements(&mut sites, &links);
        self.tell_revenue(&mut sites, &mut ways, &serves);
        let outcomes = self.outcomes(&sites, &ways, &serves, &links);
        let (sites, outcomes) = sorted(sites, outcomes, &order);
        Plan {
            objective,
            status: PlanStatus::Feasible,
            value: 0.0,
            bound: 0.0,
            gap: 0.0,
            conflict: Vec::new(),
            candidates: offer.candidates.to_vec(),
            sites,
            ways,
            years: summary,
            ranking: self.ranking(),
            outcomes,
            notes: Vec::new(),
        }
    }

    fn site(&self, mast: usize) -> PlannedSite {
        let offer = self.offer;
        let costs = &offer.study.config.planning.costs;
        let (candidate, power) = (&offer.candidates[mast], offer.power[mast]);
        let rows = self.radios.get(&mast).map_or(&[][..], Vec::as_slice);
        let link = self.hops.get(&mast).and_then(|&hop| self.programme.link(hop));
        let link = link.map(|link| &offer.network.links[link]);
        let operation = if candidate.origin.standing_site().is_some() { 0.0 } else { costs.operation_per_year };
        let money = Money {
            mast: candidate.cost.mast,
            access: candidate.cost.access.unwrap_or(0.0),
            power: power.cost_million_vnd,
            radio: rows.iter().map(|&row| offer.radio_cost(&offer.matrix.rows[row])).sum(),
            link: link.map_or(0.0, |link| link.cost_million_vnd),
            yearly_cost: operation + power.yearly_cost_million_vnd + link.map_or(0.0, |link| link.per_year_million_vnd),
            ..Money::default()
        };
        let radio = |&row: &usize| {
            let row = &offer.matrix.rows[row];
            PlannedRadio { configuration: row.configuration, sectors: row.sectors.clone() }
        };
        PlannedSite {
            candidate: mast,
            order: 0,
            year: None,
            is_affordable: true,
            link: link.map(|link| PlannedLink {
                from: match link.from {
                    End::Root(root) => LinkStart::Root(offer.network.roots[root].clone()),
                    End::Candidate(from) => LinkStart::Site(self.masts.binary_search(&from).unwrap_or(usize::MAX)),
                    End::Satellite => LinkStart::Satellite,
                },
                kind: link.kind.clone(),
                cost_million_vnd: link.cost_million_vnd,
                yearly_cost_million_vnd: link.per_year_million_vnd,
            }),
            radios: rows.iter().map(radio).collect(),
            power,
            money,
            newly_served: Vec::new(),
            only_here: Vec::new(),
            replacement_million_vnd: None,
        }
    }

    fn way(&self, way: &VillageWay) -> PlannedWay {
        let (link, yearly_cost) = (way.cost_million_vnd, way.yearly_cost_million_vnd);
        PlannedWay {
            village: self.offer.demands[way.place].village,
            year: None,
            is_affordable: true,
            way: way.clone(),
            money: Money { link, yearly_cost, ..Money::default() },
        }
    }

    /// For each village without service the planned sites (by their place among the masts) and ways that serve it.
    fn serves(&self) -> Vec<(Vec<usize>, Vec<usize>)> {
        let mut serves = vec![(Vec::new(), Vec::new()); self.offer.demands.len()];
        for (site, mast) in self.masts.iter().enumerate() {
            for &row in self.radios.get(mast).into_iter().flatten() {
                for village in self.offer.matrix.served(&self.offer.matrix.rows[row]) {
                    let by_sites: &mut Vec<usize> = &mut serves[village as usize].0;
                    if by_sites.last() != Some(&site) {
                        by_sites.push(site);
                    }
                }
            }
        }
        for (index, &way) in self.ways.iter().enumerate() {
            serves[self.offer.ways[way].place].1.push(index);
        }
        serves
    }

    /// The sites in the order of building.
    fn order(&self, sites: &[PlannedSite], serves: &[(Vec<usize>, Vec<usize>)]) -> Vec<usize> {
        let before = |site: usize| match sites[site].link.as_ref().map(|link| &link.from) {
            Some(LinkStart::Site(before)) => Some(*before),
            _ => None,
        };
        let mut covers: Vec<Vec<usize>> = vec![Vec::new(); sites.len()];
        for (place, (by_sites, _)) in serves.iter().enumerate() {
            by_sites.iter().for_each(|&site| covers[site].push(place));
        }
        let year = |site: usize| sites[site].year.map_or(u16::MAX, |year| year);
        let mut left: BTreeSet<usize> = (0..sites.len()).collect();
        let mut served = vec![false; serves.len()];
        let mut order = Vec::with_capacity(sites.len());
        while let Some(now) = left.iter().map(|&site| year(site)).min() {
            let chain = |site: usize| -> Vec<usize> {
                let up = std::iter::successors(Some(site), |&site| before(site));
                up.take_while(|site| left.contains(site)).collect()
            };
            let rate = |site: usize| {
                let chain = chain(site);
                let new: BTreeSet<usize> =
                    chain.iter().flat_map(|&site| &covers[site]).copied().filter(|&place| !served[place]).collect();
                let weight: f64 = new.iter().map(|&place| self.offer.demands[place].weight).sum();
                per_cost(weight, chain.iter().map(|&site| sites[site].money.investment()).sum())
            };
            let rated = left.iter().copied().filter(|&site| year(site) == now).map(|site| (rate(site), site));
            let Some((_, best)) = rated.reduce(|a, b| if b.0 > a.0 { b } else { a }) else { break };
            for site in chain(best).into_iter().rev() {
                left.remove(&site);
                covers[site].iter().for_each(|&place| served[place] = true);
                order.push(site);
            }
        }
        order
    }

    /// Which villages each site is the first to serve, and which nothing else serves when it and what hangs on it are not there.
    fn tell_villages(
        &self,
        sites: &mut [PlannedSite],
        ways: &[PlannedWay],
        order: &[usize],
        serves: &[(Vec<usize>, Vec<usize>)],
    ) {
        let mut served: Vec<bool> =
            serves.iter().map(|(_, own)| own.iter().any(|&way| ways[way].is_affordable)).collect();
        let affordable: Vec<usize> = order.iter().copied().filter(|&site| sites[site].is_affordable).collect();
        for site in affordable {
            for (place, (by_sites, _)) in serves.iter().enumerate() {
                if by_sites.contains(&site) && !std::mem::replace(&mut served[place], true) {
                    sites[site].newly_served.push(self.offer.demands[place].village);
                }
            }
        }
        for site in 0..sites.len() {
            let gone = self.hanging_on(site, sites);
            let only = serves.iter().enumerate().filter(|(_, (by_sites, own))| {
                own.iter().all(|&way| !ways[way].is_affordable)
                    && !by_sites.is_empty()
                    && by_sites.iter().all(|site| gone.contains(site))
            });
            sites[site].only_here = only.map(|(place, _)| self.offer.demands[place].village).collect();
        }
    }

    fn tell_revenue(&self, sites: &mut [PlannedSite], ways: &mut [PlannedWay], serves: &[(Vec<usize>, Vec<usize>)]) {
        let study = self.offer.study;
        let costs = &study.config.planning.costs;
        for site in sites {
            let people = site.newly_served.iter().map(|&village| u64::from(study.villages[village].people())).sum();
            site.money = site.money.earning(people, costs);
        }
        for (place, (_, own)) in serves.iter().enumerate() {
            for &way in own {
                ways[way].money = ways[way].money.earning(self.offer.demands[place].people, costs);
            }
        }
    }

    /// Candidates by newly served weight per cost, best first; ties by number.
    fn ranking(&self) -> Vec<RankedCandidate> {
        let offer = self.offer;
        let mut link = vec![f64::INFINITY; offer.candidates.len()];
        for arc in self.programme.backhaul.arcs.iter().filter(|arc| arc.hops == 1 && matches!(arc.from, Node::Root(_)))
        {
            let known = &mut link[arc.to as usize];
            *known = known.min(arc.cost);
        }
        let alone = |candidate: usize| {
            let rows = offer.matrix.of_candidate(candidate).iter().map(|row| {
                let places: Vec<u32> = offer.matrix.served(row).collect();
                let weight: f64 = places.iter().map(|&place| offer.demands[place as usize].weight).sum();
                let cost = offer.mast_cost(candidate) + offer.radio_cost(row) + link[candidate];
                (weight, cost, places)
            });
            let best = rows.reduce(|a, b| if per_cost(b.0, b.1) > per_cost(a.0, a.1) { b } else { a });
            let (weight, cost, places) = best.unwrap_or((0.0, f64::INFINITY, Vec::new()));
            RankedCandidate {
                candidate,
                people: places.iter().map(|&place| offer.demands[place as usize].people).sum(),
                villages: places.len(),
                cost_million_vnd: cost.is_finite().then_some(cost),
                weight_per_cost: per_cost(weight, cost),
            }
        };
        let mut ranking: Vec<RankedCandidate> = (0..offer.candidates.len()).map(alone).collect();
        ranking.sort_by(|a, b| b.weight_per_cost.total_cmp(&a.weight_per_cost).then(a.candidate.cmp(&b.candidate)));
        ranking
    }
}

/// Weight per million VND; what is free is as good as what costs 1,000 VND.
fn per_cost(weight: f64, cost: f64) -> f64 {
    weight / cost.max(0.001)
}

/// Hops between each chosen mast and a root.
fn depths(programme: &Programme, hops: &BTreeMap<usize, Hop>) -> Vec<u32> {
    let mut depths = vec![0; programme.items.len()];
    for &mast in hops.keys() {
        let up = std::iter::successors(Some(mast), |mast| match hops.get(mast).map(|hop| hop.from) {
            Some(Node::Candidate(before)) => Some(before as usize),
            _ => None,
        });
        depths[mast] = up.take(programme.items.len()).count() as u32;
    }
    depths
}

/// The sites in their order, with all that names them by their place.
fn sorted(
    sites: Vec<PlannedSite>,
    mut outcomes: Vec<(usize, Outcome)>,
    order: &[usize],
) -> (Vec<PlannedSite>, Vec<(usize, Outcome)>) {
    let mut place = vec![0; order.len()];
    order.iter().enumerate().for_each(|(new, &old)| place[old] = new);
    let mut sorted: Vec<Option<PlannedSite>> = sites.into_iter().map(Some).collect();
    let mut list = Vec::with_capacity(order.len());
    for (new, &old) in order.iter().enumerate() {
        let Some(mut site) = sorted[old].take() else { continue };
        site.order = new + 1;
        if let Some(PlannedLink { from: LinkStart::Site(before), .. }) = &mut site.link {
            *before = place[*before];
        }
        list.push(site);
    }
    for (_, outcome) in &mut outcomes {
        if let Outcome::ServedBy { site, .. } = outcome {
            *site = place[*site];
        }
    }
    (list, outcomes)
}
