#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The acceldev authors
#
# accel-testpmd and what happens meanwhile: devices that fail or go, readers that go.
#
#	test_testpmd_events.sh ACCEL_TESTPMD
#
# Needs neither root nor hugepages.
set -u

testpmd=$1
# shellcheck source=test/apps/testpmd_common.sh
. "$(dirname "$0")/testpmd_common.sh"

# No run here ends by this timeout: a session ends in 60 s.
two="--device=sim:edu --device=soft:1 --size=100 --timeout=300"
verified="$two --verify"

# runs N: wait until N runs have ended. started N: until N have begun.
runs()
{
	for _ in $(seq 400); do
		[ "$(grep -c Accumulated "$tmp/out")" -ge "$1" ] && return
		sleep 0.05
	done
}

started()
{
	for _ in $(seq 400); do
		[ "$(grep -c Started "$tmp/out")" -ge "$1" ] && break
		sleep 0.05
	done
	sleep 0.1
}

# A run in the middle of which something happens to the model.
inject()
{
	say start
	busy
	say "sim inject 0 $1"
	runs 1
	say 'show device 0' quit
}

test_inject()
{
	: >"$tmp/out" 2>"$tmp/err"
	talk "$two" 1 'pmd: device sim:edu reported an error; the run ends$' '!nothing completed' \
		'errors: [1-9][0-9]* \(device error: [0-9]+\)' 'stopped, error, ' \
		'!never came back' < <(inject error)
	for word in remove unplug; do
		: >"$tmp/out" 2>"$tmp/err"
		talk "$two" 1 'pmd: device sim:edu was removed; the run ends$' '!aborted' \
			'errors: [1-9][0-9]* \(removed: [0-9]+\)' 'stopped, gone, ' \
			'!never came back' '!nothing completed' 'device 1 \(soft:1\)' "$none" \
			< <(inject $word)
	done
	# With verification, it may happen between two rounds, when nothing is in flight.
	: >"$tmp/out" 2>"$tmp/err"
	talk "$verified" 1 'pmd: device sim:edu reported an error; the run ends$' \
		'!nothing completed' 'stopped, error, ' '!verification' '!never came back' \
		< <(inject error)
	: >"$tmp/out" 2>"$tmp/err"
	talk "$verified" 1 'pmd: device sim:edu was removed; the run ends$' '!aborted' \
		'stopped, gone, ' '!verification' '!never came back' '!nothing completed' \
		'device 1 \(soft:1\)' "$none" < <(inject remove)
	: >"$tmp/out" 2>"$tmp/err"
	talk "--device=sim:edu --device=sim:edu.1 --size=100" 1 'device sim:edu was removed' \
		'!device sim:edu\.1 ' "$none" < <(inject remove)
	# It had done its share already.
	: >"$tmp/out" 2>"$tmp/err"
	talk "--device=sim:edu --device=soft:1,latency_us=1500000 --ops=20 --size=100" 1 \
		'pmd: device sim:edu reported an error; the run ends$' < <(inject error)
}

reset()
{
	say 'show device 0' 'device reset 0' start
	started 1
	say 'device reset 0' 'device detach 1' 'device attach soft:2' 'sim inject 0 error'
	runs 1
	say 'show device 0' start
	await 'at the prompt'
	say 'show stats' 'device reset 0' 'set ops 300' start
	runs 2
	say 'show device 0' quit
}

test_reset()
{
	: >"$tmp/out" 2>"$tmp/err"
	talk "$verified" 1 'Device 0: .*, probed, ready, ' 'device reset: not while' \
		'device detach: not while' 'device attach: not while' 'stopped, error, ' \
		'device sim:edu reported an error; at the prompt, device reset 0 helps' \
		'Device 0 \(sim:edu\) is ready' 'Device 0 queue 0: enqueued' 'verified: 300 ' \
		'stopped, ready, ' < <(reset)
}

replace()
{
	say start
	started 1
	say 'sim inject 0 unplug'
	runs 1
	say start
	await 'at the prompt'
	say 'device reset 0' 'device detach 0' 'show stats' 'show device all' 'sim inject 0 error' \
		'device attach sim:edu' 'device attach sim:edu' 'device attach nobus:1' \
		'device attach soft:1' 'set ops 300' start
	runs 2
	say 'device detach 1' 'device detach 0' start
	await 'there is no device; '
	say 'device attach soft:3' start
	runs 3
	say quit
}

