package licensespring

import (
	"bytes"
	"cmp"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"encoding/binary"
	"html"
	"io"
	"net/http"
	"regexp"
	"strings"
	"unicode/utf16"

	"handback/app/words"
)

// maxReply bounds what is read of a reply's body, of its headers, and of what a
// compressed body holds, in bytes.
const maxReply = 64 << 10

// reply is what came back.
type reply struct {
	status int
	header http.Header
	text   string // of the body, in UTF-8
	broken string // the key of why the text is not all there was; "" for a whole one
	issuer string // of the server's certificate
}

// read reads a reply, whatever form a server gave it unasked: compressed, in
// UTF-16, with a byte order mark.
func read(response *http.Response) (reply, error) {
	r := reply{status: response.StatusCode, header: response.Header}
	if state := response.TLS; state != nil && len(state.PeerCertificates) > 0 {
		r.issuer = words.Visible(state.PeerCertificates[0].Issuer.String(), 200)
	}
	raw, err := io.ReadAll(io.LimitReader(response.Body, maxReply+1))
	if err != nil {
		return reply{}, err
	}
	whole := len(raw) <= maxReply
	plain, err := unpacked(raw[:min(len(raw), maxReply)], r.coding())
	switch {
	case !whole || len(plain) > maxReply:
		r.broken = "answer.too_long"
	case err != nil:
		r.broken = "answer.not_unpacked"
	}
	r.text = decoded(plain[:min(len(plain), maxReply)])
	return r, nil
}

// coding returns the content coding that the server names, "" for none.
func (r reply) coding() string {
	coding := strings.ToLower(strings.TrimSpace(r.header.Get("Content-Encoding")))
	return strings.TrimPrefix(coding, "identity")
}

var gzipMagic = []byte{0x1f, 0x8b}

// unpacked inflates a body, or begins to, to one byte more than maxReply. A body
// that is gzip says so itself; a proxy may have unpacked it and left the header.
func unpacked(raw []byte, coding string) ([]byte, error) {
	var r io.Reader
	var err error
	switch {
	case bytes.HasPrefix(raw, gzipMagic):
		r, err = gzip.NewReader(bytes.NewReader(raw))
	case coding == "deflate":
		if r, err = zlib.NewReader(bytes.NewReader(raw)); err != nil {
			r, err = flate.NewReader(bytes.NewReader(raw)), nil // as some servers understand the name
		}
	default:
		return raw, nil
	}
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(r, maxReply+1))
}

// decoded returns a text that may begin with a byte order mark.
func decoded(raw []byte) string {
	for mark, order := range map[string]binary.ByteOrder{"\xFF\xFE": binary.LittleEndian, "\xFE\xFF": binary.BigEndian} {
		if rest, marked := bytes.CutPrefix(raw, []byte(mark)); marked && len(rest)%2 == 0 {
			units := make([]uint16, len(rest)/2)
			for i := range units {
				units[i] = order.Uint16(rest[2*i:])
			}
			return string(utf16.Decode(units))
		}
	}
	return strings.TrimPrefix(string(raw), "\uFEFF")
}

func (r reply) trimmed() string { return strings.TrimSpace(r.text) }

// markup is what a page holds besides its words.
var markup = regexp.MustCompile(`(?is)<(script|style)\b.*?</(script|style)\s*>|<!--.*?-->|<[^>]*>`)

// words returns what a reply says that was read and not understood: of a page its
// words alone. Where a redirect leads to may be nobody's business.
func (r reply) words() string {
	text := r.trimmed()
	switch {
	case between(300, 399)(r, ""):
		return ""
	case r.isPage():
		page := html.UnescapeString(markup.ReplaceAllString(text, " "))
		return cmp.Or(strings.Join(strings.Fields(page), " "), text)
	}
	return text
}

func (r reply) isPage() bool { return strings.HasPrefix(r.trimmed(), "<") }
