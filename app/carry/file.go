package carry

import "strings"

// MaxFileBytes bounds a request file and a paste, and the carried text.
const MaxFileBytes = 1 << 20

const (
	fileStem = "ls_deactivation" // the vendor's C++ SDK writes ls_deactivation.req
	fileEnd  = ".req"
	idDigits = 8
)

// FileName is the proposed name of a request file: "ls_deactivation-XXXXXXXX.req"
// with the first eight hex digits of the request ID in lower case. Whatever else
// is in the ID is dropped, so that no path can come from it; an ID of fewer hex
// digits gives "ls_deactivation.req".
func FileName(requestID string) string {
	digits := strings.Map(func(r rune) rune {
		if strings.ContainsRune("0123456789abcdef", r) {
			return r
		}
		return -1
	}, strings.ToLower(requestID))
	if len(digits) < idDigits {
		return fileStem + fileEnd
	}
	return fileStem + "-" + digits[:idDigits] + fileEnd
}
