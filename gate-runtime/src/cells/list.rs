//! The list of the ready-made cells: what tests, tables and the recognition go over.

/// Calls a macro with every ready-made cell: `family Type "what it is";` for each.
///
/// ```
/// macro_rules! count {
///     ($($family:ident $cell:ident $title:literal;)*) => { [$($title),*].len() };
/// }
/// assert_eq!(gate_runtime::for_each_cell!(count), gate_runtime::cells::ALL.len());
/// ```
#[macro_export]
macro_rules! for_each_cell {
    ($then:ident) => {
        $then! {
            plain Rnn "simple RNN";
            plain Jordan "Jordan network";
            plain Irnn "RNN of rectified units";
            plain LayerNormRnn "simple RNN with layer normalisation";
            plain IndRnn "IndRNN";
            plain LayerNormIndRnn "IndRNN with layer normalisation";
            plain MultiplicativeIntegration "RNN with multiplicative integration";
            plain MultiplicativeRnn "multiplicative RNN";
            plain AntisymmetricRnn "antisymmetric RNN";
            plain GatedAntisymmetricRnn "antisymmetric RNN with a gate";
            plain LipschitzRnn "Lipschitz RNN";
            plain FastRnn "FastRNN";
            plain Scrn "SCRN";
            plain CoRnn "coRNN";
            plain Unicornn "UnICORNN";
            plain Lem "LEM";
            plain LeakyEcho "leaky echo state network";
            plain RecurrentHighway "recurrent highway of three layers";
            plain Plrnn "piecewise linear RNN";
            plain ShufflingRnn "shuffling RNN";
            plain StatisticalRnn "statistical recurrent unit";
            gru Gru "GRU, reset before the product";
            gru GruResetAfter "GRU, reset after the product";
            gru LayerNormGru "GRU, reset after the product, with layer normalisation";
            gru Gru1 "GRU1 (gates without the input)";
            gru Gru2 "GRU2 (gates of the state alone)";
            gru Gru3 "GRU3 (gates of a bias alone)";
            gru Mgu "MGU";
            gru Mgu1 "MGU1 (gate without the input)";
            gru Mgu2 "MGU2 (gate of the state alone)";
            gru Mgu3 "MGU3 (gate of a bias alone)";
            gru Mut1 "MUT1";
            gru Mut2 "MUT2";
            gru Mut3 "MUT3";
            gru LiGru "LiGRU";
            gru Ugrnn "UGRNN";
            gru IntersectionRnn "intersection RNN";
            gru MinimalRnn "MinimalRNN";
            gru Cfn "chaos-free network";
            gru Atr "ATR";
            gru Sgrn "SGRN";
            gru Star "STAR";
            gru Janet "JANET";
            gru Brc "BRC";
            gru Nbrc "nBRC";
            gru FastGrnn "FastGRNN";
            gru FastGrnnLowRank "FastGRNN of low rank";
            gru LightRu "LightRU";
            gru Ran "RAN";
            gru SimplifiedRan "simplified RAN";
            gru MiRu1 "MiRU1";
            gru MiRu2 "MiRU2";
            gru Sgu "SGU";
            gru Dsgu "DSGU";
            gru TauGru "tau-GRU";
            gru GruD "GRU-D";
            gru GruOde "GRU-ODE";
            gru ParaGru "GRU with a diagonal recurrence";
            lstm OriginalLstm "LSTM of 1997, without a forget gate";
            lstm Lstm "LSTM";
            lstm PeepholeLstm "LSTM with peepholes";
            lstm CoupledLstm "LSTM, coupled gates";
            lstm NoOutputGateLstm "LSTM without an output gate";
            lstm FullGateLstm "LSTM with gates that feed back";
            lstm ProjectedLstm "LSTM with a projection";
            lstm LayerNormLstm "LSTM with layer normalisation";
            lstm MultiplicativeLstm "multiplicative LSTM";
            lstm ResidualLstm "residual LSTM";
            lstm IndyLstm "LSTM with a diagonal recurrence";
            lstm ParaLstm "LSTM, coupled gates, with peepholes and a diagonal recurrence";
            lstm ElementwiseLstm "element-wise LSTM";
            lstm Nas "NAS cell";
            lstm WorkingMemoryLstm "LSTM with working memory";
            lstm SubLstm "subLSTM";
            lstm TimeAwareLstm "time-aware LSTM";
            lstm ZoneoutLstm "LSTM with zoneout";
            lstm RecurrentDropoutLstm "LSTM with recurrent dropout";
            lstm SLstm "sLSTM";
            lstm MemoryControllerLstm "LSTM with a memory controller";
            lstm OnLstm "ON-LSTM";
            linear TRnn "strongly typed RNN";
            linear TGru "strongly typed GRU";
            linear TLstm "strongly typed LSTM";
            linear Qrnn "QRNN, fo-pooling, a window of two";
            linear Sru "SRU";
            linear MinGru "minGRU";
            linear MinLstm "minLSTM";
            linear Lru "LRU in real form";
            linear RgLru "RG-LRU";
            linear Hgrn "HGRN";
            linear Rwa "recurrent weighted average";
            linear Rwkv "RWKV-4";
            memory MLstm "mLSTM";
            memory GatedLinearAttention "gated linear attention";
            memory RetNet "RetNet";
            memory DeltaNet "DeltaNet";
            memory GatedDeltaNet "gated DeltaNet";
            memory Lmu "LMU";
            memory Ltc "LTC";
            memory Cfc "CfC";
            memory FastWeights "RNN with fast weights";
            memory Mamba "Mamba (S6)";
            memory McLstm "mass-conserving LSTM";
            memory Nru "non-saturating recurrent unit";
            memory Mamba2 "Mamba-2 (SSD)";
            memory Hgrn2 "HGRN2";
            memory Rwkv7 "RWKV-7";
            composed NoInputGateLstm "LSTM without an input gate, with peepholes";
            composed NoForgetGateLstm "LSTM without a forget gate, with peepholes";
            composed NoInputActivationLstm "LSTM without an input activation, with peepholes";
            composed NoOutputActivationLstm "LSTM without an output activation, with peepholes";
            composed NestedLstm "nested LSTM";
            composed DilatedLstm "dilated LSTM";
            composed FastSlowLstm "fast-slow LSTM";
            composed MogrifierLstm "mogrifier LSTM";
            composed SkipLstm "skip LSTM";
            composed HyperLstm "HyperLSTM";
            composed VariationalLstm "LSTM with one dropout mask a sequence";
            clocks Clockwork "clockwork RNN";
            clocks PhasedLstm "phased LSTM";
            clocks SuRnn "suRNN";
            clocks DelayedMemoryUnit "delayed memory unit";
            orthogonal ExpRnn "expRNN";
            orthogonal Goru "GORU";
            orthogonal RevGru "reversible GRU";
        }
    };
}

