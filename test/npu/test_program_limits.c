/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * What a program is loaded from and how many there may be, what may lie beside what, and the words
 * that tell of it.
 */
#include "test_program.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log_lines.h"

/* A call that fails, with one line, which has these words. */
#define FAILS_SAYING(call, err, words)                                                             \
	do {                                                                                       \
		log_catch();                                                                       \
		CU_ASSERT_EQUAL((call), (err));                                                    \
		CU_ASSERT_EQUAL(log_lines(), 1);                                                   \
		CU_ASSERT(log_has(words));                                                         \
		log_release();                                                                     \
	} while (0)

/*
 * A small program: two inputs and two outputs of 16 bytes.
 */

static struct image_case case_small;

static void
pack_small(const char *path)
{
	struct program p;
	struct model m;

	CU_ASSERT_EQUAL_FATAL(model_read(path, &m), 0);
	CU_ASSERT_EQUAL_FATAL(program_make(path, &m, &p), 0);
	CU_ASSERT_EQUAL_FATAL(image_make(path, &m, &p, &case_small.bytes, &case_small.len), 0);
	program_free(&p);
	model_free(&m);
}

static struct accel_program *
load_small(uint16_t dev)
{
	char path[] = "/tmp/acceldev-small-XXXXXX";
	int fd;

	if (case_small.bytes == NULL) {
		fd = mkstemp(path);
		CU_ASSERT_FATAL(fd >= 0);
		CU_ASSERT(dprintf(fd, "input a 1 16\ninput b 1 16\nadd sum from=a,b\n"
				"shift half from=a by=1\noutput sum\noutput half\n") > 0);
		close(fd);
		pack_small(path);
		unlink(path);
	}
	return case_load(dev, &case_small);
}

int
limits_free(void)
{
	image_free(&case_small);
	case_small.bytes = NULL;
	return case_images_free();
}

/*
 * What is loaded
 */

