/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Runs of programs with copies and fills between them, on one core and on several, and ops that are
 * refused.
 */
#include "test_program.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <drivers/npu/npu_regs.h>

#define QPS  4
#define RUNS 5 /* of a queue pair */

static bool
is_filled(const void *va, size_t len, int value)
{
	const unsigned char *bytes = va;

	return bytes[0] == value && memcmp(bytes, bytes + 1, len - 1) == 0;
}

static void
begin_one(uint16_t *dev, struct accel_program **program, struct case_run *run)
{
	*dev = case_open("sim:npu", 1, 0);
	*program = case_load(*dev, &case_image);
	case_run_make(run, *program, *dev);
}

static void
end_one(uint16_t dev, struct accel_program *program, struct case_run *run)
{
	case_run_free(run);
	CU_ASSERT_EQUAL(accel_program_unload(program), 0);
	soft_close(dev);
}

static struct accel_op
copy_op(uint64_t dst, uint64_t src, uint64_t len, uint8_t flags)
{
	return (struct accel_op){ .type = ACCEL_OP_COPY, .flags = flags, .src = src, .dst = dst,
		.len = len, .status = 0xee };
}

static struct accel_op
fill_op(uint64_t dst, uint64_t pattern, uint64_t len)
{
	return (struct accel_op){ .type = ACCEL_OP_FILL, .pattern = pattern, .dst = dst, .len = len,
		.status = 0xee };
}

/*
 * Runs
 */

static void
on_all_cores(void)
{
	static struct case_run runs[QPS][RUNS];
	uint16_t dev = case_open("sim:npu,cores=4", QPS, 0), qp, i, round;
	struct accel_program *program = case_load(dev, &case_image);
	struct accel_op *ops[RUNS];
	struct accel_program_info info;

	for (qp = 0; qp < QPS; qp++) {
		for (i = 0; i < RUNS; i++)
			case_run_make(&runs[qp][i], program, dev);
	}
	for (round = 0; round < 3; round++) {
		for (qp = 0; qp < QPS; qp++) {
			for (i = 0; i < RUNS; i++)
				ops[i] = case_run_op(&runs[(qp + round) % QPS][i]);
			case_enqueue(dev, qp, ops, RUNS);
		}
		for (qp = QPS; qp-- > 0;) {
			case_dequeue(dev, qp, ops, RUNS);
			for (i = 0; i < RUNS; i++) {
				struct case_run *run = &runs[(qp + round) % QPS][i];

				CU_ASSERT_PTR_EQUAL(ops[i], &run->op);
				CU_ASSERT_EQUAL(run->op.status, ACCEL_STATUS_SUCCESS);
				CU_ASSERT(case_run_is_right(run));
			}
		}
	}
	CU_ASSERT_EQUAL(accel_program_info_get(program, &info), 0);
	CU_ASSERT_EQUAL(info.nb_instances, QPS * RUNS);
	CU_ASSERT_EQUAL(info.runs, 3 * QPS * RUNS);
	CU_ASSERT_EQUAL(info.errors, 0);
	CU_ASSERT_EQUAL(info.cycles, (uint64_t)GOLDEN_CYCLES * info.runs);
	CU_ASSERT_EQUAL(case_xstat(dev, "npu_runs"), info.runs);
	CU_ASSERT_EQUAL(case_xstat(dev, "npu_cycles"), info.cycles);
	CU_ASSERT_EQUAL(case_xstat(dev, "npu_resets"), 0);
	for (qp = 0; qp < QPS; qp++) {
		for (i = 0; i < RUNS; i++)
			case_run_free(&runs[qp][i]);
	}
	CU_ASSERT_EQUAL(accel_program_unload(program), 0);
	soft_close(dev);
}

