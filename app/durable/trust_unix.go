//go:build unix

package durable

import (
	"io/fs"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

const noFollow = unix.O_NOFOLLOW | unix.O_NONBLOCK

func trusted(path string, info fs.FileInfo, shared bool) bool {
	const group, others = 0o020, 0o002
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok || info.Mode()&others != 0 {
		return false
	}
	own := stat.Uid == 0 || int(stat.Uid) == os.Geteuid()
	if shared {
		return own || unix.Access(path, unix.W_OK) == nil
	}
	return own && info.Mode()&group == 0
}
