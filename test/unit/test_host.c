/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * What is read of a machine, on machines in folders: well formed ones, and others.
 */
#include <errno.h>
#include <linux/vfio.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <eal_glue/host_eal.h>
#include <eal_glue/host_hugepages.h>
#include <eal_glue/host_user.h>
#include <eal_glue/host_vfio.h>

#include "harness.h"
#include "host_tree.h"

#define MIB (UINT64_C(1) << 20)
#define STRANGER "Uid:\t1\t4242\t1\t1\nGid:\t1\t4243\t1\t1\nGroups:\t4244 4245\n"

int __real_ioctl(int fd, unsigned long request, ...);
int __wrap_ioctl(int fd, unsigned long request, ...);

static int extension_answer, status_answer;
static uint32_t status_flags;
static unsigned int asked;

int
__wrap_ioctl(int fd, unsigned long request, ...)
{
	struct vfio_group_status *status;
	va_list ap;

	(void)fd;
	asked++;
	if (request == VFIO_CHECK_EXTENSION)
		return extension_answer;
	va_start(ap, request);
	status = va_arg(ap, struct vfio_group_status *);
	va_end(ap);
	if (request != VFIO_GROUP_GET_STATUS || status_answer != 0)
		return -1;
	status->flags = status_flags;
	return 0;
}

/*
 * Files
 */

static void
reads_text(void)
{
	char text[16];

	tree_begin();
	tree_put("/proc/a", "one two \n\n");
	CU_ASSERT_EQUAL(host_read(&tree, text, sizeof(text), "/proc/%s", "a"), 7);
	CU_ASSERT_STRING_EQUAL(text, "one two");
	tree_put_bytes("/proc/b", "a\0b\x1b\xff" "c", 6);
	CU_ASSERT_EQUAL(host_read(&tree, text, sizeof(text), "/proc/b"), 6);
	CU_ASSERT_STRING_EQUAL(text, "a?b??c");
	tree_put("/proc/c", "0123456789abcdefghij");
	CU_ASSERT_EQUAL(host_read(&tree, text, sizeof(text), "/proc/c"), 15);
	CU_ASSERT_STRING_EQUAL(text, "0123456789abcde");
	tree_end();
}

static void
bears_what_is_no_file(void)
{
	char text[16], lengthy[8192];

	tree_begin();
	strcpy(text, "before");
	CU_ASSERT_EQUAL(host_read(&tree, text, sizeof(text), "/proc/none"), -ENOENT);
	CU_ASSERT_STRING_EQUAL(text, "");
	tree_dir("/proc/dir");
	CU_ASSERT_EQUAL(host_read(&tree, text, sizeof(text), "/proc/dir"), -EISDIR);
	tree_pipe("/proc/pipe");
	CU_ASSERT_EQUAL(host_read(&tree, text, sizeof(text), "/proc/pipe"), 0);
	CU_ASSERT_FALSE(host_contains(&tree, "x", "/proc/pipe"));
	CU_ASSERT_FALSE(host_contains(&tree, "x", "/proc/dir"));
	memset(lengthy, 'a', sizeof(lengthy) - 1);
	lengthy[sizeof(lengthy) - 1] = 0;
	CU_ASSERT_EQUAL(host_read(&tree, text, sizeof(text), "/%s", lengthy), -ENAMETOOLONG);
	CU_ASSERT_FALSE(host_exists(&tree, "/%s", lengthy));
	tree_end();
}

static void
reads_numbers(void)
{
	static const struct { const char *text; int ret; uint64_t value; } cases[] = {
		{ "0\n", 0, 0 }, { "128\n", 0, 128 }, { "0x10\n", 0, 16 },
		{ "max\n", 0, UINT64_MAX },
		{ "18446744073709551615\n", 0, UINT64_MAX },
		{ "18446744073709551616\n", -EPROTO, 0 },
		{ "99999999999999999999999999999999999999999999\n", -EPROTO, 0 },
		{ "", -EPROTO, 0 },
		{ "-1\n", -EPROTO, 0 }, { "12 13\n", -EPROTO, 0 }, { "Y\n", -EPROTO, 0 },
		{ "0x\n", -EPROTO, 0 }, { "\xff\xfe\n", -EPROTO, 0 },
	};
	unsigned int i;

	tree_begin();
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint64_t value = 7;

		tree_put("/sys/n", cases[i].text);
		CU_ASSERT_EQUAL(host_read_u64(&tree, &value, "/sys/n"), cases[i].ret);
		CU_ASSERT_EQUAL(value, cases[i].ret == 0 ? cases[i].value : 7);
	}
	tree_end();
}

