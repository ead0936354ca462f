package profile

import (
	"handback/app/machine"
	"handback/app/request"
	"handback/app/secret"
)

const practiceName = "practice"

// Practice returns the built-in profile for practice: everything works, but no license is
// released. The name of its endpoint can never be resolved (RFC 6761); the sandbox
// answers for it within the program.
func Practice() Profile {
	return Profile{
		Name:          practiceName,
		Product:       Product{Code: "practice"},
		Authorization: Authorization{Method: APIKey, APIKey: "00000000-0000-4000-8000-000000000000", Signs: "api_key"},
		Request:       Request{Schema: request.Schema1, SignatureEncoding: "base64"},
		Hardware:      Hardware{Source: machine.LicenseSpring},
		Server:        Server{Endpoint: "https://practice.invalid", Portal: "https://practice.invalid"},
		Practice:      true,
	}
}

// PracticeSecret returns the shared key of the practice profile. It is published and
// protects nothing.
func PracticeSecret() secret.Secret {
	return secret.New([]byte("handback-practice-key-guards-nothing"))
}
