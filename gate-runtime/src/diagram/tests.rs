use super::*;
use crate::cells::ALL;
use crate::info::{OpInfo, RoleInfo};

fn scene(info: &CellInfo) -> (figure::Figure, route::Scene) {
    let figure = build::figure(info);
    let layers = layers::layers(&figure);
    let places = place::Places::new(&figure, &layers);
    let scene = route::route(&figure, &layers, &places);
    (figure, scene)
}

#[test]
fn no_two_boxes_overlap() {
    for entry in ALL {
        let (figure, scene) = scene(entry.info);
        for (i, a) in scene.placed.iter().enumerate() {
            for b in &scene.placed[..i] {
                let apart = a.left + a.width <= b.left
                    || b.left + b.width <= a.left
                    || a.bottom <= b.top
                    || b.bottom <= a.top;
                let shapes = (&figure.nodes[a.node].shape, &figure.nodes[b.node].shape);
                assert!(apart, "{}: {shapes:?}", entry.info.name);
            }
        }
    }
}

/// No wire runs through a box that it does not belong to.
#[test]
fn wires_go_around_boxes() {
    for entry in ALL {
        let (figure, scene) = scene(entry.info);
        for wire in &scene.wires {
            for line in wire.points.windows(2) {
                let (left, right) = (line[0].0.min(line[1].0), line[0].0.max(line[1].0));
                let (top, bottom) = (line[0].1.min(line[1].1), line[0].1.max(line[1].1));
                for placed in &scene.placed {
                    let own = placed.node == wire.net
                        || wire.end.is_some_and(|(id, _)| id == placed.node);
                    let hit = right > placed.left + 1.0
                        && left < placed.left + placed.width - 1.0
                        && bottom > placed.top + 1.0
                        && top < placed.bottom - 1.0;
                    let shape = &figure.nodes[placed.node].shape;
                    assert!(own || !hit, "{}: {shape:?} is hit", entry.info.name);
                }
            }
        }
    }
}

/// Elements are closed in order, and text holds no bare sign.
#[test]
fn pictures_are_well_formed() {
    for entry in ALL {
        let picture = entry.info.diagram();
        let mut open: Vec<&str> = Vec::new();
        for tag in picture.split('<').skip(1) {
            let (tag, _) = tag.split_once('>').expect("a tag ends");
            let name = tag
                .trim_start_matches('/')
                .split([' ', '/'])
                .next()
                .unwrap_or_default();
            match (tag.starts_with('/'), tag.ends_with('/')) {
                (true, _) => assert_eq!(open.pop(), Some(name), "{}", entry.info.name),
                (false, false) => open.push(name),
                (false, true) => {}
            }
            assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        }
        assert!(open.is_empty());
        assert!(
            !picture.contains("NaN") && !picture.contains("inf"),
            "{}",
            entry.info.name
        );
    }
}

/// What is read of a text in SVG, its subscripts as `_{…}` and its superscripts as `^{…}`.
fn read(text: &str) -> String {
    let (mut out, mut height) = (String::new(), 0.0);
    for part in text.split("<tspan").skip(1) {
        let (attributes, rest) = part.split_once('>').expect("an element has a head");
        let (_, dy) = attributes.split_once("dy=\"").unwrap_or(("", "0\""));
        let (dy, _) = dy.split_once('"').expect("an attribute ends");
        height += dy.parse::<f64>().expect("a number");
        let text = rest.split("</").next().unwrap_or_default();
        match height {
            down if down > 1.0 => out += &format!("_{{{text}}}"),
            up if up < -1.0 => out += &format!("^{{{text}}}"),
            _ => out += text,
        }
    }
    out
}

/// Whether a name stands in a text as a word of its own.
fn names(text: &str, name: &str) -> bool {
    let letter = |c: char| c.is_alphanumeric() || matches!(c, '_' | '\'' | '\u{300}'..='\u{36f}');
    text.match_indices(name).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = &text[at + name.len()..];
        let whole = match after.strip_prefix("^{") {
            // A power or a transpose is no part of the name.
            Some(above) => above.starts_with(['T', '2']),
            None => !after.starts_with(letter),
        };
        whole && !before.is_some_and(|c| letter(c) || c == '{')
    })
}

#[test]
fn names_are_read_as_words() {
    for (drawn, name, expected) in [
        ("W_x^(f)", "W_x^(f)", true),
        ("g, h", "h", true),
        ("(W − W^T) h", "W", true),
        ("C_{t}^(inner)", "C_{t}^(inner)", true),
        ("C_{t}^(inner)", "C^(inner)", false),
        ("C_{t}^(inner)", "C_{t}", false),
        ("h_{t−1}", "h_{t}", false),
        ("tanh", "h", false),
        ("W_xy", "W_x", false),
        ("h\u{303}", "h", false),
    ] {
        let [drawn, name] = [drawn, name].map(|text| read(&text::spans(text)));
        assert_eq!(names(&drawn, &name), expected, "{name} in {drawn}");
    }
}

#[test]
fn every_symbol_can_be_read() {
    for entry in ALL {
        let info = entry.info;
        let picture = info.diagram();
        // The title is no part of the step.
        let texts = picture.split("<text").skip(2);
        let texts: Vec<String> = texts.map(read).collect();
        for (index, symbol) in info.symbols.iter().enumerate() {
            let used = info.graph.nodes.iter().any(|n| match n.op {
                OpInfo::Input(s) | OpInfo::Param(s) | OpInfo::Hyper(s) => s == index,
                _ => false,
            });
            let defined = info.graph.named.iter().any(|&(s, _)| s == index);
            if !used && !defined || matches!(symbol.role, RoleInfo::Constant(_)) {
                continue;
            }
            let states = info.graph.states.iter();
            let flows = symbol.role == RoleInfo::Input
                || info.outputs.contains(&index)
                || states.clone().any(|s| s.symbol == index);
            let wanted = match flows {
                true => figure::timed(symbol.printed, 0),
                false => symbol.printed.to_owned(),
            };
            let wanted = read(&text::spans(&wanted));
            let found = texts.iter().any(|t| names(t, &wanted));
            assert!(found, "{}: {wanted} in {texts:?}", info.name);
        }
    }
}