static void
lists_folders(void)
{
	struct host_names names;
	char link[32];

	tree_begin();
	host_names_get(&tree, &names, "/sys/none");
	CU_ASSERT_EQUAL(names.n, 0);
	host_names_free(&names);
	tree_put("/sys/d/b", "");
	tree_put("/sys/d/a", "");
	tree_put("/sys/d/.hidden", "");
	host_names_get(&tree, &names, "/sys/d");
	CU_ASSERT_EQUAL_FATAL(names.n, 2);
	CU_ASSERT_STRING_EQUAL(names.entry[0]->d_name, "a");
	host_names_free(&names);
	tree_link("/sys/d/driver", "../../bus/pci/drivers/vfio-pci");
	CU_ASSERT_EQUAL(host_link(&tree, link, sizeof(link), "/sys/d/driver"), 0);
	CU_ASSERT_STRING_EQUAL(link, "vfio-pci");
	CU_ASSERT_EQUAL(host_link(&tree, link, sizeof(link), "/sys/d/a"), -EINVAL);
	CU_ASSERT_STRING_EQUAL(link, "");
	tree_end();
}

/*
 * User, limits, container
 */

static void
knows_user(void)
{
	struct host_user user;
	char name[32];

	tree_begin();
	host_user_get(&tree, &user);
	CU_ASSERT_EQUAL(user.uid, 0);
	CU_ASSERT_TRUE(host_user_can(&user, CAP_IPC_LOCK));
	tree_put("/proc/self/status", STRANGER "VmLck:\t    12 kB\nCapEff:\t0000000000004000\n"
			"Seccomp:\t2\n");
	host_user_get(&tree, &user);
	CU_ASSERT_EQUAL(user.uid, 4242);
	CU_ASSERT_EQUAL(user.gid, 4243);
	CU_ASSERT_TRUE(host_user_in_group(&user, 4245));
	CU_ASSERT_TRUE(host_user_in_group(&user, 4243));
	CU_ASSERT_FALSE(host_user_in_group(&user, 4242));
	CU_ASSERT_EQUAL(user.locked_kib, 12);
	CU_ASSERT_EQUAL(user.seccomp, 2);
	CU_ASSERT_TRUE(host_user_can(&user, CAP_IPC_LOCK));
	CU_ASSERT_FALSE(host_user_can(&user, CAP_SYS_ADMIN));
	host_user_name(&tree, &user, name, sizeof(name));
	CU_ASSERT_STRING_EQUAL(name, "4242");
	tree_put("/proc/self/uid_map", "         0          0 4294967295\n");
	host_user_get(&tree, &user);
	CU_ASSERT_TRUE(host_user_can(&user, CAP_IPC_LOCK));
	tree_put("/proc/self/uid_map", "0 100000 4294967295\n");
	host_user_get(&tree, &user);
	CU_ASSERT_TRUE(user.in_userns);
	tree_put("/proc/self/uid_map", "         0       1000          1\n");
	host_user_get(&tree, &user);
	CU_ASSERT_TRUE(user.in_userns);
	CU_ASSERT_FALSE(host_user_can(&user, CAP_IPC_LOCK));
	tree_put("/proc/self/uid_map", "0 0 4294967295\n");
	tree_put("/proc/self/status", "Uid:\nGid: x\nCapEff: zz\nGroups: a b\n\n::\nUid: 1");
	host_user_get(&tree, &user);
	CU_ASSERT_EQUAL(user.uid, 0);
	CU_ASSERT_FALSE(user.has_caps);
	tree_end();
}

/* The user of the folder's machine is the one that its files belong to. */
static void
own_status(void)
{
	char text[64];

	snprintf(text, sizeof(text), "Uid:\t%u\t%u\t0\t0\n", getuid(), geteuid());
	tree_put("/proc/self/status", text);
}

