/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * A driver with rings in memory, nvme_driver.c, on QEMU's NVMe controller: what the controller
 * tells of itself, bad ops, many ops, and a process that dies with ops in flight.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "eal_main.h"
#include "nvme_dev.h"
#include "soft_dev.h"
#include "test_guest_nvme.h"

#define IDENTIFIES 1000

static void
controller(void)
{
	const unsigned char *at;
	struct accel_buf *buf;
	uint16_t dev;

	if (nvme_skip_elsewhere())
		return;
	dev = nvme_run("");
	buf = nvme_pages(dev, 2, 0);
	at = buf->va;
	CU_ASSERT_EQUAL(nvme_identify(dev, CONTROLLER, buf->iova), ACCEL_STATUS_SUCCESS);
	CU_ASSERT(nvme_is_controller(at));
	CU_ASSERT_EQUAL(nvme_le(at + 2, 2), 0x1af4);
	CU_ASSERT_EQUAL(at[77], 7);  /* 2^7 pages in one transfer, QEMU's default */
	CU_ASSERT_EQUAL(nvme_le(at + 80, 4), nvme_reg(dev, REG_VS, 4));
	CU_ASSERT_EQUAL(at[512], 0x66); /* sizes of queue entries */
	CU_ASSERT_EQUAL(at[513], 0x44);
	CU_ASSERT(nvme_untouched(at + PAGE, PAGE));
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	soft_close(dev);
}

static void
namespaces(void)
{
	struct accel_bank_info bank;
	const unsigned char *at;
	struct accel_buf *buf;
	uint32_t highest;
	uint16_t dev;

	if (nvme_skip_elsewhere())
		return;
	dev = nvme_run("");
	buf = nvme_pages(dev, 1, 0);
	at = buf->va;
	CU_ASSERT_EQUAL(nvme_identify(dev, NAMESPACE, buf->iova), ACCEL_STATUS_SUCCESS);
	CU_ASSERT(nvme_is_namespace(at));
	CU_ASSERT_EQUAL(nvme_identify(dev, ACTIVE, buf->iova), ACCEL_STATUS_SUCCESS);
	CU_ASSERT(nvme_is_active_list(at));
	/* The bank ends behind the highest namespace that there can be, which is not active. */
	CU_ASSERT_EQUAL(nvme_identify(dev, CONTROLLER, buf->iova), ACCEL_STATUS_SUCCESS);
	highest = nvme_le(at + 516, 4);
	CU_ASSERT(highest > 1);
	CU_ASSERT_EQUAL(accel_bank_info_get(dev, 0, &bank), 0);
	CU_ASSERT_EQUAL(bank.len, NVME_AT(highest + 1, 0));
	CU_ASSERT_EQUAL(nvme_identify(dev, NVME_AT(highest, 0), buf->iova), ACCEL_STATUS_SUCCESS);
	CU_ASSERT(nvme_zeros(at, PAGE));
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	soft_close(dev);
}

/*
 * Ops
 */

