#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The acceldev authors
#
# Runs accel-testpmd on a device in the guest as a user who is not root and whose limit on locked
# memory is finite: without hugepages, and with those of a hugetlbfs mount that is the user's.
#
# shellcheck disable=SC3045 # busybox knows ulimit -l
set -u

eal="--no-pci --iova-mode=va --no-telemetry --log-level=acceldev.*:info"
copies="--size=2000 --burst=2 --depth=2 --ops=2 --verify"
passed=0 failed=0

# expect NAME TEXT...: what the last program said has these texts
expect()
{
	name=$1
	shift
	for text in "$@"; do
		grep -qF -e "$text" /tmp/user.out && continue
		echo "  user: $name FAILED: there is no \"$text\" in"
		sed 's/^/    | /' /tmp/user.out
		failed=$((failed + 1))
		return
	done
	echo "  user: $name ok"
	passed=$((passed + 1))
}

# testpmd EAL-OPTIONS KEYS: on the edu device, with keys of its spec
testpmd()
{
	# shellcheck disable=SC2086 # lists of words
	accel-testpmd $eal $1 -- --device="pci:$VM_EDU$2" $copies >/tmp/user.out 2>&1
	echo "exit status $?" >>/tmp/user.out
}

id -u >/tmp/user.out
echo "limit $(ulimit -l)" >>/tmp/user.out
expect "is not root, and has a limit" 1000 "limit $VM_MEMLOCK"

testpmd "--no-huge --no-shconf -m 64" ,mem=memfd
expect "no hugepages" "memfd, pages of 4096" "verified: 2" "exit status 0"

testpmd "--huge-dir=$VM_HUGE_USER --huge-unlink" ,mem=memzone
expect "hugepages of EAL" "memzone, pages of 2097152" "verified: 2" "exit status 0"

export HUGETLB_PATH="$VM_HUGE_USER"
testpmd "--no-huge --no-shconf -m 64" ,mem=hugetlb
# The mount has not more; pages that are not of a mount would be more.
expect "hugepages of a mount" "arena of 16777216 bytes" "hugetlb, pages of 2097152" "verified: 2" \
	"exit status 0"

# As little as many systems grant: arenas become smaller.
ulimit -l 8192
testpmd "--no-huge --no-shconf -m 64" ,mem=memfd
expect "a low limit" "arena of 4194304 bytes" "verified: 2" "exit status 0"

ulimit -l 4
testpmd "--no-huge --no-shconf -m 64" ,mem=memfd
expect "over the limit" "limit on locked memory is 4 KiB" "4 KiB are locked" \
	"4 KiB more are needed" "ulimit -l" "LimitMEMLOCK="

rm -f /tmp/user.out
echo "$passed passed, $failed failed, 0 skipped"
echo "$passed $failed 0" >>"$ACCELDEV_TEST_SUMMARY"
[ "$failed" -eq 0 ]
