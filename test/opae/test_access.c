/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Handles: opening, closing, resetting; and registers.
 */
#include <string.h>

#include <acceldev/acceldev.h>
#include <devmodel/devmodel.h>

#include "log_text.h"
#include "opae_afu.h"
#include "opae_case.h"

#define NO_VALUE UINT64_C(0x123456789abcdef0)

/*
 * Opening and closing
 */

static void
open_and_close(void)
{
	fpga_token token = case_token("sim:t-afu");
	fpga_handle h = NULL, h2 = NULL;
	unsigned int i;

	for (i = 0; i < 20; i++) {
		ASSERT_OK(fpgaOpen(token, &h, 0));
		CU_ASSERT_PTR_NOT_EQUAL(h, h2); /* never the one before */
		CU_ASSERT_EQUAL(accel_dev_count(), 1);
		case_close(h);
		CU_ASSERT_EQUAL(accel_dev_count(), 0);
		ASSERT_BAD(fpgaClose(h));
		h2 = h;
	}
	case_drop(token);
}

static void
bad_arguments(void)
{
	fpga_token token = case_token("sim:t-afu");
	fpga_handle h = GARBAGE;
	unsigned int i;

	ASSERT_BAD(fpgaOpen(NULL, &h, 0));
	ASSERT_BAD(fpgaOpen(GARBAGE, &h, 0));
	ASSERT_BAD(fpgaOpen(token, NULL, 0));
	for (i = 2; i < 32; i++)
		ASSERT_BAD(fpgaOpen(token, &h, (int)(1u << i)));
	ASSERT_BAD(fpgaOpen(token, &h, -1));
	CU_ASSERT_PTR_EQUAL(h, GARBAGE);
	CU_ASSERT_EQUAL(accel_dev_count(), 0);
	ASSERT_BAD(fpgaClose(NULL));
	ASSERT_BAD(fpgaClose(GARBAGE));
	ASSERT_BAD(fpgaClose(token));
	case_drop(token);
}

static void
second_open_is_busy(void)
{
	static const int flags[] = { 0, FPGA_OPEN_SHARED, FPGA_OPEN_HAS_PARENT_AFU,
		FPGA_OPEN_SHARED | FPGA_OPEN_HAS_PARENT_AFU };
	fpga_token token = case_token("sim:t-afu");
	fpga_handle h = NULL, none = GARBAGE;
	unsigned int i, j;

	for (i = 0; i < 4; i++) {
		ASSERT_OK(fpgaOpen(token, &h, flags[i]));
		for (j = 0; j < 4; j++)
			ASSERT_GIVES(fpgaOpen(token, &none, flags[j]), FPGA_BUSY);
		CU_ASSERT_PTR_EQUAL(none, GARBAGE);
		case_close(h);
	}
	case_drop(token);
}

/* It was there when it was enumerated. */
static void
not_there_any_more(void)
{
	fpga_token token = case_token("sim:t-afu"), again = GARBAGE;
	fpga_handle h = GARBAGE;
	uint32_t n = 4711;

	ASSERT_OK(fpgaFinalize());
	afu_model_present(false);
	log_text_begin();
	ASSERT_GIVES(fpgaOpen(token, &h, 0), FPGA_NO_DRIVER);
	CU_ASSERT_EQUAL(case_lines(log_text_end()), 1);
	CU_ASSERT_PTR_EQUAL(h, GARBAGE);
	case_drop(token);
	ASSERT_OK(fpgaFinalize());
	log_text_begin();
	ASSERT_OK(fpgaEnumerate(NULL, 0, &again, 1, &n));
	CU_ASSERT_EQUAL(case_lines(log_text_end()), 1);
	CU_ASSERT_EQUAL(n, 0);
	CU_ASSERT_PTR_EQUAL(again, GARBAGE);
	afu_model_present(true);
	case_close(case_open("sim:t-afu"));
}

