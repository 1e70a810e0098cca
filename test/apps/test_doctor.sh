#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The acceldev authors
#
# accel-doctor on this machine, and on machines that are folders: verdicts, remedies, JSON, exit status.
#
#	test_doctor.sh ACCEL_DOCTOR PROBE_SPEC
#
# PROBE_SPEC is the program built from probe_spec.c. Needs neither root, hugepages nor VFIO.
set -u

doctor=$1
probe=$2
passed=0
failed=0
skipped=0
tmp=$(mktemp -d) || exit 1
chmod 755 "$tmp"
trap 'rm -rf "$tmp"' EXIT
root=$tmp/root
unset XDG_RUNTIME_DIR

fail()
{
	failed=$((failed + 1))
	echo "FAIL: $*"
	sed 's/^/    stdout: /' "$tmp/out" | head -n 60
	sed 's/^/    stderr: /' "$tmp/err" | tail -n 20
}

skip()
{
	skipped=$((skipped + 1))
	echo "skipped: $*"
}

# run STATUS ARGUMENT... -- REGEX...: each regex must be in a line of the output; "!REGEX" must not.
run()
{
	local expected=$1 status why="" regex args=()
	shift
	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		args+=("$1")
		shift
	done
	shift
	timeout 60 "$doctor" ${args[0]+"${args[@]}"} </dev/null >"$tmp/out" 2>"$tmp/err"
	status=$?
	[ $status -eq "$expected" ] || why="exit status $status, not $expected"
	for regex in "$@"; do
		if [ "${regex#!}" != "$regex" ]; then
			grep -Eq -- "${regex#!}" "$tmp/out" "$tmp/err" && why="$why, has: $regex"
		else
			grep -Eq -- "$regex" "$tmp/out" "$tmp/err" || why="$why, lacks: $regex"
		fi
	done
	if [ -z "$why" ]; then
		passed=$((passed + 1))
	else
		fail "${args[*]-}: $why"
	fi
}

# query ARGUMENT... -- CONDITION: a condition in Python on the JSON "j", with "c" the checks by id, "d"
# the devices, and "dc" the checks of the first device.
query()
{
	local args=()
	while [ "$1" != -- ]; do
		args+=("$1")
		shift
	done
	shift
	timeout 60 "$doctor" --json "${args[@]}" </dev/null >"$tmp/out" 2>"$tmp/err"
	if python3 -c '
import json, sys
j = json.load(open(sys.argv[1], encoding="utf-8"))
c = {x["id"]: x for x in j["checks"]}
d = j["devices"]
dc = {x["id"]: x for x in d[0]["checks"]} if d else {}
v = lambda id: c[id]["verdict"]
names = ["id", "title", "verdict", "value", "detail", "remedy"]
words = ["ok", "not applicable", "unknown", "warning", "problem"]
assert list(j) == ["version", "checks", "devices"]
for x in j["checks"] + [y for e in d for y in e["checks"]]:
    assert list(x) == names and x["verdict"] in words, x
assert len(c) == len(j["checks"]), "an id twice"
sys.exit(not eval(sys.argv[2]))' "$tmp/out" "$1" 2>>"$tmp/err"; then
		passed=$((passed + 1))
	else
		fail "${args[*]}: not so: $1"
	fi
}

# put PATH TEXT: a file of the made-up machine.
put()
{
	mkdir -p "$root$(dirname "$1")"
	printf '%b' "$2" >"$root$1"
}

# function_of ADDRESS ID GROUP DRIVER: a PCI function; DRIVER "-" for none.
function_of()
{
	local dir=/sys/bus/pci/devices/$1
	put "$dir/vendor" "0x${2%:*}\n"
	put "$dir/device" "0x${2#*:}\n"
	put "$dir/class" "0x00ff00\n"
	put "$dir/numa_node" "0\n"
	mkdir -p "$root/sys/kernel/iommu_groups/$3/devices"
	ln -s "../../../kernel/iommu_groups/$3" "$root$dir/iommu_group"
	ln -s x "$root/sys/kernel/iommu_groups/$3/devices/$1"
	[ "$4" = - ] || ln -s "../../drivers/$4" "$root$dir/driver"
}

status_of()
{
	put /proc/self/status "Name:\tx\nUid:\t$1\t$1\t$1\t$1\nGid:\t$1\t$1\t$1\t$1\nGroups:\t\nCapEff:\t$2\n"
}

