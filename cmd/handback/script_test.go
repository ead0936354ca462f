package main

import (
	"errors"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/testscript"

	"handback/app/apptest"
	"handback/app/durable"
	"handback/app/fault"
)

func TestMain(m *testing.M) {
	if os.Getenv("GORACE") == "" {
		os.Setenv("GORACE", "atexit_sleep_ms=0") // otherwise each process waits one second with the race detector
	}
	testscript.Main(m, map[string]func(){
		"handback": func() { os.Exit(overheard()) },
		"handback-on-a-slow-disk": func() {
			durable.Inject(func(call string) error {
				if call == "sync" {
					time.Sleep(5 * time.Second)
				}
				return nil
			})
			os.Exit(overheard())
		},
		"handback-crashes":       func() { os.Exit(execute(crashing{}, os.Stderr)) },
		"handback-on-one-thread": func() { os.Exit(onOneThread()) },
		"unprivileged":           func() { os.Exit(unprivileged(os.Args[1:])) },
	})
}

// TestScripts runs the scripts in testdata/script, each named for what it promises. Every
// script has in its folder the vendor's files from testdata/vendor and key.txt, the
// shared key, and in $CASES examples of what people bring.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                filepath.Join("testdata", "script"),
		Setup:              prepare,
		Condition:          conditions,
		RequireUniqueNames: true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"fails":     fails,
			"holds":     holds,
			"typed":     typed,
			"lines":     lines,
			"json":      jsonValue,
			"keep":      keep,
			"fill":      fill,
			"listening": listening,
			"large":     large,
			"besieged":  besieged,
			"answers":   answers,
		},
	})
}

// conditions has [mounts], the script may mount file systems in its own namespace, as root
// can on Linux; and [race], the race detector slows everything down.
func conditions(condition string) (bool, error) {
	switch condition {
	case "mounts":
		return runtime.GOOS == "linux" && exec.Command("unshare", "-m", "true").Run() == nil, nil
	case "race":
		return apptest.Race(), nil
	}
	return false, errors.New("an unknown condition")
}

// overheardIn names the folder with a copy of what each process prints.
const overheardIn = "HANDBACK_TEST_OVERHEARD"

// overheard runs the command, with a copy of its output in a file named for the process.
func overheard() int {
	name := filepath.Join(os.Getenv(overheardIn), strconv.Itoa(os.Getpid()))
	log, err := os.OpenFile(name, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		panic(err)
	}
	defer log.Close()
	return execute(io.MultiWriter(os.Stdout, log), io.MultiWriter(os.Stderr, log))
}

// onOneThread runs the command with its work on one thread: strace counts the system
// calls of each thread separately.
func onOneThread() int {
	runtime.LockOSThread()
	return execute(os.Stdout, os.Stderr)
}

// unprivileged runs a command that has to obey file permissions, which root need not.
func unprivileged(args []string) int {
	if os.Geteuid() == 0 {
		const obey = "-dac_override,-dac_read_search"
		args = append([]string{"setpriv", "--bounding-set=" + obey, "--inh-caps=" + obey}, args...)
	}
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
		panic(err) // setpriv is in Debian's package util-linux
	}
	return cmd.ProcessState.ExitCode()
}

// prepare gives a script its files and its own home. When the script has ended, nothing
// that was printed or written may contain the shared key.
func prepare(env *testscript.Env) error {
	t := env.T().(testing.TB)
	printed := t.TempDir()
	env.Setenv(overheardIn, printed)
	env.Setenv("HANDBACK_HOME", filepath.Join(env.WorkDir, "home"))
	cases, err := filepath.Abs(filepath.Join("testdata", "cases"))
	if err != nil {
		return err
	}
	env.Setenv("CASES", cases)
	if err := os.CopyFS(env.WorkDir, os.DirFS(filepath.Join("testdata", "vendor"))); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(env.WorkDir, "key.txt"), []byte(canary+"\n"), 0o600); err != nil {
		return err
	}
	given := snapshot(env.WorkDir)
	env.Defer(func() {
		noCanary(t, printed, nil)
		noCanary(t, env.WorkDir, given)
	})
	return nil
}

