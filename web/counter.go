package web

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"handback/app"
	"handback/app/desk"
	"handback/app/fault"
	"handback/app/journal"
	"handback/app/request"
	"handback/app/words"
)

const (
	// maxListed is how many requests a page of the history lists, and maxWaiting that of what
	// waits.
	maxListed  = 50
	maxWaiting = 200
	// maxActions is how many actions a page of them lists.
	maxActions = 200
	// maxReason is how many characters a reason may have.
	maxReason = 1000
)

// route is a page of the desk.
type route struct {
	pattern string
	right   desk.Right
	handler func(*visit) error
}

func (s *Server) deskRoutes() []route {
	return []route{
		{"GET /desk", desk.See, s.showWaiting},
		{"GET /desk/waiting/{id}", desk.See, s.showOne},
		{"POST /desk/waiting/{id}/confirm", desk.Decide, s.confirm},
		{"POST /desk/waiting/{id}/refuse", desk.Decide, s.refuse},
		{"POST /desk/waiting/{id}/reopen", desk.Decide, s.reopen},
		{"POST /desk/waiting/refuse", desk.Decide, s.refuseMany},
		{"GET /desk/history", desk.See, s.showHistory},
		{"GET /desk/history.csv", desk.See, s.exportHistory},
		{"GET /desk/history/{id}", desk.See, s.showRecord},
		{"POST /desk/history/{id}/ask", desk.Decide, s.ask},
		{"POST /desk/history/{id}/again", desk.Decide, s.sendAgain},
		{"GET /desk/actions", desk.Audit, s.showActions},
		{"GET /desk/people", desk.Manage, s.showPeople},
		{"POST /desk/people", desk.Manage, s.savePerson},
		{"GET /desk/people/remove", desk.Manage, s.askRemovePerson},
		{"POST /desk/people/remove", desk.Manage, s.removePerson},
		{"GET /desk/profiles", desk.Manage, s.showProfiles},
		{"POST /desk/profiles", desk.Manage, s.addProfile},
		{"GET /desk/profiles/remove", desk.Manage, s.askRemoveProfile},
		{"POST /desk/profiles/remove", desk.Manage, s.removeProfile},
		{"POST /desk/profiles/test", desk.Manage, s.testProfile},
	}
}

// waitingView is a row of the list of what waits.
type waitingView struct {
	ID, CheckCode, Owner, Product, Profile string
	Filing                                 desk.Filing
	Problem                                bool // something beside the confirmation is missing
	Undecided                              bool
	State                                  request.State // how it is colored
	Why                                    string        // what is wrong, or what became of it
}

func (v *visit) waitingView(one app.Received) waitingView {
	view := waitingView{ID: one.Filing.ID, Filing: one.Filing, Undecided: one.Filing.Decision.IsZero(), State: request.Unknown,
		Problem: one.Waits && (one.Err != nil || !one.Filing.Decision.IsZero() || !sendable(one))}
	if one.Request != nil {
		view.CheckCode, view.Owner, view.Product = one.Request.CheckCode(), one.Request.Owner(), one.Request.Product
	}
	if one.App != nil {
		view.Profile = one.App.Profile.Name
	}
	switch err := cmp.Or(one.Err, one.Why, one.Result().Err); {
	case !one.Waits:
		told := outcomeOf(one, v.words)
		view.State, view.Why = told.State, told.Headline
	case view.Problem:
		if view.State = request.Refused; err != nil {
			view.Why = words.Sentence(fault.Explain(err, v.words).Message)
		}
	}
	return view
}

// showWaiting lists what waits for a decision, what has a problem first, then the oldest; or
// what was looked for among all that was filed.
func (s *Server) showWaiting(v *visit) error {
	if text := strings.TrimSpace(v.URL.Query().Get("q")); text != "" {
		return s.showFound(v, text)
	}
	waiting, err := s.desk.Waiting(v.Context(), maxWaiting+1)
	if err != nil {
		return err
	}
	var shown []waitingView
	for _, one := range waiting[:min(len(waiting), maxWaiting)] {
		shown = append(shown, v.waitingView(one))
	}
	slices.SortStableFunc(shown, func(a, b waitingView) int { return number(b.Problem) - number(a.Problem) })
	known := ""
	for _, one := range shown {
		known += one.ID
	}
	v.show(http.StatusOK, "waiting", map[string]any{"Reloads": true, "Script": "wait.js", "Known": desk.Digest(known), "Title": v.words.Text("web.waiting.title"), "Waiting": shown, "More": len(waiting) > maxWaiting, "May": v.person.Role.May(desk.Decide)})
	return nil
}

