/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <opae/utils.h>
#include <opae/version.h>

#include <stdio.h>

/* Texts: errors and versions. */

#define MAJOR 2
#define MINOR 14
#define PATCH 0

const char *
fpgaErrStr(fpga_result e)
{
	static const char *const texts[] = {
		[FPGA_OK] = "success",
		[FPGA_INVALID_PARAM] = "invalid parameter",
		[FPGA_BUSY] = "resource busy",
		[FPGA_EXCEPTION] = "exception",
		[FPGA_NOT_FOUND] = "not found",
		[FPGA_NO_MEMORY] = "no memory",
		[FPGA_NOT_SUPPORTED] = "not supported",
		[FPGA_NO_DRIVER] = "no driver available",
		[FPGA_NO_DAEMON] = "no fpga daemon running",
		[FPGA_NO_ACCESS] = "insufficient privileges",
		[FPGA_RECONF_ERROR] = "reconfiguration error",
	};

	return (unsigned int)e <= FPGA_RECONF_ERROR ? texts[e] : "unknown error";
}

fpga_result
fpgaGetOPAECVersion(fpga_version *version)
{
	if (version == NULL)
		return FPGA_INVALID_PARAM;
	*version = (fpga_version){ MAJOR, MINOR, PATCH };
	return FPGA_OK;
}

fpga_result
fpgaGetOPAECVersionString(char *version_str, size_t len)
{
	if (version_str == NULL || len == 0)
		return FPGA_INVALID_PARAM;
	snprintf(version_str, len, "%d.%d.%d", MAJOR, MINOR, PATCH);
	return FPGA_OK;
}

fpga_result
fpgaGetOPAECBuildString(char *build_str, size_t len)
{
	if (build_str == NULL || len == 0)
		return FPGA_INVALID_PARAM;
	snprintf(build_str, len, "acceldev " ACCELDEV_VERSION);
	return FPGA_OK;
}
