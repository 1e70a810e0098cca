/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "host_hugepages.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define POOLS "/sys/kernel/mm/hugepages"
#define NODES "/sys/devices/system/node"

int
host_parse_size(const char *text, uint64_t *size)
{
	static const char letters[] = "KMGT";
	const char *at = letters;
	unsigned long long n;
	unsigned int shift;
	char *end;

	if (!isdigit((unsigned char)text[0]))
		return -EINVAL;
	errno = 0;
	n = strtoull(text, &end, 10);
	if (*end != 0)
		at = strchr(letters, toupper((unsigned char)*end));
	if (errno != 0 || at == NULL || (*end != 0 && end[1] != 0))
		return -EINVAL;
	shift = *end != 0 ? (unsigned int)(at - letters + 1) * 10 : 0;
	if (n > UINT64_MAX >> shift)
		return -EINVAL;
	*size = (uint64_t)n << shift;
	return 0;
}

void
host_show_size(uint64_t size, char *text, size_t len)
{
	static const char letters[] = "KMGT";
	int unit = -1;

	while (size != 0 && size % 1024 == 0 && unit < 3) {
		size /= 1024;
		unit++;
	}
	if (unit < 0)
		snprintf(text, len, "%" PRIu64, size);
	else
		snprintf(text, len, "%" PRIu64 "%c", size, letters[unit]);
}

/*
 * Pools
 */

static uint64_t
count_of(const struct host *h, const char *dir, const char *file)
{
	uint64_t n;

	return host_read_u64(h, &n, "%s/%s", dir, file) == 0 ? n : 0;
}

static void
read_pages(const struct host *h, const char *dir, struct host_pages *pages)
{
	pages->total = count_of(h, dir, "nr_hugepages");
	pages->free = count_of(h, dir, "free_hugepages");
	pages->reserved = count_of(h, dir, "resv_hugepages");
	pages->surplus = count_of(h, dir, "surplus_hugepages");
}

static void
read_nodes(const struct host *h, const char *pool, struct host_hugepages *pages)
{
	struct host_names names;
	unsigned int i, node;
	char dir[512];

	host_names_get(h, &names, NODES);
	for (i = 0; i < names.n && pages->nb_nodes < HOST_NODES; i++) {
		if (sscanf(names.entry[i]->d_name, "node%u", &node) != 1)
			continue;
		snprintf(dir, sizeof(dir), NODES "/node%u/hugepages/%s", node, pool);
		if (!host_exists(h, "%s", dir))
			continue;
		pages->node[pages->nb_nodes] = node;
		read_pages(h, dir, &pages->on_node[pages->nb_nodes++]);
	}
	host_names_free(&names);
}

/* 0 for a name of another form. */
static uint64_t
pool_page_size(const char *name)
{
	uint64_t kib = 0;
	int end = -1;

	if (sscanf(name, "hugepages-%" SCNu64 "kB%n", &kib, &end) != 1 || end < 0 || name[end] != 0)
		return 0;
	return kib <= UINT64_MAX >> 10 ? kib << 10 : 0;
}

unsigned int
host_hugepages_get(const struct host *h, struct host_hugepages *pages, unsigned int max)
{
	struct host_names names;
	unsigned int i, n = 0;
	char dir[512];

	host_names_get(h, &names, POOLS);
	for (i = 0; i < names.n && n < max; i++) {
		const char *name = names.entry[i]->d_name;

		memset(&pages[n], 0, sizeof(pages[n]));
		pages[n].page_sz = pool_page_size(name);
		if (pages[n].page_sz == 0)
			continue;
		snprintf(dir, sizeof(dir), POOLS "/%s", name);
		read_pages(h, dir, &pages[n].all);
		read_nodes(h, name, &pages[n]);
		n++;
	}
	host_names_free(&names);
	return n;
}

uint64_t
host_hugepage_default(const struct host *h)
{
	char text[8192];
	const char *at;
	uint64_t kib;

	host_read(h, text, sizeof(text), "/proc/meminfo");
	at = strstr(text, "Hugepagesize:");
	if (at == NULL || sscanf(at, "Hugepagesize: %" SCNu64 " kB", &kib) != 1 ||
			kib > UINT64_MAX >> 10)
		return 0;
	return kib << 10;
}

/*
 * Mounts
 */

/* The kernel writes a blank in a path as \040. */
static void
unescape(char *text)
{
	char *out = text;
	unsigned int c;

	while (*text != 0) {
		if (sscanf(text, "\\%3o", &c) == 1 && strspn(text + 1, "01234567") >= 3) {
			*out++ = (char)c;
			text += 4;
		} else {
			*out++ = *text++;
		}
	}
	*out = 0;
}

static uint64_t
mount_page_size(const struct host *h, const char *options)
{
	const char *at = strstr(options, "pagesize=");
	char text[32];
	uint64_t size;

	if (at == NULL)
		return host_hugepage_default(h);
	at += strlen("pagesize=");
	snprintf(text, sizeof(text), "%.*s", (int)strcspn(at, ","), at);
	return host_parse_size(text, &size) == 0 ? size : 0;
}

static bool
parse_mount(const struct host *h, const char *line, struct host_hugetlbfs *mount)
{
	char type[32];

	if (sscanf(line, "%*s %255s %31s %255s", mount->path, type, mount->options) != 3 ||
			strcmp(type, "hugetlbfs") != 0)
		return false;
	unescape(mount->path);
	host_clean(mount->path);
	mount->page_sz = mount_page_size(h, mount->options);
	mount->access = host_access(h, W_OK | X_OK, "%s", mount->path);
	return true;
}

unsigned int
host_hugetlbfs_get(const struct host *h, struct host_hugetlbfs *mounts, unsigned int max)
{
	char text[256 * 1024]; /* a node of a cluster has many mounts */
	char *line, *save = NULL;
	unsigned int n = 0;

	host_read(h, text, sizeof(text), "/proc/self/mounts");
	for (line = strtok_r(text, "\n", &save); line != NULL && n < max;
			line = strtok_r(NULL, "\n", &save)) {
		if (parse_mount(h, line, &mounts[n]))
			n++;
	}
	return n;
}
