package app

import (
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"handback/app/carry"
	"handback/app/fault"
	"handback/app/journal"
	"handback/app/machine"
	"handback/app/request"
	"handback/app/words"
)

// Outgoing is a request that leaves this computer in files.
type Outgoing struct {
	*request.Request
	HardwareID machine.HardwareID
	Warnings   []words.Phrase
	Files      []File

	reader    carry.Reader
	inJournal bool
	drawing   sync.Mutex
	drawn     map[carry.Drawing][]*carry.Code
}

// Codes returns the request's QR codes; see [carry.Codes]. It draws them once, which takes
// some 40 ms a code, so do not call it on the UI thread. An unsigned request is never drawn
// plain: it would be mistaken for a request when it is scanned.
func (c *Outgoing) Codes(d carry.Drawing) ([]*carry.Code, error) {
	c.drawing.Lock()
	defer c.drawing.Unlock()
	if codes := c.drawn[d]; codes != nil {
		return codes, nil
	}
	if c.Handoff && d.Form == carry.PlainCode {
		return nil, fault.New(fault.Usage, "app.plain_handoff")
	}
	codes, err := carry.Codes(c.Encode(), d, c.reader)
	if err != nil {
		return nil, err
	}
	c.drawn[d] = codes
	return codes, nil
}

// CodeForms returns the forms of codes that there are for the request, the usual one
// first.
func (c *Outgoing) CodeForms() []carry.CodeForm {
	forms := []carry.CodeForm{carry.CompactCode}
	if c.reader.Page != "" {
		forms = []carry.CodeForm{carry.LinkCode, carry.CompactCode}
	}
	if !c.Handoff {
		forms = append(forms, carry.PlainCode)
	}
	return forms
}

// NewOutgoing returns an Outgoing for a request that was made before, or elsewhere. Codes
// and lines of a request of the profile leave out what the profile has, and its codes open
// the profile's page.
func (a *App) NewOutgoing(r *request.Request) *Outgoing {
	c := &Outgoing{Request: r, drawn: map[carry.Drawing][]*carry.Code{}}
	if belongsTo(a.Profile, r) {
		c.reader = carry.Reader{Known: []request.Common{a.Profile.Common()}, Page: a.Profile.Support.Desk}
	}
	return c
}

// Preview returns the preview of a request that was made already.
func (c *Outgoing) Preview() Preview {
	return Preview{Members: c.Members, HardwareID: c.HardwareID, requestID: c.RequestID}
}

// FileName returns the proposed name for the request's file.
func (c *Outgoing) FileName() string {
	if c.Handoff {
		return carry.FileName(c.RequestID, carry.HandoffEnding)
	}
	return carry.FileName(c.RequestID, carry.RequestEnding)
}

// ClearFileName returns [Outgoing.FileName] with what tells a person two files apart: the
// end of the license key or the beginning of the username, and the day on which the
// request was made, or now if it does not say. All characters are portable, and the name
// has at most 60.
func (c *Outgoing) ClearFileName(now time.Time) string {
	name := c.FileName()
	end := filepath.Ext(name)
	name = strings.TrimSuffix(name, end)
	if whose := c.tail(); whose != "" {
		name += "-" + whose
	}
	if made, ok := c.Made(); ok {
		now = made
	}
	return name + now.Local().Format("-"+time.DateOnly) + end
}

// tail returns as much of the license key or username as names of files may have. Four
// characters give no license key away that has eight or more.
func (c *Outgoing) tail() string {
	portable := func(text string) string {
		return strings.Map(func(r rune) rune {
			if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
				return r
			}
			return -1
		}, text)
	}
	if key := portable(c.LicenseKey); len(key) >= 8 {
		return key[len(key)-4:]
	}
	user, _, _ := strings.Cut(c.Username, "@")
	user = portable(user)
	return user[:min(len(user), 12)]
}

// File returns the content of the request's file.
func (a *App) File(c *Outgoing) []byte {
	if c.Handoff {
		return carry.Handoff(handoffText(a.Words, c.Request, a.Contact(), a.Profile.Practice), c.Encode())
	}
	return []byte(c.Encode())
}

// named returns the targets with the proposed file name where they have none.
func (c *Outgoing) named(targets []Target) []Target {
	all := slices.Clone(targets)
	for i := range all {
		if all[i].Path == "" || all[i].Folder {
			all[i].Path = filepath.Join(all[i].Path, c.FileName())
			all[i].Folder = false
		}
	}
	return all
}

// OutgoingOf returns an Outgoing for a request in the journal, byte for byte as it was. It
// fails if the request is not of this profile.
func (a *App) OutgoingOf(r journal.Record) (*Outgoing, error) {
	if !belongsTo(a.Profile, r.Request) {
		return nil, fault.New(fault.Usage, "app.another_profile", "profile", a.Profile.Name)
	}
	c := a.NewOutgoing(r.Request)
	c.inJournal = true
	return c, nil
}

// Unsent reports whether a request was neither submitted from this computer nor closed by
// a receipt.
func (a *App) Unsent(c *Outgoing) bool {
	state := a.Journal.Known(c.Request).State()
	return state == request.Created || state == request.Exported
}

// Of reports whether the preview is of this request.
func (p Preview) Of(c *Outgoing) bool { return c != nil && p.requestID == c.RequestID }
