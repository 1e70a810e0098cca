/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * EAL's memory and the kernel's IOMMU: packets that a device reads where they are.
 */
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <rte_malloc.h>
#include <rte_mbuf.h>

#include "eal_main.h"
#include "edu_dev.h"
#include "guest.h"
#include "log_text.h"

#define HOST ACCEL_SPACE_HOST
#define BANK ACCEL_SPACE_BANK(0)
#define LEN  1500
#define MIB  ((size_t)1 << 20)

#define ROUNDS 8

static struct rte_mempool *
make_pool(int socket)
{
	struct rte_mempool *mp = rte_pktmbuf_pool_create("mbufs", 63, 0, 0,
			RTE_MBUF_DEFAULT_BUF_SIZE, socket);

	CU_ASSERT_PTR_NOT_NULL_FATAL(mp);
	return mp;
}

static struct rte_mbuf *
make_mbuf(struct rte_mempool *mp, unsigned int seed)
{
	struct rte_mbuf *m = rte_pktmbuf_alloc(mp);

	CU_ASSERT_FATAL(m != NULL && rte_pktmbuf_append(m, LEN) != NULL);
	edu_fill(rte_pktmbuf_mtod(m, void *), LEN, seed);
	return m;
}

/* The device reads one packet and writes what it read into another, with no word of the driver. */
static bool
copies_packet(uint16_t dev, struct rte_mempool *mp, unsigned int seed)
{
	struct rte_mbuf *from = make_mbuf(mp, seed), *to = make_mbuf(mp, seed + 1);
	bool good;

	edu_raw(dev, rte_pktmbuf_iova(from), 0, LEN, false);
	edu_raw(dev, rte_pktmbuf_iova(to), 0, LEN, true);
	good = edu_has(rte_pktmbuf_mtod(to, void *), LEN, seed);
	rte_pktmbuf_free(from);
	rte_pktmbuf_free(to);
	return good;
}

/*
 * All of EAL's memory
 */

/* EAL's heap grows and shrinks as long as this runs. */
struct load {
	pthread_t thread;
	bool quit;            /* atomic, as the next */
	unsigned int rounds;
	unsigned int failed;
};

static void *
run_load(void *arg)
{
	struct load *load = arg;
	unsigned int i;

	for (i = 0; !__atomic_load_n(&load->quit, __ATOMIC_ACQUIRE); i++) {
		void *va = rte_malloc(NULL, (2 + i % 4 * 3) * MIB, 4096);

		if (va != NULL)
			memset(va, 0xa5, MIB);
		else
			load->failed++;
		rte_free(va);
		__atomic_store_n(&load->rounds, i + 1, __ATOMIC_RELEASE);
	}
	return NULL;
}

static void
packets_under_load(void)
{
	struct rte_mempool *mp = make_pool(SOCKET_ID_ANY);
	uint16_t dev = edu_run(edu_spec());
	struct load load = { 0 };
	struct accel_dev_info info;
	uint64_t before;
	unsigned int i;

	CU_ASSERT_EQUAL_FATAL(accel_dev_map_eal(dev), 0);
	before = soft_info(dev).eal_bytes;
	CU_ASSERT_EQUAL_FATAL(pthread_create(&load.thread, NULL, run_load, &load), 0);
	for (i = 0; i < 3 || __atomic_load_n(&load.rounds, __ATOMIC_ACQUIRE) < ROUNDS; i++) {
		CU_ASSERT(copies_packet(dev, mp, i));
		if (i == 0) { /* a pool that comes while the heap changes */
			rte_mempool_free(mp);
			mp = make_pool(SOCKET_ID_ANY);
		}
	}
	__atomic_store_n(&load.quit, true, __ATOMIC_RELEASE);
	pthread_join(load.thread, NULL);
	CU_ASSERT_EQUAL(load.failed, 0);
	info = soft_info(dev);
	CU_ASSERT_EQUAL(info.eal_bytes, before);
	CU_ASSERT_EQUAL(info.eal_missed, 0);
	CU_ASSERT(copies_packet(dev, mp, 50));
	rte_mempool_free(mp);
	soft_close(dev);
}

