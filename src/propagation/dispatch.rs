//! One function for several instruction sets, chosen at run time.

/// The instruction sets that a function is compiled for, narrowest first. All give the same bits: without leave, the compiler neither reorders
/// sums nor fuses products with them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Vectors {
    /// What every processor of the target has.
    Baseline,
    /// AVX2 and FMA.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// AVX-512 F, DQ, VL and BW, besides AVX2 and FMA.
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

impl Vectors {
    /// The widest of this processor.
    #[inline]
    pub(crate) fn widest() -> Self {
        let widest = Self::of_processor();
        #[cfg(test)]
        let widest = widest.min(tests::LIMIT.get().unwrap_or(widest));
        widest
    }

    #[cfg(target_arch = "x86_64")]
    #[inline]
    fn of_processor() -> Self {
        use std::is_x86_feature_detected as has;
        if !(has!("avx2") && has!("fma")) {
            Self::Baseline
        } else if has!("avx512f") && has!("avx512dq") && has!("avx512vl") && has!("avx512bw") {
            Self::Avx512
        } else {
            Self::Avx2
        }
    }

    #[cfg(not(target_arch = "x86_64"))]
    fn of_processor() -> Self {
        Self::Baseline
    }
}

/// Declares a function that runs its body compiled for the widest vectors of the processor it runs on. The body is an
/// `#[inline(always)]` function with the same arguments; elsewhere than on x86-64 it is compiled once, for the target's baseline.
macro_rules! with_widest_vectors {
    ($(#[$doc:meta])* fn $name:ident($($argument:ident: $type:ty),*) $(-> $result:ty)? = $body:ident) => {
        $(#[$doc])*
        fn $name($($argument: $type),*) $(-> $result)? {
            #[cfg(target_arch = "x86_64")]
            {
                use $crate::propagation::dispatch::Vectors;
                #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx2,fma")]
                fn avx512($($argument: $type),*) $(-> $result)? {
                    $body($($argument),*)
                }
                #[target_feature(enable = "avx2,fma")]
                fn avx2($($argument: $type),*) $(-> $result)? {
                    $body($($argument),*)
                }
                match Vectors::widest() {
                    // SAFETY: the function is safe but for the instructions it may use, and `Vectors` names them only where the
                    // processor has all that stand above it.
                    Vectors::Avx512 => return unsafe { avx512($($argument),*) },
                    // SAFETY: likewise.
                    Vectors::Avx2 => return unsafe { avx2($($argument),*) },
                    Vectors::Baseline => {}
                }
            }
            $body($($argument),*)
        }
    };
}

pub(crate) use with_widest_vectors;

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use std::cell::Cell;

    thread_local! {
        /// The widest that this thread may use.
        pub(super) static LIMIT: Cell<Option<Vectors>> = const { Cell::new(None) };
    }

    const ALL: &[Vectors] = &[
        Vectors::Baseline,
        #[cfg(target_arch = "x86_64")]
        Vectors::Avx2,
        #[cfg(target_arch = "x86_64")]
        Vectors::Avx512,
    ];

    /// Does the same work in this thread with every instruction set that the processor has.
    pub(crate) fn with_each<T>(mut work: impl FnMut() -> T) -> Vec<(Vectors, T)> {
        let had = |vectors: &&Vectors| **vectors <= Vectors::of_processor();
        let done = ALL.iter().filter(had).map(|&vectors| {
            LIMIT.set(Some(vectors));
            (vectors, work())
        });
        let done = done.collect();
        LIMIT.set(None);
        done
    }

    /// All instruction sets of the processor come to the same.
    pub(crate) fn assert_each_gives_the_same<T: PartialEq + std::fmt::Debug>(work: impl FnMut() -> T) {
        let done = with_each(work);
        for (vectors, result) in &done[1..] {
            assert_eq!(result, &done[0].1, "{vectors:?}");
        }
    }

    #[test]
    fn every_instruction_set_of_the_processor_is_taken_once() {
        let taken = with_each(Vectors::widest);
        assert!(taken.iter().all(|(asked, taken)| asked == taken), "{taken:?}");
        assert_eq!(taken[0].0, Vectors::Baseline);
        assert_eq!(taken[taken.len() - 1].0, Vectors::widest());
    }

    #[inline(always)]
    fn sum_body(numbers: &[f32]) -> f32 {
        numbers.iter().map(|x| x * x).sum()
    }

    with_widest_vectors! { fn sum(numbers: &[f32]) -> f32 = sum_body }

    #[test]
    fn sums_keep_their_order() {
        let numbers: Vec<f32> = (0..1000).map(|i| (0.1 * i as f32).sin() * 1e3).collect();
        assert!(with_each(|| sum(&numbers)).iter().all(|(_, value)| value.to_bits() == sum_body(&numbers).to_bits()));
    }
}