static void
reset_and_children(void)
{
	fpga_handle h = case_open("sim:t-afu"), edu = case_open("sim:edu");
	fpga_handle pair = case_open("sim:t-pair"), child = GARBAGE;
	uint64_t v = NO_VALUE;
	uint32_t n = 4711;

	ASSERT_OK(fpgaWriteMMIO64(h, 0, AFU_SCRATCH, 77));
	ASSERT_OK(fpgaReset(h));
	ASSERT_OK(fpgaReadMMIO64(h, 0, AFU_SCRATCH, &v));
	CU_ASSERT_EQUAL(v, 0);
	ASSERT_OK(fpgaReset(edu));
	ASSERT_OK(fpgaReset(pair)); /* has none, and programs rely on success */
	ASSERT_BAD(fpgaReset(NULL));
	ASSERT_BAD(fpgaReset(GARBAGE));
	ASSERT_OK(fpgaGetChildren(h, 0, NULL, &n));
	CU_ASSERT_EQUAL(n, 0);
	n = 4711;
	ASSERT_OK(fpgaGetChildren(h, 1, &child, &n));
	CU_ASSERT_EQUAL(n, 0);
	CU_ASSERT_PTR_EQUAL(child, GARBAGE);
	ASSERT_BAD(fpgaGetChildren(h, 1, NULL, &n));
	ASSERT_BAD(fpgaGetChildren(h, 1, &child, NULL));
	ASSERT_BAD(fpgaGetChildren(NULL, 1, &child, &n));
	case_close(h);
	case_close(edu);
	case_close(pair);
}

/* A reset leaves buffers and their addresses as they are. */
static void
reset_with_buffers(void)
{
	fpga_handle h = case_open("sim:t-afu");
	uint64_t wsid = 0, io = 0;
	void *va = NULL;

	ASSERT_OK(fpgaPrepareBuffer(h, 4096, &va, &wsid, 0));
	ASSERT_OK(fpgaGetIOAddress(h, wsid, &io));
	CU_ASSERT(afu_writes(h, io, 8, 1));
	ASSERT_OK(fpgaReset(h));
	CU_ASSERT(afu_writes(h, io, 8, 2));
	CU_ASSERT_EQUAL(*(uint64_t *)va, 2);
	ASSERT_OK(fpgaReleaseBuffer(h, wsid));
	case_close(h);
}

/* Every call that takes a handle, with one that is none. */
static void
is_refused(fpga_handle h)
{
	fpga_event_handle event = NULL;
	fpga_properties p = GARBAGE;
	uint64_t v = NO_VALUE, wsid = NO_VALUE, *map = GARBAGE;
	unsigned char wide[64] = { 0 };
	uint32_t n = 4711, v32 = 4711;
	void *va = GARBAGE;
	fpga_handle child;

	ASSERT_OK(fpgaCreateEventHandle(&event));
	ASSERT_BAD(fpgaClose(h));
	ASSERT_BAD(fpgaReset(h));
	ASSERT_BAD(fpgaGetChildren(h, 1, &child, &n));
	ASSERT_BAD(fpgaMapMMIO(h, 0, NULL));
	ASSERT_BAD(fpgaMapMMIO(h, 0, &map));
	ASSERT_BAD(fpgaUnmapMMIO(h, 0));
	ASSERT_BAD(fpgaReadMMIO64(h, 0, 0, &v));
	ASSERT_BAD(fpgaReadMMIO32(h, 0, 0, &v32));
	ASSERT_BAD(fpgaWriteMMIO64(h, 0, AFU_SCRATCH, 1));
	ASSERT_BAD(fpgaWriteMMIO32(h, 0, AFU_SCRATCH, 1));
	ASSERT_BAD(fpgaWriteMMIO512(h, 0, AFU_WIDE, wide));
	ASSERT_BAD(fpgaPrepareBuffer(h, 4096, &va, &wsid, 0));
	ASSERT_BAD(fpgaPrepareBuffer(h, 0, NULL, &wsid, FPGA_BUF_PREALLOCATED));
	ASSERT_BAD(fpgaReleaseBuffer(h, 1));
	ASSERT_BAD(fpgaGetIOAddress(h, 1, &v));
	ASSERT_BAD(fpgaBindSVA(h, &n));
	ASSERT_BAD(fpgaGetPropertiesFromHandle(h, &p));
	ASSERT_BAD(fpgaRegisterEvent(h, FPGA_EVENT_INTERRUPT, event, 0));
	ASSERT_BAD(fpgaUnregisterEvent(h, FPGA_EVENT_INTERRUPT, event));
	CU_ASSERT(v == NO_VALUE && wsid == NO_VALUE && n == 4711 && v32 == 4711);
	CU_ASSERT(va == GARBAGE && p == GARBAGE && (void *)map == GARBAGE);
	ASSERT_OK(fpgaDestroyEventHandle(&event));
}

