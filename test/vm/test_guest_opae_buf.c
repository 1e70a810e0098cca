/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Buffers of the OPAE front-end on the kernel's VFIO: what an IOMMU lets the device reach.
 */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <acceldev/acceldev.h>

#include "edu_regs.h"
#include "guest.h"
#include "log_text.h"
#include "opae_case.h"
#include "test_guest_opae.h"

#define PREALLOCATED FPGA_BUF_PREALLOCATED
#define READ_ONLY    FPGA_BUF_READ_ONLY

#define PAGE ((uint64_t)4096)
#define MIB  ((uint64_t)1 << 20)
#define LEN  64 /* bytes of a transfer */

#define NO_WSID UINT64_C(0xabadbeef)

/*
 * The device: it copies between a buffer and memory of its own, 0.1 s each time.
 */

static void
transfer(fpga_handle h, uint64_t iova, bool to_host)
{
	uint64_t command = EDU_DMA_START | (to_host ? EDU_DMA_TO_HOST : 0);
	unsigned int ms;

	ASSERT_OK(fpgaWriteMMIO64(h, 0, EDU_DMA_SRC, to_host ? EDU_BUF_BASE : iova));
	ASSERT_OK(fpgaWriteMMIO64(h, 0, EDU_DMA_DST, to_host ? iova : EDU_BUF_BASE));
	ASSERT_OK(fpgaWriteMMIO64(h, 0, EDU_DMA_COUNT, LEN));
	ASSERT_OK(fpgaWriteMMIO64(h, 0, EDU_DMA_CMD, command));
	for (ms = 0; ms < 5000 && (command & EDU_DMA_START) != 0; ms++) {
		usleep(1000);
		ASSERT_OK(fpgaReadMMIO64(h, 0, EDU_DMA_CMD, &command));
	}
	CU_ASSERT_EQUAL(command & EDU_DMA_START, 0);
}

static void
device_reads(fpga_handle h, uint64_t iova)
{
	transfer(h, iova, false);
}

static void
device_writes(fpga_handle h, uint64_t iova)
{
	transfer(h, iova, true);
}

/* Whether the IOMMU stops a write. */
static bool
write_faults(fpga_handle h, uint64_t iova)
{
	bool seen;
	int log;

	CU_ASSERT_EQUAL(guest_fault_budget(1), 0);
	log = guest_log_open();
	CU_ASSERT_FATAL(log >= 0);
	device_writes(h, iova);
	seen = guest_log_wait_fault(log, guest_device("VM_EDU"), iova & ~(PAGE - 1), 2000);
	close(log);
	return seen;
}

/*
 * Buffers
 */

static uint64_t
make(fpga_handle h, uint64_t len, void **va, int flags)
{
	uint64_t wsid = NO_WSID;

	CU_ASSERT_EQUAL_FATAL(fpgaPrepareBuffer(h, len, va, &wsid, flags), FPGA_OK);
	CU_ASSERT_PTR_NOT_NULL_FATAL(*va);
	CU_ASSERT_NOT_EQUAL(wsid, NO_WSID);
	return wsid;
}

/* The caller's memory, which is where it says. */
static uint64_t
share(fpga_handle h, void *mem, uint64_t len, int flags)
{
	void *va = mem;
	uint64_t wsid = make(h, len, &va, flags | PREALLOCATED);

	CU_ASSERT_PTR_EQUAL(va, mem);
	return wsid;
}

static uint64_t
io_of(fpga_handle h, uint64_t wsid)
{
	uint64_t io = 0;

	ASSERT_OK(fpgaGetIOAddress(h, wsid, &io));
	CU_ASSERT_NOT_EQUAL(io, 0);
	return io;
}

/* In one line that has a word, and without a trace. */
static void
refused(fpga_handle h, uint64_t len, void *mem, int flags, fpga_result result, const char *word)
{
	uint64_t wsid = NO_WSID;
	void *va = mem;

	LOG_ASSERT_FAILS(fpgaPrepareBuffer(h, len, &va, &wsid, flags), result, word);
	CU_ASSERT_PTR_EQUAL(va, mem);
	CU_ASSERT_EQUAL(wsid, NO_WSID);
}

