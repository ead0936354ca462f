package app

import (
	"bytes"
	"cmp"
	"errors"
	"os"
	"slices"
	"sync"

	"github.com/google/uuid"

	"handback/app/brand"
	"handback/app/carry"
	"handback/app/fault"
	"handback/app/machine"
	"handback/app/request"
	"handback/app/secret"
	"handback/app/words"
)

// Create is what a person asks for: the members of a deactivation request and
// the files to carry it in.
type Create struct {
	LicenseKey   string // this or Username
	Username     string
	Product      string         // empty: the profile's
	HardwareID   string         // typed; empty: read from Source
	Source       machine.Source // empty: the profile's
	LicenseID    int64          // which license, where a user holds several; 0: not said
	Variables    []request.Variable
	Consumptions *int64        // nil: not said
	Schema       int           // 0: the profile's
	NoHostData   bool          // leave out what the profile asks for about the computer
	IgnoreClock  bool          // go on with a clock that stands before this version's release
	Unsigned     bool          // make a hand-off, which needs no secret and no clock
	Secret       secret.Secret // to sign with; zero: what the App's own Secret gives
	Targets      []Target
	Replace      bool // regular files that exist, by the targets
	// Shown is what the person was shown before: what leaves is that, with the time at
	// which it is made. Nil: nothing was shown.
	Shown *Preview
}

// Created is a request that was made.
type Created struct {
	*request.Request
	HardwareID machine.HardwareID
	Warnings   []words.Phrase
	Files      []File

	kept    bool // in the journal
	drawing sync.Mutex
	drawn   map[carry.Density][]*carry.Code
}

