package carry

import "strings"

// MaxFileBytes bounds a request file and a paste, and the carried text.
const MaxFileBytes = 1 << 20

const (
	fileStem = "ls_deactivation" // the vendor's C++ SDK writes ls_deactivation.req
	idDigits = 8
)

// Ending is how the name of a file ends, by what is in it.
type Ending string

// The endings.
const (
	RequestEnding Ending = ".req"
	HandoffEnding Ending = ".handback"
	ReceiptEnding Ending = ".receipt.txt"
)

// FileName is the proposed name of a request's file: "ls_deactivation-XXXXXXXX.req"
// with the first eight hex digits of the request ID in lower case. Whatever else
// is in the ID is dropped, so that no path can come from it; an ID of fewer hex
// digits gives "ls_deactivation.req".
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
