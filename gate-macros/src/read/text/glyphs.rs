//! Tables: what each glyph and each command of LaTeX stands for.

use crate::functions;
use crate::read::{Bracket, Kind};

/// What a command does.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Command {
    /// Stands for a token.
    Kind(Kind),
    /// Stands for a letter or a word.
    Word(String),
    /// White space, or nothing at all.
    Space,
    /// Wide space, which may part two equations.
    Quad,
    /// `\\` by another name.
    Row,
    /// Braces on paper: `\{`.
    Brace(bool),
    /// `\left`, `\bigl`: the bracket behind it is read, a dot is not.
    Size,
    /// A font for letters of mathematics.
    Font,
    /// A font that makes another letter, `\mathcal`.
    Script,
    /// `\mathbb`
    Blackboard,
    /// A font for words.
    WordFont,
    /// Text with its own white space.
    Text,
    /// `\rm`, `\bf`: a font to the end of the group; whether for words.
    Switch(bool),
    Accent(char),
    Frac,
    Sqrt,
    /// So many arguments that are not read.
    Drop(usize),
    /// The first of two arguments stands above or below the second.
    Stack,
    /// Its argument, with a label below or above.
    Brackets,
    /// `\lVert`, `\rVert`, `\|`: whether it opens, where that is known.
    Norm(Option<bool>),
    /// `\intertext{…}`
    Intertext,
    Begin,
    End,
    /// `\forall`: prose.
    Forall,
}

/// Signs, as glyphs and as commands.
const SIGNS: &[(&str, &str, Kind)] = &[
    ("+", "plus", Kind::Plus),
    ("-−–﹣－", "minus", Kind::Minus),
    ("*∗•@×⋆＊", "times ast star bullet ltimes", Kind::Star),
    ("·⋅", "cdot cdotp", Kind::Dot),
    ("⊙ʘ⨀∘○◦⚬☉", "odot circ bigcirc bigodot", Kind::Hadamard),
    ("⊗⨂", "otimes bigotimes", Kind::Outer),
    ("/÷∕⊘", "div slash oslash", Kind::Slash),
    (
        "=≔≜≝←",
        "coloneqq triangleq leftarrow gets doteq coloneq defeq equiv",
        Kind::Equals,
    ),
    ("∼～", "sim thicksim", Kind::Tilde),
    (":∶", "colon", Kind::Colon),
    (",，", "", Kind::Comma),
    (";；", "", Kind::Semi),
    ("→⟶", "to rightarrow longrightarrow", Kind::Arrow),
    ("∈∊", "in", Kind::In),
    (">＞", "gt", Kind::Greater),
    ("<＜", "lt", Kind::Less),
    ("≥⩾", "ge geq geqslant", Kind::GreaterEq),
    ("≤⩽", "le leq leqslant", Kind::LessEq),
    ("|∣", "mid vert lvert rvert", Kind::Bar),
    (
        "…⋯",
        "ldots cdots dots dotsc dotsb dotsm",
        Kind::Range(false),
    ),
    ("(（", "lparen", Kind::Open(Bracket::Paren)),
    (")）", "rparen", Kind::Close(Bracket::Paren)),
    ("⟨", "langle", Kind::Open(Bracket::Paren)),
    ("⟩", "rangle", Kind::Close(Bracket::Paren)),
    ("[", "lbrack", Kind::Open(Bracket::Square)),
    ("]", "rbrack", Kind::Close(Bracket::Square)),
    ("⊤", "top intercal", Kind::Transpose),
    ("'′’ʹ", "prime", Kind::Prime(1)),
    ("″", "dprime", Kind::Prime(2)),
    ("‴", "trprime", Kind::Prime(3)),
];

/// Greek letters by the name of their command.
pub(crate) const GREEK: &[(&str, char)] = &[
    ("alpha", 'α'),
    ("beta", 'β'),
    ("gamma", 'γ'),
    ("delta", 'δ'),
    ("epsilon", 'ϵ'),
    ("varepsilon", 'ε'),
    ("zeta", 'ζ'),
    ("eta", 'η'),
    ("theta", 'θ'),
    ("vartheta", 'ϑ'),
    ("iota", 'ι'),
    ("kappa", 'κ'),
    ("varkappa", 'ϰ'),
    ("lambda", 'λ'),
    ("mu", 'μ'),
    ("nu", 'ν'),
    ("xi", 'ξ'),
    ("omicron", 'ο'),
    ("pi", 'π'),
    ("varpi", 'ϖ'),
    ("rho", 'ρ'),
    ("varrho", 'ϱ'),
    ("sigma", 'σ'),
    ("varsigma", 'ς'),
    ("tau", 'τ'),
    ("upsilon", 'υ'),
    ("phi", 'ϕ'),
    ("varphi", 'φ'),
    ("chi", 'χ'),
    ("psi", 'ψ'),
    ("omega", 'ω'),
    ("Gamma", 'Γ'),
    ("Delta", 'Δ'),
    ("Theta", 'Θ'),
    ("Lambda", 'Λ'),
    ("Xi", 'Ξ'),
    ("Pi", 'Π'),
    ("Sigma", 'Σ'),
    ("Upsilon", 'Υ'),
    ("Phi", 'Φ'),
    ("Psi", 'Ψ'),
    ("Omega", 'Ω'),
];

