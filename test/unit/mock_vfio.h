/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef MOCK_VFIO_H
#define MOCK_VFIO_H

/**
 * @file
 * A kernel whose VFIO fails where a test wants it to: system calls that are wrapped by the linker,
 * and sysfs in a folder. One PCI function, MOCK_ADDRESS, in group MOCK_GROUP with MOCK_OTHER. What
 * it does when nothing fails is as little as the code needs; test/vm has a real one.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MOCK_ADDRESS "0000:03:00.0"
#define MOCK_OTHER   "0000:03:00.1"
#define MOCK_GROUP   7
#define MOCK_VECTORS 8
#define MOCK_CONFIG  256

/** Make a call fail: the nth ioctl of a kind, 1 being the first, or an open of a path. */
struct mock_fail {
	unsigned long request; /**< 0: none */
	unsigned int nth;
	const char *path;      /**< or a file that cannot be opened */
	int err;
	int value;             /**< what the ioctl returns when err is 0 */
};

struct mock_vfio {
	struct mock_fail fail;
	bool viable;
	/** What IOMMU_GET_INFO and GET_REGION_INFO of BAR 0 copy out, of any nonsense. */
	unsigned char info[512] __attribute__((aligned(8)));
	unsigned char region[512] __attribute__((aligned(8)));
	uint32_t info_argsz, region_argsz;   /**< what the first call asks for */
	uint32_t info_argsz2, region_argsz2; /**< what the second call says; 0: the same */
	uint64_t unmap_less;                 /**< bytes that UNMAP_DMA leaves */
	bool ended;                          /**< the kernel took the container's last function */
	unsigned int vectors_free;           /**< that the machine has */
	unsigned char config[MOCK_CONFIG];
	bool no_reset;                       /**< the function has none by itself */
	/** Functions that a hot reset takes along, in group hot_group; more with each question. */
	unsigned int hot_count, hot_grows;
	int hot_group;
	bool hot_silent;                     /**< what does not fit is no error */

	/* What happened. */
	unsigned int fds;      /**< open */
	unsigned int maps;
	unsigned int enabled;  /**< vectors of MSI-X */
	int vector_fd[MOCK_VECTORS];
	unsigned int refused_growth;
	unsigned int resets, hot_resets, hot_asked;
};

/** What is in front of BAR 0 of the function: its bytes. */
int mock_bar_read(uint64_t off);


extern struct mock_vfio mock;

/** Begin anew; makes the folder of sysfs. */
void mock_begin(void);

/** Bind a function to a driver in sysfs; NULL: to none. */
void mock_bind(const char *address, const char *driver);

/** Take the function out of its group. */
void mock_leave_group(const char *address);

/** Remove the folder. */
void mock_end(void);

#endif
