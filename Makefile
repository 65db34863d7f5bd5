# Each target does all of its own set-up on a machine with python3 >= 3.11, make and a Python package index.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

CLUSTER := .venv-cluster

.PHONY: demo unit test soak lint cluster-demo cluster-test clean help
.DEFAULT_GOAL := help

help:  ## show the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

demo: $(READY)  ## take in the made-up sample news and show who said what
	@$(BIN)/onrecord demo

unit: $(READY)  ## the tests that need no warehouse, in seconds
	@$(BIN)/python -m pytest -n 2 tests/unit

test: $(READY) lint  ## lint, types, imports and all tests
	@$(BIN)/python -m pytest -n 2

lint: $(READY)  ## ruff, mypy, import-linter, sqlfluff, generated files
	@$(BIN)/ruff check . && $(BIN)/ruff format --check -q .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache > /dev/null || $(BIN)/lint-imports --no-cache
	@$(BIN)/sqlfluff lint --disable-progress-bar -q sql
	@$(BIN)/python -m pipelines.contracts --check && $(BIN)/python -m pipelines.reference_pages --check

soak: $(READY)  ## longer trials with random seeds; one part alone: make soak PART=tests/soak/test_reader.py
	@$(BIN)/python -m pytest -m soak -n 2 -s $(PART)

cluster-demo: $(CLUSTER)/.ready  ## the sample on Ray, S3, PostgreSQL and a DuckLake, all on this machine
	@$(CLUSTER)/bin/python -m pipelines.bench.cluster_demo

cluster-test: $(CLUSTER)/.ready  ## the tests that need the extra `cluster`
	@$(CLUSTER)/bin/python -m pytest -n 0 tests/unit/compute/test_engine.py tests/unit/storage/test_object_paths.py \
		tests/unit/storage/test_lock.py tests/integration/test_cluster.py tests/integration/test_ducklake.py

clean:  ## remove what runs and set-up made; data/sample stays
	rm -rf $(VENV) $(CLUSTER) sql/target data/demo

# One install of pinned and hashed versions; again only when the lock or the project's metadata changes.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "OnRecord needs Python 3.11 or newer; set PYTHON=..."; exit 1; }
	@echo "set-up: installing into $(VENV) (a few minutes, once)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary :all: -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m pipelines.orchestration.dbt
	@touch $(READY)

# What is pinned stays as it is; the extra comes on top.
$(CLUSTER)/.ready: requirements.lock pyproject.toml
	@echo "set-up: installing into $(CLUSTER) (a few minutes, once)"
	@test -x $(CLUSTER)/bin/python || $(PYTHON) -m venv $(CLUSTER)
	@$(CLUSTER)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary :all: -r requirements.lock
	@$(CLUSTER)/bin/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --constraint requirements.lock --editable '.[cluster,cluster-tests]' || \
		$(CLUSTER)/bin/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --editable '.[cluster,cluster-tests]'
	@touch $@
