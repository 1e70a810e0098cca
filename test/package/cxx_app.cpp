/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * C++ links against the library too: the headers declare everything as C.
 */
#include <cerrno>
#include <cstdio>

#include <acceldev/accel_driver.h>
#include <acceldev/acceldev.h>

int
main()
{
	struct accel_driver none = {};
	struct accel_op op = {}, *list = &op;
	struct accel_buf *buf = nullptr;

	op.type = ACCEL_OP_COPY;
	op.dst_space = ACCEL_SPACE_BANK(0);
	std::printf("%s, %s\n", accel_strerror(-EINVAL), accel_status_str(ACCEL_STATUS_LENGTH));
	return accel_driver_unregister(&none) != -ENOENT || accel_enqueue_burst(0, 0, &list, 1) != 0 ||
		accel_dequeue_burst(0, 0, &list, 1) != 0 || accel_buf_free(buf) != 0;
}
