/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef WORK_H
#define WORK_H

/**
 * @file
 * Who calls step() of a model: a thread of the instance, and the threads that access its registers.
 * For lib/devmodel alone.
 */

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct devmodel;

/** Under the lock of the instance. */
struct work {
	pthread_cond_t wake;
	pthread_t thread;
	bool has_thread;
	bool by_access;      /**< step() after accesses, no thread */
	bool wanted;         /**< step() is */
	bool resting;        /**< the thread leaves the work to one that polls, for a while */
	bool stop;
	unsigned int polls;  /**< reads that followed an access closely, of late */
	uint64_t access_end; /**< of the last one, on work_clock() */
	uint64_t polled;     /**< when one read last that polls; atomic */
};

void work_init(struct work *work);
void work_fini(struct work *work);

/** Start the thread, if it is to have one and has none. Without one, accesses do its work. */
void work_start(struct devmodel *host);

/** Stop and join the thread. */
void work_stop(struct devmodel *host);

/** Time in ns. */
uint64_t work_clock(void);

/** A register was read, the lock is held; start is when it was wanted. */
void work_after_read(struct devmodel *host, uint64_t start);

/** A register was written, the lock is held. */
void work_after_write(struct devmodel *host);

#endif
