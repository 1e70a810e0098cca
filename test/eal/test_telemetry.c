/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Telemetry by its socket: what the commands say, beside what the calls of the API say.
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <rte_common.h>

#include <acceldev/acceldev.h>
#include <devmodel/devmodel.h>

#include "eal_main.h"
#include "soft_dev.h"
#include "tele_client.h"

/*
 * Commands
 */

static const char *const commands[] = {
	"/acceldev/list", "/acceldev/info", "/acceldev/stats", "/acceldev/xstats",
	"/acceldev/maps", "/acceldev/arenas",
};

static bool
has_text(struct json_object *array, const char *text)
{
	size_t i;

	for (i = 0; i < json_object_array_length(array); i++) {
		if (strcmp(json_object_get_string(json_object_array_get_idx(array, i)), text) == 0)
			return true;
	}
	return false;
}

static void
commands_are_known(void)
{
	struct json_object *all = tele_ask("/"), *help;
	unsigned int i;

	for (i = 0; i < RTE_DIM(commands); i++) {
		CU_ASSERT(has_text(all, commands[i]));
		help = tele_ask("/help,%s", commands[i]);
		CU_ASSERT(strlen(json_object_to_json_string(help)) > strlen(commands[i]) + 10);
		json_object_put(help);
	}
	json_object_put(all);
}

static void
expect_list(const int *ids, size_t n)
{
	struct json_object *list = tele_ask("/acceldev/list");
	size_t i;

	CU_ASSERT_EQUAL_FATAL(json_object_array_length(list), n);
	for (i = 0; i < n; i++)
		CU_ASSERT_EQUAL(json_object_get_int(json_object_array_get_idx(list, i)), ids[i]);
	json_object_put(list);
}

static void
list(void)
{
	int ids[2];

	expect_list(NULL, 0);
	ids[0] = soft_open("soft:0");
	expect_list(ids, 1);
	ids[1] = soft_open("sim:edu");
	expect_list(ids, 2);
	soft_close((uint16_t)ids[0]);
	expect_list(&ids[1], 1);
	soft_close((uint16_t)ids[1]);
	expect_list(NULL, 0);
}

static void
expect_info(uint16_t dev, const char *state, const char *ops)
{
	struct json_object *reply = tele_ask("/acceldev/info,%u", dev);
	struct accel_dev_info info = soft_info(dev);

	CU_ASSERT_STRING_EQUAL(tele_text(reply, "name"), info.name);
	CU_ASSERT_STRING_EQUAL(tele_text(reply, "driver"), info.driver);
	CU_ASSERT_STRING_EQUAL(tele_text(reply, "state"), state);
	CU_ASSERT_STRING_EQUAL(tele_text(reply, "op_types"), ops);
	CU_ASSERT_STRING_EQUAL(tele_text(reply, "iova_mode"),
			info.iova_mode == ACCEL_IOVA_VA ? "va" : "alloc");
	CU_ASSERT_EQUAL(json_object_get_int(tele_member(reply, "socket")), info.socket);
	CU_ASSERT_EQUAL(tele_uint(reply, "max_qps"), info.max_qps);
	CU_ASSERT_EQUAL(tele_uint(reply, "nb_qps"), info.nb_qps);
	CU_ASSERT_EQUAL(tele_uint(reply, "min_depth"), info.min_depth);
	CU_ASSERT_EQUAL(tele_uint(reply, "max_depth"), info.max_depth);
	CU_ASSERT_EQUAL(tele_uint(reply, "nb_banks"), info.nb_banks);
	CU_ASSERT_EQUAL(tele_uint(reply, "max_op_len"), info.max_op_len);
	CU_ASSERT_EQUAL(tele_hex(reply, "iova_first"), info.iova_first);
	CU_ASSERT_EQUAL(tele_hex(reply, "iova_last"), info.iova_last);
	CU_ASSERT_EQUAL(tele_hex(reply, "page_sizes"), info.page_sizes);
	CU_ASSERT_EQUAL(tele_uint(reply, "maps"), info.maps);
	CU_ASSERT_EQUAL(tele_uint(reply, "maps_left"), info.maps_left);
	CU_ASSERT_EQUAL(tele_uint(reply, "mapped_bytes"), info.mapped_bytes);
	CU_ASSERT_EQUAL(tele_uint(reply, "live_bufs"), info.live_bufs);
	CU_ASSERT_EQUAL(tele_uint(reply, "eal_bytes"), info.eal_bytes);
	CU_ASSERT_EQUAL(tele_uint(reply, "eal_missed"), info.eal_missed);
	CU_ASSERT_STRING_EQUAL(tele_text(reply, "health"), accel_health_str(info.health));
	json_object_put(reply);
}