/// Two shapes of one Greek letter: the second is the one that a name takes, unless both occur.
pub(super) const SHAPES: &[(char, char)] = &[
    ('ϕ', 'φ'),
    ('ϵ', 'ε'),
    ('ϑ', 'θ'),
    ('ϱ', 'ρ'),
    ('ϰ', 'κ'),
    ('ς', 'σ'),
    ('ϖ', 'π'),
];

/// Commands by what they do; the names stand between spaces.
const COMMANDS: &[(&str, Command)] = &[
    (
        ", ; : ! > / - space thinspace medspace thickspace negthinspace enspace enskip nobreak \
         allowbreak relax displaystyle textstyle scriptstyle limits nolimits nonumber notag \
         hline toprule midrule bottomrule strut mathstrut small large normalsize footnotesize \
         centering noindent break linebreak smallskip medskip bigskip ( ) [ ]",
        Command::Space,
    ),
    ("quad qquad hfill", Command::Quad),
    ("\\ cr newline tabularnewline par", Command::Row),
    ("{ lbrace", Command::Brace(true)),
    ("} rbrace", Command::Brace(false)),
    (
        "left right middle big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr bigm Bigm \
         biggm Biggm mathopen mathclose",
        Command::Size,
    ),
    (
        "mathbf boldsymbol bm pmb mathnormal symbf symbfit mathbfit \
         mathbin mathrel mathord mathop mathpunct mathinner ensuremath boxed smash",
        Command::Font,
    ),
    ("mathcal mathscr mathfrak", Command::Script),
    ("mathbb mathds mathbbm", Command::Blackboard),
    (
        "mathrm operatorname mathit mathsf mathtt mathup symup textsc",
        Command::WordFont,
    ),
    (
        "text textrm textbf textit texttt textsf textnormal textup mbox hbox emph",
        Command::Text,
    ),
    ("rm sf tt it", Command::Switch(true)),
    ("bf cal frak sl bfseries mit", Command::Switch(false)),
    ("frac tfrac dfrac cfrac nicefrac sfrac", Command::Frac),
    ("sqrt", Command::Sqrt),
    (
        "label tag hspace vspace phantom hphantom vphantom color mspace mskip eqref ref cite",
        Command::Drop(1),
    ),
    ("rule textcolor", Command::Drop(1)),
    ("stackrel overset underset", Command::Stack),
    (
        "underbrace overbrace underbracket overbracket",
        Command::Brackets,
    ),
    ("lVert", Command::Norm(Some(true))),
    ("rVert", Command::Norm(Some(false))),
    ("| Vert", Command::Norm(None)),
    ("intertext shortintertext", Command::Intertext),
    ("begin", Command::Begin),
    ("end", Command::End),
    ("forall", Command::Forall),
];

/// Words and letters that have a command of their own and no other sense.
const WORDS: &[(&str, &str)] = &[
    ("ell", "ℓ"),
    ("imath", "i"),
    ("jmath", "j"),
    ("reals", "ℝ"),
    ("Reals", "ℝ"),
    ("R", "ℝ"),
    ("sgn", "sign"),
    ("dagger", "†"),
    ("arctan", "arctan"),
    ("sinh", "sinh"),
    ("cosh", "cosh"),
    ("tan", "tan"),
    ("det", "det"),
    ("lg", "lg"),
    ("Re", "Re"),
    ("Im", "Im"),
];

/// Functions of the table whose name is another command of LaTeX.
const OTHER_SENSE: [&str; 4] = ["sum", "square", "dot", "outer"];

/// Environments by what their rows mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Environment {
    /// Rows are equations or wrapped lines.
    Rows,
    /// Rows are values with conditions, or the equations of a system.
    Cases,
    /// Rows are parts of a vector.
    Matrix,
}

