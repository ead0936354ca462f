# Packages: made on Debian, for Linux, Windows and macOS; what "make app" makes takes a Mac.

# What making them takes, and what testing them takes beside.
PACKAGE_PACKAGES := $(BUILD_PACKAGES) xz-utils gcc-mingw-w64-x86-64 nsis zip imagemagick
CHECK_PACKAGES := $(PACKAGE_PACKAGES) lintian desktop-file-utils appstream shared-mime-info libglib2.0-bin rpm cpio man-db mmdebstrap libplist-utils icnsutils python3 systemd gobjc libgnustep-base-dev file unzip msitools

# The one source of the version and of its date, which every package is dated by.
VERSION = $(shell sed -n 's/^const Version = "\(.*\)"/\1/p' app/version.go)$(REVISION)
RELEASED = $(shell grep -oE '[0-9]{4}, time[.][A-Za-z]+, [0-9]+' app/version.go | tr -d ',' | sed 's/time[.]//' | awk '{print $$3, $$2, $$1}' | date -u +%F -f -)
DATED = SOURCE_DATE_EPOCH=$(shell date -u +%s -d $(RELEASED))

# Under whose name: Handback's, or with BRANDED=yes what make brand prepared. The desk in a
# browser belongs to no brand: whoever runs one runs it for several vendors.
BRAND_NAME := Handback
VENDOR := The Handback authors
HOMEPAGE := https://handback.app
COMMAND := handback
ID := app.handback.Handback
MAINTAINER := Handback <packages@handback.app>
DESK := handback-desk
LINUX := assets/packaging/linux
ICONS := assets
DIST := dist
ifdef BRANDED
include build/brand/brand.mk
DESK :=
OVERLAY := -overlay build/brand/overlay.json
LINUX := build/brand/linux
ICONS := $(BRAND)
DIST := dist/$(COMMAND)
endif
# What is packed is built here.
STAGE := build/package/$(COMMAND)
# How hard archives are compressed: a brand that is made for a test, hardly.
XZ ?= xz -9
export COMMAND ID LINUX ICONS DIST STAGE XZ

# What the scripts for Windows are told.
WINDOWS_BRAND = NAME="$(BRAND_NAME)" VENDOR="$(VENDOR)" HOMEPAGE="$(HOMEPAGE)" VERSION="$(VERSION)" RELEASED="$(RELEASED)" ICON_PNG="$(ICONS)/icon.png" WINRES="env $(TOOL) $(WINRES)" $(DATED)

# What tells people who install it what it is.
README = CGO_ENABLED=0 go run $(OVERLAY) ./assets/packaging/readme

# Tools of other authors are compiled once, also for packages that are built from nothing.
export TOOLS_CACHE := $(or $(TOOLS_CACHE),$(shell go env GOCACHE))
TOOL = GOCACHE=$(TOOLS_CACHE) go run
NFPM := github.com/goreleaser/nfpm/v2/cmd/nfpm@v2.43.1
WINRES := github.com/tc-hib/go-winres@v0.3.3
GOMOD := github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.10.0
CC_WINDOWS := x86_64-w64-mingw32-gcc

.PHONY: release package package-linux package-windows package-macos sums pack-linux pack-windows pack-macos app brand reproduce test-packages test-packages-linux test-packages-windows test-packages-macos test-uninstallers need-package need-check

# In which run of make check, and of what, packages are made.
MADE = $(if $(RUN),$(RUN) $(shell git ls-files -z | xargs -0 sha256sum | sha256sum))

release: translations package ## packages to be published: all texts must be translated

package: need-package ## packages for Linux, Windows and macOS, checksums and a bill of materials, into dist/
	@rm -rf $(DIST) $(STAGE)/made && mkdir -p $(DIST) $(STAGE)
	@made="$(MADE)"; $(MAKE) --no-print-directory pack-linux pack-windows pack-macos sums && echo "$$made" > $(STAGE)/made

package-linux: pack-linux ## .deb, .rpm and .tar.xz alone
	@$(MAKE) --no-print-directory sums

package-windows: pack-windows ## the setup and the portable archive alone
	@$(MAKE) --no-print-directory sums

package-macos: pack-macos ## the command for macOS alone, after package-linux
	@$(MAKE) --no-print-directory sums