static void
judges_permission(void)
{
	const struct host here = { "" };

	tree_begin();
	tree_put("/proc/self/status", STRANGER);
	tree_put("/dev/vfio/7", "");
	tree_mode("/dev/vfio/7", 0640);
	CU_ASSERT_EQUAL(host_access(&tree, R_OK | W_OK, "/dev/vfio/7"), -EACCES);
	CU_ASSERT_EQUAL(host_access(&tree, R_OK, "/dev/vfio/7"), -EACCES);
	tree_mode("/dev/vfio/7", 0666);
	CU_ASSERT_EQUAL(host_access(&tree, R_OK | W_OK, "/dev/vfio/7"), 0);
	CU_ASSERT_EQUAL(host_access(&tree, R_OK, "/dev/vfio/8"), -ENOENT);
	own_status();
	tree_mode("/dev/vfio/7", 0600);
	CU_ASSERT_EQUAL(host_access(&tree, R_OK | W_OK, "/dev/vfio/7"), 0);
	tree_mode("/dev/vfio/7", 0066);
	CU_ASSERT_EQUAL(host_access(&tree, R_OK | W_OK, "/dev/vfio/7"), geteuid() == 0 ? 0 : -EACCES);
	CU_ASSERT_EQUAL(host_access(&here, R_OK, "/proc/self/status"), 0);
	CU_ASSERT_EQUAL(host_access(&here, R_OK, "/proc/none"), -ENOENT);
	tree_end();
}

static void
reads_limits(void)
{
	struct host_limit limit = { 1, 1 };

	tree_begin();
	CU_ASSERT_EQUAL(host_limit_get(&tree, "Max locked memory", &limit), -ENOENT);
	tree_put("/proc/self/limits",
			"Limit      Soft Limit  Hard Limit  Units\n"
			"Max open files       1024    unlimited     files\n"
			"Max locked memory    65536   99999999999999999999999999 bytes\n"
			"Max garbage          many    more          bytes\n");
	CU_ASSERT_EQUAL(host_limit_get(&tree, "Max open files", &limit), 0);
	CU_ASSERT_EQUAL(limit.soft, 1024);
	CU_ASSERT_EQUAL(limit.hard, UINT64_MAX);
	CU_ASSERT_EQUAL(host_limit_get(&tree, "Max locked memory", &limit), -EPROTO);
	CU_ASSERT_EQUAL(host_limit_get(&tree, "Max garbage", &limit), -EPROTO);
	CU_ASSERT_EQUAL(host_limit_get(&tree, "Max nothing", &limit), -ENOENT);
	tree_end();
}

static void
finds_containers(void)
{
	static const char *const cases[][3] = {
		{ "/.dockerenv", "", "docker" }, { "/run/.containerenv", "", "podman" },
		{ "/run/systemd/container", "lxc-libvirt\n", "lxc-libvirt" },
		{ "/proc/1/cgroup", "0::/kubepods/besteffort/pod1\n", "kubernetes" },
		{ "/proc/1/cgroup", "0::/init.scope\n", NULL },
	};
	char text[32];
	unsigned int i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		tree_begin();
		tree_put(cases[i][0], cases[i][1]);
		CU_ASSERT_EQUAL(host_container(&tree, text, sizeof(text)), cases[i][2] != NULL);
		CU_ASSERT_STRING_EQUAL(text, cases[i][2] != NULL ? cases[i][2] : "");
		tree_end();
	}
}

/*
 * Hugepages
 */

static void
sizes(void)
{
	static const struct { const char *text; int ret; uint64_t size; } cases[] = {
		{ "2M", 0, 2 * MIB }, { "1024M", 0, 1024 * MIB }, { "1g", 0, 1024 * MIB },
		{ "7", 0, 7 },
		{ "2MB", -EINVAL, 0 }, { "", -EINVAL, 0 }, { "M", -EINVAL, 0 },
		{ "-2M", -EINVAL, 0 },
		{ "99999999999999T", -EINVAL, 0 }, { "2?", -EINVAL, 0 },
	};
	uint64_t size;
	unsigned int i;
	char text[32];

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size = 0;
		CU_ASSERT_EQUAL(host_parse_size(cases[i].text, &size), cases[i].ret);
		CU_ASSERT_EQUAL(size, cases[i].size);
	}
	host_show_size(2 * MIB, text, sizeof(text));
	CU_ASSERT_STRING_EQUAL(text, "2M");
	host_show_size(1025, text, sizeof(text));
	CU_ASSERT_STRING_EQUAL(text, "1025");
	host_show_size(0, text, sizeof(text));
	CU_ASSERT_STRING_EQUAL(text, "0");
}

