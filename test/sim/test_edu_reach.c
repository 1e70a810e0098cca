/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * What an edu device can reach: protection, I/O spaces, addresses; and a second process.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <rte_eal.h>

#include "edu_dev.h"
#include "test_edu.h"

#define HOST ACCEL_SPACE_HOST
#define BANK ACCEL_SPACE_BANK(0)

#define MSI_FIRST   UINT64_C(0xfee00000)
#define MSI_LAST    UINT64_C(0xfeefffff)
#define NARROW_LAST ((UINT64_C(1) << 28) - 1)

/* Put a pattern into the device's memory, at the begin. */
static void
load_device(uint16_t dev, unsigned int seed)
{
	struct accel_buf *buf = edu_buf(dev, 64, 0);

	edu_fill(buf->va, 64, seed);
	edu_raw(dev, buf->iova, 0, 64, false);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
}

static bool
device_has(uint16_t dev, unsigned int seed)
{
	struct accel_buf *buf = edu_buf(dev, 64, 0);
	bool has;

	memset(buf->va, 0, 64);
	edu_raw(dev, buf->iova, 0, 64, true);
	has = edu_has(buf->va, 64, seed);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	return has;
}

/*
 * Protection
 */

static void
write_to_read_only(void)
{
	uint16_t dev = edu_open(edu_spec());
	struct accel_buf *ro = edu_buf(dev, 4096, ACCEL_BUF_READ_ONLY);
	struct edu_faults faults;

	load_device(dev, 1);
	edu_fill(ro->va, 4096, 2);
	edu_faults_begin(&faults, edu_spec());
	edu_raw(dev, ro->iova + 128, 0, 64, true);
	CU_ASSERT(edu_faults_end(&faults, ro->iova + 128));
	CU_ASSERT(edu_has(ro->va, 4096, 2));
	edu_raw(dev, ro->iova, 0, 64, false); /* reading is what it is for */
	CU_ASSERT(device_has(dev, 2));
	CU_ASSERT_EQUAL(accel_buf_free(ro), 0);
	soft_close(dev);
}

static void
access_after_free(void)
{
	uint16_t dev = edu_open(edu_spec());
	struct accel_buf *buf = edu_buf(dev, 4096, ACCEL_BUF_ISOLATED);
	struct edu_faults faults;
	uint64_t iova = buf->iova;

	edu_fill(buf->va, 64, 3);
	edu_raw(dev, iova, 0, 64, false);
	CU_ASSERT(edu_is_mapped(dev, iova, iova + 4095));
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	CU_ASSERT_FALSE(edu_is_mapped(dev, iova, iova + 4095));
	edu_faults_begin(&faults, edu_spec());
	edu_raw(dev, iova, 0, 64, true);
	CU_ASSERT(edu_faults_end(&faults, iova));
	soft_close(dev);
}

/* The application's own memory stays, so that it can be seen to stay as it is. */
static void
write_after_import_ended(void)
{
	uint16_t dev = edu_open(edu_spec());
	void *va = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct accel_buf *buf = NULL;
	uint64_t iova;

	CU_ASSERT_FATAL(va != MAP_FAILED);
	CU_ASSERT_EQUAL_FATAL(accel_buf_import(dev, va, 8192, 0, NULL, NULL, &buf), 0);
	iova = buf->iova;
	load_device(dev, 4);
	edu_raw(dev, iova + 4096, 0, 64, true);
	CU_ASSERT(edu_has((char *)va + 4096, 64, 4));
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	edu_fill(va, 8192, 5);
	soft_log_begin();
	edu_raw(dev, iova + 4096, 0, 64, true);
	soft_log_end();
	CU_ASSERT(edu_has(va, 8192, 5));
	soft_close(dev);
	munmap(va, 8192);
}

