/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "doctor.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <eal_glue/host_hugepages.h>

/* What EAL and a first arena take comfortably. */
#define WANTED_BYTES (UINT64_C(256) << 20)
#define MAX_MOUNTS 16

/* Hugepages, mounts of hugetlbfs, and control groups. Without hugepages ordinary pages serve. */

static uint64_t
pages_wanted(uint64_t page_sz)
{
	return page_sz < WANTED_BYTES ? WANTED_BYTES / page_sz : 1;
}

static void
mend_pages(const struct doctor *d, struct json_object *c, const struct host_hugepages *p)
{
	uint64_t wanted = p->all.total - p->all.free + pages_wanted(p->page_sz);
	uint64_t kib = p->page_sz >> 10;
	unsigned int i;

	if (p->nb_nodes > 1) {
		for (i = 0; i < p->nb_nodes && i < 8; i++) {
			const struct host_pages *on = &p->on_node[i];

			if (on->free == 0)
				check_mend(c, "echo %" PRIu64 " "
					">/sys/devices/system/node/node%u/hugepages/hugepages-%"
					PRIu64 "kB/nr_hugepages", on->total +
						pages_wanted(p->page_sz), p->node[i], kib);
		}
		return;
	}
	if (p->page_sz == host_hugepage_default(&d->host))
		check_mend(c, "sysctl -w vm.nr_hugepages=%" PRIu64, wanted);
	else
		check_mend(c, "echo %" PRIu64 " >/sys/kernel/mm/hugepages/hugepages-%" PRIu64
				"kB/nr_hugepages", wanted, kib);
}

static const char *
where(const struct doctor *d)
{
	return d->in_container ||
			host_access(&d->host, W_OK, "/proc/sys/vm/nr_hugepages") == -EROFS ?
			"; reserve them on the host, not in the container" : "";
}

static void
show_nodes(char *text, size_t size, const struct host_hugepages *p)
{
	size_t used = 0;
	unsigned int i;

	text[0] = 0;
	for (i = 0; i < p->nb_nodes && p->nb_nodes > 1 && used + 40 < size; i++)
		used += (size_t)snprintf(text + used, size - used, "%snode %u: %" PRIu64
				" of %" PRIu64 " free", i != 0 ? ", " : "", p->node[i],
				p->on_node[i].free, p->on_node[i].total);
}

static bool
check_pages(const struct doctor *d, struct json_object *checks, const struct host_hugepages *p)
{
	char id[48], title[48], size[32], nodes[512];
	struct json_object *c;

	host_show_size(p->page_sz, size, sizeof(size));
	snprintf(id, sizeof(id), "hugepages-%s", size);
	snprintf(title, sizeof(title), "hugepages of %s", size);
	c = check_add(checks, id, title);
	check_say(c, p->all.total == 0 ? VERDICT_NA : VERDICT_OK, "%" PRIu64 " total, %" PRIu64
			" free, %" PRIu64 " reserved, %" PRIu64 " surplus",
			p->all.total, p->all.free, p->all.reserved, p->all.surplus);
	show_nodes(nodes, sizeof(nodes), p);
	check_detail(c, "%s", nodes);
	if (p->all.total != 0 && p->all.free <= p->all.reserved) {
		check_say(c, VERDICT_WARNING, "%" PRIu64 " total, none free, %" PRIu64 " reserved",
				p->all.total, p->all.reserved);
		check_detail(c, "others have them: EAL and buffers do without these%s%s%s",
				nodes[0] != 0 ? "; " : "", nodes, where(d));
		mend_pages(d, c, p);
		return false;
	}
	return p->all.free > p->all.reserved;
}

static const struct host_hugepages *
find_size(const struct host_hugepages *pages, unsigned int n, uint64_t size)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		if (pages[i].page_sz == size)
			return &pages[i];
	}
	return n != 0 ? &pages[0] : NULL;
}

static void
check_hugepages(const struct doctor *d, struct json_object *checks,
		const struct host_hugepages *pages, unsigned int n)
{
	struct json_object *c = check_add(checks, "hugepages", "hugepages");
	const struct host_hugepages *p = find_size(pages, n, host_hugepage_default(&d->host));
	bool any = false;
	unsigned int i;

	for (i = 0; i < n; i++)
		any |= check_pages(d, checks, &pages[i]);
	if (any) {
		check_say(c, VERDICT_OK, "there are free ones");
		return;
	}
	check_say(c, VERDICT_WARNING, "%s", n == 0 ? "this kernel has none" : "none free");
	check_detail(c, "ordinary pages serve, at a cost: more entries of the IOMMU and the TLB "
			"per byte; EAL then needs its options --no-huge -m MEGABYTES%s",
			n != 0 ? where(d) : "");
	if (p != NULL)
		mend_pages(d, c, p);
}

/*
 * Mounts
 */

static void
check_mount(const struct doctor *d, struct json_object *checks, const struct host_hugetlbfs *m)
{
	char id[300], title[300], size[32];
	struct json_object *c;

	snprintf(id, sizeof(id), "hugetlbfs:%.255s", m->path);
	snprintf(title, sizeof(title), "hugetlbfs on %.255s", m->path);
	host_show_size(m->page_sz, size, sizeof(size));
	c = check_add(checks, id, title);
	if (m->access == 0) {
		check_say(c, VERDICT_OK, "pages of %s, %s", size, m->options);
		return;
	}
	check_say(c, VERDICT_WARNING, "pages of %s, %s: not for this user (%s)", size, m->options,
			strerror(-m->access));
	check_detail(c, "EAL needs --in-memory, which takes memory without a mount");
	if (m->access == -EACCES)
		check_mend(c, "mount -o remount,gid=%u,mode=1770 %s", d->user.gid, m->path);
}

