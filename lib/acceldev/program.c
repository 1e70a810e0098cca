/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <acceldev/accel_program.h>

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "dev_slot.h"
#include "handle_table.h"

/* Of programs and instances; 0 is nobody's. */
enum state {
	STATE_FREE,
	STATE_IDLE,
	STATE_BUSY, /* being bound or ended */
	STATE_FLYING,
};

static struct handle_table programs = HANDLE_TABLE_INITIALIZER(struct accel_program, ACCEL_MAX_PROGRAMS);
static struct handle_table instances =
		HANDLE_TABLE_INITIALIZER(struct accel_instance, ACCEL_MAX_INSTANCES);

static uint32_t
state_get(const uint32_t *state)
{
	return __atomic_load_n(state, __ATOMIC_ACQUIRE);
}

static void
state_set(uint32_t *state, enum state to)
{
	__atomic_store_n(state, (uint32_t)to, __ATOMIC_RELEASE);
}

static bool
state_change(uint32_t *state, enum state from, enum state to)
{
	uint32_t expected = from;

	return __atomic_compare_exchange_n(state, &expected, (uint32_t)to, false, __ATOMIC_ACQ_REL,
			__ATOMIC_RELAXED);
}

/*
 * Handles. Programs and instances come and go under their device's lock.
 */

static int
log_none(const char *what, const void *handle)
{
	ACCEL_LOG(ERR, device, "%p is no %s: it was ended already, or is foreign", handle, what);
	return -EINVAL;
}

static int
log_null(const char *argument)
{
	ACCEL_LOG(ERR, device, "%s of a program is NULL: pass one", argument);
	return -EINVAL;
}

static int
log_no_handle(const struct accel_dev_internal *slot, const struct handle_table *table,
		const char *what)
{
	if (handle_is_full(table)) {
		ACCEL_LOG(ERR, device, "%s: %s %u of this process is the last: end some", slot->data.name,
				what, table->max);
		return -ENOSPC;
	}
	ACCEL_LOG(ERR, device, "%s: no memory for the books of another %s: see ulimit -v and ulimit -d",
			slot->data.name, what);
	return -ENOMEM;
}

/* The device of a program, locked; NULL, and logged, when it is none. */
static struct accel_dev_internal *
lock_program(const struct accel_program *program)
{
	struct accel_dev_internal *slot = NULL;

	if (handle_has(&programs, program) && state_get(&program->state) == STATE_IDLE) {
		slot = dev_lock_quiet(__atomic_load_n(&program->dev_id, __ATOMIC_RELAXED));
		if (slot != NULL && state_get(&program->state) == STATE_IDLE &&
				__atomic_load_n(&program->dev_id, __ATOMIC_RELAXED) == slot->data.dev_id)
			return slot;
		if (slot != NULL)
			dev_unlock(slot);
	}
	log_none("loaded program", program);
	return NULL;
}

/*
 * The device of an instance, locked, with the instance BUSY; NULL, and logged, with the error in
 * ret.
 */
static struct accel_dev_internal *
lock_instance(struct accel_instance *instance, const char *what, int *ret)
{
	struct accel_dev_internal *slot;

	*ret = -EINVAL;
	if (!handle_has(&instances, instance) || state_get(&instance->state) == STATE_FREE) {
		log_none("instance of a program", instance);
		return NULL;
	}
	if (!state_change(&instance->state, STATE_IDLE, STATE_BUSY)) {
		ACCEL_LOG(ERR, device, "instance %p is in flight or in another call: wait for it before you %s it",
				(void *)instance, what);
		*ret = -EBUSY;
		return NULL;
	}
	/* It keeps its program, which keeps the device open. */
	slot = dev_lock(instance->program->dev_id);
	if (slot == NULL)
		state_set(&instance->state, STATE_IDLE);
	return slot;
}

/* Unless the driver, or what it called, has said more. */
static void
log_driver(const struct accel_dev_internal *slot, const char *what, int err)
{
	if (!__atomic_load_n(&slot->explained, __ATOMIC_RELAXED))
		ACCEL_LOG(ERR, device, "%s: driver %s failed to %s: %s", slot->data.name,
				slot->data.driver, what, accel_strerror(err));
}

/*
 * Programs
 */

static int
load_locked(struct accel_dev_internal *slot, const void *image, size_t len,
		struct accel_program **program_out)
{
	const struct accel_program_ops *ops = slot->dev.ops->program;
	struct accel_program *program;
	int ret;

	if (ops == NULL) {
		ACCEL_LOG(ERR, device, "%s: runs no programs: its driver is %s", slot->data.name,
				slot->data.driver);
		return -ENOTSUP;
	}
	program = handle_get(&programs);
	if (program == NULL)
		return log_no_handle(slot, &programs, "program");
	/* But for what others look at, who have a stale handle of it. */
	program->nb_instances = 0;
	memset(&program->priv, 0, sizeof(*program) - offsetof(struct accel_program, priv));
	__atomic_store_n(&program->dev_id, slot->data.dev_id, __ATOMIC_RELAXED);
	ret = ops->load(&slot->dev, image, len, program);
	if (ret != 0) {
		log_driver(slot, "load a program", ret);
		handle_put(&programs, program);
		return ret;
	}
	slot->nb_programs++;
	state_set(&program->state, STATE_IDLE);
	*program_out = program;
	return 0;
}

