/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef TELEMETRY_H
#define TELEMETRY_H

/**
 * @file
 * Telemetry: answers to clients of EAL's telemetry socket. doc/telemetry.md tells what they say.
 *
 * Handlers run on threads of EAL, one per client. They copy what they need under the lock of a
 * device and make the reply without it. What a client got wrong is an error reply, and nothing is
 * logged.
 *
 * A reply has at most 16 KiB, and EAL leaves out in silence what goes beyond: whatever can be long
 * is given in pages, whose lengths are chosen for the longest numbers.
 */

#include <stdbool.h>
#include <stdint.h>

#include <rte_telemetry.h>

#include <eal_glue/compat.h>

#include "dev_slot.h"

/** Elements of a page: 170 bytes or less each, 100, 90 and 330. */
#define TELE_PAGE_QPS    64
#define TELE_PAGE_MAPS   128
#define TELE_PAGE_XSTATS 160
#define TELE_PAGE_ARENAS 32

/**
 * The device of the parameters "N" or "N,FROM", locked.
 *
 * @param[out] from  where the page begins: decimal or 0x...; 0 when it is not given. NULL when the
 *                   command knows no such parameter
 * @return 0, -EINVAL, or -ENODEV when no device N is open; nothing is logged
 */
int tele_lock(const char *params, uint64_t *from, struct accel_dev_internal **slot);

/** An empty dictionary; NULL when there is no memory. */
struct rte_tel_data *tele_dict(void);

/** Add an address to a dictionary: a string in hexadecimal, as JSON readers round large numbers. */
void tele_add_hex(struct rte_tel_data *dict, const char *name, uint64_t value);

/** Characters of an element's name, with the final 0. */
#define TELE_KEY 24

/** One page of elements, each of them a dictionary. */
struct tele_page {
	const char *name; /* of the page in the reply */
	unsigned int n;
	const void *ctx;
	/** Fill in the i-th element and its name. */
	void (*fill)(const void *ctx, unsigned int i, char *key, struct rte_tel_data *element);
};

/** Add a page to a reply: how many of its elements, at least one, or -ENOMEM. */
int tele_add_page(struct rte_tel_data *reply, const struct tele_page *page);

/** Handlers of the commands; of rte_telemetry_register_cmd(). */
int tele_stats(const char *cmd, const char *params, struct rte_tel_data *reply);
int tele_xstats(const char *cmd, const char *params, struct rte_tel_data *reply);
int tele_maps(const char *cmd, const char *params, struct rte_tel_data *reply);
int tele_arenas(const char *cmd, const char *params, struct rte_tel_data *reply);

#endif
