/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * The C functions in plain C99, in either numbering: declared here once more as programs know them,
 * and all linked.
 */
#include <enn_api-public.h>

#include "api_checks.h"

#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

EnnReturn EnnInitialize(void);
EnnReturn EnnDeinitialize(void);
EnnReturn EnnOpenModel(const char *, EnnModelId *);
EnnReturn EnnOpenModelFromMemory(const char *, const uint32_t, EnnModelId *);
EnnReturn EnnOpenModelFromFd(int, EnnModelId *);
EnnReturn EnnOpenModelWithWeight(const char *, EnnBufferPtr *, uint32_t, EnnModelId *);
EnnReturn EnnOpenModelFromMemoryWithWeight(const char *, const uint32_t, EnnBufferPtr *, uint32_t,
		EnnModelId *);
EnnReturn EnnOpenModelWithFileOpenFd(const int, const uint32_t, const uint32_t, EnnModelId *);
EnnReturn EnnOpenModelWithFileOpenFdWeight(const int, const uint32_t, const uint32_t,
		EnnBufferPtr *, uint32_t, EnnModelId *);
EnnReturn EnnOpenModelFromFdWithWeight(const uint32_t, const uint32_t, const uint32_t,
		EnnBufferPtr *, uint32_t, EnnModelId *);
EnnReturn EnnCloseModel(const EnnModelId);
EnnReturn EnnCreateBuffer(const uint32_t, const uint32_t, EnnBufferPtr *);
EnnReturn EnnCreateBufferCache(const uint32_t, EnnBufferPtr *);
EnnReturn EnnCreateBufferFromFdWithOffset(const uint32_t, const uint32_t, const uint32_t,
		EnnBufferPtr *);
EnnReturn EnnGetFileDescriptorFromEnnBuffer(EnnBufferPtr, int32_t *);
EnnReturn EnnReleaseBuffer(EnnBufferPtr);
EnnReturn EnnReleaseBuffers(EnnBufferPtr *, const int32_t);
EnnReturn EnnAllocateAllBuffers(const EnnModelId, EnnBufferPtr **, NumberOfBuffersInfo *);
EnnReturn EnnAllocateAllBuffersWithSessionId(const EnnModelId, EnnBufferPtr **,
		NumberOfBuffersInfo *, const int, const bool);
EnnReturn EnnGetBuffersInfo(const EnnModelId, NumberOfBuffersInfo *);
EnnReturn EnnGetBufferInfoByIndex(const EnnModelId, const enn_buf_dir_e, const uint32_t,
		EnnBufferInfo *);
EnnReturn EnnGetBufferInfoByLabel(const EnnModelId, const char *, EnnBufferInfo *);
EnnReturn EnnSetBufferByIndex(const EnnModelId, const enn_buf_dir_e, const uint32_t, EnnBufferPtr);
EnnReturn EnnSetBufferByIndexWithSessionId(const EnnModelId, const enn_buf_dir_e, const uint32_t,
		EnnBufferPtr, const int);
EnnReturn EnnSetBufferByLabel(const EnnModelId, const char *, EnnBufferPtr);
EnnReturn EnnSetBufferByLabelWithSessionId(const EnnModelId, const char *, EnnBufferPtr, const int);
EnnReturn EnnSetBuffers(const EnnModelId, EnnBufferPtr *, const int32_t);
EnnReturn EnnSetBuffersWithSessionId(const EnnModelId, EnnBufferPtr *, const int32_t, const int);
EnnReturn EnnSetExecMsgRate(uint32_t);
EnnReturn EnnGetMetaInfo(const EnnMetaTypeId, const EnnModelId, char[256]);
EnnReturn EnnSecureOpen(const uint32_t, uint64_t *);
EnnReturn EnnDspGetSessionId(const EnnModelId, int32_t *);
EnnReturn EnnExecuteCommand(const char *, const char *, const char *, const char *, const char *,
		const char *);
EnnReturn EnnExecuteModelFastIpc(const EnnModelId, int);
EnnReturn EnnGenerateBufferSpace(const EnnModelId, const int);

typedef EnnReturn (*plain_fn)(void);
typedef EnnReturn (*model_fn)(const EnnModelId);
typedef EnnReturn (*session_fn)(const EnnModelId, const int);
typedef EnnReturn (*set_fn)(const uint32_t);
typedef EnnReturn (*get_fn)(uint32_t *);

