package postgres

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"time"

	"github.com/jackc/pgx/v5"

	"handback/app/desk"
)

// Numbers of advisory locks, which hold until the transaction ends: "hb" and a number.
const (
	lockFilings = 0x6862_0001 // held while a filing is added
	lockPeople  = 0x6862_0002 // held while people change
)

func lockUntilEnd(ctx context.Context, tx pgx.Tx, number int64) error {
	_, err := tx.Exec(ctx, "select pg_advisory_xact_lock($1)", number)
	return err
}

const filingColumns = "id, request, at, came_from, visitors, confirmed, reason, decided_by, decided_at, settled, trouble"

func rowToFiling(row pgx.CollectableRow) (f desk.Filing, err error) {
	var decided *time.Time
	err = row.Scan(&f.ID, &f.Request, &f.At, &f.From, &f.Visitors, &f.Decision.Confirmed, &f.Decision.Reason, &f.Decision.By, &decided, &f.Settled, &f.Trouble)
	f.At = f.At.UTC()
	if decided != nil {
		f.Decision.At = decided.UTC()
	}
	return f, err
}

// locked returns a filing that nobody else changes until the transaction ends.
func locked(ctx context.Context, tx pgx.Tx, id string) (desk.Filing, error) {
	rows, err := tx.Query(ctx, "select "+filingColumns+" from filings where id = $1 for update", clean([]any{id})...)
	if err != nil {
		return desk.Filing{}, err
	}
	return pgx.CollectExactlyOneRow(rows, rowToFiling)
}

// File implements [desk.Store].
func (d *Database) File(ctx context.Context, f desk.Filing, most, each int) (stored desk.Filing, err error) {
	err = d.change(ctx, func(ctx context.Context, tx pgx.Tx) error {
		stored, err = locked(ctx, tx, f.ID)
		if errors.Is(err, pgx.ErrNoRows) {
			if err := lockUntilEnd(ctx, tx, lockFilings); err != nil {
				return err
			}
			stored, err = locked(ctx, tx, f.ID) // somebody may have filed it meanwhile
		}
		if errors.Is(err, pgx.ErrNoRows) {
			stored = f
			return insertFiling(ctx, tx, f, most, each)
		}
		if err != nil {
			return err
		}
		stored = stored.WithVisitors(f.Visitors)
		_, err = tx.Exec(ctx, "update filings set visitors = $2 where id = $1", stored.ID, stored.Visitors)
		return err
	})
	if err != nil {
		return desk.Filing{}, err
	}
	return stored, nil
}

func insertFiling(ctx context.Context, tx pgx.Tx, f desk.Filing, most, each int) error {
	var waiting, same int
	err := tx.QueryRow(ctx, "select count(*), count(*) filter (where came_from = $1 and came_from <> '') from filings where not settled", f.From).Scan(&waiting, &same)
	switch {
	case err != nil:
		return err
	case waiting >= most:
		return desk.ErrFull
	case same >= each:
		return desk.ErrAddressFull
	}
	_, err = tx.Exec(ctx, "insert into filings (id, request, at, came_from, visitors) values ($1, $2, $3, $4, $5)",
		clean([]any{f.ID, f.Request, f.At, f.From, append([]string{}, f.Visitors...)})...)
	return err
}

// Filing implements [desk.Store].
func (d *Database) Filing(ctx context.Context, id string) (desk.Filing, error) {
	return one(ctx, d, rowToFiling, "select "+filingColumns+" from filings where id = $1", id)
}

// Waiting implements [desk.Store].
func (d *Database) Waiting(ctx context.Context, limit int) ([]desk.Filing, error) {
	return all(ctx, d, rowToFiling, "select "+filingColumns+" from filings where not settled order by at, id limit $1", limit)
}

// Decide implements [desk.Store].
func (d *Database) Decide(ctx context.Context, id string, decision desk.Decision) (f desk.Filing, err error) {
	err = d.change(ctx, func(ctx context.Context, tx pgx.Tx) error {
		if f, err = locked(ctx, tx, id); err != nil {
			return err
		}
		if !f.Decision.IsZero() {
			return desk.ErrDecided
		}
		if f.Decision, f.Settled = decision, !decision.Confirmed; f.Settled {
			f.From = ""
		}
		_, err = tx.Exec(ctx, "update filings set confirmed = $2, reason = $3, decided_by = $4, decided_at = $5, settled = $6, came_from = case when $6 then '' else came_from end where id = $1",
			clean([]any{id, decision.Confirmed, decision.Reason, decision.By, decision.At, f.Settled})...)
		return err
	})
	if err != nil && !errors.Is(err, desk.ErrDecided) {
		return desk.Filing{}, err
	}
	return f, err
}

