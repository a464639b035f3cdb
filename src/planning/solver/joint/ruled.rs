//! The graph's view of rules: what each group needs, who can carry it, and what binds places together.
//!
//! A group is one demand (demands with the same servers are not merged here: loads, floors and shares tell them apart), or a
//! forced candidate, which is served by itself alone.

use super::super::rules::within;
use super::super::{Covering, Least};
use super::graph::{Graph, ROOT};
use super::preset::Preset;
use super::tree::{NONE, Tree};
use std::collections::HashSet;

/// What is to be served under rules.
#[derive(Debug, Clone)]
pub(super) struct Group {
    /// The demand; absent for a forced candidate.
    pub(super) demand: Option<u32>,
    /// At how many places it needs a server, not counting what stands already where nothing is assigned.
    pub(super) need: u32,
    /// At how many new places at least.
    pub(super) new_places: u32,
    /// Its load.
    pub(super) load: f64,
    /// Its weight.
    pub(super) weight: f64,
    /// Whether every plan serves it.
    pub(super) must: bool,
    /// Whether enough hosts can serve it at all.
    pub(super) possible: bool,
}

/// A candidate that can serve groups, or that has a floor.
#[derive(Debug)]
pub(super) struct Host {
    /// Its place in the graph; the root for what stands already.
    pub(super) place: u32,
    pub(super) candidate: u32,
    /// Its place as redundancy counts places.
    pub(super) label: u32,
    pub(super) capacity: f64,
    pub(super) floor: f64,
    /// The groups that it can serve.
    pub(super) groups: Vec<u32>,
}

/// A least share of groups.
#[derive(Debug)]
pub(super) struct ShareRow {
    /// Groups with what each adds.
    pub(super) groups: Vec<(u32, f64)>,
    /// What they must add up to, beside what is served already.
    pub(super) least: f64,
}

/// Rules in the graph's numbers.
#[derive(Debug)]
pub(super) struct Ruled {
    pub(super) groups: Vec<Group>,
    pub(super) hosts: Vec<Host>,
    /// The host at each place.
    pub(super) host_at: Vec<u32>,
    /// The hosts of each group.
    pub(super) options: Vec<Vec<u32>>,
    /// Places of which one at most is used.
    pub(super) one_of: Vec<Vec<u32>>,
    /// The places that each place excludes.
    pub(super) rivals: Vec<Vec<u32>>,
    pub(super) shares: Vec<ShareRow>,
    /// Whether groups are assigned to hosts, with loads and weights.
    pub(super) assigns: bool,
    /// Whether a group is served as soon as one place that serves it is used.
    pub(super) one_is_enough: bool,
    /// Groups in the order in which they are assigned.
    pub(super) order: Vec<u32>,
    /// Whether it is plain that no plan exists.
    pub(super) hopeless: bool,
}

/// The groups of a problem under rules, before places are numbered.
pub(super) struct Groups {
    pub(super) list: Vec<Group>,
    /// Weight that is served whatever is built.
    pub(super) base: f64,
    /// The groups that each candidate can serve.
    pub(super) useful: Vec<Vec<u32>>,
    /// Demands that count as served whatever is built.
    served: Vec<bool>,
}

impl Groups {
    pub(super) fn new(problem: &Covering, preset: &Preset<'_>, least_cost: bool) -> Self {
        let rules = preset.rules;
        let stands = |j: u32| problem.fixed().binary_search(&j).is_ok();
        let mut this = Self {
            list: Vec::new(),
            base: 0.0,
            useful: vec![Vec::new(); problem.candidates()],
            served: vec![false; problem.demands()],
        };
        for i in 0..problem.demands() as u32 {
            let (need, load, weight) = (rules.need(i), rules.load(i), problem.weights()[i as usize]);
            let able = |&&j: &&u32| !preset.removed[j as usize] && within(load, rules.capacity(j));
            let hosts: Vec<u32> = problem.servers(i).iter().filter(able).copied().collect();
            let standing: HashSet<u32> = hosts.iter().filter(|&&j| stands(j)).map(|&j| rules.place(j)).collect();
            let new_places = need.saturating_sub(standing.len() as u32);
            if preset.excused.binary_search(&i).is_ok() {
                continue;
            }
            if new_places == 0 && !rules.assigns() {
                this.base += weight;
                this.served[i as usize] = true;
                continue;
            }
            let group = this.list.len() as u32;
            for j in hosts {
                // Beside what stands, a second server of the same place counts only as one that can carry the load.
                if rules.assigns() || !standing.contains(&rules.place(j)) {
                    this.useful[j as usize].push(group);
                }
            }
            let need = if rules.assigns() { need } else { new_places };
            this.list.push(Group { demand: Some(i), need, new_places, load, weight, must: least_cost, possible: true });
        }
        for &j in &preset.forced {
            this.useful[j as usize].push(this.list.len() as u32);
            this.list.push(Group {
                demand: None,
                need: 1,
                new_places: 1,
                load: 0.0,
                weight: 0.0,
                must: true,
                possible: true,
            });
        }
        this
    }
}

