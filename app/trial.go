package app

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"handback/app/fault"
	"handback/app/licensespring"
	"handback/app/profile"
	"handback/app/request"
	"handback/app/secret"
)

// ProfileCheck is one of the checks of a profile, and its result for people.
type ProfileCheck struct {
	Check  string // one of ProfileChecks
	OK     bool
	Detail string // what was found
	Remedy string // what to do; empty if it is all right
	Kind   fault.Kind
}

// ProfileChecks returns the names of the checks in their order.
func ProfileChecks() []string {
	return []string{"proxy", "endpoint", "tls", "clock", "token", "secret"}
}

// maxClockDifference is how old a request may be for the License API.
const maxClockDifference = 15 * time.Minute

// TestProfile tries whether requests can be submitted with the App's profile and secret: the
// proxy, the endpoint, the certificate, the clock, and whether the credentials are accepted.
// It touches no license. A check is left out if one before it failed on which it depends, or
// if the profile has no need of it.
func (a *App) TestProfile(ctx context.Context) []ProfileCheck {
	key, err := a.Secret()
	if err == nil && key.IsZero() {
		err = secret.ErrNone
	}
	client := a.client(key, Submit{})
	var all []ProfileCheck
	reach := client.Reach(ctx)
	all = append(all, a.reached(reach)...)
	if err != nil {
		return append(all, a.failedCheck("secret", err))
	}
	if reach.Err != nil {
		return all
	}
	if a.Profile.Authorization.Method == profile.OAuth {
		if err := client.Token(ctx); err != nil {
			return append(all, a.failedCheck("token", err))
		}
		all = append(all, a.passed("token", "test.token"))
	}
	answer := client.Accepted(ctx)
	if answer.Outcome == "" {
		return append(all, a.passed("secret", "test.secret"))
	}
	h := licensespring.Holding{Holds: request.Untold, Answer: answer}
	message, _ := h.Explain(a.Words)
	failed := ProfileCheck{Check: "secret", Detail: message, Remedy: a.Words.Text("test.secret.remedy"), Kind: h.Kind()}
	if failed.Kind == fault.Unknown {
		failed.Remedy = a.Words.Text("test.untold.remedy")
	}
	return append(all, failed)
}

// proxyFaults are the faults of a proxy, by their keys.
var proxyFaults = []string{"answer.proxy_address", "answer.proxy_failed", "answer.proxy_login", "answer.proxy_login_unnamed",
	"answer.proxy_refused", "answer.proxy_unreachable"}

// reached returns the checks that need no credentials.
func (a *App) reached(r licensespring.Reach) (all []ProfileCheck) {
	key := ""
	if f, ok := errors.AsType[*fault.Fault](r.Err); ok {
		key = f.Key
	}
	failedProxy := slices.Contains(proxyFaults, key)
	failedTLS := strings.HasPrefix(key, "answer.tls") || key == "licensespring.extra_ca"
	switch {
	case failedProxy:
		return []ProfileCheck{a.failedCheck("proxy", r.Err)}
	case r.Proxy != "":
		all = append(all, a.passed("proxy", "test.proxy", "proxy", r.Proxy))
	default:
		all = append(all, a.passed("proxy", "test.no_proxy"))
	}
	if r.Err != nil && !failedTLS {
		return append(all, a.failedCheck("endpoint", r.Err))
	}
	all = append(all, a.passed("endpoint", "test.endpoint", "host", r.Host))
	switch {
	case failedTLS:
		return append(all, a.failedCheck("tls", r.Err))
	case r.Issuer != "":
		all = append(all, a.passed("tls", "test.tls", "issuer", r.Issuer))
	}
	if !r.Dated {
		return all
	}
	seconds := int(r.Ahead.Abs().Seconds())
	key = "test.clock.ahead"
	if r.Ahead <= 0 {
		key = "test.clock.behind"
	}
	clock := a.passed("clock", key, "seconds", seconds)
	if r.Ahead.Abs() > maxClockDifference {
		clock.OK, clock.Remedy, clock.Kind = false, a.Words.Text("test.clock.remedy"), fault.Refused
	}
	return append(all, clock)
}

func (a *App) passed(check, key string, pairs ...any) ProfileCheck {
	return ProfileCheck{Check: check, OK: true, Detail: a.Words.Text(key, pairs...)}
}

// failedCheck returns a check that failed with an error. Only the advice about a missing
// secret fits here: the others are about a submission.
func (a *App) failedCheck(check string, err error) ProfileCheck {
	e := fault.Explain(err, a.Words)
	remedy := a.Words.Text("test." + check + ".remedy")
	if fault.KindOf(err) == fault.Secret {
		remedy = e.Advice
	}
	return ProfileCheck{Check: check, Detail: e.Message, Remedy: remedy, Kind: fault.KindOf(err)}
}
