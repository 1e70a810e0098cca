/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * What only a kernel's VFIO shows: its limits, its permissions, and functions that it does not
 * give.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "eal_main.h"
#include "edu_dev.h"
#include "guest.h"
#include "log_text.h"
#include "test_guest_bus.h"

#define PAGE         4096
#define MAX_ENTRIES  65535 /* what the kernel grants unless told otherwise */
#define ENTRY_LIMIT  "/sys/module/vfio_iommu_type1/parameters/dma_entry_limit"
#define BLOCK        (2u << 20)
#define CYCLES       10000

/*
 * Children: this program runs once more, with other privileges, and does something before any test
 */

#define CHILD "ACCELDEV_TEST_CHILD"

static int
child_memlock(void)
{
	struct accel_buf *buf = NULL, *small = NULL;
	int dev = accel_dev_probe(edu_spec());
	int ret = dev >= 0 ? accel_buf_alloc((uint16_t)dev, 4 << 20, 0, ACCEL_BUF_ISOLATED, &buf) : dev;

	fprintf(stderr, "large: %d, ", ret);
	ret = dev >= 0 ? accel_buf_alloc((uint16_t)dev, 64 << 10, 0, ACCEL_BUF_ISOLATED, &small) : dev;
	fprintf(stderr, "small: %d\n", ret);
	return 0;
}

static int
child_probe(void)
{
	int ret = accel_dev_probe(edu_spec());

	fprintf(stderr, "probe: %d\n", ret);
	return 0;
}

/* Dies while the device is about to write to its memory. */
static int
child_killed(void)
{
	struct accel_buf *buf = NULL;
	int dev = accel_dev_probe(edu_spec());

	if (dev < 0 || accel_buf_alloc((uint16_t)dev, PAGE, 0, 0, &buf) != 0)
		return 1;
	accel_reg_write((uint16_t)dev, EDU_BAR, EDU_DMA_SRC, 8, EDU_BUF_BASE);
	accel_reg_write((uint16_t)dev, EDU_BAR, EDU_DMA_DST, 8, buf->iova);
	accel_reg_write((uint16_t)dev, EDU_BAR, EDU_DMA_COUNT, 8, 64);
	accel_reg_write((uint16_t)dev, EDU_BAR, EDU_DMA_CMD, 8, EDU_DMA_START | EDU_DMA_TO_HOST);
	return raise(SIGKILL);
}

/* Before the first suite, with EAL ready. */
static int
be_a_child(void)
{
	const char *what = getenv(CHILD);

	if (what != NULL)
		_exit(strcmp(what, "memlock") == 0 ? child_memlock() :
				strcmp(what, "probe") == 0 ? child_probe() : child_killed());
	return 0;
}

static void
exec_child(const char *what, int out, uid_t uid, rlim_t memlock)
{
	struct rlimit limit = { memlock, memlock };

	setenv(CHILD, what, 1);
	dup2(out, STDERR_FILENO);
	if (setrlimit(RLIMIT_MEMLOCK, &limit) == 0 &&
			(geteuid() != 0 || (setgid(uid) == 0 && setuid(uid) == 0)))
		execl("/proc/self/exe", "child", (char *)NULL);
	_exit(98);
}

/* Run one and tell what it printed, and how it ended. */
static const char *
run_child(const char *what, uid_t uid, rlim_t memlock, int *status)
{
	static char text[4096];
	int out = memfd_create("out", MFD_CLOEXEC);
	ssize_t n;
	pid_t pid;

	CU_ASSERT_FATAL(out >= 0);
	fflush(stdout);
	pid = fork();
	CU_ASSERT_FATAL(pid >= 0);
	if (pid == 0)
		exec_child(what, out, uid, memlock);
	CU_ASSERT_EQUAL_FATAL(waitpid(pid, status, 0), pid);
	n = pread(out, text, sizeof(text) - 1, 0);
	text[n > 0 ? n : 0] = '\0';
	close(out);
	return text;
}

/*
 * Entries
 */

