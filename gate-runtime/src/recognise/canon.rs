//! Which cells are the same up to names: colours of leaves, refined until they tell all apart.
//!
//! Takes: a [`Form`]. Gives: a [`Canon`], a signature that is equal for two forms if one becomes
//! the other by renaming, and under it the place of every leaf. Colours flow up (a value has the
//! colour of what it is made of) and down (a leaf takes on where it is used) until no class
//! splits (Weisfeiler and Leman 1968); of leaves that are still alike, one is set apart.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::build::Form;
use super::term::{Atom, AtomId, Leaf, Made, Value, rounded};

/// A form up to names.
#[derive(Clone, Debug)]
pub(super) struct Canon {
    pub(super) signature: u64,
    /// Colours of named values, comparable between forms of equal signature.
    values: HashMap<Value, u64>,
}

impl Canon {
    /// The colour of a named value, if states and outputs use it.
    pub(super) fn of(&self, value: Value) -> Option<u64> {
        self.values.get(&value).copied()
    }
}

/// At most so many parameters that stand both plain and transposed are tried both ways.
const TURNED: usize = 4;

/// The form up to names.
pub(super) fn canon(form: &Form) -> Canon {
    let view = View::new(form);
    let mixed = &view.mixed[..view.mixed.len().min(TURNED)];
    let tries = (0..1_usize << mixed.len()).map(|bits| {
        let turned = mixed.iter().enumerate().filter(|(i, _)| bits >> i & 1 == 1);
        let mut turned: BTreeSet<&Leaf> = turned.map(|(_, leaf)| *leaf).collect();
        turned.extend(&view.turned);
        view.settle(&turned)
    });
    let best = tries.min_by_key(|canon| canon.signature);
    best.unwrap_or(Canon {
        signature: 0,
        values: HashMap::new(),
    })
}

fn mix(parts: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    parts.hash(&mut hasher);
    hasher.finish()
}

/// Colours at one stage.
struct Colours {
    atoms: Vec<u64>,
    values: Vec<u64>,
}

struct View<'f> {
    form: &'f Form,
    /// What the states and outputs are made of.
    used: (Vec<bool>, Vec<bool>),
    leaves: Vec<&'f Leaf>,
    /// Parameters that only stand transposed, and those that stand both ways.
    turned: Vec<&'f Leaf>,
    mixed: Vec<&'f Leaf>,
}

impl<'f> View<'f> {
    fn new(form: &'f Form) -> Self {
        let used = used(form);
        let mut found: BTreeMap<&Leaf, (bool, bool)> = BTreeMap::new();
        let atoms = form.terms.atoms.iter().zip(&used.0);
        for ((atom, _), _) in atoms.filter(|(_, used)| **used) {
            match atom {
                Atom::Leaf(leaf, _) => found.entry(leaf).or_default().0 = true,
                Atom::Transposed(leaf) => found.entry(leaf).or_default().1 = true,
                _ => {}
            }
        }
        let with = |which: (bool, bool)| {
            let some = found.iter().filter(move |(_, w)| **w == which);
            some.map(|(leaf, _)| *leaf).collect::<Vec<&Leaf>>()
        };
        let (turned, mixed) = (with((false, true)), with((true, true)));
        let leaves = found.keys().copied().collect();
        View {
            form,
            used,
            leaves,
            turned,
            mixed,
        }
    }

    /// Refines until every leaf has a colour of its own, and numbers them.
    fn settle(&self, turned: &BTreeSet<&Leaf>) -> Canon {
        let mut colours: BTreeMap<&Leaf, u64> = self
            .leaves
            .iter()
            .map(|&leaf| (leaf, mix(kind(leaf))))
            .collect();
        loop {
            self.refine(&mut colours, turned);
            let mut classes: BTreeMap<u64, Vec<&Leaf>> = BTreeMap::new();
            for (&leaf, &colour) in &colours {
                classes.entry(colour).or_default().push(leaf);
            }
            match classes.values().find(|class| class.len() > 1) {
                Some(class) => {
                    let colour = mix((colours[class[0]], "apart"));
                    colours.insert(class[0], colour);
                }
                None => break,
            }
        }
        let mut order: Vec<(u64, &Leaf)> = colours.iter().map(|(&l, &c)| (c, l)).collect();
        order.sort_unstable();
        for (rank, (_, leaf)) in order.into_iter().enumerate() {
            colours.insert(leaf, mix((kind(leaf), rank)));
        }
        let up = self.up(&colours, turned);
        let mut roots: Vec<u64> = self.roots(&colours, &up).collect();
        roots.sort_unstable();
        let named = self.form.named.iter();
        let values = named.filter_map(|&(_, v)| Some((v, self.reached(v, &up)?)));
        Canon {
            signature: mix(roots),
            values: values.collect(),
        }
    }