static void
info(void)
{
	uint16_t soft = soft_open("soft:0,banks=3"), edu = soft_open("sim:edu,iova=alloc,maps=9");
	uint16_t npu = soft_open("sim:npu");
	struct accel_buf *buf;

	expect_info(soft, "probed", "copy fill");
	expect_info(edu, "probed", "copy");
	expect_info(npu, "probed", "copy fill run");
	soft_close(npu);
	CU_ASSERT_EQUAL_FATAL(accel_buf_alloc(edu, 5000, 0, 0, &buf), 0);
	soft_run(soft, 5, 0, 0);
	expect_info(soft, "started", "copy fill");
	expect_info(edu, "probed", "copy");
	CU_ASSERT_EQUAL(accel_dev_stop(soft), 0);
	expect_info(soft, "stopped", "copy fill");
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	soft_close(edu);
	soft_close(soft);
}

/* The event comes by another thread. */
static void
health(void)
{
	uint16_t dev = soft_open("sim:edu");
	struct json_object *reply;
	unsigned int ms;

	CU_ASSERT_EQUAL(devmodel_inject("edu", DEVMODEL_ERROR), 0);
	for (ms = 0; soft_info(dev).health == ACCEL_DEV_READY && ms < 10000; ms++)
		usleep(1000);
	reply = tele_ask("/acceldev/info,%u", dev);
	CU_ASSERT_STRING_EQUAL(tele_text(reply, "health"), "error");
	json_object_put(reply);
	soft_close(dev);
}

/*
 * Counters
 */

static void
expect_counters(struct json_object *dict, const struct accel_qp_stats *stats)
{
	CU_ASSERT_EQUAL(tele_uint(dict, "enqueued"), stats->enqueued);
	CU_ASSERT_EQUAL(tele_uint(dict, "dequeued"), stats->dequeued);
	CU_ASSERT_EQUAL(tele_uint(dict, "errors"), stats->errors);
	CU_ASSERT_EQUAL(tele_uint(dict, "bytes"), stats->bytes);
	CU_ASSERT_EQUAL(tele_uint(dict, "rejected"), stats->rejected);
}

static void
use_queue(uint16_t dev, uint16_t qp, unsigned int n)
{
	struct accel_op op = { .type = ACCEL_OP_COPY, .len = 0 }, *list[1] = { &op };

	while (n-- > 0) {
		CU_ASSERT_EQUAL_FATAL(accel_enqueue_burst(dev, qp, list, 1), 1);
		CU_ASSERT_EQUAL_FATAL(accel_dequeue_burst(dev, qp, list, 1), 1);
	}
}

static void
stats(void)
{
	struct accel_dev_conf conf = { .size = sizeof(conf), .nb_qps = 3 };
	const struct accel_qp_stats sum = { .enqueued = 10, .dequeued = 10, .errors = 10 };
	struct accel_qp_stats of_qp;
	uint16_t dev = soft_open("soft:0");
	struct json_object *reply, *qps;

	reply = tele_ask("/acceldev/stats,%u", dev);
	CU_ASSERT_EQUAL(json_object_object_length(tele_member(reply, "queue_pairs")), 0);
	json_object_put(reply);
	soft_run(dev, 2, 0, 0);
	use_queue(dev, 0, 3);
	use_queue(dev, 1, 7);
	reply = tele_ask("/acceldev/stats,%u", dev);
	expect_counters(reply, &sum);
	qps = tele_member(reply, "queue_pairs");
	CU_ASSERT_EQUAL(json_object_object_length(qps), 2);
	CU_ASSERT_EQUAL(accel_qp_stats_get(dev, 1, &of_qp), 0);
	CU_ASSERT_EQUAL(of_qp.enqueued, 7);
	expect_counters(tele_member(qps, "1"), &of_qp);
	CU_ASSERT(!json_object_object_get_ex(reply, "next", NULL));
	json_object_put(reply);
	/* Queue pairs that are not set up are not told of. */
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	CU_ASSERT_EQUAL(accel_dev_configure(dev, &conf), 0);
	CU_ASSERT_EQUAL(accel_qp_setup(dev, 1, NULL), 0);
	reply = tele_ask("/acceldev/stats,%u", dev);
	qps = tele_member(reply, "queue_pairs");
	CU_ASSERT_EQUAL(json_object_object_length(qps), 1);
	CU_ASSERT_EQUAL(tele_uint(tele_member(qps, "1"), "enqueued"), 0);
	json_object_put(reply);
	soft_close(dev);
}

