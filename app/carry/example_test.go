package carry_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"

	"handback/app/carry"
)

// carried is a carried text, made by request.Make in the program.
var carried = base64.StdEncoding.EncodeToString([]byte(
	`{"request":"deactivation","license_key":"AAAA-BBBB-CCCC-DDDD","hardware_id":"example","product":"acmecad"}`))

// A request leaves as the picture of a QR code, and is read back from it.
func Example() {
	codes, err := carry.Codes(carried, carry.Drawing{}, carry.Reader{})
	if err != nil {
		fmt.Println(err)
		return
	}
	picture, err := codes[0].PNG(carry.ModulePixels)
	if err != nil {
		fmt.Println(err)
		return
	}
	pieces, err := carry.Read(context.Background(), picture)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(codes), "code, version", codes[0].Version)
	text, err := carry.Join([]carry.Part{*pieces[0].Part}, nil)
	fmt.Println("read back:", text == carried, err)
	// Output:
	// 1 code, version 6
	// read back: true <nil>
}

// A scanner's texts of the codes of one request are joined in any order.
func ExampleJoin() {
	long := base64.StdEncoding.EncodeToString([]byte(`{"hardware_id":"example","variables":{` + variables(60) + `}}`))
	codes, err := carry.Codes(long, carry.Drawing{Density: carry.LowDensity}, carry.Reader{})
	if err != nil {
		fmt.Println(err)
		return
	}
	var parts []carry.Part
	for i := len(codes) - 1; i >= 0; i-- {
		pieces, err := carry.Read(context.Background(), []byte(codes[i].Text))
		if err != nil {
			fmt.Println(err)
			return
		}
		parts = append(parts, *pieces[0].Part)
	}
	fmt.Println("missing without the last:", carry.Missing(parts[1:]))
	text, err := carry.Join(parts, nil)
	fmt.Println("joined:", text == long, err)
	// Output:
	// missing without the last: [2]
	// joined: true <nil>
}

// variables returns device variables that hardly compress.
func variables(count int) string {
	var all []string
	for i := range count {
		all = append(all, fmt.Sprintf(`"name%d":"%x"`, i, i*i*7919))
	}
	return strings.Join(all, ",")
}

// A wrong letter is reported while the lines are being typed.
func ExampleTyped() {
	lines, err := carry.Lines(carried, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	typing := carry.Typed(strings.Replace(lines[0], " A", " B", 1) + "\n" + lines[1] + "\n")
	fmt.Println("correct lines:", typing.Have)
	for _, wrong := range typing.Wrong {
		fmt.Println("wrong row:", wrong.Index)
	}
	err = carry.Typed(strings.ToLower(strings.Join(lines, "\n"))).Complete()
	fmt.Println("complete:", err == nil)
	// Output:
	// correct lines: [2]
	// wrong row: 0
	// complete: true
}

func ExampleFileName() {
	fmt.Println(carry.FileName("1F2E3D4C-0000-4000-8000-000000000000", carry.RequestEnding))
	// Output: ls_deactivation-1f2e3d4c.req
}
