/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * EAL heaps on memory of a device: what EAL's allocators give has the device's IOVAs, and the heap
 * goes no sooner than what lives in it.
 */
#include <stdio.h>
#include <stdlib.h>

#include <rte_common.h>
#include <rte_errno.h>
#include <rte_malloc.h>
#include <rte_memzone.h>

#include "eal_mem_case.h"

#define PAGE      4096u
#define HEAP_LEN  (4 * MIB)
#define ALLOC     EDU ",iova=alloc"
#define MAX_HEAPS 40

static const char *const specs[] = { "soft:0", EDU, ALLOC, EDU_NARROW };

/* A device on each spec in turn, with a heap. */
static uint16_t
open_heap(const char *spec, size_t len, int *socket)
{
	uint16_t dev = soft_open(spec);

	*socket = accel_dev_heap_create(dev, len);
	CU_ASSERT_FATAL(*socket >= 0);
	CU_ASSERT_EQUAL(rte_malloc_heap_socket_is_external(*socket), 1);
	return dev;
}

static uint64_t
iova_of(uint16_t dev, const void *va, size_t len)
{
	uint64_t iova = 0;

	CU_ASSERT_EQUAL(accel_dev_virt2iova(dev, va, len, &iova), 0);
	return iova;
}

/*
 * What lives in a heap
 */

struct iova_check {
	uint16_t dev;
	unsigned int n, wrong;
};

static void
check_mbuf(struct rte_mempool *mp, void *arg, void *obj, unsigned int i)
{
	struct iova_check *check = arg;
	struct rte_mbuf *m = obj;
	uint64_t iova = 0;

	(void)mp;
	(void)i;
	check->n++;
	check->wrong += accel_dev_virt2iova(check->dev, m->buf_addr, m->buf_len, &iova) != 0 ||
			iova != rte_mbuf_iova_get(m);
}

static void
expect_iovas(uint16_t dev, struct rte_mempool *mp)
{
	struct iova_check check = { .dev = dev };

	rte_mempool_obj_iter(mp, check_mbuf, &check);
	CU_ASSERT_EQUAL(check.n, mp->size);
	CU_ASSERT_EQUAL(check.wrong, 0);
}

static void
copy_by_iova(uint16_t dev, struct rte_mempool *mp)
{
	struct rte_mbuf *m[2];
	char *from, *to;

	CU_ASSERT_EQUAL_FATAL(rte_pktmbuf_alloc_bulk(mp, m, 2), 0);
	from = rte_pktmbuf_append(m[0], 1500);
	to = rte_pktmbuf_append(m[1], 1500);
	memset(from, 0x3c, 1500);
	memset(to, 0, 1500);
	CU_ASSERT_EQUAL(copy_host(dev, is_edu(dev), rte_pktmbuf_iova(m[0]),
			rte_pktmbuf_iova(m[1]), 1500), 0);
	CU_ASSERT_EQUAL(memcmp(from, to, 1500), 0);
	rte_pktmbuf_free_bulk(m, 2);
}

static void
packets(void)
{
	unsigned int i;

	for (i = 0; i < RTE_DIM(specs); i++) {
		int socket;
		uint16_t dev = open_heap(specs[i], HEAP_LEN, &socket);
		struct rte_mempool *mp = make_pool("packets", 255, socket);

		soft_run(dev, 1, 0, 0);
		expect_iovas(dev, mp);
		copy_by_iova(dev, mp);
		rte_mempool_free(mp);
		soft_close(dev);
	}
}

