//! Local search for least-cost covering by row weighting (RWLS: Gao, Weise & Li, EJOR 246 (2015) 750–761), with costs.
//!
//! The search drops sites until something is uncovered, then repairs it within the best cost found; demands that stay
//! uncovered gain weight, which drives the search out of local optima. Values are updated by what changes only.

use super::control::Control;
use super::covering::Covering;
use super::greedy;
use super::numbers::Rng;

/// Above this many chosen sites, the site to drop is the best of a sample of this many.
const SAMPLE: usize = 96;

/// State of the search. `score[j]` is the weight that leaves with `j` when it is chosen, or comes with it when not.
pub(super) struct Weighting<'a> {
    problem: &'a Covering,
    rng: Rng,
    chosen: Vec<u32>,
    place: Vec<u32>,
    count: Vec<u32>,
    coverers: Vec<u32>,
    weight: Vec<i64>,
    score: Vec<i64>,
    stamp: Vec<u64>,
    may_add: Vec<bool>,
    uncovered: Vec<u32>,
    uncovered_place: Vec<u32>,
    cost: f64,
    steps: u64,
    best: Vec<u32>,
    best_cost: f64,
}

const OUT: u32 = u32::MAX;

impl<'a> Weighting<'a> {
    /// Starts from a plan that covers everything.
    pub(super) fn new(problem: &'a Covering, plan: &[u32], seed: u64) -> Self {
        let (n, m) = (problem.candidates(), problem.demands());
        let mut search = Self {
            problem,
            rng: Rng::new(seed),
            chosen: Vec::new(),
            place: vec![OUT; n],
            count: vec![0; m],
            coverers: vec![0; m],
            weight: vec![1; m],
            score: (0..n as u32).map(|j| problem.covers(j).len() as i64).collect(),
            stamp: vec![0; n],
            may_add: vec![true; n],
            uncovered: (0..m as u32).collect(),
            uncovered_place: (0..m as u32).collect(),
            cost: 0.0,
            steps: 0,
            best: plan.to_vec(),
            best_cost: problem.cost_of(plan),
        };
        for &j in plan {
            search.add(j);
        }
        search
    }

    /// The best plan so far.
    pub(super) fn best(&self) -> &[u32] {
        &self.best
    }

    fn add(&mut self, j: u32) {
        self.place[j as usize] = self.chosen.len() as u32;
        self.chosen.push(j);
        self.cost += self.problem.costs()[j as usize];
        self.stamp[j as usize] = self.steps;
        for &i in self.problem.covers(j) {
            let i = i as usize;
            self.count[i] += 1;
            let before = self.coverers[i];
            self.coverers[i] ^= j;
            if self.count[i] == 1 {
                let last = self.uncovered.len() as u32 - 1;
                let at = self.uncovered_place[i];
                let moved = self.uncovered[last as usize];
                self.uncovered[at as usize] = moved;
                self.uncovered_place[moved as usize] = at;
                self.uncovered.pop();
                for &k in self.problem.servers(i as u32) {
                    if k != j {
                        self.score[k as usize] -= self.weight[i];
                        self.may_add[k as usize] = true;
                    }
                }
            } else if self.count[i] == 2 {
                self.score[before as usize] -= self.weight[i];
            }
        }
    }

    fn remove(&mut self, j: u32) {
        let at = self.place[j as usize] as usize;
        self.chosen.swap_remove(at);
        if let Some(&moved) = self.chosen.get(at) {
            self.place[moved as usize] = at as u32;
        }
        self.place[j as usize] = OUT;
        self.cost -= self.problem.costs()[j as usize];
        self.stamp[j as usize] = self.steps;
        for &i in self.problem.covers(j) {
            let i = i as usize;
            self.count[i] -= 1;
            self.coverers[i] ^= j;
            if self.count[i] == 0 {
                self.uncovered_place[i] = self.uncovered.len() as u32;
                self.uncovered.push(i as u32);
                for &k in self.problem.servers(i as u32) {
                    if k != j {
                        self.score[k as usize] += self.weight[i];
                        self.may_add[k as usize] = true;
                    }
                }
            } else if self.count[i] == 1 {
                self.score[self.coverers[i] as usize] += self.weight[i];
            }
        }
        self.may_add[j as usize] = false;
    }

    /// Whether `a` is a better site to drop than `b`: less weight lost per cost saved, then longer unmoved.
    fn drops_before(&self, a: u32, b: u32) -> bool {
        let (a, b) = (a as usize, b as usize);
        let costs = self.problem.costs();
        let (x, y) = (self.score[a] as f64 * costs[b], self.score[b] as f64 * costs[a]);
        x < y || (x == y && self.stamp[a] < self.stamp[b])
    }

    fn site_to_drop(&mut self, barred: &[u32]) -> Option<u32> {
        let mut best: Option<u32> = None;
        let sampled = self.chosen.len() > 4 * SAMPLE;
        let looks = if sampled { SAMPLE } else { self.chosen.len() };
        for k in 0..looks {
            let at = if sampled { self.rng.below(self.chosen.len()) } else { k };
            let j = self.chosen[at];
            if !barred.contains(&j) && best.is_none_or(|b| self.drops_before(j, b)) {
                best = Some(j);
            }
        }
        best
    }

    fn site_to_add(&self, demand: u32) -> Option<u32> {
        let costs = self.problem.costs();
        let mut best: Option<u32> = None;
        for &j in self.problem.servers(demand) {
            if !self.may_add[j as usize] {
                continue;
            }
            let better = best.is_none_or(|b| {
                let (x, y) = (
                    self.score[j as usize] as f64 * costs[b as usize],
                    self.score[b as usize] as f64 * costs[j as usize],
                );
                x > y || (x == y && self.stamp[j as usize] < self.stamp[b as usize])
            });
            if better {
                best = Some(j);
            }
        }
        best
    }

    fn record(&mut self) {
        let mut plan = self.chosen.clone();
        plan.sort_unstable();
        greedy::drop_superfluous(self.problem, &mut plan);
        self.cost = self.problem.cost_of(&self.chosen);
        let cost = self.problem.cost_of(&plan);
        if cost < self.best_cost {
            self.best_cost = cost;
            self.best = plan;
        }
    }

    /// Runs `steps` more steps, or until stopped; stops early when the best cost is at most `target`.
    pub(super) fn run(&mut self, steps: u64, target: f64, control: &Control<'_>) {
        let end = self.steps.saturating_add(steps);
        let mut added: Vec<u32> = Vec::new();
        while self.steps < end && self.best_cost > target {
            self.steps += 1;
            if self.steps.is_multiple_of(128) && control.stop() {
                break;
            }
            while self.uncovered.is_empty() {
                if self.cost < self.best_cost {
                    self.record();
                }
                let Some(j) = self.site_to_drop(&[]) else { return };
                self.remove(j);
            }
            if let Some(j) = self.site_to_drop(&added) {
                self.remove(j);
            }
            added.clear();
            while !self.uncovered.is_empty() {
                let demand = self.uncovered[self.rng.below(self.uncovered.len())];
                let Some(j) = self.site_to_add(demand) else { break };
                if self.cost + self.problem.costs()[j as usize] >= self.best_cost - 1e-9 {
                    break;
                }
                self.add(j);
                added.push(j);
                for k in 0..self.uncovered.len() {
                    let i = self.uncovered[k];
                    self.weight[i as usize] += 1;
                    for &j in self.problem.servers(i) {
                        self.score[j as usize] += 1;
                    }
                }
            }
        }
    }
}
