/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <opae/init.h>

#include "catalog.h"

fpga_result
fpgaInitialize(const char *config_file)
{
	(void)config_file;
	return FPGA_OK;
}

fpga_result
fpgaFinalize(void)
{
	catalog_forget();
	return FPGA_OK;
}