# A server on which all is well for uid 4242, with an edu device.
good_machine()
{
	rm -rf "$root"
	mkdir -p "$root/sys/bus/pci/drivers/vfio-pci" "$root/dev/hugepages" "$root/tmp"
	chmod 777 "$root/dev/hugepages" "$root/tmp"
	status_of 4242 0000000000000000
	put /proc/sys/kernel/osrelease "6.1.0-18-amd64\n"
	put /proc/cpuinfo "vendor_id\t: GenuineIntel\nflags\t\t: fpu\n"
	put /proc/cmdline "ro quiet intel_iommu=on\n"
	put /proc/meminfo "Hugepagesize:       2048 kB\n"
	put /proc/interrupts " 24:  0 IR-PCI-MSI 1-edge nvme\n"
	put /proc/self/limits "Max open files            1048576 1048576 files\nMax locked memory         unlimited unlimited bytes\n"
	put /proc/self/mounts "none /dev/hugepages hugetlbfs rw,pagesize=2M 0 0\n"
	for file in nr free; do
		put /sys/kernel/mm/hugepages/hugepages-2048kB/${file}_hugepages "512\n"
	done
	for file in resv surplus; do
		put /sys/kernel/mm/hugepages/hugepages-2048kB/${file}_hugepages "0\n"
	done
	put /sys/class/misc/vfio/dev "10:196\n"
	put /sys/module/vfio_iommu_type1/parameters/dma_entry_limit "65535\n"
	put /sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts "N\n"
	put /dev/vfio/vfio ""
	put /dev/vfio/7 ""
	chmod 666 "$root/dev/vfio/vfio" "$root/dev/vfio/7"
	function_of 0000:03:00.0 1234:11e8 7 vfio-pci
}

edu=pci:0000:03:00.0

# usable WHETHER SPEC CHECK VERDICT COMMAND: of the first device; COMMAND "" for none.
judge()
{
	query --root "$root" "$2" -- \
		"d[0]['usable'] is $1 and dc['$3']['verdict'] == '$4' and $(
			[ -n "$5" ] && echo "'$5' in dc['$3']['remedy']" || echo True)"
}

#
# Options
#
run 0 --help -- '^Usage: accel-doctor'
run 0 --version -- '^accel-doctor [0-9]'
run 2 --nonsense -- "^accel-doctor: option '--nonsense'"
run 2 --json=1 -- "^accel-doctor: option '--json=1'"
run 2 --root -- "^accel-doctor: option '--root'"
run 0 -- '^\[ok\] +Linux: ' '^\[ok\] +user: ' 'IOMMU: ' '!.{101}mend'
run 0 --verbose -- 'DPDK: '

#
# This machine: what it says is what happens
#
eal="--no-huge -m 64 --no-pci --no-shconf --no-telemetry --iova-mode=va --log-level=lib.eal:error"
for spec in soft:0 soft:0,banks=2,bank_size=16M soft:0,banks=x soft:0,banks=300 soft:0,foo=1 \
	soft:0,driver=edu soft:0,driver=none soft:0,mem=memfd soft:0,mem=x soft:0,socket=0 \
	soft:0,socket=99 soft:0,dma_bits=39 soft:0,dma_bits=7 soft:0,iova=va soft:0,iova=x \
	soft:0,iospace=a sim:edu sim:edu.3 sim:edu.x sim:none sim:edu,dma_mask=5 sim:edu,maps=10 \
	sim:edu,maps=0 sim:edu,async=access sim:edu,async=x sim:edu,banks=2 vfio:x nonsense '' : 'soft:' \
	'soft:0,' 'soft:0,a' 'soft:0,a=' 'soft:0,a=1,a=2' 'soft:0,=' 'soft:0,a=[1' 'soft: 0' \
	pci: pci:x pci:0000:99:00.0 pci:99:00.0 pci:0000:00:00.9 "$(printf 'soft:\001\377\033[31m')" \
	"soft:$(printf 'a%.0s' $(seq 100))" "soft:0,a=$(printf 'b%.0s' $(seq 2000))"; do
	# shellcheck disable=SC2086 # a list of words
	timeout 60 "$probe" $eal -- "$spec" >"$tmp/out" 2>"$tmp/err"
	expected=$?
	run $expected "$spec" -- "$([ $expected -eq 0 ] || echo 'not ')usable" '!Sanitizer'
done
query "$(printf 'soft:\001\377')" soft:0 -- "[x['usable'] for x in d] == [False, True]"
run 1 soft:0 soft:0,foo=1 sim:edu -- '^soft:0: usable$' '^soft:0,foo=1: not usable: probe: refused' \
	'unknown key "foo"' '^sim:edu: usable$'
before=$(find /dev/hugepages -name 'rtemap*' 2>/dev/null | wc -l)
run 0 soft:0 -- usable
if [ "$(find /dev/hugepages -name 'rtemap*' 2>/dev/null | wc -l)" -eq "$before" ]; then
	passed=$((passed + 1))