/* The input comes by a copy, the output goes by one, and both are filled afterwards. */
static void
between_copies(void)
{
	struct accel_buf *in, *out;
	struct accel_program *program;
	struct accel_op ops[8], *list[8];
	struct case_run run;
	unsigned int i;
	uint16_t dev;

	begin_one(&dev, &program, &run);
	CU_ASSERT_EQUAL(accel_buf_alloc(dev, CASE_IO, 0, 0, &in), 0);
	CU_ASSERT_EQUAL(accel_buf_alloc(dev, 2 * CASE_IO, 0, 0, &out), 0);
	memcpy(in->va, run.in->va, CASE_IO);
	memset(run.in->va, 0, CASE_IO);
	ops[0] = fill_op(out->iova, 0x7777777777777777, 2 * CASE_IO);
	ops[1] = copy_op(run.in->iova, in->iova, CASE_IO, 0);
	ops[2] = *case_run_op(&run);
	ops[2].flags = ACCEL_OP_FENCE;
	ops[3] = copy_op(out->iova, run.out->iova, CASE_IO, ACCEL_OP_FENCE);
	ops[4] = fill_op(run.in->iova, 0, CASE_IO);
	ops[5] = *case_run_op(&run); /* the instance is free only once the first has come back */
	ops[6] = copy_op(out->iova + CASE_IO, run.out->iova, 16, 0);
	ops[7] = fill_op(run.out->iova, 0x0102030405060708, CASE_IO - 3);
	for (i = 0; i < 8; i++)
		list[i] = &ops[i];
	case_enqueue(dev, 0, list, 8);
	case_dequeue(dev, 0, list, 8);
	for (i = 0; i < 8; i++) {
		CU_ASSERT_PTR_EQUAL(list[i], &ops[i]);
		CU_ASSERT_EQUAL(ops[i].status,
				i == 5 ? ACCEL_STATUS_INVALID : ACCEL_STATUS_SUCCESS);
	}
	CU_ASSERT_EQUAL(memcmp(out->va, run.expected, CASE_IO), 0);
	CU_ASSERT_EQUAL(memcmp((char *)out->va + CASE_IO, run.expected, 16), 0);
	CU_ASSERT(is_filled((char *)out->va + CASE_IO + 16, CASE_IO - 16, 0x77));
	CU_ASSERT(is_filled(run.in->va, CASE_IO, 0));
	CU_ASSERT_EQUAL(memcmp(run.out->va, "\x08\x07\x06\x05\x04\x03\x02\x01\x08", 9), 0);
	CU_ASSERT_EQUAL(((char *)run.out->va)[CASE_IO - 4], 4);
	CU_ASSERT_EQUAL(((int8_t *)run.out->va)[CASE_IO - 3], run.expected[15][253]);
	CU_ASSERT_EQUAL(accel_buf_free(in), 0);
	CU_ASSERT_EQUAL(accel_buf_free(out), 0);
	end_one(dev, program, &run);
}

static void
overlapping_copies(void)
{
	uint16_t dev = case_open("sim:npu", 1, 0);
	struct accel_buf *buf;
	struct accel_op op;
	unsigned char *bytes;
	int i;

	CU_ASSERT_EQUAL_FATAL(accel_buf_alloc(dev, 20000, 0, 0, &buf), 0);
	bytes = buf->va;
	for (i = 0; i < 20000; i++)
		bytes[i] = (unsigned char)(i % 251);
	op = copy_op(buf->iova + 5, buf->iova, 15000, 0);
	CU_ASSERT_EQUAL(case_exec(dev, 0, &op), ACCEL_STATUS_SUCCESS);
	for (i = 0; i < 15000 && bytes[i + 5] == i % 251; i++)
		;
	CU_ASSERT_EQUAL(i, 15000);
	op = copy_op(buf->iova, buf->iova + 5, 15000, 0);
	CU_ASSERT_EQUAL(case_exec(dev, 0, &op), ACCEL_STATUS_SUCCESS);
	for (i = 0; i < 15000 && bytes[i] == i % 251; i++)
		;
	CU_ASSERT_EQUAL(i, 15000);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	soft_close(dev);
}

/*
 * The classifier of digits
 */

#define RECORDS 256

