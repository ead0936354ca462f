package app

import (
	"bytes"
	"cmp"
	"slices"
	"strconv"
	"strings"

	"handback/app/brand"
	"handback/app/fault"
	"handback/app/machine"
	"handback/app/profile"
	"handback/app/request"
	"handback/app/secret"
	"handback/app/words"
)

// checkProduct fails if the product's licenses cannot be released by a request, if the
// profile requires consumptions and there are none, and if they are negative.
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

// Count parses a form's field for the consumptions. It returns nil if the field is empty,
// and -1 if it is not a number.
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

// warnings returns what a person should know before a request is made of the draft.
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

// madeBefore returns a warning if the newest request in the journal for the same license
// and device has not been answered: if both are submitted, one of them is refused.
func (a *App) madeBefore(draft request.Draft) []words.Phrase {
	for r := range a.Journal.Readable() {
		if q := r.Request; q == nil || q.LicenseKey != draft.LicenseKey || q.Username != draft.Username || q.HardwareID != draft.HardwareID || q.Product != draft.Product {
			continue
		}
		switch r.State() {
		case request.Released, request.Refused:
			return nil // that one is finished
		}
		return []words.Phrase{words.Say("app.warn.made_before", "date", r.Events[0].At, "check", r.Request.CheckCode())}
	}
	return nil
}

// CheckOwner fails if the license key or username is missing, not valid, or not what the
// profile's product uses.
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

// Suggested returns what the license key or username of a form was probably meant to be.
// Must reports that it is not accepted as it was typed.
func Suggested(job Create) (owner string, must bool) {
	if job.Username != "" {
		proposed := request.ProposeUsername(job.Username)
		return proposed, proposed != job.Username
	}
	return request.SuggestLicenseKey(job.LicenseKey), request.ProposeLicenseKey(job.LicenseKey) != job.LicenseKey
}

// HardwareID returns the hardware ID for a preview: the typed one, else that of the
// source, which is read once and cached; see [machine.Computer.Cached].
func (a *App) HardwareID(job Create) (machine.HardwareID, error) {
	return a.hardwareID(job, a.Computer.Cached)
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

// duplicateName returns a name that two variables have, or an empty text.
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

// Create describes a request to make, and the files to write it to.
type Create struct {
	LicenseKey   string // this or Username
	Username     string
	Product      string         // empty means the profile's
	HardwareID   string         // typed; if empty, it is read from Source
	Source       machine.Source // empty means the profile's
	LicenseID    int64          // one of a user's licenses; 0 means none in particular
	Variables    []request.Variable
	Consumptions *int64        // nil means that the request has none
	Schema       int           // 0 means the profile's
	NoHostData   bool          // leave out what the profile asks for about the computer
	IgnoreClock  bool          // accept a clock that is before this version's release
	Unsigned     bool          // make an unsigned request, which needs no secret and no clock
	Secret       secret.Secret // to sign with; zero means that of App.Secret
	Targets      []Target
	Replace      bool // replace regular files that exist
	// Shown is the preview that the person has seen. Create fails if the request would
	// differ from it in anything but the date. Nil means that there was none.
	Shown *Preview
}

// Preview is what would leave the computer, member by member. Its date is that of the
// preview; the request will have the date at which it is made.
type Preview struct {
	Members    []request.Member
	HardwareID machine.HardwareID
	Warnings   []words.Phrase // what to know before the request is made, in addition to HardwareID.Doubts

	requestID string
}

// Preview returns what a request would contain. It needs no secret. A hardware ID that was
// read for an earlier preview is used again; see [machine.Computer.Forget].
func (a *App) Preview(job Create) (Preview, error) {
	draft, id, err := a.draft(job, a.Computer.Cached)
	if err != nil {
		return Preview{}, err
	}
	members, err := a.members(draft, job)
	return Preview{members, id, a.warnings(draft, job), draft.RequestID}, err
}

// members returns the members of a request that would be made now.
func (a *App) members(draft request.Draft, job Create) ([]request.Member, error) {
	members, err := draft.Members(a.Now())
	if job.Unsigned {
		members = slices.DeleteFunc(members, isDate)
	}
	return members, err
}

func isDate(m request.Member) bool { return m.Name == "date" }

// checkShown fails if the request would differ from what was shown, except in its date.
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

// draft validates the job and collects the request's members. Read returns the hardware ID
// of a source.
func (a *App) draft(job Create, read func(machine.Source, string) (machine.HardwareID, error)) (request.Draft, machine.HardwareID, error) {
	p := a.Profile
	if err := a.checkClock(); err != nil && !job.IgnoreClock && !job.Unsigned {
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
	common := p.Common()
	d := request.Draft{
		Schema:     cmp.Or(job.Schema, p.Request.Schema),
		Hex:        p.Request.SignatureEncoding == "hex",
		LicenseKey: job.LicenseKey,
		Username:   job.Username,
		HardwareID: id.Value,
		Product:    cmp.Or(job.Product, common.Product),
		APIKey:     common.APIKey,
		ClientID:   common.ClientID,
	}
	if name := duplicateName(job.Variables); name != "" {
		return request.Draft{}, machine.HardwareID{}, fault.New(fault.Usage, "app.variable_twice", "name", name)
	}
	if d.Optional, err = a.optional(job); err != nil {
		return request.Draft{}, machine.HardwareID{}, err
	}
	d.RequestID = d.NewID()
	if job.Shown != nil {
		d.RequestID = job.Shown.requestID
	}
	return d, id, nil
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

// hostData returns the members about the computer that the profile asks for.
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
