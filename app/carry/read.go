package carry

import (
	"context"

	"handback/app/durable"
	"handback/app/fault"
)

// Read finds the carried text in the content of any file: a picture of a QR
// code, as ReadPicture takes it, or anything that Text takes. What it is shows
// in the content; names do not count.
func Read(ctx context.Context, data []byte) (string, error) {
	if _, ok := formatOf(data); !ok {
		return Text(data)
	}
	codes, err := ReadPicture(ctx, data)
	if err != nil {
		return "", err
	}
	text, err := Text([]byte(codes[0]))
	if err != nil {
		return "", fault.New(fault.Input, "carry.other_code").Because(err)
	}
	return text, nil
}

// ReadFile is Read for a file, under the rules of durable.Read and of at most
// MaxPictureBytes.
func ReadFile(ctx context.Context, path string) (string, error) {
	data, err := durable.Read(path, MaxPictureBytes)
	if err != nil {
		return "", err
	}
	return Read(ctx, data)
}
