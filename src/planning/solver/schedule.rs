//! In which year what is built: the schedule of a chosen plan under yearly budgets, by branch and bound.
//!
//! The plan is given; its works wait for one another (a site for the site its hop comes from), and money not spent in a
//! year may be spent later. The most weight-years are sought: each village counts in every year at whose end it is served.

use super::control::Control;
use super::mip::{Effort, Job};
use super::numbers::proven;
use highs::{ColProblem, Row, Sense};

/// Something that is built in one year or another.
#[derive(Debug, Clone, PartialEq)]
pub struct Work {
    /// What it costs, finite and ≥ 0.
    pub cost: f64,
    /// The work that must be there first or come in the same year; no work waits for itself in a round.
    pub after: Option<usize>,
    /// First year in which it can be built, from 0.
    pub earliest: usize,
}

/// A village that some of the works serve.
#[derive(Debug, Clone, PartialEq)]
pub struct Wish {
    /// What it counts in each year, ≥ 0.
    pub weight: f64,
    /// First year in which it lacks service, from 0.
    pub from: usize,
    /// The works that serve it, each alone.
    pub works: Vec<usize>,
}

/// What is built when.
#[derive(Debug, Clone, PartialEq)]
pub struct Schedule {
    /// Year of each work, from 0; `None` where the money does not suffice.
    pub years: Vec<Option<usize>>,
    /// Weight-years: for each village its weight times the years at whose end it is served.
    pub value: f64,
    /// No schedule of these works has more.
    pub bound: f64,
    /// Whether the bound proves it.
    pub is_proven: bool,
}

/// The works with the years they may be spread over.
#[derive(Debug, Clone, Copy)]
pub struct Programme<'a> {
    /// What is to be built.
    pub works: &'a [Work],
    /// Whom it serves.
    pub wishes: &'a [Wish],
    /// Money that each year brings, finite and ≥ 0.
    pub budgets: &'a [f64],
}

impl Programme<'_> {
    fn years(&self) -> usize {
        self.budgets.len()
    }

    /// Money there is by the end of each year.
    fn purse(&self) -> Vec<f64> {
        let cumulated = self.budgets.iter().scan(0.0, |sum, budget| {
            *sum += budget;
            Some(*sum)
        });
        cumulated.map(|money| money + 1e-9 * money.max(1.0)).collect()
    }

    /// Weight-years of a schedule.
    fn value(&self, years: &[Option<usize>]) -> f64 {
        let served_in = |wish: &Wish| wish.works.iter().filter_map(|&w| years[w]).min();
        let count = |wish: &Wish| served_in(wish).map_or(0, |year| self.years() - year.max(wish.from));
        self.wishes.iter().map(|wish| wish.weight * count(wish) as f64).sum()
    }

    /// What is wrong with a schedule, in words; nothing when it stands. Shares nothing with the search.
    pub fn faults(&self, years: &[Option<usize>]) -> Vec<String> {
        let mut faults = Vec::new();
        for (w, (work, year)) in self.works.iter().zip(years).enumerate() {
            let Some(year) = *year else { continue };
            if year < work.earliest || year >= self.years() {
                faults.push(format!("work {w} is built in year {year}"));
            }
            if let Some(before) = work.after
                && years[before].is_none_or(|first| first > year)
            {
                faults.push(format!("work {w} is built before work {before}, which it needs"));
            }
        }
        for (year, money) in self.purse().into_iter().enumerate() {
            let built = self.works.iter().zip(years).filter(|(_, y)| y.is_some_and(|y| y <= year));
            let spent: f64 = built.map(|(work, _)| work.cost).sum();
            if spent > money * (1.0 + 1e-9) {
                faults.push(format!("by year {year} {spent} are spent, {money} are there"));
            }
        }
        faults
    }

    /// Chains of works that are not there yet and lead to `work`, itself included.
    fn missing(&self, work: usize, years: &[Option<usize>]) -> Vec<usize> {
        let chain = std::iter::successors(Some(work), |&w| self.works[w].after);
        chain.take_while(|&w| years[w].is_none()).collect()
    }

    /// Always the chain that newly serves most weight for its money, as early as the money allows; then the rest.
    fn greedy(&self) -> Vec<Option<usize>> {
        let mut years = vec![None; self.works.len()];
        let purse = self.purse();
        let mut spent = vec![0.0; self.years()];
        let mut hopeless = vec![false; self.works.len()];
        loop {
            let served: Vec<bool> =
                self.wishes.iter().map(|wish| wish.works.iter().any(|&w| years[w].is_some())).collect();
            let mut gains = vec![0.0; self.works.len()];
            for (wish, _) in self.wishes.iter().zip(&served).filter(|(_, served)| !**served) {
                wish.works.iter().for_each(|&w| gains[w] += wish.weight);
            }
            let open = (0..self.works.len()).filter(|&w| years[w].is_none() && !hopeless[w]);
            let rate = |w: usize| {
                let chain = self.missing(w, &years);
                let gain: f64 = chain.iter().map(|&w| gains[w]).sum();
                gain / chain.iter().map(|&w| self.works[w].cost).sum::<f64>().max(1e-9)
            };
            let rated = open.map(|w| (rate(w), w));
            let Some((_, best)) = rated.reduce(|a, b| if b.0 > a.0 { b } else { a }) else { return years };
            let chain = self.missing(best, &years);
            let cost: f64 = chain.iter().map(|&w| self.works[w].cost).sum();
            let parent = chain.last().and_then(|&w| self.works[w].after).and_then(|before| years[before]);
            let earliest = chain.iter().map(|&w| self.works[w].earliest).max().max(parent).unwrap_or(0);
            let fits = |year: usize| (year..self.years()).all(|y| spent[y] + cost <= purse[y]);
            match (earliest..self.years()).find(|&year| fits(year)) {
                Some(year) => {
                    chain.iter().for_each(|&w| years[w] = Some(year));
                    spent[year..].iter_mut().for_each(|money| *money += cost);
                }
                None => hopeless[best] = true,
            }
        }
    }
}

