/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * From the first EnnInitialize() to the last EnnDeinitialize().
 */
#include <string.h>
#include <stdlib.h>

#include <acceldev/acceldev.h>

#include "enn_case.h"

static void
counted(void)
{
	case_begin(FAKE_SPEC);
	ASSERT_OK(EnnInitialize());
	ASSERT_OK(EnnInitialize());
	CU_ASSERT_EQUAL(accel_dev_count(), 1);
	ASSERT_OK(EnnDeinitialize());
	ASSERT_OK(EnnDeinitialize());
	CU_ASSERT_EQUAL(accel_dev_count(), 1);
	case_open(1, 1);
	case_end();
	ASSERT_GIVES(EnnDeinitialize(), ENN_RET_FAILED);
}

static void
again_and_again(void)
{
	struct test_usage before;
	int i;

	case_begin_warm();
	case_end();
	before = test_usage_get();
	for (i = 0; i < 5; i++) {
		case_begin_warm();
		case_end();
	}
	TEST_ASSERT_NO_LEAK(before);
}

/* Of a long list the line has the beginning. */
static void
long_lists(void)
{
	char text[7 * 100 + 1];
	unsigned int i;

	for (i = 0; i < 100; i++)
		memcpy(text + i * 7, "soft:0 ", 8);
	setenv("ACCELDEV_DEVICES", text, 1);
	LOG_ASSERT_FAILS(EnnInitialize(), ENN_RET_FAILED_SERVICE_NULL, "none of soft:0 soft:0",
			"... runs models");
}

static void
no_device(void)
{
	setenv("ACCELDEV_DEVICES", "", 1);
	LOG_ASSERT_FAILS(EnnInitialize(), ENN_RET_FAILED_SERVICE_NULL, "there is no device");
	ASSERT_GIVES(EnnDeinitialize(), ENN_RET_FAILED);
	setenv("ACCELDEV_DEVICES", "soft:0 sim:edu", 1);
	LOG_ASSERT_FAILS(EnnInitialize(), ENN_RET_FAILED_SERVICE_NULL,
			"none of soft:0 sim:edu runs models");
	CU_ASSERT_EQUAL(accel_dev_count(), 0);
	long_lists();
	setenv("ACCELDEV_DEVICES", "nonsense:0", 1);
	log_text_begin();
	CU_ASSERT_NOT_EQUAL(EnnInitialize(), ENN_RET_SUCCESS);
	log_text_end();
}

static void
wrong_devices(void)
{
	setenv("ACCELDEV_DEVICES", "sim:npu,frob=1", 1);
	ASSERT_GIVES(EnnInitialize(), ENN_RET_INVAL);
	setenv("ACCELDEV_DEVICES", "sim:npu,cores=99", 1);
	ASSERT_GIVES(EnnInitialize(), ENN_RET_INVAL);
	setenv("ACCELDEV_DEVICES", "sim:npu,", 1);
	ASSERT_GIVES(EnnInitialize(), ENN_RET_INVAL);
	/* What is wrong ends the search: it is to be mended, not passed over. */
	setenv("ACCELDEV_DEVICES", "sim:npu,frob=1 " FAKE_SPEC, 1);
	ASSERT_GIVES(EnnInitialize(), ENN_RET_INVAL);
	setenv("ACCELDEV_DEVICES", "sim:npu,driver=frob", 1);
	ASSERT_GIVES(EnnInitialize(), ENN_RET_IO);
	CU_ASSERT_EQUAL(accel_dev_count(), 0);
}

static void
first_device_that_runs_models(void)
{
	case_begin("soft:0 sim:edu " FAKE_SPEC " sim:npu");
	CU_ASSERT_EQUAL(accel_dev_count(), 1);
	CU_ASSERT(accel_dev_by_name(FAKE_NAME) >= 0);
	case_end();
}

static void
the_last_ends_all(void)
{
	struct test_usage before;
	EnnBufferPtr own, *set;
	EnnModelId model;
	int32_t fd;

	case_begin_warm();
	case_end();
	before = test_usage_get();
	case_begin_warm();
	model = case_open(2, 2);
	set = case_allocate(model, 3);
	ASSERT_OK(EnnCreateBuffer(5000, 0, &own));
	ASSERT_OK(EnnGetFileDescriptorFromEnnBuffer(own, &fd));
	ASSERT_OK(EnnExecuteModelWithSessionIdAsync(model, 3));
	case_end();
	TEST_ASSERT_NO_LEAK(before);
	case_begin(FAKE_SPEC);
	ASSERT_GIVES(EnnReleaseBuffer(own), ENN_RET_INVAL);
	ASSERT_GIVES(EnnReleaseBuffers(set, 4), ENN_RET_INVAL);
	ASSERT_GIVES(EnnCloseModel(model), ENN_RET_INVAL);
	case_end();
}

/*
 * Not initialised
 */

