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
	"strings"
	"unicode/utf16"

	"handback/app/pattern"
	"handback/app/words"
)

// maxReply is the maximum size, in bytes, of a reply's body, of its headers, and of an
// unpacked body. maxList is that of the body of a list.
const (
	maxReply = 64 << 10
	maxList  = 1 << 20
)

// reply is the reply to a request.
type reply struct {
	status int
	header http.Header
	text   string // of the body, in UTF-8
	broken string // the message key for why text is incomplete; empty if it is whole
	issuer string // of the server's certificate
	proxy  string // the host of the proxy that was used; empty if none was
}

// read reads a reply, including forms that were not asked for: compressed, in UTF-16, with
// a byte order mark. Of the body it reads at most limit bytes.
func read(response *http.Response, limit int) (reply, error) {
	r := reply{status: response.StatusCode, header: response.Header}
	if state := response.TLS; state != nil && len(state.PeerCertificates) > 0 {
		r.issuer = words.Visible(state.PeerCertificates[0].Issuer.String(), 200)
	}
	raw, err := io.ReadAll(io.LimitReader(response.Body, int64(limit)+1))
	if err != nil {
		return reply{}, err
	}
	whole := len(raw) <= limit
	plain, err := unpacked(raw[:min(len(raw), limit)], r.coding(), limit)
	switch {
	case !whole || len(plain) > limit:
		r.broken = "answer.too_long"
	case err != nil:
		r.broken = "answer.not_unpacked"
	}
	r.text = decoded(plain[:min(len(plain), limit)])
	return r, nil
}

// coding returns the content coding that the server names, or an empty text.
func (r reply) coding() string {
	coding := strings.ToLower(strings.TrimSpace(r.header.Get("Content-Encoding")))
	return strings.TrimPrefix(coding, "identity")
}

var gzipMagic = []byte{0x1f, 0x8b}

// unpacked decompresses a body, up to one byte more than limit. Gzip is recognized by
// its first bytes: a proxy may have unpacked the body and left the header.
func unpacked(raw []byte, coding string, limit int) ([]byte, error) {
	var r io.Reader
	var err error
	switch {
	case bytes.HasPrefix(raw, gzipMagic):
		r, err = gzip.NewReader(bytes.NewReader(raw))
	case coding == "deflate":
		if r, err = zlib.NewReader(bytes.NewReader(raw)); err != nil {
			r, err = flate.NewReader(bytes.NewReader(raw)), nil // some servers send deflate without zlib's header
		}
	default:
		return raw, nil
	}
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(r, int64(limit)+1))
}

// decoded returns a text in UTF-8, without a byte order mark. With one it may be UTF-16.
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

// markup matches what is not text in a page.
var markup = pattern.Lazy(`(?is)<(script|style)\b.*?</(script|style)\s*>|<!--.*?-->|<[^>]*>`)

// readable returns the text of a reply that is not the License API's, for people: that of
// a page without its markup. That of a redirect is empty: it repeats the address, which
// may contain credentials.
func (r reply) readable() string {
	text := r.trimmed()
	switch {
	case between(300, 399)(r, ""):
		return ""
	case r.isPage():
		page := html.UnescapeString(markup().ReplaceAllString(text, " "))
		return cmp.Or(strings.Join(strings.Fields(page), " "), text)
	}
	return text
}

func (r reply) isPage() bool { return strings.HasPrefix(r.trimmed(), "<") }
