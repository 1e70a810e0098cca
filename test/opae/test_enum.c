/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * fpgaEnumerate() and tokens.
 */
#include <stdio.h>
#include <string.h>

#include <acceldev/acceldev.h>
#include <devmodel/devmodel.h>

#include "log_text.h"
#include "opae_afu.h"
#include "opae_case.h"

#define ALL_FOUR "sim:edu sim:t-afu sim:t-pair" /* one has two */

static fpga_properties
new_filter(void)
{
	fpga_properties filter = NULL;

	CU_ASSERT_EQUAL_FATAL(fpgaGetProperties(NULL, &filter), FPGA_OK);
	return filter;
}

static void
drop_filter(fpga_properties filter)
{
	ASSERT_OK(fpgaDestroyProperties(&filter));
	CU_ASSERT_PTR_NULL(filter);
}

static uint32_t
matches(const fpga_properties *filters, uint32_t n)
{
	uint32_t found = 4711;

	ASSERT_OK(fpgaEnumerate(filters, n, NULL, 0, &found));
	return found;
}

/* How many match; the filter is used up. */
static uint32_t
matches_one(fpga_properties filter)
{
	uint32_t n = matches(&filter, 1);

	drop_filter(filter);
	return n;
}

static fpga_properties
properties_of(fpga_token token)
{
	fpga_properties p = NULL;

	CU_ASSERT_EQUAL_FATAL(fpgaGetProperties(token, &p), FPGA_OK);
	return p;
}

/* The token of the n-th accelerator. */
static fpga_token
nth_token(uint32_t i)
{
	fpga_token tokens[8] = { NULL };
	uint32_t n = 0, j;

	ASSERT_OK(fpgaEnumerate(NULL, 0, tokens, 8, &n));
	CU_ASSERT_FATAL(i < n && n <= 8);
	for (j = 0; j < n; j++) {
		if (j != i)
			case_drop(tokens[j]);
	}
	return tokens[i];
}

/*
 * Arguments
 */

static void
bad_arguments(void)
{
	fpga_properties filter = new_filter(), none = NULL, garbage = GARBAGE;
	fpga_properties two[2] = { filter, GARBAGE };
	fpga_token token = GARBAGE;
	uint32_t n;

	case_devices("sim:edu");
#define REFUSED(...)                                                                               \
	do {                                                                                       \
		n = 4711;                                                                          \
		ASSERT_BAD(fpgaEnumerate(__VA_ARGS__, &n));                                        \
		CU_ASSERT_EQUAL(n, 0);                                                             \
		CU_ASSERT_PTR_EQUAL(token, GARBAGE);                                               \
	} while (0)
	REFUSED(NULL, 0, NULL, 1);
	REFUSED(&filter, 1, NULL, 1);
	REFUSED(NULL, 1, &token, 1);
	REFUSED(&filter, 0, &token, 1);
	REFUSED(&filter, 0, NULL, 0);
	REFUSED(&none, 1, &token, 1);
	REFUSED(&garbage, 1, &token, 1);
	REFUSED(two, 2, &token, 1);
#undef REFUSED
	ASSERT_BAD(fpgaEnumerate(NULL, 0, &token, 1, NULL));
	ASSERT_BAD(fpgaEnumerate(&filter, 1, &token, 1, NULL));
	ASSERT_BAD(fpgaEnumerate(NULL, 0, NULL, 0, NULL));
	CU_ASSERT_PTR_EQUAL(token, GARBAGE);
	drop_filter(filter);
}

/* More filters than there are; the second one is none. */
static void
too_many_filters(void)
{
	fpga_properties filters[2] = { new_filter(), NULL };
	uint32_t n = 4711;

	ASSERT_BAD(fpgaEnumerate(filters, UINT32_MAX, NULL, 0, &n));
	CU_ASSERT_EQUAL(n, 0);
	drop_filter(filters[0]);
}

static void
a_destroyed_filter(void)
{
	fpga_properties filter = new_filter(), copy = filter;
	uint32_t n = 4711;

	drop_filter(filter);
	ASSERT_BAD(fpgaEnumerate(&copy, 1, NULL, 0, &n));
	CU_ASSERT_EQUAL(n, 0);
}

