//! Bounds and proof: dual ascent, cuts, fixing by reduced costs, and branch and bound on the links that are left.

use super::super::SolveOptions;
use super::super::control::Control;
use super::super::mip::{Effort, Job};
use super::super::numbers::{Grain, gap_between, proven};
use super::ascent;
use super::graph::Graph;
use super::grow::Grower;
use super::improve;
use super::net::Net;
use super::plan::Plan;
use super::relax::{Point, Relaxation, Row};
use highs::{ColProblem, RowProblem, Sense};

/// Most rounds of dual ascent.
const ASCENTS: u64 = 8;
/// Most rounds of cuts in one net, and the rounds after which little progress ends them.
const CUT_ROUNDS: usize = 200;
const STALE_ROUNDS: usize = 6;
/// The net is made anew when fewer than this share of its links are left.
const SHRUNK: f64 = 0.8;
/// Rounds of local search from what a relaxation suggests.
const POLISH: usize = 30;

/// The state of the proof, in the minimised sense: price, or minus the weight of the groups.
pub(super) struct Proof<'a> {
    graph: &'a Graph,
    options: &'a SolveOptions,
    grain: Grain,
    /// The best plan so far.
    pub(super) best: Option<Plan>,
    /// Its value, infinite without a plan.
    value: f64,
    bound: f64,
    /// Whether it is proven that there is no plan.
    pub(super) infeasible: bool,
}

impl<'a> Proof<'a> {
    /// From a plan, if there is one, with the bound that needs no proof.
    pub(super) fn new(graph: &'a Graph, options: &'a SolveOptions, best: Option<Plan>) -> Self {
        let weighted = graph.limit.is_some();
        let grain = if weighted { Grain::of(&graph.weights) } else { Grain::of(&graph.prices()) };
        let value = best.as_ref().map_or(f64::INFINITY, |plan| -plan.worth);
        let bound = if weighted { -graph.weights.iter().sum::<f64>() } else { 0.0 };
        Self { graph, options, grain, best, value, bound, infeasible: false }
    }

    /// The bound: no plan is worth more (costs less).
    pub(super) fn bound(&self) -> f64 {
        if self.graph.limit.is_some() { -self.bound } else { self.bound }
    }

    /// Takes a plan where it is better.
    pub(super) fn offer(&mut self, plan: Option<Plan>) {
        if let Some(plan) = plan.filter(|plan| -plan.worth < self.value) {
            self.value = -plan.worth;
            self.best = Some(plan);
        }
    }

    fn raise(&mut self, bound: f64) {
        let rounded = if bound < 0.0 { -self.grain.round_down(-bound) } else { self.grain.round_up(bound) };
        self.bound = self.bound.max(rounded).min(self.value);
    }

    /// Whether value and bound are as close as asked.
    pub(super) fn done(&self) -> bool {
        let base = if self.graph.limit.is_some() { -self.graph.base } else { 0.0 };
        let (value, bound) = (self.value + base, self.bound + base);
        if self.best.is_none() {
            return self.infeasible;
        }
        proven(value, bound) || gap_between(value, bound) <= self.options.gap
    }

    /// Tells the listener.
    pub(super) fn tell(&self, phase: &'static str, control: &Control<'_>) {
        let shown = |x: f64| if self.graph.limit.is_some() { self.graph.base - x } else { x };
        control.tell(phase, self.best.as_ref().map(|_| shown(self.value)), Some(shown(self.bound)));
    }

    /// What a better plan is worth at most (costs at most).
    fn better(&self) -> f64 {
        self.value - self.grain.unit() * (1.0 - 1e-6) + 1e-9 * self.value.abs()
    }

    /// Raises the bound as far as the options ask and the control allows.
    pub(super) fn run(&mut self, control: &Control<'_>) {
        let Some(mut net) = Net::new(self.graph) else { return };
        let mut first_rows = Vec::new();
        if self.graph.limit.is_none() {
            (net, first_rows) = self.ascend(net, control);
            self.tell("dual ascent", control);
        }
        while !self.done() && !control.stop() {
            let Some((smaller, rows)) = self.cut(&net, first_rows, control) else { break };
            (net, first_rows) = (smaller, rows);
        }
    }

    /// Keeps the links that a better plan may use, and those of the best plan; `bounds` bounds the plans that use each.
    fn kept(&self, net: &Net, bounds: impl Iterator<Item = f64>) -> Vec<bool> {
        let better = self.better();
        let mut keep: Vec<bool> = bounds.map(|b| b <= better).collect();
        if let Some(best) = &self.best {
            keep.iter_mut().zip(net.marks(self.graph, &best.tree)).for_each(|(keep, used)| *keep |= used);
        }
        keep
    }

    fn ascend(&mut self, mut net: Net, control: &Control<'_>) -> (Net, Vec<Row>) {
        let mut cuts = Vec::new();
        for round in 0..ASCENTS {
            if control.stop() || self.done() {
                break;
            }
            let found = ascent::ascend(self.graph, &net, self.options.seed + round);
            self.raise(found.bound);
            self.infeasible |= self.best.is_none() && found.bound == f64::INFINITY;
            self.suggest(&net, |l| found.reduced[l] + 1e-3 * net.links[l].price, round, control);
            let keep = self.kept(&net, ascent::link_bounds(self.graph, &net, &found).into_iter());
            let (smaller, place) = net.restrict(self.graph, &keep);
            cuts = found
                .cuts
                .iter()
                .map(|links| Row {
                    low: 1.0,
                    high: f64::INFINITY,
                    entries: links.iter().filter_map(|&l| Some((place[l as usize]?, 1.0))).collect(),
                })
                .collect();
            net = smaller;
            self.tell("dual ascent round", control);
        }
        (net, cuts)
    }

