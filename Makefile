# Handback. "make run" tries it, "make test" tests it; nothing else has to be
# set up. GNU make and Go are all that is needed to begin with.

.DEFAULT_GOAL := help
SHELL := /bin/bash
.NOTPARALLEL:
.SHELLFLAGS := -euo pipefail -c

TAGS    := no_emoji,migrated_fynedo
# Tests make the manual pages too.
TESTED  := $(TAGS),manual
# The rooms that need no C compiler, and those that do: Fyne's driver is written in C.
ROOMS   := ./app/... ./assets/... ./cmd/... ./docs ./tools/bench ./tools/faults ./tools/readbench ./ui ./ui/kit ./web
WINDOW  := . ./tools/bare ./ui/window
# Nothing of the computer that builds is in it. On a Mac the build ID stays: Go's
# linker makes LC_UUID of it, and macOS 26 starts nothing without.
LINKING := -s -w$(if $(filter Darwin,$(shell uname -s)),, -buildid=)
# The License API is spoken to over HTTP/1.1 alone: 0.6 MB of HTTP/2 are left out of the
# command. The window has tags of its own, which replace this one.
RELEASE := -trimpath -buildvcs=false -ldflags "$(LINKING)" -tags nethttpomithttp2
# What is tested and vetted is compiled as what is released is, and so once.
export GOFLAGS := $(strip $(filter-out -trimpath,$(shell go env GOFLAGS)) -trimpath)

# Debian's packages: what the window is built with, what a display-less
# machine shows it on, and the tools of other authors that the tests ask.
BUILD_PACKAGES := gcc libc6-dev pkg-config libgl1-mesa-dev libwayland-dev libxkbcommon-dev xorg-dev
TEST_PACKAGES  := $(BUILD_PACKAGES) xvfb xdotool xclip x11-utils libgl1-mesa-dri imagemagick qrencode zbar-tools openssl curl \
	dbus-daemon gnome-keyring libsecret-tools strace python3 tinyproxy-bin squid-openssl nginx postgresql
READER_PACKAGES := zxing-cpp-tools
PRINT_PACKAGES := chromium poppler-utils zbar-tools
WINDOWS_PACKAGES := wine wine64 gcc-mingw-w64-x86-64 nsis wixl zip unzip


.PHONY: help run demo desk reader random test translations faults layouts printed test-windows killed check lint fuzz race portable reading npm bench bench-parts bench-reading corpus build screenshots need-build need-test need-readers need-node need-nodejs need-browser browser need-print need-windows clean

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 20

run: ## open the window; without a display, make the practice trip in the terminal
ifeq ($(OS)$(DISPLAY)$(WAYLAND_DISPLAY)$(filter Darwin,$(shell uname -s)),)
	@echo "There is no display here: this is the practice trip in the terminal."
	@$(MAKE) --no-print-directory demo
else
	@$(MAKE) --no-print-directory need-build
	@echo "Building the window. The first time this takes some minutes."
	@CGO_ENABLED=1 go run -tags $(TAGS) .
endif

demo: ## the practice trip in the terminal: create, read the code back, submit
	@CGO_ENABLED=0 go build -o bin/handback ./cmd/handback
	@folder=$$(mktemp -d); trap 'rm -rf "$$folder"' EXIT; export HANDBACK_HOME="$$folder/home"; \
	handback="$$PWD/bin/handback"; cd "$$folder"; \
	step() { echo; echo "\$$ handback $$*"; "$$handback" "$$@"; }; \
	step hardware-id; \
	step create --license-key GPYC-X5J2-L5SK-C3LK --output request.req --qr code.png; \
	step inspect code.png --output from-code.req; \
	cmp request.req from-code.req; \
	echo; echo "The picture of the code holds the file, byte for byte."; \
	step submit code.png

desk: reader ## the desk in a browser, to try it out
	CGO_ENABLED=0 go run ./cmd/handback-desk

test: need-test reader ## all tests
	CGO_ENABLED=0 go run ./tools/faults -timeout 30m -tags $(TESTED) $(ROOMS)
	CGO_ENABLED=1 go test -tags $(TAGS) $(WINDOW)
	@CGO_ENABLED=0 go test -tags $(TAGS) -v -run $(TRANSLATED) ./app/words | sed -n 's/.*warning: /Warning: /p'

TRANSLATED := '^TestEveryTextIsTranslatedIntoEveryLanguage$$'