/// A ready-made cell in the list.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The file of its family: `plain`, `gru`, `lstm`, `linear`, `memory`, `composed`, `clocks`,
    /// `orthogonal`.
    pub family: &'static str,
    /// What it is: "GRU, reset before the product".
    pub title: &'static str,
    /// What its definition says.
    pub info: &'static crate::CellInfo,
}

macro_rules! entries {
    ($($family:ident $cell:ident $title:literal;)*) => {
        &[$(Entry {
            family: stringify!($family),
            title: $title,
            info: <super::$cell<f32> as crate::Cell>::INFO,
        }),*]
    };
}

/// Every ready-made cell, in files by family.
pub static ALL: &[Entry] = for_each_cell!(entries);

#[cfg(test)]
mod tests {
    use super::ALL;

    /// A cell that is not in the list would be missing from tables, tests and the recognition.
    #[test]
    fn every_cell_is_in_the_list() {
        let files = [
            ("plain", include_str!("plain.rs")),
            ("gru", include_str!("gru.rs")),
            ("lstm", include_str!("lstm.rs")),
            ("linear", include_str!("linear.rs")),
            ("memory", include_str!("memory.rs")),
            ("composed", include_str!("composed.rs")),
            ("clocks", include_str!("clocks.rs")),
            ("orthogonal", include_str!("orthogonal.rs")),
        ];
        for (family, text) in files {
            let listed = ALL.iter().filter(|e| e.family == family);
            let listed: Vec<&str> = listed.map(|e| e.info.name).collect();
            let defined: Vec<&str> = text
                .lines()
                .filter_map(|line| line.trim().strip_prefix("pub struct "))
                .filter_map(|rest| rest.split([' ', '(', ';', '<']).next())
                .collect();
            assert_eq!(listed, defined, "{family}.rs and the list");
        }
    }
}