static void
not_initialised_models(void)
{
	struct fake_image image = fake_image(1, 1, 100);
	const char *bytes = (const char *)&image;
	NumberOfBuffersInfo count = { 7, 7 };
	EnnBufferInfo info = { .size = 7 };
	EnnModelId model = 7;
	char text[256] = "x";

	ASSERT_GIVES(EnnOpenModel("/dev/null", &model), ENN_RET_FAILED);
	CU_ASSERT_EQUAL(model, 0);
	model = 7;
	ASSERT_GIVES(EnnOpenModelFromMemory(bytes, sizeof(image), &model), ENN_RET_FAILED);
	CU_ASSERT_EQUAL(model, 0);
	ASSERT_GIVES(EnnOpenModelFromFd(0, &model), ENN_RET_FAILED);
	ASSERT_GIVES(EnnOpenModelWithFileOpenFd(0, 1, 0, &model), ENN_RET_FAILED);
	ASSERT_GIVES(EnnCloseModel(1), ENN_RET_FAILED);
	ASSERT_GIVES(EnnGetBuffersInfo(1, &count), ENN_RET_FAILED);
	CU_ASSERT(count.n_in_buf == 0 && count.n_out_buf == 0);
	ASSERT_GIVES(EnnGetBufferInfoByIndex(1, ENN_DIR_IN, 0, &info), ENN_RET_FAILED);
	CU_ASSERT_EQUAL(info.size, 0);
	ASSERT_GIVES(EnnGetBufferInfoByLabel(1, "in0", &info), ENN_RET_FAILED);
	ASSERT_GIVES(EnnGetMetaInfo(ENN_META_VERSION_FRAMEWORK, 0, text), ENN_RET_FAILED);
	CU_ASSERT_STRING_EQUAL(text, "");
}

static void
not_initialised_buffers(void)
{
	NumberOfBuffersInfo count = { 7, 7 };
	EnnBufferPtr own = GARBAGE, *set = GARBAGE;
	int32_t fd = 7;

	ASSERT_GIVES(EnnCreateBuffer(1, 0, &own), ENN_RET_FAILED);
	CU_ASSERT_PTR_NULL(own);
	own = GARBAGE;
	ASSERT_GIVES(EnnCreateBufferCache(1, &own), ENN_RET_FAILED);
	CU_ASSERT_PTR_NULL(own);
	own = GARBAGE;
	ASSERT_GIVES(EnnCreateBufferFromFdWithOffset(0, 1, 0, &own), ENN_RET_FAILED);
	CU_ASSERT_PTR_NULL(own);
	ASSERT_GIVES(EnnGetFileDescriptorFromEnnBuffer(NULL, &fd), ENN_RET_FAILED);
	CU_ASSERT_EQUAL(fd, -1);
	ASSERT_GIVES(EnnReleaseBuffer(GARBAGE), ENN_RET_FAILED);
	ASSERT_GIVES(EnnReleaseBuffers(GARBAGE, 1), ENN_RET_FAILED);
	ASSERT_GIVES(EnnAllocateAllBuffers(1, &set, &count), ENN_RET_FAILED);
	CU_ASSERT_PTR_NULL(set);
	CU_ASSERT(count.n_in_buf == 0 && count.n_out_buf == 0);
}

static void
not_initialised_others(void)
{
	uint32_t value = 7;

	ASSERT_GIVES(EnnGenerateBufferSpace(1, 8), ENN_RET_FAILED);
	ASSERT_GIVES(EnnSetBufferByIndex(1, ENN_DIR_IN, 0, GARBAGE), ENN_RET_FAILED);
	ASSERT_GIVES(EnnSetBufferByLabel(1, "in0", GARBAGE), ENN_RET_FAILED);
	ASSERT_GIVES(EnnSetBuffers(1, GARBAGE, 2), ENN_RET_FAILED);
	ASSERT_GIVES(EnnUnsetBuffers(1), ENN_RET_FAILED);
	ASSERT_GIVES(EnnBufferCommit(1), ENN_RET_FAILED);
	ASSERT_GIVES(EnnBufferUncommit(1), ENN_RET_FAILED);
	ASSERT_GIVES(EnnExecuteModel(1), ENN_RET_FAILED);
	ASSERT_GIVES(EnnExecuteModelAsync(1), ENN_RET_FAILED);
	ASSERT_GIVES(EnnExecuteModelWait(1), ENN_RET_FAILED);
	ASSERT_GIVES(EnnSetPreferencePerfMode(1), ENN_RET_FAILED);
	ASSERT_GIVES(EnnGetPreferencePerfMode(&value), ENN_RET_FAILED);
	CU_ASSERT_EQUAL(value, 0);
	ASSERT_GIVES(EnnResetPreferenceAsDefault(), ENN_RET_FAILED);
}

/*
 * Preferences
 */

static const struct {
	EnnReturn (*set)(const uint32_t value);
	EnnReturn (*get)(uint32_t *value);
} preferences[] = {
	{ EnnSetPreferencePresetId, EnnGetPreferencePresetId },
	{ EnnSetPreferencePerfConfigId, EnnGetPreferencePerfConfigId },
	{ EnnSetPreferencePerfMode, EnnGetPreferencePerfMode },
	{ EnnSetPreferenceTimeOut, EnnGetPreferenceTimeOut },
	{ EnnSetPreferencePriority, EnnGetPreferencePriority },
	{ EnnSetPreferenceCoreAffinity, EnnGetPreferenceCoreAffinity },
	{ EnnSetPreferenceTargetLatency, EnnGetPreferenceTargetLatency },
	{ EnnSetPreferenceTriggerMode, EnnGetPreferenceTriggerMode },
};

