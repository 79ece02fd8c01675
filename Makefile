# Two commands do everything: `make lab` opens the course, `make test` runs every check.
# Each installs what it needs first, when it is missing or older than its lock file.

PORT ?= 8888
TESTS ?=
VENV := .venv
PYTHON ?= $(firstword $(foreach p,python3 python3.13 python3.12 python3.11 python,$(shell $(p) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(p))))

ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif

# Another environment that happens to be activated is not ours.
export VIRTUAL_ENV := $(CURDIR)/$(VENV)
# uv is fetched with its hash, installs, and goes: a learner's environment stays small.
UV := $(VENV)/uv/bin/uv
INSTALL := $(UV) pip install --quiet --require-hashes
define fetch_uv
@PYTHONDONTWRITEBYTECODE=1 $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes --upgrade --target $(VENV)/uv -r tools/uv.lock
endef

.PHONY: lab teach test corpus bench release site site-check format lock clean

lab: $(VENV)/.lab  ## open the course in JupyterLab (PORT=8888)
	@$(BIN)/python -m snrilab lab --port $(PORT)

teach: $(VENV)/.teach  ## open JupyterLab with a teacher's tools: formgrader, sources, handing out (PORT=8888)
	@$(BIN)/python -m snrilab lab --teach --port $(PORT)

# One more than there are processors: pages and time limits are waited for. More take memory.
AT_ONCE = $(shell $(BIN)/python -c 'import os; print(min(4, (os.cpu_count() or 1) + 1))')

# Checks start hundreds of processes: what one has compiled, the others need not compile again.
test corpus bench site-check: export PYTHONDONTWRITEBYTECODE :=

test: $(VENV)/.test  ## run every check: style, types, library, notebooks, assignments, grading, browser
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m pytest -n $(AT_ONCE) --dist loadfile --no-loadscope-reorder $(TESTS)

corpus: $(VENV)/.test  ## grade 204 honest submissions with the engine and compare with nbgrader, cell by cell
	SNRILAB_WHOLE_CORPUS=1 $(BIN)/python -m pytest -n 2 tests/grading/test_same_as_stock.py

bench: $(VENV)/.test  ## measure speed against named peers, each table in one run
	$(INSTALL) -r benchmarks/requirements.lock
	$(BIN)/python -m benchmarks $(filter-out bench,$(MAKECMDGOALS))

release: $(VENV)/.test  ## regenerate release/ from source/
	$(BIN)/python -m tools.release

STACK ?= tested
site: $(VENV)/.site  ## make the pages to read and the laboratory in the browser, in build/site (STACK=published)
	$(BIN)/python -m tools.site --stack $(STACK)

site-check: $(VENV)/.site  ## run all lessons and assignments in the browser edition, with and without JSPI
	SNRILAB_WHOLE_SITE=1 SNRILAB_REQUIRE_ALL=1 $(BIN)/python -m pytest -rA tests/browser/test_site.py

format: $(VENV)/.test  ## put code and notebooks in canonical form
	$(BIN)/python -m tools.canonical --write
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: $(VENV)/.test  ## take new versions into the lock files
	UV=$(UV) $(BIN)/python -m tools.locks

clean:  ## remove the environment and everything that can be made again; learners' work and marks stay
	rm -rf $(VENV) .pytest_cache .ruff_cache .mypy_cache .hypothesis build dist

# The environment knows the folder it was made in: after a move it has to be made again.
ifneq ($(shell cat $(VENV)/.lab 2>/dev/null),$(CURDIR))
.PHONY: $(VENV)/.lab
endif

$(VENV)/.lab: requirements.lock tools/uv.lock pyproject.toml $(wildcard snrilab/jupyter/*.json snrilab/jupyter/*/*/*.json)
	@test -n "$(PYTHON)" && $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "snrilab needs Python 3.11 or newer; '$(or $(PYTHON),python3)' is $$($(or $(PYTHON),python3) --version 2>/dev/null || echo not there)."; \
	  echo "Install one from python.org or your system, or name it: make lab PYTHON=/path/to/python3.12"; exit 1; }
	@echo "Setting up in $(VENV); this happens once, and again when requirements.lock changes."
	@$(PYTHON) -m venv --clear $(VENV)
	$(fetch_uv)
	@echo "$$(grep -c == requirements.lock) packages, each checked against its hash"
	@$(INSTALL) -r requirements.lock
	@$(UV) pip install --quiet --no-deps --no-build-isolation --editable .
	@$(UV) pip uninstall --quiet setuptools 2>/dev/null || true
	@rm -rf $(VENV)/uv $(VENV)/lib/python*/site-packages/pip/_*/__pycache__ $(VENV)/lib/python*/site-packages/pip/_*/*/__pycache__
	@echo "$(CURDIR)" > $@

$(VENV)/.teach: $(VENV)/.lab tools/teach.lock
	@echo "Adding a teacher's tools: $$(grep -c == tools/teach.lock) packages"
	$(fetch_uv)
	@$(INSTALL) -r requirements.lock -r tools/teach.lock
	@rm -rf $(VENV)/uv
	@echo done > $@

$(VENV)/.test: $(VENV)/.teach tools/test.lock
	@echo "Adding what the checks need: $$(grep -c == tools/test.lock) packages"
	$(fetch_uv)
	@PYTHONDONTWRITEBYTECODE= $(INSTALL) --compile-bytecode -r requirements.lock -r tools/teach.lock -r tools/test.lock
	@echo done > $@

$(VENV)/.site: $(VENV)/.test tools/site.lock
	@echo "Adding what the site needs: $$(grep -c == tools/site.lock) packages"
	$(fetch_uv)
	@$(INSTALL) -r requirements.lock -r tools/teach.lock -r tools/test.lock -r tools/site.lock
	@rm -rf $(VENV)/uv
	@echo done > $@

ifneq ($(filter bench,$(MAKECMDGOALS)),)
%:
	@:
endif
