//! [`Real`]: the number type in emitted scalar code, implemented by single numbers and registers.
//!
//! Every method is free of branches (sine and cosine have one, to the library, for angles far from
//! 0, and powers for special numbers): what is written for one number works for a register of them.

use core::ops::{Add, Div, Mul, Neg, Sub};

use super::number::Number;
#[cfg(all(feature = "std", any(target_arch = "x86_64", target_arch = "aarch64")))]
use super::vector::Stands;
use super::vector::Vector;
use super::{circular, double, powers, single};

/// A real number in the scalar code that the macro emits.
///
/// Infinities and NaN behave as in IEEE 754: NaN gives NaN in every function.
#[diagnostic::on_unimplemented(message = "`{Self}` is not a number of emitted scalar code")]
pub trait Real:
    Copy
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
{
    /// A number literal.
    fn num(value: f64) -> Self;
    /// 1 / (1 + e⁻ˣ).
    fn sigmoid(self) -> Self;
    /// Hyperbolic tangent.
    fn tanh(self) -> Self;
    /// x where it is positive, else 0.
    fn relu(self) -> Self;
    /// eˣ.
    fn exp(self) -> Self;
    /// eˣ − 1, exact near 0.
    fn exp_m1(self) -> Self;
    /// Natural logarithm; NaN below 0.
    fn log(self) -> Self;
    /// log(1 + eˣ).
    fn softplus(self) -> Self;
    /// Square root; NaN below 0.
    fn sqrt(self) -> Self;
    /// 1 / x.
    fn recip(self) -> Self;
    /// x².
    fn square(self) -> Self;
    /// |x|.
    fn abs(self) -> Self;
    /// −1, 0 or 1.
    fn sign(self) -> Self;
    /// Sine.
    fn sin(self) -> Self;
    /// Cosine.
    fn cos(self) -> Self;
    /// x / (1 + e⁻ˣ) (Elfwing et al. 2018).
    fn silu(self) -> Self;
    /// Derivative of [`silu`](Self::silu).
    fn silu_slope(self) -> Self;
    /// x · Φ(x), with the distribution function of the normal distribution (Hendrycks and Gimpel
    /// 2016).
    fn gelu(self) -> Self;
    /// Derivative of [`gelu`](Self::gelu).
    fn gelu_slope(self) -> Self;
    /// x to a power; a negative base has real powers at integers only, else NaN.
    fn pow(self, exponent: Self) -> Self;
    /// The smaller one; of equals the first; NaN if either is.
    fn min(self, other: Self) -> Self;
    /// The larger one; of equals the first; NaN if either is.
    fn max(self, other: Self) -> Self;
    /// `yes` where a > b, else `no`.
    fn select_gt(a: Self, b: Self, yes: Self, no: Self) -> Self;
    /// `yes` where a ≥ b, else `no`.
    fn select_ge(a: Self, b: Self, yes: Self, no: Self) -> Self;
}

/// A [`Real`] that wraps a stored number.
#[doc(hidden)]
pub trait Scalar<A>: Real {
    fn new(value: A) -> Self;
    fn get(self) -> A;
}

/// The most values that one half of a [`Map`] hands to the other.
pub const CARRIED: usize = 8;

/// Emitted element-wise code: a type without values whose functions are `#[inline(always)]`.
///
/// One that takes a slow function of a slow function (LSTM's `tanh(c)`) comes in two halves too:
/// while a position waits for its first half, the processor can do another's second.
pub trait Map<const I: usize, const O: usize> {
    /// The outputs that the second half gives, as bits; 0 if there is none.
    const LATE: u64 = 0;

    /// The outputs at one position from the inputs there.
    fn eval<V: Real>(inputs: [V; I]) -> [V; O];

    /// The outputs that are not late (the others are 0), and what the second half needs.
    #[inline(always)]
    fn first<V: Real>(inputs: [V; I]) -> ([V; O], [V; CARRIED]) {
        (Self::eval(inputs), [V::num(0.0); CARRIED])
    }

