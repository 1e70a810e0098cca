/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * fpgaPrepareBuffer(), fpgaReleaseBuffer() and fpgaGetIOAddress(): what is mapped, and what is
 * refused.
 */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <acceldev/acceldev.h>

#include "log_text.h"
#include "opae_afu.h"
#include "opae_case.h"
#include "test_buffer.h"

#define PREALLOCATED FPGA_BUF_PREALLOCATED
#define READ_ONLY    FPGA_BUF_READ_ONLY
#define QUIET        FPGA_BUF_QUIET

#define PAGE ((uint64_t)4096)
#define MIB  ((uint64_t)1 << 20)
#define GIB  ((uint64_t)1 << 30)

#define NO_WSID ((uint64_t)0xabadbeef)
#define NO_IOVA UINT64_C(0xdecafbadbeefdead)

uint64_t
buffer_io(fpga_handle h, uint64_t wsid)
{
	uint64_t io = NO_IOVA;

	ASSERT_OK(fpgaGetIOAddress(h, wsid, &io));
	CU_ASSERT_NOT_EQUAL(io, NO_IOVA);
	return io;
}

uint64_t
buffer_make(fpga_handle h, uint64_t len, void **va, int flags)
{
	uint64_t wsid = NO_WSID;

	CU_ASSERT_EQUAL_FATAL(fpgaPrepareBuffer(h, len, va, &wsid, flags), FPGA_OK);
	CU_ASSERT_PTR_NOT_NULL(*va);
	CU_ASSERT_NOT_EQUAL(wsid, NO_WSID);
	CU_ASSERT_NOT_EQUAL(wsid, 0);
	return wsid;
}

void
buffer_refused(fpga_handle h, uint64_t len, void *at, int flags, fpga_result result)
{
	uint64_t wsid = NO_WSID;
	void *va = at;

	ASSERT_GIVES(fpgaPrepareBuffer(h, len, &va, &wsid, flags), result);
	CU_ASSERT_PTR_EQUAL(va, at);
	CU_ASSERT_EQUAL(wsid, NO_WSID);
}

/* Lines about memory are expected. */
static void
refused_quietly(fpga_handle h, uint64_t len, void *at, int flags, fpga_result result)
{
	log_text_begin();
	buffer_refused(h, len, at, flags | QUIET, result);
	CU_ASSERT_STRING_EQUAL(log_text_end(), "");
}

