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
AUDIT_VENV := .venv-audit
AUDIT_READY := $(AUDIT_VENV)/.ready
MUTATION_VENV := .venv-mutation
MUTATION_READY := $(MUTATION_VENV)/.ready
# Which stack: as `make deploy` saved it in .doorbell; these always win.
STACK ?=
REGION ?=
PROFILE ?=
WHICH = $(if $(STACK),--stack "$(STACK)") $(if $(REGION),--region "$(REGION)") $(if $(PROFILE),--profile "$(PROFILE)")
HOME_NAME ?=
REDRIVE ?=
CLEAR ?=
CAMERA ?=
FROM ?=
TO ?=
FPS ?=
EVERY ?=
AT ?=
ZONE ?=
URL ?=
CODES ?=
VISITORS ?=
TEXT ?=
PHOTO ?=
ROLLOUT ?=
RESIDENT ?=
DOOR ?=
ROOM ?=
NAME ?=
export SAM_CLI_TELEMETRY := 0

.PHONY: help
help: ## What each verb does
	@awk -F':.*## ' '/^[a-z][a-z-]*:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# --- set-up ------------------------------------------------------------------

$(READY): requirements/development.txt
	@echo "Setting up Python in $(VENV) (about a minute the first time) ..."
	@command -v $(PYTHON) >/dev/null || { echo "Doorbell needs Python 3.11 or newer; $(PYTHON) was not found." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Doorbell needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1)." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@# pip installs uv alone, from its lines in the lock; uv is quick with all the others.
	@sed -n '/^uv==/,/[^\\]$$/p' $< > $(VENV)/uv.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(VENV)/uv.txt
	@$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes $<
	@touch $@

$(SAM_READY): requirements/sam.txt $(READY)
	@echo "Setting up the SAM CLI in $(SAM_VENV) (about a minute the first time) ..."
	@$(PYTHON) -m venv $(SAM_VENV)
	@$(BIN)/uv pip sync --quiet --python $(SAM_VENV)/bin/python --require-hashes requirements/sam.txt
	@touch $@

$(AUDIT_READY): requirements/audit.txt $(READY)
	@echo "Setting up checkov and cdk-nag in $(AUDIT_VENV) (about a minute the first time) ..."
	@$(PYTHON) -m venv $(AUDIT_VENV)
	@$(BIN)/uv pip sync --quiet --python $(AUDIT_VENV)/bin/python --require-hashes requirements/audit.txt
	@touch $@

$(MUTATION_READY): requirements/mutation.txt $(READY)
	@echo "Setting up mutmut in $(MUTATION_VENV) (about a minute the first time) ..."
	@$(PYTHON) -m venv $(MUTATION_VENV)
	@$(BIN)/uv pip sync --quiet --python $(MUTATION_VENV)/bin/python --require-hashes requirements/mutation.txt
	@touch $@

# --- on one machine -------------------------------------------------------------

.PHONY: run
run: $(READY) ## Start all on this machine, ring as a resident and as a stranger, tell the story, stop
	@$(BIN)/python -m local run

.PHONY: up
up: $(READY) ## The same stack to try by hand, until Ctrl-C (KEEP=yes: a home that stays; PORT=0: any free port)
	@exec $(BIN)/python -m local up

.PHONY: bench
bench: $(READY) ## Measure rings, cold starts and the door; a table and JSON in benchmarks/results
	@$(BIN)/python -m benchmarks

.PHONY: cost
cost: $(READY) ## What a ring and a month cost on AWS, by service, from recorded rings and dated prices
	@$(BIN)/python -m costs

.PHONY: proof
proof: $(READY) ## The promises as figures: tables and plots in docs/proof (NAME=… one of them); needs Chromium, and all of git's history
	@$(BIN)/python -m proof $(NAME)

.PHONY: mutation
mutation: $(MUTATION_READY) ## Spoil the code in one place at a time: do the quick tests notice? (ROOM=doorbell/push; without it all, in about an hour)
	@$(MUTATION_VENV)/bin/python -m proof.mutation $(ROOM)

