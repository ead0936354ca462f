// Package ui is the window's content: its pages and dialogs. It shows what package
// [handback/app] does, and has no rules of its own about requests or licenses.
//
// [New] builds the content of a Fyne window from [Options], and [UI.Open] reads files
// into it. Package [handback/ui/window] starts Fyne and calls both; the widgets are in
// package [handback/ui/kit].
//
// Each page has its own file, and a row in UI.pages for its tab. Pages are rebuilt
// for another profile or other settings; what was typed and opened is carried over.
//
// # Threads
//
// All widgets are used on Fyne's UI thread only. Work that reads files, asks the system
// or sends requests goes through UI.work, which runs it on a goroutine and then shows the
// result on the UI thread. Most tests run everything in place, with Fyne's test driver.
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
	"handback/app/portal"
	"handback/app/profile"
	"handback/app/request"
	"handback/app/secret"
	"handback/app/words"
	"handback/ui/kit"
)

// Options are the parameters of New.
type Options struct {
	Home    string // the folder with profiles, settings and journal
	Profile string // a name or file; empty: as app.Profile chooses
	// Settings say how the window looks. Problem is the error with which they were read.
	// System are the system's languages, from words.System.
	Settings app.Settings
	Problem  error
	System   []string
	Words    *words.Words // in the language of the settings
	// Accessible means that screen readers can read the window, as in the builds for
	// Windows and macOS.
	Accessible bool
	Folder     string   // the folder proposed for saving files
	Places     []string // more folders offered for opening files
	// Start runs a function off the UI thread, and Do runs one on it. Tests run both in
	// place.
	Start func(func())
	Do    func(func())
	// Jobs is how many requests are on their way at the same time; 0 means
	// app.DefaultJobs. In tests it is 1.
	Jobs int
	// LayoutDelay is how long Fyne takes to lay out a page that is shown; 0 in tests.
	LayoutDelay time.Duration
	// Every runs a function on the UI thread at an interval, until stop is called. If it
	// is nil, a clock is used.
	Every func(time.Duration, func()) (stop func())
	// Browse opens a saved page in the system's browser, or a folder in its file manager.
	Browse func(path string) error
	// Choose shows the system's file dialog and returns the paths that were chosen, or none
	// if it was cancelled. It fails if the system has no such dialog: then, and if Choose is
	// nil, the window shows its own.
	Choose func(portal.Question) ([]string, error)
	// Picture returns the picture in the clipboard as a PNG file, or nil if there is
	// none. It may take a while.
	Picture func() []byte
	// Notify shows a notification of the system. Away reports whether the person works in
	// another window. Both may be nil.
	Notify func(title, text string)
	Away   func() bool
}

// UI is the window's content for one profile.
type UI struct {
	Options
	window  fyne.Window
	base    *app.App // of this computer, with no profile
	app     *app.App // of the profile in use; nil if none is chosen
	batch   *app.Batch
	secrets map[string]secret.Secret // typed or read since the start, by account; zero: ask again, the last may be wrong
	stale   *atomic.Bool             // the batch is about to be shown again

	tabs *container.AppTabs
	contents
	jobs       int           // jobs in progress that a page waits for
	dialog     dialog.Dialog // the open one
	lines      string        // the lines of a sheet typed so far
	lastFolder string        // where files were last chosen
	choosing   bool          // the system's file dialog is open
	full       *fullPage     // a code on the whole screen; nil if none
}

// contents are the pages. They are rebuilt for each profile and language.
type contents struct {
	release  *releasePage
	carry    *carryPage // nil unless a request was made
	submit   *submitPage
	history  *historyPage  // nil until first shown
	profiles *profilesPage // nil until first shown
}

// New fills window for the chosen profile, or with the reason why there is none. The
// caller sets the program's theme; see [Theme].
func New(window fyne.Window, o Options) *UI {
	u := &UI{Options: o, window: window, secrets: map[string]secret.Secret{}, stale: &atomic.Bool{}}
	if u.Every == nil {
		u.Every = u.every
	}
	u.base, _ = app.New(u.Home, profile.Profile{}, u.Words, nil) // cannot fail without a practice profile
	u.base.RemoveLeftovers()
	u.batch = u.base.Batch(app.Options{
		Profiles: func() ([]profile.Profile, error) { return app.Profiles(u.Home) },
		Secret:   stored,
		Changed:  u.changed,
		Jobs:     u.Jobs,
	})
	u.applyLanguage()
	window.Canvas().SetOnTypedKey(u.typedKey)
	window.SetOnDropped(func(_ fyne.Position, uris []fyne.URI) { u.dropped(uris) })
	u.addShortcuts()
	window.SetCloseIntercept(u.close)
	u.start()
	if o.Problem != nil {
		u.showError(o.Problem)
	}
	return u
}

// stored returns the shared key in the system's keyring for a profile's destination.
func stored(p profile.Profile) (secret.Secret, error) { return app.StoredSecret(p, "") }

