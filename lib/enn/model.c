/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "model.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "life.h"
#include "space.h"
#include "words.h"

static int
compare(const struct enn_model *a, const struct enn_model *b)
{
	return (a->id > b->id) - (a->id < b->id);
}

RB_HEAD(models, enn_model);
RB_GENERATE_INTERNAL(models, enn_model, entry, compare, static __attribute__((unused)))

static struct models all = RB_INITIALIZER(&all);
static uint32_t last_id;

/*
 * Books
 */

static struct enn_model *
find_quietly(uint64_t id)
{
	struct enn_model key = { .id = (uint32_t)id };

	return id <= UINT32_MAX ? RB_FIND(models, &all, &key) : NULL;
}

struct enn_model *
enn_model_find(EnnModelId id)
{
	struct enn_model *model = find_quietly(id);

	if (model == NULL)
		TELL("%" PRIu64 " is no model: made up, or closed already", id);
	return model;
}

static void
add(struct enn_model *model)
{
	do {
		last_id++;
	} while (last_id == 0 || find_quietly(last_id) != NULL);
	model->id = last_id;
	RB_INSERT(models, &all, model);
}

void
enn_model_use(struct enn_model *model)
{
	model->users++;
}

void
enn_model_leave(struct enn_model *model)
{
	if (--model->users == 0)
		pthread_cond_broadcast(&model->left);
}

void
enn_model_forget(const struct enn_buffer *buffer)
{
	struct enn_model *model;
	unsigned int i;

	RB_FOREACH(model, models, &all) {
		for (i = 0; i < ENN_NB_SPACES; i++) {
			if (model->spaces[i] != NULL)
				enn_space_forget(model->spaces[i], buffer);
		}
	}
}

/*
 * Tensors
 */

int
enn_model_tensor_at(const struct enn_model *model, enn_buf_dir_e direction, uint32_t index)
{
	unsigned int n = direction == ENN_DIR_IN ? model->nb_inputs :
			direction == ENN_DIR_OUT ? model->nb_tensors - model->nb_inputs : 0;

	if (index < n)
		return (int)(direction == ENN_DIR_IN ? index : model->nb_inputs + index);
	TELL("model %u has no tensor %u of direction %d, but %u", model->id, index, (int)direction,
			n);
	return -EINVAL;
}

int
enn_model_tensor_named(const struct enn_model *model, const char *label)
{
	unsigned int i;

	for (i = 0; label != NULL && i < model->nb_tensors; i++) {
		if (strcmp(model->tensors[i].label, label) == 0)
			return (int)i;
	}
	TELL("model %u has no tensor \"%s\"", model->id, label != NULL ? label : "(NULL)");
	return -EINVAL;
}

/*
 * Opening. Without the lock until the model is known.
 */

static void
free_model(struct enn_model *model)
{
	accel_program_unload(model->program);
	pthread_cond_destroy(&model->left);
	free(model->tensors);
	free(model);
}

/* What an EnnBuffer can be the size of. */
static int
check_size(const struct accel_tensor_info *tensor)
{
	if (tensor->size <= UINT32_MAX)
		return 0;
	TELL("tensor \"%s\" of %" PRIu64 " bytes: ENN has 4 GiB at most", tensor->label,
			tensor->size);
	return -ENOTSUP;
}

static int
describe(struct enn_model *model)
{
	struct accel_program_info info;
	unsigned int i;
	int ret = accel_program_info_get(model->program, &info);

	if (ret != 0)
		return ret;
	model->nb_tensors = info.nb_tensors;
	model->nb_inputs = info.nb_inputs;
	model->tensors = calloc(info.nb_tensors + 1, sizeof(*model->tensors));
	if (model->tensors == NULL) {
		TELL("no memory for the books of a model");
		return -ENOMEM;
	}
	for (i = 0; i < info.nb_tensors && ret == 0; i++) {
		ret = accel_program_tensor_get(model->program, i, &model->tensors[i]);
		if (ret == 0)
			ret = check_size(&model->tensors[i]);
	}
	return ret;
}

static int
make(struct accel_program *program, struct enn_model **out)
{
	struct enn_model *model = calloc(1, sizeof(*model));
	int ret;

	if (model == NULL) {
		TELL("no memory for the books of a model");
		accel_program_unload(program);
		return -ENOMEM;
	}
	model->program = program;
	TAILQ_INIT(&model->sets);
	pthread_cond_init(&model->left, NULL);
	ret = describe(model);
	if (ret != 0)
		free_model(model);
	else
		*out = model;
	return ret;
}

/* Begins the call: the lock is not held. */
static int
begin(EnnModelId *id)
{
	int ret;

	if (id == NULL) {
		TELL("a model: there is no pointer to give its number by");
		return -EINVAL;
	}
	*id = 0;
	ret = enn_begin();
	if (ret == 0)
		enn_unlock();
	return ret;
}

/* And ends it. */
static int
finish(int ret, struct accel_program *program, EnnModelId *id)
{
	struct enn_model *model = NULL;

	if (ret == 0)
		ret = make(program, &model);
	enn_lock();
	if (ret == 0) {
		add(model);
		*id = model->id;
	}
	return enn_end(ret);
}

int
enn_model_open_file(const char *path, EnnModelId *id)
{
	struct accel_program *program = NULL;
	int ret = begin(id);

	if (ret != 0)
		return ret;
	ret = accel_program_load_file(enn_dev_id(), path, &program);
	return finish(ret, program, id);
}

/* A size of 0 never means all of it. */
static int
check_bytes(uint32_t size)
{
	if (size != 0)
		return 0;
	TELL("a model of 0 bytes: it has some");
	return -EMSGSIZE;
}

int
enn_model_open_memory(const void *va, uint32_t size, EnnModelId *id)
{
	struct accel_program *program = NULL;
	int ret = begin(id);

	if (ret != 0)
		return ret;
	ret = check_bytes(size);
	if (ret == 0)
		ret = accel_program_load(enn_dev_id(), va, size, &program);
	return finish(ret, program, id);
}

int
enn_model_open_part(int fd, uint32_t size, uint32_t offset, EnnModelId *id)
{
	struct accel_program *program = NULL;
	int ret = begin(id);

	if (ret != 0)
		return ret;
	ret = check_bytes(size);
	if (ret == 0)
		ret = accel_program_load_fd(enn_dev_id(), fd, offset, size, &program);
	return finish(ret, program, id);
}

int
enn_model_open_fd(int fd, EnnModelId *id)
{
	struct accel_program *program = NULL;
	int ret = begin(id);

	if (ret != 0)
		return ret;
	ret = accel_program_load_fd(enn_dev_id(), fd, 0, 0, &program);
	return finish(ret, program, id);
}

/*
 * Closing
 */

static void
close_model(struct enn_model *model)
{
	unsigned int i;

	RB_REMOVE(models, &all, model);
	while (model->users != 0)
		enn_wait(&model->left);
	for (i = 0; i < ENN_NB_SPACES; i++)
		enn_space_free(model->spaces[i]);
	enn_set_end_model(&model->sets);
	free_model(model);
}

void
enn_model_close_all(void)
{
	struct enn_model *model;

	while ((model = RB_MIN(models, &all)) != NULL)
		close_model(model);
}

int
enn_model_close(EnnModelId id)
{
	struct enn_model *model;
	int ret = enn_begin();

	if (ret != 0)
		return ret;
	model = enn_model_find(id);
	if (model == NULL)
		return enn_end(-EINVAL);
	close_model(model);
	return enn_end(0);
}
