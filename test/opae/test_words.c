/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Texts, versions and messages; and calls that make no sense here.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "opae_case.h"

static void
error_texts(void)
{
	static const struct {
		fpga_result result;
		const char *text;
	} all[] = {
		{ FPGA_OK, "success" }, { FPGA_INVALID_PARAM, "invalid parameter" },
		{ FPGA_BUSY, "resource busy" }, { FPGA_EXCEPTION, "exception" },
		{ FPGA_NOT_FOUND, "not found" }, { FPGA_NO_MEMORY, "no memory" },
		{ FPGA_NOT_SUPPORTED, "not supported" },
		{ FPGA_NO_DRIVER, "no driver available" },
		{ FPGA_NO_DAEMON, "no fpga daemon running" },
		{ FPGA_NO_ACCESS, "insufficient privileges" },
		{ FPGA_RECONF_ERROR, "reconfiguration error" },
		{ (fpga_result)11, "unknown error" }, { (fpga_result)-1, "unknown error" },
		{ (fpga_result)0x7fffffff, "unknown error" },
	};
	unsigned int i;

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		CU_ASSERT_STRING_EQUAL(fpgaErrStr(all[i].result), all[i].text);
}

/* Cut off to what there is room for, with the final 0, and nothing beyond. */
static void
check_cut_off(fpga_result (*get)(char *text, size_t len), const char *whole)
{
	char text[64];
	size_t len;

	for (len = 1; len < sizeof(text); len++) {
		memset(text, 'x', sizeof(text));
		ASSERT_OK(get(text, len));
		CU_ASSERT_EQUAL(strlen(text), len <= strlen(whole) ? len - 1 : strlen(whole));
		CU_ASSERT_EQUAL(strncmp(text, whole, strlen(text)), 0);
		CU_ASSERT_EQUAL(text[len], 'x');
	}
	ASSERT_BAD(get(NULL, 8));
	memset(text, 'x', sizeof(text));
	ASSERT_BAD(get(text, 0));
	CU_ASSERT_EQUAL(text[0], 'x');
}

static void
versions(void)
{
	char text[FPGA_VERSION_STR_MAX], build[FPGA_BUILD_STR_MAX], made[32];
	fpga_version v = { 0, 0, 0 };

	ASSERT_OK(fpgaGetOPAECVersion(&v));
	ASSERT_BAD(fpgaGetOPAECVersion(NULL));
	CU_ASSERT_EQUAL(v.major, 2);
	ASSERT_OK(fpgaGetOPAECVersionString(text, sizeof(text)));
	snprintf(made, sizeof(made), "%u.%u.%u", v.major, v.minor, v.patch);
	CU_ASSERT_STRING_EQUAL(text, made);
	check_cut_off(fpgaGetOPAECVersionString, text);
	ASSERT_OK(fpgaGetOPAECBuildString(build, sizeof(build)));
	CU_ASSERT_PTR_NOT_NULL(strstr(build, "acceldev"));
	check_cut_off(fpgaGetOPAECBuildString, build);
}

/* Neither needs the other, and both may be called again. */
static void
initialize_and_finalize(void)
{
	ASSERT_OK(fpgaInitialize(NULL));
	ASSERT_OK(fpgaInitialize("/no/such/file"));
	ASSERT_OK(fpgaFinalize());
	ASSERT_OK(fpgaFinalize());
	case_devices("sim:edu");
	CU_ASSERT_EQUAL(case_count(), 1);
	ASSERT_OK(fpgaFinalize());
	CU_ASSERT_EQUAL(case_count(), 1);
}

/*
 * Calls that make no sense here: no argument makes them do anything
 */

static void
errors_and_management(void)
{
	fpga_token token = case_token("sim:edu");
	struct fpga_error_info info;
	fpga_handle h = NULL;
	uint64_t v = 4711;
	uint8_t bits = 0;

	ASSERT_OK(fpgaOpen(token, &h, 0));
#define UNSUPPORTED(call) ASSERT_GIVES(call, FPGA_NOT_SUPPORTED)
	UNSUPPORTED(fpgaReadError(token, 0, &v));
	UNSUPPORTED(fpgaClearError(token, 0));
	UNSUPPORTED(fpgaClearAllErrors(token));
	UNSUPPORTED(fpgaGetErrorInfo(token, 0, &info));
	UNSUPPORTED(fpgaReconfigureSlot(h, 0, &bits, 1, 0));
	UNSUPPORTED(fpgaReconfigureSlot(NULL, 0, NULL, 0, 0));
	UNSUPPORTED(fpgaAssignToInterface(h, token, 0, 0));
	UNSUPPORTED(fpgaAssignPortToInterface(h, 0, 0, 0));
	UNSUPPORTED(fpgaReleaseFromInterface(h, token));
	UNSUPPORTED(fpgaSetUserClock(h, 1, 1, 0));
	UNSUPPORTED(fpgaGetUserClock(h, &v, &v, 0));
	UNSUPPORTED(fpgaGetNumUmsg(h, &v));
	UNSUPPORTED(fpgaSetUmsgAttributes(h, 0));
	UNSUPPORTED(fpgaTriggerUmsg(h, 0));
	UNSUPPORTED(fpgaGetUmsgPtr(h, NULL));
	CU_ASSERT_EQUAL(v, 4711);
	ASSERT_OK(fpgaClose(h));
	case_drop(token);
}

