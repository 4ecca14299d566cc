# The commands of the project. `make` alone lists them.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.ONESHELL:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python

.PHONY: help run test test-quick test-system check bench up down up-native down-native lock clean \
	test-unit test-postgres test-search test-browser test-native test-fresh

help:  ## list these commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

run:  ## start the portal on http://127.0.0.1:8000 (PORT= changes it); no database server, Node or Java needed
	@bin/venv requirements.lock
	PORTAL_DEMO=$${PORTAL_DEMO:-1} exec $(PY) manage.py serve$(if $(PORT), --port $(PORT))

test: test-system  ## install what is needed, then the static checks and every test (what cannot run here says why)
	@bin/test

test-system:
	@bin/system-packages

test-quick:  ## tests while working: SQLite, embedded engine, no browser, in parallel
	@bin/venv requirements-dev.lock
	$(PY) -m pytest -q -n 2 -m "not browser and not server_engine and not native and not slow"

check:  ## format, lint, types, imports, migrations, templates, messages, documentation, licences
	@bin/venv requirements-dev.lock
	bin/check

bench:  ## the benchmarks that take seconds: pages, paper, a search; ends with 1 when one is over its limit
	@bin/venv requirements-dev.lock
	export PORTAL_DEMO=1
	over=0
	$(PY) -m bench || over=1
	$(PY) -m bench.paper || over=1
	$(PY) -m bench.paper_forms || over=1
	$(PY) -m bench.search 1000 10000 || over=1
	exit $$over

check-search:  ## whether search finds what it should: judged queries against bench/search/baseline.json
	@bin/venv requirements-dev.lock
	PORTAL_DEMO=1 $(PY) -m bench.search.relevance

up:  ## the full set in containers: PostgreSQL, Redis, Elasticsearch, web x 2, worker, nginx
	@bin/env-file
	docker compose up --build --detach --wait

down:  ## stop the containers; the data stays in its volumes
	docker compose down

up-native:  ## the same set without containers, from this machine's own packages
	@bin/venv requirements-dev.lock
	bin/native up

down-native:  ## stop what up-native started
	bin/native down

lock:  ## make the hashed lock files anew from pyproject.toml
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header -o requirements.lock pyproject.toml
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --extra dev \
		-o requirements-dev.lock pyproject.toml

clean:  ## remove what the portal has stored here: database, files, index, environment
	rm -rf var $(VENV)
