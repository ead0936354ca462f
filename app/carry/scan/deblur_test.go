package scan

import (
	"math/rand/v2"
	"testing"
)

// plainlyBlurred is what blur computes, one module at a time.
func (s shades) plainlyBlurred(shares [blurReach + 1]float32) (all []float32) {
	for y := range s.modules {
		for x := range s.modules {
			sum := float32(0)
			for dy := -blurReach; dy <= blurReach; dy++ {
				for dx := -blurReach; dx <= blurReach; dx++ {
					shade := float32(1) // paper
					if px, py := x+dx, y+dy; px >= 0 && py >= 0 && px < s.modules && py < s.modules {
						shade = s.at(px, py)
					}
					sum += shade * shares[max(dx, -dx)] * shares[max(dy, -dy)]
				}
			}
			all = append(all, sum)
		}
	}
	return all
}

func randomShades(modules int) shades {
	random := rand.New(rand.NewPCG(7, 7))
	s := shades{make([]float32, modules*modules), modules}
	for i := range s.values {
		s.values[i] = random.Float32()
	}
	return s
}

func TestBlurSpreadsTheLightOfEachModuleOnWhitePaper(t *testing.T) {
	s := randomShades(21)
	shares := sharesOf(0.8)
	got := randomShades(21)
	s.blur(&got, shares)
	for i, want := range s.plainlyBlurred(shares) {
		if off := got.values[i] - want; off > 1e-5 || off < -1e-5 {
			t.Fatalf("module %d is %g, want %g", i, got.values[i], want)
		}
	}
}

func TestExtremesAreThoseOfTheSquareAroundEachModule(t *testing.T) {
	const radius = 8
	s := randomShades(21)
	got := s.extremes(radius, func(a, b float32) float32 { return max(a, b) })
	for y := range s.modules {
		for x := range s.modules {
			want := float32(0)
			for dy := -radius; dy <= radius; dy++ {
				for dx := -radius; dx <= radius; dx++ {
					want = max(want, s.at(x+dx, y+dy))
				}
			}
			if got.at(x, y) != want {
				t.Fatalf("at %d, %d: %g, want %g", x, y, got.at(x, y), want)
			}
		}
	}
}

func TestAveragesAreThoseOfTheSquareAsFarAsItIsInThePicture(t *testing.T) {
	random := rand.New(rand.NewPCG(8, 8))
	for _, size := range [][2]int{{1, 1}, {3, 40}, {40, 3}, {30, 150}} {
		g := blank(size[0], size[1])
		for i := range g.Pix {
			g.Pix[i] = byte(random.IntN(256))
		}
		for _, radius := range []int{1, 2, 16} {
			g.averages(t.Context(), radius, func(y int, sums, counts []uint32) {
				for x := range sums {
					var sum, count uint32
					for py := max(y-radius, 0); py <= min(y+radius, g.Height-1); py++ {
						for px := max(x-radius, 0); px <= min(x+radius, g.Width-1); px++ {
							sum += uint32(g.row(py)[px])
							count++
						}
					}
					if sums[x] != sum || counts[x] != count {
						t.Errorf("%v, radius %d, at %d, %d: %d of %d, want %d of %d", size, radius, x, y, sums[x], counts[x], sum, count)
						return
					}
					if radius <= 2 && (mean(sum, count) != byte(sum/count) || mean(sum+count/2, count) != byte((sum+count/2)/count)) {
						t.Errorf("%d / %d is not %d", sum, count, mean(sum, count))
					}
				}
			})
		}
	}
}

func TestTheMedianOfNineIsTheFifth(t *testing.T) {
	for order := range 1 << 9 { // by the 0-1 principle of comparing networks
		ones := 0
		var v [9]byte
		for i := range v {
			v[i] = byte(order >> i & 1)
			ones += int(v[i])
		}
		want := byte(0)
		if ones >= 5 {
			want = 1
		}
		if got := middle(v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8]); got != want {
			t.Fatalf("the median of %v is %d", v, got)
		}
	}
}