static void
use_after_close(void)
{
	fpga_token token = case_token("sim:t-afu");
	fpga_handle h = NULL, next = NULL;
	fpga_properties p = NULL;
	int on_stack = 0;

	ASSERT_OK(fpgaOpen(token, &h, 0));
	case_close(h);
	is_refused(h);
	ASSERT_OK(fpgaOpen(token, &next, 0));
	is_refused(h); /* also when the next one is in its place */
	ASSERT_OK(fpgaGetProperties(NULL, &p));
	is_refused(NULL);
	is_refused(GARBAGE);
	is_refused(&on_stack);
	is_refused(token);
	is_refused(p);
	ASSERT_OK(fpgaDestroyProperties(&p));
	case_close(next);
	case_drop(token);
}

/* Pulled out while it is open: everything returns, and nothing faults. */
static void
pulled_out(void)
{
	fpga_handle h = case_open("sim:t-afu");
	uint64_t wsid = 0, io = 0, v = 0;
	uint32_t v32 = 0;
	void *va = NULL;

	ASSERT_OK(fpgaPrepareBuffer(h, 4096, &va, &wsid, 0));
	log_text_begin();
	CU_ASSERT_EQUAL(devmodel_inject("t-afu", DEVMODEL_UNPLUG), 0);
	ASSERT_OK(fpgaReadMMIO64(h, 0, AFU_SCRATCH, &v));
	CU_ASSERT_EQUAL(v, UINT64_MAX);
	ASSERT_OK(fpgaReadMMIO32(h, 0, AFU_SCRATCH, &v32));
	CU_ASSERT_EQUAL(v32, UINT32_MAX);
	ASSERT_OK(fpgaWriteMMIO64(h, 0, AFU_SCRATCH, 1));
	ASSERT_OK(fpgaGetIOAddress(h, wsid, &io));
	memset(va, 1, 4096);
	/* The event is handled by another thread; a reset fails before and after. */
	ASSERT_GIVES(fpgaReset(h), FPGA_EXCEPTION);
	ASSERT_OK(fpgaReleaseBuffer(h, wsid));
	case_close(h);
	log_text_end();
	case_close(case_open("sim:t-afu"));
}

/*
 * Registers
 */

static void
widths(void)
{
	fpga_handle h = case_open("sim:t-afu");
	uint64_t v = 0;
	uint32_t v32 = 0;

	ASSERT_OK(fpgaWriteMMIO64(h, 0, AFU_SCRATCH, UINT64_C(0x0123456789abcdef)));
	ASSERT_OK(fpgaReadMMIO64(h, 0, AFU_SCRATCH, &v));
	CU_ASSERT_EQUAL(v, UINT64_C(0x0123456789abcdef));
	ASSERT_OK(fpgaReadMMIO32(h, 0, AFU_SCRATCH, &v32));
	CU_ASSERT_EQUAL(v32, 0x89abcdef);
	ASSERT_OK(fpgaReadMMIO32(h, 0, AFU_SCRATCH + 4, &v32));
	CU_ASSERT_EQUAL(v32, 0x01234567);
	ASSERT_OK(fpgaWriteMMIO32(h, 0, AFU_SCRATCH + 4, 0xaabbccdd));
	ASSERT_OK(fpgaReadMMIO64(h, 0, AFU_SCRATCH, &v));
	CU_ASSERT_EQUAL(v, UINT64_C(0xaabbccdd89abcdef));
	case_close(h);
}

