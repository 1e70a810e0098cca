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

/* Four sums of products of 16 each: one lane is the quarter of a row's. */
static inline __m128i
row(__m128i in_lo, __m128i in_hi, const int8_t wgt[VTA_BLOCK])
{
	__m128i w = _mm_load_si128((const void *)wgt);
	__m128i lo = _mm_madd_epi16(in_lo, _mm_cvtepi8_epi16(w));
	__m128i hi = _mm_madd_epi16(in_hi, _mm_cvtepi8_epi16(_mm_srli_si128(w, 8)));

	return _mm_add_epi32(lo, hi);
}

/* Lane i of the result is the sum of the lanes of row i. */
static inline __m128i
sum_rows(__m128i r0, __m128i r1, __m128i r2, __m128i r3)
{
	__m128i a = _mm_add_epi32(_mm_unpacklo_epi32(r0, r1), _mm_unpackhi_epi32(r0, r1));
	__m128i b = _mm_add_epi32(_mm_unpacklo_epi32(r2, r3), _mm_unpackhi_epi32(r2, r3));

	return _mm_add_epi32(_mm_unpacklo_epi64(a, b), _mm_unpackhi_epi64(a, b));
}

void
vta_mac(int32_t acc[VTA_BLOCK], const int8_t inp[VTA_BLOCK], const int8_t wgt[VTA_BLOCK][VTA_BLOCK])
{
	__m128i in = _mm_load_si128((const void *)inp);
	__m128i lo = _mm_cvtepi8_epi16(in), hi = _mm_cvtepi8_epi16(_mm_srli_si128(in, 8));
	uint32_t i;

	for (i = 0; i < VTA_BLOCK; i += 4) {
		__m128i sums = sum_rows(row(lo, hi, wgt[i]), row(lo, hi, wgt[i + 1]),
				row(lo, hi, wgt[i + 2]), row(lo, hi, wgt[i + 3]));
		__m128i *at = (void *)&acc[i];

		_mm_store_si128(at, _mm_add_epi32(_mm_load_si128(at), sums));
	}
}

#else

void
vta_mac(int32_t acc[VTA_BLOCK], const int8_t inp[VTA_BLOCK], const int8_t wgt[VTA_BLOCK][VTA_BLOCK])
{
	vta_mac_plain(acc, inp, wgt);
}

#endif
