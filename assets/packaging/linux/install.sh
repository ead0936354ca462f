#!/bin/sh
# Installs Handback from the folder that this script lies in, or removes it again:
#   ./install.sh [--prefix FOLDER]      default: /usr/local for root, else ~/.local
#   ./install.sh --remove [--prefix FOLDER]
# Requests, journal and settings are not touched.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
prefix=$HOME/.local
[ "$(id -u)" = 0 ] && prefix=/usr/local
remove=
while [ $# -gt 0 ]; do
	case $1 in
	--prefix) [ $# -ge 2 ] || { echo "--prefix wants a folder" >&2; exit 2; }; prefix=$2; shift 2 ;;
	--remove) remove=yes; shift ;;
	*) echo "install.sh: $1 is not known; see the head of this file" >&2; exit 2 ;;
	esac
done
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
	# Beside the old one, then in its place: a program that runs is not disturbed.
	cp -p -- "$file" "$prefix/$file.new"
	# The desktop need not have the folder on its PATH.
	case $file in *.desktop) sed "s|^Exec=\([^ ]*\)|Exec=\"$prefix/bin/\1\"|" "$file" > "$prefix/$file.new" ;; esac
	mv -f -- "$prefix/$file.new" "$prefix/$file"
done
[ -n "$remove" ] && rmdir -- "$prefix/share/doc/handback" 2>/dev/null || true
command -v update-mime-database >/dev/null && [ -d "$prefix/share/mime" ] && update-mime-database "$prefix/share/mime" 2>/dev/null || true
command -v update-desktop-database >/dev/null && [ -d "$prefix/share/applications" ] && update-desktop-database "$prefix/share/applications" 2>/dev/null || true
if [ -n "$remove" ]; then echo "removed from $prefix"; else echo "installed into $prefix; try: $prefix/bin/handback --help"; fi
