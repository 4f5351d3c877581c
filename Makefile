# Countersign. `make` lists the targets; each sets up what it needs first.

PYTHON ?= python3
ARGS ?=

BIN := .venv/bin
READY := .venv/.ready
PIP := $(BIN)/python -m pip --disable-pip-version-check
# `make lock ARGS=--upgrade` takes the newest versions; without it only what must change changes.
COMPILE := $(BIN)/uv --no-config pip compile pyproject.toml --quiet --universal \
	--python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	--custom-compile-command "make lock"

.DEFAULT_GOAL := help
.PHONY: help setup up demo test test-pages screenshots test-faults check bench format lock

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(READY) ## make the environment in .venv from the locked requirements

# Everything that is downloaded is held to the hashes of the lock; the project itself is built
# with the locked build backend, without a second download.
$(READY): requirements/dev.txt pyproject.toml
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv
	$(PIP) install --quiet --require-hashes --no-deps -r requirements/dev.txt
	$(PIP) install --quiet --no-index --no-deps --no-build-isolation --editable .
	@touch $@

up: $(READY) ## start everything embedded (ARGS="--port 8000 --data-dir D")
	@$(BIN)/countersign up $(ARGS)

demo: $(READY) ## play two launches through the public API; one fails and is reviewed
	@$(BIN)/countersign demo $(ARGS)

test: $(READY) ## run the tests, with the quick fault tests
	$(BIN)/python -m pytest -n 2 --dist loadscope $(ARGS)

test-pages: $(READY) ## run the browser tests; needs Chromium (CHROMIUM=… names one)
	$(BIN)/python -m pytest tests/browser -m browser $(ARGS)

screenshots: $(READY) ## take pictures of every page into build/screenshots; needs Chromium
	$(BIN)/python -m tests.browser.screenshots

test-faults: $(READY) ## run all fault tests and whatever takes long, and print what was done
	$(BIN)/python -m pytest tests/api tests/faults -m "faults or slow" -s $(ARGS)

check: $(READY) ## format, lint, types, contracts, dependencies
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m tests.contracts.purity
	$(BIN)/deptry .

bench: $(READY) ## measure speed and size beside bare Temporal (ARGS="--quick")
	@$(BIN)/python -m bench $(ARGS)

format: $(READY) ## write the sources in their one format
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

lock: $(READY) ## resolve the dependencies anew into requirements/
	$(COMPILE) $(ARGS) --output-file requirements/runtime.txt
	$(COMPILE) $(ARGS) --all-extras --constraint requirements/runtime.txt --output-file requirements/dev.txt
