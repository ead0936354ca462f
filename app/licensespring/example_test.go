package licensespring_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"handback/app/licensespring"
	"handback/app/secret"
	"handback/app/words"
)

// carried is a request as request.Request.Encode returns it.
const carried = "eyJyZXF1ZXN0IjoiZGVhY3RpdmF0aW9uIn0="

// A refusal has the server's code, and an explanation for people.
func ExampleClient_Submit() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, `{"status":400,"code":"license_not_found","message":"license not found"}`)
	}))
	defer server.Close()

	client := &licensespring.Client{
		Endpoint: server.URL, // http is allowed to this computer only
		APIKey:   "example-api-key",
		Secret:   secret.New([]byte("example-shared-key")),
	}
	answer := client.Submit(context.Background(), carried, false)
	fmt.Println(answer.Outcome, answer.Status, answer.Code)
	message, _ := answer.Explain(words.English())
	fmt.Println(message)
	// Output:
	// refused 400 license_not_found
	// the License API knows no such license for this product
}

// If an answer was lost and the next submission does not find the device, the lost one
// probably released it.
func ExampleClient_Submit_again() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, `{"status":400,"code":"device_not_found","message":"an active device matching hardware_id not found"}`)
	}))
	defer server.Close()

	client := &licensespring.Client{Endpoint: server.URL, APIKey: "example-api-key", Secret: secret.New([]byte("example-shared-key"))}
	fmt.Println(client.Submit(context.Background(), carried, false).Outcome)
	fmt.Println(client.Submit(context.Background(), carried, true).Outcome)
	// Output:
	// refused
	// probably_released
}

func ExampleCodeNamed() {
	code, ok := licensespring.CodeNamed("device_not_found")
	fmt.Println(code.Status, code.Message, ok)
	_, ok = licensespring.CodeNamed("teapot")
	fmt.Println(ok)
	// Output:
	// 400 an active device matching hardware_id not found true
	// false
}

func ExampleSafeAddress() {
	fmt.Println(licensespring.SafeAddress("https://api.licensespring.com"))
	fmt.Println(licensespring.SafeAddress("http://127.0.0.1:8080"))
	fmt.Println(licensespring.SafeAddress("http://api.licensespring.com"))
	// Output:
	// true
	// true
	// false
}
