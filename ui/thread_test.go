package ui

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"handback/app/carry"
)

// touching are methods that change what is on the window.
var touching = []string{"SetText", "Show", "Hide", "Refresh", "Add", "Remove", "RemoveAll", "Enable", "Disable", "Focus", "Unfocus", "SetContent",
	"Select", "SelectIndex", "UnselectAll", "SetSelected", "SetSelectedIndex", "SetChecked", "Resize", "Move", "SetResource", "SetTitle",
	"SetPlaceHolder", "Start", "Stop", "ScrollToOffset", "SetFullScreen", "SetIcon", "showResult", "showSaved", "show", "showError", "showMessage", "confirm", "focus", "build", "use"}

// F54: Fyne may be used on one thread only. Off it run the jobs that are passed to work,
// and what a go statement starts.
func TestNoWidgetIsTouchedOffTheUIThread(t *testing.T) {
	paths, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	jobs := 0
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				name := called(n)
				if job, ok := first(n); ok && (name == "work" || name == "Start") {
					jobs++
					offThread(t, set, job.Body, n)
				}
			case *ast.GoStmt:
				jobs++
				if job, ok := n.Call.Fun.(*ast.FuncLit); ok {
					offThread(t, set, job.Body, nil)
				} else {
					t.Errorf("%s: what runs there is not seen", set.Position(n.Pos()))
				}
			}
			return true
		})
	}
	if jobs < 15 {
		t.Errorf("only %d jobs were found", jobs)
	}
}

func called(c *ast.CallExpr) string {
	if s, ok := c.Fun.(*ast.SelectorExpr); ok {
		return s.Sel.Name
	}
	return ""
}

func first(c *ast.CallExpr) (*ast.FuncLit, bool) {
	if len(c.Args) == 0 {
		return nil, false
	}
	job, ok := c.Args[0].(*ast.FuncLit)
	return job, ok
}

// offThread reports calls in a job that change the window, except inside Do.
func offThread(t *testing.T, set *token.FileSet, body ast.Node, job *ast.CallExpr) {
	ast.Inspect(body, func(n ast.Node) bool {
		c, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		name := called(c)
		if name == "Do" {
			return false
		}
		if s, ok := c.Fun.(*ast.SelectorExpr); ok && slices.Contains(touching, name) {
			if inner, ok := s.X.(*ast.Ident); ok && slices.Contains([]string{"ticker", "crash", "profile", "secret"}, inner.Name) {
				return true // a clock, or a package below app
			}
			if inner, ok := s.X.(*ast.SelectorExpr); ok && inner.Sel.Name == "batch" {
				return true // it belongs to app, which knows no window
			}
			t.Errorf("%s: %s is called off the UI thread", set.Position(c.Pos()), name)
		}
		return true
	})
}

// The benchmark BenchmarkUIThread has the figures of these jobs.
func TestCreatingDrawingReadingAndSubmittingLeaveTheUIThreadFree(t *testing.T) {
	d := sitWithKey(t, acme)
	d.typeID(hardwareID)
	d.typed(licenseKey)
	d.enter()
	d.slow = true
	waits := func(what string, done func() bool) {
		t.Helper()
		if done() || len(d.queue) == 0 {
			t.Errorf("%s was done on the UI thread", what)
		}
		d.doWork()
		if !done() {
			t.Errorf("%s was not done at all", what)
		}
	}
	d.tap("ui.create")
	waits("creating", func() bool { return d.carry != nil })
	d.carry.codes.codes = nil
	d.carry.codes.load(carry.Drawing{Density: carry.LowDensity})
	waits("drawing", func() bool { return len(d.carry.codes.codes) > 0 })
	codes, err := d.carry.made.Codes(carry.Drawing{})
	if err != nil {
		t.Fatal(err)
	}
	picture, err := codes[0].PNG(6)
	if err != nil {
		t.Fatal(err)
	}
	d.Open(d.file(string(picture)))
	waits("reading", func() bool { return len(d.submit.rows) == 1 && d.submit.rows[0].Request != nil })
	d.tap("ui.send")
	waits("submitting", func() bool { return d.submit.rows[0].Submission != nil })
	d.tap("ui.receipt.show")
}