static void
other_objects_as_filters(void)
{
	fpga_token token = case_token("sim:edu");
	fpga_event_handle event = NULL;
	uint32_t n = 4711;

	ASSERT_OK(fpgaCreateEventHandle(&event));
	ASSERT_BAD(fpgaEnumerate((fpga_properties *)&token, 1, NULL, 0, &n));
	ASSERT_BAD(fpgaEnumerate((fpga_properties *)&event, 1, NULL, 0, &n));
	ASSERT_OK(fpgaDestroyEventHandle(&event));
	case_drop(token);
}

static void
counts_beyond_the_room(void)
{
	fpga_token tokens[8];
	uint32_t room, n, i;

	case_devices(ALL_FOUR);
	CU_ASSERT_EQUAL(case_count(), 4);
	for (room = 0; room <= 6; room++) {
		uint32_t given = room < 4 ? room : 4;

		for (i = 0; i < 8; i++)
			tokens[i] = GARBAGE;
		n = 4711;
		ASSERT_OK(fpgaEnumerate(NULL, 0, tokens, room, &n));
		CU_ASSERT_EQUAL(n, 4);
		for (i = 0; i < given; i++)
			case_drop(tokens[i]);
		for (; i < 8; i++)
			CU_ASSERT_PTR_EQUAL(tokens[i], GARBAGE);
	}
}

/*
 * Filters
 */

static void
by_guid(void)
{
	fpga_properties filter = new_filter();
	fpga_guid zeros = { 0 }, none = { 1 };
	fpga_token token = NULL;
	fpga_properties p;
	fpga_guid guid;
	uint32_t n = 0;

	case_devices(ALL_FOUR);
	ASSERT_OK(fpgaPropertiesSetGUID(filter, afu_pair_guid2));
	ASSERT_OK(fpgaEnumerate(&filter, 1, &token, 1, &n));
	CU_ASSERT_EQUAL(n, 1);
	p = properties_of(token);
	ASSERT_OK(fpgaPropertiesGetGUID(p, &guid));
	CU_ASSERT_EQUAL(memcmp(guid, afu_pair_guid2, 16), 0);
	drop_filter(p);
	case_drop(token);
	ASSERT_OK(fpgaPropertiesSetGUID(filter, afu_guid));
	CU_ASSERT_EQUAL(matches(&filter, 1), 1);
	ASSERT_OK(fpgaPropertiesSetGUID(filter, zeros)); /* what has none, as edu */
	CU_ASSERT_EQUAL(matches(&filter, 1), 1);
	ASSERT_OK(fpgaPropertiesSetGUID(filter, none));
	CU_ASSERT_EQUAL(matches(&filter, 1), 0);
	drop_filter(filter);
}

/* As programs name them, by the text of a UUID. */
static void
by_guid_of_the_models(void)
{
	fpga_guid nlb = { 0xd8, 0x42, 0x4d, 0xc4, 0xa4, 0xa3, 0xc4, 0x13,
		0xf8, 0x9e, 0x43, 0x36, 0x83, 0xf9, 0x04, 0x0b };
	fpga_guid he_lb = { 0x56, 0xe2, 0x03, 0xe9, 0x86, 0x4f, 0x49, 0xa7,
		0xb9, 0x4b, 0x12, 0x28, 0x4c, 0x31, 0xe0, 0x2b };
	fpga_properties filter = new_filter();

	case_devices("sim:nlb sim:he-lb sim:t-afu");
	CU_ASSERT_EQUAL(case_count(), 3);
	ASSERT_OK(fpgaPropertiesSetObjectType(filter, FPGA_ACCELERATOR));
	ASSERT_OK(fpgaPropertiesSetGUID(filter, nlb));
	CU_ASSERT_EQUAL(matches(&filter, 1), 1);
	ASSERT_OK(fpgaPropertiesSetGUID(filter, he_lb));
	CU_ASSERT_EQUAL(matches(&filter, 1), 1);
	case_devices("sim:nlb sim:t-afu");
	CU_ASSERT_EQUAL(matches(&filter, 1), 0);
	drop_filter(filter);
}

