/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Buffers in banks: where they lie, which bytes each direction moves, and what is refused. Each
 * test runs with views that are memory beside the bank, and with those that are the bank.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_common.h>

#include <acceldev/acceldev.h>

#include "bank_case.h"
#include "eal_main.h"

#define LEN       (16 * BANK_KIB)
#define BANK_SIZE (64 * BANK_MIB)

static uint16_t dev;
static bool mapped;
static struct soft_usage before;
static struct accel_buf *scratch; /* host memory for ops of our own */
static uint64_t left[2];

static void
begin(const char *keys, uint16_t nb_qps)
{
	char spec[128];

	snprintf(spec, sizeof(spec), "soft:0,banks=2%s%s", mapped ? ",bank_view=mapped" : "", keys);
	dev = soft_open(spec);
	soft_run(dev, nb_qps, 0, 0);
	scratch = bank_alloc(dev, BANK_MIB, 0, 0);
	/* The first buffer of a kind makes what stays. */
	CU_ASSERT_EQUAL(accel_buf_free(bank_alloc(dev, 1, 0, ACCEL_BUF_BANK(0))), 0);
	left[0] = bank_left(dev, 0);
	left[1] = bank_left(dev, 1);
	before = soft_usage_get(dev);
}

static void
expect_nothing_lost(void)
{
	SOFT_ASSERT_NO_LEAK(dev, before);
	CU_ASSERT_EQUAL(bank_left(dev, 0), left[0]);
	CU_ASSERT_EQUAL(bank_left(dev, 1), left[1]);
}

static void
end(void)
{
	expect_nothing_lost();
	CU_ASSERT_EQUAL(accel_buf_free(scratch), 0);
	soft_close(dev);
}

static unsigned char *
view(const struct accel_buf *buf)
{
	return buf->va;
}

/* What the device has in its bank for a range of a buffer. */
static const unsigned char *
in_bank(const struct accel_buf *buf, size_t offset, size_t len)
{
	struct accel_buf_at at;

	CU_ASSERT_EQUAL_FATAL(accel_buf_locate(buf, offset, &at), 0);
	bank_copy(dev, at.space - 1, at.addr, scratch, len, false);
	return scratch->va;
}

static void
device_writes(const struct accel_buf *buf, size_t offset, size_t len, unsigned char byte)
{
	struct accel_buf_at at;

	CU_ASSERT_EQUAL_FATAL(accel_buf_locate(buf, offset, &at), 0);
	bank_fill(dev, at.space - 1, at.addr, len, byte);
}

static void
host_writes(const struct accel_buf *buf, size_t offset, size_t len, unsigned char byte)
{
	memset(view(buf) + offset, byte, len);
}

static struct accel_buf *
in_bank_1(size_t len)
{
	return bank_alloc(dev, len, 0, ACCEL_BUF_BANK(1));
}

/*
 * Place
 */

static void
expect_place(const struct accel_buf *buf, size_t len, size_t align, uint16_t bank)
{
	struct accel_buf_at at, last;

	CU_ASSERT_EQUAL(buf->len, len);
	CU_ASSERT_EQUAL(accel_buf_locate(buf, 0, &at), 0);
	CU_ASSERT_EQUAL(accel_buf_locate(buf, len - 1, &last), 0);
	CU_ASSERT_PTR_EQUAL(at.buf, buf);
	CU_ASSERT_EQUAL(at.offset, 0);
	CU_ASSERT_EQUAL(last.offset, len - 1);
	CU_ASSERT_EQUAL(at.space, ACCEL_SPACE_BANK(bank));
	CU_ASSERT_EQUAL(last.space, ACCEL_SPACE_BANK(bank));
	CU_ASSERT_EQUAL(last.addr - at.addr, len - 1);
	CU_ASSERT(last.addr < BANK_SIZE);
	CU_ASSERT_EQUAL(at.addr % align, 0);
	CU_ASSERT_EQUAL((uintptr_t)buf->va % align, 0);
	CU_ASSERT_EQUAL(at.iova, buf->iova);
	CU_ASSERT_EQUAL(buf->iova == ACCEL_IOVA_NONE, mapped);
	if (mapped) {
		CU_ASSERT_EQUAL(last.iova, ACCEL_IOVA_NONE);
	} else {
		CU_ASSERT_EQUAL(buf->iova % align, 0);
		CU_ASSERT_EQUAL(last.iova, buf->iova + len - 1);
	}
}

