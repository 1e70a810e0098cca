/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef BUS_H
#define BUS_H

/**
 * @file
 * A device on a bus, in VFIO's terms: regions, config space, interrupts, reset. Drivers work on
 * this and do not know which bus is behind it.
 *
 * Steps: bus_open() finds the device and tells what it is, without touching it; bus_attach() puts
 * it in an I/O space and makes it usable; bus_close() ends both.
 *
 * Threads: calls on one device are serialised by the caller, except that region reads and writes,
 * and loads and stores to mapped regions, may come from any thread at any time while it is
 * attached, and release too.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <addrspace/addrspace.h>

struct bus_dev;
struct iospace;

/** Regions by number, as VFIO numbers those of PCI. */
enum bus_region {
	BUS_REGION_BAR0 = 0,
	BUS_REGION_BAR5 = 5,
	BUS_REGION_ROM = 6,
	BUS_REGION_CONFIG = 7,
	BUS_REGION_VGA = 8,
	BUS_REGIONS, /**< further ones, which a bus may have, begin here */
};

/** Interrupts by kind, as VFIO numbers those of PCI. */
enum bus_irq {
	BUS_IRQ_INTX,
	BUS_IRQ_MSI,
	BUS_IRQ_MSIX,
	BUS_IRQ_ERR, /**< the device reported an error */
	BUS_IRQ_REQ, /**< the kernel wants the device back: removal */
	BUS_IRQS,
};

/** PCI identity. All zero on a bus without it. */
struct bus_id {
	uint16_t vendor;
	uint16_t device;
	uint16_t subsystem_vendor;
	uint16_t subsystem_device;
	uint32_t class_code; /**< 24 bits */
};

struct bus_info {
	unsigned int nb_regions;
	unsigned int nb_irqs; /**< kinds */
	bool has_reset;
};

#define BUS_REGION_READ  (1u << 0)
#define BUS_REGION_WRITE (1u << 1)
#define BUS_REGION_MMAP  (1u << 2)

struct bus_region_info {
	uint64_t size;      /**< bytes; 0: the device does not have it */
	unsigned int flags; /**< BUS_REGION_* */
	/**
	 * Parts that can be mapped, sorted; the whole region when there is none and MMAP is set.
	 */
	struct addrspace_range *areas; /**< from malloc(); the caller frees it */
	unsigned int nb_areas;
};

/** No resizing of a set of vectors that is in use; see struct bus_irq_info. */
#define BUS_IRQ_NORESIZE (1u << 0)
/** The kernel masks the interrupt when it fires (INTx). */
#define BUS_IRQ_AUTOMASK (1u << 1)

struct bus_irq_info {
	unsigned int count; /**< vectors; 0: the device does not have this kind */
	unsigned int flags;
};

/** What bus_attach() is asked for. */
struct bus_attach_conf {
	const char *name;              /**< of the device, for logs */
	struct addrspace_range window; /**< what the device can address */
	unsigned int window_bits;      /**< of an I/O space that is made: see struct iospace_conf */
	unsigned int window_number;
	bool alloc_iovas;              /**< choose IOVAs even where the virtual address would do */
	struct iospace *shared;        /**< join this one, made by a device on the same bus; or NULL */
};

/**
 * Operations of a device. All but info, region_info, irq_info and close may be NULL where the bus
 * has nothing of the kind, and then fail with -ENOTSUP. Errors are negative errno; what a user can
 * mend is logged where it is found.
 */
struct bus_ops {
	/**
	 * Make the device usable, in an I/O space of its own or in conf->shared; no bus mastering.
	 */
	int (*attach)(struct bus_dev *dev, const struct bus_attach_conf *conf,
			struct iospace **ios);
	int (*info)(struct bus_dev *dev, struct bus_info *info);
	int (*region_info)(struct bus_dev *dev, unsigned int region, struct bus_region_info *info);
	/**
	 * All of len bytes or an error; the width of the access is len where that is 1, 2, 4 or 8.
	 */
	int (*region_read)(struct bus_dev *dev, unsigned int region, uint64_t off, void *data,
			size_t len);
	int (*region_write)(struct bus_dev *dev, unsigned int region, uint64_t off,
			const void *data, size_t len);
	/** Map a page-aligned part that region_info said can be mapped. */
	int (*region_map)(struct bus_dev *dev, unsigned int region, uint64_t off, size_t len,
			void **va);
	/** Unmap what region_map gave. */
	void (*region_unmap)(struct bus_dev *dev, void *va);
	int (*irq_info)(struct bus_dev *dev, enum bus_irq irq, struct bus_irq_info *info);
	/**
	 * Signal vectors start to start + n - 1 on these eventfds; -1 for none. Vectors outside
	 * keep what they have. n 0 with start 0 disables the kind.
	 */
	int (*irq_set)(struct bus_dev *dev, enum bus_irq irq, unsigned int start, unsigned int n,
			const int *fds);
	/**
	 * Reset the function by itself, or, where that cannot be done, together with all those that
	 * are reset with it if nobody uses them. Config space, interrupts and mapped regions
	 * remain. -ENOTSUP: there is no such reset.
	 */
	int (*reset)(struct bus_dev *dev);
	/**
	 * Give the device back to the kernel, though it stays attached: bus_dev::silent is set,
	 * mapped regions read all ones, other accesses fail or read all ones, and every eventfd of
	 * an interrupt is signalled once, so that nobody waits on it for ever. May be NULL.
	 */
	void (*release)(struct bus_dev *dev);
	/** Leave the I/O space, which may be destroyed next; bus mastering is off. May be NULL. */
	int (*detach)(struct bus_dev *dev);
	/** Let go of the device and free; its own I/O space is destroyed by then. */
	void (*close)(struct bus_dev *dev);
};

/** A device; a bus embeds it at the head of its own. */
struct bus_dev {
	const struct bus_ops *ops;
	char name[64];    /**< address on the bus */
	struct bus_id id;
	int socket;       /**< NUMA node, -1 when unknown */
	/**
	 * Registers do not answer: the device is released or gone, or memory access is switched off
	 * in config space. What a load gave is valid only if this is false after it; atomic.
	 */
	bool silent;
	const char *const *keys; /**< of specs, for this device alone; ends with NULL; may be NULL */
};

/** Values of a spec's keys, for a bus that opens a device. */
struct bus_args {
	const char *(*get)(const void *ctx, const char *key); /**< NULL when not there */
	const void *ctx;
};

/** A bus. */
struct bus {
	const char *name;
	const char *const *keys; /**< of specs, ending with NULL; may be NULL */
	/** Find a device: 0 or negative errno, logged. */
	int (*open)(const char *address, const struct bus_args *args, struct bus_dev **dev);
	struct bus *next; /**< the registry's */
};

static inline bool
bus_is_silent(const struct bus_dev *dev)
{
	return __atomic_load_n(&dev->silent, __ATOMIC_ACQUIRE);
}

/** Switch bus mastering of a PCI function on or off: 0 or negative errno. */
int bus_set_master(struct bus_dev *dev, bool on);

/** Register a bus, in a constructor. */
void bus_register(struct bus *bus);

/** Find a bus by name; NULL when there is none. */
const struct bus *bus_find(const char *name);

/** Names of all buses, separated by blanks, for messages. */
void bus_names(char *text, size_t size);

#endif
