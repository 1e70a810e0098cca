#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The acceldev authors
#
# accel-testpmd as its users call it: options, modes, faults, prompt, signals.
#
#	test_testpmd.sh ACCEL_TESTPMD WRONG_DRIVER
#
# WRONG_DRIVER is the plug-in built from wrong_driver.c. Needs neither root nor hugepages.
set -u

testpmd=$1
wrong=$2
# shellcheck source=test/apps/testpmd_common.sh
. "$(dirname "$0")/testpmd_common.sh"

banks="--device=soft:0,banks=2,bank_size=16M"

test_modes()
{
	local mode size
	for mode in copy h2b b2h b2b fill; do
		run 0 "$banks --mode=$mode --verify --ops=3001" 'ops: 3001 ' \
			'bytes: 12292096' 'verified: 3001 ' "$none"
		run 0 "$banks --mode=$mode --ops=3001" 'ops: 3001 ' "$none" '!verified'
		for size in 7 4099; do
			run 0 "$banks --mode=$mode --verify --ops=100 --size=$size" \
				'verified: 100 ' "$none"
		done
	done
	run 0 "--device=soft:0,banks=1 --mode=b2b --verify --ops=500" 'verified: 500 '
}

test_shapes()
{
	run 0 "--ops=1 --verify" 'ops: 1 ' 'verified: 1 '
	run 0 "--ops=1000 --burst=1 --depth=1 --verify" 'verified: 1000 '
	run 0 "--ops=5000 --burst=256 --depth=1024 --verify --size=64" 'verified: 5000 '
	run 0 "--ops=5000 --burst=1000" 'ops: 5000 '
	run 0 "--ops=20 --size=2M --verify" 'verified: 20 ' 'bytes: 41943040 '
	run 0 "--ops=20 --size=40M" 'memory for 1 ops in flight, not 32' 'ops: 20 '
	run 0 "$banks --mode=h2b --ops=100 --size=1M --queues=4 --verify" \
		'memory for 8 ops in flight' 'verified: 100 '
	run 0 "--ops=1000 --queues=5 --verify" 'queue 4' 'ops: 200 ' 'ops: 1000 '
	run 0 "--ops=3 --queues=5 --verify" 'queue 4' 'ops: 0 ' 'ops: 3 '
	run 0 "--device=soft:0 --device=soft:1 --ops=1001 --queues=2 --verify" \
		'device 1 \(soft:1\) queue 1' 'ops: 250 ' 'ops: 251 ' 'ops: 1001 '
	run 0 "--seconds=0.2 --stats-period=0.1" '^0\.[1-9] s: [0-9]+ ops, .*ops/s' "$none"
	EAL_MORE="--lcores=0@0,1@0,2@0" run 0 "--ops=1000 --queues=5 --verify" 'verified: 1000 '
}

test_faults()
{
	run 1 "--device=soft:0,fail_every=10 --ops=1000" 'errors: 100 \(device error: 100\)'
	run 1 "--device=soft:0,fail_every=10 --ops=1000 --verify" 'errors: 100 .*device error' \
		'verified: 900 ' '!verification:'
	run 0 "--device=soft:0,latency_us=2000 --ops=600" "$none"
	run 1 "--device=soft:0,latency_us=30000000 --ops=600 --timeout=0.3" \
		'device soft:0 queue 0: nothing completed for 0.3 s' 'errors: 256 \(aborted: 256\)'
}

# EAL refuses plug-ins below a directory that everybody can write to, such as /tmp.
plugin_loads()
{
	# shellcheck disable=SC2086 # a list of words
	"$testpmd" $eal -d "$wrong" -- --ops=1 >"$tmp/out" 2>"$tmp/err"
	! grep -q 'world-writable' "$tmp/err"
}

# wrong FAULT STATUS REGEX...: with the driver that does its work wrong.
wrong()
{
	local fault=$1
	shift
	EAL_MORE="-d $wrong" run "$1" "--device=soft:0,driver=wrong,fault=$fault --verify --ops=300 \
		--timeout=2" 'device 0 \(soft:0\) queue 0' "${@:2}"
}

