/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "device.h"

#include <stdlib.h>

#include <acceldev/accel_auto.h>

#include "words.h"

#define HASHED_BYTES 65536

/* What the uuids are made within. */
static const uuid_t name_space = { 0x5d, 0x1b, 0x0e, 0x52, 0x6c, 0x3f, 0x4d, 0x8a, 0x9a, 0x47, 0x21,
	0xe0, 0x77, 0xc4, 0x35, 0x1f };

/* "BUS:ADDRESS", as no file is that does not exist. */
static bool
is_spec(const char *text)
{
	size_t len = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-_");

	return len > 0 && text[len] == ':' && text[len + 1] != 0;
}

/* The xclbin's own uuid and time are among the first bytes. */
static int
hash_file(const char *path, uuid_t uuid)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), ret = -1;
	char *bytes = malloc(HASHED_BYTES);
	size_t len = 0;
	ssize_t n = 0;

	if (fd >= 0 && bytes != NULL) {
		do {
			n = read(fd, bytes + len, HASHED_BYTES - len);
			len += n > 0 ? (size_t)n : 0;
		} while (len < HASHED_BYTES && (n > 0 || (n < 0 && errno == EINTR)));
		ret = n < 0 ? -1 : 0;
	}
	if (ret == 0)
		uuid_generate_sha1(uuid, name_space, bytes, len);
	if (fd >= 0)
		close(fd);
	free(bytes);
	return ret;
}

/* Number dev_idx of the devices that there are. */
static VvasReturnType
open_by_number(const VvasContext *ctx, struct accel_ctx **accel)
{
	char **specs = NULL;
	int n = accel_auto_specs(NULL, &specs), ret = -1;

	if (n < 0) {
		TELL(ctx->log_level, "no memory for the list of devices");
		return VVAS_RET_ALLOC_ERROR;
	}
	if (ctx->dev_idx >= n)
		TELL(ctx->log_level, "there is no device %d, but %d device(s): set "
				"ACCELDEV_DEVICES, or bind functions to vfio-pci", ctx->dev_idx, n);
	else
		ret = accel_ctx_get(specs[ctx->dev_idx], accel);
	free(specs);
	return ret == 0 ? VVAS_RET_SUCCESS : VVAS_RET_ERROR;
}

VvasReturnType
device_open(VvasContext *ctx, struct accel_ctx **accel)
{
	const char *xclbin = ctx->xclbin_loc;

	if (access(xclbin, F_OK) == 0) {
		if (hash_file(xclbin, ctx->uuid) == 0)
			return open_by_number(ctx, accel);
		TELL(ctx->log_level, "the xclbin %s cannot be read: %s", xclbin, strerror(errno));
		return VVAS_RET_ERROR;
	}
	if (!is_spec(xclbin)) {
		TELL(ctx->log_level, "%s is neither an xclbin nor the spec of a device: %s", xclbin,
				strerror(errno));
		return VVAS_RET_ERROR;
	}
	uuid_generate_sha1(ctx->uuid, name_space, xclbin, strlen(xclbin));
	return accel_ctx_get(xclbin, accel) == 0 ? VVAS_RET_SUCCESS : VVAS_RET_ERROR;
}
