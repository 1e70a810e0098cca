/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <acceldev/accel_afu.h>

#include <errno.h>
#include <string.h>

#include "dev_slot.h"

int
accel_dev_add_afu(struct accel_dev *dev, const struct accel_afu_info *info)
{
	struct accel_dev_internal *slot = dev->internal;

	if (info == NULL)
		return -EINVAL;
	if (slot->nb_afus == ACCEL_MAX_AFUS) {
		ACCEL_LOG(ERR, driver, "%s: has %u AFUs, no more are possible", dev->name,
				ACCEL_MAX_AFUS);
		return -ENOSPC;
	}
	slot->afus[slot->nb_afus] = *info;
	return slot->nb_afus++;
}

int
accel_afu_info_get(uint16_t dev_id, uint16_t afu, struct accel_afu_info *info)
{
	struct accel_dev_internal *slot = dev_lock(dev_id);
	int ret = 0;

	if (slot == NULL)
		return -ENODEV;
	if (info == NULL || afu >= slot->nb_afus) {
		ACCEL_LOG(ERR, device, "%s: AFU %u into %p: it has %u", slot->data.name, afu,
				(void *)info, slot->nb_afus);
		ret = -EINVAL;
	} else {
		*info = slot->afus[afu];
	}
	dev_unlock(slot);
	return ret;
}
