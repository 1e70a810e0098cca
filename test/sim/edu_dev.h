/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef EDU_DEV_H
#define EDU_DEV_H

/**
 * @file
 * Edu devices for tests, models and real ones alike. The environment says which:
 *
 *	ACCELDEV_TEST_EDU         reaches all memory
 *	ACCELDEV_TEST_EDU2        another one like it
 *	ACCELDEV_TEST_EDU_NARROW  has addresses of 28 bits
 *
 * Each is a spec. Unless they are set: the devices of the guest of test/vm, and elsewhere models.
 */

#include <stdbool.h>
#include <stdint.h>

#include <acceldev/acceldev.h>
#include <drivers/edu/edu_regs.h>

#include "soft_dev.h"

/** Specs from the environment. */
const char *edu_spec(void);
const char *edu_spec2(void);
const char *edu_spec_narrow(void);

/** A spec with further keys, as ",key=value"; valid for some calls of these. */
const char *edu_with(const char *spec, const char *keys);

/** Whether a spec is of a model in this process, where transfers take no time. */
bool edu_is_sim(const char *spec);

/** Open a device; and configure and start it with one queue pair. */
uint16_t edu_open(const char *spec);
uint16_t edu_run(const char *spec);

/** Registers, asserted. From 0x80 on they have 8 bytes. */
uint64_t edu_get(uint16_t dev, uint64_t reg);
void edu_set(uint16_t dev, uint64_t reg, uint64_t value);

/** Switch bus mastering by config space. */
void edu_master(uint16_t dev, bool on);

/** Wait until the engine is idle; asserts that it becomes so. */
void edu_wait_idle(uint16_t dev);

/**
 * A transfer by the registers, past the driver and its checks: start one, or run it to its end.
 *
 * @param station  offset in the device's memory
 */
void edu_raw_start(uint16_t dev, uint64_t iova, uint64_t station, uint64_t len, bool to_host);
void edu_raw(uint16_t dev, uint64_t iova, uint64_t station, uint64_t len, bool to_host);

/** Run a copy to its end: its status. */
uint8_t edu_copy(uint16_t dev, uint16_t src_space, uint64_t src, uint16_t dst_space, uint64_t dst,
		uint64_t len);

/** Wait for an op. NULL, and asserted, when none comes in 10 s. */
struct accel_op *edu_dequeue_one(uint16_t dev);

/** Allocate and assert. */
struct accel_buf *edu_buf(uint16_t dev, size_t len, uint32_t flags);

/** A pattern that depends on the seed, and whether memory has it. */
void edu_fill(void *va, size_t len, unsigned int seed);
bool edu_has(const void *va, size_t len, unsigned int seed);

/** An eventfd, and whether it is signalled within some milliseconds, which resets it. */
int edu_eventfd(void);
bool edu_signalled(int fd, int ms);

/** What the IOMMU blames a device for, from edu_faults_begin() on. */
struct edu_faults {
	const char *spec;
	int64_t before; /* of a model */
	int log;        /* of the kernel */
};

/** Begin to watch; one fault is expected. */
void edu_faults_begin(struct edu_faults *faults, const char *spec);

/** End; whether there was a fault at an IOVA. */
bool edu_faults_end(struct edu_faults *faults, uint64_t iova);

/** Whether the device's I/O space has an entry that meets [first, last]. */
bool edu_is_mapped(uint16_t dev, uint64_t first, uint64_t last);

/** Mappings of VFIO devices in this process. */
unsigned int edu_bar_maps(void);

#endif
