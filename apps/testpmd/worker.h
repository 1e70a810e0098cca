/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef TESTPMD_WORKER_H
#define TESTPMD_WORKER_H

/**
 * @file
 * Workers: each drives its streams in a loop, on a worker lcore, or in a thread of the main lcore
 * when there is no worker lcore. The main thread sleeps and watches.
 */

#include <pthread.h>
#include <stdbool.h>

#include "stream.h"

/** What the main thread wants. */
enum worker_wish {
	WORKER_RUN,
	WORKER_STOP,  /**< finish what is in flight */
	WORKER_LEAVE, /**< return, whatever is in flight */
};

struct worker {
	struct stream **streams;
	unsigned int nb_streams;
	const int *wish;      /**< atomic */
	unsigned int lcore;   /**< LCORE_ID_ANY: the thread */
	pthread_t thread;
	bool launched;
	bool returned;        /**< atomic */
};

/** Number of workers there can be, at least 1. */
unsigned int workers_possible(void);

/**
 * Launch workers, one per worker lcore as far as there are lcores.
 *
 * @return 0, or an exit status after saying what is wrong; those with worker::launched run
 */
int workers_launch(struct worker *workers, unsigned int nb);

/** Whether a worker has nothing to do any more. */
static inline bool
worker_returned(const struct worker *worker)
{
	return !worker->launched || __atomic_load_n(&worker->returned, __ATOMIC_ACQUIRE);
}

/** Wait for a worker. */
void worker_join(struct worker *worker);

#endif
