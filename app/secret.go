package app

import (
	"handback/app/journal"
	"handback/app/profile"
	"handback/app/request"
	"handback/app/secret"
)

// TestSecret tells whether a secret is the one with which the newest request of a
// profile in the journal was signed. Unchecked, and no record, where there is none.
func (a *App) TestSecret(p profile.Profile, key secret.Secret) (journal.Record, request.Verdict) {
	records, _ := a.Journal.Records() // of what cannot be read nothing can be said
	for _, r := range records {
		if r.Request.Product != p.Product.Code || !own(p, r.Request) || r.Request.Handoff {
			continue
		}
		if verdict := r.Request.Verify(key); verdict == request.Valid || verdict == request.Invalid {
			return r, verdict
		}
	}
	return journal.Record{}, request.Unchecked
}
