# The targets are CI's steps by the same names. `make run` on a fresh clone needs only Python 3.11 and pip.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= $(firstword $(shell command -v python3.11 python3.12 python3.13 python3))
VENV := .venv/bin
PY := $(VENV)/python
SUBJECT ?=
PYTEST_ARGS ?=

.PHONY: help
help: ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /|/' | awk -F'|' '{printf "make %-9s %s\n", $$1, $$2}'

.PHONY: install
install: ## the locked packages, into .venv
	@test -n "$(PYTHON)" || { echo "install stopped: no python3 found; install Python 3.11 or newer" >&2; exit 1; }
	@$(PYTHON) deploy/bootstrap.py

.PHONY: build
build: install ## the widget and the console, into frontend/dist
	@$(PY) -m supportdesk.embedded build

.PHONY: run
run: build ## the whole desk on this machine, at PORT (8000)
	@exec $(PY) -m supportdesk.embedded run

.PHONY: test
test: build ## every test, browser journeys included
	@$(VENV)/pytest $(PYTEST_ARGS)
	@SERVER=uvicorn $(VENV)/pytest -m server $(PYTEST_ARGS)
	@$(PY) -m supportdesk.embedded npm test

.PHONY: check
check: build ## lint, types, imports, generated files
	$(VENV)/ruff check .
	$(VENV)/ruff format --check .
	$(VENV)/mypy .
	$(VENV)/lint-imports --no-cache
	$(PY) manage.py protocol --check
	$(PY) -m supportdesk.embedded npm run check

.PHONY: fix
fix: install ## let the tools mend what they can
	$(VENV)/ruff check --fix .
	$(VENV)/ruff format .
	$(PY) manage.py protocol

.PHONY: faults
faults: build ## break a real desk at SEED=n (or SEEDS=1-30) for SECONDS=60: nothing may be lost
	@$(PY) -m tests.faults --seeds $(or $(SEEDS),$(SEED),1) --seconds $(or $(SECONDS),60)

.PHONY: races
races: build ## 200 conversations, 20 agents and ten dispatchers, ROUNDS=50 times; every command in any order
	@$(PY) -m tests.races --rounds $(or $(ROUNDS),50)

.PHONY: bench
bench: build ## measure; SUBJECT=name for one
	@$(PY) -m bench $(SUBJECT)

.PHONY: lock
lock: install ## pin the newest versions the project allows, with hashes
	@$(VENV)/uv pip compile pyproject.toml --group dev --python-version 3.11 --universal --only-binary :all: --upgrade \
		--generate-hashes --no-emit-index-url --no-annotate --no-header -q -o requirements.txt

.PHONY: clean
clean: ## forget what was built and every stored conversation of ./var
	@if test -e var/run/pids.json; then echo "a desk runs on ./var: stop it first (or remove var/run)" >&2; exit 1; fi
	@rm -rf .venv var frontend/node_modules frontend/dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
