//! Messages of the model stage.
