package scan

import (
	"math/rand/v2"
	"testing"
)

// noise is a picture without a code, of squares of so many pixels.
func noise(side, square int) Gray {
	random := rand.New(rand.NewPCG(4, uint64(square)))
	g := blank(side, side)
	for y := range side {
		for x := range side {
			if y%square == 0 && x%square == 0 {
				g.row(y)[x] = byte(255 * random.IntN(2))
			} else {
				g.row(y)[x] = g.row(y - y%square)[x-x%square]
			}
		}
	}
	return g
}

func TestALatticeIsGivenUpWhereNoBordersBetweenModulesAre(t *testing.T) {
	const modules, module = 97, 4.0
	g := noise(500, 1)
	corner := func(x, y float64) pose {
		return pose{point{x, y}, point{module, 0}, point{0, module}}
	}
	last := (modules - 3.5) * module
	_, nodes, ok := grown(g, poses{corner(14, 14), corner(last, 14), corner(14, last)}, modules)
	if ok || nodes > modules {
		t.Errorf("%d nodes, grown to the end: %t", nodes, ok)
	}
}

func TestTheSearchForBentCodesIsLimited(t *testing.T) {
	text := message(480)
	g := flat(t, text, 4, 0).seen()
	v := views(t.Context(), quick, g)[0]
	for _, c := range []struct {
		nodes int
		want  int
	}{{0, 1}, {maxNodes + 1, 0}} {
		s := search{scale: 1, nodes: c.nodes}
		for _, corners := range triples(v.finders, v.bits) {
			s.bent(t.Context(), corners, v.picture, v.bits)
		}
		if len(s.texts) != c.want {
			t.Errorf("after %d nodes %d codes are read", c.nodes, len(s.texts))
		}
	}
}

func TestTheRemovalOfBlurIsLimited(t *testing.T) {
	code := flat(t, message(480), 4, 0)
	modules := len(code.matrix)
	place := func(x, y float64) point {
		middle := point{float64(code.width) / 2, float64(code.height) / 2}
		return middle.add(point{x - float64(modules)/2, y - float64(modules)/2}.times(4))
	}
	good := blurry{sampled(code.seen(), modules, place), areaOf(float64(modules), place)}
	bad := blurry{randomShades(177), good.area}
	elsewhere := bad
	elsewhere.area = bad.area.times(100)
	many := func(b blurry, count int) (all []blurry) {
		for range count {
			all = append(all, b)
		}
		return all
	}
	for name, c := range map[string]struct {
		blurry []blurry
		want   int
	}{
		"alone":                            {[]blurry{good}, 1},
		"after others at the place":        {append([]blurry{good}, many(bad, maxBlurryViews-1)...), 1},
		"after many at the place":          {append([]blurry{good}, many(bad, maxBlurryViews)...), 0},
		"after some at one other place":    {append([]blurry{good}, many(elsewhere, 40)...), 1},
		"after large ones at other places": {append([]blurry{good}, scattered(bad, 40)...), 0},
		"after small ones at other places": {append([]blurry{good}, scattered(blurry{randomShades(21), bad.area}, 40)...), 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := search{scale: 1, blurry: c.blurry}
			s.restore(t.Context())
			if len(s.texts) != c.want {
				t.Errorf("%d codes are read", len(s.texts))
			}
		})
	}
}

// scattered puts a blurry place at many others.
func scattered(b blurry, count int) (all []blurry) {
	for i := range count {
		b := b
		for corner := range b.area {
			b.area[corner].x += 1000 * float64(i+1)
		}
		all = append(all, b)
	}
	return all
}

func TestACodeReadFromANeighborsCornerCoversNoOtherCode(t *testing.T) {
	const side = 41.0
	m := mesh{}
	for at := 0.0; at <= side; at += side / 20 {
		m.lines = append(m.lines, at)
	}
	for _, y := range m.lines {
		for _, x := range m.lines {
			p := point{10 * x, 10 * y}
			if x > 0.85*side && y < 0.15*side { // grown from a corner that is far away
				p.x += 700
			}
			m.nodes = append(m.nodes, p)
		}
	}
	lies, ok := m.plane(int(side))
	if !ok {
		t.Fatal("there is no plane")
	}
	for i, want := range areaOf(side, func(x, y float64) point { return point{10 * x, 10 * y} }) {
		if got := areaOf(side, lies.at)[i]; got.distance(want) > 10 {
			t.Errorf("corner %d is at %.0f, want %.0f", i, got, want)
		}
	}
}

func TestPicturesOfNoiseHaveNoFinderPatternBeyondDoubtAndCodesHave(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 5))
	grains := flat(t, message(480), 4, 12).seen()
	for i := range grains.Pix {
		if random.IntN(12) == 0 {
			grains.Pix[i] = byte(255 * random.IntN(2))
		}
	}
	for name, c := range map[string]struct {
		g    Gray
		want bool
	}{
		"code with grains": {grains, true},
		"noise":            {noise(300, 4), false},
		"code":             {flat(t, message(100), 4, 20).seen(), true},
	} {
		sure := false
		for _, v := range views(t.Context(), quick, c.g) {
			for _, f := range v.finders {
				sure = sure || v.surely(f)
			}
		}
		if sure != c.want {
			t.Errorf("%s: %t", name, sure)
		}
	}
}
