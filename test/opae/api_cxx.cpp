/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * The API in C++11, used from its headers to a buffer.
 */
#include "api_checks.h"

#include <cstdio>
#include <cstring>
#include <string>

static int failures;

static void
check(const char *what, fpga_result result)
{
	if (result == FPGA_OK)
		return;
	OPAE_ERR("%s: %s", what, fpgaErrStr(result));
	failures++;
}

static void
use(fpga_handle handle)
{
	uint64_t wsid = 0, io = 0;
	void *va = nullptr;

	check("prepare", fpgaPrepareBuffer(handle, 4096, &va, &wsid,
			FPGA_BUF_READ_ONLY | FPGA_BUF_QUIET));
	check("address", fpgaGetIOAddress(handle, wsid, &io));
	std::memset(va, 1, 4096);
	check("release", fpgaReleaseBuffer(handle, wsid));
}

int
main()
{
	fpga_properties filter = nullptr;
	fpga_handle handle = nullptr;
	fpga_token token = nullptr;
	char version[FPGA_VERSION_STR_MAX];
	uint32_t n = 0;

	check("prototypes", api_prototypes.version_string(version, sizeof(version)));
	check("properties", fpgaGetProperties(nullptr, &filter));
	check("type", api_accessors.setObjectType(filter, FPGA_ACCELERATOR));
	check("enumerate", fpgaEnumerate(&filter, 1, &token, 1, &n));
	check("destroy", fpgaDestroyProperties(&filter));
	if (failures != 0 || n != 1 || std::string(version) != "2.14.0")
		return 1;
	check("open", fpgaOpen(token, &handle, FPGA_OPEN_SHARED));
	if (failures == 0)
		use(handle);
	check("close", fpgaClose(handle));
	check("token", fpgaDestroyToken(&token));
	return failures != 0;
}
