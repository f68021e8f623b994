# Two commands for a newcomer: `make run` (the whole way, live) and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
RUNS ?= 10000000
PREFIX ?= /opt/bracelet-gateway
SITE := $(PREFIX)/venv
# Three more than processors: tests of the running product wait more than they work.
WORKERS ?= $(shell echo $$(($$(nproc) + 3)))
# Whole files to copies of the process that collects, in the order of tests/order.py.
PARALLEL = --workers=$(WORKERS)
# In memory where it has the room: no test cuts the power, and each commit waits for the disk. `make torture` stays on it.
SCRATCH = $(shell df -k --output=avail /dev/shm 2>/dev/null | awk '$$1 + 0 > 4000000 { print "PYTEST_DEBUG_TEMPROOT=/dev/shm" }')
# Processes are started by the hundred: what is compiled is kept, whatever the caller prefers.
unexport PYTHONDONTWRITEBYTECODE

define check_python
@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "bracelet-gateway needs Python 3.11 or newer; set PYTHON=/path/to/python3"; exit 1; }
@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python's venv is missing; on Debian or Ubuntu: apt-get install python3-venv"; exit 1; }
endef

# Pages are tested in a browser. Where none can be installed their tests are skipped, which CONTRIBUTING.md lists.
define bring_browser
{ command -v chromium || command -v chromium-browser || command -v google-chrome; } >/dev/null || if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null \
	|| echo "chromium could not be installed: tests of pages are skipped"; fi
endef

# Compiled loops look at each place whether it is within its array, as Python does: a write past one would go unseen.
WITHIN = NUMBA_BOUNDSCHECK=1

# The night shift of the tests, for what is shown and measured of the desk.
STORY = PYTHONPATH=.:tests:tests/e2e:tests/console:tools

.PHONY: run city test bench pages accuracy california torture endurance mutants fuzz bundle test-install install clean

run: $(READY)  ## local broker, gateway, 60 bracelets, live view
	$(BIN)/bracelet-gateway demo $(DEMO)

city: $(READY)  ## three nodes, counties and workers, 2,000 bracelets, live view: kill any; CITY="--seconds 120 --chaos --lang en"
	$(BIN)/bracelet-gateway demo-city $(CITY)

lint: $(READY)  ## style, types, import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python tools/check_types.py
	$(BIN)/lint-imports --no-cache

quick: lint  ## for every commit: the above, and tests of parts that need no process
	$(SCRATCH) HYPOTHESIS_PROFILE=quick $(BIN)/python -m pytest -q $(PARALLEL) --quick

test: $(READY)  ## the above, and all tests; a skip that CONTRIBUTING.md does not list is a failure
	@$(bring_browser)
	@# Beside the tests, which wait much; what the linters say stands below what the tests say.
	@$(MAKE) --no-print-directory lint > $(VENV)/lint.txt 2>&1 & linters=$$!; \
	$(SCRATCH) $(BIN)/python -m pytest -q $(PARALLEL) --listed-skips; tests=$$?; \
	wait $$linters; linted=$$?; cat $(VENV)/lint.txt; exit $$((tests + linted))

bench: $(READY)  ## figures beside a bare echo server of the same loop
	$(BIN)/python tools/bench.py
	$(BIN)/python tools/bench_journal.py
	$(BIN)/python tools/bench_towers.py
	$(BIN)/python tools/bench_queue.py
	$(BIN)/python tools/bench_engine.py $(if $(AGAINST),--against $(AGAINST))
	$(STORY) $(BIN)/python tools/bench_console.py
	$(BIN)/python tools/bench_workers.py

pages: $(READY)  ## pictures of the desk's pages into docs/console; needs chromium and a Chinese font (fonts-wqy-microhei)
	$(STORY) $(BIN)/python tools/console_pages.py

accuracy: $(READY)  ## how far off we are on real measurements; also into docs/accuracy.md, with its pictures
	$(BIN)/python -m tools.accuracy --plots docs/accuracy --page docs/accuracy.md

california: $(READY)  ## false zone alarms and notices to people on 1,800 device-months that nobody tuned on: hours; what was done is kept
	$(BIN)/python -m tools.long_proof --page docs/simulator.md $(PROOF)

torture: $(READY)  ## the long fault proofs, and every property at length
	$(WITHIN) HYPOTHESIS_PROFILE=thorough $(BIN)/python -m pytest -q -m "torture or hypothesis" --torture

endurance: $(READY)  ## 180 days of a county's whole daemon in virtual time, judged for growth; also into docs/reliability.md
	@# In the environment of its unit.
	$(shell sed -n 's/^Environment=//p' systemd/bracelet-gateway.service) nice -n 10 $(BIN)/python -m tools.endurance --plots docs/reliability --page docs/reliability.md $(TRIAL)

mutants: $(READY)  ## how many small faults the tests find: 400 in at most an hour, or MUTANTS="--count 50 --seed 7 --files '*curfew.py'"
	$(SCRATCH) $(BIN)/python -m tools.mutants $(MUTANTS)

fuzz: $(READY)  ## every wire format, or FAMILY=jt808, for RUNS inputs each; what is new is saved in fuzz/corpus
	$(WITHIN) $(BIN)/python -m fuzz.campaign --runs $(RUNS) --save $(FAMILY)

bundle: $(READY)  ## an archive with an interpreter of its own, sums and a Debian package into dist/; MACHINE=aarch64 after this machine's
	$(BIN)/python -m tools.bundle $(if $(MACHINE),--machine $(MACHINE))

test-install: $(READY)  ## the archive of dist/ in a clean tree without a network: install, an alarm, upgrade, back, remove
	@mkdir -p build
	$(BIN)/python -m tools.installation

install:  ## what runs on a server, and nothing else, into PREFIX; also the upgrade
	$(check_python)
	$(PYTHON) -m venv --clear $(SITE)
	$(SITE)/bin/python -m pip install --quiet --disable-pip-version-check -r requirements/run.txt
	rm -rf build
	$(SITE)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation .
	rm -rf build
	mkdir -p $(SITE)/share/bracelet-gateway
	cp -R docs systemd LICENSE $(SITE)/share/bracelet-gateway/

$(READY): pyproject.toml requirements/lock.txt requirements/run.txt requirements/fuzz.txt
	$(check_python)
	$(PYTHON) -m venv $(VENV)
	@# What is never loaded, which is most, need not be compiled.
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile -r requirements/lock.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@# Loops once, and not by every program that starts at once, nor with looks for garbage; meanwhile the fuzzer is brought.
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile -r requirements/fuzz.txt & fuzzer=$$!; \
	$(BIN)/python -c "import gc; gc.disable(); from gateway.engine import prepare; prepare()" & engine=$$!; \
	$(BIN)/python -c "import gc; gc.disable(); from protocols.registry import FAMILIES, prepare; prepare(FAMILIES, FAMILIES); from gateway.intake.device_clock import prepare_clocks; prepare_clocks()"; wire=$$?; \
	wait $$fuzzer || echo "atheris cannot be installed on this machine: the fuzzer's saved corpus is replayed, nothing new is searched for"; \
	wait $$engine && exit $$wire
	@touch $@

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
