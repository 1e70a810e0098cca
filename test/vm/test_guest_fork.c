/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Children of a process that has a device by the kernel's VFIO: what they inherit, what they cannot
 * reach, and what they keep busy.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "eal_main.h"
#include "edu_dev.h"
#include "log_text.h"

#define PAGE 4096
#define LEN  64
#define DIED 100 /* what soft_in_child() gives */

static int
write_buf(void *arg)
{
	const struct accel_buf *buf = arg;

	memset(buf->va, 0xee, LEN);
	return 0;
}

/* Eight bytes are read where the register is mapped, fewer through the descriptor. */
static int
read_register(void *arg)
{
	uint64_t value;

	return accel_reg_read(*(uint16_t *)arg, EDU_BAR, EDU_DMA_SRC, 8, &value);
}

static int
count_bar_maps(void *arg)
{
	(void)arg;
	return (int)edu_bar_maps();
}

static void
reach_neither_memory_nor_registers(void)
{
	static const uint32_t kinds[] = { 0, ACCEL_BUF_READ_ONLY, ACCEL_BUF_ISOLATED,
			ACCEL_BUF_EXPORTABLE };
	uint16_t dev = edu_run(edu_spec());
	struct accel_buf *copy = edu_buf(dev, PAGE, 0), *buf;
	unsigned int i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		buf = edu_buf(dev, PAGE, kinds[i]);
		edu_fill(buf->va, LEN, i);
		CU_ASSERT_EQUAL(soft_in_child(write_buf, buf), DIED);
		CU_ASSERT_EQUAL(edu_copy(dev, ACCEL_SPACE_HOST, buf->iova, ACCEL_SPACE_HOST, copy->iova,
				LEN), ACCEL_STATUS_SUCCESS);
		CU_ASSERT(edu_has(copy->va, LEN, i));
		CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	}
	CU_ASSERT(edu_bar_maps() > 0);
	CU_ASSERT_EQUAL(soft_in_child(count_bar_maps, NULL), 0);
	CU_ASSERT_EQUAL(soft_in_child(read_register, &dev), DIED);
	CU_ASSERT_EQUAL(edu_get(dev, EDU_ID) & EDU_ID_MASK, EDU_ID_VALUE);
	CU_ASSERT_EQUAL(accel_buf_free(copy), 0);
	soft_close(dev);
}

/* A child that does nothing until it is killed. */
static pid_t
idle_child(void)
{
	pid_t pid;

	fflush(stdout);
	pid = fork();
	CU_ASSERT_FATAL(pid >= 0);
	while (pid == 0)
		pause();
	return pid;
}

static void
end_child(pid_t pid)
{
	CU_ASSERT_EQUAL(kill(pid, SIGKILL), 0);
	CU_ASSERT_EQUAL(waitpid(pid, NULL, 0), pid);
}

/* The device follows the parent, which keeps its pages; the child gets copies. */
static void
share_no_private_import(void)
{
	uint16_t dev = edu_run(edu_spec());
	struct accel_buf *copy = edu_buf(dev, PAGE, 0), *buf = NULL;
	void *va = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	pid_t pid;

	CU_ASSERT_FATAL(va != MAP_FAILED);
	edu_fill(va, LEN, 1);
	CU_ASSERT_EQUAL_FATAL(accel_buf_import(dev, va, PAGE, 0, NULL, NULL, &buf), 0);
	CU_ASSERT_EQUAL(soft_in_child(write_buf, buf), 0);
	CU_ASSERT(edu_has(va, LEN, 1));
	pid = idle_child();
	edu_fill(va, LEN, 2);
	CU_ASSERT_EQUAL(edu_copy(dev, ACCEL_SPACE_HOST, buf->iova, ACCEL_SPACE_HOST, copy->iova, LEN),
			ACCEL_STATUS_SUCCESS);
	CU_ASSERT(edu_has(copy->va, LEN, 2));
	end_child(pid);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	CU_ASSERT_EQUAL(accel_buf_free(copy), 0);
	munmap(va, PAGE);
	soft_close(dev);
}

/*
 * Descriptors of a program that this process runs, by a word in their targets; NULL: all of them.
 */
static unsigned int
program_has(const char *word)
{
	FILE *f = popen("exec ls -l /proc/self/fd 2>/dev/null", "re");
	unsigned int n = 0;
	char line[512];

	CU_ASSERT_FATAL(f != NULL);
	while (fgets(line, sizeof(line), f) != NULL)
		n += strstr(line, " -> ") != NULL && (word == NULL || strstr(line, word) != NULL);
	pclose(f);
	return n;
}

/* EAL has descriptors that are not close-on-exec, one of VFIO among them. */
static void
exec_without_descriptors(void)
{
	unsigned int all = program_has(NULL), vfio = program_has("vfio");
	uint16_t dev = edu_run(edu_spec());
	struct accel_buf *buf = edu_buf(dev, PAGE, ACCEL_BUF_EXPORTABLE);

	CU_ASSERT(all >= 3);
	CU_ASSERT_EQUAL(program_has(NULL), all);
	CU_ASSERT_EQUAL(program_has("vfio"), vfio);
	CU_ASSERT_EQUAL(program_has("acceldev"), 0);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	soft_close(dev);
}

/* The descriptors of a child that execs nothing keep the group from being opened again. */
static void
keep_the_group_busy(void)
{
	uint16_t dev = edu_run(edu_spec());
	pid_t pid = idle_child();

	soft_close(dev);
	LOG_ASSERT_FAILS(accel_dev_probe(edu_spec()), -EBUSY, "is in use", "fuser /dev/vfio/");
	end_child(pid);
	soft_close(edu_run(edu_spec()));
}

static const struct test_case child_cases[] = {
	{ "reach neither memory nor registers", reach_neither_memory_nor_registers },
	{ "share no private import", share_no_private_import },
	{ "exec without descriptors", exec_without_descriptors },
	{ "keep the group busy", keep_the_group_busy },
	{ NULL, NULL },
};

const struct test_suite eal_suites[] = {
	{ "children", NULL, NULL, child_cases },
	{ NULL, NULL, NULL, NULL },
};
