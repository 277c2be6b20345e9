//! The functions that the language knows, with every spelling. A table of data that all stages read.

/// A function of the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Function {
    Sigmoid,
    Tanh,
    Relu,
    LeakyRelu,
    Elu,
    Selu,
    Silu,
    Gelu,
    Softplus,
    Softsign,
    HardSigmoid,
    HardTanh,
    Exp,
    Log,
    Sqrt,
    Square,
    Abs,
    Sign,
    Sin,
    Cos,
    Min,
    Max,
    Clamp,
    LogSigmoid,
    /// `where(a > b, u, v)`
    Where,
    StopGradient,
    Dropout,
    Zoneout,
    /// `sum(v)` and its kin: reductions to a scalar.
    Dot,
    Sum,
    Mean,
    Norm,
    Softmax,
    /// `cumsum(v)`: each element with those before it added.
    CumSum,
    /// `cumsum(softmax(v))` (Shen et al. 2019).
    Cumax,
    LayerNorm,
    RmsNorm,
    Outer,
    /// `diag(v)`: the matrix with a vector on its diagonal.
    Diag,
}

/// One row of the table.
pub(crate) struct Entry {
    pub(crate) function: Function,
    /// Every spelling as a word; the first is the canonical one, never a Greek letter.
    pub(crate) names: &'static [&'static str],
    /// Smallest and largest number of arguments.
    pub(crate) arity: (usize, usize),
    /// How it is written in LaTeX.
    pub(crate) latex: &'static str,
}

const fn row(
    function: Function,
    names: &'static [&'static str],
    least: usize,
    most: usize,
    latex: &'static str,
) -> Entry {
    Entry {
        function,
        names,
        arity: (least, most),
        latex,
    }
}

/// What the reader of texts calls `\langle u, v \rangle`, which nobody can write.
pub(crate) const INNER: &str = "⟨⟩";

