package web

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"html/template"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"

	"handback/app"
	"handback/app/desk"
	"handback/app/fault"
	"handback/app/journal"
	"handback/app/request"
	"handback/app/words"
)

// maxInputs is how many files, and requests in them, a visitor may bring at once.
const maxInputs = 40

// readTime is how long reading what a visitor brought may take.
const readTime = 30 * time.Second

// inputs returns what came with a form: files, and text that was scanned, pasted or typed.
func inputs(r *http.Request) (all []app.Input, err error) {
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind == "multipart/form-data" {
		err = r.ParseMultipartForm(maxForm)
	} else {
		err = r.ParseForm()
	}
	if err != nil {
		return nil, tooLarge(err)
	}
	for _, text := range r.PostForm["request"] {
		if strings.TrimSpace(text) != "" {
			all = append(all, app.Input{Name: "text", Data: []byte(text)})
		}
	}
	if r.MultipartForm != nil {
		for _, header := range r.MultipartForm.File["file"] {
			if header.Size == 0 && header.Filename == "" {
				continue
			}
			file, err := header.Open()
			if err != nil {
				return nil, err
			}
			data, err := io.ReadAll(io.LimitReader(file, app.MaxInput+1))
			_ = file.Close()
			if err != nil {
				return nil, err
			}
			all = append(all, app.Input{Name: words.Visible(header.Filename, 100), Data: data})
		}
	}
	if len(all) == 0 {
		return nil, errNothing
	}
	if len(all) > maxInputs {
		return nil, errTooLarge
	}
	return all, nil
}

// tooLarge returns the error of a body that could not be read.
func tooLarge(err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return errTooLarge
	}
	return fault.New(fault.Input, "web.body").Because(err)
}

func (s *Server) showStart(v *visit) error {
	v.show(http.StatusOK, "start", map[string]any{"Title": v.words.Text("web.start.title"), "Script": "reader.js"})
	return nil
}

// look shows what a visitor brought. Nothing is sent.
func (s *Server) look(v *visit) error {
	if err := s.allow(v.Request); err != nil {
		return err
	}
	brought, err := inputs(v.Request)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(v.Context(), readTime)
	defer cancel()
	rows := s.desk.Look(ctx, brought...)
	if len(rows) > maxInputs {
		return errTooLarge
	}
	shown := make([]requestView, len(rows))
	can, straight := false, false // something can be taken in; something goes without the desk
	before := true                // all that can be taken in was released before
	unread := false
	var texts, again []string // what can be taken in, and all that can be read
	for i, row := range rows {
		shown[i] = viewOf(row, v.words)
		if row.Why != nil {
			e := s.told(v.Request, row.Why, v.words)
			shown[i].Why = &e
		}
		if row.Request != nil && row.App != nil && (row.Why == nil || slices.Contains(row.Needs, app.NeedConfirmation)) {
			can, straight, before = true, straight || !row.Request.Handoff, before && row.Known.At(row.App.Profile.Server.Endpoint).LocalState() == request.Released
			texts = append(texts, row.Request.Encode())
		}
		for _, part := range row.Parts {
			texts = append(texts, part.String())
			again = append(again, part.String())
		}
		if row.Request != nil {
			again = append(again, row.Request.Encode())
		} else if len(row.Parts) == 0 {
			unread = true
		}
	}
	parts := slices.ContainsFunc(rows, func(r app.Row) bool { return len(r.Parts) > 0 })
	typed, script := "", ""
	if unread {
		typed = typedText(v.PostForm["request"])
		again = append(again, typed)
	}
	if !can {
		script = "reader.js"
	}
	v.show(http.StatusOK, "look", map[string]any{"Title": v.words.Text("web.look.title"), "Requests": shown, "Can": can, "Straight": straight, "Before": before, "Texts": texts, "Again": again,
		"Parts": parts, "Bring": !can, "Typed": typed, "Script": script})
	return nil
}

// maxTyped is the longest text, in bytes, that is shown again to be corrected.
const maxTyped = 20_000

// typedText returns the last of a form's texts, that of its field, to be corrected; empty if
// it has characters that cannot be seen.
func typedText(texts []string) string {
	if len(texts) == 0 || len(texts[len(texts)-1]) > maxTyped {
		return ""
	}
	text := strings.ReplaceAll(texts[len(texts)-1], "\r\n", "\n")
	for line := range strings.SplitSeq(text, "\n") {
		if words.Visible(line, maxTyped) != line {
			return ""
		}
	}
	return text
}

