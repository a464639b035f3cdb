//! Who serves whom in a tree under rules: a greedy assignment with repairs, what it lacks, and what places would add.
//!
//! The assignment decides only which plans local search sees; whether a plan keeps the rules is never left to it.

use super::super::rules::within;
use super::graph::{Graph, ROOT};
use super::ruled::Ruled;
use super::tree::Tree;

/// The groups of a tree and the hosts that serve them.
pub(super) struct Service<'a> {
    ruled: &'a Ruled,
    /// The hosts that serve each group: as many as it needs, or none.
    pub(super) by: Vec<Vec<u32>>,
    /// How many hosts each group lacks.
    pub(super) lacks: Vec<u32>,
    /// Hosts of the tree for each group.
    active: Vec<Vec<u32>>,
    /// Which hosts are in the tree.
    present: Vec<bool>,
    room: Vec<f64>,
    weight: Vec<f64>,
}

impl<'a> Service<'a> {
    pub(super) fn of(ruled: &'a Ruled, tree: &Tree) -> Self {
        let (groups, hosts) = (ruled.groups.len(), ruled.hosts.len());
        let mut this = Self {
            ruled,
            by: vec![Vec::new(); groups],
            lacks: vec![0; groups],
            active: vec![Vec::new(); groups],
            present: vec![false; hosts],
            room: ruled.hosts.iter().map(|h| h.capacity).collect(),
            weight: vec![0.0; hosts],
        };
        for (h, host) in ruled.hosts.iter().enumerate().filter(|h| h.1.place == ROOT || tree.has(h.1.place)) {
            this.present[h] = true;
            host.groups.iter().for_each(|&g| this.active[g as usize].push(h as u32));
        }
        for &g in &ruled.order {
            this.assign(g as usize);
        }
        if ruled.assigns {
            (0..groups).for_each(|g| this.make_room(g));
            (0..hosts).for_each(|h| this.fill(h));
        }
        this
    }

    fn deficit(&self, h: u32) -> f64 {
        let h = h as usize;
        (self.ruled.hosts[h].floor - self.weight[h]).max(0.0)
    }

    fn label(&self, h: u32) -> u32 {
        self.ruled.hosts[h as usize].label
    }

    /// Takes the hosts with the most to gain, then with the most room, at different places.
    fn assign(&mut self, g: usize) {
        let group = &self.ruled.groups[g];
        if self.ruled.one_is_enough {
            self.by[g] = self.active[g].first().copied().into_iter().collect();
            self.lacks[g] = u32::from(self.by[g].is_empty());
            return;
        }
        let mut able: Vec<u32> =
            self.active[g].iter().copied().filter(|&h| within(group.load, self.room[h as usize])).collect();
        able.sort_by(|&a, &b| {
            let wanting = |h: u32| self.deficit(h) > 0.0;
            let room = |h: u32| self.room[h as usize];
            wanting(b).cmp(&wanting(a)).then(room(b).total_cmp(&room(a))).then(a.cmp(&b))
        });
        let mut taken: Vec<u32> = Vec::new();
        for h in able {
            if taken.len() < group.need as usize && taken.iter().all(|&t| self.label(t) != self.label(h)) {
                taken.push(h);
            }
        }
        self.lacks[g] = group.need - taken.len() as u32;
        if self.lacks[g] == 0 {
            taken.iter().for_each(|&h| self.load(g, h, 1.0));
            self.by[g] = taken;
        }
    }

    fn load(&mut self, g: usize, h: u32, sign: f64) {
        let group = &self.ruled.groups[g];
        self.room[h as usize] -= sign * group.load;
        self.weight[h as usize] += sign * group.weight;
    }

    /// Puts a group from one host to another.
    fn shift(&mut self, g: usize, from: u32, to: u32) {
        self.load(g, from, -1.0);
        self.load(g, to, 1.0);
        self.by[g].iter_mut().filter(|h| **h == from).for_each(|h| *h = to);
    }

    /// Whether a host could take a group over from another.
    fn could_take(&self, g: usize, from: u32, to: u32) -> bool {
        let group = &self.ruled.groups[g];
        let others = self.by[g].iter().filter(|&&h| h != from);
        within(group.load, self.room[to as usize])
            && !self.by[g].contains(&to)
            && others.clone().all(|&h| self.label(h) != self.label(to))
            && within(self.ruled.hosts[from as usize].floor, self.weight[from as usize] - group.weight)
    }

    /// Serves a group for which no room was left by moving one other group.
    fn make_room(&mut self, g: usize) {
        let (ruled, load) = (self.ruled, self.ruled.groups[g].load);
        if self.lacks[g] == 0 || ruled.groups[g].need != 1 {
            return;
        }
        for h in self.active[g].clone() {
            for &other in &ruled.hosts[h as usize].groups {
                let other = other as usize;
                let enough = within(load, self.room[h as usize] + ruled.groups[other].load);
                if !enough || !self.by[other].contains(&h) {
                    continue;
                }
                let to = self.active[other].iter().copied().find(|&to| self.could_take(other, h, to));
                if let Some(to) = to {
                    self.shift(other, h, to);
                    self.assign(g);
                    return;
                }
            }
        }
    }

    /// Moves groups to a host that is below its floor.
    fn fill(&mut self, h: usize) {
        if !self.present[h] || self.deficit(h as u32) == 0.0 {
            return;
        }
        for &g in &self.ruled.hosts[h].groups {
            let g = g as usize;
            let from = self.by[g].iter().copied().find(|&from| self.could_take(g, from, h as u32));
            if let Some(from) = from {
                self.shift(g, from, h as u32);
                if self.deficit(h as u32) == 0.0 {
                    return;
                }
            }
        }
    }

