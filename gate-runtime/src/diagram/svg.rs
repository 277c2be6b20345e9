//! The scene as SVG.

use std::fmt::Write;

use crate::info::CellInfo;

use super::figure::{Figure, Shape};
use super::place::{LINE, PADDING, Places, RADIUS};
use super::route::{Placed, Scene, Wire};
use super::text::{SIZE, escaped, spans, width};

/// Around the frame.
const BORDER: f64 = 44.0;
/// Inside of it.
const INSET: f64 = 16.0;

const STYLE: &str = "\
text{font-family:'DejaVu Sans','Segoe UI',Arial,sans-serif;fill:#1f2430}\
.m{font-family:'DejaVu Serif','STIX Two Text',Georgia,serif;font-style:italic}\
.w{fill:none;stroke:#5b6474;stroke-width:1.4}\
.c{stroke:#1d3f8f;stroke-width:2.6}\
.s{stroke:#1d3f8f}\
.p{fill:#fdebd0;stroke:#c77f1a;stroke-width:1.3}\
.f{fill:#eef1f6;stroke:#5b6474;stroke-width:1.3}\
.g{fill:#cfe3ff;stroke:#1d5fc4;stroke-width:2}\
.o{fill:#fbd9de;stroke:#b5394e;stroke-width:1.3}\
.frame{fill:#f7faf5;stroke:#9db39a;stroke-width:1.5}";

const ARROW: &str = r##"<defs><marker id="a" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" markerUnits="userSpaceOnUse" orient="auto"><path d="M0,0.8 L7.5,4 L0,7.2 Z" fill="#3d4554"/></marker></defs>"##;

/// The picture as text.
pub(super) fn svg(
    info: &CellInfo,
    title: &str,
    figure: &Figure,
    places: &Places,
    scene: &Scene,
) -> String {
    let draw = Draw {
        figure,
        places,
        scene,
    };
    let head = 34.0;
    let (left, right) = (draw.inner_left() - INSET, draw.inner_right() + INSET);
    let (top, bottom) = (scene.top - INSET, scene.bottom + INSET);
    let foot = figure.notes.len() as f64 * 20.0;
    let name = format!("{}: {title}", info.name);
    let total = (scene.width + 2.0 * BORDER).max(width(&name) + 30.0);
    let (x, y) = (-BORDER, top - BORDER - head);
    let height = bottom + BORDER + foot - y;
    let mut out = String::new();
    // Writing into a string cannot fail.
    let _ = write!(
        out,
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="{x:.1} {y:.1} {total:.1} {height:.1}" width="{total:.0}" height="{height:.0}"><style>{STYLE}</style><rect x="{x:.1}" y="{y:.1}" width="{total:.1}" height="{height:.1}" fill="white"/>"#
    );
    out.push_str(ARROW);
    let _ = write!(
        out,
        r#"<text x="{:.1}" y="{:.1}" font-size="15"><tspan font-weight="bold">{}</tspan> {}</text>"#,
        x + 12.0,
        y + 22.0,
        escaped(info.name),
        escaped(title)
    );
    let _ = write!(
        out,
        r#"<rect class="frame" x="{left:.1}" y="{top:.1}" width="{:.1}" height="{:.1}" rx="12"/>"#,
        right - left,
        bottom - top
    );
    draw.wires(&mut out);
    draw.marks(&mut out);
    for placed in &scene.placed {
        draw.node(&mut out, placed, top, bottom);
    }
    for (i, note) in figure.notes.iter().enumerate() {
        let y = bottom + BORDER - 6.0 + 20.0 * i as f64;
        let _ = write!(
            out,
            r#"<text class="m" x="{left:.1}" y="{y:.1}">{}</text>"#,
            spans(note)
        );
    }
    out.push_str("</svg>\n");
    out
}

struct Draw<'a> {
    figure: &'a Figure,
    places: &'a Places,
    scene: &'a Scene,
}

