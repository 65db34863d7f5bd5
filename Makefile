# Each target does all of its own set-up on a machine with python3 >= 3.11, make and a Python package index.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test soak lint clean help
.DEFAULT_GOAL := help

help:  ## show the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

demo: $(READY)  ## take in the made-up sample news and show who said what
	@$(BIN)/onrecord demo

test: $(READY) lint  ## lint, types, imports and all tests
	@$(BIN)/python -m pytest -n 2

lint: $(READY)  ## ruff, mypy, import-linter, sqlfluff, generated files
	@$(BIN)/ruff check . && $(BIN)/ruff format --check -q .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache > /dev/null || $(BIN)/lint-imports --no-cache
	@$(BIN)/sqlfluff lint --disable-progress-bar -q sql
	@$(BIN)/python -m pipelines.contracts --check && $(BIN)/python -m pipelines.reference_pages --check

soak: $(READY)  ## longer trials with random seeds
	@$(BIN)/python -m pytest -m soak -n 2 -s

clean:  ## remove what runs and set-up made; data/sample stays
	rm -rf $(VENV) sql/target data/demo

# One install of pinned and hashed versions; again only when the lock or the project's metadata changes.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "OnRecord needs Python 3.11 or newer; set PYTHON=..."; exit 1; }
	@echo "set-up: installing into $(VENV) (a few minutes, once)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary :all: -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m pipelines.orchestration.dbt
	@touch $(READY)
