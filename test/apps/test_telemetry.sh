#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The acceldev authors
#
# accel-testpmd at work, asked by DPDK's own client of telemetry.
#
#	test_telemetry.sh ACCEL_TESTPMD
#
# Needs neither root nor hugepages.
set -u

testpmd=$1
passed=0
failed=0
skipped=0
tmp=$(mktemp -d) || exit 1
export RUNTIME_DIRECTORY=$tmp
pid=
trap '[ -z "$pid" ] || kill "$pid" 2>/dev/null; rm -rf "$tmp"' EXIT

finish()
{
	[ -z "${ACCELDEV_TEST_SUMMARY:-}" ] ||
		echo "$passed $failed $skipped" >>"$ACCELDEV_TEST_SUMMARY"
	echo "$passed passed, $failed failed, $skipped skipped"
	[ "$failed" -eq 0 ]
	exit
}

# has FILE REGEX...: each regex must be in the file; "!REGEX" must not.
has()
{
	local file=$1 regex why=""
	shift
	for regex in "$@"; do
		if [ "${regex#!}" != "$regex" ]; then
			grep -Eq -- "${regex#!}" "$file" && why="$why, has: $regex"
		else
			grep -Eq -- "$regex" "$file" || why="$why, lacks: $regex"
		fi
	done
	if [ -z "$why" ]; then
		passed=$((passed + 1))
		return
	fi
	failed=$((failed + 1))
	echo "FAIL: ${file##*/}$why"
	sed 's/^/    /' "$file"
}

# await REGEX FILE: wait until a file has it.
await()
{
	for _ in $(seq 400); do
		grep -Eq -- "$1" "$2" 2>/dev/null && return
		sleep 0.05
	done
}

# ask COMMAND...: the replies go to $tmp/replies, one a line.
ask()
{
	printf '%s\n' "$@" | timeout 60 dpdk-telemetry.py -f acceldev_test >"$tmp/replies" 2>&1
}

if ! command -v dpdk-telemetry.py >/dev/null; then
	skipped=1
	echo "SKIP: telemetry: no dpdk-telemetry.py here; Debian has it in the package dpdk-dev"
	finish
fi

mkfifo "$tmp/stdin"
"$testpmd" --no-huge -m 64 --no-pci --no-shconf --iova-mode=va --file-prefix=acceldev_test \
	--log-level=lib.eal:error -- --device=soft:0,banks=1 --device=sim:edu --interactive \
	<"$tmp/stdin" >"$tmp/testpmd" 2>&1 &
pid=$!
exec 3>"$tmp/stdin"
echo start >&3
await 'Started' "$tmp/testpmd"

number='[1-9][0-9]*'
ask /acceldev/list /acceldev/info,0 /acceldev/info,1
has "$tmp/replies" '^\{"/acceldev/list": \[0, 1\]\}$' \
	'"name": "soft:0", "driver": "soft", "state": "started"' \
	'"name": "sim:edu", "driver": "edu", .*"iova_last": "0xfffffff"'
ask /acceldev/stats,0 /acceldev/xstats,1 /acceldev/maps,1 /acceldev/arenas,1 /acceldev/arenas
has "$tmp/replies" "^\{\"/acceldev/stats\": \{\"enqueued\": $number, .*\"errors\": 0, " \
	"\"queue_pairs\": \{\"0\": \{\"enqueued\": $number" \
	"\"edu_transfers_to_host\": $number, .*\"qp0_dequeued\": $number" \
	'"maps": \{"0x[0-9a-f]{1,7}": \{"va": "0x[0-9a-f]+", "len": [0-9]+, "access": "rw"\}' \
	'"arenas": \{"0": \{.*"backing": "(hugetlb|memfd)"' \
	'"devices": \{"0": \{"arenas": 1, .*"1": \{"arenas": 1,' '!null'
ask /acceldev/info /acceldev/info,2 /acceldev/maps,x /acceldev/stats,-1 /acceldev/xstats,0,y
has "$tmp/replies" '"/acceldev/info": null' '"/acceldev/maps": null' '"/acceldev/stats": null' \
	'"/acceldev/xstats": null' '!\{.*\{'
ask /help,/acceldev/maps
has "$tmp/replies" '/acceldev/maps.*Parameters: int dev_id'

echo quit >&3
exec 3>&-
wait "$pid" || { failed=$((failed + 1)); echo "FAIL: accel-testpmd ended with an error"; }
pid=
has "$tmp/testpmd" 'Accumulated' 'errors: 0  rejected' '!acceldev: '
finish
