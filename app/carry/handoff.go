package carry

import "handback/app/document"

// Handoff is the file of a hand-off: a document that begins as one, so that
// nobody takes it for a request. People is what it says to them.
func Handoff(people, carried string) []byte { return document.Unsigned.Write(people, carried) }

func readHandoff(data []byte) ([]Piece, error) {
	people, machine, err := document.Unsigned.Parts(data)
	if err != nil {
		return nil, err
	}
	text, err := Text([]byte(machine))
	if err != nil {
		return nil, err
	}
	return []Piece{{Text: text, People: people}}, nil
}