static void
alignment(void)
{
	fpga_handle h = case_open("sim:t-afu");
	unsigned char wide[64] = { 0 };
	uint64_t v = NO_VALUE, off;
	uint32_t v32 = 4711;

	for (off = AFU_SCRATCH + 1; off < AFU_SCRATCH + 8; off++) {
		ASSERT_BAD(fpgaReadMMIO64(h, 0, off, &v));
		ASSERT_BAD(fpgaWriteMMIO64(h, 0, off, 1));
		if (off % 4 == 0)
			continue;
		ASSERT_BAD(fpgaReadMMIO32(h, 0, off, &v32));
		ASSERT_BAD(fpgaWriteMMIO32(h, 0, off, 1));
	}
	for (off = AFU_WIDE + 1; off < AFU_WIDE + 64; off++)
		ASSERT_BAD(fpgaWriteMMIO512(h, 0, off, wide));
	CU_ASSERT(v == NO_VALUE && v32 == 4711);
	ASSERT_OK(fpgaReadMMIO64(h, 0, AFU_SCRATCH, &v));
	CU_ASSERT_EQUAL(v, 0);
	case_close(h);
}

static void
bounds(void)
{
	static const uint64_t beyond[] = { AFU_BAR_SIZE, AFU_BAR_SIZE + 64, UINT64_C(1) << 32,
		(UINT64_C(1) << 32) + AFU_SCRATCH, UINT64_C(1) << 63, UINT64_MAX - 63 };
	fpga_handle h = case_open("sim:t-afu");
	unsigned char wide[64] = { 0 };
	uint64_t v = NO_VALUE;
	uint32_t v32 = 4711;
	unsigned int i;

	for (i = 0; i < sizeof(beyond) / sizeof(beyond[0]); i++) {
		ASSERT_BAD(fpgaReadMMIO64(h, 0, beyond[i], &v));
		ASSERT_BAD(fpgaReadMMIO32(h, 0, beyond[i], &v32));
		ASSERT_BAD(fpgaWriteMMIO64(h, 0, beyond[i], 1));
		ASSERT_BAD(fpgaWriteMMIO32(h, 0, beyond[i], 1));
		ASSERT_BAD(fpgaWriteMMIO512(h, 0, beyond[i], wide));
	}
	CU_ASSERT(v == NO_VALUE && v32 == 4711);
	ASSERT_OK(fpgaReadMMIO64(h, 0, AFU_BAR_SIZE - 8, &v));
	ASSERT_OK(fpgaReadMMIO32(h, 0, AFU_BAR_SIZE - 4, &v32));
	ASSERT_OK(fpgaWriteMMIO512(h, 0, AFU_BAR_SIZE - 64, wide));
	ASSERT_BAD(fpgaReadMMIO64(h, 0, 0, NULL));
	ASSERT_BAD(fpgaReadMMIO32(h, 0, 0, NULL));
	ASSERT_BAD(fpgaWriteMMIO512(h, 0, AFU_WIDE, NULL));
	case_close(h);
}

static void
spaces(void)
{
	static const uint32_t none[] = { 1, 2, 31, 32, 33, UINT32_MAX };
	fpga_handle h = case_open("sim:t-afu");
	unsigned char wide[64] = { 0 };
	uint64_t v = NO_VALUE;
	uint32_t v32 = 4711;
	unsigned int i;

	for (i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		ASSERT_BAD(fpgaMapMMIO(h, none[i], NULL));
		ASSERT_BAD(fpgaUnmapMMIO(h, none[i]));
		ASSERT_BAD(fpgaReadMMIO64(h, none[i], 0, &v));
		ASSERT_BAD(fpgaReadMMIO32(h, none[i], 0, &v32));
		ASSERT_BAD(fpgaWriteMMIO64(h, none[i], AFU_SCRATCH, 1));
		ASSERT_BAD(fpgaWriteMMIO32(h, none[i], AFU_SCRATCH, 1));
		ASSERT_BAD(fpgaWriteMMIO512(h, none[i], AFU_WIDE, wide));
	}
	CU_ASSERT(v == NO_VALUE && v32 == 4711);
	case_close(h);
}

