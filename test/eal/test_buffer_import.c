/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Buffers with memory of their own: the application's, and what is handed to other processes; and
 * what happens when the process has no more of something.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <rte_common.h>

#include <acceldev/acceldev.h>

#include "eal_main.h"
#include "soft_dev.h"

#define PAGE    4096u
#define N_PAGES 16u
#define LEN     (N_PAGES * PAGE)

static uint16_t dev;
static struct soft_usage before;

static void
begin(void)
{
	dev = soft_open("soft:0");
	soft_run(dev, 1, 0, 0);
	before = soft_usage_get(dev);
}

static void
end(void)
{
	SOFT_ASSERT_NO_LEAK(dev, before);
	soft_close(dev);
}

static unsigned char *
new_pages(void)
{
	void *va = mmap(NULL, LEN, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CU_ASSERT_FATAL(va != MAP_FAILED);
	memset(va, 0x3c, LEN);
	return va;
}

static void
free_pages(void *va)
{
	CU_ASSERT_EQUAL(munmap(va, LEN), 0);
}

static struct accel_buf *
import(void *va, size_t len, uint32_t flags)
{
	struct accel_buf *buf = NULL;

	CU_ASSERT_EQUAL_FATAL(accel_buf_import(dev, va, len, flags, NULL, NULL, &buf), 0);
	CU_ASSERT_PTR_EQUAL(buf->va, va);
	CU_ASSERT_EQUAL(buf->len, len);
	CU_ASSERT_EQUAL(buf->iova, (uintptr_t)va);
	CU_ASSERT_EQUAL(buf->flags, flags);
	CU_ASSERT_EQUAL(buf->dev_id, dev);
	return buf;
}

static uint8_t
fill(uint64_t iova, uint64_t len, uint64_t pattern)
{
	struct accel_op op = { .type = ACCEL_OP_FILL, .dst = iova, .len = len, .pattern = pattern };
	struct accel_op *list[] = { &op };

	CU_ASSERT_EQUAL(accel_enqueue_burst(dev, 0, list, 1), 1);
	CU_ASSERT_EQUAL(accel_dequeue_burst(dev, 0, list, 1), 1);
	return op.status;
}

static bool
is_filled(const unsigned char *at, unsigned char byte, size_t len)
{
	return at[0] == byte && memcmp(at, at + 1, len - 1) == 0;
}

/*
 * Imports
 */

static void
import_is_taken_as_it_is(void)
{
	unsigned char *va = new_pages();
	struct accel_buf *buf;
	uint64_t iova;

	begin();
	buf = import(va, LEN, 0);
	CU_ASSERT(is_filled(va, 0x3c, LEN));
	CU_ASSERT_EQUAL(soft_info(dev).live_bufs, before.live_bufs + 1);
	CU_ASSERT_EQUAL(soft_info(dev).mapped_bytes, before.mapped_bytes + LEN);
	CU_ASSERT_EQUAL(accel_dev_virt2iova(dev, va, LEN, &iova), 0);
	CU_ASSERT_EQUAL(accel_dev_virt2iova(dev, va + LEN, 1, &iova), -ENOENT);
	CU_ASSERT_EQUAL(fill(buf->iova, LEN, 0), ACCEL_STATUS_SUCCESS);
	CU_ASSERT(is_filled(va, 0, LEN));
	SOFT_ASSERT_FAILS(accel_buf_export_fd(buf), -ENOTSUP);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	SOFT_ASSERT_FAILS(accel_buf_free(buf), -EINVAL);
	CU_ASSERT_EQUAL(accel_dev_virt2iova(dev, va, 1, &iova), -ENOENT);
	CU_ASSERT_EQUAL(fill((uintptr_t)va, 1, 1), ACCEL_STATUS_BAD_ADDRESS);
	va[0] = 1;
	end();
	free_pages(va);
}

static void
expect_no_import(void *va, size_t len, uint32_t flags, int err)
{
	struct accel_buf *buf = (struct accel_buf *)&buf;

	SOFT_ASSERT_FAILS(accel_buf_import(dev, va, len, flags, NULL, NULL, &buf), err);
	CU_ASSERT_PTR_EQUAL(buf, &buf);
}

static void
bad_imports(void)
{
	unsigned char *va = new_pages();
	unsigned int bit;

	begin();
	expect_no_import(NULL, LEN, 0, -EINVAL);
	expect_no_import(va, 0, 0, -EINVAL);
	expect_no_import(va + 1, LEN - PAGE, 0, -EINVAL);
	expect_no_import(va + 64, PAGE, 0, -EINVAL);
	expect_no_import(va, LEN - 1, 0, -EINVAL);
	expect_no_import(va, PAGE / 2, 0, -EINVAL);
	expect_no_import(va, SIZE_MAX, 0, -EINVAL);
	expect_no_import(va, SIZE_MAX - PAGE + 1, 0, -EINVAL);
	expect_no_import(va, (size_t)PTRDIFF_MAX + 1, 0, -EINVAL);
	for (bit = 0; bit < 32; bit++) {
		if (1u << bit != ACCEL_BUF_READ_ONLY)
			expect_no_import(va, LEN, 1u << bit, -EINVAL);
	}
	SOFT_ASSERT_FAILS(accel_buf_import(dev, va, LEN, 0, NULL, NULL, NULL), -EINVAL);
	end();
	CU_ASSERT(is_filled(va, 0x3c, LEN));
	free_pages(va);
}

static void
import_of_what_is_not_there(void)
{
	unsigned char *va = new_pages();
	unsigned int hole;

	begin();
	for (hole = 0; hole < N_PAGES; hole += 5) {
		CU_ASSERT_EQUAL(munmap(va + hole * PAGE, PAGE), 0);
		expect_no_import(va, LEN, 0, -EFAULT);
		expect_no_import(va, LEN, ACCEL_BUF_READ_ONLY, -EFAULT);
	}
	expect_no_import(va, PAGE, 0, -EFAULT);
	expect_no_import((void *)(UINTPTR_MAX - 2 * PAGE + 1), PAGE, 0, -EFAULT);
	expect_no_import((void *)(UINTPTR_MAX - PAGE + 1), PAGE, 0, -EFAULT);
	expect_no_import((void *)((uintptr_t)1 << 48), PAGE, 0, -EFAULT);
	expect_no_import((void *)((uintptr_t)1 << 63), PAGE, 0, -EFAULT);
	accel_buf_free(import(va + PAGE, 4 * PAGE, 0));
	end();
	free_pages(va);
}

static void
import_without_permission(void)
{
	unsigned char *va = new_pages();
	struct accel_buf *buf;

	begin();
	CU_ASSERT_EQUAL(mprotect(va + 3 * PAGE, PAGE, PROT_NONE), 0);
	expect_no_import(va, LEN, 0, -EFAULT);
	expect_no_import(va, LEN, ACCEL_BUF_READ_ONLY, -EFAULT);
	CU_ASSERT_EQUAL(mprotect(va + 3 * PAGE, PAGE, PROT_READ), 0);
	expect_no_import(va, LEN, 0, -EFAULT);
	buf = import(va, LEN, ACCEL_BUF_READ_ONLY);
	CU_ASSERT_EQUAL(fill(buf->iova, 1, 0), ACCEL_STATUS_PERMISSION);
	CU_ASSERT_EQUAL(fill(buf->iova + 3 * PAGE, 1, 0), ACCEL_STATUS_PERMISSION);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	end();
	CU_ASSERT(is_filled(va, 0x3c, LEN));
	free_pages(va);
}

static void
overlapping_imports(void)
{
	unsigned char *va = new_pages();
	struct accel_buf *buf, *other;
	uint64_t iova;

	begin();
	buf = import(va + 4 * PAGE, 4 * PAGE, 0);
	expect_no_import(va + 4 * PAGE, 4 * PAGE, 0, -EEXIST);
	expect_no_import(va + 4 * PAGE, 4 * PAGE, ACCEL_BUF_READ_ONLY, -EEXIST);
	expect_no_import(va, LEN, 0, -EEXIST);
	expect_no_import(va + 5 * PAGE, PAGE, 0, -EEXIST);
	expect_no_import(va + 7 * PAGE, 2 * PAGE, 0, -EEXIST);
	expect_no_import(va, 5 * PAGE, 0, -EEXIST);
	CU_ASSERT_EQUAL(accel_dev_virt2iova(dev, va, 1, &iova), -ENOENT);
	/* Those that touch do not overlap; together they are reachable in one piece. */
	other = import(va + 8 * PAGE, 2 * PAGE, 0);
	CU_ASSERT_EQUAL(accel_dev_virt2iova(dev, va + 4 * PAGE, 6 * PAGE, &iova), 0);
	CU_ASSERT_EQUAL(fill(buf->iova, 6 * PAGE, 0), ACCEL_STATUS_SUCCESS);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	CU_ASSERT_EQUAL(fill(other->iova - 1, 2, 1), ACCEL_STATUS_BAD_ADDRESS);
	CU_ASSERT_EQUAL(fill(other->iova, 2 * PAGE, 0), ACCEL_STATUS_SUCCESS);
	CU_ASSERT_EQUAL(accel_buf_free(import(va, 8 * PAGE, 0)), 0);
	CU_ASSERT_EQUAL(accel_buf_free(other), 0);
	end();
	free_pages(va);
}

static void
import_of_our_own_memory(void)
{
	static const uint32_t kinds[] = { 0, ACCEL_BUF_READ_ONLY, ACCEL_BUF_ISOLATED,
			ACCEL_BUF_EXPORTABLE };
	struct accel_buf *bufs[4];
	unsigned int i;

	dev = soft_open("soft:0");
	for (i = 0; i < RTE_DIM(kinds); i++)
		CU_ASSERT_EQUAL_FATAL(accel_buf_alloc(dev, LEN, PAGE, kinds[i], &bufs[i]), 0);
	before = soft_usage_get(dev);
	for (i = 0; i < RTE_DIM(kinds); i++)
		expect_no_import(bufs[i]->va, LEN, 0, -EEXIST);
	SOFT_ASSERT_NO_LEAK(dev, before);
	for (i = 0; i < RTE_DIM(kinds); i++)
		CU_ASSERT_EQUAL(accel_buf_free(bufs[i]), 0);
	soft_close(dev);
}

static void
import_for_two_devices(void)
{
	unsigned char *va = new_pages();
	uint16_t other = soft_open("soft:other");
	struct accel_buf *a, *b;
	uint64_t iova;

	begin();
	a = import(va, LEN, 0);
	CU_ASSERT_EQUAL(accel_dev_virt2iova(other, va, 1, &iova), -ENOENT);
	CU_ASSERT_EQUAL(accel_buf_import(other, va, LEN, ACCEL_BUF_READ_ONLY, NULL, NULL, &b), 0);
	CU_ASSERT_EQUAL(a->iova, b->iova);
	CU_ASSERT_EQUAL(accel_buf_free(a), 0);
	CU_ASSERT_EQUAL(accel_dev_virt2iova(dev, va, 1, &iova), -ENOENT);
	CU_ASSERT_EQUAL(accel_dev_virt2iova(other, va, LEN, &iova), 0);
	CU_ASSERT_EQUAL(accel_buf_free(b), 0);
	end();
	soft_close(other);
	free_pages(va);
}

/*
 * Release callbacks
 */

static struct {
	unsigned int calls;
	struct accel_buf *buf;
	uint8_t status;
	int virt2iova, free_again, close, nested;
} released;

static void
note_release(void *va, size_t len, void *arg)
{
	struct accel_buf *buf;
	uint64_t iova;

	CU_ASSERT_PTR_EQUAL(arg, &released);
	CU_ASSERT_EQUAL(len, LEN);
	released.calls++;
	released.virt2iova = accel_dev_virt2iova(dev, va, 1, &iova);
	released.status = fill((uintptr_t)va, LEN, 0);
	soft_log_begin();
	released.free_again = accel_buf_free(released.buf);
	released.close = accel_dev_close(dev);
	soft_log_end();
	released.nested = accel_buf_alloc(dev, 100, 0, ACCEL_BUF_ISOLATED, &buf);
	if (released.nested == 0)
		released.nested = accel_buf_free(buf);
	free_pages(va);
}

static void
release_comes_once_and_last(void)
{
	unsigned char *va = new_pages();

	begin();
	memset(&released, 0, sizeof(released));
	CU_ASSERT_EQUAL(accel_buf_import(dev, va, LEN, 0, note_release, &released,
			&released.buf), 0);
	CU_ASSERT_EQUAL(released.calls, 0);
	CU_ASSERT_EQUAL(accel_buf_free(released.buf), 0);
	CU_ASSERT_EQUAL(released.calls, 1);
	CU_ASSERT_EQUAL(released.status, ACCEL_STATUS_BAD_ADDRESS);
	CU_ASSERT_EQUAL(released.virt2iova, -ENOENT);
	CU_ASSERT_EQUAL(released.free_again, -EINVAL);
	CU_ASSERT_EQUAL(released.close, -EBUSY);
	CU_ASSERT_EQUAL(released.nested, 0);
	SOFT_ASSERT_FAILS(accel_buf_free(released.buf), -EINVAL);
	CU_ASSERT_EQUAL(released.calls, 1);
	CU_ASSERT_EQUAL(soft_info(dev).live_bufs, 0);
	CU_ASSERT_EQUAL(soft_info(dev).maps, 0);
	soft_close(dev);
}

static void
count_release(void *va, size_t len, void *arg)
{
	(void)va;
	(void)len;
	++*(unsigned int *)arg;
}

/* The callback imports the same memory again, to be freed by the next callback, and so on. */
static void
release_and_import(void *va, size_t len, void *arg)
{
	unsigned int *depth = arg;

	if (++*depth < 20) {
		CU_ASSERT_EQUAL(accel_buf_import(dev, va, len, 0, release_and_import, arg,
				&released.buf), 0);
		CU_ASSERT_EQUAL(accel_buf_free(released.buf), 0);
	}
}

static void
release_not_after_a_failure(void)
{
	unsigned int calls = 0, depth = 0;
	unsigned char *va = new_pages();
	struct accel_buf *buf, *other;

	begin();
	CU_ASSERT_EQUAL(accel_buf_import(dev, va, LEN, 0, count_release, &calls, &buf), 0);
	SOFT_ASSERT_FAILS(accel_buf_import(dev, va, LEN, 0, count_release, &calls, &other),
			-EEXIST);
	SOFT_ASSERT_FAILS(accel_buf_import(dev, va + 1, LEN, 0, count_release, &calls, &other),
			-EINVAL);
	CU_ASSERT_EQUAL(calls, 0);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	CU_ASSERT_EQUAL(calls, 1);
	CU_ASSERT_EQUAL(accel_buf_import(dev, va, LEN, 0, release_and_import, &depth, &buf), 0);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	CU_ASSERT_EQUAL(depth, 20);
	end();
	free_pages(va);
}

/*
 * Exports
 */

static void *
map_fd(int fd, size_t *len)
{
	struct stat st;
	void *va;

	CU_ASSERT_EQUAL_FATAL(fstat(fd, &st), 0);
	*len = (size_t)st.st_size;
	va = mmap(NULL, *len, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	CU_ASSERT_FATAL(va != MAP_FAILED);
	return va;
}

static void
export_is_the_same_memory(void)
{
	static const size_t lens[] = { 1, PAGE, PAGE + 1, 3000000 };
	struct accel_buf *buf;
	unsigned char *mem;
	unsigned int i;
	size_t size;
	int fd;

	begin();
	for (i = 0; i < RTE_DIM(lens); i++) {
		CU_ASSERT_EQUAL(accel_buf_alloc(dev, lens[i], 0, ACCEL_BUF_EXPORTABLE, &buf), 0);
		fd = accel_buf_export_fd(buf);
		CU_ASSERT_FATAL(fd >= 0);
		CU_ASSERT((fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
		mem = map_fd(fd, &size);
		CU_ASSERT(size >= lens[i]);
		memset(buf->va, 0x11, lens[i]);
		CU_ASSERT(is_filled(mem, 0x11, lens[i]));
		memset(mem, 0x22, lens[i]);
		CU_ASSERT(is_filled(buf->va, 0x22, lens[i]));
		CU_ASSERT_EQUAL(fill(buf->iova, lens[i], UINT64_C(0x3333333333333333)), 0);
		CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
		CU_ASSERT(is_filled(mem, 0x33, lens[i])); /* lives on until both are gone */
		munmap(mem, size);
		close(fd);
	}
	end();
}

static void
exports_are_independent(void)
{
	struct accel_buf *buf;
	int a, b, c;

	begin();
	CU_ASSERT_EQUAL(accel_buf_alloc(dev, PAGE, 0, ACCEL_BUF_EXPORTABLE, &buf), 0);
	a = accel_buf_export_fd(buf);
	b = accel_buf_export_fd(buf);
	CU_ASSERT(a >= 0 && b >= 0 && a != b);
	CU_ASSERT_EQUAL(close(a), 0);
	CU_ASSERT_NOT_EQUAL(fcntl(b, F_GETFD), -1);
	c = accel_buf_export_fd(buf);
	CU_ASSERT(c >= 0);
	CU_ASSERT_EQUAL(close(b), 0);
	CU_ASSERT_EQUAL(close(c), 0);
	CU_ASSERT_EQUAL(fill(buf->iova, PAGE, 0), ACCEL_STATUS_SUCCESS);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	SOFT_ASSERT_FAILS(accel_buf_export_fd(buf), -EINVAL);
	end();
}

static void
export_needs_the_flag(void)
{
	static const uint32_t kinds[] = { 0, ACCEL_BUF_READ_ONLY, ACCEL_BUF_ISOLATED,
			ACCEL_BUF_ZERO };
	struct accel_buf *buf;
	unsigned int i;

	dev = soft_open("soft:0");
	for (i = 0; i < RTE_DIM(kinds); i++) {
		CU_ASSERT_EQUAL(accel_buf_alloc(dev, 64, 0, kinds[i], &buf), 0);
		SOFT_ASSERT_FAILS(accel_buf_export_fd(buf), -ENOTSUP);
		CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	}
	soft_close(dev);
}

/* A child reaches the buffer by its descriptor, not by the mapping of its parent. */
static int
child_writes(void *arg)
{
	struct accel_buf *buf = arg;
	int fd = (int)buf->len; /* see below: the test passes a copy */
	unsigned char *mem, vec;
	size_t size;

	if (mincore(buf->va, PAGE, &vec) == 0 || errno != ENOMEM)
		return 1;
	mem = map_fd(fd, &size);
	if (!is_filled(mem, 0x44, PAGE))
		return 2;
	memset(mem, 0x55, PAGE);
	return 0;
}

static void
export_to_a_child(void)
{
	struct accel_buf *buf, copy;

	begin();
	CU_ASSERT_EQUAL(accel_buf_alloc(dev, PAGE, 0, ACCEL_BUF_EXPORTABLE, &buf), 0);
	memset(buf->va, 0x44, PAGE);
	copy = *buf;
	copy.len = (size_t)accel_buf_export_fd(buf);
	CU_ASSERT_EQUAL(soft_in_child(child_writes, &copy), 0);
	CU_ASSERT(is_filled(buf->va, 0x55, PAGE));
	close((int)copy.len);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	end();
}

/*
 * A process without room. Children try it, so that the limits die with them; 1 to 9 says what was
 * wrong.
 */

static int
use_all_kinds(int *failures)
{
	static const uint32_t kinds[] = { 0, ACCEL_BUF_READ_ONLY, ACCEL_BUF_ISOLATED,
			ACCEL_BUF_EXPORTABLE };
	struct accel_buf *buf;
	unsigned int i;
	int ret;

	for (i = 0; i < RTE_DIM(kinds); i++) {
		ret = accel_buf_alloc(dev, 16 << 20, 0, kinds[i], &buf);
		if (ret != 0 && ret != -ENOMEM && ret != -EMFILE)
			return 1;
		if (ret != 0)
			++*failures;
		else if (accel_buf_free(buf) != 0)
			return 2;
	}
	return 0;
}

static int
under_limit(int resource, rlim_t soft_limit)
{
	struct rlimit old, limit;
	struct accel_dev_info info;
	struct accel_arena_info arena;
	struct test_usage was = test_usage_get();
	int ret, failures = 0;

	rte_openlog_stream(fopen("/dev/null", "w"));
	was = test_usage_get();
	if (getrlimit(resource, &old) != 0)
		return 3;
	limit = old;
	limit.rlim_cur = soft_limit;
	if (setrlimit(resource, &limit) != 0)
		return 3;
	ret = use_all_kinds(&failures);
	setrlimit(resource, &old);
	if (ret != 0)
		return ret;
	if (failures != 4)
		return 4;
	if (accel_dev_info_get(dev, &info) != 0 || info.live_bufs != 0 || info.maps != 0 ||
			accel_arena_info_get(dev, 0, &arena) != -ENOENT)
		return 5;
	if (test_usage_get().fds != was.fds || test_usage_get().maps != was.maps)
		return 6;
	/* With room again, all is well. */
	ret = use_all_kinds(&failures);
	return ret != 0 ? ret : failures != 4 ? 7 : accel_dev_close(dev) != 0 ? 8 : 0;
}

static int
without_descriptors(void *arg)
{
	int fd = dup(0);

	(void)arg;
	close(fd);
	return under_limit(RLIMIT_NOFILE, fd);
}

static int
without_addresses(void *arg)
{
	(void)arg;
	return under_limit(RLIMIT_AS, test_address_space(8 << 20));
}

static void
room_runs_out(int (*fn)(void *arg))
{
	dev = soft_open("soft:0,mem=memfd");
	before = soft_usage_get(dev);
	CU_ASSERT_EQUAL(soft_in_child(fn, NULL), 0);
	end();
}

static void
no_descriptors_left(void)
{
	room_runs_out(without_descriptors);
}

static void
no_addresses_left(void)
{
	room_runs_out(without_addresses);
}

static int
export_without_descriptors(void *arg)
{
	struct rlimit limit;
	int fd = dup(0);

	close(fd);
	rte_openlog_stream(fopen("/dev/null", "w"));
	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = (rlim_t)fd + 1;
	setrlimit(RLIMIT_NOFILE, &limit);
	return accel_buf_export_fd(arg) == -EMFILE ? 0 : 1;
}

static void
no_descriptor_to_export(void)
{
	struct accel_buf *buf;

	begin();
	CU_ASSERT_EQUAL(accel_buf_alloc(dev, 64, 0, ACCEL_BUF_EXPORTABLE, &buf), 0);
	CU_ASSERT_EQUAL(soft_in_child(export_without_descriptors, buf), 0);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	end();
}

static const struct test_case import_cases[] = {
	{ "taken as it is", import_is_taken_as_it_is },
	{ "bad arguments", bad_imports },
	{ "what is not there", import_of_what_is_not_there },
	{ "without permission", import_without_permission },
	{ "overlapping", overlapping_imports },
	{ "our own memory", import_of_our_own_memory },
	{ "for two devices", import_for_two_devices },
	{ "release comes once and last", release_comes_once_and_last },
	{ "release not after a failure", release_not_after_a_failure },
	{ NULL, NULL },
};

static const struct test_case export_cases[] = {
	{ "the same memory", export_is_the_same_memory },
	{ "independent", exports_are_independent },
	{ "needs the flag", export_needs_the_flag },
	{ "to a child", export_to_a_child },
	{ NULL, NULL },
};

static const struct test_case room_cases[] = {
	{ "no descriptors left", no_descriptors_left },
	{ "no addresses left", no_addresses_left },
	{ "no descriptor to export", no_descriptor_to_export },
	{ NULL, NULL },
};

const struct test_suite eal_suites[] = {
	{ "import", NULL, NULL, import_cases },
	{ "export", NULL, NULL, export_cases },
	{ "no room", NULL, NULL, room_cases },
	{ NULL, NULL, NULL, NULL },
};
