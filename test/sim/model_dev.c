/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "model_dev.h"

#include <stdio.h>
#include <string.h>

#include "harness.h"

static const char *
get_arg(const void *ctx, const char *key)
{
	static char value[32];
	const char *at = ctx;
	char name[32];

	snprintf(name, sizeof(name), "%s=", key);
	at = at != NULL ? strstr(at, name) : NULL;
	if (at == NULL)
		return NULL;
	at += strlen(name);
	snprintf(value, sizeof(value), "%.*s", (int)strcspn(at, " "), at);
	return value;
}

int
model_open(const char *address, const char *text, struct bus_dev **out)
{
	const struct bus_args args = { .get = get_arg, .ctx = text };

	return bus_find("sim")->open(address, &args, out);
}

int
model_attach(struct bus_dev *d, struct iospace *shared, struct iospace **out)
{
	const struct bus_attach_conf conf = {
		.name = d->name, .window = { 0, UINT64_MAX }, .shared = shared,
	};

	return d->ops->attach(d, &conf, out);
}

struct bus_dev *
model_begin(const char *address, const char *text, struct iospace **ios)
{
	struct bus_dev *d = NULL;

	CU_ASSERT_EQUAL_FATAL(model_open(address, text, &d), 0);
	CU_ASSERT_EQUAL_FATAL(model_attach(d, NULL, ios), 0);
	CU_ASSERT_EQUAL(bus_set_master(d, true), 0);
	return d;
}

void
model_end(struct bus_dev *d, struct iospace *ios)
{
	CU_ASSERT_EQUAL(d->ops->detach(d), 0);
	iospace_destroy(ios);
	d->ops->close(d);
}
