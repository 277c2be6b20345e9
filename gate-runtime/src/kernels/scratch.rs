//! Memory on the stack.

use std::mem::MaybeUninit;

/// A place on the stack for a tile, on the boundary of a cache line.
#[repr(C, align(64))]
pub(super) struct Scratch<const BYTES: usize>([MaybeUninit<u8>; BYTES]);

impl<const BYTES: usize> Scratch<BYTES> {
    pub(super) fn new() -> Self {
        Scratch([MaybeUninit::uninit(); BYTES])
    }

    pub(super) fn as_mut_ptr<A>(&mut self) -> *mut A {
        self.0.as_mut_ptr().cast()
    }
}
