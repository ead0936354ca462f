package ui

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"handback/app"
	"handback/app/apptest"
	"handback/app/crash"
	"handback/app/portal"
	"handback/app/secret"
	"handback/app/words"
	"handback/ui/kit"
)

// pages visits every page of the window, with the practice profile and a real one.
func pages(t *testing.T, settings app.Settings, visit func(name string, d *desk)) {
	for profile, text := range map[string]string{"practice": practice, "real": acme, "users": acme + "product.authorization_method = 'user'\n"} {
		d := sitWithKey(t, text)
		d.wear(settings)
		visit(profile+", release", d)
		d.typeID("00000000-0000-0000-0000-000000000000")
		visit(profile+", release with a doubt", d)
		d.tap("ui.other")
		visit(profile+", not this computer", d)
		d.tap("ui.dead")
		visit(profile+", dead computer", d)
		d.tap("ui.cancel")
		d.tap("ui.settings")
		visit(profile+", settings", d)
		d.tap("ui.cancel")
		d.tap("ui.help")
		visit(profile+", help", d)
		d.tap("ui.close")
		d.tap("ui.card")
		visit(profile+", card", d)
		d.tap("ui.close")
		d.tap("ui.ids.show")
		visit(profile+", hardware IDs", d)
		d.tap("ui.close")
		d.window.Canvas().Focus(d.release.owner)
		d.typed("look–alike dash")
		visit(profile+", release with a problem", d)
		d.release.owner.SetText("")
		d.typed(licenseKey)
		visit(profile+", release filled in", d)
		d.enter()
		visit(profile+", what leaves", d)
		d.tap("ui.check.all")
		visit(profile+", all that leaves", d)
		d.tap("ui.create")
		visit(profile+", carry", d)
		d.UI.close()
		visit(profile+", close?", d)
		d.tap("ui.cancel")
		d.tap("ui.save")
		visit(profile+", carry saved", d)
		d.tap("ui.done.another")
		for i, way := range d.carry.ways.Buttons {
			d.carry.ways.Choose(i)
			visit(profile+", carry by "+way.Text, d)
		}
		d.tap("ui.copy_text")
		visit(profile+", copied", d)
		d.tap("ui.done.another")
		d.carry.ways.Choose(codeRoad)
		d.tap("ui.codes.full")
		visit(profile+", code on the whole screen", d)
		d.tap("ui.codes.leave")
		d.carry.ways.Choose(paperRoad)
		d.tap("ui.print")
		visit(profile+", printed", d)
		d.tap("ui.done.another")
		d.carry.ways.Choose(fileRoad)
		apptest.Write(t, d.carry.made.Files[0].Path, "another's")
		d.tap("ui.save")
		visit(profile+", replace?", d)
		d.tap("ui.cancel")
		d.carry.folder.SetText("/none/such")
		d.tap("ui.save")
		visit(profile+", error", d)
		d.tap("ui.close")
		d.tabs.SelectIndex(1)
		visit(profile+", submit", d)
		d.tap("ui.open")
		visit(profile+", open", d)
		d.tap("ui.cancel")
		d.choose(portal.Question{Title: d.UI.t("ui.choose.folder"), Folders: true}, nil)
		visit(profile+", choose a folder", d)
		d.tap("ui.cancel")
		d.choose(portal.Question{Title: d.UI.t("ui.choose.id")}, nil)
		visit(profile+", choose a file", d)
		d.tap("ui.cancel")
		d.Open(d.file(d.made().Encode()), d.file("<html>"), "/none/such")
		visit(profile+", submit with files", d)
		d.submit.list.Select(2)
		d.tap("ui.details")
		visit(profile+", submit with a request", d)
		d.submit.filter.Choose(string(app.NeedsYou))
		visit(profile+", submit filtered", d)
		d.submit.filter.Choose("")
		d.slow = true
		d.tap("ui.send")
		visit(profile+", submitting", d)
		d.doWork()
		d.slow = false
		d.submit.list.Select(2)
		visit(profile+", submitted", d)
		d.tap("ui.receipt.show")
		visit(profile+", receipt", d)
		d.tap("ui.close")
		for tab, p := range d.UI.pages() {
			if tab >= historyTab {
				d.tabs.SelectIndex(tab)
				visit(profile+", "+strings.TrimPrefix(p.name, "ui."), d)
			}
		}
		d.tabs.SelectIndex(historyTab)
		d.tap("ui.history.details")
		visit(profile+", history with a record's text", d)
		d.history.search.SetText("nowhere")
		visit(profile+", history without a match", d)
		d.history.search.SetText("")
		d.tabs.SelectIndex(profilesTab)
		if text != practice {
			d.tap("ui.profiles.set")
			visit(profile+", set the shared key", d)
			d.tap("ui.cancel")
			d.tap("ui.profiles.remove")
			visit(profile+", remove a profile", d)
			d.tap("ui.cancel")
		}
		d.importProfile(profileFile(t, "Beta CAM"))
		visit(profile+", import a profile", d)
		d.tap("ui.cancel")
		d.tabs.SelectIndex(submitTab)
		d.tap("ui.clear")
		d.tap("ui.lines")
		visit(profile+", lines", d)
		d.tap("ui.cancel")
		d.opened(d.made().Encode())
		visit(profile+", released before", d)
		d.tap("ui.again")
		d.tap("ui.send")
		visit(profile+", refused", d)
	}
	for name, texts := range map[string][]string{"first start": nil, "several profiles": {acme, strings.Replace(acme, "Acme CAD", "Bolt CAM", 1)}} {
		d := begin(t, app.Settings{}, texts...)
		d.wear(settings)
		d.Open(d.file("<html>"))
		visit(name, d)
	}
	d := sit(t, acme)
	d.wear(settings)
	d.promptSecret(d.app, nil, secretAnswers{unsigned: func() {}})
	visit("shared key", d)
	d.tap("ui.cancel")
	d.OfferReports([]crash.Report{{Text: "what it said"}})
	visit("crash report", d)
}