/* Small pages that lie one after the other, more than there is memory: a block again and again. */
static char *
map_pages(size_t len)
{
	int fd = memfd_create("pages", MFD_CLOEXEC);
	char *va = mmap(NULL, len, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	size_t at;

	CU_ASSERT_FATAL(fd >= 0 && va != MAP_FAILED);
	CU_ASSERT_EQUAL_FATAL(ftruncate(fd, BLOCK), 0);
	for (at = 0; at < len; at += BLOCK)
		CU_ASSERT_FATAL(mmap(va + at, BLOCK, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED,
				fd, 0) != MAP_FAILED);
	close(fd);
	return va;
}

/* Import page after page until there are no entries left; how many that were. */
static unsigned int
use_entries_up(uint16_t dev, char *va, struct accel_buf **bufs, unsigned int most)
{
	unsigned int n;

	for (n = 0; n < most; n++) {
		int ret;

		log_text_begin();
		ret = accel_buf_import(dev, va + (size_t)n * PAGE, PAGE, 0, NULL, NULL, &bufs[n]);
		if (ret == 0) {
			log_text_end();
			continue;
		}
		CU_ASSERT_EQUAL(ret, -ENOSPC);
		CU_ASSERT(log_is_line(log_text_end(), "entries", "dma_entry_limit", (char *)0));
		break;
	}
	return n;
}

static void
no_entries_left(unsigned int limit)
{
	static struct accel_buf *bufs[MAX_ENTRIES + 1];
	size_t len = ((size_t)(limit + 2) * PAGE + BLOCK - 1) / BLOCK * BLOCK;
	uint16_t dev = edu_run(edu_spec());
	char *va = map_pages(len);
	unsigned int i;

	CU_ASSERT_EQUAL(soft_info(dev).maps_left, limit);
	CU_ASSERT_EQUAL(use_entries_up(dev, va, bufs, limit + 1), limit);
	CU_ASSERT_EQUAL(soft_info(dev).maps, limit);
	CU_ASSERT_EQUAL(soft_info(dev).maps_left, 0);
	/* One that is free again can be used, the device works, and in the end all are free. */
	CU_ASSERT_EQUAL(accel_buf_free(bufs[1]), 0);
	CU_ASSERT_EQUAL(accel_buf_import(dev, va + (size_t)limit * PAGE, PAGE, 0, NULL, NULL,
			&bufs[1]), 0);
	edu_fill(bufs[1]->va, 64, 1);
	CU_ASSERT_EQUAL(edu_copy(dev, ACCEL_SPACE_HOST, bufs[1]->iova, ACCEL_SPACE_HOST,
			bufs[1]->iova + 64, 64), ACCEL_STATUS_SUCCESS);
	CU_ASSERT(edu_has((char *)bufs[1]->va + 64, 64, 1));
	for (i = 0; i < limit; i++)
		CU_ASSERT_EQUAL(accel_buf_free(bufs[i]), 0);
	CU_ASSERT_EQUAL(soft_info(dev).maps, 0);
	CU_ASSERT_EQUAL(soft_info(dev).maps_left, limit);
	CU_ASSERT_EQUAL(use_entries_up(dev, va, bufs, 3), 3 < limit ? 3 : limit);
	for (i = 0; i < 3; i++)
		CU_ASSERT_EQUAL(accel_buf_free(bufs[i]), 0);
	soft_close(dev);
	munmap(va, len);
}

static void
few_entries(void)
{
	int ret;

	if (geteuid() != 0) {
		test_skip("only root can lower the limit");
		return;
	}
	ret = guest_write(ENTRY_LIMIT, "16");
	CU_ASSERT_EQUAL_FATAL(ret, 0);
	no_entries_left(16);
	CU_ASSERT_EQUAL(guest_write(ENTRY_LIMIT, "65535"), 0);
}

static void
all_entries(void)
{
	no_entries_left(MAX_ENTRIES);
}

/* Memory that VFIO has locked for this process. */
static long
locked_kib(void)
{
	FILE *f = fopen("/proc/self/status", "re");
	char line[128];
	long kib = -1;

	CU_ASSERT_FATAL(f != NULL);
	while (fgets(line, sizeof(line), f) != NULL)
		sscanf(line, "VmLck: %ld", &kib);
	fclose(f);
	return kib;
}

static void
many_cycles(void)
{
	uint16_t dev = edu_open(edu_spec());
	struct accel_buf *buf = edu_buf(dev, PAGE, ACCEL_BUF_ISOLATED);
	struct soft_usage before;
	long locked;
	int i;

	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	before = soft_usage_get(dev);
	locked = locked_kib();
	for (i = 0; i < CYCLES; i++) {
		buf = edu_buf(dev, PAGE * (1 + i % 4), ACCEL_BUF_ISOLATED);
		CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	}
	SOFT_ASSERT_NO_LEAK(dev, before);
	CU_ASSERT_EQUAL(locked_kib(), locked);
	soft_close(dev);
	/* A new container knows of nothing that an older one had. */
	dev = edu_open(edu_spec());
	CU_ASSERT_EQUAL(soft_info(dev).maps_left, MAX_ENTRIES);
	soft_close(dev);
	CU_ASSERT_EQUAL(locked_kib(), 0);
}

static void
unmappable_memory(void)
{
	uint16_t dev = edu_open(edu_spec());
	char *va = mmap(NULL, 4 * PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct soft_usage before;
	struct accel_buf *buf = NULL;

	CU_ASSERT_FATAL(va != MAP_FAILED);
	before = soft_usage_get(dev);
	LOG_ASSERT_FAILS(accel_buf_import(dev, va, 4 * PAGE, 0, NULL, NULL, &buf), -EFAULT,
			"without the permission", "ACCEL_BUF_READ_ONLY");
	munmap(va + 2 * PAGE, PAGE);
	LOG_ASSERT_FAILS(accel_buf_import(dev, va, 4 * PAGE, ACCEL_BUF_READ_ONLY, NULL, NULL, &buf),
			-EFAULT, "not mapped in this process");
	SOFT_ASSERT_NO_LEAK(dev, before);
	CU_ASSERT_EQUAL(locked_kib(), 0);
	/* What failed before works once the memory is there. */
	CU_ASSERT_EQUAL(accel_buf_import(dev, va, 2 * PAGE, ACCEL_BUF_READ_ONLY, NULL, NULL, &buf), 0);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	munmap(va, 4 * PAGE);
	soft_close(dev);
}

/*
 * Permissions
 */

static void
memlock_limit(void)
{
	int status = 0;
	const char *text = run_child("memlock", 1000, 1 << 20, &status);

	CU_ASSERT(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "limit on locked memory is 1024 KiB"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "4096 KiB more are needed"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "ulimit -l"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "large: -12, small: 0\n"));
}

static void
no_permission(void)
{
	int status = 0;
	const char *text;

	if (geteuid() != 0) {
		test_skip("only root can become another user");
		return;
	}
	chmod("/dev/vfio/1", 0600);
	text = run_child("probe", 1234, RLIM_INFINITY, &status);
	chmod("/dev/vfio/1", 0666);
	CU_ASSERT_EQUAL(guest_group(guest_device("VM_EDU")), 1);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "no permission on /dev/vfio/1"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "probe: -13\n"));
	text = run_child("probe", 1234, RLIM_INFINITY, &status);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "probe: 0\n"));
}

