# crier: `make run` builds and runs the server, `make test` tests it all,
# `make help` lists the rest.

# The changelog's newest entry is the one place that says the version.
VERSION := $(shell sed -n '1s/.*(\(.*\)).*/\1/p' scripts/deb/changelog)
PREFIX  ?= /usr/local
DESTDIR ?=
BUILD   ?= build

CFLAGS ?= -O2 -g

# WERROR=1 makes an error of each warning. CI sets it. A compiler that is newer
# than this code may warn of more, and must build it all the same.
WERROR ?=

# Set by the targets asan and tsan, together with BUILD.
SANITIZE ?=

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes \
            -Wmissing-prototypes -Wconversion $(if $(WERROR),-Werror)
# No -fstack-clash-protection: it touches every page of a large frame, which
# costs 20 KiB for each client's thread.
HARDEN   := -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE
LINK     := -pie -Wl,-z,relro,-z,now
ifneq ($(SANITIZE),)
HARDEN := -fsanitize=$(SANITIZE) -fno-sanitize-recover=all \
          -fno-omit-frame-pointer -fPIE
LINK   := -pie -fsanitize=$(SANITIZE)
endif

# For 32-bit machines: files beyond 2 GiB and times beyond 2038. Elsewhere they
# would only give the calls other names, which build/faults.so does not know.
WIDE := $(shell echo __LP64__ | $(CC) -E -P - 2>/dev/null | grep -qx 1 || \
        echo -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64)

# The same sources give the same program, bit for bit, in whichever folder they
# are: no path of it gets in, and the order of linking is fixed.
SAME := -ffile-prefix-map='$(CURDIR)'=.

BASE := -std=c11 -D_GNU_SOURCE $(WIDE) -pthread -Iinclude -MMD -MP \
        $(WARNINGS) $(HARDEN) $(SAME)

# The kinds of journal besides memory: `make WITH="sqlite redis"` builds
# --journal and --redis. Each is a folder of src/journal/, and needs a library.
WITH ?=
KINDS := sqlite redis
ifneq ($(filter-out $(KINDS),$(WITH)),)
$(error WITH knows $(KINDS), and not $(filter-out $(KINDS),$(WITH)))
endif
LIBS := -ljansson $(if $(filter sqlite,$(WITH)),-lsqlite3) \
        $(if $(filter redis,$(WITH)),-lhiredis)
KIND_FLAGS := $(if $(filter sqlite,$(WITH)),-DWITH_SQLITE) \
              $(if $(filter redis,$(WITH)),-DWITH_REDIS)

