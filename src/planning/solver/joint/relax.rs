//! The linear relaxation in a net: links between 0 and 1, groups served as far as every cut before them is used.
//!
//! Rows are added as they are violated: cuts before groups and before places (see [`Flow`]), and "a link is used only as far
//! as its start is reached". Rules have columns and rows of their own ([`Side`]). Always minimised; where weight counts, the served groups are columns of negative cost. The bound
//! is computed from the duals alone (Neumaier & Shcherbina, Math. Program. 99 (2004) 283–296), so it holds however exact
//! HiGHS was.

use super::super::control::Control;
use super::super::highs_hook;
use super::super::numbers::{Grain, summation_error};
use super::flow::Flow;
use super::graph::{Graph, ROOT};
use super::net::{Link, Net};
use super::plan::Plan;
use super::side::{Extra, Side};
use super::tree::Tree;
use highs::{Col, HighsModelStatus, Model, RowProblem, Sense};
use std::sync::atomic::AtomicBool;

/// A row of the relaxation: `low ≤ Σ entries ≤ high`.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) entries: Vec<(u32, f64)>,
}

/// The optimum of a relaxation.
pub(super) struct Point {
    /// Value of each column: links, then groups where weight counts, then those of rules.
    pub(super) values: Vec<f64>,
    /// No plan of the net is worth less, in the minimised sense.
    pub(super) bound: f64,
    /// What using each column costs beyond the bound, by the duals.
    pub(super) reduced: Vec<f64>,
    /// Dual value of each row.
    duals: Vec<f64>,
}

/// Smaller violations are left alone.
const VIOLATION: f64 = 0.02;
/// Cuts taken of one flow problem.
const NESTED: usize = 4;

impl Point {
    /// Values alone, to be separated.
    pub(super) fn of(values: Vec<f64>) -> Self {
        Self { values, bound: f64::NEG_INFINITY, reduced: Vec::new(), duals: Vec::new() }
    }
}

/// A relaxation that grows.
pub(super) struct Relaxation<'a> {
    graph: &'a Graph,
    net: &'a Net,
    pub(super) rows: Vec<Row>,
    /// So many of the rows are those of any relaxation in this net.
    base: usize,
    side: Option<Side<'a>>,
    /// Whether HiGHS found that the rows so far cannot be kept.
    pub(super) infeasible: bool,
    costs: Vec<f64>,
    columns: Vec<Col>,
    model: Option<Model>,
    /// Rows that the model knows.
    known: usize,
}

impl<'a> Relaxation<'a> {
    /// The rows that are always there: one way to each place, the limit, and the first cut of each group.
    pub(super) fn new(graph: &'a Graph, net: &'a Net) -> Self {
        let weighted = graph.limit.is_some();
        let price = |l: &Link| if weighted { 0.0 } else { l.price };
        let mut costs: Vec<f64> = net.links.iter().map(price).collect();
        if weighted {
            costs.extend(graph.weights.iter().map(|w| -w));
        }
        let side = graph.ruled.as_ref().map(|ruled| Side::new(graph, ruled, net));
        costs.resize(costs.len() + side.as_ref().map_or(0, |side| side.columns.len()), 0.0);
        let rows = side.as_ref().map(|side| side.rows.clone()).unwrap_or_default();
        let (columns, model) = (Vec::new(), None);
        let mut this = Self { graph, net, rows, base: 0, side, infeasible: false, costs, columns, model, known: 0 };
        if let Some(limit) = graph.limit {
            // In whole grains, where there are any, so that rounding within HiGHS cannot let one too many in.
            let grain = Grain::of(&graph.prices());
            let high = if grain.unit() > 0.0 { (limit / grain.unit() + 1e-6).floor() } else { limit };
            let entries = net.links.iter().enumerate().map(|(k, l)| (k as u32, grain.count(l.price))).collect();
            this.rows.push(Row { low: f64::NEG_INFINITY, high, entries });
        }
        for place in 1..graph.places {
            let entries: Vec<(u32, f64)> = this.links_to(place).map(|l| (l, 1.0)).collect();
            if entries.len() > 1 {
                this.rows.push(Row { low: f64::NEG_INFINITY, high: 1.0, entries });
            }
        }
        for group in (0..graph.groups()).filter(|&g| graph.new_places(g) > 0) {
            let mut inside = vec![false; net.place.len()];
            net.servers.row(group).iter().for_each(|&n| inside[n as usize] = true);
            let enters = |&&l: &&u32| !inside[net.links[l as usize].from as usize];
            let cut = net.servers.row(group).iter().flat_map(|&n| net.into.row(n as usize)).filter(enters);
            this.add_group_cut(group, &cut.copied().collect::<Vec<_>>());
        }
        this.base = this.rows.len();
        this
    }

