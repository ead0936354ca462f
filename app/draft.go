package app

import (
	"bytes"
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"handback/app/brand"
	"handback/app/fault"
	"handback/app/machine"
	"handback/app/profile"
	"handback/app/request"
	"handback/app/secret"
	"handback/app/words"
)

// checkProduct refuses a product whose licenses cannot be released by a request, and a
// request that would settle a consumption license wrongly.
func (a *App) checkProduct(job Create) error {
	p := a.Profile.Product
	switch {
	case p.TPM:
		return fault.New(fault.Input, "app.tpm", "product", p.Code, "contact", a.Contact())
	case !p.CanGoOffline():
		return fault.New(fault.Input, "app.license_types", "types", strings.Join(p.LicenseTypes, ", "), "contact", a.Contact())
	case p.Consumptions == profile.Required && job.Consumptions == nil:
		return fault.New(fault.Usage, "app.wants_consumptions", "product", p.Code)
	case job.Consumptions != nil && *job.Consumptions < 0:
		return fault.New(fault.Usage, "app.no_count")
	}
	return profile.CheckProductCode(job.Product)
}

// Count is what a form's field for the consumptions says: nil where it is empty, less
// than zero where it is no count.
func Count(text string) *int64 {
	text = strings.TrimSpace(words.Narrow(text))
	if text == "" {
		return nil
	}
	count, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		count = -1
	}
	return &count
}

// warnings are what to know before a request is made of the draft.
func (a *App) warnings(draft request.Draft, job Create) []words.Phrase {
	var all []words.Phrase
	if draft.LicenseKey != "" {
		all = append(all, request.DoubtLicenseKey(draft.LicenseKey)...)
	}
	if a.Profile.Product.Consumes() && job.Consumptions == nil {
		all = append(all, words.Say("app.warn.consumptions"))
	}
	return append(all, a.madeBefore(draft)...)
}

// madeBefore tells of the newest request for the same license and device in the journal
// that has not been answered: carried and submitted as well, one of the two would be
// refused.
func (a *App) madeBefore(draft request.Draft) []words.Phrase {
	records, _ := a.Journal.Records() // of what cannot be read nothing can be said
	for _, r := range records {
		if q := r.Request; q.LicenseKey != draft.LicenseKey || q.Username != draft.Username || q.HardwareID != draft.HardwareID || q.Product != draft.Product {
			continue
		}
		switch r.State() {
		case request.Released, request.Refused:
			return nil // what is made now is another one
		}
		return []words.Phrase{words.Say("app.warn.made_before", "date", r.Events[0].At, "check", r.Request.CheckCode())}
	}
	return nil
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
		proposed := request.ProposeUsername(job.Username)
		return proposed, proposed != job.Username
	}
	return request.SuggestLicenseKey(job.LicenseKey), request.ProposeLicenseKey(job.LicenseKey) != job.LicenseKey
}

// HardwareID is the one that a preview would name: the typed one, else what was read
// from the source before, or is read now.
func (a *App) HardwareID(job Create) (machine.HardwareID, error) {
	return a.hardwareID(job, a.Computer.Seen)
}

func (a *App) hardwareID(job Create, read func(machine.Source, string) (machine.HardwareID, error)) (machine.HardwareID, error) {
	if source := cmp.Or(job.Source, a.Profile.Hardware.Source); source != machine.Typed && job.HardwareID == "" {
		return read(source, a.Profile.Hardware.ApplicationID)
	}
	if job.HardwareID == "" {
		return machine.HardwareID{}, machine.ErrTyped
	}
	return machine.HardwareID{Value: job.HardwareID, Source: machine.Typed, Doubts: machine.Check(job.HardwareID)}, nil
}

// repeated is a name that two variables have, or empty.
func duplicateName(variables []request.Variable) string {
	seen := map[string]bool{}
	for _, v := range variables {
		if seen[v.Name] {
			return v.Name
		}
		seen[v.Name] = true
	}
	return ""
}

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

// members are those of a request that would be made now.
func (a *App) members(draft request.Draft, job Create) ([]request.Member, error) {
	members, err := draft.Members(a.Now())
	if job.Unsigned {
		members = slices.DeleteFunc(members, isDate)
	}
	return members, err
}

func isDate(m request.Member) bool { return m.Name == "date" }

// checkShown refuses to make anything else than what was shown, but for the date.
func (a *App) checkShown(draft request.Draft, job Create) error {
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
	if name := duplicateName(job.Variables); name != "" {
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
