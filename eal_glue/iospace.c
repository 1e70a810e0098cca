/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "iospace.h"

#include <bsd/sys/tree.h>
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "glue_log.h"
#include "iospace_books.h"
#include "iova_pool.h"

RTE_LOG_REGISTER(accel_logtype_iospace, acceldev.iospace, NOTICE);

#define ACCESS_BITS   (IOSPACE_READ | IOSPACE_WRITE)
#define REQUEST_FLAGS (IOSPACE_FIXED | IOSPACE_EAL)

/* The highest IOVA that the translation tables hold. */
#define KEY_LAST ((UINT64_C(1) << IOMAP_KEY_BITS) - 1)

struct entry {
	RB_ENTRY(entry) node;
	TAILQ_ENTRY(entry) age;
	struct iospace_entry e;
	bool placed; /* its IOVA is occupied in the books */
	bool pooled; /* its IOVA comes from the pool */
	bool alias;  /* some of it was mapped elsewhere already */
};

TAILQ_HEAD(entry_list, entry);

static int
compare_entries(const struct entry *a, const struct entry *b)
{
	return a->e.iova < b->e.iova ? -1 : a->e.iova > b->e.iova;
}

RB_HEAD(entry_tree, entry);
RB_GENERATE_INTERNAL(entry_tree, entry, node, compare_entries, static __attribute__((unused)))

struct iospace {
	pthread_mutex_t lock;
	char name[64];
	const struct iospace_ops *ops;
	void *ctx;
	enum iospace_placement placement;
	bool identity;
	uint64_t granule;
	struct addrspace *books; /* usable IOVAs: free or occupied */
	struct entry_tree entries;
	struct entry_list by_age; /* oldest first */
	struct entry_list leftovers; /* gone, but their IOVAs still wait to be given back */
	struct iomap by_va;
	struct iomap by_iova;
	unsigned int nb_aliases;
	uint32_t max_maps;
	uint32_t lost_maps; /* entries that the backend failed to give up */
	struct iospace_stats stats;
	uint64_t generation __attribute__((aligned(64)));
};

/*
 * Creation
 */

static int
add_usable(struct iospace *ios, const struct addrspace_range *range,
		const struct addrspace_range *window)
{
	uint64_t mask = ios->granule - 1;
	uint64_t first = range->first > window->first ? range->first : window->first;
	uint64_t last = range->last < window->last ? range->last : window->last;

	/* IOVA 0 stays out: too many devices and programs take it for none. */
	if (first < ios->granule)
		first = ios->granule;
	if (last > KEY_LAST)
		last = KEY_LAST;
	if (first > KEY_LAST)
		return 0;
	first = (first + mask) & ~mask;
	if (last < first || last - first < mask)
		return 0;
	last = ((last + 1) & ~mask) - 1;
	if (ios->stats.usable.last == 0 || first < ios->stats.usable.first)
		ios->stats.usable.first = first;
	if (last > ios->stats.usable.last)
		ios->stats.usable.last = last;
	return addrspace_add(ios->books, first, last);
}

void
iospace_pick_window(struct addrspace_range *range, unsigned int bits, unsigned int number)
{
	uint64_t first = range->first >> bits, last = range->last >> bits;

	if (first == 0 && last != 0)
		first = 1;
	range->first = (first + number % (last - first + 1)) << bits;
	range->last = range->first + (UINT64_MAX >> (64 - bits));
}

/* What the device is set to: of several windows one that the backend reaches, if there is any. */
static struct addrspace_range
find_window(const struct iospace_conf *conf, const struct iospace_info *info)
{
	struct addrspace_range window = conf->window;
	uint64_t end = 0;
	unsigned int i;

	for (i = 0; i < info->nb_ranges; i++)
		end = info->ranges[i].last > end ? info->ranges[i].last : end;
	if (conf->window_bits == 0 || end < window.first)
		return window;
	if (end < window.last)
		window.last = end;
	iospace_pick_window(&window, conf->window_bits, conf->window_number);
	return window;
}

