/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "telemetry.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_common.h>

#include <acceldev/accel_event.h>

/* Parameters, parts of replies, and the commands "list" and "info". */

/*
 * Parameters
 */

/* A number without sign and blanks: what follows it, or NULL. */
static const char *
parse_number(const char *text, uint64_t *value)
{
	int base = text[0] == '0' && (text[1] == 'x' || text[1] == 'X') ? 16 : 10;
	const char *digits = base == 16 ? text + 2 : text;
	char *end;

	if (base == 16 ? !isxdigit((unsigned char)digits[0]) : !isdigit((unsigned char)digits[0]))
		return NULL;
	errno = 0;
	*value = strtoull(digits, &end, base);
	return errno == 0 && end != digits ? end : NULL;
}

static bool
at_end(const char *text)
{
	/* Clients other than DPDK's own may send the end of a line. */
	return text[strspn(text, " \r\n")] == 0;
}

static int
parse_params(const char *params, uint64_t *dev_id, uint64_t *from)
{
	const char *text = params != NULL ? parse_number(params, dev_id) : NULL;

	if (text != NULL && text[0] == ',' && from != NULL)
		text = parse_number(text + 1, from);
	return text != NULL && at_end(text) ? 0 : -EINVAL;
}

int
tele_lock(const char *params, uint64_t *from, struct accel_dev_internal **slot)
{
	uint64_t dev_id;

	if (from != NULL)
		*from = 0;
	if (parse_params(params, &dev_id, from) != 0)
		return -EINVAL;
	*slot = dev_id < ACCEL_MAX_DEVS ? dev_lock_quiet((uint16_t)dev_id) : NULL;
	return *slot != NULL ? 0 : -ENODEV;
}

/*
 * Parts of replies
 */

struct rte_tel_data *
tele_dict(void)
{
	struct rte_tel_data *dict = rte_tel_data_alloc();

	if (dict != NULL)
		rte_tel_data_start_dict(dict);
	return dict;
}

void
tele_add_hex(struct rte_tel_data *dict, const char *name, uint64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "0x%" PRIx64, value);
	rte_tel_data_add_dict_string(dict, name, text);
}

static bool
add_element(struct rte_tel_data *dict, const struct tele_page *page, unsigned int i)
{
	struct rte_tel_data *element = tele_dict();
	char key[TELE_KEY];

	if (element == NULL)
		return false;
	page->fill(page->ctx, i, key, element);
	if (rte_tel_data_add_dict_container(dict, key, element, 0) == 0)
		return true;
	rte_tel_data_free(element);
	return false;
}

/*
 * EAL frees what is in a reply when it sends it, and not when a handler fails: an error after the
 * first element ends the page, and the next one begins there.
 */
int
tele_add_page(struct rte_tel_data *reply, const struct tele_page *page)
{
	struct rte_tel_data *dict = tele_dict();
	unsigned int i;

	if (dict == NULL)
		return -ENOMEM;
	for (i = 0; i < page->n && add_element(dict, page, i); i++)
		;
	if ((i == 0 && page->n != 0) ||
			rte_tel_data_add_dict_container(reply, page->name, dict, 0) != 0) {
		rte_tel_data_free(dict);
		return -ENOMEM;
	}
	return (int)i;
}

/*
 * Commands
 */

static int
tele_list(const char *cmd, const char *params, struct rte_tel_data *reply)
{
	int dev;

	(void)cmd;
	if (params != NULL && !at_end(params))
		return -EINVAL;
	rte_tel_data_start_array(reply, RTE_TEL_INT_VAL);
	for (dev = accel_dev_next(0); dev >= 0; dev = accel_dev_next((uint16_t)(dev + 1)))
		rte_tel_data_add_array_int(reply, dev);
	return 0;
}

static void
add_ops(struct rte_tel_data *reply, uint32_t op_types)
{
	char text[32];

	snprintf(text, sizeof(text), "%s%s%s",
			(op_types & ACCEL_OP_BIT(ACCEL_OP_COPY)) != 0 ? "copy " : "",
			(op_types & ACCEL_OP_BIT(ACCEL_OP_FILL)) != 0 ? "fill " : "",
			(op_types & ACCEL_OP_BIT(ACCEL_OP_RUN)) != 0 ? "run " : "");
	text[strlen(text) - (text[0] != 0)] = 0;
	rte_tel_data_add_dict_string(reply, "op_types", text);
}

