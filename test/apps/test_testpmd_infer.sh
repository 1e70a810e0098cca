#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The acceldev authors
#
# accel-testpmd in its mode infer, with the digits' program.
#
#	test_testpmd_infer.sh ACCEL_TESTPMD DIGITS_ELF DIGITS_DIR
#
# DIGITS_DIR has the records and labels. Needs neither root nor hugepages.
set -u

testpmd=$1
elf=$(realpath "$2")
digits=$(realpath "$3")
# shellcheck source=test/apps/testpmd_common.sh
. "$(dirname "$0")/testpmd_common.sh"

npu="--device=sim:npu --mode=infer --program=$elf"
records="--records=$digits/records.bin"
labels="--labels=$digits/labels.bin"
times='latency \(us\): p50 [0-9.]+, p90 [0-9.]+, p99 [0-9.]+, p99\.9 [0-9.]+, max [0-9.]+$'
# What the digits' program tells of its 256 records.
right=$(sed -n 's/^records int8 \([0-9]*\) of 256$/\1/p' "$digits/accuracy.txt")

# In every table: the time is there, and no quantile lies above the next.
times_are_ordered()
{
	awk '/latency/ {
		gsub(",", "")
		good += $4 > 0 && $4 <= $6 && $6 <= $8 && $8 <= $10 && $10 <= $12
		n++
	} END { exit !(n > 0 && good == n) }' "$tmp/out"
	judge "quantiles of latency" $? 0 "$times"
}

# The accuracy that was printed last lies above 0.95.
is_accurate()
{
	awk '/accuracy:/ { last = $2 } END { exit !(last > 0.95 && last < 1) }' "$tmp/out"
	judge "accuracy" $? 0 'accuracy: '
}

test_digits()
{
	run 0 "$npu $records $labels --ops=256" "inferences: 256 +inferences/s: [1-9][0-9]* " \
		"accuracy: 0\.[0-9]{4} \($right of 256\)$" "$none" "$times"
	is_accurate
	times_are_ordered
	# Again from the first record on.
	run 0 "$npu $records $labels --ops=512 --burst=1 --depth=1" \
		"accuracy: 0\.[0-9]{4} \($((2 * right)) of 512\)$" "$none"
	run 0 "$npu $records --ops=300 --burst=7" 'inferences: 300 ' "$times" '!accuracy'
	# 64 bytes go in, 16 come out.
	run 0 "$npu --ops=100" 'inferences: 100 ' 'bytes: 8000 ' "$none" '!accuracy'
	run 0 "$npu --ops=1" 'inferences: 1 ' "$none"
	run 1 "$npu --ops=100 --deadline=0.000001" 'errors: [1-9][0-9]* \(deadline: [1-9]'
	run 0 "$npu $records $labels --seconds=0.3 --stats-period=0.1" '^0\.[1-9] s: [0-9]+ ops' \
		"$times" "$none"
	is_accurate
}

# All streams together take each record once, whichever of them it is.
test_several()
{
	run 0 "--device=sim:npu,cores=4 --mode=infer --program=$elf $records $labels --queues=4 \
		--ops=256" 'queue 3' "accuracy: 0\.[0-9]{4} \($right of 256\)$" \
		'inferences: 64 ' "$none"
	times_are_ordered
	EAL_MORE="--lcores=0@0,1@0,2@0" run 0 "--device=sim:npu,cores=2 --device=sim:npu.1,cores=2 \
		--mode=infer --program=$elf $records $labels --queues=2 --ops=1024" \
		'device 1 \(sim:npu\.1\) queue 1' \
		"accuracy: 0\.[0-9]{4} \($((4 * right)) of 1024\)$" "$none"
}

test_wrong_files()
{
	local bad="$tmp/bad"
	run 2 "--device=sim:npu --mode=infer --program=$digits/records.bin" \
		'--program=.*records\.bin: device sim:npu does not take it: '
	run 2 "--device=sim:npu --mode=infer --program=$bad" '--program=.*bad: .* not found'
	refuse "$npu --records=$bad" '--records=.*: cannot be read: No such file'
	refuse "$npu --records=$tmp" '--records=.*: allowed is a file of '
	: >"$bad"
	refuse "$npu --records=$bad" '--records=.*: allowed is a file of '
	head -c 100 "$digits/records.bin" >"$bad"
	refuse "$npu --records=$bad" '--records=.*: 100 bytes; allowed is a multiple of 64, '
	head -c 255 "$digits/labels.bin" >"$bad"
	refuse "$npu $records --labels=$bad" \
		'--labels=.*: 255 bytes; allowed is one for each of 256 records'
	printf '\020' >>"$bad"
	refuse "$npu $records --labels=$bad" '--labels=.*: record 255 has 16; .* for 0 to 15$'
	refuse "$npu $records --labels=$bad.no" '--labels=.*: cannot be read: No such file'
	# Labels that are wrong are told by the accuracy.
	{ tail -c 1 "$digits/labels.bin" && head -c 255 "$digits/labels.bin"; } >"$bad"
	run 0 "$npu $records --labels=$bad --ops=256" 'accuracy: 0\.[0-5]'
}

