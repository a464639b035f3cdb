//! Smaller problems with the same optimum.
//!
//! In: a covering model and its objective. Out: a core model, the candidates that every plan may as well take, and the
//! way back. Valid for coverage alone: with backhaul, capacity, redundancy, phases or fairness a dominated candidate can
//! matter, so those problems must not be reduced here as they stand.

use super::control::Control;
use super::covering::{Covering, Csr};
use std::collections::HashMap;

/// A reduced problem.
#[derive(Debug, Clone)]
pub(super) struct Reduced {
    /// What is left; nothing is fixed in it.
    pub(super) core: Covering,
    /// Number in the original problem of each candidate of the core.
    pub(super) origin: Vec<u32>,
    /// Original candidates that are chosen beside the core's plan.
    pub(super) forced: Vec<u32>,
}

impl Reduced {
    /// The core's plan in original numbers, the forced candidates included.
    pub(super) fn lift(&self, plan: &[u32]) -> Vec<u32> {
        self.forced.iter().copied().chain(plan.iter().map(|&j| self.origin[j as usize])).collect()
    }
}

/// Reduces a least-cost problem: what is free is taken, demands with one server force it, demands whose servers include
/// those of another demand go, candidates that cover no more than another that costs no more go; until nothing changes.
pub(super) fn for_full_cover(problem: &Covering, control: &Control<'_>) -> Reduced {
    let free = |j: u32| problem.costs()[j as usize] == 0.0;
    let mut forced: Vec<u32> =
        (0..problem.candidates() as u32).filter(|&j| free(j) && !problem.covers(j).is_empty()).collect();
    let mut rows: Vec<bool> = (0..problem.demands() as u32).map(|i| !problem.servers(i).is_empty()).collect();
    for &j in &forced {
        problem.covers(j).iter().for_each(|&i| rows[i as usize] = false);
    }
    let columns: Vec<bool> = problem.costs().iter().map(|&c| c > 0.0).collect();
    let mut origin: Vec<u32> = (0..problem.candidates() as u32).collect();
    let mut core = restrict(problem, &columns, &rows, &mut origin);
    for _ in 0..20 {
        let mut rows = vec![true; core.demands()];
        let mut columns = vec![true; core.candidates()];
        if !core.fixed().is_empty() || control.stop() {
            break;
        }
        for i in 0..core.demands() as u32 {
            if let &[only] = core.servers(i)
                && std::mem::replace(&mut columns[only as usize], false)
            {
                forced.push(origin[only as usize]);
                core.covers(only).iter().for_each(|&i| rows[i as usize] = false);
            }
        }
        for_subsets(&core_servers(&core), &core_covers(&core), |small, large, same| {
            if !same || large > small {
                rows[large as usize] = false;
            }
            true
        });
        let costs = core.costs();
        for_subsets(&core_covers(&core), &core_servers(&core), |small, large, same| {
            let (cs, cl) = (costs[small as usize], costs[large as usize]);
            if cl < cs || (cl == cs && (!same || large < small)) {
                columns[small as usize] = false;
            }
            columns[small as usize]
        });
        let before = (core.demands(), core.candidates(), core.pairs());
        core = restrict(&core, &columns, &rows, &mut origin);
        if (core.demands(), core.candidates(), core.pairs()) == before {
            break;
        }
    }
    Reduced { core, origin, forced }
}

/// Reduces a most-weight problem. `affordable` tells which candidates can be chosen at all, `free` which are taken
/// without using up the limit, `no_dearer(a, b)` whether `a` uses up no more of it than `b`.
pub(super) fn for_weight(
    problem: &Covering,
    affordable: impl Fn(u32) -> bool,
    free: impl Fn(u32) -> bool,
    no_dearer: impl Fn(u32, u32) -> bool,
) -> Reduced {
    let forced: Vec<u32> = (0..problem.candidates() as u32).filter(|&j| free(j)).collect();
    let mut rows: Vec<bool> = problem.weights().iter().map(|&w| w > 0.0).collect();
    for &j in &forced {
        problem.covers(j).iter().for_each(|&i| rows[i as usize] = false);
    }
    let mut columns: Vec<bool> = (0..problem.candidates() as u32).map(|j| affordable(j) && !free(j)).collect();
    let mut origin: Vec<u32> = (0..problem.candidates() as u32).collect();
    // Without forced candidates every set is as it was, so dominated candidates can go before anything is copied.
    if forced.is_empty() {
        for_subsets(&core_covers(problem), &core_servers(problem), |small, large, same| {
            if columns[large as usize]
                && no_dearer(large, small)
                && (!same || !no_dearer(small, large) || large < small)
            {
                columns[small as usize] = false;
            }
            columns[small as usize]
        });
    }
    let core = aggregate(restrict(problem, &columns, &rows, &mut origin));
    Reduced { core, origin, forced }
}

