package carry

import (
	"context"
	"io"
	"os"
	"syscall"

	"handback/app/fault"
)

// Read finds the carried text in the content of any file: a picture of a QR
// code, as ReadPicture takes it, or anything that Text takes. What it is shows
// in the content; names do not count.
func Read(ctx context.Context, data []byte) (string, error) {
	if _, ok := formatOf(data); !ok {
		return Text(data)
	}
	code, err := ReadPicture(ctx, data)
	if err != nil {
		return "", err
	}
	text, err := Text([]byte(code))
	if err != nil {
		return "", fault.New(fault.Input, "carry.other_code").Because(err)
	}
	return text, nil
}

// ReadFile is Read for a file, which must be a regular one, or a link to one, of
// at most MaxPictureBytes.
func ReadFile(ctx context.Context, path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", unreadable(path, err)
	}
	if err := refuse(path, info); err != nil {
		return "", err
	}
	// A pipe that took the file's place in between must not block.
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return "", unreadable(path, err)
	}
	defer file.Close()
	info, err = file.Stat()
	if err != nil {
		return "", unreadable(path, err)
	}
	if err := refuse(path, info); err != nil {
		return "", err
	}
	data, err := io.ReadAll(io.LimitReader(file, MaxPictureBytes+1)) // it may still grow
	if err != nil {
		return "", unreadable(path, err)
	}
	return Read(ctx, data)
}

// refuse tells what must not be read at all.
func refuse(path string, info os.FileInfo) error {
	if !info.Mode().IsRegular() {
		return fault.New(fault.Input, "carry.not_regular", "path", path)
	}
	if info.Size() > MaxPictureBytes {
		return with(ErrTooLarge, "limit", MaxPictureBytes>>20)
	}
	return nil
}

func unreadable(path string, cause error) error {
	return fault.New(fault.Input, "carry.unreadable", "path", path).Because(cause)
}
