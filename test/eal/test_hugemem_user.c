/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * hugemem: whether memory of the application can be used.
 */
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <eal_glue/hugemem.h>
#include <rte_memory.h>

#include "eal_main.h"
#include "log_lines.h"

#define KIB(n) ((size_t)(n) << 10)
#define MIB(n) ((size_t)(n) << 20)

static char *
user_pages(int prot, unsigned int pages)
{
	void *va = mmap(NULL, pages * KIB(4), prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CU_ASSERT_FATAL(va != MAP_FAILED);
	return va;
}

static void
check_user(void)
{
	char *va = user_pages(PROT_READ | PROT_WRITE, 600);
	unsigned char resident[600];
	unsigned int i, n = 0;

	CU_ASSERT_EQUAL(hugemem_check_user(va, KIB(4) * 600, false), 0);
	va[KIB(4) * 5] = 7;
	CU_ASSERT_EQUAL(hugemem_check_user(va, KIB(4) * 600, true), 0);
	CU_ASSERT_EQUAL(mincore(va, KIB(4) * 600, resident), 0);
	for (i = 0; i < 600; i++)
		n += resident[i] & 1;
	CU_ASSERT_EQUAL(n, 600);
	CU_ASSERT_EQUAL(va[KIB(4) * 5], 7);
	CU_ASSERT_EQUAL(va[KIB(4) * 6], 0);
	munmap(va, KIB(4) * 600);
	CU_ASSERT_EQUAL(hugemem_check_user(va, KIB(4) * 600, false), -EFAULT);
	CU_ASSERT_EQUAL(hugemem_check_user(va, KIB(4) * 600, true), -EFAULT);
}

static void
check_user_permissions(void)
{
	char *va = user_pages(PROT_READ, 4);

	CU_ASSERT_EQUAL(hugemem_check_user(va, KIB(16), false), 0);
	CU_ASSERT_EQUAL(hugemem_check_user(va, KIB(16), true), -EFAULT);
	CU_ASSERT_EQUAL(mprotect(va, KIB(4) * 3, PROT_READ | PROT_WRITE), 0);
	CU_ASSERT_EQUAL(hugemem_check_user(va, KIB(12), true), 0);
	CU_ASSERT_EQUAL(hugemem_check_user(va, KIB(16), true), -EFAULT);
	CU_ASSERT_EQUAL(mprotect(va + KIB(4), KIB(4), PROT_NONE), 0);
	CU_ASSERT_EQUAL(hugemem_check_user(va, KIB(16), false), -EFAULT);
	CU_ASSERT_EQUAL(hugemem_check_user(va + KIB(4), KIB(4), false), -EFAULT);
	CU_ASSERT_EQUAL(hugemem_check_user(va + KIB(8), KIB(8), false), 0);
	munmap(va, KIB(16));
}

static void
check_user_holes(void)
{
	char *va = user_pages(PROT_READ | PROT_WRITE, 1024);

	munmap(va + KIB(4) * 700, KIB(4));
	CU_ASSERT_EQUAL(hugemem_check_user(va, KIB(4) * 1024, true), -EFAULT);
	CU_ASSERT_EQUAL(hugemem_check_user(va, KIB(4) * 1024, false), -EFAULT);
	CU_ASSERT_EQUAL(hugemem_check_user(va, KIB(4) * 701, false), -EFAULT);
	CU_ASSERT_EQUAL(hugemem_check_user(va, KIB(4) * 700, true), 0);
	CU_ASSERT_EQUAL(hugemem_check_user(va + KIB(4) * 701, KIB(4) * 323, true), 0);
	munmap(va, KIB(4) * 1024);
}

static void
check_user_beyond(void)
{
	CU_ASSERT_EQUAL(hugemem_check_user(NULL, KIB(4), false), -EFAULT);
	CU_ASSERT_EQUAL(hugemem_check_user((void *)(UINTPTR_MAX - 4095), KIB(4), false), -EFAULT);
	CU_ASSERT_EQUAL(hugemem_check_user((void *)(UINTPTR_MAX - 4095), MIB(4), false), -EFAULT);
	CU_ASSERT_EQUAL(hugemem_check_user((void *)(UINT64_C(1) << 47), KIB(4), true), -EFAULT);
}

static void
check_user_of_our_own(void)
{
	enum hugemem_backing b;
	struct hugemem_request req = { .len = MIB(4), .socket = SOCKET_ID_ANY };
	struct hugemem mem;

	log_catch();
	for (b = HUGEMEM_ANY; b <= HUGEMEM_MEMFD; b++) {
		req.backing = b;
		if (hugemem_alloc(&req, &mem) != 0)
			continue;
		CU_ASSERT_EQUAL(hugemem_check_user(mem.va, mem.len, true), 0);
		CU_ASSERT_EQUAL(hugemem_check_user(mem.va, mem.len, false), 0);
		CU_ASSERT_EQUAL(((char *)mem.va)[0], 0);
		CU_ASSERT_EQUAL(memcmp(mem.va, (char *)mem.va + 1, mem.len - 1), 0);
		hugemem_free(&mem);
	}
	log_release();
}

static const struct test_case user_cases[] = {
	{ "populates", check_user },
	{ "permissions", check_user_permissions },
	{ "holes", check_user_holes },
	{ "beyond", check_user_beyond },
	{ "of our own", check_user_of_our_own },
	{ NULL, NULL },
};

const struct test_suite eal_suites[] = {
	{ "hugemem, user memory", NULL, NULL, user_cases },
	{ NULL, NULL, NULL, NULL },
};
