/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Contexts: which device they get, and when it goes.
 */
#include "vvas_case.h"

#include <stdlib.h>

#include <acceldev/acceldev.h>

#include "log_text.h"

static char spec_a[] = "soft:a,banks=1,bank_size=1M";
static char file_a[32], file_b[32];

/* A file with a name that ends with the process; its descriptor. */
static int
make_file(char *name, size_t size, char differs)
{
	int fd = memfd_create("xclbin", MFD_CLOEXEC);
	static char bytes[70000];

	if (fd < 0)
		return fd;
	memset(bytes, 'x', sizeof(bytes));
	bytes[1000] = differs;
	snprintf(name, size, "/proc/self/fd/%d", fd);
	return write(fd, bytes, sizeof(bytes)) == sizeof(bytes) ? fd : -1;
}

static int
make_files(void)
{
	return make_file(file_a, sizeof(file_a), 'a') < 0 ||
			make_file(file_b, sizeof(file_b), 'b') < 0;
}

static VvasContext *
create(int32_t dev_idx, char *xclbin)
{
	VvasReturnType ret = VVAS_RET_EOS;
	VvasContext *ctx = vvas_context_create(dev_idx, xclbin, LOG_LEVEL_INFO, &ret);

	ASSERT_OK(ret);
	CU_ASSERT_PTR_NOT_NULL_FATAL(ctx);
	CU_ASSERT_EQUAL(ctx->dev_idx, dev_idx);
	CU_ASSERT_EQUAL(ctx->log_level, LOG_LEVEL_INFO);
	if (xclbin != NULL) {
		CU_ASSERT_STRING_EQUAL(ctx->xclbin_loc, xclbin);
	} else {
		CU_ASSERT_PTR_NULL(ctx->xclbin_loc);
	}
	return ctx;
}

static void
is_software(int32_t dev_idx, char *xclbin)
{
	VvasContext *ctx = create(dev_idx, xclbin);

	CU_ASSERT_PTR_NULL(ctx->dev_handle);
	CU_ASSERT(uuid_is_null(ctx->uuid));
	ASSERT_OK(vvas_context_destroy(ctx));
}

static void
software(void)
{
	char no_file[] = "/no/such/file.xclbin";

	is_software(-1, NULL);
	is_software(0, NULL);
	is_software(7, NULL);
	is_software(-1, file_a);
	is_software(-5, spec_a);
	is_software(-1, no_file); /* not looked at */
	CU_ASSERT(accel_dev_by_name("soft:a") < 0);
}

/* Fails with VVAS_RET_ERROR, and tells why in one line. */
static void
fails(int32_t dev_idx, const char *xclbin, const char *words)
{
	VvasReturnType ret = VVAS_RET_EOS;
	char copy[128];

	snprintf(copy, sizeof(copy), "%s", xclbin);
	ASSERT_TELLS(CU_ASSERT_PTR_NULL(vvas_context_create(dev_idx, copy, LOG_LEVEL_ERROR, &ret)),
			words);
	CU_ASSERT_EQUAL(ret, VVAS_RET_ERROR);
	CU_ASSERT_PTR_NULL(vvas_context_create(dev_idx, copy, LOG_LEVEL_ERROR, NULL));
	case_log();
}

static void
missing_xclbin(void)
{
	fails(0, "/no/such/file.xclbin", "/no/such/file.xclbin is neither");
	fails(0, "file.xclbin", "neither an xclbin nor the spec");
	fails(0, "", "neither");
	fails(0, ":x", "neither");
	fails(0, "soft:", "neither");
	fails(0, "/tmp/a:b", "neither");
	fails(0, "/tmp", "cannot be read");
}

static void
bad_index(void)
{
	setenv("ACCELDEV_DEVICES", "", 1);
	fails(0, file_a, "there is no device 0, but 0 device(s)");
	setenv("ACCELDEV_DEVICES", "soft:a soft:b", 1);
	fails(2, file_a, "there is no device 2, but 2 device(s)");
	fails(INT32_MAX, file_a, "but 2 device(s)");
	setenv("ACCELDEV_DEVICES", "", 1);
}

