/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef MOCK_DRIVER_H
#define MOCK_DRIVER_H

/**
 * @file
 * A driver that does nothing, counts its calls and fails where a test wants it to. Its ops stay in
 * flight until the test completes them. It keeps the contract of accel_driver.h, so what goes wrong
 * with it is the library's fault. Not for several threads.
 */

#include <acceldev/accel_driver.h>

/** Spec of the one device that tests open on it. */
#define MOCK_SPEC "soft:mock,driver=mock"

/** Callbacks, to fail in or to leave out. */
enum mock_call {
	MOCK_NONE,
	MOCK_PROBE,
	MOCK_INFO_GET, /* can be left out only */
	MOCK_CONFIGURE,
	MOCK_QP_SETUP,
	MOCK_QP_RELEASE, /* can be left out only */
	MOCK_START,
	MOCK_STOP,
	MOCK_RESET,
	MOCK_ENQUEUE, /* can be left out only */
	MOCK_DEQUEUE, /* can be left out only */
	MOCK_REMOVE,  /* only counted */
	MOCK_CALLS,
};

#define MOCK_MAX_QPS   4
#define MOCK_MIN_DEPTH 4
#define MOCK_MAX_DEPTH 64

/** Knobs and counters. */
struct mock {
	enum mock_call fail;      /**< this callback returns error */
	int error;                /**< a negative errno */
	enum mock_call leave_out; /**< this member is NULL at the next probe */
	bool no_ops;              /**< accel_dev::ops is NULL at the next probe */
	unsigned int banks;       /**< banks to add in probe, of 1 MiB, from n GiB on */
	void (*in_probe)(struct accel_dev *dev); /**< called by probe; may be NULL */
	/** accel_dev_ops::xstats at the next probe */
	int (*xstats)(struct accel_dev *dev, struct accel_xstat_name *names, uint64_t *values,
			unsigned int n);

	unsigned int calls[MOCK_CALLS];
	unsigned int live_devs;   /**< probed and not removed */
	unsigned int live_qps;    /**< set up and not released */
	unsigned int stray;       /**< calls that the contract excludes */
	uint32_t deadline_us;     /**< at the last configure */
	struct accel_qp_conf qp_conf; /**< of the last qp_setup */
	struct accel_dev *dev;    /**< the last one probed */
};

extern struct mock mock;
extern struct accel_driver mock_driver;

/** Set knobs and counters to zero and register the driver. For a suite's tests to begin with. */
void mock_begin(void);

/** Unregister the driver and assert that it holds nothing. */
void mock_end(void);

/** Probe MOCK_SPEC and assert that it works. */
uint16_t mock_open(void);

/** The same, with nb_qps queue pairs set up. */
uint16_t mock_open_ready(uint16_t nb_qps);

/** Finish the n oldest ops in flight of a queue pair, with a status. */
void mock_complete(uint16_t qp_id, unsigned int n, uint8_t status);

#endif