static char *
own_memory(uint64_t len, int prot)
{
	char *va = mmap(NULL, len, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CU_ASSERT_FATAL(va != MAP_FAILED);
	return va;
}

/* Whether exactly [io, io + len) is mapped to va: one entry, and none that touches it. */
static bool
is_mapped_as(const char *name, uint64_t io, const void *va, uint64_t len, bool writable)
{
	struct accel_map map;

	if (accel_dev_map_next(case_dev(name), io, &map) != 0)
		return false;
	return map.iova == io && map.len == len && map.va == va && map.readable &&
			(map.writable != 0) == writable;
}

static unsigned int
count_maps(const char *name)
{
	uint16_t dev = case_dev(name);
	struct accel_map map;
	uint64_t at = 0;
	unsigned int n = 0;

	for (; accel_dev_map_next(dev, at, &map) == 0; at = map.iova + map.len)
		n++;
	return n;
}

static bool
is_filled(const char *va, uint64_t len, char with)
{
	return len == 0 || (va[0] == with && memcmp(va, va + 1, len - 1) == 0);
}

/* The fault is expected, and so is the line about it. */
static bool
faults(fpga_handle h, uint64_t io, uint64_t len, bool write)
{
	bool done;

	log_text_begin();
	done = write ? afu_writes(h, io, len, 0) : afu_reads(h, io, len);
	log_text_end();
	return !done;
}

/*
 * Not preallocated
 */

static void
prepare_and_release(void)
{
	fpga_handle h = case_open("sim:t-afu");
	uint64_t wsid, io;
	void *va = NULL;

	wsid = buffer_make(h, PAGE, &va, 0);
	io = buffer_io(h, wsid);
	memset(va, 0x5a, PAGE);
	CU_ASSERT(afu_reads(h, io, PAGE));
	CU_ASSERT_EQUAL(afu_data(h), UINT64_C(0x5a5a5a5a5a5a5a5a));
	CU_ASSERT(afu_writes(h, io, PAGE, 0));
	CU_ASSERT(is_filled(va, PAGE, 0));
	ASSERT_OK(fpgaReleaseBuffer(h, wsid));
	case_close(h);
}

static void
rounded_to_the_page(void)
{
	static const uint64_t lens[] = { 1, 64, 1024, 4095, 4096, 4097, 5000, 8192, 64 << 10,
		MIB, 2 * MIB - 1, 2 * MIB, 2 * MIB + 1, 3 * MIB + 5 };
	fpga_handle h = case_open("sim:t-afu");
	unsigned int i;

	for (i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
		uint64_t wsid, io, len = (lens[i] + PAGE - 1) & ~(PAGE - 1);
		void *va = NULL;

		wsid = buffer_make(h, lens[i], &va, 0);
		io = buffer_io(h, wsid);
		CU_ASSERT_EQUAL(((uintptr_t)va | io) % PAGE, 0);
		CU_ASSERT(is_mapped_as("sim:t-afu", io, va, len, true));
		CU_ASSERT(is_filled(va, len, 0));
		memset(va, 0xa5, len);
		CU_ASSERT(afu_reads(h, io + len - 1, 1));
		CU_ASSERT(faults(h, io + len, 1, false));
		CU_ASSERT(faults(h, io - 1, 1, false));
		ASSERT_OK(fpgaReleaseBuffer(h, wsid));
		CU_ASSERT(faults(h, io, 1, false));
		CU_ASSERT_EQUAL(count_maps("sim:t-afu"), 0);
	}
	case_close(h);
}

static void
zero_when_reused(void)
{
	fpga_handle h = case_open("sim:t-afu");
	unsigned int i, reused = 0;
	void *va, *last = NULL;

	for (i = 0; i < 8; i++) {
		uint64_t wsid = buffer_make(h, 12000, (va = NULL, &va), 0);

		reused += va == last;
		last = va;
		CU_ASSERT(is_filled(va, 3 * PAGE, 0));
		memset(va, 0xff, 3 * PAGE);
		ASSERT_OK(fpgaReleaseBuffer(h, wsid));
	}
	CU_ASSERT(reused > 0); /* or this has shown nothing */
	case_close(h);
}

static void
address_is_no_input(void)
{
	fpga_handle h = case_open("sim:t-afu");
	void *va = (void *)0x1234567;
	uint64_t wsid = buffer_make(h, 100, &va, 0);

	CU_ASSERT_PTR_NOT_EQUAL(va, (void *)0x1234567);
	memset(va, 1, 100);
	ASSERT_OK(fpgaReleaseBuffer(h, wsid));
	case_close(h);
}

/* Each with its own memory and addresses. */
static void
many_at_once(void)
{
	enum { N = 500 };
	static uint64_t wsid[N], io[N];
	static void *va[N];
	fpga_handle h = case_open("sim:t-afu");
	unsigned int i;

	for (i = 0; i < N; i++) {
		wsid[i] = buffer_make(h, (i % 5 + 1) * PAGE, &va[i], 0);
		io[i] = buffer_io(h, wsid[i]);
		memset(va[i], (int)i, (i % 5 + 1) * PAGE);
	}
	CU_ASSERT_EQUAL(count_maps("sim:t-afu"), N);
	for (i = 0; i < N; i++) {
		CU_ASSERT_EQUAL(buffer_io(h, wsid[i]), io[i]);
		CU_ASSERT(is_filled(va[i], (i % 5 + 1) * PAGE, (char)i));
		CU_ASSERT(afu_reads(h, io[i], PAGE));
		CU_ASSERT_EQUAL(afu_data(h) & 0xff, i & 0xff);
		ASSERT_OK(fpgaReleaseBuffer(h, wsid[i]));
	}
	case_close(h);
}

static uint64_t
available_memory(void)
{
	unsigned long long kib = 0;
	char line[128];
	FILE *f = fopen("/proc/meminfo", "re");

	while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
		if (sscanf(line, "MemAvailable: %llu", &kib) == 1)
			break;
	}
	if (f != NULL)
		fclose(f);
	return kib << 10;
}

