// Package ui is the window: one file a page. It shows what app does and holds
// no rule of the job. It runs under any Fyne driver, the one for tests
// included.
package ui

import (
	"cmp"
	"slices"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"handback/app"
	"handback/app/fault"
	"handback/app/profile"
	"handback/app/request"
	"handback/app/secret"
	"handback/app/words"
	"handback/ui/kit"
)

// Options are what a window starts with.
type Options struct {
	Home    string // the folder of profiles
	Profile string // a name or file; empty: as profile.Choose does
	// Settings are how it looks, Problem what kept them from being read, and System
	// the system's languages, as words.System gives them.
	Settings app.Settings
	Problem  error
	System   []string
	Words    *words.Words // in the language of the settings
	// Accessible: screen readers can read this build, as Windows' and macOS' are made.
	Accessible bool
	Folder     string   // where files are proposed to be saved
	Places     []string // the folders that are offered beside it to open files
	// Start runs work off the UI thread, and Do runs a function on it. Tests
	// run both in place.
	Start func(func())
	Do    func(func())
	// Settle is how long a page takes to be laid out once it is shown; 0 in tests.
	Settle time.Duration
	// Every runs a function on the UI thread again and again, until it is told to
	// stop. Nil: by the clock.
	Every func(time.Duration, func()) (stop func())
	// Browse opens a page that was saved in the system's browser.
	Browse func(path string) error
	// Picture is the picture in the clipboard, as the content of a PNG file; nil
	// where there is none, or the system does not give it. It may take a while.
	Picture func() []byte
}

// UI is the window and its pages under one profile.
type UI struct {
	Options
	window  fyne.Window
	base    *app.App // of this computer, under no profile
	app     *app.App // under the profile in use; nil where none is chosen
	batch   *app.Batch
	secrets map[string]secret.Secret // typed or read in this run, by account; a zero one may have been wrong
	stale   *atomic.Bool             // what is shown of the batch is about to be shown anew

	tabs *container.AppTabs
	contents
	jobs   int           // that a page waits for
	dialog dialog.Dialog // the one that is open
	lines  string        // of a sheet, typed so far
	looked string        // the folder in which files were chosen last
	full   *fullPage     // a code on the whole screen, nil where there is none
}

// contents are the pages themselves, which are made anew for each profile and language.
type contents struct {
	release  *releasePage
	carry    *carryPage // nil but for a request that was made
	submit   *submitPage
	history  *historyPage  // nil until it is first looked at
	profiles *profilesPage // the same
}

// New builds the window's content for the chosen profile, or says why there
// is none. The program's theme is the caller's; see Theme.
func New(window fyne.Window, o Options) *UI {
	u := &UI{Options: o, window: window, secrets: map[string]secret.Secret{}, stale: &atomic.Bool{}}
	if u.Every == nil {
		u.Every = u.every
	}
	u.base, _ = app.New(u.Home, profile.Profile{}, u.Words, nil) // without practice nothing can fail
	u.base.RemoveLeftovers()
	u.batch = u.base.Batch(app.Options{
		Profiles: func() ([]profile.Profile, error) { return app.Profiles(u.Home) },
		Secret:   stored,
		Changed:  u.changed,
	})
	u.name()
	window.Canvas().SetOnTypedKey(u.typedKey)
	window.SetOnDropped(func(_ fyne.Position, uris []fyne.URI) { u.dropped(uris) })
	u.listen()
	window.SetCloseIntercept(u.close)
	u.start()
	if o.Problem != nil {
		u.showError(o.Problem)
	}
	return u
}

// stored is the secret that the system's keyring has for where a profile leads.
func stored(p profile.Profile) (secret.Secret, error) { return app.StoredSecret(p, "") }

// changed shows the batch anew, once for all that changed since it was shown.
func (u *UI) changed() {
	if !u.stale.CompareAndSwap(false, true) {
		return
	}
	u.Do(func() {
		u.stale.Store(false)
		if u.submit != nil {
			u.submit.show()
		}
	})
}

// close asks before something is lost with the window: the answer to a request that
// is on its way, or a request that was made and not carried yet.
func (u *UI) close() {
	question := ""
	switch {
	case u.submit != nil && u.submit.sending > 0:
		question = "ui.close.busy"
	case u.carry != nil && !u.carry.carried:
		question = "ui.close.made"
	}
	if question == "" {
		u.window.Close()
		return
	}
	u.confirm(u.t("ui.close.title"), u.t(question), u.t("ui.close.yes"), u.window.Close)
}

// start goes to work under the profile that is to be used, or says why there is
// none.
func (u *UI) start() {
	p, err := app.Profile(u.Home, cmp.Or(u.Profile, u.remembered()))
	if err == nil {
		err = u.use(p)
	}
	if err != nil {
		u.showFailure(err)
	}
}

