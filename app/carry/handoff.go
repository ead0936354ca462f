package carry

import "handback/app/document"

// Handoff is the file of a hand-off: a document that begins as one, so that
// nobody takes it for a request. People is what it says to them.
func Handoff(people, carried string) []byte { return document.Unsigned.Write(people, carried) }

func readHandoff(data []byte) ([]Piece, error) {
	machine, err := document.Unsigned.Read(data)
	if err != nil {
		return nil, err
	}
	text, err := Text([]byte(machine))
	return whole(text, err)
}
