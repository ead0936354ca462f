package sandbox

import (
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"time"

	"handback/app/licensespring"
)

// answer is the answer to a call.
type answer struct {
	status int
	kind   string // its content type
	body   string
	header map[string]string                                       // in addition to Date and Content-Type
	act    func(w http.ResponseWriter, r *http.Request, a *answer) // replaces the usual sending; nil: send it
}

func (a *answer) send(w http.ResponseWriter, r *http.Request) {
	if a.act != nil {
		a.act(w, r, a)
		return
	}
	a.begin(w)
	_, _ = io.WriteString(w, a.body)
}

func (a *answer) begin(w http.ResponseWriter) {
	for name, value := range a.header {
		w.Header().Set(name, value)
	}
	w.Header().Set("Content-Type", a.kind)
	w.WriteHeader(a.status)
}

func jsonAnswer(status int, value any) *answer {
	body, err := json.Marshal(value)
	if err != nil {
		panic(err) // value has only texts and numbers
	}
	return &answer{status: status, kind: "application/json", body: string(body)}
}

// problem is the License API's error object.
type problem struct {
	Status  int    `json:"status"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// otherStatus has the status that a scenario gives to a code instead. The vendor's pages
// differ on that of signature_mismatch, and give none for the others.
var otherStatus = []struct {
	scenario string
	code     string
	status   int
}{
	{"signature_mismatch_401", "signature_mismatch", 401},
	{"oauth_codes_400", "oauth_token_expired", 400},
	{"oauth_codes_400", "oauth_token_malformed", 400},
}

// refuse returns the answer for a documented code. A detail is appended to its message.
func (s *Sandbox) refuse(name, detail string) *answer {
	code, _ := licensespring.CodeNamed(name)
	p := problem{code.Status, name, code.Message}
	for _, other := range otherStatus {
		if other.code == name && s.on[other.scenario] {
			p.Status = other.status
		}
	}
	if detail != "" {
		p.Message += ": " + detail
	}
	return jsonAnswer(p.Status, p)
}

// wrongMethod: no page says how the API answers a method other than that of its path.
var wrongMethod = &answer{status: http.StatusMethodNotAllowed, kind: "application/json",
	body: `{"status":405,"code":"method_not_allowed","message":"this method is not allowed here"}`}

const deactivated = "license_deactivated"

// success returns the answer for a release. It is in JSON quotes, as on the vendor's page
// about bundles; the page about this endpoint shows it bare.
func (s *Sandbox) success() *answer {
	if s.on["success_bare"] {
		return &answer{status: http.StatusOK, kind: "text/plain; charset=utf-8", body: deactivated}
	}
	return jsonAnswer(http.StatusOK, deactivated)
}

// hang keeps the connection open until the client goes, or the time for an answer is over.
func hang(_ http.ResponseWriter, r *http.Request, _ *answer) {
	select {
	case <-r.Context().Done():
	case <-time.After(writeTime):
	}
	panic(http.ErrAbortHandler)
}

// cut closes the connection in the middle of the answer.
func cut(w http.ResponseWriter, _ *http.Request, a *answer) {
	w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	a.begin(w)
	_, _ = io.WriteString(w, a.body[:len(a.body)/2])
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

// drop closes the connection before the answer.
func drop(http.ResponseWriter, *http.Request, *answer) { panic(http.ErrAbortHandler) }

// flood repeats the body, of 8 KiB, to 8 MiB.
func flood(w http.ResponseWriter, _ *http.Request, a *answer) {
	a.begin(w)
	for range 1 << 10 {
		if _, err := io.WriteString(w, a.body); err != nil {
			return // the client has closed the connection
		}
	}
}
