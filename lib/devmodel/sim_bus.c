/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <eal_glue/bus.h>
#include <eal_glue/glue_log.h>

#include "instance.h"
#include "sim_iommu.h"

/* The bus "sim": instances of device models in this process. */

static pthread_mutex_t instances_lock = PTHREAD_MUTEX_INITIALIZER;
static struct devmodel *instances;

static struct devmodel *
host_of(struct bus_dev *dev)
{
	return (struct devmodel *)dev;
}

static int
sim_attach(struct bus_dev *dev, const struct bus_attach_conf *conf, struct iospace **ios)
{
	struct devmodel *host = host_of(dev);
	struct sim_iommu *iommu;
	int ret;

	ret = sim_iommu_attach(conf, host->max_maps, host->iova_bits, ios, &iommu);
	if (ret != 0)
		return ret;
	instance_set_space(host, *ios, iommu);
	return 0;
}

static int
sim_info(struct bus_dev *dev, struct bus_info *info)
{
	info->nb_regions = BUS_REGIONS;
	info->nb_irqs = BUS_IRQS;
	info->has_reset = host_of(dev)->type->has_reset;
	return 0;
}

static int
sim_region_info(struct bus_dev *dev, unsigned int region, struct bus_region_info *info)
{
	memset(info, 0, sizeof(*info));
	if (region >= BUS_REGIONS)
		return -EINVAL;
	if (region <= BUS_REGION_BAR5)
		info->size = host_of(dev)->type->bar_size[region];
	else if (region == BUS_REGION_CONFIG)
		info->size = SIM_CONFIG_SIZE;
	if (info->size != 0)
		info->flags = BUS_REGION_READ | BUS_REGION_WRITE;
	return 0;
}

static int
sim_region_read(struct bus_dev *dev, unsigned int region, uint64_t off, void *data, size_t len)
{
	struct devmodel *host = host_of(dev);

	if (region == BUS_REGION_CONFIG)
		return instance_config_read(host, off, data, len);
	return instance_read(host, region, off, data, len);
}

static int
sim_region_write(struct bus_dev *dev, unsigned int region, uint64_t off, const void *data,
		size_t len)
{
	struct devmodel *host = host_of(dev);

	if (region == BUS_REGION_CONFIG)
		return instance_config_write(host, off, data, len);
	return instance_write(host, region, off, data, len);
}

static int
sim_irq_info(struct bus_dev *dev, enum bus_irq irq, struct bus_irq_info *info)
{
	if ((unsigned int)irq >= BUS_IRQS)
		return -EINVAL;
	info->count = instance_vectors(host_of(dev), irq);
	info->flags = 0;
	return 0;
}

static int
sim_irq_set(struct bus_dev *dev, enum bus_irq irq, unsigned int start, unsigned int n,
		const int *fds)
{
	if ((unsigned int)irq >= BUS_IRQS)
		return -EINVAL;
	return instance_irq_set(host_of(dev), irq, start, n, fds);
}

static int
sim_reset(struct bus_dev *dev)
{
	return instance_reset(host_of(dev));
}

static void
sim_release(struct bus_dev *dev)
{
	instance_release(host_of(dev));
}

static int
sim_detach(struct bus_dev *dev)
{
	instance_set_space(host_of(dev), NULL, NULL);
	return 0;
}

static void
sim_close(struct bus_dev *dev)
{
	struct devmodel *host = host_of(dev);
	struct devmodel_type *type = host->type;
	struct devmodel **at;

	pthread_mutex_lock(&instances_lock);
	for (at = &instances; *at != host; at = &(*at)->next)
		;
	*at = host->next;
	pthread_mutex_unlock(&instances_lock);
	instance_destroy(host);
	devmodel_type_put(type);
}

static const struct bus_ops sim_ops = {
	.attach = sim_attach,
	.info = sim_info,
	.region_info = sim_region_info,
	.region_read = sim_region_read,
	.region_write = sim_region_write,
	.irq_info = sim_irq_info,
	.irq_set = sim_irq_set,
	.reset = sim_reset,
	.release = sim_release,
	.detach = sim_detach,
	.close = sim_close,
};

/*
 * Open
 */

/* MODEL or MODEL.N: the length of MODEL, 0 when it is neither. */
static size_t
model_len(const char *address)
{
	size_t len = strcspn(address, ".");
	const char *n = address + len;

	if (*n == '.' && (n[1] == 0 || n[1 + strspn(n + 1, "0123456789")] != 0))
		return 0;
	return len;
}

static void
fill_bus_dev(struct devmodel *host)
{
	const struct devmodel_id *id = &host->type->id;

	host->bus.ops = &sim_ops;
	host->bus.id = (struct bus_id){ id->vendor, id->device, id->subsystem_vendor,
			id->subsystem_device, id->class_code };
	host->bus.socket = -1;
	host->bus.keys = host->type->keys;
}

static int
sim_open(const char *address, const struct bus_args *args, struct bus_dev **dev)
{
	struct devmodel_type *type = devmodel_type_get(address, model_len(address));
	struct devmodel *host;
	int ret;

	if (type == NULL) {
		ACCEL_LOG(ERR, model, "sim:%s: there is no such device model: check the name, or load the "
				"model with EAL's option -d", address);
		return -ENODEV;
	}
	ret = instance_create(type, address, args, &host);
	if (ret != 0) {
		devmodel_type_put(type);
		return ret;
	}
	fill_bus_dev(host);
	pthread_mutex_lock(&instances_lock);
	host->next = instances;
	instances = host;
	pthread_mutex_unlock(&instances_lock);
	*dev = &host->bus;
	return 0;
}

static const char *const sim_keys[] = { "async", "iova_bits", "maps", NULL };

static struct bus sim_bus = { .name = "sim", .keys = sim_keys, .open = sim_open };

static void __attribute__((constructor))
register_sim(void)
{
	bus_register(&sim_bus);
}

/*
 * Instances by name
 */

/* The lock of the table is held. */
static struct devmodel *
find_instance(const char *name)
{
	struct devmodel *host;

	for (host = instances; host != NULL; host = host->next) {
		if (name != NULL && strcmp(host->bus.name, name) == 0)
			return host;
	}
	return NULL;
}

int64_t
devmodel_faults(const char *name, struct devmodel_fault *last)
{
	struct devmodel *host;
	int64_t n = -ENODEV;

	pthread_mutex_lock(&instances_lock);
	host = find_instance(name);
	if (host != NULL) {
		pthread_mutex_lock(&host->lock);
		n = (int64_t)host->nb_faults;
		if (last != NULL && n > 0)
			*last = host->last_fault;
		pthread_mutex_unlock(&host->lock);
	}
	pthread_mutex_unlock(&instances_lock);
	return n;
}

int
devmodel_inject(const char *name, enum devmodel_event event)
{
	struct devmodel *host;

	if ((unsigned int)event > DEVMODEL_UNPLUG)
		return -EINVAL;
	pthread_mutex_lock(&instances_lock);
	host = find_instance(name);
	if (host != NULL)
		instance_inject(host, event);
	pthread_mutex_unlock(&instances_lock);
	return host != NULL ? 0 : -ENODEV;
}