static bool
overlap(const struct accel_buf *a, const struct accel_buf *b)
{
	struct accel_buf_at x = bank_at(a), y = bank_at(b);
	bool views = view(a) < view(b) + b->len && view(b) < view(a) + a->len;

	return views || (x.space == y.space && x.addr < y.addr + b->len &&
			y.addr < x.addr + a->len);
}

static void
buffers_lie_apart_in_their_bank(void)
{
	static const size_t lens[] = { 1, 63, 64, 65, 4095, 4096, 70000, 2 * BANK_MIB + 1 };
	static const size_t aligns[] = { 0, 1, 64, 128, 4096, 2 * BANK_MIB };
	struct accel_buf *bufs[RTE_DIM(lens) * RTE_DIM(aligns)];
	unsigned int i, j, n = 0;

	begin("", 1);
	for (i = 0; i < RTE_DIM(lens); i++) {
		for (j = 0; j < RTE_DIM(aligns); j++, n++) {
			bufs[n] = bank_alloc(dev, lens[i], aligns[j], ACCEL_BUF_BANK(n % 2));
			expect_place(bufs[n], lens[i], RTE_MAX(aligns[j], (size_t)64), n % 2);
			CU_ASSERT_EQUAL(bufs[n]->flags, ACCEL_BUF_BANK(n % 2));
			CU_ASSERT_EQUAL(bufs[n]->dev_id, dev);
		}
	}
	CU_ASSERT_EQUAL(soft_info(dev).live_bufs, before.live_bufs + n);
	for (i = 0; i < n; i++) {
		for (j = 0; j < i; j++)
			CU_ASSERT(!overlap(bufs[i], bufs[j]));
	}
	for (i = 0; i < n; i++)
		CU_ASSERT_EQUAL(accel_buf_free(bufs[i]), 0);
	CU_ASSERT_EQUAL(bank_left(dev, 0), left[0]);
	CU_ASSERT_EQUAL(bank_left(dev, 1), left[1]);
	CU_ASSERT_EQUAL(accel_buf_free(scratch), 0);
	soft_close(dev);
}

static void
other_buffers_lie_in_host_memory(void)
{
	struct accel_buf_at at;
	struct accel_buf *buf;

	begin("", 1);
	buf = bank_alloc(dev, 1000, 0, 0);
	CU_ASSERT_EQUAL(accel_buf_locate(buf, 999, &at), 0);
	CU_ASSERT_EQUAL(at.space, ACCEL_SPACE_HOST);
	CU_ASSERT_EQUAL(at.addr, buf->iova + 999);
	CU_ASSERT_EQUAL(at.iova, buf->iova + 999);
	host_writes(buf, 0, 1000, 7);
	CU_ASSERT_EQUAL(accel_buf_dirty(buf, 0, 0), 0);
	CU_ASSERT_EQUAL(accel_buf_sync(buf, 1, 998, ACCEL_SYNC_TO_DEVICE), 0);
	CU_ASSERT_EQUAL(accel_buf_sync(buf, 0, 0, ACCEL_SYNC_FROM_DEVICE), 0);
	CU_ASSERT_EQUAL(accel_buf_sync(buf, 0, 0, ACCEL_SYNC_FLUSH), 0);
	CU_ASSERT(bank_all(buf->va, 1000, 7));
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	end();
}

static void
places_that_are_not_told(void)
{
	struct accel_buf_at at = { .offset = 77 };
	struct accel_buf *buf, foreign = { .len = 5 };

	begin("", 1);
	buf = in_bank_1(100);
	SOFT_ASSERT_FAILS(accel_buf_locate(buf, 100, &at), -EINVAL);
	SOFT_ASSERT_FAILS(accel_buf_locate(buf, SIZE_MAX, &at), -EINVAL);
	SOFT_ASSERT_FAILS(accel_buf_locate(buf, 0, NULL), -EINVAL);
	SOFT_ASSERT_FAILS(accel_buf_locate(NULL, 0, &at), -EINVAL);
	SOFT_ASSERT_FAILS(accel_buf_locate(&foreign, 0, &at), -EINVAL);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	SOFT_ASSERT_FAILS(accel_buf_locate(buf, 0, &at), -EINVAL);
	CU_ASSERT_EQUAL(at.offset, 77);
	end();
}