test_replace()
{
	: >"$tmp/out" 2>"$tmp/err"
	talk "$verified" 1 'device sim:edu was removed; at the prompt, device detach 0 helps' \
		'device reset: device 0 \(sim:edu\): ' 'Device 0 \(sim:edu\) is closed' \
		'No queue pair is set up yet' 'sim inject: there is no device 0' \
		'Device 0 is sim:edu' 'device attach: sim:edu: cannot be probed: ' \
		'device attach: nobus:1: cannot' 'device attach: soft:1: cannot' \
		'device 0 \(sim:edu\) queue 0' 'verified: 150 ' 'verified: 300 ' \
		'Device 1 \(soft:1\) is closed' 'pmd: there is no device; device attach' \
		'Device 0 is soft:3' 'device 0 \(soft:3\) queue 0' < <(replace)
}

words()
{
	say help 'device reset 7' 'device reset x' 'device reset' 'device detach 64' \
		'device detach all' 'device bogus 0' 'device attach nonsense' 'sim inject 1 error' \
		'sim inject 0 bogus' 'sim inject 7 error' 'sim inject x error' 'sim inject 0' \
		'sim inject 0 error' 'device detach 0' quit
}

test_words()
{
	: >"$tmp/out" 2>"$tmp/err"
	talk "$verified" 0 'device reset N +make' 'device detach N +close' 'device attach SPEC +probe' \
		'sim inject N error.remove.unplug' 'device reset: there is no device 7' \
		'device reset: x: a device is a number from 0 to 63' 'Bad arguments' \
		'device detach: 64: a device is a number' 'device detach: all: a device' \
		'device attach: nonsense: cannot be probed' \
		'sim inject: device 1 is soft:1: only a device of the bus sim' \
		'sim inject: bogus: what can happen is error, remove or unplug' \
		'sim inject: there is no device 7' 'sim inject: x: a device' \
		'Device 0 \(sim:edu\) is closed' < <(words)
}

# closed STATUS OPTIONS REGEX...: with the descriptor $fd closed, and nothing else wrong.
closed()
{
	local expected=$1 options=$2
	shift 2
	: >"$tmp/out" 2>"$tmp/err"
	# shellcheck disable=SC2086 # lists of words
	case $fd in
	0) timeout 20 "$testpmd" $eal -- $options <&- >"$tmp/out" 2>"$tmp/err" ;;
	1) timeout 20 "$testpmd" $eal -- $options </dev/null >&- 2>"$tmp/err" ;;
	2) timeout 20 "$testpmd" $eal -- $options </dev/null >"$tmp/out" 2>&- ;;
	esac
	judge "descriptor $fd closed: $options" $? "$expected" "$@"
}

# Nothing that is opened later may have the number of a closed descriptor.
numbers_are_taken()
{
	local pid fds status
	: >"$tmp/out" 2>"$tmp/err"
	# shellcheck disable=SC2086 # lists of words
	"$testpmd" $eal -- --seconds=60 --stats-period=0.1 <&- >"$tmp/out" 2>&- &
	pid=$!
	await ' ops, '
	fds=$(readlink /proc/$pid/fd/0 /proc/$pid/fd/2 | tr '\n' ' ')
	kill -INT $pid
	wait $pid
	status=$?
	echo "0 and 2 are $fds" >"$tmp/err"
	judge "descriptors 0 and 2 closed" $status 0 '^0 and 2 are /dev/null /dev/null $'
}

test_closed()
{
	fd=0
	closed 1 --interactive '--interactive: standard input is closed'
	closed 0 --ops=300 'ops: 300 ' "$none"
	fd=1
	closed 1 --ops=300 'standard output is closed'
	closed 1 --interactive 'standard output is closed'
	fd=2
	closed 0 '--ops=20 --device=sim:edu' 'ops: 20 ' "$none"
	numbers_are_taken
}

# unread OPTIONS: with a reader that goes after the first line with a rate, or the first prompt.
unread()
{
	local status
	: >"$tmp/out" 2>"$tmp/err"
	# shellcheck disable=SC2086 # lists of words
	{
		timeout 60 "$testpmd" $eal -- $1 < <(echo start; exec sleep 30 2>/dev/null) \
			2>"$tmp/err"
		echo $? >"$tmp/status"
	} | grep -Em1 '[0-9]+ ops,' >"$tmp/out"
	read -r status <"$tmp/status"
	judge "nobody reads: $1" "$status" 1 'standard output cannot be written: nobody reads' ' ops, '
}

test_unread()
{
	unread "--seconds=300 --stats-period=0.1"
	unread "--seconds=300 --stats-period=0.1 --interactive"
	# shellcheck disable=SC2086 # lists of words
	timeout 20 "$testpmd" $eal -- --ops=300 >/dev/full 2>"$tmp/err"
	judge "a full disk" $? 1 'standard output cannot be written: '
}

group inject &
group reset words &
group replace &
group closed unread &
finish 4