static const plain_fn plain[] = {
	EnnSetFastIpc, EnnUnsetFastIpc, EnnSecureClose, EnnSetExecMsgAlwaysOn,
			EnnSetExecMsgAlwaysOff,
	EnnResetPreferenceAsDefault,
};

static const model_fn of_models[] = {
	EnnCloseModel, EnnUnsetBuffers, EnnBufferCommit, EnnBufferUncommit, EnnExecuteModel,
	EnnExecuteModelAsync, EnnExecuteModelWait,
};

static const session_fn of_sessions[] = {
	EnnUnsetBuffersWithSessionId, EnnBufferCommitWithSessionId, EnnBufferUncommitWithSessionId,
	EnnExecuteModelWithSessionId, EnnExecuteModelWithSessionIdAsync,
	EnnExecuteModelWithSessionIdWait, EnnGenerateBufferSpace,
};

static const set_fn setters[] = {
	EnnSetPreferencePresetId, EnnSetPreferencePerfConfigId, EnnSetPreferencePerfMode,
	EnnSetPreferenceTimeOut, EnnSetPreferencePriority, EnnSetPreferenceCoreAffinity,
	EnnSetPreferenceTargetLatency, EnnSetPreferenceTriggerMode,
};

static const get_fn getters[] = {
	EnnGetPreferencePresetId, EnnGetPreferencePerfConfigId, EnnGetPreferencePerfMode,
	EnnGetPreferenceTimeOut, EnnGetPreferencePriority, EnnGetPreferenceCoreAffinity,
	EnnGetPreferenceTargetLatency, EnnGetPreferenceTriggerMode,
};

static int failures;

static void
expect(const char *what, EnnReturn got, int want)
{
	if ((int)got == want)
		return;
	printf("%s: %d, not %d\n", what, (int)got, want);
	failures++;
}

/* All fail then; some are not supported in any case. */
static void
not_initialised(void)
{
	uint32_t value;
	size_t i;

	for (i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		expect("plain", plain[i](), plain[i] == EnnResetPreferenceAsDefault ? 1 : 255);
	for (i = 0; i < sizeof(of_models) / sizeof(of_models[0]); i++)
		expect("of models", of_models[i](1), 1);
	for (i = 0; i < sizeof(of_sessions) / sizeof(of_sessions[0]); i++)
		expect("of sessions", of_sessions[i](1, 0), 1);
	for (i = 0; i < sizeof(setters) / sizeof(setters[0]); i++) {
		expect("setter", setters[i](1), 1);
		expect("getter", getters[i](&value), 1);
	}
}

/* Without room for more in the process's address space, but for what sanitizers take at times. */
static EnnReturn
create_without_memory(void)
{
	FILE *statm = fopen("/proc/self/statm", "r");
	unsigned long pages = 0;
	struct rlimit whole, none;
	EnnBufferPtr buffer;
	EnnReturn got;

	if (statm == NULL || fscanf(statm, "%lu", &pages) != 1 || fclose(statm) != 0 ||
			getrlimit(RLIMIT_AS, &whole) != 0)
		return ENN_RET_FAILED;
	none = whole;
	none.rlim_cur = pages * (rlim_t)sysconf(_SC_PAGESIZE) + (64 << 20);
	setrlimit(RLIMIT_AS, &none);
	got = EnnCreateBufferCache(1u << 30, &buffer);
	setrlimit(RLIMIT_AS, &whole);
	return got;
}

int
main(void)
{
	EnnBufferPtr buffer = NULL;

	not_initialised();
	expect("initialise", EnnInitialize(), 0);
	expect("size 0", EnnCreateBufferCache(0, &buffer), WANTED_RETURN == 1 ? 6 : 7);
	expect("no memory", create_without_memory(), WANTED_RETURN == 1 ? 5 : 6);
	expect("no model", EnnCloseModel(1), 3);
	expect("flags", EnnCreateBuffer(1, 1, &buffer), 255);
	expect("create", EnnCreateBuffer(1, 0, &buffer), 0);
	expect("release", EnnReleaseBuffer(buffer), 0);
	expect("end", EnnDeinitialize(), 0);
	not_initialised();
	return failures != 0;
}
