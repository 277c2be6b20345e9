//! What a function of the user's own cannot be.

use crate::diag::{self, Diagnostics};
use crate::syntax::FunctionItem;

use super::super::names::Written;
use super::super::walk;
use super::Table;

impl Table {
    /// Reports arguments of one name, and arguments with a time index in the body.
    pub(super) fn check_function(&self, function: &FunctionItem, diagnostics: &mut Diagnostics) {
        let parameters = &function.parameters;
        let name = Written::of(&function.name, &self.clock)
            .labelled()
            .printed();
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
}
