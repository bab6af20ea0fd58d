# Two commands: `make run` plays the demo workout, `make test` runs every test. `make help` lists the rest.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= 2

.PHONY: help run test lint unit screens e2e bench system-parts assets picture clean

help:
	@echo "make run      install into .venv and play the demo workout"
	@echo "make test     install what the tests need and run them all (lint, unit, screens, e2e)"
	@echo "make lint     ruff, mypy --strict, import contracts"
	@echo "make bench    print the table of measured figures"
	@echo "make picture  draw the README's picture anew"
	@echo "make clean    remove .venv and caches"

$(VENV)/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit("nbd-tui needs Python 3.11 or newer, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "Python cannot make a virtual environment here. On Debian or Ubuntu:"; \
		echo "    sudo apt install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/pyvenv.cfg pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --group lint --group test
	@touch $@

run: $(VENV)/.installed
	$(BIN)/nbd demo

test: system-parts lint unit screens e2e

system-parts:
	@bash .ci/system-parts

lint: $(VENV)/.installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

unit: $(VENV)/.installed-dev
	$(BIN)/pytest tests/unit -n $(WORKERS) --dist worksteal -q

screens: $(VENV)/.installed-dev
	$(BIN)/pytest tests/screens -n $(WORKERS) --dist worksteal -q

# One at a time: these measure sound and time.
e2e: $(VENV)/.installed-dev
	$(BIN)/pytest tests/e2e -q

bench: $(VENV)/.installed-dev
	$(BIN)/python -m tests.bench

picture: $(VENV)/.installed-dev
	$(BIN)/python -m tests.screens.picture assets/workout.svg

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis dist build
