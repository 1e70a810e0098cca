#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The acceldev authors
#
# Installs what is missing, builds, and runs test suites; all of them without an argument.
#
#	test/run.sh [SUITE...]
#
#	unit	library code without EAL
#	eal	with EAL: without hugepages, and with them when some are free
#	sim	drivers on device models
#	opae	the OPAE front-end
#	vvas	the VVAS front-end
#	openvino	allocators for OpenVINO
#	npu	program images, the packer, and the model of the NPU
#	enn	the ENN front-end
#	asan	unit, eal, sim, npu and front-ends under AddressSanitizer and
#		UndefinedBehaviorSanitizer
#	tsan	tests with several threads under ThreadSanitizer
#	clang	builds with clang, warnings being errors, and runs unit, eal, sim
#		and front-ends
#	fuzz	random input to what has a plain model, for some seconds each
#	vm	drivers on the kernel's VFIO, in an emulated machine with an IOMMU
#	package	installs into a temporary folder and builds programs against that
#	compat	compiles against the headers of newer DPDK releases
#	perf	instruction counts of the fast path
#
# The last line is "N passed, N failed, N skipped". Exits 0 when nothing failed, 2 on a bad argument.
#
# shellcheck disable=SC2317 # functions are called by the name of a suite
set -u

suites="unit eal sim opae vvas openvino npu enn asan tsan clang fuzz vm package compat perf"
ACCELDEV_ROOT=$(cd "$(dirname "$0")/.." && pwd) || exit 1
export ACCELDEV_ROOT
cd "$ACCELDEV_ROOT" || exit 1
# shellcheck source=test/setup.sh
. test/setup.sh

passed=0 failed=0 skipped=0
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

finish()
{
	echo "$passed passed, $failed failed, $skipped skipped"
	[ "$failed" -eq 0 ]
	exit
}

note_failure() { echo "  FAILED: $*"; failed=$((failed + 1)); }
note_skip() { echo "  skipped: $*"; skipped=$((skipped + 1)); }

# What a program skipped, and why: "SKIP: what: reason" of a script, "    skipped: reason" below
# "  suite: test" of the harness.
show_skips()
{
	awk '/^SKIP: / { print "    skipped: " substr($0, 7) }
	/^ *skipped: / {
		sub(/^ */, ""); sub(/ +$/, ""); sub(/^ +/, "", above); sub(/ +$/, "", above)
		print "    " (above == "" ? "" : above ": ") $0
		next
	} { above = /^  [^ ].*: / ? $0 : "" }' "$1"
}

# count_record DIR: add the result of one program, as test/record.sh left it, and tell it.
count_record()
{
	local name rc p=0 f=0 s=0
	name=$(cat "$1/name")
	rc=$(cat "$1/rc" 2>/dev/null || echo "none: it took too long")
	if [ -s "$1/summary" ]; then
		read -r p f s < <(awk '{ p += $1; f += $2; s += $3 } END { print p, f, s }' \
			"$1/summary")
	elif [ "$rc" = 0 ]; then
		p=1
	elif [ "$rc" = 77 ]; then
		s=1
	fi
	# A crash, a leak found at the end, or a time-out does not show in the program's own counts.
	[ "$rc" = 0 ] || [ "$rc" = 77 ] || [ "$f" -gt 0 ] || f=1
	passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
	if [ "$f" -gt 0 ]; then
		echo "  FAILED $name: $p passed, $f failed, $s skipped (exit status $rc)"
		awk '{ print "    | " $0 }' "$1/log"
	else
		echo "  ok     $name: $p passed, $s skipped"
	fi
	[ "$s" -eq 0 ] || show_skips "$1/log"
}

new_records()
{
	ACCELDEV_TEST_RECORDS=$(mktemp -d "$work/XXXXXX") || exit 1
	export ACCELDEV_TEST_RECORDS
}

