# make demo · make test · make lint · make bench — each installs what it lacks (Debian packages, by name).

PACKAGES := libgdal-dev gdal-bin pkg-config cmake libclang-dev
OUT := target/demo

.PHONY: demo test lint bench deps data

demo: deps
	cargo build --release
	target/release/notspot run data/demo/study.toml -o $(OUT)
	@echo "open $(OUT)/report.html in a browser, $(OUT)/notspot.gpkg and $(OUT)/coverage/*.tif in QGIS"

test: lint
	cargo test --no-fail-fast

lint: deps
	@cargo fmt --version >/dev/null 2>&1 && cargo fmt --check || \
		{ cargo fmt --version >/dev/null 2>&1 && exit 1 || echo "skipped: cargo fmt is not installed"; }
	@cargo clippy --version >/dev/null 2>&1 && cargo clippy --all-targets -- -D warnings || \
		{ cargo clippy --version >/dev/null 2>&1 && exit 1 || echo "skipped: cargo clippy is not installed"; }
	RUSTDOCFLAGS="-D warnings" cargo doc --no-deps

bench: deps
	cargo bench

# The files of data/demo, made again byte for byte.
data: deps
	cargo run --release --example generate_demo -- data/demo

deps:
	@tools/install-deps $(PACKAGES)
