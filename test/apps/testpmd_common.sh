#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The acceldev authors
#
# What the tests of accel-testpmd share; they set $testpmd and source it.
# shellcheck disable=SC2154 # testpmd is the caller's

eal="--no-huge -m 64 --no-pci --no-shconf --no-telemetry --iova-mode=va --log-level=lib.eal:error"
# In a table without errors.
# shellcheck disable=SC2034
none='errors: 0  rejected'
passed=0
failed=0
skipped=0
tmp=$(mktemp -d) || exit 1
top=$tmp
trap 'rm -rf "$top"' EXIT

# judge WHAT STATUS EXPECTED REGEX...: each regex must be in the output; "!REGEX" must not.
judge()
{
	local what=$1 status=$2 expected=$3 why="" regex
	shift 3
	[ "$status" -eq "$expected" ] || why="exit status $status, not $expected"
	for regex in "$@"; do
		if [ "${regex#!}" != "$regex" ]; then
			grep -Eq -- "${regex#!}" "$tmp/out" "$tmp/err" && why="$why, has: $regex"
		else
			grep -Eq -- "$regex" "$tmp/out" "$tmp/err" || why="$why, lacks: $regex"
		fi
	done
	if [ -z "$why" ]; then
		passed=$((passed + 1))
		return
	fi
	failed=$((failed + 1))
	echo "FAIL: $what: $why"
	sed 's/^/    stdout: /' "$tmp/out"
	tail -n 20 "$tmp/err" | sed 's/^/    stderr: /'
}

# run STATUS "OPTIONS" REGEX...: the application with options after --. EAL_MORE is for EAL.
run()
{
	local expected=$1 options=$2 status
	shift 2
	# shellcheck disable=SC2086 # lists of words
	timeout 60 "$testpmd" $eal ${EAL_MORE:-} -- $options \
		</dev/null >"$tmp/out" 2>"$tmp/err"
	status=$?
	judge "-- $options" $status "$expected" "$@"
}

# refuse "OPTIONS" REGEX: status 2 and exactly one line, on stderr.
refuse()
{
	local status lines
	# shellcheck disable=SC2086 # a list of words
	timeout 60 "$testpmd" $eal -- $1 </dev/null >"$tmp/out" 2>"$tmp/err"
	status=$?
	lines=$(cat "$tmp/out" "$tmp/err" | wc -l)
	[ "$lines" -eq 1 ] || echo "has $lines lines of output, not 1" >>"$tmp/err"
	judge "-- $1" $status 2 "^accel-testpmd: $2" '!lines of output'
}

# talk "OPTIONS" STATUS REGEX...: an interactive session with stdin as commands.
talk()
{
	local options=$1 expected=$2 status
	shift 2
	# shellcheck disable=SC2086 # lists of words
	timeout 60 "$testpmd" $eal -- $options --interactive >"$tmp/out" 2>"$tmp/err"
	status=$?
	judge "-- $options --interactive" $status "$expected" "$@"
}

# await REGEX: wait until the session that is running has printed it.
await()
{
	for _ in $(seq 400); do
		grep -Eq -- "$1" "$tmp/out" "$tmp/err" 2>/dev/null && return
		sleep 0.05
	done
}

# say COMMAND...: to a session.
say()
{
	printf '%s\n' "$@"
}

# Wait until device 0 has given back work, in the session that is running and was told to start.
busy()
{
	for _ in $(seq 200); do
		say 'show stats'
		sleep 0.1
		grep -Eq 'Device 0 queue 0: enqueued [0-9]+, dequeued [1-9]' "$tmp/out" && return
	done
}

# Most of the time goes into EAL measuring the TSC, asleep: groups of tests run side by side.
group()
{
	local name
	tmp=$tmp/$1
	mkdir "$tmp" || exit 1
	for name in "$@"; do
		"test_$name"
	done
	echo "$passed $failed $skipped" >"$tmp/counts"
}

# finish N: wait for N groups, and tell the sum of their counts.
finish()
{
	wait
	read -r passed failed skipped < <(cat "$top"/*/counts |
		awk -v n="$1" '{ p += $1; f += $2; s += $3; n-- } END { print p, f + n, s }')
	[ -z "${ACCELDEV_TEST_SUMMARY:-}" ] ||
		echo "$passed $failed $skipped" >>"$ACCELDEV_TEST_SUMMARY"
	echo "$passed passed, $failed failed, $skipped skipped"
	[ "$failed" -eq 0 ]
}
