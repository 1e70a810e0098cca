/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef VVAS_LIVE_H
#define VVAS_LIVE_H

/**
 * @file
 * What a program holds as VvasContext *, VvasMemory * and VvasVideoFrame *: the address of a struct
 * that programs may look into. It is looked up before it is followed, so that one that was made up
 * or freed is refused. Objects are counted: one that is freed while another thread works on it
 * lasts until that is done.
 *
 * Threads: any.
 */

#include <bsd/sys/tree.h>

enum live_kind {
	LIVE_CONTEXT,
	LIVE_MEMORY,
	LIVE_FRAME,
};

/** In each object: what makes it known. */
struct live {
	RB_ENTRY(live) entry;
	void *self; /* the struct that it is in, and what the program holds */
	enum live_kind kind;
	unsigned int refs;
	void (*free)(void *self);
};

/** Make an object known, with one reference. */
void live_add(struct live *live, enum live_kind kind, void *self, void (*free_self)(void *self));

/** Find what is live at an address, and hold it: the address, or NULL when none of that kind is. */
void *live_get(const void *address, enum live_kind kind);

/** Count once more who has an object. */
void live_hold(struct live *live);

/** Let go of it. */
void live_put(struct live *live);

/** Take an object out; the caller has its reference. NULL as live_get(). */
void *live_remove(const void *address, enum live_kind kind);

#endif
