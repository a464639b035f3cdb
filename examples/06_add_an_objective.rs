//! An objective of one's own: the same number of sites, but people without electricity nearby count twice.
//!
//! Objectives of the study file are one file in `src/planning/objective/` and one line in `OBJECTIVES`. Weights can also be chosen outside, on the
//! solver's own terms: costs, weights, and who covers whom.
//!
//! `cargo run --example 06_add_an_objective`

use notspot::planning::solver::{Control, Covering, Csr, Objective, SolveOptions, solve};

fn main() -> anyhow::Result<()> {
    let people = [300.0, 120.0, 90.0, 80.0];
    let electricity = [true, true, false, false];
    let weights: Vec<f64> = people.iter().zip(electricity).map(|(p, e)| if e { *p } else { 2.0 * p }).collect();
    // three candidates, the villages each serves, and its cost in million VND
    let covers = Csr::from_rows([vec![0u32], vec![1, 2], vec![2, 3]]);
    let covering = Covering::new(vec![1200.0, 900.0, 1000.0], weights, covers, Vec::new())?;
    for max_sites in 1..=3 {
        let objective = Objective::MostWeightSites { max_sites };
        let solution = solve(&covering, &objective, &SolveOptions::default(), &Control::default())?;
        println!("{max_sites} site(s): {:?}, candidates {:?}", solution.status, solution.chosen);
    }
    Ok(())
}