/* What came after the call is reached, and is so no longer when EAL has given it back. */
static void
grown_and_gone(void)
{
	uint16_t dev = edu_run(edu_spec());
	struct edu_faults faults;
	unsigned char *va;
	uint64_t iova;

	CU_ASSERT_EQUAL_FATAL(accel_dev_map_eal(dev), 0);
	va = rte_malloc(NULL, 24 * MIB, 4096);
	CU_ASSERT_PTR_NOT_NULL_FATAL(va);
	iova = (uintptr_t)va;
	edu_fill(va + 20 * MIB, 64, 1);
	CU_ASSERT_EQUAL(edu_copy(dev, HOST, iova + 20 * MIB, HOST, iova, 64), ACCEL_STATUS_SUCCESS);
	CU_ASSERT(edu_has(va, 64, 1));
	rte_free(va);
	CU_ASSERT_EQUAL(edu_copy(dev, HOST, iova + 20 * MIB, BANK, EDU_BUF_BASE, 64),
			ACCEL_STATUS_BAD_ADDRESS);
	edu_faults_begin(&faults, edu_spec());
	edu_raw(dev, iova + 20 * MIB, 0, 64, false);
	CU_ASSERT(edu_faults_end(&faults, iova + 20 * MIB));
	soft_close(dev);
}

static void
too_narrow(void)
{
	uint16_t dev = edu_open(edu_spec_narrow());

	LOG_ASSERT_FAILS(accel_dev_map_eal(dev), -ERANGE, "--base-virtaddr",
			"accel_dev_heap_create");
	CU_ASSERT_EQUAL(soft_info(dev).maps, 0);
	soft_close(dev);
}

/* EAL has more memory than this user may lock. */
static void
locked_memory(void)
{
	struct rlimit old, low = { MIB, 0 };
	uint16_t dev;
	void *va;

	if (geteuid() == 0) {
		test_skip("root may lock what it likes");
		return;
	}
	dev = edu_open(edu_spec());
	va = rte_malloc(NULL, 24 * MIB, 4096);
	CU_ASSERT_FATAL(va != NULL && getrlimit(RLIMIT_MEMLOCK, &old) == 0);
	low.rlim_max = old.rlim_max;
	CU_ASSERT_EQUAL(setrlimit(RLIMIT_MEMLOCK, &low), 0);
	LOG_ASSERT_FAILS(accel_dev_map_eal(dev), -ENOMEM, "limit on locked memory is 1024 KiB",
			"ulimit -l");
	CU_ASSERT_EQUAL(setrlimit(RLIMIT_MEMLOCK, &old), 0);
	CU_ASSERT_EQUAL(soft_info(dev).maps, 0);
	CU_ASSERT_EQUAL(accel_dev_map_eal(dev), 0);
	rte_free(va);
	soft_close(dev);
}

/*
 * A heap of the device's own
 */

static void
pool_on_heap(const char *spec, bool narrow)
{
	uint16_t dev = edu_run(spec);
	int socket = accel_dev_heap_create(dev, 4 * MIB);
	struct rte_mempool *mp;
	struct rte_mbuf *m;

	CU_ASSERT_FATAL(socket >= 0);
	mp = make_pool(socket);
	m = make_mbuf(mp, 3);
	CU_ASSERT_EQUAL(rte_pktmbuf_iova(m) != (uintptr_t)rte_pktmbuf_mtod(m, void *), narrow);
	CU_ASSERT(!narrow || rte_pktmbuf_iova(m) + LEN <= 1u << 28);
	CU_ASSERT_EQUAL(edu_copy(dev, HOST, rte_pktmbuf_iova(m), BANK, EDU_BUF_BASE, LEN),
			ACCEL_STATUS_SUCCESS);
	memset(rte_pktmbuf_mtod(m, void *), 0, LEN);
	CU_ASSERT_EQUAL(edu_copy(dev, BANK, EDU_BUF_BASE, HOST, rte_pktmbuf_iova(m), LEN),
			ACCEL_STATUS_SUCCESS);
	CU_ASSERT(edu_has(rte_pktmbuf_mtod(m, void *), LEN, 3));
	SOFT_ASSERT_FAILS(accel_dev_heap_destroy(dev), -EBUSY);
	rte_pktmbuf_free(m);
	rte_mempool_free(mp);
	CU_ASSERT_EQUAL(accel_dev_heap_destroy(dev), 0);
	CU_ASSERT_EQUAL(soft_info(dev).maps, 0);
	soft_close(dev);
}

static void
heap(void)
{
	pool_on_heap(edu_spec(), false);
}

static void
narrow_heap(void)
{
	pool_on_heap(edu_spec_narrow(), true);
}

static const struct test_case cases[] = {
	{ "packets under load", packets_under_load },
	{ "grown and gone", grown_and_gone },
	{ "too narrow", too_narrow },
	{ "locked memory", locked_memory },
	{ "a heap", heap },
	{ "a narrow heap", narrow_heap },
	{ NULL, NULL },
};

const struct test_suite eal_suites[] = {
	{ "vfio EAL memory", NULL, NULL, cases },
	{ NULL, NULL, NULL, NULL },
};
