# Two commands do everything on a fresh machine (Python 3.11+, pip, make, git): make demo, make test.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test test-changed prove check lint docs snapshots golden clean

# A stamp, so that the second call starts at once. Debian without python3-venv has no ensurepip: pip fills the venv from outside.
.venv/.stamp: pyproject.toml constraints.txt hatch_build.py
	@echo "Setting up .venv (a minute or two the first time) …"
	@$(PYTHON) -m venv .venv >/dev/null 2>&1 || $(PYTHON) -m venv --clear --without-pip .venv
	@$(PYTHON) -m pip --python $(BIN)/python install -q --disable-pip-version-check -e '.[dev]' -c constraints.txt
	@touch $@

demo: .venv/.stamp
	@$(BIN)/postil demo build/demo

test: lint
	@$(BIN)/python -m pytest -q -n auto

lint: .venv/.stamp
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check -q . || (echo "run: $(BIN)/ruff format ." && false)
	@$(BIN)/mypy
	@$(BIN)/lint-imports

# The tests of what changed since the last commit, or since another: make test-changed SINCE=main
test-changed: .venv/.stamp
	@$(BIN)/python -m tests.changed $(SINCE)

prove: lint
	@$(BIN)/python -m pytest -q -n auto --prove

# What every screen looks like, for tests/whole/test_snapshots.py; look at what changed. NAMES="codebook matrix*" paints some.
snapshots: .venv/.stamp
	@set -f; $(BIN)/python -m tests.shots $(NAMES)

# What every command says and writes, for tests/whole/test_golden.py; look at what changed. NAMES="sample/model/*" records some.
golden: .venv/.stamp
	@set -f; $(BIN)/python -m tests.golden $(NAMES)

docs: .venv/.stamp
	@$(BIN)/python docs/generate.py
	@$(BIN)/python docs/rooms.py

clean:
	rm -rf .venv build dist
