/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "tele_client.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "eal_main.h"

#define TIMEOUT_S 60

static char dir[64];

/* After EAL has removed the socket, as it does that later than this was registered. */
static void
remove_dir(void)
{
	char path[sizeof(dir) + 16];

	snprintf(path, sizeof(path), "%s/dpdk/rte", dir);
	rmdir(path);
	snprintf(path, sizeof(path), "%s/dpdk", dir);
	rmdir(path);
	rmdir(dir);
}

const char *
eal_runtime_dir(void)
{
	if (dir[0] == 0) {
		snprintf(dir, sizeof(dir), "/tmp/acceldev.XXXXXX");
		if (mkdtemp(dir) == NULL)
			perror(dir);
		atexit(remove_dir);
	}
	return dir;
}

int
tele_connect(void)
{
	struct timeval limit = { .tv_sec = TIMEOUT_S };
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	char greeting[1024];
	int sock = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	snprintf(addr.sun_path, sizeof(addr.sun_path), "%s/dpdk/rte/dpdk_telemetry.v2", dir);
	setsockopt(sock, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	if (connect(sock, (struct sockaddr *)&addr, sizeof(addr)) == 0 &&
			recv(sock, greeting, sizeof(greeting), 0) > 0)
		return sock;
	close(sock);
	return -1;
}

int
tele_send(int sock, const char *command, char reply[TELE_MAX_REPLY + 1])
{
	ssize_t len = send(sock, command, strlen(command), MSG_NOSIGNAL);

	if (len == (ssize_t)strlen(command))
		len = recv(sock, reply, TELE_MAX_REPLY, 0);
	if (len <= 0)
		return -1;
	reply[len] = 0;
	return (int)len;
}

struct json_object *
tele_ask(const char *fmt, ...)
{
	static char reply[TELE_MAX_REPLY + 1];
	static int sock = -1;
	struct json_object *all, *value;
	char command[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(command, sizeof(command), fmt, ap);
	va_end(ap);
	if (sock < 0)
		sock = tele_connect();
	CU_ASSERT_FATAL(tele_send(sock, command, reply) > 0);
	all = json_tokener_parse(reply);
	command[strcspn(command, ",")] = 0;
	CU_ASSERT_FATAL(all != NULL && json_object_is_type(all, json_type_object));
	CU_ASSERT_EQUAL(json_object_object_length(all), 1);
	CU_ASSERT_FATAL(json_object_object_get_ex(all, command, &value));
	json_object_get(value);
	json_object_put(all);
	return value;
}

struct json_object *
tele_member(struct json_object *dict, const char *name)
{
	struct json_object *value = NULL;

	CU_ASSERT_FATAL(json_object_is_type(dict, json_type_object));
	CU_ASSERT_FATAL(json_object_object_get_ex(dict, name, &value));
	return value;
}

uint64_t
tele_uint(struct json_object *dict, const char *name)
{
	struct json_object *value = tele_member(dict, name);

	CU_ASSERT(json_object_is_type(value, json_type_int));
	return json_object_get_uint64(value);
}

const char *
tele_text(struct json_object *dict, const char *name)
{
	struct json_object *value = tele_member(dict, name);

	CU_ASSERT(json_object_is_type(value, json_type_string));
	return json_object_get_string(value);
}

uint64_t
tele_hex(struct json_object *dict, const char *name)
{
	const char *text = tele_text(dict, name);

	CU_ASSERT(strncmp(text, "0x", 2) == 0);
	return strtoull(text, NULL, 16);
}

bool
tele_next(struct json_object *reply, char *next, size_t size)
{
	struct json_object *value;

	if (!json_object_object_get_ex(reply, "next", &value))
		return false;
	snprintf(next, size, "%s", json_object_get_string(value));
	return true;
}
