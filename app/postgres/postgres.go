// Package postgres stores what a desk has in a PostgreSQL database, so that several programs
// behind a load balancer share it. [Open] returns a [Database], which is a [desk.Store] and has
// a [Journal].
//
// All statements are constant texts with parameters.
package postgres

import (
	"cmp"
	"context"
	"embed"
	"errors"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"handback/app/desk"
	"handback/app/fault"
)

// ErrPassword means that the database's address has a password, which other people on the
// computer could see.
var ErrPassword = fault.New(fault.Usage, "postgres.password")

// ErrAddress means that the database's address cannot be read.
var ErrAddress = fault.New(fault.Usage, "postgres.address")

// Times.
const (
	connectTime = 5 * time.Second
	callTime    = 10 * time.Second // of one call of the Store
	readyTime   = 2 * time.Second
	migrateTime = 2 * time.Minute
	sweepVisits = time.Minute
)

// maxConnections is how many connections a program has unless pool_max_conns in the address says
// otherwise. One of them has the locks.
const (
	maxConnections = 16
	minConnections = 3
)

//go:embed *.sql
var migrations embed.FS

// Database is a desk's record in a PostgreSQL database. Several goroutines and several
// programs may use it at the same time. After the database was restarted it connects anew.
type Database struct {
	pool    *pgxpool.Pool
	journal *Journal

	mu    sync.Mutex
	swept time.Time // when old visits were removed
}

// Is reports whether a text is the address of a database, and not a folder.
func Is(address string) bool {
	return strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://")
}

// config reads an address of the form postgres://USER@HOST/DATABASE. What it lacks comes
// from the environment and the password file, as for PostgreSQL's own programs.
func config(address string) (*pgxpool.Config, error) {
	parsed, err := url.Parse(address)
	if err != nil {
		return nil, ErrAddress // without the cause, which would repeat the address
	}
	if _, has := parsed.User.Password(); has || parsed.Query().Has("password") || parsed.Query().Has("sslpassword") {
		return nil, ErrPassword
	}
	c, err := pgxpool.ParseConfig(address)
	if err != nil {
		return nil, ErrAddress
	}
	if !parsed.Query().Has("pool_max_conns") {
		c.MaxConns = maxConnections
	}
	c.MaxConns = max(c.MaxConns, minConnections)
	c.ConnConfig.ConnectTimeout = cmp.Or(c.ConnConfig.ConnectTimeout, connectTime)
	for name, value := range map[string]string{
		"application_name": "handback-desk",
		"timezone":         "UTC",
		// A program that hangs in a transaction must not stop the others.
		"idle_in_transaction_session_timeout": "10s",
		"statement_timeout":                   "30s",
		// A computer that is gone gives up its locks after a minute.
		"tcp_keepalives_idle": "30", "tcp_keepalives_interval": "10", "tcp_keepalives_count": "3",
	} {
		if c.ConnConfig.RuntimeParams[name] == "" {
			c.ConnConfig.RuntimeParams[name] = value
		}
	}
	return c, nil
}

// Open connects to the database at an address and brings its tables to the form of this
// version. Programs that do so at the same time wait for each other. It fails with
// [ErrPassword], [ErrAddress] or [desk.ErrUnavailable].
func Open(ctx context.Context, address string) (*Database, error) {
	c, err := config(address)
	if err != nil {
		return nil, err
	}
	if err := migrate(ctx, c.ConnConfig); err != nil {
		return nil, desk.ErrUnavailable.Because(err)
	}
	pool, err := pgxpool.NewWithConfig(context.WithoutCancel(ctx), c)
	if err != nil {
		return nil, desk.ErrUnavailable.Because(err)
	}
	d := &Database{pool: pool}
	d.journal = &Journal{database: d}
	return d, nil
}

