# make demo: the whole path on synthetic letters. make test: every check. Both set up what they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test lint clean
demo: $(VENV)/ready
	rm -rf data/demo
	$(BIN)/imr-ml demo --out data/demo

test: lint
	$(BIN)/python -m pytest -n auto
	$(BIN)/python -m pytest -n 1 --nbmake --nbmake-timeout=600 notebooks

lint: $(VENV)/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

$(VENV)/ready: pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	touch $@

clean:
	rm -rf $(VENV) data/demo .mypy_cache .pytest_cache .ruff_cache
