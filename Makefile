# Everything one does with this tree. Each target sets up what it needs, or says exactly what to install.
# MVN_FLAGS=-o works offline once the dependencies are here.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help build demo test fuzz native smoke bench package trial soak format clean

MVN := bin/mvn25 $(MVN_FLAGS)
# Directories too: their time changes when a file goes.
SOURCES := $(shell find pom.xml */pom.xml .mvn $(wildcard */src/main))
RESULT := daemon/target/built
NATIVE := packaging/target/buoy
NODE := target/node/node_modules

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' Makefile

build: $(RESULT) ## compile everything; bin/buoy then runs it
$(RESULT): $(SOURCES)
	bin/setup-debian build
	rm -rf */target/lib
	$(MVN) -q -Dmaven.test.skip=true package
	touch $@

demo: build ## two hosts, applications, PostgreSQL and failures, with measured numbers (root shows all of it)
	if [ "$$(id -u)" = 0 ]; then bin/setup-debian lab; fi
	bin/demo

# PostgreSQL's client for Node.js, in the version that the lock file names.
$(NODE): $(addprefix lb/src/test/node/,package.json package-lock.json .npmrc)
	mkdir -p $(@D)
	cp $^ $(@D)
	npm ci --prefix $(@D) --prefer-offline --silent
	touch $@

test: build ## format check, unit tests, architecture, and (as root) real peers in network namespaces
	if [ "$$(id -u)" = 0 ]; then bin/setup-debian lab; $(MAKE) $(NODE); fi
	rm -rf */target/surefire-reports
	status=0; $(MVN) --fail-at-end -Dmaven.test.failure.ignore verify || status=$$?; \
	echo; bin/test-summary $(if $(BUOY_NO_SKIPS),-v no_skips=1) */target/surefire-reports/*.xml || status=1; \
	exit $$status

fuzz: build ## look for inputs that break a decoder: FUZZ_SECONDS (60) for each target, or for those with FUZZ_TARGETS in their name
	MVN_FLAGS='$(MVN_FLAGS)' bin/fuzz $(FUZZ_TARGETS)

native: $(NATIVE) ## the native executable packaging/target/buoy
$(NATIVE): $(RESULT) $(wildcard packaging/native-image/*)
	bin/setup-debian native
	packaging/native-image/build $@

smoke: $(NATIVE) ## prove the native executable: check, run, HTTPS, VRRP, start time, memory (root)
	bin/setup-debian smoke
	packaging/smoke $(NATIVE)

bench: build $(NATIVE) ## CPU, memory, reloads and takeovers beside Debian's HAProxy, NGINX and keepalived, native and on the JVM
	bin/setup-debian bench
	if [ "$$(id -u)" = 0 ]; then bin/setup-debian lab; fi
	bin/bench all

package: $(NATIVE) ## packaging/target/*.deb and *.rpm
	bin/setup-debian package
	packaging/package $(NATIVE)

trial: package ## install, run, upgrade, remove and purge the packages, in overlays of this machine, and follow the guides, on a new Debian too (root)
	bin/setup-debian trial
	MVN_FLAGS='$(MVN_FLAGS)' packaging/alike $(dir $(NATIVE))
	packaging/try $(dir $(NATIVE))
	packaging/try-rpm $(dir $(NATIVE))
	MVN_FLAGS='$(MVN_FLAGS)' packaging/try-previous $(dir $(NATIVE))
	packaging/unit $(dir $(NATIVE))
	packaging/clean-root $(CURDIR)/target/clean-root
	BUOY_ROOT=$(CURDIR)/target/clean-root packaging/follow $(dir $(NATIVE)) docs/quickstart.md
	packaging/follow $(dir $(NATIVE)) docs/two-hosts.md docs/install.md docs/migration.md

soak: build ## the tests that take long
	bin/setup-debian lab
	$(MAKE) $(NODE)
	$(MVN) verify -Dgroups=soak -DexcludedGroups=
	MVN_FLAGS='$(MVN_FLAGS)' FUZZ_SECONDS=600 bin/fuzz

format: ## bring the sources into the one format
	$(MVN) -q spotless:apply

clean: ## remove what was built
	rm -rf */target target
