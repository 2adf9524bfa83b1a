# What a contributor types. `just ci` is what CI runs (through .ci/run).

# Formatting and lints.
check:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets --locked -- -D warnings

# All tests, with everything they need installed first.
test:
    scripts/test

# Accept changed snapshots after looking at them (needs cargo-insta).
bless:
    cargo insta test --workspace --accept

# Side by side with DuckDB and Polars on 10 M generated dossiers; writes docs/benchmarks.md.
bench *ARGS:
    python3 benches/run.py {{ARGS}}

# Loading a CSV file of 10 M dossiers beside DuckDB's CSV to Parquet; `--write` puts the table into docs/benchmarks.md.
bench-load *ARGS:
    python3 benches/load.py {{ARGS}}

# Licences, bans and sources of dependencies (needs cargo-deny).
deny:
    cargo deny check bans licenses sources

# Ten minutes of each fuzz target (needs cargo-fuzz; a stable compiler does with RUSTC_BOOTSTRAP=1).
fuzz TARGET SECONDS="600":
    cd fuzz && RUSTC_BOOTSTRAP=1 cargo fuzz run {{TARGET}} -- -max_total_time={{SECONDS}} -rss_limit_mb=4096

ci:
    .ci/run