    /// Whether it is plain that the host at a place serves a group that too few others could serve.
    fn needs(&self, place: u32) -> bool {
        let ruled = self.ruled;
        let h = ruled.host_at[place as usize];
        let Some(host) = ruled.hosts.get(h as usize) else { return false };
        let alone = |g: u32| self.active[g as usize].len() <= ruled.groups[g as usize].need as usize;
        host.groups.iter().any(|&g| self.by[g as usize].contains(&h) && alone(g))
            && within(host.floor, self.weight[h as usize])
    }

    /// How many rules are broken, and how much is served.
    pub(super) fn merit(&self) -> (usize, f64) {
        let ruled = self.ruled;
        let served = |g: usize| self.lacks[g] == 0;
        let missing: u32 = (0..ruled.groups.len()).filter(|&g| ruled.groups[g].must).map(|g| self.lacks[g]).sum();
        let below = (0..ruled.hosts.len())
            .filter(|&h| self.present[h] && !within(ruled.hosts[h].floor, self.weight[h]))
            .count();
        let weight = (0..ruled.groups.len()).filter(|&g| served(g)).fold(0.0, |sum, g| sum + ruled.groups[g].weight);
        (missing as usize + below + self.unmet().count(), weight)
    }

    /// Shares that are not reached.
    fn unmet(&self) -> impl Iterator<Item = usize> {
        (0..self.ruled.shares.len()).filter(|&k| {
            let share = &self.ruled.shares[k];
            let met = share.groups.iter().filter(|g| self.lacks[g.0 as usize] == 0).map(|g| g.1).sum();
            !within(share.least, met)
        })
    }

    /// What each place outside the tree would add, if groups have these values; places that are excluded, or that could not
    /// reach their floor, are marked.
    pub(super) fn gains(&self, graph: &Graph, tree: &Tree, values: &[f64]) -> (Vec<f64>, Vec<bool>) {
        let ruled = self.ruled;
        let mut barred = ruled.excluded(tree);
        let mut gains = vec![0.0; graph.places];
        let all: f64 = values.iter().sum::<f64>() + 1.0;
        let mut urgent: Vec<bool> = ruled.groups.iter().map(|group| group.must && graph.limit.is_some()).collect();
        for k in self.unmet() {
            ruled.shares[k].groups.iter().for_each(|g| urgent[g.0 as usize] = true);
        }
        for host in ruled.hosts.iter().filter(|h| h.place != ROOT && !tree.has(h.place)) {
            let place = host.place as usize;
            let mut open: Vec<(f64, f64)> = Vec::new();
            let mut attainable = 0.0;
            for &g in &host.groups {
                let (g, group) = (g as usize, &ruled.groups[g as usize]);
                let movable = |&&h: &&u32| ruled.hosts[h as usize].floor == 0.0;
                if self.lacks[g] == 0 {
                    attainable += if self.by[g].iter().any(|h| movable(&h)) { group.weight } else { 0.0 };
                    continue;
                }
                // A second server at the same place brings nothing, unless it is room that is missing.
                let known = group.need > 1 && self.active[g].iter().any(|&h| self.label(h) == host.label);
                if group.possible && !known {
                    attainable += group.weight;
                    let value = values[g] / f64::from(group.need) + if urgent[g] { all } else { 0.0 };
                    open.push((value, group.load));
                }
            }
            if !within(host.floor, attainable) {
                barred[place] = true;
            }
            if barred[place] {
                continue;
            }
            open.sort_by(|a, b| (b.0 / b.1.max(1e-9)).total_cmp(&(a.0 / a.1.max(1e-9))));
            let mut room = host.capacity;
            for (value, load) in open {
                if within(load, room) {
                    room -= load;
                    gains[place] += value;
                }
            }
        }
        (gains, barred)
    }
}

/// Serves what a full service still lacks, and what must be served, by ways of fewest hops, once for each group.
pub(super) fn graft(graph: &Graph, ruled: &Ruled, tree: &mut Tree) {
    for (g, group) in ruled.groups.iter().enumerate().filter(|g| g.1.must) {
        for _ in 0..group.need {
            let service = Service::of(ruled, tree);
            if service.lacks[g] == 0 {
                break;
            }
            let barred = ruled.excluded(tree);
            let known =
                |p: u32| group.need > 1 && service.active[g].iter().any(|&h| service.label(h) == ruled.label_at(p));
            tree.graft(graph, g, |p| !tree_has(&service, ruled, p) && !barred[p as usize] && !known(p));
        }
    }
}

/// Whether the host at a place is in the tree that a service was worked out for.
fn tree_has(service: &Service<'_>, ruled: &Ruled, place: u32) -> bool {
    service.present[ruled.host_at[place as usize] as usize]
}

/// Removes ends of the tree that bring nothing, the dearest first.
pub(super) fn prune(graph: &Graph, ruled: &Ruled, tree: &mut Tree) {
    let mut service = Service::of(ruled, tree);
    loop {
        let mut ends: Vec<u32> = tree.places().filter(|&p| tree.is_end(p)).collect();
        let price = |p: u32| graph.edges[tree.parent[p as usize] as usize].price;
        ends.sort_by(|&a, &b| price(b).total_cmp(&price(a)).then(a.cmp(&b)));
        let mut changed = false;
        for end in ends {
            if service.needs(end) {
                continue;
            }
            let mut without = tree.clone();
            without.remove(graph, end);
            let other = Service::of(ruled, &without);
            let ((broken, served), merit) = (other.merit(), service.merit());
            if broken < merit.0 || (broken == merit.0 && (graph.limit.is_none() || served >= merit.1)) {
                (*tree, service, changed) = (without, other, true);
            }
        }
        if !changed {
            return;
        }
    }
}
