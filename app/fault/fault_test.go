package fault

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"handback/app/words"
)

func TestEachKindHasItsExitStatus(t *testing.T) {
	for kind, want := range map[Kind]int{Unexpected: 1, Usage: 2, Input: 3, Hardware: 4, Secret: 5, Write: 6, Connection: 7,
		Refused: 8, Unknown: 9, "": 0, "no such kind": 1} {
		if got := kind.ExitStatus(); got != want {
			t.Errorf("%q: %d, want %d", kind, got, want)
		}
	}
	if len(kinds) != 9 {
		t.Errorf("%d kinds: the statuses are 1 to 9", len(kinds))
	}
}

func TestTheKindOfAnErrorIsFoundThroughItsWrappers(t *testing.T) {
	base := New(Write, "durable.exists", "path", "a")
	for _, row := range []struct {
		name string
		err  error
		want Kind
	}{
		{"bare", base, Write},
		{"named", Named("a.req", base), Write},
		{"wrapped", fmt.Errorf("outer: %w", base), Write},
		{"with a cause of another kind", New(Input, "carry.empty").Because(base), Input},
		{"joined", errors.Join(io.EOF, base), Write},
		{"none", io.EOF, Unexpected},
	} {
		if got := KindOf(row.err); got != row.want {
			t.Errorf("%s: %s", row.name, got)
		}
	}
}

func TestFaultsAreTheSameByTheirKeyWhateverTheySay(t *testing.T) {
	exists := New(Write, "durable.exists", "path", "a")
	if !errors.Is(exists, New(Write, "durable.exists")) || !errors.Is(Named("x", exists.Because(io.EOF)), New(Usage, "durable.exists", "path", "b")) {
		t.Error("the same key is not the same fault")
	}
	if errors.Is(exists, New(Write, "durable.failed")) || errors.Is(exists, io.EOF) {
		t.Error("another key is the same fault")
	}
	if !errors.Is(exists.Because(io.EOF), io.EOF) {
		t.Error("the cause cannot be found")
	}
}

func TestBecauseLeavesTheFaultItselfAlone(t *testing.T) {
	sentinel := New(Input, "carry.stopped")
	if with := sentinel.Because(io.EOF); sentinel.Cause != nil || !errors.Is(with.Cause, io.EOF) || with.Key != sentinel.Key {
		t.Errorf("%+v, %+v", sentinel, with)
	}
}

func TestACauseIsShownAfterTheTextWithoutRepeatingThePath(t *testing.T) {
	w := words.English()
	path := filepath.Join(t.TempDir(), "none.req")
	_, missing := os.Open(path)
	renamed := os.Rename(path, path+".other")
	for _, row := range []struct {
		name  string
		cause error
		want  string
	}{
		{"plain", errors.New("sunspots"), ": sunspots"},
		{"of a path", missing, ": " + w.Text("reason.not_exist")},
		{"of a link", renamed, ": " + w.Text("reason.not_exist")},
		{"of a path, with a reason that is not known", &fs.PathError{Op: "open", Path: path, Err: errors.New("sunspots")}, ": sunspots"},
		{"of a link, with a reason that is not known", &os.LinkError{Op: "link", Old: path, New: path, Err: errors.New("sunspots")}, ": sunspots"},
		{"a fault", New(Hardware, "machine.not_regular"), ": " + w.Text("machine.not_regular")},
	} {
		f := New(Input, "durable.unreadable", "path", path).Because(row.cause)
		if got, want := f.Error(), w.Text("durable.unreadable", "path", path)+row.want; got != want {
			t.Errorf("%s: %q, want %q", row.name, got, want)
		}
		if strings.Count(f.Error(), path) != 1 {
			t.Errorf("%s: %q names the path more than once", row.name, f.Error())
		}
	}
}

func TestANameStandsBeforeTheText(t *testing.T) {
	w := words.English()
	err := Named("a.req", Named("code", New(Input, "carry.empty")))
	e := Explain(err, w)
	if e.Message != "a.req: code: "+w.Text("carry.empty") || e.Message != err.Error() || e.Kind != Input || e.Advice != w.Text("carry.empty.advice") {
		t.Errorf("%+v, %v", e, err)
	}
}

func TestAnExplanationSaysWhatHappenedAndWhatToDo(t *testing.T) {
	w := words.English()
	for _, row := range []struct {
		name string
		err  error
		want Explanation
	}{
		{"fault", New(Write, "durable.exists", "path", "a.req"), Explanation{Write, "a.req exists already", w.Text("durable.exists.advice")}},
		{"advice with a placeholder", New(Connection, "answer.no_connection", "tried", "acme.example", "host", "acme.example"),
			Explanation{Connection, "no connection to acme.example", w.Text("answer.no_connection.advice", "tried", "acme.example", "host", "acme.example")}},
		{"no fault", errors.New("sunspots"), Explanation{Unexpected, "sunspots", w.Text("fault.unexpected.advice")}},
		{"no fault, with a usual reason", &fs.PathError{Op: "open", Path: "a.req", Err: fs.ErrPermission},
			Explanation{Unexpected, "a.req: access is denied", w.Text("fault.unexpected.advice")}},
		{"no advice", New(Input, "no.such.key"), Explanation{Input, "no.such.key", ""}},
	} {
		if got := Explain(row.err, w); got != row.want {
			t.Errorf("%s: %+v, want %+v", row.name, got, row.want)
		}
	}
}

func TestAParagraphIsWholeSentences(t *testing.T) {
	for want, e := range map[string]Explanation{
		"It broke. Try again.": {Message: "it broke", Advice: "Try again."},
		"It broke.":            {Message: "it broke"},
		"Is it there? Look.":   {Message: "is it there?", Advice: "Look."},
	} {
		if got := e.Paragraph(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestAnExplanationEncodesByTheNamesThatAreDocumented(t *testing.T) {
	text, err := json.Marshal(Explanation{Write, "what", "do"})
	if err != nil || string(text) != `{"kind":"write","message":"what","advice":"do"}` {
		t.Errorf("%s, %v", text, err)
	}
}