# --- checks ----------------------------------------------------------------------

# What needs neither a stack on this machine, nor a process of its own, nor a clock that runs.
UNIT := tests/benchmarks tests/costs tests/docs tests/doorbell tests/events tests/functions tests/packing tests/permissions tests/repository tests/websocket \
  $(addprefix tests/doorbell_client/,config test_clock.py test_supervisor.py \
  $(addprefix outbox/test_,disk.py files.py notes.py record.py recovery.py spool.py) \
  $(addprefix door/test_,behaviour.py keypad_entry.py replay_guard.py) \
  $(addprefix camera/test_,schedule.py shot.py shots.py) \
  $(addprefix bridge/test_,address.py discovery.py house.py topics.py) \
  $(addprefix relay/test_,absence.py digest.py docs.py gate.py names.py nonces.py parts.py queue.py store.py) \
  $(addprefix link/test_,backoff.py cloud_clock.py heartbeat.py) \
  $(addprefix terminal/test_,panel.py view.py words.py))

# Where the servers of `make test` write down who asked AWS for what.
CALLS := $(abspath .local/calls)

.PHONY: unit
unit: $(READY) ## The quick half: rules of domain, device, protocol and imports; under two minutes
	@$(BIN)/python -m pytest -q -n 2 $(UNIT)

ALL = SAM=$(abspath $(SAM)) DOORBELL_CALLS=$(CALLS) $(BIN)/python -m pytest --cov --cov-append --cov-fail-under=93

.PHONY: test
test: lint $(SAM_READY) ## Everything: style, types, house rules, template, all tests, and their coverage
	@$(BIN)/python -m pytest -n 2 --cov --cov-report= $(UNIT) --ignore=tests/repository/test_walls.py
	@rm -rf $(CALLS)
	@# Three at a time on two cores: these tests wait for clocks and processes more than they reckon.
	@# What failed in that crowd is asked once more, alone: a fault of the product fails again.
	@$(ALL) -n 3 --dist loadfile --no-loadscope-reorder --cov-report=term:skip-covered $(addprefix --ignore=,$(UNIT) tests/audit) \
	  || { [ $$? = 1 ] && echo "Once more, alone, what failed:" && $(ALL) --last-failed --last-failed-no-failures=none --maxfail=3; }
	@DOORBELL_CALLS=$(CALLS) $(BIN)/python -m pytest -q tests/permissions/whole_run.py

.PHONY: permissions
permissions: $(READY) ## What the last `make test` asked AWS for, beside what the template allows: too little, too much
	@DOORBELL_CALLS=$(CALLS) $(BIN)/python -m pytest -q tests/permissions/whole_run.py

.PHONY: audit
audit: $(AUDIT_READY) ## What checkov and cdk-nag say of the template, beside what is explained
	@AUDIT=$(abspath $(AUDIT_VENV)) $(BIN)/python -m pytest -q tests/audit

.PHONY: lint
lint: $(READY) ## Style, types and the rules about imports alone
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/python -m pytest -q tests/repository/test_walls.py

# --- on AWS ----------------------------------------------------------------------

.PHONY: build
build: $(SAM_READY) ## Build the functions for AWS
	@$(SAM) build
	@$(BIN)/python -m packing.sizes .aws-sam/build

# STACK=, REGION=, PROFILE= say which stack; without them it is the one that was saved.
.PHONY: deploy
deploy: $(READY) $(SAM_READY) ## Deploy to your AWS account; the first time it asks four questions (STACK=… REGION=… PROFILE=…)
	@$(BIN)/python -m operations deploy $(WHICH) --sam "$(SAM)" $(if $(ROLLOUT),--rollout "$(ROLLOUT)")

.PHONY: outputs
outputs: $(READY) ## URLs and names of the deployed stack
	@$(BIN)/python -m operations outputs $(WHICH)

.PHONY: smoke
smoke: $(READY) ## Ring on the deployed stack as a resident and as a stranger; look at what AWS does, clean up
	@$(BIN)/python -m operations smoke $(WHICH)

