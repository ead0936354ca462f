package carry

import "handback/app/document"

// Handoff returns the file of an unsigned request. Its first line says what it is, so
// that nobody takes it for a request. People is the text in it for people.
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
