/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef ACCEL_DRIVER_H
#define ACCEL_DRIVER_H

/**
 * @file
 * Driver SDK: what a driver needs, inside this project or out of it.
 *
 * A driver is a struct accel_driver and ACCEL_DRIVER_REGISTER(). Built as a shared object that is
 * linked with the shared library, EAL's option -d loads it. It is called for a device whose PCI id
 * it lists, or for a spec that names it (driver=NAME). It does not know how the device is reached:
 * registers and interrupts are in <acceldev/accel_mmio.h>, and the same driver runs on a device
 * model and on hardware.
 *
 * The library checks arguments and states before it calls a driver, and holds the device's lock
 * during every call except the bursts, so a driver sees one control call at a time and may allocate
 * from EAL in it. A driver never exits, aborts or asserts on what a device does.
 *
 * Contract of the bursts: see accel_op.h. They are called with the driver's queue pair by one
 * thread at a time, and never while a control call runs on the same device. enqueue takes ops in
 * order until the queue pair is full, and returns how many; every op it took, dequeue returns once,
 * in the order of enqueue, with accel_op::status set. After accel_dev_ops::stop dequeue returns
 * what is left, unfinished ops with ACCEL_STATUS_ABORTED.
 *
 * Removal and errors (see accel_event.h) come at any time, also during a call of the driver: bus
 * mastering is off then, registers may read all ones, and the driver's enqueue is called no more. A
 * driver offers accel_dev_ops::qp_abort, and ends its waiting early by accel_dev_health_get(). One
 * whose device does not tell whether a transfer was whole looks at the health after it has seen the
 * end: if that says ready, bus mastering was on until then.
 */

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <rte_log.h>

#include <acceldev/accel_buf.h>
#include <acceldev/accel_dev.h>
#include <acceldev/accel_op.h>
#include <acceldev/accel_program.h>
#include <acceldev/accel_xstats.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Version of everything in this header; a driver built for another one is refused. */
#define ACCEL_DRIVER_ABI 4

struct accel_dev;

/**
 * Head of every queue pair: a driver embeds it as the first member of its own. The driver's bursts
 * keep the counters with accel_qp_count(); the rest is the library's.
 */
struct accel_qp {
	struct accel_qp_stats stats; /**< written by the queue pair's thread only */
	struct accel_dev *dev;       /**< set once accel_dev_ops::qp_setup has returned */
};

/** Add to a counter that one thread writes and any thread may read. */
static inline void
accel_qp_count(uint64_t *counter, uint64_t n)
{
	__atomic_store_n(counter, *counter + n, __ATOMIC_RELAXED);
}

/** A program, as its driver sees it. */
struct accel_program {
	void *link;            /**< private to the library */
	uint32_t state;        /**< private to the library */
	uint16_t dev_id;
	unsigned int nb_instances; /**< private to the library */
	void *priv;            /**< the driver's */
	struct accel_tensor_info *tensors; /**< the driver's: inputs, then outputs */
	unsigned int nb_tensors; /**< up to ACCEL_MAX_TENSORS */
	unsigned int nb_inputs;
	uint64_t constant_bytes;
	uint64_t scratch_bytes;
	uint64_t runs;         /**< counted by accel_run_end() */
	uint64_t errors;
	uint64_t cycles;
};

/** Tensors of a program, at most. */
#define ACCEL_MAX_TENSORS 256

/** An instance of a program, as its driver sees it. */
struct accel_instance {
	void *link;            /**< private to the library */
	uint32_t state;        /**< private to the library */
	uint32_t cancelled;    /**< private to the library */
	struct accel_program *program;
	void *priv;            /**< the driver's */
	uint64_t bound[ACCEL_MAX_TENSORS / 64]; /**< private to the library */
	unsigned int nb_bound; /**< private to the library */
};

/** Control operations of a driver whose device runs programs. None may be NULL. */
struct accel_program_ops {
	/**
	 * Load an image: set priv, tensors with all but reserved, their numbers, constant_bytes and
	 * scratch_bytes. 0, or negative errno, logged for what is wrong with the image, and nothing
	 * remains.
	 */
	int (*load)(struct accel_dev *dev, const void *image, size_t len,
			struct accel_program *program);
	/** Free a program that has no instances. */
	void (*unload)(struct accel_dev *dev, struct accel_program *program);
	/** Make an instance: set priv. 0 or negative errno. */
	int (*create)(struct accel_dev *dev, struct accel_instance *instance);
	/** Free an instance that is not in flight. */
	void (*destroy)(struct accel_dev *dev, struct accel_instance *instance);
	/**
	 * Say where a tensor of an instance that is not in flight lies. The device reaches it, and
	 * it is aligned. 0, or negative errno and it lies where it was.
	 */
	int (*bind)(struct accel_dev *dev, struct accel_instance *instance, unsigned int n,
			uint64_t iova);
};

/** Control operations of a driver. NULL members end a probe with -EPROTO unless said otherwise. */
struct accel_dev_ops {
	/**
	 * Fill in what the driver knows: max_qps, min_depth, max_depth, op_types, max_op_len; or
	 * nothing, when registers and buffers are all that its device has. The rest is the
	 * library's. Called once, after probe.
	 */
	void (*info_get)(struct accel_dev *dev, struct accel_dev_info *info);
	/**
	 * A new configuration; 0 or negative errno. deadline_us is in accel_dev_deadline_us(). May
	 * be NULL where nothing depends on it.
	 */
	int (*configure)(struct accel_dev *dev, const struct accel_dev_conf *conf);
	/**
	 * Make a queue pair.
	 *
	 * @param conf  depth and socket are filled in, and within what info_get said
	 * @param[out] qp  the driver's, beginning with struct accel_qp zeroed
	 * @return 0 or negative errno
	 */
	int (*qp_setup)(struct accel_dev *dev, uint16_t qp_id, const struct accel_qp_conf *conf,
			struct accel_qp **qp);
	/** Free a queue pair; ops left in it are dropped. */
	void (*qp_release)(struct accel_dev *dev, struct accel_qp *qp);
	/** Begin taking ops, with all queue pairs empty; 0 or negative errno. */
	int (*start)(struct accel_dev *dev);
	/**
	 * End what is in flight; 0 or negative errno, stopped in both cases. No memory of an op is
	 * touched afterwards.
	 */
	int (*stop)(struct accel_dev *dev);
	/**
	 * Make a device that is not started ready for start again, after the library has reset it
	 * through its bus (FLR, hot reset) where that can do it: registers are as after power-on
	 * then. accel_dev_was_reset() tells; where it says no, quiet the device by its registers.
	 * The health is what it was, so after an error it says so until this has returned. Ops that
	 * were not dequeued come back as ABORTED. 0, or -ENOTSUP where there is none, or negative
	 * errno. NULL: a reset of the bus is all there is.
	 */
	int (*reset)(struct accel_dev *dev);
	/**
	 * Finish what is in flight in a queue pair with this status, without a look at the device,
	 * which has failed or is gone; dequeue returns it next. Called by the thread of the queue
	 * pair, before each dequeue as long as the device is not ready. NULL: ops come back only
	 * after stop.
	 */
	void (*qp_abort)(struct accel_dev *dev, struct accel_qp *qp, enum accel_status status);
	/**
	 * Statistics of the driver's own; may be NULL. Their number, order and names stay the same
	 * while the device is open, and the names begin with the driver's, see accel_xstats.h.
	 *
	 * @param[out] names,values  n elements each, zeroed; either may be NULL
	 * @return how many the driver has, up to ACCEL_XSTATS_DRIVER_MAX
	 */
	int (*xstats)(struct accel_dev *dev, struct accel_xstat_name *names, uint64_t *values,
			unsigned int n);
	/** For a device that runs programs; may be NULL. */
	const struct accel_program_ops *program;
};

/** PCI identity of a function. */
struct accel_id {
	uint16_t vendor;
	uint16_t device;
};

/** A driver. Lives as long as the process or until accel_driver_unregister(). */
struct accel_driver {
	uint32_t abi;     /**< ACCEL_DRIVER_ABI */
	const char *name; /**< unique; letters, digits, '-' and '_' */
	const char *bus;  /**< "soft" for a device without registers; NULL for one with ids */
	const struct accel_id *ids; /**< PCI functions it drives, ending with vendor 0; or NULL */
	uint8_t dma_bits; /**< width of the addresses that the device can emit; 0: 64 */
	/**
	 * All memory for the device lies in one window of 2^dma_window_bits bytes, aligned to its
	 * size: 20 to 63, or 0 for none. Buffers and imports get IOVAs in it; memory whose IOVA is
	 * given, such as EAL's, is refused with -ERANGE outside it. accel_dev_info::iova_first
	 * tells the window. The devices of a shared I/O space have one.
	 */
	uint8_t dma_window_bits;
	const char *const *keys; /**< spec keys it knows, ending with NULL; may be NULL */
	/**
	 * Take a device: set accel_dev::ops, enqueue, dequeue and priv, add banks. On failure
	 * nothing may remain; the library drops the banks.
	 *
	 * Bus mastering is off, so that what an earlier owner left running reaches no memory: quiet
	 * the device first. It is on after probe; who needs DMA in it calls accel_dev_bus_master().
	 *
	 * @return 0 or negative errno
	 */
	int (*probe)(struct accel_dev *dev);
	/** Let go of a device: its queue pairs are released already. May be NULL. */
	void (*remove)(struct accel_dev *dev);
	struct accel_driver *next; /**< the library's */
	unsigned int nb_devs;      /**< the library's */
};

/** What a driver sees of a device. */
struct accel_dev {
	const struct accel_dev_ops *ops; /**< set by the driver in probe */
	accel_burst_t enqueue;           /**< set by the driver in probe */
	accel_burst_t dequeue;           /**< set by the driver in probe */
	void *priv;                      /**< the driver's */
	const struct accel_driver *driver;
	uint16_t dev_id;
	int socket;                      /**< NUMA node for its memory; SOCKET_ID_ANY when unknown */
	const char *name;                /**< BUS:ADDRESS */
	struct accel_dev_internal *internal;
};

/**
 * Register a driver. Any thread, also before EAL is initialised.
 *
 * @retval 0 success
 * @retval -EINVAL a member that must be set is not, or the name has a bad character
 * @retval -EPROTO built for another ACCEL_DRIVER_ABI
 * @retval -EEXIST a driver of that name is registered
 */
int accel_driver_register(struct accel_driver *driver);

/**
 * Unregister a driver, before its code is unloaded.
 *
 * @retval 0 success
 * @retval -ENOENT not registered
 * @retval -EBUSY it drives an open device
 */
int accel_driver_unregister(struct accel_driver *driver);

/** Register a driver when its object is loaded. */
#define ACCEL_DRIVER_REGISTER(driver)                                                              \
	static void __attribute__((constructor, used)) accel_register_##driver(void)               \
	{                                                                                          \
		(void)accel_driver_register(&(driver));                                            \
	}                                                                                          \
	static void __attribute__((destructor, used)) accel_unregister_##driver(void)              \
	{                                                                                          \
		(void)accel_driver_unregister(&(driver));                                          \
	}

/**
 * Value of a key in the device's spec, until the device is closed.
 *
 * @return NULL when the spec does not have it
 */
const char *accel_dev_arg(const struct accel_dev *dev, const char *key);

/**
 * Unsigned number of a key in the device's spec: decimal or 0x..., with an optional suffix K, M, G
 * or T (powers of 1024).
 *
 * @param min,max  both inclusive
 * @param[in,out] value  its default, kept when the spec does not have the key
 * @retval 0 success
 * @retval -EINVAL not a number or out of range, and logged; value is untouched
 */
int accel_dev_arg_u64(const struct accel_dev *dev, const char *key, uint64_t min, uint64_t max,
		uint64_t *value);

/**
 * Add the next bank, in probe.
 *
 * @param base,len  its device addresses; len not 0, base + len not over 2^64
 * @return number of the bank
 * @retval -EINVAL as said
 * @retval -ENOSPC ACCEL_MAX_BANKS there are
 * @retval -ENOMEM no memory
 */
int accel_dev_add_bank(struct accel_dev *dev, uint64_t base, uint64_t len);

/**
 * Tell that the host reaches a bank itself, in probe. Buffers in the bank are then views of it and
 * need no copies. Other banks of a device that has them are reached through copy ops on one more
 * queue pair than the application asked for, which the driver is told of as of any:
 * accel_dev_conf::nb_qps of its configure counts it.
 *
 * @param va  of the bank's first byte, a multiple of 4096, until the driver's remove returns.
 *            Buffers can be had at the alignments that both va and the bank's base have.
 * @retval 0 success
 * @retval -EINVAL no such bank, it is mapped already, or va is NULL or no multiple of 4096
 * @retval -ENOMEM no memory for the books
 */
int accel_dev_map_bank(struct accel_dev *dev, uint16_t bank, void *va);

/**
 * Whether a device can be worked with. Any thread, takes no lock. What waits for a register looks
 * here too: the registers of a device that is gone read all ones.
 */
enum accel_dev_health accel_dev_health_get(const struct accel_dev *dev);

/**
 * A driver found its device to fail: as if the device had reported an error, see accel_event.h. Any
 * thread, also in a burst.
 */
void accel_dev_report_error(struct accel_dev *dev);

/** Whether the bus has reset the device; for accel_dev_ops::reset. */
bool accel_dev_was_reset(const struct accel_dev *dev);

/** Deadline of ops in microseconds as configured, 0 when not. */
uint32_t accel_dev_deadline_us(const struct accel_dev *dev);

/** The device may read. */
#define ACCEL_DMA_READ  1u
/** The device may write. */
#define ACCEL_DMA_WRITE 2u

/**
 * Allocate memory of the driver's own for its device: rings, completion records. As
 * accel_buf_alloc(), but also in probe, and it does not keep the application from closing the
 * device. What the driver has not freed when its remove returns, or its probe failed, is taken back
 * and logged. To be called in probe and in control calls, never in a burst.
 *
 * @param len,align,flags,buf  as accel_buf_alloc()
 * @retval 0 success
 * @return negative errno as accel_buf_alloc(), logged
 */
int accel_dev_dma_alloc(struct accel_dev *dev, size_t len, size_t align, uint32_t flags,
		struct accel_buf **buf);

/** Free memory from accel_dev_dma_alloc() of the same device. NULL is a no-op. */
void accel_dev_dma_free(struct accel_dev *dev, struct accel_buf *buf);

/**
 * Find the memory behind IOVAs, for a device that is software: what an IOMMU does. Takes no lock.
 *
 * @param iova,len  what the device accesses; len not 0
 * @param access    ACCEL_DMA_*
 * @param[out] va   where the host reaches it
 * @retval 0 success
 * @retval -EFAULT some byte is not mapped
 * @retval -EACCES mapped, but not for this access
 */
int accel_dma_translate(const struct accel_dev *dev, uint64_t iova, uint64_t len,
		unsigned int access, void **va);

/** Status of an op whose translation failed with this error. */
static inline enum accel_status
accel_dma_status(int err)
{
	return err == -EACCES ? ACCEL_STATUS_PERMISSION : ACCEL_STATUS_BAD_ADDRESS;
}

