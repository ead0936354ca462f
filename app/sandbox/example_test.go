package sandbox_test

import (
	"context"
	"fmt"
	"strings"
	"time"

	"handback/app/licensespring"
	"handback/app/request"
	"handback/app/sandbox"
	"handback/app/secret"
)

// exampleKey is a shared key that guards nothing.
var exampleKey = secret.New([]byte("example-shared-key"))

func noon() time.Time { return time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC) }

func exampleRequest() string {
	r, err := request.Make(request.Draft{
		Schema:     request.Schema1,
		RequestID:  "1f2e3d4c-0000-4000-8000-000000000000",
		LicenseKey: "AAAA-BBBB-CCCC-DDDD",
		HardwareID: "example-hardware-id",
		Product:    "acmecad",
		APIKey:     "example-api-key",
	}, noon, exampleKey)
	if err != nil {
		panic(err)
	}
	return r.Encode()
}

// exampleClient returns a client that reaches a sandbox inside the program.
func exampleClient(s *sandbox.Sandbox) *licensespring.Client {
	return &licensespring.Client{
		Endpoint:  licensespring.DefaultEndpoint,
		APIKey:    "example-api-key",
		Secret:    exampleKey,
		Transport: s.Transport(),
		Now:       noon,
	}
}

// The second submission of a request finds no device, because the first released it.
func Example() {
	s, err := sandbox.New(sandbox.Options{APIKey: "example-api-key", Secret: exampleKey, Now: noon})
	if err != nil {
		fmt.Println(err)
		return
	}
	client := exampleClient(s)
	for range 2 {
		answer := client.Submit(context.Background(), exampleRequest(), false)
		fmt.Printf("%s %q\n", answer.Outcome, answer.Code)
	}
	for _, device := range s.Released() {
		fmt.Println("released:", device.Owner, "on", device.HardwareID)
	}
	// Output:
	// released ""
	// refused "device_not_found"
	// released: AAAA-BBBB-CCCC-DDDD on example-hardware-id
}

// The scenario drop loses the answer after the device was released.
func ExampleScenarios() {
	fmt.Println("scenarios:", len(sandbox.Scenarios()) > 40)
	s, err := sandbox.New(sandbox.Options{APIKey: "example-api-key", Secret: exampleKey, Now: noon, Scenarios: []string{"drop"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	answer := exampleClient(s).Submit(context.Background(), exampleRequest(), false)
	fmt.Println(answer.Outcome, len(s.Released()))
	// Output:
	// scenarios: true
	// unknown 1
}

func ExampleLoadLicenses() {
	licenses, err := sandbox.LoadLicenses(strings.NewReader(`
[[license]]
license_key = "AAAA-BBBB-CCCC-DDDD"
product = "acmecad"
hardware_ids = ["another-hardware-id"]
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	s, err := sandbox.New(sandbox.Options{APIKey: "example-api-key", Secret: exampleKey, Now: noon, Licenses: licenses})
	if err != nil {
		fmt.Println(err)
		return
	}
	answer := exampleClient(s).Submit(context.Background(), exampleRequest(), false)
	fmt.Println(answer.Outcome, answer.Code)
	// Output:
	// refused device_not_found
}
