/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef TESTPMD_RECORDS_H
#define TESTPMD_RECORDS_H

/**
 * @file
 * Records: what programs are run on, one after the other, and what they should tell of each.
 */

#include <stdint.h>

#include "options.h"

struct records {
	uint8_t *bytes;  /**< NULL: there are none */
	uint64_t n;
	uint64_t size;   /**< bytes of each */
	uint8_t *labels; /**< one for each record; NULL: unknown */
};

/**
 * Read the files that the user named, if any.
 *
 * @param size     bytes of a record
 * @param classes  labels lie below it
 * @param[out] records  records_free() in all cases
 * @return 0, or an exit status after saying what is wrong
 */
int records_read(struct records *records, const struct testpmd_conf *conf, uint64_t size,
		uint64_t classes);

/** Free them. */
void records_free(struct records *records);

#endif
