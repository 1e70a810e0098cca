/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Locks: what is where after which of them, in memory of the host and in banks. In the names of the
 * tests W is a lock for writing, R one for reading, u an unlock.
 */
#include <string.h>

#include <acceldev/acceldev.h>
#include <acceldev/accel_ctx.h>
#include <acceldev/accel_sync.h>
#include <acceldev/openvino.h>

#include "log_text.h"
#include "ov_case.h"

#define SIZE 10000

static struct acceldev_ov_allocator *
make(const char *spec, int bank, unsigned int flags)
{
	struct acceldev_ov_allocator *a = NULL;

	CU_ASSERT_EQUAL_FATAL(acceldev_ov_create(spec, bank, flags, &a), 0);
	return a;
}

/* Memory that has its allocator no longer. */
static void *
get(const struct place *place)
{
	struct acceldev_ov_allocator *a = make(place->spec, place->bank, place->flags);
	void *handle = acceldev_ov_alloc(a, SIZE, 0);

	acceldev_ov_put(a);
	CU_ASSERT_PTR_NOT_NULL_FATAL(handle);
	return handle;
}

static unsigned char *
lock(void *handle, int op)
{
	unsigned char *va = acceldev_ov_lock(handle, op);

	CU_ASSERT_PTR_NOT_NULL_FATAL(va);
	return va;
}

static void
fill(void *handle, int value)
{
	memset(lock(handle, ACCELDEV_OV_WRITE), value, SIZE);
	acceldev_ov_unlock(handle);
}

static bool
reads(void *handle, int value)
{
	bool good = case_is_filled(lock(handle, ACCELDEV_OV_READ), SIZE, value);

	acceldev_ov_unlock(handle);
	return good;
}

static void
device_fills(void *va, int value)
{
	unsigned char bytes[SIZE];

	memset(bytes, value, sizeof(bytes));
	case_device_write(va, bytes, sizeof(bytes));
}

/*
 * Anywhere
 */

static void
keeps(const struct place *place)
{
	void *handle = get(place);
	unsigned char *va;

	fill(handle, 1);
	va = lock(handle, ACCELDEV_OV_WRITE);
	CU_ASSERT(case_is_filled(va, SIZE, 1));
	va[SIZE / 2] = 2;
	acceldev_ov_unlock(handle);
	va = lock(handle, ACCELDEV_OV_READ);
	CU_ASSERT(case_is_filled(va, SIZE / 2, 1));
	CU_ASSERT_EQUAL(va[SIZE / 2], 2);
	CU_ASSERT(case_is_filled(va + SIZE / 2 + 1, SIZE / 2 - 1, 1));
	acceldev_ov_unlock(handle);
	CU_ASSERT(acceldev_ov_free(handle));
}

static void
keeps_everywhere(void)
{
	case_each(keeps);
}

static void
same_address(const struct place *place)
{
	void *handle = get(place);
	unsigned char *va = lock(handle, ACCELDEV_OV_WRITE);
	int op;

	for (op = 0; op < 5; op++)
		CU_ASSERT_PTR_EQUAL(lock(handle, op), va);
	for (op = 0; op < 10; op++)
		acceldev_ov_unlock(handle);
	CU_ASSERT_PTR_EQUAL(lock(handle, -1), va);
	CU_ASSERT(acceldev_ov_free(handle));
}

static void
same_address_everywhere(void)
{
	case_each(same_address);
}

static void
nested(const struct place *place)
{
	void *handle = get(place);
	unsigned char *va = lock(handle, ACCELDEV_OV_WRITE), *inner;

	memset(va, 1, SIZE);
	inner = lock(handle, ACCELDEV_OV_WRITE);
	CU_ASSERT(case_is_filled(inner, SIZE, 1));
	inner[0] = 2;
	acceldev_ov_unlock(handle);
	va[1] = 3;
	acceldev_ov_unlock(handle);
	va = lock(handle, ACCELDEV_OV_READ);
	CU_ASSERT(va[0] == 2 && va[1] == 3 && case_is_filled(va + 2, SIZE - 2, 1));
	acceldev_ov_unlock(handle);
	CU_ASSERT(acceldev_ov_free(handle));
}

static void
nested_everywhere(void)
{
	case_each(nested);
}

static void
reader_inside(const struct place *place)
{
	void *handle = get(place);
	unsigned char *va = lock(handle, ACCELDEV_OV_WRITE);

	memset(va, 1, SIZE);
	CU_ASSERT(case_is_filled(lock(handle, ACCELDEV_OV_READ), SIZE, 1));
	va[5] = 2;
	acceldev_ov_unlock(handle);
	va[6] = 3;
	acceldev_ov_unlock(handle);
	va = lock(handle, ACCELDEV_OV_READ);
	CU_ASSERT(va[4] == 1 && va[5] == 2 && va[6] == 3 && va[7] == 1);
	acceldev_ov_unlock(handle);
	CU_ASSERT(acceldev_ov_free(handle));
}