/* One range of I/O addresses, whatever pages there are. */
static void
over_1_gib(void)
{
	const uint64_t asked = GIB + 5000, len = GIB + 2 * PAGE;
	fpga_handle h;
	uint64_t wsid, io;
	void *va = NULL;

	if (available_memory() < 2 * GIB) {
		test_skip("less than 2 GiB of memory are available");
		return;
	}
	h = case_open("sim:t-afu");
	wsid = buffer_make(h, asked, &va, 0);
	io = buffer_io(h, wsid);
	CU_ASSERT(is_mapped_as("sim:t-afu", io, va, len, true));
	CU_ASSERT(afu_writes(h, io + GIB - PAGE, 2 * PAGE, UINT64_C(0x7777777777777777)));
	CU_ASSERT(is_filled((char *)va + GIB - PAGE, 2 * PAGE, 0x77));
	CU_ASSERT(afu_reads(h, io + len - 1, 1));
	CU_ASSERT(faults(h, io + len, 1, false));
	ASSERT_OK(fpgaReleaseBuffer(h, wsid));
	case_close(h);
}

static void
ordinary_pages(void)
{
	fpga_handle h = case_open("sim:t-afu,mem=memfd");
	struct accel_arena_info info;
	void *va = NULL;
	uint64_t wsid = buffer_make(h, 3 * MIB, &va, 0), io = buffer_io(h, wsid);

	CU_ASSERT_EQUAL(accel_arena_info_get(case_dev("sim:t-afu"), 0, &info), 0);
	CU_ASSERT_EQUAL(info.page_sz, PAGE);
	CU_ASSERT(is_mapped_as("sim:t-afu", io, va, 3 * MIB, true));
	CU_ASSERT(is_filled(va, 3 * MIB, 0));
	memset(va, 0x11, 3 * MIB);
	CU_ASSERT(afu_reads(h, io + 3 * MIB - 8, 8));
	CU_ASSERT_EQUAL(afu_data(h), UINT64_C(0x1111111111111111));
	ASSERT_OK(fpgaReleaseBuffer(h, wsid));
	case_close(h);
}

/*
 * Preallocated
 */

static void
maps_exactly_the_pages(void)
{
	static const unsigned int pages[] = { 1, 2, 3, 600 };
	fpga_handle h = case_open("sim:t-afu");
	unsigned int i;

	for (i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		uint64_t wsid, io, len = pages[i] * PAGE;
		char *mem = own_memory(len + 2 * PAGE, PROT_READ | PROT_WRITE);
		void *va = mem + PAGE;

		memset(mem, 0x3c, len + 2 * PAGE);
		wsid = buffer_make(h, len, &va, PREALLOCATED);
		CU_ASSERT_PTR_EQUAL(va, mem + PAGE);
		io = buffer_io(h, wsid);
		CU_ASSERT(is_mapped_as("sim:t-afu", io, va, len, true));
		CU_ASSERT_EQUAL(count_maps("sim:t-afu"), 1);
		CU_ASSERT(is_filled(mem, len + 2 * PAGE, 0x3c));
		CU_ASSERT(faults(h, io - 1, 1, true));
		CU_ASSERT(faults(h, io + len, 1, true));
		CU_ASSERT(afu_writes(h, io + len - 8, 8, 1));
		CU_ASSERT_EQUAL(mem[PAGE + len - 8], 1);
		ASSERT_OK(fpgaReleaseBuffer(h, wsid));
		CU_ASSERT_EQUAL(count_maps("sim:t-afu"), 0);
		CU_ASSERT(faults(h, io, 8, true));
		memset(mem, 2, len + 2 * PAGE); /* still the caller's */
		munmap(mem, len + 2 * PAGE);
	}
	case_close(h);
}