translations: ## fail if a language lacks a text, and name the texts
	@HANDBACK_TRANSLATIONS=all CGO_ENABLED=0 go test -tags $(TAGS) -run $(TRANSLATED) ./app/words

CHECKS := lint portable layouts printed browser test-windows killed race fuzz reading test-packages test-uninstallers reproduce

check: ## what takes longer: lint, other systems, killed anywhere, the race detector, fuzzing, bad pictures, packages
	@export RUN=$$$$-$$(date +%s); times=""; for target in $(CHECKS); do \
		began=$$SECONDS; $(MAKE) --no-print-directory $$target; \
		times+=$$(printf '%5d s  make %s' $$((SECONDS - began)) $$target)$$'\n'; done; \
	printf 'make check took %d s:\n%s' $$SECONDS "$$times"

GOLANGCI := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0

# The window is linted for Linux and Windows: for macOS it takes Apple's compiler.
lint: need-build need-windows
	@unformatted=$$(gofmt -l $$(git ls-files '*.go')); \
	if [ -n "$$unformatted" ]; then echo "gofmt would change: $$unformatted"; exit 1; fi
	CGO_ENABLED=1 go vet -tags $(TESTED) ./...
	@mkdir -p build && CGO_ENABLED=0 GOBIN=$(CURDIR)/build go install $(GOLANGCI)
	CGO_ENABLED=1 build/golangci-lint run ./...
	CGO_ENABLED=1 GOOS=windows CC=x86_64-w64-mingw32-gcc build/golangci-lint run --build-tags $(TESTED),accessibility ./...
	CGO_ENABLED=0 GOOS=darwin build/golangci-lint run $(filter-out ./ui%,$(ROOMS))

portable: ## the command for other systems, static; the reader for browsers
	@GOOS=js GOARCH=wasm go vet ./web/reader
	@for target in linux/amd64 linux/arm64 windows/amd64 darwin/arm64 darwin/amd64; do \
		echo "building the command for $$target"; \
		CGO_ENABLED=0 GOOS=$${target%/*} GOARCH=$${target#*/} go vet ./app/... ./cmd/...; \
		CGO_ENABLED=0 GOOS=$${target%/*} GOARCH=$${target#*/} go build $(RELEASE) -o /dev/null ./cmd/handback; \
	done

faults: need-test ## the faults that are survived, each with the tests that showed it
	CGO_ENABLED=0 go run ./tools/faults -list -timeout 30m -tags $(TESTED) $(ROOMS)

# Debian's Wine lacks the DLL from which Go programs have random bytes. The shell
# runs as on every system: WINEPREFIX is a Windows of its own.
export WINEPREFIX = $(CURDIR)/build/wine

