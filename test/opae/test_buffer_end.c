/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Buffers: what a wsid names and for how long, and what happens when something runs out.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <acceldev/acceldev.h>

#include "log_text.h"
#include "opae_afu.h"
#include "test_buffer.h"

#define PAGE    ((uint64_t)4096)
#define NO_IOVA UINT64_C(0xdecafbadbeefdead)

/* A wsid names nothing, and asking changes nothing. */
static bool
is_nothing(fpga_handle h, uint64_t wsid)
{
	uint64_t io = NO_IOVA;

	return fpgaGetIOAddress(h, wsid, &io) == FPGA_NOT_FOUND && io == NO_IOVA &&
			fpgaReleaseBuffer(h, wsid) == FPGA_INVALID_PARAM;
}

static void
released_twice(void)
{
	fpga_handle h = case_open("sim:t-afu");
	void *va = NULL, *va2 = NULL;
	uint64_t wsid = buffer_make(h, PAGE, &va, 0), next;

	ASSERT_OK(fpgaReleaseBuffer(h, wsid));
	CU_ASSERT(is_nothing(h, wsid));
	/* Also when its place and its memory are somebody else's. */
	next = buffer_make(h, PAGE, &va2, 0);
	CU_ASSERT_NOT_EQUAL(next, wsid);
	CU_ASSERT(is_nothing(h, wsid));
	CU_ASSERT(afu_writes(h, buffer_io(h, next), 8, 1));
	ASSERT_OK(fpgaReleaseBuffer(h, next));
	CU_ASSERT(is_nothing(h, wsid));
	CU_ASSERT(is_nothing(h, next));
	case_close(h);
}

static void
never_given_twice(void)
{
	enum { N = 2000 };
	static uint64_t wsids[N];
	fpga_handle h = case_open("sim:t-afu");
	unsigned int i, j, same = 0;

	for (i = 0; i < N; i++) {
		void *va = NULL;

		wsids[i] = buffer_make(h, PAGE, &va, 0);
		ASSERT_OK(fpgaReleaseBuffer(h, wsids[i]));
	}
	for (i = 0; i < N; i++) {
		for (j = i + 1; j < N; j++)
			same += wsids[i] == wsids[j];
	}
	CU_ASSERT_EQUAL(same, 0);
	case_close(h);
}

static void
made_up(void)
{
	static const uint64_t some[] = { 0, 1, 2, 0x10000, 0x10001, 0xabadbeef, UINT64_MAX,
		UINT64_C(0x8000000000000000) };
	fpga_handle h = case_open("sim:t-afu");
	void *va = NULL;
	uint64_t wsid, i, io;

	for (i = 0; i < sizeof(some) / sizeof(some[0]); i++)
		CU_ASSERT(is_nothing(h, some[i]));
	wsid = buffer_make(h, PAGE, &va, 0);
	io = buffer_io(h, wsid);
	for (i = 0; i < 64; i++)
		CU_ASSERT(is_nothing(h, wsid ^ UINT64_C(1) << i));
	for (i = 1; i < 70000; i++) {
		if (!is_nothing(h, wsid + i) || !is_nothing(h, wsid - i))
			break;
	}
	CU_ASSERT_EQUAL(i, 70000);
	/* Neither addresses nor the library's own pointers are names. */
	CU_ASSERT(is_nothing(h, (uintptr_t)va));
	CU_ASSERT(is_nothing(h, io));
	CU_ASSERT(is_nothing(h, (uintptr_t)h));
	CU_ASSERT_EQUAL(buffer_io(h, wsid), io);
	ASSERT_OK(fpgaReleaseBuffer(h, wsid));
	case_close(h);
}

static void
of_another_handle(void)
{
	fpga_handle one = case_open("sim:t-afu"), two = case_open("sim:t-afu.2");
	void *va = NULL, *va2 = NULL;
	uint64_t wsid = buffer_make(one, PAGE, &va, 0), wsid2;

	CU_ASSERT(is_nothing(two, wsid));
	wsid2 = buffer_make(two, PAGE, &va2, 0);
	CU_ASSERT_NOT_EQUAL(wsid, wsid2);
	CU_ASSERT(is_nothing(two, wsid));
	CU_ASSERT(is_nothing(one, wsid2));
	CU_ASSERT(afu_writes(one, buffer_io(one, wsid), 8, 1));
	CU_ASSERT(afu_writes(two, buffer_io(two, wsid2), 8, 1));
	ASSERT_OK(fpgaReleaseBuffer(one, wsid));
	ASSERT_OK(fpgaReleaseBuffer(two, wsid2));
	case_close(one);
	case_close(two);
}

