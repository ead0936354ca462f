package fault

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
)

// Reason is a cause that came from the system, the network or a certificate, in words of
// the catalogue. Where it has none for it, known is false and the reason is the error
// itself, without a path: the text before it names that.
func Reason(err error) (reason error, known bool) {
	if f, ok := errors.AsType[*Fault](err); ok && f != nil {
		return err, true
	}
	f := ofSystem(err)
	if f == nil {
		return withoutPath(err), false
	}
	return f, true
}

func ofSystem(err error) *Fault {
	if f := ofType(err); f != nil {
		return f
	}
	for _, table := range [][]system{systems, here} {
		for _, one := range table {
			for _, said := range one.says {
				if errors.Is(err, said) {
					return New(Unexpected, one.key)
				}
			}
		}
	}
	if timeout, ok := errors.AsType[net.Error](err); ok && timeout.Timeout() {
		return New(Unexpected, "reason.timeout")
	}
	return nil
}

// system is a reason by the names that systems have for it.
type system struct {
	key  string
	says []error
}

// systems are what every system says. The first that holds counts: a folder that is not
// empty also "exists already". What Windows says beside is in here.
var systems = []system{
	{"reason.not_empty", []error{syscall.ENOTEMPTY}},
	{"reason.not_exist", []error{fs.ErrNotExist}},
	{"reason.exists", []error{fs.ErrExist}},
	{"reason.permission", []error{fs.ErrPermission}},
	{"reason.no_space", []error{syscall.ENOSPC}},
	{"reason.quota", []error{syscall.EDQUOT}},
	{"reason.read_only", []error{syscall.EROFS}},
	{"reason.is_folder", []error{syscall.EISDIR}},
	{"reason.not_folder", []error{syscall.ENOTDIR}},
	{"reason.name_long", []error{syscall.ENAMETOOLONG}},
	{"reason.name", []error{syscall.EILSEQ}},
	{"reason.io", []error{syscall.EIO}},
	{"reason.busy", []error{syscall.EBUSY, syscall.ETXTBSY}},
	{"reason.open_files", []error{syscall.EMFILE, syscall.ENFILE}},
	{"reason.links", []error{syscall.ELOOP}},
	{"reason.other_drive", []error{syscall.EXDEV}},
	{"reason.file_large", []error{syscall.EFBIG}},
	{"reason.gone", []error{syscall.ENODEV, syscall.ENXIO, syscall.ESTALE}},
	{"reason.memory", []error{syscall.ENOMEM}},
	{"reason.pipe", []error{syscall.EPIPE, io.ErrClosedPipe}},
	{"reason.refused", []error{syscall.ECONNREFUSED}},
	{"reason.unreachable", []error{syscall.ENETUNREACH, syscall.ENETDOWN}},
	{"reason.host_unreachable", []error{syscall.EHOSTUNREACH, syscall.EHOSTDOWN}},
	{"reason.reset", []error{syscall.ECONNRESET, syscall.ECONNABORTED}},
	{"reason.timeout", []error{syscall.ETIMEDOUT, os.ErrDeadlineExceeded, context.DeadlineExceeded}},
	{"reason.address_used", []error{syscall.EADDRINUSE}},
	{"reason.address", []error{syscall.EADDRNOTAVAIL}},
	{"reason.cancelled", []error{context.Canceled}},
	{"reason.unsupported", []error{errors.ErrUnsupported, syscall.EINVAL}},
	{"reason.closed", []error{fs.ErrClosed, net.ErrClosed}},
	{"reason.program", []error{exec.ErrNotFound}},
	{"reason.not_tls", []error{http.ErrSchemeMismatch}},
	{"reason.ended", []error{io.ErrUnexpectedEOF, io.EOF}},
}

// ofType knows errors by their types.
func ofType(err error) *Fault {
	if name, ok := errors.AsType[*net.DNSError](err); ok {
		if name.IsNotFound {
			return New(Unexpected, "reason.no_host")
		}
		return New(Unexpected, "reason.lookup")
	}
	if wrong, ok := errors.AsType[x509.HostnameError](err); ok && wrong.Certificate != nil && len(wrong.Certificate.DNSNames) > 0 {
		return New(Unexpected, "reason.certificate_host", "names", strings.Join(wrong.Certificate.DNSNames, ", "))
	}
	if invalid, ok := errors.AsType[x509.CertificateInvalidError](err); ok && invalid.Reason == x509.Expired {
		return New(Unexpected, "reason.certificate_time")
	}
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return New(Unexpected, "reason.certificate_authority")
	}
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		return New(Unexpected, "reason.not_tls")
	}
	if _, ok := errors.AsType[base64.CorruptInputError](err); ok {
		return New(Unexpected, "reason.base64")
	}
	op, _ := errors.AsType[*net.OpError](err)
	switch text := err.Error(); { // crypto and HTTP have no types for these
	case strings.Contains(text, "x509: "):
		return New(Unexpected, "reason.certificate")
	case strings.Contains(text, "tls: "), op != nil && (op.Op == "remote error" || op.Op == "local error"):
		return New(Unexpected, "reason.tls")
	case strings.Contains(text, "malformed HTTP"), strings.Contains(text, "malformed MIME"):
		return New(Unexpected, "reason.not_http")
	}
	return nil
}

func withoutPath(err error) error {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		return path.Err
	}
	if link, ok := errors.AsType[*os.LinkError](err); ok {
		return link.Err
	}
	return err
}

// pathOf is what an error of the file system is about; empty for another error.
func pathOf(err error) string {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		return path.Path
	}
	if link, ok := errors.AsType[*os.LinkError](err); ok {
		return link.New
	}
	return ""
}
