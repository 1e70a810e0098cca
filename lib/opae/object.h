/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef OPAE_OBJECT_H
#define OPAE_OBJECT_H

/**
 * @file
 * What a program holds as fpga_handle, fpga_token, fpga_properties and fpga_event_handle: an id
 * that is looked up. Objects are counted, so that one that is ended while another thread works on
 * it lasts until that is done.
 *
 * Threads: any.
 */

#include <stdint.h>

enum object_kind {
	OBJECT_HANDLE,
	OBJECT_TOKEN,
	OBJECT_PROPERTIES,
	OBJECT_EVENT,
};

/** Head of an object. */
struct object {
	enum object_kind kind;
	unsigned int refs;
	void (*free)(struct object *object);
};

/** Enter an object, with one reference: its id, or NULL when there is no memory. */
void *object_add(struct object *object, enum object_kind kind,
		void (*free_object)(struct object *object));

/** Find an object, and hold it; NULL when the id is none of that kind. */
void *object_get(const void *id, enum object_kind kind);

/** Let go of it. */
void object_put(void *object);

/** Wait until the caller's reference, of an object that was taken out, is the last one. */
void object_wait_alone(const void *object);

/** Take an object out; the caller has its reference. NULL when the id is none of that kind. */
void *object_remove(const void *id, enum object_kind kind);

#endif
