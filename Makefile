# Two commands do everything: `make lab` opens the course, `make test` runs every check.
# Each builds the environment first when it is missing or older than the lock file.

PORT ?= 8888
TESTS ?=
ONLY ?=
VENV := .venv
PYTHON ?= $(firstword $(foreach p,python3 python3.13 python3.12 python3.11 python,$(shell $(p) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(p))))

ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
READY := $(VENV)/.ready
LOCK := --universal --fork-strategy fewest --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet

# Another environment that happens to be activated is not ours.
unexport VIRTUAL_ENV

.PHONY: lab test corpus bench release format lock clean

lab: $(READY)  ## open the course in JupyterLab (PORT=8888)
	@$(BIN)/python -m snrilab lab --port $(PORT)

test: $(READY)  ## run every check: style, types, library, notebooks, assignments, grading, browser
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile $(TESTS)

corpus: $(READY)  ## grade 204 honest submissions with the engine and compare with nbgrader, cell by cell
	SNRILAB_WHOLE_CORPUS=1 $(BIN)/python -m pytest -n 2 tests/grading/test_same_as_stock.py

bench: $(READY)  ## measure speed against named peers, each table in one run (ONLY=coverage: that one)
	$(BIN)/python -m pip install --quiet --require-hashes -r benchmarks/requirements.lock
	$(BIN)/python -m benchmarks $(ONLY)

release: $(READY)  ## regenerate release/ from source/
	$(BIN)/python -m tests.assignments

format: $(READY)  ## put code and notebooks in canonical form
	$(BIN)/python -m tests.canonical --write
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: $(READY)  ## take new versions into both lock files
	$(BIN)/uv pip compile pyproject.toml $(LOCK) --all-extras -o requirements.lock
	$(BIN)/uv pip compile benchmarks/requirements.in $(LOCK) -c requirements.lock -o benchmarks/requirements.lock

clean:  ## remove the environment and everything that can be made again
	rm -rf $(VENV) .pytest_cache .ruff_cache .mypy_cache .hypothesis dist gradebook.db

# The environment knows the folder it was made in: after a move it has to be made again.
ifneq ($(shell cat $(READY) 2>/dev/null),$(CURDIR))
.PHONY: $(READY)
endif

$(READY): requirements.lock pyproject.toml $(wildcard snrilab/jupyter/*.json)
	@test -n "$(PYTHON)" && $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "snrilab needs Python 3.11 or newer; '$(or $(PYTHON),python3)' is $$($(or $(PYTHON),python3) --version 2>/dev/null || echo not there)."; \
	  echo "Install one from python.org or your system, or name it: make lab PYTHON=/path/to/python3.12"; exit 1; }
	@echo "Setting up in $(VENV); this happens once, and again when requirements.lock changes."
	@echo "1/3 an empty environment"
	@$(PYTHON) -m venv --clear $(VENV)
	@echo "2/3 about $$(grep -c == requirements.lock) packages, each checked against its hash: a minute or two"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@echo "3/3 snrilab itself"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@echo "$(CURDIR)" > $@
