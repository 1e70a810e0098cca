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

/** Under the lock of the instance, but for what is the thread's own. */
struct work {
	pthread_cond_t wake;
	pthread_t thread;
	bool has_thread;
	bool by_access;       /**< step() after accesses, no thread */
	bool wanted;          /**< there is work for step() */
	bool resting;         /**< the thread leaves the work to one that polls, for a while */
	bool stop;
	uint64_t read_end;    /**< of the last read, on work_clock() */
	uint64_t polled_ns;   /**< time between reads close to each other, of all time; atomic */
	uint64_t seen_at;     /**< when the thread last looked at that; the thread's own */
	uint64_t seen_polled; /**< and what it was; the thread's own */
	uint64_t polled_at;   /**< when it last found that somebody polls; the thread's own */
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