/* The same limit as for files; memory behind the image is not even read. */
static void
too_much_memory(void)
{
	const size_t len = ((size_t)1 << 30) + 1;
	struct accel_program *program = NULL;
	uint16_t dev = soft_open("sim:npu");
	size_t pages;
	char *large;

	case_images_make();
	pages = (case_image.len + 4095) & ~(size_t)4095;
	large = mmap(NULL, len, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	CU_ASSERT_NOT_EQUAL_FATAL(large, MAP_FAILED);
	CU_ASSERT_EQUAL_FATAL(mprotect(large, pages, PROT_READ | PROT_WRITE), 0);
	memcpy(large, case_image.bytes, case_image.len);
	FAILS_SAYING(accel_program_load(dev, large, len, &program), -EFBIG, "1 GiB");
	CU_ASSERT_EQUAL(accel_program_load(dev, large, len - 1, &program), 0);
	CU_ASSERT_EQUAL(accel_program_unload(program), 0);
	munmap(large, len);
	soft_close(dev);
}

/* Which of them it is. */
static void
other_descriptors(void)
{
	char path[] = "/tmp/acceldev-program-XXXXXX";
	struct accel_program *program = NULL;
	uint16_t dev = soft_open("sim:npu");
	int null = open("/dev/null", O_RDWR | O_CLOEXEC), event = eventfd(1, EFD_CLOEXEC);
	int ends[2], maps = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
	int fd = mkstemp(path), blind = open(path, O_WRONLY | O_CLOEXEC);
	const char *neither = "neither a file, a memfd nor a dma-buf";

	CU_ASSERT_FATAL(null >= 0 && event >= 0 && maps >= 0 && fd >= 0 && blind >= 0);
	CU_ASSERT_EQUAL_FATAL(pipe2(ends, O_CLOEXEC), 0);
	FAILS_SAYING(accel_program_load_fd(dev, null, 0, 0, &program), -EINVAL, neither);
	FAILS_SAYING(accel_program_load_fd(dev, event, 0, 0, &program), -EINVAL, neither);
	FAILS_SAYING(accel_program_load_fd(dev, ends[0], 0, 0, &program), -EINVAL, neither);
	FAILS_SAYING(accel_program_load_fd(dev, maps, 0, 0, &program), -ERANGE, "files of /proc");
	FAILS_SAYING(accel_program_load_fd(dev, fd, 0, 0, &program), -ERANGE, "it is empty");
	CU_ASSERT_EQUAL(pwrite(fd, "x", 1, 0), 1);
	FAILS_SAYING(accel_program_load_fd(dev, fd, 1, 0, &program), -ERANGE, "too short");
	FAILS_SAYING(accel_program_load_fd(dev, blind, 0, 0, &program), -EACCES,
			"not open for reading");
	close(blind);
	close(fd);
	unlink(path);
	close(maps);
	close(ends[0]);
	close(ends[1]);
	close(event);
	close(null);
	soft_close(dev);
}

static void
other_paths(void)
{
	static char path[6000];
	struct accel_program *program = NULL;
	uint16_t dev = soft_open("sim:npu");

	FAILS_SAYING(accel_program_load_file(dev, "/dev/zero", &program), -EIO,
			"it is no regular file, but a device, pipe or socket");
	FAILS_SAYING(accel_program_load_file(dev, "/proc/self/maps", &program), -ERANGE,
			"files of /proc");
	memset(path, 'x', sizeof(path) - 1);
	log_catch();
	CU_ASSERT_EQUAL(accel_program_load_file(dev, path, &program), -ENAMETOOLONG);
	CU_ASSERT_EQUAL(log_lines(), 1);
	path[257] = '\0';
	CU_ASSERT_FALSE(log_has(path));
	CU_ASSERT(log_has(path + 1));
	CU_ASSERT(log_has("xxx... cannot be read"));
	log_release();
	soft_close(dev);
}

/*
 * How many
 */

static void
numbers_of_cores(void)
{
	FAILS_SAYING(accel_dev_probe("sim:npu,cores=0"), -EINVAL,
			"sim:npu: cores=0 must be a number from 1 to 16");
	FAILS_SAYING(accel_dev_probe("sim:npu,cores=17"), -EINVAL, "cores=17 must be");
	FAILS_SAYING(accel_dev_probe("sim:npu,cores=banana"), -EINVAL, "cores=banana must be");
	FAILS_SAYING(accel_dev_probe("sim:npu,cores=2x"), -EINVAL, "cores=2x must be");
	soft_close(soft_open("sim:npu,cores=16"));
}

static void
most_programs(void)
{
	static struct accel_program *programs[ACCEL_MAX_PROGRAMS + 1];
	uint16_t dev = soft_open("sim:npu");
	unsigned int i;

	for (i = 0; i < ACCEL_MAX_PROGRAMS; i++)
		programs[i] = load_small(dev);
	FAILS_SAYING(accel_program_load(dev, case_small.bytes, case_small.len, &programs[i]),
			-ENOSPC, "program 4096 of this process is the last");
	CU_ASSERT_EQUAL(accel_program_unload(programs[--i]), 0);
	programs[i++] = load_small(dev);
	while (i > 0)
		CU_ASSERT_EQUAL(accel_program_unload(programs[--i]), 0);
	soft_close(dev);
}

static void
most_instances(void)
{
	static struct accel_instance *instances[ACCEL_MAX_INSTANCES + 1];
	uint16_t dev = soft_open("sim:npu");
	struct accel_program *program = load_small(dev);
	unsigned int i, bad = 0;

	for (i = 0; i < ACCEL_MAX_INSTANCES; i++)
		bad += accel_instance_create(program, &instances[i]) != 0;
	CU_ASSERT_EQUAL_FATAL(bad, 0);
	FAILS_SAYING(accel_instance_create(program, &instances[i]), -ENOSPC,
			"instance 65536 of this process is the last");
	while (i > 0)
		bad += accel_instance_destroy(instances[--i]) != 0;
	CU_ASSERT_EQUAL(bad, 0);
	CU_ASSERT_EQUAL(accel_program_unload(program), 0);
	soft_close(dev);
}

/*
 * Beside each other
 */

static void
output_over_input(void)
{
	const char *words = "would lie over";
	uint16_t dev = case_open("sim:npu", 1, 0);
	struct accel_program *program = case_load(dev, &case_image);
	struct accel_buf *both;
	struct case_run run;

	case_run_make(&run, program, dev);
	CU_ASSERT_EQUAL(accel_buf_alloc(dev, 3 * CASE_IO, 4096, 0, &both), 0);
	FAILS_SAYING(accel_instance_bind(run.instance, 1, run.in->iova), -EINVAL, words);
	FAILS_SAYING(accel_instance_bind(run.instance, 0, run.out->iova), -EINVAL, words);
	CU_ASSERT_EQUAL(accel_instance_bind(run.instance, 0, both->iova + CASE_IO), 0);
	FAILS_SAYING(accel_instance_bind(run.instance, 1, both->iova + 64), -EINVAL, words);
	FAILS_SAYING(accel_instance_bind(run.instance, 1, both->iova + 2 * CASE_IO - 64), -EINVAL,
			words);
	/* What was refused has left the output where it was; side by side they may lie. */
	memcpy((char *)both->va + CASE_IO, run.in->va, CASE_IO);
	CU_ASSERT(case_run_ok(dev, 0, &run));
	CU_ASSERT_EQUAL(accel_instance_bind(run.instance, 1, both->iova), 0);
	CU_ASSERT_EQUAL(accel_instance_bind(run.instance, 1, both->iova + 2 * CASE_IO), 0);
	CU_ASSERT_EQUAL(accel_instance_bind(run.instance, 1, run.out->iova), 0);
	CU_ASSERT(case_run_ok(dev, 0, &run));
	CU_ASSERT_EQUAL(accel_buf_free(both), 0);
	case_run_free(&run);
	CU_ASSERT_EQUAL(accel_program_unload(program), 0);
	soft_close(dev);
}

/* Two inputs and two outputs of 16 bytes: nobody minds inputs in one place. */
static void
several_in_one_place(void)
{
	uint16_t dev = case_open("sim:npu", 1, 0);
	struct accel_program *program = load_small(dev);
	struct accel_op op = { .type = ACCEL_OP_RUN };
	struct accel_instance *instance;
	struct accel_buf *buf;
	int8_t *bytes;

	CU_ASSERT_EQUAL_FATAL(accel_instance_create(program, &instance), 0);
	CU_ASSERT_EQUAL_FATAL(accel_buf_alloc(dev, 4096, 4096, 0, &buf), 0);
	bytes = buf->va;
	bytes[0] = 21;
	CU_ASSERT_EQUAL(accel_instance_bind(instance, 0, buf->iova), 0);
	CU_ASSERT_EQUAL(accel_instance_bind(instance, 1, buf->iova), 0);
	CU_ASSERT_EQUAL(accel_instance_bind(instance, 2, buf->iova + 64), 0);
	FAILS_SAYING(accel_instance_bind(instance, 3, buf->iova + 64), -EINVAL, "would lie over");
	CU_ASSERT_EQUAL(accel_instance_bind(instance, 3, buf->iova + 80), 0);
	op.ext = instance;
	CU_ASSERT_EQUAL(case_exec(dev, 0, &op), ACCEL_STATUS_SUCCESS);
	CU_ASSERT_EQUAL(bytes[64], 42);
	CU_ASSERT_EQUAL(bytes[80], 10);
	CU_ASSERT_EQUAL(accel_instance_destroy(instance), 0);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	CU_ASSERT_EQUAL(accel_program_unload(program), 0);
	soft_close(dev);
}

/*
 * Ops
 */

/* All that a run does not use is 0. */
static void
fields_of_a_run(void)
{
	uint16_t dev = case_open("sim:npu", 1, 0);
	struct accel_program *program = case_load(dev, &case_image);
	struct accel_op *op, bads[6];
	struct case_run run;
	unsigned int i;

	case_run_make(&run, program, dev);
	op = case_run_op(&run);
	for (i = 0; i < 6; i++)
		bads[i] = *op;
	bads[0].src = bads[1].dst = UINT64_C(1) << 63;
	bads[2].src_space = bads[3].dst_space = 0x8000;
	bads[4].reserved[0] = bads[5].reserved[1] = UINT64_C(1) << 63;
	for (i = 0; i < 6; i++)
		CU_ASSERT_EQUAL(case_exec(dev, 0, &bads[i]), ACCEL_STATUS_INVALID);
	op->user_data = UINT64_MAX;
	CU_ASSERT_EQUAL(case_exec(dev, 0, op), ACCEL_STATUS_SUCCESS);
	case_run_free(&run);
	CU_ASSERT_EQUAL(accel_program_unload(program), 0);
	soft_close(dev);
}

const struct test_case limit_cases[] = {
	{ "too_much_memory", too_much_memory },
	{ "other_descriptors", other_descriptors },
	{ "other_paths", other_paths },
	{ "numbers_of_cores", numbers_of_cores },
	{ "most_programs", most_programs },
	{ "most_instances", most_instances },
	{ "output_over_input", output_over_input },
	{ "several_in_one_place", several_in_one_place },
	{ "fields_of_a_run", fields_of_a_run },
	{ NULL, NULL },
};