else
	fail "files of hugepages are left"
fi

# check_mode WHO COMMAND...: EAL's IOVA mode against the real EAL's.
check_mode()
{
	local who=$1 mode
	shift
	# No --iova-mode: EAL shall decide. It needs hugepages to do so.
	mode=$(timeout 60 "$@" "$tmp/probe" --in-memory --no-pci --no-telemetry -m 4 -- \
		2>"$tmp/err" | sed -n 's/^iova-mode //p')
	if [ -z "$mode" ]; then
		skip "IOVA mode of $who: EAL does not start with hugepages"
		return
	fi
	"$@" "$tmp/doctor" --json >"$tmp/out" 2>>"$tmp/err"
	if grep -A 3 '"id":"iova-mode"' "$tmp/out" | grep -q "\"value\":\"$mode: "; then
		passed=$((passed + 1))
	else
		fail "IOVA mode of $who is $mode"
	fi
}
cp "$doctor" "$tmp/doctor" && cp "$probe" "$tmp/probe"
check_mode "this user"
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null; then
	check_mode "a plain user" setpriv --reuid=65534 --regid=65534 --clear-groups \
		--inh-caps=-all --bounding-set=-all
	setpriv --reuid=54321 --regid=54321 --clear-groups "$tmp/doctor" soft:0 >"$tmp/out" 2>"$tmp/err"
	if grep -q 'user: 54321 (uid 54321)' "$tmp/out" && grep -q '^soft:0: usable' "$tmp/out"; then
		passed=$((passed + 1))
	else
		fail "a user without a name"
	fi
else
	skip "IOVA mode of a plain user: only root can become one"
fi

#
# Machines that are folders
#
good_machine
run 0 --root "$root" "$edu" -- "^$edu: usable$" '!PROBLEM' '!\[warn\]' 'driver here: edu' \
	'addresses it can emit: 28 bits' '^\[ok\] +/dev/vfio/7: this user may open it'
query --root "$root" -- "v('iommu') == 'ok' and v('pci:0000:03:00.0') == 'ok' and \
	v('hugepages') == 'ok' and v('iova-mode') == 'ok' and v('memlock') == 'ok' and d == []"

# Keys of a spec, as the library judges them.
for spec in "$edu,dma_bits=7" "$edu,foo=1" "$edu,banks=2" "$edu,mem=x" "$edu,driver=soft" \
	"$edu,driver=none" "$edu,socket=99" "$edu,vf_token=1"; do
	run 1 --root "$root" "$spec" -- ': not usable: '
done
for spec in "$edu,dma_bits=48,iova=alloc,mem=memfd" "$edu,driver=edu" "$edu,iospace=a" pci:03:00.0; do
	run 0 --root "$root" "$spec" -- ': usable'
done
judge False "$edu,vf_token=12345678-1234-1234-1234-123456789abc" vf-token problem ""

# A driver that is not for this device is asked when the device is opened.
put /sys/bus/pci/devices/0000:03:00.0/device "0x11e9\n"
judge False $edu driver problem ""
judge True $edu,driver=edu driver warning ""
good_machine

# Not bound, or not to vfio-pci.
rm "$root/sys/bus/pci/devices/0000:03:00.0/driver"
judge False $edu binding problem 'modprobe vfio-pci && dpdk-devbind.py -b vfio-pci 0000:03:00.0'
query --root "$root" -- "v('pci:0000:03:00.0') == 'problem'"
ln -s ../../drivers/xdma "$root/sys/bus/pci/devices/0000:03:00.0/driver"
judge False $edu binding problem 'modprobe vfio-pci && dpdk-devbind.py -b vfio-pci 0000:03:00.0'

# A group with another driver in it.
good_machine
function_of 0000:03:00.1 8086:1521 7 igb
judge False $edu group problem 'dpdk-devbind.py -b vfio-pci 0000:03:00.1'
query --root "$root" -- "v('pci:0000:03:00.0') == 'problem'"
run 1 --root "$root" $edu -- '^\[PROBLEM\] IOMMU group: 7 is not viable' \
	"^$edu: not usable: IOMMU group: 7 is not viable"
rm "$root/sys/bus/pci/devices/0000:03:00.1/driver"
judge True $edu group ok ""

