//! The files: a plain GeoTIFF, GeoJSON and CSV, written without dates or versions so that they repeat byte for byte.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::communes::Communes;
use super::network::Site;
use super::roads::{CLASSES, Roads};
use super::survey::Answer;
use super::terrain::{COLUMNS, NORTH_DEG, PIXELS_PER_DEGREE, ROWS, WEST_DEG, to_degrees};
use super::villages::Village;

/// A file of text.
pub(crate) fn text(path: &Path, content: &str) -> Result<()> {
    fs::write(path, content).with_context(|| format!("writing {}", path.display()))
}

/// One entry of a TIFF directory: tag, type, count and the value or the offset of the values.
fn entry(out: &mut Vec<u8>, tag: u16, kind: u16, count: u32, value: u32) {
    out.extend(tag.to_le_bytes());
    out.extend(kind.to_le_bytes());
    out.extend(count.to_le_bytes());
    out.extend(value.to_le_bytes());
}

/// Heights as an uncompressed little-endian Int16 GeoTIFF in EPSG:4326, one strip for each 16 rows.
pub(crate) fn geotiff(path: &Path, heights_m: &[i16]) -> Result<()> {
    const ROWS_PER_STRIP: usize = 16;
    const SHORT: u16 = 3;
    const LONG: u16 = 4;
    const DOUBLE: u16 = 12;
    const ASCII: u16 = 2;
    const ENTRIES: usize = 15;
    let strips = ROWS.div_ceil(ROWS_PER_STRIP);
    let pixel = 1.0 / PIXELS_PER_DEGREE;
    let scale = [pixel, pixel, 0.0];
    let tie = [0.0, 0.0, 0.0, WEST_DEG, NORTH_DEG, 0.0];
    // Version 1.1.0; geographic model, pixel is area, WGS 84, degrees.
    let keys: [u16; 20] = [1, 1, 0, 4, 1024, 0, 1, 2, 1025, 0, 1, 1, 2048, 0, 1, 4326, 2054, 0, 1, 9102];
    let nodata = b"-32768\0";

    let directory = 8;
    let mut at = directory + 2 + ENTRIES * 12 + 4;
    let mut place = |bytes: usize| {
        let here = at;
        at += bytes.div_ceil(8) * 8;
        here as u32
    };
    let offsets_at = place(strips * 4);
    let counts_at = place(strips * 4);
    let scale_at = place(24);
    let tie_at = place(48);
    let keys_at = place(keys.len() * 2);
    let nodata_at = place(nodata.len());
    let data_at = place(0);

    let mut out = Vec::with_capacity(data_at as usize + heights_m.len() * 2);
    out.extend(b"II");
    out.extend(42_u16.to_le_bytes());
    out.extend((directory as u32).to_le_bytes());
    out.extend((ENTRIES as u16).to_le_bytes());
    entry(&mut out, 256, LONG, 1, COLUMNS as u32);
    entry(&mut out, 257, LONG, 1, ROWS as u32);
    entry(&mut out, 258, SHORT, 1, 16);
    entry(&mut out, 259, SHORT, 1, 1);
    entry(&mut out, 262, SHORT, 1, 1);
    entry(&mut out, 273, LONG, strips as u32, offsets_at);
    entry(&mut out, 277, SHORT, 1, 1);
    entry(&mut out, 278, LONG, 1, ROWS_PER_STRIP as u32);
    entry(&mut out, 279, LONG, strips as u32, counts_at);
    entry(&mut out, 284, SHORT, 1, 1);
    entry(&mut out, 339, SHORT, 1, 2);
    entry(&mut out, 33550, DOUBLE, 3, scale_at);
    entry(&mut out, 33922, DOUBLE, 6, tie_at);
    entry(&mut out, 34735, SHORT, keys.len() as u32, keys_at);
    entry(&mut out, 42113, ASCII, nodata.len() as u32, nodata_at);
    out.extend(0_u32.to_le_bytes());

    let pad = |out: &mut Vec<u8>, to: u32| out.resize(to as usize, 0);
    let strip_rows = |k: usize| ROWS_PER_STRIP.min(ROWS - k * ROWS_PER_STRIP);
    pad(&mut out, offsets_at);
    for k in 0..strips {
        out.extend((data_at + (k * ROWS_PER_STRIP * COLUMNS * 2) as u32).to_le_bytes());
    }
    pad(&mut out, counts_at);
    for k in 0..strips {
        out.extend(((strip_rows(k) * COLUMNS * 2) as u32).to_le_bytes());
    }
    pad(&mut out, scale_at);
    scale.iter().for_each(|v| out.extend(v.to_le_bytes()));
    pad(&mut out, tie_at);
    tie.iter().for_each(|v| out.extend(v.to_le_bytes()));
    pad(&mut out, keys_at);
    keys.iter().for_each(|v| out.extend(v.to_le_bytes()));
    pad(&mut out, nodata_at);
    out.extend(nodata);
    pad(&mut out, data_at);
    heights_m.iter().for_each(|v| out.extend(v.to_le_bytes()));
    fs::write(path, out).with_context(|| format!("writing {}", path.display()))
}

