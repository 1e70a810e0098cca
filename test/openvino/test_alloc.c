/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Allocators and allocation: what is given, and what is refused.
 */
#include <errno.h>
#include <string.h>

#include <acceldev/acceldev.h>
#include <acceldev/accel_ctx.h>
#include <acceldev/openvino.h>

#include "log_text.h"
#include "ov_case.h"

#define MIB ((size_t)1 << 20)

static struct acceldev_ov_allocator *
make(const struct place *place)
{
	struct acceldev_ov_allocator *a = NULL;

	CU_ASSERT_EQUAL_FATAL(acceldev_ov_create(place->spec, place->bank, place->flags, &a), 0);
	CU_ASSERT_PTR_NOT_NULL_FATAL(a);
	return a;
}

static bool
is_good_handle(const struct place *place, const void *handle, const void *va)
{
	return handle != NULL && va != NULL && (handle == va) == (place->flags != 0);
}

/* All of it can be written, it begins and ends at a cache line, and the device reaches all. */
static bool
is_good_memory(const struct place *place, void *va, size_t size)
{
	struct accel_buf_at at;

	if ((uintptr_t)va % 64 != 0)
		return false;
	memset(va, 0x5a, size);
	if (place->spec == NULL)
		return accel_buf_from_va(va, &at) == -ENOENT;
	return accel_buf_from_va(va, &at) == 0 && at.offset == 0 && at.buf->len % 64 == 0 &&
			at.buf->len >= size && at.buf->len < size + 128 &&
			(at.space == ACCEL_SPACE_HOST) == (place->bank < 0);
}

static void
sizes(const struct place *place)
{
	static const size_t all[] = { 0, 1, 24, 63, 64, 65, 100, 4095, 4096, 10000, 65536, MIB + 1,
		16 * MIB };
	struct acceldev_ov_allocator *a = make(place);
	unsigned int i;

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		void *handle = acceldev_ov_alloc(a, all[i], 0);
		char *va = acceldev_ov_lock(handle, ACCELDEV_OV_WRITE);

		CU_ASSERT(is_good_handle(place, handle, va));
		CU_ASSERT(is_good_memory(place, va, all[i]));
		acceldev_ov_unlock(va);
		acceldev_ov_unlock(handle);
		CU_ASSERT(acceldev_ov_free(handle));
	}
	acceldev_ov_put(a);
}

static void
sizes_everywhere(void)
{
	case_each(sizes);
}

static void
apart(const struct place *place)
{
	struct acceldev_ov_allocator *a = make(place);
	void *handles[100];
	int i;

	for (i = 0; i < 100; i++) {
		handles[i] = acceldev_ov_alloc(a, 200, 0);
		memset(acceldev_ov_lock(handles[i], ACCELDEV_OV_WRITE), i, 256);
		acceldev_ov_unlock(handles[i]);
	}
	for (i = 0; i < 100; i++) {
		CU_ASSERT(case_is_filled(acceldev_ov_lock(handles[i], ACCELDEV_OV_READ), 256, i));
		acceldev_ov_unlock(handles[i]);
	}
	for (i = 0; i < 100; i++)
		CU_ASSERT(acceldev_ov_free(handles[i]));
	acceldev_ov_put(a);
}

static void
apart_everywhere(void)
{
	case_each(apart);
}

static void
alignments(const struct place *place)
{
	struct acceldev_ov_allocator *a = make(place);
	size_t align;

	for (align = 1; align <= 2 * MIB; align *= 2) {
		void *handle = acceldev_ov_alloc(a, 100, align);
		char *va = acceldev_ov_lock(handle, ACCELDEV_OV_WRITE);

		CU_ASSERT(is_good_handle(place, handle, va));
		CU_ASSERT_EQUAL((uintptr_t)va % (align < 64 ? 64 : align), 0);
		memset(va, 1, 128);
		CU_ASSERT(acceldev_ov_free(handle));
	}
	CU_ASSERT_PTR_NULL(acceldev_ov_alloc(a, 100, 3));
	CU_ASSERT_PTR_NULL(acceldev_ov_alloc(a, 100, 96));
	CU_ASSERT_PTR_NULL(acceldev_ov_alloc(a, 100, SIZE_MAX));
	acceldev_ov_put(a);
}

static void
alignments_everywhere(void)
{
	case_each(alignments);
}

/* Nothing is lost by what failed. */
static void
too_much(const struct place *place)
{
	struct acceldev_ov_allocator *a = make(place);
	void *handle = acceldev_ov_alloc(a, 64, 0);
	uint64_t left = place->bank >= 0 ? case_bank_free(place) : 0;
	struct test_usage before = test_usage_get();
	size_t size;
	int shift;

	log_text_begin();
	for (size = SIZE_MAX, shift = 0; shift < 16; shift++, size -= 31)
		CU_ASSERT_PTR_NULL(acceldev_ov_alloc(a, size, 0));
	CU_ASSERT_PTR_NULL(acceldev_ov_alloc(a, SIZE_MAX / 2, 0));
	CU_ASSERT_PTR_NULL(acceldev_ov_alloc(a, (size_t)1 << 50, 0));
	CU_ASSERT_PTR_NULL(acceldev_ov_alloc(a, SIZE_MAX - 4096, 4096));
	if (place->bank >= 0)
		CU_ASSERT_PTR_NULL(acceldev_ov_alloc(a, 65 * MIB, 0));
	log_text_end();
	TEST_ASSERT_NO_LEAK(before);
	if (place->bank >= 0)
		CU_ASSERT_EQUAL(case_bank_free(place), left);
	CU_ASSERT(acceldev_ov_free(handle));
	acceldev_ov_put(a);
}

static void
too_much_everywhere(void)
{
	case_each(too_much);
}

static void
refused(const char *spec, int bank, unsigned int flags, int err)
{
	struct acceldev_ov_allocator *a = GARBAGE;

	CU_ASSERT_EQUAL(acceldev_ov_create(spec, bank, flags, &a), err);
	CU_ASSERT_PTR_EQUAL(a, GARBAGE);
	CU_ASSERT_EQUAL(accel_dev_count(), 0);
}

static void
no_allocator(void)
{
	struct acceldev_ov_allocator *a = NULL;

	refused(NULL, 0, 0, -EINVAL);
	refused(NULL, -2, 0, -EINVAL);
	refused(NULL, ACCELDEV_OV_HOST, 2, -EINVAL);
	refused("soft:0", -2, 0, -EINVAL);
	CU_ASSERT_EQUAL(acceldev_ov_create(NULL, ACCELDEV_OV_HOST, 0, NULL), -EINVAL);
	log_text_begin();
	refused("soft:0", 0, 0, -EINVAL);
	refused(BANKS_SPEC, 2, 0, -EINVAL);
	refused(BANKS_SPEC, 65536, 0, -EINVAL);
	refused("soft:0,banks=257", 0, 0, -EINVAL);
	CU_ASSERT(acceldev_ov_create("no such thing", ACCELDEV_OV_HOST, 0, &a) < 0);
	CU_ASSERT(acceldev_ov_create("sim:no_model", ACCELDEV_OV_HOST, 0, &a) < 0);
	CU_ASSERT(acceldev_ov_create("", ACCELDEV_OV_HOST, 0, &a) < 0);
	log_text_end();
	CU_ASSERT_PTR_NULL(a);
	CU_ASSERT_PTR_NULL(acceldev_ov_alloc(NULL, 64, 0));
	acceldev_ov_hold(NULL);
	acceldev_ov_put(NULL);
	CU_ASSERT_EQUAL(accel_dev_count(), 0);
}

static void
equal(void)
{
	static const struct place places[] = {
		{ "", NULL, ACCELDEV_OV_HOST, 0 }, { "", "soft:0", ACCELDEV_OV_HOST, 0 },
		{ "", "soft:1", ACCELDEV_OV_HOST, 0 }, { "", BANKS_SPEC, ACCELDEV_OV_HOST, 0 },
		{ "", BANKS_SPEC, 0, 0 }, { "", BANKS_SPEC, 1, 0 },
	};
	const unsigned int n = sizeof(places) / sizeof(places[0]);
	unsigned int i, j;

	for (i = 0; i < n; i++) {
		for (j = 0; j < n; j++) {
			struct acceldev_ov_allocator *a = make(&places[i]), *b = make(&places[j]);

			CU_ASSERT_EQUAL(acceldev_ov_equal(a, b), i == j);
			acceldev_ov_put(a);
			acceldev_ov_put(b);
		}
	}
}

static void
counted(const struct place *place)
{
	struct acceldev_ov_allocator *a = make(place);
	void *handle;

	acceldev_ov_hold(a);
	acceldev_ov_put(a);
	handle = acceldev_ov_alloc(a, 64, 0);
	CU_ASSERT_PTR_NOT_NULL(handle);
	CU_ASSERT(acceldev_ov_free(handle));
	acceldev_ov_put(a);
}

static void
counted_everywhere(void)
{
	case_each(counted);
}

/* A device that the program has itself stays open, and is what a second allocator has as well. */
static void
shared_device(void)
{
	static const struct place place = { "", "soft:0", ACCELDEV_OV_HOST, 0 };
	struct acceldev_ov_allocator *a, *b;
	struct accel_buf_at at = { .iova = 0 };
	void *handle;
	int dev_id;

	CU_ASSERT_EQUAL_FATAL(accel_auto_init(), 0);
	dev_id = accel_dev_probe("soft:0");
	CU_ASSERT_FATAL(dev_id >= 0);
	a = make(&place);
	b = make(&place);
	CU_ASSERT_EQUAL(accel_dev_count(), 1);
	CU_ASSERT(acceldev_ov_equal(a, b));
	handle = acceldev_ov_alloc(b, 64, 0);
	acceldev_ov_put(a);
	acceldev_ov_put(b);
	CU_ASSERT_EQUAL(accel_buf_from_va(acceldev_ov_lock(handle, ACCELDEV_OV_READ), &at), 0);
	CU_ASSERT_EQUAL(at.buf->dev_id, dev_id);
	CU_ASSERT(acceldev_ov_free(handle));
	CU_ASSERT_EQUAL(accel_dev_count(), 1);
	CU_ASSERT_EQUAL(accel_dev_close((uint16_t)dev_id), 0);
}

static const struct test_case cases[] = {
	{ "sizes", sizes_everywhere },
	{ "memory apart from each other", apart_everywhere },
	{ "alignments", alignments_everywhere },
	{ "too much", too_much_everywhere },
	{ "no allocator", no_allocator },
	{ "equal allocators", equal },
	{ "counted", counted_everywhere },
	{ "a device of the program", shared_device },
	{ NULL, NULL },
};

const struct test_suite ov_suites[] = {
	{ "alloc", NULL, NULL, cases },
	{ NULL, NULL, NULL, NULL },
};