    fn links_to(&self, place: usize) -> impl Iterator<Item = u32> {
        self.net.copies.row(place).iter().flat_map(|&n| self.net.into.row(n as usize)).copied()
    }

    /// Every plan that serves the group uses one of the links.
    pub(super) fn add_group_cut(&mut self, group: usize, links: &[u32]) {
        let mut entries: Vec<(u32, f64)> = links.iter().map(|&l| (l, 1.0)).collect();
        let low = if self.graph.limit.is_some() {
            entries.push(((self.net.links.len() + group) as u32, -1.0));
            0.0
        } else {
            1.0
        };
        self.rows.push(Row { low, high: f64::INFINITY, entries });
    }

    /// Solves with the rows so far; `None` when HiGHS does not.
    pub(super) fn solve(&mut self, control: &Control<'_>) -> Option<Point> {
        if self.costs.is_empty() {
            return Some(Point { bound: 0.0, ..Point::of(Vec::new()) });
        }
        let mut model = match self.model.take() {
            Some(model) => model,
            None => {
                let mut problem = RowProblem::new();
                self.columns = self.costs.iter().map(|&c| problem.add_column(c, 0..=1)).collect();
                let mut model = problem.try_optimise(Sense::Minimise).ok()?;
                model.make_quiet();
                model.try_set_option("threads", 1).ok()?;
                model
            }
        };
        for row in &self.rows[self.known..] {
            let entries = row.entries.iter().map(|&(k, a)| (self.columns[k as usize], a));
            model.try_add_row(row.low..=row.high, entries).ok()?;
        }
        self.known = self.rows.len();
        if let Some(left) = control.left() {
            model.try_set_option("time_limit", left.as_secs_f64()).ok()?;
        }
        let never = AtomicBool::new(false);
        // SAFETY: the flag outlives the run, and each later run is given its own before it starts.
        unsafe { highs_hook::attach(&mut model, control.cancel.unwrap_or(&never)) };
        let solved = model.try_solve().ok()?;
        self.infeasible = solved.status() == HighsModelStatus::Infeasible;
        if solved.status() != HighsModelStatus::Optimal {
            return None;
        }
        let solution = solved.get_solution();
        let point = self.point(solution.columns(), solution.dual_rows());
        self.model = Some(solved.into());
        Some(point)
    }

    fn point(&self, values: &[f64], duals: &[f64]) -> Point {
        let mut reduced = self.costs.clone();
        let (mut bound, mut magnitude, mut terms) = (0.0, 0.0, 0);
        for (row, &dual) in self.rows.iter().zip(duals) {
            let side = if dual > 0.0 { row.low } else { row.high };
            if dual == 0.0 || side.is_infinite() {
                continue;
            }
            bound += dual * side;
            magnitude += (dual * side).abs();
            terms += 1;
            row.entries.iter().for_each(|&(k, a)| reduced[k as usize] -= dual * a);
        }
        for &r in &reduced {
            bound += r.min(0.0);
            magnitude += r.abs();
        }
        let bound = bound - summation_error(terms + reduced.len(), magnitude);
        Point { values: values.to_vec(), bound, reduced, duals: duals.to_vec() }
    }

    /// Adds rows that the point violates; how many.
    pub(super) fn separate(&mut self, point: &Point, control: &Control<'_>) -> usize {
        let before = self.rows.len();
        let mut flow = Flow::new(self.net, &point.values);
        for group in 0..self.graph.groups() {
            let need = if self.graph.limit.is_some() { point.values[self.net.links.len() + group] } else { 1.0 };
            if need > VIOLATION && !control.stop() {
                for sinks in self.sinks(group) {
                    for cut in flow.violated(&sinks, need - VIOLATION, NESTED) {
                        self.add_group_cut(group, &cut);
                    }
                }
            }
        }
        for place in 1..self.graph.places {
            if control.stop() {
                break;
            }
            let own: Vec<u32> = self.links_to(place).collect();
            let need: f64 = own.iter().map(|&l| point.values[l as usize]).sum();
            if need <= 5.0 * VIOLATION {
                continue;
            }
            for cut in flow.violated(self.net.copies.row(place), need - 2.0 * VIOLATION, 1) {
                let mut entries: Vec<(u32, f64)> = cut.iter().filter(|l| !own.contains(l)).map(|&l| (l, 1.0)).collect();
                entries.extend(own.iter().filter(|l| !cut.contains(l)).map(|&l| (l, -1.0)));
                self.rows.push(Row { low: 0.0, high: f64::INFINITY, entries });
            }
        }
        for l in 0..self.net.links.len() {
            if let Some(row) = self.start_row(l)
                && row.entries.iter().map(|&(k, a)| a * point.values[k as usize]).sum::<f64>() < -VIOLATION
            {
                self.rows.push(row);
            }
        }
        self.rows.len() - before
    }

