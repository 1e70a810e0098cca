#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The acceldev authors
#
# Makes the guest's root: busybox, kernel modules, init, and programs with their shared libraries.
#
#	test/vm/initramfs.sh FETCHED OUT -- [PROGRAM...]
#
# FETCHED is the folder that fetch.sh filled. The guest finds programs by their names. OUT is a
# plain cpio archive, since the guest would take longer to unpack a compressed one. Any user can
# make it: there are no device files in it, the kernel makes those.
set -u
umask 022

# libraries FILE...: paths of what the loader loads for the files, and of the loader
libraries()
{
	for file in "$@"; do
		# "NAME => PATH (ADDRESS)", or "PATH (ADDRESS)"; nothing for a script
		ldd "$file" 2>/dev/null
	done | awk '/not found/ { print "missing: " $1 > "/dev/stderr"; bad = 1; next }
		{ path = $2 == "=>" ? $3 : $1 }
		path ~ /^\// && !seen[path]++ { print path }
		END { exit bad }'
}

# plugins EAL: what the EAL in this file opens by itself; pools need it
plugins()
{
	for plugin in "${1%/*}"/dpdk/pmds-*/librte_mempool_ring.so.*; do
		[ ! -e "$plugin" ] || echo "$plugin"
	done
}

# cancelling LIBC: what the libc in this file opens when a thread is cancelled, as EAL does
cancelling()
{
	[ ! -e "${1%/*}/libgcc_s.so.1" ] || echo "${1%/*}/libgcc_s.so.1"
}

if [ $# -lt 3 ] || [ "$3" != -- ]; then
	echo "usage: $0 FETCHED OUT -- [PROGRAM...]" >&2
	exit 2
fi
here=$(dirname "$0")
fetched=$1 out=$2
shift 3

root=$(mktemp -d) || exit 1
trap 'rm -rf "$root"' EXIT
trap 'exit 130' INT TERM
chmod 755 "$root"
mkdir "$root/bin" "$root/lib" "$root/lib64" "$root/usr" "$root/vm" || exit 1
ln -s ../bin "$root/usr/bin"
ln -s ../lib "$root/usr/lib" # where EAL looks for plugins
ln -s bin "$root/sbin"
cp "$fetched/busybox" "$root/bin/" && cp "$here/init" "$root/" && chmod 755 "$root/init" || exit 1
cp -r "$fetched/lib/modules" "$root/lib/" || exit 1
for applet in $("$fetched/busybox" --list); do
	[ "$applet" = busybox ] || ln -s busybox "$root/bin/$applet"
done

for program in "$@"; do
	name=${program##*/}
	if [ -e "$root/bin/$name" ]; then
		echo "$0: two programs have the name $name" >&2
		exit 1
	fi
	cp "$program" "$root/bin/$name" && chmod 755 "$root/bin/$name" || exit 1
done
paths=$(libraries "$@") || exit 1
for path in $paths; do
	case $path in
	*/ld-linux*) cp -L "$path" "$root/lib64/" ;;
	*/librte_eal.so*)
		cp -L "$path" "$root/lib/"
		for plugin in $(plugins "$path"); do
			mkdir -p "$root${plugin%/*}" && cp -L "$plugin" "$root${plugin%/*}/"
		done ;;
	*/libc.so*)
		for library in "$path" $(cancelling "$path"); do
			cp -L "$library" "$root/lib/"
		done ;;
	*) cp -L "$path" "$root/lib/" ;;
	esac || exit 1
done

(cd "$root" && find . | bin/busybox cpio -o -H newc -R 0:0) >"$out.new" 2>"$root/log" || {
	cat "$root/log" >&2
	rm -f "$out.new"
	exit 1
}
mv "$out.new" "$out"