static void
reader_inside_everywhere(void)
{
	case_each(reader_inside);
}

/* Never unlocked: not lost at the next lock of either kind. */
static void
never_unlocked(const struct place *place)
{
	void *handle = get(place);

	memset(lock(handle, ACCELDEV_OV_WRITE), 1, SIZE);
	CU_ASSERT(case_is_filled(lock(handle, ACCELDEV_OV_READ), SIZE, 1));
	memset(lock(handle, ACCELDEV_OV_WRITE), 2, SIZE);
	CU_ASSERT(case_is_filled(lock(handle, ACCELDEV_OV_WRITE), SIZE, 2));
	CU_ASSERT(case_is_filled(lock(handle, ACCELDEV_OV_READ), SIZE, 2));
	CU_ASSERT(acceldev_ov_free(handle));
}

static void
never_unlocked_everywhere(void)
{
	case_each(never_unlocked);
}

static void
unlocked_too_often(const struct place *place)
{
	void *handle = get(place);
	int i;

	for (i = 0; i < 3; i++)
		acceldev_ov_unlock(handle);
	fill(handle, 1);
	for (i = 0; i < 3; i++)
		acceldev_ov_unlock(handle);
	CU_ASSERT(reads(handle, 1));
	fill(handle, 2);
	CU_ASSERT(reads(handle, 2));
	CU_ASSERT(acceldev_ov_free(handle));
}

static void
unlocked_everywhere(void)
{
	case_each(unlocked_too_often);
}

/*
 * Banks
 */

static void
sent_and_fetched(const struct place *place)
{
	void *handle = get(place);
	unsigned char *va = lock(handle, ACCELDEV_OV_WRITE);

	device_fills(va, 9);
	memset(va, 1, SIZE);
	CU_ASSERT_EQUAL(case_device_has(va, SIZE), 9); /* the view is not the bank */
	acceldev_ov_unlock(handle);
	CU_ASSERT_EQUAL(case_device_has(va, SIZE), 1);
	device_fills(va, 2);
	CU_ASSERT(case_is_filled(va, SIZE, 1));
	CU_ASSERT(reads(handle, 2));
	CU_ASSERT_EQUAL(case_device_has(va, SIZE), 2);
	memset(lock(handle, 7), 3, SIZE); /* an op that is none is the safe one */
	acceldev_ov_unlock(handle);
	CU_ASSERT_EQUAL(case_device_has(va, SIZE), 3);
	CU_ASSERT(acceldev_ov_free(handle));
}

static void
sent_and_fetched_in_banks(void)
{
	case_each_bank(sent_and_fetched);
}

/* What the device has written is kept by who writes a part. */
static void
read_modify_write(const struct place *place)
{
	void *handle = get(place);
	unsigned char *va;

	fill(handle, 1);
	device_fills(lock(handle, ACCELDEV_OV_READ), 2);
	acceldev_ov_unlock(handle);
	va = lock(handle, ACCELDEV_OV_WRITE);
	CU_ASSERT(case_is_filled(va, SIZE, 2));
	memset(va, 3, SIZE / 2);
	acceldev_ov_unlock(handle);
	CU_ASSERT_EQUAL(case_device_has(va, SIZE / 2), 3);
	CU_ASSERT_EQUAL(case_device_has(va + SIZE / 2, SIZE / 2), 2);
	CU_ASSERT(acceldev_ov_free(handle));
}

static void
read_modify_write_in_banks(void)
{
	case_each_bank(read_modify_write);
}

/* Reading sends nothing: what the device writes while somebody has it locked stays. */
static void
reading_sends_nothing(const struct place *place)
{
	void *handle = get(place);
	unsigned char *va;

	fill(handle, 1);
	va = lock(handle, ACCELDEV_OV_READ);
	device_fills(va, 2);
	acceldev_ov_unlock(handle);
	acceldev_ov_unlock(handle);
	CU_ASSERT_EQUAL(case_device_has(va, SIZE), 2);
	CU_ASSERT(reads(handle, 2));
	CU_ASSERT(acceldev_ov_free(handle));
}

static void
reading_sends_nothing_in_banks(void)
{
	case_each_bank(reading_sends_nothing);
}

/* From a lock for writing to the next unlock nothing is fetched, and nothing is lost. */
static void
writing_fetches_nothing(const struct place *place)
{
	void *handle = get(place);
	unsigned char *va = lock(handle, ACCELDEV_OV_WRITE);

	memset(va, 1, SIZE);
	device_fills(va, 9);
	CU_ASSERT(case_is_filled(lock(handle, ACCELDEV_OV_READ), SIZE, 1));
	CU_ASSERT(case_is_filled(lock(handle, ACCELDEV_OV_WRITE), SIZE, 1));
	CU_ASSERT_EQUAL(case_device_has(va, SIZE), 9);
	acceldev_ov_unlock(handle);
	CU_ASSERT_EQUAL(case_device_has(va, SIZE), 1);
	CU_ASSERT(acceldev_ov_free(handle));
}

