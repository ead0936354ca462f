package desk

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Copied is what [Files.CopyTo] has stored in the other Store: how many of each.
type Copied struct {
	Filings, People, Profiles, Actions int
	// Kept are the names of people, profiles and secrets, and the IDs of filings, of which the other
	// Store has different ones. Those stay.
	Kept []string
}

// CopyTo stores in another Store what it does not have yet: filings, people, profiles, the
// destinations of secrets, and actions, but no sessions and visits. It may be repeated, after a crash too. Neither may be
// used by a desk meanwhile.
func (s *Files) CopyTo(ctx context.Context, to Store) (c Copied, err error) {
	for _, copyAll := range []func(context.Context, Store, *Copied) error{s.copyPeople, s.copyProfiles, s.copyBound, s.copyFilings, s.copyActions} {
		if err := copyAll(ctx, to, &c); err != nil {
			return c, err
		}
	}
	return c, nil
}

func (s *Files) copyPeople(ctx context.Context, to Store, c *Copied) error {
	people, err := s.People(ctx)
	slices.SortStableFunc(people, func(a, b Person) int { // others cannot be stored before there is an administrator
		return cmp.Compare(slices.Index(Roles(), b.Role), slices.Index(Roles(), a.Role))
	})
	for _, p := range people {
		there, missing := to.Person(ctx, p.Name)
		switch {
		case errors.Is(missing, ErrNone):
			if err := to.SavePerson(ctx, p); err != nil {
				return err
			}
			c.People++
		case missing != nil:
			return missing
		case there != p:
			c.Kept = append(c.Kept, p.Name)
		}
	}
	return err
}

func (s *Files) copyProfiles(ctx context.Context, to Store, c *Copied) error {
	profiles, err := s.Profiles(ctx)
	if err != nil {
		return err
	}
	there, err := to.Profiles(ctx)
	for _, p := range profiles {
		if err != nil {
			return err
		}
		if slices.Contains(there, p) {
			continue
		}
		switch err = to.AddProfile(ctx, p); {
		case err == nil:
			c.Profiles++
		case errors.Is(err, ErrProfileExists):
			c.Kept, err = append(c.Kept, p.Name), nil
		}
	}
	return err
}

func (s *Files) copyBound(ctx context.Context, to Store, c *Copied) error {
	secrets, err := all[bound](s, boundName)
	for _, one := range secrets {
		there, err := to.BindSecret(ctx, one.Secret, one.Destination)
		if err != nil {
			return err
		}
		if there != one.Destination {
			c.Kept = append(c.Kept, one.Secret)
		}
	}
	return err
}

func (s *Files) copyFilings(ctx context.Context, to Store, c *Copied) error {
	for _, kind := range []string{settledName, waitingName} { // one that is in both is settled; see find
		entries, err := os.ReadDir(filepath.Join(s.folder, kind))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return ErrUnavailable.Because(err)
		}
		for _, entry := range entries {
			if !strings.HasSuffix(entry.Name(), ending) {
				continue
			}
			f, err := read[Filing](filepath.Join(s.folder, kind, entry.Name()))
			if err == nil {
				err = copyFiling(ctx, f, to, c)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func copyFiling(ctx context.Context, f Filing, to Store, c *Copied) error {
	decision, settled := f.Decision, f.Settled
	there, err := to.Filing(ctx, f.ID)
	if errors.Is(err, ErrNone) {
		f.Decision, f.Settled = Decision{}, false
		if there, err = to.File(ctx, f, math.MaxInt, math.MaxInt); err == nil {
			c.Filings++
		}
	}
	if err != nil || decision.IsZero() {
		return err
	}
	if there.Decision.IsZero() {
		if there, err = to.Decide(ctx, f.ID, decision); err != nil {
			return err
		}
	}
	decision.At, there.Decision.At = stamp(decision.At), stamp(there.Decision.At)
	switch {
	case decision != there.Decision:
		c.Kept = append(c.Kept, f.ID)
	case settled && !there.Settled:
		return to.Tried(ctx, f.ID, "")
	}
	return nil
}

// stamp returns a time as every Store has it: a database has no nanoseconds.
func stamp(at time.Time) time.Time { return at.UTC().Truncate(time.Microsecond) }

func (s *Files) copyActions(ctx context.Context, to Store, c *Copied) error {
	all := ActionQuery{Most: math.MaxInt32}
	actions, err := s.Actions(ctx, all)
	if err != nil {
		return err
	}
	stored, err := to.Actions(ctx, all)
	if err != nil {
		return err
	}
	there := map[Action]int{}
	for _, a := range stored.Actions {
		a.At = stamp(a.At)
		there[a]++
	}
	for _, a := range slices.Backward(actions.Actions) { // the first first
		a.At = stamp(a.At)
		if there[a] > 0 {
			there[a]--
			continue
		}
		if err := to.Note(ctx, a); err != nil {
			return err
		}
		c.Actions++
	}
	return nil
}
