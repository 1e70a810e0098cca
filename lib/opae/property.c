/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <opae/properties.h>

#include <opae/enum.h>
#include <stddef.h>
#include <string.h>

#include "properties.h"

/* Reading and writing one property. */

/* Properties that only one type of object has. */
static bool
fits_type(const struct values *v, enum property property)
{
	if (property < PROPERTY_STATE)
		return true;
	return is_set(v, PROPERTY_OBJTYPE) &&
			v->objtype == (property < PROPERTY_NUM_SLOTS ? FPGA_ACCELERATOR : FPGA_DEVICE);
}

static fpga_result
get(const void *id, enum property property, void *value, size_t offset, size_t size)
{
	struct values v;

	if (value == NULL || properties_read(id, &v) != 0 || !fits_type(&v, property))
		return FPGA_INVALID_PARAM;
	if (!is_set(&v, property))
		return FPGA_NOT_FOUND;
	memcpy(value, (const char *)&v + offset, size);
	return FPGA_OK;
}

static fpga_result
set(const void *id, enum property property, const void *value, size_t offset, size_t size)
{
	struct properties *p = object_get(id, OBJECT_PROPERTIES);
	fpga_result ret = FPGA_INVALID_PARAM;

	if (p == NULL)
		return ret;
	pthread_mutex_lock(&p->lock);
	if (fits_type(&p->v, property)) {
		memcpy((char *)&p->v + offset, value, size);
		p->v.set |= UINT32_C(1) << property;
		ret = FPGA_OK;
	}
	pthread_mutex_unlock(&p->lock);
	object_put(p);
	return ret;
}

#define WHERE(member) offsetof(struct values, member), sizeof(((struct values *)0)->member)

#define PROPERTY(name, type, property, member)                                                     \
	fpga_result                                                                                \
	fpgaPropertiesGet##name(const fpga_properties prop, type *value)                           \
	{                                                                                          \
		return get(prop, property, value, WHERE(member));                                  \
	}                                                                                          \
                                                                                                   \
	fpga_result                                                                                \
	fpgaPropertiesSet##name(fpga_properties prop, type value)                                  \
	{                                                                                          \
		return set(prop, property, &value, WHERE(member));                                 \
	}

PROPERTY(ObjectType, fpga_objtype, PROPERTY_OBJTYPE, objtype)
PROPERTY(Segment, uint16_t, PROPERTY_SEGMENT, segment)
PROPERTY(Bus, uint8_t, PROPERTY_BUS, bus)
PROPERTY(Device, uint8_t, PROPERTY_DEVICE, device)
PROPERTY(Function, uint8_t, PROPERTY_FUNCTION, function)
PROPERTY(SocketID, uint8_t, PROPERTY_SOCKET_ID, socket_id)
PROPERTY(VendorID, uint16_t, PROPERTY_VENDOR_ID, vendor_id)
PROPERTY(DeviceID, uint16_t, PROPERTY_DEVICE_ID, device_id)
PROPERTY(SubsystemVendorID, uint16_t, PROPERTY_SUBSYSTEM_VENDOR_ID, subsystem_vendor_id)
PROPERTY(SubsystemDeviceID, uint16_t, PROPERTY_SUBSYSTEM_DEVICE_ID, subsystem_device_id)
PROPERTY(ObjectID, uint64_t, PROPERTY_OBJECT_ID, object_id)
PROPERTY(NumErrors, uint32_t, PROPERTY_NUM_ERRORS, num_errors)
PROPERTY(Interface, fpga_interface, PROPERTY_INTERFACE, interface)
PROPERTY(AcceleratorState, fpga_accelerator_state, PROPERTY_STATE, state)
PROPERTY(NumMMIO, uint32_t, PROPERTY_NUM_MMIO, num_mmio)
PROPERTY(NumInterrupts, uint32_t, PROPERTY_NUM_INTERRUPTS, num_interrupts)
PROPERTY(NumSlots, uint32_t, PROPERTY_NUM_SLOTS, num_slots)
PROPERTY(BBSID, uint64_t, PROPERTY_BBS_ID, bbs_id)
PROPERTY(BBSVersion, fpga_version, PROPERTY_BBS_VERSION, bbs_version)

fpga_result
fpgaPropertiesGetGUID(const fpga_properties prop, fpga_guid *value)
{
	return get(prop, PROPERTY_GUID, value, WHERE(guid));
}

fpga_result
fpgaPropertiesSetGUID(fpga_properties prop, fpga_guid value)
{
	return value != NULL ? set(prop, PROPERTY_GUID, value, WHERE(guid)) : FPGA_INVALID_PARAM;
}

/* The caller gets a token of its own, which it destroys. */
fpga_result
fpgaPropertiesGetParent(const fpga_properties prop, fpga_token *value)
{
	fpga_token parent;
	fpga_result ret = value != NULL ?
			get(prop, PROPERTY_PARENT, &parent, WHERE(parent)) : FPGA_INVALID_PARAM;

	return ret == FPGA_OK ? fpgaCloneToken(parent, value) : ret;
}

fpga_result
fpgaPropertiesSetParent(fpga_properties prop, fpga_token value)
{
	void *token = object_get(value, OBJECT_TOKEN);

	if (token == NULL)
		return FPGA_INVALID_PARAM;
	object_put(token);
	return set(prop, PROPERTY_PARENT, &value, WHERE(parent));
}

/* What OPAE has declared and never filled in. */
#define NO_PROPERTY(name, get_type, set_type)                                                      \
	fpga_result                                                                                \
	fpgaPropertiesGet##name(const fpga_properties prop, get_type value)                        \
	{                                                                                          \
		(void)prop;                                                                        \
		(void)value;                                                                       \
		return FPGA_NOT_SUPPORTED;                                                         \
	}                                                                                          \
                                                                                                   \
	fpga_result                                                                                \
	fpgaPropertiesSet##name(fpga_properties prop, set_type value)                              \
	{                                                                                          \
		(void)prop;                                                                        \
		(void)value;                                                                       \
		return FPGA_NOT_SUPPORTED;                                                         \
	}

NO_PROPERTY(Model, char *, char *)
NO_PROPERTY(LocalMemorySize, uint64_t *, uint64_t)
NO_PROPERTY(Capabilities, uint64_t *, uint64_t)
