# Two commands: `make run` plays the demo workout, `make test` runs every test. `make help` lists the rest.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
WORKERS ?= 2
PYTEST := $(BIN)/python -m pytest -q
# Tests of screens and of whole programs wait for half of their time.
SCREEN_WORKERS ?= 4
E2E_WORKERS ?= 3
SHARE := --dist worksteal
PARALLEL := -n $(WORKERS) $(SHARE)

.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: help run test lint unit package screens e2e bench accuracy system-parts picture clean

help:
	@echo "make run      install into .venv and play the demo workout"
	@echo "make test     install what the tests need and run them all (lint, unit, package, screens, e2e)"
	@echo "make lint     ruff, mypy --strict, import contracts"
	@echo "make unit     tests without sound, screen or installation; also: make package, screens, e2e"
	@echo "make bench    print the table of measured figures"
	@echo "make accuracy print the table of what the analysis hears against what is true"
	@echo "make picture  draw the README's pictures anew"
	@echo "make clean    remove .venv and caches"

# Made anew when it was left half made, or by a Python that is gone.
$(if $(wildcard $(VENV)/.made),$(shell $(BIN)/python -c 'import pip' 2>/dev/null || rm -f $(VENV)/.made))
$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("nbd-tui needs Python 3.11 or newer; $(PYTHON) is %s. Name another one: make PYTHON=python3.12 …" % sys.version.split()[0])'
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) cannot make a virtual environment here. On Debian or Ubuntu, this gets what is missing:"; \
		echo "    sudo apt install python3-venv"; exit 1; }
	@echo "making $(VENV)"
	@$(PYTHON) -m venv --clear $(VENV)
	@touch $@

$(VENV)/.installed: $(VENV)/.made pyproject.toml
	@echo "installing nbd-tui and its packages into $(VENV)"
	@$(PIP) install --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	@echo "installing what the tests need into $(VENV)"
	@$(PIP) install 'pip>=25.1'
	@$(PIP) install --group lint --group test
	@touch $@

run: $(VENV)/.installed
	@$(BIN)/python -m nbd_tui demo

test: system-parts lint unit package screens e2e

system-parts:
	@sh .ci/system-parts

lint: $(VENV)/.installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

unit: $(VENV)/.installed-dev
	$(PYTEST) $(PARALLEL) tests/unit

package: $(VENV)/.installed-dev
	$(PYTEST) tests/install

screens: $(VENV)/.installed-dev
	$(PYTEST) -n $(SCREEN_WORKERS) $(SHARE) tests/screens

# Those that measure sound and time one at a time.
e2e: $(VENV)/.installed-dev
	$(PYTEST) -n $(E2E_WORKERS) $(SHARE) -m together tests/e2e
	$(PYTEST) -m 'not together' tests/e2e

bench: $(VENV)/.installed-dev
	$(BIN)/python -m tests.bench

accuracy: $(VENV)/.installed-dev
	$(BIN)/python -m tests.accuracy --jobs $(WORKERS)

picture: $(VENV)/.installed-dev
	$(BIN)/python -m tests.screens.picture assets

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis dist build
