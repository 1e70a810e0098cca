/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "enn_case.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <acceldev/acceldev.h>

void
case_begin(const char *spec)
{
	setenv("ACCELDEV_DEVICES", spec, 1);
	CU_ASSERT_EQUAL_FATAL(EnnInitialize(), ENN_RET_SUCCESS);
}

void
case_end(void)
{
	CU_ASSERT_EQUAL(EnnDeinitialize(), ENN_RET_SUCCESS);
	CU_ASSERT_EQUAL(accel_dev_count(), 0);
	CU_ASSERT_EQUAL(fake.programs, 0);
	CU_ASSERT_EQUAL(fake.instances, 0);
	memset(&fake, 0, sizeof(fake));
}

void
case_begin_warm(void)
{
	EnnBufferPtr *buffers, own = NULL;
	EnnModelId model;

	case_begin(FAKE_SPEC);
	model = case_open(1, 1);
	buffers = case_allocate(model, 0);
	ASSERT_OK(EnnCreateBuffer(100, 0, &own));
	ASSERT_OK(EnnExecuteModel(model));
	ASSERT_OK(EnnReleaseBuffer(own));
	ASSERT_OK(EnnReleaseBuffers(buffers, 2));
	ASSERT_OK(EnnCloseModel(model));
}

struct case_usage
case_usage(void)
{
	struct case_usage usage = { .programs = fake.programs, .instances = fake.instances };
	int dev_id = accel_dev_by_name(FAKE_NAME);
	struct accel_dev_info info;

	CU_ASSERT_FATAL(dev_id >= 0);
	CU_ASSERT_EQUAL(accel_dev_info_get((uint16_t)dev_id, &info), 0);
	usage.bufs = info.live_bufs;
	usage.mapped = info.mapped_bytes;
	usage.process = test_usage_get();
	return usage;
}

void
case_no_leak(const struct case_usage *before)
{
	struct case_usage now = case_usage();

	CU_ASSERT_EQUAL(now.bufs, before->bufs);
	CU_ASSERT_EQUAL(now.mapped, before->mapped);
	CU_ASSERT_EQUAL(now.programs, before->programs);
	CU_ASSERT_EQUAL(now.instances, before->instances);
	CU_ASSERT(now.process.fds <= before->process.fds);
	CU_ASSERT(now.process.maps <= before->process.maps);
}

EnnModelId
case_open(unsigned int nb_inputs, unsigned int nb_outputs)
{
	struct fake_image image = fake_image(nb_inputs, nb_outputs, 100);
	EnnModelId model = 0;

	CU_ASSERT_EQUAL_FATAL(EnnOpenModelFromMemory((const char *)&image, sizeof(image), &model),
			ENN_RET_SUCCESS);
	CU_ASSERT_NOT_EQUAL(model, EXEC_MODEL_NOT_ASSIGNED);
	return model;
}

EnnBufferPtr *
case_allocate(EnnModelId model, int session)
{
	EnnBufferPtr *buffers = NULL;
	NumberOfBuffersInfo info;

	CU_ASSERT_EQUAL_FATAL(EnnAllocateAllBuffersWithSessionId(model, &buffers, &info, session,
			true), ENN_RET_SUCCESS);
	return buffers;
}

bool
case_is_filled(const void *va, size_t len, int value)
{
	const unsigned char *bytes = va;

	return len == 0 || (bytes[0] == (unsigned char)value &&
			memcmp(bytes, bytes + 1, len - 1) == 0);
}

void
case_moment(void)
{
	const struct timespec pause = { .tv_nsec = 30 * 1000 * 1000 };

	nanosleep(&pause, NULL);
}

int
main(int argc, char **argv)
{
	fake_register();
	return test_main(enn_suites, argc, argv);
}
