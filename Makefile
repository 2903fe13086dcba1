# make demo    set up, then check the seed article with the shipped editor
# make test    set up, then run the tests
# make check   the tests, after format, lint, types and the import contract
PYTHON ?= python3
VENV ?= .venv
# The CPU build is enough for everything here.  On Linux the package index gives the CUDA
# build; point pip at PyTorch's CPU index (PIP_INDEX_URL) for the small one.
TORCH ?= torch==2.13.0
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: demo test check lint setup clean

demo: setup
	$(BIN)/mtqa check references/carney

test: setup
	$(BIN)/python -m pytest

check: lint
	$(BIN)/python -m pytest

lint: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

setup: $(VENV)/.ready

$(VENV)/.ready: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet '$(TORCH)'
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	touch $@

clean:
	rm -rf $(VENV) build dist *.egg-info
