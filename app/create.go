package app

import (
	"errors"
	"slices"

	"handback/app/fault"
	"handback/app/request"
	"handback/app/secret"
)

// Create makes a request, writes it to its targets and adds it to the journal. All targets
// are checked before anything is read or signed. If one cannot be written, those that were
// are removed again. A journal that cannot be written is a warning.
func (a *App) Create(job Create) (*Outgoing, error) {
	if err := CheckTargets(job.Targets, job.Replace); err != nil {
		return nil, err
	}
	draft, id, err := a.draft(job, a.Computer.HardwareID)
	if err != nil {
		return nil, err
	}
	if err := a.checkShown(draft, job); err != nil {
		return nil, err
	}
	warnings := append(slices.Clone(id.Doubts), a.warnings(draft, job)...)
	made, err := a.make(draft, job)
	if err != nil {
		return nil, err
	}
	created := a.NewOutgoing(made)
	created.HardwareID, created.Warnings = id, warnings
	files, err := a.export(created, job.Targets, job.Replace)
	if err != nil {
		return created, err
	}
	a.noteCreated(created, files)
	return created, nil
}

// make returns the draft as a signed request, or as an unsigned one if the job says so.
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