/* The library's own queue pair is nobody's business. */
static void
stats_of_a_device_with_banks(void)
{
	const struct accel_qp_stats none = { 0 };
	uint16_t dev = soft_open("soft:0,banks=1");
	struct json_object *reply, *qps;
	struct accel_buf *buf = NULL;

	soft_run(dev, 2, 0, 0);
	CU_ASSERT_EQUAL_FATAL(accel_buf_alloc(dev, 100, 0, ACCEL_BUF_BANK(0), &buf), 0);
	CU_ASSERT_EQUAL(accel_buf_sync(buf, 0, 0, ACCEL_SYNC_TO_DEVICE), 0);
	expect_info(dev, "started", "copy fill");
	reply = tele_ask("/acceldev/stats,%u", dev);
	expect_counters(reply, &none);
	qps = tele_member(reply, "queue_pairs");
	CU_ASSERT_EQUAL(json_object_object_length(qps), 2);
	json_object_put(reply);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	soft_close(dev);
}

/*
 * What clients get wrong
 */

static const char *const bad_params[] = {
	"", ",", ",,", ",x", ",-1", ",+0", ", 0", ",0x", ",64", ",65535", ",65536", ",4294967296",
	",18446744073709551615", ",18446744073709551616", ",99999999999999999999999999", ",0,",
	",0,,", ",0,x", ",0,-1", ",0,0x", ",0,0xg", ",0,18446744073709551616", ",0,0,0", ",0 0", ",a",
	",0;", ",0,1e3", ",0.0", ",%s%n", ",\xff\xfe", ",0,ff", ",0\t", ",1", ",63,0",
};

/* The list, and all arenas, are asked for without parameters. */
static bool
is_good(const char *command, const char *params)
{
	return (params[0] == 0 || strcmp(params, ",") == 0) &&
			(strcmp(command, "/acceldev/list") == 0 ||
			strcmp(command, "/acceldev/arenas") == 0);
}

static void
ask_badly(const char *params)
{
	static char reply[TELE_MAX_REPLY + 1];
	char command[128], expected[160];
	unsigned int i;
	int sock = tele_connect();

	CU_ASSERT_FATAL(sock >= 0);
	for (i = 0; i < RTE_DIM(commands); i++) {
		if (is_good(commands[i], params))
			continue;
		snprintf(command, sizeof(command), "%s%s", commands[i], params);
		snprintf(expected, sizeof(expected), "{\"%s\":null}", commands[i]);
		CU_ASSERT_FATAL(tele_send(sock, command, reply) > 0);
		CU_ASSERT_STRING_EQUAL(reply, expected);
	}
	close(sock);
}

static void
garbage(void)
{
	uint16_t dev = soft_open("soft:0");
	unsigned int i;

	CU_ASSERT_EQUAL(dev, 0);
	soft_log_begin();
	for (i = 0; i < RTE_DIM(bad_params); i++)
		ask_badly(bad_params[i]);
	CU_ASSERT_EQUAL(soft_log_end(), 0);
	expect_list((const int[]){ 0 }, 1);
	soft_close(dev);
	soft_log_begin();
	ask_badly(",0");
	CU_ASSERT_EQUAL(soft_log_end(), 0);
}

/* A command as long as EAL reads at once, and one longer. */
static void
long_parameters(void)
{
	static const size_t lens[] = { 900, 1023, 1024, 3000 };
	static char command[4096], reply[TELE_MAX_REPLY + 1];
	int sock = tele_connect();
	unsigned int i;

	CU_ASSERT_FATAL(sock >= 0);
	for (i = 0; i < RTE_DIM(lens); i++) {
		memset(command, '0', lens[i]);
		memcpy(command, "/acceldev/maps,", 15);
		command[lens[i]] = 0;
		CU_ASSERT_FATAL(tele_send(sock, command, reply) > 0);
		CU_ASSERT_STRING_EQUAL(reply, "{\"/acceldev/maps\":null}");
	}
	close(sock);
}