static int
take_info(struct iospace *ios, const struct iospace_conf *conf)
{
	struct addrspace_range window;
	struct iospace_info info = { 0 };
	unsigned int i;
	int ret;

	ret = conf->ops->info(conf->ctx, &info);
	if (ret != 0)
		return ret;
	ios->identity = info.identity;
	ios->max_maps = info.max_maps;
	ios->stats.page_sizes = info.page_sizes;
	ios->granule = info.page_sizes & -info.page_sizes;
	if (ios->granule < IOMAP_PAGE)
		ios->granule = IOMAP_PAGE;
	window = find_window(conf, &info);
	for (i = 0; i < info.nb_ranges && ret == 0; i++)
		ret = add_usable(ios, &info.ranges[i], &window);
	free(info.ranges);
	if (ret == 0 && ios->stats.usable.last == 0) {
		ACCEL_LOG(ERR, iospace, "%s: no IOVA range of the %s backend lies in the device's "
				"window 0x%" PRIx64 "-0x%" PRIx64 ": raise dma_bits=, if the device can "
				"address more", ios->name, conf->ops->name, window.first, window.last);
		ret = -ERANGE;
	}
	return ret;
}

static void
free_iospace(struct iospace *ios)
{
	iomap_fini(&ios->by_iova);
	iomap_fini(&ios->by_va);
	addrspace_destroy(ios->books);
	pthread_mutex_destroy(&ios->lock);
	free(ios);
}

int
iospace_create(const struct iospace_conf *conf, struct iospace **ios_out)
{
	struct iospace *ios = aligned_alloc(64, sizeof(*ios));
	int ret;

	if (ios == NULL)
		return -ENOMEM;
	memset(ios, 0, sizeof(*ios));
	pthread_mutex_init(&ios->lock, NULL);
	snprintf(ios->name, sizeof(ios->name), "%s", conf->name);
	ios->ops = conf->ops;
	ios->ctx = conf->ctx;
	ios->placement = conf->placement;
	RB_INIT(&ios->entries);
	TAILQ_INIT(&ios->by_age);
	TAILQ_INIT(&ios->leftovers);
	ret = addrspace_create(&ios->books);
	if (ret == 0)
		ret = iomap_init(&ios->by_va);
	if (ret == 0)
		ret = iomap_init(&ios->by_iova);
	if (ret == 0)
		ret = take_info(ios, conf);
	if (ret != 0) {
		if (ret == -ENOMEM)
			ACCEL_LOG(ERR, iospace, "%s: no memory for an I/O space", ios->name);
		free_iospace(ios);
		return ret;
	}
	*ios_out = ios;
	return 0;
}

/*
 * Narrowing, when a device joins
 */

static int
check_entries_within(struct iospace *ios, const struct iospace_info *info,
		const struct addrspace_range *window)
{
	struct entry *entry;

	RB_FOREACH(entry, entry_tree, &ios->entries) {
		uint64_t last = entry->e.iova + (entry->e.len - 1);

		if (iospace_is_usable(entry->e.iova, last, info, window))
			continue;
		ACCEL_LOG(ERR, iospace, "%s: memory is mapped at IOVA 0x%" PRIx64 "-0x%" PRIx64 ", which "
				"the device that joins cannot reach: open the narrowest device first",
				ios->name, entry->e.iova, last);
		return -EBUSY;
	}
	return 0;
}

static int
narrow(struct iospace *ios, struct iospace_info *info, const struct addrspace_range *window)
{
	int ret = check_entries_within(ios, info, window);

	if (ret != 0)
		return ret;
	ret = iospace_books_narrow(&ios->books, info, window);
	if (ret != 0)
		return ret;
	if (window->first > ios->stats.usable.first)
		ios->stats.usable.first = window->first;
	if (window->last < ios->stats.usable.last)
		ios->stats.usable.last = window->last;
	return 0;
}

int
iospace_narrow(struct iospace *ios, const struct addrspace_range *window)
{
	struct iospace_info info = { 0 };
	int ret = ios->ops->info(ios->ctx, &info);

	if (ret == 0) {
		pthread_mutex_lock(&ios->lock);
		ret = narrow(ios, &info, window);
		pthread_mutex_unlock(&ios->lock);
		free(info.ranges);
	}
	if (ret == -ENOMEM)
		ACCEL_LOG(ERR, iospace, "%s: no memory to withdraw the IOVAs that the device which "
				"joins cannot reach: free some", ios->name);
	return ret;
}

const struct iospace_ops *
iospace_backend(const struct iospace *ios, void **ctx)
{
	*ctx = ios->ctx;
	return ios->ops;
}

/*
 * Choice of an IOVA
 */

