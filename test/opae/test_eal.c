/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * How EAL comes up below a program that knows nothing of it. Each case is a process of its own.
 */
#include <dirent.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_lcore.h>
#include <rte_malloc.h>

#include "opae_case.h"

#define FAIL(...)                                                                                  \
	do {                                                                                       \
		printf(__VA_ARGS__);                                                               \
		return 1;                                                                          \
	} while (0)

/* Everything up to a buffer that the accelerator reaches. */
static int
work(void)
{
	uint64_t wsid = 0, io = 0;
	fpga_token token = NULL;
	fpga_handle h = NULL;
	void *va = NULL;
	uint32_t n = 0;

	if (fpgaEnumerate(NULL, 0, &token, 1, &n) != FPGA_OK || n != 1)
		FAIL("%u accelerators\n", n);
	if (fpgaOpen(token, &h, 0) != FPGA_OK || fpgaDestroyToken(&token) != FPGA_OK)
		FAIL("cannot open\n");
	if (fpgaPrepareBuffer(h, 4096, &va, &wsid, 0) != FPGA_OK ||
			fpgaGetIOAddress(h, wsid, &io) != FPGA_OK ||
			fpgaReleaseBuffer(h, wsid) != FPGA_OK || fpgaClose(h) != FPGA_OK)
		FAIL("no buffer\n");
	return 0;
}

/* The CPUs that this thread may use stay, whichever they are. */
static int
keep_affinity(void)
{
	cpu_set_t before, after;

	if (sched_getaffinity(0, sizeof(before), &before) != 0 || work() != 0 ||
			sched_getaffinity(0, sizeof(after), &after) != 0)
		return 1;
	if (!CPU_EQUAL(&before, &after))
		FAIL("the affinity changed\n");
	return 0;
}

static int
keep_narrow_affinity(void)
{
	cpu_set_t all, one;
	int cpu = 0;

	if (sched_getaffinity(0, sizeof(all), &all) != 0)
		return 1;
	while (!CPU_ISSET(cpu, &all))
		cpu++;
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	if (sched_setaffinity(0, sizeof(one), &one) != 0)
		return 1;
	return keep_affinity();
}

/* No device is named, and none is bound to vfio-pci: nobody needs EAL. */
static int
stay_down(void)
{
	uint32_t n = 4711;

	if (fpgaInitialize(NULL) != FPGA_OK || fpgaEnumerate(NULL, 0, NULL, 0, &n) != FPGA_OK)
		FAIL("no answer\n");
	if (n != 0)
		FAIL("%u accelerators\n", n);
	if (rte_lcore_count() != 0)
		FAIL("EAL is up\n");
	return 0;
}

/* What the setting asks for, and two lcores that the default does not have. */
static int
take_the_setting(void)
{
	if (work() != 0)
		return 1;
	if (rte_lcore_count() != 2)
		FAIL("%u lcores\n", rte_lcore_count());
	return 0;
}

static int
take_the_default(void)
{
	if (work() != 0)
		return 1;
	if (rte_lcore_count() != 1 || rte_eal_has_hugepages())
		FAIL("%u lcores\n", rte_lcore_count());
	return 0;
}

/* An answer each time, and never more than one attempt. */
static int
fail_to_come_up(void)
{
	fpga_token token = (void *)&token;
	fpga_result ret;
	uint32_t n, i;

	for (i = 0; i < 3; i++) {
		n = 4711;
		ret = fpgaEnumerate(NULL, 0, &token, 1, &n);
		if (ret != FPGA_EXCEPTION || n != 0 || token != (void *)&token)
			FAIL("%s, %u accelerators\n", fpgaErrStr(ret), n);
	}
	/* What needs no EAL works. */
	unsetenv("ACCELDEV_DEVICES");
	if (fpgaEnumerate(NULL, 0, NULL, 0, &n) != FPGA_OK || n != 0)
		FAIL("no answer\n");
	return 0;
}

