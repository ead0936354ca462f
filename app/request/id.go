package request

import (
	"crypto/rand"
	"crypto/sha256"
	"slices"
	"time"

	"github.com/google/uuid"
)

// idSalt is how many of an ID's bytes are random: its last ones.
const idSalt = 4

// NewID returns an ID for the draft's request: a UUID v4 whose last four bytes are random
// and whose others are a digest of them and of the draft's members, so that the compact
// form carries those four alone. The draft's own ID and the date make no difference.
func (d Draft) NewID() string {
	var salt [idSalt]byte
	_, _ = rand.Read(salt[:]) // never fails
	return d.id(salt)
}

// id returns the ID with these random bytes.
func (d Draft) id(salt [idSalt]byte) string {
	d.RequestID = ""
	members, _ := d.Members(time.Time{})
	members = slices.DeleteFunc(members, func(m Member) bool { return m.Name == "date" })
	sum := sha256.Sum256(append(salt[:], object(members)...))
	id := uuid.UUID(sum[:16])
	copy(id[len(id)-idSalt:], salt[:])
	id[6] = id[6]&0x0f | 0x40 // version 4
	id[8] = id[8]&0x3f | 0x80 // the variant of RFC 9562
	return id.String()
}

// packID returns the random bytes of an ID made by NewID, the bytes of another UUID, or
// the text of any other ID.
func (d Draft) packID() any {
	id, err := uuid.Parse(d.RequestID)
	if err != nil || id.String() != d.RequestID {
		return d.RequestID
	}
	salt := id[len(id)-idSalt:]
	if d.id([idSalt]byte(salt)) == d.RequestID {
		return salt
	}
	return id[:]
}

// unpackID returns the ID of a value that packID returned. All else that the draft has
// must be there.
func (d Draft) unpackID(value any) (string, bool) {
	switch value := value.(type) {
	case string:
		return value, value != ""
	case []byte:
		switch len(value) {
		case idSalt:
			return d.id([idSalt]byte(value)), true
		case len(uuid.UUID{}):
			return uuid.UUID(value).String(), true
		}
	}
	return "", false
}
