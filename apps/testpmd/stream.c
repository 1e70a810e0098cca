/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "stream.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <rte_common.h>
#include <rte_malloc.h>

#include "infer.h"
#include "pattern.h"
#include "slots.h"

/* Mismatches of a stream that are told one by one. */
#define MAX_REPORTS 4
/* What fills write when nobody looks. */
#define FILL_PATTERN UINT64_C(0x0123456789abcdef)

static uint16_t
space_of(const struct stream *s, enum place place)
{
	if (place == PLACE_BANK_SRC || place == PLACE_BANK_DST)
		return ACCEL_SPACE_BANK(s->bank[place]);
	return ACCEL_SPACE_HOST;
}

static void
op_make(const struct stream *s, const struct mode_step *plan, unsigned int slot,
		struct accel_op *op)
{
	op->user_data = slot;
	if (plan->dst == PLACE_TENSORS) {
		op->type = ACCEL_OP_RUN;
		op->ext = s->slots[slot].inst.instance;
		return;
	}
	if (plan->src == PLACE_NONE) {
		op->type = ACCEL_OP_FILL;
		op->pattern = FILL_PATTERN;
	} else {
		op->type = ACCEL_OP_COPY;
		op->src_space = space_of(s, plan->src);
		op->src = s->slots[slot].addr[plan->src];
	}
	op->dst_space = space_of(s, plan->dst);
	op->dst = s->slots[slot].addr[plan->dst];
	op->len = s->size;
}

static void
step_make(const struct stream *s, const struct mode_step *plan, struct step *step)
{
	unsigned int i;

	for (i = 0; i < s->nb_slots; i++)
		op_make(s, plan, i, &step->ops[i]);
	for (i = 0; i < 2u * s->nb_slots; i++)
		step->ring[i] = &step->ops[i & (s->nb_slots - 1u)];
	step->measured = plan->measured;
}

static int
ops_alloc(struct stream *s, int socket)
{
	size_t ops = s->nb_slots * sizeof(struct accel_op);
	size_t ring = 2 * s->nb_slots * sizeof(struct accel_op *);
	unsigned int i;
	uint8_t *mem;

	mem = rte_zmalloc_socket("testpmd_ops", s->nb_steps * (ops + ring), RTE_CACHE_LINE_SIZE,
			socket);
	s->op_memory = mem;
	if (mem == NULL) {
		testpmd_error("no EAL memory for %u ops; see EAL's options -m and --socket-mem",
			s->nb_steps * s->nb_slots);
		return EXIT_FAILURE;
	}
	for (i = 0; i < s->nb_steps; i++) {
		s->steps[i].ops = (struct accel_op *)(void *)(mem + i * ops);
		s->steps[i].ring = (struct accel_op **)(void *)
			(mem + s->nb_steps * ops + i * ring);
		step_make(s, &s->plan[i], &s->steps[i]);
	}
	return 0;
}

int
stream_setup(struct stream *s, const struct testpmd_conf *conf, const struct device *dev,
		uint16_t qp_id, uint64_t host_bytes)
{
	int ret;

	s->dev_id = dev->id;
	s->qp_id = qp_id;
	s->size = s->infer != NULL ? s->infer->model->tensor_bytes : conf->size;
	s->verify = conf->verify;
	s->nb_steps = mode_steps(conf->mode, conf->verify, s->plan);
	s->places = mode_places(s->plan, s->nb_steps);
	ret = slots_alloc(s, conf, dev, host_bytes);
	if (ret != 0)
		return ret;
	s->burst = (uint16_t)RTE_MIN(conf->burst, s->nb_slots);
	return ops_alloc(s, dev->info.socket);
}

void
stream_release(struct stream *s)
{
	slots_free(s);
	rte_free(s->op_memory);
	s->op_memory = NULL;
	free(s->infer);
	s->infer = NULL;
}

static void
step_begin(struct stream *s, unsigned int step, uint64_t limit)
{
	s->cur_step = step;
	s->ring = s->steps[step].ring;
	s->counter = s->steps[step].measured ? &s->completed : &s->helpers;
	s->head = 0;
	s->tail = 0;
	s->limit = limit;
}