static void
huge_page_of_the_caller(void)
{
	fpga_handle h;
	uint64_t wsid;
	void *mem, *va;

	mem = va = mmap(NULL, 2 * MIB, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | 21 << MAP_HUGE_SHIFT, -1, 0);
	if (mem == MAP_FAILED) {
		test_skip("no hugepage of 2 MiB is free; reserve some with sysctl -w "
				"vm.nr_hugepages=N");
		return;
	}
	h = case_open("sim:t-afu");
	wsid = buffer_make(h, 2 * MIB, &va, PREALLOCATED);
	CU_ASSERT_PTR_EQUAL(va, mem);
	CU_ASSERT(is_mapped_as("sim:t-afu", buffer_io(h, wsid), mem, 2 * MIB, true));
	ASSERT_OK(fpgaReleaseBuffer(h, wsid));
	memset(mem, 1, 2 * MIB);
	CU_ASSERT_EQUAL(munmap(mem, 2 * MIB), 0);
	case_close(h);
}

static void
refuses_part_pages(void)
{
	fpga_handle h = case_open("sim:t-afu");
	char *mem = own_memory(4 * PAGE, PROT_READ | PROT_WRITE);
	static const uint64_t lens[] = { 1, 100, 4095, 4097, 11247, 8193 };
	unsigned int i;

	for (i = 0; i < sizeof(lens) / sizeof(lens[0]); i++)
		buffer_refused(h, lens[i], mem, PREALLOCATED, FPGA_INVALID_PARAM);
	buffer_refused(h, PAGE, mem + 1, PREALLOCATED, FPGA_INVALID_PARAM);
	buffer_refused(h, PAGE, mem + 64, PREALLOCATED, FPGA_INVALID_PARAM);
	buffer_refused(h, PAGE, mem + 2048, PREALLOCATED, FPGA_INVALID_PARAM);
	CU_ASSERT_EQUAL(count_maps("sim:t-afu"), 0);
	munmap(mem, 4 * PAGE);
	case_close(h);
}

static void
refuses_memory_that_is_none(void)
{
	fpga_handle h = case_open("sim:t-afu");
	char *mem = own_memory(4 * PAGE, PROT_READ | PROT_WRITE);

	munmap(mem + 2 * PAGE, PAGE);
	refused_quietly(h, 4 * PAGE, mem, PREALLOCATED, FPGA_INVALID_PARAM);
	refused_quietly(h, 3 * PAGE, mem, PREALLOCATED, FPGA_INVALID_PARAM);
	refused_quietly(h, PAGE, mem + 2 * PAGE, PREALLOCATED, FPGA_INVALID_PARAM);
	refused_quietly(h, 2 * PAGE, mem + 2 * PAGE, PREALLOCATED, FPGA_INVALID_PARAM);
	refused_quietly(h, PAGE, (void *)PAGE, PREALLOCATED, FPGA_INVALID_PARAM);
	refused_quietly(h, PAGE, (void *)(UINTPTR_MAX / 2 + 1), PREALLOCATED, FPGA_INVALID_PARAM);
	refused_quietly(h, PAGE, (void *)(UINTPTR_MAX - PAGE + 1), PREALLOCATED,
			FPGA_INVALID_PARAM);
	refused_quietly(h, 2 * PAGE, (void *)(UINTPTR_MAX - PAGE + 1), PREALLOCATED,
			FPGA_INVALID_PARAM);
	refused_quietly(h, UINT64_MAX - PAGE + 1, mem, PREALLOCATED, FPGA_INVALID_PARAM);
	refused_quietly(h, (uint64_t)1 << 62, mem, PREALLOCATED, FPGA_INVALID_PARAM);
	mprotect(mem, PAGE, PROT_NONE);
	refused_quietly(h, PAGE, mem, PREALLOCATED, FPGA_INVALID_PARAM);
	refused_quietly(h, PAGE, mem, PREALLOCATED | READ_ONLY, FPGA_INVALID_PARAM);
	CU_ASSERT_EQUAL(count_maps("sim:t-afu"), 0);
	munmap(mem, 4 * PAGE);
	case_close(h);
}