static void
without_bus_mastering(void)
{
	uint16_t dev = edu_open(edu_spec());
	struct accel_buf *buf = edu_buf(dev, 64, 0);

	load_device(dev, 6);
	edu_fill(buf->va, 64, 7);
	edu_master(dev, false);
	soft_log_begin();
	edu_raw(dev, buf->iova, 0, 64, true);
	soft_log_end();
	CU_ASSERT(edu_has(buf->va, 64, 7));
	edu_master(dev, true);
	edu_raw(dev, buf->iova, 0, 64, true);
	CU_ASSERT(edu_has(buf->va, 64, 6));
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	soft_close(dev);
}

static void
two_spaces(void)
{
	uint16_t one = edu_run(edu_spec()), two = edu_run(edu_spec2());
	struct accel_buf *mine = edu_buf(one, 4096, 0), *its = edu_buf(two, 4096, 0);
	struct edu_faults faults;

	edu_fill(mine->va, 4096, 8);
	CU_ASSERT_FALSE(edu_is_mapped(two, mine->iova, mine->iova + 4095));
	CU_ASSERT_FALSE(edu_is_mapped(one, its->iova, its->iova + 4095));
	CU_ASSERT_EQUAL(edu_copy(two, HOST, its->iova, HOST, mine->iova, 64),
			ACCEL_STATUS_BAD_ADDRESS);
	load_device(two, 9);
	edu_faults_begin(&faults, edu_spec2());
	edu_raw(two, mine->iova, 0, 64, true);
	CU_ASSERT(edu_faults_end(&faults, mine->iova));
	CU_ASSERT(edu_has(mine->va, 4096, 8));
	CU_ASSERT_EQUAL(accel_buf_free(mine), 0);
	CU_ASSERT_EQUAL(accel_buf_free(its), 0);
	soft_close(one);
	soft_close(two);
}

static void
one_space(void)
{
	uint16_t one = edu_run(edu_with(edu_spec(), ",iospace=both"));
	struct accel_buf *early = edu_buf(one, 4096, 0), *late;
	uint16_t two = edu_run(edu_with(edu_spec2(), ",iospace=both"));

	/* Memory that was there before the second device came, and memory of it for the first. */
	late = edu_buf(two, 4096, ACCEL_BUF_ISOLATED);
	edu_fill(early->va, 4096, 10);
	CU_ASSERT_EQUAL(edu_copy(two, HOST, early->iova, BANK, EDU_BUF_BASE, 2048),
			ACCEL_STATUS_SUCCESS);
	CU_ASSERT_EQUAL(edu_copy(two, BANK, EDU_BUF_BASE, HOST, late->iova, 2048),
			ACCEL_STATUS_SUCCESS);
	CU_ASSERT(edu_has(late->va, 2048, 10));
	memset(early->va, 0, 4096);
	CU_ASSERT_EQUAL(edu_copy(one, HOST, late->iova, HOST, early->iova, 64),
			ACCEL_STATUS_SUCCESS);
	CU_ASSERT(edu_has(early->va, 64, 10));

	/* The first device may leave; what the second has stays reachable for it. */
	CU_ASSERT_EQUAL(accel_buf_free(early), 0);
	soft_close(one);
	CU_ASSERT_EQUAL(edu_copy(two, HOST, late->iova, HOST, late->iova + 2048, 64),
			ACCEL_STATUS_SUCCESS);
	CU_ASSERT(edu_has((char *)late->va + 2048, 64, 10));
	CU_ASSERT_EQUAL(accel_buf_free(late), 0);
	soft_close(two);
}

