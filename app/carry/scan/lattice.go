package scan

import (
	"container/heap"
	"math"
	"math/cmplx"

	"handback/app/carry/scan/qr"
)

// lattice finds the borders between modules step by step, from the finder patterns on, so
// that it follows any bend and crease: a step is so short that even there it goes wrong by
// less than half a module.
type lattice struct {
	picture Gray
	lines   []float64 // columns of the nodes, which are also their rows, in modules
	centers map[float64]bool
	nodes   []pose // row by row
	settled []bool
	front   front
}

// step is the distance of nodes in modules, at most.
const step = 3

const (
	// distinct is the sureness of a node that has borders between modules around it.
	distinct = 0.2
	// leastDistinct is the least share of distinct nodes in a code. Of the first nodes it was
	// at least 0.42 in 52 codes, and below 0.1 at nearly all other places.
	leastDistinct = 0.2
)

// grown returns the mesh of a lattice grown from three finder patterns, and the number of
// nodes that this took. It fails where there are no borders between modules.
func grown(g Gray, p poses, modules int) (m mesh, count int, ok bool) {
	l := lattice{picture: g, centers: map[float64]bool{}}
	side := float64(modules)
	ends := []float64{0, 3.5}
	for _, center := range qr.Alignments((modules - 17) / 4) {
		at := float64(center) + 0.5
		ends, l.centers[at] = append(ends, at), true
	}
	if modules == 21 {
		ends = append(ends, 6.5, side-6.5)
	}
	ends = append(ends, side-3.5, side)
	for i, end := range ends[1:] {
		parts := math.Ceil((end - ends[i]) / step)
		for part := range int(parts) {
			l.lines = append(l.lines, ends[i]+(end-ends[i])*float64(part)/parts)
		}
	}
	l.lines = append(l.lines, side)
	n := len(l.lines)
	l.nodes, l.settled = make([]pose, n*n), make([]bool, n*n)
	first, last := 0, 0
	for i, line := range l.lines {
		switch line {
		case 3.5:
			first = i
		case side - 3.5:
			last = i
		}
	}
	l.settle(first, first, p.a)
	l.settle(last, first, p.b)
	l.settle(first, last, p.c)
	seen := 0.0 // distinct nodes
	for l.front.Len() > 0 {
		next := heap.Pop(&l.front).(proposal)
		if l.settled[next.row*n+next.column] {
			continue
		}
		l.settle(next.column, next.row, next.pose)
		count++
		if next.sureness > distinct {
			seen++
		}
		if count >= n && seen < leastDistinct*float64(count) {
			return mesh{}, count, false
		}
	}
	var nodes []point
	for _, node := range l.nodes {
		nodes = append(nodes, node.center)
	}
	return meshed(l.lines, nodes), count, true
}

// proposal is where a node may be.
type proposal struct {
	column, row int
	pose        pose
	sureness    float64
}

// front are the proposals beside settled nodes; the surest is taken first.
type front []proposal

func (f front) Len() int           { return len(f) }
func (f front) Less(i, j int) bool { return f[i].sureness > f[j].sureness }
func (f front) Swap(i, j int)      { f[i], f[j] = f[j], f[i] }
func (f *front) Push(p any)        { *f = append(*f, p.(proposal)) }
func (f *front) Pop() any {
	last := len(*f) - 1
	p := (*f)[last]
	*f = (*f)[:last]
	return p
}

// settle takes a node's pose as true, and proposes its neighbors.
func (l *lattice) settle(column, row int, p pose) {
	n := len(l.lines)
	l.nodes[row*n+column], l.settled[row*n+column] = p, true
	for _, side := range sides {
		x, y := column+side.x, row+side.y
		if 0 <= x && x < n && 0 <= y && y < n && !l.settled[y*n+x] {
			heap.Push(&l.front, l.propose(x, y))
		}
	}
}

var sides = []struct{ x, y int }{{-1, 0}, {1, 0}, {0, -1}, {0, 1}}

// propose returns where a node should be after its settled neighbors, moved to the borders
// between modules around it.
func (l *lattice) propose(column, row int) proposal {
	n := len(l.lines)
	var p pose
	var count float64
	for _, side := range sides {
		x, y := column+side.x, row+side.y
		if x < 0 || x >= n || y < 0 || y >= n || !l.settled[y*n+x] {
			continue
		}
		from := l.nodes[y*n+x]
		p.center = p.center.add(from.at(l.lines[column]-l.lines[x], l.lines[row]-l.lines[y]))
		p.right, p.down = p.right.add(from.right), p.down.add(from.down)
		count++
	}
	p.center, p.right, p.down = p.center.times(1/count), p.right.times(1/count), p.down.times(1/count)

	off, sureness := l.borders(p, l.lines[column], l.lines[row])
	if sureness > distinct {
		p.center = p.at(off.x, off.y)
	}
	if l.centers[l.lines[column]] && l.centers[l.lines[row]] {
		if seen, likeness := p.aligned(l.picture, 1.5); likeness > 0.7 {
			p.center, sureness = seen, likeness
		}
	}
	// The steps of modules change with the paper.
	for _, side := range sides {
		x, y := column+side.x, row+side.y
		if x < 0 || x >= n || y < 0 || y >= n || !l.settled[y*n+x] {
			continue
		}
		moved := p.center.sub(l.nodes[y*n+x].center)
		if side.x != 0 {
			p.right = p.right.add(moved.times(1 / (l.lines[column] - l.lines[x]))).times(0.5)
		} else {
			p.down = p.down.add(moved.times(1 / (l.lines[row] - l.lines[y]))).times(0.5)
		}
	}
	return proposal{column, row, p, sureness}
}

// borders returns how far the borders between modules around a pose are from where they
// should be, in modules, and how sure that is, up to 1. The change of shade is greatest
// there; it is periodic, and its phase is the distance.
func (l *lattice) borders(p pose, x, y float64) (off point, sureness float64) {
	const reach, fine = 2.5, 4 // samples per module
	const count = int(2*reach*fine) + 1
	var shades [count][count]float64
	for i := range count {
		for j := range count {
			shades[i][j] = l.picture.at(p.at(float64(j)/fine-reach, float64(i)/fine-reach))
		}
	}
	var sums [2]complex128
	var totals [2]float64
	for i := range count - 1 {
		place := float64(i)/fine - reach + 0.5/fine
		phases := [2]complex128{cmplx.Rect(1, 2*math.Pi*(x+place)), cmplx.Rect(1, 2*math.Pi*(y+place))}
		for j := range count {
			for axis, change := range [2]float64{shades[j][i+1] - shades[j][i], shades[i+1][j] - shades[i][j]} {
				sums[axis] += complex(change*change, 0) * phases[axis]
				totals[axis] += change * change
			}
		}
	}
	const noise = float64(4 * count * count) // of changes
	sureness = min(cmplx.Abs(sums[0])/(totals[0]+noise), cmplx.Abs(sums[1])/(totals[1]+noise))
	return point{cmplx.Phase(sums[0]) / (2 * math.Pi), cmplx.Phase(sums[1]) / (2 * math.Pi)}, sureness
}
