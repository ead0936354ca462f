package carry

import (
	"encoding/json"
	"os"
	"testing"

	"handback/app/apptest"
	"handback/app/request"
)

// armorVectors are those of testdata/README.md.
type armorVectors struct {
	Requests  map[string]string
	Good, Bad []armorVector
}

type armorVector struct {
	Name, Text, Request, Fault string
	Known                      []struct {
		Product  string
		APIKey   string `json:"api_key"`
		ClientID string `json:"client_id"`
	}
}

// known returns the profiles that the reader has.
func (v armorVector) known() (all []request.Common) {
	for _, one := range v.Known {
		all = append(all, request.Common(one))
	}
	return all
}

func loadArmorVectors(t testing.TB) (v armorVectors) {
	t.Helper()
	content, err := os.ReadFile("testdata/armor.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(content, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// carriedBy returns the only request in a text of parts or lines.
func carriedBy(t *testing.T, text string, known ...request.Common) (string, error) {
	pieces, err := Read(t.Context(), []byte(text))
	if err != nil {
		return "", err
	}
	sets := map[Set][]Part{}
	for _, p := range pieces {
		if p.Part == nil {
			return p.Text, nil
		}
		sets[p.Part.Set] = append(sets[p.Part.Set], *p.Part)
	}
	var carried string
	for _, parts := range sets {
		if carried, err = Join(parts, known); err != nil {
			return "", err
		}
	}
	return carried, nil
}

func TestTheVectorsOfTheArmorHold(t *testing.T) {
	vectors := loadArmorVectors(t)
	if len(vectors.Good) == 0 || len(vectors.Bad) < 2*len(vectors.Good) {
		t.Errorf("%d good, %d bad", len(vectors.Good), len(vectors.Bad))
	}
	for _, v := range vectors.Good {
		t.Run(v.Name, func(t *testing.T) {
			if got, err := carriedBy(t, v.Text, v.known()...); err != nil || got != vectors.Requests[v.Request] {
				t.Errorf("%.60q, %v", got, err)
			}
		})
	}
	for _, v := range vectors.Bad {
		t.Run(v.Name, func(t *testing.T) {
			_, err := carriedBy(t, v.Text, v.known()...)
			if key := apptest.Key(err); key != "carry."+v.Fault && key != "request."+v.Fault {
				t.Errorf("got %v, want %s", err, v.Fault)
			}
		})
	}
}
