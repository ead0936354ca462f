package sandbox

import (
	"context"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"handback/app/apptest"
	"handback/app/licensespring"
	"handback/app/secret"
)

// whereNobodyAnswers are the keys of the client's faults that no server can cause, because
// it is not reached, or not by http on this computer; and of texts that are no fault.
var whereNobodyAnswers = []string{
	"cancelled", "cancelled_after", "no_connection", "no_lookup", "timeout_before", "not_sent", "proxy_address", "proxy_failed", "proxy_login", "proxy_refused",
	"proxy_unreachable", "refused", "released", "probably_released", "unknown", "span_days", "span_hours", "span_minutes",
	"tls", "tls_expired", "tls_not_spoken", "tls_not_yet_valid", "tls_old_protocol", "tls_unknown_authority", "tls_wrong_host", "token_lost",
}

func TestEveryFaultThatAServerCanCauseHasAScenario(t *testing.T) {
	text, err := os.ReadFile("../../assets/translation/en.json")
	if err != nil {
		t.Fatal(err)
	}
	var catalogue map[string]string
	if err := json.Unmarshal(text, &catalogue); err != nil {
		t.Fatal(err)
	}
	caused := map[string]bool{"answer.timeout_after": true} // hang, for which a client waits half a minute
	for _, s := range slices.Concat(network, openPoints) {
		if s.name == "hang" || s.stage == atList {
			continue
		}
		change := []func(*Options){scenes(s.name)}
		c := &licensespring.Client{Endpoint: "https://sandbox.example", APIKey: apiKey, Secret: secret.New([]byte(sharedKey)), Now: clock,
			Wait: func(context.Context, time.Duration) error { return nil }}
		if s.stage == atGrant {
			change = append(change, oauth)
			c.APIKey, c.ClientID, c.TokenURL = "", clientID, "https://sandbox.example"+TokenPath
		}
		c.Transport = start(t, change...).Transport()
		caused[apptest.Key(c.Submit(t.Context(), made(t), false).Err)] = true
	}
	for key := range catalogue {
		name, isAnswer := strings.CutPrefix(key, "answer.")
		if isAnswer && !strings.HasSuffix(name, ".advice") && !slices.Contains(whereNobodyAnswers, name) && !caused[key] {
			t.Errorf("no scenario causes %s", key)
		}
	}
	for _, code := range licensespring.Codes() {
		if !slices.ContainsFunc(scenarios(), func(s scenario) bool { return s.name == code.Name }) {
			t.Errorf("no scenario for the code %s", code.Name)
		}
	}
}