    /// A tree grown where the links look cheap.
    fn suggest(&mut self, net: &Net, look: impl Fn(usize) -> f64, seed: u64, control: &Control<'_>) {
        let mut prices = self.graph.prices();
        prices.iter_mut().for_each(|p| *p += 1.0);
        for (l, link) in net.links.iter().enumerate() {
            let price = &mut prices[link.edge as usize];
            *price = price.min(look(l).max(0.0));
        }
        let grown = Plan::of(self.graph, improve::grown(&mut Grower::new(self.graph), self.graph, &prices));
        self.offer(grown.map(|plan| improve::improve(self.graph, plan, POLISH, seed, control)));
    }

    /// Cuts until they bring little; then the smaller net to go on with, or branch and bound and `None`.
    fn cut(&mut self, net: &Net, rows: Vec<Row>, control: &Control<'_>) -> Option<(Net, Vec<Row>)> {
        let mut relaxation = Relaxation::new(self.graph, net);
        relaxation.rows.extend(rows);
        let (mut stale, mut best_bound) = (0, f64::NEG_INFINITY);
        for round in 0..CUT_ROUNDS {
            let Some(point) = relaxation.solve(control) else {
                self.infeasible |= self.best.is_none() && relaxation.infeasible;
                return None;
            };
            self.raise(point.bound);
            if round % 5 == 0 {
                let look = |l: usize| net.links[l].price * (1.0 - 0.999 * point.values[l]);
                self.suggest(net, look, round as u64, control);
            }
            self.tell("cuts", control);
            if self.done() || control.stop() {
                return None;
            }
            let keep = self.kept(net, (0..net.links.len()).map(|l| point.bound + point.reduced[l].max(0.0)));
            let left = keep.iter().filter(|&&k| k).count();
            let distance = if self.best.is_some() { self.value - point.bound } else { point.bound.abs() };
            stale = if point.bound > best_bound + 1e-3 * distance { 0 } else { stale + 1 };
            best_bound = best_bound.max(point.bound);
            let go_on = stale < STALE_ROUNDS && round + 1 < CUT_ROUNDS;
            let added = if go_on { relaxation.separate(&point, control) } else { 0 };
            let shrunk = (left as f64) < SHRUNK * net.links.len() as f64;
            if added == 0 || shrunk {
                let (smaller, place) = net.restrict(self.graph, &keep);
                let rows = relaxation.carried(&point, &place, smaller.links.len());
                if shrunk {
                    return Some((smaller, rows));
                }
                if !self.options.heuristic {
                    self.branch(&smaller, rows, control);
                }
                return None;
            }
        }
        None
    }

    /// Branch and bound on a net; where hops are not limited, again with more cuts while its plan does not hang together.
    fn branch(&mut self, net: &Net, rows: Vec<Row>, control: &Control<'_>) {
        let mut relaxation = Relaxation::new(self.graph, net);
        relaxation.rows.extend(rows);
        let starts: Vec<Row> = (0..net.links.len()).filter_map(|l| relaxation.start_row(l)).collect();
        relaxation.rows.extend(starts);
        self.tell("branch and bound", control);
        loop {
            let answer = self.job(net, &relaxation).run(control);
            self.raise(answer.bound - self.slack(answer.bound));
            self.infeasible |= self.best.is_none() && answer.infeasible;
            let Some(ones) = answer.plan else { break };
            self.offer(relaxation.plan_of(&ones));
            self.tell("branch and bound", control);
            let mut values = vec![0.0; relaxation.costs().len().max(net.links.len() + self.graph.groups())];
            ones.iter().for_each(|&k| values[k as usize] = 1.0);
            // Under rules a group may be left out though a place that serves it is used.
            for g in (0..self.graph.groups()).filter(|_| self.graph.ruled.is_none()) {
                let enters = |&n: &u32| net.into.row(n as usize).iter().any(|&l| values[l as usize] > 0.0);
                values[net.links.len() + g] = f64::from(u8::from(net.servers.row(g).iter().any(enters)));
            }
            let added = relaxation.separate(&Point::of(values), control);
            if self.graph.hops.is_some() || added == 0 || self.done() || control.stop() {
                break;
            }
        }
    }

    /// What HiGHS's tolerances may have added to its bound.
    fn slack(&self, bound: f64) -> f64 {
        let slack = 1e-6 * bound.abs();
        if self.grain.unit() > 0.0 { slack.min(0.05 * self.grain.unit()) } else { 1e-3 * slack }
    }

    fn job(&self, net: &Net, relaxation: &Relaxation<'_>) -> Job {
        let mut problem = RowProblem::new();
        let costs = relaxation.costs();
        let columns: Vec<_> = (0..costs.len())
            .map(|k| {
                if relaxation.is_whole(k) {
                    problem.add_integer_column(costs[k], 0..=1)
                } else {
                    problem.add_column(costs[k], 0..=1)
                }
            })
            .collect();
        for row in &relaxation.rows {
            let entries: Vec<_> = row.entries.iter().map(|&(k, a)| (columns[k as usize], a)).collect();
            problem.add_row(row.low..=row.high, &entries);
        }
        let warm = self.best.as_ref().map(|plan| relaxation.values_of(plan));
        let effort = Effort { nodes: self.options.nodes, gap: self.options.gap, seed: self.options.seed };
        let absolute_gap = (0.9 * self.grain.unit()).max(1e-7);
        let costs = costs.to_vec();
        Job {
            problem: ColProblem::from(problem),
            costs,
            sense: Sense::Minimise,
            warm,
            effort,
            absolute_gap,
            // Without rules, groups follow from links.
            choices: if self.graph.ruled.is_some() { columns.len() } else { net.links.len() },
        }
    }
}
