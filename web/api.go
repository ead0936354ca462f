package web

import (
	"context"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"handback/app"
	"handback/app/fault"
	"handback/app/request"
	"handback/app/words"
)

// resultJSON is what became of one request: the members of "handback submit --json" as far
// as they apply, and where to ask again about one that waits.
type resultJSON struct {
	RequestID    string        `json:"request_id,omitempty"`
	CheckCode    string        `json:"check_code,omitempty"`
	Practice     bool          `json:"practice,omitempty"`
	Profile      string        `json:"profile,omitempty"`
	Outcome      request.State `json:"outcome"`
	Waiting      bool          `json:"waiting,omitempty"`
	Declined     bool          `json:"declined,omitempty"` // by the desk
	Parts        int           `json:"parts,omitempty"`    // how many were read of a request that is not complete
	Status       int           `json:"status,omitempty"`
	Code         string        `json:"code,omitempty"`
	Message      string        `json:"message,omitempty"`
	Advice       string        `json:"advice,omitempty"`
	Receipt      string        `json:"receipt,omitempty"`
	ReceiptLines []string      `json:"receipt_lines,omitempty"`
	Location     string        `json:"location,omitempty"`
}

type errorJSON struct {
	Error fault.Explanation `json:"error"`
}

// receiveAPI takes requests in for other programs: the body is a request in any form, or a
// form with files. With ?dry_run=true nothing is sent or stored.
func (s *Server) receiveAPI(w http.ResponseWriter, r *http.Request) {
	texts := s.languageOf(r)
	all, err := s.takeBody(r)
	if err != nil {
		s.failAPI(w, r, err, texts)
		return
	}
	results := make([]resultJSON, len(all))
	status := http.StatusOK
	for i, one := range all {
		results[i] = s.resultOf(r, one, texts)
		switch {
		case one.Waits:
			status = http.StatusAccepted
		case one.Request == nil && len(all) == 1:
			status = http.StatusBadRequest
		}
	}
	answerJSON(w, status, map[string]any{"results": results})
}

func (s *Server) takeBody(r *http.Request) ([]app.Received, error) {
	if err := s.allow(r); err != nil {
		return nil, err
	}
	var brought []app.Input
	var err error
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind == "multipart/form-data" {
		brought, err = inputs(r)
	} else {
		brought, err = bodyOf(r, kind)
	}
	if err != nil {
		return nil, err
	}
	if r.URL.Query().Get("dry_run") == "true" {
		var all []app.Received
		ctx, cancel := context.WithTimeout(r.Context(), readTime)
		defer cancel()
		for _, row := range s.desk.Look(ctx, brought...) {
			all = append(all, app.Received{Row: row})
		}
		return all, nil
	}
	return s.takeIn(r, brought)
}

// bodyOf returns the body of a request to the interface: a form's texts, or the request
// itself, which curl calls a form too unless it is told otherwise.
func bodyOf(r *http.Request, kind string) ([]app.Input, error) {
	data, err := io.ReadAll(r.Body)
	switch {
	case err != nil:
		return nil, tooLarge(err)
	case len(data) == 0:
		return nil, errNothing
	}
	if form, err := url.ParseQuery(string(data)); kind == "application/x-www-form-urlencoded" && err == nil && form.Has("request") {
		data = []byte(strings.Join(form["request"], "\n"))
	}
	return []app.Input{{Name: "body", Data: data}}, nil
}

// filedAPI says what became of a request that waits or waited.
func (s *Server) filedAPI(w http.ResponseWriter, r *http.Request) {
	texts := s.languageOf(r)
	one, err := s.returned(r)
	if err != nil {
		s.failAPI(w, r, err, texts)
		return
	}
	answerJSON(w, http.StatusOK, s.resultOf(r, one, texts))
}

func (s *Server) resultOf(r *http.Request, one app.Received, w *words.Words) resultJSON {
	view := s.visitorsOutcome(r, one, w)
	result := resultJSON{Outcome: view.State, Waiting: view.Waits, Declined: view.Refused, Message: view.Message, Advice: view.Advice}
	result.Parts = len(one.Parts)
	if one.App != nil {
		result.Profile, result.Practice = one.App.Profile.Name, one.App.Profile.Practice
	}
	if one.Request != nil {
		result.RequestID, result.CheckCode = one.Request.RequestID, one.Request.CheckCode()
	}
	if view.Waits || view.Refused {
		result.Outcome, result.Message = request.NotSent, strings.Join([]string{view.Headline, view.Reason}, " ")
		result.Message = strings.TrimSpace(result.Message)
	} else {
		answer := one.Result()
		result.Status, result.Code = answer.Status, answer.Code
		if receipt, err := answer.Record.MakeReceipt(); answer.Record.Request != nil && err == nil {
			result.ReceiptLines = app.ReceiptLines(receipt)
			result.Receipt = string(answer.Record.Text(w, one.App.Journal.Tool))
		}
	}
	if one.Token != "" {
		result.Location = strings.TrimSuffix(s.options.Public, "/") + "/api/v1" + returnPath(one)
	}
	return result
}

func (s *Server) failAPI(w http.ResponseWriter, r *http.Request, err error, texts *words.Words) {
	v := &visit{reply: w, Request: r, server: s, words: texts}
	err = v.note(err)
	answerJSON(w, statusOf(err), errorJSON{fault.Explain(err, texts)})
}

func answerJSON(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	_ = out.Encode(value) // the reader has gone
}
