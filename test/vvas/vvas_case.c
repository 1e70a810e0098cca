/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "vvas_case.h"

#include <stdlib.h>
#include <sys/wait.h>

#include <acceldev/acceldev.h>

#define NAME "soft:vvas"

static int log_fd = -1;

/*
 * Contexts
 */

VvasContext *
case_context_of(const char *spec)
{
	const char *keys = getenv("VVAS_CASE_KEYS");
	VvasReturnType ret = VVAS_RET_EOS;
	VvasContext *ctx;
	char text[128];

	snprintf(text, sizeof(text), "%s%s", spec, keys != NULL ? keys : "");
	ctx = vvas_context_create(3, text, LOG_LEVEL_WARNING, &ret);
	CU_ASSERT_PTR_NOT_NULL_FATAL(ctx);
	ASSERT_OK(ret);
	return ctx;
}

VvasContext *
case_context(enum place place)
{
	VvasReturnType ret = VVAS_RET_EOS;
	VvasContext *ctx;

	if (place == BANKS)
		return case_context_of(NAME ",banks=2,bank_size=8M");
	if (place == PLAIN)
		return case_context_of(NAME);
	ctx = vvas_context_create(-1, NULL, LOG_LEVEL_WARNING, &ret);
	CU_ASSERT_PTR_NOT_NULL_FATAL(ctx);
	ASSERT_OK(ret);
	return ctx;
}

void
case_end(VvasContext *ctx)
{
	char name[32] = NAME;

	if (ctx->xclbin_loc != NULL)
		snprintf(name, sizeof(name), "%.*s", (int)strcspn(ctx->xclbin_loc, ","),
				ctx->xclbin_loc);
	ASSERT_OK(vvas_context_destroy(ctx));
	CU_ASSERT(accel_dev_by_name(name) < 0);
}

static void
run_at(enum place place, void (*fn)(VvasContext *ctx, enum place place))
{
	VvasContext *ctx = case_context(place);
	unsigned int before = CU_get_number_of_failures();

	fn(ctx, place);
	case_end(ctx);
	if (CU_get_number_of_failures() != before)
		printf("\n    at place %d\n", (int)place);
}

void
case_each(void (*fn)(VvasContext *ctx, enum place place))
{
	enum place place;

	for (place = SOFTWARE; place < NB_PLACES; place++)
		run_at(place, fn);
}

void
case_each_device(void (*fn)(VvasContext *ctx, enum place place))
{
	run_at(PLAIN, fn);
	run_at(BANKS, fn);
}

void
case_banks(void (*fn)(VvasContext *ctx))
{
	VvasContext *ctx = case_context(BANKS);

	fn(ctx);
	CU_ASSERT_EQUAL(case_bank_free(ctx, 0), BANK_SIZE);
	CU_ASSERT_EQUAL(case_bank_free(ctx, 1), BANK_SIZE);
	case_end(ctx);
}

/*
 * Memories
 */

VvasMemory *
case_memory(VvasContext *ctx, VvasAllocationType type, uint8_t bank, size_t size)
{
	VvasReturnType ret = VVAS_RET_EOS;
	VvasMemory *mem = vvas_memory_alloc(ctx, type, VVAS_ALLOC_FLAG_NONE, bank, size, &ret);

	ASSERT_OK(ret);
	CU_ASSERT_PTR_NOT_NULL_FATAL(mem);
	return mem;
}

uint8_t *
case_map(VvasMemory *mem, VvasDataMapFlags flags)
{
	VvasMemoryMapInfo info = { 0 };

	CU_ASSERT_EQUAL_FATAL(vvas_memory_map(mem, flags, &info), VVAS_RET_SUCCESS);
	CU_ASSERT_PTR_NOT_NULL_FATAL(info.data);
	return info.data;
}

void
case_unmap(VvasMemory *mem)
{
	VvasMemoryMapInfo info = { 0 };

	ASSERT_OK(vvas_memory_unmap(mem, &info));
}

VvasDataSyncFlags
case_due(const VvasMemory *mem)
{
	return ((const VvasMemoryPrivate *)mem)->mem_info.sync_flags;
}

bool
case_is_filled(const uint8_t *data, int value, size_t len)
{
	while (len > 0 && *data == (uint8_t)value) {
		data++;
		len--;
	}
	return len == 0;
}

/*
 * The device: queue pair 0 is nobody's, the library has one of its own
 */

static void
run_op(uint16_t dev_id, struct accel_op *op)
{
	struct accel_op *list = op;

	op->type = ACCEL_OP_COPY;
	CU_ASSERT_EQUAL_FATAL(accel_enqueue_burst(dev_id, 0, &list, 1), 1);
	while (accel_dequeue_burst(dev_id, 0, &list, 1) == 0)
		;
	CU_ASSERT_EQUAL(op->status, ACCEL_STATUS_SUCCESS);
}

