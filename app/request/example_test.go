package request_test

import (
	"fmt"
	"time"

	"handback/app/request"
	"handback/app/secret"
)

// exampleKey is a shared key that guards nothing.
var exampleKey = secret.New([]byte("example-shared-key"))

func noon() time.Time { return time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC) }

func exampleDraft() request.Draft {
	return request.Draft{
		Schema:     request.Schema1,
		RequestID:  "1f2e3d4c-0000-4000-8000-000000000000",
		LicenseKey: "AAAA-BBBB-CCCC-DDDD",
		HardwareID: "example-hardware-id",
		Product:    "acmecad",
		APIKey:     "example-api-key",
	}
}

// A request is made on the offline computer, and read and checked on another one.
func Example() {
	made, err := request.Make(exampleDraft(), noon, exampleKey)
	if err != nil {
		fmt.Println(err)
		return
	}
	carried := made.Encode()

	read, err := request.Decode(carried)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("license:", read.Owner())
	fmt.Println("date:", read.Date)
	fmt.Println("same check code:", read.CheckCode() == made.CheckCode())
	fmt.Println("signature:", read.Verify(exampleKey))
	fmt.Println("with another key:", read.Verify(secret.New([]byte("another-key"))))
	// Output:
	// license: AAAA-BBBB-CCCC-DDDD
	// date: Mon, 02 Mar 2026 12:00:00 GMT
	// same check code: true
	// signature: valid
	// with another key: invalid
}

// Where there is no shared key, the request is made unsigned and signed elsewhere.
func ExampleUnsigned() {
	unsigned, err := request.Unsigned(exampleDraft(), noon)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("unsigned:", unsigned.Verify(exampleKey))
	signed, err := unsigned.Sign(noon, exampleKey, false)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("signed:", signed.Verify(exampleKey))
	// Output:
	// unsigned: absent
	// signed: valid
}

func ExampleCheckLicenseKey() {
	fmt.Println(request.CheckLicenseKey("“GPYC–X5J2–L5SK–C3LK”"))
	fmt.Println(request.ProposeLicenseKey("“GPYC–X5J2–L5SK–C3LK”"))
	// Output:
	// the license key has blanks, signs or letters that are surely a mistake; it probably reads GPYC-X5J2-L5SK-C3LK
	// GPYC-X5J2-L5SK-C3LK
}
