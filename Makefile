# make run: the web page.  make test: everything that must pass.  Both set up .venv by themselves, from nothing.
PYTHON ?= python3
SUDO := $(shell test "$$(id -u)" = 0 || echo 'sudo ')
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
JS := tools/js
# Same versions on every supported Python and system; the addresses of package indexes stay out of the lock files.
COMPILE := env -u PIP_FIND_LINKS PIP_CONFIG_FILE=/dev/null UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv --no-config pip compile \
	--quiet --universal --python-version 3.11 --fork-strategy fewest --generate-hashes --no-annotate --no-emit-index-url

# Another processor (by what it lacks), one thread, another time zone and language, and a home that cannot be written.
OTHER_SETTINGS := env OPENBLAS_CORETYPE=Nehalem NPY_DISABLE_CPU_FEATURES="X86_V3" OMP_NUM_THREADS=1 TZ=Pacific/Auckland \
	LC_ALL=da_DK.UTF-8 HOME=/proc/nowhere

.DEFAULT_GOAL := help
.PHONY: help run test tests proof lint lint-beside lint-js format lock benchmark clean python-ok libraries node-ok test-tools

help:
	@echo "make run        install into .venv and open the web page"
	@echo "make test       install into .venv and run the checks and tests; ARGS=tests/unit runs some"
	@echo "make proof      what is long by nature: every page, other settings, installing from nothing, load, mutants"
	@echo "make lint       style and types                    make format     fix the style"
	@echo "make benchmark  accuracy and speed         make lock       renew the lock files"
	@echo "make clean      remove .venv, node_modules and caches"

run: $(VENV)/.run libraries
	$(BIN)/formcheck app

ifdef ARGS
test: test-tools $(VENV)/.dev libraries lint
	$(BIN)/python -m pytest -q $(ARGS)
else
test: test-tools $(VENV)/.dev libraries
	@$(MAKE) --no-print-directory --keep-going --jobs 2 tests lint-beside
endif

tests: $(VENV)/.dev
	@status=0; \
	$(BIN)/python -m pytest -q -m "alone and not proof" || status=1; \
	$(BIN)/python -m pytest -q -n 2 --dist loadfile -m "not alone and not proof" || status=1; \
	exit $$status

# The tests that keep pace leave a core idle: style and types are checked on it, and say what they found in one piece.
lint-beside: $(VENV)/.dev
	@log=$$(mktemp); nice -n 10 $(MAKE) --no-print-directory lint >$$log 2>&1; status=$$?; cat $$log; rm $$log; exit $$status

# What is long by nature, before a release. Each part says by itself whether it passed.
proof: test-tools $(VENV)/.dev libraries lint
	@locale -a | grep -qi '^da_DK.utf-\?8' || { echo "The Danish locale is missing. This makes it:"; \
	  echo "  $(SUDO)apt-get install -y locales && $(SUDO)localedef -i da_DK -f UTF-8 da_DK.UTF-8"; exit 1; }
	@status=0; \
	$(BIN)/python -m pytest -q -m proof || status=1; \
	$(OTHER_SETTINGS) $(BIN)/python -m pytest -q -n 2 --dist loadfile -m "not alone and not proof" || status=1; \
	$(BIN)/python benchmarks/live.py --quick --only capacity || status=1; \
	$(BIN)/python benchmarks/mutants.py || status=1; \
	exit $$status

lint: $(VENV)/.dev lint-js
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Types and style of the pages' own JavaScript; what is under vendor is not ours.
lint-js: $(JS)/node_modules/.installed
	$(JS)/node_modules/.bin/tsc --project $(JS)/tsconfig.live.json
	$(JS)/node_modules/.bin/tsc --project $(JS)/tsconfig.worker.json
	$(JS)/node_modules/.bin/tsc --project $(JS)/tsconfig.player.json
	$(JS)/node_modules/.bin/eslint --config $(JS)/eslint.config.js formcheck/app $(JS)

format: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

benchmark: $(VENV)/.dev libraries
	$(BIN)/python benchmarks/accuracy.py
	$(BIN)/python benchmarks/speed.py
	$(BIN)/python benchmarks/batch.py

lock: $(VENV)/.run
	$(PIP) install --quiet uv
	printf 'hatchling\neditables\n' | $(COMPILE) --upgrade pyproject.toml - --output-file requirements.lock
	$(COMPILE) --upgrade --extra dev --constraints requirements.lock pyproject.toml --output-file requirements-dev.lock

clean:
	rm -rf $(VENV) $(JS)/node_modules build dist .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.run: requirements.lock pyproject.toml | $(VENV)/bin/pip
	@echo "Installing formcheck into $(VENV) (once; a few minutes) ..."
	$(PIP) install --quiet --require-hashes --only-binary :all: -r requirements.lock
	$(PIP) install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	$(PIP) install --quiet --require-hashes --only-binary :all: -r requirements-dev.lock
	@touch $@

$(JS)/node_modules/.installed: $(JS)/package.json $(JS)/package-lock.json | node-ok
	cd $(JS) && npm ci --loglevel=error
	@touch $@

$(VENV)/bin/pip: | python-ok libraries
	$(PYTHON) -m venv --clear $(VENV)

python-ok:
	@command -v $(PYTHON) >/dev/null || { echo "Python is missing. This installs it:"; \
	  echo "  $(SUDO)apt-get install -y python3 python3-venv"; exit 1; }
	@$(PYTHON) -c 'import sys; v = sys.version_info; \
	  sys.exit(0 if (3, 11) <= v[:2] <= (3, 13) else "formcheck needs Python 3.11, 3.12 or 3.13, and $(PYTHON) is %d.%d: type make PYTHON=python3.12 run (or another of them that is installed)." % v[:2])'
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python has no venv module. This installs it:"; \
	  echo "  $(SUDO)apt-get install -y $(notdir $(PYTHON))-venv"; exit 1; }

libraries:
	@if test -x $(BIN)/python; then $(BIN)/python -m formcheck.doctor libraries; \
	else $(PYTHON) -m formcheck.doctor libraries; fi

node-ok:
	@command -v node >/dev/null && command -v npm >/dev/null || { echo "Checking the JavaScript needs Node.js. This installs it:"; \
	  echo "  $(SUDO)apt-get install -y nodejs npm"; exit 1; }

test-tools:
	@missing=""; \
	command -v node >/dev/null || missing="$$missing nodejs"; \
	command -v npm >/dev/null || missing="$$missing npm"; \
	command -v strace >/dev/null || missing="$$missing strace"; \
	command -v chromium >/dev/null || missing="$$missing chromium"; \
	command -v Xvfb >/dev/null || missing="$$missing xvfb"; \
	command -v pg_ctl >/dev/null || ls /usr/lib/postgresql/*/bin/pg_ctl >/dev/null 2>&1 || missing="$$missing postgresql"; \
	test -z "$$missing" || { echo "The tests need more programs. This installs them:"; \
	  echo "  $(SUDO)apt-get install -y$$missing"; exit 1; }