/* Two ranges [a, a + alen) and [b, b + blen) do not meet. */
static bool
apart(uint64_t a, uint64_t alen, uint64_t b, uint64_t blen)
{
	return a + alen <= b || b + blen <= a;
}

static void
the_same_memory_again(void)
{
	fpga_handle h = case_open("sim:t-afu");
	char *mem = own_memory(4 * PAGE, PROT_READ | PROT_WRITE);
	uint64_t wsid[3], io[3];
	unsigned int i;
	void *va = mem;

	for (i = 0; i < 3; i++) {
		wsid[i] = buffer_make(h, 4 * PAGE, &va, PREALLOCATED);
		io[i] = buffer_io(h, wsid[i]);
		CU_ASSERT(is_mapped_as("sim:t-afu", io[i], mem, 4 * PAGE, true));
	}
	for (i = 0; i < 3; i++) {
		CU_ASSERT_NOT_EQUAL(wsid[i], wsid[(i + 1) % 3]);
		CU_ASSERT(apart(io[i], 4 * PAGE, io[(i + 1) % 3], 4 * PAGE));
	}
	/* In an order that is neither that of making nor its reverse. */
	ASSERT_OK(fpgaReleaseBuffer(h, wsid[0]));
	CU_ASSERT(faults(h, io[0], 8, true));
	CU_ASSERT(afu_writes(h, io[1], 8, 1));
	CU_ASSERT(afu_writes(h, io[2] + PAGE, 8, 2));
	ASSERT_OK(fpgaReleaseBuffer(h, wsid[2]));
	CU_ASSERT(afu_writes(h, io[1], 8, 3));
	CU_ASSERT_EQUAL(mem[0], 3);
	CU_ASSERT_EQUAL(mem[PAGE], 2);
	ASSERT_OK(fpgaReleaseBuffer(h, wsid[1]));
	munmap(mem, 4 * PAGE);
	case_close(h);
}

static void
memory_that_overlaps(void)
{
	fpga_handle h = case_open("sim:t-afu");
	char *mem = own_memory(4 * PAGE, PROT_READ | PROT_WRITE);
	void *low = mem, *high = mem + PAGE, *inside = mem + 2 * PAGE;
	uint64_t a = buffer_make(h, 3 * PAGE, &low, PREALLOCATED);
	uint64_t b = buffer_make(h, 3 * PAGE, &high, PREALLOCATED);
	uint64_t c = buffer_make(h, PAGE, &inside, PREALLOCATED | READ_ONLY);

	CU_ASSERT(apart(buffer_io(h, a), 3 * PAGE, buffer_io(h, b), 3 * PAGE));
	CU_ASSERT(apart(buffer_io(h, a), 3 * PAGE, buffer_io(h, c), PAGE));
	CU_ASSERT(apart(buffer_io(h, b), 3 * PAGE, buffer_io(h, c), PAGE));
	CU_ASSERT(afu_writes(h, buffer_io(h, a) + 2 * PAGE, 8, 0x42));
	CU_ASSERT(afu_reads(h, buffer_io(h, c), 8));
	CU_ASSERT_EQUAL(afu_data(h), 0x42);
	CU_ASSERT(faults(h, buffer_io(h, c), 8, true));
	ASSERT_OK(fpgaReleaseBuffer(h, a));
	CU_ASSERT(afu_reads(h, buffer_io(h, b) + PAGE, 8));
	CU_ASSERT_EQUAL(afu_data(h), 0x42);
	ASSERT_OK(fpgaReleaseBuffer(h, b));
	ASSERT_OK(fpgaReleaseBuffer(h, c));
	munmap(mem, 4 * PAGE);
	case_close(h);
}

