/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "infer.h"

#include <stdlib.h>
#include <string.h>

#include <rte_cycles.h>

static int
models_load(struct infer *infer, const char *path, const struct device_list *list)
{
	int ret = 0;

	while (ret == 0 && infer->nb_models < list->nb) {
		ret = model_load(&infer->models[infer->nb_models], path,
				&list->devs[infer->nb_models]);
		infer->nb_models++;
	}
	return ret;
}

/* What records and labels need of the program, which is the same on all devices. */
static int
check_tensors(const struct model *model, const struct testpmd_conf *conf)
{
	if (conf->records[0] != '\0' && model->nb_inputs == 0) {
		testpmd_error("--records=%s: the program has no input", conf->records);
		return EXIT_USAGE;
	}
	if (conf->labels[0] != '\0' && model_classes(model) == 0) {
		testpmd_error("--labels=%s: the program has no first output with rows of int8",
			conf->labels);
		return EXIT_USAGE;
	}
	return 0;
}

int
infer_open(const struct testpmd_conf *conf, const struct device_list *list, struct infer **result)
{
	struct infer *infer = calloc(1, sizeof(*infer) + list->nb * sizeof(infer->models[0]));
	int ret;

	if (infer == NULL) {
		testpmd_error("no memory for the program's description");
		return EXIT_FAILURE;
	}
	ret = models_load(infer, conf->program, list);
	if (ret == 0)
		ret = check_tensors(&infer->models[0], conf);
	if (ret == 0)
		ret = records_read(&infer->records, conf, infer->models[0].input.size,
				model_classes(&infer->models[0]));
	if (ret == 0)
		*result = infer;
	else
		infer_close(infer);
	return ret;
}

void
infer_close(struct infer *infer)
{
	if (infer == NULL)
		return;
	while (infer->nb_models > 0)
		model_unload(&infer->models[--infer->nb_models]);
	records_free(&infer->records);
	free(infer);
}

int
infer_attach(const struct infer *infer, struct stream *s, unsigned int dev, unsigned int n,
		unsigned int nb)
{
	s->infer = calloc(1, sizeof(*s->infer));
	if (s->infer == NULL) {
		testpmd_error("no memory for latencies");
		return EXIT_FAILURE;
	}
	s->infer->model = &infer->models[dev];
	s->infer->records = &infer->records;
	s->infer->first = n;
	s->infer->stride = nb;
	return 0;
}

static void
give_record(const struct infer_stream *infer, uint64_t op, struct model_inst *inst)
{
	const struct records *records = infer->records;

	inst->record = (infer->first + op * infer->stride) % records->n;
	memcpy(inst->buf->va, records->bytes + inst->record * records->size, records->size);
}

void
infer_prepare(struct stream *s, uint64_t n)
{
	uint64_t op, tsc;

	for (op = s->head; s->infer->records->n > 0 && op < s->head + n; op++)
		give_record(s->infer, op, &s->slots[op & (s->nb_slots - 1u)].inst);
	tsc = rte_rdtsc();
	for (op = s->head; op < s->head + n; op++)
		s->slots[op & (s->nb_slots - 1u)].inst.tsc = tsc;
}

static void
judge(struct infer_stream *infer, const struct model_inst *inst)
{
	infer->judged++;
	infer->right += model_answer(infer->model, inst) == infer->records->labels[inst->record];
}

void
infer_collect(struct stream *s, struct accel_op **ops, uint16_t n)
{
	struct infer_stream *infer = s->infer;
	uint64_t tsc = rte_rdtsc();
	const struct model_inst *inst;
	uint16_t i;

	for (i = 0; i < n; i++) {
		if (ops[i]->status != ACCEL_STATUS_SUCCESS)
			continue;
		inst = &s->slots[ops[i]->user_data].inst;
		latency_add(&infer->latency, tsc - inst->tsc);
		if (infer->records->labels != NULL)
			judge(infer, inst);
	}
}