int
accel_program_load(uint16_t dev_id, const void *image, size_t len, struct accel_program **program)
{
	struct accel_dev_internal *slot;
	int ret;

	if (image == NULL || program == NULL) {
		ACCEL_LOG(ERR, device, "device %u: neither image nor program may be NULL", dev_id);
		return -EINVAL;
	}
	if (len > ACCEL_IMAGE_MAX) {
		ACCEL_LOG(ERR, device, "device %u: a program in %zu bytes: 1 GiB is the most: give the "
				"image's own length", dev_id, len);
		return -EFBIG;
	}
	slot = dev_lock(dev_id);
	if (slot == NULL)
		return -ENODEV;
	ret = load_locked(slot, image, len, program);
	dev_unlock(slot);
	return ret;
}

int
accel_program_unload(struct accel_program *program)
{
	struct accel_dev_internal *slot;
	int ret = 0;

	if (program == NULL)
		return 0;
	slot = lock_program(program);
	if (slot == NULL)
		return -EINVAL;
	if (program->nb_instances != 0) {
		ACCEL_LOG(ERR, device, "%s: program %p has %u instances: destroy them first",
				slot->data.name, (void *)program, program->nb_instances);
		ret = -EBUSY;
	} else {
		state_set(&program->state, STATE_FREE);
		slot->dev.ops->program->unload(&slot->dev, program);
		slot->nb_programs--;
		handle_put(&programs, program);
	}
	dev_unlock(slot);
	return ret;
}

static uint64_t
count(const uint64_t *counter)
{
	return __atomic_load_n(counter, __ATOMIC_RELAXED);
}

int
accel_program_info_get(struct accel_program *program, struct accel_program_info *info)
{
	struct accel_dev_internal *slot;

	if (info == NULL)
		return log_null("info");
	slot = lock_program(program);
	if (slot == NULL)
		return -EINVAL;
	*info = (struct accel_program_info){
		.dev_id = program->dev_id,
		.nb_tensors = program->nb_tensors,
		.nb_inputs = program->nb_inputs,
		.nb_instances = program->nb_instances,
		.constant_bytes = program->constant_bytes,
		.scratch_bytes = program->scratch_bytes,
		.runs = count(&program->runs),
		.errors = count(&program->errors),
		.cycles = count(&program->cycles),
	};
	dev_unlock(slot);
	return 0;
}

static int
log_no_tensor(const struct accel_dev_internal *slot, const struct accel_program *program,
		unsigned int n)
{
	ACCEL_LOG(ERR, device, "%s: program %p has no tensor %u, it has %u", slot->data.name,
			(const void *)program, n, program->nb_tensors);
	return -EINVAL;
}

int
accel_program_tensor_get(struct accel_program *program, unsigned int n,
		struct accel_tensor_info *info)
{
	struct accel_dev_internal *slot;
	int ret = 0;

	if (info == NULL)
		return log_null("info");
	slot = lock_program(program);
	if (slot == NULL)
		return -EINVAL;
	if (n < program->nb_tensors)
		*info = program->tensors[n];
	else
		ret = log_no_tensor(slot, program, n);
	dev_unlock(slot);
	return ret;
}

int
accel_program_tensor_find(struct accel_program *program, const char *label)
{
	struct accel_dev_internal *slot;
	unsigned int i;

	if (label == NULL)
		return log_null("label");
	slot = lock_program(program);
	if (slot == NULL)
		return -EINVAL;
	for (i = 0; i < program->nb_tensors && strcmp(program->tensors[i].label, label) != 0; i++)
		;
	dev_unlock(slot);
	return i < program->nb_tensors ? (int)i : -ENOENT;
}

/*
 * Instances
 */

static int
create_locked(struct accel_dev_internal *slot, struct accel_program *program,
		struct accel_instance **instance_out)
{
	struct accel_instance *instance = handle_get(&instances);
	int ret;

	if (instance == NULL)
		return log_no_handle(slot, &instances, "instance");
	instance->program = program;
	instance->priv = NULL;
	instance->nb_bound = 0;
	memset(instance->bound, 0, sizeof(instance->bound));
	ret = slot->dev.ops->program->create(&slot->dev, instance);
	if (ret != 0) {
		log_driver(slot, "make an instance", ret);
		handle_put(&instances, instance);
		return ret;
	}
	program->nb_instances++;
	state_set(&instance->state, STATE_IDLE);
	*instance_out = instance;
	return 0;
}

int
accel_instance_create(struct accel_program *program, struct accel_instance **instance)
{
	struct accel_dev_internal *slot;
	int ret;

	if (instance == NULL)
		return log_null("instance");
	slot = lock_program(program);
	if (slot == NULL)
		return -EINVAL;
	ret = create_locked(slot, program, instance);
	dev_unlock(slot);
	return ret;
}

