//! Stopping HiGHS from outside: its C interface's callbacks, which the `highs` crate does not wrap.
//!
//! The callback only reads an atomic flag and writes one integer, so it is safe on any HiGHS thread.

use highs::Model;
use std::ffi::{c_char, c_int, c_void};
use std::sync::atomic::{AtomicBool, Ordering};

/// First field of `HighsCallbackDataIn`; the rest is not touched.
#[repr(C)]
struct CallbackIn {
    user_interrupt: c_int,
}

type Callback = unsafe extern "C" fn(c_int, *const c_char, *const c_void, *mut CallbackIn, *mut c_void);

// Declared in HiGHS's `interfaces/highs_c_api.h`; the library is linked by the `highs` crate.
unsafe extern "C" {
    fn Highs_setCallback(highs: *mut c_void, callback: Option<Callback>, data: *mut c_void) -> c_int;
    fn Highs_startCallback(highs: *mut c_void, kind: c_int) -> c_int;
}

/// `kHighsCallbackSimplexInterrupt`, `kHighsCallbackIpmInterrupt`, `kHighsCallbackMipInterrupt`.
const INTERRUPTS: [c_int; 3] = [1, 2, 6];

unsafe extern "C" fn interrupt(
    _: c_int,
    _: *const c_char,
    _: *const c_void,
    answer: *mut CallbackIn,
    data: *mut c_void,
) {
    if answer.is_null() || data.is_null() {
        return;
    }
    // SAFETY: `data` is the flag handed to `attach`, which outlives the run; `answer` is HiGHS's own structure.
    unsafe {
        if (*data.cast::<AtomicBool>()).load(Ordering::Relaxed) {
            (*answer).user_interrupt = 1;
        }
    }
}

/// Lets a flag interrupt the model's run.
///
/// # Safety
/// `flag` must outlive every run of `model`.
pub(super) unsafe fn attach(model: &mut Model, flag: &AtomicBool) {
    let data: *const AtomicBool = flag;
    // SAFETY: the pointers are valid by the caller's promise, and the callback has the type that HiGHS declares.
    unsafe {
        let highs = model.as_mut_ptr();
        if Highs_setCallback(highs, Some(interrupt), data.cast_mut().cast()) == 0 {
            for kind in INTERRUPTS {
                Highs_startCallback(highs, kind);
            }
        }
    }
}
