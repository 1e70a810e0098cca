/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Buffers of memory that a file descriptor names.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <acceldev/acceldev.h>

#include "eal_main.h"
#include "soft_dev.h"

#define PAGE 4096u

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

static int
memory_fd(off_t size)
{
	int fd = memfd_create("test", MFD_CLOEXEC);

	CU_ASSERT_FATAL(fd >= 0);
	CU_ASSERT_EQUAL(ftruncate(fd, size), 0);
	return fd;
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

static int
byte_at(int fd, off_t offset)
{
	uint8_t byte;

	return pread(fd, &byte, 1, offset) == 1 ? byte : -1;
}

static void
a_part_of_a_file(void)
{
	int fd = memory_fd(4 * PAGE);
	struct accel_buf *buf = NULL;
	struct test_usage maps;

	begin();
	maps = test_usage_get();
	CU_ASSERT_EQUAL_FATAL(accel_buf_import_fd(dev, fd, PAGE, 2 * PAGE, 0, &buf), 0);
	CU_ASSERT_EQUAL(buf->len, 2 * PAGE);
	CU_ASSERT_EQUAL(fill(buf->iova, buf->len, UINT64_C(0x0101010101010101)),
			ACCEL_STATUS_SUCCESS);
	CU_ASSERT(byte_at(fd, PAGE - 1) == 0 && byte_at(fd, PAGE) == 1);
	CU_ASSERT(byte_at(fd, 3 * PAGE - 1) == 1 && byte_at(fd, 3 * PAGE) == 0);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	TEST_ASSERT_NO_LEAK(maps);
	end();
	close(fd);
}

/* A file may end within its last page, of which the device reaches all: the rest is no file's. */
static void
the_last_page(void)
{
	int fd = memory_fd(PAGE + 10);
	struct accel_buf *buf = NULL;

	begin();
	CU_ASSERT_EQUAL_FATAL(accel_buf_import_fd(dev, fd, 0, PAGE + 10, 0, &buf), 0);
	CU_ASSERT_EQUAL(buf->len, 2 * PAGE);
	CU_ASSERT_EQUAL(fill(buf->iova, PAGE + 10, UINT64_C(0x0303030303030303)),
			ACCEL_STATUS_SUCCESS);
	CU_ASSERT(byte_at(fd, PAGE + 9) == 3 && byte_at(fd, PAGE + 10) == -1);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	CU_ASSERT_EQUAL_FATAL(accel_buf_import_fd(dev, fd, PAGE, 10, 0, &buf), 0);
	CU_ASSERT_EQUAL(buf->len, PAGE);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	SOFT_ASSERT_FAILS(accel_buf_import_fd(dev, fd, 0, PAGE + 11, 0, &buf), -ERANGE);
	SOFT_ASSERT_FAILS(accel_buf_import_fd(dev, fd, PAGE, 11, 0, &buf), -ERANGE);
	SOFT_ASSERT_FAILS(accel_buf_import_fd(dev, fd, 0, 2 * PAGE, 0, &buf), -ERANGE);
	end();
	close(fd);
}

static void
sealed(void)
{
	int fd = memfd_create("sealed", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	struct accel_buf *buf = NULL;

	CU_ASSERT_FATAL(fd >= 0);
	CU_ASSERT_EQUAL(ftruncate(fd, PAGE), 0);
	CU_ASSERT_EQUAL(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE), 0);
	begin();
	SOFT_ASSERT_FAILS(accel_buf_import_fd(dev, fd, 0, PAGE, 0, &buf), -EPERM);
	end();
	close(fd);
}

static void
descriptor_is_not_needed(void)
{
	int fd = memory_fd(PAGE);
	struct accel_buf *buf = NULL;

	begin();
	CU_ASSERT_EQUAL_FATAL(accel_buf_import_fd(dev, fd, 0, PAGE, 0, &buf), 0);
	close(fd);
	CU_ASSERT_EQUAL(fill(buf->iova, PAGE, 0), ACCEL_STATUS_SUCCESS);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	before.process.fds--; /* it was counted */
	end();
}

static void
read_only(void)
{
	int fd = memory_fd(PAGE), read_fd;
	struct accel_buf *buf = NULL;
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	read_fd = open(path, O_RDONLY | O_CLOEXEC);
	CU_ASSERT_FATAL(read_fd >= 0);
	begin();
	SOFT_ASSERT_FAILS(accel_buf_import_fd(dev, read_fd, 0, PAGE, 0, &buf), -EACCES);
	CU_ASSERT_EQUAL_FATAL(accel_buf_import_fd(dev, read_fd, 0, PAGE, ACCEL_BUF_READ_ONLY, &buf), 0);
	CU_ASSERT_EQUAL(fill(buf->iova, PAGE, 1), ACCEL_STATUS_PERMISSION);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	end();
	close(read_fd);
	close(fd);
}

/* Its pages may be hugepages, of which a part is mapped. */
static void
what_was_exported(void)
{
	struct accel_buf *own = NULL, *twin = NULL;
	int fd;

	begin();
	CU_ASSERT_EQUAL_FATAL(accel_buf_alloc(dev, 3 * PAGE, 0, ACCEL_BUF_EXPORTABLE, &own), 0);
	fd = accel_buf_export_fd(own);
	CU_ASSERT_FATAL(fd >= 0);
	CU_ASSERT_EQUAL_FATAL(accel_buf_import_fd(dev, fd, PAGE, PAGE, 0, &twin), 0);
	close(fd);
	CU_ASSERT_EQUAL(fill(twin->iova, PAGE, UINT64_C(0x0202020202020202)), ACCEL_STATUS_SUCCESS);
	CU_ASSERT_EQUAL(((uint8_t *)own->va)[2 * PAGE - 1], 2);
	CU_ASSERT_EQUAL(((uint8_t *)own->va)[2 * PAGE], 0);
	CU_ASSERT_EQUAL(accel_buf_free(own), 0);
	CU_ASSERT_EQUAL(fill(twin->iova, PAGE, 0), ACCEL_STATUS_SUCCESS);
	CU_ASSERT_EQUAL(accel_buf_free(twin), 0);
	end();
}

static void
bad_arguments(void)
{
	int fd = memory_fd(2 * PAGE), dir = open("/", O_RDONLY | O_CLOEXEC), pipe_fds[2];
	struct accel_buf *buf = (struct accel_buf *)&buf;

	CU_ASSERT_EQUAL_FATAL(pipe2(pipe_fds, O_CLOEXEC), 0);
	begin();
	SOFT_ASSERT_FAILS(accel_buf_import_fd(dev, -1, 0, PAGE, 0, &buf), -EBADF);
	SOFT_ASSERT_FAILS(accel_buf_import_fd(dev, 100000, 0, PAGE, 0, &buf), -EBADF);
	SOFT_ASSERT_FAILS(accel_buf_import_fd(dev, pipe_fds[0], 0, PAGE, 0, &buf), -EINVAL);
	SOFT_ASSERT_FAILS(accel_buf_import_fd(dev, dir, 0, PAGE, 0, &buf), -EINVAL);
	SOFT_ASSERT_FAILS(accel_buf_import_fd(dev, fd, 0, 0, 0, &buf), -ERANGE);
	SOFT_ASSERT_FAILS(accel_buf_import_fd(dev, fd, 2 * PAGE, PAGE, 0, &buf), -ERANGE);
	SOFT_ASSERT_FAILS(accel_buf_import_fd(dev, fd, PAGE, SIZE_MAX, 0, &buf), -ERANGE);
	SOFT_ASSERT_FAILS(accel_buf_import_fd(dev, fd, UINT64_MAX, PAGE, 0, &buf), -ERANGE);
	SOFT_ASSERT_FAILS(accel_buf_import_fd(dev, fd, 100, PAGE, 0, &buf), -EINVAL);
	SOFT_ASSERT_FAILS(accel_buf_import_fd(dev, fd, 0, PAGE, ACCEL_BUF_ZERO, &buf), -EINVAL);
	SOFT_ASSERT_FAILS(accel_buf_import_fd(dev, fd, 0, PAGE, 0, NULL), -EINVAL);
	SOFT_ASSERT_FAILS(accel_buf_import_fd(ACCEL_MAX_DEVS, fd, 0, PAGE, 0, &buf), -ENODEV);
	CU_ASSERT_PTR_EQUAL(buf, &buf);
	end();
	close(fd);
	close(dir);
	close(pipe_fds[0]);
	close(pipe_fds[1]);
}

/* The kernel says -ENODEV there, which is not about the accelerator. */
static void
what_cannot_be_mapped(void)
{
	struct accel_buf *buf = (struct accel_buf *)&buf;
	int fd = open("/sys/devices/system/cpu/online", O_RDONLY | O_CLOEXEC);

	if (fd < 0) {
		test_skip("there is no /sys, whose files have a size but cannot be mapped");
		return;
	}
	begin();
	SOFT_ASSERT_FAILS(accel_buf_import_fd(dev, fd, 0, PAGE, ACCEL_BUF_READ_ONLY, &buf), -EINVAL);
	CU_ASSERT_PTR_EQUAL(buf, &buf);
	end();
	close(fd);
}

static const struct test_case cases[] = {
	{ "a part of a file", a_part_of_a_file },
	{ "the last page", the_last_page },
	{ "the descriptor is not needed", descriptor_is_not_needed },
	{ "read-only", read_only },
	{ "sealed", sealed },
	{ "what was exported", what_was_exported },
	{ "bad arguments", bad_arguments },
	{ "what cannot be mapped", what_cannot_be_mapped },
	{ NULL, NULL },
};

const struct test_suite eal_suites[] = {
	{ "import by descriptor", NULL, NULL, cases },
	{ NULL, NULL, NULL, NULL },
};
