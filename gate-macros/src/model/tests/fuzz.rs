//! Nothing that parses makes the stage panic.

use super::with_primes;
use crate::diag::Diagnostics;
use crate::model::{resolve, sketch};
use crate::read::read_tokens;
use crate::syntax::{parse_cell, parse_header};

const SOURCE: &str = "
    x_t : [ I ] ; h_t : [ 2 H + 1 ] ; W ~ orthogonal ; ε : hyper = 0.5 ; h_0 ~ trainable ;
    φ ( u ) = u .* σ ( 1.7 * u ) ; d = 3 ; γ = 2 * d ; b : scalar ~ 1 ;
    f_t = sigmoid ( W_x^(f) x_t + U_k h_{t-1} + b^{2} ) ; A = W - W^T - γ I ;
    for k in 1 ..= 3 { g_k = tanh ( R_{g,k} g_{k-1} + [ x_t , h_{t-d} ] ) ^ 2 ; }
    C_t = f_t * C_{t-1} + v k^T ; n_t^(1) = max ( | dot ( n_t , q ) | , 1 ) / softmax ( e^{-x_t} ) ;
    s_t = stop_gradient ( x_t ) + sign ( W_xf x_t ) .* tanh ( W_x^(f) h_prev ) + b_1 + b_2 ;
    y_{i,t} = y_{i-1,t} + sum_{k=1}^{t} h_{left} .* K_{1:t} ; c_t += h_t == 2 ;
    h_q = where ( a > b_t , φ ( A h ) , zoneout ( 0.1 , x(t-1) , outer ( h_{t+1} , x ) ) ) ;";

/// A small generator of numbers: the test gives the same on every machine.
fn next(state: &mut u64) -> usize {
    *state = state
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    (*state >> 33) as usize
}

#[test]
fn shuffled_definitions_do_not_panic() {
    let words: Vec<&str> = SOURCE.split_whitespace().collect();
    let rounds = std::env::var("FUZZ_ROUNDS")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(3000);
    let mut state = 7;
    let mut sound = 0;
    for _ in 0..rounds {
        let mut mutated = words.clone();
        for _ in 0..next(&mut state) % 12 {
            let (at, from) = (
                next(&mut state) % mutated.len(),
                next(&mut state) % words.len(),
            );
            match next(&mut state) % 3 {
                0 => drop(mutated.remove(at)),
                1 => mutated.insert(at, words[from]),
                _ => mutated[at] = words[from],
            }
        }
        let count = 1 + next(&mut state) % 6;
        let text = mutated.join(" ");
        let mut statements: Vec<&str> = text.split(';').collect();
        for _ in 0..statements.len().saturating_sub(count) {
            let at = next(&mut state) % statements.len();
            statements.remove(at);
        }
        sound += usize::from(survives(&statements.join(";")));
    }
    assert!(sound > rounds / 100, "{sound} of {rounds} were cells");
}

/// Runs the stage on what is left of a text; whether that gave a cell.
fn survives(body: &str) -> bool {
    let mut diagnostics = Diagnostics::default();
    let Ok(stream) = format!("struct Fuzz {{ {body} }}").parse() else {
        return false;
    };
    let Some((header, body)) = parse_header(stream, &mut diagnostics) else {
        return false;
    };
    let tokens = with_primes(read_tokens(body, &mut diagnostics));
    let definition = parse_cell(header, &tokens, &mut diagnostics);
    let before = diagnostics.list().len();
    sketch(definition.clone());
    let cell = resolve(definition, &mut diagnostics);
    assert_eq!(cell.is_none(), diagnostics.list().len() > before);
    cell.is_some()
}

/// Found by a fuzzer: the kinds of each sum were looked for anew at each of its terms.
#[test]
fn long_sums_of_long_sums_end() {
    let terms = " + u".repeat(216);
    assert!(super::codes("struct Test", &format!("f(u) = u{terms}; h_t = f(f(x_t));")).is_empty());
}