static void
by_type(void)
{
	fpga_properties filter = new_filter();

	case_devices(ALL_FOUR);
	CU_ASSERT_EQUAL(matches(&filter, 1), 4); /* an empty one matches all */
	ASSERT_OK(fpgaPropertiesSetObjectType(filter, FPGA_ACCELERATOR));
	CU_ASSERT_EQUAL(matches(&filter, 1), 4);
	ASSERT_OK(fpgaPropertiesSetObjectType(filter, FPGA_DEVICE));
	CU_ASSERT_EQUAL(matches(&filter, 1), 0);
	drop_filter(filter);
}

/* Fields of one filter all have to match, of several filters one has to. */
static void
and_within_or_between(void)
{
	fpga_properties filters[3] = { new_filter(), new_filter(), new_filter() };
	unsigned int i;

	case_devices(ALL_FOUR);
	ASSERT_OK(fpgaPropertiesSetGUID(filters[0], afu_guid));
	ASSERT_OK(fpgaPropertiesSetVendorID(filters[0], 0x1d0f));
	CU_ASSERT_EQUAL(matches(filters, 1), 1);
	ASSERT_OK(fpgaPropertiesSetVendorID(filters[0], 0x8086));
	CU_ASSERT_EQUAL(matches(filters, 1), 0);
	ASSERT_OK(fpgaPropertiesSetGUID(filters[1], afu_pair_guid));
	CU_ASSERT_EQUAL(matches(filters, 2), 1);
	ASSERT_OK(fpgaPropertiesSetDeviceID(filters[2], 0xbcce));
	CU_ASSERT_EQUAL(matches(&filters[2], 1), 2);
	/* One that several filters match is one. */
	CU_ASSERT_EQUAL(matches(filters, 3), 2);
	ASSERT_OK(fpgaPropertiesSetVendorID(filters[0], 0x1d0f));
	CU_ASSERT_EQUAL(matches(filters, 3), 3);
	for (i = 0; i < 3; i++)
		drop_filter(filters[i]);
}

