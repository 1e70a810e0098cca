/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "telemetry.h"

#include <errno.h>
#include <stdio.h>

#include "xstats.h"

/* The commands "stats" and "xstats". */

struct qp_page {
	unsigned int n;
	uint16_t ids[TELE_PAGE_QPS];
	struct accel_qp_stats stats[TELE_PAGE_QPS];
};

static void
add_counters(struct rte_tel_data *dict, const struct accel_qp_stats *stats)
{
	rte_tel_data_add_dict_uint(dict, "enqueued", stats->enqueued);
	rte_tel_data_add_dict_uint(dict, "dequeued", stats->dequeued);
	rte_tel_data_add_dict_uint(dict, "errors", stats->errors);
	rte_tel_data_add_dict_uint(dict, "bytes", stats->bytes);
	rte_tel_data_add_dict_uint(dict, "rejected", stats->rejected);
}

static void
fill_qp(const void *ctx, unsigned int i, char *key, struct rte_tel_data *element)
{
	const struct qp_page *page = ctx;

	snprintf(key, TELE_KEY, "%u", page->ids[i]);
	add_counters(element, &page->stats[i]);
}

/* Those that are set up; where the next page begins. */
static uint64_t
copy_qps(const struct accel_dev_internal *slot, uint64_t first, struct qp_page *page)
{
	uint64_t i;

	page->n = 0;
	for (i = first; i < slot->data.nb_qps && page->n < TELE_PAGE_QPS; i++) {
		if (slot->qps[i] == NULL)
			continue;
		page->ids[page->n] = (uint16_t)i;
		qp_stats_read(slot, (uint16_t)i, &page->stats[page->n++]);
	}
	return i;
}

static int
add_qps(struct rte_tel_data *reply, const struct qp_page *qps, uint64_t *next)
{
	const struct tele_page page = {
		.name = "queue_pairs", .n = qps->n, .ctx = qps, .fill = fill_qp,
	};
	int n = tele_add_page(reply, &page);

	if (n >= 0 && (unsigned int)n < qps->n)
		*next = qps->ids[n];
	return n < 0 ? n : 0;
}

int
tele_stats(const char *cmd, const char *params, struct rte_tel_data *reply)
{
	struct accel_dev_internal *slot;
	struct accel_qp_stats sum;
	uint64_t first, next;
	struct qp_page qps;
	uint16_t nb_qps;
	int ret = tele_lock(params, &first, &slot);

	(void)cmd;
	if (ret != 0)
		return ret;
	xstats_sum(slot, &sum);
	nb_qps = slot->data.nb_qps;
	next = copy_qps(slot, first, &qps);
	dev_unlock(slot);
	rte_tel_data_start_dict(reply);
	add_counters(reply, &sum);
	ret = add_qps(reply, &qps, &next);
	if (ret == 0 && next < nb_qps)
		rte_tel_data_add_dict_uint(reply, "next", next);
	return ret;
}

int
tele_xstats(const char *cmd, const char *params, struct rte_tel_data *reply)
{
	struct accel_xstat_name names[TELE_PAGE_XSTATS];
	struct accel_xstat xstats[TELE_PAGE_XSTATS];
	struct xstats_part part = { .n = TELE_PAGE_XSTATS, .names = names, .xstats = xstats };
	struct accel_dev_internal *slot;
	struct rte_tel_data *dict;
	unsigned int i, total;
	uint64_t first;
	int ret = tele_lock(params, &first, &slot);

	(void)cmd;
	if (ret != 0)
		return ret;
	part.first = first < UINT16_MAX ? (unsigned int)first : UINT16_MAX;
	total = xstats_read(slot, &part);
	dev_unlock(slot);
	dict = tele_dict();
	if (dict == NULL)
		return -ENOMEM;
	/* A name that telemetry does not take is left out. */
	for (i = 0; i < part.n && part.first + i < total; i++)
		rte_tel_data_add_dict_uint(dict, names[i].name, xstats[i].value);
	rte_tel_data_start_dict(reply);
	rte_tel_data_add_dict_container(reply, "xstats", dict, 0);
	if (part.first + i < total)
		rte_tel_data_add_dict_uint(reply, "next", part.first + i);
	return 0;
}