static void
counts_hugepages(void)
{
	struct host_hugepages pages[HOST_PAGE_SIZES];

	tree_begin();
	CU_ASSERT_EQUAL(host_hugepages_get(&tree, pages, HOST_PAGE_SIZES), 0);
	CU_ASSERT_EQUAL(host_hugepage_default(&tree), 0);
	tree_put("/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages", "128\n");
	tree_put("/sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages", "100\n");
	tree_put("/sys/kernel/mm/hugepages/hugepages-2048kB/resv_hugepages", "3\n");
	tree_put("/sys/kernel/mm/hugepages/hugepages-2048kB/surplus_hugepages", "what?\n");
	tree_dir("/sys/kernel/mm/hugepages/hugepages-kB");
	tree_dir("/sys/kernel/mm/hugepages/hugepages-99999999999999999999kB");
	tree_dir("/sys/kernel/mm/hugepages/hugepages-4kBx");
	tree_put("/sys/devices/system/node/node1/hugepages/hugepages-2048kB/nr_hugepages", "128\n");
	tree_put("/sys/devices/system/node/online", "0-1\n");
	tree_put("/proc/meminfo", "MemTotal: 1 kB\nHugepagesize:       2048 kB\n");
	CU_ASSERT_EQUAL_FATAL(host_hugepages_get(&tree, pages, HOST_PAGE_SIZES), 1);
	CU_ASSERT_EQUAL(pages[0].page_sz, 2 * MIB);
	CU_ASSERT_EQUAL(pages[0].all.total, 128);
	CU_ASSERT_EQUAL(pages[0].all.free, 100);
	CU_ASSERT_EQUAL(pages[0].all.reserved, 3);
	CU_ASSERT_EQUAL(pages[0].all.surplus, 0);
	CU_ASSERT_EQUAL(pages[0].nb_nodes, 1);
	CU_ASSERT_EQUAL(pages[0].node[0], 1);
	CU_ASSERT_EQUAL(pages[0].on_node[0].total, 128);
	CU_ASSERT_EQUAL(host_hugepage_default(&tree), 2 * MIB);
	tree_end();
}

static void
finds_mounts(void)
{
	struct host_hugetlbfs mounts[4];

	tree_begin();
	CU_ASSERT_EQUAL(host_hugetlbfs_get(&tree, mounts, 4), 0);
	tree_put("/proc/meminfo", "Hugepagesize:       2048 kB\n");
	tree_put("/proc/self/status", STRANGER);
	tree_put("/proc/self/mounts",
			"proc /proc proc rw 0 0\n"
			"none /dev/huge\\040pages hugetlbfs "
			"rw,relatime,gid=100,mode=1770,pagesize=1024M 0 0\n"
			"none /mnt hugetlbfs rw 0 0\n"
			"hugetlbfs /x\n\n"
			"none /bad hugetlbfs rw,pagesize=junk 0 0\n");
	tree_dir("/mnt");
	tree_mode("/mnt", 0777);
	tree_dir("/dev/huge pages");
	CU_ASSERT_EQUAL_FATAL(host_hugetlbfs_get(&tree, mounts, 4), 3);
	CU_ASSERT_STRING_EQUAL(mounts[0].path, "/dev/huge pages");
	CU_ASSERT_EQUAL(mounts[0].page_sz, 1024 * MIB);
	CU_ASSERT_EQUAL(mounts[0].access, -EACCES);
	CU_ASSERT_EQUAL(mounts[1].page_sz, 2 * MIB);
	CU_ASSERT_EQUAL(mounts[1].access, 0);
	CU_ASSERT_EQUAL(mounts[2].page_sz, 0);
	CU_ASSERT_EQUAL(mounts[2].access, -ENOENT);
	CU_ASSERT_EQUAL(host_hugetlbfs_get(&tree, mounts, 1), 1);
	tree_end();
}

/*
 * Control groups
 */