/* The program's own EAL, with its own options, whatever the setting says. */
static int
keep_the_programs_own(void)
{
	static char name[] = "own", no_huge[] = "--no-huge", no_pci[] = "--no-pci";
	static char no_shconf[] = "--no-shconf", mode[] = "--iova-mode=va";
	static char m[] = "-m", size[] = "32";
	static char lcores[32], *argv[] = { name, no_huge, no_pci, no_shconf, mode, m,
		size, lcores, NULL };
	void *mine;

	snprintf(lcores, sizeof(lcores), "--lcores=3@%d", sched_getcpu());
	if (rte_eal_init(8, argv) < 0)
		FAIL("rte_eal_init: %s\n", rte_strerror(rte_errno));
	mine = rte_malloc(NULL, 64, 0);
	if (work() != 0 || mine == NULL)
		return 1;
	if (rte_lcore_count() != 1 || rte_get_main_lcore() != 3)
		FAIL("main lcore %u\n", rte_get_main_lcore());
	fpgaFinalize();
	rte_free(mine);
	if (work() != 0) /* EAL is up still */
		return 1;
	return rte_eal_cleanup() == 0 ? 0 : 1;
}

static unsigned int
count_threads(void)
{
	DIR *d = opendir("/proc/self/task");
	unsigned int n = 0;

	while (d != NULL && readdir(d) != NULL)
		n++;
	if (d != NULL)
		closedir(d);
	return n - 2; /* . and .. */
}

