//! What a function of the user's own cannot be.

use crate::diag::{self, Diagnostics, Place};
use crate::functions;
use crate::model::names::Written;
use crate::model::walk;
use crate::syntax::FunctionItem;

use super::Table;

impl Table {
    /// Reports what is wrong with the arguments, and a name of the language.
    pub(super) fn check_function(&self, function: &FunctionItem, diagnostics: &mut Diagnostics) {
        let parameters = &function.parameters;
        let name = Written::of(&function.name, &self.clock)
            .labelled()
            .printed();
        self.check_language(&name, parameters.len(), function.name.place, diagnostics);
        for (at, parameter) in parameters.iter().enumerate() {
            if let Some(first) = parameters[..at].iter().find(|p| p.base == parameter.base) {
                diagnostics.push(diag::duplicate_argument(
                    parameter.place,
                    &parameter.base,
                    &name,
                    first.place,
                ));
            }
        }
        walk::names(&function.body, &mut |read, _| {
            let own = parameters.iter().find(|p| p.base == read.base);
            let written = Written::of(read, &self.clock);
            if let Some(own) = own.filter(|_| written.time.is_some()) {
                let message = diag::argument_with_time(read.place, &own.base, &name, own.place);
                diagnostics.push(message);
            }
        });
    }

    /// Reports a definition of a function of the language. Not of `σ`, which papers write for any
    /// function, nor where a text prints what its functions are, those of the language too.
    pub(super) fn check_language(
        &self,
        name: &str,
        count: usize,
        place: Place,
        diagnostics: &mut Diagnostics,
    ) {
        let same = |entry: &functions::Entry| (entry.arity.0..=entry.arity.1).contains(&count);
        let open = place.is_text() || matches!(name, "σ" | "sigma");
        if !open && functions::function(name).is_some_and(same) {
            diagnostics.push(diag::language_function(place, name));
        }
    }
}
