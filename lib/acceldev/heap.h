/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef HEAP_H
#define HEAP_H

/**
 * @file
 * The memory of one I/O space: arenas, and the buffers cut from them.
 *
 * Threads: any. The lock of a heap is never held across a call into EAL, the kernel or an iospace;
 * heap_user::busy keeps the device attached meanwhile.
 */

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <acceldev/accel_buf.h>
#include <acceldev/accel_dev.h>
#include <addrspace/addrspace.h>
#include <eal_glue/eal_map.h>
#include <eal_glue/hugemem.h>
#include <eal_glue/iospace.h>

struct accel_ctx;

/** Sizes that are cached at one time. */
#define HEAP_CACHE_SLOTS 64
/** Freed buffers that are kept for each size. */
#define HEAP_CACHE_DEPTH 256

/** Freed buffers of one capacity, with their descriptors. */
struct heap_cache {
	size_t capacity;
	unsigned int n;
	struct accel_buf *head;
};

/** What a buffer comes from: accel_buf::origin points to one, at the head of its own struct. */
struct heap_origin {
	enum { ORIGIN_ARENA, ORIGIN_IMPORT, ORIGIN_OWN, ORIGIN_BANK } kind;
	struct heap *heap;
};

struct buf_block;

/** A block that buffers are cut from. */
struct arena {
	struct heap_origin origin;
	struct arena *next;
	struct heap_class *cls;
	struct hugemem mem;
	struct buf_block *block;
	uint64_t iova; /* of its first byte, when it is mapped as a whole */
	bool by_eal;   /* the entries are those of the map of EAL's heap */
};

/** Arenas of one protection. */
struct heap_class {
	uint32_t flags;           /* ACCEL_BUF_* of its buffers */
	unsigned int access;      /* of its arenas; 0: each buffer is mapped by itself */
	size_t unit;              /* power of two: capacities and alignments are multiples of it */
	struct addrspace *space;  /* virtual addresses of its arenas; NULL before the first */
	struct arena *arenas;
	uint64_t bytes;           /* of its arenas */
	bool growing;             /* a thread makes another arena, without the lock */
	struct heap_cache cache[HEAP_CACHE_SLOTS];
};

enum heap_class_id {
	HEAP_ORDINARY,
	HEAP_READ_ONLY,
	HEAP_ISOLATED,
	HEAP_CLASSES,
};

/** What a heap keeps of a device. */
struct heap_user {
	bool attached;
	unsigned int busy;        /* calls that work outside the lock */
	unsigned int live;        /* buffers */
	bool maps_eal;            /* it asked for EAL's heap; under the device's lock */
	struct eal_heap *eal_heap; /* or NULL; under the device's lock */
};

struct heap {
	pthread_mutex_t lock;
	pthread_cond_t grown;     /* a class has grown, or could not */
	struct heap_user users[ACCEL_MAX_DEVS]; /* by dev_id */
	int socket;
	char name[ACCEL_NAME_MAX]; /* for logs */
	enum hugemem_backing backing;
	struct iospace *ios;
	struct eal_map eal_map; /* has its own lock */
	struct heap_class classes[HEAP_CLASSES];
};

struct heap_conf {
	int socket;
	const char *name;
	enum hugemem_backing backing;
	struct iospace *ios;
};

/** Memory of somebody else's, to make a buffer of that has no IOVA. */
struct heap_view {
	struct heap_origin *origin;
	void *va;
	size_t len;
	size_t capacity;
	uint32_t flags;
};

/** Initialise the lock of a heap that was zeroed; once in the life of the process. */
void heap_init(struct heap *heap);

/** Begin with an I/O space; no device is attached. */
void heap_open(struct heap *heap, const struct heap_conf *conf);

/** Free the arenas, and follow EAL's heap no longer; no device is attached any more. */
void heap_close(struct heap *heap);

/** Serve a device. */
void heap_attach(struct heap *heap, uint16_t dev_id);

/** No longer serve a device: 0, or -EBUSY when it has live buffers or calls under way. */
int heap_detach(struct heap *heap, uint16_t dev_id);

/** Serve a device again, as if heap_detach() had not been called. */
void heap_reattach(struct heap *heap, uint16_t dev_id);

/** Count buffers of another heap as live for a device, or no longer. */
void heap_count(struct heap *heap, uint16_t dev_id, int n);

/** Whether a live buffer has pages and entries of its own. */
bool heap_maps_alone(const struct accel_buf *buf);

/** Live buffers of a device. */
unsigned int heap_live(struct heap *heap, uint16_t dev_id);

/*
 * The calls of accel_buf.h on a heap, with checked arguments. -ENODEV when the device is not
 * attached.
 */
int heap_alloc(struct heap *heap, uint16_t dev_id, size_t len, size_t align, uint32_t flags,
		struct accel_buf **buf);
int heap_import(struct heap *heap, uint16_t dev_id, void *va, size_t len, uint32_t flags,
		accel_buf_release_t release, void *arg, struct accel_buf **buf);
/** @param[out] ctx  what the buffer had in accel_buf::link: its context or NULL; may be NULL */
int heap_free(struct heap *heap, uint16_t dev_id, struct accel_buf *buf, struct accel_ctx **ctx);
int heap_adopt(struct heap *heap, uint16_t dev_id, const struct heap_view *view,
		struct accel_buf **buf);
int heap_export_fd(const struct accel_buf *buf);
int heap_reserve(struct heap *heap, uint16_t dev_id, size_t bytes, uint32_t flags);
int heap_arena_info(struct heap *heap, unsigned int n, struct accel_arena_info *info);

/*
 * For the parts of the heap among themselves: heap.c, arena.c and heap_map.c.
 */

/** Log that there is no memory for the books, and return -ENOMEM. */
int heap_no_memory(const struct heap *heap);

/** Keep a device attached during work outside the lock: 0 or -ENODEV. */
int heap_enter(struct heap *heap, uint16_t dev_id);
void heap_leave(struct heap *heap, uint16_t dev_id);

/**
 * Fill in the backing of a request. Memory whose pages are granted one by one must not be EAL's.
 */
void heap_backing(const struct heap *heap, bool by_page, struct hugemem_request *req);

/** Add an arena of at least len bytes to a class. Called without the lock, inside heap_enter(). */
int arena_grow(struct heap_class *cls, struct heap *heap, size_t len);

/** Free all arenas of a class; the lock is held or nobody else has the heap. */
void arena_free_all(struct heap_class *cls, struct heap *heap);

/** Buffers that are mapped by themselves. Called without the lock, inside heap_enter(). */
int heap_own_alloc(struct heap *heap, size_t len, size_t align, uint32_t flags,
		struct accel_buf *buf);
int heap_own_free(struct accel_buf *buf);
int heap_import_map(struct heap *heap, struct accel_buf *buf, accel_buf_release_t release,
		void *arg);
int heap_import_unmap(struct accel_buf *buf);

#endif