func TestNoTextIsLeftUntranslated(t *testing.T) {
	file, err := os.ReadFile("../assets/translation/en.json")
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]string{}
	if err := json.Unmarshal(file, &keys); err != nil {
		t.Fatal(err)
	}
	likeKey := regexp.MustCompile(`\b(ui|app|member|source|signature|outcome|answer|code|carry|durable|machine|request)\.[a-z_]+(\.[a-z_]+)*\b`)
	count := 0
	pages(t, app.Settings{}, func(name string, d *desk) {
		for _, text := range d.texts() {
			count++
			if keys[text] != "" || likeKey.MatchString(text) || strings.Contains(text, "<no value>") || strings.Contains(text, "{{") {
				t.Errorf("%s: %q", name, text)
			}
		}
	})
	if count < 500 {
		t.Errorf("only %d texts were read", count)
	}
}

func TestPracticeIsMarkedOnEveryPageByWords(t *testing.T) {
	pages(t, app.Settings{}, func(name string, d *desk) {
		for _, open := range d.window.Canvas().Overlays().List() { // errors behind another dialog
			open.Hide()
			defer open.Show()
		}
		marked := false
		eachOf(d.window.Canvas().Content(), func(o fyne.CanvasObject) {
			label, ok := o.(*widget.Label)
			marked = marked || ok && label.Text == d.UI.t("ui.practice")
		})
		if d.full != nil || d.app == nil {
			return // codes are for phones, and without a profile there is only a question
		}
		if want := d.app.Profile.Practice; marked != want {
			t.Errorf("%s: marked %v", name, marked)
		}
	})
}

func TestARealProfileIsNamedOnEveryPage(t *testing.T) {
	d := sitWithKey(t, acme)
	d.expect("Acme CAD · https://api.acme.example")
	d.carryIt()
	d.expect("Acme CAD · https://api.acme.example")
	d.tabs.SelectIndex(1)
	d.expect("Acme CAD · https://api.acme.example")
}

func TestEveryPageFitsTheWindowItOpensIn(t *testing.T) {
	pages(t, app.Settings{}, func(name string, d *desk) {
		least := d.window.Canvas().Content().MinSize()
		if least.Width > 1000 || least.Height > 720 {
			t.Errorf("%s needs %v", name, least)
		}
	})
}