// changed shows the batch again, a moment later, so that of thousands of changes most are
// shown together.
func (u *UI) changed() {
	if !u.stale.CompareAndSwap(false, true) {
		return
	}
	show := func() {
		u.Do(func() {
			u.stale.Store(false)
			if u.submit != nil {
				u.submit.show()
			}
		})
	}
	if u.LayoutDelay == 0 { // in tests
		show()
		return
	}
	time.AfterFunc(u.LayoutDelay/2, show)
}

// close asks before the window closes if something would be lost: the answer to a request
// that is being sent, or a request that was not saved, printed or copied.
func (u *UI) close() {
	question := ""
	switch {
	case u.submit != nil && u.submit.run != nil:
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

// start opens the profile to use, asks for it if there is none or several, or shows why
// none can be used.
func (u *UI) start() {
	if u.asksForProfile() {
		u.showWelcome()
		return
	}
	p, err := app.Profile(u.Home, cmp.Or(u.Profile, u.lastProfile()))
	if err == nil {
		err = u.use(p)
	}
	if err != nil {
		u.showFailure(err)
	}
}

// asksForProfile reports whether the person has to choose at the start: there is no
// vendor's profile and practice was not chosen before, or there are several and none was
// used last.
func (u *UI) asksForProfile() bool {
	all, err := app.Profiles(u.Home)
	if err != nil || u.Profile != "" {
		return false
	}
	if len(all) == 1 {
		return u.Settings.Profile == ""
	}
	return len(all) > 2 && u.lastProfile() == ""
}

// lastProfile returns the name of the profile that was last used if it still exists and
// there are several besides the practice profile, else "".
func (u *UI) lastProfile() string {
	all, _ := app.Profiles(u.Home) // the profiles page shows the error
	if len(all) > 2 && slices.ContainsFunc(all, func(p profile.Profile) bool { return p.Name == u.Settings.Profile }) {
		return u.Settings.Profile
	}
	return ""
}

// The tabs, in the order of UI.pages.
const (
	releaseTab = iota
	submitTab
	historyTab
	profilesTab
)

// page is a tab of the window.
type page struct {
	name  string // a key of the catalogue
	icon  fyne.Resource
	show  func() fyne.CanvasObject // returns its content, up to date, each time the tab is selected
	first func() fyne.Focusable    // what then gets the focus
}

// pages returns the tabs in their order. Ctrl and its number opens each.
func (u *UI) pages() []page {
	return []page{
		releaseTab:  {"ui.release", theme.ComputerIcon(), u.showRequest, u.firstOfRequest},
		submitTab:   {"ui.submit", theme.UploadIcon(), func() fyne.CanvasObject { return u.submit.root }, func() fyne.Focusable { return u.submit.first() }},
		historyTab:  {"ui.history", theme.HistoryIcon(), func() fyne.CanvasObject { return u.showHistory(nil) }, func() fyne.Focusable { return u.history.first() }},
		profilesTab: {"ui.profiles", theme.AccountIcon(), u.showProfiles, func() fyne.Focusable { return u.profiles.imports }},
	}
}

// showTab puts the current content of a page into its tab.
func (u *UI) showTab(tab int) {
	content := u.pages()[tab].show()
	place := u.tabs.Items[tab].Content.(*fyne.Container)
	if !slices.Equal(place.Objects, []fyne.CanvasObject{content}) {
		place.Objects = []fyne.CanvasObject{content}
		place.Refresh()
	}
}

// use builds the pages for a profile, and remembers it for the next start. What is listed
// and typed is carried over.
func (u *UI) use(p profile.Profile) error {
	a, err := u.base.WithWords(u.Words).WithProfile(p, func() (secret.Secret, error) { return stored(p) })
	if err != nil {
		return err
	}
	u.app = a
	u.work(func() { u.batch.Prefer(a) }, func() {})
	if u.carry != nil {
		u.carry.leave()
	}
	before := *u
	u.build()
	u.restoreTyped(before)
	if s := u.Settings; s.Profile != p.Name {
		s.Profile = p.Name
		u.Settings = s
		u.work(func() { _ = s.Save(u.Home) }, func() {}) // if that fails, it is chosen again at the next start
	}
	return nil
}

// build makes the tabs and empty pages.
func (u *UI) build() {
	u.contents = contents{release: newReleasePage(u), submit: newSubmitPage(u)}
	u.tabs = container.NewAppTabs()
	for tab, p := range u.pages() {
		place := container.NewStack()
		if tab == releaseTab { // the others stay empty until selected, so that Fyne does not measure them at the start
			place.Add(p.show())
		}
		u.tabs.Append(container.NewTabItemWithIcon(u.t(p.name), p.icon, place))
	}
	u.tabs.OnSelected = func(*container.TabItem) {
		u.showTab(u.tabs.SelectedIndex())
		u.focus()
	}
	u.window.SetContent(container.NewBorder(kit.NewBeside(u.banner(), container.NewHBox(u.chooser(), u.tools())), nil, nil, nil, u.tabs))
	u.release.load()
	u.focus()
}

// tools returns the buttons that every page has: settings and help.
func (u *UI) tools() fyne.CanvasObject {
	row := container.NewHBox()
	for _, b := range []*kit.Button{kit.NewButton(u.t("ui.settings"), theme.SettingsIcon(), u.showSettings), kit.NewButton(u.t("ui.help"), theme.HelpIcon(), u.help)} {
		b.Importance = widget.LowImportance
		row.Add(container.NewCenter(b))
	}
	return row
}

// focus gives the focus to the next step of the selected page, and scrolls it into view
// once the page is laid out.
func (u *UI) focus() {
	next := u.pages()[u.tabs.SelectedIndex()].first()
	u.window.Canvas().Focus(next)
	if o, ok := next.(fyne.CanvasObject); ok {
		u.revealSoon(o)
	}
}

// revealSoon scrolls objects into view once the page is laid out; the last one comes first
// if not all have room.
func (u *UI) revealSoon(objects ...fyne.CanvasObject) {
	u.work(func() { time.Sleep(u.LayoutDelay) }, func() {
		for _, o := range objects {
			kit.Reveal(o)
		}
	})
}

// newFold is like kit.NewFold, and scrolls what was unfolded into view, from its title on.
func (u *UI) newFold(title string, content fyne.CanvasObject) *fyne.Container {
	box := kit.NewFold(title, content, false)
	b := box.Objects[0].(*kit.Button)
	turn := b.OnTapped
	b.OnTapped = func() {
		turn()
		if content.Visible() {
			u.revealSoon(content, b)
		}
	}
	return box
}

// firstOfRequest returns the next step on the release page.
func (u *UI) firstOfRequest() fyne.Focusable {
	switch {
	case u.carry != nil:
		return u.carry.first()
	case u.release.step == checkStep:
		return u.release.create
	}
	return u.release.owner
}

// showRequest returns the content of the release page: the form, or how to carry the
// request that was made.
func (u *UI) showRequest() fyne.CanvasObject {
	if u.carry != nil {
		return u.carry.root
	}
	return u.release.root
}

// banner returns the line above the tabs: the profile in use, or a warning that it is for
// practice.
func (u *UI) banner() fyne.CanvasObject {
	p := u.app.Profile
	if p.Practice {
		return kit.NewBanner(u.t("ui.practice"))
	}
	return kit.NewCaption(u.t("ui.profile", "name", p.Name, "endpoint", p.Server.Endpoint))
}

// chooser returns the choice of a profile if there are several, else the way out of
// practice, else nothing.
func (u *UI) chooser() fyne.CanvasObject {
	profiles, _ := app.Profiles(u.Home) // the profiles page shows the error
	switch {
	case u.app != nil && len(profiles) == 1 && !u.app.Profile.Practice:
		return layout.NewSpacer()
	case u.app != nil && len(profiles) == 1:
		return container.NewCenter(kit.NewButton(u.t("ui.practice.out"), theme.FolderOpenIcon(), u.chooseProfile))
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

// showFailure fills the window with an error, and a choice of profiles in case another
// one works.
func (u *UI) showFailure(err error) {
	u.window.SetContent(container.NewPadded(container.NewVBox(newAdvice(fault.Explain(err, u.Words)), kit.NewFlow(u.chooser(), u.tools()))))
}

// showCarry shows how to carry a request that was made.
func (u *UI) showCarry(made *app.Outgoing) {
	if u.carry != nil {
		u.carry.leave()
	}
	u.carry = newCarryPage(u, made)
	u.showTab(releaseTab)
	u.carry.load()
	u.focus()
}

// showHistory returns the history page with the journal read again and the record of
// wanted selected, or the first one if wanted is nil.
func (u *UI) showHistory(wanted *request.Request) fyne.CanvasObject {
	if u.history == nil {
		u.history = newHistoryPage(u)
	}
	u.history.load(wanted)
	return u.history.root
}

// showProfiles returns the profiles page with the profiles read again.
func (u *UI) showProfiles() fyne.CanvasObject {
	if u.profiles == nil {
		u.profiles = newProfilesPage(u)
	}
	u.profiles.load()
	return u.profiles.root
}

// showRelease goes back to the release form, which still has what was typed.
func (u *UI) showRelease() {
	u.carry.leave()
	u.carry = nil
	u.showTab(releaseTab)
	u.release.preview()
	u.focus()
}

// browse opens a saved page in the browser.
func (u *UI) browse(path string) {
	if err := u.Browse(path); err != nil {
		u.showError(fault.New(fault.Unexpected, "ui.no_browser", "path", path).Because(err))
	}
}

// openFolder opens a folder in the system's file manager.
func (u *UI) openFolder(path string) {
	if err := u.Browse(path); err != nil {
		u.showError(fault.New(fault.Unexpected, "ui.no_folder", "path", path).Because(err))
	}
}

// t returns a text of the catalogue.
func (u *UI) t(key string, pairs ...any) string { return u.Words.Text(key, pairs...) }
