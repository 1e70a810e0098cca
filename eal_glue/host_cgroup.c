/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "host_hugepages.h"

/* Limits of control groups, of both versions: a group is bound by those above it too. */

/* Where a hierarchy is mounted, and the group of this process below it. */
struct place {
	char mount[256];
	char group[512];
};

static bool
in_list(const char *list, const char *word)
{
	size_t len = strlen(word);
	const char *at = list;

	while ((at = strstr(at, word)) != NULL) {
		bool begins = at == list || at[-1] == ',';

		if (begins && (at[len] == ',' || at[len] == 0))
			return true;
		at += len;
	}
	return false;
}

/* Group of this process in the hierarchy of a controller; NULL: in that of version 2. */
static bool
find_group(const struct host *h, const char *controller, char *group, size_t size)
{
	char text[8192], *line, *save = NULL;

	host_read(h, text, sizeof(text), "/proc/self/cgroup");
	for (line = strtok_r(text, "\n", &save); line != NULL; line = strtok_r(NULL, "\n", &save)) {
		char *list = strchr(line, ':'), *path;

		path = list != NULL ? strchr(list + 1, ':') : NULL;
		if (path == NULL || path[1] != '/')
			continue;
		*path++ = 0;
		list++;
		if (controller != NULL ? in_list(list, controller) : list[0] == 0) {
			snprintf(group, size, "%s", path);
			return true;
		}
	}
	return false;
}

/* "ID PARENT DEV ROOT MOUNT OPTIONS ... - TYPE SOURCE SUPER": its root leads the group's path. */
static bool
parse_mount(const char *line, const char *controller, struct place *place, char *root)
{
	const char *dash = strstr(line, " - ");
	char type[32], super[256];

	if (dash == NULL || sscanf(line, "%*s %*s %*s %511s %255s", root, place->mount) != 2 ||
			sscanf(dash, " - %31s %*s %255s", type, super) != 2)
		return false;
	if (controller == NULL)
		return strcmp(type, "cgroup2") == 0;
	return strcmp(type, "cgroup") == 0 && in_list(super, controller);
}

static bool
find_mount(const struct host *h, const char *controller, struct place *place, char *root)
{
	char text[256 * 1024];
	char *line, *save = NULL;

	host_read(h, text, sizeof(text), "/proc/self/mountinfo");
	for (line = strtok_r(text, "\n", &save); line != NULL; line = strtok_r(NULL, "\n", &save)) {
		if (parse_mount(line, controller, place, root))
			return true;
	}
	return false;
}

static bool
find_place(const struct host *h, const char *controller, struct place *place)
{
	char root[512];
	size_t len;

	if (!find_group(h, controller, place->group, sizeof(place->group)) ||
			!find_mount(h, controller, place, root))
		return false;
	/* A container may see the mount from its own group on, and the path from the machine's. */
	len = strlen(root);
	if (len > 1 && strncmp(place->group, root, len) == 0)
		memmove(place->group, place->group + len, strlen(place->group + len) + 1);
	return true;
}

static void
take_lower(const struct host *h, const struct place *place, const char *max_file,
		const char *used_file, struct host_cgroup_limit *limit)
{
	uint64_t max;

	/* Version 1 writes "none" as the largest number of pages. */
	if (host_read_u64(h, &max, "%s%s/%s", place->mount, place->group, max_file) != 0 ||
			max >= INT64_MAX - (1u << 30) || max >= limit->max)
		return;
	limit->max = max;
	if (host_read_u64(h, &limit->used, "%s%s/%s", place->mount, place->group, used_file) != 0)
		limit->used = 0;
	snprintf(limit->path, sizeof(limit->path), "%.255s%.200s/%.48s", place->mount, place->group,
			max_file);
}

static void
walk(const struct host *h, const char *controller, const char *max_file, const char *used_file,
		struct host_cgroup_limit *limit)
{
	struct place place;
	char *slash;

	if (!find_place(h, controller, &place))
		return;
	for (;;) {
		take_lower(h, &place, max_file, used_file, limit);
		slash = strrchr(place.group, '/');
		if (slash == NULL)
			return;
		*slash = 0;
	}
}

static void
begin(struct host_cgroup_limit *limit)
{
	memset(limit, 0, sizeof(*limit));
	limit->max = UINT64_MAX;
}

void
host_cgroup_hugetlb(const struct host *h, uint64_t page_sz, struct host_cgroup_limit *limit)
{
	char size[32], max_file[64], used_file[64];

	begin(limit);
	host_show_size(page_sz, size, sizeof(size));
	snprintf(max_file, sizeof(max_file), "hugetlb.%sB.max", size);
	snprintf(used_file, sizeof(used_file), "hugetlb.%sB.current", size);
	walk(h, NULL, max_file, used_file, limit);
	snprintf(max_file, sizeof(max_file), "hugetlb.%sB.limit_in_bytes", size);
	snprintf(used_file, sizeof(used_file), "hugetlb.%sB.usage_in_bytes", size);
	walk(h, "hugetlb", max_file, used_file, limit);
}

void
host_cgroup_memory(const struct host *h, struct host_cgroup_limit *limit)
{
	begin(limit);
	walk(h, NULL, "memory.max", "memory.current", limit);
	walk(h, "memory", "memory.limit_in_bytes", "memory.usage_in_bytes", limit);
}
