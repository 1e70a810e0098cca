/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "vta_exec.h"

#ifdef __SSE4_1__
#include <smmintrin.h>
#endif

/*
 * The product of a vector and a tile of weights: all but everything that a program computes. What
 * compilers make of the plain one is five times slower.
 */

void
vta_mac_plain(int32_t acc[VTA_BLOCK], const int8_t inp[VTA_BLOCK],
		const int8_t wgt[VTA_BLOCK][VTA_BLOCK])
{
	uint32_t i, k;
	int32_t sum;

	for (i = 0; i < VTA_BLOCK; i++) {
		sum = 0;
		for (k = 0; k < VTA_BLOCK; k++)
			sum += inp[k] * wgt[i][k];
		acc[i] = (int32_t)((uint32_t)acc[i] + (uint32_t)sum);
	}
}

#ifdef __SSE4_1__

/* 8 numbers, as 16 bits. */
static inline __m128i
widen(const int8_t at[8])
{
	return _mm_cvtepi8_epi16(_mm_loadl_epi64((const void *)at));
}

/* Four sums of the products of a row, which pairs of pairs add up. */
static inline __m128i
row(__m128i in_lo, __m128i in_hi, const int8_t wgt[VTA_BLOCK])
{
	__m128i lo = _mm_madd_epi16(in_lo, widen(wgt));

	return _mm_add_epi32(lo, _mm_madd_epi16(in_hi, widen(wgt + 8)));
}

void
vta_mac(int32_t acc[VTA_BLOCK], const int8_t inp[VTA_BLOCK], const int8_t wgt[VTA_BLOCK][VTA_BLOCK])
{
	__m128i lo = widen(inp), hi = widen(inp + 8);
	uint32_t i;

	for (i = 0; i < VTA_BLOCK; i += 4) {
		__m128i a = _mm_hadd_epi32(row(lo, hi, wgt[i]), row(lo, hi, wgt[i + 1]));
		__m128i b = _mm_hadd_epi32(row(lo, hi, wgt[i + 2]), row(lo, hi, wgt[i + 3]));
		__m128i *at = (void *)&acc[i];

		_mm_store_si128(at, _mm_add_epi32(_mm_load_si128(at), _mm_hadd_epi32(a, b)));
	}
}

#else

void
vta_mac(int32_t acc[VTA_BLOCK], const int8_t inp[VTA_BLOCK], const int8_t wgt[VTA_BLOCK][VTA_BLOCK])
{
	vta_mac_plain(acc, inp, wgt);
}

#endif
