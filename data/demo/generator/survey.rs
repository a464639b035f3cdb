//! What the survey found: signal, electricity and broadband of every village.

use super::network::Site;
use super::noise::Rng;
use super::places::HIDDEN;
use super::villages::{Kind, Village};

/// Villages with neither electricity nor internet.
const WITHOUT_POWER: usize = 29;
/// Villages whose survey and level disagree, each way.
const DISAGREE: usize = 8;
/// Share of households with fixed broadband.
const FIXED_SHARE: f64 = 0.63;

/// The survey of one village.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    /// Whether people have mobile signal.
    pub(crate) signal: bool,
    /// Whether there is electricity.
    pub(crate) electricity: bool,
    /// Whether there is broadband.
    pub(crate) broadband: bool,
    /// Households with a fixed broadband line.
    pub(crate) fixed_households: u32,
    /// Priority: 2 in the border belt, else 1.
    pub(crate) priority: u32,
}

/// The survey that goes with the levels of the fixed rule.
pub(crate) fn build(villages: &[Village], levels_dbm: &[f64]) -> Vec<Answer> {
    let mut rng = Rng::new(71);
    let n = villages.len();
    let mut rank: Vec<usize> = (0..n).collect();
    rank.sort_by(|&a, &b| levels_dbm[a].total_cmp(&levels_dbm[b]).then(a.cmp(&b)));
    let mut dark = vec![false; n];
    rank[..HIDDEN].iter().for_each(|&v| dark[v] = true);
    // Survey and level never agree wholly: some near the threshold are told the other way round.
    let swap = |rng: &mut Rng, from: std::ops::Range<usize>, dark: &mut [bool]| {
        let mut pool: Vec<usize> = rank[from].iter().copied().filter(|&v| villages[v].kind != Kind::Town).collect();
        for _ in 0..DISAGREE {
            let v = pool.swap_remove(rng.below(pool.len()));
            dark[v] = !dark[v];
        }
    };
    swap(&mut rng, HIDDEN - 26..HIDDEN, &mut dark);
    swap(&mut rng, HIDDEN..HIDDEN + 30, &mut dark);

    let mut poor: Vec<(f64, usize)> = (0..n)
        .filter(|&v| dark[v])
        .map(|v| (villages[v].road_km - f64::from(villages[v].households) / 18.0 + 2.0 * rng.uniform(), v))
        .collect();
    poor.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut electricity = vec![true; n];
    poor.iter().take(WITHOUT_POWER).for_each(|p| electricity[p.1] = false);

    let fixed = fixed_lines(&mut rng, villages, &dark, &electricity);
    (0..n)
        .map(|v| {
            let share = f64::from(fixed[v]) / f64::from(villages[v].households);
            let broadband = match (electricity[v], dark[v]) {
                (false, _) => false,
                (true, true) => share >= 0.25,
                (true, false) => share >= 0.12 || !rng.chance(0.5),
            };
            let priority = if villages[v].border { 2 } else { 1 };
            Answer { signal: !dark[v], electricity: electricity[v], broadband, fixed_households: fixed[v], priority }
        })
        .collect()
}

/// Households with a fixed line, adding up to the province's share.
fn fixed_lines(rng: &mut Rng, villages: &[Village], dark: &[bool], electricity: &[bool]) -> Vec<u32> {
    let total: f64 = villages.iter().map(|v| f64::from(v.households)).sum();
    let target = (total * FIXED_SHARE).round();
    let rate: Vec<f64> = villages
        .iter()
        .enumerate()
        .map(|(k, village)| {
            let typical = match village.kind {
                Kind::Town => 0.92,
                Kind::Seat => 0.80,
                Kind::Valley => 0.62,
                Kind::Remote => 0.30,
            };
            let luck = rng.range(0.75, 1.2);
            match (electricity[k], dark[k]) {
                (false, _) => 0.0,
                (true, true) => {
                    if luck > 1.13 {
                        0.32
                    } else {
                        0.10 * luck
                    }
                }
                (true, false) => typical * luck,
            }
        })
        .collect();
    let lines = |factor: f64| -> Vec<u32> {
        villages
            .iter()
            .zip(&rate)
            .zip(dark)
            .map(|((v, r), dark)| {
                let share = if *dark { *r } else { (r * factor).min(0.97) };
                (f64::from(v.households) * share).round() as u32
            })
            .collect()
    };
    let sum = |lines: &[u32]| lines.iter().map(|&l| f64::from(l)).sum::<f64>();
    let (mut low, mut high) = (0.2, 3.0);
    for _ in 0..50 {
        let middle = (low + high) / 2.0;
        if sum(&lines(middle)) > target { high = middle } else { low = middle }
    }
    let mut fixed = lines(low);
    let mut missing = target - sum(&fixed);
    for (line, village) in fixed.iter_mut().zip(villages) {
        if missing >= 1.0 && village.kind == Kind::Valley && *line > 0 && *line < village.households {
            *line += 1;
            missing -= 1.0;
        }
    }
    fixed
}

/// The distribution of levels, for people who tune the generator.
pub(crate) fn summary(villages: &[Village], sites: &[Site], levels_dbm: &[f64], answers: &[Answer]) -> String {
    let mut dark: Vec<f64> = levels_dbm.iter().zip(answers).filter(|(_, a)| !a.signal).map(|(l, _)| *l).collect();
    let mut lit: Vec<f64> = levels_dbm.iter().zip(answers).filter(|(_, a)| a.signal).map(|(l, _)| *l).collect();
    dark.sort_by(f64::total_cmp);
    lit.sort_by(f64::total_cmp);
    let at = |list: &[f64], share: f64| list[((list.len() - 1) as f64 * share) as usize];
    let line = |name: &str, list: &[f64]| {
        let marks: Vec<String> =
            [0.0, 0.02, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0].iter().map(|&s| format!("{:.1}", at(list, s))).collect();
        format!("{name}: {} villages, level at 0/2/5/25/50/75/95/100 %: {} dBm\n", list.len(), marks.join(" "))
    };
    let mut communes: Vec<usize> =
        villages.iter().zip(answers).filter(|(_, a)| !a.signal).map(|(v, _)| v.commune).collect();
    communes.dedup();
    let cells: usize = sites.iter().map(|s| s.cells.len()).sum();
    format!(
        "{}{}dark villages in {} communes; {} sites, {cells} cells\n",
        line("without signal", &dark),
        line("with signal", &lit),
        communes.len(),
        sites.len()
    )
}
