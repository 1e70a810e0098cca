/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * On the device model: a device that fails or goes away while ENN has it, and the way back; and
 * buffers that change places.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <acceldev/acceldev.h>
#include <devmodel/devmodel.h>

#include "enn_case.h"

static EnnModelId model;

/* For the line that tells of it too. */
static void
wait_health(enum accel_dev_health health)
{
	uint16_t dev_id = (uint16_t)accel_dev_by_name("sim:npu");
	struct accel_dev_info info = { .health = ACCEL_DEV_READY };
	unsigned int i;

	for (i = 0; i < 1000 && info.health < health; i++) {
		CU_ASSERT_EQUAL_FATAL(accel_dev_info_get(dev_id, &info), 0);
		usleep(10000);
	}
	CU_ASSERT_EQUAL(info.health, health);
	case_moment();
}

static void
begin(void)
{
	case_begin("sim:npu");
	ASSERT_OK(EnnOpenModel(getenv("ACCELDEV_TEST_DIGITS_MODEL"), &model));
	case_allocate(model, 0);
	ASSERT_OK(EnnExecuteModel(model));
}

static void
lose(enum devmodel_event event, enum accel_dev_health health, const char *why)
{
	begin();
	log_text_begin();
	CU_ASSERT_EQUAL(devmodel_inject("npu", event), 0);
	wait_health(health);
	log_text_end();
	LOG_ASSERT_FAILS(EnnExecuteModel(model), ENN_RET_FAILED, "takes no run", why);
	log_text_begin();
	ASSERT_OK(EnnExecuteModelAsync(model));
	CU_ASSERT_EQUAL(EnnExecuteModelWait(model), ENN_RET_FAILED);
	CU_ASSERT(log_is_line(log_text_end(), "takes no run", why, (char *)0));
	case_end();
	begin();
	case_end();
}

static void
removed(void)
{
	lose(DEVMODEL_REMOVE, ACCEL_DEV_GONE, "it was removed");
	lose(DEVMODEL_UNPLUG, ACCEL_DEV_GONE, "it was removed");
}

static void
failed(void)
{
	lose(DEVMODEL_ERROR, ACCEL_DEV_ERROR, "it has failed");
}

/* Which a device refuses while one tensor has its place still and the other one its new one. */
static void
buffers_change_places(void)
{
	EnnBufferPtr a, b;

	case_begin("sim:npu");
	ASSERT_OK(EnnOpenModel(getenv("ACCELDEV_TEST_DIGITS_MODEL"), &model));
	ASSERT_OK(EnnCreateBuffer(64, 0, &a));
	ASSERT_OK(EnnCreateBuffer(64, 0, &b));
	memset(a->va, 1, 64);
	ASSERT_OK(EnnSetBufferByIndex(model, ENN_DIR_IN, 0, a));
	ASSERT_OK(EnnSetBufferByIndex(model, ENN_DIR_OUT, 0, b));
	ASSERT_OK(EnnBufferCommit(model));
	ASSERT_OK(EnnExecuteModel(model));
	ASSERT_OK(EnnSetBufferByIndex(model, ENN_DIR_IN, 0, b));
	ASSERT_OK(EnnSetBufferByIndex(model, ENN_DIR_OUT, 0, a));
	ASSERT_OK(EnnBufferCommit(model));
	ASSERT_OK(EnnExecuteModel(model));
	CU_ASSERT_NOT_EQUAL(((char *)a->va)[0], 1);
	ASSERT_OK(EnnSetBufferByIndex(model, ENN_DIR_IN, 0, a));
	LOG_ASSERT_FAILS(EnnBufferCommit(model), ENN_RET_INVAL, "would lie over");
	ASSERT_OK(EnnExecuteModel(model)); /* as committed before */
	case_end();
}

static const struct test_case cases[] = {
	{ "a device that was removed", removed },
	{ "a device that has failed", failed },
	{ "buffers change places", buffers_change_places },
	{ NULL, NULL },
};

const struct test_suite enn_suites[] = {
	{ "lost devices", NULL, NULL, cases },
	{ NULL, NULL, NULL, NULL },
};
