/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef SPEC_H
#define SPEC_H

/**
 * @file
 * Specs: BUS:ADDRESS[,key=value...], taken apart.
 */

#include <stdint.h>

#include <acceldev/accel_dev.h>

struct rte_kvargs;

struct spec {
	char name[ACCEL_NAME_MAX]; /* BUS:ADDRESS */
	char bus[16];
	struct rte_kvargs *args;   /* NULL when there are none */
};

/** Take a spec apart: 0, or -EINVAL or -ENOMEM, logged. spec_free() ends it. */
int spec_parse(const char *text, struct spec *spec);

void spec_free(struct spec *spec);

/** Value of a key; NULL when it is not there. */
const char *spec_arg(const struct spec *spec, const char *key);

/**
 * Check that each key is in one of n lists that end with NULL or are NULL: 0, or -EINVAL, logged.
 */
int spec_check_keys(const struct spec *spec, const char *const *const *lists, unsigned int n);

/** Unsigned number with an optional suffix K, M, G or T: 0 or -EINVAL, not logged. */
int spec_parse_u64(const char *text, uint64_t *value);

#endif
