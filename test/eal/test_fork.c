/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Child processes: what they cannot write, what programs they run do not inherit, and that work
 * goes on while they come and go.
 */
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <rte_common.h>
#include <rte_log.h>
#include <rte_malloc.h>

#include <acceldev/acceldev.h>

#include "eal_main.h"
#include "soft_dev.h"

#define PAGE   4096u
#define LEN    (4 * PAGE)
#define DIED   100 /* what soft_in_child() gives */
#define ROUNDS 20

extern char **environ;

static uint16_t dev;
static struct soft_usage before;

static void
begin(const char *spec)
{
	dev = soft_open(spec);
	soft_run(dev, 1, 0, 0);
	before = soft_usage_get(dev);
}

static void
end(void)
{
	CU_ASSERT_EQUAL(soft_info(dev).live_bufs, before.live_bufs);
	soft_close(dev);
}

static bool
is_filled(const void *at, unsigned char byte, size_t len)
{
	const unsigned char *p = at;

	return p[0] == byte && memcmp(p, p + 1, len - 1) == 0;
}

static bool
device_copies(const struct accel_buf *src, const struct accel_buf *dst)
{
	struct accel_op op = { .type = ACCEL_OP_COPY, .src = src->iova, .dst = dst->iova, .len = LEN };
	struct accel_op *list[] = { &op };

	return accel_enqueue_burst(dev, 0, list, 1) == 1 && accel_dequeue_burst(dev, 0, list, 1) == 1 &&
			op.status == ACCEL_STATUS_SUCCESS;
}

static struct accel_buf *
new_buf(uint32_t flags)
{
	struct accel_buf *buf = NULL;

	CU_ASSERT_EQUAL_FATAL(accel_buf_alloc(dev, LEN, PAGE, flags, &buf), 0);
	return buf;
}

static struct accel_buf *
import(int map_flags)
{
	void *va = mmap(NULL, LEN, PROT_READ | PROT_WRITE, map_flags | MAP_ANONYMOUS, -1, 0);
	struct accel_buf *buf = NULL;

	CU_ASSERT_FATAL(va != MAP_FAILED);
	CU_ASSERT_EQUAL_FATAL(accel_buf_import(dev, va, LEN, 0, NULL, NULL, &buf), 0);
	return buf;
}

static void
end_import(struct accel_buf *buf)
{
	void *va = buf->va;

	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	munmap(va, LEN);
}

/*
 * Children that write
 */

static int
write_buf(void *arg)
{
	const struct accel_buf *buf = arg;

	signal(SIGSEGV, SIG_DFL); /* a sanitizer has a handler */
	memset(buf->va, 0xee, LEN);
	return is_filled(buf->va, 0xee, LEN) ? 0 : 1;
}

/*
 * A child gives this result when it writes a buffer; then the device reads what the parent wrote.
 */
static void
child_writes(struct accel_buf *buf, int result)
{
	struct accel_buf *copy = new_buf(ACCEL_BUF_ZERO);

	memset(buf->va, 0x11, LEN);
	CU_ASSERT_EQUAL(soft_in_child(write_buf, buf), result);
	CU_ASSERT(is_filled(buf->va, 0x11, LEN));
	CU_ASSERT(device_copies(buf, copy));
	CU_ASSERT(is_filled(copy->va, 0x11, LEN));
	CU_ASSERT_EQUAL(accel_buf_free(copy), 0);
}

static void
write_all_kinds(const char *spec)
{
	static const uint32_t kinds[] = { 0, ACCEL_BUF_READ_ONLY, ACCEL_BUF_ISOLATED,
			ACCEL_BUF_EXPORTABLE };
	struct accel_pool_conf conf = { .size = sizeof(conf), .nb_bufs = 8, .buf_len = LEN };
	struct accel_pool *pool = NULL;
	struct accel_buf *buf;
	unsigned int i;

	begin(spec);
	for (i = 0; i < RTE_DIM(kinds); i++) {
		buf = new_buf(kinds[i]);
		child_writes(buf, DIED);
		CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	}
	CU_ASSERT_EQUAL_FATAL(accel_pool_create("fork", dev, &conf, &pool), 0);
	CU_ASSERT_EQUAL_FATAL(accel_pool_get(pool, &buf), 0);
	child_writes(buf, DIED);
	accel_pool_put(pool, buf);
	CU_ASSERT_EQUAL(accel_pool_destroy(pool), 0);
	end();
}

static void
children_cannot_write(void)
{
	write_all_kinds("soft:0");
	write_all_kinds("soft:0,mem=memfd");
}

static void
children_cannot_write_hugepages(void)
{
	if (!eal_has_hugepages()) {
		test_skip("this run is without hugepages");
		return;
	}
	write_all_kinds("soft:0,mem=memzone");
	write_all_kinds("soft:0,mem=hugetlb");
}