test_wrong_driver()
{
	if ! plugin_loads; then
		skipped=$((skipped + 1))
		echo "SKIP: faults of a driver: EAL refuses plug-ins below a world-writable directory"
		return
	fi
	wrong 0 0 "$none" 'verified: 300 '
	wrong 1 1 'device 0 queue 0 op 0: offset 2048: expected 0x' 'verification: 300\)'
	wrong 2 1 'offset 0: ' 'verification: 300\)'
	wrong 3 1 'offset 4095: ' 'verification: 300\)'
	wrong 4 1 'offset 4096: expected 0xa5, got 0xa4, behind the end' 'verification: 300\)'
	wrong 5 1 'ops came back out of order' 'verification: 20\)'
	wrong 6 1 'nothing completed for' 'never came back: 256\)'
	wrong 7 1 'unknown status: 300\)' 'verified: 0 '
	EAL_MORE="-d $wrong" run 2 "--device=soft:0,driver=wrong --mode=fill" \
		'--mode=fill: device soft:0 has no such operation'
	EAL_MORE="-d $wrong" run 2 "--device=soft:0,driver=wrong --depth=16 --burst=1" \
		'--depth=16: device soft:0 allows powers of two from 256 to 256'
	EAL_MORE="-d $wrong" run 2 "--device=soft:0,driver=wrong --burst=300" \
		'--burst=300: .*allowed are 1 to 256'
	EAL_MORE="-d $wrong" run 2 "--device=soft:0,driver=wrong --size=2M" \
		'--size=2097152: device soft:0 allows 1 to 1048576 bytes'
}

test_options()
{
	local option
	for option in burst size ops seconds queues depth timeout deadline stats-period mode \
		device; do
		refuse "--$option" "--$option needs a value: "
		refuse "--$option=" "--$option=: allowed is "
		[ $option = device ] || refuse "--$option=x1" "--$option=x1: allowed is "
	done
	for option in burst size ops seconds queues depth timeout; do
		refuse "--$option=0" "--$option=0: allowed is "
		refuse "--$option=-1" "--$option=-1: allowed is "
		refuse "--$option=99999999999999999999" "--$option=9+: allowed is "
	done
	refuse "--deadline=4001" '--deadline=4001: allowed is a number of seconds from 0 to 4000'
	refuse "--deadline=15" '--deadline=15: the run is given up before, after --timeout=15'
	refuse "--burst=1025" '--burst=1025: allowed is a number from 1 to 1024'
	refuse "--queues=257" '--queues=257: allowed is a number from 1 to 256'
	refuse "--depth=48" '--depth=48: allowed is a power of two'
	refuse "--size=4KB" '--size=4KB: allowed is .* 512, 4K, 2M or 1G'
	refuse "--size=2048G" '--size=2048G: allowed is '
	refuse "--seconds=inf" '--seconds=inf: allowed is '
	refuse "--seconds=0x10" '--seconds=0x10: allowed is '
	refuse "--mode=b3b" '--mode=b3b: allowed is one of copy, h2b, b2h, b2b, fill'
	refuse "--verify=on" '--verify takes no value'
	refuse "--bogus" "unknown option '--bogus'"
	refuse "--bogus=1" "unknown option '--bogus=1'"
	refuse "-x" "unknown option '-x'"
	refuse "-xy" "unknown option '-xy'"
	refuse "--verify stray" "unexpected argument 'stray'"
	refuse "--ops=5 --seconds=1" '--ops=5 and --seconds=1 exclude each other'
	refuse "--depth=16 --burst=32" '--burst=32: more than --depth=16'
	refuse "--device=soft:0 --device=soft:0,banks=1" '--device=.*: the same device'
}

# What only the device knows.
test_device_limits()
{
	refuse "--queues=65" '--queues=65: device soft:0 allows 1 to 64'
	refuse "--mode=h2b" '--mode=h2b: device soft:0 has no banks'
	refuse "--device=soft:0,banks=1,bank_size=1M --mode=h2b --size=2M" \
		'--size=2097152: bank 0 of device soft:0 has 1048576 bytes free'
	refuse "--size=1024G" '--size=1099511627776: .* half of this machine'
	run 2 "--device=nonsense" 'device=nonsense: cannot be probed'
	run 2 "--device=soft:0,bogus=1" 'device=soft:0,bogus=1: cannot be probed'
	run 1 "--device=nobus:0" 'device=nobus:0: cannot be probed'
}

