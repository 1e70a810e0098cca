/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * hugemem: each backing with and without hugepages, what it promises, and what happens without
 * descriptors, memory or mounts. Without hugepages the tests of hugetlb expect either outcome.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <eal_glue/hugemem.h>
#include <eal_glue/va_window.h>
#include <rte_memory.h>

#include "eal_main.h"
#include "fail_alloc.h"
#include "log_lines.h"

#define KIB(n)  ((size_t)(n) << 10)
#define MIB(n)  ((size_t)(n) << 20)
#define GIB(n)  ((size_t)(n) << 30)
#define LOW_END (UINT64_C(1) << 38)

static struct test_usage usage;

static void
begin(void)
{
	usage = test_usage_get();
	log_catch();
}

static void
end(void)
{
	fail_memfd = fail_hugetlbfs = fail_hugepagesize = false;
	log_release();
	TEST_ASSERT_NO_LEAK(usage);
}

static int
get_from(enum hugemem_backing backing, size_t len, struct hugemem *mem)
{
	const struct hugemem_request req = {
		.len = len, .socket = SOCKET_ID_ANY, .backing = backing,
	};

	return hugemem_alloc(&req, mem);
}

static bool
all_bytes(const struct hugemem *mem, unsigned char value)
{
	const unsigned char *p = mem->va;

	return p[0] == value && memcmp(p, p + 1, mem->len - 1) == 0;
}

static bool
is_mapped(const void *va, size_t len)
{
	unsigned char resident;
	size_t off;

	for (off = 0; off < len; off += KIB(4)) {
		if (mincore((char *)(uintptr_t)va + off, 1, &resident) != 0)
			return false;
	}
	return true;
}

/* What holds of every block. */
static void
expect_block(const struct hugemem *mem, size_t len)
{
	CU_ASSERT_PTR_NOT_NULL_FATAL(mem->va);
	CU_ASSERT(mem->len >= len);
	CU_ASSERT(mem->page_sz >= KIB(4));
	CU_ASSERT_EQUAL(mem->page_sz & (mem->page_sz - 1), 0);
	CU_ASSERT_EQUAL(mem->len % mem->page_sz, 0);
	CU_ASSERT(mem->len - len < mem->page_sz);
	CU_ASSERT_EQUAL((uintptr_t)mem->va % VA_WINDOW_ALIGN, 0);
	CU_ASSERT(mem->socket == SOCKET_ID_ANY || (mem->socket >= 0 && mem->socket < 64));
	CU_ASSERT(all_bytes(mem, 0));
	memset(mem->va, 0xa5, mem->len);
	CU_ASSERT(all_bytes(mem, 0xa5));
}

static void
expect_file(const struct hugemem *mem)
{
	unsigned char byte = 0;

	CU_ASSERT_PTR_NULL(mem->mz);
	CU_ASSERT_FATAL(mem->fd >= 0);
	CU_ASSERT_EQUAL(fcntl(mem->fd, F_GETFD), FD_CLOEXEC);
	CU_ASSERT_EQUAL(lseek(mem->fd, 0, SEEK_END), (off_t)mem->len);
	/* Shared, and from the file's start. */
	((unsigned char *)mem->va)[0] = 0x3c;
	CU_ASSERT_EQUAL(pread(mem->fd, &byte, 1, 0), 1);
	CU_ASSERT_EQUAL(byte, 0x3c);
	((unsigned char *)mem->va)[mem->len - 1] = 0x3d;
	CU_ASSERT_EQUAL(pread(mem->fd, &byte, 1, mem->len - 1), 1);
	CU_ASSERT_EQUAL(byte, 0x3d);
}

static void
expect_freed(struct hugemem *mem)
{
	void *va = mem->va;
	size_t len = mem->len;
	bool zone = mem->mz != NULL;

	hugemem_free(mem);
	CU_ASSERT_PTR_NULL(mem->va);
	CU_ASSERT_PTR_NULL(mem->mz);
	CU_ASSERT_EQUAL(mem->fd, -1);
	if (!zone)
		CU_ASSERT_FALSE(is_mapped(va, len));
	hugemem_free(mem);
}

static void *
occupy(uint64_t at, size_t len)
{
	void *want = (void *)(uintptr_t)at;
	void *got = mmap(want, len, PROT_NONE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);

	return got == MAP_FAILED ? NULL : got;
}