func TestAProfileThatCannotBeUsedIsExplainedInTheWindow(t *testing.T) {
	for name, row := range map[string]struct{ profile, says string }{
		"secret inside": {acme + "shared_key = 'x'\n", "named like a secret"},
		"syntax":        {"name = ", "line 1"},
		"http":          {strings.Replace(acme, "https://api", "http://api", 1), "server.endpoint must be an https address"},
	} {
		d := sit(t, row.profile)
		if !d.reads(row.says) || !d.reads("profile") {
			t.Errorf("%s:\n%s", name, d)
		}
		d.Open("a.req") // no page is there to read it
		d.dropped(nil)
	}
}

func TestEnterActsOnAButtonAsSpaceDoesUnlessItIsDisabled(t *testing.T) {
	test.NewTempApp(t)
	pressed := 0
	b := kit.NewButton("b", nil, func() { pressed++ })
	w := test.NewTempWindow(t, b)
	w.Canvas().Focus(b)
	for _, key := range []fyne.KeyName{fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace, fyne.KeyA} {
		b.TypedKey(&fyne.KeyEvent{Name: key})
	}
	if pressed != 3 {
		t.Errorf("pressed %d times", pressed)
	}
	b.Disable()
	b.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if pressed != 3 {
		t.Error("a disabled button acted")
	}
}

func TestOneDialogIsOpenAtATime(t *testing.T) {
	d := sit(t, acme)
	d.promptSecret(d.app, nil, secretAnswers{given: func(secret.Secret) { t.Error("the first question was answered") }})
	d.promptSecret(d.app, nil, secretAnswers{})
	if open := d.window.Canvas().Overlays().List(); len(open) != 1 {
		t.Errorf("%d dialogs are open", len(open))
	}
}

func TestLongWorkOfTheReleasePageRunsApart(t *testing.T) {
	d := sitWithKey(t, acme)
	d.typeID(hardwareID)
	d.typed(licenseKey)
	d.enter()
	d.slow = true
	d.enter()
	if d.carry != nil || !d.release.create.Disabled() {
		t.Error("the request was made on the window's own thread, or can be made again meanwhile")
	}
	d.release.submit()
	if len(d.queue) != 1 {
		t.Errorf("%d jobs wait", len(d.queue))
	}
	d.doWork()
	if d.carry == nil || d.release.create.Disabled() {
		t.Errorf("%s", d)
	}
	d.slow = false
	d.opened(d.made().Encode())
	d.tap("ui.clear")
	d.slow = true
	d.opened(d.made().Encode())
	if len(d.submit.rows) != 0 {
		t.Error("a file was read on the window's own thread")
	}
	d.doWork()
	if len(d.submit.rows) != 1 {
		t.Error("it was not read")
	}
}

func TestTheWordsAreTheOnesItWasGiven(t *testing.T) {
	d := sit(t, practice)
	if d.window.Title() != words.English().Text("ui.title") {
		t.Errorf("%q", d.window.Title())
	}
}

func TestEachPageHasItsWordsItsContentAndAPlaceForTheCursor(t *testing.T) {
	d := sit(t, acme)
	for tab, p := range d.UI.pages() {
		row := fmt.Sprintf("the row of pages in ui/ui.go with the name %q", p.name)
		d.tabs.SelectIndex(tab)
		switch place := d.tabs.Selected().Content.(*fyne.Container); {
		case !words.English().Has(p.name):
			t.Errorf("%s has no words: add the text to assets/translation/en.json", row)
		case p.icon == nil:
			t.Errorf("%s has no icon", row)
		case len(place.Objects) != 1 || place.Objects[0] == nil:
			t.Errorf("%s shows nothing: show must return what stands on the page", row)
		case p.first() == nil:
			t.Errorf("%s names nothing that takes the cursor: without it a keyboard does not get into the page", row)
		case d.window.Canvas().Focused() != p.first():
			t.Errorf("%s names %T for the cursor, which is not on the page", row, p.first())
		}
	}
	before := map[string]fyne.CanvasObject{}
	for tab, p := range d.UI.pages() {
		d.tabs.SelectIndex(tab)
		before[p.name] = p.show()
	}
	d.apply(app.Settings{Language: "de"})
	for _, p := range d.UI.pages() {
		if p.show() == before[p.name] {
			t.Errorf("what %s shows stays in the language of before: put its page into contents in ui/ui.go", p.name)
		}
	}
	if tabs := len(d.tabs.Items); tabs > 9 {
		t.Errorf("Ctrl and a digit do not reach %d pages", tabs)
	}
}
