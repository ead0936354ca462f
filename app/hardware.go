package app

import (
	"context"

	"handback/app/carry"
	"handback/app/durable"
	"handback/app/machine"
	"handback/app/request"
)

// HardwareIDFrom takes a hardware ID out of a file that the license was used with,
// or that was made on the computer before: a request in any form that it is carried
// in, a card, or a request or license file as machine.FromLicenseFile takes it.
func HardwareIDFrom(ctx context.Context, path string) (string, error) {
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
	for _, piece := range pieces {
		if piece.Part != nil {
			parts = append(parts, *piece.Part)
			continue
		}
		if r, err := request.Decode(piece.Text); err == nil {
			return r.HardwareID, nil
		}
		if id, err := machine.FromLicenseFile([]byte(piece.Text)); err == nil { // a card
			return id, nil
		}
	}
	text, err := carry.Join(parts)
	if err != nil {
		return "", why
	}
	r, err := request.Decode(text)
	if err != nil {
		return "", why
	}
	return r.HardwareID, nil
}