.PHONY: forget
forget: $(READY) ## Forget a home, or one resident of it, with all that is kept: HOME_NAME=… (RESIDENT=…)
	@[ -n "$(HOME_NAME)" ] || { echo "Say which home: HOME_NAME=…" >&2; exit 1; }
	@# A resident's name that is set but empty, here or in the environment, would forget the whole home.
	@[ "$(origin RESIDENT)" = file ] || [ -n "$(RESIDENT)" ] || { echo "Say which resident: RESIDENT=…" >&2; exit 1; }
	@$(BIN)/python -m operations forget --home "$(HOME_NAME)" $(if $(RESIDENT),--resident "$(RESIDENT)") $(WHICH)

.PHONY: delete
delete: $(READY) ## Delete the stack with all photos, faces and devices
	@$(BIN)/python -m operations delete $(WHICH)

.PHONY: lost
lost: $(READY) ## What reached nobody: whose it was, and why (REDRIVE=yes: give it back; CLEAR=yes: throw it away)
	@$(BIN)/python -m operations lost $(WHICH) $(if $(filter yes,$(REDRIVE)),--redrive) $(if $(filter yes,$(CLEAR)),--clear)

# --- devices ---------------------------------------------------------------------
# With `make up` running they belong to the stack on this machine, else to the one on AWS.

.PHONY: add-door add-phone add-camera
add-door: $(READY) ## Add a door: NAME=… HOME_NAME=…; prints its token once
	@$(BIN)/python -m operations add door "$(NAME)" --home "$(HOME_NAME)" $(WHICH)
add-phone: $(READY) ## Add a phone: NAME=… RESIDENT=… HOME_NAME=…; prints its token, and a link and QR code to pair
	@$(BIN)/python -m operations add phone "$(NAME)" --home "$(HOME_NAME)" --resident "$(RESIDENT)" $(WHICH)
add-camera: $(READY) ## Add a camera: NAME=… DOOR=… HOME_NAME=…; prints its token once, and what to type into its page
	@$(BIN)/python -m operations add camera "$(NAME)" --home "$(HOME_NAME)" --door "$(DOOR)" $(WHICH)

.PHONY: enrol
enrol: $(READY) ## Enrol a resident who agrees: PHOTO=me.jpeg RESIDENT=Anna HOME_NAME=…; waits, and says what came of it
	@$(BIN)/python -m operations enrol "$(PHOTO)" --resident "$(RESIDENT)" --home "$(HOME_NAME)" $(WHICH)

FILM = $(if $(FROM),--from "$(FROM)") $(if $(TO),--to "$(TO)") $(if $(FPS),--fps "$(FPS)") \
  $(if $(EVERY),--every "$(EVERY)") $(if $(AT),--at "$(AT)") $(if $(ZONE),--zone "$(ZONE)")
.PHONY: film
film: $(READY) ## A film of what a camera saw: CAMERA=… FROM=2026-07-01 TO=…; or EVERY=day|week|never AT=06:00 ZONE=…
	@$(BIN)/python -m operations film "$(CAMERA)" $(FILM) --home "$(HOME_NAME)" $(WHICH)

.PHONY: revoke
revoke: $(READY) ## Revoke a device and close its sockets: NAME=… HOME_NAME=…
	@$(BIN)/python -m operations revoke "$(NAME)" --home "$(HOME_NAME)" $(WHICH)

.PHONY: add-messenger messengers remove-messengers
add-messenger: $(READY) ## Tell a messenger, too: URL=ntfy://… HOME_NAME=… (CODES=yes: residents' codes, too)
	@$(BIN)/python -m operations add-messenger "$(URL)" --home "$(HOME_NAME)" $(WHICH) $(if $(filter yes,$(CODES)),--codes)
messengers: $(READY) ## Which messengers are told, by service: HOME_NAME=…
	@$(BIN)/python -m operations messengers --home "$(HOME_NAME)" $(WHICH)
remove-messengers: $(READY) ## Tell no messenger any more: HOME_NAME=…
	@$(BIN)/python -m operations remove-messengers --home "$(HOME_NAME)" $(WHICH)

