//! `notspot solve`: the planning solver on a bare covering instance.

use super::{Common, DONE, NO_PLAN};
use crate::planning::instance::{self, Instance};
use crate::planning::solver::{self, Control, Hop, Node, Progress, RuleName, Solution, SolveOptions, Status};
use crate::problem::{Problem, Problems};
use anyhow::Context;
use clap::Args;
use serde::Serialize;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Arguments of `notspot solve`.
///
/// Ctrl-C while solving stops with the best plan so far and its bound; a second one ends at once.
#[derive(Debug, Args)]
pub struct Solve {
    /// Instance, notspot/instance/1, plain or gzip; - reads standard input
    pub instance: PathBuf,
    /// Wall-clock limit in seconds, reading included; the best plan and its bound are given then
    #[arg(long, value_name = "S", allow_negative_numbers = true, value_parser = positive)]
    pub time_limit: Option<f64>,
    /// Stop when the relative gap is at most this, such as 0.01
    #[arg(long, value_name = "G", allow_negative_numbers = true, default_value_t = 0.0, value_parser = positive)]
    pub gap: f64,
    /// No exact phase: heuristics and the Lagrangian bound only
    #[arg(long)]
    pub heuristic: bool,
    /// Seed of random choices
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 0)]
    pub seed: u64,
    /// Leave out demands that no candidate serves, instead of calling the instance infeasible
    #[arg(long)]
    pub allow_uncoverable: bool,
}

fn positive(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(x) if x.is_finite() && x >= 0.0 => Ok(x),
        _ => Err("must be a finite number of 0 or more".into()),
    }
}

/// The answer on standard output, `notspot/solution/1`.
#[derive(Debug, Serialize)]
struct Answer<'a> {
    schema: &'static str,
    status: Status,
    objective: Option<f64>,
    bound: Option<f64>,
    gap: Option<f64>,
    chosen: Vec<&'a str>,
    arcs: Vec<AnswerArc<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    assignments: Vec<AnswerAssignment<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    uncoverable: Vec<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    conflict: Vec<AnswerRule<'a>>,
    seconds: f64,
}

/// A hop of the answer.
#[derive(Debug, Serialize)]
struct AnswerArc<'a> {
    from: &'a str,
    to: &'a str,
}

/// Who serves whom, where rules ask for it.
#[derive(Debug, Serialize)]
struct AnswerAssignment<'a> {
    demand: &'a str,
    candidate: &'a str,
}

/// A rule or limit of a conflict.
#[derive(Debug, Serialize)]
struct AnswerRule<'a> {
    rule: &'static str,
    /// What it is about, where there are several of the kind.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    of: Vec<&'a str>,
}

impl Solve {
    /// Reads, solves, prints the answer.
    ///
    /// # Errors
    /// [`Problems`] for bad input; input that cannot be read or output that cannot be written.
    pub fn run(&self, common: &Common) -> anyhow::Result<u8> {
        let begun = Instant::now();
        let instance = read_instance(&self.instance)?;
        if let Some(threads) = common.threads {
            // A pool that exists already keeps its size; results do not depend on it.
            let _ = rayon::ThreadPoolBuilder::new().num_threads(threads.into()).build_global();
        }
        let tell = |p: &Progress| report(begun, p);
        let control = Control {
            deadline: self.time_limit.map(|s| begun + Duration::from_secs_f64(s.min(1e9))),
            cancel: Some(super::stop_in_good_order()),
            progress: (common.verbose > 0 && !common.quiet).then_some(&tell),
        };
        let options = SolveOptions {
            gap: self.gap,
            heuristic: self.heuristic,
            seed: self.seed,
            allow_uncoverable: self.allow_uncoverable,
            nodes: None,
        };
        control.tell("read", None, None);
        let (covering, objective) = (&instance.covering, &instance.objective);
        let backhaul = instance.backhaul.as_ref();
        let solution = solver::solve_with(covering, backhaul, &instance.rules, objective, &options, &control)?;
        self.print(&instance, &solution, begun)?;
        if solution.status == Status::Infeasible && !common.quiet {
            super::say(format_args!("infeasible: {}", reason(&instance, &solution)));
        }
        Ok(if matches!(solution.status, Status::Optimal | Status::Feasible) { DONE } else { NO_PLAN })
    }

