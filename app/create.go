package app

import (
	"cmp"
	"errors"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/google/uuid"

	"handback/app/brand"
	"handback/app/carry"
	"handback/app/fault"
	"handback/app/machine"
	"handback/app/profile"
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
	draft, id, err := a.draft(job)
	if err != nil {
		return nil, err
	}
	made, err := a.make(draft, job)
	if err != nil {
		return nil, err
	}
	created := Carried(made)
	created.HardwareID, created.Warnings = id, id.Doubts
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
	return request.Make(draft, a.Now, key)
}

// Carried makes a request ready for Export that was made elsewhere.
func Carried(r *request.Request) *Created {
	return &Created{Request: r, drawn: map[carry.Density][]*carry.Code{}}
}

// Preview is what would leave the computer, member by member, before it is
// signed. The request ID is made anew for each request.
type Preview struct {
	Members    []request.Member
	HardwareID machine.HardwareID
}

// Preview tells what a request would hold. It needs no secret.
func (a *App) Preview(job Create) (Preview, error) {
	draft, id, err := a.draft(job)
	if err != nil {
		return Preview{}, err
	}
	members, err := draft.Members(a.Now())
	if job.Unsigned {
		members = slices.DeleteFunc(members, func(m request.Member) bool { return m.Name == "date" })
	}
	return Preview{members, id}, err
}

// draft gathers the members and refuses what must not be made.
func (a *App) draft(job Create) (request.Draft, machine.HardwareID, error) {
	p := a.Profile
	if err := a.CheckClock(); err != nil && !job.IgnoreClock && !job.Unsigned {
		return request.Draft{}, machine.HardwareID{}, err
	}
	if !p.Product.CanGoOffline() {
		return request.Draft{}, machine.HardwareID{}, fault.New(fault.Input, "app.license_types",
			"types", strings.Join(p.Product.LicenseTypes, ", "))
	}
	if err := a.CheckOwner(job); err != nil {
		return request.Draft{}, machine.HardwareID{}, err
	}
	id, err := a.HardwareID(job)
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

// CheckOwner tells what is wrong with the license key or the username.
func (a *App) CheckOwner(job Create) error {
	switch method := a.Profile.Product.AuthorizationMethod; {
	case job.LicenseKey != "" && job.Username != "":
		return request.ErrBothOwners
	case job.LicenseKey == "" && job.Username == "":
		return fault.New(fault.Usage, "app.no_owner")
	case job.Username != "" && method == profile.LicenseKey:
		return fault.New(fault.Usage, "app.wants_license_key", "product", a.Profile.Product.Code)
	case job.LicenseKey != "" && method == profile.User:
		return fault.New(fault.Usage, "app.wants_username", "product", a.Profile.Product.Code)
	case job.Username != "":
		return request.CheckUsername(job.Username)
	}
	return request.CheckLicenseKey(job.LicenseKey)
}

// Suggested is what the license key or username of a form was probably meant to be.
// Must tells that it is not accepted as it was typed.
func Suggested(job Create) (owner string, must bool) {
	if job.Username != "" {
		trimmed := strings.TrimSpace(job.Username)
		return trimmed, trimmed != job.Username
	}
	return request.SuggestLicenseKey(job.LicenseKey), request.ProposeLicenseKey(job.LicenseKey) != job.LicenseKey
}

// HardwareID is the one that a request would name: the typed one, else read
// from the source.
func (a *App) HardwareID(job Create) (machine.HardwareID, error) {
	if source := cmp.Or(job.Source, a.Profile.Hardware.Source); source != machine.Typed && job.HardwareID == "" {
		return a.Computer.HardwareID(source, a.Profile.Hardware.ApplicationID)
	}
	if job.HardwareID == "" {
		return machine.HardwareID{}, machine.ErrTyped
	}
	return machine.HardwareID{Value: job.HardwareID, Source: machine.Typed, Doubts: machine.Check(job.HardwareID)}, nil
}

// repeated is a name that two variables have, or empty.
func repeated(variables []request.Variable) string {
	seen := map[string]bool{}
	for _, v := range variables {
		if seen[v.Name] {
			return v.Name
		}
		seen[v.Name] = true
	}
	return ""
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
	constants := map[string]string{"app_name": brand.Here().Name, "app_ver": Version, "sdk_lang": "Go"}
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
