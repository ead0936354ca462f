package scan

import (
	"context"
	"image"
	"iter"
	"runtime"
	"slices"
)

// Gray is a grayscale picture: one byte per pixel, row by row, from 0 for black to 255
// for white. The center of the first pixel is the point 0, 0.
type Gray struct {
	Pix           []byte
	Width, Height int
}

// GrayOf converts a picture of a type of the standard library to grayscale, on white if
// it is transparent.
func GrayOf(ctx context.Context, picture image.Image) Gray {
	bounds := picture.Bounds()
	g := blank(bounds.Dx(), bounds.Dy())
	var luma []byte
	var offset func(x, y int) int
	switch p := picture.(type) {
	case *image.YCbCr:
		luma, offset = p.Y, p.YOffset
	case *image.Gray:
		luma, offset = p.Pix, p.PixOffset
	}
	if luma != nil {
		for y := range rows(ctx, g.Height) {
			copy(g.row(y), luma[offset(bounds.Min.X, bounds.Min.Y+y):])
		}
		return g
	}
	pixels := picture.(image.RGBA64Image) // every image of the standard library is one
	for y := range rows(ctx, g.Height) {
		row := g.row(y)
		for x := range row {
			c := pixels.RGBA64At(bounds.Min.X+x, bounds.Min.Y+y) // premultiplied
			luma := (299*uint32(c.R) + 587*uint32(c.G) + 114*uint32(c.B)) / 1000
			row[x] = byte((luma + 0xffff - uint32(c.A)) >> 8)
		}
	}
	return g
}

// rows yields the rows of a picture until ctx ends. An incomplete result is never used.
func rows(ctx context.Context, height int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for y := 0; y < height && ctx.Err() == nil && yield(y); y++ {
		}
	}
}

// blank returns a black picture.
func blank(width, height int) Gray { return Gray{make([]byte, width*height), width, height} }

// like returns a black picture of the same size.
func (g Gray) like() Gray { return blank(g.Width, g.Height) }

func (g Gray) row(y int) []byte { return g.Pix[y*g.Width : (y+1)*g.Width] }

// half returns the picture at half its size: each pixel is the mean of four.
func (g Gray) half(ctx context.Context) Gray {
	small := blank(g.Width/2, g.Height/2)
	for y := range rows(ctx, small.Height) {
		above, below, out := g.row(2*y), g.row(2*y+1), small.row(y)
		for x := range out {
			sum := int(above[2*x]) + int(above[2*x+1]) + int(below[2*x]) + int(below[2*x+1])
			out[x] = byte((sum + 2) / 4)
		}
	}
	return small
}

// double returns the picture at twice its size, interpolated linearly.
func (g Gray) double(ctx context.Context) Gray {
	large := blank(2*g.Width, 2*g.Height)
	for y := range rows(ctx, large.Height) {
		row := large.row(y)
		for x := range row {
			row[x] = byte(g.at(point{float64(x)/2 - 0.25, float64(y)/2 - 0.25}))
		}
	}
	return large
}

func (g Gray) inverted(ctx context.Context) Gray {
	other := g.like()
	for y := range rows(ctx, g.Height) {
		out := other.row(y)
		for x, p := range g.row(y) {
			out[x] = 255 - p
		}
	}
	return other
}

// at returns the shade at a point between pixels, or that of the nearest edge outside.
func (g Gray) at(p point) float64 {
	x, y := within(p.x, g.Width), within(p.y, g.Height)
	column, line := int(x), int(y)
	i := line*g.Width + column
	x -= float64(column)
	y -= float64(line)
	top := float64(g.Pix[i]) + x*(float64(g.Pix[i+1])-float64(g.Pix[i]))
	i += g.Width
	bottom := float64(g.Pix[i]) + x*(float64(g.Pix[i+1])-float64(g.Pix[i]))
	return top + y*(bottom-top)
}

// within moves a coordinate to the nearest one that has a pixel on both sides. NaN
// becomes 0.
func within(v float64, size int) float64 {
	if v > 0 {
		return min(v, float64(size)-1.001)
	}
	return 0
}

// averages calls row for each row with, for each pixel, the sum of the square of the
// radius around it and the number of pixels in it, as far as the square is in the
// picture. It calls it for several rows at the same time.
func (g Gray) averages(ctx context.Context, radius int, row func(y int, sums []uint32, counts []uint32)) {
	const least = 64 // rows that are worth a processor
	bands := min(runtime.GOMAXPROCS(0), g.Height/least+1)
	together(bands, func(band int) {
		g.band(ctx, radius, g.Height*band/bands, g.Height*(band+1)/bands, row)
	})
}

