//! Fused element-wise functions as Rust functions of one position.
//!
//! Takes: the fused functions of a schedule. Gives: a type for each, `Map0` and on, whose functions
//! read like the equations: what these name has its name, and what is used once stands in place.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens, format_ident, quote};

use crate::ir::{Binary, Compare, Unary};
use crate::model::Cell;
use crate::plan::{CARRIED, Halves, MapFn, Per, Scalar, Schedule, Value, halves};

use super::mutants::Mutants;
use super::paths::{Paths, local};

/// All fused functions of a schedule, `Map0` and on.
pub(crate) fn maps(
    cell: &Cell,
    schedule: &Schedule,
    mutants: Option<&Mutants>,
    paths: &Paths,
) -> TokenStream {
    let each = schedule.maps.iter().enumerate().map(|(i, map)| {
        let mutants = mutants.filter(|m| m.breaks(i));
        let function = function(i, map, cell, mutants, paths);
        let per = per(i, map, paths);
        quote!(#function #per)
    });
    // A module of their own: in the user's, `let C = …` would meet a constant `C`.
    quote!(mod maps { #(#each)* })
}

/// The path of a fused function's type.
pub(crate) fn map_name(index: usize) -> TokenStream {
    let name = format_ident!("Map{index}");
    quote!(maps::#name)
}

/// What the arguments and results of a function of matrices have a number for.
fn per(index: usize, map: &MapFn, paths: &Paths) -> TokenStream {
    let Some((takes, gives)) = &map.per else {
        return TokenStream::new();
    };
    let (name, matrix_map, per) = (
        format_ident!("Map{index}"),
        paths.private("MatrixMap"),
        paths.private("Per"),
    );
    let (i, o) = (takes.len(), gives.len());
    let list = |list: &[Per]| {
        let each = list.iter().map(|one| match one {
            Per::Element => quote!(#per::Element),
            Per::Line => quote!(#per::Line),
            Per::Column => quote!(#per::Column),
            Per::Matrix => quote!(#per::Matrix),
        });
        quote!([#(#each),*])
    };
    let (takes, gives) = (list(takes), list(gives));
    quote! {
        impl #matrix_map<#i, #o> for #name {
            const TAKES: [#per; #i] = #takes;
            const GIVES: [#per; #o] = #gives;
        }
    }
}

fn function(
    index: usize,
    map: &MapFn,
    cell: &Cell,
    mutants: Option<&Mutants>,
    paths: &Paths,
) -> TokenStream {
    let name = format_ident!("Map{index}");
    let (map_trait, real) = (paths.private("Map"), paths.private("Real"));
    // A test breaks terms in one place.
    let whole = mutants.is_some() || map.per.is_some();
    let halves = (!whole).then(|| halves(map)).flatten();
    let writer = Writer {
        mutants,
        ..Writer::new(map, cell, halves.as_ref())
    };
    let (inputs, outputs) = (map.inputs.len(), map.outputs.len());
    if let Some(halves) = halves {
        let body = in_halves(map, &halves, &writer, &real);
        return quote! {
            pub(super) struct #name;
            impl #map_trait<#inputs, #outputs> for #name { #body }
        };
    }
    let arguments = &writer.inputs;
    let lines = writer.assignments(|_| true);
    let results = map.outputs.iter().enumerate().map(|(i, v)| {
        let value = writer.value(*v);
        match mutants {
            Some(mutants) => {
                let printed = writer.printed(v);
                let place = format!("Map{index}: result {}, {printed},", i + 1);
                mutants.result(&place, &value)
            }
            None => value,
        }
    });
    quote! {
        pub(super) struct #name;
        impl #map_trait<#inputs, #outputs> for #name {
            #[inline(always)]
            fn eval<V: #real>([#(#arguments),*]: [V; #inputs]) -> [V; #outputs] {
                #(#lines)*
                [#(#results),*]
            }
        }
    }
}

/// The functions of a map in two halves.
fn in_halves(map: &MapFn, halves: &Halves, writer: &Writer, real: &TokenStream) -> TokenStream {
    let (inputs, outputs) = (map.inputs.len(), map.outputs.len());
    let arguments = &writer.inputs;
    let late: Vec<bool> = map.outputs.iter().map(|v| halves.is_late(*v)).collect();
    let bits = late
        .iter()
        .rev()
        .fold(0, |all, &bit| all << 1 | u64::from(bit));
    let bits = Literal::u64_unsuffixed(bits);
    let zero = number(0.0);
    let results = |wanted: bool| {
        let each = map.outputs.iter().zip(&late);
        let each = each.map(|(value, late)| match *late == wanted {
            true => writer.value(*value),
            false => zero.clone(),
        });
        each.collect::<Vec<_>>()
    };
    let (early_results, late_results) = (results(false), results(true));
    let both = late.iter().enumerate().map(|(o, late)| match late {
        true => quote!(late[#o]),
        false => quote!(early[#o]),
    });
    let (first, second) = (
        writer.assignments(|i| !halves.late[i]),
        writer.assignments(|i| halves.late[i]),
    );
    let mut given: Vec<TokenStream> = halves.carried.iter().map(|v| writer.value(*v)).collect();
    let taken = given.clone();
    given.resize(CARRIED, zero);
    quote! {
        const LATE: ::core::primitive::u64 = #bits;
        #[inline(always)]
        fn eval<V: #real>(inputs: [V; #inputs]) -> [V; #outputs] {
            let (early, carried) = Self::first(inputs);
            let late = Self::second(carried);
            [#(#both),*]
        }
        #[inline(always)]
        fn first<V: #real>([#(#arguments),*]: [V; #inputs]) -> ([V; #outputs], [V; #CARRIED]) {
            #(#first)*
            ([#(#early_results),*], [#(#given),*])
        }
        #[inline(always)]
        fn second<V: #real>([#(#taken,)* ..]: [V; #CARRIED]) -> [V; #outputs] {
            #(#second)*
            [#(#late_results),*]
        }
    }
}

/// Levels of brackets in one expression: neither we nor the compiler shall need more stack for a
/// long chain of operations.
const MOST_NESTED: usize = 64;

/// Turns lines into expressions; what is used once and has no name of its own is written in
/// place.
struct Writer<'a> {
    map: &'a MapFn,
    mutants: Option<&'a Mutants>,
    inputs: Vec<Ident>,
    lines: Vec<Ident>,
    inlined: Vec<bool>,
}

impl Writer<'_> {
    fn new<'a>(map: &'a MapFn, cell: &Cell, halves: Option<&Halves>) -> Writer<'a> {
        let mut taken = BTreeSet::from(["V".to_owned()]);
        let mut unique = |name: &str| {
            let mut fresh = name.to_owned();
            let mut count = 2;
            while taken.contains(&fresh) {
                fresh = format!("{name}_{count}");
                count += 1;
            }
            taken.insert(fresh.clone());
            local(&fresh)
        };
        let inputs = map.inputs.iter().map(|n| unique(n)).collect();
        // Each line stands, for a debugger and an editor, where its equation does.
        let lines = map.lines.iter().map(|line| {
            let mut name = unique(&line.name);
            if let Some(equation) = line.origin.and_then(|origin| cell.equations.get(origin)) {
                name.set_span(name.span().located_at(equation.place.span));
            }
            name
        });
        let lines = lines.collect();
        let mut uses = vec![0; map.lines.len()];
        let all = map.lines.iter().flat_map(|l| &l.args).chain(&map.outputs);
        for value in all {
            if let Value::Line(i) = value {
                uses[*i] += 1;
            }
        }
        let handed_over =
            |i: usize| halves.is_some_and(|halves| halves.carried.contains(&Value::Line(i)));
        let mut inlined = vec![false; map.lines.len()];
        let mut depths = vec![0; map.lines.len()];
        for (i, line) in map.lines.iter().enumerate() {
            let within = line.args.iter().map(|value| match value {
                Value::Line(arg) if inlined[*arg] => depths[*arg] + 1,
                _ => 0,
            });
            depths[i] = within.max().unwrap_or(0);
            let shallow = depths[i] < MOST_NESTED;
            inlined[i] = uses[i] == 1 && line.numbered && !handed_over(i) && shallow;
        }
        Writer {
            map,
            mutants: None,
            inputs,
            lines,
            inlined,
        }
    }

    /// The lines among these that have a name.
    fn assignments(&self, which: impl Fn(usize) -> bool) -> Vec<TokenStream> {
        let named = (0..self.lines.len()).filter(|&i| !self.inlined[i] && which(i));
        let assignment = |i: usize| {
            let (name, value) = (&self.lines[i], self.line(i));
            quote!(let #name = #value;)
        };
        named.map(assignment).collect()
    }

    fn value(&self, value: Value) -> TokenStream {
        match value {
            Value::Input(i) => {
                let name = &self.inputs[i];
                quote!(#name)
            }
            Value::Line(i) if self.inlined[i] => {
                let inner = self.line(i);
                quote!((#inner))
            }
            Value::Line(i) => {
                let name = &self.lines[i];
                quote!(#name)
            }
            Value::Number(n) => number(n),
        }
    }

    fn line(&self, index: usize) -> TokenStream {
        let line = &self.map.lines[index];
        let args: Vec<TokenStream> = line.args.iter().map(|v| self.value(*v)).collect();
        let Some(mutants) = self.mutants else {
            return operation(line.op, &args);
        };
        let printed: Vec<TokenStream> = line.args.iter().map(|v| self.printed(v)).collect();
        let place = format!("{} = {}", line.name, operation(line.op, &printed));
        // Of a product with 0 only the 0 is a term.
        let nothing = self.zero(&Value::Line(index));
        let broken = args.into_iter().enumerate().map(|(at, value)| {
            let number = match &line.args[at] {
                arg if self.zero(arg) => Some(0.0),
                Value::Number(number) => Some(*number),
                _ if nothing => return value,
                _ => None,
            };
            mutants.operand(&place, (line.op, at), number, value)
        });
        let args: Vec<TokenStream> = broken.collect();
        mutants.operation(&place, line.op, &args, |args| operation(line.op, args))
    }

    /// A value as a name, for a report.
    fn printed(&self, value: &Value) -> TokenStream {
        match value {
            Value::Line(i) => self.lines[*i].to_token_stream(),
            value => self.value(*value),
        }
    }

    /// A value that is zero by its definition: `0`, `0 * x`.
    fn zero(&self, value: &Value) -> bool {
        match value {
            Value::Number(number) => *number == 0.0,
            Value::Line(i) => {
                let line = &self.map.lines[*i];
                line.op == Scalar::Binary(Binary::Mul) && line.args.iter().any(|a| self.zero(a))
            }
            Value::Input(_) => false,
        }
    }
}

fn operation(op: Scalar, args: &[TokenStream]) -> TokenStream {
    match (op, args) {
        (Scalar::Unary(Unary::Neg), [a]) => quote!(-#a),
        (Scalar::Unary(op), [a]) => {
            let method = unary(op);
            quote!(#a.#method())
        }
        (Scalar::Binary(op), [a, b]) => binary(op, a, b),
        (Scalar::Select(compare), [a, b, yes, no]) => match compare {
            Compare::Greater => quote!(V::select_gt(#a, #b, #yes, #no)),
            Compare::GreaterEq => quote!(V::select_ge(#a, #b, #yes, #no)),
        },
        _ => quote!(),
    }
}

/// A number as a value.
fn number(n: f64) -> TokenStream {
    if n.is_nan() {
        return quote!(V::num(::core::primitive::f64::NAN));
    }
    let infinite = if n > 0.0 {
        quote!(::core::primitive::f64::INFINITY)
    } else {
        quote!(::core::primitive::f64::NEG_INFINITY)
    };
    if n.is_infinite() {
        return quote!(V::num(#infinite));
    }
    let magnitude = Literal::f64_unsuffixed(n.abs());
    if n.is_sign_negative() {
        quote!(V::num(-#magnitude))
    } else {
        quote!(V::num(#magnitude))
    }
}

fn unary(op: Unary) -> Ident {
    let name = match op {
        Unary::Neg => "neg",
        Unary::Sigmoid => "sigmoid",
        Unary::Tanh => "tanh",
        Unary::Relu => "relu",
        Unary::Exp => "exp",
        Unary::ExpM1 => "exp_m1",
        Unary::Log => "log",
        Unary::Softplus => "softplus",
        Unary::Sqrt => "sqrt",
        Unary::Recip => "recip",
        Unary::Square => "square",
        Unary::Abs => "abs",
        Unary::Sign => "sign",
        Unary::Sin => "sin",
        Unary::Cos => "cos",
        Unary::Silu => "silu",
        Unary::SiluSlope => "silu_slope",
        Unary::Gelu => "gelu",
        Unary::GeluSlope => "gelu_slope",
    };
    format_ident!("{name}")
}

fn binary(op: Binary, a: &TokenStream, b: &TokenStream) -> TokenStream {
    match op {
        Binary::Add => quote!(#a + #b),
        Binary::Sub => quote!(#a - #b),
        Binary::Mul => quote!(#a * #b),
        Binary::Div => quote!(#a / #b),
        Binary::Pow => quote!(#a.pow(#b)),
        Binary::Min => quote!(#a.min(#b)),
        Binary::Max => quote!(#a.max(#b)),
    }
}