static struct pattern
slot_pattern(const struct stream *s, unsigned int slot)
{
	struct pattern pattern = pattern_make(s->dev_id, s->qp_id, s->first_op + slot);

	if (s->plan[0].src == PLACE_NONE)
		pattern.step = 0;
	return pattern;
}

static void
slot_prepare(struct stream *s, unsigned int slot)
{
	struct pattern pattern = slot_pattern(s, slot);
	struct slot *sl = &s->slots[slot];

	sl->failed = false;
	if (s->plan[0].src == PLACE_NONE)
		s->steps[0].ops[slot].pattern = pattern.seed;
	else
		pattern_write(sl->buf[PLACE_HOST_SRC]->va, s->size, pattern);
	pattern_spoil(sl->buf[PLACE_HOST_DST]->va, s->size, pattern);
}

static void
slot_check(struct stream *s, unsigned int slot)
{
	struct slot *sl = &s->slots[slot];
	struct pattern_diff diff;

	if (sl->failed)
		return;
	if (pattern_check(sl->buf[PLACE_HOST_DST]->va, s->size, slot_pattern(s, slot), &diff)) {
		s->verified++;
		return;
	}
	if (s->mismatches < MAX_REPORTS)
		testpmd_error("device %u queue %u op %" PRIu64 ": offset %" PRIu64
			": expected 0x%02x, got 0x%02x%s", s->dev_id, s->qp_id,
			s->first_op + slot, diff.offset, diff.expected, diff.got,
			diff.offset < s->size ? "" : ", behind the end");
	stream_count(&s->mismatches, 1);
}

static bool
round_begin(struct stream *s)
{
	uint64_t n = RTE_MIN(s->todo - s->first_op, (uint64_t)s->nb_slots);
	unsigned int i;

	for (i = 0; i < n; i++)
		slot_prepare(s, i);
	step_begin(s, 0, n);
	return n > 0;
}

static void
check_slots(struct stream *s)
{
	unsigned int i;

	for (i = 0; i < s->limit; i++)
		slot_check(s, i);
}

static bool
round_end(struct stream *s, bool stopping)
{
	check_slots(s);
	s->first_op += s->limit;
	return !stopping && round_begin(s);
}

bool
stream_begin(struct stream *s)
{
	if (s->verify)
		return round_begin(s);
	step_begin(s, 0, s->todo);
	return s->todo > 0;
}

void
stream_give_up(struct stream *s)
{
	__atomic_store_n(&s->given_up, true, __ATOMIC_RELAXED);
}

bool
stream_is_given_up(const struct stream *s)
{
	return __atomic_load_n(&s->given_up, __ATOMIC_RELAXED);
}

bool
stream_next_step(struct stream *s, bool stopping)
{
	bool last = s->cur_step + 1 == s->nb_steps;

	if (!s->verify)
		return false;
	/* What came back with success before the device was lost is right, or it is a mistake. */
	if (last && stream_is_given_up(s))
		check_slots(s);
	if (stream_is_given_up(s))
		return false;
	if (last)
		return round_end(s, stopping);
	step_begin(s, s->cur_step + 1, s->limit);
	return true;
}

void
stream_count_failed(struct stream *s, struct accel_op **ops, uint16_t n)
{
	unsigned int i, failed = 0;
	uint8_t status;

	for (i = 0; i < n; i++) {
		status = ops[i]->status;
		if (status == ACCEL_STATUS_SUCCESS)
			continue;
		failed++;
		s->status[RTE_MIN(status, (uint8_t)ACCEL_STATUS_MAX)]++;
		s->slots[ops[i]->user_data].failed = true;
	}
	stream_count(&s->failed, failed);
	if (s->steps[s->cur_step].measured)
		s->failed_measured += failed;
}

void
stream_check_order(struct stream *s, struct accel_op **ops, uint16_t n)
{
	unsigned int i, wrong = 0;

	for (i = 0; i < n; i++)
		wrong += ops[i] != s->ring[(s->tail + i) & (s->nb_slots - 1u)];
	if (wrong > 0 && s->mismatches < MAX_REPORTS)
		testpmd_error("device %u queue %u: %u ops came back out of order", s->dev_id,
			s->qp_id, wrong);
	stream_count(&s->mismatches, wrong);
}
