/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "slots.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_common.h>

#include "infer.h"
#include "pattern.h"

#define IS_HOST(place) ((place) == PLACE_HOST_SRC || (place) == PLACE_HOST_DST)

/* Queue pairs are spread over the banks; a copy between banks goes to the next one. */
static uint16_t
bank_of(enum testpmd_mode mode, enum place place, uint16_t qp_id, uint16_t nb_banks)
{
	unsigned int next = mode == MODE_B2B && place == PLACE_BANK_DST;

	return (uint16_t)((qp_id + next) % nb_banks);
}

static void
choose_banks(struct stream *s, enum testpmd_mode mode, uint16_t nb_banks)
{
	unsigned int place;

	for (place = PLACE_BANK_SRC; place <= PLACE_BANK_DST; place++) {
		if (s->places & PLACE_BIT(place))
			s->bank[place] = bank_of(mode, place, s->qp_id, nb_banks);
	}
}

/* How many places of this and the following queue pairs lie in a bank. */
static uint64_t
bank_users(const struct stream *s, const struct testpmd_conf *conf, uint16_t nb_banks,
		uint16_t bank)
{
	unsigned int place, qp;
	uint64_t users = 0;

	for (qp = s->qp_id; qp < conf->queues; qp++) {
		for (place = PLACE_BANK_SRC; place <= PLACE_BANK_DST; place++)
			users += (s->places & PLACE_BIT(place)) != 0 &&
				bank_of(conf->mode, place, (uint16_t)qp, nb_banks) == bank;
	}
	return users;
}

/* How many slots fit into the stream's share of its banks; 0 after saying what is wrong. */
static uint64_t
bank_slots(const struct stream *s, const struct testpmd_conf *conf, const struct device *dev)
{
	uint64_t users, fit, slots = UINT64_MAX;
	struct accel_bank_info info;
	unsigned int place;

	for (place = PLACE_BANK_SRC; place <= PLACE_BANK_DST; place++) {
		if ((s->places & PLACE_BIT(place)) == 0)
			continue;
		if (accel_bank_info_get(s->dev_id, s->bank[place], &info) < 0)
			return 0;
		users = bank_users(s, conf, dev->info.nb_banks, s->bank[place]);
		fit = info.free_bytes / users / RTE_ALIGN_CEIL(s->size, ACCEL_BUF_MIN_ALIGN);
		if (fit == 0) {
			testpmd_error("--size=%" PRIu64 ": bank %u of device %s has %" PRIu64
				" bytes free, for at least %" PRIu64 " buffers; allowed are 1 to %"
				PRIu64, s->size, s->bank[place], dev->info.name, info.free_bytes,
				users, info.free_bytes / users);
			return 0;
		}
		slots = RTE_MIN(slots, fit);
	}
	return slots;
}

static uint64_t
slot_len(const struct stream *s)
{
	return s->size + (s->verify ? PATTERN_GUARD : 0);
}

/* Host memory of one slot. */
static uint64_t
slot_bytes(const struct stream *s)
{
	unsigned int places = __builtin_popcount(s->places &
		(PLACE_BIT(PLACE_HOST_SRC) | PLACE_BIT(PLACE_HOST_DST)));

	return s->infer != NULL ? model_inst_bytes(s->infer->model) : places * slot_len(s);
}

static uint64_t
host_slots(const struct stream *s, uint64_t host_bytes)
{
	uint64_t bytes = slot_bytes(s);

	return bytes == 0 ? UINT64_MAX : RTE_MAX(host_bytes / bytes, UINT64_C(1));
}

/* Different inputs in every slot of every queue pair. */
static int
inst_make(const struct stream *s, struct slot *slot)
{
	uint64_t seed = ((uint64_t)s->dev_id << 48) + ((uint64_t)s->qp_id << 32) +
		(uint64_t)(slot - s->slots);

	return model_inst_make(s->infer->model, seed, &slot->inst);
}