impl Ruled {
    pub(super) fn new(problem: &Covering, preset: &Preset<'_>, groups: Groups, graph: &Graph) -> Self {
        let rules = preset.rules;
        let mut place_of = vec![NONE; problem.candidates()];
        for p in 1..graph.places {
            place_of[graph.candidates[p] as usize] = p as u32;
        }
        problem.fixed().iter().for_each(|&j| place_of[j as usize] = ROOT);
        let mut hosts: Vec<Host> = Vec::new();
        let mut host_at = vec![NONE; graph.places];
        let mut options: Vec<Vec<u32>> = vec![Vec::new(); groups.list.len()];
        for (j, useful) in groups.useful.into_iter().enumerate() {
            let (candidate, place) = (j as u32, place_of[j]);
            let floor = if place == ROOT { 0.0 } else { rules.floor(candidate) };
            if place == NONE || (useful.is_empty() && floor == 0.0) {
                continue;
            }
            if place != ROOT {
                host_at[place as usize] = hosts.len() as u32;
            }
            useful.iter().for_each(|&g| options[g as usize].push(hosts.len() as u32));
            let (label, capacity) = (rules.place(candidate), rules.capacity(candidate));
            hosts.push(Host { place, candidate, label, capacity, floor, groups: useful });
        }
        let places_of = |group: &Vec<u32>| {
            let kept = group.iter().map(|&j| place_of[j as usize]).filter(|&p| p != NONE && p != ROOT);
            kept.collect::<Vec<u32>>()
        };
        let one_of: Vec<Vec<u32>> = rules.one_of.iter().map(places_of).filter(|places| places.len() > 1).collect();
        let mut rivals: Vec<Vec<u32>> = vec![Vec::new(); graph.places];
        for group in &one_of {
            for &p in group {
                rivals[p as usize].extend(group.iter().copied().filter(|&q| q != p));
            }
        }
        let mut group_of = vec![NONE; problem.demands()];
        for (g, group) in groups.list.iter().enumerate() {
            if let Some(i) = group.demand {
                group_of[i as usize] = g as u32;
            }
        }
        let share_row = |share: &super::super::Share| {
            let worth = |i: u32| match share.least {
                Least::Weight(_) => problem.weights()[i as usize],
                Least::Count(_) => 1.0,
            };
            let least = match share.least {
                Least::Weight(least) => least,
                Least::Count(least) => f64::from(least),
            };
            let served = share.demands.iter().filter(|&&i| groups.served[i as usize]);
            let open = share.demands.iter().filter(|&&i| group_of[i as usize] != NONE);
            ShareRow {
                groups: open.map(|&i| (group_of[i as usize], worth(i))).collect(),
                least: least - served.map(|&i| worth(i)).sum::<f64>(),
            }
        };
        let shares: Vec<ShareRow> = rules.shares.iter().map(share_row).collect();
        let mut order: Vec<u32> = (0..groups.list.len() as u32).collect();
        let key = |g: u32| {
            let group = &groups.list[g as usize];
            // Where all must be served, what has few servers first; else what is worth most for its load.
            let rate = if graph.limit.is_some() { -group.weight / group.load.max(1e-9) } else { -group.load };
            (!group.must, if graph.limit.is_some() { 0 } else { options[g as usize].len() }, rate)
        };
        order.sort_by(|&a, &b| key(a).partial_cmp(&key(b)).unwrap_or(std::cmp::Ordering::Equal).then(a.cmp(&b)));
        let one_is_enough = !rules.assigns() && groups.list.iter().all(|group| group.need == 1);
        let mut this = Self {
            groups: groups.list,
            hosts,
            host_at,
            options,
            one_of,
            rivals,
            shares,
            assigns: rules.assigns(),
            one_is_enough,
            order,
            hopeless: false,
        };
        for g in 0..this.groups.len() {
            let labels = this.options[g].iter().map(|&h| this.hosts[h as usize].label).collect::<HashSet<_>>();
            this.groups[g].possible = labels.len() >= this.groups[g].need as usize;
        }
        this.hopeless = this.is_hopeless();
        this
    }

    /// Whether a group that must be served has too few hosts, or a share cannot be reached even if all is served.
    fn is_hopeless(&self) -> bool {
        let starved = self.groups.iter().any(|group| group.must && !group.possible);
        let possible = |g: &&(u32, f64)| self.groups[g.0 as usize].possible;
        let all = |share: &ShareRow| share.groups.iter().filter(possible).map(|g| g.1).sum::<f64>();
        starved || self.shares.iter().any(|share| !within(share.least, all(share)))
    }

    /// The place, as redundancy counts places, of the host at a place.
    pub(super) fn label_at(&self, place: u32) -> u32 {
        self.hosts[self.host_at[place as usize] as usize].label
    }

    /// Whether no two places of the tree exclude each other.
    pub(super) fn one_of_each(&self, tree: &Tree) -> bool {
        self.one_of.iter().all(|group| group.iter().filter(|&&p| tree.has(p)).count() <= 1)
    }

    /// Marks the places that others of the tree exclude.
    pub(super) fn excluded(&self, tree: &Tree) -> Vec<bool> {
        let mut excluded = vec![false; self.host_at.len()];
        for p in tree.places() {
            self.rivals[p as usize].iter().for_each(|&q| excluded[q as usize] = true);
        }
        excluded
    }
}