SOURCES := $(sort $(wildcard src/*.c src/*/*.c $(WITH:%=src/journal/%/*.c)))
OBJECTS := $(SOURCES:src/%.c=$(BUILD)/src/%.o)
MODULES := $(filter-out $(BUILD)/src/main.o,$(OBJECTS))
UNIT    := $(patsubst %.c,$(BUILD)/%.o,$(wildcard test/unit/*.c \
           $(WITH:%=test/unit/%/*.c)))
BLACK   := $(patsubst %.c,$(BUILD)/%.o,$(wildcard test/blackbox/*.c \
           $(WITH:%=test/blackbox/%/*.c)))
SCRIPTS := $(filter-out %.awk %.md %/faults %/deb %/container %/recipes, \
           $(wildcard scripts/*)) $(wildcard scripts/faults/*) \
           scripts/deb/build scripts/deb/prerm .ci/run test/run \
           $(wildcard test/*/run) \
           test/soak/valgrind test/labs/lab test/labs/repairs \
           $(filter-out %/run,$(wildcard test/package/*))
C_FILES := $(wildcard src/*.c src/*/*.c src/*/*/*.c include/*.h \
           include/*/*.h include/*/*/*.h test/*/*.c test/*/*.h test/*/*/*.c)
NODE_MODULES := test/browser/node_modules/.package-lock.json
CLIENT_MODULES := test/clients/node_modules/.package-lock.json
FUZZERS := $(patsubst %.c,$(BUILD)/%.o,$(wildcard test/fuzz/*.c))

# Criterion runs as many tests at a time as this; many of ours wait.
JOBS ?= 8

# `make -j clean all` cleans first.
ifneq ($(filter clean,$(MAKECMDGOALS)),)
.NOTPARALLEL:
endif

NODE_TEST := node --test --test-reporter=spec

# make, with a job for each processor, unless it was told how many.
PARALLEL = $(MAKE) --no-print-directory $(if \
    $(findstring jobserver,$(MAKEFLAGS)),,-j$(shell nproc))

# A line a file; `make V=1` shows the whole commands.
ifeq ($(V),)
.SILENT:
say = printf '  %-4s %s\n' $(1) $@
else
say = :
endif

.PHONY: all
all: $(BUILD)/crier ## build the server, build/crier
	$(if $(LINKED),:,echo '$(BUILD)/crier is up to date')

$(BUILD)/crier: $(OBJECTS) $(BUILD)/with
	$(eval LINKED := yes)
	$(call say,LINK)
	$(CC) $(CFLAGS) $(LINK) $(LDFLAGS) -o $@ $(filter %.o,$^) -pthread $(LIBS)

# Whoever builds with other kinds than before links anew.
$(BUILD)/with: ALWAYS
	mkdir -p $(@D)
	echo '$(WITH)' | cmp -s - $@ || echo '$(WITH)' >$@

.PHONY: ALWAYS
ALWAYS:

$(BUILD)/src/journal/journal.o: $(BUILD)/with
$(BUILD)/src/journal/%.o: BASE += $(KIND_FLAGS)
$(filter $(WITH:%=$(BUILD)/src/journal/%%),$(OBJECTS)): | deps-with

$(BUILD)/src/options.o: BASE += -DCRIER_VERSION='"$(VERSION)"'
$(BUILD)/src/options.o: scripts/deb/changelog

# A test is built much more often than it runs.
$(UNIT) $(BLACK): CFLAGS := -Og -g

$(BUILD)/%.o: %.c Makefile
	mkdir -p $(@D)
	$(call say,CC)
	$(CC) $(BASE) $(CFLAGS) $(CPPFLAGS) -c -o $@ $<

.PHONY: run
run: deps-run ## install what is missing, build and run; PORT=3001 works
	$(PARALLEL) $(BUILD)/crier
	$(BUILD)/crier $(if $(PORT),--port $(PORT)) $(ARGS)

## Tests

UNIT_NEEDS  := $(BUILD)/test/unit-tests
BLACK_DRIVE := $(BUILD)/test/blackbox-tests build/faults.so build/forbid \
               build/bench-load
BLACK_NEEDS := $(BLACK_DRIVE) $(BUILD)/crier
RUN_TESTS   := BUILD=$(BUILD) test/run -j $(JOBS)

.PHONY: test
test: deps-test ## install what is missing and run all the tests
	$(PARALLEL) $(UNIT_NEEDS) $(BLACK_NEEDS) $(NODE_MODULES)
	$(RUN_TESTS) unit blackbox browser

.PHONY: check
check: $(UNIT_NEEDS) $(BLACK_NEEDS) ## the tests in C; JOBS (8) at a time
	$(RUN_TESTS) unit blackbox

.PHONY: check-unit
check-unit: $(UNIT_NEEDS) ## the tests of the modules
	$(RUN_TESTS) unit

.PHONY: check-blackbox
check-blackbox: $(BLACK_NEEDS) ## the tests that talk to a real server
	$(RUN_TESTS) blackbox

# In a directory of its own: build/crier stays what it was.
.PHONY: check-journal check-redis
check-journal: deps-sanitize ## the tests of --journal, built with SQLite
check-redis: deps-sanitize deps-broker ## those of --redis, at real brokers

check-journal: SUITES := @(journal*|group|history|options|rows|store_resume)
check-redis: SUITES := @(redis*|room_redis*|url|tide|dial|packing)
check-journal check-redis:
	$(PARALLEL) WITH='sqlite redis' BUILD=build/kinds build/faults.so \
	    build/kinds/crier build/kinds/test/unit-tests \
	    build/kinds/test/blackbox-tests
	BUILD=build/kinds test/run -j $(JOBS) -f '$(SUITES)/*' unit blackbox

.PHONY: check-browser
check-browser: $(BUILD)/crier $(NODE_MODULES) ## the pages in Chromium
	$(RUN_TESTS) browser

ENGINES ?= chromium firefox webkit

.PHONY: check-engines
check-engines: deps-engines ## the pages in ENGINES: chromium, firefox and webkit
	$(PARALLEL) $(BUILD)/crier $(NODE_MODULES)
	$(RUN_TESTS) $(ENGINES)

$(NODE_MODULES): test/browser/package-lock.json
	scripts/install-deps modules
	touch $@

$(CLIENT_MODULES): test/clients/package-lock.json
	cd test/clients && npm ci --no-audit --no-fund
	touch $@

RUN_CLIENTS = $(MAKE) --no-print-directory $(BUILD)/crier $(CLIENT_MODULES) && \
    cd test/clients && CRIER=$(abspath $(BUILD))/crier $(NODE_TEST) \
    clients.test.mjs channels.test.mjs play.test.mjs proxies.test.mjs \
    metrics.test.mjs

.PHONY: check-clients
check-clients: deps-clients ## real clients and proxies; check-clients-quick: some
	$(RUN_CLIENTS)

.PHONY: check-clients-quick
check-clients-quick: deps-clients-quick
	CLIENTS=quick; export CLIENTS; $(RUN_CLIENTS)

.PHONY: check-proxies
check-proxies: deps-proxies ## scripts/https and the recipes for proxies
	$(PARALLEL) $(BUILD)/crier $(NODE_MODULES)
	cd test/proxies && CRIER=$(abspath $(BUILD))/crier $(NODE_TEST) \
	    https.test.mjs browser.test.mjs pitfalls.test.mjs \
	    recipes.test.mjs lasting.test.mjs

$(BUILD)/test/unit-tests: $(UNIT) $(MODULES) $(BUILD)/with
	$(call say,LINK)
	$(CC) $(CFLAGS) $(LINK) $(LDFLAGS) -o $@ $(filter %.o,$^) -pthread -lcriterion $(LIBS)

$(BUILD)/test/blackbox-tests: $(BLACK) $(BUILD)/with
	$(call say,LINK)
	$(CC) $(CFLAGS) $(LINK) $(LDFLAGS) -o $@ $(filter %.o,$^) -pthread -lcriterion $(LIBS)

# Preloaded, they make system calls and malloc fail; never sanitized.
build/faults.so: test/faults/faults.c test/faults/faults.h Makefile
	mkdir -p build
	$(call say,CC)
	$(CC) -std=c11 -D_GNU_SOURCE $(WARNINGS) -O2 -g -fPIC -shared -o $@ $<

build/guard: test/faults/guard.c Makefile
build/forbid: test/faults/forbid.c Makefile
build/soak: test/soak/soak.c Makefile
build/guard build/forbid build/soak:
	mkdir -p build
	$(call say,CC)
	$(CC) -std=c11 -D_GNU_SOURCE $(WARNINGS) -O2 -g -o $@ $< -pthread

.PHONY: check-clang
check-clang: deps-fuzz deps-test ## build all with clang, run the unit tests
	$(PARALLEL) BUILD=build/clang CC=clang build/clang/crier \
	    build/clang/test/unit-tests build/clang/test/blackbox-tests
	BUILD=build/clang test/run -j $(JOBS) unit

.PHONY: check-cross
check-cross: deps-cross ## build for arm64, armhf, i386; unit tests in qemu
	test/cross/run

.PHONY: screenshots
screenshots: deps-test $(BUILD)/crier $(NODE_MODULES) ## take the README's pictures anew
	cd test/browser && mkdir -p screenshots && SCREENSHOTS=screenshots \
	    CRIER=$(abspath $(BUILD))/crier $(NODE_TEST) screenshots.test.mjs \
	    threads.test.mjs labs.test.mjs timeline.test.mjs

.PHONY: labs
labs: build/labs/lost_wakeup build/labs/lost_wakeup-tsan ## the class's programs

build/labs/lost_wakeup-tsan: THREAD := -fsanitize=thread
build/labs/lost_wakeup build/labs/lost_wakeup-tsan: test/labs/lost_wakeup.c \
    Makefile
	mkdir -p build/labs
	$(call say,CC)
	$(CC) -std=c11 -D_GNU_SOURCE $(WARNINGS) -O1 -g $(THREAD) -o $@ $< -pthread

# A lab is the server with one part of it broken. The student changes a copy in
# build/labs, so the repository stays clean.
.PHONY: lab
lab: deps-lab ## a server with one mistake, to be repaired: LAB=name
	test/labs/lab start $(LAB)

.PHONY: grade
grade: ## is it repaired? if not, which interleaving shows it: LAB=name
	test/labs/lab grade $(LAB)

LABS ?= build/labs
ifneq ($(LAB),)
LAB_FILES   := $(shell sed -n 's|^+++ b/||p' test/labs/break/$(LAB).patch \
    2>/dev/null)
LAB_COPIES  := $(addprefix $(LABS)/$(LAB)/,$(notdir $(LAB_FILES)))
LAB_OBJECTS := $(LAB_COPIES:.c=.o)
LAB_REST    := $(filter-out $(LAB_FILES:%.c=$(BUILD)/%.o),$(MODULES))
# What ThreadSanitizer watches, besides.
LAB_RACE    := $(patsubst $(BUILD)/%,build/tsan/%,$(filter \
    $(BUILD)/src/store/% $(BUILD)/src/base/%,$(LAB_REST)))
GRADER      := $(patsubst %.c,$(BUILD)/%.o,$(wildcard test/grade/*.c))

# What the grader replaces: test/grade/sync.c, client.c and world.c.
comma  := ,
GRADED := $(addprefix -Wl$(comma)--wrap=,pthread_mutex_lock \
    pthread_mutex_unlock pthread_cond_wait pthread_cond_timedwait \
    pthread_cond_clockwait pthread_cond_signal pthread_cond_broadcast \
    __assert_fail store_wait sendmsg clock_monotonic_ms watch_add \
    watch_remove clients_subscribe)

# Not optimized, so that each step of a story has its line.
$(LABS)/$(LAB)/%.o: $(LABS)/$(LAB)/%.c Makefile
	$(call say,CC)
	$(CC) $(filter-out $(HARDEN) -Werror,$(BASE)) -O0 -g -c -o $@ $<

$(LABS)/$(LAB)/crier: $(LAB_OBJECTS) $(LAB_REST) $(BUILD)/src/main.o
	$(call say,LINK)
	$(CC) -no-pie -o $@ $^ -pthread -ljansson

$(LABS)/$(LAB)/grader: $(LAB_OBJECTS) $(LAB_REST) $(GRADER)
	$(call say,LINK)
	$(CC) -no-pie $(GRADED) -o $@ $^ -pthread -ljansson

$(LABS)/$(LAB)/race: $(LAB_COPIES) $(LAB_REST) $(GRADER)
	$(PARALLEL) $(LAB_RACE) BUILD=build/tsan SANITIZE=thread \
	    CFLAGS='-O1 -g' LAB=
	$(call say,CC)
	$(CC) -std=c11 -D_GNU_SOURCE -Iinclude -O1 -g -fsanitize=thread -no-pie \
	    $(GRADED) -o $@ $(LAB_COPIES) $(LAB_RACE) \
	    $(filter-out $(LAB_RACE:build/tsan/%=$(BUILD)/%),$(LAB_REST)) \
	    $(GRADER) -pthread -ljansson

-include $(LAB_OBJECTS:.o=.d) $(GRADER:.o=.d)
endif

.PHONY: check-labs
check-labs: deps-lab $(BUILD)/crier labs ## commands of test/labs/README.md; repairs
	$(PARALLEL) WITH='sqlite redis' BUILD=build/kinds build/kinds/crier
	test/labs/run
	test/labs/repairs

.PHONY: labs-text
labs-text: $(NODE_MODULES) ## make public/labs of the labs' text
	node test/browser/labs-text.mjs

.PHONY: check-docs
check-docs: deps-lab $(BUILD)/crier ## the documents' links and commands; the folders of src
	CRIER=$(abspath $(BUILD))/crier $(NODE_TEST) test/docs/links.test.mjs \
	    test/house/house.test.mjs test/house/labs.test.mjs

.PHONY: faults
faults: deps-test deps-sanitize deps-broker ## the C tests while each nth malloc fails
	$(PARALLEL) $(BLACK_NEEDS) build/guard
	$(MAKE) --no-print-directory WITH='sqlite redis' BUILD=build/kinds \
	    build/kinds/crier build/kinds/test/blackbox-tests
	test/faults/run
	BUILD=build/kinds test/faults/run -f 'redis*/*'

SOAK_REQUESTS ?= 1000000

.PHONY: soak
soak: deps-test ## SOAK_REQUESTS (a million) mixed requests leave no memory
	$(MAKE) --no-print-directory build/crier build/soak
	build/soak $(SOAK_REQUESTS) build/crier --quiet --history 100

build/chaos-crowd: test/chaos/crowd.c Makefile
	mkdir -p build
	$(call say,CC)
	$(CC) -std=c11 -D_GNU_SOURCE $(WARNINGS) -O2 -g -o $@ $<

.PHONY: chaos
chaos: deps-test ## clients that vanish, and attacks; CHAOS=quick, or names
	$(MAKE) --no-print-directory build/crier build/chaos-crowd
	node test/chaos/run.mjs $(CHAOS)

.PHONY: check-chaos
check-chaos: ## that the chaos sees lost, doubled and reordered messages
	$(NODE_TEST) test/chaos/chaos.test.mjs

.PHONY: valgrind
valgrind: deps-valgrind ## the black-box tests against a server in valgrind
	$(PARALLEL) $(BLACK_NEEDS)
	test/soak/valgrind

# Only what is tested is built with a sanitizer: a black-box test drives the
# server from outside, and is several times as slow under one. Criterion does not
# start under ThreadSanitizer at all. There, tests of the scripts, of memory that
# is held, of kill -9 and of long histories find no races; and by itself each
# server would sleep for a second before it exits.
.PHONY: build-asan build-tsan
build-asan: deps-test
	$(PARALLEL) build/asan/crier build/asan/test/unit-tests BUILD=build/asan \
	    SANITIZE=address,undefined CFLAGS='-O1 -g'

build-tsan: deps-test
	$(PARALLEL) build/tsan/crier BUILD=build/tsan SANITIZE=thread CFLAGS='-O1 -g'

# The ordinary black-box tests, for the server in build/$1.
define lend_black
	$(PARALLEL) $(BLACK_DRIVE)
	mkdir -p build/$1/test
	ln -sf $(abspath $(BUILD))/test/blackbox-tests build/$1/test
endef

ASAN_TESTS ?= *

.PHONY: asan
asan: build-asan ## all C tests under AddressSanitizer and UBSan
	$(call lend_black,asan)
	LSAN_OPTIONS=suppressions=$(CURDIR)/test/leaks.supp:print_suppressions=0 \
	    BUILD=build/asan test/run -j $(JOBS) -f '$(ASAN_TESTS)' unit blackbox

.PHONY: tsan
tsan: build-tsan ## the black-box tests against a ThreadSanitizer server
	$(call lend_black,tsan)
	TSAN_OPTIONS=atexit_sleep_ms=100 BUILD=build/tsan test/run -j $(JOBS) \
	    -f '!(scripts*|room_slow|journal_kill|journal_older)/*' blackbox

RUNS ?= 1

.PHONY: check-busy
check-busy: deps-test ## check, asan, tsan, RUNS (1) times on a busy machine
	test/busy/run $(RUNS)

# What takes too long for each change.
RELEASE := analyze check-clang faults check-labs check-bench check-chaos chaos \
    check-clients check-proxies check-engines check-cross check-container \
    check-systemd soak

.PHONY: check-release
check-release: ## what .ci/run has no time for, before a release: an hour
	failed=; for goal in $(RELEASE); do \
	    echo "== make $$goal"; \
	    $(MAKE) --no-print-directory $$goal || failed="$$failed $$goal"; \
	done; [ -z "$$failed" ] || { echo "failed:$$failed" >&2; exit 1; }

FUZZ_SECONDS ?= 60
FUZZ_TARGETS := $(notdir $(wildcard test/fuzz/corpus/*))
FUZZ_SHARED  := $(BUILD)/test/fuzz/fuzz.o $(BUILD)/test/fuzz/head.o

.PHONY: fuzz
fuzz: deps-fuzz ## each fuzz target for FUZZ_SECONDS (60), under clang
	$(MAKE) --no-print-directory -j2 fuzz-targets BUILD=build/fuzz CC=clang \
	    SANITIZE=fuzzer,address,undefined CFLAGS='-O1 -g'
	FUZZ_SECONDS=$(FUZZ_SECONDS) test/fuzz/run $(FUZZ_TARGETS)

.PHONY: fuzz-targets
fuzz-targets: $(FUZZ_TARGETS:%=$(BUILD)/%)

$(FUZZ_TARGETS:%=$(BUILD)/%): $(BUILD)/%: $(BUILD)/test/fuzz/%.o \
    $(FUZZ_SHARED) $(MODULES)
	$(call say,LINK)
	$(CC) $(CFLAGS) $(LINK) $(LDFLAGS) -o $@ $(filter %.o,$^) -pthread $(LIBS)

## Measuring

# The load generator is never sanitized, nor is anything else that measures.
BENCH_ALONE := loop handoff bare storm
BENCH_BUILT := build/bench-load build/bench-loop build/bench-bare \
    build/bench-storm build/bench-handoff

build/bench-load: $(filter-out $(BENCH_ALONE:%=test/bench/%.c), \
    $(wildcard test/bench/*.[ch])) Makefile
build/bench-storm: test/bench/histogram.c
$(BENCH_ALONE:%=build/bench-%): build/bench-%: test/bench/%.c \
    test/bench/bench.c $(wildcard test/bench/*.h) Makefile
build/bench-load $(BENCH_ALONE:%=build/bench-%):
	mkdir -p build
	$(call say,CC)
	$(CC) -std=c11 -D_GNU_SOURCE $(WARNINGS) -O2 -g -pthread -o $@ \
	    $(filter %.c,$^)

.PHONY: bench-floor
bench-floor: build/bench-handoff ## what passing a turn costs, by itself
	for n in 2 100 1000 10000; do $< $$n; $< $$n pinned; done

.PHONY: sides
sides: deps-run ## threads and events under one load; events.html draws it
	$(PARALLEL) build/crier build/bench-load build/bench-loop \
	    build/bench-handoff
	scripts/sides $(if $(PORT),-u http://localhost:$(PORT))

.PHONY: bench
bench: deps-bench ## crier beside its peers; BENCH=quick, or some cases' names
	$(MAKE) --no-print-directory build/crier $(BENCH_BUILT)
	node test/bench/run.mjs $(BENCH)

.PHONY: bench-journal
bench-journal: deps-bench deps-broker ## what a journal costs; TMPDIR: its disk
	$(MAKE) --no-print-directory build/crier build/bench-load
	$(PARALLEL) WITH='sqlite redis' BUILD=build/kinds build/kinds/crier
	node test/bench/journal.mjs $(BENCH)

.PHONY: bench-plot
bench-plot: deps-bench ## latency against subscribers: test/bench/latency.svg
	$(MAKE) --no-print-directory build/crier build/bench-load
	node test/bench/plot.mjs >build/latency.dat
	gnuplot -e "data='build/latency.dat'" test/bench/latency.gp \
	    >test/bench/latency.svg

.PHONY: check-bench
check-bench: build/crier $(BENCH_BUILT) ## that the benchmark sees faults
	$(NODE_TEST) test/bench/bench.test.mjs

## Looks

TIDY = mkdir -p build && clang-tidy --quiet $(1) $(SOURCES) -- -std=c11 \
    -D_GNU_SOURCE -Iinclude $(KIND_FLAGS) 2>build/tidy || \
    { cat build/tidy; false; }

.PHONY: lint
lint: deps-lint ## clang-format, clang-tidy, cppcheck, shellcheck, man page
	clang-format --dry-run --Werror $(C_FILES)
	$(call TIDY,--checks='-clang-analyzer-*')
	cppcheck --quiet --std=c11 --enable=warning,performance,portability \
	    --inline-suppr --error-exitcode=1 -D_GNU_SOURCE -Iinclude \
	    $(KIND_FLAGS) $(SOURCES)
	shellcheck $(SCRIPTS)
	! MANROFFSEQ='' man --warnings --local-file src/crier.1 2>&1 \
	    > /dev/null | grep .

.PHONY: analyze
analyze: deps-lint ## clang's static analyzer, which takes its time
	$(call TIDY)

.PHONY: format
format: deps-lint ## let clang-format lay out all C files
	clang-format -i $(C_FILES)

## Packages

.PHONY: deb
deb: deps-deb ## build the Debian package, below build/deb
	scripts/deb/build

TARBALL := crier-$(VERSION).tar.gz

.PHONY: dist
dist: ## the committed sources as a tarball, below build
	[ -e .git ] || \
	    { echo 'make dist needs a git checkout' >&2; exit 1; }
	git diff --quiet HEAD || \
	    echo '  what is not committed is not in it' >&2
	mkdir -p build
	git archive --prefix=crier-$(VERSION)/ HEAD >build/dist.tar
	gzip -9n <build/dist.tar >build/$(TARBALL)
	rm build/dist.tar
	echo '  built build/$(TARBALL)'

.PHONY: check-deb
check-deb: deps-check-deb ## the package: lintian, install, upgrade, purge
	PACKAGE=$(PACKAGE) test/package/run

.PHONY: check-systemd
check-systemd: deps-check-systemd ## the package's unit under a booted systemd
	test/package/systemd

.PHONY: check-same
check-same: deps-deb ## two builds in two folders are the same, bit for bit
	test/package/same

.PHONY: check-container
check-container: deps-check-deb ## run each line of the Containerfile
	test/package/container

## Installation

# A blank in a folder's name, for the shell.
BLANK := $() $()
PLACE := $(subst $(BLANK),\$(BLANK),$(DESTDIR)$(PREFIX))

.PHONY: install
install: $(BUILD)/crier ## PREFIX (/usr/local) and DESTDIR say where to
	install -d $(PLACE)/bin $(PLACE)/share/man/man1 \
	    $(PLACE)/share/crier/public/examples $(PLACE)/share/crier/public/labs
	install -m 755 $(BUILD)/crier $(PLACE)/bin/crier
	install -m 644 $(filter-out %.md,$(wildcard public/*.*)) \
	    $(PLACE)/share/crier/public
	install -m 644 $(wildcard public/examples/*) \
	    $(PLACE)/share/crier/public/examples
	install -m 644 $(wildcard public/labs/*) $(PLACE)/share/crier/public/labs
	sed 's/@VERSION@/$(VERSION)/' src/crier.1 > $(BUILD)/crier.1
	install -m 644 $(BUILD)/crier.1 $(PLACE)/share/man/man1
	printf '  installed %s\n' $(PLACE)/bin/crier \
	    $(PLACE)/share/man/man1/crier.1 $(PLACE)/share/crier/public

.PHONY: uninstall
uninstall: ## remove what install put there
	rm -f $(PLACE)/bin/crier $(PLACE)/share/man/man1/crier.1
	rm -rf $(PLACE)/share/crier
	printf '  removed %s\n' $(PLACE)/bin/crier \
	    $(PLACE)/share/man/man1/crier.1 $(PLACE)/share/crier

DEPS := $(addprefix deps-,build run sanitize test lab lint fuzz valgrind bench \
    cross clients clients-quick proxies engines deb check-deb check-systemd \
    broker)

.PHONY: $(DEPS)
$(DEPS): deps-%:
	scripts/install-deps $*

.PHONY: deps-with
deps-with:
	scripts/install-deps $(WITH)

.PHONY: clean
clean: ## remove everything that was built
	rm -rf build

.PHONY: help
help: ## this list
	sed -n 's/^\([a-z-]*\):.*## /\1|/p' $(MAKEFILE_LIST) | \
	    while IFS='|' read -r name text; do \
	        printf '  make %-14s %s\n' "$$name" "$$text"; done

-include $(OBJECTS:.o=.d) $(UNIT:.o=.d) $(BLACK:.o=.d) $(FUZZERS:.o=.d)