    /// The late outputs; the others are 0.
    #[inline(always)]
    fn second<V: Real>(_: [V; CARRIED]) -> [V; O] {
        [V::num(0.0); O]
    }
}

/// The instruction set that code is compiled for: its registers, and whether `a · b + c` is
/// rounded once or twice.
#[doc(hidden)]
pub trait Mode: 'static {
    /// One number.
    type Scalar<A: Number>: Scalar<A>;
    /// A register.
    type Vector<A: Number>: Vector<Number = A> + Real;
    /// What fused functions are computed with: a register, or two.
    type Maps<A: Number>: Vector<Number = A> + Real;
    fn mul_add<A: Number>(a: A, b: A, c: A) -> A;
}

#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
macro_rules! fused_mode {
    ($(#[$attribute:meta])* $name:ident, $register:ident, $maps:ident) => {
        $(#[$attribute])*
        #[cfg(feature = "std")]
        #[doc(hidden)]
        pub struct $name;

        // Only `std` has the operation on single numbers.
        #[cfg(feature = "std")]
        impl Mode for $name {
            type Scalar<A: Number> = A::Fused;
            type Vector<A: Number> = <A::$register as Stands>::For;
            type Maps<A: Number> = <A::$maps as Stands>::For;

            #[inline(always)]
            fn mul_add<A: Number>(a: A, b: A, c: A) -> A {
                a.multiply_add(b, c)
            }
        }
    };
}

#[cfg(target_arch = "x86_64")]
fused_mode!(
    /// AVX-512.
    WideMode,
    Wide,
    Wide
);
#[cfg(target_arch = "x86_64")]
fused_mode!(
    /// AVX2 with FMA.
    HalfMode,
    Half,
    Halves
);
#[cfg(target_arch = "aarch64")]
fused_mode!(
    /// 64-bit ARM.
    NeonMode,
    Neon,
    Neon
);

/// What the compiler's target guarantees, without fused multiply-add.
#[doc(hidden)]
pub struct PlainMode;

impl Mode for PlainMode {
    type Scalar<A: Number> = A::Plain;
    type Vector<A: Number> = A::Narrow;
    type Maps<A: Number> = A::Narrow;

    #[inline(always)]
    fn mul_add<A: Number>(a: A, b: A, c: A) -> A {
        a * b + c
    }
}

/// A number whose polynomials use fused multiply-add.
#[cfg(feature = "std")]
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
#[repr(transparent)]
pub struct Fused<T>(pub T);

/// A number whose polynomials multiply, round and add.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
#[repr(transparent)]
pub struct Plain<T>(pub T);

/// The functions that are the library's: `std`'s, which are instructions where there are such,
/// or `libm`'s. Sine and cosine are so far from 0 alone, powers without fused multiply-add.
pub(super) mod library {
    #[cfg(feature = "std")]
    macro_rules! functions {
        ($type:ident, $sqrt:ident, $sin:ident, $cos:ident, $pow:ident) => {
            pub(in super::super) use ::core::primitive::$type;
        };
    }
    #[cfg(not(feature = "std"))]
    macro_rules! functions {
        ($type:ident, $sqrt:ident, $sin:ident, $cos:ident, $pow:ident) => {
            pub(in super::super) mod $type {
                pub(in super::super::super) use libm::{
                    $cos as cos, $pow as powf, $sin as sin, $sqrt as sqrt,
                };
            }
        };
    }
    functions!(f32, sqrtf, sinf, cosf, powf);
    functions!(f64, sqrt, sin, cos, pow);
}

macro_rules! operator {
    ($name:ident, $type:ident, $($trait:ident $method:ident),*) => {
        $(impl $trait for $name<$type> {
            type Output = Self;

            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                Self($trait::$method(self.0, other.0))
            }
        })*
    };
}

macro_rules! scalar {
    ($name:ident, $type:ident) => {
        operator!($name, $type, Add add, Sub sub, Mul mul, Div div);

        impl Scalar<$type> for $name<$type> {
            #[inline(always)]
            fn new(value: $type) -> Self {
                Self(value)
            }

            #[inline(always)]
            fn get(self) -> $type {
                self.0
            }
        }
    };
}

macro_rules! functions {
    ($module:ident, $($method:ident),*) => {
        $(#[inline(always)]
        fn $method(self) -> Self {
            $module::$method(self)
        })*
    };
}

/// The functions of a vector type of `f32` or `f64`.
macro_rules! real {
    ($type:ty, $number:ident, $module:ident) => {
        impl Neg for $type {
            type Output = Self;

            #[inline(always)]
            fn neg(self) -> Self {
                self.negative()
            }
        }

        impl Real for $type {
            functions!($module, sigmoid, tanh, exp, exp_m1, log, softplus);
            functions!(circular, sin, cos);
            functions!($module, silu, silu_slope, gelu, gelu_slope);

            #[inline(always)]
            fn num(value: f64) -> Self {
                Self::all(value as $number)
            }

            #[inline(always)]
            fn relu(self) -> Self {
                // A comparison with NaN is false, so that NaN stays.
                let zero = Self::all(0.0);
                Self::pick(zero.ge(self), zero, self)
            }

            #[inline(always)]
            fn sqrt(self) -> Self {
                Vector::sqrt(self)
            }

            #[inline(always)]
            fn recip(self) -> Self {
                Self::all(1.0) / self
            }

            #[inline(always)]
            fn square(self) -> Self {
                self * self
            }

            #[inline(always)]
            fn abs(self) -> Self {
                Vector::abs(self)
            }

            #[inline(always)]
            fn sign(self) -> Self {
                let zero = Self::all(0.0);
                let negative = Self::pick(zero.gt(self), Self::all(-1.0), self);
                Self::pick(self.gt(zero), Self::all(1.0), negative)
            }

            #[inline(always)]
            fn pow(self, exponent: Self) -> Self {
                powers::pow(self, exponent)
            }

            #[inline(always)]
            fn min(self, other: Self) -> Self {
                let least = Self::pick(self.gt(other), other, self);
                Self::pick(Vector::eq(other, other), least, other)
            }

            #[inline(always)]
            fn max(self, other: Self) -> Self {
                let largest = Self::pick(other.gt(self), other, self);
                Self::pick(Vector::eq(other, other), largest, other)
            }

            #[inline(always)]
            fn select_gt(a: Self, b: Self, yes: Self, no: Self) -> Self {
                Self::pick(a.gt(b), yes, no)
            }

            #[inline(always)]
            fn select_ge(a: Self, b: Self, yes: Self, no: Self) -> Self {
                Self::pick(a.ge(b), yes, no)
            }
        }
    };
}

#[cfg(feature = "std")]
scalar!(Fused, f32);
#[cfg(feature = "std")]
scalar!(Fused, f64);
scalar!(Plain, f32);
scalar!(Plain, f64);

#[cfg(feature = "std")]
real!(Fused<f32>, f32, single);
#[cfg(feature = "std")]
real!(Fused<f64>, f64, double);
real!(Plain<f32>, f32, single);
real!(Plain<f64>, f64, double);

#[cfg(target_arch = "x86_64")]
mod registers {
    #[cfg(feature = "std")]
    use super::super::vector::{Half32, Half64, Halves32, Halves64, Wide32, Wide64};
    use super::super::vector::{Narrow32, Narrow64};
    use super::*;

    #[cfg(feature = "std")]
    real!(Wide32, f32, single);
    #[cfg(feature = "std")]
    real!(Wide64, f64, double);
    #[cfg(feature = "std")]
    real!(Half32, f32, single);
    #[cfg(feature = "std")]
    real!(Half64, f64, double);
    #[cfg(feature = "std")]
    real!(Halves32, f32, single);
    #[cfg(feature = "std")]
    real!(Halves64, f64, double);
    real!(Narrow32, f32, single);
    real!(Narrow64, f64, double);
}

#[cfg(all(feature = "std", target_arch = "aarch64"))]
mod registers {
    use super::super::vector::{Neon32, Neon64};
    use super::*;

    real!(Neon32, f32, single);
    real!(Neon64, f64, double);
}