# The bill and the checksums are of what was packed, now or before.
sums:
	@$(TOOL) ./assets/packaging/sbom -gomod $(GOMOD) -name "$(BRAND_NAME)" -version $(VERSION) -date $(RELEASED) -vendor "$(VENDOR)" $(if $(NOTE),-note "$(NOTE)") \
		$$(ls $(STAGE)/linux/$(COMMAND) $(STAGE)/linux/$(COMMAND)-window $(DESK:%=$(STAGE)/linux/%) $(STAGE)/windows/files/*.exe $(STAGE)/macos/*/$(COMMAND) 2>/dev/null) > $(DIST)/$(COMMAND)-$(VERSION).cdx.json
	@cd $(DIST) && find . -maxdepth 1 -type f ! -name SHA256SUMS -printf '%P\n' | sort | xargs sha256sum > SHA256SUMS && cat SHA256SUMS

pack-linux: need-package reader
	@rm -rf $(STAGE)/linux && mkdir -p $(STAGE)/linux/man $(STAGE)/linux/completion $(DIST)
	CGO_ENABLED=0 go build $(RELEASE) $(OVERLAY) -o $(STAGE)/linux/$(COMMAND) ./cmd/handback
	CGO_ENABLED=1 go build $(RELEASE) -tags $(TAGS) $(OVERLAY) -o $(STAGE)/linux/$(COMMAND)-window .
	$(if $(DESK),CGO_ENABLED=0 go build $(RELEASE) -o $(STAGE)/linux/$(DESK) ./cmd/handback-desk)
	@CGO_ENABLED=0 go run -tags manual $(OVERLAY) ./cmd/handback $(STAGE)/linux/man && gzip -9n $(STAGE)/linux/man/*.1
	@cd $(STAGE)/linux; \
	./$(COMMAND) completion bash > completion/$(COMMAND).bash; ./$(COMMAND) completion zsh > completion/_$(COMMAND); \
	./$(COMMAND) completion fish > completion/$(COMMAND).fish
	@sed 's/@VERSION@/$(VERSION)/; s/@DATE@/$(RELEASED)/' $(LINUX)/$(COMMAND)-window.1 | gzip -9n > $(STAGE)/linux/$(COMMAND)-window.1.gz
	@for name in $(DESK); do sed 's/@VERSION@/$(VERSION)/; s/@DATE@/$(RELEASED)/' $(LINUX)/$$name.1 | gzip -9n > $(STAGE)/linux/$$name.1.gz; done
	@gzip -9nc CHANGELOG.md > $(STAGE)/linux/CHANGELOG.md.gz
	@$(README) > $(STAGE)/linux/README.md
	@for name in $(COMMAND) $(COMMAND)-window $(DESK); do \
		printf '%s (%s) unstable; urgency=medium\n\n  * What is new stands in CHANGELOG.md.\n\n -- $(MAINTAINER)  %s\n' \
			$$name $(VERSION) "$$(LC_ALL=C date -uR -d $(RELEASED))" | gzip -9n > $(STAGE)/linux/changelog-$$name.gz; done
	@export VERSION=$(VERSION) VENDOR="$(VENDOR)" $(DATED) CGO_ENABLED=0; for what in command window $(if $(DESK),desk); do \
		$(TOOL) $(NFPM) package -f $(LINUX)/$$what.yaml -p deb -t $(DIST)/; \
		sed '/^description:/{n;d}' $(LINUX)/$$what.yaml | $(TOOL) $(NFPM) package -f - -p rpm -t $(DIST)/; done
	@$(DATED) assets/packaging/linux/tarball $(DIST)/$(COMMAND)-$(VERSION)-linux-amd64.tar.xz

pack-windows: need-package
	@rm -rf $(STAGE)/windows && mkdir -p $(STAGE)/windows $(DIST)
	CGO_ENABLED=0 GOOS=windows go build $(RELEASE) $(OVERLAY) -o $(STAGE)/windows/$(COMMAND).exe ./cmd/handback
	CGO_ENABLED=1 CC=$(CC_WINDOWS) GOOS=windows go build $(subst -s -w,-s -w -H windowsgui,$(RELEASE)) \
		-tags $(TAGS),accessibility $(OVERLAY) -o $(STAGE)/windows/$(COMMAND)-window.exe .
	@$(README) > $(STAGE)/windows/README.md
	@$(WINDOWS_BRAND) assets/packaging/windows/package

brand: ## packages under a vendor's name, into dist/COMMAND: make brand BRAND=folder
	@[ -n "$(BRAND)" ] || { echo "Please name the vendor's folder: make brand BRAND=folder" >&2; exit 2; }
	@rm -rf build/brand && go run ./assets/packaging/brand "$(BRAND)" build/brand
	@$(MAKE) --no-print-directory BRANDED=yes BRAND="$(BRAND)" package

# What test-packages made in the same run of make check, of the same files, is compared;
# else the packages are made first. In make check what is compiled anew, from nothing, is
# what is for Linux; the programs for other systems are linked anew.
reproduce: ## build the packages again, elsewhere and from nothing, and compare
	@[ -n "$(MADE)" ] && [ "$(MADE)" = "$$(cat $(STAGE)/made)" ] || $(MAKE) --no-print-directory package
	@rm -rf dist/*/ build/reproduce && mkdir -p build/reproduce/another-place build/reproduce/cache
	@git ls-files -z | xargs -0 cp -P --parents -t build/reproduce/another-place
	@export TOOLS_CACHE=$(TOOLS_CACHE) GOCACHE=$(CURDIR)/build/reproduce/cache; cd build/reproduce/another-place; \
	$(MAKE) --no-print-directory need-package pack-linux; \
	$(if $(RUN),GOCACHE=$(TOOLS_CACHE);) $(MAKE) --no-print-directory pack-windows pack-macos sums
	@diff -r dist build/reproduce/another-place/dist && echo "reproduce: the same bytes" && rm -rf build/reproduce