static void *
read_file(const char *name, size_t len)
{
	const char *folder = getenv("ACCELDEV_TEST_DIGITS");
	char path[512], *data = calloc(1, len + 1);
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", folder != NULL ? folder : "", name);
	f = fopen(path, "rb");
	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	CU_ASSERT(fread(data, 1, len, f) > 0);
	fclose(f);
	return data;
}

static unsigned int
largest(const int8_t *scores)
{
	unsigned int i, best = 0;

	for (i = 1; i < 16; i++) {
		if (scores[i] > scores[best])
			best = i;
	}
	return best;
}

static unsigned int
count_right(uint16_t dev, struct accel_program *program, const int8_t *records,
		const uint8_t *labels)
{
	int pixels = accel_program_tensor_find(program, "pixels");
	int scores = accel_program_tensor_find(program, "scores");
	struct accel_buf *in[QPS], *out[QPS];
	struct accel_instance *instances[QPS];
	struct accel_op ops[QPS], *op;
	unsigned int i, right = 0;
	uint16_t qp;

	for (qp = 0; qp < QPS; qp++) {
		CU_ASSERT_EQUAL_FATAL(accel_instance_create(program, &instances[qp]), 0);
		CU_ASSERT_EQUAL_FATAL(accel_buf_alloc(dev, 64, 256, 0, &in[qp]), 0);
		CU_ASSERT_EQUAL_FATAL(accel_buf_alloc(dev, 16, 256, 0, &out[qp]), 0);
		CU_ASSERT_EQUAL(accel_instance_bind(instances[qp], (unsigned int)pixels,
				in[qp]->iova), 0);
		CU_ASSERT_EQUAL(accel_instance_bind(instances[qp], (unsigned int)scores,
				out[qp]->iova), 0);
	}
	for (i = 0; i < RECORDS + QPS; i++) {
		qp = i % QPS;
		if (i >= QPS) {
			case_dequeue(dev, qp, &op, 1);
			CU_ASSERT_EQUAL(op->status, ACCEL_STATUS_SUCCESS);
			right += largest(out[qp]->va) == labels[i - QPS];
		}
		ops[qp] = (struct accel_op){ .type = ACCEL_OP_RUN, .ext = instances[qp] };
		op = &ops[qp];
		if (i < RECORDS) {
			memcpy(in[qp]->va, records + 64 * i, 64);
			case_enqueue(dev, qp, &op, 1);
		}
	}
	for (qp = 0; qp < QPS; qp++) {
		CU_ASSERT_EQUAL(accel_instance_destroy(instances[qp]), 0);
		CU_ASSERT_EQUAL(accel_buf_free(in[qp]), 0);
		CU_ASSERT_EQUAL(accel_buf_free(out[qp]), 0);
	}
	return right;
}

static void
digits(void)
{
	uint16_t dev = case_open("sim:npu,cores=4", QPS, 0);
	const char *elf = getenv("ACCELDEV_TEST_DIGITS_BUILT");
	char path[512], *text = read_file("accuracy.txt", 4095), *at;
	uint8_t *labels = read_file("labels.bin", RECORDS);
	int8_t *records = read_file("records.bin", RECORDS * 64);
	struct accel_program *program = NULL;

	snprintf(path, sizeof(path), "%s/digits.elf", elf != NULL ? elf : "");
	CU_ASSERT_EQUAL_FATAL(accel_program_load_file(dev, path, &program), 0);
	at = strstr(text, "records int8 ");
	CU_ASSERT_PTR_NOT_NULL_FATAL(at);
	CU_ASSERT_EQUAL(count_right(dev, program, records, labels),
			strtoul(at + strlen("records int8 "), NULL, 10));
	CU_ASSERT_EQUAL(accel_program_unload(program), 0);
	soft_close(dev);
	free(text);
	free(labels);
	free(records);
}

/*
 * Ops that are refused
 */

