//! Memory that begins on the boundary of a cache line.
//!
//! A register that is loaded from or stored to two lines costs the kernels up to half their speed.
//! Of large buffers every step reads other pages, and looking up small ones takes time too: so the
//! system is asked for large pages.

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::ptr::NonNull;

use super::float::Float;

/// Bytes of a cache line, and of a large page.
const LINE_BYTES: usize = 64;
const PAGE_BYTES: usize = 2 << 20;

/// Elements, the first of them on the boundary of a cache line, or of a page if there are many.
pub struct Aligned<A> {
    start: NonNull<A>,
    length: usize,
    /// Elements that there is room for; all of them are initialised.
    room: usize,
}

// SAFETY: it owns its elements, as a `Vec` does; `start` alone gives an address, which is nobody's
// to use but as it says.
unsafe impl<A: Send> Send for Aligned<A> {}
// SAFETY: as above.
unsafe impl<A: Sync> Sync for Aligned<A> {}

impl<A: Float> Aligned<A> {
    /// So many elements; new ones are 0. Allocates only for more than there ever were.
    pub fn resize(&mut self, length: usize) {
        if length > self.room {
            let mut larger = Aligned::from_fn(length, |_| A::ZERO);
            larger[..self.length].copy_from_slice(self);
            *self = larger;
            return;
        }
        let before = self.length.min(length);
        self.length = length;
        self[before..].fill(A::ZERO);
    }

    /// At least so many elements, whatever they are.
    pub fn reserve(&mut self, length: usize) {
        if length > self.room {
            // The old memory goes before the new one comes.
            *self = Aligned::default();
        }
        if length > self.length {
            self.resize(length);
        }
    }

    /// These elements in the place of all.
    pub fn copy_from(&mut self, elements: &[A]) {
        self.resize(elements.len());
        self.copy_from_slice(elements);
    }
}

impl<A> Aligned<A> {
    /// The first element, for whoever sees to it that nobody reads while something is written.
    pub(crate) fn start(&self) -> *mut A {
        self.start.as_ptr()
    }

    fn from_fn(length: usize, element: impl Fn(usize) -> A) -> Aligned<A> {
        let Some(layout) = layout::<A>(length) else {
            return Aligned::default();
        };
        // SAFETY: the layout has a size, since there are elements and these have one (`Float`), and
        // room for all of them; they are written before anybody reads them.
        unsafe {
            let Some(start) = NonNull::new(alloc(layout).cast::<A>()) else {
                handle_alloc_error(layout)
            };
            ask_for_large_pages(start.as_ptr().cast(), layout.size());
            for i in 0..length {
                start.add(i).write(element(i));
            }
            Aligned {
                start,
                length,
                room: length,
            }
        }
    }
}

/// What so many elements need; nothing for none.
fn layout<A>(elements: usize) -> Option<Layout> {
    let plain = Layout::array::<A>(elements).expect("fewer bytes than an address can count");
    let boundary = if plain.size() < PAGE_BYTES {
        LINE_BYTES
    } else {
        PAGE_BYTES
    };
    let aligned = plain.align_to(boundary).expect("the same");
    (elements > 0).then_some(aligned)
}

/// Before the memory is touched; a system without large pages says no.
fn ask_for_large_pages(start: *mut u8, bytes: usize) {
    #[cfg(all(target_os = "linux", not(miri)))]
    if bytes >= PAGE_BYTES {
        // SAFETY: the memory is the caller's; the advice changes nothing that is read.
        unsafe { libc::madvise(start.cast(), bytes, libc::MADV_HUGEPAGE) };
    }
    #[cfg(not(all(target_os = "linux", not(miri))))]
    let _ = (start, bytes);
}

impl<A> Drop for Aligned<A> {
    fn drop(&mut self) {
        if let Some(layout) = layout::<A>(self.room) {
            // SAFETY: `from_fn` allocated it with the layout of as many elements as there is room for;
            // these are numbers, which have no destructors.
            unsafe { dealloc(self.start.as_ptr().cast(), layout) }
        }
    }
}

impl<A: Clone> Clone for Aligned<A> {
    fn clone(&self) -> Aligned<A> {
        Aligned::from_fn(self.length, |i| self[i].clone())
    }
}

impl<A> Default for Aligned<A> {
    fn default() -> Aligned<A> {
        Aligned {
            start: NonNull::dangling(),
            length: 0,
            room: 0,
        }
    }
}

impl<A: fmt::Debug> fmt::Debug for Aligned<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self[..].fmt(f)
    }
}

impl<A> Deref for Aligned<A> {
    type Target = [A];

    #[inline]
    fn deref(&self) -> &[A] {
        // SAFETY: there is room for `length` elements, all of it initialised; an address of none is
        // aligned.
        unsafe { std::slice::from_raw_parts(self.start.as_ptr(), self.length) }
    }
}

impl<A> DerefMut for Aligned<A> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [A] {
        // SAFETY: as for `deref`.
        unsafe { std::slice::from_raw_parts_mut(self.start.as_ptr(), self.length) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grows<A: Float>() {
        let mut x = Aligned::<A>::default();
        assert!(x.is_empty());
        for n in [1, 15, 16, 17, 100, 3, 40] {
            let before = x.to_vec();
            x.resize(n);
            assert_eq!((x.len(), x.as_ptr() as usize % 64), (n, 0));
            let kept = before.len().min(n);
            assert_eq!(x[..kept], before[..kept]);
            assert!(
                x[kept..].iter().all(|v| *v == A::ZERO),
                "{n} of {}",
                A::NAME
            );
            x.fill(A::ONE);
        }
        x.reserve(2);
        assert_eq!(x.len(), 40);
        x.copy_from(&[A::ONE; 5]);
        assert_eq!(x.clone().to_vec(), vec![A::ONE; 5]);
    }

    #[test]
    fn elements_begin_on_a_line_and_stay() {
        grows::<f32>();
        grows::<f64>();
    }

    #[test]
    #[cfg_attr(miri, ignore = "millions of elements, one by one")]
    fn large_memory_is_like_any() {
        let mut x = Aligned::<f32>::default();
        x.copy_from(&[1.0; 100]);
        x.resize(PAGE_BYTES);
        assert!(x[..100].iter().all(|v| *v == 1.0) && x[100..].iter().all(|v| *v == 0.0));
        x.reserve(2 * PAGE_BYTES);
        assert_eq!(x.len(), 2 * PAGE_BYTES);
    }
}
