/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "eal_main.h"

#include <rte_common.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define EXIT_SKIPPED 77
#define MAX_ARGS     16
#define MAX_CPUS     16  /* that lcores may use; more only makes the option long */
#define MAX_CPU_ID   128 /* CPUs that Debian's EAL knows */
#define HUGE_MIB     32  /* that must be free, and that EAL keeps where it does */
#define HUGE_NEEDED  ((size_t)HUGE_MIB << 20)
#define HUGE_KEPT    "-m " RTE_STR(HUGE_MIB)

static bool
huge_is(const char *word)
{
	const char *env = getenv("ACCELDEV_TEST_HUGE");

	return env != NULL && strcmp(env, word) == 0;
}

bool
eal_has_hugepages(void)
{
	return huge_is("1") || huge_is("keep") || huge_is("pa");
}

bool
eal_keeps_hugepages(void)
{
	return huge_is("keep");
}

static const char *
memory_args(void)
{
	if (!eal_has_hugepages())
		return "--no-huge --no-shconf -m 64";
	return huge_is("keep") ? "--in-memory " HUGE_KEPT : "--in-memory";
}

/* Mapping reserves the pages and leaves them untouched; it fails when too few are free. */
static bool
hugepages_free(void)
{
	void *va = mmap(NULL, HUGE_NEEDED, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);

	if (va == MAP_FAILED)
		return false;
	munmap(va, HUGE_NEEDED);
	return true;
}

static void
cpu_list(char *list, size_t size)
{
	size_t len = 0;
	cpu_set_t set;
	int cpu, n = 0;

	list[0] = '\0';
	if (sched_getaffinity(0, sizeof(set), &set) != 0)
		CPU_ZERO(&set);
	for (cpu = 0; cpu < MAX_CPU_ID && n < MAX_CPUS && len < size; cpu++) {
		if (CPU_ISSET(cpu, &set))
			len += snprintf(list + len, size - len, "%s%d", n++ > 0 ? "," : "", cpu);
	}
}

static int
start_eal(char *program)
{
	static char cpus[8 * MAX_CPUS], line[2 * sizeof(cpus) + 256];
	char *argv[MAX_ARGS + 1] = { program }, *word, *state;
	int argc = 1;

	if (eal_runtime_dir != NULL)
		setenv("RUNTIME_DIRECTORY", eal_runtime_dir(), 1);
	cpu_list(cpus, sizeof(cpus));
	snprintf(line, sizeof(line), "%s --no-pci --iova-mode=%s %s "
		"--log-level=error --lcores=0@(%s),1@(%s)", memory_args(),
		huge_is("pa") ? "pa" : "va",
		eal_runtime_dir != NULL ? "--telemetry" : "--no-telemetry", cpus, cpus);
	for (word = strtok_r(line, " ", &state); word != NULL && argc < MAX_ARGS;
			word = strtok_r(NULL, " ", &state))
		argv[argc++] = word;
	return rte_eal_init(argc, argv);
}

/* Why the program cannot run here; NULL when it can. */
static const char *
find_obstacle(void)
{
	if (huge_is("pa") && geteuid() != 0)
		return "only root sees the physical addresses that EAL's PA mode is made of";
	if (eal_has_hugepages() && !hugepages_free())
		return "fewer than " RTE_STR(HUGE_MIB) " MiB of hugepages are free; reserve some "
			"with sysctl -w vm.nr_hugepages=N";
	return NULL;
}

static int
skip_program(const char *why)
{
	const char *path = getenv("ACCELDEV_TEST_SUMMARY");
	FILE *f = path != NULL ? fopen(path, "a") : NULL;

	printf("    skipped: %s\n", why);
	if (f != NULL) {
		fprintf(f, "0 0 1\n");
		fclose(f);
	}
	return EXIT_SKIPPED;
}

int
main(int argc, char **argv)
{
	const char *why = find_obstacle();
	int ret;

	if (why != NULL)
		return skip_program(why);
	if (start_eal(argv[0]) < 0) {
		fprintf(stderr, "EAL does not start: %s\n", rte_strerror(rte_errno));
		return EXIT_FAILURE;
	}
	ret = test_main(eal_suites, argc, argv);
	rte_eal_cleanup();
	return ret;
}
