/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * The C library in plain C99.
 */
#include <acceldev/openvino.h>

#include <stdio.h>

/* LOCK_FOR_READ and LOCK_FOR_WRITE */
extern char api_check[ACCELDEV_OV_READ == 0 && ACCELDEV_OV_WRITE == 1 ? 1 : -1];

int
main(int argc, char **argv)
{
	struct acceldev_ov_allocator *a = NULL;
	void *handle;
	char *va;
	int bad;

	if (acceldev_ov_create(argc > 1 ? argv[1] : NULL, ACCELDEV_OV_HOST, 0, &a) != 0)
		return 1;
	handle = acceldev_ov_alloc(a, 10000, 4096);
	va = acceldev_ov_lock(handle, ACCELDEV_OV_WRITE);
	if (va != NULL)
		va[9999] = 1;
	acceldev_ov_unlock(handle);
	acceldev_ov_put(a);
	bad = va == NULL || !acceldev_ov_free(handle) || acceldev_ov_free(handle);
	printf("%s\n", bad ? "wrong" : "right");
	return bad;
}
