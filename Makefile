# The one task runner. `make help` lists what there is; .ci/run and the workflows call it.

# -- which Python ------------------------------------------------------------------------
# PYTHON may be a name or a path. A name that is not on PATH is looked for in pyenv, and
# without one the first that is new enough serves.
PYTHON_NAME := $(or $(PYTHON),python3)
PYTHON_BIN := $(shell tools/find-python.sh $(PYTHON_NAME))
VENV ?= .venv$(if $(PYTHON),-$(notdir $(PYTHON)))
BIN := $(VENV)/bin
RUN := $(BIN)/python

# `quick` links in seconds and is for working on the code; figures come from `release`.
PROFILE ?= release
# Everything the wheel has, and the functions that exist only to be tested.
FEATURES := python,pyo3/abi3-py311,test-hooks

RUST_SOURCES := $(shell find src -name '*.rs') Cargo.toml Cargo.lock
STAMPS := target/.stamps
SCOPE ?=

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_PROGRESS_BAR := on

.PHONY: help
help: ## This list
	@awk -F ':.*## ' '/^[a-z%-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.DEFAULT_GOAL := help

# -- the two commands of the README ------------------------------------------------------

.PHONY: demo
demo: build $(VENV)/.demo ## Run a Django shop through the whole job, printing each step
	@$(RUN) examples/django_shop/demo.py

.PHONY: shop
shop: build $(VENV)/.demo ## Serve the same shop on 127.0.0.1:8000
	@$(RUN) examples/django_shop/manage.py migrate --verbosity 0
	@SHOP_DEBUG=1 $(RUN) examples/django_shop/manage.py runserver 127.0.0.1:8000

.PHONY: test
test: test-rust test-python test-timing stubtest ## Everything but the browser and the long runs

# -- building ----------------------------------------------------------------------------

.PHONY: build
build: $(STAMPS)/extension-$(PROFILE) ## Build the extension and put it into the package
	@ls python/hauberk/_rust*.so >/dev/null 2>&1 || { rm $<; $(MAKE) $<; }

# The extension of one profile replaces the other's, so each stamp removes the others.
$(STAMPS)/extension-$(PROFILE): $(RUST_SOURCES) pyproject.toml | $(VENV)/.build
	@mkdir -p $(STAMPS) && rm -f $(STAMPS)/extension-*
	PATH="$(abspath $(BIN)):$$PATH" VIRTUAL_ENV=$(abspath $(VENV)) $(BIN)/maturin develop \
		--skip-install --profile $(PROFILE) --features $(FEATURES)
	@touch $@

$(VENV)/.python:
	@test -n "$(PYTHON_BIN)" || { echo "No Python >= 3.11 called $(PYTHON_NAME) found."; exit 1; }
	$(PYTHON_BIN) -m venv $(VENV)
	$(RUN) -m pip install --quiet --upgrade 'pip>=25.1'
	@site=$$($(RUN) -c 'import sysconfig; print(sysconfig.get_path("purelib"))') && \
		echo '$(abspath python)' > "$$site/hauberk-tree.pth"
	@touch $@

$(VENV)/.build: $(VENV)/.python
	$(RUN) -m pip install --quiet 'maturin>=1.16,<2'
	@touch $@

# One stamp for each dependency group: `.venv/.test`, `.venv/.bench` …
$(VENV)/.%: pyproject.toml | $(VENV)/.python
	@echo "Installing the group '$*' into $(VENV) …"
	$(RUN) -m pip install --quiet --group $*
	@touch $@

# -- testing -----------------------------------------------------------------------------

.PHONY: test-rust
test-rust: ## The Rust core, without Python
	cargo test --locked
	HAUBERK_TEST_DOCUMENTS=100000 cargo test --locked --profile quick --test rust html_equality

.PHONY: test-python
test-python: build ctgrind $(VENV)/.test ## Unit, standards, property, Django, Flask and security tests
	$(BIN)/pytest -n 2 -m "not timing and not browser and not slow" --doctest-modules $(SCOPE)

.PHONY: test-slow
test-slow: build $(VENV)/.test ## What takes minutes: a hundred kill -9 while others write
	$(BIN)/pytest -m slow -p no:randomly tests

.PHONY: test-timing
test-timing: build $(VENV)/.test ## Leakage t-tests, alone on the machine
	$(BIN)/pytest -m timing -p no:randomly tests/security