/* The whole of a bank, and what is refused once it is gone. */
static void
a_whole_bank(void)
{
	struct accel_buf *buf, *none = NULL;

	begin("", 1);
	buf = bank_alloc(dev, BANK_SIZE, 2 * BANK_MIB, ACCEL_BUF_BANK(1));
	CU_ASSERT_EQUAL(bank_left(dev, 1), 0);
	CU_ASSERT_EQUAL(bank_left(dev, 0), left[0]);
	SOFT_ASSERT_FAILS(accel_buf_alloc(dev, 1, 0, ACCEL_BUF_BANK(1), &none), -ENOSPC);
	SOFT_ASSERT_FAILS(accel_buf_alloc(dev, BANK_SIZE + 1, 0, ACCEL_BUF_BANK(0), &none),
			-ENOSPC);
	SOFT_ASSERT_FAILS(accel_buf_alloc(dev, SIZE_MAX / 8, 0, ACCEL_BUF_BANK(0), &none),
			-ENOSPC);
	CU_ASSERT_PTR_NULL(none);
	view(buf)[0] = 1;
	view(buf)[BANK_SIZE - 1] = 2;
	CU_ASSERT_EQUAL(accel_buf_sync(buf, 0, 0, ACCEL_SYNC_TO_DEVICE), 0);
	CU_ASSERT_EQUAL(*in_bank(buf, 0, 1), 1);
	CU_ASSERT_EQUAL(*in_bank(buf, BANK_SIZE - 1, 1), 2);
	device_writes(buf, BANK_SIZE - 1, 1, 3);
	CU_ASSERT_EQUAL(accel_buf_sync(buf, 0, 0, ACCEL_SYNC_FROM_DEVICE), 0);
	CU_ASSERT_EQUAL(view(buf)[BANK_SIZE - 1], 3);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	/* What ran into the full bank has kept nothing of it. */
	buf = bank_alloc(dev, BANK_SIZE, 0, ACCEL_BUF_BANK(1));
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	CU_ASSERT_EQUAL(bank_left(dev, 0), left[0]);
	CU_ASSERT_EQUAL(bank_left(dev, 1), left[1]);
	CU_ASSERT_EQUAL(accel_buf_free(scratch), 0);
	soft_close(dev);
}

/* It ends within a cache line. */
static void
all_of_an_odd_bank(void)
{
	struct accel_buf *buf, *other, *none = NULL;

	begin(",bank_size=1000", 1);
	buf = bank_alloc(dev, 1000, 0, ACCEL_BUF_BANK(1));
	CU_ASSERT_EQUAL(bank_left(dev, 1), 0);
	device_writes(buf, 999, 1, 3);
	CU_ASSERT_EQUAL(accel_buf_sync(buf, 0, 0, ACCEL_SYNC_FROM_DEVICE), 0);
	CU_ASSERT_EQUAL(view(buf)[999], 3);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	buf = bank_alloc(dev, 897, 0, ACCEL_BUF_BANK(1)); /* 15 lines */
	CU_ASSERT_EQUAL(bank_left(dev, 1), 40);
	SOFT_ASSERT_FAILS(accel_buf_alloc(dev, 41, 0, ACCEL_BUF_BANK(1), &none), -ENOSPC);
	other = in_bank_1(40);
	CU_ASSERT_EQUAL(bank_at(other).addr, 960);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	CU_ASSERT_EQUAL(accel_buf_free(other), 0);
	end();
}

/* The address of a buffer is not the allocator's to free. */
static void
a_buffer_is_freed_as_one(void)
{
	struct accel_buf *buf;
	uint64_t addr, again;

	begin("", 1);
	buf = in_bank_1(1000);
	addr = bank_at(buf).addr;
	SOFT_ASSERT_FAILS(accel_bank_free(dev, 1, addr), -EBUSY);
	SOFT_ASSERT_FAILS(accel_bank_free(dev, 1, addr + 64), -EINVAL);
	CU_ASSERT(bank_left(dev, 1) < left[1]);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	CU_ASSERT_EQUAL(accel_bank_alloc(dev, 1, 1000, 0, &again), 0);
	CU_ASSERT_EQUAL(again, addr);
	CU_ASSERT_EQUAL(accel_bank_free(dev, 1, addr), 0);
	SOFT_ASSERT_FAILS(accel_bank_free(dev, 1, addr), -EINVAL);
	end();
}

