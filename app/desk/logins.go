package desk

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"
)

func (s *Files) personPath(name string) string { return s.path(peopleName, Digest(NormalName(name))) }

// Person implements Store.
func (s *Files) Person(_ context.Context, name string) (Person, error) {
	return read[Person](s.personPath(name))
}

// People implements Store.
func (s *Files) People(context.Context) ([]Person, error) {
	people, err := all[Person](s, peopleName)
	slices.SortFunc(people, func(a, b Person) int { return strings.Compare(a.Name, b.Name) })
	return people, err
}

// others reports whether there is an administrator beside the person of a name.
func (s *Files) others(ctx context.Context, name string) (bool, error) {
	people, err := s.People(ctx)
	return slices.ContainsFunc(people, func(p Person) bool { return p.Role == Administrator && p.Name != name }), err
}

// FirstPerson implements Store.
func (s *Files) FirstPerson(ctx context.Context, p Person, before func() error) (bool, error) {
	unlock, err := s.lock(ctx)
	if err != nil {
		return false, err
	}
	defer unlock()
	if people, err := s.People(ctx); err != nil || len(people) > 0 {
		return false, err
	}
	if err := before(); err != nil {
		return false, err
	}
	err = write(s.personPath(p.Name), p)
	return err == nil, err
}

// SavePerson implements Store.
func (s *Files) SavePerson(ctx context.Context, p Person) error {
	unlock, err := s.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	if p.Role != Administrator {
		if others, err := s.others(ctx, p.Name); err != nil || !others {
			return cmp.Or(err, error(ErrLastAdministrator))
		}
	}
	return write(s.personPath(p.Name), p)
}

// RemovePerson implements Store.
func (s *Files) RemovePerson(ctx context.Context, name string) error {
	unlock, err := s.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	p, err := s.Person(ctx, name)
	if err != nil {
		return err
	}
	if others, err := s.others(ctx, p.Name); err != nil || !others {
		return cmp.Or(err, error(ErrLastAdministrator))
	}
	if err := remove(s.personPath(name)); err != nil {
		return err
	}
	return s.EndSessions(ctx, p.Name)
}

// StartSession implements Store. It also removes sessions that have ended.
func (s *Files) StartSession(_ context.Context, one Session) error {
	sessions, err := all[Session](s, sessionsName)
	if err != nil {
		return err
	}
	for _, other := range sessions {
		if other.Ends.Before(time.Now()) {
			_ = remove(s.path(sessionsName, other.Digest))
		}
	}
	return write(s.path(sessionsName, one.Digest), one)
}

// Session implements Store.
func (s *Files) Session(_ context.Context, digest string, now time.Time) (Session, error) {
	if !plain(digest) {
		return Session{}, ErrNone
	}
	one, err := read[Session](s.path(sessionsName, digest))
	if err == nil && !now.Before(one.Ends) {
		return Session{}, ErrNone
	}
	return one, err
}

// EndSession implements Store.
func (s *Files) EndSession(_ context.Context, digest string) error {
	if !plain(digest) {
		return nil
	}
	if err := remove(s.path(sessionsName, digest)); !errors.Is(err, ErrNone) {
		return err
	}
	return nil
}

// EndSessions implements Store.
func (s *Files) EndSessions(ctx context.Context, person string) error {
	sessions, err := all[Session](s, sessionsName)
	for _, one := range sessions {
		if one.Person == person {
			err = cmp.Or(err, s.EndSession(ctx, one.Digest))
		}
	}
	return err
}
