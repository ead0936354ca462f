package qr

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// The longest blocks are most often similar to another valid one.
func TestABlockIsMendedByAtMostHalfItsParityOrRefused(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	mended := 0
	for range 5000 {
		block := make([]byte, 255)
		for i := range block {
			block[i] = byte(random.IntN(256))
		}
		before, parity := slices.Clone(block), 2+random.IntN(9)
		if !correct(block, parity, nil) {
			if !slices.Equal(before, block) {
				t.Fatal("refused and changed")
			}
			continue
		}
		mended++
		changed := 0
		for i := range block {
			if block[i] != before[i] {
				changed++
			}
		}
		if _, clean := syndromesOf(block, parity); !clean || 2*changed > parity {
			t.Fatalf("%d bytes changed by a parity of %d, clean %t", changed, parity, clean)
		}
	}
	if mended < 500 {
		t.Errorf("%d of 5000 mended", mended)
	}
}
