package web

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"handback/app"
	"handback/app/desk"
	"handback/app/desk/password"
	"handback/app/fault"
)

func (s *Server) showPeople(v *visit) error {
	people, err := s.desk.Store.People(v.Context())
	if err != nil {
		return err
	}
	v.show(http.StatusOK, "people", map[string]any{"Title": v.words.Text("web.people.title"), "People": people, "Roles": desk.Roles(), "Least": password.Min})
	return nil
}

// savePerson adds a person, or changes role and password of one. Whose password changes is
// logged out everywhere.
func (s *Server) savePerson(v *visit) error {
	hash := ""
	if text := v.PostForm.Get("password"); text != "" {
		var err error
		if hash, err = password.Hash(text); err != nil {
			return err
		}
	}
	p, err := desk.NewPerson(v.PostForm.Get("name"), desk.Role(v.PostForm.Get("role")), hash)
	if err != nil {
		return err
	}
	before, err := s.desk.Store.Person(v.Context(), p.Name)
	if err != nil && !errors.Is(err, desk.ErrNone) {
		return err
	}
	if p.Password == "" {
		p.Password = before.Password
	}
	if err := s.desk.Store.SavePerson(v.Context(), p); err != nil {
		return err
	}
	if p.Password != before.Password {
		if err := s.desk.Store.EndSessions(v.Context(), p.Name); err != nil {
			return err
		}
	}
	if err := s.desk.Note(v.Context(), v.person.Name, desk.PersonSaved, p.Name); err != nil {
		return err
	}
	return v.redirect("/desk/people")
}

func (s *Server) removePerson(v *visit) error {
	named := desk.NormalName(v.PostForm.Get("name"))
	if err := s.desk.Store.RemovePerson(v.Context(), named); err != nil {
		return err
	}
	if err := s.desk.Note(v.Context(), v.person.Name, desk.PersonRemoved, named); err != nil {
		return err
	}
	return v.redirect("/desk/people")
}

// profileView is a profile as its page shows it.
type profileView struct {
	app.DeskProfile
	Why *fault.Explanation // why there is no secret
}

func (s *Server) showProfiles(v *visit) error { return v.profilesPage("", nil) }

// profilesPage shows the profiles, and what a test of one of them found.
func (v *visit) profilesPage(tested string, checks []app.ProfileCheck) error {
	var shown []profileView
	for _, p := range v.server.desk.Profiles() {
		view := profileView{DeskProfile: p}
		if p.SecretErr != nil {
			e := fault.Explain(p.SecretErr, v.words)
			view.Why = &e
		}
		shown = append(shown, view)
	}
	v.show(http.StatusOK, "profiles", map[string]any{"Title": v.words.Text("web.profiles.title"), "Profiles": shown, "Tested": tested, "Checks": checks})
	return nil
}

// maxProfile is the largest file of a profile, in bytes.
const maxProfile = 1 << 20

func (s *Server) addProfile(v *visit) error {
	file, _, err := v.FormFile("profile")
	if err != nil {
		return errNothing
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxProfile+1))
	if err != nil {
		return tooLarge(err)
	}
	if len(text) > maxProfile {
		return errTooLarge
	}
	if err := s.desk.AddProfile(v.Context(), text, v.person.Name); err != nil {
		return err
	}
	return v.redirect("/desk/profiles")
}

func (s *Server) removeProfile(v *visit) error {
	if err := s.desk.RemoveProfile(v.Context(), v.PostForm.Get("name"), v.person.Name); err != nil {
		return err
	}
	return v.redirect("/desk/profiles")
}

// testProfile tests whether requests of a profile can be sent, without touching a license.
func (s *Server) testProfile(v *visit) error {
	named := v.PostForm.Get("name")
	for _, p := range s.desk.Profiles() {
		if p.Name == named {
			ctx, cancel := context.WithTimeout(v.Context(), 30*time.Second)
			defer cancel()
			return v.profilesPage(named, p.Test(ctx, v.words))
		}
	}
	return desk.ErrNone
}