static void
release(fpga_handle h, uint64_t wsid)
{
	uint64_t io;

	ASSERT_OK(fpgaReleaseBuffer(h, wsid));
	ASSERT_GIVES(fpgaGetIOAddress(h, wsid, &io), FPGA_NOT_FOUND);
}

static unsigned char *
own_memory(uint64_t len)
{
	void *va = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CU_ASSERT_FATAL(va != MAP_FAILED);
	return va;
}

static bool
is_filled(const unsigned char *va, uint64_t len, unsigned char with)
{
	return va[0] == with && memcmp(va, va + 1, len - 1) == 0;
}

/* Put a value into the device's own memory. */
static void
load_device(fpga_handle h, unsigned char with)
{
	void *va = NULL;
	uint64_t wsid = make(h, PAGE, &va, 0);

	memset(va, with, LEN);
	device_reads(h, io_of(h, wsid));
	release(h, wsid);
}

/*
 * The tests
 */

static void
memory_of_the_library(void)
{
	void *mem = NULL;
	unsigned char *va;
	uint64_t wsid, io;
	fpga_handle h;

	if (opae_skip())
		return;
	h = opae_open();
	wsid = make(h, 2 * PAGE, &mem, 0);
	va = mem;
	io = io_of(h, wsid);
	CU_ASSERT(is_filled(va, 2 * PAGE, 0));
	memset(va, 0x11, LEN);
	device_reads(h, io);
	device_writes(h, io + PAGE + LEN);
	CU_ASSERT(is_filled(va + PAGE, LEN, 0));
	CU_ASSERT(is_filled(va + PAGE + LEN, LEN, 0x11));
	CU_ASSERT(is_filled(va + PAGE + 2 * LEN, PAGE - 2 * LEN, 0));
	release(h, wsid);
	CU_ASSERT(write_faults(h, io + PAGE));
	case_close(h);
}

/* Also where it comes from a buffer that was released. */
static void
memory_is_zero(void)
{
	fpga_handle h;
	unsigned int i;
	uint64_t wsid;

	if (opae_skip())
		return;
	h = opae_open();
	for (i = 0; i < 4; i++) {
		void *va = NULL;

		wsid = make(h, 2 * PAGE, &va, 0);
		CU_ASSERT(is_filled(va, 2 * PAGE, 0));
		memset(va, 0xaa, 2 * PAGE);
		release(h, wsid);
	}
	case_close(h);
}

/* Of three pages only the one in the middle is shared. */
static void
exactly_the_callers_pages(void)
{
	unsigned char *mem;
	uint64_t wsid, io;
	fpga_handle h;

	if (opae_skip())
		return;
	h = opae_open();
	load_device(h, 0x22);
	mem = own_memory(3 * PAGE);
	memset(mem, 0x33, 3 * PAGE);
	wsid = share(h, mem + PAGE, PAGE, 0);
	io = io_of(h, wsid);
	device_writes(h, io + PAGE - LEN);
	CU_ASSERT(write_faults(h, io - LEN));
	CU_ASSERT(write_faults(h, io + PAGE));
	release(h, wsid);
	CU_ASSERT(is_filled(mem, 2 * PAGE - LEN, 0x33));
	CU_ASSERT(is_filled(mem + 2 * PAGE - LEN, LEN, 0x22));
	CU_ASSERT(is_filled(mem + 2 * PAGE, PAGE, 0x33));
	munmap(mem, 3 * PAGE);
	case_close(h);
}