static int
place_alloc(const struct stream *s, struct slot *slot, unsigned int place)
{
	int ret;

	if (place == PLACE_TENSORS) {
		ret = inst_make(s, slot);
		if (ret < 0)
			return ret;
	} else if (IS_HOST(place)) {
		ret = accel_buf_alloc(s->dev_id, slot_len(s), 0, 0, &slot->buf[place]);
		if (ret < 0)
			return ret;
		slot->addr[place] = slot->buf[place]->iova;
		memset(slot->buf[place]->va, (int)place, slot_len(s));
	} else {
		ret = accel_bank_alloc(s->dev_id, s->bank[place], s->size, 0, &slot->addr[place]);
		if (ret < 0)
			return ret;
	}
	slot->places |= PLACE_BIT(place);
	return 0;
}

static int
slot_alloc(const struct stream *s, struct slot *slot)
{
	unsigned int place;
	int ret = 0;

	for (place = PLACE_HOST_SRC; ret == 0 && place < PLACE_MAX; place++) {
		if (s->places & PLACE_BIT(place))
			ret = place_alloc(s, slot, place);
	}
	return ret;
}

static void
slot_free(const struct stream *s, struct slot *slot)
{
	unsigned int place;

	for (place = PLACE_HOST_SRC; place < PLACE_MAX; place++) {
		if ((slot->places & PLACE_BIT(place)) == 0)
			continue;
		if (place == PLACE_TENSORS)
			model_inst_free(&slot->inst);
		else if (IS_HOST(place))
			(void)accel_buf_free(slot->buf[place]);
		else
			(void)accel_bank_free(s->dev_id, s->bank[place], slot->addr[place]);
	}
	memset(slot, 0, sizeof(*slot));
}

/* All slots or none. */
static int
try_alloc(struct stream *s)
{
	int ret = 0;

	s->slots = calloc(s->nb_slots, sizeof(*s->slots));
	if (s->slots == NULL)
		return -ENOMEM;
	while (ret == 0 && s->nb_alloc < s->nb_slots)
		ret = slot_alloc(s, &s->slots[s->nb_alloc++]);
	if (ret < 0)
		slots_free(s);
	return ret;
}

void
slots_free(struct stream *s)
{
	while (s->nb_alloc > 0)
		slot_free(s, &s->slots[--s->nb_alloc]);
	free(s->slots);
	s->slots = NULL;
}

/* Memory that was expected may be missing: half the slots are better than none. */
static int
alloc_or_less(struct stream *s)
{
	int ret;

	while ((ret = try_alloc(s)) < 0 && s->nb_slots > 1)
		s->nb_slots /= 2;
	return ret;
}

/* Slots for all that can be in flight. */
static uint64_t
wanted_slots(const struct stream *s, const struct device *dev)
{
	if (s->todo >= dev->depth)
		return dev->depth;
	return rte_align32pow2(RTE_MAX((uint32_t)s->todo, 1u));
}

static void
tell_reduced(const struct stream *s, const struct device *dev, uint16_t planned, uint64_t wanted)
{
	/* Plans are alike for all queue pairs. */
	if (s->nb_slots == planned && (s->qp_id > 0 || planned == wanted))
		return;
	printf("Device %s, queue %u%s: memory for %u ops in flight, not %" PRIu64 ".\n",
		dev->info.name, s->qp_id, s->nb_slots < planned ? "" : " and up", s->nb_slots,
		wanted);
}

int
slots_alloc(struct stream *s, const struct testpmd_conf *conf, const struct device *dev,
		uint64_t host_bytes)
{
	uint64_t slots, wanted = wanted_slots(s, dev);
	uint16_t planned;
	int ret;

	choose_banks(s, conf->mode, dev->info.nb_banks);
	slots = RTE_MIN(wanted, bank_slots(s, conf, dev));
	if (slots == 0)
		return EXIT_USAGE;
	slots = RTE_MIN(slots, host_slots(s, host_bytes));
	planned = (uint16_t)rte_align32prevpow2((uint32_t)slots);
	s->nb_slots = planned;
	ret = alloc_or_less(s);
	if (ret < 0) {
		testpmd_error("device %s queue %u: no memory for one op of %" PRIu64 " bytes: %s",
			dev->info.name, s->qp_id, s->size, accel_strerror(ret));
		return EXIT_FAILURE;
	}
	tell_reduced(s, dev, planned, wanted);
	return 0;
}