/* AddressSanitizer has the low addresses for itself. */
static bool
low_is_free(void)
{
	void *va = occupy(LOW_END - GIB(1), GIB(1));

	if (va != NULL)
		munmap(va, GIB(1));
	return va != NULL;
}

/* Where a device behind a narrow IOMMU can have IOVA = VA. */
static void
expect_low(const struct hugemem *mem)
{
	CU_ASSERT((uintptr_t)mem->va + mem->len <= LOW_END || !low_is_free());
}

static bool
untouched(const struct hugemem *mem)
{
	static const struct hugemem pattern = { .fd = 77, .len = 77, .va = (void *)77 };

	return mem->fd == pattern.fd && mem->len == pattern.len && mem->va == pattern.va;
}

/* A failure, told in one line, that leaves mem alone. */
static void
expect_failure(const struct hugemem_request *req, int err)
{
	struct hugemem mem = { .fd = 77, .len = 77, .va = (void *)77 };
	int ret = hugemem_alloc(req, &mem);

	CU_ASSERT_EQUAL(ret, err);
	CU_ASSERT_EQUAL(log_lines(), 1);
	CU_ASSERT(untouched(&mem));
	if (ret == 0)
		hugemem_free(&mem);
}

/*
 * Backings
 */

static void
memfd(void)
{
	static const size_t lens[] = { 1, 4095, 4096, 4097, MIB(2), MIB(2) + 1, MIB(5), MIB(64) };
	struct hugemem mem;
	unsigned int i;

	begin();
	for (i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
		CU_ASSERT_EQUAL_FATAL(get_from(HUGEMEM_MEMFD, lens[i], &mem), 0);
		CU_ASSERT_EQUAL(mem.backing, HUGEMEM_MEMFD);
		CU_ASSERT_EQUAL(mem.page_sz, KIB(4));
		CU_ASSERT_EQUAL(mem.contiguous, lens[i] <= KIB(4));
		CU_ASSERT_STRING_EQUAL(mem.shortfall, "");
		expect_block(&mem, lens[i]);
		expect_file(&mem);
		expect_low(&mem);
		expect_freed(&mem);
	}
	CU_ASSERT_EQUAL(log_lines(), 0);
	end();
}

static void
hugetlb(void)
{
	static const size_t lens[] = { 1, MIB(2), MIB(2) + 1, MIB(8) };
	struct hugemem mem;
	unsigned int i;
	int ret;

	begin();
	for (i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
		ret = get_from(HUGEMEM_HUGETLB, lens[i], &mem);
		CU_ASSERT_EQUAL(log_lines(), ret != 0);
		CU_ASSERT(ret == 0 || (ret == -ENOMEM && !eal_has_hugepages()));
		if (ret != 0)
			continue;
		CU_ASSERT_EQUAL(mem.backing, HUGEMEM_HUGETLB);
		CU_ASSERT(mem.page_sz >= MIB(1));
		CU_ASSERT_STRING_EQUAL(mem.shortfall, "");
		CU_ASSERT_EQUAL(mem.contiguous, mem.len == mem.page_sz);
		CU_ASSERT_NOT_EQUAL(mem.socket, SOCKET_ID_ANY);
		expect_block(&mem, lens[i]);
		expect_file(&mem);
		expect_low(&mem);
		expect_freed(&mem);
	}
	end();
}

/* The kernel gives the same pages without a mount. */
static void
hugetlb_without_mount(void)
{
	struct hugemem mem;
	int ret;

	begin();
	fail_hugetlbfs = true;
	ret = get_from(HUGEMEM_HUGETLB, MIB(4), &mem);
	CU_ASSERT(ret == 0 || (ret == -ENOMEM && !eal_has_hugepages()));
	if (ret == 0) {
		expect_block(&mem, MIB(4));
		expect_file(&mem);
		expect_low(&mem);
		expect_freed(&mem);
	}
	end();
}

