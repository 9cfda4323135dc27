# `make run` starts Staffetta, `make test` proves it. What is made once is a file, so a second run starts in seconds.
# HOST, PORT, STAFFETTA_INSTANCE and STAFFETTA_DATABASE_URL come from the environment or follow the word make.

BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
PYTEST := $(BIN)/python -m pytest -n 2
PO := $(wildcard translations/*/LC_MESSAGES/*.po)

.PHONY: run test setup setup-dev lint assets catalogues translations chromium clean
.DELETE_ON_ERROR:

run: setup
	@$(BIN)/flask --app app serve

setup: .venv/run-time static/vendor/ready catalogues

setup-dev: setup .venv/dev chromium

# The three runs are apart so that each says plainly which engine, or which browser, it speaks of.
test: setup-dev lint
	$(PYTEST) --ignore tests/browser
	STAFFETTA_TEST_ENGINE=postgresql $(PYTEST) --ignore tests/browser
	$(PYTEST) tests/browser

lint: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/python tools/lint_templates.py

assets: static/vendor/ready

catalogues: $(PO:.po=.mo)

# Collects the words of code and templates for the translator, and counts what is left to translate. Italian is what
# the code says, so it needs no catalogue. Then: fill the empty msgstr of translations/en, and run it again.
translations: .venv/run-time
	@mkdir -p translations
	$(BIN)/pybabel -q extract -F babel.cfg -k lazy -k lazy_gettext --add-location=file --sort-by-file --width=120 \
	    --project=Staffetta --copyright-holder=Staffetta -o translations/messages.pot .
	if [ -f translations/en/LC_MESSAGES/messages.po ]; then \
	    $(BIN)/pybabel -q update -i translations/messages.pot -d translations -l en --width=120 --no-fuzzy-matching \
	        --ignore-obsolete --ignore-pot-creation-date; \
	else $(BIN)/pybabel -q init -i translations/messages.pot -d translations -l en --width=120; fi
	$(BIN)/pybabel compile --statistics -d translations -l en

clean:
	rm -rf .venv static/vendor translations/messages.pot $(PO:.po=.mo) .pytest_cache .ruff_cache .import_linter_cache .hypothesis test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/pyvenv.cfg:
	@sh tools/venv.sh

.venv/run-time: requirements.txt .venv/pyvenv.cfg
	$(PIP) -r requirements.txt
	@touch $@

.venv/dev: requirements-dev.txt .venv/run-time
	$(PIP) -r requirements-dev.txt
	@touch $@

static/vendor/ready: package-lock.json tools/assets.py .venv/pyvenv.cfg
	$(BIN)/python tools/assets.py
	@touch $@

%.mo: %.po .venv/run-time
	$(BIN)/pybabel -q compile -i $< -o $@

chromium:
	@if command -v chromium >/dev/null 2>&1; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then apt-get update -qq && apt-get install -y -qq chromium; \
	else echo "Manca Chromium per le prove nel browser: su Debian «sudo apt install chromium». Chromium, which the browser tests need, is missing."; fi