count_records()
{
	local dir before=$failed
	for dir in "$ACCELDEV_TEST_RECORDS"/*/; do
		[ -e "$dir/name" ] && printf '%s\t%s\n' "$(cat "$dir/name")" "$dir"
	done | sort >"$ACCELDEV_TEST_RECORDS/list"
	while IFS=$'\t' read -r _ dir; do
		count_record "$dir"
	done <"$ACCELDEV_TEST_RECORDS/list"
	[ "$1" -eq 0 ] || [ "$failed" -gt "$before" ]
}

# run_meson BUILDDIR SUITE: run the tests of a meson suite.
run_meson()
{
	local rc
	if ! meson test -C "$1" --no-rebuild --list --suite "$2" 2>/dev/null | grep -qv '^No '; then
		echo "  no tests"
		return
	fi
	new_records
	meson test -C "$1" --no-rebuild --suite "$2" --wrapper "$ACCELDEV_ROOT/test/record.sh" \
		>"$work/meson.log" 2>&1
	rc=$?
	count_records "$rc" || {
		cat "$work/meson.log"
		note_failure "meson test --suite $2 ended with $rc"
	}
}

# run_program PROGRAM [ARG...]: run one that meson does not know.
run_program()
{
	new_records
	test/record.sh "$@" >/dev/null 2>&1
	count_records $?
}

# build BUILDDIR [meson option...]
build()
{
	acceldev_build "$@" || {
		note_failure "$1 does not build"
		return 1
	}
}

free_hugepages() { awk '/^HugePages_Free:/ { n = $2 } END { print n + 0 }' /proc/meminfo; }

run_unit()
{
	build build && run_meson build unit
}

run_eal()
{
	build build || return
	run_meson build eal
	run_meson build eal-huge
}

run_sim()
{
	build build && run_meson build sim
}

run_opae()
{
	build build && run_meson build opae
}

run_vvas()
{
	build build && run_meson build vvas
}

run_openvino()
{
	build build && run_meson build openvino
}

run_npu()
{
	build build && run_meson build npu
}

run_enn()
{
	build build && run_meson build enn
}

run_vm()
{
	build build && run_program test/vm/run.sh build
}

run_perf()
{
	build build && run_meson build perf
}

run_package()
{
	build build && run_meson build package
}

run_asan()
{
	local -x ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1:check_initialization_order=1
	local -x UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
	local -x LSAN_OPTIONS=print_suppressions=0
	[ -e test/lsan.supp ] &&
		LSAN_OPTIONS=$LSAN_OPTIONS:suppressions=$ACCELDEV_ROOT/test/lsan.supp
	build build-asan -Db_sanitize=address,undefined -Db_lundef=false -Doptimization=1 \
		-Dwerror=false || return
	run_meson build-asan unit
	run_meson build-asan eal
	run_meson build-asan sim
	run_meson build-asan opae
	run_meson build-asan vvas
	run_meson build-asan openvino
	run_meson build-asan npu
	run_meson build-asan enn
	# Without hugepages suite eal has said so already.
	[ "$(free_hugepages)" -eq 0 ] || run_meson build-asan eal-huge
}

run_tsan()
{
	local -x TSAN_OPTIONS=second_deadlock_stack=1 ACCELDEV_TEST_PREFIX=
	[ -e test/tsan.supp ] &&
		TSAN_OPTIONS=$TSAN_OPTIONS:suppressions=$ACCELDEV_ROOT/test/tsan.supp
	# With much randomness in addresses gcc 12's TSan does not find room for its shadow.
	setarch -R true 2>/dev/null && ACCELDEV_TEST_PREFIX="setarch -R"
	build build-tsan -Db_sanitize=thread -Db_lundef=false -Doptimization=1 -Dwerror=false &&
		run_meson build-tsan tsan
}

run_clang()
{
	command -v clang >/dev/null || {
		note_skip "clang is not installed"
		return
	}
	CC=clang build build-clang || return
	run_meson build-clang unit
	run_meson build-clang eal
	run_meson build-clang sim
	run_meson build-clang opae
	run_meson build-clang vvas
	run_meson build-clang openvino
	run_meson build-clang npu
	run_meson build-clang enn
}

# Only clang has libFuzzer.
run_fuzz()
{
	command -v clang >/dev/null || {
		note_skip "clang is not installed"
		return
	}
	CC=clang build build-fuzz -Dfuzz=true -Db_sanitize=address,undefined -Db_lundef=false \
		-Doptimization=1 && run_meson build-fuzz fuzz
}

run_compat()
{
	build build && run_program test/compat.sh build build-compat
}

# Suites that were asked for, in the order of the list above.
wanted=
for arg in "$@"; do
	case " $suites " in
	*" $arg "*) wanted="$wanted $arg" ;;
	*)
		echo "test/run.sh: no suite $arg; there are: $suites" >&2
		exit 2 ;;
	esac
done
[ -n "$wanted" ] || wanted=$suites

# Suites skip what they cannot do without packages, but for those that all need.
need="base"
for suite in $wanted; do
	case $suite in
	unit|eal|sim|opae|vvas|openvino) ;;
	unit|eal|sim|opae|npu|enn) ;;
	vm) need="$need vm" ;;
	*) need="$need test" ;;
	esac
done
for packages in base test vm; do
	[[ " $need " == *" $packages "* ]] || continue
	acceldev_install_packages $packages && continue
	if [ -n "$(acceldev_missing_packages base)" ]; then
		note_failure "packages are missing"
		finish
	fi
	echo "Going on without them."
done

for suite in $wanted; do
	start=$SECONDS
	echo "== $suite"
	"run_$suite"
	echo "  ($((SECONDS - start)) s)"
done
finish