# A PCIe device with one queue pair, one bank of 2 KiB, short ops and a narrow address window.
test_edu()
{
	local edu=--device=sim:edu size
	for size in 1 2000 4K 63488; do
		run 0 "$edu --verify --ops=100 --size=$size" 'device 0 \(sim:edu\) queue 0' \
			'ops: 100 ' 'verified: 100 ' "$none"
	done
	run 0 "$edu,async=access --mode=h2b --verify --ops=100 --size=512" 'verified: 100 ' "$none"
	run 0 "$edu --mode=b2h --verify --ops=100 --size=2K" 'memory for 1 ops in flight' \
		'verified: 100 ' "$none"
	run 0 "$edu --device=soft:0 --device=sim:edu.1 --verify --ops=300 --size=100" \
		'device 2 \(sim:edu\.1\)' 'verified: 300 ' "$none"
	refuse "$edu --queues=2" '--queues=2: device sim:edu allows 1 to 1'
	refuse "$edu --depth=512" '--depth=512: device sim:edu allows .* from 1 to 256'
	refuse "$edu --size=64K" '--size=65536: device sim:edu allows 1 to 63488 bytes'
	refuse "$edu --mode=fill" '--mode=fill: device sim:edu has no such operation'
	refuse "$edu --mode=h2b" '--size=4096: bank 0 .*has 2048 bytes free.* 1 to 2048'
	run 1 "$edu --mode=b2b --verify --ops=10 --size=512" 'errors: 10 \(invalid: 10\)' \
		'--mode=b2b: device sim:edu refuses such operations, all of queue 0'
}

# AFUs of an FPGA, which copy lines of 64 bytes.
test_dfl()
{
	local afu size
	for afu in sim:nlb sim:nlb,async=access sim:he-lb sim:he-lb,async=access; do
		for size in 64 4K 65600 256K; do
			run 0 "--device=$afu --verify --ops=50 --size=$size" 'verified: 50 ' "$none"
		done
	done
	run 0 "--device=sim:nlb --device=sim:he-lb --verify --ops=300 --size=1K" \
		'device 1 \(sim:he-lb\)' 'verified: 300 ' "$none"
	refuse "--device=sim:nlb --queues=2" '--queues=2: device sim:nlb allows 1 to 1'
	refuse "--device=sim:nlb --mode=fill" '--mode=fill: device sim:nlb has no such operation'
	run 1 "--device=sim:nlb --size=100 --ops=10" 'errors: 10 \(length: 10\)'
}

registers()
{
	cat <<-END
		help
		show device all
		mmio read 0 0 0
		mmio write 0 0 4 0x12345678
		mmio read 0 0 4 4
		mmio write 0 0 0x80 81985529216486895 8
		mmio read 0 0 128 8
		mmio read 0 7 0 2
		mmio read 0 0 0x84 8
		mmio read 0 0 0x100000
		mmio read 0 0 0xffffffffffffffff 1
		mmio read 0 0 18446744073709551616
		mmio read 0 0 4x
		mmio read 0 0 -4
		mmio read 0 0 0x
		mmio read 0 0 0 3
		mmio read 0 1 0
		mmio read 0 9 0
		mmio read 7 0 0
		mmio read x 0 0
		mmio read 1 0 0
		mmio write 0 0 4 0x100000000
		mmio write 0 0 4 zz
		mmio write 0 0 4
		show device 0
		start
	END
	await 'Started'
	printf 'show maps 0\nmmio read 0 0 0\nstop\nmmio read 0 0 4\nshow xstats all\nquit\n'
}

test_registers()
{
	rm -f "$tmp/out" "$tmp/err"
	talk "--device=sim:edu --device=soft:0" 0 'region 0: BAR, 1 MiB' 'region 7: config space, ' \
		'interrupts: 1 MSI' 'IOVA: virtual .*; window 0x1000 to 0xfffffff$' \
		'mmio write DEV REGION' 'region 0 offset 0x0: 0x010000ed' \
		'region 0 offset 0x4: 0xedcba987' 'offset 0x80: 0x0123456789abcdef' \
		'region 7 offset 0x0: 0x1234$' 'offset 0x84 is no multiple of the width 8' \
		'4 bytes at offset 0x100000 lie outside region 0, which has 0x100000' \
		'1 bytes at offset 0xffffffffffffffff lie outside' \
		'mmio: 18446744073709551616: an offset is a number' 'mmio: 4x: an offset' \
		'mmio: -4: an offset' 'mmio: 0x: an offset' 'mmio: 3: a width is 1, 2, 4 or 8' \
		'device 0 has no region 1' 'mmio: 9: a region is a number' \
		'there is no device 7' 'mmio: x: a device is a number' \
		'device 1 has no region 0' 'mmio: 0x100000000: a value is .* 32 bits' \
		'mmio: zz: a value' 'Bad arguments' '!acceldev: ' \
		'IOVA 0x[0-9a-f]{1,7} -> 0x[0-9a-f]+, .*, rw' '^Device 1 counts:$' \
		'^  edu_transfers_to_host: [1-9]' "$none" < <(registers)
}

