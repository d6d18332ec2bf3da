# The two commands: `make run` opens the studio, `make test` proves it. Both set up what they need.
#   make run ARGS="generate --model landscapes --out picture.png"

VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help run test check bench clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

$(VENV)/.made:
	@sh packaging/make-venv.sh $(VENV)
	@touch $@

$(VENV)/.run: $(VENV)/.made pyproject.toml constraints.txt
	@echo "Installing GenStudio into $(VENV) ..."
	@$(PIP) install -c constraints.txt -e ".[video]"
	@touch $@

$(VENV)/.test: $(VENV)/.made pyproject.toml constraints.txt
	@echo "Installing GenStudio with its tests into $(VENV) ..."
	@$(PIP) install -c constraints.txt -e ".[video,train,test]"
	@touch $@ $(VENV)/.run

run: $(VENV)/.run ## set up and start GenStudio; ARGS="..." passes a command on
	@$(BIN)/genstudio $(ARGS)

test: $(VENV)/.test ## set up and run the tests; ARGS="..." goes to pytest
	@$(BIN)/python -m pytest $(ARGS)

check: $(VENV)/.test ## lint, formatting, types, import contracts
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: $(VENV)/.test ## measure the speed figures and write benchmarks/results.json
	@$(BIN)/python -m benchmarks

clean: ## remove the virtual environment and caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist
