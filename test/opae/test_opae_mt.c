/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Several threads at once. What they do is checked by each for itself; CUnit's assertions are for
 * one thread, so threads count what is wrong.
 */
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "log_text.h"
#include "opae_afu.h"
#include "opae_case.h"

#define THREADS 8
#define PAGE    4096

struct worker {
	pthread_t thread;
	unsigned int id;
	unsigned int rounds; /* 0: until stop */
	unsigned int wrong;
	unsigned int done;   /* atomic */
	fpga_handle handle;
	fpga_token token;
};

static bool stop; /* atomic */
static fpga_handle handles[2];

/* Buffers that one thread prepares and another one releases. */
static struct {
	pthread_mutex_t lock;
	uint64_t wsid[64];
	unsigned int n;
} shelf = { .lock = PTHREAD_MUTEX_INITIALIZER };

static bool
goes_on(struct worker *w)
{
	unsigned int done = __atomic_add_fetch(&w->done, 1, __ATOMIC_RELAXED);

	return w->rounds != 0 ? done <= w->rounds : !__atomic_load_n(&stop, __ATOMIC_RELAXED);
}

static void
start(struct worker *w, unsigned int n, void *(*fn)(void *arg))
{
	unsigned int i;

	__atomic_store_n(&stop, false, __ATOMIC_RELAXED);
	for (i = 0; i < n; i++) {
		w[i].id = i;
		CU_ASSERT_EQUAL_FATAL(pthread_create(&w[i].thread, NULL, fn, &w[i]), 0);
	}
}

static void
finish(struct worker *w, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		CU_ASSERT_EQUAL(pthread_join(w[i].thread, NULL), 0);
		CU_ASSERT_EQUAL(w[i].wrong, 0);
	}
}

/* Wait until each has done something, so that they do it at the same time. */
static void
wait_for_rounds(struct worker *w, unsigned int n, unsigned int rounds)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		while (__atomic_load_n(&w[i].done, __ATOMIC_RELAXED) < rounds)
			usleep(100);
	}
}

/*
 * Preparing, asking and releasing on two handles
 */

static bool
one_buffer(fpga_handle h, unsigned int kind, unsigned char *mem)
{
	uint64_t wsid = 0, io = 0, io2 = 0;
	int flags = kind % 2 != 0 ? FPGA_BUF_PREALLOCATED : 0;
	void *va = kind % 2 != 0 ? mem : NULL;

	if (kind % 3 == 0)
		flags |= FPGA_BUF_READ_ONLY;
	if (fpgaPrepareBuffer(h, PAGE, &va, &wsid, flags) != FPGA_OK)
		return false;
	memset(va, (int)kind, PAGE);
	return fpgaGetIOAddress(h, wsid, &io) == FPGA_OK &&
			((unsigned char *)va)[PAGE - 1] == (unsigned char)kind &&
			fpgaGetIOAddress(h, wsid, &io2) == FPGA_OK && io == io2 &&
			fpgaReleaseBuffer(h, wsid) == FPGA_OK &&
			fpgaGetIOAddress(h, wsid, &io) == FPGA_NOT_FOUND &&
			fpgaReleaseBuffer(h, wsid) == FPGA_INVALID_PARAM;
}

static void *
prepare_and_release(void *arg)
{
	unsigned char *mem = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct worker *w = arg;

	while (goes_on(w))
		w->wrong += !one_buffer(handles[w->id % 2], w->done + w->id, mem);
	munmap(mem, PAGE);
	return NULL;
}

static void
two_handles(void)
{
	struct worker w[THREADS] = { { .rounds = 0 } };
	unsigned int i;

	handles[0] = case_open("sim:t-afu");
	handles[1] = case_open("sim:t-afu.2");
	for (i = 0; i < THREADS; i++)
		w[i].rounds = 300;
	start(w, THREADS, prepare_and_release);
	finish(w, THREADS);
	case_close(handles[0]);
	case_close(handles[1]);
}

/*
 * Prepared here, released there
 */

static void
put_on_shelf(struct worker *w)
{
	uint64_t wsid = 0;
	void *va = NULL;

	if (fpgaPrepareBuffer(handles[0], PAGE, &va, &wsid, 0) != FPGA_OK) {
		w->wrong++;
		return;
	}
	pthread_mutex_lock(&shelf.lock);
	if (shelf.n < 64) {
		shelf.wsid[shelf.n++] = wsid;
		wsid = 0;
	}
	pthread_mutex_unlock(&shelf.lock);
	if (wsid != 0)
		w->wrong += fpgaReleaseBuffer(handles[0], wsid) != FPGA_OK;
}

