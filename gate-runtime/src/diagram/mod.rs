//! A cell's step as a picture, in the manner of articles: states enter at the left and leave at
//! the right, inputs come from below, outputs leave on top.
//!
//! Takes: a [`CellInfo`]. Gives: SVG. `figure` decides what is shown, `layers` in which column
//! and order, `place` where, `route` how the wires run, `svg` writes it. Crates for layered
//! layouts give places of nodes alone; here wires end at lines of boxes and at sides of circles,
//! and ways through time have to be straight, which needs the steps to know of one another.

mod build;
mod figure;
mod formula;
mod layers;
mod level;
mod place;
mod route;
mod sums;
mod svg;
#[cfg(test)]
mod tests;
mod text;

use crate::info::CellInfo;

impl CellInfo {
    /// The step as a picture, in SVG: products in boxes with their matrices and biases, functions
    /// in boxes, gates highlighted, operations on values of one position in circles, and thick
    /// wires where states go through time.
    pub fn diagram(&self) -> String {
        let figure = build::figure(self);
        let layers = layers::layers(&figure);
        let places = place::Places::new(&figure, &layers);
        let scene = route::route(&figure, &layers, &places);
        svg::svg(
            self,
            &self.recognise().to_string(),
            &figure,
            &places,
            &scene,
        )
    }
}
