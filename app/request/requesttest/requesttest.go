// Package requesttest makes requests at random, for tests.
package requesttest

import (
	"fmt"
	"math/rand/v2"
	"time"

	"handback/app/request"
	"handback/app/secret"
)

// Draft returns a draft with any members that the program makes, of any length, in any
// letters. Some drafts are refused.
func Draft() request.Draft {
	word := func(alphabet string, least, most int) string {
		letters, text := []rune(alphabet), ""
		for range least + rand.IntN(most-least+1) {
			text += string(letters[rand.IntN(len(letters))])
		}
		return text
	}
	const any = "aZ09 -_.@/\\\"'<>&äöß漢字😀\u00a0"
	either := func(a, b string) string { return []string{a, b}[rand.IntN(2)] }
	d := request.Draft{Schema: 1 + rand.IntN(2), Hex: rand.IntN(2) == 0, Product: "p" + word(any, 0, 20) + "p",
		HardwareID: "h" + word(any, 0, 80) + "h", APIKey: "k" + word(any, 0, 40) + "k"}
	if rand.IntN(2) == 0 {
		d.HardwareID = word("0123456789abcdef", 1, 80)
	}
	if rand.IntN(4) == 0 {
		d.APIKey, d.ClientID = "", "c"+word(any, 0, 40)+"c"
	}
	key := word("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", 4, 4)
	for range rand.IntN(9) {
		key += "-" + word("0AZ", 4, 4)
	}
	d.LicenseKey = either(key, "l"+word(any, 0, 30)+"l")
	if rand.IntN(3) == 0 {
		d.LicenseKey, d.Username = "", "u"+word(any, 0, 60)+"u"
	}
	for _, name := range []string{"bundle_code", "hostname", "os_hostname", "ip", "os_ver", "vm_info"} {
		if rand.IntN(4) == 0 {
			d.Optional = append(d.Optional, request.Text(name, word(any, 0, 50)))
		}
	}
	for _, name := range []string{"license_id", "consumptions"} {
		if rand.IntN(3) == 0 {
			d.Optional = append(d.Optional, request.Number(name, rand.Int64()>>rand.IntN(64)))
		}
	}
	if rand.IntN(3) == 0 {
		var all []request.Variable
		for i := range rand.IntN(8) {
			all = append(all, request.Variable{Name: fmt.Sprint(i, word(any, 0, 5)), Value: either(word(any, 0, 30), fmt.Sprint(rand.NormFloat64()*1e6))})
		}
		if len(all) > 0 {
			d.Optional = append(d.Optional, request.Variables(all))
		}
	}
	d.RequestID = either(d.NewID(), either("", either("3f2504e0-4f89-41d3-9a0c-0305e82c3301", "REQ "+word(any, 1, 9))))
	return d
}

// Request returns a request at random, signed or unsigned.
func Request() *request.Request {
	key := secret.New([]byte("key"))
	for {
		at, d := func() time.Time { return time.Unix(rand.Int64N(1<<33), 0) }, Draft()
		r, err := request.Make(d, at, key)
		if rand.IntN(2) == 0 {
			r, err = request.Unsigned(d, at)
		}
		if err == nil {
			return r
		}
	}
}