/// A position as GeoJSON writes it.
fn position(point: &(f64, f64)) -> String {
    format!("[{:.5},{:.5}]", point.0, point.1)
}

/// A feature collection with its heading; `features` are complete features, one a line.
fn collection(name: &str, description: &str, features: &[String]) -> String {
    format!(
        "{{\n\"type\": \"FeatureCollection\",\n\"name\": \"{name}\",\n\"synthetic\": true,\n\"description\": \"{description}\",\n\
         \"features\": [\n{}\n]\n}}\n",
        features.join(",\n")
    )
}

/// The communes as polygons.
pub(crate) fn communes(communes: &Communes) -> String {
    let features: Vec<String> = communes
        .list
        .iter()
        .enumerate()
        .map(|(k, commune)| {
            let (lon, lat) = to_degrees(commune.seat_km.0, commune.seat_km.1);
            let ring: Vec<String> = commune.ring_deg.iter().chain(commune.ring_deg.first()).map(position).collect();
            format!(
                "{{\"type\":\"Feature\",\"properties\":{{\"id\":\"C{:02}\",\"name\":\"{}\",\"kind\":\"{}\",\"seat_lon\":{:.5},\
                 \"seat_lat\":{:.5},\"fibre\":true}},\"geometry\":{{\"type\":\"Polygon\",\"coordinates\":[[{}]]}}}}",
                k + 1,
                commune.name,
                if commune.ward { "ward" } else { "commune" },
                lon,
                lat,
                ring.join(",")
            )
        })
        .collect();
    collection(
        "communes",
        "Invented communes and wards of the synthetic demonstration province: no real borders or names",
        &features,
    )
}

/// The roads as lines.
pub(crate) fn roads(roads: &Roads) -> String {
    let features: Vec<String> = roads
        .list
        .iter()
        .enumerate()
        .map(|(k, road)| {
            let line: Vec<String> = road.line_deg.iter().map(position).collect();
            let name = match road.class {
                0 => format!("QL-S{}", road.route),
                1 => format!("ĐT-S{}", 200 + road.route),
                _ => format!("ĐH-S{}", road.route),
            };
            format!(
                "{{\"type\":\"Feature\",\"properties\":{{\"id\":\"R{:03}\",\"class\":\"{}\",\"name\":\"{name}\"}},\
                 \"geometry\":{{\"type\":\"LineString\",\"coordinates\":[{}]}}}}",
                k + 1,
                CLASSES[road.class],
                line.join(",")
            )
        })
        .collect();
    collection(
        "roads",
        "Invented main roads of the synthetic demonstration province: no real road follows these lines",
        &features,
    )
}

fn yes(value: bool) -> &'static str {
    if value { "yes" } else { "no" }
}

/// The villages with their survey, one a row.
pub(crate) fn villages(villages: &[Village], communes: &Communes, answers: &[Answer]) -> String {
    let mut out = String::from(
        "id,name,commune,lon,lat,population,households,has_electricity,reported_signal,reported_broadband,\
         fixed_broadband_households,priority\n",
    );
    for (k, (village, answer)) in villages.iter().zip(answers).enumerate() {
        out += &format!(
            "V{:04},{},{},{:.5},{:.5},{},{},{},{},{},{},{}\n",
            k + 1,
            village.name,
            communes.list[village.commune].name,
            village.lon,
            village.lat,
            village.population,
            village.households,
            yes(answer.electricity),
            yes(answer.signal),
            yes(answer.broadband),
            answer.fixed_households,
            answer.priority
        );
    }
    out
}

/// The sites, one row a cell.
pub(crate) fn sites(sites: &[Site]) -> String {
    let mut out = String::from(
        "site_id,operator,lat,lon,height_m,technology,frequency_mhz,bandwidth_mhz,eirp_dbm,antenna_gain_dbi,feeder_loss_db,status,\
         switch_off_date\n",
    );
    for site in sites {
        for cell in &site.cells {
            out += &format!(
                "{},{},{:.5},{:.5},{},{},{},{},{},{},{},active,\n",
                site.id,
                site.operator,
                site.lat,
                site.lon,
                site.height_m,
                cell.technology,
                cell.frequency_mhz,
                cell.bandwidth_mhz,
                cell.eirp_dbm,
                cell.antenna_gain_dbi(),
                cell.feeder_loss_db()
            );
        }
    }
    out
}