static void
killed_in_a_transfer(void)
{
	struct accel_buf *buf;
	int status = 0;
	uint16_t dev;

	run_child("kill", 1000, RLIM_INFINITY, &status);
	CU_ASSERT(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	dev = edu_run(edu_spec());
	buf = edu_buf(dev, PAGE, 0);
	edu_fill(buf->va, 64, 2);
	memset((char *)buf->va + 64, 0, 64);
	CU_ASSERT_EQUAL(edu_copy(dev, ACCEL_SPACE_HOST, buf->iova, ACCEL_SPACE_HOST, buf->iova + 64,
			64), ACCEL_STATUS_SUCCESS);
	CU_ASSERT(edu_has((char *)buf->va + 64, 64, 2));
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	soft_close(dev);
}

/*
 * Functions that cannot be used
 */

static void
bad_addresses(void)
{
	static const char *const specs[] = { "pci:nonsense", "pci:00:10", "pci:0000:00:20.0",
		"pci:0000:00:10.8", "pci:0000:00:10.0x" };
	unsigned int i;

	for (i = 0; i < sizeof(specs) / sizeof(specs[0]); i++)
		LOG_ASSERT_FAILS(accel_dev_probe(specs[i]), -EINVAL, "is no PCI address",
				"0000:03:00.0");
	LOG_ASSERT_FAILS(accel_dev_probe("pci:0000:77:10.0"), -ENODEV, "no such function");
	LOG_ASSERT_FAILS(accel_dev_probe("pci:0001:00:10.0"), -ENODEV, "no such function");
	/*
	 * The bridge above the NVMe device has a driver of the kernel's, the host bridge has none.
	 */
	LOG_ASSERT_FAILS(accel_dev_probe("pci:0000:00:00.0"), -ENODEV, "bound to no driver",
			"vfio-pci");
	LOG_ASSERT_FAILS(accel_dev_probe(edu_with("pci:", guest_device("VM_NVME"))), -ENOENT,
			"no driver for PCI id");
	soft_close(edu_open("pci:00:10.0")); /* domain 0 may be left out */
}

static void
unbound_function(void)
{
	const char *device = guest_device("VM_EDU2");

	if (geteuid() != 0) {
		test_skip("only root can unbind a device");
		return;
	}
	CU_ASSERT_EQUAL_FATAL(guest_write("/sys/bus/pci/drivers/vfio-pci/unbind", device), 0);
	LOG_ASSERT_FAILS(accel_dev_probe(edu_spec2()), -ENODEV, device, "bound to no driver",
			"dpdk-devbind.py");
	CU_ASSERT_EQUAL_FATAL(guest_write("/sys/bus/pci/drivers/vfio-pci/bind", device), 0);
	soft_close(edu_open(edu_spec2()));
}

static const struct test_case limit_cases[] = {
	{ "few entries", few_entries },
	{ "all entries", all_entries },
	{ "10000 maps and unmaps", many_cycles },
	{ "memory that cannot be mapped", unmappable_memory },
	{ "limit on locked memory", memlock_limit },
	{ NULL, NULL },
};

static const struct test_case access_cases[] = {
	{ "no permission", no_permission },
	{ "addresses that name nothing", bad_addresses },
	{ "a function without a driver", unbound_function },
	{ "killed in a transfer", killed_in_a_transfer },
	{ NULL, NULL },
};

const struct test_suite eal_suites[] = {
	{ "vfio limits", be_a_child, NULL, limit_cases },
	{ "vfio access", NULL, NULL, access_cases },
	{ "vfio bus", NULL, NULL, guest_bus_cases },
	{ NULL, NULL, NULL, NULL },
};
