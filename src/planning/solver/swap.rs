//! Local search for most weight within a limit: take a site out, put the best fitting ones in, keep what is better; then
//! shake and repeat.

use super::control::Control;
use super::covering::Covering;
use super::most_weight::Limit;
use super::numbers::Rng;

/// State of the search. `score[j]` is the weight lost without `j` when it is chosen, or gained with it when not.
pub(super) struct Swap<'a> {
    problem: &'a Covering,
    limit: Limit,
    rng: Rng,
    chosen: Vec<u32>,
    is_chosen: Vec<bool>,
    count: Vec<u32>,
    coverers: Vec<u32>,
    score: Vec<f64>,
    used: f64,
    weight: f64,
}

impl<'a> Swap<'a> {
    /// Starts from a plan within the limit.
    pub(super) fn new(problem: &'a Covering, limit: Limit, plan: &[u32], seed: u64) -> Self {
        let (n, m) = (problem.candidates(), problem.demands());
        let total = |j: u32| problem.covers(j).iter().map(|&i| problem.weights()[i as usize]).sum();
        let mut search = Self {
            problem,
            limit,
            rng: Rng::new(seed),
            chosen: Vec::new(),
            is_chosen: vec![false; n],
            count: vec![0; m],
            coverers: vec![0; m],
            score: (0..n as u32).map(total).collect(),
            used: 0.0,
            weight: 0.0,
        };
        plan.iter().for_each(|&j| search.add(j));
        search
    }

    fn add(&mut self, j: u32) {
        self.weight += self.score[j as usize];
        self.used += self.limit.use_of(self.problem, j);
        self.chosen.push(j);
        self.is_chosen[j as usize] = true;
        for &i in self.problem.covers(j) {
            let (row, w) = (i as usize, self.problem.weights()[i as usize]);
            self.count[row] += 1;
            let before = self.coverers[row];
            self.coverers[row] ^= j;
            if self.count[row] == 1 {
                self.problem.servers(i).iter().for_each(|&k| self.score[k as usize] -= w);
                self.score[j as usize] += w;
            } else if self.count[row] == 2 {
                self.score[before as usize] -= w;
            }
        }
    }

    fn remove(&mut self, at: usize) -> u32 {
        let j = self.chosen.remove(at);
        self.weight -= self.score[j as usize];
        self.used -= self.limit.use_of(self.problem, j);
        self.is_chosen[j as usize] = false;
        for &i in self.problem.covers(j) {
            let (row, w) = (i as usize, self.problem.weights()[i as usize]);
            self.count[row] -= 1;
            self.coverers[row] ^= j;
            if self.count[row] == 0 {
                self.problem.servers(i).iter().for_each(|&k| self.score[k as usize] += w);
                self.score[j as usize] -= w;
            } else if self.count[row] == 1 {
                self.score[self.coverers[row] as usize] += w;
            }
        }
        j
    }

    /// The best candidate that fits, by weight or by weight per use; none when nothing gains.
    fn best_addition(&self, by_rate: bool, barred: Option<u32>) -> Option<u32> {
        let mut best = (1e-9, None);
        for j in 0..self.score.len() as u32 {
            let gain = self.score[j as usize];
            if self.is_chosen[j as usize] || gain <= 1e-9 || Some(j) == barred {
                continue;
            }
            let used = self.limit.use_of(self.problem, j);
            let value = if by_rate { gain / used } else { gain };
            if value > best.0 && self.limit.fits(self.used + used) {
                best = (value, Some(j));
            }
        }
        best.1
    }

    fn fill(&mut self, by_rate: bool, barred: Option<u32>) {
        while let Some(j) = self.best_addition(by_rate, barred) {
            self.add(j);
            if matches!(self.limit, Limit::Sites(n) if self.chosen.len() >= n as usize) {
                break;
            }
        }
    }

    /// Back to a plan, moving only what differs.
    fn restore(&mut self, plan: &[u32]) {
        while let Some(at) = self.chosen.iter().position(|j| !plan.contains(j)) {
            self.remove(at);
        }
        for &j in plan {
            if !self.is_chosen[j as usize] {
                self.add(j);
            }
        }
    }

    /// Takes out each site in turn while that pays.
    fn descend(&mut self, control: &Control<'_>) {
        let margin = 1e-9 * self.weight.max(1.0);
        let rates: &[bool] = if matches!(self.limit, Limit::Sites(_)) { &[false] } else { &[false, true] };
        self.fill(false, None);
        let (mut at, mut unchanged) = (0, 0);
        while unchanged < self.chosen.len() && !control.stop() {
            at = if at >= self.chosen.len() { 0 } else { at };
            let (before, plan) = (self.weight, self.chosen.clone());
            let mut improved = false;
            for &by_rate in rates {
                let out = self.remove(at);
                self.fill(by_rate, Some(out));
                improved = self.weight > before + margin;
                if improved {
                    break;
                }
                self.restore(&plan);
                at = self.chosen.iter().position(|&j| j == out).unwrap_or(at);
            }
            if improved {
                unchanged = 0;
            } else {
                // The site went to the end of the list, so the next one is now at this place.
                at = if self.chosen.last() == plan.get(at) { at } else { at + 1 };
                at = if at + 1 >= self.chosen.len() { 0 } else { at };
                unchanged += 1;
            }
        }
    }

    /// Descends, then shakes `rounds` times; returns the best plan and its weight.
    pub(super) fn run(mut self, rounds: usize, control: &Control<'_>) -> (Vec<u32>, f64) {
        self.descend(control);
        let (mut best, mut best_weight) = (self.chosen.clone(), self.weight);
        for _ in 0..rounds {
            if control.stop() || self.chosen.is_empty() {
                break;
            }
            for _ in 0..(2 + self.rng.below(3)).min(self.chosen.len()) {
                let at = self.rng.below(self.chosen.len());
                self.remove(at);
            }
            let outside = self.rng.below(self.score.len()) as u32;
            let used = self.limit.use_of(self.problem, outside);
            if !self.is_chosen[outside as usize]
                && self.score[outside as usize] > 0.0
                && self.limit.fits(self.used + used)
            {
                self.add(outside);
            }
            self.descend(control);
            if self.weight > best_weight + 1e-9 * best_weight.abs() {
                (best, best_weight) = (self.chosen.clone(), self.weight);
            } else {
                self.restore(&best);
            }
        }
        best.sort_unstable();
        (best, best_weight)
    }
}
