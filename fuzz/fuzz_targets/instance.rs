#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| notspot_fuzz::instance::run(data));
