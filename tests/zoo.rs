//! Every ready-made cell, and every cell that stretches the language, against what all cells
//! have to satisfy.

// Cells use the Greek letters of their papers.
#![allow(confusable_idents, mixed_script_confusables)]

mod cells;
mod proof;

/// One test per cell.
macro_rules! proofs {
    ($($name:ident: $cell:ty;)*) => {
        $(#[test] fn $name() { proof::prove::<$cell>(); })*
    };
}

mod stretch {
    use super::{cells::*, proof};
    proofs! {
        projected: Projected<f64>;
        column: Column<f64>;
        delayed: Delayed<f64>;
        two_by_two: TwoByTwo<f64>;
        diagonal: Diagonal<f64>;
        antisymmetric: Antisymmetric<f64>;
        fast: Fast<f64>;
        leaky: Leaky<f64>;
        normed: Normed<f64>;
        memory: Memory<f64>;
        stabilised: Stabilised<f64>;
        low_rank: LowRank<f64>;
        piecewise: Piecewise<f64>;
        deep: Deep<f64>;
        highway: Highway<f64>;
        feed: Feed<f64>;
        readout: Readout<f64>;
        stopped: Stopped<f64>;
        combined: Combined<f64>;
        chunked: Chunked<f64>;
        shared: Shared<f64>;
        beside: Beside<f64>;
    }
}

mod plain {
    use super::proof;
    use gate_runtime::cells::*;
    proofs! {
        rnn: Rnn<f64>;
        jordan: Jordan<f64>;
        irnn: Irnn<f64>;
        layer_norm_rnn: LayerNormRnn<f64>;
        ind_rnn: IndRnn<f64>;
        layer_norm_ind_rnn: LayerNormIndRnn<f64>;
        multiplicative_integration: MultiplicativeIntegration<f64>;
        multiplicative_rnn: MultiplicativeRnn<f64>;
        antisymmetric_rnn: AntisymmetricRnn<f64>;
        gated_antisymmetric_rnn: GatedAntisymmetricRnn<f64>;
        lipschitz_rnn: LipschitzRnn<f64>;
        fast_rnn: FastRnn<f64>;
        scrn: Scrn<f64>;
        co_rnn: CoRnn<f64>;
        unicornn: Unicornn<f64>;
        lem: Lem<f64>;
        leaky_echo: LeakyEcho<f64>;
        recurrent_highway: RecurrentHighway<f64>;
    }
}

mod gru {
    use super::proof;
    use gate_runtime::cells::*;
    proofs! {
        gru: Gru<f64>;
        gru_reset_after: GruResetAfter<f64>;
        layer_norm_gru: LayerNormGru<f64>;
        gru1: Gru1<f64>;
        gru2: Gru2<f64>;
        gru3: Gru3<f64>;
        mgu: Mgu<f64>;
        mgu1: Mgu1<f64>;
        mgu2: Mgu2<f64>;
        mgu3: Mgu3<f64>;
        mut1: Mut1<f64>;
        mut2: Mut2<f64>;
        mut3: Mut3<f64>;
        li_gru: LiGru<f64>;
        ugrnn: Ugrnn<f64>;
        intersection_rnn: IntersectionRnn<f64>;
        minimal_rnn: MinimalRnn<f64>;
        cfn: Cfn<f64>;
        atr: Atr<f64>;
        sgrn: Sgrn<f64>;
        star: Star<f64>;
        janet: Janet<f64>;
        brc: Brc<f64>;
        nbrc: Nbrc<f64>;
        fast_grnn: FastGrnn<f64>;
        fast_grnn_low_rank: FastGrnnLowRank<f64>;
        light_ru: LightRu<f64>;
        ran: Ran<f64>;
        simplified_ran: SimplifiedRan<f64>;
        mi_ru1: MiRu1<f64>;
        mi_ru2: MiRu2<f64>;
        sgu: Sgu<f64>;
        dsgu: Dsgu<f64>;
        tau_gru: TauGru<f64>;
        gru_d: GruD<f64>;
        gru_ode: GruOde<f64>;
        para_gru: ParaGru<f64>;
    }
}

mod lstm {
    use super::proof;
    use gate_runtime::cells::*;
    proofs! {
        original_lstm: OriginalLstm<f64>;
        lstm: Lstm<f64>;
        peephole_lstm: PeepholeLstm<f64>;
        coupled_lstm: CoupledLstm<f64>;
        no_output_gate_lstm: NoOutputGateLstm<f64>;
        full_gate_lstm: FullGateLstm<f64>;
        projected_lstm: ProjectedLstm<f64>;
        layer_norm_lstm: LayerNormLstm<f64>;
        multiplicative_lstm: MultiplicativeLstm<f64>;
        residual_lstm: ResidualLstm<f64>;
        indy_lstm: IndyLstm<f64>;
        para_lstm: ParaLstm<f64>;
        elementwise_lstm: ElementwiseLstm<f64>;
        nas: Nas<f64>;
        working_memory_lstm: WorkingMemoryLstm<f64>;
        sub_lstm: SubLstm<f64>;
        time_aware_lstm: TimeAwareLstm<f64>;
        zoneout_lstm: ZoneoutLstm<f64>;
        recurrent_dropout_lstm: RecurrentDropoutLstm<f64>;
        s_lstm: SLstm<f64>;
    }
}

mod linear {
    use super::proof;
    use gate_runtime::cells::*;
    proofs! {
        t_rnn: TRnn<f64>;
        t_gru: TGru<f64>;
        t_lstm: TLstm<f64>;
        qrnn: Qrnn<f64>;
        sru: Sru<f64>;
        min_gru: MinGru<f64>;
        min_lstm: MinLstm<f64>;
        lru: Lru<f64>;
        rg_lru: RgLru<f64>;
        hgrn: Hgrn<f64>;
    }
}

mod memory {
    use super::proof;
    use gate_runtime::cells::*;
    proofs! {
        m_lstm: MLstm<f64>;
        gated_linear_attention: GatedLinearAttention<f64>;
        ret_net: RetNet<f64>;
        delta_net: DeltaNet<f64>;
        gated_delta_net: GatedDeltaNet<f64>;
        lmu: Lmu<f64>;
        ltc: Ltc<f64>;
        cfc: Cfc<f64>;
    }
}
