/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "iospace_flat.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "iospace.h"

static int
flat_info(void *ctx, struct iospace_info *info)
{
	(void)ctx;
	info->ranges = malloc(sizeof(*info->ranges));
	if (info->ranges == NULL)
		return -ENOMEM;
	info->ranges[0] = (struct addrspace_range){ 0, UINT64_MAX };
	info->nb_ranges = 1;
	info->page_sizes = ~((uint64_t)sysconf(_SC_PAGESIZE) - 1);
	info->max_maps = IOSPACE_NO_LIMIT;
	info->identity = true;
	return 0;
}

static int
flat_map(void *ctx, uint64_t iova, void *va, uint64_t len, unsigned int access)
{
	(void)ctx;
	(void)iova;
	(void)va;
	(void)len;
	(void)access;
	return 0;
}

static int
flat_unmap(void *ctx, uint64_t iova, uint64_t len, uint64_t *unmapped)
{
	(void)ctx;
	(void)iova;
	*unmapped = len;
	return 0;
}

static void
flat_close(void *ctx)
{
	(void)ctx;
}

static const struct iospace_ops flat_ops = {
	.name = "flat",
	.info = flat_info,
	.map = flat_map,
	.unmap = flat_unmap,
	.close = flat_close,
};

int
iospace_flat_create(const char *name, struct iospace **ios)
{
	const struct iospace_conf conf = {
		.name = name,
		.ops = &flat_ops,
		.window = { 0, UINT64_MAX },
		.placement = IOSPACE_PLACE_VA,
	};

	return iospace_create(&conf, ios);
}
