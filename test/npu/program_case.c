/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "program_case.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

#include "vta_ref.h"

#define WAIT_MS    60000
#define LONG_LOOPS 200

struct image_case case_image, case_long;
static struct golden data;

/* Each of the loops takes the model's core a second or so. */
static void
begin_long(struct program *p)
{
	struct vta_insn loop = vta_imm(vta_loop(VTA_ALU, 0, 1, 16383, 16383), VTA_ALU_MAX, 0);
	unsigned int i;

	program_move(p, vta_move(VTA_LOAD, VTA_MEM_UOP, 0, 1, 17, 17), 0, PROGRAM_UOP, 0);
	for (i = 0; i < LONG_LOOPS; i++)
		program_insn(p, loop, 0);
}

void
case_images_make(void)
{
	if (case_image.bytes != NULL)
		return;
	ref_seed(11);
	golden_make(&data);
	image_golden(&case_image, &data, NULL);
	image_golden(&case_long, &data, begin_long);
}

int
case_images_free(void)
{
	image_free(&case_image);
	image_free(&case_long);
	case_image.bytes = case_long.bytes = NULL;
	return 0;
}

uint16_t
case_open(const char *spec, uint16_t nb_qps, uint32_t deadline_us)
{
	uint16_t dev = soft_open(spec);

	soft_run(dev, nb_qps, 32, deadline_us);
	return dev;
}

struct accel_program *
case_load(uint16_t dev, const struct image_case *image)
{
	struct accel_program *program = NULL;

	case_images_make();
	CU_ASSERT_EQUAL_FATAL(accel_program_load(dev, image->bytes, image->len, &program), 0);
	return program;
}

void
case_run_make(struct case_run *run, struct accel_program *program, uint16_t dev)
{
	unsigned int i;

	memset(run, 0, sizeof(*run));
	CU_ASSERT_EQUAL_FATAL(accel_instance_create(program, &run->instance), 0);
	CU_ASSERT_EQUAL_FATAL(accel_buf_alloc(dev, CASE_IO, 256, 0, &run->in), 0);
	CU_ASSERT_EQUAL_FATAL(accel_buf_alloc(dev, CASE_IO, 256, 0, &run->out), 0);
	CU_ASSERT_EQUAL(accel_instance_bind(run->instance, 0, run->in->iova), 0);
	CU_ASSERT_EQUAL(accel_instance_bind(run->instance, 1, run->out->iova), 0);
	for (i = 0; i < CASE_IO; i++)
		data.a[i / GOLDEN_N][i % GOLDEN_N] = (int8_t)((int)ref_random(256) - 128);
	golden_compute(&data);
	memcpy(run->in->va, data.a, CASE_IO);
	memcpy(run->expected, data.out, CASE_IO);
}

void
case_run_free(struct case_run *run)
{
	CU_ASSERT_EQUAL(accel_instance_destroy(run->instance), 0);
	CU_ASSERT_EQUAL(accel_buf_free(run->in), 0);
	CU_ASSERT_EQUAL(accel_buf_free(run->out), 0);
}

struct accel_op *
case_run_op(struct case_run *run)
{
	memset(run->out->va, 0x55, CASE_IO);
	run->op = (struct accel_op){ .type = ACCEL_OP_RUN, .ext = run->instance, .status = 0xee };
	return &run->op;
}

bool
case_run_is_right(const struct case_run *run)
{
	return memcmp(run->out->va, run->expected, CASE_IO) == 0;
}

void
case_enqueue(uint16_t dev, uint16_t qp, struct accel_op **ops, uint16_t n)
{
	CU_ASSERT_EQUAL_FATAL(accel_enqueue_burst(dev, qp, ops, n), n);
}

void
case_dequeue(uint16_t dev, uint16_t qp, struct accel_op **ops, uint16_t n)
{
	uint64_t end = case_ms() + WAIT_MS;
	uint16_t done = 0;

	while (done < n && case_ms() < end) {
		uint16_t more = accel_dequeue_burst(dev, qp, ops + done, n - done);

		if (more == 0)
			usleep(100);
		done += more;
	}
	CU_ASSERT_EQUAL_FATAL(done, n);
}

enum accel_status
case_exec(uint16_t dev, uint16_t qp, struct accel_op *op)
{
	struct accel_op *back = NULL;

	case_enqueue(dev, qp, &op, 1);
	case_dequeue(dev, qp, &back, 1);
	CU_ASSERT_PTR_EQUAL(back, op);
	return (enum accel_status)op->status;
}

bool
case_run_ok(uint16_t dev, uint16_t qp, struct case_run *run)
{
	return case_exec(dev, qp, case_run_op(run)) == ACCEL_STATUS_SUCCESS &&
			case_run_is_right(run);
}

uint64_t
case_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

uint64_t
case_xstat(uint16_t dev, const char *name)
{
	struct accel_xstat xstats[512];
	int n = accel_xstats_get(dev, xstats, 512);
	uint64_t id;

	CU_ASSERT_FATAL(n > 0 && n <= 512);
	CU_ASSERT_EQUAL_FATAL(accel_xstats_get_id(dev, name, &id), 0);
	return xstats[id].value;
}