static void
bank_memory_is_shared_with_its_allocator(void)
{
	struct accel_buf *buf, *none = NULL;
	struct accel_buf_at at;
	uint64_t addr;

	begin("", 1);
	CU_ASSERT_EQUAL(accel_bank_alloc(dev, 0, BANK_SIZE - 64, 0, &addr), 0);
	SOFT_ASSERT_FAILS(accel_buf_alloc(dev, 65, 0, ACCEL_BUF_BANK(0), &none), -ENOSPC);
	buf = bank_alloc(dev, 64, 0, ACCEL_BUF_BANK(0));
	at = bank_at(buf);
	CU_ASSERT(at.addr >= addr + BANK_SIZE - 64 || at.addr + 64 <= addr);
	CU_ASSERT_EQUAL(accel_bank_free(dev, 0, addr), 0);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	end();
}

static void
zeros(void)
{
	uint32_t flags = ACCEL_BUF_BANK(1) | ACCEL_BUF_ZERO;
	struct accel_buf *buf;

	begin("", 1);
	buf = in_bank_1(LEN);
	host_writes(buf, 0, LEN, 0xee);
	device_writes(buf, 0, LEN, 0xff);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	buf = bank_alloc(dev, LEN - 1, 0, flags);
	CU_ASSERT_EQUAL(bank_at(buf).addr, 0); /* the same place */
	CU_ASSERT(bank_all(buf->va, LEN - 1, 0));
	CU_ASSERT(bank_all(in_bank(buf, 0, LEN - 1), LEN - 1, mapped ? 0 : 0xff));
	/* As if the host had written them. */
	CU_ASSERT_EQUAL(accel_buf_sync(buf, 10, 100, ACCEL_SYNC_FROM_DEVICE), 0);
	CU_ASSERT(bank_all(buf->va, LEN - 1, 0));
	CU_ASSERT_EQUAL(accel_buf_sync(buf, 0, 0, ACCEL_SYNC_FLUSH), 0);
	CU_ASSERT(bank_all(in_bank(buf, 0, LEN - 1), LEN - 1, 0));
	bank_copy(dev, 1, LEN - 1, scratch, 1, false);
	CU_ASSERT_EQUAL(*(unsigned char *)scratch->va, 0xff); /* behind it */
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	end();
}

/* Only zeros of ACCEL_BUF_ZERO are as good as written, and no note outlives its buffer. */
static void
nothing_is_noted_at_first(void)
{
	struct accel_buf *buf;
	unsigned int i;

	begin("", 1);
	for (i = 0; i < 3; i++) {
		buf = in_bank_1(LEN);
		device_writes(buf, 0, LEN, 0x11);
		host_writes(buf, 0, LEN, 0x22);
		CU_ASSERT_EQUAL(accel_buf_sync(buf, 0, 0, ACCEL_SYNC_FLUSH), 0);
		CU_ASSERT(bank_all(in_bank(buf, 0, LEN), LEN, 0x11));
		CU_ASSERT_EQUAL(accel_buf_sync(buf, 0, 0, ACCEL_SYNC_FROM_DEVICE), 0);
		CU_ASSERT(bank_all(buf->va, LEN, 0x11));
		CU_ASSERT_EQUAL(accel_buf_dirty(buf, 0, 0), 0);
		CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	}
	end();
}

/*
 * Which bytes move
 */

#define OLD 0x0f /* in the place that bytes come to */
#define NEW 0xf0

static const size_t offsets[] = { 0, 1, 7, 63, 64, 65, 4095, 4096, LEN - 1 };
static const size_t lens[] = { 1, 2, 63, 64, 65, 4097, LEN, 0 };

static bool
only_range_is_new(const unsigned char *bytes, size_t offset, size_t len)
{
	return bank_all(bytes, offset, OLD) && bank_all(bytes + offset, len, NEW) &&
			bank_all(bytes + offset + len, LEN - offset - len, OLD);
}

static void
one_range(struct accel_buf *buf, size_t offset, size_t len, enum accel_sync direction)
{
	bool to = direction != ACCEL_SYNC_FROM_DEVICE;
	size_t all = len != 0 ? len : LEN - offset;

	host_writes(buf, 0, LEN, to ? NEW : OLD);
	device_writes(buf, 0, LEN, to ? OLD : NEW);
	if (direction == ACCEL_SYNC_FLUSH)
		CU_ASSERT_EQUAL(accel_buf_dirty(buf, offset, len), 0);
	CU_ASSERT_EQUAL(accel_buf_sync(buf, direction == ACCEL_SYNC_FLUSH ? 0 : offset,
			direction == ACCEL_SYNC_FLUSH ? 0 : len, direction), 0);
	CU_ASSERT(only_range_is_new(to ? in_bank(buf, 0, LEN) : buf->va, offset, all));
	CU_ASSERT(bank_all(to ? buf->va : in_bank(buf, 0, LEN), LEN, NEW));
}

