package main

import (
	"bytes"
	"crypto/sha256"
	"debug/macho"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
)

// version is a version of macOS as in load commands: 0x000c0100 is 12.1.
type version uint32

func (v version) String() string {
	text := fmt.Sprintf("%d.%d", v>>16, v>>8&0xff)
	if v&0xff != 0 {
		text += fmt.Sprintf(".%d", v&0xff)
	}
	return text
}

// program is what macOS checks in a program before it starts it.
type program struct {
	architecture string // as in GOARCH
	least        version
}

var architectures = map[macho.Cpu]string{macho.CpuArm64: "arm64", macho.CpuAmd64: "amd64"}

// Load commands that debug/macho has no name for.
const (
	loadUUID          = 0x1b
	loadCodeSignature = 0x1d
	loadVersionMin    = 0x24
	loadBuildVersion  = 0x32
)

// read reads a program. It refuses one that macOS would not start.
func read(path string) (p program, err error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return p, err
	}
	file, err := macho.NewFile(bytes.NewReader(content))
	if err != nil {
		return p, err
	}
	p.architecture = architectures[file.Cpu]
	if p.architecture == "" || file.Type != macho.TypeExec {
		return p, errors.New("is no program for macOS")
	}
	uuid := false
	var signature []byte
	for _, load := range file.Loads {
		raw := load.Raw()
		if len(raw) < 16 {
			continue
		}
		first, second := file.ByteOrder.Uint32(raw[8:]), file.ByteOrder.Uint32(raw[12:])
		switch file.ByteOrder.Uint32(raw) {
		case loadUUID:
			uuid = true
		case loadVersionMin:
			p.least = version(first)
		case loadBuildVersion: // the platform comes first
			p.least = version(second)
		case loadCodeSignature:
			if uint64(first)+uint64(second) > uint64(len(content)) {
				return p, errors.New("the signature is cut off")
			}
			signature = content[first : first+second]
		}
	}
	switch {
	case !uuid:
		return p, errors.New("has no LC_UUID: macOS 26 does not start it")
	case p.least == 0:
		return p, errors.New("does not say which macOS it needs")
	case signature == nil && p.architecture == "arm64":
		return p, errors.New("is not signed: no Apple silicon starts it")
	case signature != nil:
		return p, verify(content, signature)
	}
	return p, nil
}

// Constants in a signature, which is big-endian: a superblob has
// blobs, one of which, the code directory, has the hash of each page.
const (
	superblob     = 0xfade0cc0
	codeDirectory = 0xfade0c02
	hashSHA256    = 2
)

// verify compares the program with the hashes in its signature.
func verify(content, signature []byte) error {
	short := errors.New("the signature is cut off")
	at := func(offset uint32) uint32 {
		if uint64(offset)+4 > uint64(len(signature)) {
			return 0
		}
		return binary.BigEndian.Uint32(signature[offset:])
	}
	if at(0) != superblob {
		return errors.New("the signature is none")
	}
	for i := range at(8) {
		start := at(16 + 8*i)
		if at(start) != codeDirectory {
			continue
		}
		if uint64(start)+40 > uint64(len(signature)) {
			return short
		}
		hashes, count, limit := start+at(start+16), at(start+28), at(start+32)
		size, kind, page := signature[start+36], signature[start+37], uint64(1)<<(signature[start+39]&31)
		if page == 1 { // one hash for the whole program
			page = uint64(limit)
		}
		if kind != hashSHA256 || size != sha256.Size {
			continue
		}
		if uint64(hashes)+uint64(count)*sha256.Size > uint64(len(signature)) || uint64(limit) > uint64(len(content)) || uint64(count)*page < uint64(limit) {
			return short
		}
		for n := range count {
			end := min(uint64(n+1)*page, uint64(limit))
			begin := min(uint64(n)*page, end)
			digest := sha256.Sum256(content[begin:end])
			if !bytes.Equal(digest[:], signature[hashes+n*sha256.Size:][:sha256.Size]) {
				return fmt.Errorf("page %d is not what was signed", n)
			}
		}
		return nil
	}
	return errors.New("the signature has no hashes of SHA-256")
}
