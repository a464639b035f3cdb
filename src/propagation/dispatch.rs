//! One function for several instruction sets, chosen at run time.

/// Declares a function that runs its body compiled for the widest vectors of the processor it runs on. The body is an
/// `#[inline(always)]` function with the same arguments; elsewhere than on x86-64 it is compiled once, for the target's baseline.
macro_rules! with_widest_vectors {
    ($(#[$doc:meta])* fn $name:ident($($argument:ident: $type:ty),*) $(-> $result:ty)? = $body:ident) => {
        $(#[$doc])*
        fn $name($($argument: $type),*) $(-> $result)? {
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx2,fma")]
                fn avx512($($argument: $type),*) $(-> $result)? {
                    $body($($argument),*)
                }
                #[target_feature(enable = "avx2,fma")]
                fn avx2($($argument: $type),*) $(-> $result)? {
                    $body($($argument),*)
                }
                use std::is_x86_feature_detected as has;
                if has!("avx2") && has!("fma") {
                    if has!("avx512f") && has!("avx512dq") && has!("avx512vl") && has!("avx512bw") {
                        // SAFETY: the function is safe but for the instructions it uses, and the processor has them all.
                        return unsafe { avx512($($argument),*) };
                    }
                    // SAFETY: likewise.
                    return unsafe { avx2($($argument),*) };
                }
            }
            $body($($argument),*)
        }
    };
}

pub(crate) use with_widest_vectors;
