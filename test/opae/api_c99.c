/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * The API in plain C99.
 */
#include "api_checks.h"

#include <stdio.h>

int
main(void)
{
	uint32_t n = 1;

	if (api_prototypes.finalize() != FPGA_OK ||
			api_accessors.get_model(NULL, NULL) != FPGA_NOT_SUPPORTED)
		return 1;
	printf("%s\n", api_prototypes.err_str(fpgaEnumerate(NULL, 0, NULL, 0, &n)));
	OPAE_ERR("%u accelerators", (unsigned int)n);
	return n == 0 ? 0 : 1;
}
