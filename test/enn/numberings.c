/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Sources with either numbering, in C and in C++, in one program.
 */
#include <enn_api-public.h>

#include <stdio.h>

int c_1(void);
int c_2(void);
int cxx_1(void);
int cxx_2(void);

int
main(void)
{
	int bad = EnnInitialize() != ENN_RET_SUCCESS;

	bad |= c_1() != 6 || c_2() != 7;
#ifdef WITH_CXX
	bad |= cxx_1() != 6 || cxx_2() != 7;
#endif
	bad |= EnnDeinitialize() != ENN_RET_SUCCESS;
	printf("%s\n", bad ? "wrong" : "right");
	return bad;
}
