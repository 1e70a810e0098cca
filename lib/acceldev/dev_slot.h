/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef DEV_SLOT_H
#define DEV_SLOT_H

/**
 * @file
 * Order of locks: a device's; that of the table of spaces; a group's; a heap's; that of the buffer
 * descriptors. That of a map of EAL's heap (eal_map.h) comes before EAL's memory lock, which comes
 * before an iospace's, which comes before that of the pool of IOVAs; none but a device's is held
 * across an EAL allocation or free. The registry's is held alone.
 * The lock of watch.c comes before a device's health_lock, which comes before those of its bus. The
 * control thread takes no device's lock: see watch.h.
 *
 * What the library keeps of a device, in one slot per dev_id. Slots and their locks live as long as
 * the process, so a call with a stale dev_id finds a closed slot and never freed memory.
 */

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include <acceldev/accel_afu.h>
#include <acceldev/accel_bank.h>
#include <acceldev/accel_driver.h>
#include <addrspace/addrspace.h>
#include <eal_glue/glue_log.h>
#include <eal_glue/iospace.h>

#include "space.h"
#include "spec.h"

/** What other processes may come to see: no pointer in it is valid in one process only. */
struct dev_data {
	char name[ACCEL_NAME_MAX];
	char driver[ACCEL_NAME_MAX];
	uint16_t dev_id;
	uint16_t nb_qps;
	uint32_t deadline_us;
	int socket;
	enum accel_dev_state state;
};

/** Interrupts that are watched: ERR and REQ. */
#define WATCHES 2

/** What the control thread watches of a device; see watch.h. */
struct watch {
	bool on;
	int fds[WATCHES]; /* eventfds, or -1 */
};

/** Ops of the service queue pair, see transfer.h; a power of two. */
#define SERVICE_OPS 8

struct service {
	struct accel_op ops[SERVICE_OPS];
	struct accel_op *idle[SERVICE_OPS]; /* those that are not in flight */
	unsigned int nb_idle;
	uint64_t turn;        /* in user_data, to tell the ops of each round */
};

struct bank {
	uint64_t base;
	uint64_t len;
	void *va; /* where the host reaches it, or NULL */
	struct buf_block *block; /* of that; else NULL */
	struct addrspace *space;
	struct addrspace *bufs; /* of the same addresses; the first of each buffer's is live in it */
};

struct accel_dev_internal {
	pthread_mutex_t lock; /* of control calls; members without another remark */
	uint32_t waiting;     /* for the lock; atomic */
	uint32_t entries;     /* how often it was had; atomic, may wrap */
	bool taken;           /* under the registry's lock: open, or being probed or closed */
	bool open;            /* under both locks */
	struct accel_dev dev;
	struct accel_driver *driver;
	bool explained;       /* the driver logged since its call began */
	bool was_reset;       /* by its bus, in the reset that is under way */
	unsigned int process; /* dev_process() of the probe */
	uint32_t serial;      /* of the probe, never twice the same for a dev_id; atomic */
	struct watch watch;   /* under the lock of watch.c */
	pthread_mutex_t health_lock; /* of the next ones, bus mastering, and the entry in accel_fps */
	enum accel_dev_health health; /* read without a lock */
	enum accel_dev_state fp_state; /* data.state as of the last fp_set() */
	bool fp_lent;         /* lends_service as of then */
	uint32_t turns;       /* to an error and back since the probe */
	uint32_t told;        /* of those, told to the application */
	bool resetting;
	bool quiet;           /* atomic: not ready, and it writes to no memory any more */
	struct dev_data data;
	struct spec spec;
	struct bus_dev *bus;
	struct space *space;
	struct space *usable; /* the same while open; read without a lock by dev_heap() */
	struct iospace *ios;  /* of the space; read without a lock by lookups */
	void *region_va[BUS_REGIONS]; /* mapped for the driver, or NULL */
	uint64_t region_first[BUS_REGIONS]; /* offset of what is mapped */
	size_t region_len[BUS_REGIONS];
	struct accel_dev_info limits; /* as the driver said at probe */
	struct accel_qp *qps[ACCEL_MAX_QPS];
	bool has_service;     /* one more queue pair than the application's */
	bool lends_service;   /* the application's only one is the service's */
	struct service service;
	unsigned int nb_programs;
	struct accel_buf *dma_mem; /* the driver's own, linked by accel_buf::link */
	struct accel_qp_stats base[ACCEL_MAX_QPS]; /* what a reset of the counters took off */
	pthread_mutex_t bank_lock; /* of the books of the banks */
	struct bank *banks;
	uint16_t nb_banks;
	uint16_t nb_afus;
	struct accel_afu_info afus[ACCEL_MAX_AFUS];
};

_Static_assert(ACCEL_MAX_BANKS <= UINT16_MAX, "nb_banks");

extern struct accel_dev_internal dev_slots[ACCEL_MAX_DEVS];

/** Take an unused slot for a name: 0, -EEXIST or -ENOSPC, logged. */
int slot_take(const char *name, struct accel_dev_internal **slot);
/** Call a taken slot by another name: 0, or -EEXIST, logged. */
int slot_rename(struct accel_dev_internal *slot, const char *name);
/** Let the device of a taken slot be found. */
void slot_open(struct accel_dev_internal *slot);
/** Give a slot back. */
void slot_drop(struct accel_dev_internal *slot);

/** The slot of an open device, locked; NULL, and logged, when there is none. */
struct accel_dev_internal *dev_lock(uint16_t dev_id);
/** The same, not logged: for who only asks. */
struct accel_dev_internal *dev_lock_quiet(uint16_t dev_id);
void dev_unlock(struct accel_dev_internal *slot);

/**
 * Close what one probe has opened, see accel_dev_internal::serial; -ENODEV when it is closed
 * already.
 */
int dev_close_probed(uint16_t dev_id, uint32_t serial);

/**
 * Which process this is, among those that fork() made since the library was loaded: parents have
 * less.
 */
unsigned int dev_process(void);

/** The heap of a device; NULL, and logged, when there is none. */
struct heap *dev_heap(uint16_t dev_id);

/** Check the arguments of an allocation, and complete them: 0, or -EINVAL, logged. */
int buf_check_alloc(size_t len, size_t *align, uint32_t *flags, struct accel_buf **buf);

/** Whether the machine has a NUMA node. */
bool dev_socket_exists(int socket);

/** Log that a dev_id names no open device, and return -ENODEV. */
int dev_log_none(uint16_t dev_id);

/** Copy a struct that begins with its size and may be older or newer than ours: 0 or -EINVAL. */
int conf_copy(void *dst, size_t dst_size, const void *src);

/** What accel_dev_info_get() tells of a locked device. */
void dev_info_fill(struct accel_dev_internal *slot, struct accel_dev_info *info);

/** Counters of a queue pair that is set up, since the last reset of them; and reset them. */
void qp_stats_read(const struct accel_dev_internal *slot, uint16_t qp_id,
		struct accel_qp_stats *stats);
void qp_stats_restart(struct accel_dev_internal *slot, uint16_t qp_id);

/** Queue pairs, that of the library among them. */
static inline unsigned int
dev_all_qps(const struct accel_dev_internal *slot)
{
	return slot->data.nb_qps != 0 ? slot->data.nb_qps + (slot->has_service ? 1u : 0u) : 0u;
}

/** Have the driver of a locked device set up a queue pair: 0 or negative errno, logged. */
int dev_setup_qp(struct accel_dev_internal *slot, uint16_t qp_id, const struct accel_qp_conf *conf);

/** Release all queue pairs of a device that is not started. */
void dev_release_qps(struct accel_dev_internal *slot);

/** The bursts of a queue pair that is the library's own. */
uint16_t fp_enqueue(struct accel_dev_internal *slot, uint16_t qp_id, struct accel_op **ops, uint16_t n);
uint16_t fp_dequeue(struct accel_dev_internal *slot, uint16_t qp_id, struct accel_op **ops, uint16_t n);

/** Set the bursts of a device for its state and health. */
void fp_set(struct accel_dev_internal *slot);
/** The same after the health has changed; its lock is held. */
void fp_set_health(struct accel_dev_internal *slot);
/** Whether ops of a device that is not ready may come back; the lock of the health is held. */
void fp_set_quiet(struct accel_dev_internal *slot, bool quiet);

/** Switch bus mastering, which only PCI functions have: 0 or negative errno, logged. */
int dev_set_master(struct accel_dev_internal *slot, bool on);

/** Take back the memory that a driver that let go of its device has not freed. */
void dma_mem_drop(struct accel_dev_internal *slot);

/**
 * Take memory of a bank that the device has for a buffer, and give it back. The device must stay
 * open meanwhile. 0 or negative errno as accel_bank_alloc() and accel_bank_free(), logged. No two
 * buffers share a cache line.
 */
int bank_take(uint16_t dev_id, uint16_t number, uint64_t len, uint64_t align, uint64_t *addr);
int bank_give(uint16_t dev_id, uint16_t number, uint64_t addr);

/** Have a buffer that is a view of a bank found by its address, or no longer: 0 or -ENOMEM. */
int bank_enter(uint16_t dev_id, uint16_t number, const struct accel_buf *buf);
void bank_leave(uint16_t dev_id, uint16_t number, const struct accel_buf *buf);

/** Drop the banks of a device. */
void banks_drop(struct accel_dev_internal *slot);

/** Whether memory of a bank is allocated. */
bool banks_busy(struct accel_dev_internal *slot);

/** Unmap the regions that a driver mapped. */
void regions_drop(struct accel_dev_internal *slot);

/** Find a driver by name, or when name is NULL the one for a device, and count a device of it. */
struct accel_driver *driver_get(const char *bus, const struct bus_id *id, const char *name);
void driver_put(struct accel_driver *driver);

#endif
