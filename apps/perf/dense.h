/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef PERF_DENSE_H
#define PERF_DENSE_H

#include <stddef.h>

/** Rows of input and output, and columns of both. */
#define DENSE_ROWS 16
#define DENSE_COLS 256

/**
 * Make a program image of one dense layer.
 *
 * @param[out] image  the caller's to free
 * @retval 0 success
 * @retval -ENOMEM no memory
 * @retval -EIO it cannot be made; told on stderr
 */
int dense_image(char **image, size_t *len);

#endif