static double
cpu_seconds(void)
{
	struct rusage used;

	getrusage(RUSAGE_SELF, &used);
	return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
			(double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

/* While nothing is asked of it, no thread does anything. */
static int
sleep_soundly(void)
{
	const struct timespec half_second = { .tv_nsec = 500000000 };
	fpga_token token = NULL;
	fpga_handle h = NULL;
	uint32_t n = 0;
	double before;

	if (fpgaEnumerate(NULL, 0, &token, 1, &n) != FPGA_OK || fpgaOpen(token, &h, 0) != FPGA_OK)
		return 1;
	printf("%u threads\n", count_threads());
	before = cpu_seconds();
	nanosleep(&half_second, NULL);
	if (cpu_seconds() - before > 0.1)
		FAIL("%.2f s of CPU time in 0.5 s of rest\n", cpu_seconds() - before);
	return fpgaClose(h) == FPGA_OK ? 0 : 1;
}

static int
leave_without_closing(void)
{
	fpga_token token = NULL;
	fpga_handle h = NULL;
	uint64_t wsid;
	void *va = NULL;
	uint32_t n = 0;

	if (fpgaEnumerate(NULL, 0, &token, 1, &n) != FPGA_OK || fpgaOpen(token, &h, 0) != FPGA_OK ||
			fpgaPrepareBuffer(h, 1 << 20, &va, &wsid, 0) != FPGA_OK)
		return 1;
	return 0;
}

const struct opae_child opae_children[] = {
	{ "keep-affinity", keep_affinity },
	{ "keep-narrow-affinity", keep_narrow_affinity },
	{ "stay-down", stay_down },
	{ "take-the-setting", take_the_setting },
	{ "take-the-default", take_the_default },
	{ "fail-to-come-up", fail_to_come_up },
	{ "keep-the-programs-own", keep_the_programs_own },
	{ "sleep-soundly", sleep_soundly },
	{ "leave-without-closing", leave_without_closing },
	{ NULL, NULL },
};

static void
run(const char *child, const char *args, char *text, size_t size)
{
	const char *const env[] = { "ACCELDEV_DEVICES=sim:edu", args, NULL };

	CU_ASSERT_EQUAL(case_run(child, env, text, size), 0);
}

/* Nothing is said when all is well. */
static void
run_silently(const char *child, const char *args)
{
	char text[4096];

	run(child, args, text, sizeof(text));
	CU_ASSERT_STRING_EQUAL(text, "");
}

static void
affinity(void)
{
	run_silently("keep-affinity", "ACCELDEV_EAL_ARGS");
	run_silently("keep-narrow-affinity", "ACCELDEV_EAL_ARGS");
}

static void
default_options(void)
{
	run_silently("take-the-default", "ACCELDEV_EAL_ARGS");
}

static void
given_options(void)
{
	int cpu = sched_getcpu();
	char text[4096], args[256];

	snprintf(args, sizeof(args), "ACCELDEV_EAL_ARGS=--no-huge --no-pci\t--no-shconf  "
			"--iova-mode=va -m 64 --lcores=0@%d,1@%d", cpu, cpu);
	run("take-the-setting", args, text, sizeof(text));
	/* EAL binds its lcore to that CPU, and not the caller. */
	run("keep-affinity", args, text, sizeof(text));
}

/* A line tells which options, and what to set. */
static void
bad_options(void)
{
	static const char *const bad[] = {
		"ACCELDEV_EAL_ARGS=--no-pci --no-such-option",
		"ACCELDEV_EAL_ARGS=--no-pci --lcores=nonsense",
		"ACCELDEV_EAL_ARGS=--no-pci --iova-mode=nonsense",
		"ACCELDEV_EAL_ARGS=--no-pci --no-huge --no-shconf -d /no/such/plugin.so",
	};
	char text[32768], *line;
	unsigned int i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		run("fail-to-come-up", bad[i], text, sizeof(text));
		line = strstr(text, "acceldev: EAL does not come up with \"");
		CU_ASSERT_PTR_NOT_NULL(line);
		if (line == NULL)
			printf("\n    %s: %s\n", bad[i], text);
		CU_ASSERT(line != NULL && strstr(line + 1, "acceldev: EAL does not") == NULL);
	}
}

static void
too_many_options(void)
{
	char args[1024] = "ACCELDEV_EAL_ARGS=--no-pci", text[32768];
	unsigned int i;

	for (i = 0; i < 200; i++)
		strcat(args, " -v");
	run("fail-to-come-up", args, text, sizeof(text));
}

static void
no_device(void)
{
	const char *const nothing[] = { "ACCELDEV_DEVICES=", "ACCELDEV_EAL_ARGS", NULL };
	const char *const blanks[] = { "ACCELDEV_DEVICES= ; ", "ACCELDEV_EAL_ARGS=--nonsense",
		NULL };
	char text[4096];

	CU_ASSERT_EQUAL(case_run("stay-down", nothing, text, sizeof(text)), 0);
	CU_ASSERT_STRING_EQUAL(text, "");
	CU_ASSERT_EQUAL(case_run("stay-down", blanks, text, sizeof(text)), 0);
	CU_ASSERT_STRING_EQUAL(text, "");
}

/* Without a setting the functions that are bound to vfio-pci are looked for, and not opened. */
static void
no_setting(void)
{
	const char *const env[] = { "ACCELDEV_DEVICES", "ACCELDEV_EAL_ARGS", NULL };
	char text[4096];

	if (access("/sys/bus/pci/drivers/vfio-pci", F_OK) == 0) {
		test_skip("functions of this machine may be bound to vfio-pci, and are not a test's "
				"to open");
		return;
	}
	CU_ASSERT_EQUAL(case_run("stay-down", env, text, sizeof(text)), 0);
	CU_ASSERT_STRING_EQUAL(text, "");
}

static void
own_eal(void)
{
	char text[4096];

	run("keep-the-programs-own", "ACCELDEV_EAL_ARGS=--no-such-option", text, sizeof(text));
	CU_ASSERT_PTR_NULL(strstr(text, "acceldev:"));
}

static void
no_thread_polls(void)
{
	unsigned int threads = 0;
	char text[4096];

	run("sleep-soundly", "ACCELDEV_EAL_ARGS", text, sizeof(text));
	CU_ASSERT_EQUAL(sscanf(text, "%u threads", &threads), 1);
	CU_ASSERT(threads >= 1 && threads <= 8); /* EAL's and ours wait; none is an lcore */
}

static void
end_with_open_handles(void)
{
	char text[4096];

	run("leave-without-closing", "ACCELDEV_EAL_ARGS", text, sizeof(text));
}

static const struct test_case cases[] = {
	{ "the caller's CPU affinity stays", affinity },
	{ "default options", default_options },
	{ "options of the setting", given_options },
	{ "bad options", bad_options },
	{ "too many options", too_many_options },
	{ "no device", no_device },
	{ "no setting", no_setting },
	{ "a program's own EAL", own_eal },
	{ "no thread polls", no_thread_polls },
	{ "exit with open handles", end_with_open_handles },
	{ NULL, NULL },
};

const struct test_suite opae_suites[] = {
	{ "EAL", NULL, NULL, cases },
	{ NULL, NULL, NULL, NULL },
};