.PHONY: stubtest
stubtest: build $(VENV)/.typing ## The stub describes the extension
	$(BIN)/python -m mypy.stubtest hauberk._rust --allowlist tests/typing/stubtest-allowlist.txt

.PHONY: test-compat
test-compat: build $(VENV)/.test ## The peers' own test-suites (downloaded) against hauberk.compat
	$(RUN) -m tests.compat.run_argon2_cffi
	$(RUN) -m tests.compat.run_bleach
	$(RUN) -m tests.compat.run_pyjwt
	$(RUN) -m tests.compat.run_nh3

.PHONY: test-browser
test-browser: build $(VENV)/.browser ## Sanitized attacks in headless Chromium
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || $(MAKE) tools
	$(BIN)/pytest -m browser -p no:randomly tests/browser

# The program that valgrind watches; the Python test runs it where valgrind is installed.
.PHONY: ctgrind
ctgrind:
	cargo build --locked --release --example ctgrind

.PHONY: tools
tools: ## Debian packages that some tests use and skip without
	apt-get update -qq && apt-get install -y --no-install-recommends \
		chromium chromium-driver valgrind

# -- fuzzing -----------------------------------------------------------------------------
# libFuzzer's instrumentation is a nightly feature; RUSTC_BOOTSTRAP lets the stable compiler
# that builds the wheels do it too. `cargo install cargo-fuzz` brings the command.

FUZZ_TARGET ?= json
FUZZ_SECONDS ?= 60

.PHONY: fuzz
fuzz: ## Feed one target random text: make fuzz FUZZ_TARGET=json FUZZ_SECONDS=60
	@mkdir -p fuzz/corpus/$(FUZZ_TARGET)
	RUSTC_BOOTSTRAP=1 cargo fuzz run --target x86_64-unknown-linux-gnu $(FUZZ_TARGET) \
		fuzz/corpus/$(FUZZ_TARGET) fuzz/seeds/$(FUZZ_TARGET) -- -max_total_time=$(FUZZ_SECONDS)

.PHONY: fuzz-html
fuzz-html: ## The sanitizer's fast path against ammonia, and what is left of any markup
	$(MAKE) fuzz FUZZ_TARGET=html

.PHONY: asan
asan: ## The Rust core under AddressSanitizer and LeakSanitizer, on the stable toolchain
	RUSTC_BOOTSTRAP=1 RUSTFLAGS=-Zsanitizer=address CARGO_TARGET_DIR=target/asan \
		cargo test --locked --lib --tests --target x86_64-unknown-linux-gnu

# -- linting -----------------------------------------------------------------------------

.PHONY: lint
lint: lint-rust lint-python stubtest ## Formatting, clippy, ruff, mypy, licences

.PHONY: lint-rust
lint-rust:
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings
	cargo clippy --locked --features python,test-hooks,pyo3/abi3-py311 -- -D warnings
	@if command -v cargo-deny >/dev/null; then cargo deny --offline check licenses bans sources; \
		else echo "cargo-deny is not installed: licences not checked here"; fi

.PHONY: lint-python
lint-python: build $(VENV)/.lint $(VENV)/.bench
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

.PHONY: format
format: $(VENV)/.lint ## Format Rust and Python
	cargo fmt
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

# -- measuring ---------------------------------------------------------------------------

.PHONY: bench
bench: build $(VENV)/.bench ## All domains against their peers
	$(RUN) -m benches.peers

bench-%: build $(VENV)/.bench ## One domain: compare, tokens, signing, json …
	$(RUN) -m benches.peers $*

# One name for what is sealed, for columns of Django, and for a whole table in PostgreSQL.
bench-encryption: build $(VENV)/.bench
	$(RUN) -m benches.peers encryption encryption_django
	$(RUN) -m benches.reencryption

.PHONY: bench-html-attacks
bench-html-attacks: build ## What expensive markup costs: CPU time and memory of each shape
	$(RUN) -m benches.html_attacks

.PHONY: bench-plot
bench-plot: $(VENV)/.bench ## Draw the last results as SVG
	$(RUN) -m benches.peers.plot

.PHONY: bench-core
bench-core: ## The Rust core with criterion
	cargo bench --locked --bench core

# -- cleaning ----------------------------------------------------------------------------

.PHONY: clean
clean: ## Remove what was built
	rm -rf target .venv* python/hauberk/_rust*.so dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
