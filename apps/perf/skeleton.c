/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
/* Experimental on 22.11, stable from 23.11. */
#ifndef ALLOW_EXPERIMENTAL_API
#define ALLOW_EXPERIMENTAL_API
#endif

#include <errno.h>
#include <stdio.h>

#include <rte_cycles.h>
#include <rte_dev.h>
#include <rte_dmadev.h>
#include <rte_eal.h>
#include <rte_lcore.h>

#include "skeleton.h"

#define SKELETON "dma_skeleton0"

/* Without another lcore its thread goes where EAL puts control threads. */
static void
thread_args(char *args, size_t len)
{
	unsigned int lcore = rte_get_next_lcore(rte_lcore_id(), 1, 0);

	args[0] = '\0';
	if (lcore < RTE_MAX_LCORE)
		snprintf(args, len, "lcore=%u", lcore);
}

static int
skeleton_start(int16_t id)
{
	struct rte_dma_conf conf = { .nb_vchans = 1 };
	struct rte_dma_vchan_conf vchan = {
		.direction = RTE_DMA_DIR_MEM_TO_MEM, .nb_desc = 256,
	};
	int ret;

	ret = rte_dma_configure(id, &conf);
	if (ret == 0)
		ret = rte_dma_vchan_setup(id, 0, &vchan);
	if (ret == 0)
		ret = rte_dma_start(id);
	return ret;
}

int
skeleton_open(struct skeleton *skel, const char **why)
{
	char args[32];
	int ret;

	if (rte_eal_iova_mode() != RTE_IOVA_VA) {
		*why = "dma_skeleton refuses IOVA mode PA; use --iova-mode=va";
		return -ENOTSUP;
	}
	thread_args(args, sizeof(args));
	ret = rte_eal_hotplug_add("vdev", SKELETON, args);
	if (ret != 0) {
		*why = "EAL cannot create vdev " SKELETON "; is its plug-in installed?";
		return ret;
	}
	skel->id = (int16_t)rte_dma_get_dev_id_by_name(SKELETON);
	ret = skel->id < 0 ? -ENODEV : skeleton_start(skel->id);
	if (ret != 0) {
		*why = SKELETON " does not start";
		rte_eal_hotplug_remove("vdev", SKELETON);
	}
	return ret;
}

void
skeleton_close(struct skeleton *skel)
{
	rte_dma_stop(skel->id);
	rte_eal_hotplug_remove("vdev", SKELETON);
}

/* Its thread may share our core: seconds may pass, but not for ever. */
static int
wait_done(int16_t id, uint16_t burst)
{
	uint64_t end = rte_rdtsc() + 2 * rte_get_tsc_hz();
	uint16_t done = 0, got;
	bool error = false;

	while (done < burst) {
		got = rte_dma_completed(id, 0, burst - done, NULL, &error);
		done += got;
		if (error || (got == 0 && rte_rdtsc() > end))
			return -EIO;
	}
	return 0;
}

static int
one_burst(const struct skeleton *skel)
{
	for (unsigned int i = 0; i < skel->burst; i++) {
		const struct copy_job *job = &skel->jobs[i];

		if (rte_dma_copy(skel->id, 0, (uintptr_t)job->src, (uintptr_t)job->dst,
				(uint32_t)job->len, 0) < 0)
			return -EIO;
	}
	if (rte_dma_submit(skel->id, 0) != 0)
		return -EIO;
	return wait_done(skel->id, (uint16_t)skel->burst);
}

uint64_t
skeleton_run(void *arg, uint64_t *n)
{
	const struct skeleton *skel = arg;
	uint64_t bursts = (*n + skel->burst - 1) / skel->burst;
	uint64_t start = rte_rdtsc();

	*n = bursts * skel->burst;
	for (; bursts > 0; bursts--)
		if (one_burst(skel) != 0)
			return 0;
	return rte_rdtsc() - start;
}
