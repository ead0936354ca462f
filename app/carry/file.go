package carry

import "strings"

// MaxFileBytes limits a request file, a paste and the carried text, in bytes.
const MaxFileBytes = 1 << 20

const (
	fileStem = "ls_deactivation" // the vendor's C++ SDK writes ls_deactivation.req
	idDigits = 8
)

// Ending is the end of a file's name, by the kind of its content.
type Ending string

// The endings.
const (
	RequestEnding Ending = ".req"
	HandoffEnding Ending = ".handback"
	ReceiptEnding Ending = ".receipt.txt"
)

// FileName returns the proposed name of a request's file, "ls_deactivation-XXXXXXXX.req",
// with the first eight hex digits of the request ID in lower case. All other characters
// of the ID are dropped, so that it cannot add a path. If the ID has fewer than eight hex
// digits, the name is "ls_deactivation.req".
func FileName(requestID string, ending Ending) string {
	digits := strings.Map(func(r rune) rune {
		if strings.ContainsRune("0123456789abcdef", r) {
			return r
		}
		return -1
	}, strings.ToLower(requestID))
	if len(digits) < idDigits {
		return fileStem + string(ending)
	}
	return fileStem + "-" + digits[:idDigits] + string(ending)
}