/// The schedule of most weight-years. Where the money of all years suffices for all works, all are built.
pub fn schedule(programme: &Programme<'_>, nodes: Option<i32>, control: &Control<'_>) -> Schedule {
    let (works, wishes, years) = (programme.works, programme.wishes, programme.years());
    let greedy = programme.greedy();
    let mut found = Schedule { value: programme.value(&greedy), years: greedy, bound: 0.0, is_proven: true };
    if works.is_empty() || years == 0 {
        return found;
    }
    let purse = programme.purse();
    let affordable =
        works.iter().map(|w| w.cost).sum::<f64>() <= purse[years - 1] && found.years.iter().all(Option::is_some);
    let mut problem = ColProblem::new();
    // Column w × years + y: work w stands by the end of year y.
    let mut entries: Vec<Vec<(Row, f64)>> = vec![Vec::new(); works.len() * years];
    let at = |work: usize, year: usize| work * years + year;
    for (year, &money) in purse.iter().enumerate() {
        let row = problem.add_row(..=money);
        works.iter().enumerate().for_each(|(w, work)| entries[at(w, year)].push((row, work.cost)));
    }
    for (w, work) in works.iter().enumerate() {
        for year in 0..years {
            if year > 0 {
                let row = problem.add_row(0..);
                entries[at(w, year)].push((row, 1.0));
                entries[at(w, year - 1)].push((row, -1.0));
            }
            if let Some(before) = work.after {
                let row = problem.add_row(0..);
                entries[at(before, year)].push((row, 1.0));
                entries[at(w, year)].push((row, -1.0));
            }
        }
    }
    let mut served: Vec<(Row, f64)> = Vec::new();
    for wish in wishes {
        for year in wish.from..years {
            let row = problem.add_row(0..);
            wish.works.iter().for_each(|&w| entries[at(w, year)].push((row, 1.0)));
            served.push((row, wish.weight));
        }
    }
    let mut warm = Vec::with_capacity(entries.len() + served.len());
    for (k, entries) in entries.into_iter().enumerate() {
        let (w, year) = (k / years, k % years);
        let most = i32::from(year >= works[w].earliest);
        let least = i32::from(affordable && year == years - 1).min(most);
        problem.add_integer_column(0.0, least..=most, entries);
        warm.push(f64::from(u8::from(found.years[w].is_some_and(|y| y <= year))));
    }
    let choices = warm.len();
    let mut costs = vec![0.0; choices];
    let mut served = served.into_iter();
    for wish in wishes {
        let first = wish.works.iter().filter_map(|&w| found.years[w]).min();
        for (year, (row, weight)) in (wish.from..years).zip(served.by_ref()) {
            problem.add_column(weight, 0..=1, [(row, -1.0)]);
            costs.push(weight);
            warm.push(f64::from(u8::from(first.is_some_and(|first| first <= year))));
        }
    }
    let effort = Effort { nodes, gap: 0.0, seed: 0 };
    let answer = Job { problem, costs, sense: Sense::Maximise, warm: Some(warm), effort, absolute_gap: 1e-7, choices }
        .run(control);
    if let Some(plan) = answer.plan {
        let mut better = vec![None; works.len()];
        // Columns come in increasing order, so the last of a work in reverse is its first year.
        plan.iter().rev().for_each(|&k| better[k as usize / years] = Some(k as usize % years));
        let value = programme.value(&better);
        if value > found.value && programme.faults(&better).is_empty() {
            (found.years, found.value) = (better, value);
        }
    }
    let all_at_once: f64 = wishes.iter().map(|w| w.weight * (years - w.from.min(years)) as f64).sum();
    found.bound = answer.bound.min(all_at_once).max(found.value);
    found.is_proven = proven(found.value, found.bound);
    found
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// The best by trying everything.
    fn brute(programme: &Programme<'_>) -> f64 {
        let (works, years) = (programme.works.len(), programme.budgets.len());
        let options = years + 1;
        let all = (0..options.pow(works as u32)).filter_map(|mut code| {
            let mut chosen = Vec::new();
            for _ in 0..works {
                let year = code % options;
                chosen.push((year < years).then_some(year));
                code /= options;
            }
            programme.faults(&chosen).is_empty().then(|| (programme.value(&chosen), chosen))
        });
        let all: Vec<_> = all.collect();
        let total: f64 = programme.works.iter().map(|w| w.cost).sum();
        let complete = total <= programme.budgets.iter().sum::<f64>() && programme.greedy().iter().all(Option::is_some);
        let counts = |years: &[Option<usize>]| !complete || years.iter().all(Option::is_some);
        all.iter().filter(|(_, years)| counts(years)).map(|(value, _)| *value).fold(0.0, f64::max)
    }

    #[test]
    fn worked_by_hand() {
        // A trunk of 3 serves nobody, two sites hang on it; one stands alone and is dear.
        let work = |cost, after| Work { cost, after, earliest: 0 };
        let works = [work(3.0, None), work(1.0, Some(0)), work(1.0, Some(0)), work(6.0, None)];
        let wish = |weight, works: &[usize]| Wish { weight, from: 0, works: works.to_vec() };
        let wishes = [wish(10.0, &[1]), wish(8.0, &[2]), wish(15.0, &[3])];
        let programme = Programme { works: &works, wishes: &wishes, budgets: &[5.0, 6.0, 0.0] };
        let found = schedule(&programme, None, &Control::default());
        assert_eq!(found.years, [Some(0), Some(0), Some(0), Some(1)]);
        assert_eq!((found.value, found.bound, found.is_proven), (18.0 * 3.0 + 15.0 * 2.0, 84.0, true));
    }

    #[test]
    fn brute_force_agrees() {
        let mut state = 9u64;
        let mut next = |below: u64| {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 33) % below
        };
        for case in 0..300 {
            let works: Vec<Work> = (0..1 + next(5) as usize)
                .map(|w| Work {
                    cost: next(9) as f64,
                    after: (w > 0 && next(2) == 0).then(|| next(w as u64) as usize),
                    earliest: next(3).saturating_sub(1) as usize,
                })
                .collect();
            let wishes: Vec<Wish> = (0..1 + next(5))
                .map(|_| Wish {
                    weight: next(20) as f64,
                    from: next(3).saturating_sub(1) as usize,
                    works: (0..works.len()).filter(|_| next(2) == 0).collect(),
                })
                .collect();
            let budgets: Vec<f64> = (0..1 + next(3)).map(|_| next(15) as f64).collect();
            let programme = Programme { works: &works, wishes: &wishes, budgets: &budgets };
            let found = schedule(&programme, None, &Control::default());
            assert_eq!(programme.faults(&found.years), [""; 0], "case {case}");
            let best = brute(&programme);
            assert!(found.is_proven, "case {case}: {found:?}");
            assert!((found.value - best).abs() < 1e-6, "case {case}: {} instead of {best}; {programme:?}", found.value);
        }
    }

    #[test]
    fn faults_are_told() {
        let works = [Work { cost: 2.0, after: None, earliest: 1 }, Work { cost: 2.0, after: Some(0), earliest: 0 }];
        let programme = Programme { works: &works, wishes: &[], budgets: &[3.0, 2.0] };
        assert_eq!(programme.faults(&[Some(1), Some(1)]), [""; 0]);
        assert_eq!(programme.faults(&[Some(0), Some(0)]).len(), 2, "too early, and 4 of 3 spent");
        assert_eq!(programme.faults(&[None, Some(0)]).len(), 1, "waits for what is not built");
        assert_eq!(programme.faults(&[Some(2), None]).len(), 1, "after the last year");
    }
}