/**
 * The instance that an ACCEL_OP_RUN names, in flight from now on until accel_run_end(). In a burst.
 *
 * @return NULL when it is none of this device, a tensor of it is not bound, or it is in flight:
 *         such an op ends with ACCEL_STATUS_INVALID
 */
struct accel_instance *accel_run_begin(const struct accel_dev *dev, const struct accel_op *op);

/**
 * An instance is no longer in flight. Counted as error when status is not ACCEL_STATUS_SUCCESS.
 *
 * @param cycles  of the device that it took
 */
void accel_run_end(struct accel_instance *instance, enum accel_status status, uint64_t cycles);

/** Whether accel_instance_cancel() was called for an instance that is in flight. In a burst. */
bool accel_run_cancelled(const struct accel_instance *instance);

/**
 * The addresses that the device's memory lies in, first to last; see accel_driver::dma_window_bits.
 */
void accel_dev_dma_window(const struct accel_dev *dev, uint64_t *first, uint64_t *last);

/** One remembered translation, for one kind of access: a run of addresses at one distance. */
struct accel_dma_entry {
	uint64_t first;      /**< lowest IOVA */
	uint64_t len;        /**< bytes; 0 when empty */
	uint64_t delta;      /**< add to an IOVA for the virtual address, modulo 2^64 */
};

/**
 * Translations that a software device remembers, as a device's TLB does: one per queue pair, used
 * by one thread. Zeroed is empty.
 */
struct accel_dma_tlb {
	const uint64_t *generation; /**< the I/O space's count of removals */
	uint64_t seen;
	struct accel_dma_entry src; /**< for ACCEL_DMA_READ */
	struct accel_dma_entry dst; /**< for ACCEL_DMA_WRITE */
};

/** Bind a TLB to a device, empty. */
void accel_dma_tlb_init(struct accel_dma_tlb *tlb, const struct accel_dev *dev);

/** Forget what was unmapped meanwhile. To be called at the begin of each burst. */
static inline void
accel_dma_tlb_sync(struct accel_dma_tlb *tlb)
{
	uint64_t now = __atomic_load_n(tlb->generation, __ATOMIC_ACQUIRE);

	if (__builtin_expect(now != tlb->seen, 0)) {
		tlb->seen = now;
		tlb->src.len = 0;
		tlb->dst.len = 0;
	}
}

/** Slow path of accel_dma_va(): translate and remember. */
int accel_dma_tlb_miss(const struct accel_dev *dev, struct accel_dma_entry *entry, uint64_t iova,
		uint64_t len, unsigned int access, void **va);

/** accel_dma_translate() through an entry of a TLB, which is used with one value of access only. */
static inline int
accel_dma_va(const struct accel_dev *dev, struct accel_dma_entry *entry, uint64_t iova,
		uint64_t len, unsigned int access, void **va)
{
	uint64_t off = iova - entry->first;

	if (__builtin_expect(off < entry->len && len - 1 < entry->len - off, 1)) {
		*va = (void *)(uintptr_t)(iova + entry->delta);
		return 0;
	}
	return accel_dma_tlb_miss(dev, entry, iova, len, access, va);
}

/**
 * Log one line about a device, of type "acceldev.driver". What a driver says while one of its calls
 * fails stands for the library's own line about the failure.
 *
 * @param level  RTE_LOG_*
 */
void accel_dev_log(const struct accel_dev *dev, uint32_t level, const char *fmt, ...)
		__attribute__((format(printf, 3, 4)));

/** The same, with the level by its name: ACCEL_DEV_LOG(ERR, dev, "what", ...). No newline. */
#define ACCEL_DEV_LOG(level, dev, fmt, ...)                                                        \
	accel_dev_log((dev), RTE_LOG_##level, fmt, ##__VA_ARGS__)

#ifdef __cplusplus
}
#endif

#endif