    /// The sets of nodes that a group needs a way to: all that serve it, and where it needs two new places, all but those of
    /// each place.
    fn sinks(&self, group: usize) -> Vec<Vec<u32>> {
        let servers = self.net.servers.row(group);
        match (&self.graph.ruled, self.graph.new_places(group)) {
            (_, 0) => Vec::new(),
            (Some(ruled), 2..) => {
                let label = |n: u32| ruled.label_at(self.net.place[n as usize]);
                let mut labels: Vec<u32> = servers.iter().map(|&n| label(n)).collect();
                labels.sort_unstable();
                labels.dedup();
                let others = |l: u32| servers.iter().copied().filter(move |&n| label(n) != l).collect();
                labels.into_iter().map(others).collect()
            }
            _ => vec![servers.to_vec()],
        }
    }

    /// A link is used only as far as its start is reached, not counting the way straight back; none at the root.
    pub(super) fn start_row(&self, link: usize) -> Option<Row> {
        let Link { from, to, .. } = self.net.links[link];
        let place = |n: u32| self.net.place[n as usize];
        let back = |l: u32| place(self.net.links[l as usize].from) == place(to);
        let ways = self.net.into.row(from as usize).iter().filter(|&&l| !back(l));
        let entries = ways.map(|&l| (l, 1.0)).chain(std::iter::once((link as u32, -1.0))).collect();
        (from != ROOT).then_some(Row { low: 0.0, high: f64::INFINITY, entries })
    }

    /// Costs of the columns.
    pub(super) fn costs(&self) -> &[f64] {
        &self.costs
    }

    /// Whether a column of a whole plan is to be asked for as a whole number; what the others are follows from these.
    pub(super) fn is_whole(&self, column: usize) -> bool {
        let extra = self.side.as_ref().map(|side| side.columns.get(column.wrapping_sub(side.first())));
        match extra {
            None => column < self.net.links.len(),
            Some(extra) => !matches!(extra, Some(Extra::Label { .. })),
        }
    }

    /// The values of the columns in a plan.
    pub(super) fn values_of(&self, plan: &Plan) -> Vec<f64> {
        let one = |b: bool| f64::from(u8::from(b));
        let mut values: Vec<f64> = self.net.marks(self.graph, &plan.tree).into_iter().map(one).collect();
        if self.graph.limit.is_some() {
            values.extend((0..self.graph.groups()).map(|g| one(plan.serves(g))));
        }
        values.extend(self.side.iter().flat_map(|side| side.values(plan)));
        values
    }

    /// The plan of the columns that are 1; `None` where they are none.
    pub(super) fn plan_of(&self, ones: &[u32]) -> Option<Plan> {
        let (graph, links) = (self.graph, self.net.links.len());
        let edges: Vec<u32> =
            ones.iter().filter_map(|&k| self.net.links.get(k as usize)).map(|link| link.edge).collect();
        let mut tree = Tree::along(graph, &edges);
        let Some((ruled, side)) = graph.ruled.as_ref().zip(self.side.as_ref()) else {
            tree.prune(graph);
            return Plan::of(graph, tree);
        };
        if !ruled.assigns {
            return Plan::of(graph, tree);
        }
        let mut by: Vec<Vec<u32>> = vec![Vec::new(); graph.groups()];
        for &k in ones.iter().filter(|&&k| k as usize >= links) {
            if let Some(&Extra::Assign { group, host }) = side.columns.get((k as usize).wrapping_sub(side.first())) {
                by[group as usize].push(host);
            }
        }
        for (g, _) in ruled.groups.iter().enumerate().filter(|g| g.1.demand.is_none()) {
            by[g].clone_from(&ruled.options[g]);
        }
        Plan::assigned(graph, ruled, tree, by)
    }

    /// The cuts that hold the point, for a smaller net of so many links; `kept` gives the number there of each link.
    pub(super) fn carried(&self, point: &Point, kept: &[Option<u32>], links: usize) -> Vec<Row> {
        let column = |k: u32| match kept.get(k as usize) {
            Some(&place) => place,
            None => Some(k - kept.len() as u32 + links as u32),
        };
        let rows = self.rows.iter().zip(&point.duals).skip(self.base);
        let held = rows.filter(|(row, dual)| **dual != 0.0 && row.high == f64::INFINITY);
        held.map(|(row, _)| Row {
            entries: row.entries.iter().filter_map(|&(k, a)| Some((column(k)?, a))).collect(),
            ..*row
        })
        .collect()
    }
}
