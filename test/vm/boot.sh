#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The acceldev authors
#
# Boots a guest that runs programs, and brings back their results.
#
#	test/vm/boot.sh [-a BITS] [-t SECONDS] [-e VAR=VALUE]... FETCHED INITRAMFS OUT <PROGRAMS
#
#	-a	width of addresses that the IOMMU translates: 48 (the default) or 39
#	-t	for the whole guest; 300 by default
#	-e	for the environment of the programs
#
# PROGRAMS has one command per line: [VAR=VALUE...] PROGRAM [ARG...], words without quotes. It runs
# as root, or with VM_USER=user as user 1000, and with VM_MEMLOCK=KIB under that limit on locked
# memory. Comments start with #.
#
# FETCHED is the folder that fetch.sh filled, INITRAMFS what initramfs.sh made from it. The folder
# OUT must be new or empty. It gets console.log, dmesg, qemu.log, and for each program a folder
# NUMBER-NAME with name, log, summary (the file ACCELDEV_TEST_SUMMARY) and rc, its exit status.
# Exits 0 when the guest ran all programs, whatever their exit status. Otherwise tells why not.
#
# The guest knows where its devices are from its environment:
#
#	VM_EDU VM_EDU2	edu devices that reach all memory
#	VM_EDU_NARROW	an edu device with a DMA mask of 28 bits
#	VM_NVME		an NVMe controller, below a root port
#	VM_DEVICES	all of them
#	VM_AW_BITS	width of the IOMMU's addresses
#	VM_HUGE_USER	a mount of hugetlbfs of 16 MiB that belongs to user 1000 alone
#	VM_MONITOR	a serial line to QEMU's monitor, where the devices are edu, edu2,
#			edu_narrow, nvme and bridge (the root port)
#
# ACCELDEV_VM_ACCEL, in the environment of this script, is QEMU's accelerator: tcg unless set.
set -u
umask 022

memory=1280M
hugepages=64
kernel_options="console=ttyS0 loglevel=4 panic=-1 oops=panic intel_iommu=on mitigations=off"
# Under load the emulated timer may look broken to the kernel, which panics then.
kernel_options="$kernel_options no_timer_check"
program_seconds=60 # each

edu=00:10.0 edu2=00:11.0 edu_narrow=00:12.0
bridge=00:1c.0 nvme=01:00.0 # the only bridge has the first bus number

usage()
{
	echo "usage: $0 [-a BITS] [-t SECONDS] [-e VAR=VALUE]... FETCHED INITRAMFS OUT" >&2
	exit 2
}

write_env()
{
	echo "export VM_EDU=0000:$edu VM_EDU2=0000:$edu2 VM_EDU_NARROW=0000:$edu_narrow"
	echo "export VM_NVME=0000:$nvme VM_AW_BITS=$aw_bits VM_MONITOR=/dev/ttyS2"
	echo "export VM_DEVICES='0000:$edu 0000:$edu2 0000:$edu_narrow 0000:$nvme'"
	echo "export VM_HUGE_USER=/dev/hugepages-user"
	echo "VM_HUGEPAGES=$hugepages VM_PROGRAM_SECONDS=$program_seconds"
	printf '%s' "$exports"
}

# Without interrupt remapping in the emulated IOMMU, VFIO refuses to use it; that needs
# kernel-irqchip=off. The root port is a slow one (5 GT/s), since a faster link does not come back
# from a reset in QEMU. The third serial line leads to QEMU's monitor.
run_qemu()
{
	timeout -k 5 "$seconds" qemu-system-x86_64 -nodefaults -no-user-config -no-reboot \
		-display none -accel "${ACCELDEV_VM_ACCEL:-tcg,thread=multi}" -cpu max -smp 2 \
		-m $memory -machine q35,kernel-irqchip=off \
		-device "intel-iommu,intremap=on,caching-mode=on,aw-bits=$aw_bits" \
		-device "edu,id=edu,addr=${edu#*:},dma_mask=0xffffffffffffffff" \
		-device "edu,id=edu2,addr=${edu2#*:},dma_mask=0xffffffffffffffff" \
		-device "edu,id=edu_narrow,addr=${edu_narrow#*:}" \
		-device "pcie-root-port,id=bridge,chassis=1,x-speed=5,addr=${bridge#*:}" \
		-blockdev driver=null-co,node-name=disk,size=67108864,read-zeroes=on \
		-device "nvme,id=nvme,bus=bridge,addr=${nvme#*:},serial=acceldev,drive=disk" \
		-serial file:console.log -serial file:records.tar \
		-chardev socket,id=monitor,path=monitor,server=on,wait=off -mon chardev=monitor \
		-chardev socket,id=line,path=monitor -serial chardev:line \
		-kernel "$fetched/kernel" -initrd initrd \
		-append "$kernel_options"
}

fail()
{
	echo "The guest failed: $*. What QEMU said, and the end of the console:"
	tail -n 10 "$out/qemu.log" | sed 's/^/    /'
	tail -n 40 "$out/console.log" | tr -d '\r' | sed 's/^/    /'
	exit 1
}

aw_bits=48 seconds=300 exports=
while getopts a:t:e: opt; do
	case $opt in
	a) aw_bits=$OPTARG ;;
	t) seconds=$OPTARG ;;
	e) exports="${exports}export ${OPTARG%%=*}='${OPTARG#*=}'
" ;;
	*) usage ;;
	esac
done
shift $((OPTIND - 1))
[ $# -eq 3 ] || usage
fetched=$(cd "$1" && pwd) && initramfs=$2 && out=$3 && mkdir -p "$out" || exit 1

# The kernel unpacks one archive after the other.
mkdir -p "$out/vm" && write_env >"$out/vm/env" && cat >"$out/vm/programs" || exit 1
(cd "$out" && find vm | "$fetched/busybox" cpio -o -H newc -R 0:0 2>/dev/null) |
	cat "$initramfs" - >"$out/initrd" || exit 1

: >"$out/console.log"
(cd "$out" && run_qemu) >"$out/qemu.log" 2>&1
status=$?
tar -x -i -f "$out/records.tar" -C "$out" 2>/dev/null
rm -rf "$out/initrd" "$out/records.tar" "$out/monitor" "$out/vm"
case $status in
0) ;;
124|137) fail "it was not done after $seconds s" ;;
*) fail "QEMU ended with status $status" ;;
esac
[ -e "$out/end/dmesg" ] || fail "it stopped early"
mv "$out/end/dmesg" "$out/"