static void
other_objects(void)
{
	unsigned int i;

	for (i = 0; i < RTE_DIM(specs); i++) {
		int socket;
		uint16_t dev = open_heap(specs[i], HEAP_LEN, &socket);
		const struct rte_memzone *mz = rte_memzone_reserve("other", 64 << 10, socket,
				RTE_MEMZONE_IOVA_CONTIG);
		struct rte_mempool *mp = rte_mempool_create("other", 127, 512, 0, 0, NULL, NULL,
				NULL, NULL, socket, 0);
		void *mem = rte_malloc_socket(NULL, 3 * PAGE, PAGE, socket), *obj = NULL;

		CU_ASSERT_FATAL(mz != NULL && mp != NULL && mem != NULL);
		CU_ASSERT_EQUAL(mz->iova, iova_of(dev, mz->addr, mz->len));
		CU_ASSERT_EQUAL(rte_malloc_virt2iova(mem), iova_of(dev, mem, 3 * PAGE));
		CU_ASSERT_EQUAL_FATAL(rte_mempool_get(mp, &obj), 0);
		CU_ASSERT_EQUAL(rte_mempool_virt2iova(obj), iova_of(dev, obj, 512));
		rte_mempool_put(mp, obj);
		rte_free(mem);
		rte_mempool_free(mp);
		rte_memzone_free(mz);
		soft_close(dev);
	}
}

/* Where the device's window is narrow, where IOVAs are chosen, and where they are addresses. */
static void
where(void)
{
	int socket;
	uint16_t dev = open_heap(EDU_NARROW, HEAP_LEN, &socket);
	void *mem = rte_malloc_socket(NULL, PAGE, PAGE, socket);

	CU_ASSERT_PTR_NOT_NULL_FATAL(mem);
	CU_ASSERT(iova_of(dev, mem, PAGE) < UINT64_C(1) << 28);
	rte_free(mem);
	soft_close(dev);
	dev = open_heap(ALLOC, HEAP_LEN, &socket);
	mem = rte_malloc_socket(NULL, PAGE, PAGE, socket);
	CU_ASSERT_PTR_NOT_NULL_FATAL(mem);
	CU_ASSERT_NOT_EQUAL(iova_of(dev, mem, PAGE), (uintptr_t)mem);
	rte_free(mem);
	soft_close(dev);
	dev = open_heap(EDU, HEAP_LEN, &socket);
	CU_ASSERT_EQUAL(soft_info(dev).maps, 1);
	CU_ASSERT_EQUAL(soft_info(dev).eal_bytes, 0);
	mem = rte_malloc_socket(NULL, PAGE, PAGE, socket);
	CU_ASSERT(reaches(dev, mem, PAGE));
	rte_free(mem);
	soft_close(dev);
}

static void
both_ways(void)
{
	int socket;
	uint16_t dev = open_heap(EDU, HEAP_LEN, &socket);
	struct rte_mempool *mp, *ordinary;
	struct rte_mbuf *m;

	CU_ASSERT_EQUAL(accel_dev_map_eal(dev), 0);
	mp = make_pool("own", 63, socket);
	ordinary = make_pool("ordinary", 63, SOCKET_ID_ANY);
	expect_iovas(dev, mp);
	m = rte_pktmbuf_alloc(ordinary);
	CU_ASSERT_PTR_NOT_NULL_FATAL(m);
	CU_ASSERT(reaches(dev, m->buf_addr, m->buf_len));
	rte_pktmbuf_free(m);
	rte_mempool_free(ordinary);
	rte_mempool_free(mp);
	soft_close(dev);
}

static void
two_devices(void)
{
	int socket[2];
	uint16_t dev[2];
	struct rte_mempool *mp[2];
	struct rte_mbuf *m;
	uint64_t iova;

	dev[0] = open_heap(EDU, HEAP_LEN, &socket[0]);
	dev[1] = open_heap("sim:edu.2,dma_mask=64,dma_bits=64,iova=alloc", HEAP_LEN, &socket[1]);
	CU_ASSERT_NOT_EQUAL(socket[0], socket[1]);
	mp[0] = make_pool("first", 127, socket[0]);
	mp[1] = make_pool("second", 127, socket[1]);
	expect_iovas(dev[0], mp[0]);
	expect_iovas(dev[1], mp[1]);
	m = rte_pktmbuf_alloc(mp[0]);
	CU_ASSERT_PTR_NOT_NULL_FATAL(m);
	CU_ASSERT_EQUAL(accel_dev_virt2iova(dev[1], m->buf_addr, 1, &iova), -ENOENT);
	rte_pktmbuf_free(m);
	rte_mempool_free(mp[0]);
	soft_close(dev[0]);
	expect_iovas(dev[1], mp[1]);
	rte_mempool_free(mp[1]);
	soft_close(dev[1]);
}

