package app

import (
	"path/filepath"
	"slices"
	"sync"

	"handback/app/carry"
	"handback/app/fault"
	"handback/app/journal"
	"handback/app/machine"
	"handback/app/request"
	"handback/app/words"
)

// Outgoing is a request that was made.
type Outgoing struct {
	*request.Request
	HardwareID machine.HardwareID
	Warnings   []words.Phrase
	Files      []File

	inJournal bool
	drawing   sync.Mutex
	drawn     map[carry.Density][]*carry.Code
}

// Codes draws the request's QR codes at a density, once. It takes some 40 ms a
// code: off the UI thread, please. See carry.Codes.
func (c *Outgoing) Codes(d carry.Density) ([]*carry.Code, error) {
	c.drawing.Lock()
	defer c.drawing.Unlock()
	if codes := c.drawn[d]; codes != nil {
		return codes, nil
	}
	draw := carry.Codes
	if c.Handoff {
		draw = carry.Armored
	}
	codes, err := draw(c.Encode(), d)
	if err != nil {
		return nil, err
	}
	c.drawn[d] = codes
	return codes, nil
}

// NewOutgoing makes a request ready for Export that was made elsewhere.
func NewOutgoing(r *request.Request) *Outgoing {
	return &Outgoing{Request: r, drawn: map[carry.Density][]*carry.Code{}}
}

// Preview is that of a request that was made, which is carried again as it is.
func (c *Outgoing) Preview() Preview {
	return Preview{Members: c.Members, HardwareID: c.HardwareID, requestID: c.RequestID}
}

// FileName is the name proposed for a request's file.
func (c *Outgoing) FileName() string {
	if c.Handoff {
		return carry.FileName(c.RequestID, carry.HandoffEnding)
	}
	return carry.FileName(c.RequestID, carry.RequestEnding)
}

// File is the content of a request's file.
func (a *App) File(c *Outgoing) []byte {
	if c.Handoff {
		return carry.Handoff(handoffText(a.Words, c.Request, a.Contact(), a.Profile.Practice), c.Encode())
	}
	return []byte(c.Encode())
}

// named gives the request file that has no name the proposed one.
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

// OutgoingOf makes a request of the journal ready for Export, byte for byte as it was.
// It has to be one of this profile.
func (a *App) OutgoingOf(r journal.Record) (*Outgoing, error) {
	if !belongsTo(a.Profile, r.Request) {
		return nil, fault.New(fault.Usage, "app.another_profile", "profile", a.Profile.Name)
	}
	c := NewOutgoing(r.Request)
	c.inJournal = true
	return c, nil
}

// Unsent tells of a request that was not submitted from this computer, nor closed by a
// receipt.
func (a *App) Unsent(c *Outgoing) bool {
	state := a.Journal.Known(c.Request).State()
	return state == request.Created || state == request.Exported
}

// Of reports whether the preview is of this request.
func (p Preview) Of(c *Outgoing) bool { return c != nil && p.requestID == c.RequestID }
