#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The acceldev authors
#
# Puts what the guest boots from into a folder: kernel, lib/modules/RELEASE and busybox.
#
#	test/vm/fetch.sh DIR
#
# They come from Debian's packages, which are downloaded and unpacked as any user, not installed.
# Does nothing when they are there; remove DIR to have newer ones. Exits 77 and tells the reason
# when the packages cannot be had.
set -u
umask 022

here=$(cd "$(dirname "$0")" && pwd) || exit 1
# shellcheck source=test/vm/packages
. "$here/packages"

skip()
{
	echo "    skipped: $*"
	exit 77
}

# number_at FILE OFFSET u1|u4
number_at() { od -An -v -t "$3" -j "$2" "$1" -N "${3#u}" | tr -d ' '; }

# unpack_kernel BZIMAGE OUT: take out the ELF file, which starts seconds sooner than the image that
# unpacks itself in the emulator. Fails without xz and when it is not packed as in Debian 12.
unpack_kernel()
{
	start=$((($(number_at "$1" 497 u1) + 1) * 512 + $(number_at "$1" 584 u4)))
	# The last four bytes are the length of the ELF file.
	length=$(($(number_at "$1" 588 u4) - 4))
	tail -c +$((start + 1)) "$1" | head -c $length | xz -dc >"$2" 2>/dev/null &&
		[ "$(head -c 4 "$2" | tail -c 3)" = ELF ]
}

# download PACKAGE: into the current folder
download()
{
	apt-get -q download "$1" >>log 2>&1 && return
	# The lists of packages may be missing or too old.
	[ "$(id -u)" -eq 0 ] && apt-get -q update >>log 2>&1 && apt-get -q download "$1" >>log 2>&1
}

# name_of_kernel: of the package that the one without a version depends on
name_of_kernel()
{
	apt-cache show --no-all-versions "$ACCELDEV_VM_KERNEL_PACKAGE" 2>/dev/null |
		sed -n 's/^Depends: *\(linux-image-[^ ,]*\).*/\1/p'
}

unpack_packages()
{
	dpkg-deb --fsys-tarfile "$ACCELDEV_VM_BUSYBOX_PACKAGE"_*.deb |
		tar -x --wildcards '*/busybox' &&
		dpkg-deb --fsys-tarfile linux-image-*.deb |
		tar -x --wildcards '*/vmlinuz-*' '*/kernel/drivers/vfio/*' '*/kernel/virt/lib/*' \
			'*/kernel/arch/x86/kernel/*' '*/modules.builtin' '*/modules.order' || return
	mv bin/busybox busybox 2>/dev/null || mv usr/bin/busybox busybox || return
	[ -d lib/modules ] || mv usr/lib lib || return
	# Debian 13 packs modules.
	find lib -name '*.ko.xz' -exec ./busybox unxz {} +
	./busybox depmod -b "$PWD" "$(ls lib/modules)" || return
	unpack_kernel boot/vmlinuz-* kernel || mv boot/vmlinuz-* kernel
}

if [ $# -ne 1 ]; then
	echo "usage: $0 DIR" >&2
	exit 2
fi
[ -e "$1/kernel" ] && exit 0
[ "$(uname -m)" = x86_64 ] || skip "the guest is for x86_64 machines"
if ! command -v apt-get >/dev/null || ! command -v dpkg-deb >/dev/null; then
	skip "the guest's kernel is in a Debian package, and this is another system"
fi

# A folder beside DIR, which takes its place when it is complete.
mkdir -p "$(dirname "$1")" && new=$(mktemp -d "$1.XXXXXX") || exit 1
trap 'rm -rf "$new"' EXIT
trap 'exit 130' INT TERM
new=$(cd "$new" && pwd) && chmod 755 "$new" && cd "$new" || exit 1

for package in "$(name_of_kernel)" "$ACCELDEV_VM_BUSYBOX_PACKAGE"; do
	[ -n "$package" ] || [ "$(id -u)" -ne 0 ] || apt-get -q update >>log 2>&1
	[ -n "$package" ] || package=$(name_of_kernel)
	[ -n "$package" ] || skip "apt knows no package $ACCELDEV_VM_KERNEL_PACKAGE"
	if ! download "$package"; then
		grep '^E:' log | head -n 3
		skip "the package $package cannot be downloaded"
	fi
done
if ! unpack_packages >>log 2>&1; then
	cat log
	echo "The packages of the guest cannot be unpacked" >&2
	exit 1
fi
rm -rf ./*.deb boot bin usr log
cd .. || exit 1
# Another run may have been faster.
mv -T "$new" "${new%.*}" 2>/dev/null || [ -e "${new%.*}/kernel" ]