/* What is mounted later on a path hides what was there. */
static bool
is_hidden(const struct host_hugetlbfs *mounts, unsigned int n, unsigned int at)
{
	unsigned int i;

	for (i = at + 1; i < n; i++) {
		if (strcmp(mounts[i].path, mounts[at].path) == 0)
			return true;
	}
	return false;
}

static bool
is_mounted(const struct host_hugetlbfs *mounts, unsigned int n, uint64_t page_sz)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		if (mounts[i].page_sz == page_sz)
			return true;
	}
	return false;
}

static void
check_unmounted(const struct doctor *d, struct json_object *checks, uint64_t page_sz)
{
	char id[48], size[32];
	struct json_object *c;

	host_show_size(page_sz, size, sizeof(size));
	snprintf(id, sizeof(id), "hugetlbfs-%s", size);
	c = check_add(checks, id, "hugetlbfs");
	check_say(c, VERDICT_WARNING, "no mount for pages of %s", size);
	check_detail(c, "EAL needs --in-memory, which takes memory without a mount%s",
			d->in_container ?
			"; or mount it on the host and pass it in" : "");
	check_mend(c, "mkdir -p /dev/hugepages-%s && mount -t hugetlbfs -o "
			"pagesize=%s,gid=%u,mode=1770 none /dev/hugepages-%s",
			size, size, d->user.gid, size);
}

static void
checks_mounts(const struct doctor *d, struct json_object *checks,
		const struct host_hugepages *pages, unsigned int n)
{
	struct host_hugetlbfs mounts[MAX_MOUNTS];
	unsigned int nb = host_hugetlbfs_get(&d->host, mounts, MAX_MOUNTS), i;

	for (i = 0; i < nb; i++) {
		if (!is_hidden(mounts, nb, i))
			check_mount(d, checks, &mounts[i]);
	}
	for (i = 0; i < n; i++) {
		if (pages[i].all.total != 0 && !is_mounted(mounts, nb, pages[i].page_sz))
			check_unmounted(d, checks, pages[i].page_sz);
	}
}

/*
 * Control groups
 */

static void
check_cgroup_pages(const struct doctor *d, struct json_object *checks, uint64_t page_sz)
{
	char id[64], title[64], size[32], shown[32];
	struct host_cgroup_limit limit;
	struct json_object *c;

	host_cgroup_hugetlb(&d->host, page_sz, &limit);
	if (limit.path[0] == 0)
		return;
	host_show_size(page_sz, size, sizeof(size));
	host_show_size(limit.max, shown, sizeof(shown));
	snprintf(id, sizeof(id), "cgroup-hugetlb-%s", size);
	snprintf(title, sizeof(title), "cgroup's hugepages of %s", size);
	c = check_add(checks, id, title);
	check_say(c, VERDICT_OK, "%s, %" PRIu64 " bytes used", shown, limit.used);
	if (limit.max >= limit.used && limit.max - limit.used >= page_sz)
		return;
	check_say(c, VERDICT_PROBLEM, "%s, %" PRIu64 " bytes used", shown, limit.used);
	check_detail(c, "prevents hugepages of this size: touching one ends the program with "
			"SIGBUS; use --no-huge, or raise it%s", d->in_container ? " (Kubernetes: "
			"resources.limits hugepages-2Mi)" : "");
	check_mend(c, "echo max >%s", limit.path);
}

static void
check_cgroup_memory(const struct doctor *d, struct json_object *checks)
{
	struct json_object *c = check_add(checks, "cgroup-memory", "cgroup's memory");
	struct host_cgroup_limit limit;
	char shown[32];

	host_cgroup_memory(&d->host, &limit);
	if (limit.path[0] == 0) {
		check_say(c, VERDICT_NA, "no limit");
		return;
	}
	host_show_size(limit.max, shown, sizeof(shown));
	check_say(c, VERDICT_OK, "%s, %" PRIu64 " bytes used", shown, limit.used);
	if (limit.max >= limit.used && limit.max - limit.used >= WANTED_BYTES)
		return;
	check_say(c, VERDICT_WARNING, "%s, %" PRIu64 " bytes used", shown, limit.used);
	check_detail(c, "less than 256 MiB are left: ordinary pages of buffers count, and the "
			"kernel ends the program when they do not fit");
	check_mend(c, "echo max >%s", limit.path);
}

void
checks_memory(const struct doctor *d, struct json_object *checks)
{
	struct host_hugepages pages[HOST_PAGE_SIZES];
	unsigned int n = host_hugepages_get(&d->host, pages, HOST_PAGE_SIZES), i;

	check_hugepages(d, checks, pages, n);
	checks_mounts(d, checks, pages, n);
	for (i = 0; i < n; i++)
		check_cgroup_pages(d, checks, pages[i].page_sz);
	check_cgroup_memory(d, checks);
}
