//! Drawing: relief, signal status, what lies outside, roads and borders.

use super::{Frame, MapPicture, failed, relief};
use crate::coverage::status_code;
use crate::geodesy::LonLat;
use crate::io::WriteCause;
use crate::report::Results;
use crate::report::palette::status_color;
use crate::service::Status;
use geo::{LineString, MultiPolygon};
use tiny_skia::{FillRule, LineCap, LineJoin, Mask, Paint, Path, PathBuilder, Pixmap, Stroke, Transform};

/// Strength of the colour of each status over the relief; land without signal stays bare.
const OPACITY: [(Status, f32); 4] =
    [(Status::Served, 0.34), (Status::Marginal, 0.48), (Status::Unserved, 0.0), (Status::Unknown, 0.0)];
/// Land whose status is unknown is hatched, lest it look like a slope in shadow: strength of a line, width and distance of lines in pixels.
const HATCH: (f32, usize, usize) = (0.8, 2, 8);
/// Colour of bare land in full shadow and in full light.
const SHADOW: [f32; 3] = [112.0, 106.0, 100.0];
const LIGHT: [f32; 3] = [252.0, 250.0, 246.0];
/// Colour where terrain is missing.
const MISSING: [f32; 3] = [205.0, 205.0, 205.0];
/// Land outside the communes is moved towards this colour.
const OUTSIDE: [f32; 3] = [236.0, 236.0, 236.0];
const OUTSIDE_STRENGTH: f32 = 0.72;
/// Colours are rounded to multiples of this, which nobody sees and which halves the file.
const COLOR_STEP: f32 = 4.0;

/// Draws the map of the results.
pub(in crate::report) fn draw(results: &Results<'_>, frame: Frame) -> Result<MapPicture, WriteCause> {
    let study = results.study;
    let mut pixmap = Pixmap::new(frame.width, frame.height).ok_or_else(|| failed("no area"))?;
    let light = relief::shade(&study.terrain, &frame);
    let inside = inside_communes(results, &frame)?;
    let columns = frame.width as usize;
    for (index, pixel) in pixmap.data_mut().chunks_exact_mut(4).enumerate() {
        let (row, column) = (index / columns, index % columns);
        let outside = inside.as_ref().map_or(0.0, |mask| 1.0 - f32::from(mask.data()[index]) / 255.0);
        let bare = bare_color(light[[row, column]]);
        let position = frame.position(column as f64 + 0.5, row as f64 + 0.5);
        let tint = status_at(results, position).map_or((0.0, bare), |status| {
            let (opacity, color) = tint(status, light[[row, column]]);
            let on_line = status == Status::Unknown && (row + column) % HATCH.2 < HATCH.1;
            (if on_line { HATCH.0 } else { opacity }, color)
        });
        for (channel, value) in pixel.iter_mut().take(3).enumerate() {
            let tinted = bare[channel] + (tint.1[channel] - bare[channel]) * tint.0;
            let color = tinted + (OUTSIDE[channel] - tinted) * OUTSIDE_STRENGTH * outside;
            *value = ((color / COLOR_STEP).round() * COLOR_STEP).clamp(0.0, 255.0) as u8;
        }
        pixel[3] = 255;
    }
    draw_lines(results, &frame, &mut pixmap);
    Ok(MapPicture { png: encode(&pixmap)?, frame })
}

fn bare_color(light: f32) -> [f32; 3] {
    if light.is_nan() {
        return MISSING;
    }
    let strength = (light * 1.18 + 0.02).clamp(0.0, 1.0);
    std::array::from_fn(|i| SHADOW[i] + (LIGHT[i] - SHADOW[i]) * strength)
}

/// Opacity and colour of a status; slopes in shadow are darker.
fn tint(status: Status, light: f32) -> (f32, [f32; 3]) {
    let opacity = OPACITY.iter().find(|(s, _)| *s == status).map_or(0.0, |(_, opacity)| *opacity);
    let brightness = if light.is_nan() { 1.0 } else { 0.55 + 0.64 * light };
    (opacity, status_color(status).0.map(|v| (f32::from(v) * brightness).min(255.0)))
}