static void
sysobjects_and_metrics(void)
{
	enum fpga_sysobject_type type;
	fpga_object object = GARBAGE;
	char name[8] = "same", *names[] = { name };
	metric_threshold limits;
	fpga_metric_info info;
	fpga_metric metric;
	uint64_t v = 4711;
	uint32_t n = 4711;
	uint8_t byte = 0;

	UNSUPPORTED(fpgaTokenGetObject(NULL, "errors", &object, 0));
	UNSUPPORTED(fpgaHandleGetObject(NULL, "errors", &object, FPGA_OBJECT_GLOB));
	UNSUPPORTED(fpgaObjectGetObject(object, "errors", &object, 0));
	UNSUPPORTED(fpgaObjectGetObjectAt(object, 0, &object));
	UNSUPPORTED(fpgaObjectGetType(object, &type));
	UNSUPPORTED(fpgaObjectGetName(object, name, sizeof(name)));
	UNSUPPORTED(fpgaObjectGetSize(object, &n, 0));
	UNSUPPORTED(fpgaObjectRead(object, &byte, 0, 1, 0));
	UNSUPPORTED(fpgaObjectRead64(object, &v, 0));
	UNSUPPORTED(fpgaObjectWrite64(object, 1, 0));
	UNSUPPORTED(fpgaDestroyObject(&object));
	UNSUPPORTED(fpgaGetNumMetrics(NULL, &v));
	UNSUPPORTED(fpgaGetMetricsInfo(NULL, &info, &v));
	UNSUPPORTED(fpgaGetMetricsByIndex(NULL, &v, 1, &metric));
	UNSUPPORTED(fpgaGetMetricsByName(NULL, names, 1, &metric));
	UNSUPPORTED(fpgaGetMetricsThresholdInfo(NULL, &limits, &n));
	CU_ASSERT_PTR_EQUAL(object, GARBAGE);
	CU_ASSERT_STRING_EQUAL(name, "same");
	CU_ASSERT(v == 4711 && n == 4711);
}

/*
 * Messages, in processes of their own
 */

static int
print_all(void)
{
	OPAE_ERR("level %d", 0);
	OPAE_MSG("level %d", 1);
	OPAE_DBG("level %d", 2);
	opae_print(OPAE_LOG_ERROR, "bare %s\n", "words");
	opae_print(-1, "below\n");
	opae_print(3, "above\n");
	return 0;
}

static void
levels(void)
{
	static const struct {
		const char *env;
		unsigned int lines;
	} all[] = {
		{ "LIBOPAE_LOG", 3 }, { "LIBOPAE_LOG=0", 3 }, { "LIBOPAE_LOG=1", 4 },
		{ "LIBOPAE_LOG=2", 5 }, { "LIBOPAE_LOG=3", 6 }, { "LIBOPAE_LOG=", 3 },
		{ "LIBOPAE_LOG=nonsense", 3 },
	};
	char text[1024];
	unsigned int i;

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		const char *const env[] = { all[i].env, "LIBOPAE_LOGFILE", NULL };

		CU_ASSERT_EQUAL(case_run("print", env, text, sizeof(text)), 0);
		CU_ASSERT_EQUAL(case_lines(text), all[i].lines);
		CU_ASSERT_PTR_NOT_NULL(strstr(text, "test_words.c:"));
		CU_ASSERT_PTR_NOT_NULL(strstr(text, "print_all() **ERROR** : level 0\n"));
		CU_ASSERT_PTR_NOT_NULL(strstr(text, "bare words\n"));
		CU_ASSERT_EQUAL(strstr(text, "level 1\n") != NULL, all[i].lines >= 4);
		CU_ASSERT_EQUAL(strstr(text, "*DEBUG* : level 2\n") != NULL, all[i].lines >= 5);
	}
}

static void
read_file(const char *path, char *text, size_t size)
{
	FILE *f = fopen(path, "re");
	size_t n = 0;

	CU_ASSERT_PTR_NOT_NULL(f);
	if (f != NULL) {
		n = fread(text, 1, size - 1, f);
		fclose(f);
	}
	text[n] = 0;
}

static void
into_a_file(void)
{
	char path[] = "/tmp/opae-log-XXXXXX", setting[64], text[1024];
	const char *const env[] = { "LIBOPAE_LOG=2", setting, NULL };
	int fd = mkstemp(path);

	CU_ASSERT_FATAL(fd >= 0);
	close(fd);
	snprintf(setting, sizeof(setting), "LIBOPAE_LOGFILE=%s", path);
	CU_ASSERT_EQUAL(case_run("print", env, text, sizeof(text)), 0);
	CU_ASSERT_STRING_EQUAL(text, "");
	read_file(path, text, sizeof(text));
	CU_ASSERT_EQUAL(case_lines(text), 5);
	unlink(path);
	/* One that cannot be written is none. */
	snprintf(setting, sizeof(setting), "LIBOPAE_LOGFILE=/no/such/folder/log");
	CU_ASSERT_EQUAL(case_run("print", env, text, sizeof(text)), 0);
	CU_ASSERT_EQUAL(case_lines(text), 5);
}

static const struct test_case word_cases[] = {
	{ "fpgaErrStr", error_texts },
	{ "versions", versions },
	{ "fpgaInitialize and fpgaFinalize", initialize_and_finalize },
	{ NULL, NULL },
};

static const struct test_case unsupported_cases[] = {
	{ "errors and management", errors_and_management },
	{ "sysobjects and metrics", sysobjects_and_metrics },
	{ NULL, NULL },
};

static const struct test_case message_cases[] = {
	{ "levels", levels },
	{ "into a file", into_a_file },
	{ NULL, NULL },
};

const struct test_suite opae_suites[] = {
	{ "words", NULL, NULL, word_cases },
	{ "not supported", NULL, NULL, unsupported_cases },
	{ "messages", NULL, NULL, message_cases },
	{ NULL, NULL, NULL, NULL },
};

const struct opae_child opae_children[] = {
	{ "print", print_all },
	{ NULL, NULL },
};
