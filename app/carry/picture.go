package carry

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"time"

	"handback/app/carry/scan"
	"handback/app/fault"
)

const (
	// MaxPictureBytes limits the file of a picture.
	MaxPictureBytes = 20 << 20
	// maxPixels limits a picture. It is checked in the header, before decoding.
	maxPixels = 50_000_000

	// maxMemory limits the memory for reading a picture, in bytes. The whole program
	// stays below 256 MiB.
	maxMemory = 224 << 20
	// freePixels is the size from which on memory is returned to the system: that of
	// earlier pictures, and that of the decoded picture before it is searched.
	freePixels = 4_000_000
)

// ReadPicture returns the texts of the QR codes in a PNG, JPEG, GIF, WebP, BMP or TIFF
// picture, at least one. It reads one picture at a time, for at most ten seconds, or for its share of the
// [Budget] in ctx. It fails with [ErrNoCode], [ErrSlow], [ErrNoTime], [ErrStopped], or a
// fault that says what is wrong with the picture. With [ErrUnfinished] it also returns
// the texts that it found in time.
func ReadPicture(ctx context.Context, data []byte) ([]string, error) {
	if len(data) == 0 {
		return nil, ErrEmpty
	}
	f, ok := formatOf(data)
	if !ok {
		if named := wrongKind(string(data)); named != nil {
			return nil, named
		}
		return nil, fault.New(fault.Input, "carry.no_picture")
	}
	if len(data) > MaxPictureBytes {
		return nil, pictureTooLarge()
	}
	config, err := f.config(bytes.NewReader(data))
	if err != nil {
		return nil, damaged(err)
	}
	pixels := int64(config.Width) * int64(config.Height)
	const gray = 1 // byte per pixel, in addition to decoding
	memory := int64(len(data))
	if f.extra != nil {
		memory += f.extra(data)
	}
	if pixels > maxPixels || memory > maxMemory || f.weight(data, config.ColorModel)+gray > (maxMemory-memory)/max(pixels, 1) {
		return nil, fault.New(fault.Input, "carry.picture_pixels", "width", config.Width, "height", config.Height)
	}
	if pixels == 0 || pixels > f.packed(data)*int64(len(data)) {
		return nil, damaged(fault.New(fault.Input, "reason.pixels"))
	}
	return withinTime(ctx, func(ctx context.Context) ([]string, error) {
		if pixels > freePixels {
			debug.FreeOSMemory()
		}
		picture, err := f.decode(contextReader{ctx, bytes.NewReader(data)})
		if err != nil {
			return nil, damaged(err)
		}
		shades := scan.GrayOf(ctx, picture)
		if pixels > freePixels {
			debug.FreeOSMemory()
		}
		texts := scan.Texts(ctx, shades)
		if len(texts) == 0 {
			return nil, cmp.Or(ctx.Err(), error(ErrNoCode))
		}
		return texts, nil
	})
}

func pictureTooLarge() error {
	return fault.New(fault.Input, "carry.picture_bytes", "limit", MaxPictureBytes>>20)
}

func damaged(cause error) error {
	return fault.New(fault.Input, "carry.picture_damaged").Because(cause)
}

// pictureSlot holds the one picture that is being read until all of its work has ended,
// and pictureNext the one that is read after it.
var (
	pictureSlot = make(chan struct{}, 1)
	pictureNext = make(chan struct{}, 1)
)

// grace is the time that a reader has to notice that its context ended.
const grace = 500 * time.Millisecond

// withinTime runs work, which reads one picture, within the picture's share of the time,
// and turns a panic into a fault. Work that ignores its context cannot be killed: it
// keeps its turn, so that no other picture is read while it holds its memory.
func withinTime(ctx context.Context, work func(context.Context) ([]string, error)) ([]string, error) {
	share := shareIn(ctx)
	if share.time() == 0 {
		return nil, ErrNoTime
	}
	select {
	case pictureNext <- struct{}{}:
	case <-ctx.Done():
		return nil, stopped(ctx)
	}
	select {
	case pictureSlot <- struct{}{}:
		<-pictureNext
	case <-ctx.Done():
		<-pictureNext
		return nil, stopped(ctx)
	case <-time.After(pictureTime + grace): // the picture being read hangs
		<-pictureNext
		share.spend(pictureTime, false)
		return nil, ErrNoTime
	}
	if share.time() == 0 { // the others used it up meanwhile
		<-pictureSlot
		return nil, ErrNoTime
	}
	late := ErrSlow
	if share.time() < pictureTime {
		late = ErrNoTime
	}
	ctx, cancel := context.WithTimeoutCause(ctx, share.time(), late)
	defer cancel()

	type result struct {
		texts []string
		err   error
	}
	done := make(chan result, 1)
	begun := time.Now()
	go func() {
		var r result
		defer func() {
			if cause := recover(); cause != nil {
				r.err = fault.New(fault.Input, "carry.reader_failed").Because(fmt.Errorf("%v", cause))
			}
			<-pictureSlot
			done <- r
		}()
		r.texts, r.err = work(ctx)
	}()

	var r result
	select {
	case r = <-done:
	case <-ctx.Done():
		select {
		case r = <-done:
		case <-time.After(grace):
		}
	}
	share.spend(time.Since(begun), len(r.texts) > 0)
	switch {
	case ctx.Err() == nil:
		return r.texts, r.err
	case len(r.texts) > 0 && errors.Is(context.Cause(ctx), late):
		return r.texts, ErrUnfinished
	}
	return nil, stopped(ctx) // and not the fault that the interruption caused
}

// stopped returns why ctx ended: a time limit of this package, or the caller.
func stopped(ctx context.Context) error {
	if cause := context.Cause(ctx); errors.Is(cause, ErrSlow) || errors.Is(cause, ErrNoTime) {
		return cause
	}
	return ErrStopped.Because(ctx.Err())
}

// contextReader ends decoding with its context: a JPEG may have any number of scans.
type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (c contextReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}
