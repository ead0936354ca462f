package qr

// powers and logarithms are those of 2 in the field of 256 elements given by the
// polynomial x⁸+x⁴+x³+x²+1. powers has all of them twice, so that sums of logarithms need
// no modulo.
var powers, logarithms = func() (powers [510]byte, logarithms [256]int) {
	element := 1
	for i := range 255 {
		powers[i], powers[i+255] = byte(element), byte(element)
		logarithms[element] = i
		element <<= 1
		if element > 0xff {
			element ^= 0x11d
		}
	}
	return powers, logarithms
}()

func product(a, b byte) byte {
	if a == 0 || b == 0 {
		return 0
	}
	return powers[logarithms[a]+logarithms[b]]
}

// quotient returns a divided by b, which is not 0.
func quotient(a, b byte) byte {
	if a == 0 {
		return 0
	}
	return powers[logarithms[a]+255-logarithms[b]]
}

// polynomial has its coefficients from x⁰ on, as many as the largest parity, 30, needs.
type polynomial [31]byte

// at returns the value at the given power of 2, from 0 to 254.
func (p *polynomial) at(power, degree int) byte {
	var sum byte
	for i := degree; i >= 0; i-- {
		sum = product(sum, powers[power]) ^ p[i]
	}
	return sum
}

// margin is the parity that is left for checking where there are erasures. A block that is
// not of a code is taken for one once in 256⁴ times, and more seldom beside errors.
const margin = 4

// correct corrects a block of a Reed-Solomon code whose last bytes are its parity, and
// reports whether it could. Erasures are the indices of bytes
// that may be wrong, at most as many as the parity. It fails if
// twice the number of other wrong bytes and the number of erasures are together more than
// the parity. With erasures they must leave the margin: chosen well, they would make
// anything a valid block.
func correct(block []byte, parity int, erasures []int) bool {
	syndromes, clean := syndromesOf(block, parity)
	if clean {
		return true
	}
	known := polynomial{1} // its roots are the places of the erasures
	for count, at := range erasures {
		place := powers[len(block)-1-at]
		for i := count + 1; i > 0; i-- {
			known[i] ^= product(place, known[i-1])
		}
	}
	locator, errors := locatorOf(&syndromes, parity, known, len(erasures))
	spare := parity - (2*errors - len(erasures))
	if spare < 0 || len(erasures) > 0 && spare < margin {
		return false
	}
	var wrong []int // exponents of the block as a polynomial
	for i := range block {
		if locator.at((255-i)%255, errors) == 0 {
			wrong = append(wrong, i)
		}
	}
	if len(wrong) != errors {
		return false
	}
	var evaluator, derivative polynomial
	for i := range errors {
		for j := range i + 1 {
			evaluator[i] ^= product(syndromes[i-j], locator[j])
		}
		if i%2 == 0 {
			derivative[i] = locator[i+1]
		}
	}
	for _, i := range wrong {
		inverse := (255 - i) % 255
		off := quotient(evaluator.at(inverse, errors-1), derivative.at(inverse, errors-1))
		block[len(block)-1-i] ^= product(powers[i], off)
	}
	return true
}

// syndromesOf returns the block's values at the powers of 2, which are all 0 in a correct
// block.
func syndromesOf(block []byte, parity int) (syndromes polynomial, clean bool) {
	clean = true
	for i := range parity {
		var sum byte
		for _, b := range block {
			if sum != 0 {
				sum = powers[logarithms[sum]+i]
			}
			sum ^= b
		}
		syndromes[i] = sum
		clean = clean && sum == 0
	}
	return syndromes, clean
}

// locatorOf returns the shortest polynomial whose roots can be the places of the erasures
// and errors, and the number of both (Berlekamp and Massey). Known has those of the
// erasures.
func locatorOf(syndromes *polynomial, parity int, known polynomial, erasures int) (locator polynomial, errors int) {
	locator, errors = known, erasures
	before, shift, divisor := locator, 1, byte(1)
	for n := erasures; n < parity; n++ {
		off := syndromes[n]
		for i := 1; i <= errors; i++ {
			off ^= product(locator[i], syndromes[n-i])
		}
		if off == 0 {
			shift++
			continue
		}
		previous, factor := locator, quotient(off, divisor)
		for i := shift; i < len(locator); i++ {
			locator[i] ^= product(factor, before[i-shift])
		}
		if 2*errors > n+erasures {
			shift++
			continue
		}
		before, shift, divisor, errors = previous, 1, off, n+1-errors+erasures
	}
	return locator, errors
}