// receive takes in what a visitor has looked at.
func (s *Server) receive(v *visit) error {
	all, err := s.take(v.Request)
	if err != nil {
		return err
	}
	if len(all) == 1 && all[0].Token != "" {
		return v.redirect(returnPath(all[0]))
	}
	shown := make([]outcomeView, len(all))
	var again []string
	for i, one := range all {
		shown[i] = s.visitorsOutcome(v.Request, one, v.words).withReceipt(one, v.words)
		if one.Waits {
			shown[i].Page = returnPath(one) + v.chosen()
		}
		if one.Request != nil {
			again = append(again, one.Request.Encode())
		}
	}
	v.show(http.StatusOK, "outcome", map[string]any{"Title": v.words.Text("web.outcome.title"), "Outcomes": shown, "Again": again})
	return nil
}

// take takes in the requests of a form, within the limits.
func (s *Server) take(r *http.Request) ([]app.Received, error) {
	if err := s.allow(r); err != nil {
		return nil, err
	}
	brought, err := inputs(r)
	if err != nil {
		return nil, err
	}
	return s.takeIn(r, brought)
}

func (s *Server) takeIn(r *http.Request, brought []app.Input) ([]app.Received, error) {
	ctx, cancel := context.WithTimeout(r.Context(), readTime)
	defer cancel()
	all, err := s.desk.Receive(ctx, desk.Digest(peerOf(r).network()), func(rows []app.Row) error { return s.allowRequests(r, rows) }, brought...)
	if err != nil {
		return nil, err
	}
	for _, one := range all {
		s.figures.received(one)
	}
	if len(all) == 1 {
		return all, all[0].Err
	}
	return all, nil // of several each says what became of it
}

// returnPath is where a visitor comes back to a request that waits. The token follows the
// request's ID, so that neither is of use alone.
func returnPath(one app.Received) string {
	return "/requests/" + one.Request.CheckCode() + "/" + one.Filing.ID + one.Token
}

// returned returns the request of an address that returnPath made.
func (s *Server) returned(r *http.Request) (app.Received, error) {
	const id = 32 // digits of a request's ID
	token := r.PathValue("token")
	if len(token) <= id {
		return app.Received{}, desk.ErrNone
	}
	one, err := s.desk.Returned(r.Context(), token[:id], token[id:])
	if err == nil && one.Request.CheckCode() != r.PathValue("code") {
		return app.Received{}, desk.ErrNone
	}
	return one, err
}

// showFiled shows what became of a request that waits or waited. While it waits the page
// asks again by itself.
func (s *Server) showFiled(v *visit) error {
	one, err := s.returned(v.Request)
	if err != nil {
		return err
	}
	script := ""
	if one.Waits {
		script = "wait.js"
	}
	v.show(http.StatusOK, "outcome", map[string]any{"Title": v.words.Text("web.outcome.title"), "Reloads": one.Waits, "Waits": one.Waits, "Script": script, "Outcomes": []outcomeView{s.visitorsOutcome(v.Request, one, v.words).withReceipt(one, v.words)}})
	return nil
}

// fact is a member of a request and its value.
type fact struct{ Name, Value string }

// requestView is a request as pages show it.
type requestView struct {
	Sources   string
	Readable  bool
	Practice  bool
	Profile   string
	Owner     string
	Product   string
	CheckCode string
	Facts     []fact
	Desk      bool // shown to the desk, which looks at all members
	Signed    bool
	Verdict   request.Verdict
	Needs     []app.Need
	Why       *fault.Explanation // why it cannot be sent as it is
	Warnings  []words.Phrase
	Contact   string
}

func viewOf(row app.Row, w *words.Words) requestView {
	view := requestView{Sources: strings.Join(row.Sources, ", "), Readable: row.Request != nil, Verdict: row.Verdict, Needs: row.Needs, Warnings: row.Warnings}
	if err := row.Why; err != nil {
		e := fault.Explain(err, w)
		view.Why = &e
	}
	if row.App != nil {
		view.Profile, view.Practice, view.Contact = row.App.Profile.Name, row.App.Profile.Practice, row.App.Profile.Support.Contact
	}
	if r := row.Request; r != nil {
		view.Owner, view.Product, view.CheckCode, view.Signed = r.Owner(), r.Product, r.CheckCode(), !r.Handoff
		for _, m := range r.Members {
			view.Facts = append(view.Facts, fact{app.MemberName(w, m.Name), app.MemberText(m)})
		}
	}
	return view
}

// outcomeView is what became of a request, for the visitor.
type outcomeView struct {
	Request         requestView
	State           request.State // how it is colored
	Headline        string
	Message, Advice string
	Waits           bool
	Confirmed       bool   // it waits although the desk has confirmed it
	Page            string // of a request that waits beside others
	Refused         bool   // by the desk
	Reason          string
	Receipt         *receiptView
}