static void
add_queue_pairs(struct rte_tel_data *reply, const struct accel_dev_info *info)
{
	rte_tel_data_add_dict_uint(reply, "max_qps", info->max_qps);
	rte_tel_data_add_dict_uint(reply, "nb_qps", info->nb_qps);
	rte_tel_data_add_dict_uint(reply, "min_depth", info->min_depth);
	rte_tel_data_add_dict_uint(reply, "max_depth", info->max_depth);
	rte_tel_data_add_dict_uint(reply, "nb_banks", info->nb_banks);
	add_ops(reply, info->op_types);
	rte_tel_data_add_dict_uint(reply, "max_op_len", info->max_op_len);
}

static void
add_space(struct rte_tel_data *reply, const struct accel_dev_info *info)
{
	rte_tel_data_add_dict_string(reply, "iova_mode",
			info->iova_mode == ACCEL_IOVA_VA ? "va" : "alloc");
	tele_add_hex(reply, "iova_first", info->iova_first);
	tele_add_hex(reply, "iova_last", info->iova_last);
	tele_add_hex(reply, "page_sizes", info->page_sizes);
	rte_tel_data_add_dict_uint(reply, "maps", info->maps);
	rte_tel_data_add_dict_uint(reply, "maps_left", info->maps_left);
	rte_tel_data_add_dict_uint(reply, "mapped_bytes", info->mapped_bytes);
	rte_tel_data_add_dict_uint(reply, "live_bufs", info->live_bufs);
	rte_tel_data_add_dict_uint(reply, "eal_bytes", info->eal_bytes);
	rte_tel_data_add_dict_uint(reply, "eal_missed", info->eal_missed);
}

static const char *
state_str(enum accel_dev_state state)
{
	static const char *const names[] = {
		[ACCEL_DEV_PROBED] = "probed",
		[ACCEL_DEV_CONFIGURED] = "configured",
		[ACCEL_DEV_STARTED] = "started",
		[ACCEL_DEV_STOPPED] = "stopped",
	};

	return names[state];
}

static int
tele_info(const char *cmd, const char *params, struct rte_tel_data *reply)
{
	struct accel_dev_internal *slot;
	struct accel_dev_info info;
	int ret = tele_lock(params, NULL, &slot);

	(void)cmd;
	if (ret != 0)
		return ret;
	dev_info_fill(slot, &info);
	dev_unlock(slot);
	rte_tel_data_start_dict(reply);
	rte_tel_data_add_dict_string(reply, "name", info.name);
	rte_tel_data_add_dict_string(reply, "driver", info.driver);
	rte_tel_data_add_dict_string(reply, "state", state_str(info.state));
	rte_tel_data_add_dict_string(reply, "health", accel_health_str(info.health));
	rte_tel_data_add_dict_int(reply, "socket", info.socket);
	add_queue_pairs(reply, &info);
	add_space(reply, &info);
	return 0;
}

static const struct {
	const char *cmd;
	telemetry_cb fn;
	const char *help;
} commands[] = {
	{ "/acceldev/list", tele_list, "Ids of open accelerators. Takes no parameters" },
	{ "/acceldev/info", tele_info, "What is known about a device. Parameters: int dev_id" },
	{ "/acceldev/stats", tele_stats, "Counters. Parameters: int dev_id[, first queue pair]" },
	{ "/acceldev/xstats", tele_xstats, "All statistics. Parameters: int dev_id[, first id]" },
	{ "/acceldev/maps", tele_maps, "What it reaches. Parameters: int dev_id[, first IOVA]" },
	{ "/acceldev/arenas", tele_arenas, "Memory. Parameters: none, or int dev_id[, first]" },
};

RTE_INIT(accel_telemetry_init)
{
	unsigned int i;
	int ret;

	for (i = 0; i < RTE_DIM(commands); i++) {
		ret = rte_telemetry_register_cmd(commands[i].cmd, commands[i].fn, commands[i].help);
		if (ret < 0)
			ACCEL_LOG(WARNING, device, "no telemetry command %s: EAL does not take it: %s; "
					"load fewer libraries that have such commands",
					commands[i].cmd, strerror(-ret));
	}
}