/* What the library below says goes to EAL's log, and is not said twice. */
static void
device_does_not_open(void)
{
	static char bad[] = "soft:a,nonsense=1";
	VvasReturnType ret = VVAS_RET_EOS;
	VvasContext *ctx = create(0, spec_a);

	ASSERT_OK(vvas_context_destroy(ctx)); /* EAL is up now, with its own log */
	case_log();
	log_text_begin();
	CU_ASSERT_PTR_NULL(vvas_context_create(0, bad, LOG_LEVEL_DEBUG, &ret));
	CU_ASSERT(log_is_line(log_text_end(), "nonsense", (char *)0));
	CU_ASSERT_EQUAL(ret, VVAS_RET_ERROR);
	CU_ASSERT_STRING_EQUAL(case_log(), "");
	CU_ASSERT(accel_dev_by_name("soft:a") < 0);
}

static void
by_spec(void)
{
	VvasContext *ctx = create(9, spec_a);

	CU_ASSERT_PTR_NOT_NULL(ctx->dev_handle);
	CU_ASSERT(ctx->xclbin_loc != spec_a);
	CU_ASSERT(!uuid_is_null(ctx->uuid));
	CU_ASSERT(accel_dev_by_name("soft:a") >= 0);
	CU_ASSERT_EQUAL(case_bank_free(ctx, 0), 1 << 20);
	ASSERT_OK(vvas_context_destroy(ctx));
	CU_ASSERT(accel_dev_by_name("soft:a") < 0);
}

static void
by_number(void)
{
	VvasContext *a, *b;

	setenv("ACCELDEV_DEVICES", "soft:a;soft:b,banks=1,bank_size=2M", 1);
	b = create(1, file_a);
	CU_ASSERT(accel_dev_by_name("soft:a") < 0);
	CU_ASSERT(accel_dev_by_name("soft:b") >= 0);
	CU_ASSERT_EQUAL(case_bank_free(b, 0), 2 << 20);
	a = create(0, file_a);
	CU_ASSERT(accel_dev_by_name("soft:a") >= 0);
	CU_ASSERT(a->dev_handle != b->dev_handle);
	vvas_memory_free(case_memory(a, VVAS_ALLOC_TYPE_CMA, 0, 64)); /* which has no banks */
	vvas_memory_free(case_memory(b, VVAS_ALLOC_TYPE_CMA, 0, 64));
	ASSERT_OK(vvas_context_destroy(a));
	ASSERT_OK(vvas_context_destroy(b));
	CU_ASSERT(accel_dev_by_name("soft:a") < 0 && accel_dev_by_name("soft:b") < 0);
	setenv("ACCELDEV_DEVICES", "", 1);
}

static void
uuid_of(char *xclbin, uuid_t uuid)
{
	VvasContext *ctx = create(0, xclbin);

	uuid_copy(uuid, ctx->uuid);
	ASSERT_OK(vvas_context_destroy(ctx));
}

/* Equal files have equal ones, wherever they are, and others have others. */
static void
uuids(void)
{
	char same[32], empty[] = "/dev/null";
	uuid_t a, a2, b, c, spec, none;
	int fd;
	struct test_usage before;

	uuid_of(spec_a, spec); /* what stays of EAL is there now */
	before = test_usage_get();
	fd = make_file(same, sizeof(same), 'a');
	CU_ASSERT_FATAL(fd >= 0);
	setenv("ACCELDEV_DEVICES", "soft:a", 1);
	uuid_of(file_a, a);
	uuid_of(file_a, a2);
	uuid_of(file_b, b);
	uuid_of(same, c);
	uuid_of(empty, none);
	setenv("ACCELDEV_DEVICES", "", 1);
	close(fd);
	CU_ASSERT(test_usage_get().fds <= before.fds); /* devices before may still be closing */
	CU_ASSERT_EQUAL(uuid_compare(a, a2), 0);
	CU_ASSERT_EQUAL(uuid_compare(a, c), 0);
	CU_ASSERT_NOT_EQUAL(uuid_compare(a, b), 0);
	CU_ASSERT_NOT_EQUAL(uuid_compare(a, spec), 0);
	CU_ASSERT_NOT_EQUAL(uuid_compare(a, none), 0);
	CU_ASSERT(!uuid_is_null(none) && !uuid_is_null(spec));
}

