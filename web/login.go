package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strings"
	"time"

	"handback/app/desk"
	"handback/app/desk/password"
	"handback/app/words"
)

const (
	// sessionTime is how long somebody stays logged in.
	sessionTime = 12 * time.Hour
	// deviceTime is how long a browser is known from which somebody has logged in.
	deviceTime  = 365 * 24 * time.Hour
	loginWindow = 15 * time.Minute
)

// triesFor returns what limits the tries to log in under a name. A browser from which the
// person has logged in before counts for itself, so that nobody else can use up its tries.
// Of all others each counts with its address, for all names and for this one, and they count
// together. The address is first: what it refuses is stored nowhere.
func triesFor(r *http.Request, named string, person desk.Person) []visits {
	if device := deviceOf(r, person); device != "" {
		return []visits{{desk.Limit{Kind: "login_device", Window: loginWindow, Most: 10}, device, 1}}
	}
	address := peerOf(r).network()
	return []visits{
		{desk.Limit{Kind: "login_address", Window: loginWindow, Most: 50}, address, 1},
		{desk.Limit{Kind: "login_both", Window: loginWindow, Most: 10}, named + "\x00" + address, 1},
		{desk.Limit{Kind: "login_name", Window: 24 * time.Hour, Most: 100}, named, 1},
	}
}

// cookie is the name of the session's cookie. Browsers take one with this beginning only
// over https, for this host alone; without https, which is for trying it out, another name
// is used.
func cookie(r *http.Request) string {
	if scheme(r) == "https" {
		return "__Host-desk"
	}
	return "desk"
}

func setCookie(v *visit, name, value string, ends time.Time) {
	http.SetCookie(v.reply, &http.Cookie{Name: name, Value: value, Path: "/", Expires: ends, HttpOnly: true,
		Secure: scheme(v.Request) == "https", SameSite: http.SameSiteLaxMode})
}

// deviceCookie is the name of the cookie by which a browser is known again from which
// somebody has logged in; see deviceOf.
func deviceCookie(r *http.Request) string { return cookie(r) + "-device" }

// newDevice returns the value of a device's cookie: a random text, and its MAC with a key
// that all instances have and that changes with the person's password.
func newDevice(person desk.Person) string {
	id := desk.NewToken()
	return id + "." + deviceMAC(person, id)
}

func deviceMAC(person desk.Person, id string) string {
	mac := hmac.New(sha256.New, []byte(person.Password)) // what argon2id made of it, with its salt
	mac.Write([]byte("device\x00" + person.Name + "\x00" + id))
	return hex.EncodeToString(mac.Sum(nil))
}

// deviceOf returns the random text of the cookie of a browser from which a person has logged
// in by the password that holds now; empty for every other browser and person.
func deviceOf(r *http.Request, person desk.Person) string {
	c, err := r.Cookie(deviceCookie(r))
	if err != nil || person.Password == "" {
		return ""
	}
	id, mac, _ := strings.Cut(c.Value, ".")
	if !hmac.Equal([]byte(mac), []byte(deviceMAC(person, id))) {
		return ""
	}
	return id
}

// session returns the person who is logged in, or fails with desk.ErrNone. A session ends
// with the password with which it began.
func (s *Server) session(r *http.Request) (desk.Person, error) {
	c, err := r.Cookie(cookie(r))
	if err != nil {
		return desk.Person{}, desk.ErrNone
	}
	session, err := s.desk.Store.Session(r.Context(), desk.Digest(c.Value), s.options.Now())
	if err != nil {
		return desk.Person{}, err
	}
	person, err := s.desk.Store.Person(r.Context(), session.Person)
	if err == nil && !session.IsOf(person) {
		err = desk.ErrNone
	}
	if err != nil {
		return desk.Person{}, err
	}
	return person, nil
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
	data := map[string]any{"Title": v.words.Text("web.login.title"), "OpenID": v.server.options.OpenID != nil,
		"Typed": words.Visible(v.PostFormValue("name"), 100)}
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
	person, err := s.desk.Store.Person(ctx, named)
	if err != nil && !errors.Is(err, desk.ErrNone) {
		return err
	}
	tries := triesFor(v.Request, named, person)
	if err := s.count(ctx, errTries, tries...); err != nil {
		if !errors.Is(err, errTries) {
			return err
		}
		return v.loginPage(http.StatusTooManyRequests, v.note(err))
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
	s.takeBack(ctx, tries...) // only those that fail count
	setCookie(v, deviceCookie(v.Request), newDevice(person), s.options.Now().Add(deviceTime))
	return s.start(v, person)
}

// start logs a person in who was read before the password was checked: it may be another one
// by now.
func (s *Server) start(v *visit, person desk.Person) error {
	token, ends := desk.NewToken(), s.options.Now().UTC().Add(sessionTime)
	if err := s.desk.Store.StartSession(v.Context(), desk.SessionOf(person, token, ends)); err != nil {
		return err
	}
	if err := s.desk.Note(v.Context(), person.Name, desk.LoggedIn, peerOf(v.Request).address); err != nil {
		return err
	}
	setCookie(v, cookie(v.Request), token, ends)
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
	setCookie(v, cookie(v.Request), "", time.Unix(1, 0))
	return v.redirect("/desk/login")
}
