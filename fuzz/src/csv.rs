//! A text table as every reader sees it: refused, or rows in order whose faults are told and whose values are in range.

use notspot::geodesy::LonLat;
use notspot::io::{Table, parse_csv};
use notspot::problem::Problems;
use notspot::study::{Measured, Period, read_candidates, read_measurements, read_sites, read_villages};
use std::collections::HashSet;

const FILE: &str = "table.csv";

/// Asserts it for one table.
pub fn run(bytes: &[u8]) {
    let mut problems = Problems::default();
    let table = parse_csv(bytes.to_vec(), &FILE.into(), &mut problems);
    super::check_problems(problems.iter(), FILE, bytes);
    let table = match table {
        Ok(table) => table,
        Err(problem) => return super::check_refusal(&problem.into(), FILE, bytes),
    };
    for row in 0..table.len() {
        assert!(row == 0 || table.row_number(row - 1) < table.row_number(row));
        for column in 0..table.columns.len() {
            assert!(table.value(row, column).is_none_or(|text| !text.is_empty() && text == text.trim()));
        }
    }
    let villages = read(&table, bytes, read_villages);
    unique_in_order(villages.iter().map(|v| (v.id.as_str(), v.row, v.position)));
    for village in &villages {
        assert!((0.0..=1000.0).contains(&village.priority));
        assert!(village.people() > 0 || village.population.or(village.households) == Some(0));
        assert!(village.fixed_broadband_share().is_none_or(|share| (0.0..=1.0).contains(&share)));
    }
    let candidates = read(&table, bytes, read_candidates);
    unique_in_order(candidates.iter().map(|c| (c.id.as_str(), c.row, c.position)));
    let samples = read(&table, bytes, |table, problems| {
        let measurements = read_measurements(table, &Period::default(), problems);
        assert!(measurements.samples.iter().all(|sample| sample.heard < measurements.heard.len()));
        measurements.samples
    });
    for sample in samples {
        assert!(sample.position.is_valid() && sample.height_agl_m.is_none_or(|m| (0.1..=500.0).contains(&m)));
        assert!(match sample.measured {
            Measured::Level(dbm) => (-160.0..=-10.0).contains(&dbm),
            Measured::Loss(db) => (20.0..=300.0).contains(&db),
        });
    }
    let cells = read(&table, bytes, |table, problems| {
        let sites = read_sites(table, &[], problems).sites;
        assert!(sites.iter().all(|site| site.position.is_valid() && !site.cells.is_empty()));
        sites.into_iter().flat_map(|site| site.cells).collect()
    });
    for cell in cells {
        assert!(cell.frequency_mhz.is_finite() && cell.height_agl_m.is_finite() && cell.eirp_dbm.is_finite());
    }
}

/// Reads the rows, one item each at most; where there are fewer items than rows, something is said.
fn read<T>(table: &Table, bytes: &[u8], read: impl Fn(&Table, &mut Problems) -> Vec<T>) -> Vec<T> {
    let mut problems = Problems::default();
    let items = read(table, &mut problems);
    super::check_problems(problems.iter(), FILE, bytes);
    assert!(items.len() <= table.len());
    assert!(items.len() == table.len() || !problems.is_empty(), "rows are left out in silence");
    items
}

fn unique_in_order<'a>(items: impl Iterator<Item = (&'a str, usize, LonLat)>) {
    let (mut ids, mut last) = (HashSet::new(), 0);
    for (id, row, position) in items {
        assert!(ids.insert(id) && row > last && position.is_valid(), "{id} in row {row}");
        last = row;
    }
}