static void
memzone(void)
{
	const struct hugemem_request req = { .len = MIB(1), .backing = HUGEMEM_MEMZONE };
	static const size_t lens[] = { 1, MIB(2), MIB(2) + 1, MIB(8) };
	struct hugemem mem;
	unsigned int i, round;

	begin();
	for (i = 0; i < 4 && eal_has_hugepages(); i++) {
		/* The second time where the first has written. */
		for (round = 0; round < 2; round++) {
			CU_ASSERT_EQUAL_FATAL(get_from(HUGEMEM_MEMZONE, lens[i], &mem), 0);
			CU_ASSERT_EQUAL(mem.backing, HUGEMEM_MEMZONE);
			CU_ASSERT_PTR_NOT_NULL(mem.mz);
			CU_ASSERT_EQUAL(mem.fd, -1);
			CU_ASSERT_STRING_EQUAL(mem.shortfall, "");
			CU_ASSERT_TRUE(mem.contiguous);
			expect_block(&mem, lens[i]);
			expect_freed(&mem);
		}
	}
	if (!eal_has_hugepages()) {
		expect_failure(&req, -ENOMEM);
		CU_ASSERT(log_has("memzone") && log_has("mem="));
	}
	log_release();
}

static void
any(void)
{
	struct hugemem_request req = { .len = MIB(3), .socket = SOCKET_ID_ANY };
	struct hugemem mem;

	begin();
	CU_ASSERT_EQUAL_FATAL(hugemem_alloc(&req, &mem), 0);
	if (eal_has_hugepages()) {
		CU_ASSERT_EQUAL(mem.backing, HUGEMEM_MEMZONE);
		CU_ASSERT_STRING_EQUAL(mem.shortfall, "");
	} else {
		CU_ASSERT_NOT_EQUAL(mem.backing, HUGEMEM_MEMZONE);
		CU_ASSERT(strstr(mem.shortfall, "no memzone") != NULL);
		CU_ASSERT_EQUAL(mem.backing == HUGEMEM_MEMFD,
				strstr(mem.shortfall, "no hugetlb") != NULL);
	}
	expect_block(&mem, MIB(3));
	expect_freed(&mem);
	req.need_fd = true;
	CU_ASSERT_EQUAL_FATAL(hugemem_alloc(&req, &mem), 0);
	CU_ASSERT_NOT_EQUAL(mem.backing, HUGEMEM_MEMZONE);
	expect_block(&mem, MIB(3));
	expect_file(&mem);
	expect_low(&mem);
	expect_freed(&mem);
	log_release();
}

/* Hugepages are preferred to ordinary ones, and their lack is told. */
static void
any_without_hugepages(void)
{
	const struct hugemem_request req = {
		.len = MIB(3), .socket = SOCKET_ID_ANY, .need_fd = true,
	};
	struct hugemem mem;

	begin();
	fail_hugepagesize = true;
	CU_ASSERT_EQUAL_FATAL(hugemem_alloc(&req, &mem), 0);
	CU_ASSERT_EQUAL(mem.backing, HUGEMEM_MEMFD);
	CU_ASSERT(strstr(mem.shortfall, "no hugetlb") != NULL);
	expect_freed(&mem);
	CU_ASSERT_EQUAL(log_lines(), 0);
	end();
}

static void
bad_requests(void)
{
	struct hugemem_request req = { .socket = SOCKET_ID_ANY };
	enum hugemem_backing b;

	begin();
	for (b = HUGEMEM_ANY; b <= HUGEMEM_MEMFD; b++) {
		req.backing = b;
		req.len = 0;
		expect_failure(&req, -EINVAL);
		req.len = SIZE_MAX;
		expect_failure(&req, -EINVAL);
		req.len = SIZE_MAX - MIB(2);
		expect_failure(&req, -EINVAL);
		req.len = SIZE_MAX / 4;
		expect_failure(&req, -ENOMEM);
		req.len = (size_t)1 << 60;
		expect_failure(&req, -ENOMEM);
	}
	req = (struct hugemem_request){ MIB(1), 0, SOCKET_ID_ANY, HUGEMEM_MEMZONE, true };
	expect_failure(&req, -EINVAL);
	end();
}

/* Less than was asked for, and why. */
static void
less_will_do(void)
{
	struct hugemem_request req = {
		.len = (size_t)1 << 58, .min_len = MIB(3), .socket = SOCKET_ID_ANY,
		.backing = HUGEMEM_MEMFD,
	};
	struct hugemem mem;

	begin();
	CU_ASSERT_EQUAL_FATAL(hugemem_alloc(&req, &mem), 0);
	CU_ASSERT(mem.len >= MIB(3) && mem.len < req.len);
	CU_ASSERT(strstr(mem.shortfall, "less than") != NULL);
	expect_freed(&mem);
	/* Where all fits, all is given. */
	req.len = MIB(6);
	CU_ASSERT_EQUAL_FATAL(hugemem_alloc(&req, &mem), 0);
	CU_ASSERT_EQUAL(mem.len, MIB(6));
	CU_ASSERT_STRING_EQUAL(mem.shortfall, "");
	expect_freed(&mem);
	end();
}

