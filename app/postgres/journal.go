package postgres

import (
	"context"
	"crypto/rand"
	"errors"
	"iter"
	"math"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"handback/app/fault"
	"handback/app/journal"
)

const (
	writeTime   = 20 * time.Second // how long Write tries
	writeRetry  = 100 * time.Millisecond
	maxTogether = 200 // records that are written in one transaction
	page        = 200 // rows that are read at a time
)

// Journal is a [journal.Store] in a Database.
//
// A record is written only if it has the version that the writer has read, whatever locks
// there are, so that of two programs that are about to submit a request one fails. Locks are
// advisory locks of one connection: they end with the program, or with the connection.
//
// Records that goroutines write at the same time are written in one transaction. It locks
// the head of the audit chain first, so that the transactions of all programs are one after
// another.
type Journal struct {
	database *Database
	locks    locks

	mu      sync.Mutex
	waiting []*write
	writing sync.Mutex // held by the goroutine that writes
	length  int64      // of the chain at least, guarded by mu
}

// Journal returns the journal that is in the database.
func (d *Database) Journal() *Journal { return d.journal }

// Ready implements [journal.Store].
func (j *Journal) Ready(ctx context.Context) error { return stored(j.database.Ready(ctx)) }

// stored returns an error as a journal.Store has it.
func stored(err error) error {
	if err == nil || errors.Is(err, journal.ErrOvertaken) {
		return err
	}
	if f, ok := errors.AsType[*fault.Fault](err); ok && f.Unwrap() != nil {
		err = f.Unwrap() // the reason
	}
	return journal.ErrStore.Because(err)
}

// locks are the advisory locks of this program, on one connection. If two records have the
// same number, one waits for the other.
type locks struct {
	mu         sync.Mutex
	connection *pgxpool.Conn
	held       map[string]*pgxpool.Conn
}

// TryLock implements [journal.Store].
func (j *Journal) TryLock(ctx context.Context, name string) (unlock func(), ok bool, err error) {
	l := &j.locks
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), callTime) // a call that is cancelled ends the connection, and all locks with it
	defer cancel()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.held[name] != nil && l.held[name] == l.connection {
		return nil, false, nil
	}
	for try := range 2 {
		if ok, err = l.tryLock(ctx, j.database.pool, name); err == nil || try > 0 || !passing(err) {
			break
		}
	}
	if !ok {
		return nil, false, stored(err)
	}
	connection := l.connection
	l.held[name] = connection
	return func() { l.unlock(name, connection) }, true, nil
}

func (l *locks) tryLock(ctx context.Context, pool *pgxpool.Pool, name string) (ok bool, err error) {
	if l.connection == nil {
		if l.connection, err = pool.Acquire(ctx); err != nil {
			return false, err
		}
		l.held = map[string]*pgxpool.Conn{}
	}
	if err = l.connection.QueryRow(ctx, "select pg_try_advisory_lock(hashtextextended($1, 0))", name).Scan(&ok); err != nil {
		l.drop()
	}
	return ok, err
}

// drop gives the connection up, and all locks with it.
func (l *locks) drop() {
	if l.connection == nil {
		return
	}
	_ = l.connection.Conn().Close(context.Background())
	l.connection.Release()
	l.connection = nil
}

func (l *locks) unlock(name string, connection *pgxpool.Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.connection != connection || l.held[name] != connection {
		return // the lock was lost with its connection
	}
	delete(l.held, name)
	ctx, cancel := context.WithTimeout(context.Background(), callTime)
	defer cancel()
	if _, err := connection.Exec(ctx, "select pg_advisory_unlock(hashtextextended($1, 0))", name); err != nil {
		l.drop()
	}
}

func (j *Journal) close() {
	j.locks.mu.Lock()
	defer j.locks.mu.Unlock()
	j.locks.drop()
}

func rowToRecord(row pgx.CollectableRow) (r journal.StoredRecord, err error) {
	err = row.Scan(&r.Name, &r.Text, &r.Version)
	return r, err
}

// Read implements [journal.Store].
func (j *Journal) Read(name string) (journal.StoredRecord, error) {
	found, err := all(context.Background(), j.database, rowToRecord, "select name, text, version from records where name = $1", name)
	if err != nil || len(found) == 0 {
		return journal.StoredRecord{}, stored(err)
	}
	return found[0], nil
}

// pages yields rows, a page at a time: Next reads the rows after the one that the last
// page ended with.
func pages[T any](next func() ([]T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for {
			some, err := next()
			if err != nil {
				var none T
				yield(none, stored(err))
				return
			}
			for _, one := range some {
				if !yield(one, nil) {
					return
				}
			}
			if len(some) < page {
				return
			}
		}
	}
}

// All implements [journal.Store]. A record that is written meanwhile may come twice or, if
// it has not come yet, not at all.
func (j *Journal) All(after string) iter.Seq2[journal.StoredRecord, error] {
	return func(yield func(journal.StoredRecord, error) bool) {
		last := int64(math.MaxInt64)
		if after != "" {
			line, err := one(context.Background(), j.database, pgx.RowTo[int64], "select coalesce((select line from records where name = $1), $2)", after, last)
			if err != nil {
				yield(journal.StoredRecord{}, stored(err))
				return
			}
			last = line
		}
		pages(func() ([]journal.StoredRecord, error) {
			return all(context.Background(), j.database, func(row pgx.CollectableRow) (r journal.StoredRecord, err error) {
				err = row.Scan(&r.Name, &r.Text, &r.Version, &last)
				return r, err
			}, "select name, text, version, line from records where line < $1 order by line desc limit $2", last, page)
		})(yield)
	}
}

