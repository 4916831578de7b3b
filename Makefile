# make demo    set everything up and stand at a (Pdb) prompt in Apache
# make test    set everything up and run all tests
# make matrix  the debugger under each framework on each Python, and its tables in docs/debugger.md
# make recording   docs/session.svg of the README, from a real session
# make check   types, lint, import directions, formatting; Python too
# make bench   wsgi-dev and its peers side by side, as ratios
.PHONY: build engine demo recording test matrix check format bench clean

WSGI_DEV = node dist/bin/wsgi-dev.cjs
# `make bench ARGS="restart --rounds 20"`
ARGS ?=

build: node_modules/.installed
	npm run --silent build

node_modules/.installed: package.json package-lock.json
	npm ci --no-fund --no-audit
	touch $@

# Installs and starts an engine where none answers; asks first on a terminal.
engine: build
	$(WSGI_DEV) doctor --fix

demo: engine
	sh scripts/demo.sh

recording: engine
	node scripts/recording.mjs

test: engine
	node scripts/test.mjs

matrix: engine
	WSGI_DEV_MATRIX=write npx vitest run test/e2e/debugger-matrix.test.ts

check: node_modules/.installed .venv/.installed
	npx tsc --noEmit
	npx biome check --error-on-warnings .
	.venv/bin/ruff check images examples
	.venv/bin/ruff format --check images examples
	.venv/bin/mypy

format: node_modules/.installed .venv/.installed
	npx biome check --write .
	.venv/bin/ruff check --fix images examples
	.venv/bin/ruff format images examples

.venv/.installed: requirements-dev.txt
	python3 -m venv .venv
	.venv/bin/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@

bench: engine
	node test/bench/main.mjs $(ARGS)

clean:
	rm -rf dist node_modules .venv
