package web

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"time"

	"handback/app"
	"handback/app/desk"
	"handback/app/desk/password"
	"handback/app/fault"
	"handback/app/words"
)

func (s *Server) showPeople(v *visit) error { return v.peoplePage(nil) }

// peoplePage shows the people, and why a change failed with what was typed.
func (v *visit) peoplePage(failed error) error {
	people, err := v.server.desk.Store.People(v.Context())
	if err != nil {
		return err
	}
	data := map[string]any{"Title": v.words.Text("web.people.title"), "People": people, "Roles": desk.Roles(), "Least": password.Min,
		"Typed": words.Visible(v.PostForm.Get("name"), 100), "Role": desk.Role(v.PostForm.Get("role"))}
	v.showFailed(failed, "people", data)
	return nil
}

// showFailed shows a page with an error, if there is one.
func (v *visit) showFailed(failed error, page string, data map[string]any) {
	status := http.StatusOK
	if failed != nil {
		failed = v.note(failed)
		status, data["Failed"] = statusOf(failed), failed
	}
	v.show(status, page, data)
}

// savePerson adds a person, or changes role and password of one. Without a role the person
// keeps the one of before.
func (s *Server) savePerson(v *visit) error {
	if v.PostForm.Get("role") == "" {
		before, err := s.desk.Store.Person(v.Context(), desk.NormalName(v.PostForm.Get("name")))
		if errors.Is(err, desk.ErrNone) {
			err = fault.New(fault.Usage, "web.no_role")
		}
		if err != nil {
			return v.peoplePage(err)
		}
		v.PostForm.Set("role", string(before.Role))
	}
	if err := s.changePerson(v); err != nil {
		return v.peoplePage(err)
	}
	return v.redirect("/desk/people")
}

// changePerson stores the person of a form. Whose password changes is logged out everywhere.
func (s *Server) changePerson(v *visit) error {
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
	return s.desk.Note(v.Context(), v.person.Name, desk.PersonSaved, p.Name)
}

// askRemovePerson asks whether a person is to be removed.
func (s *Server) askRemovePerson(v *visit) error {
	person, err := s.desk.Store.Person(v.Context(), desk.NormalName(v.URL.Query().Get("name")))
	if err != nil {
		return err
	}
	v.show(http.StatusOK, "remove", map[string]any{"Title": v.words.Text("web.people.remove_one", "name", person.Name), "What": "people", "Remove": person.Name,
		"Text": v.words.Text("web.people.remove.text")})
	return nil
}

func (s *Server) removePerson(v *visit) error {
	named := desk.NormalName(v.PostForm.Get("name"))
	if err := s.desk.Store.RemovePerson(v.Context(), named); err != nil {
		v.PostForm = nil
		return v.peoplePage(err)
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

func (s *Server) showProfiles(v *visit) error { return v.profilesPage(nil, "", nil) }

// profilesPage shows the profiles, why a change failed, and what a test of one of them found.
func (v *visit) profilesPage(failed error, tested string, checks []app.ProfileCheck) error {
	var shown []profileView
	for _, p := range v.server.desk.Profiles() {
		view := profileView{DeskProfile: p}
		if p.SecretErr != nil {
			e := fault.Explain(p.SecretErr, v.words)
			view.Why = &e
		}
		shown = append(shown, view)
	}
	v.showFailed(failed, "profiles", map[string]any{"Title": v.words.Text("web.profiles.title"), "Profiles": shown, "Tested": tested, "Checks": checks})
	return nil
}

// maxProfile is the largest file of a profile, in bytes.
const maxProfile = 1 << 20

func (s *Server) addProfile(v *visit) error {
	file, _, err := v.FormFile("profile")
	if err != nil {
		return v.profilesPage(errNothing, "", nil)
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
		return v.profilesPage(err, "", nil)
	}
	return v.redirect("/desk/profiles")
}

// askRemoveProfile asks whether a profile is to be removed, and says what waits for it.
func (s *Server) askRemoveProfile(v *visit) error {
	named := v.URL.Query().Get("name")
	if !slices.ContainsFunc(s.desk.Profiles(), func(p app.DeskProfile) bool { return p.Name == named && p.Added }) {
		return desk.ErrNone
	}
	waiting, err := s.desk.Waiting(v.Context(), maxWaiting)
	if err != nil {
		return err
	}
	count := 0
	for _, one := range waiting {
		if one.App != nil && one.App.Profile.Name == named {
			count++
		}
	}
	text := v.words.Text("web.profiles.remove.text")
	if count > 0 {
		text += " " + v.words.Text("web.profiles.remove.waiting", "count", count)
	}
	v.show(http.StatusOK, "remove", map[string]any{"Title": v.words.Text("web.people.remove_one", "name", named), "What": "profiles", "Remove": named, "Text": text})
	return nil
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
			checks := p.Test(ctx, v.words)
			if err := s.desk.Note(v.Context(), v.person.Name, desk.ProfileTested, named); err != nil {
				return err
			}
			return v.profilesPage(nil, named, checks)
		}
	}
	return desk.ErrNone
}
