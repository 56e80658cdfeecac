# Every target sets up what it needs in .venv; nothing but python3 and make has to be there before.
PYTHON ?= python3
BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --editable

# The benchmark has an environment of its own, for the engines that it measures beside this one, and what draws them.
BENCH := .venv-bench
BENCH_INSTALL := $(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check
PEERS := micrograd torch==2.13.0 micrograd-rust oxigrad torchviz torchview jax casadi scikit-learn mlxtend matplotlib
SOURCES := pyproject.toml $(wildcard autograd/*.py autograd/*/*.py nn/*.py viz/*.py viz/*/*.py)

.PHONY: tour test lint types bench pictures clean

tour: .venv/installed          ## run the tour: prints the lesson, writes tour/
	@$(BIN)/pathgrad tour

test: .venv/installed-dev      ## run all tests, notebooks and README included
	$(BIN)/python -m pytest

lint: .venv/installed-dev      ## style and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/installed-dev     ## strict types
	$(BIN)/mypy

bench: $(BENCH)/installed      ## speed beside other engines, as ratios within one run; writes bench/results/
	@$(BENCH)/bin/python bench/engine.py $(BENCH_OPTIONS)

pictures: .venv/installed-dev  ## draw the README's picture and the gallery anew
	$(BIN)/pathgrad tour --out .venv/tour > /dev/null
	cp .venv/tour/tour.svg docs/tour.svg
	$(BIN)/pathgrad figures --gallery --out docs

clean:                         ## remove everything that was made
	rm -rf .venv $(BENCH) tour bench/results .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info

.venv/installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("pathgrad needs Python 3.11 or newer, this is " + sys.version.split()[0] + "; try make PYTHON=python3.12") if sys.version_info < (3, 11) else None'
	@echo "Setting up .venv; this takes a minute the first time."
	@$(PYTHON) -m venv .venv
	@$(INSTALL) .
	@touch $@

.venv/installed-dev: .venv/installed
	@echo "Installing what the tests need."
	@$(INSTALL) '.[dev]'
	@touch $@

# Not editable: that would slow down every start of Python, and starting is one of the things that are measured.
$(BENCH)/installed: $(SOURCES) | $(BENCH)/peers
	@$(BENCH_INSTALL) .
	@rm -rf build
	@touch $@

# A peer that does not install is left out. micrograd-viz brings a package named micrograd as well: it stays apart.
$(BENCH)/peers:
	@echo "Setting up $(BENCH) with the engines to compare; this takes a few minutes the first time."
	@$(PYTHON) -m venv $(BENCH)
	@for peer in $(PEERS) "--no-deps --target $(BENCH)/micrograd-viz micrograd-viz"; do \
		$(BENCH_INSTALL) $$peer > /dev/null 2>&1 || echo "$${peer##* } does not install here and is left out."; \
	done
	@touch $@