/* Memory of a device's EAL heap, which DPDK allocates from. */
static void
children_cannot_write_heaps(void)
{
	struct accel_buf buf = { .len = LEN };
	int socket;

	begin("soft:0");
	socket = accel_dev_heap_create(dev, 4 << 20);
	CU_ASSERT_FATAL(socket >= 0);
	buf.va = rte_malloc_socket(NULL, LEN, PAGE, socket);
	CU_ASSERT_PTR_NOT_NULL_FATAL(buf.va);
	buf.iova = rte_malloc_virt2iova(buf.va);
	child_writes(&buf, DIED);
	rte_free(buf.va);
	CU_ASSERT_EQUAL(accel_dev_heap_destroy(dev), 0);
	end();
}

/* Memory of the application is as the application made it. */
static void
imports(void)
{
	struct accel_buf *buf, *copy;

	begin("soft:0");
	buf = import(MAP_PRIVATE);
	child_writes(buf, 0);
	CU_ASSERT_EQUAL(madvise(buf->va, LEN, MADV_DONTFORK), 0);
	child_writes(buf, DIED);
	end_import(buf);

	buf = import(MAP_SHARED);
	copy = new_buf(0);
	CU_ASSERT_EQUAL(soft_in_child(write_buf, buf), 0);
	CU_ASSERT(device_copies(buf, copy));
	CU_ASSERT(is_filled(copy->va, 0xee, LEN));
	CU_ASSERT_EQUAL(madvise(buf->va, LEN, MADV_DONTFORK), 0);
	child_writes(buf, DIED);
	CU_ASSERT_EQUAL(accel_buf_free(copy), 0);
	end_import(buf);
	end();
}

static int
end_by_exit(void *arg)
{
	(void)arg;
	fclose(stdout);
	rte_openlog_stream(fopen("/dev/null", "we"));
	exit(7);
}

/* With all that the library does when a process ends. */
static void
child_ends_by_exit(void)
{
	struct accel_buf *src, *dst;

	begin("soft:0");
	src = new_buf(0);
	dst = new_buf(ACCEL_BUF_ISOLATED);
	CU_ASSERT_EQUAL(soft_in_child(end_by_exit, NULL), 7);
	memset(src->va, 0x22, LEN);
	CU_ASSERT(device_copies(src, dst));
	CU_ASSERT(is_filled(dst->va, 0x22, LEN));
	CU_ASSERT_EQUAL(accel_buf_free(src), 0);
	CU_ASSERT_EQUAL(accel_buf_free(dst), 0);
	end();
}

/*
 * Work goes on
 */

static struct {
	atomic_bool stop;
	unsigned long copies, wrong;
} traffic;

static void *
copy_on(void *arg)
{
	struct accel_buf **bufs = arg;
	unsigned char byte = 0;

	while (!atomic_load(&traffic.stop)) {
		memset(bufs[0]->va, ++byte, LEN);
		traffic.wrong += !device_copies(bufs[0], bufs[1]) ||
				!is_filled(bufs[1]->va, byte, LEN);
		traffic.copies++;
	}
	return NULL;
}

static int
wait_for(pid_t pid)
{
	int status = 0;

	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status) == SIGSEGV ? DIED : -1;
}

static int
run_by_fork(struct accel_buf *buf)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(write_buf(buf));
	return wait_for(pid) == DIED ? 0 : -1;
}

static int
run_by_vfork(void)
{
	pid_t pid = vfork();

	if (pid == 0) {
		execl("/bin/sh", "sh", "-c", "exit 3", (char *)NULL);
		_exit(99);
	}
	return wait_for(pid) == 3 ? 0 : -1;
}

static int
run_by_spawn(void)
{
	char *const argv[] = { (char *)(uintptr_t)"sh", (char *)(uintptr_t)"-c",
			(char *)(uintptr_t)"exit 4", NULL };
	pid_t pid = -1;

	if (posix_spawn(&pid, "/bin/sh", NULL, NULL, argv, environ) != 0)
		return -1;
	return wait_for(pid) == 4 ? 0 : -1;
}

static int
run_by_popen(void)
{
	FILE *f = popen("echo 5", "re");
	int n = 0;

	if (f == NULL || fscanf(f, "%d", &n) != 1)
		n = -1;
	return f != NULL && pclose(f) == 0 && n == 5 ? 0 : -1;
}

