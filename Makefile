# Two commands for a new machine with Python 3.11+, git and make: `make demo` and `make test`.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test help format lint types imports unit branches openapi sizes bench quality alterations speed model fuzz hostile jobs load conformance mutants weight record lock replay audit sbom screenshots clean

demo: $(READY)  ## Summarize a sample cluster in the terminal
	@$(BIN)/concord demo harbour-fire
	@echo 'First, in this shell: . $(BIN)/activate'

test: lint sizes types imports branches  ## The whole gate

help:  ## This list
	@sed -n 's/^\([a-z]*\):.*## /\1: /p' $(MAKEFILE_LIST)

$(READY): constraints.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; set PYTHON=…")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

format: $(READY)  ## Write the one format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lint: $(READY)  ## The one format, and no fault that ruff knows
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(READY)  ## Types, by mypy
	$(BIN)/mypy

imports: $(READY)  ## Who may import whom
	$(BIN)/lint-imports

unit: $(READY)  ## All tests, and what of the service they run
	$(BIN)/pytest -n auto --dist worksteal --cov=service --cov-branch --cov-report=term:skip-covered

branches: unit  ## Every branch of what decides is shown by a test
	$(BIN)/coverage report --include='service/core/*' --skip-covered --show-missing --fail-under=100

openapi: $(READY)  ## Write the OpenAPI document that a test compares
	$(BIN)/python -c 'import json; from service.app import create_app; from service.settings import Settings; \
		print(json.dumps(create_app(Settings()).openapi(), indent=2, ensure_ascii=False))' > docs/openapi.json

sizes: $(READY)  ## How large functions and files are
	@$(BIN)/python -m benchmarks.sizes

bench: $(VENV)/.bench  ## Every measure in one run, into docs/evaluation.md; more with DATA=, SEEDS= and CLUSTERS=
	$(BIN)/python -m benchmarks.bench $(if $(DATA),--data $(DATA)) $(if $(SEEDS),--seeds $(SEEDS)) \
		$(if $(CLUSTERS),--clusters $(CLUSTERS))

quality: $(READY)  ## What is found in data/, against its gold
	$(BIN)/python -m benchmarks.quality data

alterations: $(READY)  ## What is caught of altered sentences, of data/ and of DATA=labelled-sets SEEDS=reports, if given
	$(BIN)/python -m benchmarks.alterations $(DATA) $(if $(SEEDS),--seeds $(SEEDS))

$(VENV)/.bench: $(READY) benchmarks/constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r benchmarks/constraints.txt
	@touch $@

speed: $(VENV)/.bench  ## Time, memory and growth, beside LexRank and lede
	$(BIN)/python -m benchmarks.speed

model: $(READY)  ## What asking a model costs, on a stub, beside LangChain and LlamaIndex
	$(BIN)/python -m benchmarks.model --peers

fuzz: $(VENV)/.bench  ## Fuzz what reads clients' input, for SECONDS= of each target, or of those in TARGETS=
	$(BIN)/python -m benchmarks.fuzzing $(TARGETS) --seconds $(or $(SECONDS),60)

hostile: $(READY)  ## What the worst documents cost that may be posted (ten minutes)
	$(BIN)/python -m benchmarks.hostile

jobs: $(READY)  ## What durable jobs survive and cost, on SQLite and PostgreSQL (half an hour)
	$(BIN)/python -m benchmarks.jobs

load: $(READY)  ## What one process bears: 500 clients, slow ones, 10,000 idle connections (6 minutes, a quiet machine)
	$(BIN)/python -m benchmarks.load

conformance: $(READY)  ## Whether every answer is as the OpenAPI document says, by schemathesis (a quarter of an hour)
	$(BIN)/python -m benchmarks.conformance

mutants: $(VENV)/.bench  ## Whether the tests notice alterations of the code that decides, or of FILES= of it (under an hour)
	$(BIN)/python -m benchmarks.mutants $(FILES)

weight: $(READY)  ## What an installation and its extras bring, and what starting costs (10 minutes: it installs them)
	@$(BIN)/python -m benchmarks.weight

record: $(READY)  ## Record cassettes anew from a small real model (an hour on 2 cores), or from OPENAI_BASE_URL; CLUSTERS= names some
	$(BIN)/python -m tests.recorded.record $(CLUSTERS)

PIN := $(BIN)/pip-compile --quiet --upgrade --generate-hashes --allow-unsafe --strip-extras --no-annotate --no-header \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host
WITHIN := $(PIN) --constraint constraints.txt

lock: $(READY)  ## Pin the newest versions that pyproject.toml allows
	$(PIN) --extra dev --output-file constraints.txt pyproject.toml
	$(WITHIN) --extra bench --output-file benchmarks/constraints.txt pyproject.toml
	$(WITHIN) --extra files --extra telemetry --output-file shipping/run.txt pyproject.toml
	$(WITHIN) --build-deps-for wheel --only-build-deps --output-file shipping/build.txt pyproject.toml
	printf 'cyclonedx-bom\npip-audit\n' | $(PIN) --output-file shipping/audit.txt -

replay: $(READY)  ## Do the Dockerfile's build without a container engine, and run the main job on what comes of it
	$(BIN)/python -m shipping.replay

.venv-audit/.ready: shipping/audit.txt
	$(PYTHON) -m venv .venv-audit
	.venv-audit/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r shipping/audit.txt
	@touch $@

audit: .venv-audit/.ready  ## Known vulnerabilities in what is shipped and in what builds it, if a database can be asked
	@.venv-audit/bin/python shipping/audit.py

sbom: .venv-audit/.ready  ## What is shipped, as CycloneDX: dist/sbom.json
	@mkdir -p dist
	.venv-audit/bin/cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible --validate \
		--of JSON -o dist/sbom.json shipping/run.txt
	@echo "dist/sbom.json names $$(grep -c '"purl"' dist/sbom.json) packages"

screenshots: $(READY)  ## The pictures of the README, with Debian's chromium
	$(BIN)/python -m benchmarks.screenshots

clean:  ## Away with all that was made here
	rm -rf $(VENV) .venv-peers .venv-audit .fuzzing mutants build dist .coverage .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
