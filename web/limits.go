package web

import (
	"context"
	"math"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode"

	"handback/app"
	"handback/app/desk"
	"handback/app/fault"
	"handback/app/journal"
	"handback/app/request"
	"handback/app/words"
)

// visits are some visits that count under a limit.
type visits struct {
	desk.Limit
	key   string // its digest is stored
	count int
}

// count counts visits under several limits, or none of them: if a limit does not allow them it
// fails with full and when its window ends; see later.
func (s *Server) count(ctx context.Context, full *fault.Fault, all ...visits) error {
	now := s.options.Now()
	for i, one := range all {
		allowed, err := s.desk.Store.Count(ctx, one.Limit, desk.Digest(one.key), one.count, now)
		if err == nil && !allowed {
			err = newLater(full, one.Ends(now).Sub(now))
		}
		if err != nil {
			s.takeBack(ctx, all[:i]...)
			return err
		}
	}
	return nil
}

// takeBack takes visits back that were counted. If the store fails they stay counted.
func (s *Server) takeBack(ctx context.Context, all ...visits) {
	for _, one := range all {
		if _, err := s.desk.Store.Count(ctx, one.Limit, desk.Digest(one.key), -one.count, s.options.Now()); err != nil {
			s.options.Log.Warn("a visit stays counted", "kind", one.Kind, "error", err.Error())
		}
	}
}

// later is an error that passes by itself after a time.
type later struct {
	error
	after time.Duration
}

func (l later) Unwrap() error { return l.error }

// newLater returns an error whose text says the time as "wait".
func newLater(err *fault.Fault, after time.Duration) later {
	minutes := max(1, int(math.Ceil(after.Minutes())))
	wait := words.Phrase{Key: "answer.span_minutes", Pairs: []any{"minutes", minutes}}
	if minutes > 60 {
		wait = words.Phrase{Key: "answer.span_hours", Pairs: []any{"hours", minutes / 60, "minutes", minutes % 60}}
	}
	return later{err.With("wait", wait), after}
}

// seconds returns the time for the header Retry-After.
func (l later) seconds() int { return max(1, int(math.Ceil(l.after.Seconds()))) }

// ofAddress returns visits that count for the visitor's address.
func (s *Server) ofAddress(r *http.Request, count int) visits {
	return visits{desk.Limit{Kind: "address", Window: time.Hour, Most: s.options.PerAddress}, peerOf(r).network(), count}
}

// allow fails with errTooMany if an address brings too many requests. Whatever is brought
// counts as one request, before it is read.
func (s *Server) allow(r *http.Request) error {
	return s.count(r.Context(), errTooMany, s.ofAddress(r, 1))
}

// allowRequests fails with errTooMany if too many requests come from an address, or about a
// license. The first one was counted by allow.
func (s *Server) allowRequests(r *http.Request, rows []app.Row) error {
	if len(rows) > maxInputs {
		return errTooLarge
	}
	requests, licenses := 0, map[visits]int{}
	for _, row := range rows {
		if row.Request == nil {
			continue
		}
		requests++
		if one, counts := s.ofLicense(r.Context(), row); counts {
			licenses[one]++
		}
	}
	var all []visits
	if requests > 1 {
		all = append(all, s.ofAddress(r, requests-1))
	}
	for one, count := range licenses {
		one.count = count
		all = append(all, one)
	}
	return s.count(r.Context(), errTooMany, all...)
}

// ofLicense returns under what a request counts that is about to be sent or to wait; others do
// not count, nor does one that waits already. Whoever knows a license key can make unsigned
// requests about it, so they do not use up what the owner's signed ones may be.
func (s *Server) ofLicense(ctx context.Context, row app.Row) (visits, bool) {
	kind := "license"
	switch {
	case row.Ready() && row.Verdict == request.Valid:
	case row.Why == nil && slices.Contains(row.Needs, app.NeedConfirmation):
		if _, err := s.desk.Store.Filing(ctx, journal.ID(row.Request)); err == nil {
			return visits{}, false
		}
		kind = "license_unsigned"
	default:
		return visits{}, false
	}
	r := row.Request
	key := strings.ToLower(words.Narrow(strings.TrimSpace(r.Owner())))
	if r.LicenseKey != "" {
		key = strings.Map(letterOrDigit, key)
	}
	return visits{Limit: desk.Limit{Kind: kind, Window: time.Hour, Most: s.options.PerLicense}, key: r.Product + "\x00" + key}, true
}

// letterOrDigit drops all other characters: a license key is the same without its hyphens.
func letterOrDigit(r rune) rune {
	if unicode.IsLetter(r) || unicode.IsDigit(r) {
		return r
	}
	return -1
}
