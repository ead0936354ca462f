package app

import (
	"strconv"
	"strings"
	"time"

	"handback/app/brand"
	"handback/app/words"
	"handback/assets"
)

// Version is this version's number, as defined by semver.org.
const Version = "0.1.0"

// Packaged returns the version that packages and people see. A brand's later revisions of
// one version have a fourth number.
func Packaged() string {
	if revision := brand.Current().Revision; revision > 0 {
		return Version + "." + strconv.Itoa(revision)
	}
	return Version
}

// Released is the date of this version's release. A clock that is before it is wrong.
var Released = time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC)

// About returns lines about this program: its release date, the vendor of a brand, and what
// is new.
func About(w *words.Words) []string {
	lines := []string{w.Text("about.released", "date", words.Day(Released))}
	if brand.EmbeddedKey() != nil {
		lines = append(lines, w.Text("about.extractable"))
	}
	if own := brand.Current(); !own.Own() {
		lines = append(lines, w.Text("about.based", "tool", brand.Handback.Name, "vendor", own.Vendor))
	}
	lines = append(lines, w.Text("about.updates"), w.Text("about.license"), w.Text("about.changes"))
	for _, change := range Changes() {
		lines = append(lines, "- "+change)
	}
	return lines
}

// Changes returns the changelog's entries for this version, in English.
func Changes() (changes []string) {
	_, section, _ := strings.Cut(assets.Changelog, "\n## ["+Version+"]")
	section, _, _ = strings.Cut(section, "\n## ")
	for line := range strings.Lines(section) {
		line = strings.TrimRight(line, "\r\n")
		if item, ok := strings.CutPrefix(line, "- "); ok {
			changes = append(changes, item)
		} else if more, ok := strings.CutPrefix(line, "  "); ok && len(changes) > 0 {
			changes[len(changes)-1] += " " + more
		}
	}
	return changes
}
