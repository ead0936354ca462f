package scan

import (
	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode/decoder"
	"golang.org/x/text/encoding/unicode"
)

// shades are the modules of a code as the picture shows them, row by row, 0
// black and 255 white.
type shades struct {
	values  []float32
	modules int
}

// sampled takes each module's shade from its middle.
func (s *sheet) sampled(g Gray) shades {
	all := shades{make([]float32, 0, s.modules*s.modules), s.modules}
	for y := range s.modules {
		for x := range s.modules {
			cx, cy := float64(x)+0.5, float64(y)+0.5
			p := s.place(cx, cy)
			const aside = 0.2
			right := s.at(cx+aside, cy).sub(s.at(cx-aside, cy)).times(0.5)
			down := s.at(cx, cy+aside).sub(s.at(cx, cy-aside)).times(0.5)
			v := 2*g.at(p) + g.at(p.add(right)) + g.at(p.sub(right)) + g.at(p.add(down)) + g.at(p.sub(down))
			all.values = append(all.values, float32(v/6))
		}
	}
	return all
}

// at is a module's shade; outside it is that of the nearest edge.
func (s shades) at(x, y int) float32 {
	x, y = min(max(x, 0), s.modules-1), min(max(y, 0), s.modules-1)
	return s.values[y*s.modules+x]
}

// crisp takes out what blur let flow over from the neighbors.
func (s shades) crisp(strength float32) shades {
	sharp := shades{make([]float32, 0, len(s.values)), s.modules}
	for y := range s.modules {
		for x := range s.modules {
			sides := s.at(x-1, y) + s.at(x+1, y) + s.at(x, y-1) + s.at(x, y+1)
			diagonals := s.at(x-1, y-1) + s.at(x+1, y-1) + s.at(x-1, y+1) + s.at(x+1, y+1)
			around := sides/6 + diagonals/12
			sharp.values = append(sharp.values, s.at(x, y)+strength*(s.at(x, y)-around))
		}
	}
	return sharp
}

// bits tells dark from light: each module against those around it, half of which
// are dark in any code.
func (s shades) bits() *gozxing.BitMatrix {
	const radius = 5
	sums := make([]float32, (s.modules+1)*(s.modules+1)) // of all above and left
	width := s.modules + 1
	for y := range s.modules {
		for x := range s.modules {
			sums[(y+1)*width+x+1] = s.at(x, y) + sums[y*width+x+1] + sums[(y+1)*width+x] - sums[y*width+x]
		}
	}
	matrix, _ := gozxing.NewSquareBitMatrix(s.modules)
	for y := range s.modules {
		top, bottom := max(y-radius, 0), min(y+radius+1, s.modules)
		for x := range s.modules {
			left, right := max(x-radius, 0), min(x+radius+1, s.modules)
			sum := sums[bottom*width+right] - sums[top*width+right] - sums[bottom*width+left] + sums[top*width+left]
			if s.at(x, y)*float32((bottom-top)*(right-left)) < sum {
				matrix.Set(x, y)
			}
		}
	}
	return matrix
}

// strengths are how much blur is assumed, one after the other.
var strengths = []float32{0, 1, 2.5}

// text decodes the modules.
func (s shades) text() (string, bool) {
	hints := map[gozxing.DecodeHintType]any{
		gozxing.DecodeHintType_CHARACTER_SET: unicode.UTF8, // else it guesses, Shift JIS among others
	}
	for _, strength := range strengths {
		sharp := s
		if strength > 0 {
			sharp = s.crisp(strength)
		}
		matrix := sharp.bits()
		imprint(matrix)
		if result, err := decoder.NewDecoder().Decode(matrix, hints); err == nil {
			return result.GetText(), true
		}
	}
	return "", false
}

// imprint writes the version, which the size tells, over what was read of it.
func imprint(matrix *gozxing.BitMatrix) {
	size := matrix.GetWidth()
	version := (size - 17) / 4
	if version < 7 {
		return
	}
	remainder := version
	for range 12 { // of the BCH code's division (ISO/IEC 18004, annex D)
		remainder = remainder<<1 ^ remainder>>11*0x1f25
	}
	word := version<<12 | remainder
	for i := range 18 {
		column, row := i/3, size-11+i%3
		if word>>i&1 == 1 {
			matrix.Set(column, row)
			matrix.Set(row, column)
			continue
		}
		matrix.Unset(column, row)
		matrix.Unset(row, column)
	}
}
