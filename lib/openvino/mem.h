/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef OPENVINO_MEM_H
#define OPENVINO_MEM_H

/**
 * @file
 * Memory behind a handle. It is counted, so that one that is freed while another thread has it locked or
 * unlocked lasts until that is done.
 */

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include <acceldev/accel_ctx.h>

/** Head of all kinds. */
struct mem {
	struct mem *next;      /* of the same bucket, see mem_table.h */
	void *handle;
	void *va;
	struct accel_buf *buf; /* NULL: ordinary memory, which this is the beginning of */
	unsigned int refs;
	bool in_bank;          /* it is a struct bank_mem */
};

/** In a bank: what the host does with the view. */
struct bank_mem {
	struct mem mem;
	pthread_mutex_t lock;  /* of what follows; held while bytes are moved */
	unsigned int locks;    /* less unlocks */
	bool writing;          /* an unlock sends the view */
	bool unsent;           /* none has since the last lock for writing */
};

/** Ordinary memory, with one reference; NULL when there is none. */
struct mem *mem_plain(size_t size, size_t align);

/** Memory of a device: in a bank, or of the host when bank is less than 0. */
struct mem *mem_device(struct accel_ctx *ctx, int bank, size_t size, size_t align);

/** Let go of memory; the last one frees it. NULL is a no-op. */
void mem_put(struct mem *mem);

#endif