# No permission, no node, in use.
good_machine
chmod 600 "$root/dev/vfio/7"
judge False $edu node problem 'chown 4242 /dev/vfio/7'
status_of 0 000001ffffffffff
judge True $edu node ok ""
status_of 4242 0
rm "$root/dev/vfio/7"
judge False $edu node problem 'modprobe vfio-pci && dpdk-devbind.py -b vfio-pci 0000:03:00.0'
put /.dockerenv ""
judge False $edu node problem \
	'docker run --device=/dev/vfio/vfio --device=/dev/vfio/7 --ulimit memlock=-1:-1 ...'
good_machine
mkdir -p "$root/proc/1234/fd"
put /proc/1234/comm "qemu\n"
ln -s /dev/vfio/7 "$root/proc/1234/fd/5"
judge False $edu in-use problem 'fuser -v /dev/vfio/7'
run 1 --root "$root" $edu -- 'in use: by 1234 \(qemu\)'

# The IOMMU is off.
good_machine
rm -r "$root/sys/kernel/iommu_groups" "$root/sys/bus/pci/devices/0000:03:00.0/iommu_group"
put /proc/cmdline "ro quiet\n"
judge False $edu iommu problem \
	"echo \\'GRUB_CMDLINE_LINUX=\"\$GRUB_CMDLINE_LINUX intel_iommu=on\"\\' >/etc/default/grub.d/iommu.cfg && update-grub && reboot"
run 0 --root "$root" -- '^\[PROBLEM\] IOMMU: off' 'VT-d in the firmware'
put /proc/cpuinfo "vendor_id\t: AuthenticAMD\nflags\t\t: fpu\n"
run 0 --root "$root" -- 'AMD-Vi'
put /proc/cpuinfo "vendor_id\t: AuthenticAMD\nflags\t\t: fpu hypervisor\n"
run 0 --root "$root" -- 'machine is virtual'
put /proc/cmdline "amd_iommu=off\n"
run 0 --root "$root" -- 'has it off \(amd_iommu=off\)'

# VFIO is not loaded, not given, or refuses.
good_machine
rm -r "$root/sys/class/misc" "$root/sys/bus/pci/drivers/vfio-pci"
judge False $edu vfio-node problem 'modprobe vfio-pci'
query --root "$root" -- "v('vfio-driver') == 'problem' and v('vfio-node') == 'problem'"
good_machine
rm "$root/dev/vfio/vfio"
put /run/.containerenv ""
judge False $edu vfio-node problem \
	'docker run --device=/dev/vfio/vfio --device=/dev/vfio/GROUP --ulimit memlock=-1:-1 ...'

# Interrupts that are not remapped.
good_machine
put /proc/interrupts ""
put /proc/cmdline "intel_iommu=on intremap=off\n"
judge False $edu interrupt-remapping problem \
	'echo 1 >/sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts'
put /sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts "Y\n"
judge True $edu interrupt-remapping warning ""

# A VF whose PF is bound to vfio-pci.
good_machine
mkdir -p "$root/sys/bus/pci/devices/0000:02:00.0"
ln -s ../../drivers/vfio-pci "$root/sys/bus/pci/devices/0000:02:00.0/driver"
ln -s ../0000:02:00.0 "$root/sys/bus/pci/devices/0000:03:00.0/physfn"
judge False $edu vf-token problem ""
judge True "$edu,vf_token=12345678-1234-1234-1234-123456789abc" vf-token ok ""

# Limits.
good_machine
put /proc/self/limits "Max open files            256 4096 files\nMax locked memory         65536 65536 bytes\n"
judge True $edu memlock warning "echo \\'4242 - memlock unlimited\\' >/etc/security/limits.d/acceldev.conf"
query --root "$root" -- "v('memlock') == 'problem' and v('nofile') == 'warning' and \
	c['nofile']['remedy'] == ['ulimit -n 4096']"
status_of 4242 0000000000004000
query --root "$root" -- "v('memlock') == 'ok'"
put /proc/self/uid_map "0 1000 1\n"
query --root "$root" -- "v('memlock') == 'problem' and 'namespace' in c['user']['detail']"
rm "$root/proc/self/uid_map"
status_of 4242 0
put /proc/self/limits "Max locked memory         16777216 unlimited bytes\n"
query --root "$root" -- "v('memlock') == 'warning' and c['memlock']['remedy'] == ['ulimit -l unlimited'] \
	and v('nofile') == 'unknown'"

# Hugepages: none, used up, per node, none in the kernel, a mount for others, a limit of the group.
pool=/sys/kernel/mm/hugepages/hugepages-2048kB
good_machine
put $pool/nr_hugepages "0\n"
put $pool/free_hugepages "0\n"
query --root "$root" -- "v('hugepages') == 'warning' and \
	c['hugepages']['remedy'] == ['sysctl -w vm.nr_hugepages=128']"
