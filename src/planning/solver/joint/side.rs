//! Rules as columns and rows of the linear relaxation, beside its links and groups.
//!
//! With u_p "place p is used", y_gh "group g is assigned to host h", v_gl "a host of g at place l is used" and z_g "group g is
//! served" (1 where all must be):
//! one of a group: Σ u_p ≤ 1; redundancy r: Σ v_gl ≥ r·z_g, and Σ v_gl without any one place ≥ (r − 1)·z_g;
//! assignment: Σ y_gh = r·z_g, y_gh ≤ u_p; capacity: Σ load·y_gh ≤ C_h·u_p; floor: Σ weight·y_gh ≥ F_h·u_p;
//! shares: Σ weight·z_g ≥ S.

use super::graph::{Graph, ROOT};
use super::net::Net;
use super::plan::Plan;
use super::relax::Row;
use super::ruled::Ruled;
use super::tree::NONE;
use std::collections::BTreeMap;

/// What a column beside links and groups stands for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Extra {
    /// Whether a place is used.
    Use(u32),
    /// Whether a group is assigned to a host.
    Assign {
        /// The group.
        group: u32,
        /// The host.
        host: u32,
    },
    /// Whether a host of the group at a place, as redundancy counts places, is used.
    Label {
        /// The group.
        group: u32,
        /// The place.
        label: u32,
    },
}

/// The columns and rows of the rules in one net.
pub(super) struct Side<'a> {
    graph: &'a Graph,
    ruled: &'a Ruled,
    net: &'a Net,
    /// The columns, from number [`Side::first`] on.
    pub(super) columns: Vec<Extra>,
    pub(super) rows: Vec<Row>,
    used: Vec<u32>,
}

type Entries = Vec<(u32, f64)>;

impl<'a> Side<'a> {
    pub(super) fn new(graph: &'a Graph, ruled: &'a Ruled, net: &'a Net) -> Self {
        let mut this =
            Self { graph, ruled, net, columns: Vec::new(), rows: Vec::new(), used: vec![NONE; graph.places] };
        for places in &ruled.one_of {
            let entries: Entries = places.iter().filter_map(|&p| Some((this.use_of(p)?, 1.0))).collect();
            this.add(f64::NEG_INFINITY, 1.0, entries);
        }
        for g in (0..ruled.groups.len()).filter(|&g| ruled.groups[g].demand.is_some()) {
            if ruled.assigns {
                this.assign(g);
            } else if ruled.groups[g].need > 1 {
                this.redundancy(g);
            }
        }
        if ruled.assigns {
            this.loads_and_floors();
        }
        if graph.limit.is_some() {
            this.shares();
        }
        this
    }

    /// The number of the first column.
    pub(super) fn first(&self) -> usize {
        self.net.links.len() + if self.graph.limit.is_some() { self.graph.groups() } else { 0 }
    }

    fn column(&mut self, extra: Extra) -> u32 {
        self.columns.push(extra);
        (self.first() + self.columns.len() - 1) as u32
    }

    fn add(&mut self, low: f64, high: f64, entries: Entries) {
        self.rows.push(Row { low, high, entries });
    }

    /// Σ entries ≥ coefficient · z of the group.
    fn at_least(&mut self, mut entries: Entries, group: usize, coefficient: f64) {
        let low = if self.graph.limit.is_some() {
            entries.push(((self.net.links.len() + group) as u32, -coefficient));
            0.0
        } else {
            coefficient
        };
        self.add(low, f64::INFINITY, entries);
    }

    /// The column of a place's use; `None` where no link leads to it.
    fn use_of(&mut self, place: u32) -> Option<u32> {
        if self.used[place as usize] == NONE {
            let nodes = self.net.copies.row(place as usize);
            let mut entries: Entries =
                nodes.iter().flat_map(|&n| self.net.into.row(n as usize)).map(|&l| (l, 1.0)).collect();
            if entries.is_empty() {
                return None;
            }
            let column = self.column(Extra::Use(place));
            entries.push((column, -1.0));
            self.add(0.0, 0.0, entries);
            self.used[place as usize] = column;
        }
        Some(self.used[place as usize])
    }

    fn redundancy(&mut self, g: usize) {
        let mut by_label: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for &h in &self.ruled.options[g] {
            let host = &self.ruled.hosts[h as usize];
            if let Some(column) = self.use_of(host.place) {
                by_label.entry(host.label).or_default().push(column);
            }
        }
        let mut labels: Entries = Vec::new();
        for (label, columns) in by_label {
            let column = match columns[..] {
                [one] => one,
                _ => {
                    let label = self.column(Extra::Label { group: g as u32, label });
                    let entries = columns.iter().map(|&c| (c, 1.0)).chain([(label, -1.0)]).collect();
                    self.add(0.0, f64::INFINITY, entries);
                    label
                }
            };
            labels.push((column, 1.0));
        }
        let need = f64::from(self.ruled.groups[g].need);
        for k in 0..labels.len() {
            let mut others = labels.clone();
            others.remove(k);
            self.at_least(others, g, need - 1.0);
        }
        self.at_least(labels, g, need);
    }