#define NB_PREFERENCES (sizeof(preferences) / sizeof(preferences[0]))

static void
expect_preferences(uint32_t first, uint32_t step)
{
	uint32_t i, value;

	for (i = 0; i < NB_PREFERENCES; i++) {
		value = 77;
		ASSERT_OK(preferences[i].get(&value));
		CU_ASSERT_EQUAL(value, first + i * step);
	}
}

static void
set_preferences(void)
{
	uint32_t i;

	for (i = 0; i < NB_PREFERENCES; i++)
		ASSERT_OK(preferences[i].set(100 + i));
	expect_preferences(100, 1);
}

static void
preferences_are_kept(void)
{
	uint32_t i;

	case_begin(FAKE_SPEC);
	expect_preferences(0, 0);
	set_preferences();
	ASSERT_OK(EnnResetPreferenceAsDefault());
	expect_preferences(0, 0);
	for (i = 0; i < NB_PREFERENCES; i++)
		ASSERT_GIVES(preferences[i].get(NULL), ENN_RET_INVAL);
	set_preferences();
	case_end();
	case_begin(FAKE_SPEC);
	expect_preferences(0, 0);
	case_end();
}

/*
 * What is not supported
 */

static void
unsupported_models(void)
{
	EnnModelId model = 7;

	CU_ASSERT_EQUAL(EnnOpenModelWithWeight("x", NULL, 0, &model), ENN_RET_NOT_SUPPORTED);
	CU_ASSERT_EQUAL(model, 0);
	model = 7;
	CU_ASSERT_EQUAL(EnnOpenModelFromMemoryWithWeight("x", 1, NULL, 0, &model),
			ENN_RET_NOT_SUPPORTED);
	CU_ASSERT_EQUAL(model, 0);
	model = 7;
	CU_ASSERT_EQUAL(EnnOpenModelWithFileOpenFdWeight(0, 1, 0, NULL, 0, &model),
			ENN_RET_NOT_SUPPORTED);
	CU_ASSERT_EQUAL(model, 0);
	model = 7;
	CU_ASSERT_EQUAL(EnnOpenModelFromFdWithWeight(0, 1, 0, NULL, 0, &model),
			ENN_RET_NOT_SUPPORTED);
	CU_ASSERT_EQUAL(model, 0);
	CU_ASSERT_EQUAL(EnnOpenModelFromFdWithWeight(0, 1, 0, NULL, 0, NULL),
			ENN_RET_NOT_SUPPORTED);
}

static void
unsupported_others(void)
{
	uint64_t address = 7;
	int32_t session = 7;

	CU_ASSERT_EQUAL(EnnSetFastIpc(), ENN_RET_NOT_SUPPORTED);
	CU_ASSERT_EQUAL(EnnUnsetFastIpc(), ENN_RET_NOT_SUPPORTED);
	CU_ASSERT_EQUAL(EnnExecuteModelFastIpc(1, 1), ENN_RET_NOT_SUPPORTED);
	CU_ASSERT_EQUAL(EnnSecureOpen(1, &address), ENN_RET_NOT_SUPPORTED);
	CU_ASSERT_EQUAL(address, 0);
	CU_ASSERT_EQUAL(EnnSecureClose(), ENN_RET_NOT_SUPPORTED);
	CU_ASSERT_EQUAL(EnnSetExecMsgAlwaysOn(), ENN_RET_NOT_SUPPORTED);
	CU_ASSERT_EQUAL(EnnSetExecMsgAlwaysOff(), ENN_RET_NOT_SUPPORTED);
	CU_ASSERT_EQUAL(EnnSetExecMsgRate(1), ENN_RET_NOT_SUPPORTED);
	CU_ASSERT_EQUAL(EnnDspGetSessionId(1, &session), ENN_RET_NOT_SUPPORTED);
	CU_ASSERT_EQUAL(session, 0);
	CU_ASSERT_EQUAL(EnnExecuteCommand("", "", "", "", "", ""), ENN_RET_NOT_SUPPORTED);
}

static const struct test_case cases[] = {
	{ "initialisations are counted", counted },
	{ "again and again, nothing is left", again_and_again },
	{ "no device that runs models", no_device },
	{ "the first device that runs models", first_device_that_runs_models },
	{ "devices that cannot be probed", wrong_devices },
	{ "the last end ends all", the_last_ends_all },
	{ "not initialised: models", not_initialised_models },
	{ "not initialised: buffers", not_initialised_buffers },
	{ "not initialised: sessions, runs, preferences", not_initialised_others },
	{ "preferences are kept until the end", preferences_are_kept },
	{ "not supported: models with weights", unsupported_models },
	{ "not supported: others", unsupported_others },
	{ NULL, NULL },
};

const struct test_suite enn_suites[] = {
	{ "context", NULL, NULL, cases },
	{ NULL, NULL, NULL, NULL },
};
