/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef TESTPMD_INFER_H
#define TESTPMD_INFER_H

/**
 * @file
 * The mode infer: programs are run on records, timed, and their answers compared with labels.
 */

#include <stdint.h>

#include "latency.h"
#include "model.h"
#include "records.h"
#include "stream.h"

/** What the streams of a run share. */
struct infer {
	struct records records;
	unsigned int nb_models;
	struct model models[]; /**< of each device */
};

/** What a stream has of its own; its worker's. */
struct infer_stream {
	const struct model *model;
	const struct records *records;
	uint64_t first;  /**< record of its first op */
	uint64_t stride; /**< records from one op to the next */
	uint64_t judged; /**< answers that were compared with labels */
	uint64_t right;  /**< of these */
	struct latency latency;
};

/**
 * Load the program onto all devices, and read the records.
 *
 * @param[out] infer  infer_close() ends it; untouched on failure
 * @return 0, or an exit status after saying what is wrong
 */
int infer_open(const struct testpmd_conf *conf, const struct device_list *list,
		struct infer **infer);

/** Unload and free all; the streams are released. NULL is a no-op. */
void infer_close(struct infer *infer);

/**
 * Make stream::infer, for stream_release() to free: stream n of nb takes each nb-th record.
 *
 * @param dev  number of the device in the list
 * @return 0, or an exit status after saying what is wrong
 */
int infer_attach(const struct infer *infer, struct stream *s, unsigned int dev, unsigned int n,
		unsigned int nb);

/** Before the next n ops are enqueued: give them records, and look at the clock. */
void infer_prepare(struct stream *s, uint64_t n);

/** After n ops came back: look at the clock, and at the answers of those that succeeded. */
void infer_collect(struct stream *s, struct accel_op **ops, uint16_t n);

#endif