    fn assign(&mut self, g: usize) {
        let group = &self.ruled.groups[g];
        let mut by_label: BTreeMap<u32, Entries> = BTreeMap::new();
        for &h in &self.ruled.options[g] {
            let host = &self.ruled.hosts[h as usize];
            let used = if host.place == ROOT { None } else { self.use_of(host.place) };
            if host.place != ROOT && used.is_none() {
                continue;
            }
            let column = self.column(Extra::Assign { group: g as u32, host: h });
            if let Some(used) = used {
                self.add(0.0, f64::INFINITY, vec![(used, 1.0), (column, -1.0)]);
            }
            by_label.entry(host.label).or_default().push((column, 1.0));
        }
        if group.need > 1 {
            for own in by_label.values() {
                let negative = own.iter().map(|&(c, _)| (c, -1.0)).collect();
                self.at_least(negative, g, -1.0);
            }
        }
        let need = f64::from(group.need);
        let mut all: Entries = by_label.into_values().flatten().collect();
        let fixed = if self.graph.limit.is_some() {
            all.push(((self.net.links.len() + g) as u32, -need));
            0.0
        } else {
            need
        };
        self.add(fixed, fixed, all);
    }

    fn loads_and_floors(&mut self) {
        let mut assigned: Vec<Vec<(u32, u32)>> = vec![Vec::new(); self.ruled.hosts.len()];
        let first = self.first();
        for (k, extra) in self.columns.iter().enumerate() {
            if let Extra::Assign { group, host } = *extra {
                assigned[host as usize].push(((first + k) as u32, group));
            }
        }
        for (host, own) in self.ruled.hosts.iter().zip(assigned) {
            let used = if host.place == ROOT { None } else { self.use_of(host.place) };
            if host.place != ROOT && used.is_none() {
                continue;
            }
            let groups = &self.ruled.groups;
            // In parts of the capacity or the floor, so that HiGHS's tolerance is that of the rules.
            let scale = host.capacity.max(1.0);
            let loads: Entries = own.iter().map(|&(c, g)| (c, groups[g as usize].load / scale)).collect();
            let capacity = host.capacity / scale;
            if host.capacity.is_finite() && loads.iter().map(|l| l.1).sum::<f64>() > capacity {
                match used {
                    Some(used) => {
                        let entries = loads.iter().map(|&(c, l)| (c, -l)).chain([(used, capacity)]).collect();
                        self.add(0.0, f64::INFINITY, entries);
                    }
                    None => self.add(f64::NEG_INFINITY, capacity, loads),
                }
            }
            if let Some(used) = used.filter(|_| host.floor > 0.0) {
                let scale = host.floor.max(1.0);
                let weights = own.iter().map(|&(c, g)| (c, groups[g as usize].weight / scale));
                let entries = weights.chain([(used, -host.floor / scale)]).collect();
                self.add(0.0, f64::INFINITY, entries);
            }
        }
    }

    fn shares(&mut self) {
        let links = self.net.links.len();
        for share in self.ruled.shares.iter().filter(|s| s.least > 0.0) {
            let scale = share.least.max(1.0);
            let entries = share.groups.iter().map(|&(g, w)| ((links + g as usize) as u32, w / scale)).collect();
            self.add(share.least / scale, f64::INFINITY, entries);
        }
        for (g, _) in self.ruled.groups.iter().enumerate().filter(|g| g.1.must) {
            self.add(1.0, f64::INFINITY, vec![((links + g) as u32, 1.0)]);
        }
    }

    /// The values of the columns in a plan.
    pub(super) fn values(&self, plan: &Plan) -> Vec<f64> {
        let in_tree = |place: u32| place == ROOT || plan.tree.has(place);
        let value = |extra: &Extra| match *extra {
            Extra::Use(place) => in_tree(place),
            Extra::Assign { group, host } => plan.by[group as usize].contains(&host),
            Extra::Label { group, label } => {
                let hosts = self.ruled.options[group as usize].iter().map(|&h| &self.ruled.hosts[h as usize]);
                hosts.filter(|h| h.label == label).any(|h| in_tree(h.place))
            }
        };
        self.columns.iter().map(|extra| f64::from(u8::from(value(extra)))).collect()
    }
}