static int
choose_own(struct iospace *ios, const struct iospace_request *req, uint64_t align, uint64_t *iova)
{
	const struct addrspace_request r = {
		.size = req->len,
		.align = align,
		.window = { 0, UINT64_MAX },
	};

	return addrspace_alloc(ios->books, &r, iova);
}

/* Where a range may begin after one at this IOVA was refused: behind what is in its way. */
static uint64_t
behind_obstacle(const struct iospace *ios, uint64_t iova)
{
	struct addrspace_range r;
	enum addrspace_state state;

	if (addrspace_next(ios->books, iova, &r, &state) != 0)
		return UINT64_MAX;
	/* A hole of the usable ranges, or what is occupied, or a free range that is too short. */
	return r.first > iova ? r.first : r.last + 1;
}

/*
 * The books of this iospace may refuse what the pool offers: where memory was mapped at its virtual
 * address or at a fixed one, or outside the usable ranges.
 */
static int
take_offer(void *arg, uint64_t iova, uint64_t size, uint64_t *next)
{
	struct iospace *ios = arg;
	int ret = addrspace_reserve(ios->books, iova, iova + (size - 1));

	if (ret != 0)
		*next = behind_obstacle(ios, iova);
	return ret;
}

static int
choose_shared(struct iospace *ios, const struct iospace_request *req, uint64_t align,
		uint64_t *iova)
{
	const struct iova_pool_taker taker = { take_offer, ios };

	return iova_pool_get(req->len, align, &ios->stats.usable, &taker, iova);
}

static int
choose(struct iospace *ios, const struct iospace_request *req, uint64_t *iova, bool *pooled)
{
	uint64_t align = req->align > ios->granule ? req->align : ios->granule;

	int ret;

	if (ios->stats.usable.last < IOVA_POOL_FIRST)
		return choose_own(ios, req, align, iova);
	ret = choose_shared(ios, req, align, iova);
	*pooled = ret == 0;
	return ret;
}

/* The IOVA that is asked for, or the virtual address. */
static uint64_t
wanted(const struct iospace_request *req, uint64_t iova)
{
	return (req->flags & IOSPACE_FIXED) != 0 ? iova : (uintptr_t)req->va;
}

/* Occupy an IOVA in the books: the one asked for, the virtual address, or one that is chosen. */
static int
place(struct iospace *ios, const struct iospace_request *req, uint64_t *iova, bool *pooled)
{
	uint64_t va = (uintptr_t)req->va;
	uint64_t want = wanted(req, *iova);
	bool must = (req->flags & IOSPACE_FIXED) != 0 || ios->identity;
	int ret;

	*pooled = false;
	if (ios->identity && want != va)
		return -ERANGE;
	if (must || ios->placement == IOSPACE_PLACE_VA) {
		ret = addrspace_reserve(ios->books, want, want + req->len - 1);
		if (ret == 0)
			*iova = want;
		if (must || ret == 0 || ret == -ENOMEM)
			return ret;
	}
	return choose(ios, req, iova, pooled);
}

/* Books need memory also to forget. Returns whether they had it. */
static bool
unplace(struct iospace *ios, struct entry *entry)
{
	if (entry->placed && addrspace_free(ios->books, entry->e.iova, NULL) != -ENOMEM)
		entry->placed = false;
	if (entry->pooled && iova_pool_put(entry->e.iova) != -ENOMEM)
		entry->pooled = false;
	return !entry->placed && !entry->pooled;
}

static void
drop_entry(struct iospace *ios, struct entry *entry)
{
	if (unplace(ios, entry))
		free(entry);
	else
		TAILQ_INSERT_TAIL(&ios->leftovers, entry, age);
}

static int
drop_leftovers(struct iospace *ios)
{
	struct entry *entry;

	while ((entry = TAILQ_FIRST(&ios->leftovers)) != NULL) {
		if (!unplace(ios, entry))
			return -ENOMEM;
		TAILQ_REMOVE(&ios->leftovers, entry, age);
		free(entry);
	}
	return 0;
}

/*
 * Mapping
 */

