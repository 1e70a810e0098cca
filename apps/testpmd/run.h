/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef TESTPMD_RUN_H
#define TESTPMD_RUN_H

/**
 * @file
 * A run: the devices are started, workers move bytes, the main thread watches.
 */

#include <stdbool.h>
#include <stdint.h>

#include "device.h"
#include "infer.h"
#include "options.h"
#include "stream.h"
#include "worker.h"

struct run {
	struct testpmd_conf conf;
	struct device_list *list;
	struct infer *infer;       /**< NULL: another mode */
	struct stream *streams;
	unsigned int nb_streams;
	struct worker *workers;
	unsigned int nb_workers;
	struct stream **assigned;  /**< streams in the order of workers */
	int wish;                  /**< atomic; enum worker_wish */
	bool stalled;              /**< something did not complete */
	bool lost;                 /**< a device is not ready any more */
	uint64_t tsc_begin;
	uint64_t tsc_progress;     /**< of the last line of progress */
	uint64_t shown_ops;        /**< in it */
};

/**
 * Start a run.
 *
 * @param list  devices that are not started
 * @param[out] run  run_end() and run_free() end it; untouched on failure
 * @return 0, or an exit status after saying what is wrong
 */
int run_start(const struct testpmd_conf *conf, struct device_list *list, struct run **run);

/**
 * Look after a run, each few milliseconds: limits, lack of progress, lines of progress.
 *
 * @return whether it still runs
 */
bool run_poll(struct run *run);

/** Whether a run ends by itself, after some ops or some time. */
bool run_is_limited(const struct run *run);

/** Ask a run to end; run_poll() tells when it has. */
void run_stop(struct run *run);

/**
 * End a run: wait for the workers, stop the devices, print the statistics.
 *
 * @return exit status: whether all went well
 */
int run_end(struct run *run);

/** Free a run that has ended. NULL is a no-op. */
void run_free(struct run *run);

#endif
