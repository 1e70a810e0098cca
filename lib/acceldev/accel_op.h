/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef ACCEL_OP_H
#define ACCEL_OP_H

/**
 * @file
 * Operations and the two burst calls: the fast path.
 *
 * Ownership: an op belongs to the application until accel_enqueue_burst() has taken it, to the
 * library from then until accel_dequeue_burst() returns it. In between neither the op nor the
 * memory it names may be touched. Every op that was taken comes back exactly once.
 *
 * Order: ops of one queue pair come back in the order they were enqueued in. They may execute in
 * any order, except that an op with ACCEL_OP_FENCE starts after all earlier ops of its queue pair
 * are done. Queue pairs are independent of each other.
 *
 * Threads: a queue pair is used by one thread at a time, for both calls; different queue pairs by
 * any number of threads. No lock is taken. No thread may be inside a burst of a device while
 * accel_dev_configure(), accel_qp_setup(), accel_dev_start(), accel_dev_stop(), accel_dev_reset()
 * or accel_dev_close() runs on it; before and after, bursts are safe in every state.
 *
 * States: only a started device takes ops; otherwise accel_enqueue_burst() returns 0. After
 * accel_dev_stop(), ops that were not yet dequeued come back with the status they earned, those
 * that had not finished with ACCEL_STATUS_ABORTED, until the device is configured again, started
 * again or closed. As long as the device has failed or is removed it is ACCEL_STATUS_DEVICE_ERROR
 * or ACCEL_STATUS_REMOVED in place of that; see accel_event.h. From a device that is not configured
 * accel_dequeue_burst() returns 0.
 *
 * Checks: the burst calls do not check dev_id and qp_id unless ACCELDEV_DEBUG is defined when the
 * application is compiled; dev_id must come from accel_dev_probe(), qp_id lie below the number of
 * queue pairs that was configured. What an op asks for is always checked: type, flags, length, the
 * addresses and spaces that its type uses, and ext; of a RUN also that all other fields but status
 * and user_data are 0. Of a copy or a fill, some devices look at reserved bytes and some do not:
 * they are to be 0. A bad op comes back with a status and has changed nothing, except where a
 * status says otherwise.
 *
 * Time: nothing waits for ever. With a deadline configured, an op that is not done in time comes
 * back with ACCEL_STATUS_DEADLINE; bytes of its destination may have been written.
 */

#include <stdint.h>

#ifdef ACCELDEV_DEBUG
#include <stddef.h>
#endif