static void
writing_fetches_nothing_in_banks(void)
{
	case_each_bank(writing_fetches_nothing);
}

/* W W u, as by an object that was moved; then the device writes, and that is kept. */
static void
moved(const struct place *place)
{
	void *handle = get(place);
	unsigned char *va = lock(handle, ACCELDEV_OV_WRITE);
	int i;

	va[0] = 1;
	lock(handle, ACCELDEV_OV_WRITE);
	memset(va + 1, 1, SIZE - 1);
	acceldev_ov_unlock(handle);
	CU_ASSERT_EQUAL(case_device_has(va, SIZE), 1);
	for (i = 2; i < 5; i++) {
		device_fills(va, i);
		CU_ASSERT(reads(handle, i));
		CU_ASSERT_EQUAL(case_device_has(va, SIZE), i);
	}
	device_fills(va, 6);
	acceldev_ov_unlock(handle);
	CU_ASSERT_EQUAL(case_device_has(va, SIZE), 6);
	CU_ASSERT(acceldev_ov_free(handle));
}

static void
moved_in_banks(void)
{
	case_each_bank(moved);
}

/* W u u: the second is for nothing, and overwrites nothing. */
static void
second_unlock(const struct place *place)
{
	void *handle = get(place);
	unsigned char *va;

	fill(handle, 1);
	va = lock(handle, ACCELDEV_OV_READ);
	acceldev_ov_unlock(handle);
	fill(handle, 2);
	device_fills(va, 3);
	acceldev_ov_unlock(handle);
	CU_ASSERT_EQUAL(case_device_has(va, SIZE), 3);
	CU_ASSERT(acceldev_ov_free(handle));
}

static void
second_unlock_in_banks(void)
{
	case_each_bank(second_unlock);
}

/* Unlocking anything but the handle does nothing. */
static void
unlock_of_the_address(const struct place *place)
{
	void *handle = get(place);
	unsigned char *va = lock(handle, ACCELDEV_OV_WRITE);

	device_fills(va, 9);
	memset(va, 1, SIZE);
	acceldev_ov_unlock(va + 64);
	acceldev_ov_unlock(NULL);
	acceldev_ov_unlock(GARBAGE);
	if (place->flags == 0)
		acceldev_ov_unlock(va);
	CU_ASSERT_EQUAL(case_device_has(va, SIZE), 9);
	acceldev_ov_unlock(handle);
	CU_ASSERT_EQUAL(case_device_has(va, SIZE), 1);
	CU_ASSERT(acceldev_ov_free(handle));
}

static void
unlock_of_the_address_in_banks(void)
{
	case_each_bank(unlock_of_the_address);
}

/*
 * Banks that fail
 */

/* edu has one queue pair. Where it is not the application's, it moves the bytes of the bank. */
static void
one_queue_pair(void)
{
	struct acceldev_ov_allocator *a = make("sim:edu", 0, 0);
	void *handle = acceldev_ov_alloc(a, 64, 0);
	unsigned char *va = lock(handle, ACCELDEV_OV_WRITE);

	memset(va, 7, 64);
	acceldev_ov_unlock(handle);
	memset(va, 8, 64); /* without a lock: of no effect */
	CU_ASSERT_PTR_EQUAL(lock(handle, ACCELDEV_OV_READ), va);
	CU_ASSERT(va[0] == 7 && va[63] == 7);
	acceldev_ov_unlock(handle);
	CU_ASSERT(acceldev_ov_free(handle));
	acceldev_ov_put(a);
	CU_ASSERT_EQUAL(accel_dev_count(), 0);
}

static void
no_transfers(void)
{
	int dev = accel_dev_probe("sim:edu");
	struct acceldev_ov_allocator *a = make("sim:edu", 0, 0);
	void *handle = acceldev_ov_alloc(a, 64, 0);

	CU_ASSERT_PTR_NOT_NULL_FATAL(handle);
	log_text_begin();
	CU_ASSERT_PTR_NULL(acceldev_ov_lock(handle, ACCELDEV_OV_READ));
	CU_ASSERT_PTR_NULL(acceldev_ov_lock(handle, ACCELDEV_OV_WRITE));
	CU_ASSERT_STRING_NOT_EQUAL(log_text_end(), "");
	acceldev_ov_unlock(handle); /* as it is called with an offset that is not 0 */
	CU_ASSERT(acceldev_ov_free(handle));
	acceldev_ov_put(a);
	CU_ASSERT_EQUAL(accel_dev_close((uint16_t)dev), 0);
}

