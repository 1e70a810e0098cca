/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <eal_glue/glue_log.h>

#include "instance.h"

RTE_LOG_REGISTER(accel_logtype_model, acceldev.model, NOTICE);

/* Models come from constructors, as drivers do. */
static pthread_mutex_t types_lock = PTHREAD_MUTEX_INITIALIZER;
static struct devmodel_type *types;

static bool
name_is_good(const char *name)
{
	const char *c;

	for (c = name; *c != 0; c++) {
		if (!isalnum((unsigned char)*c) && *c != '-' && *c != '_')
			return false;
	}
	return c != name && c - name < 32;
}

static bool
bars_are_good(const struct devmodel_type *type)
{
	unsigned int i;

	for (i = 0; i < DEVMODEL_BARS; i++) {
		uint64_t size = type->bar_size[i];

		if (size != 0 && (size < 16 || (size & (size - 1)) != 0))
			return false;
	}
	return true;
}

static int
check_type(const struct devmodel_type *type)
{
	if (type == NULL)
		return -EINVAL;
	/* Nothing after abi is where we expect it when the versions differ. */
	if (type->abi != DEVMODEL_ABI) {
		ACCEL_LOG(ERR, model, "a device model was built for model ABI %u, this library has %u: "
				"rebuild the model", type->abi, DEVMODEL_ABI);
		return -EPROTO;
	}
	if (type->name != NULL && name_is_good(type->name) && bars_are_good(type) &&
			type->nb_msi <= 32 && type->nb_msix <= MAX_VECTORS &&
			type->create != NULL && type->destroy != NULL && type->read != NULL &&
			type->write != NULL && type->has_reset == (type->reset != NULL))
		return 0;
	ACCEL_LOG(ERR, model, "device model \"%s\": a member is missing or out of range: see devmodel.h",
			type->name != NULL ? type->name : "");
	return -EINVAL;
}

static struct devmodel_type *
find_type(const char *name, size_t len)
{
	struct devmodel_type *t;

	for (t = types; t != NULL; t = t->next) {
		if (strlen(t->name) == len && memcmp(t->name, name, len) == 0)
			return t;
	}
	return NULL;
}

int
devmodel_register(struct devmodel_type *type)
{
	int ret = check_type(type);

	if (ret != 0)
		return ret;
	pthread_mutex_lock(&types_lock);
	if (find_type(type->name, strlen(type->name)) != NULL) {
		ret = -EEXIST;
	} else {
		type->nb_instances = 0;
		type->next = types;
		types = type;
	}
	pthread_mutex_unlock(&types_lock);
	if (ret != 0)
		ACCEL_LOG(ERR, model, "device model \"%s\" is registered already: load it once, or rename "
				"it", type->name);
	return ret;
}

int
devmodel_unregister(struct devmodel_type *type)
{
	struct devmodel_type **at;
	int ret = 0;

	pthread_mutex_lock(&types_lock);
	for (at = &types; *at != NULL && *at != type; at = &(*at)->next)
		;
	if (*at == NULL)
		ret = -ENOENT;
	else if (type->nb_instances != 0)
		ret = -EBUSY;
	else
		*at = type->next;
	pthread_mutex_unlock(&types_lock);
	return ret;
}

struct devmodel_type *
devmodel_type_get(const char *name, size_t len)
{
	struct devmodel_type *type;

	pthread_mutex_lock(&types_lock);
	type = find_type(name, len);
	if (type != NULL)
		type->nb_instances++;
	pthread_mutex_unlock(&types_lock);
	return type;
}

void
devmodel_type_put(struct devmodel_type *type)
{
	pthread_mutex_lock(&types_lock);
	type->nb_instances--;
	pthread_mutex_unlock(&types_lock);
}
