/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Devices that are taken away, killed, switched off, that fail or are reset, on the kernel's VFIO.
 */
#include "eal_main.h"
#include "guest_events.h"

const struct test_suite eal_suites[] = {
	{ "vfio quiet", NULL, NULL, quiet_cases },
	{ "vfio silence", NULL, NULL, silence_cases },
	{ "vfio removal", NULL, NULL, removal_cases },
	{ "vfio errors", NULL, NULL, error_cases },
	{ NULL, NULL, NULL, NULL },
};
