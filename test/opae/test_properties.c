/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Properties objects, and the one property at a time.
 */
#include <string.h>

#include "opae_afu.h"
#include "opae_case.h"

static fpga_properties
empty(void)
{
	fpga_properties p = NULL;

	CU_ASSERT_EQUAL_FATAL(fpgaGetProperties(NULL, &p), FPGA_OK);
	CU_ASSERT_PTR_NOT_NULL(p);
	return p;
}

static fpga_properties
of_type(fpga_objtype type)
{
	fpga_properties p = empty();

	ASSERT_OK(fpgaPropertiesSetObjectType(p, type));
	return p;
}

static fpga_properties
of_token(fpga_token token)
{
	fpga_properties p = NULL;

	CU_ASSERT_EQUAL_FATAL(fpgaGetProperties(token, &p), FPGA_OK);
	return p;
}

static void
drop(fpga_properties p)
{
	ASSERT_OK(fpgaDestroyProperties(&p));
	CU_ASSERT_PTR_NULL(p);
}

/*
 * One property
 */

/* The rules for each: unset, set, read back, changed, cleared, NULL, garbage. p may have it. */
#define CHECK_PROPERTY(name, type, p, one, other)                                                  \
	do {                                                                                       \
		const type values_[] = { one, other };                                             \
		type v_, before_;                                                                  \
		memset(&before_, 0x7e, sizeof(before_));                                           \
		v_ = before_;                                                                      \
		ASSERT_GIVES(fpgaPropertiesGet##name(p, &v_), FPGA_NOT_FOUND);                     \
		ASSERT_BAD(fpgaPropertiesGet##name(NULL, &v_));                                    \
		ASSERT_BAD(fpgaPropertiesGet##name(GARBAGE, &v_));                                 \
		ASSERT_BAD(fpgaPropertiesGet##name(p, NULL));                                      \
		CU_ASSERT_EQUAL(memcmp(&v_, &before_, sizeof(v_)), 0);                             \
		ASSERT_BAD(fpgaPropertiesSet##name(NULL, values_[0]));                             \
		ASSERT_BAD(fpgaPropertiesSet##name(GARBAGE, values_[0]));                          \
		ASSERT_OK(fpgaPropertiesSet##name(p, values_[0]));                                 \
		ASSERT_OK(fpgaPropertiesGet##name(p, &v_));                                        \
		CU_ASSERT_EQUAL(memcmp(&v_, &values_[0], sizeof(v_)), 0);                          \
		ASSERT_BAD(fpgaPropertiesGet##name(p, NULL));                                      \
		ASSERT_OK(fpgaPropertiesSet##name(p, values_[1]));                                 \
		ASSERT_OK(fpgaPropertiesGet##name(p, &v_));                                        \
		CU_ASSERT_EQUAL(memcmp(&v_, &values_[1], sizeof(v_)), 0);                          \
	} while (0)

/* Properties that any object has. */
static void
common(void)
{
	fpga_properties p = empty();

	CHECK_PROPERTY(ObjectType, fpga_objtype, p, FPGA_DEVICE, FPGA_ACCELERATOR);
	CHECK_PROPERTY(Segment, uint16_t, p, 0, 0xffff);
	CHECK_PROPERTY(Bus, uint8_t, p, 0, 0xff);
	CHECK_PROPERTY(Device, uint8_t, p, 0, 0x1f);
	CHECK_PROPERTY(Function, uint8_t, p, 0, 7);
	CHECK_PROPERTY(SocketID, uint8_t, p, 0, 0xff);
	CHECK_PROPERTY(VendorID, uint16_t, p, 0, 0x8086);
	CHECK_PROPERTY(DeviceID, uint16_t, p, 0, 0xbcce);
	CHECK_PROPERTY(SubsystemVendorID, uint16_t, p, 0, 0x8086);
	CHECK_PROPERTY(SubsystemDeviceID, uint16_t, p, 0, 0x1771);
	CHECK_PROPERTY(ObjectID, uint64_t, p, 0, UINT64_MAX);
	CHECK_PROPERTY(NumErrors, uint32_t, p, 0, UINT32_MAX);
	CHECK_PROPERTY(Interface, fpga_interface, p, FPGA_IFC_DFL, FPGA_IFC_UIO);
	drop(p);
}

static void
of_accelerators(void)
{
	fpga_properties p = of_type(FPGA_ACCELERATOR);

	CHECK_PROPERTY(NumMMIO, uint32_t, p, 0, 32);
	CHECK_PROPERTY(NumInterrupts, uint32_t, p, 0, 2048);
	CHECK_PROPERTY(AcceleratorState, fpga_accelerator_state, p, FPGA_ACCELERATOR_UNASSIGNED,
			FPGA_ACCELERATOR_ASSIGNED);
	drop(p);
}

static void
of_devices(void)
{
	fpga_properties p = of_type(FPGA_DEVICE);
	const fpga_version none = { 0, 0, 0 }, some = { 1, 2, 3 };

	CHECK_PROPERTY(NumSlots, uint32_t, p, 0, 1);
	CHECK_PROPERTY(BBSID, uint64_t, p, 0, UINT64_MAX);
	CHECK_PROPERTY(BBSVersion, fpga_version, p, none, some);
	drop(p);
}

/* Neither to be read nor to be written where the type does not have it, or there is no type. */
#define CHECK_TYPE(name, type, p, value)                                                           \
	do {                                                                                       \
		type v_ = value;                                                                   \
		ASSERT_BAD(fpgaPropertiesGet##name(p, &v_));                                       \
		ASSERT_BAD(fpgaPropertiesSet##name(p, v_));                                        \
	} while (0)

static void
of_another_type(void)
{
	fpga_properties acc[] = { empty(), of_type(FPGA_DEVICE), of_type((fpga_objtype)7) };
	fpga_properties dev[] = { empty(), of_type(FPGA_ACCELERATOR), of_type((fpga_objtype)7) };
	const fpga_version none = { 0, 0, 0 };
	unsigned int i;

	for (i = 0; i < 3; i++) {
		CHECK_TYPE(NumMMIO, uint32_t, acc[i], 1);
		CHECK_TYPE(NumInterrupts, uint32_t, acc[i], 1);
		CHECK_TYPE(AcceleratorState, fpga_accelerator_state, acc[i],
				FPGA_ACCELERATOR_ASSIGNED);
		CHECK_TYPE(NumSlots, uint32_t, dev[i], 1);
		CHECK_TYPE(BBSID, uint64_t, dev[i], 1);
		CHECK_TYPE(BBSVersion, fpga_version, dev[i], none);
		drop(acc[i]);
		drop(dev[i]);
	}
}

static void
not_supported(void)
{
	fpga_properties p = of_type(FPGA_DEVICE);
	char model[16] = "unchanged";
	uint64_t v = 4711;

	ASSERT_GIVES(fpgaPropertiesGetModel(p, model), FPGA_NOT_SUPPORTED);
	ASSERT_GIVES(fpgaPropertiesSetModel(p, model), FPGA_NOT_SUPPORTED);
	ASSERT_GIVES(fpgaPropertiesGetLocalMemorySize(p, &v), FPGA_NOT_SUPPORTED);
	ASSERT_GIVES(fpgaPropertiesSetLocalMemorySize(p, v), FPGA_NOT_SUPPORTED);
	ASSERT_GIVES(fpgaPropertiesGetCapabilities(p, &v), FPGA_NOT_SUPPORTED);
	ASSERT_GIVES(fpgaPropertiesSetCapabilities(p, v), FPGA_NOT_SUPPORTED);
	CU_ASSERT_STRING_EQUAL(model, "unchanged");
	CU_ASSERT_EQUAL(v, 4711);
	drop(p);
}

static void
guid(void)
{
	fpga_properties p = empty();
	fpga_guid v, before;

	memset(before, 0x7e, sizeof(before));
	memcpy(v, before, sizeof(v));
	ASSERT_GIVES(fpgaPropertiesGetGUID(p, &v), FPGA_NOT_FOUND);
	ASSERT_BAD(fpgaPropertiesGetGUID(NULL, &v));
	ASSERT_BAD(fpgaPropertiesGetGUID(GARBAGE, &v));
	ASSERT_BAD(fpgaPropertiesGetGUID(p, NULL));
	CU_ASSERT_EQUAL(memcmp(v, before, sizeof(v)), 0);
	ASSERT_BAD(fpgaPropertiesSetGUID(NULL, afu_guid));
	ASSERT_BAD(fpgaPropertiesSetGUID(GARBAGE, afu_guid));
	ASSERT_BAD(fpgaPropertiesSetGUID(p, NULL));
	ASSERT_GIVES(fpgaPropertiesGetGUID(p, &v), FPGA_NOT_FOUND);
	ASSERT_OK(fpgaPropertiesSetGUID(p, afu_guid));
	ASSERT_OK(fpgaPropertiesGetGUID(p, &v));
	CU_ASSERT_EQUAL(memcmp(v, afu_guid, sizeof(v)), 0);
	drop(p);
}

/* What is read is a token of the reader's own. */
static void
parent(void)
{
	fpga_token token = case_token("sim:t-afu"), v = GARBAGE, again = NULL;
	fpga_properties p = empty();

	ASSERT_GIVES(fpgaPropertiesGetParent(p, &v), FPGA_NOT_FOUND);
	ASSERT_BAD(fpgaPropertiesGetParent(NULL, &v));
	ASSERT_BAD(fpgaPropertiesGetParent(GARBAGE, &v));
	ASSERT_BAD(fpgaPropertiesGetParent(p, NULL));
	ASSERT_BAD(fpgaPropertiesSetParent(NULL, token));
	ASSERT_BAD(fpgaPropertiesSetParent(p, NULL));
	ASSERT_BAD(fpgaPropertiesSetParent(p, GARBAGE));
	ASSERT_BAD(fpgaPropertiesSetParent(p, p));
	ASSERT_GIVES(fpgaPropertiesGetParent(p, &v), FPGA_NOT_FOUND);
	CU_ASSERT_PTR_EQUAL(v, GARBAGE);
	ASSERT_OK(fpgaPropertiesSetParent(p, token));
	ASSERT_OK(fpgaPropertiesGetParent(p, &v));
	CU_ASSERT_PTR_NOT_EQUAL(v, token);
	ASSERT_OK(fpgaDestroyToken(&v));
	ASSERT_OK(fpgaPropertiesGetParent(p, &again));
	ASSERT_OK(fpgaDestroyToken(&again));
	case_drop(token); /* it was not ours */
	again = GARBAGE;
	ASSERT_BAD(fpgaPropertiesGetParent(p, &again));
	CU_ASSERT_PTR_EQUAL(again, GARBAGE);
	drop(p);
}

/*
 * What is known about an accelerator
 */

#define CHECK_VALUE(name, type, p, value)                                                          \
	do {                                                                                       \
		type v_;                                                                           \
		memset(&v_, 0x7e, sizeof(v_));                                                     \
		ASSERT_OK(fpgaPropertiesGet##name(p, &v_));                                        \
		CU_ASSERT_EQUAL(v_, (type)(value));                                                \
	} while (0)

static void
check_t_afu(fpga_properties p, fpga_accelerator_state state)
{
	fpga_token token = GARBAGE;
	fpga_guid v;

	CHECK_VALUE(ObjectType, fpga_objtype, p, FPGA_ACCELERATOR);
	CHECK_VALUE(VendorID, uint16_t, p, 0x1d0f);
	CHECK_VALUE(DeviceID, uint16_t, p, 0xf010);
	CHECK_VALUE(SubsystemVendorID, uint16_t, p, 0x1234);
	CHECK_VALUE(SubsystemDeviceID, uint16_t, p, 0x5678);
	CHECK_VALUE(Segment, uint16_t, p, 0xffff);
	CHECK_VALUE(Bus, uint8_t, p, 0xff);
	CHECK_VALUE(SocketID, uint8_t, p, 0);
	CHECK_VALUE(NumMMIO, uint32_t, p, 1);
	CHECK_VALUE(NumInterrupts, uint32_t, p, AFU_VECTORS);
	CHECK_VALUE(NumErrors, uint32_t, p, 0);
	CHECK_VALUE(Interface, fpga_interface, p, FPGA_IFC_SIM_VFIO);
	CHECK_VALUE(AcceleratorState, fpga_accelerator_state, p, state);
	ASSERT_OK(fpgaPropertiesGetGUID(p, &v));
	CU_ASSERT_EQUAL(memcmp(v, afu_guid, sizeof(v)), 0);
	ASSERT_GIVES(fpgaPropertiesGetParent(p, &token), FPGA_NOT_FOUND);
}

static void
of_an_accelerator(void)
{
	fpga_token token = case_token("sim:t-afu");
	fpga_properties p = of_token(token), by_handle = NULL;
	fpga_handle h = NULL;
	uint64_t id, id2;
	uint32_t slots;

	check_t_afu(p, FPGA_ACCELERATOR_UNASSIGNED);
	ASSERT_BAD(fpgaPropertiesGetNumSlots(p, &slots));
	ASSERT_OK(fpgaOpen(token, &h, 0));
	check_t_afu(p, FPGA_ACCELERATOR_UNASSIGNED); /* as it was then */
	ASSERT_OK(fpgaGetPropertiesFromHandle(h, &by_handle));
	check_t_afu(by_handle, FPGA_ACCELERATOR_ASSIGNED);
	ASSERT_OK(fpgaPropertiesGetObjectID(p, &id));
	ASSERT_OK(fpgaPropertiesGetObjectID(by_handle, &id2));
	CU_ASSERT_EQUAL(id, id2);
	ASSERT_OK(fpgaUpdateProperties(token, p));
	check_t_afu(p, FPGA_ACCELERATOR_ASSIGNED);
	case_close(h);
	ASSERT_OK(fpgaUpdateProperties(token, p));
	check_t_afu(p, FPGA_ACCELERATOR_UNASSIGNED);
	drop(p);
	drop(by_handle);
	case_drop(token);
}

/* Without a feature header: zeros for a GUID. */
static void
of_edu(void)
{
	fpga_token token = case_token("sim:edu");
	fpga_properties p = of_token(token);
	fpga_guid zeros = { 0 }, v;

	ASSERT_OK(fpgaPropertiesGetGUID(p, &v));
	CU_ASSERT_EQUAL(memcmp(v, zeros, sizeof(v)), 0);
	CHECK_VALUE(VendorID, uint16_t, p, 0x1234);
	CHECK_VALUE(DeviceID, uint16_t, p, 0x11e8);
	CHECK_VALUE(NumMMIO, uint32_t, p, 1);
	CHECK_VALUE(NumInterrupts, uint32_t, p, 1); /* MSI */
	drop(p);
	case_drop(token);
}

/* The halves are registers of the header, the high one first, each from its highest byte on. */
static void
guid_byte_order(void)
{
	fpga_handle h = case_open("sim:t-afu");
	fpga_properties p = NULL;
	uint64_t low = 0, high = 0;
	fpga_guid v;
	int i;

	ASSERT_OK(fpgaReadMMIO64(h, 0, 0x08, &low));
	ASSERT_OK(fpgaReadMMIO64(h, 0, 0x10, &high));
	CU_ASSERT_NOT_EQUAL(low, high);
	ASSERT_OK(fpgaGetPropertiesFromHandle(h, &p));
	ASSERT_OK(fpgaPropertiesGetGUID(p, &v));
	for (i = 0; i < 8; i++) {
		CU_ASSERT_EQUAL(v[i], (uint8_t)(high >> (56 - 8 * i)));
		CU_ASSERT_EQUAL(v[8 + i], (uint8_t)(low >> (56 - 8 * i)));
	}
	drop(p);
	case_close(h);
}

/*
 * Objects
 */

static void
clone(void)
{
	fpga_properties p = of_type(FPGA_ACCELERATOR), copy = NULL;
	uint16_t v;

	ASSERT_OK(fpgaPropertiesSetVendorID(p, 1));
	ASSERT_OK(fpgaCloneProperties(p, &copy));
	CU_ASSERT_PTR_NOT_EQUAL(copy, p);
	ASSERT_OK(fpgaPropertiesSetVendorID(copy, 2));
	ASSERT_OK(fpgaPropertiesSetDeviceID(copy, 3));
	CHECK_VALUE(VendorID, uint16_t, p, 1);
	ASSERT_GIVES(fpgaPropertiesGetDeviceID(p, &v), FPGA_NOT_FOUND);
	drop(p);
	CHECK_VALUE(VendorID, uint16_t, copy, 2);
	CHECK_VALUE(ObjectType, fpga_objtype, copy, FPGA_ACCELERATOR);
	drop(copy);
}

static void
clear(void)
{
	fpga_token token = case_token("sim:t-afu");
	fpga_properties p = of_token(token);
	fpga_objtype type;
	uint32_t n;
	fpga_guid v;

	ASSERT_OK(fpgaClearProperties(p));
	ASSERT_GIVES(fpgaPropertiesGetObjectType(p, &type), FPGA_NOT_FOUND);
	ASSERT_GIVES(fpgaPropertiesGetGUID(p, &v), FPGA_NOT_FOUND);
	ASSERT_BAD(fpgaPropertiesGetNumMMIO(p, &n));
	ASSERT_OK(fpgaPropertiesSetObjectType(p, FPGA_ACCELERATOR));
	ASSERT_GIVES(fpgaPropertiesGetNumMMIO(p, &n), FPGA_NOT_FOUND);
	drop(p);
	case_drop(token);
}

/* Everything that takes an object, with one that is none. */
static void
is_refused(fpga_properties bad, fpga_token token)
{
	fpga_properties copy = bad, out = GARBAGE;
	uint16_t v = 1;

	ASSERT_BAD(fpgaPropertiesGetVendorID(bad, &v));
	ASSERT_BAD(fpgaPropertiesSetVendorID(bad, v));
	ASSERT_BAD(fpgaClearProperties(bad));
	ASSERT_BAD(fpgaUpdateProperties(token, bad));
	ASSERT_BAD(fpgaCloneProperties(bad, &out));
	ASSERT_BAD(fpgaDestroyProperties(&copy));
	CU_ASSERT_PTR_EQUAL(copy, bad);
	CU_ASSERT_PTR_EQUAL(out, GARBAGE);
}

static void
destroyed_and_foreign(void)
{
	fpga_token token = case_token("sim:t-afu");
	fpga_properties p = empty(), was = p, other = empty(), out = GARBAGE;
	fpga_handle h = NULL;
	int on_stack = 0;

	ASSERT_OK(fpgaOpen(token, &h, 0));
	drop(p);
	is_refused(was, token);
	is_refused(NULL, token);
	is_refused(GARBAGE, token);
	is_refused(&on_stack, token);
	is_refused(token, token);
	is_refused(h, token);
	ASSERT_BAD(fpgaDestroyProperties(NULL));
	ASSERT_BAD(fpgaCloneProperties(other, NULL));
	ASSERT_BAD(fpgaGetProperties(NULL, NULL));
	ASSERT_BAD(fpgaGetProperties(token, NULL));
	ASSERT_BAD(fpgaGetProperties(GARBAGE, &out));
	ASSERT_BAD(fpgaGetProperties(h, &out));
	ASSERT_BAD(fpgaGetProperties(other, &out));
	ASSERT_BAD(fpgaGetPropertiesFromHandle(NULL, &out));
	ASSERT_BAD(fpgaGetPropertiesFromHandle(GARBAGE, &out));
	ASSERT_BAD(fpgaGetPropertiesFromHandle(token, &out));
	ASSERT_BAD(fpgaGetPropertiesFromHandle(h, NULL));
	ASSERT_BAD(fpgaUpdateProperties(NULL, other));
	ASSERT_BAD(fpgaUpdateProperties(token, NULL));
	CU_ASSERT_PTR_EQUAL(out, GARBAGE);
	case_close(h);
	ASSERT_BAD(fpgaGetPropertiesFromHandle(h, &out));
	CU_ASSERT_PTR_EQUAL(out, GARBAGE);
	drop(other);
	case_drop(token);
}

/* As programs do that look for a simulator and have not looked at the results before. */
static void
getters_on_nothing(void)
{
	uint16_t id = 4711;
	uint8_t v8 = 47;

	ASSERT_BAD(fpgaPropertiesGetDeviceID(NULL, &id));
	ASSERT_BAD(fpgaPropertiesGetVendorID(NULL, &id));
	ASSERT_BAD(fpgaPropertiesGetBus(NULL, &v8));
	CU_ASSERT_EQUAL(id, 4711);
	CU_ASSERT_EQUAL(v8, 47);
}

static const struct test_case property_cases[] = {
	{ "that any object has", common },
	{ "that accelerators have", of_accelerators },
	{ "that devices have", of_devices },
	{ "that another type has", of_another_type },
	{ "that OPAE never had", not_supported },
	{ "GUID", guid },
	{ "parent", parent },
	{ NULL, NULL },
};

static const struct test_case value_cases[] = {
	{ "by token and by handle", of_an_accelerator },
	{ "without a feature header", of_edu },
	{ "GUID and the header", guid_byte_order },
	{ NULL, NULL },
};

static const struct test_case object_cases[] = {
	{ "clone", clone },
	{ "clear", clear },
	{ "destroyed and foreign ones", destroyed_and_foreign },
	{ "getters on NULL", getters_on_nothing },
	{ NULL, NULL },
};

const struct test_suite opae_suites[] = {
	{ "properties", NULL, NULL, property_cases },
	{ "of an accelerator", NULL, NULL, value_cases },
	{ "objects", NULL, NULL, object_cases },
	{ NULL, NULL, NULL, NULL },
};
