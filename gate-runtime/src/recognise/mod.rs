//! What a cell is: "LSTM with peepholes", "GRU, reset after the product", up to names, order,
//! convention of rows or columns, and the way in which sums and products are written.
//!
//! Takes: a [`CellInfo`]. Gives: a [`Recognition`]. The table to look it up in is the ready-made
//! cells themselves, brought into the same normal form (`build`, `canon`) when first asked for. A
//! cell that is not in it is stripped of one feature after another (`features`, `bias`), the
//! fewest first, until what is left is.

mod bias;
mod build;
mod canon;
mod constants;
mod edit;
mod ends;
mod features;
mod roles;
mod slices;
mod term;
mod within;

use std::collections::HashMap;
use std::fmt;
use std::sync::OnceLock;

use crate::cells::{ALL, Entry};
use crate::info::{CellInfo, RoleInfo};

use build::Form;
use canon::{Canon, canon};
pub use features::Feature;
pub use roles::{GateOrder, GateRole};

/// At most so many features are taken away.
const FEATURES: usize = 4;
/// After the first feature, the search ends when so many factors of terms were gone through.
const FACTORS: usize = 30_000;

/// What a cell was recognised as.
#[derive(Clone, Debug)]
pub struct Recognition {
    /// The known cell that it is, or is a variant of.
    pub known: Option<&'static Entry>,
    /// What it has besides.
    pub features: Vec<Feature>,
    /// What its gates are for, where the known cell says so: in the order of the definition.
    pub gates: Vec<GateRole>,
    /// Words for it where no known cell was found.
    fallback: String,
    /// Symbols and printed names of exchanged gates.
    exchanged: Vec<(usize, &'static str)>,
}

/// A known cell in normal form.
struct Known {
    entry: &'static Entry,
    form: Form,
    canon: Canon,
    biases: usize,
}

#[derive(Default)]
struct Table {
    known: Vec<Known>,
    whole: HashMap<u64, usize>,
    /// Without biases.
    bare: HashMap<u64, usize>,
}

impl CellInfo {
    /// What the cell is, up to names and order. The table of known cells is made when the first
    /// cell is asked for; that takes milliseconds.
    pub fn recognise(&self) -> Recognition {
        let forms = build::builds(self);
        let forms: Vec<(Form, usize)> = forms.iter().map(bias::tidy).collect();
        let doubled = forms.iter().any(|(_, doubled)| *doubled > 0);
        let named: Vec<usize> = forms[0].0.named.iter().map(|&(symbol, _)| symbol).collect();
        let found = search(forms.into_iter().map(|(form, _)| form));
        let known = found.as_ref().map(|f| table().known[f.index].entry);
        let (mut features, gates) = found.map_or_else(Default::default, |f| (f.features, f.gates));
        if doubled && known.is_some() {
            features.push(Feature::DoubleBiases);
        }
        let exchanged = features.iter().filter_map(|f| match f {
            Feature::Exchanged(symbol) => symbol.map(|s| (s, self.symbols[s].printed)),
            _ => None,
        });
        let exchanged: Vec<(usize, &str)> = exchanged.collect();
        let symbols: Vec<usize> = exchanged.iter().map(|&(symbol, _)| symbol).collect();
        let place = |symbol| named.iter().position(|&other| other == symbol);
        let family = known.map_or("", |entry| entry.family);
        let gates = roles::with_exchanged(family, gates, &symbols, place);
        Recognition {
            known,
            exchanged,
            features,
            gates,
            fallback: self.in_words(),
        }
    }