/* A buffer for two devices with I/O spaces of their own has one IOVA. */
static void
shared_buffer(void)
{
	uint16_t one = edu_run(edu_spec()), two = edu_run(edu_spec2());
	uint16_t narrow = edu_open(edu_spec_narrow());
	struct accel_buf *buf = edu_buf(one, 4096, ACCEL_BUF_ISOLATED);
	uint64_t iova = buf->iova;

	edu_fill(buf->va, 64, 14);
	CU_ASSERT_EQUAL(accel_buf_share(buf, two), 0);
	CU_ASSERT_EQUAL(buf->iova, iova);
	CU_ASSERT_EQUAL(edu_copy(two, HOST, iova, HOST, iova + 64, 64), ACCEL_STATUS_SUCCESS);
	CU_ASSERT(edu_has((char *)buf->va + 64, 64, 14));
	SOFT_ASSERT_FAILS(accel_buf_share(buf, two), -EALREADY);
	SOFT_ASSERT_FAILS(accel_buf_share(buf, narrow), -ERANGE);
	CU_ASSERT_FALSE(edu_is_mapped(narrow, 0, UINT64_MAX));
	SOFT_ASSERT_FAILS(accel_dev_close(two), -EBUSY);
	CU_ASSERT_EQUAL(edu_copy(one, HOST, iova, HOST, iova + 128, 64), ACCEL_STATUS_SUCCESS);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	CU_ASSERT_FALSE(edu_is_mapped(two, iova, iova + 4095));
	soft_close(one);
	soft_close(two);
	soft_close(narrow);
}

/* The space of a bus cannot be joined from another. */
static void
foreign_space(void)
{
	uint16_t dev = edu_open(edu_with(edu_spec(), ",iospace=mixed"));

	SOFT_ASSERT_FAILS(accel_dev_probe("soft:9,iospace=mixed"), -EINVAL);
	if (!edu_is_sim(edu_spec()))
		SOFT_ASSERT_FAILS(accel_dev_probe("sim:edu.9,iospace=mixed"), -EINVAL);
	soft_close(dev);
	dev = edu_open("soft:9,iospace=mixed");
	SOFT_ASSERT_FAILS(accel_dev_probe(edu_with(edu_spec(), ",iospace=mixed")), -EINVAL);
	soft_close(dev);
}

/*
 * Addresses
 */

static void
check_map(const struct accel_map *map, uint64_t limit)
{
	uint64_t last = map->iova + (map->len - 1);

	CU_ASSERT(map->iova >= 4096);
	CU_ASSERT(last >= map->iova && last <= limit);
	CU_ASSERT(last < MSI_FIRST || map->iova > MSI_LAST);
}

/* All entries of a device, checked; their number. */
static unsigned int
check_maps(uint16_t dev, uint64_t limit)
{
	struct accel_map map;
	uint64_t from = 0;
	unsigned int n = 0;

	while (accel_dev_map_next(dev, from, &map) == 0) {
		CU_ASSERT(map.iova >= from);
		check_map(&map, limit);
		from = map.iova + map.len;
		n++;
	}
	CU_ASSERT_EQUAL(n, soft_info(dev).maps);
	return n;
}

static void
narrow_device(void)
{
	uint16_t dev = edu_run(edu_spec_narrow());
	struct accel_buf *buf[3] = { edu_buf(dev, 4096, 0), edu_buf(dev, 4096, ACCEL_BUF_ISOLATED),
		edu_buf(dev, 8192, ACCEL_BUF_READ_ONLY) };
	unsigned int i;

	for (i = 0; i < 3; i++)
		CU_ASSERT(buf[i]->iova + buf[i]->len - 1 <= NARROW_LAST);
	CU_ASSERT_EQUAL(soft_info(dev).iova_last, NARROW_LAST);
	CU_ASSERT(check_maps(dev, NARROW_LAST) >= 3);
	edu_fill(buf[2]->va, 8192, 11);
	CU_ASSERT_EQUAL(edu_copy(dev, HOST, buf[2]->iova, BANK, EDU_BUF_BASE, 512),
			ACCEL_STATUS_SUCCESS);
	CU_ASSERT_EQUAL(edu_copy(dev, BANK, EDU_BUF_BASE, HOST, buf[1]->iova, 512),
			ACCEL_STATUS_SUCCESS);
	CU_ASSERT(edu_has(buf[1]->va, 512, 11));
	for (i = 0; i < 3; i++)
		CU_ASSERT_EQUAL(accel_buf_free(buf[i]), 0);
	soft_close(dev);
}

