//! [`Real`]: the number type in emitted scalar code, and its two implementations.
//!
//! Every method is free of branches, so that a loop over units that calls it is vectorised.

use core::ops::{Add, Div, Mul, Neg, Sub};

use super::number::Number;
use super::{double, single};

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

/// Emitted element-wise code: a type without values whose `eval` is `#[inline(always)]`.
pub trait Map<const I: usize, const O: usize> {
    /// The outputs at one position from the inputs there.
    fn eval<V: Real>(inputs: [V; I]) -> [V; O];
}

/// How `a · b + c` is computed: with one rounding, or with two.
#[doc(hidden)]
pub trait Mode: 'static {
    /// The type of emitted scalar code.
    type Scalar<A: Number>: Scalar<A>;
    fn mul_add<A: Number>(a: A, b: A, c: A) -> A;
}

/// For functions compiled with fused multiply-add; elsewhere it is a slow library call. Only `std`
/// has the operation.
#[cfg(feature = "std")]
#[doc(hidden)]
pub struct FusedMode;

/// For functions compiled without fused multiply-add.
#[doc(hidden)]
pub struct PlainMode;

#[cfg(feature = "std")]
impl Mode for FusedMode {
    type Scalar<A: Number> = A::Fused;

    #[inline(always)]
    fn mul_add<A: Number>(a: A, b: A, c: A) -> A {
        a.multiply_add(b, c)
    }
}

impl Mode for PlainMode {
    type Scalar<A: Number> = A::Plain;

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
/// or `libm`'s.
mod library {
    #[cfg(feature = "std")]
    macro_rules! functions {
        ($type:ident, $sqrt:ident, $sin:ident, $cos:ident, $pow:ident) => {
            pub(super) use ::core::primitive::$type;
        };
    }
    #[cfg(not(feature = "std"))]
    macro_rules! functions {
        ($type:ident, $sqrt:ident, $sin:ident, $cos:ident, $pow:ident) => {
            pub(super) mod $type {
                pub(in super::super) use libm::{
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

macro_rules! forward {
    ($module:ident, $mode:ident, $($method:ident),*) => {
        $(#[inline(always)]
        fn $method(self) -> Self {
            Self($module::$method::<$mode>(self.0))
        })*
    };
}

macro_rules! real {
    ($name:ident, $type:ident, $module:ident, $mode:ident) => {
        operator!($name, $type, Add add, Sub sub, Mul mul, Div div);

        impl Neg for $name<$type> {
            type Output = Self;

            #[inline(always)]
            fn neg(self) -> Self {
                Self(-self.0)
            }
        }

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

        impl Real for $name<$type> {
            forward!($module, $mode, sigmoid, tanh, exp, exp_m1, log, softplus);
            forward!($module, $mode, silu, silu_slope, gelu, gelu_slope);

            #[inline(always)]
            fn num(value: f64) -> Self {
                Self(value as $type)
            }

            #[inline(always)]
            fn relu(self) -> Self {
                // A comparison with NaN is false, so that NaN stays.
                Self(if self.0 <= 0.0 { 0.0 } else { self.0 })
            }

            #[inline(always)]
            fn sqrt(self) -> Self {
                Self(library::$type::sqrt(self.0))
            }

            #[inline(always)]
            fn recip(self) -> Self {
                Self(1.0 / self.0)
            }

            #[inline(always)]
            fn square(self) -> Self {
                Self(self.0 * self.0)
            }

            #[inline(always)]
            fn abs(self) -> Self {
                Self(self.0.abs())
            }

            #[inline(always)]
            fn sign(self) -> Self {
                let negative = if self.0 < 0.0 { -1.0 } else { self.0 };
                Self(if self.0 > 0.0 { 1.0 } else { negative })
            }

            #[inline(always)]
            fn sin(self) -> Self {
                Self(library::$type::sin(self.0))
            }

            #[inline(always)]
            fn cos(self) -> Self {
                Self(library::$type::cos(self.0))
            }

            #[inline(always)]
            fn pow(self, exponent: Self) -> Self {
                Self(library::$type::powf(self.0, exponent.0))
            }

            #[inline(always)]
            fn min(self, other: Self) -> Self {
                let least = if other.0 < self.0 { other.0 } else { self.0 };
                Self(if other.0.is_nan() { other.0 } else { least })
            }

            #[inline(always)]
            fn max(self, other: Self) -> Self {
                let largest = if other.0 > self.0 { other.0 } else { self.0 };
                Self(if other.0.is_nan() { other.0 } else { largest })
            }

            #[inline(always)]
            fn select_gt(a: Self, b: Self, yes: Self, no: Self) -> Self {
                if a.0 > b.0 { yes } else { no }
            }

            #[inline(always)]
            fn select_ge(a: Self, b: Self, yes: Self, no: Self) -> Self {
                if a.0 >= b.0 { yes } else { no }
            }
        }
    };
}

#[cfg(feature = "std")]
real!(Fused, f32, single, FusedMode);
#[cfg(feature = "std")]
real!(Fused, f64, double, FusedMode);
real!(Plain, f32, single, PlainMode);
real!(Plain, f64, double, PlainMode);