PUBLISHED = $(if $(CAMERA),--camera "$(CAMERA)") $(if $(DOOR),--door "$(DOOR)")
.PHONY: publish-to publications stop-publishing
publish-to: $(READY) ## Publish films: URL=x|mastodons://… (empty: asked for) CAMERA=…|DOOR=… VISITORS=yes TEXT=… HOME_NAME=…
	@$(BIN)/python -m operations publish-to $(if $(URL),--url "$(URL)") $(PUBLISHED) $(if $(filter yes,$(VISITORS)),--visitors) \
	  $(if $(TEXT),--text "$(TEXT)") --home "$(HOME_NAME)" $(WHICH)
publications: $(READY) ## What is published where: HOME_NAME=…
	@$(BIN)/python -m operations publications --home "$(HOME_NAME)" $(WHICH)
stop-publishing: $(READY) ## Publish no more: CAMERA=…|DOOR=…, or neither for all; HOME_NAME=…
	@$(BIN)/python -m operations stop-publishing $(PUBLISHED) --home "$(HOME_NAME)" $(WHICH)

# --- what SAM calls ----------------------------------------------------------------
# `sam build` and `local.build` call `build-<LogicalId>` with ARTIFACTS_DIR; the latter with
# DEPENDENCIES=no and its own Python.

DEPENDENCIES ?= yes
BUILD_PYTHON ?= $(BIN)/python
LAMBDA_VERSION := 3.13
# Compiled files must come from the version that will run them; without it `make build` says so.
LAMBDA_PYTHON ?=

# Installed once for all functions, and anew when the lock changes.
PACKAGES := .aws-sam/packages

build-%:
	@if [ "$(DEPENDENCIES)" = no ]; then exec $(BUILD_PYTHON) -m packing $* "$(ARTIFACTS_DIR)"; fi; \
	packages="$(PACKAGES)/$(LAMBDA_VERSION)-$$(cksum < requirements/functions.txt | tr ' ' -)"; \
	if [ ! -d "$$packages" ]; then \
	  mkdir -p "$(PACKAGES)"; fresh=$$(mktemp -d "$(PACKAGES)/fresh.XXXXXX"); trap 'rm -rf "$$fresh"' EXIT; \
	  $(BIN)/uv pip install --quiet --target "$$fresh" --require-hashes -r requirements/functions.txt \
	    --python-platform aarch64-manylinux_2_28 --python-version $(LAMBDA_VERSION); \
	  [ -d "$$packages" ] || mv "$$fresh" "$$packages"; \
	fi; \
	$(BUILD_PYTHON) -m packing $* "$(ARTIFACTS_DIR)" --packages "$$packages"; \
	python="$(LAMBDA_PYTHON)"; \
	[ -n "$$python" ] || python=$$($(BIN)/uv python find --no-python-downloads $(LAMBDA_VERSION) 2>/dev/null) || exit 0; \
	$$python -m compileall -q --invalidation-mode unchecked-hash "$(ARTIFACTS_DIR)"

# --- upkeep ------------------------------------------------------------------------

PIN := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11
.PHONY: requirements
requirements: $(READY) ## Pin the dependencies of pyproject.toml anew, a lock for each place
	@$(PIN) pyproject.toml -o requirements/device.txt
	@$(PIN) pyproject.toml --group development -o requirements/development.txt
	@$(PIN) pyproject.toml --group mutation --constraint requirements/development.txt -o requirements/mutation.txt
	@for group in audit bridge functions relay sam webcam; do $(PIN) --group $$group -o requirements/$$group.txt; done

.PHONY: shell
shell: $(READY) ## List anew what the phone's app keeps offline, after a change in phone/
	@$(BIN)/python -m packing.shell

.PHONY: screenshots
screenshots: $(READY) ## Photograph every page of the phone's app, light and dark, into docs/images/phone
	@$(BIN)/python -m docs.images.draw_phone

.PHONY: clean
clean: ## Remove what the verbs made
	rm -rf $(VENV) $(SAM_VENV) $(AUDIT_VENV) $(MUTATION_VENV) .local .aws-sam
