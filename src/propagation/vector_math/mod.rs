//! Elementary functions that loops turn into SIMD code: [`single`] precision for losses and places, [`double`] where sums of whole radials
//! meet.
//!
//! No branches, no tables, no calls and no fused multiply-add: a loop over them gives the same bits on every machine, however wide its
//! registers. Each module states its errors; functions of one name do the same in both.

pub(crate) mod double;
pub(crate) mod single;

/// Σ cᵢ·xⁿ⁻ⁱ, the coefficient of the highest power first (Horner).
macro_rules! polynomial {
    ($x:expr; $first:expr $(, $next:expr)+ $(,)?) => {{
        let x = $x;
        let sum = $first;
        $(let sum = sum * x + $next;)+
        sum
    }};
}

use polynomial;
