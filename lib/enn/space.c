/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "space.h"

#include <errno.h>
#include <stdlib.h>

#include "life.h"
#include "words.h"

static void
free_space(struct enn_space *space)
{
	free(space->set);
	free(space->committed);
	free(space);
}

static struct enn_space *
new_space(struct enn_model *model, unsigned int number)
{
	struct enn_space *space = calloc(1, sizeof(*space));

	if (space == NULL)
		return NULL;
	space->model = model;
	space->number = number;
	space->set = calloc(model->nb_tensors + 1, sizeof(*space->set));
	space->committed = calloc(model->nb_tensors + 1, sizeof(*space->committed));
	if (space->set == NULL || space->committed == NULL) {
		free_space(space);
		return NULL;
	}
	pthread_cond_init(&space->ended, NULL);
	return space;
}

struct enn_space *
enn_space_get(struct enn_model *model, int number, int *ret)
{
	struct enn_space **space;

	*ret = -EINVAL;
	if (number < 0 || number >= ENN_NB_SPACES) {
		TELL("model %u has sessions 0 to %d, and no %d", model->id, ENN_NB_SPACES - 1,
				number);
		return NULL;
	}
	space = &model->spaces[number];
	if (*space == NULL)
		*space = new_space(model, (unsigned int)number);
	*ret = *space != NULL ? 0 : -ENOMEM;
	if (*space == NULL)
		TELL("no memory for session %d of model %u", number, model->id);
	return *space;
}

struct enn_space *
enn_space_find(EnnModelId id, int number, int *ret)
{
	struct enn_model *model = enn_model_find(id);

	*ret = -EINVAL;
	return model != NULL ? enn_space_get(model, number, ret) : NULL;
}

int
enn_space_check_idle(const struct enn_space *space, const char *what)
{
	if (space->state != ENN_SPACE_RUNNING)
		return 0;
	TELL("session %u of model %u is running: wait for it before you %s it", space->number,
			space->model->id, what);
	return -EBUSY;
}

/*
 * Buffers
 */

static void
replace(struct enn_buffer **place, struct enn_buffer *buffer)
{
	struct enn_buffer *old = *place;

	if (buffer != NULL)
		enn_buffer_bind(buffer);
	*place = buffer;
	enn_buffer_unbind(old);
}

void
enn_space_set_all(struct enn_space *space, struct enn_buffer *const *buffers)
{
	unsigned int i;

	for (i = 0; i < space->model->nb_tensors; i++)
		replace(&space->set[i], buffers != NULL ? buffers[i] : NULL);
}

void
enn_space_settle(struct enn_space *space)
{
	unsigned int i;

	if (space->is_committed || space->state == ENN_SPACE_RUNNING)
		return;
	for (i = 0; i < space->model->nb_tensors; i++)
		replace(&space->committed[i], NULL);
}

void
enn_space_forget(struct enn_space *space, const struct enn_buffer *buffer)
{
	unsigned int i;

	for (i = 0; i < space->model->nb_tensors; i++) {
		if (space->set[i] == buffer)
			replace(&space->set[i], NULL);
		if (space->committed[i] == buffer)
			space->is_committed = false;
	}
	enn_space_settle(space);
}

void
enn_space_free(struct enn_space *space)
{
	if (space == NULL)
		return;
	space->is_committed = false;
	enn_space_settle(space);
	enn_space_set_all(space, NULL);
	accel_instance_destroy(space->instance);
	pthread_cond_destroy(&space->ended);
	free_space(space);
}

/*
 * Committing
 */

static int
check_complete(const struct enn_space *space, struct enn_buffer *const *buffers)
{
	const struct enn_model *model = space->model;
	unsigned int i;

	for (i = 0; i < model->nb_tensors; i++) {
		if (buffers[i] != NULL)
			continue;
		TELL("session %u of model %u: tensor \"%s\" has no buffer: set one first",
				space->number, model->id, model->tensors[i].label);
		return -EINVAL;
	}
	return 0;
}

/* One with all bound. Not that of the last commit: buffers may have changed places. */
static int
make_instance(const struct enn_space *space, struct enn_buffer *const *buffers,
		struct accel_instance **instance)
{
	unsigned int i;
	int ret = accel_instance_create(space->model->program, instance);

	if (ret != 0)
		return ret;
	for (i = 0; i < space->model->nb_tensors && ret == 0; i++)
		ret = accel_instance_bind(*instance, i, buffers[i]->iova);
	if (ret != 0)
		accel_instance_destroy(*instance);
	return ret;
}

int
enn_space_commit(struct enn_space *space, struct enn_buffer *const *buffers)
{
	struct accel_instance *instance;
	unsigned int i;
	int ret = enn_space_check_idle(space, "commit");

	if (ret == 0)
		ret = check_complete(space, buffers);
	if (ret == 0)
		ret = make_instance(space, buffers, &instance);
	if (ret != 0)
		return ret;
	accel_instance_destroy(space->instance);
	space->instance = instance;
	for (i = 0; i < space->model->nb_tensors; i++)
		replace(&space->committed[i], buffers[i]);
	space->is_committed = true;
	return 0;
}
