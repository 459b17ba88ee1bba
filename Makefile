.DEFAULT_GOAL := help
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
BENCH_VENV := .venv-bench
BENCH_MODEL_VENV := .venv-bench-model
# Processes that share the tests. A file of tests stays together: its fixtures are costly.
TEST_PROCESSES ?= 2
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: help run venue test lint bench bench-model lock translations messages clean

help: ## what each target does
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/.installed translations ## start web and worker (PORT, HOST; default 127.0.0.1:8000)
	@exec $(BIN)/python -m forum.serve

venue: $(VENV)/.installed translations ## the same for all phones on this laptop's network
	@exec $(BIN)/python -m forum.serve --venue

test: $(VENV)/.installed-test translations ## everything, browser and PostgreSQL included
	$(BIN)/ruff check .
	$(BIN)/python -m pytest --numprocesses=$(TEST_PROCESSES) --dist=loadfile --no-loadscope-reorder

lint: $(VENV)/.installed-test ## style and common mistakes
	$(BIN)/ruff check .

bench: $(BENCH_VENV)/.installed ## speed, size and quality, each beside a baseline of the same run
	$(BENCH_VENV)/bin/python -m bench

bench-model: $(BENCH_MODEL_VENV)/.installed ## speed, quality of BERTopic with its model (PyTorch: 3 GB; DATA=folder)
	$(BENCH_MODEL_VENV)/bin/python -m bench speed --sizes 1000
	$(BENCH_MODEL_VENV)/bin/python -m bench quality $(if $(DATA),--data $(DATA))

COMPILE := uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
  --no-emit-find-links --no-annotate --custom-compile-command "make lock" setup.cfg

lock: ## write requirements/*.txt anew from setup.cfg (needs uv)
	$(COMPILE) --output-file requirements/base.txt
	$(COMPILE) --extra postgres --extra redis --output-file requirements/server.txt
	$(COMPILE) --extra postgres --extra redis --extra embedding --extra test --output-file requirements/test.txt
	$(COMPILE) --extra bench --constraint requirements/test.txt --excludes requirements/excluded.txt \
	  --output-file requirements/bench.txt
	$(COMPILE) --extra bench --extra bench-model --constraint requirements/bench.txt \
	  --output-file requirements/bench-model.txt

translations: forum/translations/en/LC_MESSAGES/messages.mo

forum/translations/en/LC_MESSAGES/messages.mo: forum/translations/en/LC_MESSAGES/messages.po $(VENV)/.installed
	@$(BIN)/pybabel --quiet compile --directory forum/translations

messages: $(VENV)/.installed ## collect new texts into the English catalogue
	$(BIN)/pybabel --quiet extract --mapping babel.cfg --keywords "_l lazy_gettext" --sort-by-file --no-location \
	  --no-wrap --project "Forum Smart City" --version 1 --output-file $(VENV)/messages.pot forum
	$(BIN)/pybabel --quiet update --input-file $(VENV)/messages.pot --output-dir forum/translations --locale en \
	  --no-fuzzy-matching --no-wrap --ignore-pot-creation-date

clean: ## forget the virtual environments (data in instance/ stays)
	rm -rf $(VENV) $(BENCH_VENV) $(BENCH_MODEL_VENV)

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Perlu Python 3.11 atau lebih baru; pilih dengan PYTHON=python3.12 make run"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements/base.txt | $(VENV)/bin/python
	@echo "Memasang pustaka (hanya pada kali pertama) …"
	@$(PIP) install --require-hashes --requirement requirements/base.txt
	@touch $@

$(VENV)/.installed-test: requirements/test.txt | $(VENV)/bin/python
	@echo "Memasang pustaka untuk uji …"
	@$(PIP) install --require-hashes --requirement requirements/test.txt
	@touch $@ $(VENV)/.installed

# Apart from the others: BERTopic brings libraries that neither the application nor its tests need. The lock names
# everything, so that nothing else is looked up (--no-deps).
$(BENCH_VENV)/.installed: requirements/bench.txt | $(VENV)/bin/python
$(BENCH_MODEL_VENV)/.installed: requirements/bench-model.txt | $(VENV)/bin/python
$(BENCH_VENV)/.installed $(BENCH_MODEL_VENV)/.installed:
	@echo "Memasang pustaka untuk pengukuran …"
	@$(BIN)/python -m venv $(@D)
	@$(@D)/bin/python -m pip --disable-pip-version-check --quiet install --no-deps --require-hashes --requirement $<
	@touch $@