test-packages: package ## what packages must hold: validators, the trip, installed, upgraded and removed, a vendor's brand beside
	@$(MAKE) --no-print-directory test-packages-linux test-packages-windows test-packages-macos
	@$(MAKE) --no-print-directory XZ="xz -1" brand BRAND=assets/packaging/example
	assets/packaging/linux/check-installed
	assets/packaging/brand/check
	@$(MAKE) --no-print-directory BRANDED=yes BRAND=assets/packaging/example test-packages-windows test-packages-macos

test-packages-linux: need-check
	assets/packaging/linux/check
	@for kind in deb rpm; do VERSION=999.0.0 CGO_ENABLED=0 $(TOOL) $(NFPM) package -f $(LINUX)/command.yaml -p $$kind -t build/newer.$$kind; done

test-packages-windows: need-test need-windows
	@[ -d $(WINEPREFIX)/drive_c/windows ] || WINEDEBUG=-all WINEDLLOVERRIDES="mscoree,mshtml=" wineboot -i >/dev/null 2>&1
	@$(WINDOWS_BRAND) assets/packaging/windows/check

# macOS: the command is built here; the window takes Apple's compiler.

DARWIN = $(subst -buildid=,,$(RELEASE))
# What the scripts for macOS are told.
MACOS_BRAND = NAME="$(BRAND_NAME)" VERSION="$(VERSION)" ICON_PNG="$(ICONS)/icon.png" OVERLAY="$(OVERLAY)"

pack-macos: need-package
	@rm -rf $(STAGE)/macos && mkdir -p $(STAGE)/macos $(DIST)
	@for architecture in arm64 amd64; do \
		echo "building the command for darwin/$$architecture"; \
		CGO_ENABLED=0 GOOS=darwin GOARCH=$$architecture go build $(DARWIN) $(OVERLAY) -o $(STAGE)/macos/$$architecture/$(COMMAND) ./cmd/handback; \
		VERSION=$(VERSION) $(DATED) assets/packaging/macos/tarball $$architecture; done
	@go run ./assets/packaging/macos facts $(STAGE)/macos/*/$(COMMAND)

app: ## the app for macOS, zipped, into dist/: takes a Mac; of a brand: make app BRAND=folder
	@[ "$$(uname -s)" = Darwin ] || { echo "The app takes a Mac: its window is built by Apple's compiler." >&2; exit 2; }
ifneq ($(if $(BRANDED),,$(BRAND)),)
	@rm -rf build/brand && go run ./assets/packaging/brand "$(BRAND)" build/brand
	@$(MAKE) --no-print-directory BRANDED=yes BRAND="$(BRAND)" app
else
	@rm -rf $(STAGE)/app && mkdir -p $(STAGE)/app
	CGO_ENABLED=0 go build $(DARWIN) $(OVERLAY) -o $(STAGE)/app/$(COMMAND) ./cmd/handback
	facts=$$(go run ./assets/packaging/macos facts $(STAGE)/app/$(COMMAND)) && least=-mmacosx-version-min=$${facts#* } && \
	CGO_ENABLED=1 CGO_CFLAGS="-O2 $$least" CGO_LDFLAGS="-O2 $$least" \
		go build $(DARWIN) -tags $(TAGS),accessibility $(OVERLAY) -o $(STAGE)/app/$(COMMAND)-window .
	@$(MACOS_BRAND) assets/packaging/macos/bundle
endif

test-packages-macos: need-check
	@$(MACOS_BRAND) assets/packaging/macos/check

test-uninstallers: need-windows need-check ## the examples of uninstallers, installed and removed
	WINEPREFIX=$(CURDIR)/build/wine-uninstallers assets/packaging/uninstallers/check

need-package:
	$(call need,$(PACKAGE_PACKAGES))

need-check:
	$(call need,$(CHECK_PACKAGES))
