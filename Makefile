# make demo · make test · make lint · make bench · make fuzz — each installs what it lacks (Debian packages, by name).

PACKAGES := libgdal-dev gdal-bin pkg-config cmake libclang-dev
OUT := target/demo
FUZZ_TARGETS := batch csv instance msi study
FUZZ_SECONDS := 60
SKIPPED := $(or $(CARGO_TARGET_DIR),target)/tmp/skipped

.PHONY: demo test lint bench fuzz deps data

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

# The files of data/demo, made again byte for byte.
data: deps
	cargo run --release --example generate_demo -- data/demo

deps:
	@tools/install-deps $(PACKAGES)