static void
work_goes_on(const char *spec)
{
	struct accel_buf *bufs[2];
	unsigned int i, failed = 0;
	pthread_t thread;

	begin(spec);
	bufs[0] = new_buf(ACCEL_BUF_READ_ONLY);
	bufs[1] = new_buf(0);
	memset(&traffic, 0, sizeof(traffic));
	CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, NULL, copy_on, bufs), 0);
	fflush(stdout);
	for (i = 0; i < ROUNDS; i++) {
		failed += run_by_fork(bufs[i % 2]) != 0;
		failed += run_by_vfork() != 0;
		failed += run_by_spawn() != 0;
		failed += run_by_popen() != 0;
		failed += system("exit 6") >> 8 != 6;
	}
	atomic_store(&traffic.stop, true);
	pthread_join(thread, NULL);
	CU_ASSERT_EQUAL(failed, 0);
	CU_ASSERT_EQUAL(traffic.wrong, 0);
	CU_ASSERT(traffic.copies > ROUNDS);
	CU_ASSERT_EQUAL(accel_buf_free(bufs[0]), 0);
	CU_ASSERT_EQUAL(accel_buf_free(bufs[1]), 0);
	end();
}

static void
work_goes_on_meanwhile(void)
{
	work_goes_on("soft:0");
	work_goes_on("soft:0,mem=memfd");
}

/*
 * Descriptors
 */

#define MAX_FDS 256

struct fd_list {
	unsigned int n;
	char lines[MAX_FDS][128];
};

/* Pipes are those of popen(), /proc is what ls reads, and EAL keeps its hugepages open. */
static bool
is_ours(const char *target)
{
	return strstr(target, "-> pipe:") == NULL && strstr(target, "-> /proc/") == NULL &&
			strstr(target, "memfd:seg") == NULL;
}

/* What a program that this process runs finds open. */
static void
list_of_program(struct fd_list *list)
{
	FILE *f = popen("exec ls -l /proc/self/fd", "re");
	char line[512], *at;

	list->n = 0;
	CU_ASSERT_FATAL(f != NULL);
	while (fgets(line, sizeof(line), f) != NULL && list->n < MAX_FDS) {
		at = strstr(line, " -> ");
		if (at == NULL || !is_ours(line))
			continue;
		while (at > line && at[-1] != ' ')
			at--;
		snprintf(list->lines[list->n++], sizeof(list->lines[0]), "%.100s", at);
	}
	CU_ASSERT_EQUAL(pclose(f), 0);
}

static unsigned int
count_new(const struct fd_list *was, const struct fd_list *is)
{
	unsigned int i, j, n = 0;

	for (i = 0; i < is->n; i++) {
		for (j = 0; j < was->n && strcmp(was->lines[j], is->lines[i]) != 0; j++)
			;
		if (j == was->n)
			printf("\n    inherited: %s", is->lines[i]);
		n += j == was->n;
	}
	return n;
}

static void
inherits_no_descriptor(const char *spec)
{
	static struct fd_list was, is;
	struct accel_buf *bufs[4];
	unsigned int i;
	int fd;

	list_of_program(&was);
	CU_ASSERT_FATAL(was.n > 0);
	begin(spec);
	bufs[0] = new_buf(0);
	bufs[1] = new_buf(ACCEL_BUF_READ_ONLY);
	bufs[2] = new_buf(ACCEL_BUF_ISOLATED);
	bufs[3] = new_buf(ACCEL_BUF_EXPORTABLE);
	fd = accel_buf_export_fd(bufs[3]);
	CU_ASSERT(fd >= 0);
	list_of_program(&is);
	CU_ASSERT_EQUAL(count_new(&was, &is), 0);
	close(fd);
	for (i = 0; i < RTE_DIM(bufs); i++)
		CU_ASSERT_EQUAL(accel_buf_free(bufs[i]), 0);
	end();
}

static void
programs_inherit_no_descriptor(void)
{
	inherits_no_descriptor("soft:0");
	inherits_no_descriptor("soft:0,mem=memfd");
	inherits_no_descriptor("sim:edu,dma_mask=48");
	if (eal_has_hugepages())
		inherits_no_descriptor("soft:0,mem=hugetlb");
}

static const struct test_case memory_cases[] = {
	{ "cannot write buffers", children_cannot_write },
	{ "cannot write buffers in hugepages", children_cannot_write_hugepages },
	{ "cannot write heaps", children_cannot_write_heaps },
	{ "imports", imports },
	{ "end by exit", child_ends_by_exit },
	{ NULL, NULL },
};

static const struct test_case program_cases[] = {
	{ "work goes on", work_goes_on_meanwhile },
	{ "inherit no descriptor", programs_inherit_no_descriptor },
	{ NULL, NULL },
};

const struct test_suite eal_suites[] = {
	{ "children", NULL, NULL, memory_cases },
	{ "programs", NULL, NULL, program_cases },
	{ NULL, NULL, NULL, NULL },
};
