/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Probes a device, and says which IOVA mode EAL took: what accel-doctor's judgement is held
 * against.
 *
 *	probe_spec [EAL options] -- [SPEC]
 *
 * Exit status 0 when the device was probed, or none was named; 1 when not; 2 when EAL did not
 * start.
 */
#include <stdio.h>

#include <rte_eal.h>

#include <acceldev/acceldev.h>

int
main(int argc, char **argv)
{
	int args = rte_eal_init(argc, argv), dev = 0;

	if (args < 0)
		return 2;
	printf("iova-mode %s\n", rte_eal_iova_mode() == RTE_IOVA_PA ? "PA" : "VA");
	if (argc > args + 1)
		dev = accel_dev_probe(argv[args + 1]);
	if (dev >= 0 && argc > args + 1)
		accel_dev_close((uint16_t)dev);
	rte_eal_cleanup();
	return dev < 0;
}
