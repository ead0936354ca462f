package durable

import "golang.org/x/sys/unix"

func ownerless(path string) bool {
	var system unix.Statfs_t
	return unix.Statfs(path, &system) == nil && system.Flags&unix.MNT_IGNORE_OWNERSHIP != 0
}