/* In one I/O space each device has its own, and reaches the other's. */
static void
shared_space(void)
{
	int socket[2];
	uint16_t a = open_heap(EDU ",iospace=s", HEAP_LEN, &socket[0]);
	uint16_t b = open_heap(EDU2 ",iospace=s", HEAP_LEN, &socket[1]);
	struct rte_mempool *mp = make_pool("of b", 63, socket[1]);

	expect_iovas(a, mp);
	soft_close(a);
	expect_iovas(b, mp);
	SOFT_ASSERT_FAILS(accel_dev_close(b), -EBUSY);
	rte_mempool_free(mp);
	soft_close(b);
}

/*
 * Life
 */

static void
close_refused(void)
{
	int socket;
	uint16_t dev = open_heap(EDU, HEAP_LEN, &socket);
	struct rte_mempool *mp = make_pool("live", 63, socket);
	struct soft_usage before = soft_usage_get(dev);
	struct accel_buf *buf = NULL;

	soft_run(dev, 1, 0, 0);
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	before = soft_usage_get(dev);
	SOFT_ASSERT_FAILS(accel_dev_close(dev), -EBUSY);
	SOFT_ASSERT_FAILS(accel_dev_heap_destroy(dev), -EBUSY);
	SOFT_ASSERT_NO_LEAK(dev, before);
	CU_ASSERT_EQUAL(accel_dev_start(dev), 0);
	expect_iovas(dev, mp);
	copy_by_iova(dev, mp);
	CU_ASSERT_EQUAL(accel_buf_alloc(dev, PAGE, 0, 0, &buf), 0);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	rte_mempool_free(mp);
	soft_close(dev);
}

static void
destroy_and_again(void)
{
	struct soft_usage before;
	uint16_t dev = soft_open(ALLOC);
	struct rte_mempool *mp;
	unsigned int i;
	int socket;

	SOFT_ASSERT_FAILS(accel_dev_heap_destroy(dev), -ENOENT);
	socket = accel_dev_heap_create(dev, HEAP_LEN); /* what is made once for all is made */
	CU_ASSERT(socket >= 0);
	CU_ASSERT_EQUAL(accel_dev_heap_destroy(dev), 0);
	before = soft_usage_get(dev);
	for (i = 0; i < 3; i++) {
		socket = accel_dev_heap_create(dev, HEAP_LEN);
		CU_ASSERT_FATAL(socket >= 0);
		SOFT_ASSERT_FAILS(accel_dev_heap_create(dev, HEAP_LEN), -EALREADY);
		mp = make_pool("again", 63, socket);
		expect_iovas(dev, mp);
		rte_mempool_free(mp);
		CU_ASSERT_EQUAL(accel_dev_heap_destroy(dev), 0);
		SOFT_ASSERT_FAILS(accel_dev_heap_destroy(dev), -ENOENT);
		CU_ASSERT_EQUAL(rte_malloc_heap_socket_is_external(socket), -1);
		SOFT_ASSERT_NO_LEAK(dev, before);
	}
	soft_close(dev);
}

static void
close_ends_it(void)
{
	struct test_usage before;
	unsigned int i;
	int socket;

	soft_close(open_heap(EDU, HEAP_LEN, &socket));
	before = test_usage_get();
	for (i = 0; i < 2 * MAX_HEAPS; i++) {
		soft_close(open_heap(EDU, HEAP_LEN, &socket));
		CU_ASSERT_EQUAL(rte_malloc_heap_socket_is_external(socket), -1);
	}
	TEST_ASSERT_NO_LEAK(before);
	SOFT_ASSERT_FAILS(accel_dev_heap_create(0, HEAP_LEN), -ENODEV);
	SOFT_ASSERT_FAILS(accel_dev_heap_destroy(0), -ENODEV);
	SOFT_ASSERT_FAILS(accel_dev_heap_create(ACCEL_MAX_DEVS, HEAP_LEN), -ENODEV);
}

