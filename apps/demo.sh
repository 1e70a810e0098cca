#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The acceldev authors
#
# Shows acceldev at work on a machine that has nothing yet: installs the packages that are missing
# (as root, or with a sudo that asks no password), builds, moves data through the software device and
# a simulated PCIe device and checks every byte of it, and has a simulated neural processor recognise
# digits. Needs neither an accelerator nor hugepages nor root.
#
#	apps/demo.sh
#
# Exits 0 when everything went well.
set -u

ACCELDEV_ROOT=$(cd "$(dirname "$0")/.." && pwd) || exit 1
export ACCELDEV_ROOT
# shellcheck source=test/setup.sh
. "$ACCELDEV_ROOT/test/setup.sh"

soft=soft:0,banks=2,bank_size=64M
device=$soft

say() { printf '%s\n' "$*"; }

give_up()
{
	say "The demo failed: $*" >&2
	exit 1
}

# A checkout of another user can be read but not built in.
choose_build()
{
	build=$ACCELDEV_ROOT/build
	if [ -e "$build/build.ninja" ]; then
		[ -w "$build/build.ninja" ] && return
	else
		mkdir -p "$build" 2>/dev/null && [ -w "$build" ] && return
	fi
	build=${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}/acceldev/build
	mkdir -p "$build" 2>/dev/null && [ -w "$build" ] && return
	build=$(mktemp -d) || exit 1
}

# testpmd OPTION...: run it, output to demo.log and $out.
testpmd()
{
	# shellcheck disable=SC2086 # a list of words
	timeout 60 "$build/apps/testpmd/accel-testpmd" $memory --no-pci --no-telemetry \
		--iova-mode=va --log-level=lib.eal:error -- --device="$device" "$@" \
		>"$out" 2>&1
	_rc=$?
	cat "$out" >>"$build/demo.log"
	return $_rc
}

# measure OPTION...: the same, and leave what its last table says in variables.
measure()
{
	if ! testpmd "$@"; then
		cat "$out" >&2
		give_up "accel-testpmd $* reported an error"
	fi
	ops=$(field ops) bytes=$(human bytes) verified=$(field verified)
	ops_rate=$(field ops/s) bytes_rate=$(human bytes/s)
}

# field NAME: number behind a name in the table of all queues; human NAME: the one in brackets.
field() { sed -n "/Accumulated/,\$s|.*\\b$1: \\([0-9]*\\).*|\\1|p" "$out" | head -n 1; }
human() { sed -n "/Accumulated/,\$s|.*\\b$1: [0-9]* (\\([^)]*\\)).*|\\1|p" "$out" | head -n 1; }

# 1234567 -> 1,234,567
commas() { printf '%s' "$1" | sed -e :a -e 's/\([0-9]\)\([0-9]\{3\}\)\($\|,\)/\1,\2\3/;ta'; }

# EAL's own memory, from hugepages when there are some that this user may have.
choose_memory()
{
	memory="--in-memory -m 16"
	testpmd --ops=1 && return
	memory="--no-huge --no-shconf -m 64"
	testpmd --ops=1 && return
	cat "$out" >&2
	give_up "accel-testpmd does not run"
}

# What the device's buffers lie on, as the prompt's "show device" tells it while it runs.
look_at_memory()
{
	(echo start; sleep 0.5; echo "show device 0"; echo stop; echo quit) |
		testpmd --interactive || give_up "the prompt of accel-testpmd reported an error"
	buffers=$(sed -n 's/.*live buffers: \([0-9]*\).*/\1/p' "$out" | head -n 1)
	page=$(sed -n 's/.*arena 0: .*, \([0-9]* [KMG]iB\) pages, .*/\1/p' "$out" | head -n 1)
	case $page in
	"4 KiB") pages="ordinary memory, in pages of 4 KiB (no hugepages were free)" ;;
	*) pages="hugepages of $page" ;;
	esac
}