// Codes draws the request's QR codes at a density, once. It takes some 40 ms a
// code: off the UI thread, please. See carry.Codes.
func (c *Created) Codes(d carry.Density) ([]*carry.Code, error) {
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

// Create makes a request, writes it into its targets and notes it in the
// journal. All targets are checked first, and when one fails, those written are
// removed: a request exists whole or not at all. A journal that cannot be written
// is a warning.
func (a *App) Create(job Create) (*Created, error) {
	if err := CheckTargets(job.Targets, job.Replace); err != nil {
		return nil, err
	}
	draft, id, err := a.draft(job, a.Computer.HardwareID)
	if err != nil {
		return nil, err
	}
	if err := a.asShown(draft, job); err != nil {
		return nil, err
	}
	warnings := append(slices.Clone(id.Doubts), a.warnings(draft, job)...)
	made, err := a.make(draft, job)
	if err != nil {
		return nil, err
	}
	created := Carried(made)
	created.HardwareID, created.Warnings = id, warnings
	files, err := a.export(created, job.Targets, job.Replace)
	if err != nil {
		return created, err
	}
	a.keep(created, files)
	return created, nil
}

// make signs the draft, or makes a hand-off of it.
func (a *App) make(draft request.Draft, job Create) (*request.Request, error) {
	if job.Unsigned {
		return request.Unsigned(draft, a.Now)
	}
	key, err := job.Secret, error(nil)
	if key.IsZero() {
		key, err = a.Secret()
	}
	if errors.Is(err, secret.ErrNone) || err == nil && key.IsZero() {
		return nil, fault.New(fault.Secret, "app.no_key").Because(errors.Unwrap(err))
	}
	if err != nil {
		return nil, err
	}
	if err := CheckSecret(a.Profile, key, job.LicenseKey, job.Username); err != nil {
		return nil, err
	}
	return request.Make(draft, a.Now, key)
}

// Carried makes a request ready for Export that was made elsewhere.
func Carried(r *request.Request) *Created {
	return &Created{Request: r, drawn: map[carry.Density][]*carry.Code{}}
}

// Preview is what would leave the computer, member by member, before it is
// signed. The date is that of the preview; the request has that of its making.
type Preview struct {
	Members    []request.Member
	HardwareID machine.HardwareID
	Warnings   []words.Phrase // what to know before it is made, besides the doubts about the hardware ID

	requestID string
}

// Preview tells what a request would hold. It needs no secret. The hardware ID is the
// one that was read for an earlier preview; see Forget.
func (a *App) Preview(job Create) (Preview, error) {
	draft, id, err := a.draft(job, a.Computer.Seen)
	if err != nil {
		return Preview{}, err
	}
	members, err := a.members(draft, job)
	return Preview{members, id, a.warnings(draft, job), draft.RequestID}, err
}

// Preview is that of a request that was made, which is carried again as it is.
func (c *Created) Preview() Preview {
	return Preview{Members: c.Members, HardwareID: c.HardwareID, requestID: c.RequestID}
}

// Of reports whether the preview is of this request.
func (p Preview) Of(c *Created) bool { return c != nil && p.requestID == c.RequestID }

// members are those of a request that would be made now.
func (a *App) members(draft request.Draft, job Create) ([]request.Member, error) {
	members, err := draft.Members(a.Now())
	if job.Unsigned {
		members = slices.DeleteFunc(members, isDate)
	}
	return members, err
}

func isDate(m request.Member) bool { return m.Name == "date" }

// asShown refuses to make anything else than what was shown, but for the date.
func (a *App) asShown(draft request.Draft, job Create) error {
	if job.Shown == nil {
		return nil
	}
	members, err := a.members(draft, job)
	if err != nil {
		return err
	}
	now, then := slices.DeleteFunc(members, isDate), slices.DeleteFunc(slices.Clone(job.Shown.Members), isDate)
	if slices.EqualFunc(now, then, func(a, b request.Member) bool { return a.Name == b.Name && bytes.Equal(a.Value, b.Value) }) {
		return nil
	}
	return fault.New(fault.Hardware, "app.not_as_shown")
}

// draft gathers the members and refuses what must not be made. Read gives the hardware
// ID of a source.
func (a *App) draft(job Create, read func(machine.Source, string) (machine.HardwareID, error)) (request.Draft, machine.HardwareID, error) {
	p := a.Profile
	if err := a.CheckClock(); err != nil && !job.IgnoreClock && !job.Unsigned {
		return request.Draft{}, machine.HardwareID{}, err
	}
	if err := a.checkProduct(job); err != nil {
		return request.Draft{}, machine.HardwareID{}, err
	}
	if err := a.CheckOwner(job); err != nil {
		return request.Draft{}, machine.HardwareID{}, err
	}
	id, err := a.hardwareID(job, read)
	if err != nil {
		return request.Draft{}, machine.HardwareID{}, err
	}
	d := request.Draft{
		Schema:     cmp.Or(job.Schema, p.Request.Schema),
		Hex:        p.Request.SignatureEncoding == "hex",
		RequestID:  uuid.NewString(),
		LicenseKey: job.LicenseKey,
		Username:   job.Username,
		HardwareID: id.Value,
		Product:    cmp.Or(job.Product, p.Product.Code),
	}
	if job.Shown != nil {
		d.RequestID = job.Shown.requestID
	}
	if p.Authorization.Signs == "client_id" {
		d.ClientID = p.Authorization.ClientID
	} else {
		d.APIKey = p.Authorization.APIKey
	}
	if name := repeated(job.Variables); name != "" {
		return request.Draft{}, machine.HardwareID{}, fault.New(fault.Usage, "app.variable_twice", "name", name)
	}
	d.Optional, err = a.optional(job)
	return d, id, err
}

func (a *App) optional(job Create) ([]request.Member, error) {
	var members []request.Member
	if job.LicenseID != 0 {
		members = append(members, request.Number("license_id", job.LicenseID))
	}
	if job.Consumptions != nil {
		members = append(members, request.Number("consumptions", *job.Consumptions))
	}
	if len(job.Variables) > 0 {
		members = append(members, request.Variables(job.Variables))
	}
	if job.NoHostData {
		return members, nil
	}
	host, err := a.hostData()
	return append(members, host...), err
}

// hostData are the members about the computer that the profile asks for.
func (a *App) hostData() ([]request.Member, error) {
	constants := map[string]string{"app_name": brand.Current().Name, "app_ver": Version, "sdk_lang": "Go"}
	var members []request.Member
	for _, name := range a.Profile.Request.HostData {
		value, constant := constants[name]
		if !constant { // hostname and os_hostname
			host, err := a.Hostname()
			if err != nil {
				return nil, fault.New(fault.Hardware, "app.hostname").Because(err)
			}
			value = host
		}
		members = append(members, request.Text(name, value))
	}
	return members, nil
}

func hostname() (string, error) { return os.Hostname() }
