// Package password hashes the passwords of a desk's people. It is a package of its own so
// that programs that know no passwords do not have argon2id in them.
package password

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"handback/app/fault"
)

// Min is the length of the shortest password, in characters.
const Min = 12

// maxLength is that of the longest, in bytes.
const maxLength = 1024

// ErrPassword means that a password is too short or too long.
var ErrPassword = fault.New(fault.Usage, "desk.password", "least", Min)

// Parameters of argon2id as RFC 9106, section 4, recommends them where memory is scarce, and
// sizes in bytes.
const (
	argonTime    = 3
	argonMemory  = 64 << 10 // KiB
	argonThreads = 4
	saltSize     = 16
	keySize      = 32
)

// hashing bounds how many passwords are hashed at the same time: each takes 64 MiB.
var hashing = make(chan struct{}, 2)

func derive(password string, salt []byte) []byte {
	hashing <- struct{}{}
	defer func() { <-hashing }()
	return argon2.IDKey([]byte(password), salt, argonTime, argonMemory, argonThreads, keySize)
}

// Hash returns what argon2id makes of a password and a new salt, in the usual form
// $argon2id$v=19$m=…,t=…,p=…$SALT$KEY, salt and key in base64. It fails with [ErrPassword].
func Hash(password string) (string, error) {
	if utf8.RuneCountInString(password) < Min || len(password) > maxLength {
		return "", ErrPassword
	}
	salt := make([]byte, saltSize)
	_, _ = rand.Read(salt) // does not fail
	return formatHash(salt, derive(password, salt)), nil
}

// parameters is how a hash begins that Hash makes.
var parameters = fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$", argon2.Version, argonMemory, argonTime, argonThreads)

func formatHash(salt, key []byte) string {
	return parameters + base64.RawStdEncoding.EncodeToString(salt) + "$" + base64.RawStdEncoding.EncodeToString(key)
}

// nobody is a hash that no password has: a name that does not exist takes as long as one
// that does.
var nobody = formatHash(make([]byte, saltSize), make([]byte, keySize))

// Check reports whether a hash is that of a password. It takes the same time if there is no
// hash, because there is no such person.
func Check(hash, password string) bool {
	real := hash != ""
	if !real || len(password) > maxLength {
		hash, password = nobody, ""
	}
	rest, ok := strings.CutPrefix(hash, parameters)
	one, other, _ := strings.Cut(rest, "$")
	salt, err1 := base64.RawStdEncoding.DecodeString(one)
	key, err2 := base64.RawStdEncoding.DecodeString(other)
	if !ok || err1 != nil || err2 != nil || len(key) != keySize {
		return false
	}
	same := subtle.ConstantTimeCompare(derive(password, salt), key) == 1
	return same && real
}
