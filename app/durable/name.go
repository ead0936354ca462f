package durable

import (
	"strings"
	"unicode"

	"handback/app/fault"
)

// ErrName means that a file name is invalid, or reserved on some system.
var ErrName = fault.New(fault.Write, "durable.name")

// maxName is the longest file name, in bytes, that all systems accept.
const maxName = 255

// reserved are the names of devices on Windows. They are refused on all systems, because
// a stick may take the file to Windows.
var reserved = "CON PRN AUX NUL COM0 COM1 COM2 COM3 COM4 COM5 COM6 COM7 COM8 COM9 " +
	"LPT0 LPT1 LPT2 LPT3 LPT4 LPT5 LPT6 LPT7 LPT8 LPT9 CONIN$ CONOUT$"

func checkName(name string) error {
	stem, _, _ := strings.Cut(name, ".")
	bad := name == "" || name == "." || name == ".." || len(name) > maxName ||
		strings.ContainsFunc(name, unicode.IsControl) || strings.ContainsAny(name, `<>:"|?*\/`) ||
		strings.HasSuffix(name, ".") || strings.HasSuffix(name, " ")
	for _, device := range strings.Fields(reserved) {
		bad = bad || strings.EqualFold(strings.TrimSpace(stem), device)
	}
	if bad {
		return ErrName.With("name", name)
	}
	return nil
}