// fails is the script command fails STATUS COMMAND...: the command ends with this exit
// status, prints something, and no file has appeared, disappeared or changed; if
// something was submitted (7 to 9), none except the journal's.
func fails(ts *testscript.TestScript, neg bool, args []string) {
	want, err := strconv.Atoi(args[0])
	if neg || err != nil || want == 0 {
		ts.Fatalf("usage: fails STATUS COMMAND...")
	}
	work := ts.Getenv("WORK")
	before := snapshot(work)
	got := 0
	var exit *exec.ExitError
	switch err := ts.Exec(args[1], args[2:]...); {
	case errors.As(err, &exit):
		got = exit.ExitCode()
	case err != nil:
		ts.Fatalf("%v", err)
	}
	if got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
	if ts.ReadFile("stdout")+ts.ReadFile("stderr") == "" {
		ts.Fatalf("it failed without a word")
	}
	after := snapshot(work)
	if want >= fault.Connection.ExitStatus() {
		for _, all := range []map[string]file{before, after} {
			maps.DeleteFunc(all, func(path string, _ file) bool {
				return strings.HasPrefix(path, "home") || strings.HasSuffix(path, ".receipt.txt") && want >= fault.Refused.ExitStatus()
			})
		}
	}
	if diff := cmp.Diff(before, after); diff != "" {
		ts.Fatalf("files were left or changed (-before +after):\n%s", diff)
	}
}

// holds is the script command holds FOLDER NAME...: the folder has these files, sorted,
// and no others.
func holds(ts *testscript.TestScript, neg bool, args []string) {
	entries, err := os.ReadDir(ts.MkAbs(args[0]))
	ts.Check(err)
	got := []string{}
	for _, entry := range entries {
		got = append(got, entry.Name())
	}
	if diff := cmp.Diff(append([]string{}, args[1:]...), got); neg || diff != "" {
		ts.Fatalf("%s holds (-want +got):\n%s", args[0], diff)
	}
}

// typed is the script command typed SHEET FILE: copies the lines of a sheet that a person
// types, in order and in small letters.
func typed(ts *testscript.TestScript, _ bool, args []string) {
	var lines strings.Builder
	for _, match := range regexp.MustCompile(`<li>([0-9]+ [A-Z2-7 ]+)</li>`).FindAllStringSubmatch(ts.ReadFile(args[0]), -1) {
		lines.WriteString(strings.ToLower(match[1]) + "\n")
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(lines.String()), 0o600))
}

// lines is the script command lines FILE TEXT...: writes typed lines, in small letters.
func lines(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.ToLower(strings.Join(args[1:], "\n"))+"\n"), 0o600))
}

// large is the script command large FILE: writes the beginning of a PNG file of 21 MiB.
func large(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), append([]byte("\x89PNG\r\n\x1a\n"), make([]byte, 21<<20)...), 0o600))
}

// fill is the script command fill FILE: replaces each $NAME in the file by the script's
// variable.
func fill(ts *testscript.TestScript, _ bool, args []string) {
	path := ts.MkAbs(args[0])
	ts.Check(os.WriteFile(path, []byte(os.Expand(ts.ReadFile(path), ts.Getenv)), 0o600))
}

// listening is a script command that waits until the sandbox that was last started in the
// background prints its address: $ADDRESS, and as a URL $SANDBOX.
func listening(ts *testscript.TestScript, _ bool, _ []string) {
	started := ts.BackgroundCmds()
	printed := filepath.Join(ts.Getenv(overheardIn), strconv.Itoa(started[len(started)-1].Process.Pid))
	var text []byte
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		text, _ = os.ReadFile(printed)
		if found := listeningLine.FindSubmatch(text); found != nil {
			ts.Setenv("ADDRESS", string(found[1]))
			ts.Setenv("SANDBOX", "http://"+string(found[1]))
			return
		}
	}
	ts.Fatalf("the sandbox does not listen; it said: %s", text)
}
