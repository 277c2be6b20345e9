//! Japanese Vowels: who of nine speakers says /ae/? Takes the bundled file, gives standardised
//! utterances and time-major batches of them.

use std::error::Error;

use ndarray::{Array3, s};
use safetensors::SafeTensors;

/// Source and licence: `examples/data/README.md`.
static FILE: &[u8] = include_bytes!("../data/japanese_vowels.safetensors");

/// Number of speakers.
pub const CLASSES: usize = 9;

/// Training and test utterances, features standardised by the training set's mean and deviation.
pub struct Data {
    pub train: Set,
    pub test: Set,
}

/// Utterances of different length, zeros after the end of each.
pub struct Set {
    /// `[utterance, step, feature]`
    x: Array3<f32>,
    lengths: Vec<usize>,
    labels: Vec<usize>,
}

/// Some utterances, time-major.
pub struct Batch {
    /// `[step, utterance, feature]`, as many steps as the longest has
    pub x: Array3<f32>,
    pub lengths: Vec<usize>,
    pub labels: Vec<usize>,
}

impl Data {
    /// Reads the bundled file.
    pub fn load() -> Result<Self, Box<dyn Error>> {
        let file = SafeTensors::deserialize(FILE)?;
        let mut train = Set::read(&file, "train")?;
        let mut test = Set::read(&file, "test")?;
        let moments = train.moments();
        train.standardise(&moments);
        test.standardise(&moments);
        Ok(Data { train, test })
    }
}

impl Set {
    fn read(file: &SafeTensors, name: &str) -> Result<Self, Box<dyn Error>> {
        let x = file.tensor(&format!("{name}/x"))?;
        let shape: [usize; 3] = x.shape().try_into()?;
        let values = words(x.data()).map(f32::from_le_bytes).collect();
        let integers = |field: &str| -> Result<Vec<usize>, Box<dyn Error>> {
            let tensor = file.tensor(&format!("{name}/{field}"))?;
            Ok(words(tensor.data())
                .map(|bytes| usize::try_from(i32::from_le_bytes(bytes)))
                .collect::<Result<_, _>>()?)
        };
        Ok(Set {
            x: Array3::from_shape_vec(shape, values)?,
            lengths: integers("length")?,
            labels: integers("label")?,
        })
    }

    /// Number of utterances.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Number of features.
    pub fn features(&self) -> usize {
        self.x.dim().2
    }

    /// The index of the longest utterance.
    pub fn longest(&self) -> usize {
        (0..self.len())
            .max_by_key(|&k| self.lengths[k])
            .unwrap_or(0)
    }

    /// The utterances of the given indices as a batch.
    pub fn batch(&self, indices: &[usize]) -> Batch {
        let lengths: Vec<usize> = indices.iter().map(|&k| self.lengths[k]).collect();
        let steps = lengths.iter().copied().max().unwrap_or(0);
        let mut x = Array3::zeros((steps, indices.len(), self.features()));
        for (row, &k) in indices.iter().enumerate() {
            x.slice_mut(s![.., row, ..])
                .assign(&self.x.slice(s![k, ..steps, ..]));
        }
        let labels = indices.iter().map(|&k| self.labels[k]).collect();
        Batch { x, lengths, labels }
    }

    /// Mean and standard deviation of each feature over all steps of all utterances.
    fn moments(&self) -> Vec<(f32, f32)> {
        let steps: usize = self.lengths.iter().sum();
        (0..self.features())
            .map(|feature| {
                // The padding is zero and adds nothing to either sum.
                let column = self.x.slice(s![.., .., feature]);
                let mean = column.sum() / steps as f32;
                let square = column.mapv(|v| v * v).sum() / steps as f32;
                (mean, (square - mean * mean).sqrt())
            })
            .collect()
    }

    fn standardise(&mut self, moments: &[(f32, f32)]) {
        for (k, &length) in self.lengths.iter().enumerate() {
            for mut step in self.x.slice_mut(s![k, ..length, ..]).rows_mut() {
                for (value, &(mean, deviation)) in step.iter_mut().zip(moments) {
                    *value = (*value - mean) / deviation;
                }
            }
        }
    }
}

/// The 4-byte words of a little-endian tensor.
fn words(bytes: &[u8]) -> impl Iterator<Item = [u8; 4]> + '_ {
    bytes.as_chunks::<4>().0.iter().copied()
}