static int
check_request(const struct iospace *ios, const struct iospace_request *req, uint64_t iova)
{
	uint64_t va = (uintptr_t)req->va;
	uint64_t mask = ios->granule - 1;

	if ((req->flags & IOSPACE_FIXED) == 0)
		iova = 0;
	if (((va | req->len | iova) & mask) != 0) {
		ACCEL_LOG(ERR, iospace, "%s: cannot map %p, %" PRIu64 " bytes: address and length must "
				"be multiples of %" PRIu64, ios->name, req->va, req->len, ios->granule);
		return -EINVAL;
	}
	if (req->len == 0 || req->len > KEY_LAST || va > KEY_LAST - (req->len - 1) ||
			iova > UINT64_MAX - (req->len - 1) || req->access == 0 ||
			(req->access & ~ACCESS_BITS) != 0 || (req->flags & ~REQUEST_FLAGS) != 0 ||
			(req->align & (req->align - 1)) != 0) {
		ACCEL_LOG(ERR, iospace, "%s: cannot map %p, %" PRIu64 " bytes: length, access or flags "
				"are out of range", ios->name, req->va, req->len);
		return -EINVAL;
	}
	return 0;
}

static const char *
whose(const struct iospace_request *req)
{
	return (req->flags & IOSPACE_EAL) != 0 ? "EAL's memory at " : "";
}

static void
log_no_place(const struct iospace *ios, const struct iospace_request *req, uint64_t iova, int err)
{
	const char *why = err == -EEXIST ? "it is mapped already: free that buffer, or use it" :
			err == -ERANGE && ios->identity && iova != (uintptr_t)req->va ?
			"it must be the virtual address" :
			err == -ERANGE ? "it lies outside the usable range" :
			err == -ENOMEM ? "no memory for the books" :
			"no usable range is left: free buffers, or widen the device's window";

	if (err == -ENOSPC || err == -ENOMEM)
		ACCEL_LOG(ERR, iospace, "%s: no IOVA for %" PRIu64 " bytes in 0x%" PRIx64 "-0x%" PRIx64
				": %s", ios->name, req->len, ios->stats.usable.first,
				ios->stats.usable.last, why);
	else
		ACCEL_LOG(ERR, iospace, "%s: cannot map %s%p, %" PRIu64 " bytes, at IOVA 0x%" PRIx64
				": %s; usable is 0x%" PRIx64 "-0x%" PRIx64, ios->name, whose(req),
				req->va, req->len, iova, why, ios->stats.usable.first,
				ios->stats.usable.last);
}

static void
log_backend(const struct iospace *ios, const struct iospace_request *req, uint64_t iova, int err)
{
	const char *words = ios->ops->explain != NULL ? ios->ops->explain(ios->ctx, err, req->len) :
			NULL;

	ACCEL_LOG(ERR, iospace, "%s: cannot map %s%p, %" PRIu64 " bytes, at IOVA 0x%" PRIx64 ": %s",
			ios->name, whose(req), req->va, req->len, iova,
			words != NULL ? words : strerror(-err));
}

static uint32_t
maps_left(const struct iospace *ios)
{
	uint32_t used = ios->stats.maps + ios->lost_maps;

	if (ios->max_maps == IOSPACE_NO_LIMIT)
		return IOSPACE_NO_LIMIT;
	return used < ios->max_maps ? ios->max_maps - used : 0;
}

static void
publish(struct iospace *ios, struct entry *entry)
{
	const struct iospace_entry *e = &entry->e;
	uint64_t va = (uintptr_t)e->va;

	RB_INSERT(entry_tree, &ios->entries, entry);
	TAILQ_INSERT_TAIL(&ios->by_age, entry, age);
	iomap_set(&ios->by_iova, e->iova, e->len, va - e->iova, e->access);
	entry->alias = iomap_set(&ios->by_va, va, e->len, e->iova - va, e->access);
	ios->nb_aliases += entry->alias;
	ios->stats.maps++;
	ios->stats.bytes += e->len;
	ios->stats.eal_bytes += (e->flags & IOSPACE_EAL) != 0 ? e->len : 0;
}

/* Find the entry an IOVA and provide for its lookup. */
static int
prepare(struct iospace *ios, const struct iospace_request *req, struct entry *entry)
{
	int ret = iomap_prepare(&ios->by_va, (uintptr_t)req->va, req->len);

	if (ret == 0)
		ret = place(ios, req, &entry->e.iova, &entry->pooled);
	if (ret == 0) {
		entry->placed = true;
		ret = iomap_prepare(&ios->by_iova, entry->e.iova, req->len);
	}
	if (ret != 0)
		log_no_place(ios, req, wanted(req, entry->e.iova), ret);
	return ret;
}

