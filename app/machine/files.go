package machine

import (
	"errors"
	"io"
	"io/fs"
	"path"
	"strings"

	"handback/app/fault"
	"handback/app/words"
)

// Files of the machine ID on Linux. The last is the vendor's own, an upper-case UUID for a
// machine that has no other; this program reads it and never creates it.
const (
	etcFile    = "/etc/machine-id"
	dbusFile   = "/var/lib/dbus/machine-id"
	vendorFile = "/var/tmp/.LicenseSpring/machine-id"
)

// maxFile limits a file with an ID, in bytes: such files have about forty.
const maxFile = 4096

var (
	errNotRegular = fault.New(fault.Hardware, "machine.not_regular")
	errTooLong    = fault.New(fault.Hardware, "machine.too_long", "limit", maxFile)
)

// disk is the file system of a machine that stores its IDs in files. root is not
// embedded: that would hide its Stat method, and fs.Stat would open every file.
type disk struct{ root fs.FS }

// OfFiles returns a computer with its files in root, as on Linux. Its machine ID is that
// of the files, and it has no protected ID.
func OfFiles(root fs.FS) *Computer {
	d := disk{root}
	id := func() (string, error) {
		for _, path := range []string{dbusFile, etcFile} {
			if text, err := d.read(path); err == nil {
				return strings.TrimSpace(text), nil
			}
		}
		return "", fs.ErrNotExist
	}
	return onLinux(root, library{id, func(string) (string, error) { return "", fs.ErrNotExist }})
}

// licenseSpring hashes the first line of the first file that is not empty. A file that
// exists but cannot be read is skipped with a doubt: the vendor's application may have
// been able to read it.
func (d disk) licenseSpring(source Source) Candidate {
	var doubts []Doubt
	for _, file := range []struct {
		path string
		like shape
	}{{etcFile, likeMachineID}, {dbusFile, likeMachineID}, {vendorFile, likeUUID}} {
		text, err := d.read(file.path)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			doubts = append(doubts, words.Say("machine.doubt.passed_over", "path", file.path))
		}
		if err != nil || text == "" {
			continue
		}
		line, _, _ := strings.Cut(text, "\n")
		return found(source, line, file.path, hashed, append(doubts, file.like.doubts(line, file.path)...))
	}
	return failure(source, "", noFile(etcFile, dbusFile, vendorFile))
}

func noFile(paths ...string) error {
	return fault.New(fault.Hardware, "machine.no_file", "files", strings.Join(paths, ", "))
}

// machineIDs returns the library's machine ID and, if it is another one, that of /etc:
// older C++ and .NET SDKs read the two files in the opposite order. A D-Bus file that is
// empty, or not unique to a machine, is skipped with a doubt.
func (d disk) machineIDs(lib library) []Candidate {
	first := d.machineID(lib)
	if first.HardwareID.Origin != dbusFile {
		return []Candidate{first}
	}
	etc, _ := d.read(etcFile)
	other := strings.TrimSpace(etc)
	dbus, err := d.read(dbusFile)
	if err != nil || other == strings.TrimSpace(dbus) || refuse(other, etcFile) != nil {
		return []Candidate{first}
	}
	second := found(MachineID, other, etcFile, asIs, likeMachineID.doubts(other, etcFile))
	if refuse(dbus, dbusFile) != nil {
		if !second.failed() {
			second.doubt("machine.doubt.useless_file", "path", dbusFile, "other", etcFile)
		}
		return []Candidate{second}
	}
	first.differsFrom(etcFile)
	second.differsFrom(dbusFile)
	return []Candidate{first, second}
}

func (c *Candidate) differsFrom(path string) {
	if !c.failed() {
		c.doubt("machine.doubt.files_differ", "path", path)
	}
}

// machineID returns the library's machine ID. The library reads files of any kind and
// length, so the files are checked first, in its order. Their content tells which of them
// the ID is from. On a BSD it may be from elsewhere.
func (d disk) machineID(lib library) Candidate {
	var origin, content string
	for _, path := range []string{dbusFile, etcFile} {
		text, err := d.read(path)
		if errors.Is(err, errNotRegular) || errors.Is(err, errTooLong) {
			return unreadable(MachineID, path, err)
		}
		if err == nil {
			origin, content = path, text
			break
		}
	}
	id, err := lib.id()
	if err != nil {
		return failure(MachineID, "", noFile(dbusFile, etcFile))
	}
	if origin == "" || id != strings.TrimSpace(content) {
		origin = "machine ID of the system"
	}
	return found(MachineID, id, origin, asIs, likeMachineID.doubts(id, origin))
}

// read returns the content of a small regular file, or of the target of a link to one. It
// checks the file before opening it, because opening a pipe may block forever.
func (d disk) read(path string) (string, error) { return d.readUpTo(path, maxFile) }

func (d disk) readUpTo(path string, limit int) (string, error) {
	name := strings.TrimPrefix(path, "/")
	info, err := fs.Stat(d.root, name)
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() {
		return "", errNotRegular
	}
	file, err := d.root.Open(name)
	if err != nil {
		return "", err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, int64(limit)+1))
	switch {
	case err != nil:
		return "", err
	case len(text) > limit:
		return "", errTooLong
	}
	return string(text), nil
}

// cards lists the network cards from files. It opens no socket, not even the one that the
// usual system calls need.
func (d disk) cards() ([]card, error) {
	const folder = "sys/class/net"
	const loopback = "772" // ARPHRD_LOOPBACK of linux/if_arp.h, in the file "type"
	entries, err := fs.ReadDir(d.root, folder)
	if err != nil {
		return nil, err
	}
	var cards []card
	for _, entry := range entries {
		kind, _ := d.read(path.Join(folder, entry.Name(), "type"))
		address, err := d.read(path.Join(folder, entry.Name(), "address"))
		if err == nil && strings.TrimSpace(kind) != loopback {
			cards = append(cards, card{entry.Name(), strings.TrimSpace(address)})
		}
	}
	return cards, nil
}