/// Environments.
const ENVIRONMENTS: &[(&str, Environment)] = &[
    (
        "aligned align alignat alignedat equation gather gathered split multline eqnarray flalign \
         array math displaymath subequations tabular dmath",
        Environment::Rows,
    ),
    ("cases dcases rcases drcases numcases", Environment::Cases),
    ("matrix bmatrix pmatrix smallmatrix", Environment::Matrix),
];

/// The token of a glyph.
pub(super) fn sign(c: char) -> Option<Kind> {
    SIGNS
        .iter()
        .find(|(glyphs, _, _)| glyphs.contains(c))
        .map(|(_, _, kind)| kind.clone())
}

/// What a command does, its name without the backslash.
pub(super) fn command(name: &str) -> Option<Command> {
    let named = |names: &str| names.split(' ').any(|known| known == name);
    if name.is_empty() {
        return None;
    }
    if name == " " {
        return Some(Command::Space);
    }
    if let Some((_, command)) = COMMANDS.iter().find(|(names, _)| named(names)) {
        return Some(command.clone());
    }
    if let Some((_, _, kind)) = SIGNS.iter().find(|(_, names, _)| named(names)) {
        return Some(Command::Kind(kind.clone()));
    }
    if let Some(accent) = super::accents::command(name) {
        return Some(Command::Accent(accent));
    }
    if let Some(letter) = greek(name) {
        return Some(Command::Word(letter.to_string()));
    }
    if let Some((_, word)) = WORDS.iter().find(|(command, _)| *command == name) {
        return Some(Command::Word((*word).to_owned()));
    }
    let function = functions::function(name).is_some() && !OTHER_SENSE.contains(&name);
    function.then(|| Command::Word(name.to_owned()))
}

/// The Greek letter of a name.
pub(super) fn greek(name: &str) -> Option<char> {
    GREEK
        .iter()
        .find(|(known, _)| *known == name)
        .map(|&(_, letter)| letter)
}

/// The environment of a name, starred or not.
pub(super) fn environment(name: &str) -> Option<Environment> {
    let plain = name.strip_suffix('*').unwrap_or(name);
    let named = |names: &str| names.split(' ').any(|known| known == plain);
    ENVIRONMENTS
        .iter()
        .find(|(names, _)| named(names))
        .map(|&(_, environment)| environment)
}

/// Superscript and subscript glyphs with what they stand for.
const RAISED: (&str, &str) = (
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵅᵝᵞᵟᵠᵡ",
    "0123456789+-=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWαβγδφχ",
);
const LOWERED: (&str, &str) = (
    "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ",
    "0123456789+-=()aehijklmnoprstuvxβγρφχ",
);

/// For a small glyph: whether it is raised, and the glyph of normal size.
pub(super) fn small(c: char) -> Option<(bool, char)> {
    let find = |(small, normal): (&str, &str)| {
        let at = small.chars().position(|own| own == c)?;
        normal.chars().nth(at)
    };
    find(RAISED)
        .map(|normal| (true, normal))
        .or_else(|| find(LOWERED).map(|normal| (false, normal)))
}

/// Letters and digits of the mathematical alphabets (`𝐡`, `𝜎`, `𝟏`) in their plain shape, and
/// letters that have two code points.
pub(super) fn plain(c: char) -> char {
    const GREEK_CAPITALS: &str = "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡθΣΤΥΦΧΨΩ∇";
    const GREEK_SMALL: &str = "αβγδεζηθικλμνξοπρςστυφχψω∂ϵϑϰϕϱϖ";
    let code = c as u32;
    let nth = |base: char, offset: u32| char::from_u32(base as u32 + offset).unwrap_or(c);
    match code {
        0x1d400..=0x1d6a3 => match (code - 0x1d400) % 52 {
            capital @ 0..=25 => nth('A', capital),
            small => nth('a', small - 26),
        },
        0x1d6a4 => 'i',
        0x1d6a5 => 'j',
        0x1d6a8..=0x1d7c9 => {
            let at = ((code - 0x1d6a8) % 58) as usize;
            let letter = match at {
                0..=25 => GREEK_CAPITALS.chars().nth(at),
                _ => GREEK_SMALL.chars().nth(at - 26),
            };
            letter.unwrap_or(c)
        }
        0x1d7ce..=0x1d7ff => nth('0', (code - 0x1d7ce) % 10),
        _ => match c {
            'ℎ' => 'h',
            'µ' => 'μ',
            '∆' => 'Δ',
            'Ω' => 'Ω',
            'ℛ' => 'R',
            'ℋ' => 'H',
            'ℓ' => 'ℓ',
            _ => c,
        },
    }
}

pub(super) fn is_greek(c: char) -> bool {
    matches!(c, '\u{370}'..='\u{3ff}')
}

/// White space, and marks that take no room.
pub(super) fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}