// Find implements [journal.Store].
func (j *Journal) Find(code string) iter.Seq2[journal.StoredRecord, error] {
	return func(yield func(journal.StoredRecord, error) bool) {
		last := ""
		pages(func() ([]journal.StoredRecord, error) {
			some, err := all(context.Background(), j.database, rowToRecord, `select name, text, version from records
				where name in (select name from codes where code >= $1 and code < $2) and name > $3 order by name limit $4`, code, code+lastCharacter, last, page)
			if len(some) > 0 {
				last = some[len(some)-1].Name
			}
			return some, err
		})(yield)
	}
}

// lastCharacter comes after all characters of codes.
const lastCharacter = "\U0010ffff"

// Lines implements [journal.Store].
func (j *Journal) Lines() iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		last := int64(0)
		pages(func() ([]string, error) {
			return all(context.Background(), j.database, func(row pgx.CollectableRow) (line string, err error) {
				err = row.Scan(&last, &line)
				return line, err
			}, "select number, line from audit where number > $1 order by number limit $2", last, page)
		})(yield)
	}
}

// Length implements [journal.Store]. It asks the database once: after that it has the length
// of this program's own last writing.
func (j *Journal) Length() int64 {
	j.mu.Lock()
	length := j.length
	j.mu.Unlock()
	if length > 0 {
		return length
	}
	length, _ = one(context.Background(), j.database, pgx.RowTo[int64], "select number from head")
	return j.grow(length)
}

// grow notes that the chain has a length at least, and returns what is known of it.
func (j *Journal) grow(length int64) int64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.length = max(j.length, length)
	return j.length
}

// write is a record that is to be written.
type write struct {
	journal.Writing
	writer string
	done   bool // guarded by Journal.writing
	err    error
}

// Write implements [journal.Store].
func (j *Journal) Write(w journal.Writing) error { return j.WriteAll([]journal.Writing{w})[0] }

// WriteAll implements [journal.Store].
func (j *Journal) WriteAll(all []journal.Writing) (errs []error) {
	var mine []*write
	for _, w := range all {
		mine = append(mine, &write{Writing: w, writer: rand.Text()})
	}
	j.mu.Lock()
	j.waiting = append(j.waiting, mine...)
	j.mu.Unlock()
	for done := false; !done; {
		j.writing.Lock()
		done = len(mine) == 0 || mine[len(mine)-1].done
		if !done {
			j.mu.Lock()
			batch := j.waiting[:min(maxTogether, len(j.waiting))]
			j.waiting = j.waiting[len(batch):]
			j.mu.Unlock()
			j.writeAll(batch)
		}
		j.writing.Unlock()
	}
	for _, w := range mine {
		errs = append(errs, w.err)
	}
	return errs
}

// writeAll writes records in one transaction. It tries again if the database cannot be
// reached: which records were written nevertheless is known by their writers.
func (j *Journal) writeAll(batch []*write) {
	ctx, cancel := context.WithTimeout(context.Background(), writeTime)
	defer cancel()
	var length int64
	var err error
	for {
		err = pgx.BeginFunc(ctx, j.database.pool, func(tx pgx.Tx) (err error) {
			length, err = j.writeIn(ctx, tx, batch)
			return err
		})
		if err == nil || !passing(err) {
			break
		}
		select {
		case <-time.After(writeRetry):
			continue
		case <-ctx.Done():
		}
		break
	}
	if err == nil {
		j.grow(length)
	}
	for _, w := range batch {
		if w.done = true; err != nil {
			w.err = stored(err)
		}
	}
}

// writeIn writes the records of a batch that have the version before, and their lines of
// the audit chain. The others get an error. It returns the length of the chain.
func (j *Journal) writeIn(ctx context.Context, tx pgx.Tx, batch []*write) (number int64, err error) {
	names := make([]string, len(batch))
	for i, w := range batch {
		w.err, names[i] = nil, w.Name
	}
	var digest string
	type state struct {
		version int64
		writer  string
	}
	states := map[string]state{}
	first := &pgx.Batch{}
	first.Queue("select number, digest from head for update").QueryRow(func(row pgx.Row) error { return row.Scan(&number, &digest) })
	first.Queue("select name, version, writer from records where name = any($1)", names).Query(func(rows pgx.Rows) error {
		var name string
		var s state
		_, err := pgx.ForEachRow(rows, []any{&name, &s.version, &s.writer}, func() error { states[name] = s; return nil })
		return err
	})
	if err := tx.SendBatch(ctx, first).Close(); err != nil {
		return 0, err
	}
	second := &pgx.Batch{}
	for _, w := range batch {
		before := states[w.Name]
		if before.writer == w.writer {
			continue // the transaction ended well, but nobody heard of it
		}
		if before.version != w.Version-1 {
			w.err = journal.ErrOvertaken
			continue
		}
		states[w.Name] = state{w.Version, w.writer}
		number++
		line := w.Line(number, digest)
		digest = journal.LineDigest(line)
		second.Queue("insert into audit (number, line) values ($1, $2)", number, line)
		if before.version == 0 {
			second.Queue("insert into records (name, version, writer, text, updated, line) values ($1, $2, $3, $4, $5, $6)",
				w.Name, w.Version, w.writer, w.Text, w.Updated, number)
			second.Queue("insert into codes (code, name) select unnest($1::text[]), $2 on conflict do nothing", w.Codes, w.Name)
		} else {
			second.Queue("update records set version = $2, writer = $3, text = $4, updated = $5, line = $6 where name = $1",
				w.Name, w.Version, w.writer, w.Text, w.Updated, number)
		}
	}
	if second.Len() == 0 {
		return number, nil
	}
	second.Queue("update head set number = $1, digest = $2", number, digest)
	return number, tx.SendBatch(ctx, second).Close()
}