// showFound lists the filed requests in which a text is, settled ones too. It looks for two
// seconds at most.
func (s *Server) showFound(v *visit, text string) error {
	ends := time.Now().Add(s.searchTime)
	var shown []waitingView
	more := false
	for one, err := range s.desk.Find(v.Context(), text) {
		if err != nil {
			return err
		}
		if more = len(shown) == maxListed || time.Now().After(ends); more {
			break
		}
		shown = append(shown, v.waitingView(one))
	}
	v.show(http.StatusOK, "waiting", map[string]any{"Title": v.words.Text("web.waiting.found"), "Waiting": shown, "Query": words.Visible(text, maxReason),
		"More": more, "May": v.person.Role.May(desk.Decide)})
	return nil
}

func number(b bool) int {
	if b {
		return 1
	}
	return 0
}

// sendable reports whether a filed request lacks nothing but a confirmation.
func sendable(one app.Received) bool {
	return one.Request != nil && one.Why == nil && !slices.ContainsFunc(one.Needs, func(n app.Need) bool { return n != app.NeedConfirmation })
}

// showOne shows every member of a request that waits, and what may be done.
func (s *Server) showOne(v *visit) error {
	one, err := s.desk.Filed(v.Context(), v.PathValue("id"))
	if err != nil {
		return err
	}
	return v.filedPage(one)
}

func (v *visit) filedPage(one app.Received) error {
	shown := viewOf(one.Row, v.words)
	shown.Desk = true
	waits := one.Filing.Decision.IsZero()
	if err := one.Result().Err; waits && shown.Why == nil && err != nil && !sendable(one) {
		e := fault.Explain(err, v.words)
		shown.Why = &e
	}
	title := "web.filed.title"
	switch {
	case one.Filing.Settled:
		title = "web.filed.decided_title"
	case !waits:
		title = "web.filed.unsent_title"
	}
	told := one
	told.Waits = waits // visitors are told that it waits until it is sent
	v.show(http.StatusOK, "filed", map[string]any{"Title": v.words.Text(title), "ID": one.Filing.ID, "Filing": one.Filing,
		"Outcome": outcomeOf(told, v.words).withReceipt(told, v.words), "Request": shown, "Waits": waits, "InHistory": one.Known.Request != nil,
		"CanSend": !one.Filing.Settled && sendable(one), "CanReopen": app.CanReopen(one), "May": v.person.Role.May(desk.Decide)})
	return nil
}

func (s *Server) confirm(v *visit) error {
	one, err := s.desk.Confirm(v.Context(), v.PathValue("id"), v.person.Name)
	if err != nil {
		return err
	}
	s.figures.received(one)
	if !one.Result().Outcome.IsAnswer() {
		return v.filedPage(one) // why it was not sent is stored nowhere
	}
	return v.redirect("/desk/waiting/" + one.Filing.ID)
}

func (s *Server) refuse(v *visit) error {
	reason, err := v.reason()
	if err != nil {
		return err
	}
	one, err := s.desk.Refuse(v.Context(), v.PathValue("id"), v.person.Name, reason)
	if err != nil {
		return err
	}
	return v.redirect("/desk/waiting/" + one.Filing.ID)
}

// search is what somebody looks for in the history.
type search struct {
	Query string
	Stage app.Stage
	After string // the ID of the entry after which to go on; empty: from the newest
	All   bool   // all words of the records are searched, also if it is found as a code
}

// link returns the address of a search, in the language that was chosen on the page.
func (q search) link(v *visit) string {
	values := url.Values{}
	for name, value := range map[string]string{"q": q.Query, "stage": string(q.Stage), "after": q.After, "lang": v.URL.Query().Get("lang")} {
		if value != "" {
			values.Set(name, value)
		}
	}
	if q.All {
		values.Set("all", "1")
	}
	return "/desk/history?" + values.Encode()
}