/// The table. `max` and `min` of one argument reduce a vector; of two they are element-wise.
pub(crate) const FUNCTIONS: &[Entry] = &[
    row(
        Function::Sigmoid,
        &["sigmoid", "σ", "sigma", "logistic", "sigm"],
        1,
        1,
        r"\sigma",
    ),
    row(Function::Tanh, &["tanh"], 1, 1, r"\tanh"),
    row(
        Function::Relu,
        &["relu", "ReLU", "ReLu", "Relu"],
        1,
        1,
        r"\mathrm{ReLU}",
    ),
    row(
        Function::LeakyRelu,
        &["leaky_relu", "LeakyReLU"],
        1,
        2,
        r"\mathrm{LeakyReLU}",
    ),
    row(Function::Elu, &["elu", "ELU"], 1, 2, r"\mathrm{ELU}"),
    row(Function::Selu, &["selu", "SELU"], 1, 1, r"\mathrm{SELU}"),
    row(
        Function::Silu,
        &["silu", "SiLU", "swish"],
        1,
        1,
        r"\mathrm{SiLU}",
    ),
    row(Function::Gelu, &["gelu", "GELU"], 1, 1, r"\mathrm{GELU}"),
    row(
        Function::Softplus,
        &["softplus"],
        1,
        1,
        r"\mathrm{softplus}",
    ),
    row(
        Function::Softsign,
        &["softsign"],
        1,
        1,
        r"\mathrm{softsign}",
    ),
    row(
        Function::HardSigmoid,
        &["hard_sigmoid", "hardsigmoid"],
        1,
        1,
        r"\mathrm{hard\_sigmoid}",
    ),
    row(
        Function::HardTanh,
        &["hard_tanh", "hardtanh"],
        1,
        1,
        r"\mathrm{hard\_tanh}",
    ),
    row(Function::Exp, &["exp"], 1, 1, r"\exp"),
    row(Function::Log, &["log", "ln"], 1, 1, r"\log"),
    row(Function::Sqrt, &["sqrt"], 1, 1, r"\sqrt"),
    row(Function::Square, &["square"], 1, 1, r"\mathrm{square}"),
    row(Function::Abs, &["abs"], 1, 1, r"\mathrm{abs}"),
    row(Function::Sign, &["sign", "sgn"], 1, 1, r"\mathrm{sign}"),
    row(Function::Sin, &["sin"], 1, 1, r"\sin"),
    row(Function::Cos, &["cos"], 1, 1, r"\cos"),
    row(Function::Min, &["min"], 1, 2, r"\min"),
    row(Function::Max, &["max"], 1, 2, r"\max"),
    row(Function::Clamp, &["clamp"], 3, 3, r"\mathrm{clamp}"),
    row(
        Function::LogSigmoid,
        &["logσ", "log_sigmoid", "logsigmoid"],
        1,
        1,
        r"\log\sigma",
    ),
    row(Function::Where, &["where"], 3, 3, r"\mathrm{where}"),
    row(
        Function::StopGradient,
        &["stop_gradient"],
        1,
        1,
        r"\mathrm{stop\_gradient}",
    ),
    row(Function::Dropout, &["dropout"], 2, 2, r"\mathrm{dropout}"),
    row(Function::Zoneout, &["zoneout"], 3, 3, r"\mathrm{zoneout}"),
    row(Function::Dot, &["dot", INNER], 2, 2, r"\mathrm{dot}"),
    row(Function::Sum, &["sum"], 1, 1, r"\mathrm{sum}"),
    row(Function::Mean, &["mean"], 1, 1, r"\mathrm{mean}"),
    row(Function::Norm, &["norm"], 1, 1, r"\mathrm{norm}"),
    row(Function::Softmax, &["softmax"], 1, 1, r"\mathrm{softmax}"),
    row(Function::CumSum, &["cumsum"], 1, 1, r"\mathrm{cumsum}"),
    row(
        Function::Cumax,
        &["cumax", "cumsoftmax"],
        1,
        1,
        r"\mathrm{cumax}",
    ),
    row(
        Function::LayerNorm,
        &["layer_norm", "layernorm", "LN"],
        1,
        3,
        r"\mathrm{layer\_norm}",
    ),
    row(
        Function::RmsNorm,
        &["rms_norm", "rmsnorm"],
        1,
        2,
        r"\mathrm{rms\_norm}",
    ),
    row(Function::Outer, &["outer"], 2, 2, r"\mathrm{outer}"),
    row(Function::Diag, &["diag", "Diag"], 1, 1, r"\mathrm{diag}"),
];

/// How a function is written, by its canonical name.
pub(crate) fn usage(name: &str) -> String {
    let arguments = match name {
        "where" => "a > b, u, v",
        "dropout" => "probability, v",
        "zoneout" => "probability, new, old",
        "clamp" => "v, least, most",
        "layer_norm" => "v, gain, bias",
        "rms_norm" => "v, gain",
        "leaky_relu" => "v, slope",
        "dot" | "outer" | "min" | "max" => "u, v",
        _ => "v",
    };
    format!("{name}({arguments})")
}

/// The function that a word names.
pub(crate) fn function(word: &str) -> Option<&'static Entry> {
    FUNCTIONS.iter().find(|entry| entry.names.contains(&word))
}

/// The function that a word means, also where its word is written in capitals.
pub(crate) fn function_of_any_case(word: &str) -> Option<&'static Entry> {
    function(word).or_else(|| {
        let lower = word.to_lowercase();
        function(&lower).filter(|_| word.chars().count() > 1)
    })
}

/// Its row in the table.
pub(crate) fn entry(function: Function) -> &'static Entry {
    FUNCTIONS
        .iter()
        .find(|entry| entry.function == function)
        .expect("every function has a row, as a test checks")
}

/// Whether a word names the cut of a vector into equal parts, which is no function: it gives
/// several values.
pub(crate) fn is_chunk(word: &str) -> bool {
    matches!(word, "chunk" | "split" | "Chunk" | "Split")
}

/// Initialisers, by every spelling.
pub(crate) const INITIALISERS: &[&str] = &[
    "orthogonal",
    "zeros",
    "ones",
    "constant",
    "uniform",
    "normal",
    "glorot_uniform",
    "glorot_normal",
    "he",
    "identity",
    "trainable",
];