/* A buffer of the library is memory of the caller as well. */
static void
a_buffer_as_memory(void)
{
	fpga_handle h = case_open("sim:t-afu"), other = case_open("sim:t-pair");
	void *va = NULL;
	uint64_t wsid = buffer_make(h, 2 * PAGE, &va, 0);
	uint64_t again = buffer_make(other, 2 * PAGE, &va, PREALLOCATED);

	CU_ASSERT(afu_writes(other, buffer_io(other, again) + PAGE, 8, 9));
	CU_ASSERT_EQUAL(((char *)va)[PAGE], 9);
	ASSERT_OK(fpgaReleaseBuffer(other, again));
	CU_ASSERT(afu_reads(h, buffer_io(h, wsid), 8));
	ASSERT_OK(fpgaReleaseBuffer(h, wsid));
	case_close(h);
	case_close(other);
}

/*
 * Flags
 */

static void
read_only_is_enforced(void)
{
	fpga_handle h = case_open("sim:t-afu");
	void *va = NULL, *mem = own_memory(PAGE, PROT_READ | PROT_WRITE);
	uint64_t mine = buffer_make(h, 2 * PAGE, &va, READ_ONLY);
	uint64_t his = buffer_make(h, PAGE, &mem, READ_ONLY | PREALLOCATED);

	CU_ASSERT(is_mapped_as("sim:t-afu", buffer_io(h, mine), va, 2 * PAGE, false));
	CU_ASSERT(is_mapped_as("sim:t-afu", buffer_io(h, his), mem, PAGE, false));
	memset(va, 0x21, 2 * PAGE);
	memset(mem, 0x22, PAGE);
	CU_ASSERT(afu_reads(h, buffer_io(h, mine) + PAGE, 8));
	CU_ASSERT_EQUAL(afu_data(h), UINT64_C(0x2121212121212121));
	CU_ASSERT(afu_reads(h, buffer_io(h, his), PAGE));
	CU_ASSERT(faults(h, buffer_io(h, mine), 8, true));
	CU_ASSERT(faults(h, buffer_io(h, mine) + 2 * PAGE - 1, 1, true));
	CU_ASSERT(faults(h, buffer_io(h, his), 8, true));
	CU_ASSERT(is_filled(va, 2 * PAGE, 0x21));
	CU_ASSERT(is_filled(mem, PAGE, 0x22));
	ASSERT_OK(fpgaReleaseBuffer(h, mine));
	ASSERT_OK(fpgaReleaseBuffer(h, his));
	munmap(mem, PAGE);
	case_close(h);
}

/* A file that is mapped to be read, as programs share their data. */
static void
memory_that_can_only_be_read(void)
{
	fpga_handle h = case_open("sim:t-afu");
	FILE *self = fopen("/proc/self/exe", "re");
	uint64_t wsid;
	void *va, *mem;

	CU_ASSERT_PTR_NOT_NULL_FATAL(self);
	va = mem = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fileno(self), 0);
	CU_ASSERT_FATAL(mem != MAP_FAILED);
	refused_quietly(h, PAGE, mem, PREALLOCATED, FPGA_INVALID_PARAM);
	wsid = buffer_make(h, PAGE, &va, PREALLOCATED | READ_ONLY);
	CU_ASSERT(afu_reads(h, buffer_io(h, wsid), 8));
	CU_ASSERT_EQUAL(afu_data(h) & 0xffffffff, UINT64_C(0x464c457f)); /* ELF */
	CU_ASSERT(faults(h, buffer_io(h, wsid), 8, true));
	ASSERT_OK(fpgaReleaseBuffer(h, wsid));
	munmap(mem, PAGE);
	fclose(self);
	case_close(h);
}

