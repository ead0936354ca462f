package web

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"handback/app/desk"
	"handback/app/desk/password"
)

const (
	// sessionTime is how long somebody stays logged in.
	sessionTime = 12 * time.Hour
	// maxLogins is how often a password may be tried in a quarter of an hour, for one name
	// and from one address.
	maxLogins   = 10
	loginWindow = 15 * time.Minute
)

// cookie is the name of the session's cookie. Browsers take one with this beginning only
// over https, for this host alone; without https, which is for trying it out, another name
// is used.
func cookie(r *http.Request) string {
	if scheme(r) == "https" {
		return "__Host-desk"
	}
	return "desk"
}

func setCookie(v *visit, value string, ends time.Time) {
	http.SetCookie(v.reply, &http.Cookie{Name: cookie(v.Request), Value: value, Path: "/", Expires: ends, HttpOnly: true,
		Secure: scheme(v.Request) == "https", SameSite: http.SameSiteLaxMode})
}

// session returns the person who is logged in, or fails with desk.ErrNone.
func (s *Server) session(r *http.Request) (desk.Person, error) {
	c, err := r.Cookie(cookie(r))
	if err != nil {
		return desk.Person{}, desk.ErrNone
	}
	session, err := s.desk.Store.Session(r.Context(), desk.Digest(c.Value), s.options.Now())
	if err != nil {
		return desk.Person{}, err
	}
	return s.desk.Store.Person(r.Context(), session.Person)
}

// allowed lets only people with a right at a page. Others are asked to log in.
func (s *Server) allowed(right desk.Right, show func(*visit) error) func(*visit) error {
	return func(v *visit) error {
		person, err := s.session(v.Request)
		switch {
		case errors.Is(err, desk.ErrNone):
			return v.redirect("/desk/login")
		case err != nil:
			return err
		case !person.Role.May(right):
			return errForbidden
		}
		v.person = person
		if v.Method == http.MethodPost {
			if err := readForm(v.Request); err != nil {
				return err
			}
		}
		return show(v)
	}
}

// readForm reads a form of the desk's pages.
func readForm(r *http.Request) error {
	var err error
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		err = r.ParseMultipartForm(maxForm)
	} else {
		err = r.ParseForm()
	}
	if err != nil {
		return tooLarge(err)
	}
	return nil
}

func (s *Server) showLogin(v *visit) error {
	return v.loginPage(http.StatusOK, nil)
}

func (v *visit) loginPage(status int, failed error) error {
	data := map[string]any{"Title": v.words.Text("web.login.title"), "OpenID": v.server.options.OpenID != nil}
	if failed != nil {
		data["Failed"] = failed
	}
	v.show(status, "login", data)
	return nil
}

// logIn checks a password. Whether the name exists is not told, nor how near the password
// was.
func (s *Server) logIn(v *visit) error {
	if err := v.ParseForm(); err != nil {
		return tooLarge(err)
	}
	named := desk.NormalName(v.PostForm.Get("name"))
	ctx := v.Context()
	for _, key := range []string{"login:" + desk.Digest(named), "login:" + desk.Digest(peerOf(v.Request).network())} {
		count, err := s.desk.Store.Count(ctx, key, loginWindow, s.options.Now())
		if err != nil {
			return err
		}
		if count > maxLogins {
			return errTooMany
		}
	}
	person, err := s.desk.Store.Person(ctx, named)
	if err != nil && !errors.Is(err, desk.ErrNone) {
		return err
	}
	if !password.Check(person.Password, v.PostForm.Get("password")) {
		s.options.Log.Warn("login failed", "id", peerOf(v.Request).id, "address", peerOf(v.Request).address)
		if person.Name != "" {
			if err := s.desk.Note(ctx, person.Name, desk.LoginFailed, peerOf(v.Request).address); err != nil {
				return err
			}
		}
		return v.loginPage(http.StatusUnauthorized, errLogin)
	}
	return s.start(v, person)
}

// start logs a person in.
func (s *Server) start(v *visit, person desk.Person) error {
	token, ends := desk.NewToken(), s.options.Now().UTC().Add(sessionTime)
	if err := s.desk.Store.StartSession(v.Context(), desk.Session{Digest: desk.Digest(token), Person: person.Name, Ends: ends}); err != nil {
		return err
	}
	if err := s.desk.Note(v.Context(), person.Name, desk.LoggedIn, peerOf(v.Request).address); err != nil {
		return err
	}
	setCookie(v, token, ends)
	return v.redirect("/desk")
}

func (s *Server) logOut(v *visit) error {
	person, err := s.session(v.Request)
	if err == nil {
		c, _ := v.Cookie(cookie(v.Request)) // session has read it
		if err := s.desk.Store.EndSession(v.Context(), desk.Digest(c.Value)); err != nil {
			return err
		}
		if err := s.desk.Note(v.Context(), person.Name, desk.LoggedOut, ""); err != nil {
			return err
		}
	}
	setCookie(v, "", time.Unix(1, 0))
	return v.redirect("/desk/login")
}
