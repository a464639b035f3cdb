//! The results as layers: villages, sites, cells, candidates, gaps, planned sites; and the ranking of candidates.
//!
//! In: [`Results`]. Out: [`Layer`]s with one column per line below, for every vector and table writer. Columns of a stage
//! that was not asked for are there and empty, so that a layer always has the same columns.

mod gaps;
mod plan;
mod sensitivity;
mod villages;

pub(super) use plan::{bill, ranking, years};
pub(super) use sensitivity::sensitivity;
pub(super) use villages::disagreements;

use super::{Lookup, Results, statistics};
use crate::geodesy::LonLat;
use crate::io::{Feature, Field, FieldType, GeometryType, Layer, Value};
use crate::study::{Cell, Site, Village};
use geo::{Geometry, Point};

pub(super) const TEXT: FieldType = FieldType::Text;
pub(super) const INTEGER: FieldType = FieldType::Integer;
const BOOLEAN: FieldType = FieldType::Boolean;

pub(super) const fn real(decimals: usize) -> FieldType {
    FieldType::Real { decimals }
}

/// The columns of a layer: for each its field, and how a row gives its value.
pub(super) struct Columns<'a, R>(Vec<(Field, RowValue<'a, R>)>);

/// How a row gives a value.
type RowValue<'a, R> = Box<dyn Fn(&R) -> Value + 'a>;

impl<'a, R> Columns<'a, R> {
    pub(super) fn new() -> Self {
        Self(Vec::new())
    }

    pub(super) fn with<V: Into<Value>>(
        mut self,
        name: &'static str,
        kind: FieldType,
        value: impl Fn(&R) -> V + 'a,
    ) -> Self {
        self.0.push((Field { name, kind }, Box::new(move |row| value(row).into())));
        self
    }
}

pub(super) fn layer<R>(
    results: &Results<'_>,
    name: &'static str,
    description: &str,
    geometry: GeometryType,
    rows: impl IntoIterator<Item = (Geometry<f64>, R)>,
    columns: Columns<'_, R>,
) -> Layer {
    let mut description = description.to_owned();
    let synthetic = results.study.config.synthetic;
    if synthetic {
        description.push_str(" Synthetic demonstration data.");
    }
    if results.publication.is_some() {
        description.push_str(" Public edition: run.json says what was left out or made coarse.");
    }
    let Columns(columns) = if synthetic { columns.with("is_synthetic", BOOLEAN, |_| true) } else { columns };
    let features = rows
        .into_iter()
        .map(|(geometry, row)| Feature { geometry, values: columns.iter().map(|(_, value)| value(&row)).collect() })
        .collect();
    Layer { name, description, geometry, fields: columns.into_iter().map(|(field, _)| field).collect(), features }
}

pub(super) fn point(position: LonLat) -> Geometry<f64> {
    Point::new(position.lon_deg, position.lat_deg).into()
}

/// All layers of an output folder, in their order.
pub fn layers(results: &Results<'_>) -> Vec<Layer> {
    let lookup = Lookup::new(results);
    let mut layers = vec![villages::villages(results, &lookup)];
    if results.shows_sites() {
        layers.extend([sites(results), cells(results)]);
    }
    layers.extend([plan::candidates(results, &lookup), gaps::gaps(results), gaps::gap_land(results)]);
    layers.extend([plan::plan_sites(results), plan::plan_links(results), plan::plan_ways(results)]);
    layers.extend(statistics::communes(results));
    layers
}

fn sites(results: &Results<'_>) -> Layer {
    let technologies = |site: &&Site| {
        let mut names: Vec<_> = site.cells.iter().map(|c| c.technology).collect();
        names.sort_unstable();
        names.dedup();
        names.iter().map(|t| t.name()).collect::<Vec<_>>().join(" ")
    };
    let columns = Columns::<&Site>::new()
        .with("id", TEXT, |site| site.id.clone())
        .with("operator", TEXT, |site| site.operator.clone())
        .with("technologies", TEXT, technologies)
        .with("cells", INTEGER, |site| site.cells.len())
        .with("height_agl_m", real(1), |site| site.cells.iter().map(|c| c.height_agl_m).max_by(f64::total_cmp));
    let rows = results.study.sites.iter().map(|site| (point(site.position), site));
    layer(results, "sites", "Sites in service on the study's date.", GeometryType::Point, rows, columns)
}

fn cells(results: &Results<'_>) -> Layer {
    // tilts that are kept back are no numbers, and the antenna goes with them
    let antenna = |cell: &Cell| {
        let named = results.study.antennas.get(cell.antenna).filter(|_| cell.mechanical_tilt_deg.is_finite());
        named.map(|antenna| antenna.stem.clone())
    };
    let columns = Columns::<(Option<usize>, &Site, &Cell)>::new()
        .with("cell", INTEGER, |row| row.0)
        .with("site_id", TEXT, |row| row.1.id.clone())
        .with("cell_id", TEXT, |row| row.2.id.clone())
        .with("operator", TEXT, |row| row.1.operator.clone())
        .with("technology", TEXT, |row| row.2.technology.name())
        .with("frequency_mhz", real(1), |row| row.2.frequency_mhz)
        .with("bandwidth_mhz", real(1), |row| row.2.bandwidth_mhz)
        .with("eirp_dbm", real(1), |row| row.2.eirp_dbm)
        .with("height_agl_m", real(1), |row| row.2.height_agl_m)
        .with("antenna", TEXT, |row| antenna(row.2))
        .with("azimuth_deg", real(1), |row| row.2.azimuth_deg)
        .with("mechanical_tilt_deg", real(1), |row| row.2.mechanical_tilt_deg)
        .with("electrical_tilt_deg", real(1), |row| row.2.electrical_tilt_deg)
        .with("switch_off_date", TEXT, |row| row.2.switch_off_date.clone());
    let sites = &results.study.sites;
    let numbered = (1..).zip(&results.numbered_cells);
    let numbered = numbered.map(|(number, &(site, cell))| (Some(number), &sites[site], &sites[site].cells[cell]));
    let foreign = sites.iter().filter(|site| site.is_foreign);
    let foreign = foreign.flat_map(|site| site.cells.iter().map(move |cell| (None, site, cell)));
    let rows = numbered.chain(foreign).map(|row| (point(row.1.position), row));
    let description = "Cells in service on the study's date; the number is the value of best-server rasters, empty where they stand abroad.";
    layer(results, "cells", description, GeometryType::Point, rows, columns)
}

/// Ids of villages, separated by blanks.
pub(super) fn ids(villages: &[Village], list: &[usize]) -> String {
    list.iter().map(|&v| villages[v].id.as_str()).collect::<Vec<_>>().join(" ")
}
