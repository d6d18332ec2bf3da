# The two commands: `make run` opens the studio, `make test` proves it. Both set up what they need,
# the libraries of the system that Qt's window loads included.
#   make run ARGS="hills.png"
#   make run ARGS="generate --model landscapes --out picture.png"

VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
ARGS ?=
LIBRARIES := packaging/system-libraries.sh packaging/system-libraries.txt

.DEFAULT_GOAL := help
.PHONY: help run test check torture bench install-desktop remove-desktop clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 18

$(VENV)/.made:
	@sh packaging/make-venv.sh $(VENV)
	@touch $@

$(VENV)/.run: $(VENV)/.made pyproject.toml constraints.txt $(LIBRARIES)
	@echo "Installing GenStudio into $(VENV) ..."
	@$(PIP) install -c constraints.txt -e ".[video]"
	@sh packaging/system-libraries.sh $(VENV) || true
	@touch $@

$(VENV)/.test: $(VENV)/.made pyproject.toml constraints.txt $(LIBRARIES)
	@echo "Installing GenStudio with its tests into $(VENV) ..."
	@$(PIP) install -c constraints.txt -e ".[video,train,test]"
	@sh packaging/system-libraries.sh $(VENV)
	@touch $@ $(VENV)/.run

run: $(VENV)/.run ## set up and open the studio; ARGS="..." passes files or a command on
	@$(BIN)/genstudio $(if $(strip $(ARGS)),$(ARGS),studio --or-showcase)

test: $(VENV)/.test ## set up and run the tests, on up to four cores; ARGS="..." goes to pytest
	@$(BIN)/python -m pytest -n logical --maxprocesses 4 --dist loadfile $(ARGS)

check: $(VENV)/.test ## lint, formatting, types, import contracts
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

torture: $(VENV)/.test ## kill, spoil and starve it for an hour: 100 kills of each kind, 10,000 hostile files
	@GENSTUDIO_TORTURE_KILLS=100 GENSTUDIO_TORTURE_FILES=10000 $(BIN)/python -m pytest tests/torture $(ARGS)

bench: $(VENV)/.test ## measure the speed figures and write benchmarks/results.json
	@$(BIN)/python -m benchmarks

install-desktop: $(VENV)/.run ## put GenStudio into your desktop's menu; a double click opens its files
	@sh packaging/install-desktop.sh $(BIN)/genstudio

remove-desktop: ## take it out of the menu again
	@sh packaging/install-desktop.sh --remove

clean: ## remove the virtual environment and caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist
