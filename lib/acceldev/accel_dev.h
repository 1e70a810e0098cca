/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef ACCEL_DEV_H
#define ACCEL_DEV_H

/**
 * @file
 * Devices: from a spec to a running queue pair.
 *
 * Lifecycle: accel_dev_probe() -> accel_dev_configure() -> accel_qp_setup() for each queue pair ->
 * accel_dev_start() -> bursts -> accel_dev_stop() -> accel_dev_close(). A stopped device can be
 * configured or started again. Buffers, pools and bank memory live from probe to close.
 *
 * Threads: control calls may come from any thread. Those on one device exclude each other by a lock
 * of that device; those on different devices run side by side. The lock of a device is held while
 * its driver allocates EAL memory, therefore a callback on EAL's memory events must not make
 * control calls. No other lock of the library is held across an EAL allocation or free; the order
 * is EAL's memory lock, then the lock of an I/O space, which is a leaf.
 *
 * Errors: functions returning int return 0 (or a value that is not negative) on success and a
 * negative errno on failure; accel_strerror() tells it in words. A failed call has logged one line
 * with the object, the cause and the remedy, and changed nothing; only questions that may well be
 * answered with no, look-ups and the end of an iteration, log nothing. Functions never exit, abort
 * or assert on input, and errno carries nothing. A dev_id that names no device gives -ENODEV
 * everywhere.
 *
 * ABI: structs that go in begin with their size, so that they can grow; set it to sizeof.
 *
 * EAL must be initialised (rte_eal_init()) before a device is probed. Close the devices before
 * rte_eal_cleanup(); after it nothing here may be called, which cannot be detected.
 *
 * Processes: after fork() a child must not call this library, nor touch a buffer, until it has
 * called exec; most of the memory is not even mapped in it, so that it cannot disturb what a device
 * does. Descriptors are closed on exec.
 */

#include <stddef.h>
#include <stdint.h>

#include <acceldev/accel_op.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ACCEL_NAME_MAX 64      /**< spec without its keys, with the final 0 */
#define ACCEL_MAX_QPS  256     /**< queue pairs of a device, at most */
#define ACCEL_MAX_BANKS 256    /**< banks of a device, at most */

/** State of a device. */
enum accel_dev_state {
	ACCEL_DEV_PROBED,     /**< known; buffers can be allocated */
	ACCEL_DEV_CONFIGURED, /**< number of queue pairs set */
	ACCEL_DEV_STARTED,    /**< takes ops */
	ACCEL_DEV_STOPPED,    /**< returns what was in flight, takes nothing */
};

/**
 * Whether a device can be worked with, whatever its state. It changes without a call of the
 * application; <acceldev/accel_event.h> tells of it.
 */
enum accel_dev_health {
	ACCEL_DEV_READY,    /**< as far as is known */
	ACCEL_DEV_ERROR,    /**< it reported an error: accel_dev_reset() makes it ready again */
	ACCEL_DEV_REMOVING, /**< the kernel wants it back; registers still answer */
	ACCEL_DEV_GONE,     /**< not there any more: close it */
};

/** Bit of accel_dev_info::op_types for a type. */
#define ACCEL_OP_BIT(type) (1u << (type))

/** How IOVAs of a device are chosen. */
enum accel_iova_mode {
	ACCEL_IOVA_VA,    /**< IOVA = virtual address wherever that fits, else allocated */
	ACCEL_IOVA_ALLOC, /**< allocated */
};

/** PCI identity; all 0 on a bus without it. */
struct accel_pci_id {
	uint16_t vendor;
	uint16_t device;
	uint16_t subsystem_vendor;
	uint16_t subsystem_device;
};

/** What is known about a device. */
struct accel_dev_info {
	char name[ACCEL_NAME_MAX];    /**< BUS:ADDRESS */
	char driver[ACCEL_NAME_MAX];  /**< name of its driver */
	enum accel_dev_state state;
	int socket;                   /**< NUMA node, or SOCKET_ID_ANY (-1) */
	uint16_t max_qps;             /**< queue pairs it can have */
	uint16_t nb_qps;              /**< queue pairs configured; 0 before */
	uint16_t min_depth;           /**< ops per queue pair, power of two */
	uint16_t max_depth;           /**< ops per queue pair, power of two */
	uint16_t nb_banks;
	uint32_t op_types;            /**< ACCEL_OP_BIT() of the types it offers */
	uint64_t max_op_len;          /**< bytes of one op, at most */
	enum accel_iova_mode iova_mode;
	uint64_t iova_first;          /**< lowest IOVA it can be given */
	uint64_t iova_last;           /**< highest IOVA it can be given */
	uint64_t page_sizes;          /**< bit mask of the page sizes of its I/O space */
	uint32_t maps;                /**< entries used in its I/O space */
	uint32_t maps_left;           /**< entries left; UINT32_MAX means no limit is known */
	uint64_t mapped_bytes;        /**< memory it can reach */
	uint32_t live_bufs;           /**< buffers allocated or imported and not freed */
	enum accel_dev_health health;
	uint16_t nb_afus;             /**< see accel_afu.h */
	uint16_t reserved0;
	struct accel_pci_id pci_id;
	uint64_t eal_bytes;           /**< of EAL's heap that are mapped by accel_dev_map_eal() */
	uint64_t eal_missed;          /**< bytes of it that could not be mapped when they came */
	uint64_t reserved[4];
};

/** For accel_dev_configure(). */
struct accel_dev_conf {
	size_t size;          /**< sizeof(struct accel_dev_conf) */
	uint16_t nb_qps;      /**< 1 to accel_dev_info::max_qps */
	uint32_t deadline_us; /**< microseconds from enqueue until an op is given up; 0: the driver's
			       *   default, which is never unlimited on hardware, and may count
			       *   from the moment that the device begins with the op */
};

/** For accel_qp_setup(). */
struct accel_qp_conf {
	size_t size;    /**< sizeof(struct accel_qp_conf) */
	uint16_t depth; /**< ops that can be in flight: a power of two within min_depth and
			 *   max_depth; 0: the driver's default */
	int socket;     /**< NUMA node of the queue pair's memory; SOCKET_ID_ANY (-1): the device's */
};

/** Counters of one queue pair since its setup or the last reset. */
struct accel_qp_stats {
	uint64_t enqueued; /**< ops taken */
	uint64_t dequeued; /**< ops given back */
	uint64_t errors;   /**< of those, with a status other than success */
	uint64_t bytes;    /**< sum of the lengths of those with success; a RUN has none */
	uint64_t rejected; /**< ops offered and not taken because the queue pair was full */
	uint64_t reserved[3];
};

/**
 * Find a device, bind its driver and make its I/O space.
 *
 * @param spec  BUS:ADDRESS[,key=value...]. Buses: soft (no registers, software in this process),
 *              sim (a device model in this process), pci (a function bound to vfio-pci); for
 *              example "soft:0,banks=2,bank_size=64M", "sim:edu", "pci:0000:03:00.0". Every driver,
 *              bus and model documents its keys; known to all are driver=NAME (take this driver),
 *              socket=N (NUMA node of memory and queues), mem=memzone|hugetlb|memfd (where buffers
 *              come from, without falling back), dma_bits=N (width of the device's addresses, 20 to
 *              64), iova=va|alloc (how IOVAs are chosen), iospace=NAME (share an I/O space with
 *              other devices)
 * @return dev_id, 0 to ACCEL_MAX_DEVS - 1
 * @retval -EINVAL spec is NULL, malformed, or has an unknown or repeated key or a bad value
 * @retval -ENODEV no such bus or device, not usable through VFIO, or EAL is not initialised; the
 *         log tells which
 * @retval -ENOENT no driver for it, or none of the name that driver= gives
 * @retval -EEXIST the device is probed already
 * @retval -EACCES no permission on its VFIO node, or a VF token is needed
 * @retval -EBUSY in use by another process or by a DPDK driver, or its IOMMU group is in another
 *         I/O space
 * @retval -ERANGE the I/O space has no address that the device can emit
 * @retval -ENOSPC ACCEL_MAX_DEVS devices are open
 * @retval -ENOMEM no memory
 * @retval -EPROTO the driver left out what it must set
 * @return other negative errno from the driver
 */
int accel_dev_probe(const char *spec);

/**
 * Number of open devices. Any thread.
 */
uint16_t accel_dev_count(void);

/**
 * The first open device at or above a dev_id, to iterate: start with 0, continue with the result
 * plus one. Any thread.
 *
 * @return dev_id
 * @retval -ENODEV no further device
 */
int accel_dev_next(uint16_t dev_id);

/**
 * The device of that BUS:ADDRESS. Any thread.
 *
 * @return dev_id
 * @retval -EINVAL name is NULL
 * @retval -ENODEV not open
 */
int accel_dev_by_name(const char *name);

/**
 * Tell what is known about a device. Any thread.
 *
 * @retval 0 success
 * @retval -EINVAL info is NULL
 * @retval -ENODEV no such device
 */
int accel_dev_info_get(uint16_t dev_id, struct accel_dev_info *info);

/**
 * NUMA node of the device, as everywhere in DPDK.
 *
 * @return node, SOCKET_ID_ANY (-1) when unknown or when there is no such device
 */
int accel_dev_socket_id(uint16_t dev_id);

/**
 * Set the number of queue pairs. Queue pairs of an earlier configuration are released; ops that
 * were still in them are lost to the library and belong to the application again.
 *
 * @retval 0 success
 * @retval -EINVAL conf is NULL, its size is wrong, or nb_qps out of range
 * @retval -ENODEV no such device, or it was removed: close it
 * @retval -EBUSY the device is started
 * @retval -ENOTSUP the device has no queue pairs: it is used through its registers
 * @retval -ENOMEM no memory
 * @return other negative errno from the driver
 */
int accel_dev_configure(uint16_t dev_id, const struct accel_dev_conf *conf);

/**
 * Set a queue pair up, or again with another depth.
 *
 * @param conf  NULL: the driver's defaults
 * @retval 0 success
 * @retval -EINVAL qp_id, depth or socket out of range, depth not a power of two, or conf's size is
 *         wrong
 * @retval -ENODEV no such device, or it was removed: close it
 * @retval -EPERM the device is not configured
 * @retval -EBUSY the device is started
 * @retval -ENOMEM no memory
 * @return other negative errno from the driver
 */
int accel_qp_setup(uint16_t dev_id, uint16_t qp_id, const struct accel_qp_conf *conf);

/**
 * Start taking ops. What an earlier run left undequeued is dropped and belongs to the application.
 *
 * @retval 0 success
 * @retval -ENODEV no such device, or it was removed: close it
 * @retval -EIO it reported an error: reset it first
 * @retval -EPERM not configured, or a queue pair is not set up
 * @retval -EALREADY started already
 * @return other negative errno from the driver
 */
int accel_dev_start(uint16_t dev_id);

/**
 * Stop taking ops and end what is in flight: it can be dequeued, see accel_op.h. On return the
 * device touches no memory of any op.
 *
 * @retval 0 success
 * @retval -ENODEV no such device
 * @retval -EALREADY not started
 * @return other negative errno from the driver, with the device stopped all the same
 */
int accel_dev_stop(uint16_t dev_id);

/**
 * Reset a device that is not started, also one that reported an error, which is ready again then.
 * The function is reset through its bus where that can do it: by itself (FLR), or with its bus (hot
 * reset), when all functions that would be reset with it are in its IOMMU group and none but it is
 * open. Where there is no such reset the driver quiets the device by its registers. Its
 * configuration and queue pairs remain, its counters too; ops not yet dequeued come back as
 * ABORTED.
 *
 * @retval 0 success
 * @retval -ENODEV no such device, or it was removed: close it
 * @retval -EBUSY the device is started
 * @retval -ENOTSUP neither its bus nor its driver has a reset
 * @return other negative errno from the bus or the driver; the device's health is ACCEL_DEV_ERROR
 */
int accel_dev_reset(uint16_t dev_id);

/**
 * Close a device that is not started: queue pairs, arenas and the I/O space go; the dev_id may be
 * given to another device. Ops that were not dequeued belong to the application again. No other
 * thread may be in a call that takes no lock, the bursts and accel_dev_virt2iova(), on this device.
 *
 * @retval 0 success
 * @retval -ENODEV no such device, or closed already
 * @retval -EBUSY started, or buffers, pools or bank memory are live, or allocations live in its EAL
 *         heap (accel_dev_heap_create()); the log says how many
 */
int accel_dev_close(uint16_t dev_id);

/**
 * Counters of a queue pair. Any thread, also while it runs; each counter is read whole, the set is
 * not one instant.
 *
 * @retval 0 success
 * @retval -EINVAL stats is NULL or qp_id out of range
 * @retval -ENODEV no such device
 * @retval -EPERM the queue pair is not set up
 */
int accel_qp_stats_get(uint16_t dev_id, uint16_t qp_id, struct accel_qp_stats *stats);

/**
 * Count from zero again. Any thread, also while the queue pair runs.
 *
 * @retval 0, -EINVAL, -ENODEV, -EPERM as accel_qp_stats_get()
 */
int accel_qp_stats_reset(uint16_t dev_id, uint16_t qp_id);

/** One entry of the device's I/O space. */
struct accel_map {
	void *va;
	uint64_t iova;
	uint64_t len;  /**< bytes */
	int readable;  /**< the device may read it */
	int writable;  /**< the device may write it */
	uint64_t reserved[4];
};

/**
 * Iterate over what the device can reach: the first entry whose last byte is at or above an IOVA.
 * Continue with map.iova + map.len. Any thread; entries may come and go between two calls.
 *
 * @retval 0 success
 * @retval -EINVAL map is NULL
 * @retval -ENODEV no such device
 * @retval -ENOENT no further entry
 */
int accel_dev_map_next(uint16_t dev_id, uint64_t iova, struct accel_map *map);

/**
 * IOVA of memory the device can reach: any part of a buffer, arena or import. Any thread; takes no
 * lock and makes no system call.
 *
 * @param va    first byte
 * @param len   bytes, not 0; all of them must be reachable and lie together in IOVA space too
 * @param[out] iova  untouched on failure
 * @retval 0 success
 * @retval -EINVAL iova is NULL, len is 0 or wraps
 * @retval -ENODEV no such device
 * @retval -ENOENT not reachable; not logged, since a lookup may well be a question
 */
int accel_dev_virt2iova(uint16_t dev_id, const void *va, size_t len, uint64_t *iova);

/**
 * Text for a negative errno, as this library means it.
 *
 * @return a constant string; any thread
 */
const char *accel_strerror(int err);

#ifdef __cplusplus
}
#endif

#endif
