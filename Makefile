# The way in. Nothing here needs more than Python 3.11+; `make test` installs what tests need.

VENV ?= .venv
PYTHON ?= python3
PYTEST_ARGS ?=
LOCK_ARGS ?=
BENCH_ARGS ?=
export VENV

.DEFAULT_GOAL := run
.PHONY: run test check format lock bench changelog clean

RUNTIME := $(VENV)/.runtime-stamp
TOOLS := $(VENV)/.tools-stamp

run: $(RUNTIME) ## serve the demo village on http://127.0.0.1:8080
	scripts/folkmoot demo
	scripts/folkmoot --config var/demo/folkmoot.toml serve

test: $(TOOLS) ## set up what the tests need and run everything, on both databases
	scripts/setup-tests
	$(VENV)/bin/python scripts/run_tests.py $(PYTEST_ARGS)

check: $(TOOLS) ## lint, format, types, contracts
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	PYTHONPATH=src $(VENV)/bin/lint-imports

format: $(TOOLS)
	$(VENV)/bin/ruff check --fix-only .
	$(VENV)/bin/ruff format .

lock: $(TOOLS) ## resolve the dependencies anew (LOCK_ARGS=--upgrade for newer ones)
	scripts/lock $(LOCK_ARGS)

bench: $(TOOLS) ## measure, in about ten minutes; less with BENCH_ARGS="--size 200,50,5000"
	PYTHONPATH=src $(VENV)/bin/python bench/run.py $(BENCH_ARGS)

changelog: $(TOOLS) ## gather changes/ into the changelog: make changelog VERSION=0.2.0
	$(VENV)/bin/towncrier build --version $(VERSION)

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	rm -rf tests/clients/node/node_modules
	find src tests bench -name __pycache__ -type d -prune -exec rm -rf {} +

$(RUNTIME): requirements.lock
	scripts/setup-venv $(PYTHON) $(VENV) requirements.lock
	touch $@

$(TOOLS): requirements-dev.lock
	scripts/setup-venv $(PYTHON) $(VENV) requirements-dev.lock
	touch $@