/* What a shell's echo or a Windows terminal adds. */
static void
end_of_line(void)
{
	uint16_t dev = soft_open("soft:0");
	struct json_object *reply = tele_ask("/acceldev/info,%u\r\n", dev);

	CU_ASSERT_STRING_EQUAL(tele_text(reply, "name"), "soft:0");
	json_object_put(reply);
	reply = tele_ask("/acceldev/maps,%u,0x0 \n", dev);
	CU_ASSERT(reply != NULL);
	json_object_put(reply);
	soft_close(dev);
}

/*
 * Devices that come and go
 */

#define ROUNDS 300

struct asker {
	pthread_t thread;
	bool stop;
	unsigned int replies, errors, broken;
};

static void
ask_all(struct asker *asker, int sock, unsigned int dev)
{
	static char reply[TELE_MAX_REPLY + 1];
	struct json_object *json;
	char command[64];
	unsigned int i;

	for (i = 0; i < RTE_DIM(commands); i++) {
		snprintf(command, sizeof(command), i == 0 ? "%s" : "%s,%u", commands[i], dev);
		if (tele_send(sock, command, reply) < 0) {
			asker->broken++;
			continue;
		}
		json = json_tokener_parse(reply);
		asker->broken += json == NULL;
		asker->errors += strstr(reply, "null}") != NULL;
		asker->replies++;
		json_object_put(json);
	}
}

static void *
ask_for_ever(void *arg)
{
	struct asker *asker = arg;
	int sock = tele_connect();
	unsigned int dev;

	asker->broken += sock < 0;
	for (dev = 0; sock >= 0 && !__atomic_load_n(&asker->stop, __ATOMIC_RELAXED); dev ^= 1)
		ask_all(asker, sock, dev);
	close(sock);
	return NULL;
}

/* Nothing that is asked may keep a device open, or make another call of the program fail. */
static void
live_once(const char *spec)
{
	uint16_t dev = soft_open(spec);
	struct accel_buf *bufs[3];
	unsigned int i;

	for (i = 0; i < RTE_DIM(bufs); i++)
		CU_ASSERT_EQUAL_FATAL(accel_buf_alloc(dev, 4096, 0, i == 1 ? ACCEL_BUF_ISOLATED : 0,
				&bufs[i]), 0);
	soft_run(dev, 1, 16, 0);
	use_queue(dev, 0, 3);
	CU_ASSERT_EQUAL(accel_xstats_reset(dev), 0);
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	soft_run(dev, 1, 0, 0);
	for (i = 0; i < RTE_DIM(bufs); i++)
		CU_ASSERT_EQUAL(accel_buf_free(bufs[i]), 0);
	soft_close(dev);
}

static void
closed_meanwhile(void)
{
	struct asker asker = { 0 };
	uint16_t dev = soft_open("soft:stays");
	unsigned int i;

	CU_ASSERT_EQUAL_FATAL(pthread_create(&asker.thread, NULL, ask_for_ever, &asker), 0);
	soft_log_begin();
	for (i = 0; i < ROUNDS; i++)
		live_once(i % 2 == 0 ? "soft:1,mem=memfd" : "sim:edu,mem=memfd");
	CU_ASSERT_EQUAL(soft_log_end(), 0);
	__atomic_store_n(&asker.stop, true, __ATOMIC_RELAXED);
	pthread_join(asker.thread, NULL);
	CU_ASSERT_EQUAL(asker.broken, 0);
	CU_ASSERT(asker.replies > asker.errors);
	printf("(%u replies, %u without a device) ", asker.replies, asker.errors);
	soft_close(dev);
}

static const struct test_case command_cases[] = {
	{ "commands are known", commands_are_known },
	{ "list", list },
	{ "info", info },
	{ "health", health },
	{ "stats", stats },
	{ "stats of a device with banks", stats_of_a_device_with_banks },
	{ NULL, NULL },
};

static const struct test_case client_cases[] = {
	{ "garbage", garbage },
	{ "long parameters", long_parameters },
	{ "end of line", end_of_line },
	{ "devices closed meanwhile", closed_meanwhile },
	{ NULL, NULL },
};

const struct test_suite eal_suites[] = {
	{ "telemetry", NULL, NULL, command_cases },
	{ "telemetry pages", NULL, NULL, tele_page_cases },
	{ "telemetry clients", NULL, NULL, client_cases },
	{ NULL, NULL, NULL, NULL },
};