# The prompt tells what a device is; its first register is the proof that somebody is there.
simulate()
{
	device=sim:edu
	measure --mode=copy --verify --size=2000 --ops=400
	sim_ops=$ops sim_bytes=$bytes sim_verified=$verified
	printf 'mmio read 0 0 0\nmmio read 0 7 0\nquit\n' | testpmd --interactive ||
		give_up "the prompt of accel-testpmd reported an error"
	sim_register=$(sed -n 's/^device 0 region 0 offset 0x0: //p' "$out")
	sim_ids=$(sed -n 's/^device 0 region 7 offset 0x0: 0x\(....\)\(....\)$/\2:\1/p' "$out")
	device=$soft
}

# Images that the classifier was not trained with; labels.bin has the digit that each one shows.
recognise()
{
	digits=$ACCELDEV_ROOT/test/npu/digits
	timeout 60 "$build/test/npu/digits/npu_digits" sim:npu \
		"$build/test/npu/digits/digits.elf" "$digits/records.bin" "$digits/labels.bin" \
		>"$out" 2>&1
	_rc=$?
	cat "$out" >>"$build/demo.log"
	right=$(sed -n 's/^\([0-9]*\) of [0-9]* right$/\1/p' "$out")
	images=$(sed -n 's/^[0-9]* of \([0-9]*\) right$/\1/p' "$out")
	if [ $_rc -ne 0 ] || [ -z "$right" ]; then
		cat "$out" >&2
		give_up "the digits were not classified"
	fi
	[ $((right * 100)) -ge $((images * 95)) ] ||
		give_up "only $right of $images digits were recognised"
	say "      digits: $right of $images recognised on the NPU model"
}

choose_build
say "[1/6] Packages"
acceldev_install_packages base || exit 1
say "[2/6] Build in $build (the first time takes a minute)"
acceldev_build "$build" || exit 1

: >"$build/demo.log" || exit 1
out=$(mktemp) || exit 1
trap 'rm -f "$out"' EXIT
trap 'exit 130' INT TERM

choose_memory
look_at_memory
say "[3/6] Copies in host memory, each checked"
measure --mode=copy --verify --size=4K --ops=200000
copy_ops=$ops copy_bytes=$bytes copy_verified=$verified
say "[4/6] Copies into the device's memory and back, each checked"
measure --mode=h2b --verify --size=4K --ops=100000
bank_ops=$ops bank_bytes=$bytes bank_verified=$verified
say "[5/6] Copies by a simulated PCIe device, each checked; digits by a simulated NPU"
simulate
recognise
say "[6/6] Throughput"
measure --mode=copy --size=64 --seconds=2
small=$ops_rate
measure --mode=copy --size=1M --seconds=2
large=$bytes_rate

if [ "$copy_verified" != "$copy_ops" ] || [ "$bank_verified" != "$bank_ops" ] ||
	[ "$sim_verified" != "$sim_ops" ]; then
	give_up "not all data was verified; see $build/demo.log"
fi

cat <<-END

	What was done
	  A software device stood in for an accelerator card. It has two memory banks of 64 MiB,
	  as a card has memory of its own, and reaches only what it was given, as on real hardware.

	  $(commas "$copy_ops") pieces of 4 KiB ($copy_bytes) were copied from buffer to buffer.
	  $(commas "$bank_ops") pieces of 4 KiB ($bank_bytes) went to the device's memory and back.
	  Each run used $buffers buffers, on $pages.

	  Speed of one queue: $((small / 1000000)) million copies of 64 bytes per second; with copies of
	  1 MiB, $large.

	  Then came a PCIe device, simulated in this process: QEMU's "edu", $sim_ids, whose first
	  register reads $sim_register. It is reached as a real one is, through its registers and
	  its DMA, and every address it emits goes through an I/O mapping table, as an IOMMU has it.
	  $(commas "$sim_ops") pieces of 2000 bytes ($sim_bytes) went into the device and out again. The driver
	  is the one that runs a real device through VFIO: it does not know which of them it has.

	  The last one was a neural processor (NPU), simulated too. A small network for 8 x 8 pixel
	  digits, trained beforehand, was loaded as a program; the NPU fetched images from memory,
	  and wrote a score for each digit. $right of $images images that it had not been trained with
	  were recognised.

	All data verified: every byte of every piece arrived, and no error was reported.

	Next: test/run.sh runs all tests; README.md shows how to write an application or a driver.
END
