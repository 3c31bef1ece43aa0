# Lianxi 联席. `make help` lists the targets; deploy/tools/README.md says what each installs.
SHELL := /bin/bash
TOOLS := deploy/tools
# PROFILE=dev starts sooner after a change; the default is what an office runs.
PROFILE ?= release
OUT := $(or $(CARGO_TARGET_DIR),target)/$(if $(filter dev,$(PROFILE)),debug,$(PROFILE))
LIANXI := LIANXI_NATS_SERVER=$(CURDIR)/.tools/bin/nats-server $(OUT)/lianxi
# Of demo and run: BIND=127.0.0.1:8400, DATA=folder, ARGS='further arguments of lianxi'.
FLAGS = $(if $(BIND),--bind $(BIND)) $(if $(DATA),--data $(DATA)) $(ARGS)

.PHONY: help setup setup-test build demo run check test bench lint fmt docs postgres postgres-stop clean-data
.DEFAULT_GOAL := help

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## installs nats-server, the web assets and Python packages into the checkout
	@$(TOOLS)/setup.sh build nats web calendar

setup-test: ## setup, and PostgreSQL, Chromium and what else the tests need
	@$(TOOLS)/setup.sh build nats web calendar asyncapi postgres browser

build: ## builds the program (PROFILE=dev for a quick one)
	@$(TOOLS)/setup.sh build nats web
	cargo build --locked --profile $(PROFILE) --package suite --bin lianxi

demo: build ## the sample office at work; ONCE=1 drives it to its end twice, counts, exits
	$(LIANXI) demo $(if $(ONCE),--once) $(FLAGS)

run: build ## an empty office, its state kept in DATA (data/)
	$(LIANXI) run $(FLAGS)

check: lint ## quick: format, lints, each crate's tests (PostgreSQL too while `make postgres` runs)
	@$(TOOLS)/test.sh check $(ARGS)

test: setup-test ## every test, on both databases, real NATS, browser; ARGS='-p db outbox' for some
	@$(TOOLS)/test.sh all $(ARGS)

bench: ## the rows of numbers.md, each as a ratio to a limit measured in the same run
	@$(TOOLS)/setup.sh build nats web postgres
	@$(TOOLS)/test.sh bench $(ARGS)

lint: setup ## formatting, clippy, scripts
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	@if command -v shellcheck >/dev/null; then shellcheck -x $(TOOLS)/*.sh .ci/run; fi

fmt: ## formats the code
	cargo fmt --all

docs: setup ## writes the generated documents anew; CHECK=1 fails when one was out of date
	@$(TOOLS)/docs.sh $(if $(CHECK),--check)

postgres: ## a PostgreSQL for development, kept running; prints its URL
	@$(TOOLS)/setup.sh postgres && $(TOOLS)/postgres-cluster.sh start .tools/pg fsync=off

postgres-stop: ## stops it and removes its data
	@$(TOOLS)/postgres-cluster.sh drop .tools/pg

clean-data: ## removes demo-data/; with ALL=1 an office's data/ and its keys too
	@$(TOOLS)/clean-data.sh demo-data $(if $(ALL),data)