int
accel_instance_destroy(struct accel_instance *instance)
{
	struct accel_dev_internal *slot;
	int ret;

	if (instance == NULL)
		return 0;
	slot = lock_instance(instance, "destroy", &ret);
	if (slot == NULL)
		return ret;
	slot->dev.ops->program->destroy(&slot->dev, instance);
	instance->program->nb_instances--;
	state_set(&instance->state, STATE_FREE);
	handle_put(&instances, instance);
	dev_unlock(slot);
	return 0;
}

static void
note_bound(struct accel_instance *instance, unsigned int n)
{
	uint64_t bit = UINT64_C(1) << n % 64;

	if ((instance->bound[n / 64] & bit) == 0)
		instance->nb_bound++;
	instance->bound[n / 64] |= bit;
}

static int
check_place(const struct accel_dev_internal *slot, const struct accel_tensor_info *tensor,
		uint64_t iova)
{
	unsigned int access = tensor->dir == ACCEL_TENSOR_IN ? ACCEL_DMA_READ : ACCEL_DMA_WRITE;
	uint64_t first, last;
	void *va;

	accel_dev_dma_window(&slot->dev, &first, &last);
	if (iova < first || iova > last || tensor->size - 1 > last - iova) {
		ACCEL_LOG(ERR, device, "%s: reaches 0x%" PRIx64 " to 0x%" PRIx64 ", not all of tensor \"%s\" at 0x%"
				PRIx64 ": use buffers of this device", slot->data.name, first, last,
				tensor->label, iova);
		return -ERANGE;
	}
	if (iova % tensor->align != 0) {
		ACCEL_LOG(ERR, device, "%s: tensor \"%s\" at 0x%" PRIx64 ": must be a multiple of %" PRIu64,
				slot->data.name, tensor->label, iova, tensor->align);
		return -EINVAL;
	}
	if (accel_dma_translate(&slot->dev, iova, tensor->size, access, &va) == 0)
		return 0;
	ACCEL_LOG(ERR, device, "%s: tensor \"%s\" of %" PRIu64 " bytes at 0x%" PRIx64 ": the device does not "
			"reach all of it, or must not write it: use buffers of this device", slot->data.name,
			tensor->label, tensor->size, iova);
	return -EFAULT;
}

static int
bind_locked(struct accel_dev_internal *slot, struct accel_instance *instance, unsigned int n,
		uint64_t iova)
{
	const struct accel_program *program = instance->program;
	int ret;

	if (n >= program->nb_tensors)
		return log_no_tensor(slot, program, n);
	ret = check_place(slot, &program->tensors[n], iova);
	if (ret == 0)
		ret = slot->dev.ops->program->bind(&slot->dev, instance, n, iova);
	if (ret == 0)
		note_bound(instance, n);
	return ret;
}

int
accel_instance_bind(struct accel_instance *instance, unsigned int n, uint64_t iova)
{
	int ret;
	struct accel_dev_internal *slot = lock_instance(instance, "bind", &ret);

	if (slot == NULL)
		return ret;
	ret = bind_locked(slot, instance, n, iova);
	state_set(&instance->state, STATE_IDLE);
	dev_unlock(slot);
	return ret;
}

int
accel_instance_cancel(struct accel_instance *instance)
{
	if (!handle_has(&instances, instance) || state_get(&instance->state) == STATE_FREE)
		return log_none("instance of a program", instance);
	if (state_get(&instance->state) != STATE_FLYING)
		return -ENOENT;
	__atomic_store_n(&instance->cancelled, 1, __ATOMIC_RELEASE);
	return 0;
}

/*
 * For drivers, in bursts
 */

struct accel_instance *
accel_run_begin(const struct accel_dev *dev, const struct accel_op *op)
{
	struct accel_instance *instance = op->ext;

	if (!handle_has(&instances, instance) ||
			!state_change(&instance->state, STATE_IDLE, STATE_BUSY))
		return NULL;
	if (instance->program->dev_id == dev->dev_id &&
			instance->nb_bound == instance->program->nb_tensors) {
		__atomic_store_n(&instance->cancelled, 0, __ATOMIC_RELAXED);
		state_set(&instance->state, STATE_FLYING);
		return instance;
	}
	state_set(&instance->state, STATE_IDLE);
	return NULL;
}

void
accel_run_end(struct accel_instance *instance, enum accel_status status, uint64_t cycles)
{
	struct accel_program *program = instance->program;

	__atomic_add_fetch(status == ACCEL_STATUS_SUCCESS ? &program->runs : &program->errors, 1,
			__ATOMIC_RELAXED);
	__atomic_add_fetch(&program->cycles, cycles, __ATOMIC_RELAXED);
	state_set(&instance->state, STATE_IDLE);
}

bool
accel_run_cancelled(const struct accel_instance *instance)
{
	return __atomic_load_n(&instance->cancelled, __ATOMIC_ACQUIRE) != 0;
}