static void
check_refused(uint16_t dev, void *ext)
{
	struct accel_op op = { .type = ACCEL_OP_RUN, .ext = ext };

	CU_ASSERT_EQUAL(case_exec(dev, 0, &op), ACCEL_STATUS_INVALID);
}

static void
no_instances(void)
{
	uint16_t dev, other = case_open("sim:npu.2", 1, 0);
	struct accel_program *program, *others = case_load(other, &case_image);
	struct case_run run, others_run;
	struct accel_instance *half, *freed;

	begin_one(&dev, &program, &run);
	case_run_make(&others_run, others, other);
	CU_ASSERT_EQUAL(accel_instance_create(program, &half), 0);
	check_refused(dev, half);
	CU_ASSERT_EQUAL(accel_instance_bind(half, 1, run.out->iova), 0);
	CU_ASSERT_EQUAL(accel_instance_bind(half, 1, run.out->iova), 0);
	check_refused(dev, half);
	CU_ASSERT_EQUAL(accel_instance_create(program, &freed), 0);
	CU_ASSERT_EQUAL(accel_instance_bind(freed, 0, run.in->iova), 0);
	CU_ASSERT_EQUAL(accel_instance_bind(freed, 1, run.out->iova), 0);
	CU_ASSERT_EQUAL(accel_instance_destroy(freed), 0);
	check_refused(dev, freed);
	check_refused(dev, NULL);
	check_refused(dev, &run);
	check_refused(dev, program);
	check_refused(dev, (char *)run.instance + 1);
	check_refused(dev, others_run.instance);
	check_refused(other, run.instance);
	CU_ASSERT(case_run_ok(other, 0, &others_run));
	CU_ASSERT(case_run_ok(dev, 0, &run));
	CU_ASSERT_EQUAL(accel_instance_destroy(half), 0);
	end_one(other, others, &others_run);
	end_one(dev, program, &run);
}

static void
bad_ops(void)
{
	struct accel_program *program;
	struct case_run run;
	uint16_t dev;

	begin_one(&dev, &program, &run);
	case_run_op(&run)->len = 1;
	CU_ASSERT_EQUAL(case_exec(dev, 0, &run.op), ACCEL_STATUS_LENGTH);
	case_run_op(&run)->flags = 2;
	CU_ASSERT_EQUAL(case_exec(dev, 0, &run.op), ACCEL_STATUS_INVALID);
	case_run_op(&run)->reserved0 = 1;
	CU_ASSERT_EQUAL(case_exec(dev, 0, &run.op), ACCEL_STATUS_INVALID);
	case_run_op(&run)->type = 0;
	CU_ASSERT_EQUAL(case_exec(dev, 0, &run.op), ACCEL_STATUS_INVALID);
	case_run_op(&run)->type = 4;
	CU_ASSERT_EQUAL(case_exec(dev, 0, &run.op), ACCEL_STATUS_INVALID);
	run.op = copy_op(run.out->iova, run.in->iova, 16, 0);
	run.op.ext = run.instance;
	CU_ASSERT_EQUAL(case_exec(dev, 0, &run.op), ACCEL_STATUS_INVALID);
	run.op = copy_op(run.out->iova, run.in->iova, 0, 0);
	CU_ASSERT_EQUAL(case_exec(dev, 0, &run.op), ACCEL_STATUS_LENGTH);
	run.op = copy_op(run.out->iova, run.in->iova, UINT64_C(1) << 32, 0);
	CU_ASSERT_EQUAL(case_exec(dev, 0, &run.op), ACCEL_STATUS_LENGTH);
	run.op = copy_op(run.out->iova, run.in->iova, 16, 0);
	run.op.src_space = ACCEL_SPACE_BANK(0);
	CU_ASSERT_EQUAL(case_exec(dev, 0, &run.op), ACCEL_STATUS_BAD_ADDRESS);
	run.op = fill_op(run.out->iova, 0, 16);
	run.op.dst_space = ACCEL_SPACE_BANK(0);
	CU_ASSERT_EQUAL(case_exec(dev, 0, &run.op), ACCEL_STATUS_BAD_ADDRESS);
	CU_ASSERT_EQUAL(((char *)run.out->va)[0], 0x55);
	/* None of them has left the instance in flight. */
	CU_ASSERT(case_run_ok(dev, 0, &run));
	end_one(dev, program, &run);
}

