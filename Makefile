# Every target sets up what it needs in .venv; nothing but python3 and make has to be there before.
PYTHON ?= python3
BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --editable

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

bench: .venv/installed         ## speed, as ratios within one run
	$(BIN)/python bench/engine.py

pictures: .venv/installed      ## draw the README's picture anew
	$(BIN)/pathgrad tour --out .venv/tour > /dev/null
	cp .venv/tour/tour.svg docs/tour.svg

clean:                         ## remove everything that was made
	rm -rf .venv tour .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info

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
