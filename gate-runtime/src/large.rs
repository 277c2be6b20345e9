//! Values that are too large for the stack of most threads.

use std::thread;

/// What `make` gives, made on a stack that has room for many copies of `bytes` bytes: without
/// optimisation each block of weights that is packed is one. What is not used takes no memory.
///
/// # Panics
///
/// If the system has no thread for it, or `make` panics.
pub fn on_large_stack<T: Send>(bytes: usize, make: impl FnOnce() -> T + Send) -> T {
    let stack = bytes.saturating_mul(64).saturating_add(1 << 20);
    thread::scope(|scope| {
        let builder = thread::Builder::new().stack_size(stack);
        let made = builder.spawn_scoped(scope, make);
        let made = made.unwrap_or_else(|e| panic!("a thread with a stack of {stack} bytes: {e}"));
        made.join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}