    /// "gated cell, dense recurrence"
    fn in_words(&self) -> String {
        let gates = self.gates().len();
        let inputs = self.symbols.iter().any(|s| s.role == RoleInfo::Input);
        let kind = match (gates, inputs) {
            (0, true) => "cell without gates".to_owned(),
            (0, false) => "cell without inputs".to_owned(),
            (1, _) => "cell with one gate".to_owned(),
            (n, _) => format!("cell with {n} gates"),
        };
        format!(
            "none of the known cells; {kind}, recurrence: {}",
            self.recurrence()
        )
    }
}

struct Found {
    index: usize,
    features: Vec<Feature>,
    gates: Vec<GateRole>,
}

/// Looks forms of one cell up, with fewer and fewer features.
fn search(forms: impl Iterator<Item = Form>) -> Option<Found> {
    let table = table();
    let mut level: Vec<(Form, Vec<Feature>)> = forms.map(|form| (form, Vec::new())).collect();
    let mut seen: Vec<u64> = Vec::new();
    let mut factors = 0;
    for count in 0..=FEATURES {
        let mut next: Vec<(Form, Vec<Feature>)> = Vec::new();
        let mut fresh: Vec<(Form, Vec<Feature>)> = Vec::new();
        for (form, features) in level {
            if count > 1 && factors > FACTORS {
                break;
            }
            factors += form.terms.size();
            let own = canon(&form);
            if seen.contains(&own.signature) {
                continue;
            }
            seen.push(own.signature);
            if let Some(&index) = table.whole.get(&own.signature) {
                let gates = roles::roles(&table.known[index], &form, &own);
                return Some(Found {
                    index,
                    features,
                    gates,
                });
            }
            fresh.push((form, features));
        }
        if let Some(found) = fresh.iter().find_map(|(f, more)| but_for_biases(f, more)) {
            return Some(found);
        }
        for (form, features) in fresh {
            for without in features::without(&form) {
                let feature = without.feature;
                let last = features.last().map(|f| f.order());
                if !features.contains(&feature) && last <= Some(feature.order()) {
                    let mut features = features.clone();
                    features.push(feature);
                    next.push((bias::tidy(&without.form).0, features));
                }
            }
        }
        level = next;
    }
    None
}

/// Looks a form up as it is without its biases.
fn but_for_biases(form: &Form, features: &[Feature]) -> Option<Found> {
    let table = table();
    let (bare, count) = bias::strip(form);
    let own = canon(&bare);
    let &index = table.bare.get(&own.signature)?;
    let known = &table.known[index];
    let (theirs, _) = bias::strip(&known.form);
    let stripped = Known {
        entry: known.entry,
        canon: canon(&theirs),
        form: theirs,
        biases: 0,
    };
    let gates = roles::roles(&stripped, &bare, &own);
    let mut features = features.to_vec();
    features.push(match (count, known.biases) {
        (0, _) => Feature::NoBiases,
        _ => Feature::OtherBiases,
    });
    Some(Found {
        index,
        features,
        gates,
    })
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table = Table::default();
        for (index, entry) in ALL.iter().enumerate() {
            let (form, _) = bias::tidy(&build::build(entry.info));
            let canon = canon(&form);
            let (bare, biases) = bias::strip(&form);
            table.whole.entry(canon.signature).or_insert(index);
            table
                .bare
                .entry(canon::canon(&bare).signature)
                .or_insert(index);
            table.known.push(Known {
                entry,
                form,
                canon,
                biases,
            });
        }
        table
    })
}

impl Recognition {
    /// The order in which the definition writes the gates, and how libraries store them.
    pub fn order(&self) -> Option<GateOrder> {
        let known = self.known?;
        let exchanged: Vec<usize> = self.exchanged.iter().map(|&(symbol, _)| symbol).collect();
        roles::order(known, &self.gates, &exchanged)
    }

    fn phrases(&self) -> Vec<String> {
        let mut exchanged = self.exchanged.iter();
        let words = self.features.iter().map(|feature| match feature {
            Feature::LayerNorm => "layer normalisation".to_owned(),
            Feature::RmsNorm => "root-mean-square normalisation".to_owned(),
            Feature::Zoneout => "zoneout".to_owned(),
            Feature::Dropout => "dropout".to_owned(),
            Feature::Peepholes => "peepholes".to_owned(),
            Feature::DiagonalRecurrence => "a diagonal recurrence".to_owned(),
            Feature::Projection => "a projection".to_owned(),
            Feature::Readout => "a readout".to_owned(),
            Feature::HardSigmoid => "hard sigmoids".to_owned(),
            Feature::ForTanh(name) => format!("{} in place of tanh", name.replace('_', " ")),
            Feature::FurtherInputs => "further inputs".to_owned(),
            Feature::FurtherOutputs => "further outputs".to_owned(),
            Feature::InputMatrix => "a matrix on the input".to_owned(),
            Feature::TrainedConstants => "trained scalars for hyper-parameters".to_owned(),
            Feature::FixedConstants => "numbers for hyper-parameters".to_owned(),
            Feature::Exchanged(_) => match exchanged.next() {
                Some((_, gate)) => format!("{gate} and 1 - {gate} exchanged"),
                None => "a gate and its complement exchanged".to_owned(),
            },
            Feature::DoubleBiases => "two biases in one sum".to_owned(),
            Feature::NoBiases => "no biases".to_owned(),
            Feature::OtherBiases => "other biases".to_owned(),
        });
        words.collect()
    }
}

/// "LSTM with peepholes and zoneout"
impl fmt::Display for Recognition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(known) = self.known else {
            return f.write_str(&self.fallback);
        };
        f.write_str(known.title)?;
        let phrases = self.phrases();
        let Some((last, first)) = phrases.split_last() else {
            return Ok(());
        };
        let comma = if known.title.contains([',', '(']) || known.title.contains(" with") {
            ","
        } else {
            ""
        };
        match first {
            [] => write!(f, "{comma} with {last}"),
            first => write!(f, "{comma} with {} and {last}", first.join(", ")),
        }
    }
}