// found is a page of what was found.
type found struct {
	Entries []*app.HistoryEntry
	Named   bool              // they were found by a code, and other records were not looked at
	Last    *app.HistoryEntry // the last that was looked at, if there are more
	Full    bool              // the page is full; otherwise its time is over
}

// reopen takes a decision back.
func (s *Server) reopen(v *visit) error {
	one, err := s.desk.Reopen(v.Context(), v.PathValue("id"), v.person.Name)
	if err != nil {
		return err
	}
	return v.redirect("/desk/waiting/" + one.Filing.ID)
}

// refuseMany refuses the requests that were marked in the list. Those about which somebody
// else has decided meanwhile stay as they are.
func (s *Server) refuseMany(v *visit) error {
	reason, err := v.reason()
	if err != nil {
		return err
	}
	marked := v.PostForm["id"]
	if len(marked) == 0 {
		return fault.New(fault.Usage, "web.none_marked")
	}
	for _, id := range marked {
		if _, err := s.desk.Refuse(v.Context(), id, v.person.Name, reason); err != nil && !errors.Is(err, desk.ErrDecided) {
			return err
		}
	}
	return v.redirect("/desk")
}

// reason returns why a request is refused, for its visitor.
func (v *visit) reason() (string, error) {
	reason := strings.Join(strings.Fields(v.PostForm.Get("reason")), " ")
	if reason == "" {
		return "", fault.New(fault.Usage, "web.no_reason")
	}
	return words.Visible(reason, maxReason), nil
}

// showHistory lists the journal's requests that match what is looked for, a page at a time.
func (s *Server) showHistory(v *visit) error {
	query := v.URL.Query()
	q := search{Query: query.Get("q"), Stage: app.Stage(query.Get("stage")), After: query.Get("after"), All: query.Has("all")}
	if !slices.Contains(app.Stages(), q.Stage) {
		q.Stage = ""
	}
	page := s.named(v, q)
	if !page.Named {
		page = s.searched(v, q)
	}
	data := map[string]any{"Title": v.words.Text("web.history.title"), "Found": page, "Query": words.Visible(q.Query, maxReason), "Stage": q.Stage, "Stages": app.Stages()}
	next := q
	if next.All = q.All || page.Named; page.Last != nil {
		next.After = page.Last.ID
	}
	data["Next"] = next.link(v)
	if q.After != "" {
		q.After = ""
		data["Newest"] = q.link(v)
	}
	v.show(http.StatusOK, "history", data)
	return nil
}

// named returns what the database finds at once, if it is a page at most.
func (s *Server) named(v *visit, q search) found {
	if q.All || q.After != "" {
		return found{}
	}
	var page found
	wanted := app.NewHistoryQuery(q.Query, q.Stage)
	n := 0
	for entry, err := range s.desk.In(v.words).HistoryNamed(q.Query) {
		if n++; n > maxListed {
			return found{} // then the newest are found soon, too
		}
		if err == nil && entry != nil && wanted.Matches(entry) {
			page.Entries = append(page.Entries, entry)
		}
	}
	slices.SortStableFunc(page.Entries, func(a, b *app.HistoryEntry) int { return b.Updated.Compare(a.Updated) })
	page.Named = len(page.Entries) > 0
	return page
}

// searched goes through the records until the page is full or its time is over.
func (s *Server) searched(v *visit, q search) found {
	var page found
	var last *app.HistoryEntry
	wanted, began := app.NewHistoryQuery(q.Query, q.Stage), time.Now()
	for entry, err := range s.desk.In(v.words).HistoryAfter(q.After) {
		if v.Context().Err() != nil {
			return page
		}
		if last != nil && (len(page.Entries) == maxListed || time.Since(began) > s.searchTime) {
			page.Last, page.Full = last, len(page.Entries) == maxListed
			return page
		}
		if err != nil || entry == nil {
			continue
		}
		if last = entry; wanted.Matches(entry) {
			page.Entries = append(page.Entries, entry)
		}
	}
	return page
}

