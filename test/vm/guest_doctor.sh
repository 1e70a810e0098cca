#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The acceldev authors
#
# Runs accel-doctor in the guest, and holds what it says of devices against probing them.
set -u

eal="--no-huge --no-pci --no-shconf --iova-mode=va -m 64 --no-telemetry"
passed=0 failed=0

# check NAME CONDITION...: count a test
check()
{
	name=$1
	shift
	if "$@"; then
		echo "  doctor: $name ok"
		passed=$((passed + 1))
	else
		echo "  doctor: $name FAILED: this is false: $*, with"
		sed 's/^/    | /' /tmp/doctor.out
		failed=$((failed + 1))
	fi
}

says()
{
	grep -qF -e "$1" /tmp/doctor.out
}

# doctor OPTION...: what it says goes to a file
doctor()
{
	accel-doctor "$@" >/tmp/doctor.out 2>&1
}

# agrees SPEC STATUS: the doctor and probing say the same, and that
agrees()
{
	doctor "$1"
	said=$?
	# shellcheck disable=SC2086 # a list of words
	probe_spec $eal -- "$1" >>/tmp/doctor.out 2>&1
	probed=$?
	echo "doctor $said, probe $probed" >>/tmp/doctor.out
	[ "$said" -eq "$probed" ] && [ "$said" -eq "$2" ]
}

group=$(basename "$(readlink "/sys/bus/pci/devices/$VM_EDU/iommu_group")")

doctor
check "the machine" [ $? -eq 0 ]
check "the IOMMU" says "[ok]      IOMMU"
check "the functions" says "$VM_EDU"

check "an edu device" agrees "pci:$VM_EDU" 0
check "a model" agrees sim:edu 0
check "no such function" agrees pci:0000:7f:1f.7 1
check "a function with another driver" agrees pci:0000:00:1f.0 1
check "a key that nobody knows" agrees "pci:$VM_EDU,colour=red" 1

doctor --json "pci:$VM_EDU"
check "JSON" says '"usable":'

# The node is the user's, and root is let in everywhere.
if [ "$(id -u)" -ne 0 ]; then
	chmod 0 "/dev/vfio/$group"
	check "no permission" agrees "pci:$VM_EDU" 1
	doctor "pci:$VM_EDU"
	check "the remedy" says "/dev/vfio/$group"
	chmod 600 "/dev/vfio/$group"
	check "permission again" agrees "pci:$VM_EDU" 0
else
	echo "$VM_EDU2" >"/sys/bus/pci/devices/$VM_EDU2/driver/unbind"
	check "a function without a driver" agrees "pci:$VM_EDU2" 1
	doctor "pci:$VM_EDU2"
	check "the remedy" says "dpdk-devbind.py -b vfio-pci $VM_EDU2"
	echo "$VM_EDU2" >/sys/bus/pci/drivers/vfio-pci/bind
	check "bound again" agrees "pci:$VM_EDU2" 0
fi

rm -f /tmp/doctor.out
echo "$passed passed, $failed failed, 0 skipped"
echo "$passed $failed 0" >>"$ACCELDEV_TEST_SUMMARY"
[ "$failed" -eq 0 ]
