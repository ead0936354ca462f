package profile_test

import (
	"fmt"

	"handback/app/profile"
)

const acme = `
name = "Acme CAD"
[product]
code = "acmecad"
[authorization]
api_key = "example-api-key"
`

// A vendor's profile needs three settings; the others have defaults.
func Example() {
	p, err := profile.Parse([]byte(acme), "acme.toml")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, m := range p.Members() {
		fmt.Println(m.Name, "=", m.Value)
	}
	// Output:
	// name = Acme CAD
	// product.code = acmecad
	// authorization.method = api_key
	// authorization.api_key = example-api-key
	// authorization.signs = api_key
	// request.schema = 1
	// request.signature_encoding = base64
	// hardware.source = licensespring
	// server.endpoint = https://api.licensespring.com
	// server.portal = https://offline.licensespring.com
}

// Mistakes are reported with their line.
func ExampleParse() {
	_, err := profile.Parse([]byte(acme+"shared_key = \"example\"\n"), "acme.toml")
	fmt.Println(err)
	// Output: acme.toml, line 7: the profile has a member named like a secret, authorization.shared_key
}

// A secret belongs to a destination. For another endpoint it has to be entered again.
func ExampleDestination_Differences() {
	p, err := profile.Parse([]byte(acme), "acme.toml")
	if err != nil {
		fmt.Println(err)
		return
	}
	usual := p.Destination("")
	other := p.Destination("https://api.acme.example")
	fmt.Println(other.Hosts())
	fmt.Println(usual.Differences(other))
	fmt.Println("one keyring entry:", usual.Account(p.Name) == other.Account(p.Name))
	// Output:
	// api.acme.example
	// [server.endpoint]
	// one keyring entry: false
}
