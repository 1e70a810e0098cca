/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef COMPAT_H
#define COMPAT_H

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>

#include <rte_lcore.h>
#include <rte_thread.h>
#include <rte_version.h>

/**
 * @file
 * What differs between DPDK 22.11 and 25.11.
 */

/* rte_ctrl_thread_create() gave way to rte_thread_create_control() in 23.07, and went in 23.11. */

struct compat_thread {
	uint32_t (*run)(void *arg);
	void *arg;
};

static inline void *
compat_thread_run(void *arg)
{
	struct compat_thread start = *(struct compat_thread *)arg;

	free(arg);
	start.run(start.arg);
	return NULL;
}

/**
 * Make a thread that runs where EAL has its control threads, not on an lcore: 0 or negative errno.
 */
static inline int
compat_ctrl_thread(pthread_t *thread, const char *name, uint32_t (*run)(void *arg), void *arg)
{
#if RTE_VERSION >= RTE_VERSION_NUM(23, 11, 0, 0)
	rte_thread_t id;
	int ret = rte_thread_create_control(&id, name, run, arg);

	(void)compat_thread_run;
	*thread = (pthread_t)id.opaque_id;
	return ret < 0 ? ret : -ret;
#else
	struct compat_thread *start = (struct compat_thread *)malloc(sizeof(*start));
	int ret;

	if (start == NULL)
		return -ENOMEM;
	*start = (struct compat_thread){ run, arg };
	ret = rte_ctrl_thread_create(thread, name, NULL, compat_thread_run, start);
	if (ret != 0)
		free(start);
	return ret < 0 ? ret : -ret;
#endif
}

/* Unsigned numbers of telemetry were called u64 before 23.03; these names were gone by 25.11. */
#if RTE_VERSION < RTE_VERSION_NUM(23, 3, 0, 0)
#define rte_tel_data_add_dict_uint rte_tel_data_add_dict_u64
#endif

#endif