static void
unknown_flags(void)
{
	fpga_handle h = case_open("sim:t-afu");
	void *mem = own_memory(PAGE, PROT_READ | PROT_WRITE);
	uint64_t wsid = NO_WSID;
	unsigned int i;

	for (i = 3; i < 32; i++) {
		int flag = (int)(1u << i);

		buffer_refused(h, PAGE, NULL, flag, FPGA_INVALID_PARAM);
		buffer_refused(h, PAGE, mem, flag | PREALLOCATED | READ_ONLY, FPGA_INVALID_PARAM);
		ASSERT_BAD(fpgaPrepareBuffer(h, 0, NULL, &wsid, flag | PREALLOCATED));
	}
	CU_ASSERT_EQUAL(wsid, NO_WSID);
	munmap(mem, PAGE);
	case_close(h);
}

static void
probe_for_the_flag(void)
{
	fpga_handle h = case_open("sim:t-afu");
	uint64_t wsid = NO_WSID;
	void *va = NULL;

	ASSERT_OK(fpgaPrepareBuffer(h, 0, NULL, &wsid, PREALLOCATED));
	ASSERT_OK(fpgaPrepareBuffer(h, 0, NULL, &wsid, PREALLOCATED | QUIET));
	ASSERT_OK(fpgaPrepareBuffer(h, 0, NULL, &wsid, PREALLOCATED | READ_ONLY));
	CU_ASSERT_EQUAL(wsid, NO_WSID);
	CU_ASSERT_EQUAL(count_maps("sim:t-afu"), 0);
	ASSERT_BAD(fpgaPrepareBuffer(h, 0, NULL, NULL, PREALLOCATED));
	ASSERT_BAD(fpgaPrepareBuffer(NULL, 0, NULL, &wsid, PREALLOCATED));
	ASSERT_BAD(fpgaPrepareBuffer(GARBAGE, 0, NULL, &wsid, PREALLOCATED));
	ASSERT_BAD(fpgaPrepareBuffer(h, PAGE, NULL, &wsid, PREALLOCATED));
	ASSERT_BAD(fpgaPrepareBuffer(h, 0, &va, &wsid, PREALLOCATED));
	ASSERT_BAD(fpgaPrepareBuffer(h, 0, NULL, &wsid, 0));
	ASSERT_BAD(fpgaPrepareBuffer(h, 0, NULL, &wsid, QUIET));
	ASSERT_BAD(fpgaPrepareBuffer(h, 0, NULL, &wsid, READ_ONLY));
	CU_ASSERT_EQUAL(wsid, NO_WSID);
	case_close(h);
}

static void
quiet_logs_nothing(void)
{
	fpga_handle h = case_open("sim:t-afu");
	char *mem = own_memory(PAGE, PROT_READ | PROT_WRITE);

	munmap(mem, PAGE);
	log_text_begin();
	buffer_refused(h, PAGE, mem, PREALLOCATED | QUIET, FPGA_INVALID_PARAM);
	buffer_refused(h, (uint64_t)1 << 50, NULL, QUIET, FPGA_NO_MEMORY);
	CU_ASSERT_STRING_EQUAL(log_text_end(), "");
	/* Only that call is quiet. */
	case_devices("sim:none");
	log_text_begin();
	CU_ASSERT_EQUAL(case_count(), 0);
	CU_ASSERT_EQUAL(case_lines(log_text_end()), 1);
	log_text_begin();
	buffer_refused(h, PAGE, mem, PREALLOCATED, FPGA_INVALID_PARAM);
	CU_ASSERT(log_is_line(log_text_end(), "sim:t-afu", "not mapped", (char *)0));
	log_text_begin();
	buffer_refused(h, (uint64_t)1 << 50, NULL, 0, FPGA_NO_MEMORY);
	CU_ASSERT_EQUAL(case_lines(log_text_end()), 1);
	case_close(h);
}

/*
 * Bad arguments
 */

