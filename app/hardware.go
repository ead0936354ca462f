package app

import (
	"context"
	"slices"

	"handback/app/carry"
	"handback/app/durable"
	"handback/app/fault"
	"handback/app/machine"
	"handback/app/request"
)

// HardwareIDFrom returns the hardware ID in a file from the computer: a request in any
// form in which it is carried, a card (see [App.Card]), or a request or license file that
// [machine.FromLicenseFile] reads. A request's code must be of the App's profile. It fails
// if the file has several.
func (a *App) HardwareIDFrom(ctx context.Context, path string) (string, error) {
	data, err := durable.Read(path, MaxInput)
	if err != nil {
		return "", err
	}
	id, why := machine.FromLicenseFile(data)
	if why == nil {
		return id, nil
	}
	pieces, err := carry.Read(ctx, data)
	if err != nil && len(pieces) == 0 {
		return "", why
	}
	var parts []carry.Part
	var ids []string
	for _, piece := range pieces {
		if piece.Part != nil {
			parts = append(parts, *piece.Part)
			continue
		}
		if piece.Typed != "" { // a scanner may have typed it wrong
			return "", carry.ErrRetyped
		}
		if r, err := decode(piece); err == nil {
			ids = append(ids, r.HardwareID)
		} else if id, err := machine.FromLicenseFile([]byte(piece.Text)); err == nil { // a card
			ids = append(ids, id)
		}
	}
	if text, err := carry.Join(parts, []request.Common{a.Profile.Common()}); err == nil {
		if r, err := request.Decode(text); err == nil {
			ids = append(ids, r.HardwareID)
		}
	}
	switch ids = slices.Compact(ids); len(ids) {
	case 0:
		return "", why
	case 1:
		return ids[0], nil
	}
	return "", fault.New(fault.Input, "machine.file_several_ids")
}
