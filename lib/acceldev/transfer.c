/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "transfer.h"

#include <errno.h>
#include <inttypes.h>

#include <rte_cycles.h>
#include <rte_pause.h>

#include "health.h"

/* Bytes that are copied before others may have the device's lock. */
#define ROUND ((uint64_t)64 << 20)
/* Bytes of an op: small beside a deadline that is meant for the application's ops. */
#define PIECE ((uint64_t)1 << 20)
/* Within this time, beside a deadline for ops if there is one, the device must show progress. */
#define PATIENCE_S 30
/* Between looks whether somebody else has got the lock. */
#define WAIT_US 10

static bool
needs_service(const struct accel_dev_internal *slot)
{
	bool beside = false;
	uint16_t i;

	for (i = 0; i < slot->nb_banks; i++)
		beside |= slot->banks[i].va == NULL;
	return beside && (slot->limits.op_types & ACCEL_OP_BIT(ACCEL_OP_COPY)) != 0;
}

static uint16_t
service_qp(const struct accel_dev_internal *slot)
{
	return slot->has_service ? slot->data.nb_qps : 0;
}

void
service_begin(struct accel_dev_internal *slot)
{
	slot->has_service = slot->limits.max_qps > 1 && needs_service(slot);
	if (slot->has_service)
		slot->limits.max_qps--;
}

void
service_lend(uint16_t dev_id)
{
	struct accel_dev_internal *slot = dev_lock_quiet(dev_id);

	if (slot == NULL)
		return;
	slot->lends_service = slot->limits.max_qps == 1 && needs_service(slot);
	dev_unlock(slot);
}

int
service_setup(struct accel_dev_internal *slot)
{
	struct accel_qp_conf conf = { .size = sizeof(conf), .depth = SERVICE_OPS,
		.socket = slot->data.socket };
	unsigned int i;

	/* Queue pairs are empty at a start: those that were given up do not come back. */
	for (i = 0; i < SERVICE_OPS; i++)
		slot->service.idle[i] = &slot->service.ops[i];
	slot->service.nb_idle = SERVICE_OPS;
	if (!slot->has_service || slot->qps[slot->data.nb_qps] != NULL)
		return 0;
	if (conf.depth < slot->limits.min_depth)
		conf.depth = slot->limits.min_depth;
	if (conf.depth > slot->limits.max_depth)
		conf.depth = slot->limits.max_depth;
	return dev_setup_qp(slot, slot->data.nb_qps, &conf);
}

/*
 * A round. The device's lock is held, so the queue pair is used by one thread at a time.
 */

struct round {
	struct accel_dev_internal *slot;
	const struct transfer *transfer;
	uint64_t sent;
	uint64_t len;
	unsigned int in_flight;
	enum accel_status status; /* of the first op that failed */
};

static uint64_t
piece_of(const struct round *round)
{
	uint64_t most = round->slot->limits.max_op_len;
	uint64_t left = round->len - round->sent;

	if (most > PIECE)
		most = PIECE;
	return left < most ? left : most;
}

/* Whether the device took an op. */
static bool
send(struct round *round)
{
	const struct transfer *t = round->transfer;
	struct accel_dev_internal *slot = round->slot;
	struct service *service = &slot->service;
	struct accel_op *op = service->idle[service->nb_idle - 1];

	*op = (struct accel_op){
		.type = ACCEL_OP_COPY,
		.src_space = t->src_space,
		.dst_space = t->dst_space,
		.src = t->src + round->sent,
		.dst = t->dst + round->sent,
		.len = piece_of(round),
		.user_data = service->turn,
	};
	if (fp_enqueue(slot, service_qp(slot), &op, 1) == 0)
		return false;
	service->nb_idle--;
	round->sent += op->len;
	round->in_flight++;
	return true;
}

/* How many ops came back. One that an earlier round gave up may be among them. */
static unsigned int
receive(struct round *round)
{
	struct accel_dev_internal *slot = round->slot;
	struct service *service = &slot->service;
	struct accel_op *ops[SERVICE_OPS];
	uint16_t i, n = fp_dequeue(slot, service_qp(slot), ops, SERVICE_OPS);

	for (i = 0; i < n; i++) {
		service->idle[service->nb_idle++] = ops[i];
		if (ops[i]->user_data != service->turn)
			continue;
		round->in_flight--;
		if (round->status == ACCEL_STATUS_SUCCESS)
			round->status = (enum accel_status)ops[i]->status;
	}
	return n;
}

static bool
is_over(const struct round *round)
{
	return round->in_flight == 0 &&
			(round->sent == round->len || round->status != ACCEL_STATUS_SUCCESS);
}

static uint64_t
patience(const struct accel_dev_internal *slot)
{
	uint64_t us = PATIENCE_S * UINT64_C(1000000) + slot->data.deadline_us;

	return us * rte_get_tsc_hz() / 1000000;
}

