//! What values may be.

/// What a value is. A row is a vector that stands transposed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::model) enum Kind {
    Scalar,
    Vector,
    Row,
    Matrix,
    /// Reported already: fits everywhere.
    Wild,
}

/// The kind of a symbol.
#[derive(Clone, Debug, Default)]
pub(in crate::model) struct Known {
    pub(in crate::model) kind: Option<Kind>,
    /// Why, as a clause: "a capital letter in a product".
    pub(in crate::model) why: String,
    /// `I` that stands for the identity matrix.
    pub(in crate::model) identity: bool,
}

impl Kind {
    /// The kind of a transpose.
    pub(in crate::model) fn transposed(self) -> Kind {
        match self {
            Kind::Vector => Kind::Row,
            Kind::Row => Kind::Vector,
            kind => kind,
        }
    }

    /// A vector's, whichever way it stands.
    pub(in crate::model) fn upright(self) -> Kind {
        match self {
            Kind::Row => Kind::Vector,
            kind => kind,
        }
    }

    /// As a word.
    pub(in crate::model) fn word(self) -> &'static str {
        match self {
            Kind::Scalar => "scalar",
            Kind::Vector => "vector",
            Kind::Row => "row vector",
            Kind::Matrix => "matrix",
            Kind::Wild => "value",
        }
    }
}

/// Why a state is a vector where nothing else says what it is.
pub(in crate::model) const STATES: &str = "states are vectors";

/// The kind of an element-wise combination: scalars spread.
pub(super) fn join(parts: &[Option<Kind>]) -> Option<Kind> {
    for kind in [Kind::Wild, Kind::Matrix, Kind::Vector] {
        if parts.contains(&Some(kind)) {
            return Some(kind);
        }
    }
    match parts.contains(&None) {
        true => None,
        false if parts.contains(&Some(Kind::Row)) => Some(Kind::Row),
        false => Some(Kind::Scalar),
    }
}