static void
map_and_unmap(void)
{
	fpga_handle h = case_open("sim:t-afu");
	uint64_t *va = GARBAGE, v = NO_VALUE;

	ASSERT_BAD(fpgaUnmapMMIO(h, 0));
	ASSERT_OK(fpgaReadMMIO64(h, 0, 0, &v)); /* there is no need to map */
	ASSERT_OK(fpgaMapMMIO(h, 0, NULL));
	ASSERT_OK(fpgaMapMMIO(h, 0, NULL));
	/* Registers of a model trap: there is nothing to point to, and nothing is counted. */
	ASSERT_GIVES(fpgaMapMMIO(h, 0, &va), FPGA_NOT_SUPPORTED);
	CU_ASSERT_PTR_EQUAL(va, GARBAGE);
	ASSERT_OK(fpgaUnmapMMIO(h, 0));
	ASSERT_OK(fpgaUnmapMMIO(h, 0));
	ASSERT_BAD(fpgaUnmapMMIO(h, 0));
	ASSERT_OK(fpgaReadMMIO64(h, 0, 0, &v));
	case_close(h);
}

static void
wide_writes(void)
{
	fpga_handle h = case_open("sim:t-afu");
	unsigned char bytes[65];
	uint64_t word, v;
	unsigned int i;

	for (i = 0; i < sizeof(bytes); i++)
		bytes[i] = (unsigned char)(i * 7);
	/* The source need not be aligned. */
	ASSERT_OK(fpgaWriteMMIO512(h, 0, AFU_WIDE, bytes + 1));
	for (i = 0; i < 8; i++) {
		v = NO_VALUE;
		ASSERT_OK(fpgaReadMMIO64(h, 0, AFU_WIDE + 8 * i, &v));
		memcpy(&word, bytes + 1 + 8 * i, 8);
		CU_ASSERT_EQUAL(v, word);
	}
	ASSERT_OK(fpgaReadMMIO64(h, 0, AFU_WIDE - 8, &v));
	CU_ASSERT_EQUAL(v, 0);
	ASSERT_OK(fpgaReadMMIO64(h, 0, AFU_WIDE + 64, &v));
	CU_ASSERT_EQUAL(v, 0);
	case_close(h);
}

/* As programs do that look for an AFU in the feature list themselves. */
static void
walk_of_the_feature_list(void)
{
	fpga_handle h = case_open("sim:t-afu");
	uint64_t dfh = 0;

	ASSERT_OK(fpgaMapMMIO(h, 0, NULL));
	ASSERT_OK(fpgaReadMMIO64(h, 0, 0, &dfh));
	CU_ASSERT_EQUAL(dfh >> 60, 1);
	CU_ASSERT_EQUAL(dfh >> 40 & 1, 1);
	ASSERT_OK(fpgaUnmapMMIO(h, 0));
	case_close(h);
}

static const struct test_case open_cases[] = {
	{ "open and close", open_and_close },
	{ "bad arguments", bad_arguments },
	{ "a second open is busy", second_open_is_busy },
	{ "not there any more", not_there_any_more },
	{ "reset and children", reset_and_children },
	{ "reset with buffers", reset_with_buffers },
	{ "every call after close", use_after_close },
	{ "pulled out", pulled_out },
	{ NULL, NULL },
};

static const struct test_case mmio_cases[] = {
	{ "32 and 64 bits", widths },
	{ "alignment", alignment },
	{ "bounds", bounds },
	{ "spaces", spaces },
	{ "map and unmap", map_and_unmap },
	{ "512 bits", wide_writes },
	{ "a program's own walk", walk_of_the_feature_list },
	{ NULL, NULL },
};

const struct test_suite opae_suites[] = {
	{ "handles", NULL, NULL, open_cases },
	{ "registers", NULL, NULL, mmio_cases },
	{ NULL, NULL, NULL, NULL },
};