// receiptView is a receipt as a file, as a code and as lines to type.
type receiptView struct {
	File, Code template.URL // data: addresses of our own files
	Lines      []string
}

func outcomeOf(one app.Received, w *words.Words) outcomeView {
	view := outcomeView{Request: viewOf(one.Row, w)}
	switch {
	case one.Waits:
		view.Waits, view.State, view.Headline = true, request.NotSent, w.Text("web.outcome.waits")
		view.Confirmed = one.Filing.Decision.Confirmed
		return view
	case !one.Filing.Decision.IsZero() && !one.Filing.Decision.Confirmed:
		view.Refused, view.State, view.Headline, view.Reason = true, request.Refused, w.Text("web.outcome.refused"), one.Filing.Decision.Reason
		return view
	}
	s := one.Result()
	view.State, view.Headline = s.Outcome, s.Headline(w)
	view.Message, view.Advice = s.Explain(w)
	return view
}

// isDesks reports whether an error is for the desk to mend, and says what visitors should not
// read: where its servers and files are.
func isDesks(err error) bool {
	if slices.ContainsFunc([]error{desk.ErrFull, desk.ErrAddressFull, desk.ErrUnavailable, journal.ErrBusy}, func(one error) bool { return errors.Is(err, one) }) {
		return false
	}
	return slices.Contains([]fault.Kind{fault.Connection, fault.Write, fault.Secret, fault.Unexpected}, fault.KindOf(err))
}

// told returns what a visitor is told of an error. One that is for the desk to mend is logged
// instead.
func (s *Server) told(r *http.Request, err error, w *words.Words) fault.Explanation {
	e := fault.Explain(err, w)
	if isDesks(err) {
		s.options.Log.Warn("not sent", "id", peerOf(r).id, "error", err.Error())
		e.Message, e.Advice = w.Text("web.not_sent"), w.Text("web.advice.desk")
	}
	return e
}

// visitorsAdvice has the refusals about which a visitor can do something, by their codes, and
// the key of the advice; with an empty one, the advice of the code itself is for visitors.
var visitorsAdvice = map[string]string{
	"archived_product": "", "blacklisted": "", "invalid_json": "", "license_key_required": "", "license_not_found": "",
	"missing_content": "", "missing_hardware_id": "", "trial_expired": "",
	"device_not_found": "web.advice.nothing", "license_not_active": "web.advice.nothing", "signature_mismatch": "web.advice.signature",
}

// visitorsOutcome is outcomeOf with what a visitor may read and the advice that a visitor can
// follow.
func (s *Server) visitorsOutcome(r *http.Request, one app.Received, w *words.Words) outcomeView {
	view := outcomeOf(one, w)
	if view.Waits || view.Refused {
		return view
	}
	result := one.Result()
	err := cmp.Or(result.Err, result.Answer.Err)
	switch {
	case result.Outcome == request.Unknown || result.Outcome == request.ProbablyReleased:
		if err != nil {
			view.Message = w.Text("answer.unknown")
		}
		view.Advice = w.Text("web.advice." + string(result.Outcome))
	case result.Outcome == request.Refused:
		key, follows := visitorsAdvice[result.Code]
		switch {
		case result.Asked.Holds == request.NotHeld:
			view.Advice = w.Text("web.advice.nothing")
		case !follows || result.Code == "signature_mismatch" && one.Request.Handoff: // the desk has signed that
			view.Advice = w.Text("web.advice.refused")
		case key != "":
			view.Advice = w.Text(key)
		}
	case err != nil:
		e := s.told(r, err, w)
		view.Message, view.Advice = e.Message, e.Advice
	}
	return view
}

// withReceipt adds the receipt of a request that was sent. Drawing its code takes longer than
// all the rest.
func (view outcomeView) withReceipt(one app.Received, w *words.Words) outcomeView {
	if !view.Waits && !view.Refused {
		if record := one.Result().Record; record.Request != nil {
			view.Receipt = receiptOf(record, one.App.Journal.Tool, w)
		}
	}
	return view
}

func receiptOf(record journal.Record, tool string, w *words.Words) *receiptView {
	receipt, err := record.MakeReceipt()
	if err != nil {
		return nil
	}
	code, err := app.ReceiptCode(receipt)
	if err != nil {
		return nil
	}
	return &receiptView{File: dataAddress("text/plain;charset=utf-8", record.Text(w, tool)), Code: dataAddress("image/svg+xml", code.SVG()), Lines: app.ReceiptLines(receipt)}
}

func dataAddress(kind string, data []byte) template.URL {
	return template.URL("data:" + kind + ";base64," + base64.StdEncoding.EncodeToString(data)) //nolint:gosec // our own file in base64
}