static void
takes_lowest_limit(void)
{
	struct host_cgroup_limit limit;

	tree_begin();
	host_cgroup_memory(&tree, &limit);
	CU_ASSERT_EQUAL(limit.max, UINT64_MAX);
	CU_ASSERT_STRING_EQUAL(limit.path, "");
	tree_put("/proc/self/cgroup", "garbage\n9:name=systemd:/x\n0::/a/b\n");
	tree_put("/proc/self/mountinfo", "1\n31 23 0:28 / /sys/fs/cgroup rw - cgroup2 cgroup2 "
			"rw\n");
	tree_put("/sys/fs/cgroup/a/b/memory.max", "max\n");
	tree_put("/sys/fs/cgroup/a/memory.max", "1000\n");
	tree_put("/sys/fs/cgroup/a/memory.current", "10\n");
	tree_put("/sys/fs/cgroup/memory.max", "5000\n");
	tree_put("/sys/fs/cgroup/a/b/hugetlb.2MB.max", "0\n");
	tree_put("/sys/fs/cgroup/a/b/hugetlb.1GB.max", "junk\n");
	host_cgroup_memory(&tree, &limit);
	CU_ASSERT_EQUAL(limit.max, 1000);
	CU_ASSERT_EQUAL(limit.used, 10);
	CU_ASSERT_STRING_EQUAL(limit.path, "/sys/fs/cgroup/a/memory.max");
	host_cgroup_hugetlb(&tree, 2 * MIB, &limit);
	CU_ASSERT_EQUAL(limit.max, 0);
	host_cgroup_hugetlb(&tree, 1024 * MIB, &limit);
	CU_ASSERT_EQUAL(limit.max, UINT64_MAX);
	tree_end();
}

/* Version 1, seen from a container that is given its own group only. */
static void
takes_limits_of_version_1(void)
{
	struct host_cgroup_limit limit;

	tree_begin();
	tree_put("/proc/self/cgroup",
			"4:memory:/docker/abc\n3:net_hugetlb:/z\n2:cpu,hugetlb:/docker/abc/in\n");
	tree_put("/cg/huge/z/hugetlb.2MB.limit_in_bytes", "0\n");
	tree_put("/proc/self/mountinfo",
			"35 31 0:32 /docker/abc /cg/memory rw,relatime - cgroup cgroup rw,memory\n"
			"36 31 0:33 /docker/abc /cg/huge rw,relatime - cgroup cgroup "
			"rw,cpu,hugetlb\n");
	tree_put("/cg/memory/memory.limit_in_bytes", "9223372036854771712\n");
	tree_put("/cg/huge/hugetlb.2MB.limit_in_bytes", "4194304\n");
	tree_put("/cg/huge/hugetlb.2MB.usage_in_bytes", "2097152\n");
	host_cgroup_memory(&tree, &limit);
	CU_ASSERT_EQUAL(limit.max, UINT64_MAX);
	host_cgroup_hugetlb(&tree, 2 * MIB, &limit);
	CU_ASSERT_EQUAL(limit.max, 4 * MIB);
	CU_ASSERT_EQUAL(limit.used, 2 * MIB);
	CU_ASSERT_STRING_EQUAL(limit.path, "/cg/huge/hugetlb.2MB.limit_in_bytes");
	tree_put("/cg/huge/in/hugetlb.2MB.limit_in_bytes", "2097152\n");
	host_cgroup_hugetlb(&tree, 2 * MIB, &limit);
	CU_ASSERT_EQUAL(limit.max, 2 * MIB);
	tree_end();
}

/*
 * VFIO and the IOMMU
 */

