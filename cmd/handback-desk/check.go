package main

import (
	"maps"
	"net/url"
	"slices"
	"strings"

	"handback/app"
	"handback/app/fault"
	"handback/app/secret"
)

// checkFlags fails if a flag says something with which the desk would start and not work.
func (c *command) checkFlags() error {
	for flag, count := range map[string]int{"--per-address": c.perAddress, "--per-license": c.perLicense} {
		if count < 1 {
			return fault.New(fault.Usage, "desk.count", "flag", flag)
		}
	}
	at, err := url.Parse(c.public)
	if c.public != "" && (err != nil || at.Scheme != "https" && at.Scheme != "http" || at.Hostname() == "" || at.User != nil ||
		strings.Trim(at.Path, "/") != "" || at.RawQuery != "" || at.Fragment != "") {
		return fault.New(fault.Usage, "desk.public", "address", c.public)
	}
	return nil
}

// warnOfSecrets warns of files of secrets that cannot be read, that others can read, or that
// are of no profile. Each of these may be put right while the desk answers.
func (c *command) warnOfSecrets(s secrets, profiles []app.DeskProfile) {
	warn := func(text string) { c.terminal().Remark("cmd.warning", text) }
	for _, name := range slices.Sorted(maps.Keys(s)) {
		path := s[name]
		_, open, err := secret.FromFile(path)
		if err != nil {
			warn(fault.Explain(err, c.words).Message)
		} else if open {
			warn(c.words.Text("secret.warn.open", "path", path))
		}
		if !slices.ContainsFunc(profiles, func(p app.DeskProfile) bool { return strings.ToLower(p.Name) == name }) {
			warn(c.words.Text("desk.no_such_profile", "name", name))
		}
	}
}
