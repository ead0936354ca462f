package carry

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"time"

	"handback/app/carry/scan"
	"handback/app/fault"
)

const (
	// MaxPictureBytes bounds the file of a picture.
	MaxPictureBytes = 20 << 20
	// MaxPixels bounds a picture by its header, before it is decoded.
	MaxPixels = 50_000_000

	pictureTime = 10 * time.Second
	// maxMemory bounds what reading a picture takes, in bytes. The whole program
	// stays within 256 MiB.
	maxMemory = 224 << 20
	// collected is from how many pixels on the memory of a decoded picture is
	// given back before the next step.
	collected = 4_000_000
)

// ReadPicture reads the texts of the QR codes in a PNG, JPEG or GIF picture, at
// least one. One picture is read at a time, for ten seconds at most. It fails
// with ErrNoCode, ErrSlow, ErrStopped, or a fault that says what is wrong with
// the picture.
func ReadPicture(ctx context.Context, data []byte) ([]string, error) {
	if len(data) == 0 {
		return nil, ErrEmpty
	}
	f, ok := formatOf(data)
	if !ok {
		if named := known(string(data)); named != nil {
			return nil, named
		}
		return nil, fault.New(fault.Input, "carry.no_picture")
	}
	if len(data) > MaxPictureBytes {
		return nil, with(ErrTooLarge, "limit", MaxPictureBytes>>20)
	}
	config, err := f.config(bytes.NewReader(data))
	if err != nil {
		return nil, damaged(err)
	}
	pixels := int64(config.Width) * int64(config.Height)
	const gray = 1 // byte a pixel, besides those that decoding takes
	if pixels > MaxPixels || pixels*(f.weight(data, config.ColorModel)+gray)+int64(len(data)) > maxMemory {
		return nil, fault.New(fault.Input, "carry.picture_pixels", "width", config.Width, "height", config.Height)
	}
	if pixels == 0 || pixels > f.packed(data)*int64(len(data)) {
		return nil, damaged(fault.New(fault.Input, "reason.pixels"))
	}
	return guarded(ctx, func(ctx context.Context) ([]string, error) {
		picture, err := f.decode(contextReader{ctx, bytes.NewReader(data)})
		if err != nil {
			return nil, damaged(err)
		}
		shades := scan.GrayOf(picture)
		if pixels > collected {
			runtime.GC() // the picture in colors is not waited for
		}
		texts := scan.Texts(ctx, shades)
		if len(texts) == 0 {
			return nil, cmp.Or(ctx.Err(), error(ErrNoCode))
		}
		return texts, nil
	})
}

func damaged(cause error) error {
	return fault.New(fault.Input, "carry.picture_damaged").Because(cause)
}

// turn is held by the one picture that is being read.
var turn = make(chan struct{}, 1)

// guarded does the work of reading one picture under the deadline, and makes a
// fault of a panic. Work that does not end cannot be killed: it is left behind
// with its context cancelled, so that the next picture can be read.
func guarded(ctx context.Context, work func(context.Context) ([]string, error)) ([]string, error) {
	select {
	case turn <- struct{}{}:
		defer func() { <-turn }()
	case <-ctx.Done():
		return nil, stopped(ctx)
	}
	ctx, cancel := context.WithTimeoutCause(ctx, pictureTime, ErrSlow)
	defer cancel()

	type result struct {
		texts []string
		err   error
	}
	done := make(chan result, 1)
	go func() {
		defer func() {
			if cause := recover(); cause != nil {
				done <- result{err: fault.New(fault.Input, "carry.reader_failed").Because(fmt.Errorf("%v", cause))}
			}
		}()
		texts, err := work(ctx)
		done <- result{texts, err}
	}()

	var r result
	select {
	case r = <-done:
	case <-ctx.Done():
		r.err = ctx.Err()
	}
	if r.err != nil && ctx.Err() != nil {
		return nil, stopped(ctx) // whatever fault that made of the picture
	}
	return r.texts, r.err
}

// stopped says why a context ended: at the deadline of this package, or by the
// caller.
func stopped(ctx context.Context) error {
	if cause := context.Cause(ctx); errors.Is(cause, ErrSlow) {
		return ErrSlow
	}
	return ErrStopped.Because(ctx.Err())
}

// contextReader ends a decoder together with its context: a JPEG may have scans
// without number.
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