/* Hugepages, though fewer, rather than ordinary pages. */
static void
less_of_hugepages_will_do(void)
{
	const struct hugemem_request req = {
		.len = MIB(8), .min_len = MIB(2), .socket = SOCKET_ID_ANY, .need_fd = true,
	};
	unsigned int nth, shorter = 0;
	struct hugemem mem;

	if (!eal_has_hugepages()) {
		test_skip("this run is without hugepages");
		return;
	}
	begin();
	/* One of these is the first try to map them. */
	for (nth = 1; nth < 10; nth++) {
		fail_alloc_arm(nth, false);
		CU_ASSERT_EQUAL_FATAL(hugemem_alloc(&req, &mem), 0);
		fail_alloc_disarm();
		CU_ASSERT_EQUAL(mem.backing, HUGEMEM_HUGETLB);
		CU_ASSERT(mem.len == MIB(8) || mem.len == MIB(4));
		CU_ASSERT_EQUAL(mem.len < MIB(8), strstr(mem.shortfall, "less than") != NULL);
		shorter += mem.len < MIB(8);
		expect_freed(&mem);
	}
	CU_ASSERT(shorter > 0);
	end();
}

/* A node that is not there: the memory is elsewhere, or nobody knows. */
static void
no_such_node(void)
{
	struct hugemem_request req = { .len = MIB(2), .socket = 7 };
	struct hugemem mem;

	begin();
	for (req.backing = HUGEMEM_ANY; req.backing <= HUGEMEM_MEMFD; req.backing++) {
		if (hugemem_alloc(&req, &mem) != 0) {
			CU_ASSERT(!eal_has_hugepages());
			continue;
		}
		CU_ASSERT_NOT_EQUAL(mem.socket, 7);
		CU_ASSERT(mem.socket == SOCKET_ID_ANY || strstr(mem.shortfall, "not 7") != NULL);
		expect_freed(&mem);
	}
	log_release();
}

/*
 * Lack of things
 */

static void
no_descriptors(void)
{
	const struct hugemem_request fd = { .len = MIB(2), .need_fd = true };
	struct rlimit all, few;

	begin();
	CU_ASSERT_EQUAL_FATAL(getrlimit(RLIMIT_NOFILE, &all), 0);
	few = (struct rlimit){ 0, all.rlim_max };
	CU_ASSERT_EQUAL_FATAL(setrlimit(RLIMIT_NOFILE, &few), 0);
	expect_failure(&fd, -EMFILE);
	CU_ASSERT_EQUAL(setrlimit(RLIMIT_NOFILE, &all), 0);
	CU_ASSERT(log_has("Too many open files") && log_has("RLIMIT_NOFILE"));
	end();
}

static void
no_memfd(void)
{
	struct hugemem_request req = { .len = MIB(2), .backing = HUGEMEM_MEMFD };

	begin();
	fail_memfd = true;
	expect_failure(&req, -ENOMEM);
	CU_ASSERT(log_has("no memfd"));
	fail_hugetlbfs = true;
	req.backing = HUGEMEM_HUGETLB;
	expect_failure(&req, -ENOMEM);
	req = (struct hugemem_request){ .len = MIB(2), .need_fd = true };
	expect_failure(&req, -ENOMEM);
	CU_ASSERT(log_has("no memfd") && log_has("no hugetlb"));
	end();
}

/* Each call that gives memory fails once, then all of them do. */
static void
no_memory(void)
{
	struct hugemem mem;
	unsigned int nth, all;
	bool failed = true;
	int ret;

	begin();
	for (all = 0; all < 2; all++) {
		for (nth = 1, failed = true; failed && nth < 1000; nth++) {
			fail_alloc_arm(nth, all);
			ret = get_from(HUGEMEM_MEMFD, MIB(2), &mem);
			failed = fail_alloc_disarm();
			CU_ASSERT(ret == 0 || (failed && ret == -ENOMEM));
			if (ret == 0)
				expect_freed(&mem);
		}
		CU_ASSERT_FALSE(failed);
	}
	end();
}

