/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "host_user.h"

#include <errno.h>
#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void
take_groups(struct host_user *user, const char *text)
{
	const unsigned int max = sizeof(user->groups) / sizeof(user->groups[0]);
	char *end;

	for (;;) {
		unsigned long gid = strtoul(text, &end, 10);

		if (end == text || user->nb_groups == max)
			return;
		user->groups[user->nb_groups++] = (uint32_t)gid;
		text = end;
	}
}

static void
take_line(struct host_user *user, const char *line)
{
	if (sscanf(line, "Uid: %*u %" SCNu32, &user->uid) == 1 ||
			sscanf(line, "Gid: %*u %" SCNu32, &user->gid) == 1 ||
			sscanf(line, "VmLck: %" SCNu64, &user->locked_kib) == 1 ||
			sscanf(line, "Seccomp: %u", &user->seccomp) == 1)
		return;
	if (sscanf(line, "CapEff: %" SCNx64, &user->caps) == 1)
		user->has_caps = true;
	else if (strncmp(line, "Groups:", 7) == 0)
		take_groups(user, line + 7);
}

/* Whether its numbers of users are not the machine's, as in a container without root. */
static bool
is_mapped(const struct host *h)
{
	uint32_t inside, outside, n;
	char text[256];

	return host_read(h, text, sizeof(text), "/proc/self/uid_map") > 0 &&
			(sscanf(text, "%" SCNu32 " %" SCNu32 " "
			"%" SCNu32, &inside, &outside, &n) != 3 ||
			inside != 0 || outside != 0 || n != UINT32_MAX);
}

void
host_user_get(const struct host *h, struct host_user *user)
{
	char text[8192], *line, *save = NULL;

	memset(user, 0, sizeof(*user));
	if (!host_is_fake(h)) {
		user->uid = geteuid();
		user->gid = getegid();
	}
	host_read(h, text, sizeof(text), "/proc/self/status");
	for (line = strtok_r(text, "\n", &save); line != NULL; line = strtok_r(NULL, "\n", &save))
		take_line(user, line);
	user->in_userns = is_mapped(h);
	if (user->in_userns) {
		user->has_caps = true;
		user->caps = 0;
	}
}

bool
host_user_in_group(const struct host_user *user, uint32_t gid)
{
	unsigned int i;

	for (i = 0; i < user->nb_groups; i++) {
		if (user->groups[i] == gid)
			return true;
	}
	return user->gid == gid;
}

bool
host_user_can(const struct host_user *user, unsigned int cap)
{
	return user->has_caps ? (user->caps >> cap & 1) != 0 : user->uid == 0;
}

void
host_user_name(const struct host *h, const struct host_user *user, char *text, size_t size)
{
	const struct passwd *pw = host_is_fake(h) ? NULL : getpwuid(user->uid);

	if (pw != NULL)
		snprintf(text, size, "%s", pw->pw_name);
	else
		snprintf(text, size, "%" PRIu32, user->uid);
}

/*
 * Limits
 */

static int
parse_limit(const char *text, uint64_t *value)
{
	char *end;

	if (strncmp(text, "unlimited", 9) == 0) {
		*value = UINT64_MAX;
		return 9;
	}
	if (text[0] < '0' || text[0] > '9')
		return -EPROTO;
	errno = 0;
	*value = strtoull(text, &end, 10);
	return errno == 0 ? (int)(end - text) : -EPROTO;
}

int
host_limit_get(const struct host *h, const char *name, struct host_limit *limit)
{
	char text[8192], *at;
	int n;

	n = host_read(h, text, sizeof(text), "/proc/self/limits");
	if (n < 0)
		return n;
	at = strstr(text, name);
	if (at == NULL)
		return -ENOENT;
	at += strlen(name);
	at += strspn(at, " ");
	n = parse_limit(at, &limit->soft);
	if (n < 0)
		return n;
	at += n;
	at += strspn(at, " ");
	n = parse_limit(at, &limit->hard);
	return n < 0 ? n : 0;
}

/*
 * Container
 */

/* What the paths of control groups give away. */
static const char *
container_of_cgroup(const struct host *h)
{
	static const char *const marks[][2] = {
		{ "kubepods", "kubernetes" }, { "docker", "docker" }, { "libpod", "podman" },
		{ "containerd", "containerd" }, { "lxc", "lxc" },
	};
	unsigned int i;

	for (i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		if (host_contains(h, marks[i][0], "/proc/1/cgroup"))
			return marks[i][1];
	}
	return NULL;
}

bool
host_container(const struct host *h, char *text, size_t size)
{
	char name[32];
	const char *is = NULL;

	if (host_read(h, name, sizeof(name), "/run/systemd/container") > 0)
		is = name;
	else if (host_exists(h, "/var/run/secrets/kubernetes.io"))
		is = "kubernetes";
	else if (host_exists(h, "/run/.containerenv"))
		is = "podman";
	else if (host_exists(h, "/.dockerenv"))
		is = "docker";
	else
		is = container_of_cgroup(h);
	snprintf(text, size, "%s", is != NULL ? is : "");
	return is != NULL;
}
