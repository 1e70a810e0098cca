/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * A program for the ENN API that ends without ending it. Its exit status is the result of
 * EnnInitialize().
 */
#include <enn_api-public.h>

int
main(void)
{
	return (int)EnnInitialize();
}
