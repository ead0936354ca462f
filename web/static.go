package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"mime"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"handback/assets"
)

// static has the files that browsers fetch. The reader, reader.wasm.gz with wasm_exec.js,
// is built by make; without it the server reads pictures.
//
//go:embed static
var static embed.FS

// staticFile is a file that browsers fetch.
type staticFile struct {
	data []byte
	gzip bool
	tag  string // of its content, as in ETag
}

// staticFiles are all files, by name, and their version, which is another one when any of
// them is.
type staticFiles struct {
	files   map[string]staticFile
	version string
}

var theFiles = sync.OnceValue(func() *staticFiles {
	s := &staticFiles{files: map[string]staticFile{}}
	add := func(name string, data []byte) {
		name, zipped := strings.CutSuffix(name, ".gz")
		sum := sha256.Sum256(data)
		s.files[name] = staticFile{data, zipped, `"` + hex.EncodeToString(sum[:16]) + `"`}
	}
	add("icon.svg", assets.Icon)
	entries, _ := fs.ReadDir(static, "static") // it is embedded
	for _, entry := range entries {
		data, _ := static.ReadFile("static/" + entry.Name())
		add(entry.Name(), data)
	}
	all := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(s.files)) {
		fmt.Fprintln(all, name, s.files[name].tag)
	}
	s.version = hex.EncodeToString(all.Sum(nil)[:8])
	return s
})

// address returns the address of a file for pages. It has the version, so that a browser
// never uses a file of another version with a page, and files find each other beside them.
func (s *staticFiles) address(name string) string { return "/static/" + s.version + "/" + name }

// ServeHTTP serves the file that an address has. With this version before its name, it may
// be kept for a year; without one, browsers ask each time whether it is still the same. While
// instances of two versions answer, how a page looks comes from either; its scripts do not.
func (s *staticFiles) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name, kept := strings.CutPrefix(strings.TrimPrefix(r.URL.Path, "/static/"), s.version+"/")
	if _, looks, other := strings.Cut(name, "/"); other && (path.Ext(looks) == ".css" || path.Ext(looks) == ".svg") {
		name = looks
	}
	s.serve(w, r, name, kept)
}

func (s *staticFiles) serve(w http.ResponseWriter, r *http.Request, name string, kept bool) {
	file, known := s.files[name]
	if !known {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Cache-Control", "no-cache")
	if kept {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	h.Set("Content-Type", mimeOf(name))
	if file.gzip {
		h.Set("Vary", "Accept-Encoding")
		if !takesGzip(r) {
			unpack(w, r, file.data)
			return
		}
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("ETag", file.tag)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(file.data))
}

// takesGzip reports whether a browser or program says that it can unpack gzip.
func takesGzip(r *http.Request) bool {
	for one := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		coding, quality, _ := strings.Cut(strings.ReplaceAll(one, " ", ""), ";q=")
		if weight, err := strconv.ParseFloat(quality, 64); strings.EqualFold(coding, "gzip") && (err != nil || weight > 0) {
			return true
		}
	}
	return false
}

// unpack sends what is packed, for the few that cannot unpack it.
func unpack(w http.ResponseWriter, r *http.Request, packed []byte) {
	data, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	if r.Method != http.MethodHead {
		_, _ = io.Copy(w, data) //nolint:gosec // our own file
	}
}

func mimeOf(name string) string {
	switch path.Ext(name) {
	case ".wasm":
		return "application/wasm"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".yaml":
		return "application/yaml"
	}
	if kind := mime.TypeByExtension(path.Ext(name)); kind != "" {
		return kind
	}
	return "application/octet-stream"
}
