package carry

import (
	"regexp"
	"strconv"
	"strings"

	"handback/app/pattern"
)

// maxRows limits the rows of a text that may have typed lines.
const maxRows = 2 * maxLines

// textRows returns the rows of a text without mail quoting.
func textRows(text string) []string {
	rows := strings.Split(strings.ReplaceAll(text, "\r", "\n"), "\n")
	for i, row := range rows {
		rows[i] = plainSpaces(mailQuoting().ReplaceAllString(row, ""))
	}
	return rows
}

// linesOfRow returns the typed lines in a row: none in an empty row, several if they were
// joined.
func linesOfRow(row string) (lines []string) {
	for row != "" {
		end := lineEnd(row)
		lines = append(lines, row[:end])
		row = strings.TrimSpace(row[end:])
	}
	return lines
}

// lineEnd returns the index at which the next line starts in a row: after as many letters
// as a line can have or, if these are not a correct line, before the next number.
func lineEnd(row string) int {
	fields := numbered().FindStringSubmatchIndex(row)
	if fields == nil || fields[4] < 0 {
		return len(row)
	}
	end, letters := fields[4], 0
	for ; end < len(row) && letters < lineLetters+lineChecks; end++ {
		if between().FindString(row[end:end+1]) == "" {
			letters++
		}
	}
	if !another().MatchString(row[end:]) {
		return len(row)
	}
	if _, err := readLine(row[:end]); err == nil {
		return end
	}
	number, err := decimal(likeDigits.Replace(strings.ToUpper(row[fields[2]:fields[3]])))
	if err != nil {
		return len(row)
	}
	next := regexp.MustCompile(`\s0*` + strconv.Itoa(number+1) + `\s`)
	if at := next.FindStringIndex(row[fields[4]:]); at != nil {
		return fields[4] + at[0]
	}
	return len(row)
}

// another matches the number of another line in the rest of a row.
var another = pattern.Lazy(`^[ .:)-]*[0-9OoIiLl]{1,4}[ .:)-]`)

// looksTyped matches a row that can only be a typed line, correct or not: it has a line's
// number of letters, in groups.
var looksTyped = pattern.Lazy(`^[0-9OoIiLl]{1,4}[ .:)-]+(?:[A-Za-z0-9]{5}[ .-]+){4}[A-Za-z0-9 .-]*$`)

// linesIn reads the typed lines within other text, from the first that is correct or
// looks like one to the last. It fails if they are incomplete, and returns nothing if
// fewer than two are correct.
func linesIn(text string) ([]Piece, error) {
	rows := textRows(text)
	if len(rows) > maxRows {
		return nil, nil
	}
	first, last, right := len(rows), 0, 0
	for i, row := range rows {
		typed := looksTyped().MatchString(row)
		for _, one := range linesOfRow(row) {
			if _, err := readLine(one); err == nil {
				right++
				typed = true
			}
		}
		if typed {
			first, last = min(first, i), i+1
		}
	}
	if right < 2 {
		return nil, nil
	}
	return typedPieces(strings.Join(rows[first:last], "\n") + "\n")
}

func typedPieces(text string) ([]Piece, error) {
	typing := Typed(text)
	if typing.Brief != nil {
		return []Piece{{Brief: typing.Brief}}, nil
	}
	if err := typing.Complete(); err != nil {
		return nil, err
	}
	only := typing.part()
	return []Piece{{Part: &only}}, nil
}