    fn print(&self, instance: &Instance, solution: &Solution, begun: Instant) -> anyhow::Result<()> {
        let arc = |hop: &Hop| AnswerArc {
            from: match hop.from {
                Node::Root(r) => &instance.roots[r as usize],
                Node::Candidate(j) => &instance.candidates[j as usize],
            },
            to: &instance.candidates[hop.to as usize],
        };
        let answer = Answer {
            schema: "notspot/solution/1",
            status: solution.status,
            objective: solution.objective,
            bound: solution.bound.filter(|b| b.is_finite()),
            gap: solution.gap().filter(|g| g.is_finite()),
            chosen: solution.chosen.iter().map(|&j| instance.candidates[j as usize].as_str()).collect(),
            arcs: solution.hops.iter().map(arc).collect(),
            assignments: solution
                .assignments
                .iter()
                .map(|a| AnswerAssignment {
                    demand: &instance.demands[a.demand as usize],
                    candidate: &instance.candidates[a.candidate as usize],
                })
                .collect(),
            conflict: solution.conflict.iter().map(|&name| named(instance, name)).collect(),
            uncoverable: solution.uncoverable.iter().map(|&i| instance.demands[i as usize].as_str()).collect(),
            seconds: begun.elapsed().as_secs_f64(),
        };
        let mut text = serde_json::to_string(&answer)?;
        text.push('\n');
        let mut out = std::io::stdout().lock();
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
            result => result.context("cannot write the answer"),
        }
    }
}

/// A rule by the instance's names.
fn named(instance: &Instance, name: RuleName) -> AnswerRule<'_> {
    let candidate = |j: u32| vec![instance.candidates[j as usize].as_str()];
    let (rule, of) = match name {
        RuleName::Forced(j) => ("forced", candidate(j)),
        RuleName::Forbidden(j) => ("forbidden", candidate(j)),
        RuleName::OneOf(k) => {
            ("one_of", instance.rules.one_of[k as usize].iter().flat_map(|&j| candidate(j)).collect())
        }
        RuleName::Share(k) => ("shares", vec![instance.shares[k as usize].as_str()]),
        RuleName::Redundancy => ("redundancy", Vec::new()),
        RuleName::Capacity => ("capacity", Vec::new()),
        RuleName::Floor => ("floor", Vec::new()),
        RuleName::MaxSites => ("max_sites", Vec::new()),
        RuleName::Budget => ("budget", Vec::new()),
        RuleName::MaxHops => ("max_hops", Vec::new()),
    };
    AnswerRule { rule, of }
}

/// Why there is no plan, in words.
fn reason(instance: &Instance, solution: &Solution) -> String {
    let rules: Vec<String> = solution
        .conflict
        .iter()
        .map(|&name| named(instance, name))
        .map(|r| if r.of.is_empty() { r.rule.to_owned() } else { format!("{} {}", r.rule, r.of.join(", ")) })
        .collect();
    let mut parts = Vec::new();
    if !solution.uncoverable.is_empty() {
        let named: Vec<&str> =
            solution.uncoverable.iter().take(20).map(|&i| instance.demands[i as usize].as_str()).collect();
        let more = solution.uncoverable.len() - named.len();
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        parts.push(format!("no candidate serves {}{more}; --allow-uncoverable leaves them out", named.join(", ")));
    }
    if !rules.is_empty() {
        parts.push(format!("these exclude each other: {}", rules.join("; ")));
    } else if parts.is_empty() {
        parts.push("no plan keeps all rules".to_owned());
    }
    parts.join("; ")
}

fn report(begun: Instant, progress: &Progress) {
    let show = |x: Option<f64>| x.map_or("none".into(), |x| format!("{x}"));
    super::say(format_args!(
        "{:8.2} s  {:<24} objective {}  bound {}",
        begun.elapsed().as_secs_f64(),
        progress.phase,
        show(progress.objective),
        show(progress.bound)
    ));
}

/// Reads an instance file, or standard input for `-`.
pub(super) fn read_instance(path: &Path) -> anyhow::Result<Instance> {
    let bytes = read_bytes(path)?;
    Ok(instance::read(&bytes, &path.display().to_string())?)
}

/// The bytes of a file, or of standard input for `-`; a file that cannot be read is bad input.
pub(super) fn read_bytes(path: &Path) -> Result<Vec<u8>, Problems> {
    let read = if path == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        std::fs::read(path)
    };
    read.map_err(|e| Problem::error(path.display().to_string(), format!("cannot be read: {e}")).into())
}