/* Once the window is without memory for its books, it comes back when there is some. */
static void
window_recovers(void)
{
	struct hugemem mem;
	unsigned int nth;

	begin();
	for (nth = 1; nth < 8; nth++) {
		fail_alloc_arm(nth, true);
		if (get_from(HUGEMEM_MEMFD, MIB(2), &mem) == 0)
			hugemem_free(&mem);
		fail_alloc_disarm();
	}
	CU_ASSERT_EQUAL_FATAL(get_from(HUGEMEM_MEMFD, MIB(2), &mem), 0);
	expect_low(&mem);
	expect_freed(&mem);
	end();
}

static unsigned long
hugepages_free(void)
{
	unsigned long n = 0;
	char line[128];
	FILE *f = fopen("/proc/meminfo", "r");

	while (f != NULL && fgets(line, sizeof(line), f) != NULL)
		sscanf(line, "HugePages_Free: %lu", &n);
	if (f != NULL)
		fclose(f);
	return n;
}

/* More than there are in all, one after the other. Somebody else may take some meanwhile. */
static void
hugepages_come_back(void)
{
	const enum hugemem_backing backings[] = { HUGEMEM_HUGETLB, HUGEMEM_MEMZONE };
	unsigned long before;
	struct hugemem mem;
	unsigned int i;

	if (!eal_has_hugepages()) {
		test_skip("this run is without hugepages");
		return;
	}
	log_catch();
	before = hugepages_free();
	for (i = 0; i < 100; i++) {
		CU_ASSERT_EQUAL_FATAL(get_from(backings[i % 2], MIB(8), &mem), 0);
		hugemem_free(&mem);
	}
	CU_ASSERT(hugepages_free() + 100 > before);
	log_release();
}

static void
cycles(void)
{
	struct hugemem mem[8];
	unsigned int i, j, wrong = 0;
	void *first = NULL;

	begin();
	for (i = 0; i < 500; i++) {
		for (j = 0; j < 8; j++)
			wrong += get_from(HUGEMEM_MEMFD, KIB(4) << j, &mem[j]) != 0;
		CU_ASSERT_EQUAL_FATAL(wrong, 0);
		if (i == 0)
			first = mem[0].va;
		wrong += mem[0].va != first;
		for (j = 0; j < 8; j++)
			hugemem_free(&mem[(j + i) % 8]);
	}
	CU_ASSERT_EQUAL(wrong, 0);
	end();
}

/*
 * The window of virtual addresses
 */

/* Blocks lie apart, so that one that runs over hits nothing. */
static void
blocks_do_not_adjoin(void)
{
	struct hugemem mem[16];
	unsigned int i, j;

	begin();
	for (i = 0; i < 16; i++)
		CU_ASSERT_EQUAL_FATAL(get_from(HUGEMEM_MEMFD, MIB(2), &mem[i]), 0);
	for (i = 0; i < 16; i++) {
		for (j = 0; j < 16; j++)
			CU_ASSERT((char *)mem[i].va + mem[i].len != (char *)mem[j].va);
		CU_ASSERT_EQUAL(hugemem_check_user((char *)mem[i].va + mem[i].len, KIB(4), false),
				-EFAULT);
	}
	for (i = 0; i < 16; i++)
		expect_freed(&mem[i]);
	end();
}

/* Somebody else has mapped len bytes where the next block would lie: it lies elsewhere, and low. */
static void
place_is_taken(size_t len)
{
	struct hugemem mem;
	uint64_t at;
	void *other;

	begin();
	CU_ASSERT_EQUAL_FATAL(get_from(HUGEMEM_MEMFD, MIB(2), &mem), 0);
	at = (uintptr_t)mem.va;
	expect_freed(&mem);
	other = occupy(at, len);
	CU_ASSERT_PTR_NOT_NULL_FATAL(other);
	CU_ASSERT_EQUAL_FATAL(get_from(HUGEMEM_MEMFD, MIB(2), &mem), 0);
	CU_ASSERT((uintptr_t)mem.va >= at + len || (uintptr_t)mem.va + mem.len <= at);
	expect_block(&mem, MIB(2));
	expect_file(&mem);
	expect_low(&mem);
	expect_freed(&mem);
	CU_ASSERT_TRUE(is_mapped(other, KIB(4)));
	munmap(other, len);
	CU_ASSERT_EQUAL_FATAL(get_from(HUGEMEM_MEMFD, MIB(2), &mem), 0);
	CU_ASSERT_EQUAL((uintptr_t)mem.va, at);
	expect_freed(&mem);
	end();
}

