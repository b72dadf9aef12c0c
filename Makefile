# Start here: `make run` serves the demo county, `make test` checks everything. See README.md.
PORT ?= 8000
BENCH ?=
PYTHON := .venv/bin/python
.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run live test test-fast bench stop pins messages

help:
	@echo "make run [PORT=8000]    serve the demo county"
	@echo "make live [PORT=8000]   the same with nginx-rtmp and Janus, where they are installed"
	@echo "make test               check everything, as CI does"
	@echo "make test-fast          the unit tests only"
	@echo "make bench [BENCH=name] measure; one JSON object a line"
	@echo "make setup              make or refresh the environment in .venv"
	@echo "make stop               stop the embedded PostgreSQL and Redis"

$(PYTHON):
	@sh config/make_venv.sh

# What `make run` needs; the tools of developers come with setup-dev.
setup: $(PYTHON)
	@$(PYTHON) config/environment.py embedded

setup-dev: $(PYTHON)
	@$(PYTHON) config/environment.py embedded dev

run: setup
	@exec $(PYTHON) -m config.run --port $(PORT)

live: setup
	@exec $(PYTHON) -m config.run --port $(PORT) --live

stop: setup
	@$(PYTHON) -m config.run --stop
	@$(PYTHON) -m tests.databases --stop

# New pins for constraints.txt from what pyproject.toml asks for, resolved in an empty environment. Use the
# oldest Python we run on, Debian 12's 3.11.2: newer ones get versions that it may not have.
PINS_PYTHON ?= python3.11
pins:
	@rm -rf .local/pins && $(PINS_PYTHON) -m venv .local/pins
	@.local/pins/bin/python config/environment.py --pins > .local/pins.txt && mv .local/pins.txt constraints.txt

# Collect every text into both catalogues; English is its own translation, Chinese is for you to fill. A text
# that changed has no translation any more: gettext's guesses are emptied.
messages: $(PYTHON)
	@$(PYTHON) manage.py makemessages -l zh_Hans -l en --no-location --no-wrap -i node_modules -i .venv -i .local -i tests
	@cd config/locale && for catalogue in */LC_MESSAGES/django.po; do \
		msgattrib --no-wrap --clear-fuzzy --empty --clear-previous $$catalogue -o $$catalogue; done
	@cd config/locale/en/LC_MESSAGES && msgen --no-wrap django.po -o django.po

test: setup-dev
	@exec $(PYTHON) tests/run.py

test-fast: setup-dev
	@exec $(PYTHON) -m pytest -n 2 -m "not browser and not worker and not servers and not slow and not bench" -q

# Only measurements on standard output, so that it can be piped.
bench:
	@$(MAKE) --no-print-directory setup-dev >&2
	@exec $(PYTHON) -m tests.bench.run $(BENCH)