func migrate(ctx context.Context, c *pgx.ConnConfig) error {
	ctx, cancel := context.WithTimeout(ctx, migrateTime)
	defer cancel()
	db := stdlib.OpenDB(*c)
	defer db.Close()
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 60), lock.WithUnlockTimeout(1, 10))
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, db, migrations, goose.WithSessionLocker(locker))
	if err != nil {
		return err
	}
	_, err = provider.Up(ctx)
	return err
}

// Close ends the connections.
func (d *Database) Close() error {
	d.journal.close()
	d.pool.Close()
	return nil
}

// Ready fails with [desk.ErrUnavailable] if the database does not answer, or is one that
// cannot be written.
func (d *Database) Ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyTime)
	defer cancel()
	standby, err := one(ctx, d, pgx.RowTo[bool], "select pg_is_in_recovery()")
	if err == nil && standby {
		err = desk.ErrUnavailable
	}
	return err
}

// failure returns an error as a Store has it.
func failure(err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, pgx.ErrNoRows) {
		return desk.ErrNone
	}
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		return f
	}
	return desk.ErrUnavailable.Because(err)
}

// SQLSTATEs with which the database ends a connection before it has done anything.
var gone = map[string]bool{
	"57P01": true, // admin_shutdown
	"57P02": true, // crash_shutdown
	"57P03": true, // cannot_connect_now
}

// repeatable reports whether a call that failed has changed nothing: the connection was
// lost before the database had it.
func repeatable(err error) bool {
	if ended, ok := errors.AsType[*pgconn.PgError](err); ok {
		return gone[ended.Code]
	}
	return pgconn.SafeToRetry(err)
}

// passing reports whether a failed call may succeed in a moment: the database cannot be
// reached, or has ended the connection.
func passing(err error) bool {
	ended, ok := errors.AsType[*pgconn.PgError](err)
	return !ok || gone[ended.Code] || strings.HasPrefix(ended.Code, "08") || strings.HasPrefix(ended.Code, "40") || strings.HasPrefix(ended.Code, "53")
}

// call makes a call on a connection, and once more on another one if the database was
// restarted meanwhile.
func (d *Database) call(ctx context.Context, do func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	err := do(ctx)
	if err != nil && ctx.Err() == nil && repeatable(err) {
		d.pool.Reset() // the other connections are lost, too
		err = do(ctx)
	}
	return failure(err)
}

// exec runs one statement, and returns how many rows it changed.
func (d *Database) exec(ctx context.Context, statement string, values ...any) (changed int64, err error) {
	err = d.call(ctx, func(ctx context.Context) error {
		tag, err := d.pool.Exec(ctx, statement, clean(values)...)
		changed = tag.RowsAffected()
		return err
	})
	return changed, err
}

// one reads one row.
func one[T any](ctx context.Context, d *Database, row pgx.RowToFunc[T], statement string, values ...any) (value T, err error) {
	err = d.call(ctx, func(ctx context.Context) error {
		rows, err := d.pool.Query(ctx, statement, clean(values)...)
		if err == nil {
			value, err = pgx.CollectExactlyOneRow(rows, row)
		}
		return err
	})
	return value, err
}

// all reads all rows.
func all[T any](ctx context.Context, d *Database, row pgx.RowToFunc[T], statement string, values ...any) (found []T, err error) {
	err = d.call(ctx, func(ctx context.Context) error {
		rows, err := d.pool.Query(ctx, statement, clean(values)...)
		if err == nil {
			found, err = pgx.CollectRows(rows, row)
		}
		return err
	})
	return found, err
}

// change runs statements as one transaction.
func (d *Database) change(ctx context.Context, do func(context.Context, pgx.Tx) error) error {
	return d.call(ctx, func(ctx context.Context) error {
		return pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error { return do(ctx, tx) })
	})
}

// clean returns parameters with texts that the database can have: valid UTF-8 without the
// character 0.
func clean(values []any) []any {
	for i, value := range values {
		if text, ok := value.(string); ok {
			values[i] = strings.ReplaceAll(strings.ToValidUTF8(text, "\ufffd"), "\x00", "\ufffd")
		}
	}
	return values
}
