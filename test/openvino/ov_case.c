/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "ov_case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <acceldev/acceldev.h>
#include <acceldev/accel_ctx.h>
#include <acceldev/openvino.h>

#define EXIT_SKIPPED 77

static const struct place places[] = {
	{ "ordinary memory", NULL, ACCELDEV_OV_HOST, 0 },
	{ "soft", "soft:0", ACCELDEV_OV_HOST, 0 },
	{ "soft without hugepages", "soft:0,mem=memfd", ACCELDEV_OV_HOST, 0 },
	{ "host memory of soft with banks", BANKS_SPEC, ACCELDEV_OV_HOST, 0 },
	{ "bank 0", BANKS_SPEC, 0, 0 },
	{ "bank 1", BANKS_SPEC, 1, 0 },
	{ "edu", "sim:edu", ACCELDEV_OV_HOST, 0 },
};

static void
run_at(const struct place *where, unsigned int flags, void (*fn)(const struct place *place))
{
	struct place place = *where;
	unsigned int before = CU_get_number_of_failures();

	place.flags = flags;
	fn(&place);
	CU_ASSERT_EQUAL(accel_dev_count(), 0);
	if (CU_get_number_of_failures() != before)
		printf("\n    at: %s, %s ", place.name, flags != 0 ? "pointers" : "handles");
}

static void
run_each(void (*fn)(const struct place *place), bool banks_only)
{
	unsigned int i;

	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (banks_only && places[i].bank < 0)
			continue;
		run_at(&places[i], 0, fn);
		run_at(&places[i], ACCELDEV_OV_POINTERS, fn);
	}
}

void
case_each(void (*fn)(const struct place *place))
{
	run_each(fn, false);
}

void
case_each_bank(void (*fn)(const struct place *place))
{
	run_each(fn, true);
}

/*
 * The device
 */

static void
run_op(uint16_t dev_id, struct accel_op *op)
{
	struct accel_op *ops = op, *done = NULL;

	op->type = ACCEL_OP_COPY;
	CU_ASSERT_EQUAL_FATAL(accel_enqueue_burst(dev_id, 0, &ops, 1), 1);
	while (accel_dequeue_burst(dev_id, 0, &done, 1) == 0)
		;
	CU_ASSERT_EQUAL(op->status, ACCEL_STATUS_SUCCESS);
}

static struct accel_buf_at
locate(const void *va)
{
	struct accel_buf_at at = { .space = ACCEL_SPACE_HOST };

	CU_ASSERT_EQUAL_FATAL(accel_buf_from_va(va, &at), 0);
	CU_ASSERT_NOT_EQUAL_FATAL(at.space, ACCEL_SPACE_HOST);
	return at;
}

void
case_device_write(void *va, const void *from, size_t len)
{
	struct accel_buf_at at = locate(va);
	struct accel_buf *staging;
	struct accel_op op = { .dst = at.addr, .dst_space = at.space, .len = len };

	CU_ASSERT_EQUAL_FATAL(accel_buf_alloc(at.buf->dev_id, len, 0, 0, &staging), 0);
	memcpy(staging->va, from, len);
	op.src = staging->iova;
	run_op(at.buf->dev_id, &op);
	accel_buf_free(staging);
}

void
case_device_read(void *va, void *to, size_t len)
{
	struct accel_buf_at at = locate(va);
	struct accel_buf *staging;
	struct accel_op op = { .src = at.addr, .src_space = at.space, .len = len };

	CU_ASSERT_EQUAL_FATAL(accel_buf_alloc(at.buf->dev_id, len, 0, 0, &staging), 0);
	op.dst = staging->iova;
	run_op(at.buf->dev_id, &op);
	memcpy(to, staging->va, len);
	accel_buf_free(staging);
}

int
case_device_has(void *va, size_t len)
{
	unsigned char *bytes = malloc(len);
	int value = -1;

	CU_ASSERT_PTR_NOT_NULL_FATAL(bytes);
	case_device_read(va, bytes, len);
	if (case_is_filled(bytes, len, bytes[0]))
		value = bytes[0];
	free(bytes);
	return value;
}

uint64_t
case_bank_free(const struct place *place)
{
	struct accel_bank_info info = { .len = 0 };
	int dev_id = accel_dev_by_name(BANKS_DEV);

	CU_ASSERT_FATAL(dev_id >= 0 && place->bank >= 0);
	CU_ASSERT_EQUAL(accel_bank_info_get((uint16_t)dev_id, (uint16_t)place->bank, &info), 0);
	return info.free_bytes;
}

bool
case_is_filled(const void *va, size_t len, int value)
{
	const unsigned char *bytes = va;

	return len == 0 || (bytes[0] == (unsigned char)value &&
			memcmp(bytes, bytes + 1, len - 1) == 0);
}

/*
 * The program
 */

#define HUGE_NEEDED ((size_t)64 << 20)

/* Mapping reserves the pages and leaves them untouched; it fails when too few are free. */
static bool
hugepages_free(void)
{
	void *va = mmap(NULL, HUGE_NEEDED, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);

	if (va == MAP_FAILED)
		return false;
	munmap(va, HUGE_NEEDED);
	return true;
}

/* With ACCELDEV_TEST_HUGE in the environment EAL has its memory in hugepages as well. */
int
main(int argc, char **argv)
{
	if (getenv("ACCELDEV_TEST_HUGE") != NULL) {
		if (!hugepages_free()) {
			printf("    skipped: too few free hugepages\n");
			return EXIT_SKIPPED;
		}
		setenv("ACCELDEV_EAL_ARGS", "--in-memory --no-pci --iova-mode=va "
				"--log-level=lib.eal:error --log-level=lib.telemetry:error", 1);
	}
	return test_main(ov_suites, argc, argv);
}