// exportHistory sends the history as CSV, and notes it, unless only the reply's head is asked
// for.
func (s *Server) exportHistory(v *visit) error {
	v.reply.Header().Set("Content-Type", "text/csv; charset=utf-8")
	v.reply.Header().Set("Content-Disposition", `attachment; filename="history.csv"`)
	if v.Method == http.MethodHead {
		return nil
	}
	if err := s.desk.Note(v.Context(), v.person.Name, desk.Exported, ""); err != nil {
		v.reply.Header().Del("Content-Disposition")
		return err
	}
	return app.WriteCSV(v.reply, s.desk.App().Journal.Readable(), v.words)
}

func (s *Server) record(v *visit) (journal.Record, error) {
	record, err := s.desk.App().Journal.Stored(v.PathValue("id"))
	if errors.Is(err, journal.ErrNoRecord) {
		return record, desk.ErrNone
	}
	return record, err
}

func (s *Server) showRecord(v *visit) error {
	record, err := s.record(v)
	if err != nil {
		return err
	}
	return v.recordPage(record, "", "")
}

func (v *visit) recordPage(record journal.Record, message, advice string) error {
	var facts []fact
	for _, m := range record.Request.Members {
		facts = append(facts, fact{app.MemberName(v.words, m.Name), app.MemberText(m)})
	}
	v.show(http.StatusOK, "record", map[string]any{"Title": record.Headline(v.words), "ID": v.PathValue("id"), "Facts": facts, "CheckCode": record.Request.CheckCode(),
		"State": record.State(), "Text": record.Describe(v.words), "CanAsk": app.CanAsk(record), "CanAgain": app.CanAsk(record), "May": v.person.Role.May(desk.Decide),
		"Message": message, "Advice": advice, "Receipt": receiptOf(record, v.server.desk.App().Journal.Tool, v.words)})
	return nil
}

func (s *Server) ask(v *visit) error {
	record, err := s.record(v)
	if err != nil {
		return err
	}
	checked, err := s.desk.Ask(v.Context(), record, v.person.Name)
	if err != nil {
		return err
	}
	message, advice := checked.Explain(v.words)
	if checked.Record.Request != nil {
		record = checked.Record
	}
	return v.recordPage(record, message, advice)
}

func (s *Server) sendAgain(v *visit) error {
	record, err := s.record(v)
	if err != nil {
		return err
	}
	one, err := s.desk.SendAgain(v.Context(), record, v.person.Name)
	if err != nil {
		return err
	}
	s.figures.received(one)
	result := one.Result()
	message, advice := result.Explain(v.words)
	if result.Record.Request != nil {
		record = result.Record
	}
	return v.recordPage(record, message, advice)
}

// actionsLink returns the address of a page of actions, in the language that was chosen.
func (v *visit) actionsLink(before int64, withoutFailed bool) string {
	values := url.Values{}
	if before > 0 {
		values.Set("before", strconv.FormatInt(before, 10))
	}
	if withoutFailed {
		values.Set("logins", "no")
	}
	if lang := v.URL.Query().Get("lang"); lang != "" {
		values.Set("lang", lang)
	}
	return "/desk/actions?" + values.Encode()
}

// showActions lists who did what, a page at a time, on request without logins that failed:
// those come from strangers.
func (s *Server) showActions(v *visit) error {
	q := desk.ActionQuery{Most: maxActions}
	q.Before, _ = strconv.ParseInt(v.URL.Query().Get("before"), 10, 64)
	withoutFailed := v.URL.Query().Get("logins") == "no"
	if withoutFailed {
		q.Without = []desk.Deed{desk.LoginFailed}
	}
	page, err := s.desk.Store.Actions(v.Context(), q)
	if err != nil {
		return err
	}
	data := map[string]any{"Title": v.words.Text("web.actions.title"), "Actions": page.Actions, "WithoutFailed": withoutFailed, "Other": v.actionsLink(0, !withoutFailed)}
	if q.Before > 0 {
		data["Newest"] = v.actionsLink(0, withoutFailed)
	}
	if page.Older > 0 {
		data["Older"] = v.actionsLink(page.Older, withoutFailed)
	}
	v.show(http.StatusOK, "actions", data)
	return nil
}