run 0 --root "$root" $edu -- '--no-huge'
put $pool/nr_hugepages "300\n"
query --root "$root" -- "v('hugepages-2M') == 'warning' and \
	c['hugepages-2M']['remedy'] == ['sysctl -w vm.nr_hugepages=428']"
for node in 0 1; do
	put /sys/devices/system/node/node$node/hugepages/hugepages-2048kB/nr_hugepages "$((node * 100))\n"
done
put $pool/nr_hugepages "100\n"
query --root "$root" -- "'echo 228 >/sys/devices/system/node/node1/hugepages/hugepages-2048kB/nr_hugepages' \
	in c['hugepages']['remedy'] and len(c['hugepages']['remedy']) == 2"
rm -r "$root/sys/kernel/mm"
query --root "$root" -- "v('hugepages') == 'warning' and c['hugepages']['remedy'] == []"
good_machine
chmod 755 "$root/dev/hugepages"
query --root "$root" -- "v('hugetlbfs:/dev/hugepages') == 'warning' and \
	c['hugetlbfs:/dev/hugepages']['remedy'] == ['mount -o remount,gid=4242,mode=1770 /dev/hugepages']"
put /proc/self/mounts "none /h hugetlbfs rw,pagesize=1G 0 0\nnone /h hugetlbfs rw,pagesize=16M 0 0\n"
query --root "$root" -- "v('hugetlbfs-2M') == 'warning' and '16M' in c['hugetlbfs:/h']['value']"
put /proc/self/cgroup "0::/pod\n"
put /proc/self/mountinfo "31 23 0:28 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n"
put /sys/fs/cgroup/pod/hugetlb.2MB.max "0\n"
put /sys/fs/cgroup/pod/memory.max "104857600\n"
query --root "$root" -- "v('cgroup-hugetlb-2M') == 'problem' and v('cgroup-memory') == 'warning' and \
	c['cgroup-hugetlb-2M']['remedy'] == ['echo max >/sys/fs/cgroup/pod/hugetlb.2MB.max']"

# Other things to know.
good_machine
put /sys/module/vfio_iommu_type1/parameters/dma_entry_limit "10\n"
put /sys/module/vfio/parameters/enable_unsafe_noiommu_mode "Y\n"
put /proc/sys/kernel/osrelease "4.18.0\n"
chmod 755 "$root/tmp"
query --root "$root" -- "v('map-entries') == v('noiommu') == v('kernel') == v('runtime-dir') == 'warning'"

# Nothing at all, and nonsense.
rm -rf "$root"
mkdir "$root"
query --root "$root" pci:0000:03:00.0 -- "v('iommu') == 'not applicable' and d[0]['usable'] is False"
run 0 --root "$root" soft:0 -- '^soft:0: usable'
run 0 --root /nonexistent -- 'hugepages: this kernel has none'
good_machine
find "$root/proc" "$root/sys" -type f | while read -r file; do
	head -c 5000 /dev/urandom >"$file"
done
query --root "$root" $edu -- "True"
find "$root/proc" "$root/sys" -type f | while read -r file; do
	echo 99999999999999999999999999999999 >"$file"
done
query --root "$root" $edu -- "True"
find "$root/proc" "$root/sys" -type f | while read -r file; do
	rm "$file" && mkdir "$file"
done
query --root "$root" $edu -- "True"
good_machine
find "$root/proc" "$root/sys" -type f -exec chmod 000 {} +
query --root "$root" $edu -- "True"

# 200 functions, in as many groups; and one group of 200.
good_machine
for i in $(seq 0 199); do
	address=$(printf '0000:%02x:%02x.0' $((16 + i / 32)) $((i % 32)))
	function_of "$address" 1234:11e8 $((100 + i)) vfio-pci
done
query --root "$root" -- "len([x for x in c if x.startswith('pci:')]) == 201 and \
	v('pci:0000:10:00.0') == 'problem' and c['pci']['value'].startswith('201, of which 201 ')"
for i in $(seq 0 199); do
	address=$(printf '0000:%02x:%02x.0' $((32 + i / 32)) $((i % 32)))
	function_of "$address" 8086:1521 7 igb
done
query --root "$root" $edu -- "dc['group']['verdict'] == 'problem' and len(dc['group']['remedy']) > 5 and \
	all(len(x) == 40 for x in dc['group']['remedy'])"

echo "$passed passed, $failed failed, $skipped skipped"
[ -z "${ACCELDEV_TEST_SUMMARY:-}" ] || echo "$passed $failed $skipped" >>"$ACCELDEV_TEST_SUMMARY"
[ $failed -eq 0 ]
