/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef HANDLE_TABLE_H
#define HANDLE_TABLE_H

/**
 * @file
 * Objects of one kind in one range of addresses, which stays: whether a pointer is one of them is
 * known without following it, and one that was given back can still be looked at. Threads: any.
 */

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct handle_table {
	pthread_mutex_t lock;
	size_t size;      /* of an object, whose first word the table uses while it is nobody's */
	uint32_t max;
	char *base;
	uint32_t nb_used; /* objects from here on were never handed out */
	size_t usable;    /* bytes from base that are memory */
	void *free_list;
};

#define HANDLE_TABLE_INITIALIZER(type, max_)                                                       \
	{ .lock = PTHREAD_MUTEX_INITIALIZER, .size = sizeof(type), .max = (max_) }

/**
 * Take an object; NULL when there is no memory or all are in use. Its content is what it was when
 * it was given back, but for the first word, and zeros at first.
 */
void *handle_get(struct handle_table *table);

/** After handle_get() has failed: whether all are in use, and memory is not what is missing. */
bool handle_is_full(const struct handle_table *table);

/** Give an object back. */
void handle_put(struct handle_table *table, void *object);

/** Whether a pointer is an object that was in use at some time. */
bool handle_has(const struct handle_table *table, const void *object);

#endif
