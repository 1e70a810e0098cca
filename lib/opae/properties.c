/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "properties.h"

#include <opae/properties.h>
#include <stdlib.h>
#include <string.h>

#include "handle.h"
#include "token.h"

/*
 * Values
 */

static uint32_t
bit(enum property property)
{
	return UINT32_C(1) << property;
}

void
values_of(struct accelerator *acc, struct values *v)
{
	memset(v, 0, sizeof(*v));
	v->set = (bit(PROPERTY_NUM_SLOTS) - 1) & ~bit(PROPERTY_PARENT);
	v->objtype = FPGA_ACCELERATOR;
	v->segment = acc->segment;
	v->bus = acc->bus;
	v->device = acc->device;
	v->function = acc->function;
	v->socket_id = acc->socket;
	v->vendor_id = acc->pci_id.vendor;
	v->device_id = acc->pci_id.device;
	v->subsystem_vendor_id = acc->pci_id.subsystem_vendor;
	v->subsystem_device_id = acc->pci_id.subsystem_device;
	memcpy(v->guid, acc->afu.guid, sizeof(v->guid));
	v->object_id = acc->object_id;
	v->interface = acc->interface;
	v->state = accelerator_is_open(acc) ? FPGA_ACCELERATOR_ASSIGNED :
			FPGA_ACCELERATOR_UNASSIGNED;
	v->num_mmio = acc->num_mmio;
	v->num_interrupts = acc->num_irqs;
}

/* Where a value lies, for all but what is compared by itself. */
static const struct {
	enum property property;
	size_t offset, size;
} fields[] = {
#define FIELD(property, member) { property, offsetof(struct values, member),                       \
		sizeof(((struct values *)0)->member) }
	FIELD(PROPERTY_PARENT, parent),
	FIELD(PROPERTY_OBJTYPE, objtype),
	FIELD(PROPERTY_SEGMENT, segment),
	FIELD(PROPERTY_BUS, bus),
	FIELD(PROPERTY_DEVICE, device),
	FIELD(PROPERTY_FUNCTION, function),
	FIELD(PROPERTY_SOCKET_ID, socket_id),
	FIELD(PROPERTY_VENDOR_ID, vendor_id),
	FIELD(PROPERTY_DEVICE_ID, device_id),
	FIELD(PROPERTY_SUBSYSTEM_VENDOR_ID, subsystem_vendor_id),
	FIELD(PROPERTY_SUBSYSTEM_DEVICE_ID, subsystem_device_id),
	FIELD(PROPERTY_GUID, guid),
	FIELD(PROPERTY_OBJECT_ID, object_id),
	FIELD(PROPERTY_NUM_ERRORS, num_errors),
	FIELD(PROPERTY_INTERFACE, interface),
	FIELD(PROPERTY_STATE, state),
	FIELD(PROPERTY_NUM_MMIO, num_mmio),
	FIELD(PROPERTY_NUM_INTERRUPTS, num_interrupts),
	FIELD(PROPERTY_NUM_SLOTS, num_slots),
	FIELD(PROPERTY_BBS_ID, bbs_id),
	FIELD(PROPERTY_BBS_VERSION, bbs_version),
#undef FIELD
};

bool
values_match(const struct values *filter, const struct values *v)
{
	const char *a = (const char *)filter, *b = (const char *)v;
	size_t i;

	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		if (!is_set(filter, fields[i].property))
			continue;
		if (!is_set(v, fields[i].property) || memcmp(a + fields[i].offset,
				b + fields[i].offset, fields[i].size) != 0)
			return false;
	}
	return true;
}

int
properties_read(const void *id, struct values *v)
{
	struct properties *p = object_get(id, OBJECT_PROPERTIES);

	if (p == NULL)
		return -1;
	pthread_mutex_lock(&p->lock);
	*v = p->v;
	pthread_mutex_unlock(&p->lock);
	object_put(p);
	return 0;
}

static int
properties_write(const void *id, const struct values *v)
{
	struct properties *p = object_get(id, OBJECT_PROPERTIES);

	if (p == NULL)
		return -1;
	pthread_mutex_lock(&p->lock);
	p->v = *v;
	pthread_mutex_unlock(&p->lock);
	object_put(p);
	return 0;
}

/*
 * Objects
 */

static void
free_properties(struct object *object)
{
	struct properties *p = (struct properties *)object;

	pthread_mutex_destroy(&p->lock);
	free(p);
}

static fpga_result
make(const struct values *v, fpga_properties *prop)
{
	struct properties *p = calloc(1, sizeof(*p));
	void *id;

	if (p == NULL)
		return FPGA_NO_MEMORY;
	pthread_mutex_init(&p->lock, NULL);
	p->v = *v;
	id = object_add(&p->object, OBJECT_PROPERTIES, free_properties);
	if (id == NULL) {
		free_properties(&p->object);
		return FPGA_NO_MEMORY;
	}
	*prop = id;
	return FPGA_OK;
}

static int
token_values(fpga_token token, struct values *v)
{
	struct token *t = object_get(token, OBJECT_TOKEN);

	if (t == NULL)
		return -1;
	values_of(t->acc, v);
	object_put(t);
	return 0;
}

fpga_result
fpgaGetProperties(fpga_token token, fpga_properties *prop)
{
	struct values v = { 0 };

	if (prop == NULL || (token != NULL && token_values(token, &v) != 0))
		return FPGA_INVALID_PARAM;
	return make(&v, prop);
}

fpga_result
fpgaGetPropertiesFromHandle(fpga_handle handle, fpga_properties *prop)
{
	struct handle *h = prop != NULL ? object_get(handle, OBJECT_HANDLE) : NULL;
	struct values v;

	if (h == NULL)
		return FPGA_INVALID_PARAM;
	values_of(h->acc, &v);
	object_put(h);
	return make(&v, prop);
}

fpga_result
fpgaUpdateProperties(fpga_token token, fpga_properties prop)
{
	struct values v;

	if (token_values(token, &v) != 0 || properties_write(prop, &v) != 0)
		return FPGA_INVALID_PARAM;
	return FPGA_OK;
}

fpga_result
fpgaClearProperties(fpga_properties prop)
{
	const struct values v = { 0 };

	return properties_write(prop, &v) == 0 ? FPGA_OK : FPGA_INVALID_PARAM;
}

fpga_result
fpgaCloneProperties(fpga_properties src, fpga_properties *dst)
{
	struct values v;

	if (dst == NULL || properties_read(src, &v) != 0)
		return FPGA_INVALID_PARAM;
	return make(&v, dst);
}

fpga_result
fpgaDestroyProperties(fpga_properties *prop)
{
	struct properties *p = prop != NULL ? object_remove(*prop, OBJECT_PROPERTIES) : NULL;

	if (p == NULL)
		return FPGA_INVALID_PARAM;
	object_put(p);
	*prop = NULL;
	return FPGA_OK;
}
