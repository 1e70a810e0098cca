# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The acceldev authors
# shellcheck shell=sh
#
# Packages and builds, for scripts that source this file (test/run.sh, apps/demo.sh). POSIX sh.
#
#	. test/setup.sh
#	acceldev_install_packages base || exit 1
#	acceldev_build build -Dwerror=false || exit 1

# What the library and the applications need, by their names in Debian 12.
ACCELDEV_PACKAGES_BASE="gcc meson ninja-build pkg-config dpdk libdpdk-dev libhugetlbfs-dev
	libhugetlbfs-bin libcunit1-dev libbsd-dev libnuma-dev libjson-c-dev libelf-dev uuid-dev"
# What the tests need besides. Static linking with DPDK asks for libsystemd, which libdpdk-dev lacks;
# dpdk-dev has DPDK's client of telemetry.
ACCELDEV_PACKAGES_TEST="g++ clang libclang-rt-14-dev valgrind libsystemd-dev dpdk-dev"
# What suite "vm" needs besides (ACCELDEV_PACKAGES_VM). QEMU is large, so the rest does without.
# shellcheck source=test/vm/packages
. "${ACCELDEV_ROOT:-.}/test/vm/packages"

# acceldev_missing_packages base|test|vm: names of those that are not installed, on one line.
acceldev_missing_packages()
{
	_acceldev_list=$ACCELDEV_PACKAGES_BASE
	case $1 in
	test) _acceldev_list="$_acceldev_list $ACCELDEV_PACKAGES_TEST" ;;
	vm) _acceldev_list="$_acceldev_list $ACCELDEV_PACKAGES_VM" ;;
	esac
	_acceldev_missing=
	for _acceldev_pkg in $_acceldev_list; do
		_acceldev_state=$(dpkg-query -W -f='${db:Status-Status}' \
			"$_acceldev_pkg" 2>/dev/null)
		[ "$_acceldev_state" = installed ] ||
			_acceldev_missing="$_acceldev_missing $_acceldev_pkg"
	done
	echo "${_acceldev_missing# }"
}

# acceldev_install_packages [base|test|vm]: have the packages installed.
#
# Installs what is missing as root or when sudo asks no password. Otherwise it installs nothing,
# names the packages and the command, and returns 1. On a system without dpkg it leaves it to the
# build to find out what is missing.
acceldev_install_packages()
{
	case ${1:-base} in
	base|test|vm) ;;
	*)
		echo "acceldev_install_packages: $1 is none of base, test and vm" >&2
		return 2 ;;
	esac
	command -v dpkg-query >/dev/null 2>&1 || return 0
	_acceldev_want=$(acceldev_missing_packages "${1:-base}")
	[ -n "$_acceldev_want" ] || return 0

	if [ "$(id -u)" -eq 0 ]; then
		_acceldev_as=
	elif command -v sudo >/dev/null 2>&1 && sudo -n true >/dev/null 2>&1; then
		_acceldev_as="sudo -n"
	else
		echo "Packages are missing, and only root can install them. As root:" >&2
		echo "    apt-get update && apt-get install -y $_acceldev_want" >&2
		return 1
	fi
	echo "Installing: $_acceldev_want"
	_acceldev_log=$(mktemp) || return 1
	# shellcheck disable=SC2086 # both are lists of words
	if $_acceldev_as apt-get -q update >"$_acceldev_log" 2>&1 &&
		$_acceldev_as env DEBIAN_FRONTEND=noninteractive apt-get -q install -y \
			--no-install-recommends -o DPkg::Lock::Timeout=300 \
			$_acceldev_want >>"$_acceldev_log" 2>&1; then
		rm -f "$_acceldev_log"
		return 0
	fi
	cat "$_acceldev_log" >&2
	rm -f "$_acceldev_log"
	echo "Installing packages failed: $_acceldev_want" >&2
	return 1
}

# acceldev_build BUILDDIR [meson option...]: configure if needed, and build, from any directory.
#
# A relative BUILDDIR is one of the current directory; the sources are those of the repository whose
# root is ACCELDEV_ROOT, or else the current directory. A build directory that exists is used again,
# and is configured again only when the options differ from those of the last time. The environment
# (CC) counts when the directory is new. All output goes to BUILDDIR/build.log, which is shown when
# something fails.
acceldev_build()
{
	_acceldev_dir=$1
	shift
	_acceldev_src=${ACCELDEV_ROOT:-.}
	if ! mkdir -p "$_acceldev_dir" || [ ! -w "$_acceldev_dir" ]; then
		echo "$_acceldev_dir cannot be written; it may belong to another user" >&2
		return 1
	fi
	_acceldev_log=$_acceldev_dir/build.log
	_acceldev_stamp=$_acceldev_dir/build.options
	_acceldev_how=
	[ -e "$_acceldev_dir/meson-private/coredata.dat" ] && _acceldev_how=--reconfigure

	: >"$_acceldev_log" || return 1
	if [ ! -e "$_acceldev_dir/build.ninja" ] ||
		[ "$(cat "$_acceldev_stamp" 2>/dev/null)" != "options: $*" ]; then
		# shellcheck disable=SC2086 # nothing or one word
		if ! meson setup $_acceldev_how "$@" "$_acceldev_dir" "$_acceldev_src" \
			>>"$_acceldev_log" 2>&1; then
			cat "$_acceldev_log" >&2
			echo "Configuring $_acceldev_dir failed" >&2
			return 1
		fi
		echo "options: $*" >"$_acceldev_stamp"
	fi
	if ! ninja -C "$_acceldev_dir" >>"$_acceldev_log" 2>&1; then
		cat "$_acceldev_log" >&2
		echo "Building $_acceldev_dir failed" >&2
		return 1
	fi
}