impl Draw<'_> {
    /// Where the frame begins: right of the names of states.
    fn inner_left(&self) -> f64 {
        let names = self.scene.placed.iter().filter(|p| self.before(p));
        names.map(|p| p.left + p.width).fold(0.0, f64::max) + INSET + 4.0
    }

    fn inner_right(&self) -> f64 {
        let after = |p: &&Placed| matches!(self.figure.nodes[p.node].shape, Shape::After(_));
        let results = self.scene.placed.iter().filter(after).map(|p| p.left);
        results.fold(self.scene.width, f64::min) - INSET - 8.0
    }

    fn before(&self, placed: &Placed) -> bool {
        matches!(self.figure.nodes[placed.node].shape, Shape::Before(_))
    }

    fn wires(&self, out: &mut String) {
        for wire in &self.scene.wires {
            let class = match (self.figure.nodes[wire.net].carries, self.leads_on(wire)) {
                (true, true) => "w c",
                (true, false) => "w s",
                _ => "w",
            };
            let arrow = if wire.end.is_some() && !self.corner(wire) {
                r#" marker-end="url(#a)""#
            } else {
                ""
            };
            let _ = write!(
                out,
                r#"<path class="{class}" d="{}"{arrow}/>"#,
                rounded(&wire.points)
            );
        }
        for (x, y, net) in self.joints() {
            let colour = if self.figure.nodes[net].carries {
                "#1d3f8f"
            } else {
                "#5b6474"
            };
            let _ = write!(
                out,
                r#"<circle cx="{x:.1}" cy="{y:.1}" r="3" fill="{colour}"/>"#
            );
        }
    }

    /// Whether a state's wire goes on through time there, and not only into a product.
    fn leads_on(&self, wire: &Wire) -> bool {
        match wire.end {
            Some((id, _)) => self.figure.nodes[id].carries,
            None => {
                let end = wire.points[wire.points.len() - 1];
                let next = self.scene.wires.iter().filter(|w| w.net == wire.net);
                let near = |a: (f64, f64)| (a.0 - end.0).abs() < 0.6 && (a.1 - end.1).abs() < 0.6;
                let mut next = next.filter(|w| near(w.points[0]));
                next.any(|w| self.leads_on(w))
            }
        }
    }

    fn corner(&self, wire: &Wire) -> bool {
        wire.end
            .is_some_and(|(id, _)| matches!(self.figure.nodes[id].shape, Shape::Output(_)))
    }

    /// Where wires of one source part.
    fn joints(&self) -> Vec<(f64, f64, usize)> {
        let mut out: Vec<(f64, f64, usize)> = Vec::new();
        let wires = &self.scene.wires;
        for (i, a) in wires.iter().enumerate() {
            for b in wires[i + 1..]
                .iter()
                .filter(|b| b.net == a.net && b.points[0] == a.points[0])
            {
                if let Some((x, y)) = part(&a.points, &b.points) {
                    out.push((x, y, a.net));
                }
            }
        }
        out
    }

    /// Signs beside the ends of wires.
    fn marks(&self, out: &mut String) {
        for wire in &self.scene.wires {
            let Some((id, input)) = wire.end else {
                continue;
            };
            let Some(mark) = self.figure.nodes[id].inputs[input].mark else {
                continue;
            };
            let [.., before, end] = wire.points.as_slice() else {
                continue;
            };
            let (dx, dy) = match before.0 == end.0 {
                true => (8.0, if before.1 > end.1 { 14.0 } else { -5.0 }),
                false => (-13.0, -5.0),
            };
            let _ = write!(
                out,
                r#"<text x="{:.1}" y="{:.1}" font-size="13" text-anchor="middle">{mark}</text>"#,
                end.0 + dx,
                end.1 + dy
            );
        }
    }

    fn node(&self, out: &mut String, placed: &Placed, top: f64, bottom: f64) {
        let node = &self.figure.nodes[placed.node];
        let (x, y, w) = (placed.left, placed.y, placed.width);
        let middle = x + w / 2.0;
        let height = placed.bottom - placed.top;
        let mut boxed = |class: &str, radius: f64| {
            let class = if node.gate { "g" } else { class };
            let _ = write!(
                out,
                r#"<rect class="{class}" x="{x:.1}" y="{:.1}" width="{w:.1}" height="{height:.1}" rx="{radius}"/>"#,
                placed.top
            );
        };
        match &node.shape {
            Shape::Input(name) => {
                let _ = write!(
                    out,
                    r#"<path class="w" d="M{x:.1},{:.1} L{x:.1},{y:.1}"/>"#,
                    bottom + 14.0
                );
                centred(out, name, x, bottom + 30.0);
            }
            Shape::Output(name) => {
                let _ = write!(
                    out,
                    r#"<path class="w" d="M{x:.1},{y:.1} L{x:.1},{:.1}" marker-end="url(#a)"/>"#,
                    top - 14.0
                );
                centred(out, name, x, top - 22.0);
            }
            Shape::Before(name) | Shape::After(name) => centred(out, name, middle, y + 5.0),
            Shape::Product(rows) => {
                boxed("p", 5.0);
                for (place, &line) in self.places.lines[placed.node].iter().enumerate() {
                    let at = placed.top + PADDING + LINE * (place as f64 + 0.5) + 5.0;
                    let _ = write!(
                        out,
                        r#"<text class="m" x="{:.1}" y="{at:.1}">{}</text>"#,
                        x + 8.0,
                        spans(&rows[line])
                    );
                }
            }
            Shape::Function(text) => {
                boxed("f", 4.0);
                upright(out, text, middle, y + 5.0);
            }
            Shape::Pill(text) => {
                boxed("o", 12.0);
                centred(out, text, middle, y + 5.0);
            }
            Shape::Circle(text) => {
                let class = if node.gate { "g" } else { "o" };
                let _ = write!(
                    out,
                    r#"<circle class="{class}" cx="{middle:.1}" cy="{y:.1}" r="{RADIUS}"/>"#
                );
                upright(out, text, middle, y + 5.0);
            }
        }
        if let Some(label) = &node.label {
            let _ = write!(
                out,
                r#"<text class="m" x="{:.1}" y="{:.1}">{}</text>"#,
                x + w + 6.0,
                y - 6.0,
                spans(label)
            );
        }
    }
}

