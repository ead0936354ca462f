package web

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"handback/app"
	"handback/app/desk"
	"handback/app/fault"
	"handback/app/words"
)

// Errors of pages.
var (
	errNoPage    = fault.New(fault.Usage, "web.no_page")
	errOrigin    = fault.New(fault.Usage, "web.origin")
	errForbidden = fault.New(fault.Usage, "web.forbidden")
	errOpenID    = fault.New(fault.Connection, "web.openid")
	errTries     = fault.New(fault.Connection, "web.tries")
	errTooMany   = fault.New(fault.Connection, "web.too_many")
	errTooLarge  = fault.New(fault.Input, "web.too_large", "limit", maxBody>>20)
	errBusy      = fault.New(fault.Connection, "web.busy")
	errNothing   = fault.New(fault.Input, "web.nothing")
	errLogin     = fault.New(fault.Usage, "web.login_failed")
)

// statusOf returns the HTTP status of an error.
func statusOf(err error) int {
	for _, one := range []struct {
		err    error
		status int
	}{
		{errNoPage, http.StatusNotFound}, {desk.ErrNone, http.StatusNotFound}, {errOrigin, http.StatusForbidden}, {errForbidden, http.StatusForbidden},
		{errTooMany, http.StatusTooManyRequests}, {errTries, http.StatusTooManyRequests}, {errTooLarge, http.StatusRequestEntityTooLarge}, {errLogin, http.StatusUnauthorized},
		{desk.ErrAddressFull, http.StatusTooManyRequests}, {desk.ErrFull, http.StatusServiceUnavailable}, {desk.ErrUnavailable, http.StatusServiceUnavailable}, {desk.ErrDecided, http.StatusConflict}, {app.ErrCertain, http.StatusConflict},
	} {
		if errors.Is(err, one.err) {
			return one.status
		}
	}
	switch fault.KindOf(err) {
	case fault.Usage, fault.Input:
		return http.StatusBadRequest
	case fault.Connection, fault.Write, fault.Secret:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// visit is one request for a page.
type visit struct {
	*http.Request
	reply  http.ResponseWriter
	server *Server
	words  *words.Words
	person desk.Person // who is logged in; zero on visitors' pages
}

// page returns a handler that shows pages in the visitor's language, and errors as a page.
func (s *Server) page(show func(v *visit) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v := &visit{reply: w, Request: r, server: s, words: s.languageOf(r)}
		if err := show(v); err != nil {
			v.fail(err)
		}
	}
}

// place is where texts are shown that are another elsewhere: those of the window and of the
// command speak of buttons and flags.
const place = "browser"

// languageOf returns the language that a visitor chose on the page, or that the browser
// asks for.
func (s *Server) languageOf(r *http.Request) *words.Words {
	wanted := []string{r.URL.Query().Get("lang")}
	if !slices.Contains(words.Languages(), wanted[0]) {
		wanted = nil
	}
	for tag := range strings.SplitSeq(r.Header.Get("Accept-Language"), ",") {
		tag, _, _ = strings.Cut(tag, ";")
		wanted = append(wanted, strings.TrimSpace(tag))
	}
	return s.words[words.For(wanted[:min(len(wanted), 10)]...).Language()]
}

// fail shows an error as a page.
func (v *visit) fail(err error) {
	err = v.note(err)
	e := fault.Explain(err, v.words)
	v.show(statusOf(err), "error", map[string]any{"Title": e.Title(v.words), "Error": e, "Back": v.back() + v.chosen()})
}

// note logs an error if it is the desk's own, sets what the reply's head has to say of it,
// and returns it without what is not the visitor's business.
func (v *visit) note(err error) error {
	status := statusOf(err)
	if status >= 500 {
		v.server.options.Log.Error("failed", "id", peerOf(v.Request).id, "pattern", v.Pattern, "error", err.Error())
	}
	if wait, ok := errors.AsType[later](err); ok {
		v.reply.Header().Set("Retry-After", strconv.Itoa(wait.seconds()))
	}
	switch {
	case errors.Is(err, errBusy):
		v.reply.Header().Set("Retry-After", "10")
	case errors.Is(err, desk.ErrUnavailable):
		return desk.ErrUnavailable
	case status == http.StatusInternalServerError:
		return fault.New(fault.Unexpected, "web.failed", "id", peerOf(v.Request).id)
	}
	return err
}

// show writes a page from its template, with what every page has.
func (v *visit) show(status int, page string, data map[string]any) {
	data["Lang"], data["Languages"], data["Name"], data["Person"] = v.words.Language(), v.languages(), name(), v.person
	data["Path"], data["Chosen"], data["Sections"] = v.path(), v.chosen(), v.sections()
	var out bytes.Buffer
	if err := v.server.pages[v.words.Language()].ExecuteTemplate(&out, page, data); err != nil {
		v.server.options.Log.Error("page", "page", page, "error", err.Error())
		http.Error(v.reply, "internal error", http.StatusInternalServerError)
		return
	}
	v.reply.Header().Set("Content-Type", "text/html; charset=utf-8")
	v.reply.WriteHeader(status)
	_, _ = v.reply.Write(out.Bytes())
}

// section is a part of the desk's pages, as the page's head lists it.
type section struct{ Path, Title string }

// sections returns those that the person's role may see.
func (v *visit) sections() (all []section) {
	for _, one := range []struct {
		right       desk.Right
		path, title string
	}{
		{desk.See, "/desk", "web.waiting.title"},
		{desk.See, "/desk/history", "web.history.title"},
		{desk.Audit, "/desk/actions", "web.actions.title"},
		{desk.Manage, "/desk/people", "web.people.title"},
		{desk.Manage, "/desk/profiles", "web.profiles.title"},
	} {
		if v.person.Role.May(one.right) {
			all = append(all, section{one.path, v.words.Text(one.title)})
		}
	}
	return all
}

// languageLink is the page in a language.
type languageLink struct{ Tag, Address string }

// searched are what addresses of pages have of a search.
var searched = []string{"q", "stage", "all", "after", "before", "logins"}

// languages returns the links to the page in each language, with what was searched for. Of a
// form that was sent there is no page: they lead to back.
func (v *visit) languages() (all []languageLink) {
	values := url.Values{}
	for _, name := range searched {
		if query := v.URL.Query(); query.Has(name) && v.Method != http.MethodPost {
			values.Set(name, words.Visible(query.Get(name), maxReason))
		}
	}
	for _, tag := range words.Languages() {
		values.Set("lang", tag)
		all = append(all, languageLink{tag, v.path() + "?" + values.Encode()})
	}
	return all
}

// path returns the path of the page, or the one from which a form was sent.
func (v *visit) path() string {
	if v.Method == http.MethodPost {
		return v.back()
	}
	return v.URL.Path
}

// back returns the path of the page from which a form was sent, or of the first page.
func (v *visit) back() string {
	switch {
	case v.person.Name == "":
		return "/"
	case v.Method != http.MethodPost:
		return "/desk"
	case slices.ContainsFunc(v.sections(), func(s section) bool { return s.Path == v.URL.Path }):
		return v.URL.Path
	}
	return path.Dir(v.URL.Path)
}

// redirect shows another page next.
func (v *visit) redirect(path string) error {
	http.Redirect(v.reply, v.Request, path+v.chosen(), http.StatusSeeOther)
	return nil
}

// chosen is how an address ends that stays in the language that was chosen on a page; empty
// if it is the browser's.
func (v *visit) chosen() string {
	if lang := v.URL.Query().Get("lang"); slices.Contains(words.Languages(), lang) {
		return "?lang=" + lang
	}
	return ""
}

// functions are what templates call. A text's pairs are as for [words.Words.Text].
func functions(w *words.Words) template.FuncMap {
	return template.FuncMap{
		"static":   theFiles().address,
		"t":        func(key string, pairs ...any) string { return w.Text(key, pairs...) },
		"stamp":    func(at time.Time) string { return w.Stamp(at.Local()) },
		"phrase":   func(p words.Phrase) string { return words.Sentence(p.Localize(w)) },
		"sentence": words.Sentence,
		"language": func(tag string) string { return words.For(tag).Text("format.language") },
		"explain":  func(err error) fault.Explanation { return fault.Explain(err, w) },
		"key":      func(prefix string, value any) string { return w.Text(prefix + fmt.Sprint(value)) },
	}
}