/* What a copy or fill cannot reach to its end is not begun. */
static void
unreachable_memory(void)
{
	uint16_t dev = case_open("sim:npu", 1, 0);
	struct accel_buf *buf, *edge, *read_only;
	struct accel_map map;
	struct accel_op op;
	uint64_t end;

	CU_ASSERT_EQUAL_FATAL(accel_buf_alloc(dev, 8192, 4096, 0, &buf), 0);
	CU_ASSERT_EQUAL_FATAL(accel_buf_alloc(dev, 8192, 4096, ACCEL_BUF_ISOLATED, &edge), 0);
	CU_ASSERT_EQUAL_FATAL(accel_buf_alloc(dev, 8192, 4096, ACCEL_BUF_READ_ONLY, &read_only), 0);
	CU_ASSERT_EQUAL(accel_dev_map_next(dev, edge->iova, &map), 0);
	end = map.iova + map.len;
	memset(buf->va, 1, 8192);
	memset(map.va, 2, map.len);
	CU_ASSERT_NOT_EQUAL_FATAL(accel_dev_map_next(dev, end, &map) == 0 && map.iova <= end, 1);
	op = copy_op(buf->iova, end - 6000, 8192, 0);
	CU_ASSERT_EQUAL(case_exec(dev, 0, &op), ACCEL_STATUS_BAD_ADDRESS);
	CU_ASSERT(is_filled(buf->va, 8192, 1));
	op = copy_op(end - 6000, buf->iova, 8192, 0);
	CU_ASSERT_EQUAL(case_exec(dev, 0, &op), ACCEL_STATUS_BAD_ADDRESS);
	CU_ASSERT(is_filled(edge->va, 8192, 2));
	op = fill_op(end - 8192, 0, 8193);
	CU_ASSERT_EQUAL(case_exec(dev, 0, &op), ACCEL_STATUS_BAD_ADDRESS);
	CU_ASSERT(is_filled(edge->va, 8192, 2));
	op = fill_op(read_only->iova, 0, 8);
	CU_ASSERT_EQUAL(case_exec(dev, 0, &op), ACCEL_STATUS_PERMISSION);
	op = copy_op(read_only->iova, buf->iova, 8, 0);
	CU_ASSERT_EQUAL(case_exec(dev, 0, &op), ACCEL_STATUS_PERMISSION);
	op = copy_op(buf->iova, read_only->iova, 8192, 0);
	CU_ASSERT_EQUAL(case_exec(dev, 0, &op), ACCEL_STATUS_SUCCESS);
	op = fill_op(UINT64_MAX - 3, 0, 8);
	CU_ASSERT_EQUAL(case_exec(dev, 0, &op), ACCEL_STATUS_BAD_ADDRESS);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	CU_ASSERT_EQUAL(accel_buf_free(edge), 0);
	CU_ASSERT_EQUAL(accel_buf_free(read_only), 0);
	soft_close(dev);
}

/* Memory that is taken away while it is bound: the run tells. */
static void
bound_memory_goes(void)
{
	struct accel_program *program;
	struct accel_program_info info;
	struct accel_buf *in;
	struct case_run run;
	uint16_t dev;

	begin_one(&dev, &program, &run);
	CU_ASSERT_EQUAL_FATAL(accel_buf_alloc(dev, CASE_IO, 4096, ACCEL_BUF_ISOLATED, &in), 0);
	CU_ASSERT_EQUAL(accel_instance_bind(run.instance, 0, in->iova), 0);
	CU_ASSERT_EQUAL(accel_buf_free(in), 0);
	soft_log_begin();
	CU_ASSERT_EQUAL(case_exec(dev, 0, case_run_op(&run)), ACCEL_STATUS_BAD_ADDRESS);
	CU_ASSERT(soft_log_end() >= 1);
	CU_ASSERT_EQUAL(accel_instance_bind(run.instance, 0, run.in->iova), 0);
	CU_ASSERT(case_run_ok(dev, 0, &run));
	CU_ASSERT_EQUAL(accel_program_info_get(program, &info), 0);
	CU_ASSERT_EQUAL(info.runs, 1);
	CU_ASSERT_EQUAL(info.errors, 1);
	end_one(dev, program, &run);
}

