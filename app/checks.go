package app

import (
	"cmp"
	"strconv"
	"strings"

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

// CheckSecret refuses what is surely not the shared key of a profile though it was given
// as it, or stands in the keyring: what no key looks like, a license key, one of the owners of the request at hand, or the API key or
// client ID. Most people have no shared key, and type the one key that they know.
func CheckSecret(p profile.Profile, key secret.Secret, owners ...string) error {
	if key.IsZero() {
		return nil
	}
	if err := secret.Check(key); err != nil {
		return err
	}
	same := func(text string) bool { return text != "" && key.Equal(secret.New([]byte(text))) }
	if request.IsUsualLicenseKey(request.SuggestLicenseKey(key.Reveal())) {
		return fault.New(fault.Secret, "app.secret_is_owner")
	}
	for _, owner := range owners {
		if same(owner) || same(request.SuggestLicenseKey(owner)) || same(request.ProposeUsername(owner)) {
			return fault.New(fault.Secret, "app.secret_is_owner")
		}
	}
	if same(p.Authorization.APIKey) || same(p.Authorization.ClientID) {
		return fault.New(fault.Secret, "app.secret_is_client")
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