/* A device that is stopped meanwhile: bytes are sent as soon as it runs again. */
static void
restart(uint16_t dev_id)
{
	CU_ASSERT_EQUAL_FATAL(accel_dev_start(dev_id), 0);
}

static void
sent_later(const struct place *place)
{
	void *handle = get(place);
	unsigned char *va = lock(handle, ACCELDEV_OV_WRITE);
	uint16_t dev_id = (uint16_t)accel_dev_by_name(BANKS_DEV);

	memset(va, 1, SIZE);
	CU_ASSERT_EQUAL(accel_dev_stop(dev_id), 0);
	log_text_begin();
	acceldev_ov_unlock(handle);
	CU_ASSERT_STRING_NOT_EQUAL(log_text_end(), "");
	log_text_begin();
	CU_ASSERT_PTR_NULL(acceldev_ov_lock(handle, ACCELDEV_OV_READ));
	log_text_end();
	restart(dev_id);
	CU_ASSERT(reads(handle, 1));
	CU_ASSERT_EQUAL(case_device_has(va, SIZE), 1);
	CU_ASSERT(acceldev_ov_free(handle));
}

static void
sent_later_in_banks(void)
{
	case_each_bank(sent_later);
}

/* The same, with an unlock that sends them; and then nothing is left to send. */
static void
sent_by_unlock(const struct place *place)
{
	void *handle = get(place);
	unsigned char *va = lock(handle, ACCELDEV_OV_WRITE);
	uint16_t dev_id = (uint16_t)accel_dev_by_name(BANKS_DEV);

	memset(va, 1, SIZE);
	CU_ASSERT_EQUAL(accel_dev_stop(dev_id), 0);
	log_text_begin();
	acceldev_ov_unlock(handle);
	log_text_end();
	restart(dev_id);
	acceldev_ov_unlock(handle);
	CU_ASSERT_EQUAL(case_device_has(va, SIZE), 1);
	device_fills(va, 2);
	acceldev_ov_unlock(handle);
	CU_ASSERT_EQUAL(case_device_has(va, SIZE), 2);
	CU_ASSERT(reads(handle, 2));
	CU_ASSERT(acceldev_ov_free(handle));
}

static void
sent_by_unlock_in_banks(void)
{
	case_each_bank(sent_by_unlock);
}

/*
 * Programs that know the core
 */

/* What the core was told of the view is kept, and told by a lock for writing. */
static void
noted_in_the_core(const struct place *place)
{
	void *handle = get(place);
	unsigned char *va = lock(handle, ACCELDEV_OV_READ);
	struct accel_buf_at at;

	acceldev_ov_unlock(handle);
	CU_ASSERT_EQUAL_FATAL(accel_buf_from_va(va + 100, &at), 0);
	memset(va, 4, SIZE);
	CU_ASSERT_EQUAL(accel_buf_dirty(at.buf, 0, 0), 0);
	CU_ASSERT(reads(handle, 4));
	memset(lock(handle, ACCELDEV_OV_WRITE), 5, SIZE);
	CU_ASSERT_EQUAL(accel_buf_sync(at.buf, 0, 0, ACCEL_SYNC_FROM_DEVICE), 0);
	CU_ASSERT(case_is_filled(va, SIZE, 5));
	CU_ASSERT(acceldev_ov_free(handle));
}

static void
noted_in_banks(void)
{
	case_each_bank(noted_in_the_core);
}

static const struct test_case cases[] = {
	{ "writing keeps the rest", keeps_everywhere },
	{ "the same address", same_address_everywhere },
	{ "W W u u", nested_everywhere },
	{ "W R u u", reader_inside_everywhere },
	{ "W R W W R", never_unlocked_everywhere },
	{ "u u u", unlocked_everywhere },
	{ "bank: sent and fetched", sent_and_fetched_in_banks },
	{ "bank: read, modify, write", read_modify_write_in_banks },
	{ "bank: reading sends nothing", reading_sends_nothing_in_banks },
	{ "bank: writing fetches nothing", writing_fetches_nothing_in_banks },
	{ "bank: W W u", moved_in_banks },
	{ "bank: W u u", second_unlock_in_banks },
	{ "bank: unlock of the address", unlock_of_the_address_in_banks },
	{ "bank: one queue pair", one_queue_pair },
	{ "bank: no transfers", no_transfers },
	{ "bank: stopped, sent by a lock", sent_later_in_banks },
	{ "bank: stopped, sent by an unlock", sent_by_unlock_in_banks },
	{ "bank: noted in the core", noted_in_banks },
	{ NULL, NULL },
};

const struct test_suite ov_suites[] = {
	{ "locks", NULL, NULL, cases },
	{ NULL, NULL, NULL, NULL },
};
