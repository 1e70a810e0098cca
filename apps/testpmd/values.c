/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "values.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* strtoull() takes signs and blanks, which are no numbers here. */
static bool
leading_number(const char *text, uint64_t *number, const char **rest)
{
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	*number = strtoull(text, &end, 10);
	*rest = end;
	return errno == 0;
}

bool
value_u64(const char *text, uint64_t min, uint64_t max, uint64_t *result)
{
	const char *rest;
	uint64_t number;

	if (!leading_number(text, &number, &rest) || *rest != '\0')
		return false;
	if (number < min || number > max)
		return false;
	*result = number;
	return true;
}

bool
value_number(const char *text, uint64_t *result)
{
	unsigned long long number;
	bool hex = strncasecmp(text, "0x", 2) == 0;
	char *end;

	if (!isxdigit((unsigned char)text[hex ? 2 : 0]))
		return false;
	errno = 0;
	number = strtoull(text, &end, hex ? 16 : 10);
	if (errno != 0 || end == text || *end != '\0')
		return false;
	*result = number;
	return true;
}

bool
value_u16(const char *text, uint16_t min, uint16_t max, uint16_t *result)
{
	uint64_t number;

	if (!value_u64(text, min, max, &number))
		return false;
	*result = (uint16_t)number;
	return true;
}

static bool
suffix_shift(const char *suffix, unsigned int *shift)
{
	static const char *const suffixes[] = { "", "K", "M", "G" };
	unsigned int i;

	for (i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		if (strcasecmp(suffix, suffixes[i]) == 0) {
			*shift = 10 * i;
			return true;
		}
	}
	return false;
}

bool
value_size(const char *text, uint64_t min, uint64_t max, uint64_t *result)
{
	unsigned int shift;
	const char *rest;
	uint64_t number;

	if (!leading_number(text, &number, &rest) || !suffix_shift(rest, &shift))
		return false;
	if (number > max >> shift || number << shift < min)
		return false;
	*result = number << shift;
	return true;
}

bool
value_seconds(const char *text, double min, double max, double *result)
{
	double number;
	char *end;

	/* strtod() also takes signs, hexadecimal, "inf" and "nan". */
	if (text[0] == '\0' || strspn(text, "0123456789.") != strlen(text))
		return false;
	number = strtod(text, &end);
	if (*end != '\0' || !(number >= min && number <= max))
		return false;
	*result = number;
	return true;
}

bool
value_name(const char *text, const char *const *names, unsigned int n, unsigned int *result)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		if (strcmp(text, names[i]) == 0) {
			*result = i;
			return true;
		}
	}
	return false;
}
