#!/bin/sh
# Installs Handback from the folder that this script lies in, or removes it again:
#   ./install.sh [--prefix FOLDER]      default: /usr/local for root, else ~/.local
#   ./install.sh --remove [--prefix FOLDER]
# Requests, journal and settings are not touched.
set -eu
umask 022
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
prefix=
remove=
while [ $# -gt 0 ]; do
	case $1 in
	--prefix) prefix=${2:-}; [ -n "$prefix" ] || { echo "install.sh: --prefix wants a folder" >&2; exit 2; }; shift 2 ;;
	--remove) remove=yes; shift ;;
	*) echo "install.sh: $1 is not known; usage: install.sh [--remove] [--prefix FOLDER]" >&2; exit 2 ;;
	esac
done
if [ -z "$prefix" ]; then
	prefix=/usr/local
	[ "$(id -u)" = 0 ] || prefix=${HOME:?install.sh: there is no home folder; name a folder with --prefix}/.local
fi
case $prefix in
*[\"\`\$\\\&\|\%]* | *"
"*) echo "install.sh: the folder's name has a character that the desktop cannot be told" >&2; exit 2 ;;
/*) ;;
*) prefix=$PWD/$prefix ;;
esac
cd "$here"
find bin share -type f | while IFS= read -r file; do
	if [ -n "$remove" ]; then
		rm -f -- "$prefix/$file"
		continue
	fi
	mkdir -p -- "$prefix/$(dirname -- "$file")"
	# Beside the old one, then in its place: a program that runs is not disturbed. It is
	# the installing person's, not the unpacking one's.
	new=$(mktemp -- "$prefix/$file.XXXXXXXX") # a name that nobody can have made a link of
	trap 'rm -f -- "$new"; echo "install.sh: $prefix/$file was not installed; what stands there is as it was" >&2' EXIT
	case $file in
	*.desktop) # which need not have the folder on its PATH
		sed "s|^Exec=\([^ ]*\)|Exec=\"$prefix/bin/\1\"|" "$file" > "$new" ;;
	*) cp -- "$file" "$new" ;;
	esac
	mode=644
	[ ! -x "$file" ] || mode=755
	chmod $mode "$new"
	mv -fT -- "$new" "$prefix/$file"
	trap - EXIT
done
[ -n "$remove" ] && rmdir -- "$prefix/share/doc/handback" 2>/dev/null || true
command -v update-mime-database >/dev/null && [ -d "$prefix/share/mime" ] && update-mime-database "$prefix/share/mime" 2>/dev/null || true
command -v update-desktop-database >/dev/null && [ -d "$prefix/share/applications" ] && update-desktop-database "$prefix/share/applications" 2>/dev/null || true
if [ -n "$remove" ]; then echo "removed from $prefix"; else echo "installed into $prefix; try: $prefix/bin/handback --help"; fi