/* Several contexts of one device, also by other names of it: it closes with the last one. */
static void
shared_device(void)
{
	VvasContext *one = create(0, spec_a), *two, *three;

	two = create(0, spec_a);
	setenv("ACCELDEV_DEVICES", "soft:a", 1);
	three = create(0, file_b);
	setenv("ACCELDEV_DEVICES", "", 1);
	CU_ASSERT(one != two);
	CU_ASSERT_PTR_EQUAL(one->dev_handle, two->dev_handle);
	CU_ASSERT_PTR_EQUAL(one->dev_handle, three->dev_handle);
	ASSERT_OK(vvas_context_destroy(one));
	ASSERT_OK(vvas_context_destroy(three));
	CU_ASSERT(accel_dev_by_name("soft:a") >= 0);
	vvas_memory_free(case_memory(two, VVAS_ALLOC_TYPE_CMA, 0, 4096));
	ASSERT_OK(vvas_context_destroy(two));
	CU_ASSERT(accel_dev_by_name("soft:a") < 0);
}

static void
destroyed(void)
{
	VvasContext *ctx = create(-1, NULL), own;

	memcpy(&own, ctx, sizeof(own));
	ASSERT_TELLS(ASSERT_BAD(vvas_context_destroy(NULL)), "is no context");
	ASSERT_TELLS(ASSERT_BAD(vvas_context_destroy(GARBAGE)), "is no context");
	ASSERT_TELLS(ASSERT_BAD(vvas_context_destroy(&own)), "is no context");
	ASSERT_SILENT(ASSERT_OK(vvas_context_destroy(ctx)));
	ASSERT_TELLS(ASSERT_BAD(vvas_context_destroy(ctx)), "is no context");
}

/* A memory is no context, though it has an address that is known. */
static void
other_kinds(void)
{
	VvasContext *ctx = create(-1, NULL);
	VvasMemory *mem = case_memory(ctx, VVAS_ALLOC_TYPE_NON_CMA, 0, 64);
	VvasMemoryMapInfo info;

	ASSERT_BAD(vvas_context_destroy(mem));
	ASSERT_BAD(vvas_memory_map(ctx, VVAS_DATA_MAP_READ, &info));
	vvas_memory_free(ctx);
	vvas_video_frame_free(mem);
	vvas_memory_free(mem);
	ASSERT_OK(vvas_context_destroy(ctx));
}

/* The fields are the program's to spoil: what the library needs it has elsewhere. */
static void
spoilt(void)
{
	VvasContext *ctx = create(0, spec_a);
	char *copy = ctx->xclbin_loc;
	VvasMemory *mem;

	ctx->dev_handle = GARBAGE;
	ctx->log_level = (VvasLogLevel)-7;
	memset(ctx->uuid, 0, sizeof(ctx->uuid));
	mem = case_memory(ctx, VVAS_ALLOC_TYPE_CMA, 0, 4096);
	CU_ASSERT_NOT_EQUAL(vvas_memory_get_paddr(mem), UINT64_MAX);
	vvas_memory_free(mem);
	CU_ASSERT_PTR_EQUAL(ctx->xclbin_loc, copy);
	ASSERT_OK(vvas_context_destroy(ctx));
	CU_ASSERT(accel_dev_by_name("soft:a") < 0);
}

static const struct test_case cases[] = {
	{ "software contexts", software },
	{ "missing xclbin", missing_xclbin },
	{ "bad device index", bad_index },
	{ "device does not open", device_does_not_open },
	{ "device by its spec", by_spec },
	{ "device by its number", by_number },
	{ "uuids", uuids },
	{ "contexts share a device", shared_device },
	{ "destroying", destroyed },
	{ "objects of other kinds", other_kinds },
	{ "spoilt fields", spoilt },
	{ NULL, NULL },
};

const struct test_suite vvas_suites[] = {
	{ "context", make_files, NULL, cases },
	{ NULL, NULL, NULL, NULL },
};