static void
looks_at_vfio(void)
{
	struct host_vfio vfio;

	tree_begin();
	/* The node alone: opening it would load the module. */
	tree_put("/dev/vfio/vfio", "");
	asked = 0;
	host_vfio_get(&tree, &vfio);
	CU_ASSERT_FALSE(vfio.running);
	CU_ASSERT_EQUAL(vfio.container, -ENODEV);
	CU_ASSERT_EQUAL(asked, 0);
	tree_put("/sys/class/misc/vfio/dev", "10:196\n");
	tree_put("/sys/module/vfio/parameters/enable_unsafe_noiommu_mode", "Y\n");
	tree_put("/sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts", "?\n");
	tree_put("/sys/module/vfio_iommu_type1/parameters/dma_entry_limit", "100\n");
	extension_answer = 1;
	host_vfio_get(&tree, &vfio);
	CU_ASSERT_TRUE(vfio.running);
	CU_ASSERT_FALSE(vfio.has_driver);
	CU_ASSERT_EQUAL(vfio.container, 0);
	CU_ASSERT_EQUAL(vfio.type1v2, HOST_YES);
	CU_ASSERT_EQUAL(vfio.noiommu, HOST_YES);
	CU_ASSERT_EQUAL(vfio.unsafe_interrupts, HOST_UNKNOWN);
	CU_ASSERT_EQUAL(vfio.dma_entry_limit, 100);
	CU_ASSERT_EQUAL(asked, 2);
	extension_answer = 0;
	host_vfio_get(&tree, &vfio);
	CU_ASSERT_EQUAL(vfio.type1v2, HOST_NO);
	extension_answer = -1;
	host_vfio_get(&tree, &vfio);
	CU_ASSERT_EQUAL(vfio.type1v2, HOST_UNKNOWN);
	tree_end();
}

static void
looks_at_iommu(void)
{
	struct host_iommu iommu;

	tree_begin();
	host_iommu_get(&tree, &iommu);
	CU_ASSERT_EQUAL(iommu.nb_groups, 0);
	CU_ASSERT_EQUAL(iommu.cpu, HOST_CPU_OTHER);
	CU_ASSERT_EQUAL(iommu.remapping, HOST_UNKNOWN);
	tree_dir("/sys/kernel/iommu_groups/7");
	tree_put("/proc/cpuinfo", "vendor_id : GenuineIntel\nflags : fpu hypervisor lm\n");
	tree_put("/proc/cmdline", "quiet intel_iommu=on root=/dev/sda intremap=off\n");
	host_iommu_get(&tree, &iommu);
	CU_ASSERT_EQUAL(iommu.nb_groups, 1);
	CU_ASSERT_EQUAL(iommu.cpu, HOST_CPU_INTEL);
	CU_ASSERT_TRUE(iommu.hypervisor);
	CU_ASSERT_STRING_EQUAL(iommu.cmdline, "intel_iommu=on intremap=off");
	CU_ASSERT_EQUAL(iommu.remapping, HOST_NO);
	tree_put("/proc/interrupts", "  24:  0   IR-PCI-MSI 327680-edge xhci\n");
	host_iommu_get(&tree, &iommu);
	CU_ASSERT_EQUAL(iommu.remapping, HOST_YES);
	tree_put("/proc/interrupts", "  24:  0   PCI-MSI 327680-edge xhci\n");
	tree_put("/proc/cmdline", "");
	tree_put("/sys/class/iommu/dmar0/intel-iommu/ecap", "f0101a\n");
	host_iommu_get(&tree, &iommu);
	CU_ASSERT_EQUAL(iommu.remapping, HOST_UNKNOWN);
	tree_put("/sys/class/iommu/dmar0/intel-iommu/ecap", "f01012\n");
	host_iommu_get(&tree, &iommu);
	CU_ASSERT_EQUAL(iommu.remapping, HOST_NO);
	tree_end();
}

static void
asks_groups(void)
{
	struct host_group group;

	tree_begin();
	host_group_ask(&tree, 7, &group);
	CU_ASSERT_EQUAL(group.open, -ENOENT);
	CU_ASSERT_EQUAL(group.viable, HOST_UNKNOWN);
	tree_put("/dev/vfio/7", "");
	status_flags = VFIO_GROUP_FLAGS_VIABLE;
	host_group_ask(&tree, 7, &group);
	CU_ASSERT_EQUAL(group.open, 0);
	CU_ASSERT_EQUAL(group.viable, HOST_YES);
	status_flags = 0;
	host_group_ask(&tree, 7, &group);
	CU_ASSERT_EQUAL(group.viable, HOST_NO);
	status_answer = -1;
	host_group_ask(&tree, 7, &group);
	CU_ASSERT_EQUAL(group.viable, HOST_UNKNOWN);
	status_answer = 0;
	tree_end();
}