/* What was mapped for a wide device keeps a narrow one out, in words; the other way round works. */
static void
narrow_joins_wide(void)
{
	uint16_t wide = edu_open(edu_with(edu_spec(), ",iospace=mixed")), narrow;
	struct accel_buf *buf = edu_buf(wide, 4096, 0);

	SOFT_ASSERT_FAILS(accel_dev_probe(edu_with(edu_spec_narrow(), ",iospace=mixed")), -EBUSY);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	soft_close(wide);

	narrow = edu_run(edu_with(edu_spec_narrow(), ",iospace=mixed"));
	wide = edu_run(edu_with(edu_spec(), ",iospace=mixed"));
	buf = edu_buf(wide, 4096, 0);
	CU_ASSERT(buf->iova + 4095 <= NARROW_LAST);
	edu_fill(buf->va, 64, 12);
	CU_ASSERT_EQUAL(edu_copy(narrow, HOST, buf->iova, HOST, buf->iova + 64, 64),
			ACCEL_STATUS_SUCCESS);
	CU_ASSERT(edu_has((char *)buf->va + 64, 64, 12));
	check_maps(wide, NARROW_LAST);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	soft_close(wide);
	soft_close(narrow);
}

static void
chosen_addresses(void)
{
	uint16_t dev = edu_run(edu_with(edu_spec(), ",iova=alloc"));
	struct accel_buf *buf = edu_buf(dev, 4096, 0);

	CU_ASSERT_EQUAL(soft_info(dev).iova_mode, ACCEL_IOVA_ALLOC);
	CU_ASSERT_NOT_EQUAL(buf->iova, (uint64_t)(uintptr_t)buf->va);
	edu_fill(buf->va, 64, 13);
	CU_ASSERT_EQUAL(edu_copy(dev, HOST, buf->iova, HOST, buf->iova + 64, 64),
			ACCEL_STATUS_SUCCESS);
	CU_ASSERT(edu_has((char *)buf->va + 64, 64, 13));
	check_maps(dev, UINT64_MAX);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	soft_close(dev);
}

static void
virtual_addresses(void)
{
	uint16_t dev = edu_open(edu_spec());
	struct accel_buf *buf = edu_buf(dev, 4096, 0);
	struct accel_dev_info info = soft_info(dev);

	CU_ASSERT_EQUAL(info.iova_mode, ACCEL_IOVA_VA);
	if ((uint64_t)(uintptr_t)buf->va + 4095 <= info.iova_last)
		CU_ASSERT_EQUAL(buf->iova, (uint64_t)(uintptr_t)buf->va);
	check_maps(dev, info.iova_last);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	soft_close(dev);
}

/*
 * All IOVAs below 4 GiB are given out, some memory being mapped again and again, and neither 0 nor
 * the window where interrupts are written is among them. Large blocks leave no room for a mistake,
 * small ones fill the rest up to the window.
 */
