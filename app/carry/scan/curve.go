package scan

// curve is an edge of a code between two finder patterns: a cubic curve with their
// directions.
type curve struct {
	from, to           point
	leaving, arriving  point // steps of one module
	first, last, scale float64
}

// top and left return the curves along the timing patterns.
func (p poses) top(modules int) curve {
	n := float64(modules)
	return curve{p.a.at(0, 3), p.b.at(0, 3), p.a.right, p.b.right, 3.5, n - 3.5, n - 7}
}

func (p poses) left(modules int) curve {
	n := float64(modules)
	return curve{p.a.at(3, 0), p.c.at(3, 0), p.a.down, p.c.down, 3.5, n - 3.5, n - 7}
}

// at returns where the curve is at a distance from the code's edge, in modules.
func (c curve) at(distance float64) point {
	t := (distance - c.first) / c.scale
	u := 1 - t
	return c.from.times(u * u * (1 + 2*t)).add(c.to.times(t * t * (3 - 2*t))).
		add(c.leaving.times(c.scale * t * u * u)).sub(c.arriving.times(c.scale * t * t * u))
}