static int
map_entry(struct iospace *ios, const struct iospace_request *req, struct entry *entry)
{
	int ret = prepare(ios, req, entry);

	if (ret != 0)
		return ret;
	ret = ios->ops->map(ios->ctx, entry->e.iova, req->va, req->len, req->access);
	if (ret != 0)
		log_backend(ios, req, entry->e.iova, ret);
	return ret;
}

static int
map_locked(struct iospace *ios, const struct iospace_request *req, uint64_t *iova)
{
	struct entry *entry;
	int ret;

	if (maps_left(ios) == 0) {
		ACCEL_LOG(ERR, iospace, "%s: all %" PRIu32 " map entries are used: map larger blocks, "
				"free buffers, or raise vfio_iommu_type1.dma_entry_limit", ios->name,
				ios->max_maps);
		return -ENOSPC;
	}
	entry = drop_leftovers(ios) == 0 ? calloc(1, sizeof(*entry)) : NULL;
	if (entry == NULL) {
		log_no_place(ios, req, *iova, -ENOMEM);
		return -ENOMEM;
	}
	entry->e = (struct iospace_entry){ req->va, *iova, req->len, req->access,
		req->flags & IOSPACE_EAL };
	ret = map_entry(ios, req, entry);
	if (ret != 0) {
		drop_entry(ios, entry);
		return ret;
	}
	publish(ios, entry);
	*iova = entry->e.iova;
	return 0;
}

int
iospace_map(struct iospace *ios, const struct iospace_request *req, uint64_t *iova)
{
	int ret = check_request(ios, req, *iova);

	if (ret != 0)
		return ret;
	pthread_mutex_lock(&ios->lock);
	ret = map_locked(ios, req, iova);
	pthread_mutex_unlock(&ios->lock);
	return ret;
}

static int
check_room(struct iospace *ios, uint64_t maps, uint64_t bytes)
{
	const char *words;
	int ret;

	if (maps > maps_left(ios)) {
		ACCEL_LOG(ERR, iospace, "%s: EAL's memory takes %" PRIu64 " map entries, %" PRIu32
				" are left: give EAL hugepages of 1 GiB, free buffers, or raise "
				"vfio_iommu_type1.dma_entry_limit", ios->name, maps,
				maps_left(ios));
		return -ENOSPC;
	}
	ret = ios->ops->check != NULL ? ios->ops->check(ios->ctx, bytes) : 0;
	if (ret == 0)
		return 0;
	words = ios->ops->explain != NULL ? ios->ops->explain(ios->ctx, ret, bytes) : NULL;
	ACCEL_LOG(ERR, iospace, "%s: cannot map EAL's memory, %" PRIu64 " bytes in all: %s", ios->name,
			bytes, words != NULL ? words : strerror(-ret));
	return ret;
}

int
iospace_check_room(struct iospace *ios, uint64_t maps, uint64_t bytes)
{
	int ret;

	pthread_mutex_lock(&ios->lock);
	ret = check_room(ios, maps, bytes);
	pthread_mutex_unlock(&ios->lock);
	return ret;
}

/*
 * Unmapping
 */

/* What an alias covers must be found again after the entry that came first is gone. */
static void
restore_aliases(struct iospace *ios, uint64_t va, uint64_t len)
{
	struct entry *other;

	TAILQ_FOREACH(other, &ios->by_age, age) {
		uint64_t first = (uintptr_t)other->e.va;
		uint64_t end = first + other->e.len;

		if (first < va)
			first = va;
		if (end > va + len)
			end = va + len;
		if (first < end)
			iomap_set(&ios->by_va, first, end - first,
					other->e.iova - (uintptr_t)other->e.va, other->e.access);
	}
}

static void
unpublish(struct iospace *ios, struct entry *entry)
{
	const struct iospace_entry *e = &entry->e;
	uint64_t va = (uintptr_t)e->va;

	RB_REMOVE(entry_tree, &ios->entries, entry);
	TAILQ_REMOVE(&ios->by_age, entry, age);
	iomap_clear(&ios->by_iova, e->iova, e->len, va - e->iova);
	iomap_clear(&ios->by_va, va, e->len, e->iova - va);
	ios->nb_aliases -= entry->alias;
	if (ios->nb_aliases != 0 || entry->alias)
		restore_aliases(ios, va, e->len);
	ios->stats.maps--;
	ios->stats.bytes -= e->len;
	ios->stats.eal_bytes -= (e->flags & IOSPACE_EAL) != 0 ? e->len : 0;
	__atomic_add_fetch(&ios->generation, 1, __ATOMIC_RELEASE);
}