// Tried implements [desk.Store].
func (d *Database) Tried(ctx context.Context, id, trouble string) error {
	changed, err := d.exec(ctx, `update filings set settled = settled or $2 = '', trouble = $2,
		came_from = case when settled or $2 = '' then '' else came_from end where id = $1`, id, trouble)
	if err == nil && changed == 0 {
		err = desk.ErrNone
	}
	return err
}

// Reopen implements [desk.Store].
func (d *Database) Reopen(ctx context.Context, id string) (desk.Filing, error) {
	return one(ctx, d, rowToFiling, `update filings set confirmed = false, reason = '', decided_by = '', decided_at = null, settled = false, trouble = ''
		where id = $1 returning `+filingColumns, id)
}

// Filings implements [desk.Store].
func (d *Database) Filings(ctx context.Context) iter.Seq2[desk.Filing, error] {
	return func(yield func(desk.Filing, error) bool) {
		settled, last := false, ""
		for {
			some, err := all(ctx, d, rowToFiling, "select "+filingColumns+" from filings where settled = $1 and id > $2 order by id limit $3", settled, last, page)
			if err != nil {
				yield(desk.Filing{}, err)
				return
			}
			for _, f := range some {
				if last = f.ID; !yield(f, nil) {
					return
				}
			}
			switch {
			case len(some) == page:
			case settled:
				return
			default:
				settled, last = true, ""
			}
		}
	}
}

func rowToPerson(row pgx.CollectableRow) (p desk.Person, err error) {
	err = row.Scan(&p.Name, &p.Role, &p.Password)
	return p, err
}

// Person implements [desk.Store].
func (d *Database) Person(ctx context.Context, name string) (desk.Person, error) {
	return one(ctx, d, rowToPerson, "select name, role, password from people where name = $1", desk.NormalName(name))
}

// People implements [desk.Store].
func (d *Database) People(ctx context.Context) ([]desk.Person, error) {
	return all(ctx, d, rowToPerson, "select name, role, password from people order by name")
}

// changePeople runs do while nobody else changes people, and fails if that leaves no
// administrator.
func (d *Database) changePeople(ctx context.Context, do func(context.Context, pgx.Tx) error) error {
	return d.change(ctx, func(ctx context.Context, tx pgx.Tx) error {
		err := lockUntilEnd(ctx, tx, lockPeople)
		if err == nil {
			err = do(ctx, tx)
		}
		if err != nil {
			return err
		}
		var any bool
		err = tx.QueryRow(ctx, "select exists (select from people where role = $1)", string(desk.Administrator)).Scan(&any)
		if err == nil && !any {
			err = desk.ErrLastAdministrator
		}
		return err
	})
}

// FirstPerson implements [desk.Store].
func (d *Database) FirstPerson(ctx context.Context, p desk.Person, before func() error) (first bool, err error) {
	err = d.changePeople(ctx, func(ctx context.Context, tx pgx.Tx) error {
		err := tx.QueryRow(ctx, "select not exists (select from people)").Scan(&first)
		if err == nil && first {
			err = before()
		}
		if err != nil || !first {
			return err
		}
		return savePerson(ctx, tx, p)
	})
	return first && err == nil, err
}

// SavePerson implements [desk.Store].
func (d *Database) SavePerson(ctx context.Context, p desk.Person) error {
	return d.changePeople(ctx, func(ctx context.Context, tx pgx.Tx) error { return savePerson(ctx, tx, p) })
}

func savePerson(ctx context.Context, tx pgx.Tx, p desk.Person) error {
	_, err := tx.Exec(ctx, `insert into people (name, role, password) values ($1, $2, $3)
		on conflict (name) do update set role = excluded.role, password = excluded.password`,
		clean([]any{desk.NormalName(p.Name), string(p.Role), p.Password})...)
	return err
}

// RemovePerson implements [desk.Store].
func (d *Database) RemovePerson(ctx context.Context, name string) error {
	return d.changePeople(ctx, func(ctx context.Context, tx pgx.Tx) error {
		name := clean([]any{desk.NormalName(name)})[0]
		tag, err := tx.Exec(ctx, "delete from people where name = $1", name)
		if err == nil && tag.RowsAffected() == 0 {
			err = desk.ErrNone
		}
		if err == nil {
			_, err = tx.Exec(ctx, "delete from sessions where person = $1", name)
		}
		return err
	})
}

// StartSession implements [desk.Store]. It also removes sessions that have ended.
func (d *Database) StartSession(ctx context.Context, s desk.Session) error {
	_, ended := d.exec(ctx, "delete from sessions where ends < $1", time.Now())
	_, err := d.exec(ctx, `insert into sessions (digest, person, password, ends) values ($1, $2, $3, $4)
		on conflict (digest) do update set person = excluded.person, password = excluded.password, ends = excluded.ends`,
		s.Digest, desk.NormalName(s.Person), s.Password, s.Ends)
	return cmp.Or(err, ended)
}

