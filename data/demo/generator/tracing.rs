//! From labelled cells to polygons: shared borders are traced once, smoothed once, and so stay identical on both sides.

use anyhow::{Result, bail, ensure};

use super::lattice::Lattice;
use super::noise::round_to;
use super::terrain::to_degrees;

/// A closed ring without its repeated last point, counter-clockwise on the map.
pub(crate) type Ring = Vec<(f64, f64)>;

/// A border between two junctions.
struct Arc {
    nodes: Vec<usize>,
    left: u8,
    right: u8,
    line: Ring,
}

/// Whether a ring holds a point (even–odd rule).
pub(crate) fn contains(ring: &[(f64, f64)], x: f64, y: f64) -> bool {
    let mut inside = false;
    let mut previous = ring[ring.len() - 1];
    for &point in ring {
        if (point.1 > y) != (previous.1 > y) {
            let cross = previous.0 + (y - previous.1) * (point.0 - previous.0) / (point.1 - previous.1);
            if x < cross {
                inside = !inside;
            }
        }
        previous = point;
    }
    inside
}

/// Relabels cells that touch their own kind only across a corner, until no area touches itself in a point.
pub(crate) fn untangle(label: &mut [u8], columns: usize, rows: usize) {
    for _ in 0..200 {
        let mut changed = false;
        for row in 0..rows - 1 {
            for column in 0..columns - 1 {
                let k = row * columns + column;
                let (a, b, c, d) = (label[k], label[k + 1], label[k + columns], label[k + columns + 1]);
                if a == d && b != a && c != a {
                    label[if b == 0 || a == 0 { k } else { k + 1 }] = if a == 0 || b == 0 { b } else { a };
                    changed = true;
                } else if b == c && a != b && d != b {
                    label[if a == 0 || b == 0 { k + 1 } else { k }] = if a == 0 || b == 0 { a } else { b };
                    changed = true;
                }
            }
        }
        if !changed {
            return;
        }
    }
}

/// The cells left and right of the edge that leaves a node in a direction (0 east, 1 south, 2 west, 3 north).
fn sides(label: &[u8], columns: usize, rows: usize, node: usize, direction: usize) -> (u8, u8) {
    let (row, column) = ((node / (columns + 1)) as isize, (node % (columns + 1)) as isize);
    let at = |i: isize, j: isize| {
        if i < 0 || j < 0 || i >= rows as isize || j >= columns as isize {
            0
        } else {
            label[i as usize * columns + j as usize]
        }
    };
    let (nw, ne) = (at(row - 1, column - 1), at(row - 1, column));
    let (sw, se) = (at(row, column - 1), at(row, column));
    [(ne, se), (se, sw), (sw, nw), (nw, ne)][direction]
}

fn arcs(label: &[u8], columns: usize, rows: usize) -> Vec<Arc> {
    let width = columns + 1;
    let count = width * (rows + 1);
    let step = |node: usize, direction: usize| match direction {
        0 => node + 1,
        1 => node + width,
        2 => node - 1,
        _ => node - width,
    };
    let border = |node: usize, direction: usize| {
        let (left, right) = sides(label, columns, rows, node, direction);
        left != right
    };
    let degree = |node: usize| (0..4).filter(|&d| border(node, d)).count();
    let mut used = vec![[false; 4]; count];
    let mut out = Vec::new();
    for node in (0..count).filter(|&n| degree(n) > 2) {
        for start in (0..4).filter(|&d| border(node, d)) {
            if used[node][start] {
                continue;
            }
            let (left, right) = sides(label, columns, rows, node, start);
            let (mut nodes, mut here, mut direction) = (vec![node], node, start);
            loop {
                used[here][direction] = true;
                here = step(here, direction);
                used[here][(direction + 2) % 4] = true;
                nodes.push(here);
                if degree(here) != 2 {
                    break;
                }
                let back = (direction + 2) % 4;
                match (0..4).find(|&d| d != back && border(here, d)) {
                    Some(next) => direction = next,
                    None => break,
                }
            }
            out.push(Arc { nodes, left, right, line: Vec::new() });
        }
    }
    out
}