/*
 * Interrupts: vectors are those of queue pairs
 */

static bool
signalled(int fd, int ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	eventfd_t value;

	return poll(&p, 1, ms) == 1 && eventfd_read(fd, &value) == 0;
}

static void
by_interrupt(void)
{
	uint16_t dev = case_open("sim:npu,cores=2", 2, 0), qp;
	struct accel_program *program = case_load(dev, &case_image);
	int fds[2] = { eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC),
		eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC) };
	struct accel_op fill, *ops[3], *back[3];
	struct case_run run[2];
	uint64_t cause = 1;

	case_run_make(&run[0], program, dev);
	case_run_make(&run[1], program, dev);
	CU_ASSERT_EQUAL(accel_irq_set(dev, ACCEL_IRQ_MSIX, 0, 2, fds), 0);
	for (qp = 0; qp < 2; qp++) {
		/* The run does not wait for a fill and a bad op to be dequeued. */
		fill = fill_op(run[0].out->iova, 0, 16);
		run[0].op.type = 0;
		run[0].op.ext = NULL;
		ops[0] = &fill;
		ops[1] = &run[0].op;
		ops[2] = case_run_op(&run[1]);
		case_enqueue(dev, qp, ops, 3);
		CU_ASSERT(signalled(fds[qp], 10000));
		CU_ASSERT_FALSE(signalled(fds[1 - qp], 0));
		CU_ASSERT_EQUAL(accel_dequeue_burst(dev, qp, back, 3), 3);
		CU_ASSERT_EQUAL(run[1].op.status, ACCEL_STATUS_SUCCESS);
		CU_ASSERT(case_run_is_right(&run[1]));
		/* Each run of a burst signals. */
		ops[0] = case_run_op(&run[0]);
		ops[1] = case_run_op(&run[1]);
		case_enqueue(dev, qp, ops, 2);
		CU_ASSERT(signalled(fds[qp], 10000));
		CU_ASSERT_EQUAL(accel_dequeue_burst(dev, qp, back, 2), 1);
		CU_ASSERT(signalled(fds[qp], 10000));
		CU_ASSERT_EQUAL(accel_dequeue_burst(dev, qp, back, 2), 1);
		CU_ASSERT_PTR_EQUAL(back[0], &run[1].op);
	}
	CU_ASSERT_EQUAL(accel_reg_read(dev, NPU_BAR, NPU_IRQ_CAUSE, 4, &cause), 0);
	CU_ASSERT_EQUAL(cause, 0);
	CU_ASSERT_EQUAL(accel_irq_set(dev, ACCEL_IRQ_MSIX, 0, 0, NULL), 0);
	CU_ASSERT(case_run_ok(dev, 1, &run[1]));
	CU_ASSERT_FALSE(signalled(fds[1], 10));
	close(fds[0]);
	close(fds[1]);
	case_run_free(&run[0]);
	case_run_free(&run[1]);
	CU_ASSERT_EQUAL(accel_program_unload(program), 0);
	soft_close(dev);
}

const struct test_case run_cases[] = {
	{ "on_all_cores", on_all_cores },
	{ "between_copies", between_copies },
	{ "overlapping_copies", overlapping_copies },
	{ "digits", digits },
	{ "no_instances", no_instances },
	{ "bad_ops", bad_ops },
	{ "unreachable_memory", unreachable_memory },
	{ "bound_memory_goes", bound_memory_goes },
	{ "by_interrupt", by_interrupt },
	{ NULL, NULL },
};