static void
finds_holders(void)
{
	char name[32];
	pid_t pids[2];

	tree_begin();
	tree_link("/proc/123/fd/4", "/dev/vfio/7");
	tree_put("/proc/123/comm", "qemu\n");
	tree_link("/proc/124/fd/4", "/dev/vfio/77");
	tree_link("/proc/self/fd/4", "/dev/vfio/7");
	tree_put("/proc/125/fd/none", "");
	CU_ASSERT_EQUAL_FATAL(host_group_holders(&tree, 7, pids, 2), 1);
	CU_ASSERT_EQUAL(pids[0], 123);
	host_process_name(&tree, 123, name, sizeof(name));
	CU_ASSERT_STRING_EQUAL(name, "qemu");
	CU_ASSERT_EQUAL(host_group_holders(&tree, 8, pids, 2), 0);
	tree_end();
}

/*
 * EAL
 */

static void
chooses_iova_mode(void)
{
	const char *why;

	tree_begin();
	tree_put("/proc/self/status", "CapEff:\t0000000000200000\n");
	CU_ASSERT_FALSE(host_physical_addresses(&tree));
	tree_put("/proc/self/pagemap", "");
	CU_ASSERT_TRUE(host_physical_addresses(&tree));
	CU_ASSERT_TRUE(host_iova_is_pa(&tree, &why));
	CU_ASSERT_TRUE(host_iova_is_pa(&tree, &why));
	tree_dir("/sys/kernel/iommu_groups/0");
	CU_ASSERT_FALSE(host_iova_is_pa(&tree, &why));
	CU_ASSERT_STRING_EQUAL(why, "the IOMMU is on");
	tree_put("/proc/self/status", "CapEff:\t0000000000004000\n");
	CU_ASSERT_FALSE(host_iova_is_pa(&tree, &why));
	CU_ASSERT_STRING_EQUAL(why, "this user cannot see physical addresses");
	tree_end();
}

static void
finds_runtime_dir(void)
{
	char path[64];

	tree_begin();
	tree_put("/proc/self/status", "Uid:\t0\t0\t0\t0\n");
	CU_ASSERT_EQUAL(host_runtime_dir(&tree, path, sizeof(path)), -ENOENT);
	CU_ASSERT_STRING_EQUAL(path, "/var/run/dpdk");
	tree_put("/proc/self/status", STRANGER);
	unsetenv("XDG_RUNTIME_DIR");
	tree_dir("/tmp");
	CU_ASSERT_EQUAL(host_runtime_dir(&tree, path, sizeof(path)), -EACCES);
	CU_ASSERT_STRING_EQUAL(path, "/tmp/dpdk");
	tree_mode("/tmp", 0777);
	CU_ASSERT_EQUAL(host_runtime_dir(&tree, path, sizeof(path)), 0);
	setenv("XDG_RUNTIME_DIR", "/run/user/4242", 1);
	CU_ASSERT_EQUAL(host_runtime_dir(&tree, path, sizeof(path)), -ENOENT);
	CU_ASSERT_STRING_EQUAL(path, "/run/user/4242/dpdk");
	tree_end();
}

static const struct test_case files[] = {
	{ "reads text", reads_text }, { "bears what is no file", bears_what_is_no_file },
	{ "reads numbers", reads_numbers }, { "lists folders", lists_folders }, { NULL, NULL },
};

static const struct test_case process[] = {
	{ "knows the user", knows_user }, { "judges permission", judges_permission },
	{ "reads limits", reads_limits }, { "finds containers", finds_containers }, { NULL, NULL },
};

static const struct test_case memory[] = {
	{ "sizes", sizes }, { "counts hugepages", counts_hugepages },
	{ "finds mounts", finds_mounts }, { "takes the lowest limit", takes_lowest_limit },
	{ "takes limits of version 1", takes_limits_of_version_1 }, { NULL, NULL },
};

static const struct test_case vfio_cases[] = {
	{ "looks at VFIO", looks_at_vfio }, { "looks at the IOMMU", looks_at_iommu },
	{ "asks groups", asks_groups }, { "finds holders", finds_holders },
	{ "chooses the IOVA mode", chooses_iova_mode },
	{ "finds the runtime folder", finds_runtime_dir }, { NULL, NULL },
};

int
main(int argc, char **argv)
{
	const struct test_suite suites[] = {
		{ "files", NULL, NULL, files }, { "process", NULL, NULL, process },
		{ "memory", NULL, NULL, memory }, { "vfio", NULL, NULL, vfio_cases },
		{ NULL, NULL, NULL, NULL },
	};

	return test_main(suites, argc, argv);
}