static void
the_same_memory_twice(void)
{
	uint64_t one, two, io_one, io_two;
	unsigned char *mem;
	fpga_handle h;

	if (opae_skip())
		return;
	h = opae_open();
	mem = own_memory(PAGE);
	one = share(h, mem, PAGE, 0);
	two = share(h, mem, PAGE, 0);
	io_one = io_of(h, one);
	io_two = io_of(h, two);
	CU_ASSERT(io_one >= io_two + PAGE || io_two >= io_one + PAGE);
	memset(mem, 0x44, LEN);
	device_reads(h, io_one);
	device_writes(h, io_two + LEN);
	CU_ASSERT(is_filled(mem, 2 * LEN, 0x44));

	release(h, one);
	memset(mem, 0x55, PAGE);
	CU_ASSERT(write_faults(h, io_one));
	CU_ASSERT(is_filled(mem, PAGE, 0x55));
	device_writes(h, io_two);
	CU_ASSERT(is_filled(mem, LEN, 0x44));
	release(h, two);
	CU_ASSERT(is_filled(mem, LEN, 0x44));
	munmap(mem, PAGE);
	case_close(h);
}

static void
memory_that_is_not_there(void)
{
	static const int flags[] = { PREALLOCATED, PREALLOCATED | READ_ONLY };
	struct test_usage before;
	unsigned char *mem;
	unsigned int i;
	fpga_handle h;

	if (opae_skip())
		return;
	h = opae_open();
	mem = own_memory(4 * PAGE);
	CU_ASSERT_EQUAL(munmap(mem, PAGE), 0);
	CU_ASSERT_EQUAL(munmap(mem + 3 * PAGE, PAGE), 0);
	before = test_usage_get();
	for (i = 0; i < 2; i++) {
		refused(h, PAGE, mem, flags[i], FPGA_INVALID_PARAM, "not mapped");
		refused(h, 2 * PAGE, mem, flags[i], FPGA_INVALID_PARAM, "not mapped");
		refused(h, 2 * PAGE, mem + 2 * PAGE, flags[i], FPGA_INVALID_PARAM, "not mapped");
	}
	TEST_ASSERT_NO_LEAK(before);
	release(h, share(h, mem + PAGE, 2 * PAGE, 0));
	munmap(mem + PAGE, 2 * PAGE);
	case_close(h);
}

static void
read_only_memory_of_the_caller(void)
{
	unsigned char *mem;
	uint64_t wsid, wsid2;
	void *va = NULL;
	fpga_handle h;

	if (opae_skip())
		return;
	h = opae_open();
	mem = own_memory(PAGE);
	memset(mem, 0x66, PAGE);
	CU_ASSERT_EQUAL(mprotect(mem, PAGE, PROT_READ), 0);
	refused(h, PAGE, mem, PREALLOCATED, FPGA_INVALID_PARAM, "ACCEL_BUF_READ_ONLY");
	wsid = share(h, mem, PAGE, READ_ONLY);
	device_reads(h, io_of(h, wsid));
	wsid2 = make(h, PAGE, &va, 0);
	device_writes(h, io_of(h, wsid2));
	CU_ASSERT(is_filled(va, LEN, 0x66));
	release(h, wsid);
	release(h, wsid2);
	CU_ASSERT(is_filled(mem, PAGE, 0x66));
	munmap(mem, PAGE);
	case_close(h);
}

static void
device_may_only_read(void)
{
	void *mem = NULL, *copy = NULL;
	uint64_t wsid, wsid2;
	fpga_handle h;

	if (opae_skip())
		return;
	h = opae_open();
	load_device(h, 0x77);
	wsid = make(h, PAGE, &mem, READ_ONLY);
	CU_ASSERT(is_filled(mem, PAGE, 0));
	memset(mem, 0x88, PAGE);
	CU_ASSERT(write_faults(h, io_of(h, wsid) + 2 * LEN));
	CU_ASSERT(is_filled(mem, PAGE, 0x88));
	device_reads(h, io_of(h, wsid) + 2 * LEN);
	wsid2 = make(h, PAGE, &copy, 0);
	device_writes(h, io_of(h, wsid2));
	CU_ASSERT(is_filled(copy, LEN, 0x88));
	release(h, wsid);
	release(h, wsid2);
	case_close(h);
}

/*
 * Limits
 */

