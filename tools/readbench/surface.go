package main

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"
)

// surface is a code on paper that is bent and seen from aside, which no distortion of
// ImageMagick can show. Lengths are in sides of the code, with its quiet zone; angles are
// in degrees.
type surface struct {
	Code     string  `json:"code"`   // its file
	Pixels   float64 `json:"pixels"` // per module, where the paper is nearest
	Across   float64 `json:"across"` // the direction in which the paper bends
	Bends    []bend  `json:"bends"`
	Tilt     float64 `json:"tilt"`     // of the paper
	Toward   float64 `json:"toward"`   // the direction of the tilt
	Roll     float64 `json:"roll"`     // of the camera
	Distance float64 `json:"distance"` // of the camera
}

// bend is where paper turns by an angle: sharply at a fold, or evenly over a width.
type bend struct {
	At    float64 `json:"at"` // distance from the middle of the code
	Width float64 `json:"width"`
	Angle float64 `json:"angle"`
}

// paperStdin is ImageMagick's argument for a drawn surface.
const paperStdin = "png:-"

// drawn returns the surface as a PNG file, on white, with the code from a folder. Each
// point of the paper is thrown onto the picture, several for each pixel, which shows their
// mean.
func (s surface) drawn(home string) ([]byte, error) {
	code, err := os.ReadFile(filepath.Join(home, s.Code))
	if err != nil {
		return nil, err
	}
	modules, err := png.Decode(bytes.NewReader(code))
	if err != nil {
		return nil, err
	}
	const margin, fine = 12, 3
	side := modules.Bounds().Dx()
	steps := int(float64(side) * s.Pixels * fine)
	places := s.places(steps)
	least, most := point{math.Inf(1), math.Inf(1)}, point{math.Inf(-1), math.Inf(-1)}
	scale := float64(side) * s.Pixels
	for i := range places {
		p := point{places[i].x * scale, places[i].y * scale}
		least = point{min(least.x, p.x), min(least.y, p.y)}
		most = point{max(most.x, p.x), max(most.y, p.y)}
		places[i] = p
	}
	width, height := int(most.x-least.x)+2*margin, int(most.y-least.y)+2*margin
	light, points := make([]int, width*height), make([]int, width*height)
	for i, p := range places {
		at := int(p.y-least.y+margin)*width + int(p.x-least.x+margin)
		points[at]++
		if r, _, _, _ := modules.At(i%steps*side/steps, i/steps*side/steps).RGBA(); r != 0 {
			light[at]++
		}
	}
	picture := image.NewGray(image.Rect(0, 0, width, height))
	for i := range picture.Pix {
		picture.Pix[i] = 0xff
		if points[i] > 0 {
			picture.SetGray(i%width, i/width, color.Gray{Y: byte(255 * light[i] / points[i])})
		}
	}
	var file bytes.Buffer
	err = png.Encode(&file, picture)
	return file.Bytes(), err
}

// places returns where the camera sees the paper, row by row, in sides.
func (s surface) places(steps int) []point {
	profile := s.profile()
	sin, cos := sincos(s.Across)
	tiltSin, tiltCos := sincos(s.Tilt)
	towardSin, towardCos := sincos(s.Toward)
	rollSin, rollCos := sincos(s.Roll)
	all := make([]point, 0, steps*steps)
	for i := range steps * steps {
		u, v := (float64(i%steps)+0.5)/float64(steps)-0.5, (float64(i/steps)+0.5)/float64(steps)-0.5
		along, aside := u*cos+v*sin, v*cos-u*sin
		bent := profile(along)
		x, y, z := bent.x*cos-aside*sin, bent.x*sin+aside*cos, bent.y
		// Toward the tilt, depth and distance change.
		t, w := x*towardCos+y*towardSin, y*towardCos-x*towardSin
		t, z = t*tiltCos-z*tiltSin, z*tiltCos+t*tiltSin
		x, y = t*towardCos-w*towardSin, t*towardSin+w*towardCos
		nearness := s.Distance / (s.Distance + z)
		x, y = x*nearness, y*nearness
		all = append(all, point{x*rollCos - y*rollSin, x*rollSin + y*rollCos})
	}
	return all
}

// profile returns the paper seen from its edge: how far along, and how deep, a distance
// from the middle leads.
func (s surface) profile() func(float64) point {
	const reach, steps = 1.0, 2000
	slope := func(at float64) float64 {
		angle := 0.0
		for _, b := range s.Bends {
			part := (at-b.At)/max(b.Width, 1e-9) + 0.5
			angle += b.Angle * (min(max(part, 0), 1) - 0.5)
		}
		return angle
	}
	var walked [2*steps + 1]point
	for i := 1; i <= steps; i++ {
		for _, sign := range []int{-1, 1} {
			sin, cos := sincos(slope(float64(sign) * (float64(i) - 0.5) * reach / steps))
			before := walked[steps+sign*(i-1)]
			walked[steps+sign*i] = point{before.x + float64(sign)*cos*reach/steps, before.y + float64(sign)*sin*reach/steps}
		}
	}
	return func(distance float64) point { return walked[steps+int(math.Round(distance/reach*steps))] }
}

func sincos(degrees float64) (sin, cos float64) { return math.Sincos(degrees * math.Pi / 180) }
