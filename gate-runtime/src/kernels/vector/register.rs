//! What the registers of all instruction sets have in common: a type by its intrinsics.

/// A register of an instruction set.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
#[repr(transparent)]
pub struct Register<T>(pub(super) T);

/// A register type by its intrinsics.
macro_rules! register {
    (
        $type:ty, $number:ident, $word:ident, $bits:ty, $mask:ty, $lanes:literal, $sums:literal, $fused:literal;
        memory: $load:ident $store:ident,
        arithmetic: $all:ident $add:ident $sub:ident $mul:ident $div:ident $sqrt:ident,
        mul_add: |$ma:ident, $mb:ident, $mc:ident| $mul_add:expr,
        lesser: |$la:ident, $lb:ident| $lesser:expr,
        greater: |$ga:ident, $gb:ident| $greater:expr,
        compare: |$ca:ident, $cb:ident| $gt:expr, $ge:expr, $eq:expr,
        pick: |$pm:ident, $py:ident, $pn:ident| $pick:expr,
        whole: |$wm:ident| $whole:expr,
        total: |$t:ident| $total:expr,
        casts: $to_bits:ident $from_bits:ident,
        word: |$w:ident| $word_everywhere:expr,
        integers: $plus:ident $minus:ident $and:ident $or:ident $xor:ident,
        shifts: |$s:ident| $up:expr, $down:expr, $half:expr, $top:expr
    ) => {
        register!(operators $type, Add add $add, Sub sub $sub, Mul mul $mul, Div div $div);

        // SAFETY (of every block): the intrinsics ask for nothing but the instruction set, and those
        // of memory for `$lanes` elements, at any address. The processor has the set wherever there
        // is a value, or bits or a mask of one; where a value is made of none, callers see to it, as
        // `Vector` says. The elements are those of the caller of `load` or `store`, whose contract
        // says so, or of an array with as many.
        impl Vector for Register<$type> {
            type Number = $number;
            type Word = $word;
            type Bits = $bits;
            type Mask = $mask;
            const LANES: usize = $lanes;
            const SUMS: usize = $sums;
            const FUSED: bool = $fused;
            const SIGN: $word = 1 << ($word::BITS - 1);
            const UNSIGNED: $word = !Self::SIGN;

            #[inline(always)]
            unsafe fn load(from: *const $number) -> Self {
                Register(unsafe { $load(from) })
            }

            #[inline(always)]
            unsafe fn store(self, to: *mut $number) {
                unsafe { $store(to, self.0) }
            }

            #[inline(always)]
            fn each(self, other: Self, function: fn($number, $number) -> $number) -> Self {
                let (mut x, mut y) = ([0.0; $lanes], [0.0; $lanes]);
                unsafe {
                    self.store(x.as_mut_ptr());
                    other.store(y.as_mut_ptr());
                    for (x, y) in x.iter_mut().zip(y) {
                        *x = function(*x, y);
                    }
                    Self::load(x.as_ptr())
                }
            }

            #[inline(always)]
            fn repaired(self, of: Self, repair: fn(&[$number], &mut [$number])) -> Self {
                let (mut x, mut y) = ([0.0; $lanes], [0.0; $lanes]);
                unsafe {
                    of.store(x.as_mut_ptr());
                    self.store(y.as_mut_ptr());
                    repair(&x, &mut y);
                    Self::load(y.as_ptr())
                }
            }

            #[inline(always)]
            fn all(value: $number) -> Self {
                Register(unsafe { $all(value) })
            }

            #[inline(always)]
            fn mul_add(self, by: Self, sum: Self) -> Self {
                let ($ma, $mb, $mc) = (self.0, by.0, sum.0);
                Register(unsafe { $mul_add })
            }

            #[inline(always)]
            fn sqrt(self) -> Self {
                Register(unsafe { $sqrt(self.0) })
            }

            #[inline(always)]
            fn lesser(self, other: Self) -> Self {
                let ($la, $lb) = (self.0, other.0);
                Register(unsafe { $lesser })
            }

            #[inline(always)]
            fn greater(self, other: Self) -> Self {
                let ($ga, $gb) = (self.0, other.0);
                Register(unsafe { $greater })
            }

            #[inline(always)]
            fn gt(self, other: Self) -> $mask {
                let ($ca, $cb) = (self.0, other.0);
                unsafe { $gt }
            }

            #[inline(always)]
            fn ge(self, other: Self) -> $mask {
                let ($ca, $cb) = (self.0, other.0);
                unsafe { $ge }
            }

            #[inline(always)]
            fn eq(self, other: Self) -> $mask {
                let ($ca, $cb) = (self.0, other.0);
                unsafe { $eq }
            }

            #[inline(always)]
            fn pick(mask: $mask, yes: Self, no: Self) -> Self {
                let ($pm, $py, $pn) = (mask, yes.0, no.0);
                Register(unsafe { $pick })
            }

            #[inline(always)]
            fn whole(mask: $mask) -> bool {
                let $wm = mask;
                unsafe { $whole }
            }

            #[inline(always)]
            fn total(self) -> $number {
                let $t = self.0;
                unsafe { $total }
            }

            #[inline(always)]
            fn bits(self) -> $bits {
                unsafe { $to_bits(self.0) }
            }

            #[inline(always)]
            fn of_bits(bits: $bits) -> Self {
                Register(unsafe { $from_bits(bits) })
            }

            #[inline(always)]
            fn word(word: $word) -> $bits {
                let $w = word;
                unsafe { $word_everywhere }
            }

            #[inline(always)]
            fn plus(a: $bits, b: $bits) -> $bits {
                unsafe { $plus(a, b) }
            }

            #[inline(always)]
            fn minus(a: $bits, b: $bits) -> $bits {
                unsafe { $minus(a, b) }
            }

            #[inline(always)]
            fn and(a: $bits, b: $bits) -> $bits {
                unsafe { $and(a, b) }
            }

            #[inline(always)]
            fn or(a: $bits, b: $bits) -> $bits {
                unsafe { $or(a, b) }
            }

            #[inline(always)]
            fn xor(a: $bits, b: $bits) -> $bits {
                unsafe { $xor(a, b) }
            }

            #[inline(always)]
            fn up(bits: $bits) -> $bits {
                let $s = bits;
                unsafe { $up }
            }

            #[inline(always)]
            fn down(bits: $bits) -> $bits {
                let $s = bits;
                unsafe { $down }
            }

            #[inline(always)]
            fn half(bits: $bits) -> $bits {
                let $s = bits;
                unsafe { $half }
            }

            #[inline(always)]
            fn top(bits: $bits) -> $bits {
                let $s = bits;
                unsafe { $top }
            }
        }
    };
    (operators $type:ty, $($trait:ident $name:ident $function:ident),*) => {
        $(impl $trait for Register<$type> {
            type Output = Self;

            #[inline(always)]
            fn $name(self, other: Self) -> Self {
                // SAFETY: a value exists only where the processor has the set.
                Register(unsafe { $function(self.0, other.0) })
            }
        })*
    };
}
pub(super) use register;