// Session implements [desk.Store].
func (d *Database) Session(ctx context.Context, digest string, now time.Time) (desk.Session, error) {
	return one(ctx, d, func(row pgx.CollectableRow) (s desk.Session, err error) {
		err = row.Scan(&s.Digest, &s.Person, &s.Password, &s.Ends)
		s.Ends = s.Ends.UTC()
		return s, err
	}, "select digest, person, password, ends from sessions where digest = $1 and ends > $2", digest, now)
}

// EndSession implements [desk.Store].
func (d *Database) EndSession(ctx context.Context, digest string) error {
	_, err := d.exec(ctx, "delete from sessions where digest = $1", digest)
	return err
}

// EndSessions implements [desk.Store].
func (d *Database) EndSessions(ctx context.Context, person string) error {
	_, err := d.exec(ctx, "delete from sessions where person = $1", desk.NormalName(person))
	return err
}

// Count implements [desk.Store].
func (d *Database) Count(ctx context.Context, l desk.Limit, key string, count int, now time.Time) (bool, error) {
	d.mu.Lock()
	due := now.Sub(d.swept) > sweepVisits
	if due {
		d.swept = now
	}
	d.mu.Unlock()
	if due {
		if _, err := d.exec(ctx, "delete from visits where ends <= $1", now); err != nil {
			return false, err
		}
	}
	if count > l.Most {
		return false, nil
	}
	counted, err := d.exec(ctx, `insert into visits (kind, key, ends, count) values ($1, $2, $3, greatest($4::integer, 0))
		on conflict (kind, key, ends) do update set count = greatest(visits.count + $4::integer, 0)
		where visits.count + $4::integer <= $5`, l.Kind, key, l.Ends(now), count, l.Most)
	return counted > 0, err
}

// Profiles implements [desk.Store].
func (d *Database) Profiles(ctx context.Context) ([]desk.Profile, error) {
	return all(ctx, d, pgx.RowToStructByPos[desk.Profile], "select name, text from profiles order by name")
}

// AddProfile implements [desk.Store].
func (d *Database) AddProfile(ctx context.Context, p desk.Profile) error {
	added, err := d.exec(ctx, "insert into profiles (name, text) values ($1, $2) on conflict do nothing", p.Name, p.Text)
	if err == nil && added == 0 {
		err = desk.ErrProfileExists
	}
	return err
}

// RemoveProfile implements [desk.Store].
func (d *Database) RemoveProfile(ctx context.Context, name string) error {
	removed, err := d.exec(ctx, "delete from profiles where name = $1", name)
	if err == nil && removed == 0 {
		err = desk.ErrNone
	}
	return err
}

// BindSecret implements [desk.Store].
func (d *Database) BindSecret(ctx context.Context, name, destination string) (string, error) {
	return one(ctx, d, pgx.RowTo[string], `insert into secrets (name, destination) values ($1, $2)
		on conflict (name) do update set name = excluded.name returning destination`, name, destination)
}

// UnbindSecret implements [desk.Store].
func (d *Database) UnbindSecret(ctx context.Context, name string) error {
	removed, err := d.exec(ctx, "delete from secrets where name = $1", name)
	if err == nil && removed == 0 {
		err = desk.ErrNone
	}
	return err
}

// Note implements [desk.Store].
func (d *Database) Note(ctx context.Context, a desk.Action) error {
	_, err := d.exec(ctx, "insert into actions (at, by, what, about) values ($1, $2, $3, $4)", a.At, a.By, string(a.What), a.About)
	return err
}

// Actions implements [desk.Store].
func (d *Database) Actions(ctx context.Context, q desk.ActionQuery) (page desk.ActionPage, err error) {
	without := []string{}
	for _, deed := range q.Without {
		without = append(without, string(deed))
	}
	var numbers []int64
	page.Actions, err = all(ctx, d, func(row pgx.CollectableRow) (a desk.Action, err error) {
		var number int64
		err = row.Scan(&number, &a.At, &a.By, &a.What, &a.About)
		numbers = append(numbers, number)
		a.At = a.At.UTC()
		return a, err
	}, "select number, at, by, what, about from actions where ($1::bigint <= 0 or number < $1) and what <> all($2::text[]) order by number desc limit $3", q.Before, without, q.Most+1)
	if len(page.Actions) > q.Most {
		page.Actions, page.Older = page.Actions[:q.Most], numbers[q.Most-1]
	}
	return page, err
}
