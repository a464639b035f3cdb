//! Why a plan is as it is: what becomes of each village and what it would take to serve it, what each site is there for and what replaces it.

use super::assemble::Assembly;
use super::build::Demand;
use super::cheapest::{Links, Standing, Way};
use super::plan::{CheapestWay, LeftOutReason, LinkStart, Outcome, PlannedLink, PlannedSite, PlannedWay};
use super::programme::Item;
use super::solver::Node;
use super::village_ways::fallback_way;
use std::collections::{BTreeMap, BTreeSet};

impl Assembly<'_> {
    /// A site and all whose traffic goes through it.
    pub(super) fn hanging_on(&self, site: usize, sites: &[PlannedSite]) -> BTreeSet<usize> {
        let mut gone = BTreeSet::from([site]);
        loop {
            let hangs = |&(index, other): &(usize, &PlannedSite)| {
                let on = |link: &PlannedLink| matches!(link.from, LinkStart::Site(before) if gone.contains(&before));
                !gone.contains(&index) && other.link.as_ref().is_some_and(on)
            };
            let more: Vec<usize> = sites.iter().enumerate().filter(hangs).map(|(index, _)| index).collect();
            if more.is_empty() {
                return gone;
            }
            gone.extend(more);
        }
    }

    /// What the plan costs more when a site cannot be built, by serving its villages one after another in the cheapest way that is left.
    pub(super) fn tell_replacements(&self, sites: &mut [PlannedSite], links: &Links<'_>) {
        for site in 0..sites.len() {
            let gone: Vec<usize> = self.hanging_on(site, sites).into_iter().map(|site| self.masts[site]).collect();
            let mut standing = self.standing.clone();
            let mut saved = 0.0;
            for &mast in &gone {
                saved += self.take_down(mast, &mut standing);
            }
            let barred = BTreeSet::from([self.masts[site] as u32]);
            let mut spent = Some(0.0);
            for village in sites[site].only_here.clone() {
                let place = self.offer.demands.partition_point(|demand| demand.village < village);
                let way = links.ways(&standing, &barred).to(place as u32);
                spent = spent
                    .zip(way)
                    .map(|(spent, way)| spent + self.put_up(&way.items, &way.from, way.cost, &mut standing));
            }
            sites[site].replacement_million_vnd = spent.map(|spent| (spent - saved).max(0.0));
        }
    }

    /// Takes a mast with all it carries out of what stands; what that saves.
    fn take_down(&self, mast: usize, standing: &mut Standing) -> f64 {
        let costs = self.programme.covering.costs();
        let mut saved = costs[mast];
        standing.is_built[mast] = false;
        if let Some(hop) = self.hops.get(&mast) {
            saved += self.programme.link(*hop).map_or(0.0, |link| self.offer.link_cost(link));
        }
        let rows = self.radios.get(&mast).map_or(&[][..], Vec::as_slice);
        for (number, item) in self.programme.items.iter().enumerate() {
            if matches!(item, Item::Radio(row) if rows.contains(row)) {
                saved += costs[number];
                standing.is_built[number] = false;
            }
        }
        saved
    }

    /// Adds a way to what stands; its cost.
    fn put_up(&self, items: &[u32], from: &[Node], cost: f64, standing: &mut Standing) -> f64 {
        for (&item, from) in items.iter().zip(from) {
            standing.is_built[item as usize] = true;
            standing.hops[item as usize] = match from {
                Node::Root(_) => 1,
                Node::Candidate(before) => standing.hops[*before as usize] + 1,
            };
        }
        cost
    }

    /// What becomes of each village without service.
    pub(super) fn outcomes(
        &self,
        sites: &[PlannedSite],
        ways: &[PlannedWay],
        serves: &[(Vec<usize>, Vec<usize>)],
        links: &Links<'_>,
    ) -> Vec<(usize, Outcome)> {
        let first: BTreeMap<usize, usize> = sites
            .iter()
            .enumerate()
            .flat_map(|(site, planned)| planned.newly_served.iter().map(move |&village| (village, site)))
            .collect();
        let affordable = self.affordable(sites);
        let searched = links.ways(&affordable, &BTreeSet::new());
        let outcome = |(place, demand): (usize, &Demand)| {
            if let Some(&site) = first.get(&demand.village) {
                return Outcome::ServedBy { site, probability: self.probability(self.masts[site], place) };
            }
            if let Some(&way) = serves[place].1.iter().find(|&&way| ways[way].is_affordable) {
                return Outcome::OwnWay { way };
            }
            let way = searched.to(place as u32);
            let reason = self.reason(place, way.is_some(), !serves[place].0.is_empty() || !serves[place].1.is_empty());
            Outcome::LeftOut { reason, cheapest: self.cheapest(place, way) }
        };
        self.offer.demands.iter().enumerate().map(|pair| (pair.1.village, outcome(pair))).collect()
    }

    /// What stands of the plan for the money there is.
    fn affordable(&self, sites: &[PlannedSite]) -> Standing {
        let mut standing = self.standing.clone();
        for (site, &mast) in sites.iter().zip(&self.masts) {
            if !site.is_affordable {
                self.take_down(mast, &mut standing);
            }
        }
        standing
    }

    /// Largest probability with which what a mast carries serves a village.
    fn probability(&self, mast: usize, place: usize) -> f64 {
        let rows = self.radios.get(&mast).into_iter().flatten().map(|&row| &self.offer.matrix.rows[row]);
        let covered = rows.flat_map(|row| &row.villages).filter(|covered| covered.village as usize == place);
        covered.map(|covered| f64::from(covered.probability)).fold(0.0, f64::max)
    }

    fn reason(&self, place: usize, has_way: bool, is_planned: bool) -> LeftOutReason {
        let rows = &self.offer.matrix.rows;
        let serves = || rows.iter().any(|row| self.offer.matrix.served(row).any(|village| village as usize == place));
        if is_planned {
            LeftOutReason::YearsEnd
        } else if has_way {
            LeftOutReason::Limits
        } else if serves() {
            LeftOutReason::NoLink
        } else if self.offer.matrix.blocked[place] {
            LeftOutReason::TerrainMissing
        } else {
            LeftOutReason::NoCandidate
        }
    }

    /// The cheaper of what the programme offers and a fallback.
    fn cheapest(&self, place: usize, way: Option<Way>) -> CheapestWay {
        let fallback = fallback_way(self.offer.study, self.services[place], place);
        let costs = &self.offer.study.config.planning.costs;
        let price = costs.on_basis(fallback.cost_million_vnd, fallback.yearly_cost_million_vnd);
        let Some(way) = way.filter(|way| way.cost <= price) else {
            return CheapestWay { candidates: Vec::new(), own: Some(fallback.kind), cost_million_vnd: price };
        };
        let masts = way.items.iter().filter_map(|&item| match self.programme.items[item as usize] {
            Item::Mast(candidate) => Some(candidate),
            Item::Radio(row) => Some(self.offer.matrix.rows[row].candidate),
            Item::Way(_) => None,
        });
        let mut candidates: Vec<usize> = masts.collect();
        candidates.dedup();
        let own = way.items.iter().find_map(|&item| match self.programme.items[item as usize] {
            Item::Way(way) => Some(self.offer.ways[way].kind.clone()),
            _ => None,
        });
        CheapestWay { candidates, own, cost_million_vnd: way.cost }
    }
}
