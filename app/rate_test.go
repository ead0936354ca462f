package app

import (
	"testing"

	"handback/app/secret"
)

// F116
func TestTheProfilesRateIsTheClients(t *testing.T) {
	p := acme()
	p.Server.Rate = 7
	b := newBench(t, p)
	if got := b.client(secret.New([]byte(sharedKey)), Submit{}).Rate; got != 7 {
		t.Errorf("got %d submissions a second", got)
	}
}
