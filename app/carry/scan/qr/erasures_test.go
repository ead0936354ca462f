package qr

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// encoded returns a random block with its parity: the remainder of its division by the
// generator, whose roots are the first powers of 2.
func encoded(random *rand.Rand, length, parity int) []byte {
	generator := []byte{1} // the highest coefficient first
	for i := range parity {
		next := append(slices.Clone(generator), 0)
		for j, c := range generator {
			next[j+1] ^= product(c, powers[i])
		}
		generator = next
	}
	block := make([]byte, length)
	for i := range length - parity {
		block[i] = byte(random.IntN(256))
	}
	remainder := slices.Clone(block)
	for i := range length - parity {
		for j, c := range generator {
			if j > 0 {
				remainder[i+j] ^= product(c, remainder[i])
			}
		}
	}
	copy(block[length-parity:], remainder[length-parity:])
	return block
}

// damaged changes errors bytes, and up to all of the erasures, which are others.
func damaged(random *rand.Rand, block []byte, errors, erasures int) (seen []byte, erased []int) {
	seen = slices.Clone(block)
	places := random.Perm(len(block))
	for _, at := range places[:errors] {
		seen[at] ^= byte(1 + random.IntN(255))
	}
	erased = places[errors : errors+erasures]
	for _, at := range erased {
		seen[at] ^= byte(random.IntN(256)) // some are right
	}
	return seen, erased
}

func TestABlockIsMendedUpToItsParityAndWithErasuresUpToTheMargin(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	for _, parity := range []int{7, 10, 13, 18, 26, 30} {
		for _, length := range []int{parity + 9, 146, 255} {
			for errors := 0; 2*errors <= parity; errors++ {
				for erasures := 0; 2*errors+erasures <= parity-min(erasures, 1)*margin; erasures++ {
					block := encoded(random, length, parity)
					seen, erased := damaged(random, block, errors, erasures)
					if !correct(seen, parity, erased) || !slices.Equal(seen, block) {
						t.Fatalf("parity %d of %d, %d errors, %d erasures: not mended", parity, length, errors, erasures)
					}
				}
			}
		}
	}
}

func TestABlockWithTooManyErrorsIsRefusedAndUnchanged(t *testing.T) {
	random := rand.New(rand.NewPCG(2, 2))
	wrong := 0
	for range 4000 {
		const parity = 26
		erasures := random.IntN(parity - margin + 1)
		errors := (parity-margin-erasures)/2 + 1 + random.IntN(10)
		block := encoded(random, 97, parity)
		seen, erased := damaged(random, block, errors, erasures)
		before := slices.Clone(seen)
		if correct(seen, parity, erased) {
			if erasures > 0 || !slices.Equal(seen, block) {
				wrong++
			}
		} else if !slices.Equal(seen, before) {
			t.Fatal("refused and changed")
		}
	}
	if wrong > 0 {
		t.Errorf("%d of 4000 mended wrong", wrong)
	}
}

func FuzzCorrect(f *testing.F) {
	f.Add([]byte("a block with its parity behind it"), 10, []byte{3, 4, 9})
	f.Fuzz(func(t *testing.T, block []byte, parity int, at []byte) {
		if parity < 2 || parity > 30 || len(block) <= parity || len(block) > 255 {
			return
		}
		var erasures []int
		for _, i := range at {
			if int(i) < len(block) && !slices.Contains(erasures, int(i)) && len(erasures) < parity {
				erasures = append(erasures, int(i))
			}
		}
		before := slices.Clone(block)
		if !correct(block, parity, erasures) {
			if !slices.Equal(block, before) {
				t.Fatal("refused and changed")
			}
			return
		}
		errors := 0
		for i := range block {
			if block[i] != before[i] && !slices.Contains(erasures, i) {
				errors++
			}
		}
		if _, clean := syndromesOf(block, parity); !clean || 2*errors+len(erasures) > parity-min(len(erasures), 1)*margin {
			if _, was := syndromesOf(before, parity); !was {
				t.Fatalf("%d errors beside %d erasures mended by a parity of %d, clean %t", errors, len(erasures), parity, clean)
			}
		}
	})
}

// doubtful makes so many codewords of each block wrong, and unsure; others are as unsure
// and right.
func doubtful(m Matrix, version, level, wrong, right int) Matrix {
	count := int(blocks[level][version-1])
	m.Dark, m.Sureness = slices.Clone(m.Dark), slices.Repeat([]float32{1}, len(m.Dark))
	for word := range count * (wrong + right) {
		for _, p := range orders[version]()[8*word : 8*word+8] {
			at := int(p.y)*m.Size + int(p.x)
			m.Sureness[at] = 0.1
			if word < count*wrong {
				m.Dark[at] = !m.Dark[at]
			}
		}
	}
	return m
}

func TestMoreThanHalfTheParityMayBeWrongIfItIsUnsure(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 3))
	for _, version := range []int{2, 5, 10, 15, 27, 40} {
		for level := range 4 {
			parity := int(parities[level][version-1])
			text := filling(random, room(version, level))
			m := drawn(t, text, version, level, version%8)
			wrong := parity / 2
			if parity >= 16 { // otherwise the margin is all that is won
				wrong += parity / 8
			}
			m = doubtful(m, version, level, wrong, parity*3/4-wrong)
			behind := Matrix{Dark: slices.Clone(m.Dark), Size: m.Size, Sureness: slices.Clone(m.Sureness)}
			for i := range m.Dark {
				at := i%m.Size*m.Size + i/m.Size
				behind.Dark[at], behind.Sureness[at] = m.Dark[i], m.Sureness[i]
			}
			for name, m := range map[string]Matrix{"plain": m, "mirrored": behind} {
				if got, ok := Decode(m); !ok || got != text {
					t.Errorf("version %d, level %d, %s: %t", version, level, name, ok)
				}
				m.Sureness = nil
				if _, ok := Decode(m); ok && wrong > parity/2 {
					t.Errorf("version %d, level %d, %s: decoded without sureness", version, level, name)
				}
			}
		}
	}
}

func TestUnsureModulesAreNeverDecodedToAnotherText(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 4))
	for version := 1; version <= 12; version++ {
		level := version % 4
		text := filling(random, room(version, level))
		m := drawn(t, text, version, level, version%8)
		for range 60 {
			spoilt := m
			spoilt.Dark, spoilt.Sureness = slices.Clone(m.Dark), make([]float32, len(m.Dark))
			share := 0.02 + 0.3*random.Float64()
			for i := range spoilt.Dark {
				spoilt.Sureness[i] = random.Float32()
				if random.Float64() < share {
					spoilt.Dark[i] = !spoilt.Dark[i]
				}
			}
			if got, ok := Decode(spoilt); ok && got != text {
				t.Errorf("version %d: %q instead of %q", version, got, text)
			}
		}
	}
}
