use super::*;
use crate::cells::ALL;
use crate::info::{OpInfo, RoleInfo};

fn scene(info: &CellInfo) -> (figure::Figure, route::Scene) {
    let figure = figure::figure(info);
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

/// What is read of a symbol in a picture: without the marks of sub- and superscripts, and without
/// the time, which a symbol of an inner cell is listed without.
fn read(text: &str) -> String {
    text.chars().filter(|c| !"_^{}t".contains(*c)).collect()
}

#[test]
fn every_symbol_can_be_read() {
    for entry in ALL {
        let info = entry.info;
        let picture = info.diagram();
        let texts: Vec<String> = picture
            .split("<text")
            .skip(1)
            .filter_map(|t| t.split("</text>").next())
            .map(|t| {
                let parts = t
                    .split('<')
                    .map(|p| p.split_once('>').map_or("", |(_, text)| text));
                read(&parts.collect::<String>())
            })
            .collect();
        for (index, symbol) in info.symbols.iter().enumerate() {
            let used = info.graph.nodes.iter().any(|n| match n.op {
                OpInfo::Input(s) | OpInfo::Param(s) | OpInfo::Hyper(s) => s == index,
                _ => false,
            });
            // Values side by side are drawn as the values that they are.
            let defined = info.graph.named.iter().any(|&(s, node)| {
                s == index && !matches!(info.graph.nodes[node].op, OpInfo::Concat)
            });
            if !used && !defined || matches!(symbol.role, RoleInfo::Constant(_)) {
                continue;
            }
            let wanted = read(symbol.printed);
            let found = texts.iter().any(|t| t.contains(&wanted));
            assert!(found, "{}: {wanted} in {texts:?}", info.name);
        }
    }
}
