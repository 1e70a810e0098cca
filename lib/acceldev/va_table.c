/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "va_table.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#include <eal_glue/iomap.h>

/* Layers stay for ever, since a reader may be in one; those above the top are kept for later. */
struct va_layer {
	struct iomap map;
	struct va_layer *next;   /* atomic: the layer above */
	struct va_layer *unused; /* the next that is kept */
	unsigned int ranges;
};

static pthread_mutex_t table_lock = PTHREAD_MUTEX_INITIALIZER;
static struct va_layer *first_layer; /* atomic */
static struct va_layer *unused_layers;

const struct va_layer *
va_table_first(void)
{
	return __atomic_load_n(&first_layer, __ATOMIC_ACQUIRE);
}

const struct va_layer *
va_table_next(const struct va_layer *layer)
{
	return __atomic_load_n(&layer->next, __ATOMIC_ACQUIRE);
}

bool
va_table_get(const struct va_layer *layer, const void *va, uint64_t *value)
{
	return iomap_lookup(&layer->map, (uintptr_t)va, 1, 0, value) == 0;
}

static struct va_layer *
new_layer(void)
{
	struct va_layer *layer = unused_layers;

	if (layer != NULL) {
		unused_layers = layer->unused;
		return layer;
	}
	layer = calloc(1, sizeof(*layer));
	if (layer != NULL && iomap_init(&layer->map) != 0) {
		free(layer);
		layer = NULL;
	}
	return layer;
}

/* The pages of a range, as keys; false when they cannot be any. */
static bool
to_keys(const void *va, size_t len, uint64_t *key, uint64_t *bytes)
{
	uint64_t last = (uintptr_t)va + (len - 1);

	*key = (uintptr_t)va & ~(IOMAP_PAGE - 1);
	*bytes = (last | (IOMAP_PAGE - 1)) - *key + 1;
	return last >> IOMAP_KEY_BITS == 0;
}

/* 0, -EEXIST when another range is in the way, -ENOMEM. */
static int
enter(struct va_layer *layer, uint64_t key, uint64_t bytes, uint64_t value)
{
	if (iomap_prepare(&layer->map, key, bytes) != 0)
		return -ENOMEM;
	if (!iomap_set(&layer->map, key, bytes, value, IOMAP_READ)) {
		layer->ranges++;
		return 0;
	}
	iomap_clear(&layer->map, key, bytes, value);
	return -EEXIST;
}

/* From the lowest layer to a new one, in which nothing is in the way. */
static int
enter_any(uint64_t key, uint64_t bytes, uint64_t value)
{
	struct va_layer **at, *layer;
	int ret;

	for (at = &first_layer; *at != NULL; at = &(*at)->next) {
		ret = enter(*at, key, bytes, value);
		if (ret != -EEXIST)
			return ret;
	}
	layer = new_layer();
	if (layer == NULL)
		return -ENOMEM;
	ret = enter(layer, key, bytes, value);
	if (ret == 0) {
		__atomic_store_n(at, layer, __ATOMIC_RELEASE);
	} else {
		layer->unused = unused_layers;
		unused_layers = layer;
	}
	return ret;
}

int
va_table_add(const void *va, size_t len, uint64_t value)
{
	uint64_t key, bytes;
	int ret;

	if (!to_keys(va, len, &key, &bytes))
		return 0;
	pthread_mutex_lock(&table_lock);
	ret = enter_any(key, bytes, value);
	pthread_mutex_unlock(&table_lock);
	return ret;
}

static struct va_layer *
layer_of(uint64_t key, uint64_t value)
{
	struct va_layer *layer;
	uint64_t found;

	for (layer = first_layer; layer != NULL; layer = layer->next) {
		if (iomap_lookup(&layer->map, key, 1, 0, &found) == 0 && found == value)
			return layer;
	}
	return NULL;
}

/* Readers of addresses without a meaning go through all layers, so the fewer the better. */
static void
drop_empty_top(void)
{
	struct va_layer **at, **last_used = &first_layer->next;
	struct va_layer *layer, *next;

	for (at = last_used; *at != NULL; at = &(*at)->next) {
		if ((*at)->ranges != 0)
			last_used = &(*at)->next;
	}
	layer = *last_used;
	__atomic_store_n(last_used, NULL, __ATOMIC_RELEASE);
	for (; layer != NULL; layer = next) {
		next = layer->next;
		__atomic_store_n(&layer->next, NULL, __ATOMIC_RELEASE);
		layer->unused = unused_layers;
		unused_layers = layer;
	}
}

void
va_table_remove(const void *va, size_t len, uint64_t value)
{
	struct va_layer *layer;
	uint64_t key, bytes;

	if (!to_keys(va, len, &key, &bytes))
		return;
	pthread_mutex_lock(&table_lock);
	layer = layer_of(key, value);
	if (layer != NULL) {
		iomap_clear(&layer->map, key, bytes, value);
		if (--layer->ranges == 0)
			drop_empty_top();
	}
	pthread_mutex_unlock(&table_lock);
}