fn centred(out: &mut String, text: &str, x: f64, y: f64) {
    let _ = write!(
        out,
        r#"<text class="m" x="{x:.1}" y="{y:.1}" text-anchor="middle">{}</text>"#,
        spans(text)
    );
}

fn upright(out: &mut String, text: &str, x: f64, y: f64) {
    let _ = write!(
        out,
        r#"<text x="{x:.1}" y="{y:.1}" font-size="{SIZE}" text-anchor="middle">{}</text>"#,
        spans(text)
    );
}

/// The last point that two ways from one start have in common, if it is inside of either.
fn part(a: &[(f64, f64)], b: &[(f64, f64)]) -> Option<(f64, f64)> {
    let mut at = 0;
    while at + 1 < a.len() && at + 1 < b.len() && a[at + 1] == b[at + 1] {
        at += 1;
    }
    let (here, to, other) = (a[at], *a.get(at + 1)?, *b.get(at + 1)?);
    let along = |from: f64, one: f64, two: f64| match (one - from).signum() == (two - from).signum()
    {
        true if (one - from).abs() < (two - from).abs() => one,
        true => two,
        false => from,
    };
    let same_row = here.1 == to.1 && here.1 == other.1;
    let same_column = here.0 == to.0 && here.0 == other.0;
    match (same_row, same_column) {
        (true, _) => Some((along(here.0, to.0, other.0), here.1)),
        (_, true) => Some((here.0, along(here.1, to.1, other.1))),
        _ => Some(here),
    }
}

/// A path with rounded corners.
fn rounded(points: &[(f64, f64)]) -> String {
    let mut out = format!("M{:.1},{:.1}", points[0].0, points[0].1);
    for window in points.windows(3) {
        let [a, b, c] = window else { continue };
        let short = |p: &(f64, f64), q: &(f64, f64)| ((p.0 - q.0).abs() + (p.1 - q.1).abs()) / 2.0;
        let radius = 6.0_f64.min(short(a, b)).min(short(b, c));
        let toward = |p: &(f64, f64)| {
            let length = ((p.0 - b.0).abs() + (p.1 - b.1).abs()).max(1e-9);
            (
                b.0 + radius * (p.0 - b.0) / length,
                b.1 + radius * (p.1 - b.1) / length,
            )
        };
        let (start, end) = (toward(a), toward(c));
        let _ = write!(
            out,
            " L{:.1},{:.1} Q{:.1},{:.1} {:.1},{:.1}",
            start.0, start.1, b.0, b.1, end.0, end.1
        );
    }
    if let [_, .., last] = points {
        let _ = write!(out, " L{:.1},{:.1}", last.0, last.1);
    }
    out
}
