/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef TESTPMD_STREAM_H
#define TESTPMD_STREAM_H

/**
 * @file
 * A stream: the ops of one queue pair with their memory, driven by one worker.
 *
 * Every slot has its own memory at each place its mode uses, and one op for each step. Slots are
 * used one after the other, round and round. With verification, streams work in rounds: each slot
 * once through all steps, then all of them are checked.
 */

#include <stdbool.h>
#include <stdint.h>

#include <acceldev/acceldev.h>

#include "device.h"
#include "mode.h"
#include "model.h"
#include "options.h"

/** Results by accel_status, and one for values that are none. */
#define STATUS_COUNTS (ACCEL_STATUS_MAX + 1)

struct slot {
	uint64_t addr[PLACE_MAX];         /**< as the device sees it */
	struct accel_buf *buf[PLACE_MAX]; /**< host places only */
	struct model_inst inst;           /**< PLACE_TENSORS */
	unsigned int places;              /**< PLACE_BIT() of those that are allocated */
	bool failed;                      /**< an op of this round failed: nothing to check */
};

struct infer_stream;

/** The ops of one step, for all slots. */
struct step {
	struct accel_op *ops;
	struct accel_op **ring; /**< pointers to them; the first come again after the last, so that
				 *   a burst never wraps */
	bool measured;
};

struct stream {
	/* What a burst needs. Written by the worker only. */
	struct accel_op **ring; /**< of the current step */
	uint64_t head;          /**< enqueued in this step */
	uint64_t tail;          /**< completed in this step */
	uint64_t limit;         /**< to be enqueued in this step */
	uint64_t *counter;      /**< completed or helpers */
	uint16_t dev_id;
	uint16_t qp_id;
	uint16_t burst;
	uint16_t nb_slots;      /**< power of two */
	bool verify;
	struct infer_stream *infer; /**< NULL: another mode */
	bool given_up;          /**< atomic; the device takes no ops any more */
	bool finished;          /**< atomic; the worker is done with it */

	/* Counters: written by the worker only, read by the main thread meanwhile. */
	uint64_t completed;     /**< measured ops */
	uint64_t helpers;       /**< ops of the other steps */
	uint64_t failed;        /**< ops of all steps with a status other than success */
	uint64_t mismatches;    /**< results that differ, and ops that came back out of order */

	/* The worker's, read by the main thread when it is done. */
	uint64_t failed_measured; /**< measured ops of failed */
	uint64_t verified;      /**< results that were right */
	uint64_t status[STATUS_COUNTS];
	uint64_t tsc_begin;
	uint64_t tsc_end;
	uint64_t todo;          /**< measured ops to do in all; UINT64_MAX: until stopped */
	uint64_t first_op;      /**< number of the first op of this round */
	unsigned int cur_step;

	/* Set up once. */
	unsigned int nb_steps;
	struct step steps[MODE_MAX_STEPS];
	struct mode_step plan[MODE_MAX_STEPS];
	uint64_t size;               /**< bytes of an op */
	unsigned int places;         /**< PLACE_BIT() of those in use */
	uint16_t bank[PLACE_MAX];    /**< number of the bank, of bank places */
	struct slot *slots;
	uint16_t nb_alloc;           /**< slots that have memory */
	void *op_memory;

	/* The main thread's. */
	uint64_t seen;               /**< stream_progress() when last looked at */
	uint64_t seen_tsc;           /**< when it had last changed */
	struct accel_qp_stats stats; /**< at the end of the run */
	struct accel_qp_stats shown; /**< when "show stats" last printed them */
	uint64_t shown_tsc;
} __attribute__((aligned(RTE_CACHE_LINE_SIZE)));

/**
 * Allocate the ops and memory of a stream, for as many slots as the queue pair is deep. Takes fewer
 * when memory is scarce, and says so.
 *
 * @param s  zeroed, but for todo and infer
 * @param host_bytes  host memory it may take
 * @return 0, or an exit status after saying what is wrong; stream_release() in both cases
 */
int stream_setup(struct stream *s, const struct testpmd_conf *conf, const struct device *dev,
		uint16_t qp_id, uint64_t host_bytes);

/** Free them; the counters remain. No op may be in flight. */
void stream_release(struct stream *s);

/** Make the first ops ready: false when there are none to do. */
bool stream_begin(struct stream *s);

/**
 * End a stream whose device takes no ops any more, as soon as those in flight have come back. The
 * worker looks when it is told to stop. Any thread.
 */
void stream_give_up(struct stream *s);

/** Whether that was done. */
bool stream_is_given_up(const struct stream *s);

/** When all ops of a step have come back, make the next ones ready: false when all is done. */
bool stream_next_step(struct stream *s, bool stopping);

/** Count those of the ops that failed, and remember their slots. */
void stream_count_failed(struct stream *s, struct accel_op **ops, uint16_t n);

/** Count those that are not the next in order. */
void stream_check_order(struct stream *s, struct accel_op **ops, uint16_t n);

/** Add to a counter that one thread writes and any thread may read. */
static inline void
stream_count(uint64_t *counter, uint64_t n)
{
	__atomic_store_n(counter, *counter + n, __ATOMIC_RELAXED);
}

/** Read such a counter. */
static inline uint64_t
stream_counter(const uint64_t *counter)
{
	return __atomic_load_n(counter, __ATOMIC_RELAXED);
}

/** Completions of all steps; any thread. */
static inline uint64_t
stream_progress(const struct stream *s)
{
	return stream_counter(&s->completed) + stream_counter(&s->helpers);
}

/** Ops and results that were wrong; any thread. */
static inline uint64_t
stream_errors(const struct stream *s)
{
	return stream_counter(&s->failed) + stream_counter(&s->mismatches);
}

#endif
