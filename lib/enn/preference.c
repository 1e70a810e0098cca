/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "preference.h"

#include <errno.h>
#include <string.h>

#include "life.h"
#include "words.h"

static uint32_t values[ENN_PREFERENCES];

int
enn_preference_set(enum enn_preference which, uint32_t value)
{
	int ret = enn_begin();

	if (ret != 0)
		return ret;
	values[which] = value;
	return enn_end(0);
}

int
enn_preference_get(enum enn_preference which, uint32_t *value)
{
	int ret;

	if (value == NULL) {
		TELL("a preference: there is no pointer to give it by");
		return -EINVAL;
	}
	*value = 0;
	ret = enn_begin();
	if (ret != 0)
		return ret;
	*value = values[which];
	return enn_end(0);
}

void
enn_preference_reset(void)
{
	memset(values, 0, sizeof(values));
}

int
enn_preference_set_default(void)
{
	int ret = enn_begin();

	if (ret != 0)
		return ret;
	enn_preference_reset();
	return enn_end(0);
}