/* Each property of an accelerator finds it, and another value does not. */
#define CHECK_FILTER(name, type)                                                                   \
	do {                                                                                       \
		fpga_properties yes_ = new_filter(), no_ = new_filter();                           \
		type v_;                                                                           \
		ASSERT_OK(fpgaPropertiesSetObjectType(yes_, FPGA_ACCELERATOR));                    \
		ASSERT_OK(fpgaPropertiesSetObjectType(no_, FPGA_ACCELERATOR));                     \
		ASSERT_OK(fpgaPropertiesGet##name(p, &v_));                                        \
		ASSERT_OK(fpgaPropertiesSet##name(yes_, v_));                                      \
		ASSERT_OK(fpgaPropertiesSet##name(no_, (type)(v_ ^ 1)));                           \
		CU_ASSERT_EQUAL(matches_one(yes_), 1);                                             \
		CU_ASSERT_EQUAL(matches_one(no_), 0);                                              \
	} while (0)

static void
by_each_property(void)
{
	fpga_token token = case_token("sim:t-afu");
	fpga_properties p = properties_of(token);

	CHECK_FILTER(Segment, uint16_t);
	CHECK_FILTER(Bus, uint8_t);
	CHECK_FILTER(Device, uint8_t);
	CHECK_FILTER(Function, uint8_t);
	CHECK_FILTER(SocketID, uint8_t);
	CHECK_FILTER(VendorID, uint16_t);
	CHECK_FILTER(DeviceID, uint16_t);
	CHECK_FILTER(SubsystemVendorID, uint16_t);
	CHECK_FILTER(SubsystemDeviceID, uint16_t);
	CHECK_FILTER(ObjectID, uint64_t);
	CHECK_FILTER(NumErrors, uint32_t);
	CHECK_FILTER(Interface, fpga_interface);
	CHECK_FILTER(NumMMIO, uint32_t);
	CHECK_FILTER(NumInterrupts, uint32_t);
	CHECK_FILTER(AcceleratorState, fpga_accelerator_state);
	drop_filter(p);
	case_drop(token);
}

/* What no accelerator here has. */
static void
by_what_none_has(void)
{
	fpga_token token = case_token("sim:t-afu");
	fpga_properties filter = new_filter();
	fpga_version version = { 0, 0, 0 };

	ASSERT_OK(fpgaPropertiesSetParent(filter, token));
	CU_ASSERT_EQUAL(matches(&filter, 1), 0);
	ASSERT_OK(fpgaClearProperties(filter));
	CU_ASSERT_EQUAL(matches(&filter, 1), 1);
	ASSERT_OK(fpgaPropertiesSetObjectType(filter, FPGA_DEVICE));
	ASSERT_OK(fpgaPropertiesSetNumSlots(filter, 0));
	ASSERT_OK(fpgaPropertiesSetBBSID(filter, 0));
	ASSERT_OK(fpgaPropertiesSetBBSVersion(filter, version));
	ASSERT_OK(fpgaPropertiesSetObjectType(filter, FPGA_ACCELERATOR));
	CU_ASSERT_EQUAL(matches(&filter, 1), 0);
	drop_filter(filter);
	case_drop(token);
}

static void
by_state(void)
{
	fpga_properties filter = new_filter();
	fpga_handle h;

	ASSERT_OK(fpgaPropertiesSetObjectType(filter, FPGA_ACCELERATOR));
	ASSERT_OK(fpgaPropertiesSetAcceleratorState(filter, FPGA_ACCELERATOR_ASSIGNED));
	h = case_open("sim:t-pair");
	CU_ASSERT_EQUAL(matches(&filter, 1), 1); /* of two */
	case_close(h);
	CU_ASSERT_EQUAL(matches(&filter, 1), 0);
	drop_filter(filter);
}

/*
 * Tokens
 */

static void
clone_and_destroy(void)
{
	fpga_token token = case_token("sim:t-afu"), copy = NULL, same = token;
	fpga_properties p;

	ASSERT_OK(fpgaCloneToken(token, &copy));
	CU_ASSERT_PTR_NOT_NULL(copy);
	CU_ASSERT_PTR_NOT_EQUAL(copy, token);
	ASSERT_OK(fpgaDestroyToken(&token));
	CU_ASSERT_PTR_NULL(token);
	ASSERT_BAD(fpgaDestroyToken(&token));
	token = same;
	ASSERT_BAD(fpgaDestroyToken(&token));
	CU_ASSERT_PTR_EQUAL(token, same);
	p = properties_of(copy);
	drop_filter(p);
	case_drop(copy);
}

static void
foreign_tokens(void)
{
	fpga_token token = case_token("sim:t-afu"), out = GARBAGE;
	fpga_properties p = properties_of(token), made = GARBAGE;
	fpga_handle h = GARBAGE;
	int on_stack = 0;
	void *bad[] = { NULL, GARBAGE, &on_stack, p, (char *)token + 1, (char *)token - 1,
		(void *)8, (void *)UINTPTR_MAX };
	unsigned int i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		fpga_token copy = bad[i];

		ASSERT_BAD(fpgaCloneToken(bad[i], &out));
		ASSERT_BAD(fpgaDestroyToken(&copy));
		CU_ASSERT_PTR_EQUAL(copy, bad[i]);
		ASSERT_BAD(fpgaOpen(bad[i], &h, 0));
		ASSERT_BAD(fpgaUpdateProperties(bad[i], p));
		if (bad[i] != NULL)
			ASSERT_BAD(fpgaGetProperties(bad[i], &made));
	}
	ASSERT_BAD(fpgaCloneToken(token, NULL));
	ASSERT_BAD(fpgaDestroyToken(NULL));
	CU_ASSERT_PTR_EQUAL(out, GARBAGE);
	CU_ASSERT_PTR_EQUAL(h, GARBAGE);
	CU_ASSERT_PTR_EQUAL(made, GARBAGE);
	drop_filter(p);
	case_drop(token);
}

/* Tokens of two enumerations are two, and of one accelerator. */
static void
tokens_of_one_accelerator(void)
{
	fpga_token a = case_token("sim:t-afu"), b = case_token("sim:t-afu");
	fpga_handle h = NULL, none = NULL;

	CU_ASSERT_PTR_NOT_EQUAL(a, b);
	ASSERT_OK(fpgaOpen(a, &h, 0));
	ASSERT_GIVES(fpgaOpen(b, &none, 0), FPGA_BUSY);
	case_drop(a); /* the handle needs it no more */
	case_close(h);
	ASSERT_OK(fpgaOpen(b, &h, 0));
	case_close(h);
	case_drop(b);
}

static void
tokens_outlive_the_list(void)
{
	fpga_token token = case_token("sim:t-afu"), other;
	fpga_handle h = NULL;
	uint64_t id, id2;
	fpga_properties p;

	p = properties_of(token);
	ASSERT_OK(fpgaPropertiesGetObjectID(p, &id));
	drop_filter(p);
	ASSERT_OK(fpgaFinalize());
	case_devices("sim:edu");
	CU_ASSERT_EQUAL(case_count(), 1);
	other = nth_token(0);
	p = properties_of(other);
	ASSERT_OK(fpgaPropertiesGetObjectID(p, &id2));
	CU_ASSERT_NOT_EQUAL(id, id2);
	drop_filter(p);
	ASSERT_OK(fpgaOpen(token, &h, 0));
	/* It is open and not named; then it is both. */
	CU_ASSERT_EQUAL(case_count(), 1);
	case_devices("sim:edu sim:t-afu");
	CU_ASSERT_EQUAL(case_count(), 2);
	case_close(h);
	case_drop(token);
	case_drop(other);
}

/*
 * Devices
 */

/* The settings decide anew at each call. */
static void
as_the_setting_says(void)
{
	static const struct {
		const char *specs;
		uint32_t n;
	} some[] = {
		{ "", 0 }, { " ; ", 0 }, { "sim:edu", 1 }, { "sim:edu;sim:t-afu", 2 },
		{ "  sim:t-pair \t sim:edu ;\n", 3 }, { "sim:t-afu sim:t-afu.1 sim:t-afu.2", 3 },
		{ "sim:t-afu sim:t-afu", 1 }, { "sim:t-afu,maps=9 sim:t-afu", 1 },
		{ "sim:t-afu sim:edu sim:t-afu,maps=9", 2 },
		{ "sim:t-afu,driver=dfl", 1 }, { "", 0 },
	};
	unsigned int i;

	for (i = 0; i < sizeof(some) / sizeof(some[0]); i++) {
		case_devices(some[i].specs);
		CU_ASSERT_EQUAL(case_count(), some[i].n);
		CU_ASSERT_EQUAL(case_count(), some[i].n);
	}
	CU_ASSERT_EQUAL(accel_dev_count(), 0); /* none stays open */
}

static void
in_the_order_of_the_setting(void)
{
	fpga_guid guid, *const order[] = { &afu_pair_guid, &afu_pair_guid2, &afu_guid };
	uint64_t ids[3];
	unsigned int i;

	case_devices("sim:t-pair sim:t-afu");
	for (i = 0; i < 3; i++) {
		fpga_token token = nth_token(i);
		fpga_properties p = properties_of(token);

		ASSERT_OK(fpgaPropertiesGetGUID(p, &guid));
		CU_ASSERT_EQUAL(memcmp(guid, *order[i], 16), 0);
		ASSERT_OK(fpgaPropertiesGetObjectID(p, &ids[i]));
		drop_filter(p);
		case_drop(token);
	}
	CU_ASSERT(ids[0] != ids[1] && ids[1] != ids[2] && ids[0] != ids[2]);
}

/* What cannot be used says why, and the rest is there. */
static void
bad_ones_among_good_ones(void)
{
	static const char *const bad[] = { "sim:none", "nonsense", "sim:t-afu.2,colour=red",
		"sim:t-afu.2,driver=none", "pci:ffff:ff:1f.7", "bus:0", "sim:t-bare",
		"sim:t-afu.2,maps=0", "sim:", ":", "," };
	char specs[128];
	unsigned int i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(specs, sizeof(specs), "sim:t-afu %s sim:edu", bad[i]);
		case_devices(specs);
		log_text_begin();
		CU_ASSERT_EQUAL(case_count(), 2);
		CU_ASSERT_EQUAL(case_lines(log_text_end()), 1);
		case_devices(bad[i]);
		log_text_begin();
		CU_ASSERT_EQUAL(case_count(), 0);
		CU_ASSERT_EQUAL(case_lines(log_text_end()), 1);
	}
}

static void
bound_by_its_id_or_by_its_bar(void)
{
	static const char *const specs[] = { "sim:t-afu", "sim:t-afu,driver=dfl", "sim:t-pair",
		"sim:t-pair,driver=dfl" };
	struct accel_dev_info info;
	unsigned int i;

	for (i = 0; i < 4; i++) {
		fpga_handle h;

		log_text_begin();
		h = case_open(specs[i]);
		CU_ASSERT_STRING_EQUAL(log_text_end(), "");
		CU_ASSERT_EQUAL(accel_dev_info_get(case_dev(i < 2 ? "sim:t-afu" : "sim:t-pair"),
				&info), 0);
		CU_ASSERT_STRING_EQUAL(info.driver, "dfl");
		case_close(h);
	}
}

/* A device that fails to answer when it is looked at is in the list again when it does. */
static void
one_that_comes_and_goes(void)
{
	fpga_token token = case_token("sim:t-afu");
	fpga_handle h = NULL;
	fpga_properties p;

	case_devices("");
	CU_ASSERT_EQUAL(case_count(), 0);
	p = properties_of(token); /* what was known is known */
	drop_filter(p);
	ASSERT_OK(fpgaOpen(token, &h, 0)); /* and it is still there */
	CU_ASSERT_EQUAL(case_count(), 0);
	CU_ASSERT_EQUAL(devmodel_inject("t-afu", DEVMODEL_UNPLUG), 0);
	case_devices("sim:t-afu");
	CU_ASSERT_EQUAL(case_count(), 1); /* it is open, so it is not looked at */
	case_close(h);
	ASSERT_OK(fpgaOpen(token, &h, 0));
	case_close(h);
	case_drop(token);
}

/* Somebody else in the process has it, without this front-end. */
static void
one_that_the_process_has(void)
{
	fpga_token token = case_token("sim:t-afu");
	fpga_handle h = GARBAGE;
	int dev = accel_dev_probe("sim:t-afu,driver=dfl");

	CU_ASSERT_FATAL(dev >= 0);
	CU_ASSERT_EQUAL(case_count(), 1);
	log_text_begin();
	ASSERT_GIVES(fpgaOpen(token, &h, 0), FPGA_BUSY);
	CU_ASSERT_EQUAL(case_lines(log_text_end()), 1);
	CU_ASSERT_PTR_EQUAL(h, GARBAGE);
	CU_ASSERT_EQUAL(accel_dev_close((uint16_t)dev), 0);
	ASSERT_OK(fpgaOpen(token, &h, 0));
	case_close(h);
	case_drop(token);
}

/*
 * Two AFUs in one BAR
 */

static void
two_afus(void)
{
	fpga_token one, two;
	fpga_handle h1 = NULL, h2 = NULL, none = GARBAGE;
	uint64_t v = 0;

	case_devices("sim:t-pair");
	CU_ASSERT_EQUAL(case_count(), 2);
	one = nth_token(0);
	two = nth_token(1);
	ASSERT_OK(fpgaOpen(one, &h1, 0));
	ASSERT_GIVES(fpgaOpen(one, &none, 0), FPGA_BUSY);
	ASSERT_OK(fpgaOpen(two, &h2, 0));
	ASSERT_GIVES(fpgaOpen(two, &none, FPGA_OPEN_SHARED), FPGA_BUSY);
	CU_ASSERT_PTR_EQUAL(none, GARBAGE);
	CU_ASSERT_EQUAL(accel_dev_count(), 1);
	/* Offsets begin at the header of each, and end with it. */
	ASSERT_OK(fpgaReadMMIO64(h2, 0, 8, &v));
	CU_ASSERT_EQUAL(v & 0xff, afu_pair_guid2[15]);
	ASSERT_OK(fpgaWriteMMIO64(h1, 0, AFU_SCRATCH, 1));
	ASSERT_OK(fpgaWriteMMIO64(h2, 0, AFU_SCRATCH, 2));
	ASSERT_OK(fpgaReadMMIO64(h1, 0, AFU_SCRATCH, &v));
	CU_ASSERT_EQUAL(v, 1);
	ASSERT_OK(fpgaReadMMIO64(h1, 0, AFU_PAIR_AT - 8, &v));
	ASSERT_BAD(fpgaReadMMIO64(h1, 0, AFU_PAIR_AT, &v));
	ASSERT_OK(fpgaReadMMIO64(h2, 0, AFU_BAR_SIZE - AFU_PAIR_AT - 8, &v));
	ASSERT_BAD(fpgaReadMMIO64(h2, 0, AFU_BAR_SIZE - AFU_PAIR_AT, &v));
	/* One that begins inside and ends in the other. */
	ASSERT_BAD(fpgaWriteMMIO512(h1, 0, AFU_PAIR_AT - 32, &v));
	/* The device stays open as long as one of them is. */
	case_close(h1);
	ASSERT_OK(fpgaReadMMIO64(h2, 0, AFU_SCRATCH, &v));
	CU_ASSERT_EQUAL(v, 2);
	ASSERT_OK(fpgaOpen(one, &h1, 0));
	case_close(h2);
	case_close(h1);
	CU_ASSERT_EQUAL(accel_dev_count(), 0);
	case_drop(one);
	case_drop(two);
}

/* They share what the device reaches, and each has the names of its own buffers. */
static void
buffers_of_two_afus(void)
{
	fpga_token two = (case_devices("sim:t-pair"), nth_token(1));
	fpga_handle h1 = case_open("sim:t-pair"), h2 = NULL;
	uint64_t wsid, io = 0, io2 = 0;
	void *va = NULL;

	ASSERT_OK(fpgaOpen(two, &h2, 0));
	ASSERT_OK(fpgaPrepareBuffer(h1, 4096, &va, &wsid, 0));
	ASSERT_OK(fpgaGetIOAddress(h1, wsid, &io));
	ASSERT_GIVES(fpgaGetIOAddress(h2, wsid, &io2), FPGA_NOT_FOUND);
	ASSERT_BAD(fpgaReleaseBuffer(h2, wsid));
	CU_ASSERT(afu_writes(h1, io, 8, 5));
	CU_ASSERT_EQUAL(*(uint64_t *)va, 5);
	/* Closing one takes its buffers away, and leaves the other's. */
	case_close(h1);
	log_text_begin();
	CU_ASSERT_FALSE(afu_writes(h2, io, 8, 6));
	log_text_end();
	case_close(h2);
	case_drop(two);
}

static const struct test_case argument_cases[] = {
	{ "bad arguments", bad_arguments },
	{ "too many filters", too_many_filters },
	{ "a destroyed filter", a_destroyed_filter },
	{ "other objects as filters", other_objects_as_filters },
	{ "all are counted, the room is filled", counts_beyond_the_room },
	{ NULL, NULL },
};

static const struct test_case filter_cases[] = {
	{ "by GUID", by_guid },
	{ "by GUID of NLB and HE-LB", by_guid_of_the_models },
	{ "by type", by_type },
	{ "AND within, OR between", and_within_or_between },
	{ "by each property", by_each_property },
	{ "by what none has", by_what_none_has },
	{ "by state", by_state },
	{ NULL, NULL },
};

static const struct test_case token_cases[] = {
	{ "clone, destroy, destroy again", clone_and_destroy },
	{ "foreign pointers", foreign_tokens },
	{ "two for one accelerator", tokens_of_one_accelerator },
	{ "outlive the list", tokens_outlive_the_list },
	{ NULL, NULL },
};

static const struct test_case device_cases[] = {
	{ "as the setting says", as_the_setting_says },
	{ "in the order of the setting", in_the_order_of_the_setting },
	{ "bad ones among good ones", bad_ones_among_good_ones },
	{ "by PCI id and by driver=dfl", bound_by_its_id_or_by_its_bar },
	{ "one that comes and goes", one_that_comes_and_goes },
	{ "one that the process has", one_that_the_process_has },
	{ "two AFUs in one BAR", two_afus },
	{ "buffers of two AFUs", buffers_of_two_afus },
	{ NULL, NULL },
};

const struct test_suite opae_suites[] = {
	{ "arguments", NULL, NULL, argument_cases },
	{ "filters", NULL, NULL, filter_cases },
	{ "tokens", NULL, NULL, token_cases },
	{ "devices", NULL, NULL, device_cases },
	{ NULL, NULL, NULL, NULL },
};
