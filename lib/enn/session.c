/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "session.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "life.h"
#include "space.h"
#include "words.h"

/* In a call: the session; NULL, and the call is over, with its result in ret. */
static struct enn_space *
begin(EnnModelId id, int number, int *ret)
{
	struct enn_space *space;

	*ret = enn_begin();
	if (*ret != 0)
		return NULL;
	space = enn_space_find(id, number, ret);
	if (space == NULL)
		enn_end(0);
	return space;
}

int
enn_session_count(EnnModelId id, int n)
{
	int ret = enn_begin();

	if (ret != 0)
		return ret;
	if (enn_model_find(id) == NULL)
		return enn_end(-EINVAL);
	if (n < 1 || n > ENN_NB_SPACES) {
		TELL("%d sessions for model %" PRIu64 ": each model has %d", n, id, ENN_NB_SPACES);
		return enn_end(-EINVAL);
	}
	return enn_end(0);
}

/*
 * Set
 */

/* The buffer that a program names, for a tensor: NULL, and logged, with the error in ret. */
static struct enn_buffer *
find_for(const struct enn_model *model, int tensor, EnnBufferPtr pub, int *ret)
{
	struct enn_buffer *buffer = enn_buffer_find(pub);

	*ret = -EINVAL;
	if (buffer == NULL || buffer->size >= model->tensors[tensor].size)
		return buffer;
	TELL("buffer %p of %u bytes is too small for tensor \"%s\" of %" PRIu64, (void *)pub,
			buffer->size, model->tensors[tensor].label, model->tensors[tensor].size);
	*ret = -EMSGSIZE;
	return NULL;
}

static int
set(struct enn_space *space, int tensor, EnnBufferPtr pub)
{
	struct enn_buffer *buffer, *old;
	int ret;

	if (tensor < 0)
		return tensor;
	buffer = find_for(space->model, tensor, pub, &ret);
	if (buffer == NULL)
		return ret;
	old = space->set[tensor];
	enn_buffer_bind(buffer);
	space->set[tensor] = buffer;
	enn_buffer_unbind(old);
	return 0;
}

int
enn_session_set_at(EnnModelId id, enn_buf_dir_e direction, uint32_t index, EnnBufferPtr pub,
		int number)
{
	int ret;
	struct enn_space *space = begin(id, number, &ret);

	if (space == NULL)
		return ret;
	return enn_end(set(space, enn_model_tensor_at(space->model, direction, index), pub));
}

int
enn_session_set_named(EnnModelId id, const char *label, EnnBufferPtr pub, int number)
{
	int ret;
	struct enn_space *space = begin(id, number, &ret);

	if (space == NULL)
		return ret;
	return enn_end(set(space, enn_model_tensor_named(space->model, label), pub));
}

static int
find_all(const struct enn_model *model, EnnBufferPtr *pubs, struct enn_buffer **buffers)
{
	unsigned int i;
	int ret;

	for (i = 0; i < model->nb_tensors; i++) {
		buffers[i] = find_for(model, (int)i, pubs[i], &ret);
		if (buffers[i] == NULL)
			return ret;
	}
	return 0;
}

static int
set_all(struct enn_space *space, EnnBufferPtr *pubs, int32_t n)
{
	unsigned int nb = space->model->nb_tensors;
	struct enn_buffer **buffers;
	int ret;

	if (pubs == NULL || n < 0 || (unsigned int)n != nb) {
		TELL("model %u has %u tensors: give an array of so many buffers, not %d at %p",
				space->model->id, nb, n, (void *)pubs);
		return -EINVAL;
	}
	buffers = calloc(nb + 1, sizeof(*buffers));
	if (buffers == NULL) {
		TELL("no memory for a list of %u buffers", nb);
		return -ENOMEM;
	}
	ret = find_all(space->model, pubs, buffers);
	if (ret == 0)
		enn_space_set_all(space, buffers);
	free(buffers);
	return ret;
}

int
enn_session_set_all(EnnModelId id, EnnBufferPtr *pubs, int32_t n, int number)
{
	int ret;
	struct enn_space *space = begin(id, number, &ret);

	return space != NULL ? enn_end(set_all(space, pubs, n)) : ret;
}

int
enn_session_unset(EnnModelId id, int number)
{
	int ret;
	struct enn_space *space = begin(id, number, &ret);

	if (space == NULL)
		return ret;
	ret = enn_space_check_idle(space, "unset");
	if (ret != 0)
		return enn_end(ret);
	space->is_committed = false;
	enn_space_settle(space);
	enn_space_set_all(space, NULL);
	return enn_end(0);
}

/*
 * Commit
 */

int
enn_session_commit(EnnModelId id, int number)
{
	int ret;
	struct enn_space *space = begin(id, number, &ret);

	return space != NULL ? enn_end(enn_space_commit(space, space->set)) : ret;
}

int
enn_session_uncommit(EnnModelId id, int number)
{
	int ret;
	struct enn_space *space = begin(id, number, &ret);

	if (space == NULL)
		return ret;
	ret = enn_space_check_idle(space, "uncommit");
	if (ret != 0)
		return enn_end(ret);
	space->is_committed = false;
	enn_space_settle(space);
	return enn_end(0);
}

/*
 * All at once
 */

/* Without the lock. */
static int
make_set(const struct enn_model *model, struct enn_set **out)
{
	struct enn_set *made = enn_set_alloc(model->nb_tensors);
	unsigned int i;
	int ret = made != NULL ? 0 : -ENOMEM;

	for (i = 0; i < model->nb_tensors && ret == 0; i++)
		ret = enn_buffer_alloc((uint32_t)model->tensors[i].size, model->tensors[i].align,
				false, &made->buffers[i]);
	if (ret == 0)
		*out = made;
	else if (made != NULL)
		enn_set_free(made);
	return ret;
}

/* The lock is held. */
static int
put_set(struct enn_space *space, struct enn_set *made, bool commit)
{
	int ret = commit ? enn_space_commit(space, made->buffers) : 0;

	if (ret != 0)
		return ret;
	enn_set_add(made, &space->model->sets);
	enn_space_set_all(space, made->buffers);
	return 0;
}

/* In a call. */
static int
allocate(struct enn_space *space, bool commit, struct enn_set **out)
{
	struct enn_model *model = space->model;
	int ret;

	enn_model_use(model);
	enn_unlock();
	ret = make_set(model, out);
	enn_lock();
	if (ret == 0)
		ret = put_set(space, *out, commit);
	if (ret != 0 && *out != NULL)
		enn_set_free(*out);
	enn_model_leave(model);
	return ret;
}

int
enn_session_allocate(EnnModelId id, EnnBufferPtr **out, NumberOfBuffersInfo *info, int number,
		bool commit)
{
	struct enn_set *made = NULL;
	struct enn_space *space;
	int ret;

	if (out != NULL)
		*out = NULL;
	if (info != NULL)
		*info = (NumberOfBuffersInfo){ 0 };
	if (out == NULL || info == NULL) {
		TELL("buffers of model %" PRIu64 ": there is no pointer to give them or their number "
				"by", id);
		return -EINVAL;
	}
	space = begin(id, number, &ret);
	if (space == NULL)
		return ret;
	ret = allocate(space, commit, &made);
	if (ret != 0)
		return enn_end(ret);
	*out = made->array;
	info->n_in_buf = space->model->nb_inputs;
	info->n_out_buf = space->model->nb_tensors - space->model->nb_inputs;
	return enn_end(0);
}
