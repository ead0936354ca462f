package carry

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"iter"
	"path"
	"strings"
	"unicode"

	"handback/app/durable"
	"handback/app/fault"
)

// Limits of an archive. Small files can claim to hold any number of large ones.
const (
	maxDirectory = 4 << 20 // bytes of its list of files, about 50,000 names
	maxUnpacked  = 200     // times its own size; requests shrink to a third
	leastLimit   = 64 << 20
)

var (
	errArchiveNested = fault.New(fault.Input, "carry.archive_nested")
	errArchiveLocked = fault.New(fault.Input, "carry.archive_locked")
	errArchiveLarge  = fault.New(fault.Input, "carry.archive_large")
	errArchiveEmpty  = fault.New(fault.Input, "carry.archive_empty")
	errArchive       = fault.New(fault.Input, "carry.archive_damaged")
)

// zipStarts are how a .zip archive begins; the second is of one without files.
var zipStarts = []string{"PK\x03\x04", "PK\x05\x06"}

// IsArchive reports whether a file that begins with data is a .zip archive. Documents of
// office programs are too; see [Archive].
func IsArchive(data []byte) bool {
	for _, start := range zipStarts {
		if bytes.HasPrefix(data, []byte(start)) {
			return true
		}
	}
	return false
}

// Archived is a file in an archive.
type Archived struct {
	Name string // its path in the archive, with "/"; empty if Err is about the whole archive
	Data []byte
	Err  error // why it cannot be read
}

// ArchiveFile returns the files in the .zip archive at a path, which [durable.Open] opens,
// as [Archive] does.
func ArchiveFile(path string) iter.Seq[Archived] {
	return func(yield func(Archived) bool) {
		file, size, err := durable.Open(path)
		if err != nil {
			yield(Archived{Err: err})
			return
		}
		defer file.Close()
		Archive(file, size)(yield)
	}
}

// Archive returns the files in a .zip archive of the given size in bytes, in the order of
// its list, without those that systems add. It unpacks one at a time, of at most
// [MaxPictureBytes]. A file that is encrypted, damaged or an archive itself has an Err. So
// has a last entry, without a name, if the archive is damaged, empty or a document, or if
// it unpacks to far more than its size.
func Archive(r io.ReaderAt, size int64) iter.Seq[Archived] {
	return func(yield func(Archived) bool) {
		list := &bounded{r, maxDirectory}
		opened, err := zip.NewReader(list, size)
		if err != nil {
			if list.left < 0 {
				err = errArchiveLarge
			} else {
				err = errArchive.Because(err)
			}
			yield(Archived{Err: err})
			return
		}
		list.left = -1
		left, empty := max(maxUnpacked*size, leastLimit), true
		for _, f := range opened.File {
			if f.Name == "[Content_Types].xml" || f.Name == "mimetype" {
				yield(Archived{Err: fault.New(fault.Input, "carry.document")})
				return
			}
			if f.Mode().IsDir() || addedBySystem(f.Name) {
				continue
			}
			empty = false
			data, err := unpacked(f)
			if left -= int64(len(data)); left < 0 {
				yield(Archived{Err: errArchiveLarge})
				return
			}
			if !yield(Archived{visibleName(f.Name), data, err}) {
				return
			}
		}
		if empty {
			yield(Archived{Err: errArchiveEmpty})
		}
	}
}

// unpacked returns the content of a file in an archive.
func unpacked(f *zip.File) ([]byte, error) {
	const encrypted = 1
	if f.Flags&encrypted != 0 {
		return nil, errArchiveLocked
	}
	if f.Mode()&fs.ModeType != 0 {
		return nil, fault.New(fault.Input, "carry.archive_link")
	}
	file, err := f.Open()
	if err != nil {
		return nil, errArchive.Because(err)
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, MaxPictureBytes+1))
	switch {
	case len(data) > MaxPictureBytes:
		return nil, ErrTooLarge.With("limit", MaxPictureBytes>>20)
	case err != nil:
		return nil, errArchive.Because(err)
	case IsArchive(data):
		return nil, errArchiveNested
	}
	return data, nil
}

// bounded reads at most left bytes, while left is not negative from the start.
type bounded struct {
	io.ReaderAt
	left int64
}

var errBounded = errors.New("too many bytes read")

// ReadAt is that of the source until the limit is reached.
func (b *bounded) ReadAt(p []byte, at int64) (int, error) {
	if b.left >= 0 {
		if b.left -= int64(len(p)); b.left < 0 {
			return 0, errBounded
		}
	}
	return b.ReaderAt.ReadAt(p, at)
}

// addedBySystem reports whether systems add a file of this name to archives.
func addedBySystem(name string) bool {
	base := path.Base(strings.ReplaceAll(name, `\`, "/"))
	return strings.HasPrefix(name, "__MACOSX/") || strings.HasPrefix(base, ".") ||
		strings.EqualFold(base, "Thumbs.db") || strings.EqualFold(base, "desktop.ini")
}

// visibleName returns a name from a file of somebody else's without characters that are
// invisible or control a terminal.
func visibleName(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\\':
			return '/'
		case r == unicode.ReplacementChar, !unicode.IsPrint(r):
			return '_'
		}
		return r
	}, strings.ToValidUTF8(name, "_"))
}
