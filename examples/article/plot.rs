//! Pictures as SVG: training curves, and what every gate does over the steps of one utterance.

use std::error::Error;
use std::path::Path;

use ndarray::{Array2, ArrayView2};
use plotters::coord::Shift;
use plotters::prelude::*;

use crate::train::Epoch;

type Panel<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Done = Result<(), Box<dyn Error>>;

const COLOURS: [RGBColor; 2] = [RGBColor(31, 119, 180), RGBColor(255, 127, 14)];

/// Loss and test accuracy against the epoch, one line per cell, side by side.
pub fn training_curves(path: &Path, histories: &[(&str, &[Epoch])]) -> Done {
    let root = SVGBackend::new(path, (1000, 400)).into_drawing_area();
    root.fill(&WHITE)?;
    let (left, right) = root.split_horizontally(500);
    curves(&left, "training loss", histories, |epoch| epoch.loss)?;
    curves(&right, "test accuracy in %", histories, |epoch| {
        100.0 * epoch.test_accuracy
    })?;
    root.present()?;
    Ok(())
}

fn curves(
    panel: &Panel,
    title: &str,
    histories: &[(&str, &[Epoch])],
    value: impl Fn(&Epoch) -> f64,
) -> Done {
    let epochs = histories
        .iter()
        .map(|(_, history)| history.len())
        .max()
        .unwrap_or(0);
    let top = histories
        .iter()
        .flat_map(|(_, history)| history.iter().map(&value))
        .fold(0.0, f64::max);
    let mut chart = ChartBuilder::on(panel)
        .caption(title, ("sans-serif", 18))
        .margin(12)
        .x_label_area_size(34)
        .y_label_area_size(44)
        .build_cartesian_2d(1..epochs.max(2), 0.0..1.05 * top)?;
    chart
        .configure_mesh()
        .x_desc("epoch")
        .light_line_style(WHITE)
        .draw()?;
    for ((name, history), colour) in histories.iter().zip(COLOURS) {
        let points = history
            .iter()
            .enumerate()
            .map(|(k, epoch)| (k + 1, value(epoch)));
        chart
            .draw_series(LineSeries::new(points, colour.stroke_width(2)))?
            .label(*name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], colour.stroke_width(2)));
    }
    chart
        .configure_series_labels()
        .background_style(WHITE)
        .border_style(RGBColor(200, 200, 200))
        .position(SeriesLabelPosition::MiddleRight)
        .draw()?;
    Ok(())
}

/// A heat map (steps × units) of each gate in `gates` (name, `[steps, units]`), and the colour scale.
pub fn gate_maps(path: &Path, title: &str, gates: &[(String, Array2<f32>)]) -> Done {
    const PANEL: u32 = 330;
    const LEGEND: u32 = 100;
    let width = PANEL * gates.len() as u32;
    let root = SVGBackend::new(path, (width + LEGEND, 420)).into_drawing_area();
    root.fill(&WHITE)?;
    let root = root.titled(title, ("sans-serif", 20))?;
    let (maps, legend) = root.split_horizontally(width);
    for ((name, values), panel) in gates.iter().zip(maps.split_evenly((1, gates.len()))) {
        heat_map(&panel, name, values.view())?;
    }
    colour_scale(&legend)?;
    root.present()?;
    Ok(())
}

fn heat_map(panel: &Panel, name: &str, values: ArrayView2<f32>) -> Done {
    let (steps, units) = values.dim();
    let mut chart = ChartBuilder::on(panel)
        .caption(name, ("sans-serif", 16))
        .margin(8)
        .x_label_area_size(34)
        .y_label_area_size(40)
        .build_cartesian_2d(0..steps, 0..units)?;
    chart
        .configure_mesh()
        .disable_mesh()
        .x_desc("step")
        .y_desc("unit")
        .draw()?;
    chart.draw_series(values.indexed_iter().map(|((step, unit), &value)| {
        let corners = [(step, unit), (step + 1, unit + 1)];
        Rectangle::new(corners, ViridisRGB.get_color(value).filled())
    }))?;
    Ok(())
}

/// What the colours mean: 0 (closed) to 1 (open).
fn colour_scale(panel: &Panel) -> Done {
    const BANDS: usize = 50;
    let mut chart = ChartBuilder::on(panel)
        .caption("opening", ("sans-serif", 14))
        .margin(8)
        .margin_bottom(42)
        .margin_right(20)
        .y_label_area_size(42)
        .build_cartesian_2d(0.0..1.0, 0.0..1.0)?;
    chart
        .configure_mesh()
        .disable_mesh()
        .disable_x_axis()
        .label_style(("sans-serif", 12))
        .set_all_tick_mark_size(5)
        .y_labels(6)
        .draw()?;
    chart.draw_series((0..BANDS).map(|k| {
        let (low, high) = (k as f64 / BANDS as f64, (k + 1) as f64 / BANDS as f64);
        Rectangle::new(
            [(0.0, low), (1.0, high)],
            ViridisRGB.get_color(low as f32).filled(),
        )
    }))?;
    Ok(())
}