test_wrong_options()
{
	local option
	for option in program records labels; do
		refuse "--$option" "--$option needs a value: "
		refuse "--$option=" "--$option=: allowed is "
		refuse "--$option=$elf" "--$option: mode copy has no use for it"
	done
	refuse "--device=sim:npu --mode=infer" '--mode=infer needs a program; '
	refuse "--device=sim:npu --mode=infer --program=none" '--mode=infer needs a program; '
	refuse "$npu $labels" '--labels=.*: needs the records'
	refuse "$npu --verify" '--verify: mode infer knows no results'
	refuse "--device=soft:0 --mode=infer --program=$elf" \
		'--mode=infer: device soft:0 has no such operation'
	refuse "$npu --device=sim:edu" '--mode=infer: device sim:edu has no such operation'
	refuse "$npu --size=4K" '--size: mode infer has no use for it'
	refuse "$npu --deadline=20" '--deadline=20: the run is given up before, after --timeout=15'
	refuse "$npu --queues=2" '--queues=2: device sim:npu allows 1 to 1'
}

# The prompt's words are shorter than some paths.
digits_here()
{
	ln -s "$elf" "$tmp/elf"
	ln -s "$digits/records.bin" "$tmp/records"
	ln -s "$digits/labels.bin" "$tmp/labels"
}

runs()
{
	for _ in $(seq 400); do
		[ "$(grep -c Accumulated "$tmp/out")" -ge "$1" ] && return
		sleep 0.05
	done
}

commands()
{
	printf '%s\n' help 'show device 0' 'set mode infer' start "set program $tmp/elf" \
		"set labels $tmp/labels" start "set records $tmp/records" 'set ops 256' start
	runs 1
	printf '%s\n' 'set labels none' 'set verify on' start 'set verify off' \
		'set seconds 1000' start 'show stats' stop 'set mode copy' 'set ops 77' start
	runs 3
	printf '%s\n' 'set mode infer' 'set program nowhere' start 'device detach 0' quit
}

test_prompt()
{
	digits_here
	: >"$tmp/out"
	talk "--device=sim:npu" 0 'operations: copy fill run, up to ' \
		'--mode=infer needs a program' '--labels=.*: needs the records' \
		"accuracy: 0\.[0-9]{4} \($right of 256\)" '--verify: mode infer' \
		'queue 0: enqueued [0-9]+, ' 'ops: 77 ' "$none" 'program, records,$' \
		'--program=nowhere: device sim:npu does not take it' \
		'Device 0 \(sim:npu\) is closed' < <(commands)
	grep -c 'accuracy' "$tmp/out" >"$tmp/err"
	judge "accuracy is told with labels only" 0 0 '^2$'
}

unplug()
{
	say start
	busy
	say 'sim inject 0 unplug'
	runs 1
	printf '%s\n' 'show stats' 'device detach 0' quit
}

# A device that goes in the middle: what had come back by then counts.
test_unplug()
{
	: >"$tmp/out"
	talk "$npu $records $labels --timeout=300" 1 'device sim:npu was removed; the run ends$' \
		"$times" '\(removed: [0-9]+\)' '!never came back' \
		'dequeued [0-9]+, errors [0-9]+, bytes [1-9]' \
		'Device 0 \(sim:npu\) is closed' < <(unplug)
	awk '/ ops: /{ ops = $2 } / errors: /{ bad = $2 } / inferences: /{ good = $2 }
		END { exit !(bad > 0 && good > 0 && ops == good + bad) }' "$tmp/out"
	judge "ops that failed are no inferences" $? 0 'accuracy: '
	is_accurate
}

group digits several &
group wrong_files prompt &
group wrong_options unplug &
finish 3
