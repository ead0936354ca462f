// Package postgrestest starts a PostgreSQL server for tests. Only tests import it.
package postgrestest

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Server is a PostgreSQL server on a Unix socket in a folder of its own. It ends with the
// test.
type Server struct {
	t         testing.TB
	folder    string
	settings  []string
	running   *exec.Cmd
	ended     chan struct{} // closed when running has ended
	databases atomic.Int32
}

// Start starts a server with settings of the form NAME=VALUE. Unless they say otherwise, it
// does not wait for the disk.
func Start(t testing.TB, settings ...string) *Server {
	t.Helper()
	folder, err := os.MkdirTemp("/tmp", "handback-") // the path of a socket must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	if who := credential(t); who != nil {
		if err := os.Chown(folder, int(who.Uid), int(who.Gid)); err != nil {
			t.Fatal(err)
		}
	}
	s := &Server{t: t, folder: folder, settings: append([]string{"fsync=off", "listen_addresses=", "unix_socket_directories=" + folder, "max_connections=200"}, settings...)}
	initdb := s.command("initdb", "--no-sync", "--no-instructions", "--auth=trust", "--username=handback", "--encoding=UTF8", "--locale=C", "--pgdata="+s.data())
	if said, err := initdb.CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v\n%s", err, said)
	}
	s.Begin()
	t.Cleanup(s.End)
	return s
}

// credential returns the user that the server runs as where the tests run as root, which
// PostgreSQL refuses.
func credential(t testing.TB) *syscall.Credential {
	if os.Getuid() != 0 {
		return nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		if who, err := user.Lookup(name); err == nil {
			uid, _ := strconv.ParseUint(who.Uid, 10, 32)
			gid, _ := strconv.ParseUint(who.Gid, 10, 32)
			return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		}
	}
	t.Fatal("PostgreSQL does not run as root, and there is no other user")
	return nil
}

func (s *Server) data() string { return filepath.Join(s.folder, "data") }

// command returns one of the server's programs, which Debian does not have in the PATH.
func (s *Server) command(name string, args ...string) *exec.Cmd {
	s.t.Helper()
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if path, err := exec.LookPath(name); err == nil {
		found = append(found, path)
	}
	if len(found) == 0 {
		s.t.Fatalf("%s is missing: install Debian's package postgresql (make need-test)", name)
	}
	cmd := exec.Command(found[0], args...)
	cmd.Dir, cmd.Env = s.folder, append(os.Environ(), "LC_ALL=C")
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: credential(s.t), Setpgid: true, Pdeathsig: syscall.SIGQUIT}
	return cmd
}

// Begin starts the server again after [Server.End], and returns when it answers.
func (s *Server) Begin() {
	s.t.Helper()
	args := []string{"-D", s.data()}
	for _, setting := range s.settings {
		args = append(args, "-c", setting)
	}
	log := &strings.Builder{}
	cmd, ended, started := s.command("postgres", args...), make(chan struct{}), make(chan error)
	cmd.Stderr = log
	go func() { // the thread that starts the server must not end before it does: see Pdeathsig in prctl(2)
		runtime.LockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait()
		}
		close(ended)
	}()
	if err := <-started; err != nil {
		s.t.Fatal(err)
	}
	s.running, s.ended = cmd, ended
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		connection, err := pgx.Connect(context.Background(), s.Address("postgres"))
		if err == nil {
			_ = connection.Close(context.Background())
			return
		}
		select {
		case <-ended:
			s.t.Fatalf("PostgreSQL has ended:\n%s", log)
		default:
		}
		if time.Now().After(deadline) {
			s.t.Fatalf("PostgreSQL does not answer: %v", err)
		}
	}
}

// End ends the server, and all connections with it.
func (s *Server) End() {
	_ = s.running.Process.Signal(syscall.SIGINT) // a fast shutdown
	<-s.ended
}

// Address returns the address of a database.
func (s *Server) Address(database string) string {
	return "postgres://handback@/" + database + "?host=" + url.QueryEscape(s.folder)
}

// Database makes an empty database, and returns its address.
func (s *Server) Database(t testing.TB) (address string) {
	t.Helper()
	connection, err := pgx.Connect(context.Background(), s.Address("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = connection.Close(context.Background()) }()
	name := fmt.Sprint("desk", s.databases.Add(1))
	if _, err := connection.Exec(context.Background(), "create database "+pgx.Identifier{name}.Sanitize()); err != nil {
		t.Fatal(err)
	}
	return s.Address(name)
}
