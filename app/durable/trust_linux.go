package durable

import (
	"slices"

	"golang.org/x/sys/unix"
)

// ownerlessSystems are file systems whose owners and modes are made up when they are
// mounted: FAT, exFAT and NTFS.
var ownerlessSystems = []int64{unix.MSDOS_SUPER_MAGIC, unix.EXFAT_SUPER_MAGIC, 0x5346544e, 0x7366746e}

func ownerless(path string) bool {
	var system unix.Statfs_t
	return unix.Statfs(path, &system) == nil && slices.Contains(ownerlessSystems, int64(system.Type))
}