/*
 * Refusals
 */

/* Lines of EAL itself may come along with ours. */
static void
refused(uint16_t dev, size_t bytes, int err)
{
	struct soft_usage before = soft_usage_get(dev);

	soft_log_begin();
	CU_ASSERT_EQUAL(accel_dev_heap_create(dev, bytes), err);
	CU_ASSERT(soft_log_end() >= 1);
	SOFT_ASSERT_NO_LEAK(dev, before);
	SOFT_ASSERT_FAILS(accel_dev_heap_destroy(dev), -ENOENT);
}

static void
sizes(void)
{
	uint16_t dev = soft_open(EDU);
	int socket;
	void *mem;

	refused(dev, 0, -EINVAL);
	refused(dev, SIZE_MAX, -EINVAL);
	refused(dev, SIZE_MAX / 8, -ENOMEM);
	refused(dev, (size_t)1 << 46, -ENOMEM);
	socket = accel_dev_heap_create(dev, 1); /* a page */
	CU_ASSERT_FATAL(socket >= 0);
	CU_ASSERT(soft_info(dev).mapped_bytes >= PAGE);
	mem = rte_malloc_socket(NULL, 1024, 0, socket);
	CU_ASSERT_PTR_NOT_NULL(mem);
	rte_free(mem);
	CU_ASSERT_PTR_NULL(rte_malloc_socket(NULL, 2 * MIB, 0, socket)); /* it does not grow */
	soft_close(dev);
}

static void
no_room(void)
{
	struct accel_buf *buf = NULL;
	uint16_t dev = soft_open(EDU ",maps=1");

	CU_ASSERT_EQUAL_FATAL(accel_buf_alloc(dev, PAGE, 0, ACCEL_BUF_ISOLATED, &buf), 0);
	refused(dev, HEAP_LEN, -ENOSPC);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	CU_ASSERT(accel_dev_heap_create(dev, HEAP_LEN) >= 0);
	soft_close(dev);
	dev = soft_open("sim:edu.3,dma_bits=20");
	refused(dev, HEAP_LEN, -ENOSPC);
	soft_close(dev);
}

static void
no_heaps(void)
{
	uint16_t dev = soft_open(EDU);
	char name[32];
	int n = 0;

	for (; n < MAX_HEAPS; n++) {
		snprintf(name, sizeof(name), "filler%d", n);
		if (rte_malloc_heap_create(name) != 0)
			break;
	}
	CU_ASSERT_EQUAL(rte_errno, ENOSPC);
	refused(dev, HEAP_LEN, -EDQUOT);
	while (n-- > 0) {
		snprintf(name, sizeof(name), "filler%d", n);
		CU_ASSERT_EQUAL(rte_malloc_heap_destroy(name), 0);
	}
	CU_ASSERT(accel_dev_heap_create(dev, HEAP_LEN) >= 0);
	soft_close(dev);
}

static const struct test_case object_cases[] = {
	{ "packets", packets },
	{ "other objects", other_objects },
	{ "where", where },
	{ "both ways", both_ways },
	{ "two devices", two_devices },
	{ "shared space", shared_space },
	{ 0 },
};

static const struct test_case life_cases[] = {
	{ "close refused", close_refused },
	{ "destroy, and again", destroy_and_again },
	{ "close ends it", close_ends_it },
	{ 0 },
};

static const struct test_case refusal_cases[] = {
	{ "sizes", sizes },
	{ "no room", no_room },
	{ "no heaps", no_heaps },
	{ 0 },
};

const struct test_suite eal_suites[] = {
	{ "heap, objects", NULL, NULL, object_cases },
	{ "heap, life", NULL, NULL, life_cases },
	{ "heap, refusals", NULL, NULL, refusal_cases },
	{ 0 },
};