static void
take_from_shelf(struct worker *w)
{
	uint64_t wsid = 0, io = 0;

	pthread_mutex_lock(&shelf.lock);
	if (shelf.n > 0)
		wsid = shelf.wsid[--shelf.n];
	pthread_mutex_unlock(&shelf.lock);
	if (wsid == 0)
		return;
	w->wrong += fpgaGetIOAddress(handles[0], wsid, &io) != FPGA_OK;
	w->wrong += fpgaReleaseBuffer(handles[0], wsid) != FPGA_OK;
}

static void *
prepare_or_release(void *arg)
{
	struct worker *w = arg;

	while (goes_on(w)) {
		if (w->id % 2 == 0)
			put_on_shelf(w);
		else
			take_from_shelf(w);
	}
	return NULL;
}

static void
released_elsewhere(void)
{
	struct worker w[THREADS] = { { .rounds = 0 } };
	unsigned int i;

	handles[0] = case_open("sim:t-afu");
	for (i = 0; i < THREADS; i++)
		w[i].rounds = 500;
	start(w, THREADS, prepare_or_release);
	finish(w, THREADS);
	while (shelf.n > 0)
		ASSERT_OK(fpgaReleaseBuffer(handles[0], shelf.wsid[--shelf.n]));
	case_close(handles[0]);
}

/* Of several threads that release a buffer at once, one does. */
static uint64_t contested;

static void *
release_contested(void *arg)
{
	struct worker *w = arg;

	w->done = fpgaReleaseBuffer(handles[0], __atomic_load_n(&contested, __ATOMIC_ACQUIRE)) ==
			FPGA_OK;
	return NULL;
}

static void
released_by_all(void)
{
	unsigned int round, i, winners;

	handles[0] = case_open("sim:t-afu");
	for (round = 0; round < 50; round++) {
		struct worker w[4] = { { .rounds = 0 } };
		uint64_t wsid = 0;
		void *va = NULL;

		ASSERT_OK(fpgaPrepareBuffer(handles[0], PAGE, &va, &wsid, 0));
		__atomic_store_n(&contested, wsid, __ATOMIC_RELEASE);
		start(w, 4, release_contested);
		finish(w, 4);
		for (i = 0, winners = 0; i < 4; i++)
			winners += w[i].done;
		CU_ASSERT_EQUAL(winners, 1);
	}
	case_close(handles[0]);
}

/*
 * Closed meanwhile
 */

static bool
is_ok_or_closed(fpga_result ret)
{
	return ret == FPGA_OK || ret == FPGA_INVALID_PARAM;
}

static void *
use_until_closed(void *arg)
{
	struct worker *w = arg;
	fpga_event_handle event = NULL;
	fpga_handle h = w->handle;
	uint64_t wsid, io, v;
	void *va = NULL;

	w->wrong += fpgaCreateEventHandle(&event) != FPGA_OK;
	while (goes_on(w)) {
		fpga_result ret = fpgaPrepareBuffer(h, PAGE, &va, &wsid, 0);

		w->wrong += !is_ok_or_closed(ret);
		if (ret == FPGA_OK) {
			/* Once it is closed the memory is not there any more. */
			w->wrong += !is_ok_or_closed(fpgaGetIOAddress(h, wsid, &io));
			if (w->done % 2 != 0)
				w->wrong += !is_ok_or_closed(fpgaReleaseBuffer(h, wsid));
		}
		w->wrong += !is_ok_or_closed(fpgaReadMMIO64(h, 0, AFU_SCRATCH, &v));
		w->wrong += !is_ok_or_closed(fpgaWriteMMIO64(h, 0, AFU_SCRATCH, w->id));
		w->wrong += !is_ok_or_closed(fpgaReset(h));
		w->wrong += !is_ok_or_closed(fpgaRegisterEvent(h, FPGA_EVENT_INTERRUPT, event,
				w->id));
		w->wrong += !is_ok_or_closed(fpgaUnregisterEvent(h, FPGA_EVENT_INTERRUPT, event));
	}
	w->wrong += fpgaDestroyEventHandle(&event) != FPGA_OK;
	return NULL;
}

static void
closed_meanwhile(void)
{
	unsigned int round, i;

	for (round = 0; round < 10; round++) {
		struct worker w[4] = { { .rounds = 0 } };
		fpga_handle h = case_open("sim:t-afu");

		for (i = 0; i < 4; i++)
			w[i].handle = h;
		start(w, 4, use_until_closed);
		wait_for_rounds(w, 4, 3);
		case_close(h);
		case_close(case_open("sim:t-afu")); /* nobody's call keeps it */
		wait_for_rounds(w, 4, __atomic_load_n(&w[0].done, __ATOMIC_RELAXED) + 3);
		__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
		finish(w, 4);
	}
}

/* One of them closes it. */
static void *
close_it(void *arg)
{
	struct worker *w = arg;

	w->done = fpgaClose(w->handle) == FPGA_OK;
	return NULL;
}