static void
ranges_are_exact(void)
{
	struct accel_buf *buf, *low, *high;
	enum accel_sync direction;
	unsigned int i, j;

	begin("", 1);
	low = in_bank_1(64);
	buf = in_bank_1(LEN);
	high = in_bank_1(64);
	device_writes(low, 0, 64, 0xab);
	device_writes(high, 0, 64, 0xcd);
	for (direction = ACCEL_SYNC_TO_DEVICE; direction <= ACCEL_SYNC_FLUSH; direction++) {
		for (i = 0; i < RTE_DIM(offsets); i++) {
			for (j = 0; j < RTE_DIM(lens); j++) {
				if (offsets[i] + lens[j] <= LEN)
					one_range(buf, offsets[i], lens[j], direction);
			}
		}
	}
	CU_ASSERT(bank_all(in_bank(low, 0, 64), 64, 0xab));
	CU_ASSERT(bank_all(in_bank(high, 0, 64), 64, 0xcd));
	CU_ASSERT_EQUAL(accel_buf_free(low), 0);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	CU_ASSERT_EQUAL(accel_buf_free(high), 0);
	end();
}

/* A program for views beside the bank finds the same with one that is the bank. */
static void
one_program_for_both_views(void)
{
	struct accel_buf *buf;

	begin("", 1);
	buf = in_bank_1(LEN);
	host_writes(buf, 100, 50, 1);
	CU_ASSERT_EQUAL(accel_buf_dirty(buf, 100, 50), 0);
	CU_ASSERT_EQUAL(accel_buf_sync(buf, 0, 0, ACCEL_SYNC_FLUSH), 0);
	CU_ASSERT(bank_all(in_bank(buf, 100, 50), 50, 1));
	device_writes(buf, 120, 10, 2);
	CU_ASSERT_EQUAL(accel_buf_sync(buf, 120, 10, ACCEL_SYNC_FROM_DEVICE), 0);
	CU_ASSERT(bank_all(view(buf) + 100, 20, 1));
	CU_ASSERT(bank_all(view(buf) + 120, 10, 2));
	CU_ASSERT(bank_all(view(buf) + 130, 20, 1));
	host_writes(buf, 0, 64, 3);
	CU_ASSERT_EQUAL(accel_buf_sync(buf, 0, 64, ACCEL_SYNC_TO_DEVICE), 0);
	CU_ASSERT(bank_all(in_bank(buf, 0, 64), 64, 3));
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	end();
}

static void
flush_leaves_what_the_device_has_written(void)
{
	struct accel_buf *buf;
	const unsigned char *at;

	begin("", 1);
	buf = in_bank_1(LEN);
	host_writes(buf, 0, LEN, 0);
	CU_ASSERT_EQUAL(accel_buf_sync(buf, 0, 0, ACCEL_SYNC_TO_DEVICE), 0);
	host_writes(buf, 100, 1, 1);
	CU_ASSERT_EQUAL(accel_buf_dirty(buf, 100, 1), 0);
	host_writes(buf, 102, 3, 1);
	CU_ASSERT_EQUAL(accel_buf_dirty(buf, 102, 3), 0);
	device_writes(buf, 99, 1, 9);
	device_writes(buf, 101, 1, 9);
	device_writes(buf, 105, 1, 9);
	CU_ASSERT_EQUAL(accel_buf_sync(buf, 0, 0, ACCEL_SYNC_FLUSH), 0);
	at = in_bank(buf, 98, 9);
	CU_ASSERT_EQUAL(memcmp(at, "\0\x9\1\x9\1\1\1\x9\0", 9), 0);
	/* What lies outside of the range stays noted. */
	host_writes(buf, 200, 20, 2);
	CU_ASSERT_EQUAL(accel_buf_dirty(buf, 200, 20), 0);
	CU_ASSERT_EQUAL(accel_buf_sync(buf, 205, 5, ACCEL_SYNC_FLUSH), 0);
	CU_ASSERT(bank_all(in_bank(buf, 200, 5), 5, 0));
	CU_ASSERT(bank_all(in_bank(buf, 205, 5), 5, 2));
	CU_ASSERT(bank_all(in_bank(buf, 210, 10), 10, 0));
	device_writes(buf, 205, 5, 9);
	CU_ASSERT_EQUAL(accel_buf_sync(buf, 0, 0, ACCEL_SYNC_FLUSH), 0);
	CU_ASSERT(bank_all(in_bank(buf, 200, 5), 5, 2));
	CU_ASSERT(bank_all(in_bank(buf, 205, 5), 5, 9)); /* sent once */
	CU_ASSERT(bank_all(in_bank(buf, 210, 10), 10, 2));
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	end();
}