static struct accel_buf *
host_buf(const struct accel_buf_at *at, size_t len)
{
	struct accel_buf *buf = NULL;

	CU_ASSERT_EQUAL_FATAL(accel_buf_alloc(at->buf->dev_id, len, 0, 0, &buf), 0);
	return buf;
}

void
case_device_fill(const void *bo, size_t offset, int value, size_t len)
{
	struct accel_op op = { .len = len };
	struct accel_buf_at at;
	struct accel_buf *host;

	CU_ASSERT_EQUAL_FATAL(accel_buf_locate(bo, offset, &at), 0);
	host = host_buf(&at, len);
	memset(host->va, value, len);
	op.src = host->iova;
	op.dst = at.addr;
	op.dst_space = at.space;
	run_op(host->dev_id, &op);
	accel_buf_free(host);
}

bool
case_device_has(const void *bo, size_t offset, int value, size_t len)
{
	struct accel_op op = { .len = len };
	struct accel_buf_at at;
	struct accel_buf *host;
	bool has;

	CU_ASSERT_EQUAL_FATAL(accel_buf_locate(bo, offset, &at), 0);
	host = host_buf(&at, len);
	op.src = at.addr;
	op.src_space = at.space;
	op.dst = host->iova;
	run_op(host->dev_id, &op);
	has = case_is_filled(host->va, value, len);
	accel_buf_free(host);
	return has;
}

uint64_t
case_bank_free(const VvasContext *ctx, uint16_t bank)
{
	struct accel_bank_info info = { 0 };

	CU_ASSERT_EQUAL(accel_bank_info_get(accel_ctx_dev_id(ctx->dev_handle), bank, &info), 0);
	return info.free_bytes;
}

void
case_free_data(void *data, void *freed)
{
	struct case_freed *f = freed;

	f->calls++;
	f->data[0] = data;
}

void
case_free_planes(void *data[VVAS_VIDEO_MAX_PLANES], void *freed)
{
	struct case_freed *f = freed;

	f->calls++;
	memcpy(f->data, data, sizeof(f->data));
}

/*
 * The log, and the program
 */

const char *
case_log(void)
{
	static char text[8192];
	ssize_t n = read(log_fd, text, sizeof(text) - 1);

	text[n > 0 ? n : 0] = 0;
	return text;
}

bool
case_is_line(const char *text, const char *word)
{
	const char *end = strchr(text, '\n');
	bool is = end != NULL && end[1] == 0 && strstr(text, word) != NULL;

	if (!is)
		printf("\n    told: \"%s\", and not: %s\n", text, word);
	return is;
}

int
case_run(const char *path, char *text, size_t size)
{
	char exe[512], command[1024];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	FILE *out;
	size_t len;

	CU_ASSERT_FATAL(n > 0);
	exe[n] = 0;
	if (path != NULL)
		snprintf(command, sizeof(command), "VVAS_CORE_LOG_FILE_PATH='%s' '%s' --child",
				path, exe);
	else
		snprintf(command, sizeof(command), "unset VVAS_CORE_LOG_FILE_PATH; '%s' --child",
				exe);
	out = popen(command, "re");
	CU_ASSERT_PTR_NOT_NULL_FATAL(out);
	len = fread(text, 1, size - 1, out);
	text[len] = 0;
	n = pclose(out);
	return WIFEXITED(n) ? WEXITSTATUS(n) : -1;
}

static unsigned int
free_hugepages(void)
{
	FILE *f = fopen("/proc/meminfo", "re");
	unsigned int n = 0;
	char line[128];

	while (f != NULL && fgets(line, sizeof(line), f) != NULL)
		sscanf(line, "HugePages_Free: %u", &n);
	if (f != NULL)
		fclose(f);
	return n;
}

int
main(int argc, char **argv)
{
	char log_path[32];

	if (argc == 2 && strcmp(argv[1], "--child") == 0)
		return vvas_child();
	if (getenv("VVAS_CASE_HUGE") != NULL && free_hugepages() < 16) {
		printf("SKIP: %s: fewer than 16 hugepages are free\n", argv[0]);
		return 77;
	}
	log_fd = memfd_create("log", MFD_CLOEXEC);
	if (log_fd < 0)
		return 1;
	snprintf(log_path, sizeof(log_path), "/proc/self/fd/%d", log_fd);
	setenv("VVAS_CORE_LOG_FILE_PATH", log_path, 1);
	setenv("ACCELDEV_DEVICES", "", 1); /* not the machine's own */
	return test_main(vvas_suites, argc, argv);
}
