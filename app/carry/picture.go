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
	// MaxPictureBytes bounds the file of a picture.
	MaxPictureBytes = 20 << 20
	// MaxPixels bounds a picture by its header, before it is decoded.
	MaxPixels = 50_000_000

	// maxMemory bounds what reading a picture takes, in bytes. The whole program
	// stays within 256 MiB.
	maxMemory = 224 << 20
	// collected is from how many pixels on memory is given back to the system: of
	// the pictures before, and of the decoded picture before it is looked at.
	collected = 4_000_000
)

// ReadPicture reads the texts of the QR codes in a PNG, JPEG or GIF picture, at
// least one. One picture is read at a time, for ten seconds at most, or for its
// share of the Budget that the context carries. It fails with ErrNoCode, ErrSlow,
// ErrNoTime, ErrStopped, or a fault that says what is wrong with the picture. With
// ErrUnfinished it gives the texts that it had until then.
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
		return nil, pictureTooLarge()
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
		if pixels > collected {
			debug.FreeOSMemory()
		}
		picture, err := f.decode(contextReader{ctx, bytes.NewReader(data)})
		if err != nil {
			return nil, damaged(err)
		}
		shades := scan.GrayOf(ctx, picture)
		if pixels > collected {
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

// turn is held by the one picture that is being read, until nothing is left of
// reading it.
var turn = make(chan struct{}, 1)

// grace is how long a reader may take to notice that its time is over.
const grace = 500 * time.Millisecond

// guarded does the work of reading one picture within its share of the call's
// time, and makes a fault of a panic. Work that does not end with its context
// cannot be killed. It keeps its turn, and no other picture is read beside the
// memory that it holds.
func guarded(ctx context.Context, work func(context.Context) ([]string, error)) ([]string, error) {
	share := shareIn(ctx)
	if share.time() == 0 {
		return nil, ErrNoTime
	}
	select {
	case turn <- struct{}{}:
	case <-ctx.Done():
		return nil, stopped(ctx)
	case <-time.After(pictureTime + grace): // whoever holds it hangs
		share.spend(pictureTime, false)
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
			<-turn
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
	return nil, stopped(ctx) // whatever fault that made of the picture
}

// stopped says why a context ended: at the deadline of this package, or by the
// caller.
func stopped(ctx context.Context) error {
	if cause := context.Cause(ctx); errors.Is(cause, ErrSlow) || errors.Is(cause, ErrNoTime) {
		return cause
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
