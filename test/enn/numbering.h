/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Compiled once for each numbering, as C and as C++: one program has them all. The result is what
 * size 0 gives, 6 or 7.
 */
#ifdef __cplusplus
#include <enn_api-public.hpp>
#define CREATE(buffer) enn::api::EnnCreateBuffer(&buffer, 0)
extern "C"
#else
#include <enn_api-public.h>
#define CREATE(buffer) EnnCreateBufferCache(0, &buffer)
#endif
int NAME(void);

int
NAME(void)
{
	EnnBufferPtr buffer;
	EnnReturn got = CREATE(buffer);

	return got == ENN_RET_SIZE ? (int)got : -1;
}