    /// The colour of a value, if all of it is used.
    fn reached(&self, value: Value, up: &Colours) -> Option<u64> {
        let mut factors = self.form.terms.values[value].iter().flat_map(|(m, _)| m);
        factors
            .all(|&(a, _)| self.used.0[a])
            .then(|| self.sum(value, &up.atoms))
    }

    /// The colour of a sum.
    fn sum(&self, value: Value, atoms: &[u64]) -> u64 {
        let each = self.form.terms.values[value].iter().map(|(m, c)| {
            let factors = m.iter().map(|&(a, e)| mix((atoms[a], e)));
            mix((rounded(*c), factors.fold(0, u64::wrapping_add)))
        });
        mix(("sum", each.fold(0, u64::wrapping_add)))
    }

    /// Colours of states with their updates, and of outputs.
    fn roots<'a>(
        &'a self,
        colours: &'a BTreeMap<&Leaf, u64>,
        up: &'a Colours,
    ) -> impl Iterator<Item = u64> + 'a {
        let states = self.form.states.iter().enumerate();
        let states = states
            .map(|(i, &(_, value))| mix(("state", colours.get(&Leaf::State(i)), up.values[value])));
        let outputs = self
            .form
            .outputs
            .iter()
            .map(|&v| mix(("output", up.values[v])));
        states.chain(outputs)
    }

    fn refine(&self, colours: &mut BTreeMap<&'f Leaf, u64>, turned: &BTreeSet<&Leaf>) {
        let mut classes = 0;
        loop {
            let up = self.up(colours, turned);
            let down = self.down(colours, turned, &up);
            let old = colours.clone();
            for (leaf, colour) in colours.iter_mut() {
                let context = down.get(leaf).copied().unwrap_or(0);
                let update = match leaf {
                    Leaf::State(i) => up.values[self.form.states[*i].1],
                    _ => 0,
                };
                *colour = mix((old[leaf], context, update));
            }
            let now = colours.values().collect::<BTreeSet<_>>().len();
            if now == classes {
                return;
            }
            classes = now;
        }
    }

    /// Colours from the leaves up.
    fn up(&self, colours: &BTreeMap<&Leaf, u64>, turned: &BTreeSet<&Leaf>) -> Colours {
        let terms = &self.form.terms;
        let mut out = Colours {
            atoms: vec![0; terms.atoms.len()],
            values: vec![0; terms.values.len()],
        };
        for made in &terms.made {
            match *made {
                Made::Atom(id) if self.used.0[id] => {
                    out.atoms[id] = self.atom(id, colours, turned, &out);
                }
                Made::Value(id) if self.used.1[id] => {
                    out.values[id] = self.sum(id, &out.atoms);
                }
                _ => {}
            }
        }
        out
    }

    fn atom(
        &self,
        id: AtomId,
        colours: &BTreeMap<&Leaf, u64>,
        turned: &BTreeSet<&Leaf>,
        out: &Colours,
    ) -> u64 {
        let (atom, axes) = &self.form.terms.atoms[id];
        match atom {
            Atom::Leaf(leaf, delay) => mix((colours[leaf], *delay, turned.contains(leaf), axes)),
            Atom::Transposed(leaf) => mix((colours[leaf], 0_usize, !turned.contains(leaf), axes)),
            Atom::Dot(m, v) => mix(("dot", out.values[*m], out.values[*v])),
            Atom::Group(v) => mix(("group", out.values[*v])),
            Atom::Call(name, args) => {
                let places = args.iter().enumerate();
                let each = places.map(|(i, &a)| mix((place(name, i), out.values[a])));
                mix((name, each.fold(0, u64::wrapping_add)))
            }
        }
    }

    /// For each leaf, the sum of the colours of the places where it stands.
    fn down(
        &self,
        colours: &BTreeMap<&'f Leaf, u64>,
        turned: &BTreeSet<&Leaf>,
        up: &Colours,
    ) -> BTreeMap<&'f Leaf, u64> {
        let terms = &self.form.terms;
        let mut values = vec![0_u64; terms.values.len()];
        let mut atoms = vec![0_u64; terms.atoms.len()];
        for (i, &(_, value)) in self.form.states.iter().enumerate() {
            let colour = mix(("state", colours.get(&Leaf::State(i))));
            values[value] = values[value].wrapping_add(colour);
        }
        for &value in &self.form.outputs {
            values[value] = values[value].wrapping_add(mix("output"));
        }
        let mut leaves: BTreeMap<&Leaf, u64> = BTreeMap::new();
        for made in terms.made.iter().rev() {
            match *made {
                Made::Value(id) if self.used.1[id] => {
                    for (m, c) in &terms.values[id] {
                        let factors = m.iter().map(|&(a, e)| mix((up.atoms[a], e)));
                        let whole = factors.fold(0, u64::wrapping_add);
                        for &(a, e) in m {
                            let rest = whole.wrapping_sub(mix((up.atoms[a], e)));
                            let context = mix((values[id], up.values[id], rounded(*c), rest, e));
                            atoms[a] = atoms[a].wrapping_add(context);
                        }
                    }
                }
                Made::Atom(id) if self.used.0[id] => {
                    let own = atoms[id];
                    let mut give = |v: Value, at: u64| {
                        values[v] = values[v].wrapping_add(mix((own, up.atoms[id], at)));
                    };
                    match &terms.atoms[id].0 {
                        Atom::Leaf(leaf, delay) => {
                            let colour = mix((own, *delay, turned.contains(leaf)));
                            let sum = leaves.entry(leaf).or_default();
                            *sum = sum.wrapping_add(colour);
                        }
                        Atom::Transposed(leaf) => {
                            let colour = mix((own, 0_usize, !turned.contains(leaf)));
                            let sum = leaves.entry(leaf).or_default();
                            *sum = sum.wrapping_add(colour);
                        }
                        Atom::Dot(m, v) => {
                            give(*m, 0);
                            give(*v, 1);
                        }
                        Atom::Group(v) => give(*v, 0),
                        Atom::Call(name, args) => {
                            for (i, &v) in args.iter().enumerate() {
                                give(v, place(name, i));
                            }
                        }
                    }
                }
                _ => {}
            }
        }
        leaves
    }
}