/*
 * Whether the device has failed and writes no memory any more: what comes back comes at once then.
 */
static bool
has_failed(const struct accel_dev_internal *slot)
{
	return health_get(slot) != ACCEL_DEV_READY && __atomic_load_n(&slot->quiet, __ATOMIC_ACQUIRE);
}

/* Until no op is in flight, or the device does nothing more. */
static int
exchange(struct round *round)
{
	struct accel_dev_internal *slot = round->slot;
	uint64_t limit = patience(slot);
	uint64_t since = rte_rdtsc();
	bool taken, failed;

	while (!is_over(round)) {
		failed = has_failed(slot);
		taken = true;
		while (taken && round->sent < round->len && slot->service.nb_idle != 0 &&
				round->status == ACCEL_STATUS_SUCCESS)
			taken = send(round);
		if (receive(round) != 0)
			since = rte_rdtsc();
		else if (failed)
			return health_get(slot) == ACCEL_DEV_ERROR ? -EIO : -ENODEV;
		else if (rte_rdtsc() - since > limit)
			return -ETIMEDOUT;
		else
			rte_pause();
	}
	return 0;
}

static int
status_to_errno(enum accel_status status)
{
	switch (status) {
	case ACCEL_STATUS_SUCCESS:
		return 0;
	case ACCEL_STATUS_REMOVED:
		return -ENODEV;
	case ACCEL_STATUS_ABORTED:
		return -ECANCELED;
	case ACCEL_STATUS_DEADLINE:
		return -ETIMEDOUT;
	default:
		return -EIO;
	}
}

static int
run_round(struct accel_dev_internal *slot, const struct transfer *transfer)
{
	struct round round = { .slot = slot, .transfer = transfer, .len = transfer->len };
	const char *why;
	int ret;

	slot->service.turn++;
	ret = exchange(&round);
	why = round.in_flight != 0 ? "ops did not come back" : "no ops are taken";
	if (ret == -ETIMEDOUT) {
		/*
		 * Only a device that has failed writes no memory any more, which the caller relies
		 * on.
		 */
		health_fail(slot);
		(void)receive(&round);
	}
	if (ret == 0) {
		why = accel_status_str(round.status);
		ret = status_to_errno(round.status);
	}
	if (ret != 0)
		ACCEL_LOG(ERR, buffer, "%s: %" PRIu64 " bytes were not copied between a buffer's view and "
				"its bank: %s (%s); see the device's health", slot->data.name,
				transfer->len, accel_strerror(ret), why);
	return ret;
}

/*
 * Rounds
 */

static int
check_device(const struct accel_dev_internal *slot, bool began)
{
	const char *name = slot->data.name;

	if (!slot->has_service && !slot->lends_service) {
		ACCEL_LOG(ERR, buffer, "%s: has no queue pair to spare, or makes no copies: copy between a "
				"buffer's view and its bank with ops of your own", name);
		return -ENOTSUP;
	}
	if (slot->data.state == ACCEL_DEV_STARTED)
		return 0;
	ACCEL_LOG(ERR, buffer, "%s: %s: start it to copy between a buffer's view and its bank", name,
			began ? "was stopped meanwhile" : "is not started");
	return began ? -ECANCELED : -EPERM;
}

/*
 * After a long round, who waits for the lock gets it: a mutex is most often had again by the thread
 * that has just released it.
 */
static void
let_others_in(struct accel_dev_internal *slot)
{
	uint32_t seen = __atomic_load_n(&slot->entries, __ATOMIC_RELAXED);

	while (__atomic_load_n(&slot->waiting, __ATOMIC_RELAXED) != 0 &&
			__atomic_load_n(&slot->entries, __ATOMIC_RELAXED) == seen)
		rte_delay_us_sleep(WAIT_US);
}

int
transfer_run(uint16_t dev_id, const struct transfer *transfer)
{
	struct transfer part = *transfer;
	uint64_t done;
	int ret = 0;

	if (dev_slots[dev_id].process != dev_process()) {
		ACCEL_LOG(ERR, buffer, "device %u is the parent's: copy between a buffer's view and its bank "
				"in the process that opened it", dev_id);
		return -EPERM;
	}
	for (done = 0; done < transfer->len && ret == 0; done += part.len) {
		struct accel_dev_internal *slot = dev_lock(dev_id);

		if (slot == NULL)
			return -ENODEV;
		part.src = transfer->src + done;
		part.dst = transfer->dst + done;
		part.len = transfer->len - done < ROUND ? transfer->len - done : ROUND;
		ret = check_device(slot, done != 0);
		if (ret == 0)
			ret = run_round(slot, &part);
		dev_unlock(slot);
		if (part.len > PIECE)
			let_others_in(slot);
	}
	return ret;
}