/// Drops points that stay within `tolerance` of the line between those that are kept (Douglas–Peucker).
pub(crate) fn simplify(line: &[(f64, f64)], tolerance: f64) -> Ring {
    let mut keep = vec![false; line.len()];
    keep[0] = true;
    keep[line.len() - 1] = true;
    let mut work = vec![(0, line.len() - 1)];
    while let Some((a, b)) = work.pop() {
        let (dx, dy) = (line[b].0 - line[a].0, line[b].1 - line[a].1);
        let length = (dx * dx + dy * dy).sqrt();
        let (mut worst, mut at) = (tolerance, a);
        for k in a + 1..b {
            let (ex, ey) = (line[k].0 - line[a].0, line[k].1 - line[a].1);
            let off = if length > 0.0 { (dx * ey - dy * ex).abs() / length } else { (ex * ex + ey * ey).sqrt() };
            if off > worst {
                (worst, at) = (off, k);
            }
        }
        if at != a {
            keep[at] = true;
            work.push((a, at));
            work.push((at, b));
        }
    }
    line.iter().zip(&keep).filter(|(_, k)| **k).map(|(p, _)| *p).collect()
}

/// Rounds the corners of a line, ends kept.
pub(crate) fn smooth(line: &mut [(f64, f64)], passes: usize) {
    for _ in 0..passes {
        let old = line.to_vec();
        for k in 1..line.len().saturating_sub(1) {
            line[k].0 = (old[k - 1].0 + 2.0 * old[k].0 + old[k + 1].0) / 4.0;
            line[k].1 = (old[k - 1].1 + 2.0 * old[k].1 + old[k + 1].1) / 4.0;
        }
    }
}

/// The ring of each label 1 … `count` in degrees; the outermost points are moved onto the frame (W, S, E, N).
pub(crate) fn rings(label: &[u8], columns: usize, rows: usize, count: usize, frame: [f64; 4]) -> Result<Vec<Ring>> {
    let mut arcs = arcs(label, columns, rows);
    for arc in &mut arcs {
        let mut line: Ring = arc
            .nodes
            .iter()
            .map(|&n| {
                ((n % (columns + 1)) as f64 * Lattice::CELL_KM.0, (n / (columns + 1)) as f64 * Lattice::CELL_KM.1)
            })
            .collect();
        smooth(&mut line, 4);
        arc.line = simplify(&line, 0.035)
            .into_iter()
            .map(|(x, y)| to_degrees(x, y))
            .map(|(lon, lat)| (round_to(lon.clamp(frame[0], frame[2]), 5), round_to(lat.clamp(frame[1], frame[3]), 5)))
            .collect();
    }
    touch_frame(&mut arcs, frame);
    let mut rings = Vec::new();
    for wanted in 1..=count as u8 {
        // Arcs with the area on their right run clockwise on the map (rows grow southwards), so the ring is reversed.
        let mut pieces: Vec<(usize, usize, Ring)> = Vec::new();
        for arc in arcs.iter().filter(|a| a.left == wanted || a.right == wanted) {
            let (first, last) = (arc.nodes[0], arc.nodes[arc.nodes.len() - 1]);
            let mut line = arc.line.clone();
            if arc.left == wanted {
                pieces.push((first, last, line));
            } else {
                line.reverse();
                pieces.push((last, first, line));
            }
        }
        ensure!(!pieces.is_empty(), "commune {wanted} has no border");
        let (start, mut end, mut ring) = pieces.swap_remove(0);
        while end != start {
            let Some(next) = pieces.iter().position(|p| p.0 == end) else {
                bail!("border of commune {wanted} is open")
            };
            let (_, to, line) = pieces.swap_remove(next);
            ring.extend_from_slice(&line[1..]);
            end = to;
        }
        ensure!(pieces.is_empty(), "commune {wanted} has more than one part");
        ring.pop();
        rings.push(ring);
    }
    Ok(rings)
}

/// Moves the westernmost, southernmost, easternmost and northernmost points of the outline onto the frame.
fn touch_frame(arcs: &mut [Arc], frame: [f64; 4]) {
    for (side, &limit) in frame.iter().enumerate() {
        let value = |p: &(f64, f64)| if side % 2 == 0 { p.0 } else { p.1 };
        let mut best = (f64::INFINITY, (0.0, 0.0));
        for arc in arcs.iter().filter(|a| a.left == 0 || a.right == 0) {
            for point in &arc.line {
                let off = (value(point) - limit).abs();
                if off < best.0 {
                    best = (off, *point);
                }
            }
        }
        for point in arcs.iter_mut().flat_map(|a| &mut a.line).filter(|p| **p == best.1) {
            if side % 2 == 0 {
                point.0 = limit;
            } else {
                point.1 = limit;
            }
        }
    }
}
