package carry

import (
	"bytes"
	"fmt"
	"html/template"
	"strings"
	"sync"

	"handback/app/fault"
	"handback/app/words"
	"handback/assets"
)

// Sheet is a request on paper: its codes, and its lines to be typed where neither cameras
// nor sticks are allowed.
type Sheet struct {
	Words     *words.Words
	Practice  bool
	CheckCode string
	Facts     []Fact   // the request's content, in order
	Steps     []string // what to do next
	Message   string   // to send with the scanned text
	Codes     []*Code
	Lines     []string // from [Lines]; none if the request is too long to be typed
}

// Fact is a name and a value from a request, for people.
type Fact struct{ Name, Value string }

const (
	// codesAPage is the number of codes per page, in two columns: A4 and Letter both
	// leave 186 by 255 millimeters.
	codesAPage = 6
	// codeWidth is the width of one of several codes, in millimeters: two thirds of a
	// millimeter per module in version 20.
	codeWidth = 70
	// moduleWidth is the largest width of a module, in millimeters.
	moduleWidth = 1.0

	linesAPage      = 34
	linesOnTheFirst = 24 // fewer, below the message
)

// The template's data.
type (
	sheetView struct {
		Lang, Title, Loud, CheckName, CheckCode, CheckUse string
		NextTitle                                         string
		Steps                                             []string
		FactsTitle                                        string
		Facts                                             []Fact
		Pages                                             []codesView
		MessageTitle, MessageUse, Message                 string
		Lines                                             []linesView
		Secrets                                           string
	}
	codesView struct {
		Class, Title string
		Codes        []codeView
	}
	codeView struct {
		SVG     template.HTML
		Caption string
	}
	linesView struct {
		Class, Title, Use string
		Lines             []string
	}
)

var sheetTemplate = sync.OnceValues(func() (*template.Template, error) {
	return template.New("sheet").Parse(assets.Sheet)
})

// HTML returns the sheet as a self-contained page for A4 and Letter, in black on white.
// It is well-formed XML too. A sheet always gives the same bytes.
func (s Sheet) HTML() ([]byte, error) {
	page, err := sheetTemplate()
	if err != nil {
		return nil, fault.New(fault.Unexpected, "carry.sheet").Because(err)
	}
	var out bytes.Buffer
	if err := page.Execute(&out, s.view()); err != nil {
		return nil, fault.New(fault.Unexpected, "carry.sheet").Because(err)
	}
	return out.Bytes(), nil
}

func (s Sheet) view() sheetView {
	t := s.Words.Text
	loud := t("sheet.not_free")
	if s.Practice {
		loud = t("sheet.practice")
	}
	return sheetView{
		Lang: s.Words.Language(), Title: t("sheet.title"), Loud: loud,
		CheckName: t("sheet.check_code"), CheckCode: s.CheckCode, CheckUse: t("sheet.check_code.use"),
		NextTitle: t("sheet.next"), Steps: s.Steps,
		FactsTitle: t("sheet.facts"), Facts: s.Facts,
		Pages:        s.codePages(),
		MessageTitle: t("sheet.message"), MessageUse: t("sheet.message.use"), Message: s.Message,
		Lines:   s.linePages(),
		Secrets: t("sheet.secrets"),
	}
}

func (s Sheet) codePages() []codesView {
	if len(s.Codes) == 1 {
		return []codesView{{"single", s.Words.Text("sheet.code"), []codeView{s.code(s.Codes[0])}}}
	}
	var pages []codesView
	for first := 0; first < len(s.Codes); first += codesAPage {
		last := min(first+codesAPage, len(s.Codes))
		page := codesView{"page", s.Words.Text("sheet.codes", "first", first+1, "last", last, "count", len(s.Codes), "check", s.CheckCode), nil}
		for _, code := range s.Codes[first:last] {
			page.Codes = append(page.Codes, s.code(code))
		}
		pages = append(pages, page)
	}
	return pages
}

func (s Sheet) code(code *Code) codeView {
	caption := s.Words.Text("sheet.code.caption", "number", code.Number, "count", code.Count, "check", s.CheckCode)
	width := moduleWidth * float64(code.side())
	if code.Count > 1 {
		width = min(width, codeWidth)
	}
	label := fmt.Sprintf(`<svg role="img" aria-label="%s" `, template.HTMLEscapeString(caption))
	drawn := strings.TrimSpace(string(code.SVGOf(width)))
	return codeView{template.HTML(label + strings.TrimPrefix(drawn, "<svg ")), caption}
}

func (s Sheet) linePages() []linesView {
	var pages []linesView
	view := linesView{Use: s.Words.Text("sheet.lines.use")}
	for first, room := 0, linesOnTheFirst; first < len(s.Lines); room = linesAPage {
		last := min(first+room, len(s.Lines))
		view.Title = s.Words.Text("sheet.lines", "first", first+1, "last", last, "count", len(s.Lines), "check", s.CheckCode)
		view.Lines = s.Lines[first:last]
		pages = append(pages, view)
		view = linesView{Class: "page"}
		first = last
	}
	return pages
}