# call STATUS REGEX ARG...: with these arguments and nothing else.
call()
{
	local expected=$1 regex=$2
	shift 2
	timeout 60 "$testpmd" "$@" </dev/null >"$tmp/out" 2>"$tmp/err"
	judge "$*" $? "$expected" "$regex"
}

test_command_line()
{
	call 0 '^accel-testpmd [0-9]+\.[0-9]+.*DPDK' --version
	call 0 '^accel-testpmd [0-9]+\.[0-9]+.*DPDK' -- --version
	call 0 '--burst=N .*32' -- --help
	call 0 '--burst=N .*32' --help
	call 2 '--burst=4 is an option of the application: it comes after --' --burst=4
	call 2 'EAL cannot be initialised' --no-such-option --
	call 2 'EAL cannot be initialised' -l 9999 --no-pci --no-huge --no-shconf --
	# shellcheck disable=SC2086 # a list of words
	call 2 "unexpected argument 'stray' before --" $eal stray --
}

commands()
{
	cat <<-END
		help
		show device all
		show stats
		stop
		set queues 2
		start
		start
		show stats
		show maps
		show maps 0
		show device 0
		show xstats 0
		show xstats
		show xstats 9
		set size 512
		stop
		set burst 0
		set bogus 1
		bogus
		show device 7
		show device x
		set verify on
		set ops 3000
		set mode b2b
		start
	END
	await 'verified: 3000 '
	printf '%s\n' stop 'clear stats' 'show stats' quit
}

test_prompt()
{
	rm -f "$tmp/out" "$tmp/err"
	talk "$banks" 0 'queue pairs: 0 of 64' 'bank 1: .*16 MiB' 'Started; queue pairs: 2' \
		'enqueued [0-9]+, dequeued [0-9]+.*ops/s' 'IOVA 0x[0-9a-f]+ -> 0x' \
		'arena 0: .*MiB' 'Accumulated' 'verified: 3000 ' 'verified: 1500 ' \
		'set burst 0: allowed is a number' 'Bad arguments' 'Command not found' \
		'There is no device 7' 'x: a device is a number' 'Already running' \
		'Not running' 'from the next start on' 'enqueued 0, ' \
		'show device all.N +what' '^  qp1_enqueued: [0-9]+$' '^  arenas: [1-9]' \
		'There is no device 9' 'show xstats all.N +all' < <(commands)
}

test_prompt_ends()
{
	rm -f "$tmp/out" "$tmp/err"
	# A run with a limit ends by itself while the prompt waits.
	talk "--ops=3000 --verify" 0 'Started' 'verified: 3000 ' "$none" \
		< <(echo start; await 'verified: 3000 '; echo quit)
	# The end of stdin ends the run; a last line needs no newline.
	talk "" 0 'enqueued' 'Accumulated' "$none" < <(printf 'start\nshow stats')
	talk "--device=soft:0,fail_every=2" 1 'device error' < <(echo start)
	# It lets a run with a limit reach that.
	talk "--device=soft:0,latency_us=20000 --ops=3000" 0 'Started' ' ops: 3000 ' "$none" \
		< <(echo start)
	talk "--seconds=0.5" 0 '! time: 0\.[01]' "$none" < <(echo start)
	# However early the stop comes, each queue has worked.
	talk "--device=soft:0,fail_every=2 --queues=8" 1 'queue 7' 'device error' \
		'! ops: 0 ' < <(printf 'start\nstop\nquit\n')
	talk "" 0 '--mode=h2b: device soft:0 has no banks' < <(printf 'set mode h2b\nstart\n')
	talk "" 0 'accel-testpmd> ' </dev/null
}

# signalled SIGNAL OPTION...: ends cleanly with its table.
signalled()
{
	local signal=$1 pid status
	shift
	rm -f "$tmp/out" "$tmp/err"
	# The sleeper keeps stdin open; nobody may have to wait for it.
	# shellcheck disable=SC2086 # a list of words
	"$testpmd" $eal -- --seconds=60 --stats-period=0.1 "$@" \
		< <(echo start; exec sleep 30 2>/dev/null) >"$tmp/out" 2>"$tmp/err" &
	pid=$!
	await '(^|> )[0-9.]+ s: '
	kill -"$signal" $pid
	wait $pid
	status=$?
	judge "SIG$signal $*" $status 0 "$none" 'Accumulated'
}

test_signals()
{
	signalled INT
	signalled TERM --verify --queues=2
	signalled TERM --interactive
}

group modes prompt &
group shapes signals prompt_ends &
group faults wrong_driver device_limits &
group options command_line &
group edu registers dfl &
finish 5