test-windows: need-windows ## the command, its scenarios and the tests of app for Windows, under Wine; the window is built, for screen readers too
	@mkdir -p build
	@[ -d $(WINEPREFIX)/drive_c/windows ] || WINEDEBUG=-all WINEDLLOVERRIDES="mscoree,mshtml=" wineboot -i >/dev/null 2>&1
	x86_64-w64-mingw32-gcc -shared -O2 -o $(WINEPREFIX)/drive_c/windows/system32/bcryptprimitives.dll tools/windows/bcryptprimitives.c -ladvapi32
	CGO_ENABLED=0 GOOS=windows go build $(RELEASE) -o build/handback.exe ./cmd/handback
	tools/windows/trip build/handback.exe
	CGO_ENABLED=1 CC=x86_64-w64-mingw32-gcc GOOS=windows go build $(RELEASE) -tags $(TAGS),accessibility -o build/handback-window.exe .
	@rm -rf $(WINEPREFIX)/drive_c/users/*/Temp/*
	CGO_ENABLED=0 GOOS=windows go test -timeout 30m -exec $(CURDIR)/tools/windows/run -tags $(TAGS) -skip 'OpenSSL|Curl' ./app/... ./cmd/...

browser: need-test need-browser reader ## visitors and the desk's people in Chromium, every page into build/browser; logging in at an identity provider
	@mkdir -p build/browser && cp web/browser/* build/browser && cd build/browser && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error
	@mkdir -p build/openid && cp web/openid/* build/openid && cd build/openid && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error
	HANDBACK_BROWSER="$$PWD/build/browser" CGO_ENABLED=0 go test -count 1 -timeout 40m -run 'TestChromium|TestOpenID' ./web

layouts: need-test ## no word is cut, in any language at any size of the text
	HANDBACK_LAYOUTS=all CGO_ENABLED=0 go test -count 1 -tags $(TESTED) -run NoWordIsCut ./ui

printed: need-print ## sheet and card are one page of A4 and of Letter, in every language, and their codes are read
	HANDBACK_PRINTED=all CGO_ENABLED=0 go test -count 1 -tags $(TESTED) -run OnePageOfPaper ./app

# Between two system calls that change files nothing on the disk changes: "make test" kills at
# those, SWEEP=all at each one.
SWEEP ?= 2000

killed: need-test ## many requests over a bad network, by a command that is killed again and again; SWEEP=all: killed at every system call too
	HANDBACK_SWEEP=$(SWEEP) CGO_ENABLED=0 go test -count 1 -timeout 30m -run $(if $(filter all,$(SWEEP)),IsKilled,BadNetwork) ./cmd/handback

# What only measures how pages and codes look, whether codes of every kind are read, or what
# hostile input costs, starts no goroutine and takes minutes under the race detector.
LOOKS := AnyLength|EveryVersion|EveryLength|EveryKindOfPicture|EveryAngle|FaintAndMisleading|ReadingAPictureTakes|EveryCodeIsDecoded|MoreErrorsACode|CodesAreDecoded|FullOfBeginnings|WithoutEnd|FarTooMuch|MadeAtRandom|FromTheDocument|WrongModules|HostilePictures|OfTheDocumentation|EveryModule|KilledAnywhere
# The other tests of the pages run each job in its place. ui/window is the real window.
THREADS := AtRandom|OfThousands|StillBeingRead|DuringASearch

# Of the desk's pages, those that several goroutines use: argon2 takes long under the detector.
VISITORS := ManyVisitors|ASignedRequest|AnUnsignedRequest|OnlySoMany

race: need-test
	CGO_ENABLED=1 go test -race -timeout 60m -tags $(TAGS) -run '$(VISITORS)' ./web
	CGO_ENABLED=1 go test -race -timeout 60m -tags $(TAGS) -skip '$(LOOKS)' ./app/... ./cmd/... ./ui/kit
	CGO_ENABLED=1 go test -race -timeout 60m -tags $(TAGS) -run '$(THREADS)' ./ui
	CGO_ENABLED=1 go test -race -timeout 60m -tags $(TAGS) ./ui/window

FUZZTIME := 10s

# Go's fuzzing may fail at the end of its time with "context deadline exceeded" and
# nothing found, where a worker is slow to stop: that is no finding.
fuzz:
	@log=$$(mktemp); trap 'rm -f "$$log"' EXIT; for package in $$(grep -rl --include='*_test.go' '^func Fuzz' app | xargs -n1 dirname | sort -u); do \
		for target in $$(grep -rhoE '^func Fuzz[A-Za-z0-9]+' $$package | cut -d' ' -f2 | sort); do \
			echo "$$package $$target"; \
			CGO_ENABLED=0 go test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 100x ./$$package 2>&1 | tee $$log \
				|| { grep -q 'context deadline exceeded' $$log && ! grep -q 'Failing input' $$log; } || exit 1; \
		done; \
	done

random: need-test ## 100,000 requests made at random, there and back through every form
	HANDBACK_RANDOM=100000 CGO_ENABLED=0 go test -count 1 -timeout 60m -run AtRandom ./app/carry

corpus: need-test ## degraded pictures of codes, into build/corpus
	CGO_ENABLED=0 go run ./tools/readbench -make $(READING)

reading: need-test
	CGO_ENABLED=0 go run ./tools/readbench -readers handback -every 3 -least 90

# The newest zxing-cpp, and the vendor's SDK for Node.js: for comparison alone.
NPM := zxing-wasm@3.1.4 @licensespring/node-sdk@1.4.17

npm: need-node
	@mkdir -p build/npm && npm install --prefix build/npm --no-save --no-audit --no-fund --ignore-scripts --loglevel=error $(NPM)

bench-reading: need-test need-readers npm corpus ## how many of them are read, beside other readers; the table is in build/reading.md too
	CGO_ENABLED=0 go run ./tools/readbench $(READING) | tee build/reading.md

bench: need-test build npm ## docs/benchmarks.md: Handback beside other programs that do the same; BENCH=-quick tries it out
	CGO_ENABLED=1 go build $(RELEASE) -tags $(TAGS) -o bin/bare-window ./tools/bare
	CGO_ENABLED=0 go run ./tools/bench $(BENCH)

bench-parts: need-test ## Go's benchmarks of parts of Handback
	CGO_ENABLED=0 go test -run '^$$' -bench . -tags $(TAGS) $(ROOMS)

# What browsers fetch of the desk: the reader of codes as WebAssembly, and Go's script for it.
READER := web/static/reader.wasm.gz web/static/wasm_exec.js

reader: $(READER)

web/static/reader.wasm.gz: $(wildcard web/reader/*.go app/carry/scan/*.go app/carry/scan/qr/*.go) go.mod
	@mkdir -p build
	CGO_ENABLED=0 GOOS=js GOARCH=wasm go build $(RELEASE) -o build/reader.wasm ./web/reader
	@gzip -9nc build/reader.wasm > $@

web/static/wasm_exec.js: go.mod
	@cp "$$(go env GOROOT)/lib/wasm/wasm_exec.js" $@ && touch $@

build: need-build reader ## all programs, into bin/
	CGO_ENABLED=0 go build $(RELEASE) -o bin/handback-desk ./cmd/handback-desk
	CGO_ENABLED=0 go build $(RELEASE) -o bin/handback ./cmd/handback
	CGO_ENABLED=1 go build $(RELEASE) -tags $(TAGS) -o bin/handback-window .

screenshots: need-test ## the way through the real window, into build/tour, four of it for the README; every page in every look, into build/pictures
	HANDBACK_TOUR="$$PWD/build/tour" CGO_ENABLED=1 go test -tags $(TAGS) -count 1 -timeout 30m -run TestTheTour ./ui/window
	HANDBACK_PICTURES="$$PWD/build/pictures" CGO_ENABLED=0 go test -tags $(TESTED) -count 1 -timeout 5h -run TestPicturesOfAllPages ./ui
	cp build/tour/en-light-100/1-license.png assets/release.png
	cp build/tour/en-light-100/4-saved.png assets/carry.png
	cp build/tour/en-light-100/7-released.png assets/submit.png
	cp build/tour/ja-dark-100/2-check.png assets/leaves.png

clean: ## remove what was built
	rm -rf bin build dist

# need installs the packages that are missing, and says so before it does. The servers among
# them are not started, now or with the computer: the tests start them. A Mac has all of it
# in Xcode's tools; its cc, which is always there, does not tell.
define need
	@missing=""; \
	if [ "$$(uname -s)" = Darwin ]; then \
		xcode-select -p >/dev/null 2>&1 || echo "Please install Xcode's command line tools: xcode-select --install"; \
		exit 0; \
	fi; \
	if ! command -v dpkg-query >/dev/null; then \
		command -v pkg-config >/dev/null || echo "This is not Debian. Please install what its packages $(1) hold."; \
		exit 0; \
	fi; \
	for package in $(1); do \
		dpkg-query -W -f='$${Status}' "$$package" 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$package"; \
	done; \
	[ -n "$$missing" ] || exit 0; \
	sudo=""; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	echo "Installing with $$sudo apt-get:$$missing"; \
	policy=/usr/sbin/policy-rc.d; \
	[ -e $$policy ] || { printf '#!/bin/sh\nexit 101\n' | $$sudo install -m 755 /dev/stdin $$policy; trap "$$sudo rm $$policy" EXIT; }; \
	$$sudo apt-get update -qq; \
	$$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	for server in squid nginx postgresql; do \
		[[ $$missing != *$$server* ]] || $$sudo systemctl disable --quiet $$server 2>/dev/null || true; \
	done
endef

need-build:
	$(call need,$(BUILD_PACKAGES))

need-readers:
	$(call need,$(READER_PACKAGES))

need-print:
	$(call need,$(PRINT_PACKAGES))

need-browser: need-node
	$(call need,chromium)

# Node.js comes from Debian or from its makers.
need-node:
	@command -v npm >/dev/null || $(MAKE) --no-print-directory need-nodejs

need-nodejs:
	$(call need,nodejs npm)

need-windows:
	$(call need,$(WINDOWS_PACKAGES))

need-test:
	$(call need,$(TEST_PACKAGES))

include assets/packaging/packages.mk
