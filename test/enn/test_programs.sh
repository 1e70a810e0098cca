#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The acceldev authors
#
# What programs for the ENN API say, on the device model.
#
#	test_programs.sh LEAVE MODEL RECORDS LABELS ENN_DIGITS...
#
# LEAVE is the program built from leave.c.
set -u

leave=$1 model=$2 records=$3 labels=$4
shift 4
passed=0
failed=0
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
export ACCELDEV_DEVICES=sim:npu

# run NAME STATUS TEXT COMMAND...: all that it says is TEXT, or, when that ends in *, begins with it.
run()
{
	name=$1 status=$2 text=$3
	shift 3
	"$@" >"$tmp/out" 2>&1
	got=$?
	# shellcheck disable=SC2254
	case "$got:$(cat "$tmp/out")" in
	"$status":$text)
		passed=$((passed + 1))
		echo "$name: ok"
		;;
	*)
		failed=$((failed + 1))
		echo "FAIL: $name: status $got"
		sed 's/^/    /' "$tmp/out"
		;;
	esac
}

run "a program that does not end ENN" 0 "" "$leave"
for digits in "$@"; do
	run "no records" 1 "/nope: *" "$digits" "$model" /nope "$labels"
	run "no labels" 1 "/nope: *" "$digits" "$model" "$records" /nope
	run "wrong arguments" 1 "usage: *" "$digits" "$model"
done
[ -n "${ACCELDEV_TEST_SUMMARY:-}" ] && echo "$passed $failed 0" >>"$ACCELDEV_TEST_SUMMARY"
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