// remembered is the profile that was chosen last, where there are several; empty where
// that is not there any more.
func (u *UI) remembered() string {
	all, _ := app.Profiles(u.Home) // what is wrong with others is on their page
	if len(all) > 2 && slices.ContainsFunc(all, func(p profile.Profile) bool { return p.Name == u.Settings.Profile }) {
		return u.Settings.Profile
	}
	return ""
}

// The tabs that others go to, in the order of pages.
const (
	releaseTab = iota
	submitTab
	historyTab
	profilesTab
)

// page is a row of pages: a tab of the window, with a file of its own.
type page struct {
	name  string // the key of its words
	icon  fyne.Resource
	show  func() fyne.CanvasObject // makes its content, or brings it up to date, each time it is looked at
	first func() fyne.Focusable    // what takes the cursor then
}

// pages are all there are, in their order. Each has Ctrl and its number.
func (u *UI) pages() []page {
	return []page{
		releaseTab:  {"ui.release", theme.ComputerIcon(), u.showRequest, u.firstOfRequest},
		submitTab:   {"ui.submit", theme.UploadIcon(), func() fyne.CanvasObject { return u.submit.root }, func() fyne.Focusable { return u.submit.open }},
		historyTab:  {"ui.history", theme.HistoryIcon(), func() fyne.CanvasObject { return u.showHistory(nil) }, func() fyne.Focusable { return u.history.list }},
		profilesTab: {"ui.profiles", theme.AccountIcon(), u.showProfiles, func() fyne.Focusable { return u.profiles.imports }},
	}
}

// put lays what a page shows into its tab.
func (u *UI) put(tab int) {
	content := u.pages()[tab].show()
	place := u.tabs.Items[tab].Content.(*fyne.Container)
	if !slices.Equal(place.Objects, []fyne.CanvasObject{content}) {
		place.Objects = []fyne.CanvasObject{content}
		place.Refresh()
	}
}

// use builds the pages anew for a profile, and remembers it. What is listed and what was
// typed stays.
func (u *UI) use(p profile.Profile) error {
	under, err := u.base.WithWords(u.Words).WithProfile(p, func() (secret.Secret, error) { return stored(p) })
	if err != nil {
		return err
	}
	u.app = under
	u.work(func() { u.batch.Prefer(under) }, func() {})
	if u.carry != nil {
		u.carry.leave()
	}
	before := *u
	u.build()
	u.keepTyped(before)
	if s := u.Settings; s.Profile != p.Name {
		s.Profile = p.Name
		u.Settings = s
		u.work(func() { _ = s.Save(u.Home) }, func() {}) // it is chosen again the next time
	}
	return nil
}

// build makes the pages, with nothing on them yet.
func (u *UI) build() {
	u.contents = contents{release: newReleasePage(u), submit: newSubmitPage(u)}
	u.tabs = container.NewAppTabs()
	for tab, p := range u.pages() {
		place := container.NewStack()
		if tab == releaseTab { // nothing is in the others before: it would be measured at the start
			place.Add(p.show())
		}
		u.tabs.Append(container.NewTabItemWithIcon(u.t(p.name), p.icon, place))
	}
	u.tabs.OnSelected = func(*container.TabItem) {
		u.put(u.tabs.SelectedIndex())
		u.focus()
	}
	u.window.SetContent(container.NewBorder(container.NewBorder(nil, nil, nil, container.NewHBox(u.chooser(), u.tools()), u.banner()), nil, nil, nil, u.tabs))
	u.release.load()
	u.focus()
}

// tools are there on every page: the settings, and help.
func (u *UI) tools() fyne.CanvasObject {
	row := container.NewHBox()
	for _, b := range []*kit.Button{kit.NewButton(u.t("ui.settings"), theme.SettingsIcon(), u.askSettings), kit.NewButton(u.t("ui.help"), theme.HelpIcon(), u.help)} {
		b.Importance = widget.LowImportance
		row.Add(container.NewCenter(b))
	}
	return row
}

// focus puts the cursor where the person works next, and brings it into sight once
// the page is laid out.
func (u *UI) focus() {
	next := u.pages()[u.tabs.SelectedIndex()].first()
	u.window.Canvas().Focus(next)
	if o, ok := next.(fyne.CanvasObject); ok {
		u.revealSoon(o)
	}
}

// revealSoon brings something into sight once the page is laid out.
func (u *UI) revealSoon(o fyne.CanvasObject) {
	u.work(func() { time.Sleep(u.Settle) }, func() { kit.Reveal(o) })
}

