/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "handle.h"

#include <errno.h>
#include <opae/access.h>
#include <stdlib.h>

#include "token.h"

/* Opening, closing and resetting an accelerator. */

static fpga_result
result_of_open(int err)
{
	switch (err) {
	case -EBUSY:
	case -EEXIST:
		return FPGA_BUSY;
	case -EACCES:
		return FPGA_NO_ACCESS;
	case -ENODEV:
	case -ENOENT:
		return FPGA_NO_DRIVER;
	case -ENOMEM:
		return FPGA_NO_MEMORY;
	default:
		return FPGA_EXCEPTION;
	}
}

/* No call on the handle is under way any more. */
static void
free_handle(struct object *object)
{
	struct handle *h = (struct handle *)object;

	buffers_release(h);
	id_table_fini(&h->buffers);
	accelerator_close(h->acc);
	accelerator_put(h->acc);
	free(h);
}

/* The accelerator is open and held, for the handle. */
static fpga_result
make(struct accelerator *acc, uint16_t dev_id, fpga_handle *handle)
{
	struct handle *h = calloc(1, sizeof(*h));
	void *id = NULL;
	int ret = 0;

	if (h == NULL) {
		accelerator_close(acc);
		accelerator_put(acc);
		return FPGA_NO_MEMORY;
	}
	h->acc = acc;
	h->dev_id = dev_id;
	id_table_init(&h->buffers);
	if (acc->num_mmio != 0)
		ret = accel_region_get(dev_id, acc->afu.region, &h->region);
	if (ret == 0)
		id = object_add(&h->object, OBJECT_HANDLE, free_handle);
	if (id == NULL) {
		free_handle(&h->object);
		return ret != 0 ? FPGA_EXCEPTION : FPGA_NO_MEMORY;
	}
	*handle = id;
	return FPGA_OK;
}

fpga_result
fpgaOpen(fpga_token token, fpga_handle *handle, int flags)
{
	struct token *t;
	int ret;

	if (handle == NULL || (flags & ~(FPGA_OPEN_SHARED | FPGA_OPEN_HAS_PARENT_AFU)) != 0)
		return FPGA_INVALID_PARAM;
	t = object_get(token, OBJECT_TOKEN);
	if (t == NULL)
		return FPGA_INVALID_PARAM;
	ret = accelerator_open(t->acc);
	if (ret >= 0) {
		accelerator_hold(t->acc);
		ret = (int)make(t->acc, (uint16_t)ret, handle);
	} else {
		ret = (int)result_of_open(ret);
	}
	object_put(t);
	return (fpga_result)ret;
}

fpga_result
fpgaClose(fpga_handle handle)
{
	struct handle *h = object_remove(handle, OBJECT_HANDLE);

	if (h == NULL)
		return FPGA_INVALID_PARAM;
	/* When this returns the accelerator reaches no buffer, and can be opened again. */
	object_wait_alone(h);
	object_put(h);
	return FPGA_OK;
}

fpga_result
fpgaReset(fpga_handle handle)
{
	struct handle *h = object_get(handle, OBJECT_HANDLE);
	int ret;

	if (h == NULL)
		return FPGA_INVALID_PARAM;
	ret = accel_dev_reset(h->dev_id);
	object_put(h);
	/* Programs rely on success where there is nothing to reset. */
	return ret == 0 || ret == -ENOTSUP ? FPGA_OK : FPGA_EXCEPTION;
}

fpga_result
fpgaGetChildren(fpga_handle handle, uint32_t max_children, fpga_handle *children,
		uint32_t *num_children)
{
	struct handle *h;

	if (num_children == NULL || (children == NULL && max_children != 0))
		return FPGA_INVALID_PARAM;
	h = object_get(handle, OBJECT_HANDLE);
	if (h == NULL)
		return FPGA_INVALID_PARAM;
	*num_children = 0;
	object_put(h);
	return FPGA_OK;
}
