package fault

import "golang.org/x/sys/windows"

// here are what Windows says with numbers of its own.
var here = []system{
	{"reason.not_exist", []error{windows.ERROR_INVALID_DRIVE, windows.ERROR_BAD_NET_NAME}},
	{"reason.permission", []error{windows.ERROR_PRIVILEGE_NOT_HELD, windows.ERROR_CANT_ACCESS_FILE, windows.WSAEACCES}},
	{"reason.no_space", []error{windows.ERROR_DISK_FULL, windows.ERROR_HANDLE_DISK_FULL}},
	{"reason.quota", []error{windows.ERROR_DISK_QUOTA_EXCEEDED}},
	{"reason.read_only", []error{windows.ERROR_WRITE_PROTECT}},
	{"reason.not_folder", []error{windows.ERROR_DIRECTORY}},
	{"reason.name_long", []error{windows.ERROR_FILENAME_EXCED_RANGE, windows.ERROR_BUFFER_OVERFLOW}},
	{"reason.name", []error{windows.ERROR_INVALID_NAME, windows.ERROR_BAD_PATHNAME, windows.ERROR_NO_UNICODE_TRANSLATION}},
	{"reason.io", []error{windows.ERROR_CRC, windows.ERROR_IO_DEVICE, windows.ERROR_WRITE_FAULT, windows.ERROR_READ_FAULT,
		windows.ERROR_GEN_FAILURE, windows.ERROR_SECTOR_NOT_FOUND, windows.ERROR_FILE_CORRUPT, windows.ERROR_DISK_CORRUPT}},
	{"reason.busy", []error{windows.ERROR_SHARING_VIOLATION, windows.ERROR_LOCK_VIOLATION, windows.ERROR_BUSY, windows.ERROR_USER_MAPPED_FILE}},
	{"reason.open_files", []error{windows.ERROR_TOO_MANY_OPEN_FILES, windows.WSAEMFILE}},
	{"reason.links", []error{windows.ERROR_CANT_RESOLVE_FILENAME}},
	{"reason.other_drive", []error{windows.ERROR_NOT_SAME_DEVICE}},
	{"reason.file_large", []error{windows.ERROR_FILE_TOO_LARGE}},
	{"reason.gone", []error{windows.ERROR_NOT_READY, windows.ERROR_BAD_UNIT, windows.ERROR_DEV_NOT_EXIST, windows.ERROR_NO_MEDIA_IN_DRIVE,
		windows.ERROR_DEVICE_NOT_CONNECTED, windows.ERROR_NETNAME_DELETED, windows.ERROR_UNEXP_NET_ERR, windows.ERROR_NO_SUCH_DEVICE}},
	{"reason.memory", []error{windows.ERROR_NOT_ENOUGH_MEMORY, windows.ERROR_OUTOFMEMORY}},
	{"reason.pipe", []error{windows.ERROR_BROKEN_PIPE, windows.ERROR_NO_DATA}},
	{"reason.refused", []error{windows.WSAECONNREFUSED, windows.ERROR_CONNECTION_REFUSED}},
	{"reason.unreachable", []error{windows.WSAENETUNREACH, windows.WSAENETDOWN, windows.ERROR_NETWORK_UNREACHABLE}},
	{"reason.host_unreachable", []error{windows.WSAEHOSTUNREACH, windows.WSAEHOSTDOWN, windows.ERROR_HOST_UNREACHABLE}},
	{"reason.reset", []error{windows.WSAECONNRESET, windows.WSAECONNABORTED, windows.ERROR_CONNECTION_ABORTED}},
	{"reason.timeout", []error{windows.WSAETIMEDOUT, windows.ERROR_SEM_TIMEOUT}},
	{"reason.address_used", []error{windows.WSAEADDRINUSE}},
	{"reason.address", []error{windows.WSAEADDRNOTAVAIL}},
	{"reason.unsupported", []error{windows.ERROR_INVALID_FUNCTION, windows.ERROR_INVALID_PARAMETER}},
}