/* One accelerator does not reach what is the other's. */
static void
apart_from_another_handle(void)
{
	fpga_handle one = case_open("sim:t-afu"), two = case_open("sim:t-afu.2");
	void *va = NULL;
	uint64_t wsid = buffer_make(one, PAGE, &va, 0), io = buffer_io(one, wsid);

	log_text_begin();
	CU_ASSERT_FALSE(afu_writes(two, io, 8, 1));
	CU_ASSERT_FALSE(afu_reads(two, io, 8));
	log_text_end();
	CU_ASSERT_EQUAL(*(char *)va, 0);
	case_close(one);
	case_close(two);
}

static void
of_a_closed_handle(void)
{
	fpga_handle h = case_open("sim:t-afu"), next;
	void *va = NULL, *va2 = NULL;
	uint64_t wsid = buffer_make(h, PAGE, &va, 0), io = NO_IOVA;

	case_close(h);
	ASSERT_BAD(fpgaGetIOAddress(h, wsid, &io));
	ASSERT_BAD(fpgaReleaseBuffer(h, wsid));
	buffer_refused(h, PAGE, NULL, 0, FPGA_INVALID_PARAM);
	CU_ASSERT_EQUAL(io, NO_IOVA);
	next = case_open("sim:t-afu");
	CU_ASSERT_PTR_NOT_EQUAL(next, h);
	CU_ASSERT(is_nothing(next, wsid));
	CU_ASSERT_NOT_EQUAL(buffer_make(next, PAGE, &va2, 0), wsid);
	ASSERT_BAD(fpgaReleaseBuffer(h, wsid));
	case_close(next);
}

/* What is left is released: memory of the library goes, memory of the caller stays. */
static void
closed_with_live_ones(void)
{
	char *mem = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct test_usage before;
	fpga_handle h;
	unsigned int i;

	CU_ASSERT_FATAL(mem != MAP_FAILED);
	case_close(case_open("sim:t-afu")); /* what comes once has come */
	before = test_usage_get();
	h = case_open("sim:t-afu");
	for (i = 0; i < 40; i++) {
		void *va = i % 2 != 0 ? mem : NULL;

		buffer_make(h, PAGE, &va, i % 2 != 0 ? FPGA_BUF_PREALLOCATED : 0);
	}
	case_close(h);
	TEST_ASSERT_NO_LEAK(before);
	memset(mem, 1, PAGE);
	munmap(mem, PAGE);
	h = case_open("sim:t-afu");
	case_close(h);
}

const struct test_case buffer_wsid_cases[] = {
	{ "released twice", released_twice },
	{ "none is given twice", never_given_twice },
	{ "made up", made_up },
	{ "of another handle", of_another_handle },
	{ "memory of another handle", apart_from_another_handle },
	{ "of a closed handle", of_a_closed_handle },
	{ "close with live buffers", closed_with_live_ones },
	{ NULL, NULL },
};

/*
 * Limits
 */

static void
too_long(void)
{
	fpga_handle h = case_open("sim:t-afu");
	unsigned int bits;
	void *va = NULL;
	uint64_t wsid;

	for (bits = 44; bits < 64; bits++)
		buffer_refused(h, UINT64_C(1) << bits, NULL, FPGA_BUF_QUIET, FPGA_NO_MEMORY);
	buffer_refused(h, UINT64_MAX - PAGE + 1, NULL, FPGA_BUF_QUIET, FPGA_NO_MEMORY);
	/* Cannot be rounded up. */
	buffer_refused(h, UINT64_MAX - PAGE + 2, NULL, 0, FPGA_INVALID_PARAM);
	buffer_refused(h, UINT64_MAX, NULL, 0, FPGA_INVALID_PARAM);
	wsid = buffer_make(h, PAGE, &va, 0);
	ASSERT_OK(fpgaReleaseBuffer(h, wsid));
	case_close(h);
}

