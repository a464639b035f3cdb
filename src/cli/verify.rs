//! `notspot verify`: is a plan what it says it is?

use super::solve::{read_bytes, read_instance};
use super::{Common, DONE, FAILURE};
use crate::planning::solver::{Assignment, Hop, Node};
use crate::planning::verify::{self, Claim, Names};
use crate::problem::Problem;
use crate::problem::Problems;
use clap::Args;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::io::Write;
use std::path::PathBuf;

/// Arguments of `notspot verify`; exit code 0 for a right plan, 1 for a wrong one, 2 for files that cannot be used.
#[derive(Debug, Args)]
pub struct Verify {
    /// Plan, as `notspot solve` prints it
    pub plan: PathBuf,
    /// Instance, notspot/instance/1, plain or gzip
    pub instance: PathBuf,
    /// Demands that no candidate serves need no cover
    #[arg(long)]
    pub allow_uncoverable: bool,
}

/// What is read of a plan; other fields are left alone, whoever wrote them.
#[derive(Debug, Deserialize)]
struct PlanFile {
    #[serde(default)]
    status: Option<String>,
    #[serde(default)]
    objective: Option<f64>,
    #[serde(default)]
    bound: Option<f64>,
    chosen: Vec<String>,
    #[serde(default)]
    arcs: Vec<PlanArc>,
    #[serde(default)]
    assignments: Option<Vec<PlanAssignment>>,
    #[serde(default)]
    uncoverable: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct PlanArc {
    from: String,
    to: String,
}

#[derive(Debug, Deserialize)]
struct PlanAssignment {
    demand: String,
    candidate: String,
}

#[derive(Debug, Serialize)]
struct Verdict {
    schema: &'static str,
    valid: bool,
    faults: Vec<String>,
}

impl Verify {
    /// Reads both files and prints what is wrong.
    ///
    /// # Errors
    /// [`Problems`] for files that cannot be used.
    pub fn run(&self, common: &Common) -> anyhow::Result<u8> {
        let file = self.plan.display().to_string();
        let bytes = read_bytes(&self.plan)?;
        let plan: PlanFile = serde_json::from_slice(&bytes).map_err(|e| {
            Problems::from(Problem::error(&file, format!("is not a plan (an object with \"chosen\"): {e}")))
        })?;
        let instance = read_instance(&self.instance)?;
        let faults = faults_of(&plan, &instance, self.allow_uncoverable);
        let mut out = std::io::stdout().lock();
        let verdict = Verdict { schema: "notspot/verdict/1", valid: faults.is_empty(), faults };
        let text = if common.json {
            serde_json::to_string(&verdict)?
        } else if verdict.valid {
            "the plan stands".to_owned()
        } else {
            verdict.faults.join("\n")
        };
        // A reader that went away has seen enough.
        let _ = writeln!(out, "{text}");
        Ok(if verdict.valid { DONE } else { FAILURE })
    }
}

fn faults_of(plan: &PlanFile, instance: &crate::planning::instance::Instance, allow_uncoverable: bool) -> Vec<String> {
    let mut faults = Vec::new();
    if let Some(status @ ("infeasible" | "no-plan")) = plan.status.as_deref() {
        faults.push(format!("there is no plan to check: its status is {status}"));
        return faults;
    }
    let numbers = |names: &[String]| -> HashMap<String, u32> {
        names.iter().enumerate().map(|(k, name)| (name.clone(), k as u32)).collect()
    };
    let (candidates, demands) = (numbers(&instance.candidates), numbers(&instance.demands));
    let roots = numbers(&instance.roots);
    let mut chosen = Vec::new();
    for name in &plan.chosen {
        match candidates.get(name) {
            Some(&j) => chosen.push(j),
            None => faults.push(format!("\"{name}\" is chosen but is not a candidate")),
        }
    }
    let mut hops = Vec::new();
    for PlanArc { from, to } in &plan.arcs {
        let start = roots.get(from).map(|&r| Node::Root(r)).or(candidates.get(from).map(|&j| Node::Candidate(j)));
        match (start, candidates.get(to)) {
            (Some(from), Some(&to)) => hops.push(Hop { from, to }),
            _ => faults.push(format!("the hop from \"{from}\" to \"{to}\" does not join two known places")),
        }
    }
    let mut assignments = plan.assignments.as_ref().map(|_| Vec::new());
    for PlanAssignment { demand, candidate } in plan.assignments.iter().flatten() {
        match (demands.get(demand), candidates.get(candidate)) {
            (Some(&demand), Some(&candidate)) => {
                assignments.get_or_insert_default().push(Assignment { demand, candidate });
            }
            _ => {
                faults.push(format!("the assignment of \"{demand}\" to \"{candidate}\" does not join two known names"))
            }
        }
    }
    let hopeless = verify::uncoverable(&instance.covering, instance.backhaul.as_ref(), &instance.rules);
    for name in &plan.uncoverable {
        match demands.get(name) {
            Some(i) if hopeless.binary_search(i).is_ok() => {}
            Some(_) => faults.push(format!("\"{name}\" is listed as uncoverable, but a candidate serves it")),
            None => faults.push(format!("\"{name}\" is listed as uncoverable but is not a demand")),
        }
    }
    let listed = |i: &u32| plan.uncoverable.contains(&instance.demands[*i as usize]);
    let excused: Vec<u32> = hopeless.iter().copied().filter(|i| allow_uncoverable || listed(i)).collect();
    let (objective, assignments) = (plan.objective, assignments.as_deref());
    let claim = Claim { chosen: &chosen, hops: &hops, assignments, objective, excused: &excused };
    let names = Names {
        candidate: &|j| format!("\"{}\"", instance.candidates[j as usize]),
        demand: &|i| format!("\"{}\"", instance.demands[i as usize]),
        root: &|r| format!("\"{}\"", instance.roots[r as usize]),
        share: &|k| format!("\"{}\"", instance.shares[k as usize]),
    };
    let (covering, backhaul) = (&instance.covering, instance.backhaul.as_ref());
    faults.extend(verify::check(covering, backhaul, &instance.rules, &instance.objective, &claim, &names));
    faults.extend(contradiction(plan, instance));
    faults
}

/// A bound on the wrong side of the objective, or a proof that the bound does not give.
fn contradiction(plan: &PlanFile, instance: &crate::planning::instance::Instance) -> Option<String> {
    use crate::planning::solver::Objective;
    let (objective, bound) = (plan.objective?, plan.bound?);
    let slack = 1e-6 * objective.abs().max(1.0);
    let beyond = if instance.objective == Objective::LeastCost { bound - objective } else { objective - bound };
    if beyond > slack {
        return Some(format!("the bound {bound} contradicts the objective {objective}"));
    }
    (plan.status.as_deref() == Some("optimal") && (objective - bound).abs() > slack)
        .then(|| format!("the plan is called optimal, but its bound is {bound} and its objective {objective}"))
}