static void
fetching_loses_no_notes(void)
{
	struct accel_buf *buf;

	begin("", 1);
	buf = in_bank_1(LEN);
	device_writes(buf, 0, LEN, 1);
	host_writes(buf, 1000, 1000, 2);
	CU_ASSERT_EQUAL(accel_buf_dirty(buf, 1000, 1000), 0);
	CU_ASSERT_EQUAL(accel_buf_sync(buf, 500, 1000, ACCEL_SYNC_FROM_DEVICE), 0);
	CU_ASSERT(bank_all(view(buf) + 500, 500, 1));
	CU_ASSERT(bank_all(view(buf) + 1000, 1000, 2));
	CU_ASSERT(bank_all(in_bank(buf, 1000, 500), 500, 2)); /* sent on the way */
	CU_ASSERT(bank_all(in_bank(buf, 1500, 500), 500, 1)); /* not asked for */
	CU_ASSERT_EQUAL(accel_buf_sync(buf, 0, 0, ACCEL_SYNC_FROM_DEVICE), 0);
	CU_ASSERT(bank_all(view(buf), 1000, 1));
	CU_ASSERT(bank_all(view(buf) + 1000, 1000, 2));
	CU_ASSERT(bank_all(view(buf) + 2000, LEN - 2000, 1));
	/* They were sent: the device's next word counts. */
	device_writes(buf, 0, LEN, 3);
	CU_ASSERT_EQUAL(accel_buf_sync(buf, 0, 0, ACCEL_SYNC_FROM_DEVICE), 0);
	CU_ASSERT(bank_all(view(buf), LEN, 3));
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	end();
}

static void
sending_clears_notes(void)
{
	struct accel_buf *buf;

	begin("", 1);
	buf = in_bank_1(LEN);
	host_writes(buf, 0, LEN, 1);
	CU_ASSERT_EQUAL(accel_buf_dirty(buf, 0, 0), 0);
	CU_ASSERT_EQUAL(accel_buf_sync(buf, 100, 100, ACCEL_SYNC_TO_DEVICE), 0);
	device_writes(buf, 0, LEN, 2);
	CU_ASSERT_EQUAL(accel_buf_sync(buf, 0, 0, ACCEL_SYNC_FROM_DEVICE), 0);
	CU_ASSERT(bank_all(view(buf), 100, 1));
	CU_ASSERT(bank_all(view(buf) + 100, 100, 2));
	CU_ASSERT(bank_all(view(buf) + 200, LEN - 200, 1));
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	end();
}

/*
 * What is refused
 */

static void
expect_no_sync(struct accel_buf *buf, size_t offset, size_t len)
{
	SOFT_ASSERT_FAILS(accel_buf_sync(buf, offset, len, ACCEL_SYNC_TO_DEVICE), -EINVAL);
	SOFT_ASSERT_FAILS(accel_buf_sync(buf, offset, len, ACCEL_SYNC_FLUSH), -EINVAL);
	SOFT_ASSERT_FAILS(accel_buf_sync(buf, offset, len, ACCEL_SYNC_FROM_DEVICE), -EINVAL);
	SOFT_ASSERT_FAILS(accel_buf_dirty(buf, offset, len), -EINVAL);
}

static void
ranges_outside(void)
{
	struct accel_buf *bufs[2];
	unsigned int i;

	begin("", 1);
	bufs[0] = in_bank_1(LEN);
	bufs[1] = bank_alloc(dev, LEN, 0, 0);
	for (i = 0; i < 2; i++) {
		expect_no_sync(bufs[i], LEN, 0);
		expect_no_sync(bufs[i], LEN, 1);
		expect_no_sync(bufs[i], 0, LEN + 1);
		expect_no_sync(bufs[i], LEN - 1, 2);
		expect_no_sync(bufs[i], 1, SIZE_MAX);
		expect_no_sync(bufs[i], SIZE_MAX, 1);
		expect_no_sync(bufs[i], SIZE_MAX, 0);
		expect_no_sync(bufs[i], SIZE_MAX - 1, SIZE_MAX);
		SOFT_ASSERT_FAILS(accel_buf_sync(bufs[i], 0, 1, (enum accel_sync)0), -EINVAL);
		SOFT_ASSERT_FAILS(accel_buf_sync(bufs[i], 0, 1, (enum accel_sync)4), -EINVAL);
		SOFT_ASSERT_FAILS(accel_buf_sync(bufs[i], 0, 1, (enum accel_sync)-1), -EINVAL);
		CU_ASSERT_EQUAL(accel_buf_sync(bufs[i], LEN - 1, 1, ACCEL_SYNC_TO_DEVICE), 0);
		CU_ASSERT_EQUAL(accel_buf_free(bufs[i]), 0);
	}
	end();
}