/* With a mark at each end, and the device at the last bytes. */
static void
check_large(fpga_handle h, uint64_t len)
{
	void *mem = NULL;
	uint64_t wsid = make(h, len, &mem, 0);
	unsigned char *va = mem;

	CU_ASSERT(is_filled(va, len, 0));
	memset(va, 0x99, LEN);
	device_reads(h, io_of(h, wsid));
	device_writes(h, io_of(h, wsid) + len - LEN);
	CU_ASSERT(is_filled(va + len - LEN, LEN, 0x99));
	CU_ASSERT(is_filled(va + LEN, len - 2 * LEN, 0));
	release(h, wsid);
}

static void
large_buffers(void)
{
	fpga_handle h;

	if (opae_skip())
		return;
	h = opae_open();
	check_large(h, 2 * MIB);
	check_large(h, 64 * MIB);
	case_close(h);
}

static uint64_t
locked_memory(void)
{
	FILE *f = fopen("/proc/self/status", "re");
	unsigned long kib = 0;
	char line[256];

	CU_ASSERT_FATAL(f != NULL);
	while (fgets(line, sizeof(line), f) != NULL && sscanf(line, "VmLck: %lu", &kib) != 1)
		;
	fclose(f);
	return (uint64_t)kib << 10;
}

/* Memory of the library may come in pages of 2 MiB. */
static void
check_refusals(fpga_handle h, unsigned char *mem)
{
	uint64_t locked = locked_memory();
	struct accel_dev_info was, is;
	struct test_usage before = test_usage_get();
	unsigned int i;

	ASSERT_OK(accel_dev_info_get(opae_dev(), &was));
	for (i = 0; i < 3; i++) {
		refused(h, 2 * MIB, mem, PREALLOCATED, FPGA_NO_MEMORY, "limit on locked memory");
		refused(h, 8 * MIB, NULL, 0, FPGA_NO_MEMORY, "limit on locked memory");
	}
	ASSERT_OK(accel_dev_info_get(opae_dev(), &is));
	CU_ASSERT_EQUAL(is.maps, was.maps);
	CU_ASSERT_EQUAL(is.mapped_bytes, was.mapped_bytes);
	CU_ASSERT_EQUAL(is.live_bufs, was.live_bufs);
	CU_ASSERT_EQUAL(locked_memory(), locked);
	TEST_ASSERT_NO_LEAK(before);
}

static void
limit_on_locked_memory(void)
{
	struct rlimit before, small;
	unsigned char *mem;
	void *va = NULL;
	fpga_handle h;

	if (opae_skip())
		return;
	if (getuid() == 0) {
		test_skip("root may lock all memory");
		return;
	}
	h = opae_open();
	mem = own_memory(2 * MIB);
	release(h, make(h, 8 * MIB, &va, 0)); /* what stays for later is there */
	CU_ASSERT_EQUAL_FATAL(getrlimit(RLIMIT_MEMLOCK, &before), 0);
	small = before;
	small.rlim_cur = locked_memory() + MIB;
	CU_ASSERT_EQUAL_FATAL(setrlimit(RLIMIT_MEMLOCK, &small), 0);
	check_refusals(h, mem);
	release(h, share(h, mem, MIB, 0));
	CU_ASSERT_EQUAL(setrlimit(RLIMIT_MEMLOCK, &before), 0);
	release(h, share(h, mem, 2 * MIB, 0));
	munmap(mem, 2 * MIB);
	case_close(h);
}

const struct test_case opae_buffer_cases[] = {
	{ "memory of the library", memory_of_the_library },
	{ "memory is zero", memory_is_zero },
	{ "exactly the caller's pages", exactly_the_callers_pages },
	{ "the same memory twice", the_same_memory_twice },
	{ "memory that is not there", memory_that_is_not_there },
	{ "read-only memory of the caller", read_only_memory_of_the_caller },
	{ "the device may only read", device_may_only_read },
	{ NULL, NULL },
};

const struct test_case opae_limit_cases[] = {
	{ "large buffers", large_buffers },
	{ "the limit on locked memory", limit_on_locked_memory },
	{ NULL, NULL },
};