/// The place of an argument; that of functions whose order does not matter is the same.
fn place(name: &str, i: usize) -> u64 {
    match name {
        "min" | "max" => 0,
        _ => i as u64,
    }
}

/// What may be renamed to what.
fn kind(leaf: &Leaf) -> &'static str {
    match leaf {
        Leaf::Input(_) => "input",
        Leaf::State(_) => "state",
        Leaf::Param(..) => "parameter",
        Leaf::Hyper(_) => "hyper",
        Leaf::Mask(_, false) => "dropout",
        Leaf::Mask(_, true) => "zoneout",
    }
}

/// Atoms and values that states and outputs are made of.
pub(super) fn used(form: &Form) -> (Vec<bool>, Vec<bool>) {
    let terms = &form.terms;
    let (mut atoms, mut values) = (
        vec![false; terms.atoms.len()],
        vec![false; terms.values.len()],
    );
    let states = form.states.iter().map(|&(_, v)| v);
    states
        .chain(form.outputs.iter().copied())
        .for_each(|v| values[v] = true);
    for made in terms.made.iter().rev() {
        match *made {
            Made::Value(id) if values[id] => {
                let factors = terms.values[id].iter().flat_map(|(m, _)| m);
                factors.for_each(|&(a, _)| atoms[a] = true);
            }
            Made::Atom(id) if atoms[id] => match &terms.atoms[id].0 {
                Atom::Dot(m, v) => {
                    values[*m] = true;
                    values[*v] = true;
                }
                Atom::Group(v) => values[*v] = true,
                Atom::Call(_, args) => args.iter().for_each(|&v| values[v] = true),
                Atom::Leaf(..) | Atom::Transposed(_) => {}
            },
            _ => {}
        }
    }
    (atoms, values)
}
