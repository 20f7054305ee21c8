# Everything a newcomer runs. A fresh machine needs Python 3.11 or newer, git and make.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
PEOPLE ?= 10000
DEMO_PEOPLE ?= 1000
PORT ?= 8000
WORKERS ?= auto
UV_VERSION := 0.13.9
UV := .uv/bin/uv
BIN := .venv/bin
READY := .venv/.ready
WEB := src/reknit/web
ASSETS := $(WEB)/built/.ready
WARM := .venv/.warm

# The tests start hundreds of processes; where Python may not keep what it compiled, each of them
# compiles all of it again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup wheel demo report test test-long check static lint types rooms docs bench browser postgres tracer translators clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(READY) $(ASSETS) ## Install what is locked into .venv (the others do it by themselves)

$(UV):
	@test -n "$(PYTHON)" || { echo "Reknit needs Python 3.11 or newer: install it, or name it: make PYTHON=/path/to/python3"; exit 2; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Reknit needs Python 3.11 or newer, and $(PYTHON) is older. Name another: make PYTHON=/path/to/python3"; exit 2; }
	@echo "Installing uv into .uv"
	@"$(PYTHON)" -m venv .uv
	@.uv/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

$(READY): pyproject.toml uv.lock | $(UV)
	@echo "Installing what uv.lock lists into .venv"
	@$(UV) sync --locked --quiet --extra server --python "$(PYTHON)"
	@touch $@

# The pages' files: what npm pins and ours, named by content; translations, compiled.
$(ASSETS): $(READY) tools/assets.py $(WEB)/assets/package-lock.json $(shell find $(WEB)/static/web $(WEB)/locale -name '*.css' -o -name '*.js' -o -name '*.svg' -o -name '*.po')
	@echo "Building the pages' files into $(WEB)/built"
	@$(BIN)/python tools/assets.py
	@touch $@

# What each process would otherwise do at its first use, once: a minute on a fresh machine.
$(WARM): $(READY) tools/warm.py $(wildcard src/reknit/matching/*.py src/reknit/places/*.py)
	@echo "Compiling the matching engine and building the table of places"
	@$(BIN)/python tools/warm.py
	@touch $@

wheel: $(ASSETS) ## Build a wheel that carries the pages' files
	$(UV) build --wheel --quiet

demo: $(READY) $(ASSETS) $(WARM) ## Serve the application with invented people, imported and matched (Ctrl-C ends it)
	$(BIN)/reknit demo --data demo/application --people $(DEMO_PEOPLE) --port $(PORT)

report: $(READY) $(WARM) ## Match 10,000 invented people in several scripts; writes demo/report.html
	$(BIN)/reknit synth demo --people $(PEOPLE)
	$(BIN)/reknit match demo/sought.csv demo/found.csv --out demo/matches.jsonl \
	  --truth demo/truth.csv --report demo/report.html
	$(BIN)/reknit evaluate demo/matches.jsonl demo/truth.csv --sought demo/sought.csv
	@echo && echo "Open this page in a browser: file://$(CURDIR)/demo/report.html"

# On PostgreSQL: all that stores or guards. The tests of pages and of started servers run there among
# the long ones.
ON_POSTGRES := -m "database and not long and not browser" --ignore=tests/web --ignore=tests/docs \
  --ignore=tests/boundaries/test_routes.py --ignore=tests/cli/test_serve.py \
  --ignore=tests/cli/test_demo.py

test: $(READY) $(ASSETS) $(WARM) browser postgres tracer ## Run the tests (all but the long ones), on SQLite and, but for the pages, on PostgreSQL
	$(BIN)/pytest -m "not long" -n $(WORKERS) -rs
	$(BIN)/python tools/with_postgres.py $(BIN)/pytest $(ON_POSTGRES) -n $(WORKERS) -rs

# Side by side, a test taken from the other's share where one has nothing left: some take minutes.
LONG := -n $(WORKERS) --dist worksteal -rs --durations=20

test-long: $(READY) $(ASSETS) $(WARM) browser postgres tracer translators ## Run the long tests: fuzzing, kills, large data, a real model, all on PostgreSQL (about an hour)
	$(UV) sync --locked --quiet --all-groups --all-extras --python "$(PYTHON)"
	$(BIN)/pytest -m long $(LONG)
	$(BIN)/python tools/with_postgres.py $(BIN)/pytest -m database $(LONG)

check: static test ## Lint, format, types, rooms, docs, tests

# Side by side: each is one process.
static: $(READY) $(ASSETS)
	@$(MAKE) --no-print-directory -j2 lint types rooms docs $(WARM)

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)
	$(BIN)/mypy

rooms: $(READY)
	$(BIN)/lint-imports

docs: $(READY) ## Build the documentation into docs/_build/html
	$(BIN)/sphinx-build --quiet --fail-on-warning --keep-going docs docs/_build/html
	@echo "Documentation: file://$(CURDIR)/docs/_build/html/index.html"

bench: $(READY) ## Measure against peers in one run and fill the tables in README.md and docs
	$(UV) sync --locked --quiet --extra server --group bench --python "$(PYTHON)"
	$(BIN)/python -m benchmarks

# What the tests use of Debian's: installed where this may be, else they say at the end what they
# skipped. $(call debian,is it there?,packages,what is skipped without it)
define debian
@if $(1) >/dev/null 2>&1; then :; \
elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
  echo "Installing Debian's $(2)"; \
  { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends $(2) >/dev/null; } \
  || echo "$(2) could not be installed: $(3) will be skipped"; \
else \
  echo "No $(2) here, and installing needs root and apt-get: $(3) will be skipped"; \
fi
endef

browser:
	$(call debian,command -v chromium,chromium,the tests in a browser)

# tools/with_postgres.py starts a throwaway cluster for one command.
postgres:
	$(call debian,ls /usr/lib/postgresql/*/bin/initdb,postgresql,the tests on PostgreSQL)

tracer:
	$(call debian,command -v strace,strace,the tests of failing disks)

translators:
	$(call debian,command -v apertium,apertium apertium-eng-spa,the tests of translation programs)

clean: ## Remove what was built and installed here
	rm -rf $(WEB)/built $(WEB)/static/vendor $(WEB)/assets/node_modules .venv .uv build dist demo docs/_build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