#ifdef __cplusplus
extern "C" {
#endif

/** Devices in one process, at most. */
#define ACCEL_MAX_DEVS 64

/** What an op does. 0 is none, so that a forgotten type is refused. */
enum accel_op_type {
	ACCEL_OP_COPY = 1, /**< len bytes from src to dst; overlap behaves as memmove() */
	ACCEL_OP_FILL = 2, /**< len bytes at dst with the 8 bytes of pattern, repeated */
	ACCEL_OP_RUN = 3,  /**< the instance of a program in ext, see accel_program.h; the rest is 0 */
};

/** Flag: start only when all earlier ops of this queue pair are done. */
#define ACCEL_OP_FENCE (1u << 0)

/** Result of one op. */
enum accel_status {
	ACCEL_STATUS_SUCCESS = 0,
	ACCEL_STATUS_INVALID,      /**< unknown type or flag, or not offered by this device */
	ACCEL_STATUS_BAD_ADDRESS,  /**< some byte is not mapped for the device, or outside the bank */
	ACCEL_STATUS_PERMISSION,   /**< mapped, but not for this direction */
	ACCEL_STATUS_LENGTH,       /**< length 0, or over the device's max_op_len */
	ACCEL_STATUS_DEVICE_ERROR, /**< the device failed; the destination is undefined */
	ACCEL_STATUS_REMOVED,      /**< the device went away; the destination is undefined */
	ACCEL_STATUS_ABORTED,      /**< stopped before it was done; the destination is undefined */
	ACCEL_STATUS_DEADLINE,     /**< not done in time; the destination is undefined */
	ACCEL_STATUS_MAX,
};

/** Address-space tag: host memory, by IOVA. */
#define ACCEL_SPACE_HOST 0u
/** Address-space tag: bank n of the device, by device address. */
#define ACCEL_SPACE_BANK(n) ((uint16_t)((n) + 1u))

/**
 * One work item. All addresses are what the device sees: IOVAs (accel_buf::iova) in host memory,
 * device addresses in a bank. Bytes marked reserved are zero.
 */
struct accel_op {
	uint8_t type;       /**< enum accel_op_type */
	uint8_t flags;      /**< 0 or ACCEL_OP_FENCE */
	uint8_t status;     /**< enum accel_status; written by the library before it comes back */
	uint8_t reserved0;
	uint16_t src_space; /**< where src points */
	uint16_t dst_space; /**< where dst points */
	union {
		uint64_t src;     /**< COPY: source address */
		uint64_t pattern; /**< FILL: in host byte order */
	};
	uint64_t dst;       /**< destination address */
	uint64_t len;       /**< bytes */
	uint64_t user_data; /**< the application's; never read */
	void *ext;          /**< RUN: struct accel_instance; else NULL */
	uint64_t reserved[2];
};

/**
 * Signature of a driver's burst functions.
 *
 * @param qp  the driver's queue pair
 */
struct accel_qp;
typedef uint16_t (*accel_burst_t)(struct accel_qp *qp, struct accel_op **ops, uint16_t n);

/**
 * What the fast path needs of one device, two cache lines, written by control calls and only read
 * by bursts. Private to the library; here because the burst calls are inline.
 */
struct accel_fp {
	struct accel_qp **qps; /**< per queue pair; never NULL */
	accel_burst_t enqueue; /**< never NULL */
	accel_burst_t dequeue; /**< never NULL */
	uint16_t nb_qps;       /**< for debug checks */
	uint64_t reserved[12];
} __attribute__((aligned(64)));

/** One entry per dev_id, process-local. Private to the library. */
extern struct accel_fp accel_fps[ACCEL_MAX_DEVS];

#ifdef ACCELDEV_DEBUG
/** Log a bad burst argument; see ACCELDEV_DEBUG. Private to the library. */
int accel_debug_burst(uint16_t dev_id, uint16_t qp_id, struct accel_op **ops, uint16_t n);
#endif

/**
 * Hand ops to a queue pair. One doorbell at most per call.
 *
 * @param ops  n ops; the first as many as the return value says belong to the library afterwards
 * @return how many were taken, less than n when the queue pair is full, 0 unless started
 */
static inline uint16_t
accel_enqueue_burst(uint16_t dev_id, uint16_t qp_id, struct accel_op **ops, uint16_t n)
{
	const struct accel_fp *fp;
	accel_burst_t burst;

#ifdef ACCELDEV_DEBUG
	if (accel_debug_burst(dev_id, qp_id, ops, n) != 0)
		return 0;
#endif
	fp = &accel_fps[dev_id];
	burst = __atomic_load_n(&fp->enqueue, __ATOMIC_RELAXED);
	return burst(__atomic_load_n(&fp->qps, __ATOMIC_RELAXED)[qp_id], ops, n);
}

/**
 * Take finished ops, in the order they were enqueued in. Never waits.
 *
 * @param[out] ops  room for n
 * @return how many came back; accel_op::status of each says how it went
 */
static inline uint16_t
accel_dequeue_burst(uint16_t dev_id, uint16_t qp_id, struct accel_op **ops, uint16_t n)
{
	const struct accel_fp *fp;
	accel_burst_t burst;

#ifdef ACCELDEV_DEBUG
	if (accel_debug_burst(dev_id, qp_id, ops, n) != 0)
		return 0;
#endif
	fp = &accel_fps[dev_id];
	burst = __atomic_load_n(&fp->dequeue, __ATOMIC_RELAXED);
	return burst(__atomic_load_n(&fp->qps, __ATOMIC_RELAXED)[qp_id], ops, n);
}

/**
 * Text for a status, such as "bad address".
 *
 * @return a constant string, "unknown status" for a value out of range; any thread
 */
const char *accel_status_str(uint8_t status);

/** static_assert in both languages. */
#ifdef __cplusplus
static_assert(sizeof(struct accel_op) == 64, "an op is one cache line");
static_assert(sizeof(struct accel_fp) == 128, "an entry is two cache lines");
#else
_Static_assert(sizeof(struct accel_op) == 64, "an op is one cache line");
_Static_assert(sizeof(struct accel_fp) == 128, "an entry is two cache lines");
#endif

#ifdef __cplusplus
}
#endif

#endif