/// One demand for all demands with the same servers, with the sum of their weights.
pub(super) fn aggregate(problem: Covering) -> Covering {
    let mut first: HashMap<&[u32], u32, Fold> = HashMap::with_capacity_and_hasher(problem.demands(), Fold::default());
    let mut weights: Vec<f64> = Vec::with_capacity(problem.demands());
    let mut group = Vec::with_capacity(problem.demands());
    for i in 0..problem.demands() as u32 {
        let weight = problem.weights()[i as usize];
        let number = *first.entry(problem.servers(i)).or_insert(weights.len() as u32);
        if number as usize == weights.len() {
            weights.push(0.0);
            group.push(number);
        } else {
            group.push(u32::MAX);
        }
        weights[number as usize] += weight;
    }
    if weights.len() == problem.demands() {
        return problem;
    }
    let mut covers = Csr::with_capacity(problem.candidates(), problem.pairs());
    for j in 0..problem.candidates() as u32 {
        covers.push_row(problem.covers(j).iter().map(|&i| group[i as usize]).filter(|&g| g != u32::MAX));
    }
    Covering::trusted(problem.costs().to_vec(), weights, covers, Vec::new())
}

/// The model with some candidates and demands left out; candidates that cover nothing more go too. `origin` follows.
pub(super) fn restrict(problem: &Covering, columns: &[bool], rows: &[bool], origin: &mut Vec<u32>) -> Covering {
    let mut number = vec![u32::MAX; rows.len()];
    let mut weights = Vec::new();
    for i in 0..rows.len() {
        if rows[i] {
            number[i] = weights.len() as u32;
            weights.push(problem.weights()[i]);
        }
    }
    let (mut costs, mut kept) = (Vec::new(), Vec::new());
    let mut covers = Csr::with_capacity(problem.candidates(), problem.pairs());
    for j in (0..problem.candidates()).filter(|&j| columns[j]) {
        if problem.covers(j as u32).iter().any(|&i| rows[i as usize]) {
            covers.push_row(problem.covers(j as u32).iter().map(|&i| number[i as usize]).filter(|&i| i != u32::MAX));
            costs.push(problem.costs()[j]);
            kept.push(origin[j]);
        }
    }
    *origin = kept;
    Covering::trusted(costs, weights, covers, Vec::new())
}

/// A view of one side of the incidence.
struct Side<'a> {
    count: usize,
    set: Box<dyn Fn(u32) -> &'a [u32] + 'a>,
}

fn core_covers(core: &Covering) -> Side<'_> {
    Side { count: core.candidates(), set: Box::new(|j| core.covers(j)) }
}

fn core_servers(core: &Covering) -> Side<'_> {
    Side { count: core.demands(), set: Box::new(|i| core.servers(i)) }
}

/// Calls `found(small, large, same)` for pairs of different sets with `small ⊆ large`; it returns whether more supersets
/// of `small` are wanted. Supersets hold the small set's rarest element, and 128-bit signatures refuse most of those.
fn for_subsets(sets: &Side<'_>, holders: &Side<'_>, mut found: impl FnMut(u32, u32, bool) -> bool) {
    let signature = |set: &[u32]| set.iter().fold(0u128, |s, &x| s | 1u128 << (x.wrapping_mul(0x9e37_79b1) >> 25));
    let signatures: Vec<u128> = (0..sets.count as u32).map(|a| signature((sets.set)(a))).collect();
    for a in 0..sets.count as u32 {
        let small = (sets.set)(a);
        let Some(&rarest) = small.iter().min_by_key(|&&x| (holders.set)(x).len()) else { continue };
        for &b in (holders.set)(rarest) {
            if b == a || signatures[a as usize] & !signatures[b as usize] != 0 {
                continue;
            }
            let large = (sets.set)(b);
            if is_subset(small, large) && !found(a, b, small.len() == large.len()) {
                break;
            }
        }
    }
}

/// Whether every element of one increasing list is in the other.
fn is_subset(small: &[u32], large: &[u32]) -> bool {
    if small.len() > large.len() {
        return false;
    }
    let mut rest = large;
    small.iter().all(|&x| {
        let at = rest.iter().position(|&y| y >= x).unwrap_or(rest.len());
        rest = &rest[at..];
        rest.first() == Some(&x)
    })
}

/// A fast hash of lists of numbers; equality is checked by the map.
#[derive(Default, Clone, Copy)]
struct Fold(u64);

impl std::hash::Hasher for Fold {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let word = chunk.iter().rev().fold(0u64, |w, &b| w << 8 | u64::from(b));
            self.write_u64(word);
        }
    }
    fn write_u64(&mut self, word: u64) {
        let product = u128::from(self.0 ^ word ^ 0x2d35_8dcc_aa6c_78a5) * 0x8bb8_4b93_962e_acc9;
        self.0 = (product >> 64) as u64 ^ product as u64;
    }
}

impl std::hash::BuildHasher for Fold {
    type Hasher = Self;
    fn build_hasher(&self) -> Self {
        *self
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_that_reductions_solve() {
        // Demand 0 has one server (candidate 0), which also serves 1; candidate 1 is dominated by 2; demand 2 is left.
        let covers = Csr::from_rows([vec![0, 1], vec![2], vec![1, 2]]);
        let problem = Covering::new(vec![5.0, 3.0, 2.0], vec![1.0; 3], covers, vec![]).unwrap();
        let reduced = for_full_cover(&problem, &Control::default());
        assert_eq!((reduced.core.demands(), reduced.core.candidates()), (0, 0));
        assert_eq!(reduced.lift(&[]), [0, 2]);
    }

    #[test]
    fn demands_with_the_same_servers_become_one() {
        let covers = Csr::from_rows([vec![0, 1, 2], vec![0, 1]]);
        let problem = Covering::new(vec![1.0; 2], vec![1.0, 2.0, 4.0], covers, vec![]).unwrap();
        assert_eq!(aggregate(problem).weights(), [3.0, 4.0]);
    }
}