static int
unmap_entry(struct iospace *ios, struct entry *entry)
{
	const struct iospace_entry e = entry->e;
	uint64_t unmapped = 0;
	int ret;

	unpublish(ios, entry);
	ret = ios->ops->unmap(ios->ctx, e.iova, e.len, &unmapped);
	if (ret != 0 || unmapped != e.len) {
		ACCEL_LOG(ERR, iospace, "%s: unmap of IOVA 0x%" PRIx64 ", %" PRIu64 " bytes, took away "
				"%" PRIu64 " (%s): the range is given up; close the device", ios->name,
				e.iova, e.len, unmapped, strerror(-ret));
		ios->lost_maps++;
		free(entry);
		return -EIO;
	}
	drop_entry(ios, entry);
	return 0;
}

int
iospace_unmap(struct iospace *ios, uint64_t iova, uint64_t len)
{
	struct entry key = { .e.iova = iova };
	struct entry *entry;
	int ret;

	pthread_mutex_lock(&ios->lock);
	entry = RB_FIND(entry_tree, &ios->entries, &key);
	if (entry == NULL)
		ret = -ENOENT;
	else if (entry->e.len != len)
		ret = -EINVAL;
	else
		ret = unmap_entry(ios, entry);
	pthread_mutex_unlock(&ios->lock);
	if (ret == -ENOENT || ret == -EINVAL)
		ACCEL_LOG(ERR, iospace, "%s: no entry of %" PRIu64 " bytes at IOVA 0x%" PRIx64 ": only "
				"whole entries are unmapped", ios->name, len, iova);
	return ret;
}

void
iospace_destroy(struct iospace *ios)
{
	struct entry *entry;

	if (ios == NULL)
		return;
	while ((entry = RB_MIN(entry_tree, &ios->entries)) != NULL)
		unmap_entry(ios, entry);
	drop_leftovers(ios);
	while ((entry = TAILQ_FIRST(&ios->leftovers)) != NULL) {
		TAILQ_REMOVE(&ios->leftovers, entry, age);
		free(entry);
	}
	ios->ops->close(ios->ctx);
	free_iospace(ios);
}

/*
 * Lookup
 */

int
iospace_va2iova(const struct iospace *ios, const void *va, uint64_t len, uint64_t *iova)
{
	uint64_t delta;
	int ret = iomap_lookup(&ios->by_va, (uintptr_t)va, len, 0, &delta);

	if (ret == 0)
		*iova = (uintptr_t)va + delta;
	return ret;
}

int
iospace_iova2va(const struct iospace *ios, uint64_t iova, uint64_t len, unsigned int access,
		void **va)
{
	uint64_t delta;
	int ret = iomap_lookup(&ios->by_iova, iova, len, access, &delta);

	if (ret == 0)
		*va = (void *)(uintptr_t)(iova + delta);
	return ret;
}

int
iospace_iova_run(const struct iospace *ios, uint64_t iova, struct iomap_run *run)
{
	return iomap_run(&ios->by_iova, iova, run);
}

const uint64_t *
iospace_generation(const struct iospace *ios)
{
	return &ios->generation;
}

int
iospace_next(struct iospace *ios, uint64_t iova, struct iospace_entry *entry_out)
{
	struct entry key = { .e.iova = iova };
	struct entry *entry, *before;

	pthread_mutex_lock(&ios->lock);
	entry = RB_NFIND(entry_tree, &ios->entries, &key);
	before = entry != NULL ? RB_PREV(entry_tree, &ios->entries, entry) :
			RB_MAX(entry_tree, &ios->entries);
	if (before != NULL && before->e.iova + (before->e.len - 1) >= iova)
		entry = before;
	if (entry != NULL)
		*entry_out = entry->e;
	pthread_mutex_unlock(&ios->lock);
	return entry != NULL ? 0 : -ENOENT;
}

void
iospace_stats_get(struct iospace *ios, struct iospace_stats *stats)
{
	pthread_mutex_lock(&ios->lock);
	*stats = ios->stats;
	stats->placement = ios->placement;
	stats->maps_left = maps_left(ios);
	pthread_mutex_unlock(&ios->lock);
}

uint64_t
iospace_granule(const struct iospace *ios)
{
	return ios->granule;
}

bool
iospace_is_identity(const struct iospace *ios)
{
	return ios->identity;
}
