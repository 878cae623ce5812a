# `make help` lists what there is.
.DEFAULT_GOAL := help
SHELL := bash
CARGO ?= cargo
ENGINE := node_modules/.package-lock.json

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-20s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(ENGINE): package.json package-lock.json
	npm ci --no-audit --no-fund
	@touch $@

.PHONY: engine
engine: $(ENGINE) ## the embedded ClickHouse and browser code, from npm

.PHONY: build
build: $(ENGINE) ## the release binary, target/release/relais
	$(CARGO) build --release --locked

.PHONY: run
run: build ## build everything, fill ./data with half a year of three made-up programmes and serve it
	target/release/relais demo

.PHONY: lint
lint: ## format, clippy without warnings, licences and sources of dependencies
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets --all-features --locked -- -D warnings
	$(CARGO) deny --version >/dev/null 2>&1 || $(CARGO) install cargo-deny --locked
	$(CARGO) deny --log-level error check bans licenses sources

.PHONY: test
test: $(ENGINE) lint ## everything that must hold before a commit, on the real engines
	$(CARGO) test --workspace --features failpoints --locked
	@$(MAKE) --no-print-directory test-postgres

# The rooms that stand on the store, whose tests take their engine from the environment.
.PHONY: test-postgres
test-postgres: ## the tests of store, programme, API and sign-in once more, on PostgreSQL
	@if ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then \
		RELAIS_TEST_STORE=postgres $(CARGO) test --workspace --lib --features failpoints --locked -- store:: programme:: api:: auth::; \
	elif [ -n "$$CI" ]; then echo "PostgreSQL is missing: apt-get install postgresql" >&2; exit 1; \
	else echo "SKIPPED: the tests on PostgreSQL (apt-get install postgresql)"; fi

# A third of the demo's people and contents: enough that no page looks empty.
.PHONY: screenshots
screenshots: build ## draw every page of the demo, both sizes and languages, light and dark, into target/screenshots (needs Chromium)
	node browser/screenshots.mjs --scale $(or $(SCALE),0.3) $(if $(ONLY),--only $(ONLY))

.PHONY: screenshots-readme
screenshots-readme: build ## draw the pictures of the README anew
	node browser/screenshots.mjs --scale 1 --readme docs/screenshots

.PHONY: chaos
chaos: $(ENGINE) ## the long campaigns: 100 kills at full rate, 30 of the engine, 100,000 cases of the models, 10,000 of the KPIs
	$(CARGO) build --release --locked --package relais-loadtest
	RELAIS_CHAOS=1 RELAIS_MODEL_CASES=100000 RELAIS_KPI_CASES=10000 $(CARGO) test --release --features failpoints --locked --package relais -- --nocapture --test-threads 1

.PHONY: bench
bench: build ## throughput of shipping and of a bundle of a million clicks, freshness, latency, memory and start of 10 million links, and the hot functions
	$(CARGO) build --release --locked --package relais-loadtest
	$(CARGO) bench --locked --bench drain
	$(CARGO) bench --locked --bench freshness
	$(CARGO) bench --locked --bench latency
	$(CARGO) bench --locked --bench exchange
	$(CARGO) bench --locked --bench link_memory
	$(CARGO) bench --locked --bench bulk
	$(CARGO) bench --locked --bench live
	$(CARGO) bench --locked --bench redirect --bench link_table --bench spool --bench enrich --bench encode

# A package of its own, because half a gigabyte of Grafana's components is nothing for the program's own install.
dashboards/render/node_modules/.package-lock.json: dashboards/render/package.json dashboards/render/package-lock.json
	npm ci --prefix dashboards/render --ignore-scripts --no-audit --no-fund
	@touch $@

.PHONY: kpi-views
kpi-views: ## write the migrations with the KPI views from their source
	node schema/source/kpi_views/build.mjs

.PHONY: dashboards
dashboards: ## write the dashboards' JSON from their source
	node dashboards/source/build.mjs

.PHONY: dashboards-pictures
dashboards-pictures: dashboards/render/node_modules/.package-lock.json ## draw the dashboards of a running Relais into target/dashboards (needs Chromium)
	node dashboards/render/draw.mjs $(RELAIS_PICTURES)

.PHONY: bench-feed
bench-feed: build ## an employee's first page, 100 a second: 10,000 people, 2,000 contents
	$(CARGO) bench --locked --bench feed

.PHONY: bench-instructions
bench-instructions: ## instructions of lookup, append, enrich and encode, counted by valgrind
	$(CARGO) bench --locked --bench instructions

.PHONY: bench-kpi
bench-kpi: build ## a year of CLICKS (100 million): size, roll-ups, every KPI in every split warm and cold; some 6 GB of disk
	$(CARGO) bench --locked --bench kpi -- --clicks $(or $(CLICKS),100000000)

.PHONY: bench-peers
bench-peers: build ## one worker beside a bare hyper server and nginx (installs nginx and wrk)
	loadtest/peers.sh

.PHONY: bench-newcomer
bench-newcomer: ## from a clone to a counted click, and the second start, with the time of each step
	loadtest/newcomer.sh

.PHONY: fuzz
fuzz: ## each fuzz target for a minute
	$(CARGO) fuzz --version >/dev/null 2>&1 || $(CARGO) install cargo-fuzz --locked
	for target in click_record segment request; do \
		mkdir -p fuzz/corpus/$$target; \
		RUSTC_BOOTSTRAP=1 $(CARGO) fuzz run $$target fuzz/corpus/$$target fuzz/seeds/$$target -- \
			-max_total_time=60 -max_len=4096 || exit 1; \
	done

.PHONY: fuzz-api
fuzz-api: $(ENGINE) ## the API over its own description, for SECONDS (600), against a real server
	scripts/fuzz_api.py --seconds $(or $(SECONDS),600)

.PHONY: crawlers
crawlers: ## make the crawler list anew from the public package
	python3 scripts/crawlers.py

.PHONY: advisories
advisories: ## known vulnerabilities of dependencies (asks the public advisory database)
	$(CARGO) deny check advisories