static void
no_hugepages_left(void)
{
	fpga_handle h = case_open("sim:t-afu,mem=hugetlb");

	buffer_refused(h, UINT64_C(1) << 42, NULL, FPGA_BUF_QUIET, FPGA_NO_MEMORY);
	case_close(h);
}

static void
no_entries_left(void)
{
	fpga_handle h = case_open("sim:t-afu,maps=3");
	char *mem = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uint64_t wsid[3];
	unsigned int i;

	CU_ASSERT_FATAL(mem != MAP_FAILED);
	for (i = 0; i < 3; i++) {
		void *va = NULL;

		wsid[i] = buffer_make(h, PAGE, &va, 0);
	}
	log_text_begin();
	buffer_refused(h, PAGE, NULL, 0, FPGA_NO_MEMORY);
	CU_ASSERT_EQUAL(case_lines(log_text_end()), 1);
	buffer_refused(h, PAGE, mem, FPGA_BUF_PREALLOCATED | FPGA_BUF_QUIET, FPGA_NO_MEMORY);
	ASSERT_OK(fpgaReleaseBuffer(h, wsid[1]));
	for (i = 0; i < 5; i++) {
		void *va = mem;

		wsid[1] = buffer_make(h, PAGE, &va, FPGA_BUF_PREALLOCATED);
		buffer_refused(h, PAGE, NULL, FPGA_BUF_QUIET, FPGA_NO_MEMORY);
		ASSERT_OK(fpgaReleaseBuffer(h, wsid[1]));
	}
	case_close(h);
	munmap(mem, PAGE);
}

static void
no_addresses_left(void)
{
	fpga_handle h = case_open("sim:t-afu,iova_bits=22");
	unsigned int n = 0, again = 0;
	uint64_t wsid = 0, first = 0;
	void *va = NULL;

	buffer_refused(h, UINT64_C(8) << 20, NULL, FPGA_BUF_QUIET, FPGA_NO_MEMORY);
	while (n < 2000 && fpgaPrepareBuffer(h, 16 * PAGE, &va, &wsid, FPGA_BUF_QUIET) == FPGA_OK) {
		CU_ASSERT(buffer_io(h, wsid) + 16 * PAGE <= UINT64_C(1) << 22);
		first = first == 0 ? wsid : first;
		n++;
	}
	CU_ASSERT(n > 32 && n <= 64);
	buffer_refused(h, 16 * PAGE, NULL, FPGA_BUF_QUIET, FPGA_NO_MEMORY);
	ASSERT_OK(fpgaReleaseBuffer(h, first));
	while (again < 10 && fpgaPrepareBuffer(h, 16 * PAGE, &va, &wsid, FPGA_BUF_QUIET) == FPGA_OK)
		again++;
	CU_ASSERT_EQUAL(again, 1);
	case_close(h);
}

/* Memory comes from files. */
static void
no_descriptors_left(void)
{
	fpga_handle h = case_open("sim:t-afu");
	struct rlimit old, none;
	uint64_t wsid;
	void *va = NULL;

	CU_ASSERT_EQUAL_FATAL(getrlimit(RLIMIT_NOFILE, &old), 0);
	none = old;
	none.rlim_cur = 0;
	setrlimit(RLIMIT_NOFILE, &none);
	buffer_refused(h, 3 << 20, NULL, FPGA_BUF_QUIET, FPGA_NO_MEMORY);
	setrlimit(RLIMIT_NOFILE, &old);
	wsid = buffer_make(h, 3 << 20, &va, 0);
	ASSERT_OK(fpgaReleaseBuffer(h, wsid));
	case_close(h);
}

const struct test_case buffer_limit_cases[] = {
	{ "too long", too_long },
	{ "no hugepages left", no_hugepages_left },
	{ "no entries of the I/O space left", no_entries_left },
	{ "no I/O addresses left", no_addresses_left },
	{ "no descriptors left", no_descriptors_left },
	{ NULL, NULL },
};