static void
bad_ops(void)
{
	struct accel_buf *buf, *read_only, *gone;
	struct accel_op op, good;
	struct accel_qp_stats stats;
	uint64_t unmapped;
	uint16_t dev;

	if (nvme_skip_elsewhere())
		return;
	dev = nvme_run("");
	buf = nvme_pages(dev, 2, 0);
	read_only = nvme_pages(dev, 1, ACCEL_BUF_READ_ONLY);
	gone = nvme_pages(dev, 1, ACCEL_BUF_ISOLATED);
	unmapped = gone->iova;
	CU_ASSERT_EQUAL(accel_buf_free(gone), 0);
	good = nvme_op(CONTROLLER, buf->iova);
#define EXPECT(member, value, result)                                                              \
	do {                                                                                       \
		op = good;                                                                         \
		op.member = (value);                                                               \
		CU_ASSERT_EQUAL(nvme_run_op(dev, &op), ACCEL_STATUS_##result);                     \
	} while (0)
	EXPECT(type, ACCEL_OP_FILL, INVALID);
	EXPECT(flags, 0x80, INVALID);
	EXPECT(ext, &op, INVALID);
	EXPECT(src_space, ACCEL_SPACE_HOST, INVALID);
	EXPECT(src_space, ACCEL_SPACE_BANK(1), INVALID);
	EXPECT(dst_space, ACCEL_SPACE_BANK(0), INVALID);
	EXPECT(len, 0, LENGTH);
	EXPECT(len, PAGE - 1, LENGTH);
	EXPECT(len, 2 * PAGE, LENGTH);
	EXPECT(src, CONTROLLER + 1, INVALID);
	EXPECT(src, UINT64_MAX - PAGE + 1, BAD_ADDRESS);
	EXPECT(dst, buf->iova + 64, INVALID);
	EXPECT(dst, unmapped, BAD_ADDRESS);
	EXPECT(dst, read_only->iova, PERMISSION);
	/* These the controller refuses: what it does not know, and a namespace 0. */
	EXPECT(src, NVME_AT(0, 0x7f), INVALID);
	EXPECT(src, NVME_AT(0, 0), DEVICE_ERROR);
#undef EXPECT
	CU_ASSERT(nvme_untouched(buf->va, buf->len) && nvme_untouched(read_only->va, PAGE));
	CU_ASSERT_EQUAL(accel_qp_stats_get(dev, 0, &stats), 0);
	CU_ASSERT_EQUAL(stats.errors, 16);
	CU_ASSERT(nvme_works(dev));
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	CU_ASSERT_EQUAL(accel_buf_free(read_only), 0);
	soft_close(dev);
}

static const struct {
	uint64_t which;
	bool (*check)(const unsigned char *at);
} kinds[] = { { CONTROLLER, nvme_is_controller }, { NAMESPACE, nvme_is_namespace },
	{ ACTIVE, nvme_is_active_list } };

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

/* A run of ops that keeps several in flight: each has a page, and the kinds take turns. */
struct stream {
	uint16_t dev;
	struct accel_buf *buf;
	struct accel_op ops[NVME_DEPTH];
	uint64_t in, out;
	unsigned int bad;
};

/* Without assertions, for a child process too. */
static void
stream_in(struct stream *s, uint16_t n, uint8_t flags)
{
	struct accel_op *list[NVME_DEPTH];
	uint16_t i;

	for (i = 0; i < n; i++) {
		unsigned int slot = (s->in + i) % NVME_DEPTH;

		list[i] = &s->ops[slot];
		*list[i] = nvme_op(kinds[(s->in + i) % KINDS].which, s->buf->iova + slot * PAGE);
		list[i]->user_data = s->in + i;
		list[i]->flags = flags;
		memset((char *)s->buf->va + slot * PAGE, UNTOUCHED, PAGE);
	}
	s->bad += accel_enqueue_burst(s->dev, 0, list, n) != n;
	s->in += n;
}

static void
stream_out(struct stream *s, uint16_t n)
{
	struct accel_op *list[NVME_DEPTH];
	uint16_t i;

	n = nvme_wait(s->dev, list, n);
	s->bad += n == 0;
	for (i = 0; i < n; i++, s->out++) {
		unsigned int slot = s->out % NVME_DEPTH;

		s->bad += list[i]->user_data != s->out || list[i]->status != ACCEL_STATUS_SUCCESS ||
				!kinds[s->out % KINDS].check(
					(unsigned char *)s->buf->va + slot * PAGE);
	}
}

static void
many_in_flight(void)
{
	uint64_t random = 42;
	struct stream s = { 0 };
	struct accel_qp_stats stats;

	if (nvme_skip_elsewhere())
		return;
	s.dev = nvme_run("");
	s.buf = nvme_pages(s.dev, NVME_DEPTH, 0);
	while (s.out < IDENTIFIES && s.bad == 0) {
		uint16_t room = NVME_DEPTH - (uint16_t)(s.in - s.out);

		if (room > 0)
			stream_in(&s, 1 + soft_random(&random) % room, 0);
		stream_out(&s, 1 + soft_random(&random) % (s.in - s.out));
	}
	stream_out(&s, (uint16_t)(s.in - s.out));
	CU_ASSERT_EQUAL(s.bad, 0);
	CU_ASSERT_EQUAL(accel_qp_stats_get(s.dev, 0, &stats), 0);
	CU_ASSERT(stats.enqueued == s.in && stats.dequeued == s.in && stats.errors == 0);
	CU_ASSERT_EQUAL(stats.bytes, s.in * PAGE);
	CU_ASSERT_EQUAL(accel_buf_free(s.buf), 0);
	soft_close(s.dev);
}

/* Full, twice; then with fences, of which only one can run at a time. */
static void
full_and_fenced(void)
{
	struct stream s = { 0 };
	struct accel_op more, *list[] = { &more };

	if (nvme_skip_elsewhere())
		return;
	s.dev = nvme_run("");
	s.buf = nvme_pages(s.dev, NVME_DEPTH, 0);
	more = nvme_op(CONTROLLER, s.buf->iova);
	for (int i = 0; i < 2; i++) {
		stream_in(&s, NVME_DEPTH, 0);
		CU_ASSERT_EQUAL(accel_enqueue_burst(s.dev, 0, list, 1), 0);
		stream_out(&s, NVME_DEPTH);
	}
	for (int i = 0; i < 10; i++) {
		stream_in(&s, 5, ACCEL_OP_FENCE);
		stream_in(&s, 5, 0);
		stream_out(&s, 10);
	}
	CU_ASSERT_EQUAL(s.bad, 0);
	CU_ASSERT_EQUAL(accel_buf_free(s.buf), 0);
	soft_close(s.dev);
}

/*
 * A process that dies with commands in flight: this program once more, which tells of its progress
 */

#define CHILD  "ACCELDEV_TEST_CHILD"
#define KILLS  3
#define ROUNDS 5

static int
work_until_killed(int out)
{
	struct accel_dev_conf conf = { .size = sizeof(conf), .nb_qps = 1 };
	int dev = accel_dev_probe(nvme_spec("VM_NVME", ""));
	struct stream s = { .dev = (uint16_t)dev };
	char byte = 0;

	if (dev < 0 || accel_dev_configure(s.dev, &conf) != 0 ||
			accel_qp_setup(s.dev, 0, NULL) != 0 || accel_dev_start(s.dev) != 0 ||
			accel_buf_alloc(s.dev, NVME_DEPTH * PAGE, PAGE, 0, &s.buf) != 0)
		return 1;
	stream_in(&s, NVME_DEPTH, 0);
	while (s.bad == 0 && write(out, &byte, 1) == 1) {
		stream_out(&s, NVME_DEPTH / 2);
		stream_in(&s, NVME_DEPTH / 2, 0);
	}
	return 1;
}

/* Before the first suite, with EAL ready. */
static int
be_a_child(void)
{
	const char *out = getenv(CHILD);

	if (out != NULL)
		_exit(work_until_killed(atoi(out)));
	return 0;
}

static pid_t
start_child(int out)
{
	char text[16];
	pid_t pid;

	fflush(stdout);
	pid = fork();
	CU_ASSERT_FATAL(pid >= 0);
	if (pid != 0)
		return pid;
	snprintf(text, sizeof(text), "%d", out);
	setenv(CHILD, text, 1);
	execl("/proc/self/exe", "child", (char *)NULL);
	_exit(98);
}

static void
kill_one(void)
{
	int ends[2], status = 0, n;
	char byte;
	pid_t pid;

	CU_ASSERT_EQUAL_FATAL(pipe(ends), 0);
	pid = start_child(ends[1]);
	close(ends[1]);
	for (n = 0; n < ROUNDS && read(ends[0], &byte, 1) == 1; n++)
		;
	CU_ASSERT_EQUAL(n, ROUNDS);
	CU_ASSERT_EQUAL(kill(pid, SIGKILL), 0);
	CU_ASSERT_EQUAL(waitpid(pid, &status, 0), pid);
	CU_ASSERT(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	close(ends[0]);
}

static void
killed(void)
{
	uint16_t dev;
	int i;

	if (nvme_skip_elsewhere())
		return;
	for (i = 0; i < KILLS; i++) {
		kill_one();
		dev = nvme_run("");
		CU_ASSERT(nvme_works(dev));
		soft_close(dev);
	}
}

static const struct test_case op_cases[] = {
	{ "controller", controller },
	{ "namespaces", namespaces },
	{ "bad ops", bad_ops },
	{ "many in flight", many_in_flight },
	{ "full and fenced", full_and_fenced },
	{ "killed", killed },
	{ NULL, NULL },
};

const struct test_suite eal_suites[] = {
	{ "nvme ops", be_a_child, NULL, op_cases },
	{ "nvme ends", NULL, NULL, nvme_end_cases },
	{ "nvme life", NULL, NULL, nvme_life_cases },
	{ NULL, NULL, NULL, NULL },
};