static void
closed_by_all(void)
{
	unsigned int round, i, winners;

	for (round = 0; round < 20; round++) {
		struct worker w[4] = { { .rounds = 0 } };
		fpga_handle h = case_open("sim:t-afu");

		for (i = 0; i < 4; i++)
			w[i].handle = h;
		start(w, 4, close_it);
		finish(w, 4);
		for (i = 0, winners = 0; i < 4; i++)
			winners += w[i].done;
		CU_ASSERT_EQUAL(winners, 1);
	}
}

/*
 * Enumerated meanwhile
 */

static bool
enumerate_all(void)
{
	fpga_token tokens[4] = { NULL };
	fpga_properties p = NULL;
	bool good = true;
	uint32_t n = 0, i;
	uint64_t id;

	if (fpgaEnumerate(NULL, 0, tokens, 4, &n) != FPGA_OK || n != 4)
		return false;
	for (i = 0; i < 4; i++) {
		good = good && fpgaGetProperties(tokens[i], &p) == FPGA_OK &&
				fpgaUpdateProperties(tokens[i], p) == FPGA_OK &&
				fpgaPropertiesGetObjectID(p, &id) == FPGA_OK &&
				fpgaDestroyProperties(&p) == FPGA_OK;
		good = fpgaDestroyToken(&tokens[i]) == FPGA_OK && good;
	}
	return good;
}

static void *
enumerate(void *arg)
{
	struct worker *w = arg;

	while (goes_on(w)) {
		w->wrong += !enumerate_all();
		if (w->done % 8 == 0)
			w->wrong += fpgaFinalize() != FPGA_OK;
	}
	return NULL;
}

/* Two threads have the same token, and so one of them finds it busy now and then. */
static void *
open_and_close(void *arg)
{
	struct worker *w = arg;
	fpga_handle h;

	while (goes_on(w)) {
		fpga_result ret = fpgaOpen(w->token, &h, 0);

		w->wrong += ret != FPGA_OK && ret != FPGA_BUSY;
		if (ret == FPGA_OK) {
			w->wrong += !one_buffer(h, 0, NULL);
			w->wrong += fpgaClose(h) != FPGA_OK;
		}
	}
	return NULL;
}

static void
enumerated_meanwhile(void)
{
	struct worker openers[4] = { { .rounds = 0 } }, lookers[4] = { { .rounds = 0 } };
	fpga_token tokens[4] = { NULL };
	uint32_t n = 0, i;

	case_devices("sim:t-afu sim:t-pair sim:t-afu.2");
	ASSERT_OK(fpgaEnumerate(NULL, 0, tokens, 4, &n));
	CU_ASSERT_EQUAL_FATAL(n, 4);
	for (i = 0; i < 4; i++) {
		openers[i].rounds = 40;
		openers[i].token = tokens[i / 2]; /* t-afu, and the first one of t-pair */
		lookers[i].rounds = 25;
	}
	start(openers, 4, open_and_close);
	start(lookers, 4, enumerate);
	finish(lookers, 4);
	finish(openers, 4);
	for (i = 0; i < 4; i++)
		case_drop(tokens[i]);
}

/* The first calls of a process may come from several threads: EAL comes up once. */
static void *
begin(void *arg)
{
	struct worker *w = arg;
	uint32_t n = 0;

	w->wrong = fpgaEnumerate(NULL, 0, NULL, 0, &n) != FPGA_OK || n != 1;
	return NULL;
}

static int
begin_together(void)
{
	struct worker w[4] = { { .rounds = 0 } };
	unsigned int i, wrong = 0;

	for (i = 0; i < 4; i++) {
		if (pthread_create(&w[i].thread, NULL, begin, &w[i]) != 0)
			return 1;
	}
	for (i = 0; i < 4; i++) {
		pthread_join(w[i].thread, NULL);
		wrong += w[i].wrong;
	}
	return wrong != 0;
}

const struct opae_child opae_children[] = {
	{ "begin", begin_together },
	{ NULL, NULL },
};

static void
begun_by_all(void)
{
	const char *const env[] = { "ACCELDEV_DEVICES=sim:t-afu", NULL };
	char text[4096];

	CU_ASSERT_EQUAL(case_run("begin", env, text, sizeof(text)), 0);
	CU_ASSERT_STRING_EQUAL(text, "");
}

static const struct test_case cases[] = {
	{ "the first calls", begun_by_all },
	{ "8 threads on two handles", two_handles },
	{ "prepared here, released there", released_elsewhere },
	{ "released by all at once", released_by_all },
	{ "closed while others use it", closed_meanwhile },
	{ "closed by all at once", closed_by_all },
	{ "enumerated while others open", enumerated_meanwhile },
	{ NULL, NULL },
};

const struct test_suite opae_suites[] = {
	{ "threads", NULL, NULL, cases },
	{ NULL, NULL, NULL, NULL },
};
