# make demo: the whole path on synthetic letters. make test: every check. make test-compiled: the tests on the
# package as `pip install .` leaves it. All set up what they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
COMPILED := .venv-compiled

.PHONY: demo test test-compiled lint clean
demo: $(VENV)/ready
	rm -rf data/demo
	$(BIN)/imr-ml demo --out data/demo

test: lint
	$(BIN)/python -m pytest -n auto
	$(BIN)/python -m pytest -n 1 --nbmake --nbmake-timeout=600 notebooks

# A safe path keeps the checkout out: what is installed is tested.
test-compiled: $(COMPILED)/ready
	PYTHONSAFEPATH=1 $(COMPILED)/bin/python -c \
		"from imr_ml.extracting.summaries import summary; assert not summary.__file__.endswith('.py'), 'not compiled'"
	PYTHONSAFEPATH=1 $(COMPILED)/bin/python -m pytest -n auto tests

lint: $(VENV)/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

$(VENV)/ready: pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	touch $@

$(COMPILED)/ready: pyproject.toml .build/compiling.py $(shell find imr_ml -type f -not -name '*.pyc')
	test -x $(COMPILED)/bin/python || $(PYTHON) -m venv $(COMPILED)
	$(COMPILED)/bin/python -m pip install --quiet --upgrade pip
	$(COMPILED)/bin/python -m pip install --quiet '.[dev]'
	touch $@

clean:
	rm -rf $(VENV) $(COMPILED) data/demo .mypy_cache .pytest_cache .ruff_cache