static void
what_is_no_buffer(void)
{
	struct accel_pool_conf conf = { .size = sizeof(conf), .nb_bufs = 2, .buf_len = 64 };
	struct accel_buf *buf, *pooled[1], foreign = { .len = 64 };
	struct accel_pool *pool = NULL;

	begin("", 1);
	CU_ASSERT_EQUAL_FATAL(accel_pool_create("sync", dev, &conf, &pool), 0);
	CU_ASSERT_EQUAL(accel_pool_get_bulk(pool, pooled, 1), 0);
	expect_no_sync(pooled[0], 0, 1);
	accel_pool_put_bulk(pool, pooled, 1);
	CU_ASSERT_EQUAL(accel_pool_destroy(pool), 0);
	expect_no_sync(NULL, 0, 1);
	expect_no_sync(&foreign, 0, 1);
	expect_no_sync((struct accel_buf *)(uintptr_t)8, 0, 1);
	buf = in_bank_1(LEN);
	expect_no_sync((struct accel_buf *)((char *)buf + 8), 0, 1);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	expect_no_sync(buf, 0, 1);
	SOFT_ASSERT_FAILS(accel_buf_free(buf), -EINVAL);
	CU_ASSERT_EQUAL(accel_buf_free(scratch), 0);
	soft_close(dev);
	expect_no_sync(buf, 0, 1);
}

static void
expect_no_buffer(uint32_t flags)
{
	struct accel_buf *none = NULL;

	SOFT_ASSERT_FAILS(accel_buf_alloc(dev, 64, 0, flags, &none), -EINVAL);
	CU_ASSERT_PTR_NULL(none);
}

static void
flags_that_do_not_go_together(void)
{
	static const uint32_t others[] = { ACCEL_BUF_READ_ONLY, ACCEL_BUF_ISOLATED,
		ACCEL_BUF_EXPORTABLE, 1u << 4, 1u << 15, 1u << 25, 1u << 31 };
	static const uint32_t banks[] = { 2, 3, 255, 256, 257, 510, 511, 512, 1000, 65534,
		65535, 65536, UINT32_MAX };
	struct accel_pool_conf conf = { .size = sizeof(conf), .nb_bufs = 2, .buf_len = 64,
		.flags = ACCEL_BUF_BANK(0) };
	struct accel_pool *pool = NULL;
	struct accel_buf *none = NULL;
	unsigned int i;

	begin("", 1);
	for (i = 0; i < RTE_DIM(others); i++) {
		expect_no_buffer(ACCEL_BUF_BANK(0) | others[i]);
		expect_no_buffer(ACCEL_BUF_BANK(0) | ACCEL_BUF_ZERO | others[i]);
	}
	for (i = 0; i < RTE_DIM(banks); i++)
		expect_no_buffer(ACCEL_BUF_BANK(banks[i]));
	SOFT_ASSERT_FAILS(accel_buf_alloc(dev, 0, 0, ACCEL_BUF_BANK(0), &none), -EINVAL);
	SOFT_ASSERT_FAILS(accel_buf_alloc(dev, 64, 3, ACCEL_BUF_BANK(0), &none), -EINVAL);
	SOFT_ASSERT_FAILS(accel_buf_alloc(dev, 64, 4 * BANK_MIB, ACCEL_BUF_BANK(0), &none),
			-EINVAL);
	SOFT_ASSERT_FAILS(accel_buf_alloc(dev, SIZE_MAX, 0, ACCEL_BUF_BANK(0), &none), -EINVAL);
	SOFT_ASSERT_FAILS(accel_buf_alloc(dev, 64, 0, ACCEL_BUF_BANK(0), NULL), -EINVAL);
	SOFT_ASSERT_FAILS(accel_buf_alloc(ACCEL_MAX_DEVS, 64, 0, ACCEL_BUF_BANK(0), &none),
			-ENODEV);
	SOFT_ASSERT_FAILS(accel_buf_reserve(dev, 64, ACCEL_BUF_BANK(0)), -EINVAL);
	SOFT_ASSERT_FAILS(accel_pool_create("bank", dev, &conf, &pool), -EINVAL);
	SOFT_ASSERT_FAILS(accel_buf_import(dev, scratch->va, 4096, ACCEL_BUF_BANK(0), NULL, NULL,
			&none), -EINVAL);
	CU_ASSERT_PTR_NULL(none);
	end();
}

