/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "vta_core.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "vta_exec.h"

#define NONE       UINT32_MAX
#define PAGE       4096 /* the smallest page of an IOMMU: memory is mapped in whole ones */
#define STEP_UNITS 4096
#define STEP_INSNS 1024 /* that are fetched */

/* Ways of tokens by queue; flags for those that are not there do not pass vta_check(). */
static const enum vta_edge pop_prev_from[] = { [VTA_QUEUE_COMPUTE] = VTA_LOAD_TO_COMPUTE,
	[VTA_QUEUE_STORE] = VTA_COMPUTE_TO_STORE };
static const enum vta_edge pop_next_from[] = { [VTA_QUEUE_LOAD] = VTA_COMPUTE_TO_LOAD,
	[VTA_QUEUE_COMPUTE] = VTA_STORE_TO_COMPUTE };
static const enum vta_edge push_prev_to[] = { [VTA_QUEUE_COMPUTE] = VTA_COMPUTE_TO_LOAD,
	[VTA_QUEUE_STORE] = VTA_STORE_TO_COMPUTE };
static const enum vta_edge push_next_to[] = { [VTA_QUEUE_LOAD] = VTA_LOAD_TO_COMPUTE,
	[VTA_QUEUE_COMPUTE] = VTA_COMPUTE_TO_STORE };

int
vta_core_dma(const struct vta_core *core, uint64_t *addr, void *data, uint32_t len, bool write)
{
	const struct vta_dma *dma = &core->dma;
	unsigned char *at = data;
	uint32_t n;
	int ret;

	for (; len > 0; *addr += n, at += n, len -= n) {
		n = PAGE - (uint32_t)(*addr % PAGE);
		if (n > len)
			n = len;
		ret = write ? dma->write(dma->ctx, *addr, at, n) :
				dma->read(dma->ctx, *addr, at, n);
		if (ret != 0)
			return ret;
	}
	return 0;
}

/*
 * The end of a program
 */

static void
end(struct vta_core *core, enum npu_error error, uint32_t insn)
{
	unsigned int q;

	core->state = VTA_IDLE;
	core->error = error;
	core->error_insn = error == NPU_ERROR_NONE ? 0 : insn;
	core->cycles = 0;
	for (q = 0; q < VTA_QUEUES; q++) {
		if (core->queues[q].cycle > core->cycles)
			core->cycles = core->queues[q].cycle;
	}
}

/*
 * Fetch: the whole program, each instruction checked, before anything of it runs
 */

static void
append(struct vta_core *core, uint32_t number)
{
	unsigned int q = vta_queue_of(&core->slots[number].insn);

	core->slots[number].next = NONE;
	if (core->queues[q].head == NONE)
		core->queues[q].head = number;
	else
		core->slots[core->queues[q].tail].next = number;
	core->queues[q].tail = number;
}

static bool
take(struct vta_core *core, uint32_t number, const struct vta_insn *insn)
{
	bool is_last = number == core->job.count - 1;
	enum npu_error error = vta_check(insn);

	if (error == NPU_ERROR_NONE && (VTA_OPCODE(insn) == VTA_FINISH) != is_last)
		error = NPU_ERROR_DEADLOCK;
	if (error != NPU_ERROR_NONE) {
		end(core, error, number);
		return false;
	}
	core->slots[number].insn = *insn;
	append(core, number);
	return true;
}

static void
fetch(struct vta_core *core)
{
	struct vta_insn insns[STEP_INSNS];
	uint32_t i, n = core->job.count - core->fetched;
	uint64_t from = core->job.insns + core->fetched * sizeof(insns[0]), addr = from;
	int ret;

	if (n > STEP_INSNS)
		n = STEP_INSNS;
	ret = vta_core_dma(core, &addr, insns, n * (uint32_t)sizeof(insns[0]), false);
	n = (uint32_t)(addr - from) / sizeof(insns[0]);
	for (i = 0; i < n; i++) {
		if (!take(core, core->fetched + i, &insns[i]))
			return;
	}
	core->fetched += n;
	if (ret != 0)
		end(core, NPU_ERROR_FETCH, core->fetched);
	else if (core->fetched == core->job.count)
		core->state = VTA_RUNNING;
}

/*
 * Tokens
 */

static bool
has_token(const struct vta_core *core, enum vta_edge edge)
{
	return core->edges[edge].pushed != core->edges[edge].popped;
}

static bool
is_ready(const struct vta_core *core, unsigned int q)
{
	const struct vta_insn *insn = &core->slots[core->queues[q].head].insn;

	return (VTA_POP_PREV(insn) == 0 || has_token(core, pop_prev_from[q])) &&
			(VTA_POP_NEXT(insn) == 0 || has_token(core, pop_next_from[q]));
}

static void
pop(struct vta_core *core, unsigned int q, enum vta_edge edge)
{
	uint64_t cycle = core->slots[core->edges[edge].popped++].token[edge];

	if (core->queues[q].cycle < cycle)
		core->queues[q].cycle = cycle;
}

