# Lookout. `make help` lists the recipes; each says what is missing if it cannot go on.
SHELL := /bin/bash
.DEFAULT_GOAL := help

PYTHON ?= python3
PORT ?= 8501
export LOOKOUT_HOME ?= $(CURDIR)/var
VENV := $(CURDIR)/.venv
PY := $(VENV)/bin/python
# A third worker on two cores made every test slower and the whole no faster.
WORKERS ?= 2

.PHONY: help run load bench lint audit screenshots test test-deep test-spark setup clean

help: ## list the recipes
	@grep -hE '^[a-z-]+:.*?## ' $(MAKEFILE_LIST) | awk -F':.*?## ' '{printf "make %-12s %s\n", $$1, $$2}'

run: $(LOOKOUT_HOME)/.ready ## set everything up and serve the demo city at http://localhost:8501 (PORT= changes the port)
	@echo "Lookout serves http://localhost:$(PORT) (loopback only); stop with Ctrl-C"
	@exec $(PY) -m streamlit run app.py --server.port $(PORT)

load: $(VENV)/.run ## load new files of $LOOKOUT_HOME/inbox, build a release, evaluate the rules
	@$(PY) -m etl load; code=$$?; [ $$code -eq 0 ] || [ $$code -eq 3 ] || exit $$code
	@$(PY) -m warehouse build
	-@for past in "$(LOOKOUT_HOME)"/inbox/运营历史_预警处置*.csv "$(LOOKOUT_HOME)"/inbox/运营历史_整改*.csv \
	  "$(LOOKOUT_HOME)"/inbox/培训记录*.csv "$(LOOKOUT_HOME)"/inbox/运营历史_例会*.csv; do \
	  [ ! -e "$$past" ] || $(PY) -m alerts import-history "$$past"; done
	-@$(PY) -m alerts run

test: $(VENV)/.dev ## set up and run the tests, browser included
	@tests/browser/ensure.sh $(PY)
	@tests/etl/query/ensure.sh
	$(PY) -m pytest -q --durations=40 --durations-min=3 -n $(WORKERS) --dist loadgroup --no-loadscope-reorder -m "not deep and not spark"

test-deep: $(VENV)/.dev ## the long property, kill and soak tests
	@tests/browser/ensure.sh $(PY)
	@tests/etl/query/ensure.sh
	$(PY) -m pytest -q -m "deep or examples"

test-spark: $(VENV)/.dev ## the models on Spark, in local mode and on a cluster, row for row against DuckDB
	@deploy/ensure-java.sh
	@$(PY) -c "import pyspark, grpc_status" 2>/dev/null || $(PY) -m pip install -q -r requirements-spark.txt
	$(PY) -m pytest -q -m "spark"

bench: $(VENV)/.dev ## measure, as ratios in one run; writes bench/RESULTS.md
	$(PY) -m bench

lint: $(VENV)/.dev ## ruff and mypy
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy app.py alerts etl warehouse pages
	@$(PY) .ci/audit.py || echo "lint: see above; CI fails for it"

audit: $(VENV)/.dev ## known faults of the pinned packages; without a list of faults in reach it says so and fails nothing
	@$(PY) .ci/audit.py

screenshots: $(VENV)/.dev $(LOOKOUT_HOME)/.ready ## pictures of every view, both languages, light and dark, wide and phone
	@tests/browser/ensure.sh $(PY)
	$(PY) -m tests.browser.screenshots --out docs/screenshots

setup: $(VENV)/.run ## only the virtual environment

clean: ## remove the virtual environment and the demo city (never a LOOKOUT_HOME of your own)
	rm -rf $(VENV) $(CURDIR)/var

$(PY):
	@command -v $(PYTHON) >/dev/null || { echo "make: $(PYTHON) is missing; install Python 3.11 or newer"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "make: $(PYTHON) is $$($(PYTHON) -V); Lookout needs 3.11 or newer (PYTHON=/path/to/python3.11)"; exit 1; }
	@$(PYTHON) -m venv $(VENV) 2>/dev/null && $(PY) -m pip --version >/dev/null 2>&1 \
	  || { rm -rf $(VENV); echo "make: cannot create a virtual environment; on Debian or Ubuntu: apt-get install python3-venv"; exit 1; }

$(VENV)/.run: requirements.txt | $(PY)
	@echo "setup: installing requirements.txt (about a minute the first time)"
	@$(PY) -m pip install -q --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.run
	@echo "setup: installing requirements-dev.txt"
	@$(PY) -m pip install -q --disable-pip-version-check -r requirements-dev.txt
	@touch $@

# The demo city: written, loaded and built once. A home that holds another workspace is left alone.
$(LOOKOUT_HOME)/.ready: | $(VENV)/.run
	@[ -e $(LOOKOUT_HOME)/workspace.toml ] || { \
	  $(PY) -m etl init demo && $(PY) -m etl demo --out $(LOOKOUT_HOME); }
	@$(MAKE) --no-print-directory load
	@touch $@