static void
all_low_addresses(void)
{
	static struct accel_buf *bufs[512];
	size_t len = edu_is_sim(edu_spec()) ? 32u << 20 : 2u << 20, most = 512, sum = 0;
	void *va = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char spec[256];
	unsigned int n = 0, i;
	uint16_t dev;
	int ret;

	snprintf(spec, sizeof(spec), "%.*s%s,dma_bits=32", (int)strcspn(edu_spec(), ","),
			edu_spec(), edu_is_sim(edu_spec()) ? ",dma_mask=32" : "");
	CU_ASSERT_FATAL(va != MAP_FAILED);
	dev = edu_open(spec);
	CU_ASSERT_EQUAL(soft_info(dev).iova_last, UINT32_MAX);
	soft_log_begin();
	while (n < most && len >= 4096) {
		ret = accel_buf_import(dev, va, len, 0, NULL, NULL, &bufs[n]);
		CU_ASSERT(ret == 0 || ret == -ENOSPC);
		if (ret == 0)
			sum += bufs[n++]->len;
		else
			len /= 2;
	}
	soft_log_end();
	check_maps(dev, UINT32_MAX);
	if (edu_is_sim(edu_spec()))
		CU_ASSERT(sum >= (UINT64_C(1) << 32) - 4096 - (MSI_LAST + 1 - MSI_FIRST));
	for (i = 0; i < n; i++)
		CU_ASSERT_EQUAL(accel_buf_free(bufs[i]), 0);
	CU_ASSERT_EQUAL(soft_info(dev).maps, 0);
	soft_close(dev);
	munmap(va, edu_is_sim(edu_spec()) ? 32u << 20 : 2u << 20);
}

/*
 * Two processes: this program runs once more, and opens the device before its main().
 */

#define CHILD_VARIABLE "ACCELDEV_TEST_CHILD"
#define CHILD_SAID_SO  100 /* and the error */

static void __attribute__((constructor))
be_the_other_process(void)
{
	static char program[] = "child", no_pci[] = "--no-pci", no_huge[] = "--no-huge",
			no_conf[] = "--no-shconf", quiet[] = "--log-level=error";
	static char *argv[] = { program, no_pci, no_huge, no_conf, quiet, NULL };
	const char *spec = getenv(CHILD_VARIABLE);
	char *text = NULL;
	size_t size = 0;
	FILE *log;
	int ret;

	if (spec == NULL)
		return;
	if (rte_eal_init(5, argv) < 0)
		_exit(99);
	log = open_memstream(&text, &size);
	rte_openlog_stream(log);
	ret = accel_dev_probe(spec);
	fflush(log);
	_exit(ret == -EBUSY && strstr(text, "is in use") != NULL ? CHILD_SAID_SO : ret < 0 ? -ret : 0);
}

static int
run_other_process(const char *spec)
{
	int status = 0;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	CU_ASSERT_FATAL(pid >= 0);
	if (pid == 0) {
		setenv(CHILD_VARIABLE, spec, 1);
		execl("/proc/self/exe", "child", (char *)NULL);
		_exit(98);
	}
	CU_ASSERT_EQUAL_FATAL(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void
edu_open_in_two_processes(void)
{
	uint16_t dev;

	if (edu_is_sim(edu_spec())) {
		test_skip("each process has models of its own");
		return;
	}
	dev = edu_open(edu_spec());
	CU_ASSERT_EQUAL(run_other_process(edu_spec()), CHILD_SAID_SO);
	CU_ASSERT_EQUAL(edu_get(dev, EDU_ID) & EDU_ID_MASK, EDU_ID_VALUE);
	soft_close(dev);
	CU_ASSERT_EQUAL(run_other_process(edu_spec()), 0);
	soft_close(edu_open(edu_spec()));
}

const struct test_case edu_protection_cases[] = {
	{ "a write to read-only memory", write_to_read_only },
	{ "an access to freed memory", access_after_free },
	{ "a write after an import ended", write_after_import_ended },
	{ "bus mastering off", without_bus_mastering },
	{ "two devices in two I/O spaces", two_spaces },
	{ "two devices in one I/O space", one_space },
	{ "a buffer for two devices", shared_buffer },
	{ "an I/O space of another bus", foreign_space },
	{ NULL, NULL },
};

const struct test_case edu_address_cases[] = {
	{ "a narrow device", narrow_device },
	{ "a narrow device joins", narrow_joins_wide },
	{ "addresses are chosen", chosen_addresses },
	{ "addresses are virtual ones", virtual_addresses },
	{ "all below 4 GiB", all_low_addresses },
	{ NULL, NULL },
};
