# Everything a person or a build server does here; `make` alone lists it.
# Needs make, a Python 3.11, 3.12 or 3.13 and a Python 3.10; the rest is made in this folder.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help run test faults check train understanding bench docs audit lock clean setup setup-without-nlu

IN := .venv/bin
AUDIT = $(IN)/uv tool run pip-audit --strict --require-hashes --disable-pip --progress-spinner off -r

help: ## show this list
	@echo "STO-wegwijzer:"
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1 \2/p' Makefile | while read -r name what; do \
	    printf '  make %-13s %s\n' "$$name" "$$what"; \
	done

run: setup ## start the bot: web chat, Telegram and Rasa
	@$(IN)/wegwijzer run

test: setup ## all tests, with real Rasa, PostgreSQL and a browser
	$(IN)/python -m pytest --numprocesses=2 tests/unit tests/integration tests/security tests/botapi
	$(IN)/python -m pytest tests/conversations tests/e2e tests/faults

faults: setup ## hours of faults, and every test that docs/faults.md names (ONLY=test_kill: a part)
	WEGWIJZER_LONG=1 $(IN)/python tools/faults.py $(ONLY)

check: setup-without-nlu ## format, lint, types, import rules, compose file and content
	$(IN)/ruff format --check .
	$(IN)/ruff check .
	$(IN)/mypy
	$(IN)/lint-imports
	$(IN)/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml
	$(IN)/python -m pytest tests/unit -m "content or house"

train: setup ## train Rasa's model, if its inputs changed
	@$(IN)/wegwijzer train

understanding: setup ## measure understanding, write docs/understanding.md (COMPARE=0: only our pipeline)
	@$(IN)/python -m benchmarks.understanding $(if $(filter 0,$(COMPARE)),--chosen)

bench: setup ## run every benchmark
	@for file in benchmarks/*.py; do echo "== $$file"; $(IN)/python -m "benchmarks.$$(basename "$$file" .py)" || exit 1; done

docs: setup-without-nlu ## write the documents that are made from the code
	$(IN)/python tools/documents.py

audit: setup-without-nlu ## look for known vulnerabilities in the locked packages (needs internet)
	@bad=0; for lock in app dev uv; do echo "== $$lock"; $(AUDIT) requirements/$$lock.txt || bad=1; done; exit $$bad
	-@$(AUDIT) requirements/nlu.txt # caged: docs/dependencies.md says which are known

lock: setup-without-nlu ## write the lock files anew (UPGRADE=1: with the newest versions)
	$(IN)/python tools/lock.py $(if $(UPGRADE),--upgrade)

clean: ## remove environments and caches; keeps var/, where people's plans are
	rm -rf .venv .venv-nlu .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	rm -rf .coverage .rasa dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

setup:
	@tools/setup

setup-without-nlu:
	@tools/setup --without-nlu