static void
devices_without_banks(void)
{
	uint16_t bare = soft_open("soft:bare");
	struct accel_buf *none = NULL;

	SOFT_ASSERT_FAILS(accel_buf_alloc(bare, 64, 0, ACCEL_BUF_BANK(0), &none), -EINVAL);
	CU_ASSERT_EQUAL(soft_info(bare).live_bufs, 0);
	soft_close(bare);
	SOFT_ASSERT_FAILS(accel_buf_alloc(bare, 64, 0, ACCEL_BUF_BANK(0), &none), -ENODEV);
	SOFT_ASSERT_FAILS(accel_dev_probe("soft:0,banks=1,bank_view=some"), -EINVAL);
}

static void
neither_shared_nor_exported(void)
{
	struct accel_buf *buf;
	uint16_t other;

	begin("", 1);
	other = soft_open("soft:other");
	buf = in_bank_1(2 * BANK_MIB);
	SOFT_ASSERT_FAILS(accel_buf_share(buf, other), -ENOTSUP);
	SOFT_ASSERT_FAILS(accel_buf_share(buf, dev), -ENOTSUP);
	SOFT_ASSERT_FAILS(accel_buf_unshare(buf, other), -ENOTSUP);
	SOFT_ASSERT_FAILS(accel_buf_export_fd(buf), -ENOTSUP);
	CU_ASSERT_EQUAL(accel_buf_sync(buf, 0, 0, ACCEL_SYNC_TO_DEVICE), 0);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	soft_close(other);
	end();
}

static void
no_close_while_one_is_live(void)
{
	struct accel_buf *buf;

	begin("", 1);
	buf = in_bank_1(1);
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	SOFT_ASSERT_FAILS(accel_dev_close(dev), -EBUSY);
	CU_ASSERT_EQUAL(accel_dev_start(dev), 0);
	CU_ASSERT_EQUAL(accel_buf_sync(buf, 0, 0, ACCEL_SYNC_TO_DEVICE), 0);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	end();
}

/*
 * Both views
 */

#define CASES(how)                                                                                 \
	{ "buffers lie apart in their bank" how, buffers_lie_apart_in_their_bank },                \
	{ "other buffers lie in host memory" how, other_buffers_lie_in_host_memory },              \
	{ "places that are not told" how, places_that_are_not_told },                              \
	{ "a whole bank" how, a_whole_bank },                                                      \
	{ "all of an odd bank" how, all_of_an_odd_bank },                                          \
	{ "a buffer is freed as one" how, a_buffer_is_freed_as_one },                              \
	{ "bank memory is shared with its allocator" how,                                          \
		bank_memory_is_shared_with_its_allocator },                                        \
	{ "zeros" how, zeros },                                                                    \
	{ "one program for both views" how, one_program_for_both_views },                          \
	{ "ranges outside" how, ranges_outside },                                                  \
	{ "what is no buffer" how, what_is_no_buffer },                                            \
	{ "flags that do not go together" how, flags_that_do_not_go_together },                    \
	{ "neither shared nor exported" how, neither_shared_nor_exported },                        \
	{ "no close while one is live" how, no_close_while_one_is_live }

static const struct test_case copy_cases[] = {
	CASES(", copied"),
	{ "nothing is noted at first", nothing_is_noted_at_first },
	{ "ranges are exact", ranges_are_exact },
	{ "flush leaves what the device has written", flush_leaves_what_the_device_has_written },
	{ "fetching loses no notes", fetching_loses_no_notes },
	{ "sending clears notes", sending_clears_notes },
	{ "devices without banks", devices_without_banks },
	{ NULL, NULL },
};

static const struct test_case mapped_cases[] = {
	CASES(", mapped"),
	{ NULL, NULL },
};

static int
with_copies(void)
{
	mapped = false;
	return 0;
}

static int
with_maps(void)
{
	mapped = true;
	return 0;
}

const struct test_suite eal_suites[] = {
	{ "bank buffers, views beside the bank", with_copies, NULL, copy_cases },
	{ "bank buffers, views of the bank", with_maps, NULL, mapped_cases },
	{ NULL, NULL, NULL, NULL },
};
