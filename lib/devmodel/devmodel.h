/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef DEVMODEL_H
#define DEVMODEL_H

/**
 * @file
 * Device model SDK: behaves like the hardware behind a device's registers. A model is a struct
 * devmodel_type and DEVMODEL_REGISTER(); the spec "sim:NAME" makes an instance of it in this
 * process, "sim:NAME.N" a further one. Built as a shared object, EAL's option -d loads it.
 *
 * The host of a model gives it what a PCI function has: config space, regions, DMA, interrupts. DMA
 * goes through the mapping table of the device's I/O space with its permissions, as through an
 * IOMMU, and only while bus mastering is on.
 *
 * Threads: the host calls a model from one thread at a time, with a lock of the instance held, so a
 * model needs no lock. devmodel_dma_read(), _write(), devmodel_irq() and devmodel_kick() are called
 * from inside those calls. A model never waits; what takes time it does in step().
 *
 * step() runs on a thread of the instance, and once with each register read on the thread that
 * reads, so a read takes as long as a step. The instance's thread rests while another polls
 * registers.
 *
 * Keys that the host knows: async=thread (the default, as told above) or async=access (one step()
 * after each register access and no thread, so that runs repeat exactly); maps=N (entries of the
 * I/O space); iova_bits=N (width of the I/O space).
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Version of everything in this header; a model built for another one is refused. */
#define DEVMODEL_ABI 1

/** BARs of a function. */
#define DEVMODEL_BARS 6

/** An instance, as its model sees the host. */
struct devmodel;

/** PCI identity that config space shows. */
struct devmodel_id {
	uint16_t vendor;
	uint16_t device;
	uint16_t subsystem_vendor;
	uint16_t subsystem_device;
	uint32_t class_code; /**< 24 bits */
	uint8_t revision;
};

/** A model. Lives as long as the process or until devmodel_unregister(). */
struct devmodel_type {
	uint32_t abi;                     /**< DEVMODEL_ABI */
	const char *name;                 /**< unique; letters, digits, '-' and '_' */
	struct devmodel_id id;
	uint64_t bar_size[DEVMODEL_BARS]; /**< bytes, power of two from 16; 0: no such BAR */
	unsigned int nb_msi;              /**< MSI vectors, 0 to 32 */
	unsigned int nb_msix;             /**< MSI-X vectors, 0 to 2048 */
	bool has_reset;                   /**< function-level reset */
	const char *const *keys;          /**< spec keys it knows, ending with NULL; may be NULL */
	/**
	 * Make an instance in the state after power-on.
	 *
	 * @param[out] priv  passed to all other calls
	 * @return 0 or negative errno
	 */
	int (*create)(struct devmodel *host, void **priv);
	/** Free an instance. */
	void (*destroy)(void *priv);
	/**
	 * Read or write a BAR. off and len lie within it; len is 1, 2, 4 or 8 and off a multiple of
	 * it. An access that the hardware does not take returns -EINVAL: reads then give all ones.
	 */
	int (*read)(void *priv, unsigned int bar, uint64_t off, void *data, size_t len);
	int (*write)(void *priv, unsigned int bar, uint64_t off, const void *data, size_t len);
	/** Do a bounded piece of work; true when more is to be done now. NULL: never has any. */
	bool (*step)(void *priv);
	/** Return to the state after power-on. NULL unless has_reset. */
	void (*reset)(void *priv);
	struct devmodel_type *next;       /**< the host's */
	unsigned int nb_instances;        /**< the host's */
};

/**
 * Register a model. Any thread, also before EAL is initialised.
 *
 * @retval 0 success
 * @retval -EINVAL a member is missing or out of range; logged
 * @retval -EPROTO built for another DEVMODEL_ABI; logged
 * @retval -EEXIST a model of that name is registered; logged
 */
int devmodel_register(struct devmodel_type *type);

/**
 * Unregister a model, before its code is unloaded.
 *
 * @retval 0 success
 * @retval -ENOENT not registered
 * @retval -EBUSY an instance is open
 */
int devmodel_unregister(struct devmodel_type *type);

/** Register a model when its object is loaded. */
#define DEVMODEL_REGISTER(type)                                                                    \
	static void __attribute__((constructor, used)) devmodel_register_##type(void)              \
	{                                                                                          \
		(void)devmodel_register(&(type));                                                  \
	}                                                                                          \
	static void __attribute__((destructor, used)) devmodel_unregister_##type(void)             \
	{                                                                                          \
		(void)devmodel_unregister(&(type));                                                \
	}

/**
 * Read host memory at an IOVA.
 *
 * @param[out] data  untouched on failure
 * @retval 0 success
 * @retval -EFAULT a byte is not mapped or not readable, or bus mastering is off: logged and counted
 *         as a fault, and nothing was read
 */
int devmodel_dma_read(struct devmodel *host, uint64_t iova, void *data, size_t len);

/** Write host memory at an IOVA: 0, or -EFAULT as devmodel_dma_read() and nothing was written. */
int devmodel_dma_write(struct devmodel *host, uint64_t iova, const void *data, size_t len);

/**
 * Raise an interrupt: of MSI-X or, where that is not enabled, MSI. Nobody listening is no error.
 */
void devmodel_irq(struct devmodel *host, unsigned int vector);

/**
 * There is work: have step() called soon. Some 0.2 ms may pass where registers were polled a moment
 * ago.
 */
void devmodel_kick(struct devmodel *host);

/** Value of a key in the instance's spec; NULL when it is not there. For create(). */
const char *devmodel_arg(const struct devmodel *host, const char *key);

/**
 * The number that a key in the instance's spec has. For create(), which returns the error.
 *
 * @param[out] value  untouched when the key is not there
 * @retval 0 success
 * @retval -EINVAL it is no number from min to max; logged, and no more is logged of create()
 */
int devmodel_arg_number(struct devmodel *host, const char *key, unsigned int min, unsigned int max,
		unsigned int *value);

/** A DMA access that failed. */
struct devmodel_fault {
	uint64_t iova;
	uint64_t len;
	bool write;
};

/**
 * Faults of an instance since it was opened. Any thread.
 *
 * @param name   address on the bus, as in the spec: "edu" or "edu.1"
 * @param[out] last  the latest one, when there was any; may be NULL
 * @return their number
 * @retval -ENODEV no such instance is open
 */
int64_t devmodel_faults(const char *name, struct devmodel_fault *last);

/** What happens to a function from outside. */
enum devmodel_event {
	DEVMODEL_ERROR,  /**< it reports an error: the ERR interrupt */
	DEVMODEL_REMOVE, /**< the kernel wants it back: the REQ interrupt; it works until given back */
	DEVMODEL_UNPLUG, /**< it is pulled out: no register answers, no DMA; then the REQ interrupt */
};

/**
 * Have something happen to an instance, to test what a driver and an application make of it. Any
 * thread.
 *
 * @param name  address on the bus, as in the spec
 * @retval 0 success
 * @retval -EINVAL no such event
 * @retval -ENODEV no such instance is open
 */
int devmodel_inject(const char *name, enum devmodel_event event);

#ifdef __cplusplus
}
#endif

#endif
