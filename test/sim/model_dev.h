/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef MODEL_DEV_H
#define MODEL_DEV_H

/**
 * @file
 * Instances of models on the bus, without accel_dev_probe() and a driver.
 */

#include <eal_glue/bus.h>
#include <eal_glue/iospace.h>

/**
 * Open an instance, as bus_ops of the bus "sim".
 *
 * @param text  "key=value key=value ", each followed by a blank; or NULL
 */
int model_open(const char *address, const char *text, struct bus_dev **out);

/** Attach it to an I/O space of its own, or to a shared one. */
int model_attach(struct bus_dev *d, struct iospace *shared, struct iospace **out);

/** Open and attach one that there must be, with bus mastering. */
struct bus_dev *model_begin(const char *address, const char *text, struct iospace **ios);

/** Detach and close it. */
void model_end(struct bus_dev *d, struct iospace *ios);

#endif