static void
bad_arguments(void)
{
	fpga_handle h = case_open("sim:t-afu");
	uint64_t wsid = NO_WSID, io = NO_IOVA;
	void *va = NULL;

	ASSERT_BAD(fpgaPrepareBuffer(NULL, PAGE, &va, &wsid, 0));
	ASSERT_BAD(fpgaPrepareBuffer(GARBAGE, PAGE, &va, &wsid, 0));
	ASSERT_BAD(fpgaPrepareBuffer(h, PAGE, NULL, &wsid, 0));
	ASSERT_BAD(fpgaPrepareBuffer(h, PAGE, &va, NULL, 0));
	CU_ASSERT_PTR_NULL(va);
	buffer_refused(h, 0, NULL, 0, FPGA_INVALID_PARAM);
	buffer_refused(h, 0, NULL, QUIET, FPGA_INVALID_PARAM);
	buffer_refused(h, PAGE, NULL, 0x100, FPGA_INVALID_PARAM);
	buffer_refused(h, 0, NULL, PREALLOCATED, FPGA_INVALID_PARAM);
	buffer_refused(h, PAGE, NULL, PREALLOCATED, FPGA_INVALID_PARAM);
	buffer_refused(h, GIB, NULL, PREALLOCATED, FPGA_INVALID_PARAM);
	buffer_refused(h, 11247, NULL, PREALLOCATED, FPGA_INVALID_PARAM);
	ASSERT_BAD(fpgaGetIOAddress(NULL, 1, &io));
	ASSERT_BAD(fpgaGetIOAddress(GARBAGE, 1, &io));
	ASSERT_BAD(fpgaGetIOAddress(h, 0x10000, NULL));
	CU_ASSERT_EQUAL(io, NO_IOVA);
	ASSERT_BAD(fpgaReleaseBuffer(NULL, 1));
	ASSERT_BAD(fpgaReleaseBuffer(GARBAGE, 1));
	CU_ASSERT_EQUAL(wsid, NO_WSID);
	case_close(h);
}

static void
bind_sva(void)
{
	fpga_handle h = case_open("sim:t-afu");
	uint32_t pasid = 7;

	ASSERT_GIVES(fpgaBindSVA(h, &pasid), FPGA_NOT_SUPPORTED);
	ASSERT_GIVES(fpgaBindSVA(h, NULL), FPGA_NOT_SUPPORTED);
	CU_ASSERT_EQUAL(pasid, 7);
	ASSERT_BAD(fpgaBindSVA(NULL, &pasid));
	case_close(h);
	ASSERT_BAD(fpgaBindSVA(h, &pasid));
}

static const struct test_case fresh_cases[] = {
	{ "prepare and release", prepare_and_release },
	{ "is rounded up to the page", rounded_to_the_page },
	{ "is zero, also in memory that is used again", zero_when_reused },
	{ "*buf_addr is no input", address_is_no_input },
	{ "500 at once", many_at_once },
	{ "over 1 GiB", over_1_gib },
	{ "in ordinary pages", ordinary_pages },
	{ NULL, NULL },
};

static const struct test_case preallocated_cases[] = {
	{ "exactly the pages are mapped", maps_exactly_the_pages },
	{ "a hugepage", huge_page_of_the_caller },
	{ "parts of pages are refused", refuses_part_pages },
	{ "memory that is not there is refused", refuses_memory_that_is_none },
	{ "the same memory again", the_same_memory_again },
	{ "memory that overlaps", memory_that_overlaps },
	{ "a buffer of another accelerator", a_buffer_as_memory },
	{ NULL, NULL },
};

static const struct test_case flag_cases[] = {
	{ "READ_ONLY is enforced", read_only_is_enforced },
	{ "READ_ONLY for memory that can only be read", memory_that_can_only_be_read },
	{ "unknown flags", unknown_flags },
	{ "the probe for PREALLOCATED", probe_for_the_flag },
	{ "QUIET", quiet_logs_nothing },
	{ "bad arguments", bad_arguments },
	{ "fpgaBindSVA", bind_sva },
	{ NULL, NULL },
};

const struct test_suite opae_suites[] = {
	{ "memory of the library", NULL, NULL, fresh_cases },
	{ "memory of the caller", NULL, NULL, preallocated_cases },
	{ "flags and arguments", NULL, NULL, flag_cases },
	{ "names", NULL, NULL, buffer_wsid_cases },
	{ "limits", NULL, NULL, buffer_limit_cases },
	{ NULL, NULL, NULL, NULL },
};
