#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The acceldev authors
#
# Runs test programs on the kernel's VFIO in an emulated machine with an IOMMU and PCI devices.
#
#	test/vm/run.sh BUILDDIR [PROGRAMS]
#
# Runs what the file PROGRAMS lists, test/vm/programs unless told otherwise. Prints what programs
# say and adds up their counts, also in the file ACCELDEV_TEST_SUMMARY. The logs of the guest stay
# in BUILDDIR/vm/BITS. Exits 0 when nothing failed, and 77 when the guest cannot be had.
set -u
umask 022

here=$(cd "$(dirname "$0")" && pwd) || exit 1
if [ $# -lt 1 ] || [ $# -gt 2 ]; then
	echo "usage: $0 BUILDDIR [PROGRAMS]" >&2
	exit 2
fi
build=$1
list=${2:-$here/programs}
dir=$build/vm
passed=0 failed=0 skipped=0

# add PASSED FAILED SKIPPED
add() { passed=$((passed + $1)) failed=$((failed + $2)) skipped=$((skipped + $3)); }

finish()
{
	echo "$passed passed, $failed failed, $skipped skipped"
	[ -z "${ACCELDEV_TEST_SUMMARY:-}" ] ||
		echo "$passed $failed $skipped" >>"$ACCELDEV_TEST_SUMMARY"
	[ "$passed$failed" != 00 ] || exit 77
	[ "$failed" -eq 0 ]
	exit
}

# commands BITS: those of one guest; commands all: all
commands()
{
	awk -v bits="$1" '/^[ \t]*(#|$)/ { next }
		{ mine = 48 }
		match($0, /(^|[ \t])VM_AW_BITS=[0-9]+/) {
			mine = substr($0, RSTART, RLENGTH)
			sub(/.*=/, "", mine)
		}
		bits == "all" || bits == mine' "$list"
}

# widths: the guests that are needed, by their address bits
widths()
{
	commands all | sed -n 's/.*VM_AW_BITS=\([0-9]*\).*/\1/p; t; s/.*/48/p' | sort -rnu
}

# program_paths: of all commands and what they need beside them (VM_WITH=PROGRAM), each once
program_paths()
{
	commands all | awk '{ for (i = 1; $i ~ /=/; i++) { if (sub(/^VM_WITH=/, "", $i)) print $i }
		print $i }' | sort -u
}

# by_name: commands as the guest knows them, without the folder of the program
by_name()
{
	awk '{ for (i = 1; $i ~ /=/; i++) {}; sub(/.*\//, "", $i); print }'
}

# count_record DIR: show what one program left
count_record()
{
	name=$(cat "$1/name")
	rc=$(cat "$1/rc" 2>/dev/null || echo unknown)
	[ "$rc" != 143 ] || rc="143: it took too long"
	counts=$(awk '{ p += $1; f += $2; s += $3 } END { print p + 0, f + 0, s + 0 }' "$1/summary")
	# A crash does not show in the program's own counts.
	case $rc:$counts in
	0:*|77:*|*:*' '[1-9]*' '*) ;;
	*) counts="${counts%% *} 1 ${counts##* }" ;;
	esac
	echo "$name (exit status $rc)"
	cat "$1/log"
	# shellcheck disable=SC2086 # three numbers
	add $counts
}

# boot_guest BITS
boot_guest()
{
	rm -rf "$dir/$1"
	commands "$1" | by_name | "$here/boot.sh" -a "$1" "$dir/guest" "$dir/initramfs" "$dir/$1"
}

# count_guest BITS
count_guest()
{
	out=$dir/$1
	for record in "$out"/[0-9]*-*/; do
		[ ! -e "$record/name" ] || count_record "$record"
	done
	[ ! -e "$out/end/uptime" ] ||
		echo "The guest with $1 address bits took $(cut -d ' ' -f 1 "$out/end/uptime") s."
}

if ! command -v qemu-system-x86_64 >/dev/null; then
	# shellcheck source=test/vm/packages
	. "$here/packages"
	echo "    skipped: QEMU is missing; as root: apt-get install $ACCELDEV_PACKAGES_VM"
	add 0 0 1
	finish
fi
mkdir -p "$dir" || exit 1
"$here/fetch.sh" "$dir/guest"
case $? in
0) ;;
77)
	add 0 0 1
	finish ;;
*)
	add 0 1 0
	finish ;;
esac

set --
for path in $(program_paths); do
	if [ ! -x "$build/$path" ]; then
		echo "$build/$path is not built"
		add 0 1 0
		finish
	fi
	set -- "$@" "$build/$path"
done
if ! "$here/initramfs.sh" "$dir/guest" "$dir/initramfs" -- "$@"; then
	add 0 1 0
	finish
fi
# The guests run side by side: most of their time they wait for devices.
guests=
for bits in $(widths); do
	boot_guest "$bits" &
	guests="$guests $bits:$!"
done
for guest in $guests; do
	wait "${guest#*:}" || add 0 1 0
	count_guest "${guest%:*}"
done
rm -f "$dir/initramfs"
finish
