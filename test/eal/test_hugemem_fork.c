/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * hugemem: what a child process inherits, and what it does not.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <eal_glue/hugemem.h>
#include <rte_malloc.h>
#include <rte_memory.h>

#include "eal_main.h"
#include "fail_alloc.h"
#include "log_lines.h"

#define KIB(n) ((size_t)(n) << 10)
#define MIB(n) ((size_t)(n) << 20)

static const enum hugemem_backing backings[] = { HUGEMEM_MEMZONE, HUGEMEM_HUGETLB, HUGEMEM_MEMFD };

static int
get_from(enum hugemem_backing backing, size_t len, struct hugemem *mem)
{
	const struct hugemem_request req = {
		.len = len, .socket = SOCKET_ID_ANY, .backing = backing,
	};

	return hugemem_alloc(&req, mem);
}

/* Pages of a block that a child has, or -1. */
static int
child_has(const void *va, size_t len)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		unsigned char resident;
		unsigned int n = 0;
		size_t at;

		for (at = 0; at < len; at += KIB(4))
			n += mincore((char *)(uintptr_t)va + at, 1, &resident) == 0;
		_exit(n < 100 ? n : 100);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

/* Mappings of this process that a child does not inherit. */
static unsigned int
count_hidden(void)
{
	FILE *f = fopen("/proc/self/smaps", "re");
	unsigned int n = 0;
	char line[512];

	CU_ASSERT_FATAL(f != NULL);
	while (fgets(line, sizeof(line), f) != NULL)
		n += strncmp(line, "VmFlags:", 8) == 0 && strstr(line, " dc") != NULL;
	fclose(f);
	return n;
}

static void
child_inherits_nothing(void)
{
	struct hugemem mem;
	unsigned int i;

	log_catch();
	for (i = 0; i < 3; i++) {
		if (get_from(backings[i], MIB(4), &mem) != 0) {
			CU_ASSERT(backings[i] != HUGEMEM_MEMFD && !eal_has_hugepages());
			continue;
		}
		CU_ASSERT_EQUAL(mem.backing, backings[i]);
		CU_ASSERT_PTR_NULL(strstr(mem.shortfall, "child"));
		memset(mem.va, 0x5a, mem.len);
		CU_ASSERT_EQUAL(child_has(mem.va, mem.len), 0);
		CU_ASSERT(*(char *)mem.va == 0x5a &&
				memcmp(mem.va, (char *)mem.va + 1, mem.len - 1) == 0);
		hugemem_free(&mem);
	}
	log_release();
}

/* What EAL has back, whether it keeps the pages or not, is children's again. */
static void
freed_memzones_are_inherited(void)
{
	unsigned int before = count_hidden();
	struct hugemem mem[2];
	void *va;

	if (!eal_has_hugepages()) {
		test_skip("this run is without hugepages");
		return;
	}
	log_catch();
	CU_ASSERT_EQUAL_FATAL(get_from(HUGEMEM_MEMZONE, MIB(4), &mem[0]), 0);
	CU_ASSERT_EQUAL_FATAL(get_from(HUGEMEM_MEMZONE, MIB(2), &mem[1]), 0);
	CU_ASSERT(count_hidden() > before);
	va = mem[0].va;
	hugemem_free(&mem[0]);
	CU_ASSERT_EQUAL(child_has(va, KIB(4) * 90), 90);
	CU_ASSERT_EQUAL(child_has(mem[1].va, mem[1].len), 0);
	hugemem_free(&mem[1]);
	CU_ASSERT_EQUAL(count_hidden(), before);
	log_release();
}

/* Neighbours of a memzone that EAL keeps its books in. */
static void
neighbours_are_inherited(void)
{
	struct hugemem mem;
	char *va;

	if (!eal_has_hugepages()) {
		test_skip("this run is without hugepages");
		return;
	}
	log_catch();
	CU_ASSERT_EQUAL_FATAL(get_from(HUGEMEM_MEMZONE, MIB(2), &mem), 0);
	va = rte_malloc(NULL, KIB(4), KIB(4));
	CU_ASSERT_PTR_NOT_NULL_FATAL(va);
	CU_ASSERT_EQUAL(child_has(va, KIB(4)), 1);
	CU_ASSERT_EQUAL(child_has((char *)mem.va - KIB(4), KIB(4)), 1);
	rte_free(va);
	hugemem_free(&mem);
	log_release();
}

/* As in pages of 1 GiB, of which 2 MiB cannot be hidden. */
static void
memzone_that_cannot_be_hidden(void)
{
	struct hugemem mem;

	if (!eal_has_hugepages()) {
		test_skip("this run is without hugepages");
		return;
	}
	log_catch();
	fail_dontfork = true;
	CU_ASSERT_EQUAL_FATAL(get_from(HUGEMEM_MEMZONE, MIB(2), &mem), 0);
	fail_dontfork = false;
	CU_ASSERT_PTR_NOT_NULL(strstr(mem.shortfall, "child processes share it"));
	CU_ASSERT_PTR_NOT_NULL(strstr(mem.shortfall, "mem=hugetlb"));
	CU_ASSERT_EQUAL(child_has(mem.va, KIB(4)), 1);
	hugemem_free(&mem);
	CU_ASSERT_EQUAL(log_lines(), 0);
	log_release();
}

static const struct test_case fork_cases[] = {
	{ "a child inherits nothing", child_inherits_nothing },
	{ "freed memzones are inherited", freed_memzones_are_inherited },
	{ "neighbours are inherited", neighbours_are_inherited },
	{ "a memzone that cannot be hidden", memzone_that_cannot_be_hidden },
	{ NULL, NULL },
};

const struct test_suite eal_suites[] = {
	{ "hugemem, children", NULL, NULL, fork_cases },
	{ NULL, NULL, NULL, NULL },
};