// firstOfRequest is where the person works next on the request that is made here.
func (u *UI) firstOfRequest() fyne.Focusable {
	switch {
	case u.carry != nil:
		return u.carry.save
	case u.release.step == leavesStep:
		return u.release.create
	}
	return u.release.owner
}

// showRequest is the request that is being made, or how it is carried.
func (u *UI) showRequest() fyne.CanvasObject {
	if u.carry != nil {
		return u.carry.root
	}
	return u.release.root
}

// banner says under which profile the window works, and shouts practice.
func (u *UI) banner() fyne.CanvasObject {
	p := u.app.Profile
	if p.Practice {
		return kit.NewBanner(u.t("ui.practice"))
	}
	return kit.NewCaption(u.t("ui.profile", "name", p.Name, "endpoint", p.Server.Endpoint))
}

// chooser lets the person choose among several profiles.
func (u *UI) chooser() fyne.CanvasObject {
	profiles, _ := app.Profiles(u.Home) // what is wrong with others is on their page
	if u.app != nil && len(profiles) == 1 {
		return layout.NewSpacer()
	}
	var names []string
	for _, p := range profiles {
		names = append(names, p.Name)
	}
	choice := kit.NewSelect(names, nil)
	choice.PlaceHolder = u.t("ui.choose_profile")
	if u.app != nil {
		choice.SetSelected(u.app.Profile.Name)
	}
	choice.OnChanged = func(name string) {
		if u.app != nil && name == u.app.Profile.Name {
			return
		}
		if u.working() {
			choice.SetSelected(u.app.Profile.Name)
			return
		}
		if err := u.use(profiles[slices.Index(names, name)]); err != nil {
			u.showError(err)
		}
	}
	return container.NewPadded(choice)
}

// showFailure fills the window with an error, and with the profiles where
// choosing one mends it.
func (u *UI) showFailure(err error) {
	u.window.SetContent(container.NewPadded(container.NewVBox(newAdvice(fault.Explain(err, u.Words)), kit.NewFlow(u.chooser(), u.tools()))))
}

// showCarry goes to the page on which a made request is carried.
func (u *UI) showCarry(made *app.Outgoing) {
	if u.carry != nil {
		u.carry.leave()
	}
	u.carry = newCarryPage(u, made)
	u.put(releaseTab)
	u.carry.load()
	u.focus()
}

// showHistory reads the journal anew, each time it is looked at, and goes to a
// request; nil is the first.
func (u *UI) showHistory(wanted *request.Request) fyne.CanvasObject {
	if u.history == nil {
		u.history = newHistoryPage(u)
	}
	u.history.load(wanted)
	return u.history.root
}

// showProfiles reads the imported profiles anew, each time they are looked at.
func (u *UI) showProfiles() fyne.CanvasObject {
	if u.profiles == nil {
		u.profiles = newProfilesPage(u)
	}
	u.profiles.load()
	return u.profiles.root
}

// showRelease goes back to what leaves; the form kept what was typed.
func (u *UI) showRelease() {
	u.carry.leave()
	u.carry = nil
	u.put(releaseTab)
	u.release.preview()
	u.focus()
}

// browse opens a page that was saved in the browser.
func (u *UI) browse(path string) {
	if err := u.Browse(path); err != nil {
		u.showError(fault.New(fault.Unexpected, "ui.no_browser", "path", path).Because(err))
	}
}

// working reports whether a page waits for a job, and so must not be built anew. It says
// so to the person.
func (u *UI) working() bool {
	if u.app == nil || u.tabs == nil {
		return false // no page waits
	}
	if u.jobs > 0 {
		u.ask(u.t("ui.working"), kit.NewText(u.t("ui.working.wait")), kit.NewMainButton(u.t("ui.close"), nil, func() {}))
	}
	return u.jobs > 0
}

// workForPage is work for a job that a page waits for.
func (u *UI) workForPage(job func(), then func()) {
	u.jobs++
	u.work(job, func() {
		u.jobs--
		then()
	})
}

// work runs a job off the UI thread, and then shows its result on the UI thread. What that
// removed from the page loses the focus.
func (u *UI) work(job func(), then func()) {
	u.Start(func() {
		job()
		u.Do(func() {
			then()
			kit.DropFocus(u.window.Canvas())
		})
	})
}

// every is Every by the clock.
func (u *UI) every(pause time.Duration, do func()) (stop func()) {
	ticker, done := time.NewTicker(pause), make(chan struct{})
	go func() {
		for {
			select {
			case <-ticker.C:
				u.Do(do)
			case <-done:
				ticker.Stop()
				return
			}
		}
	}()
	return func() { close(done) }
}

// t is a text of the catalogue.
func (u *UI) t(key string, pairs ...any) string { return u.Words.Text(key, pairs...) }
