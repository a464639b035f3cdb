# make demo · make test · make lint · make bench · make fuzz · make sanitize — each installs what it lacks (Debian packages, by name).

PACKAGES := libgdal-dev gdal-bin pkg-config cmake libclang-dev
OUT := target/demo
FUZZ_TARGETS := batch csv instance msi study
FUZZ_SECONDS := 60
SANITIZED := env CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 cargo test --release --lib
SKIPPED := $(or $(CARGO_TARGET_DIR),target)/tmp/skipped

.PHONY: demo test lint bench fuzz sanitize deps data

demo: deps
	cargo build --release
	target/release/notspot run data/demo/study.toml -o $(OUT)
	@echo "open $(OUT)/report.html in a browser, $(OUT)/notspot.gpkg and $(OUT)/coverage/*.tif in QGIS"

# The test with a real database is skipped where PostGIS cannot be installed.
test: lint
	@tools/install-deps postgresql postgis postgresql-postgis || echo "PostGIS is not installed; its test is skipped"
	@rm -f $(SKIPPED)
	@cargo test --no-fail-fast; status=$$?; \
		if [ -s $(SKIPPED) ]; then echo "skipped, in part or as a whole:"; sort $(SKIPPED) | uniq -c; fi; exit $$status

lint: deps
	@cargo fmt --version >/dev/null 2>&1 && cargo fmt --check || \
		{ cargo fmt --version >/dev/null 2>&1 && exit 1 || echo "skipped: cargo fmt is not installed"; }
	@cargo clippy --version >/dev/null 2>&1 && cargo clippy --all-targets -- -D warnings || \
		{ cargo clippy --version >/dev/null 2>&1 && exit 1 || echo "skipped: cargo clippy is not installed"; }
	RUSTDOCFLAGS="-D warnings" cargo doc --no-deps

bench: deps
	cargo bench

# Each fuzz target for FUZZ_SECONDS, from its seeds and what earlier runs found (make fuzz FUZZ_SECONDS=600 FUZZ_TARGETS=csv).
fuzz: deps
	@cargo fuzz --version >/dev/null 2>&1 || cargo install cargo-fuzz --locked
	@set -e; for target in $(FUZZ_TARGETS); do \
		mkdir -p fuzz/corpus/$$target; \
		cargo fuzz run -O -a -s none $$target fuzz/corpus/$$target fuzz/seeds/$$target -- \
			-dict=fuzz/dictionaries/$$target.dict -max_total_time=$(FUZZ_SECONDS) -max_len=1024 -timeout=30 -print_final_stats=1; \
	done

# The library's tests in optimised code under AddressSanitizer, whose runtime comes with the compilers of rust-lang.org; with others those of the
# vector code alone under valgrind, which is slower and knows no AVX-512. GDAL's own leaks are not looked for.
sanitize: deps
	@if find "$$(rustc --print sysroot)/lib/rustlib" -name 'librustc-*_rt.asan.a' | grep -q .; then \
		RUSTC_BOOTSTRAP=1 RUSTFLAGS=-Zsanitizer=address ASAN_OPTIONS=detect_leaks=0 $(SANITIZED) \
			--target "$$(rustc -vV | sed -n 's/host: //p')" --target-dir target/sanitize; \
	else \
		tools/install-deps valgrind; \
		env "CARGO_TARGET_$$(rustc -vV | sed -n 's/host: //p' | tr a-z- A-Z_)_RUNNER=valgrind -q --error-exitcode=9" PROPTEST_CASES=20 \
			$(SANITIZED) --target "$$(rustc -vV | sed -n 's/host: //p')" --target-dir target/valgrind same_bits; \
	fi

# The files of data/demo, made again byte for byte.
data: deps
	cargo run --release --example generate_demo -- data/demo

deps:
	@tools/install-deps $(PACKAGES)
