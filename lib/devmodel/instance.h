/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef INSTANCE_H
#define INSTANCE_H

/**
 * @file
 * An instance of a model and the function around it. For lib/devmodel alone.
 */

#include <pthread.h>

#include <eal_glue/bus.h>
#include <eal_glue/iospace.h>

#include "devmodel.h"
#include "sim_config.h"
#include "work.h"

/* The longest chain of vectors of a function. */
#define MAX_VECTORS 2048

struct devmodel {
	struct bus_dev bus;         /* first: the bus hands out a pointer to it */
	struct devmodel *next;      /* of open instances */
	struct devmodel_type *type;
	void *priv;
	const struct bus_args *args; /* while the instance is being made */
	bool explained;              /* why it cannot be made */

	pthread_mutex_t lock;       /* of the model and all that follows */
	struct work work;
	unsigned int max_maps;
	unsigned int iova_bits;

	bool gone;                  /* pulled out, or given back */
	bool wanted;                /* back; by who goes on asking, as the kernel does */
	struct sim_config config;
	int *fds[BUS_IRQS];         /* eventfds by vector; -1 for none */
	struct iospace *ios;        /* NULL before attach */
	struct sim_iommu *iommu;
	uint64_t nb_faults;
	struct devmodel_fault last_fault;
};

/** Make an instance: 0 or negative errno, logged. */
int instance_create(struct devmodel_type *type, const char *name, const struct bus_args *args,
		struct devmodel **host);

/** Stop its work and free it. */
void instance_destroy(struct devmodel *host);

/** Accesses to a BAR by a driver, of any width and length: 0 or -EINVAL. */
int instance_read(struct devmodel *host, unsigned int bar, uint64_t off, void *data, size_t len);
int instance_write(struct devmodel *host, unsigned int bar, uint64_t off, const void *data,
		size_t len);

/** Accesses to config space: 0, -EINVAL or -ENODEV. */
int instance_config_read(struct devmodel *host, uint64_t off, void *data, size_t len);
int instance_config_write(struct devmodel *host, uint64_t off, const void *data, size_t len);

/** As bus_ops::release. */
void instance_release(struct devmodel *host);

/** As devmodel_inject(). */
void instance_inject(struct devmodel *host, enum devmodel_event event);

/** Function-level reset: 0 or -ENOTSUP. */
int instance_reset(struct devmodel *host);

/** Let it reach an I/O space, or none any more when ios is NULL; waits for DMA under way. */
void instance_set_space(struct devmodel *host, struct iospace *ios, struct sim_iommu *iommu);

/** Vectors of a kind. */
unsigned int instance_vectors(const struct devmodel *host, enum bus_irq irq);

/** As bus_ops::irq_set. */
int instance_irq_set(struct devmodel *host, enum bus_irq irq, unsigned int start, unsigned int n,
		const int *fds);

/** Find and count a use of a model; NULL when there is none. */
struct devmodel_type *devmodel_type_get(const char *name, size_t len);
void devmodel_type_put(struct devmodel_type *type);

#endif
