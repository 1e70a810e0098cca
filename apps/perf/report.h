/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef PERF_REPORT_H
#define PERF_REPORT_H

#include "row.h"

/** Print the head of the table. */
void report_head(void);

/** Print one row, and below it the reason if there is one. */
void report_row(const struct row *row, const struct result *res);

/**
 * Write rows as a JSON array of one object each, which members are as the columns of the table;
 * what was not measured or cannot be judged is null.
 *
 * @retval 0 success
 * @retval -ENOMEM no memory
 * @retval -EIO the file cannot be written
 */
int report_json(const char *path, const struct row *const *rows, const struct result *res,
		unsigned int nb);

#endif