static void
places_are_taken(void)
{
	if (!low_is_free()) {
		test_skip("a sanitizer has the low addresses for itself");
		return;
	}
	place_is_taken(KIB(4));
	place_is_taken(MIB(2));
	place_is_taken(MIB(100));
	place_is_taken(GIB(1));
	place_is_taken(GIB(20));
}

static struct {
	void *va;
	size_t len;
} parts[512];
static unsigned int nb_parts;

/* All of a range that is free, piece by piece. */
static void
occupy_rest(uint64_t at, size_t len)
{
	void *got = occupy(at, len);

	if (got == NULL && len > MIB(2)) {
		occupy_rest(at, len / 2);
		occupy_rest(at + len / 2, len / 2);
	}
	if (got == NULL)
		return;
	CU_ASSERT_FATAL(nb_parts < 512);
	parts[nb_parts].va = got;
	parts[nb_parts++].len = len;
}

/* The whole window is taken: blocks lie higher, and are aligned all the same. */
static void
window_is_full(void)
{
	struct hugemem mem[4];
	unsigned int i, j;
	bool huge;

	begin();
	occupy_rest(LOW_END / 2, LOW_END / 2);
	for (i = 0; i < 4; i++) {
		huge = i == 2 && eal_has_hugepages();
		CU_ASSERT_EQUAL_FATAL(get_from(huge ? HUGEMEM_HUGETLB : HUGEMEM_MEMFD,
				KIB(4) * (1 + i), &mem[i]), 0);
		expect_block(&mem[i], KIB(4) * (1 + i));
		CU_ASSERT((uintptr_t)mem[i].va >= LOW_END);
		for (j = 0; j < i; j++)
			CU_ASSERT((char *)mem[i].va + mem[i].len != (char *)mem[j].va &&
					(char *)mem[j].va + mem[j].len != (char *)mem[i].va);
	}
	for (i = 0; i < 4; i++) {
		char *behind = (char *)mem[i].va + mem[i].len;

		expect_freed(&mem[i]);
		CU_ASSERT_FALSE(is_mapped(behind, KIB(4)));
	}
	while (nb_parts > 0) {
		nb_parts--;
		munmap(parts[nb_parts].va, parts[nb_parts].len);
	}
	end();
}

static void
backing_names(void)
{
	CU_ASSERT_STRING_EQUAL(hugemem_backing_str(HUGEMEM_ANY), "any");
	CU_ASSERT_STRING_EQUAL(hugemem_backing_str(HUGEMEM_MEMZONE), "memzone");
	CU_ASSERT_STRING_EQUAL(hugemem_backing_str(HUGEMEM_HUGETLB), "hugetlb");
	CU_ASSERT_STRING_EQUAL(hugemem_backing_str(HUGEMEM_MEMFD), "memfd");
}

/* First, while the window has no books yet. */
static const struct test_case first_cases[] = {
	{ "window recovers", window_recovers },
	{ NULL, NULL },
};

static const struct test_case backing_cases[] = {
	{ "memfd", memfd },
	{ "hugetlb", hugetlb },
	{ "hugetlb without a mount", hugetlb_without_mount },
	{ "memzone", memzone },
	{ "any", any },
	{ "any without hugepages", any_without_hugepages },
	{ "bad requests", bad_requests },
	{ "less will do", less_will_do },
	{ "less of hugepages will do", less_of_hugepages_will_do },
	{ "no such node", no_such_node },
	{ "names", backing_names },
	{ NULL, NULL },
};

static const struct test_case lack_cases[] = {
	{ "no descriptors", no_descriptors },
	{ "no memfd", no_memfd },
	{ "no memory", no_memory },
	{ "hugepages come back", hugepages_come_back },
	{ "cycles", cycles },
	{ NULL, NULL },
};

static const struct test_case window_cases[] = {
	{ "blocks do not adjoin", blocks_do_not_adjoin },
	{ "places are taken", places_are_taken },
	{ "window is full", window_is_full },
	{ NULL, NULL },
};

const struct test_suite eal_suites[] = {
	{ "hugemem, first", NULL, NULL, first_cases },
	{ "hugemem, backings", NULL, NULL, backing_cases },
	{ "hugemem, lack", NULL, NULL, lack_cases },
	{ "hugemem, window", NULL, NULL, window_cases },
	{ NULL, NULL, NULL, NULL },
};
