# Each verb does its own set-up; `make help` tells what each one does.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
SAM_VENV := .venv-sam
SAM := $(SAM_VENV)/bin/sam
SAM_READY := $(SAM_VENV)/.ready
STACK ?= doorbell
HOME_NAME ?= home

.PHONY: help
help: ## What each verb does
	@awk -F':.*## ' '/^[a-z][a-z-]*:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# --- set-up ------------------------------------------------------------------

$(READY): requirements/dev.txt requirements/uv.txt
	@echo "Setting up Python in $(VENV) (about a minute the first time) ..."
	@command -v $(PYTHON) >/dev/null || { echo "Doorbell needs Python 3.11 or newer; $(PYTHON) was not found." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Doorbell needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1)." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements/uv.txt requirements/dev.txt
	@touch $@

$(SAM_READY): requirements/sam.txt $(READY)
	@echo "Setting up the SAM CLI in $(SAM_VENV) (about a minute the first time) ..."
	@$(PYTHON) -m venv $(SAM_VENV)
	@$(BIN)/uv pip sync --quiet --python $(SAM_VENV)/bin/python --require-hashes requirements/sam.txt
	@touch $@

.PHONY: requirements
requirements: $(READY) ## Pin the dependencies anew from requirements/*.in
	@for part in uv client functions local dev sam; do \
	  $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header \
	    --python-version 3.11 requirements/$$part.in -o requirements/$$part.txt; done

.PHONY: clean
clean: ## Remove what the verbs made
	rm -rf $(VENV) $(SAM_VENV) .local .aws-sam