// band calls row as averages does, for the rows from first to before last.
func (g Gray) band(ctx context.Context, radius, first, last int, row func(y int, sums []uint32, counts []uint32)) {
	// Sums of each column over the rows within the radius, with columns of paper without
	// weight around the picture.
	padded := make([]uint32, g.Width+2*radius+1)
	columns := padded[radius+1:][:g.Width]
	sums, counts := make([]uint32, g.Width), make([]uint32, g.Width)
	for y := max(first-radius-1, 0); y < min(first+radius, g.Height); y++ {
		for x, p := range g.row(y)[:len(columns)] {
			columns[x] += uint32(p)
		}
	}
	var height uint32 // of the square, as far as it is in the picture
	for y := first; y < last && ctx.Err() == nil; y++ {
		if y+radius < g.Height {
			for x, p := range g.row(y + radius)[:len(columns)] {
				columns[x] += uint32(p)
			}
		}
		if y-radius-1 >= 0 {
			for x, p := range g.row(y - radius - 1)[:len(columns)] {
				columns[x] -= uint32(p)
			}
		}
		if rows := uint32(min(y+radius, g.Height-1) - max(y-radius, 0) + 1); rows != height {
			height = rows
			for x := range counts {
				counts[x] = rows * uint32(min(x+radius, g.Width-1)-max(x-radius, 0)+1)
			}
		}
		var sum uint32
		for _, column := range columns[:min(radius, g.Width)] {
			sum += column
		}
		entering, leaving := padded[2*radius+1:][:len(sums)], padded[:len(sums)]
		for x := range sums {
			sum += entering[x] - leaving[x]
			sums[x] = sum
		}
		row(y, sums, counts)
	}
}

// inverses are those of the numbers of pixels in a square of a radius up to 2, for sums
// up to 16 bits, times 2³².
var inverses = func() (all [26]uint64) {
	for count := 1; count < len(all); count++ {
		all[count] = (1<<32)/uint64(count) + 1
	}
	return all
}()

// mean returns sum / count without a division, which is slow.
func mean(sum, count uint32) byte { return byte(uint64(sum) * inverses[count] >> 32) }

// smoothed replaces each pixel by the mean of those within the radius, which removes
// noise.
func (g Gray) smoothed(ctx context.Context, radius int) Gray {
	smooth := g.like()
	g.averages(ctx, radius, func(y int, sums, counts []uint32) {
		out := smooth.row(y)
		sums, counts = sums[:len(out)], counts[:len(out)]
		for x := range out {
			out[x] = mean(sums[x]+counts[x]/2, counts[x])
		}
	})
	return smooth
}

// sharpened increases the difference of each pixel from the mean within the radius.
func (g Gray) sharpened(ctx context.Context, radius, strength int) Gray {
	sharp := g.like()
	g.averages(ctx, radius, func(y int, sums, counts []uint32) {
		out := sharp.row(y)
		for x, p := range g.row(y) {
			around := int(mean(sums[x], counts[x]))
			out[x] = byte(min(max(int(p)+strength*(int(p)-around), 0), 255))
		}
	})
	return sharp
}

// median replaces each pixel by the median of it and its eight neighbors, which removes
// single wrong pixels and keeps edges.
func (g Gray) median(ctx context.Context) Gray {
	if g.Width < 3 || g.Height < 3 {
		return g
	}
	calm := Gray{slices.Clone(g.Pix), g.Width, g.Height}
	for y := range rows(ctx, g.Height-2) {
		above, here, below, out := g.row(y), g.row(y+1), g.row(y+2), calm.row(y+1)
		for x := 1; x < g.Width-1; x++ {
			out[x] = middle(above[x-1], above[x], above[x+1], here[x-1], here[x], here[x+1], below[x-1], below[x], below[x+1])
		}
	}
	return calm
}

// middle returns the median of nine: of the columns' minima the greatest, of their
// medians the median, and of their maxima the least; and of these three the median.
func middle(a, b, c, d, e, f, g, h, i byte) byte {
	a, d, g = sorted(a, d, g)
	b, e, h = sorted(b, e, h)
	c, f, i = sorted(c, f, i)
	_, _, low := sorted(a, b, c)
	_, mid, _ := sorted(d, e, f)
	high, _, _ := sorted(g, h, i)
	_, mid, _ = sorted(low, mid, high)
	return mid
}

func sorted(a, b, c byte) (low, mid, high byte) {
	low, high = min(a, b), max(a, b)
	return min(low, c), max(low, min(high, c)), max(high, c)
}