fn status_at(results: &Results<'_>, position: LonLat) -> Option<Status> {
    let raster = &results.coverage.as_ref()?.signal_status;
    let (x, y) = results.study.terrain.locator.locate(position);
    let (row, column) = raster.transform.row_column(x, y);
    if !(row >= -0.5 && column >= -0.5) {
        return None;
    }
    let code = *raster.values.get(((row + 0.5) as usize, (column + 0.5) as usize))?;
    Status::ALL.into_iter().find(|&status| status_code(status) == code)
}

/// How much of each pixel lies inside a commune; `None` without communes.
fn inside_communes(results: &Results<'_>, frame: &Frame) -> Result<Option<Mask>, WriteCause> {
    if results.study.communes.is_empty() {
        return Ok(None);
    }
    let mut mask = Mask::new(frame.width, frame.height).ok_or_else(|| failed("no area"))?;
    for commune in &results.study.communes {
        if let Some(path) = area_path(&commune.area, frame) {
            mask.fill_path(&path, FillRule::EvenOdd, true, Transform::identity());
        }
    }
    Ok(Some(mask))
}

fn draw_lines(results: &Results<'_>, frame: &Frame, pixmap: &mut Pixmap) {
    let study = results.study;
    let mut roads = PathBuilder::new();
    study.roads.iter().for_each(|road| add_line(&mut roads, road, frame, false));
    if let Some(path) = roads.finish() {
        stroke(pixmap, &path, [255, 255, 255, 210], 3.2);
        stroke(pixmap, &path, [140, 84, 40, 230], 1.5);
    }
    let mut borders = PathBuilder::new();
    let rings = study.communes.iter().flat_map(|c| &c.area.0);
    rings.for_each(|polygon| {
        add_line(&mut borders, polygon.exterior(), frame, true);
        polygon.interiors().iter().for_each(|ring| add_line(&mut borders, ring, frame, true));
    });
    if let Some(path) = borders.finish() {
        stroke(pixmap, &path, [255, 255, 255, 110], 2.4);
        stroke(pixmap, &path, [70, 70, 110, 220], 0.9);
    }
}

fn stroke(pixmap: &mut Pixmap, path: &Path, [r, g, b, a]: [u8; 4], width: f32) {
    let mut paint = Paint { anti_alias: true, ..Paint::default() };
    paint.set_color_rgba8(r, g, b, a);
    let stroke = Stroke { width, line_cap: LineCap::Round, line_join: LineJoin::Round, ..Stroke::default() };
    pixmap.stroke_path(path, &paint, &stroke, Transform::identity(), None);
}

fn area_path(area: &MultiPolygon<f64>, frame: &Frame) -> Option<Path> {
    let mut path = PathBuilder::new();
    for polygon in &area.0 {
        add_line(&mut path, polygon.exterior(), frame, true);
        polygon.interiors().iter().for_each(|ring| add_line(&mut path, ring, frame, true));
    }
    path.finish()
}

fn add_line(path: &mut PathBuilder, line: &LineString<f64>, frame: &Frame, close: bool) {
    for (i, c) in line.coords().enumerate() {
        let (x, y) = frame.pixel(LonLat::new(c.x, c.y));
        if i == 0 {
            path.move_to(x as f32, y as f32);
        } else {
            path.line_to(x as f32, y as f32);
        }
    }
    if close && !line.0.is_empty() {
        path.close();
    }
}

fn encode(pixmap: &Pixmap) -> Result<Vec<u8>, WriteCause> {
    let rgb: Vec<u8> = pixmap.data().chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect();
    let mut png = Vec::new();
    let mut encoder = png::Encoder::new(&mut png, pixmap.width(), pixmap.height());
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::High);
    let as_cause = |error: png::EncodingError| failed(&error.to_string());
    let mut writer = encoder.write_header().map_err(as_cause)?;
    writer.write_image_data(&rgb).map_err(as_cause)?;
    writer.finish().map_err(as_cause)?;
    Ok(png)
}