static void
push(struct vta_core *core, unsigned int q, enum vta_edge edge)
{
	core->slots[core->edges[edge].pushed++].token[edge] = core->queues[q].cycle;
}

/*
 * Run
 */

/* The lowest number at the head of a queue, of those that are ready or of all; NONE without one. */
static uint32_t
lowest_head(const struct vta_core *core, bool ready, enum vta_queue *queue)
{
	uint32_t lowest = NONE;
	unsigned int q;

	for (q = 0; q < VTA_QUEUES; q++) {
		uint32_t head = core->queues[q].head;

		if (head < lowest && (!ready || is_ready(core, q))) {
			lowest = head;
			*queue = (enum vta_queue)q;
		}
	}
	return lowest;
}

static bool
begin_insn(struct vta_core *core)
{
	uint32_t number = lowest_head(core, true, &core->queue);
	const struct vta_insn *insn;

	if (number == NONE) {
		number = lowest_head(core, false, &core->queue);
		end(core, number == NONE ? NPU_ERROR_NONE : NPU_ERROR_DEADLOCK, number);
		return false;
	}
	insn = &core->slots[number].insn;
	if (VTA_POP_PREV(insn) != 0)
		pop(core, core->queue, pop_prev_from[core->queue]);
	if (VTA_POP_NEXT(insn) != 0)
		pop(core, core->queue, pop_next_from[core->queue]);
	core->busy = true;
	return true;
}

static void
end_insn(struct vta_core *core, const struct vta_insn *insn)
{
	unsigned int q = core->queue;

	core->queues[q].cycle += vta_cost(insn);
	if (VTA_PUSH_PREV(insn) != 0)
		push(core, q, push_prev_to[q]);
	if (VTA_PUSH_NEXT(insn) != 0)
		push(core, q, push_next_to[q]);
	core->queues[q].head = core->slots[core->queues[q].head].next;
	core->busy = false;
}

static void
run(struct vta_core *core)
{
	int32_t units = STEP_UNITS;

	while (units > 0) {
		uint32_t number;
		enum npu_error error;

		if (!core->busy && !begin_insn(core))
			return;
		number = core->queues[core->queue].head;
		error = vta_exec(core, &core->slots[number].insn, &units);
		if (error != NPU_ERROR_NONE) {
			end(core, error, number);
			return;
		}
		if (!core->loop.on)
			end_insn(core, &core->slots[number].insn);
	}
}

bool
vta_core_step(struct vta_core *core)
{
	if (core->state == VTA_FETCHING)
		fetch(core);
	else if (core->state == VTA_RUNNING)
		run(core);
	return core->state != VTA_IDLE;
}

/*
 * Launch
 */

static bool
job_is_good(const struct vta_job *job)
{
	return job->count > 0 && job->count <= NPU_MAX_INSNS &&
			job->insns % sizeof(struct vta_insn) == 0 &&
			job->insns <= UINT64_MAX - job->count * sizeof(struct vta_insn);
}

/* Of memory for a long program only what it uses is ever touched. */
static bool
reserve(struct vta_core *core, uint32_t count)
{
	if (count <= core->nb_slots)
		return true;
	free(core->slots);
	core->slots = malloc(count * sizeof(*core->slots));
	core->nb_slots = core->slots != NULL ? count : 0;
	return core->slots != NULL;
}

static void
clear(struct vta_core *core)
{
	unsigned int q;

	core->state = VTA_IDLE;
	core->busy = false;
	core->loop.on = false;
	core->fetched = 0;
	core->acc_writes = 0;
	memset(core->edges, 0, sizeof(core->edges));
	for (q = 0; q < VTA_QUEUES; q++) {
		core->queues[q].head = NONE;
		core->queues[q].cycle = 0;
	}
}

void
vta_core_launch(struct vta_core *core, const struct vta_job *job)
{
	clear(core);
	core->job = *job;
	core->state = VTA_FETCHING;
	if (!job_is_good(job) || !reserve(core, job->count))
		end(core, NPU_ERROR_FETCH, 0);
}

void
vta_core_reset(struct vta_core *core)
{
	clear(core);
	core->error = NPU_ERROR_NONE;
	core->error_insn = 0;
	core->cycles = 0;
	memset(core->sram, 0, sizeof(*core->sram));
}

int
vta_core_init(struct vta_core *core, const struct vta_dma *dma)
{
	memset(core, 0, sizeof(*core));
	core->dma = *dma;
	core->sram = aligned_alloc(64, (sizeof(*core->sram) + 63) / 64 * 64);
	if (core->sram == NULL)
		return -ENOMEM;
	vta_core_reset(core);
	return 0;
}

void
vta_core_fini(struct vta_core *core)
{
	free(core->slots);
	free(core->sram);
}
