/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * The functions for C++11 in either numbering: their types, their defaults, and that each does what
 * the C function does that it stands for.
 */
#ifdef WANTED_NDK
#include <enn_api-public_ndk_v1.hpp>
#else
#include <enn_api-public.hpp>
#endif

#include "api_checks.h"

#ifdef WITH_C_TOO
#include <enn_api-public.h>
#endif

#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <type_traits>

using namespace enn;

#define TYPE(name, ...)                                                                            \
	static_assert(std::is_same<decltype(&api::name), EnnReturn (*)(__VA_ARGS__)>::value, #name)

typedef EnnModelId Id;
typedef enn_buf_dir_e Dir;

TYPE(EnnInitialize, void);
TYPE(EnnDeinitialize, void);
TYPE(EnnOpenModel, const char *, Id *);
TYPE(EnnOpenModelFromMemory, const char *, uint32_t, Id *);
TYPE(EnnOpenModelFromFd, int, Id *);
TYPE(EnnOpenModelWithWeight, const char *, EnnBufferPtr *, uint32_t, Id *);
TYPE(EnnOpenModelFromMemoryWithWeight, const char *, uint32_t, EnnBufferPtr *, uint32_t, Id *);
TYPE(EnnOpenModelWithFileOpenFd, int, uint32_t, uint32_t, Id *);
TYPE(EnnOpenModelWithFileOpenFdWeight, int, uint32_t, uint32_t, EnnBufferPtr *, uint32_t, Id *);
TYPE(EnnCloseModel, Id);
TYPE(EnnCreateBuffer, EnnBufferPtr *, uint32_t, bool);
TYPE(EnnCreateBufferFromFd, EnnBufferPtr *, uint32_t, uint32_t, uint32_t);
TYPE(EnnGetFileDescriptorFromEnnBuffer, EnnBufferPtr, int32_t *);
TYPE(EnnCreateBufferWithFlag, EnnBufferPtr *, uint32_t, uint32_t, bool);
TYPE(EnnCreateBufferFromFdWithFlag, EnnBufferPtr *, uint32_t, uint32_t, uint32_t, uint32_t);
TYPE(EnnAllocateAllBuffers, Id, EnnBufferPtr **, NumberOfBuffersInfo *, int, bool);
TYPE(EnnReleaseBuffers, EnnBufferPtr *, int32_t);
TYPE(EnnReleaseBuffer, EnnBufferPtr);
TYPE(EnnGetBuffersInfo, NumberOfBuffersInfo *, Id);
TYPE(EnnGetBufferInfoByIndex, EnnBufferInfo *, Id, Dir, uint32_t);
TYPE(EnnGetBufferInfoByLabel, EnnBufferInfo *, Id, const char *);
TYPE(EnnGetBufferMetaByIndex, EnnBufferMetaData *, Id, Dir, uint32_t);
TYPE(EnnGetBufferMetaByLabel, EnnBufferMetaData *, Id, const char *);
TYPE(EnnSetBufferByIndex, Id, Dir, uint32_t, EnnBufferPtr, int);
TYPE(EnnSetBufferByLabel, Id, const char *, EnnBufferPtr, int);
TYPE(EnnSetBufferByIndexWithStep, Id, Dir, uint32_t, EnnBufferPtr, uint32_t, uint32_t, int);
TYPE(EnnSetBufferByLabelWithStep, Id, const char *, EnnBufferPtr, uint32_t, uint32_t, int);
TYPE(EnnSetBuffers, Id, EnnBuffer **, int32_t, int);
TYPE(EnnUnsetBuffers, Id, int);
TYPE(EnnUpdateBufferInfoByIndex, Id, Dir, uint32_t, EnnBufferPtr, int);
TYPE(EnnUpdateBufferInfoByLabel, Id, const char *, EnnBufferPtr, int);
TYPE(EnnUpdateBuffer, Id, int);
TYPE(EnnBufferCommit, Id, int);
TYPE(EnnBufferUncommit, Id, int);
TYPE(EnnGenerateBufferSpace, Id, int);
TYPE(EnnPrepareBatch, Id, NumberOfBuffersInfo *);
TYPE(EnnUpdateBatchInfo, Id, const EnnBatchBufferInfo *, int, bool);
TYPE(EnnSetExecuteOffsetByIndex, Id, Dir, uint32_t, uint32_t, int);
TYPE(EnnSetExecuteOffsetByLabel, Id, const char *, uint32_t, int);
TYPE(EnnExecuteModel, Id, int);
TYPE(EnnExecuteModelAsync, Id, int);
TYPE(EnnExecuteModelWait, Id, int);
TYPE(EnnExecuteModelBatch, Id);
TYPE(EnnExecuteModelWithSessionBatch, Id, int);
TYPE(EnnExecuteModelCancel, Id, int);
TYPE(EnnExecuteModelWithSessionBatchCancel, Id);
TYPE(EnnSetFastIpc, void);
TYPE(EnnUnsetFastIpc, void);
TYPE(EnnExecuteModelFastIpc, Id, int);
TYPE(EnnSecureOpen, uint32_t, uint64_t *);
TYPE(EnnSecureClose, void);
TYPE(EnnResetPreferenceAsDefault, void);
TYPE(EnnGetMetaInfo, EnnMetaTypeId, Id, char *);
TYPE(EnnSetExecMsgAlwaysOn, void);
TYPE(EnnSetExecMsgAlwaysOff, void);
TYPE(EnnSetExecMsgRate, uint32_t);
TYPE(EnnDspGetSessionId, Id, int32_t *);
TYPE(EnnExecuteCommand, const char *, const char *, const char *, const char *, const char *,
		const char *);

static int failures;

static void
expect(const char *what, EnnReturn got, EnnReturn want = ENN_RET_SUCCESS)
{
	if (got == want)
		return;
	std::printf("%s: %d, not %d\n", what, static_cast<int>(got), static_cast<int>(want));
	failures++;
}

static void
that(const char *what, bool right)
{
	if (right)
		return;
	std::printf("%s: wrong\n", what);
	failures++;
}

static void
unsupported(Id id)
{
	const EnnReturn no = ENN_RET_NOT_SUPPORTED;
	EnnBuffer some = { nullptr, 0, 0 };
	EnnBufferPtr b = &some;
	EnnBufferMetaData data = { "", 7, 7, 7, 7, { 7 } };
	NumberOfBuffersInfo count = { 7, 7 };
	Id got = 7;

	expect("weight", api::EnnOpenModelWithWeight("", nullptr, 0, &got), no);
	that("weight", got == 0);
	expect("memory, weight", api::EnnOpenModelFromMemoryWithWeight("", 1, nullptr, 0, &got),
			no);
	expect("fd, weight", api::EnnOpenModelWithFileOpenFdWeight(0, 1, 0, nullptr, 0, &got), no);
	expect("flag", api::EnnCreateBufferWithFlag(&b, 7, 1), no);
	that("flag", b == nullptr);
	b = &some;
	expect("fd, flag", api::EnnCreateBufferFromFdWithFlag(&b, 7, 0, 1), no);
	that("fd, flag", b == nullptr);
	expect("meta", api::EnnGetBufferMetaByIndex(&data, id, ENN_DIR_IN, 0), no);
	that("meta", data.label == nullptr && data.shape[0] == 0 && data.size == 0);
	expect("meta", api::EnnGetBufferMetaByLabel(nullptr, id, "pixels"), no);
	expect("step", api::EnnSetBufferByIndexWithStep(id, ENN_DIR_IN, 0, &some, 1, 0), no);
	expect("step", api::EnnSetBufferByLabelWithStep(id, "pixels", &some, 1, 0), no);
	expect("update", api::EnnUpdateBufferInfoByIndex(id, ENN_DIR_IN, 0, &some), no);
	expect("update", api::EnnUpdateBufferInfoByLabel(id, "pixels", &some), no);
	expect("update", api::EnnUpdateBuffer(id), no);
	expect("batch", api::EnnPrepareBatch(id, &count), no);
	that("batch", count.n_in_buf == 0 && count.n_out_buf == 0);
	expect("batch", api::EnnUpdateBatchInfo(id, nullptr, 1), no);
	expect("offset", api::EnnSetExecuteOffsetByIndex(id, ENN_DIR_IN, 0, 0), no);
	expect("offset", api::EnnSetExecuteOffsetByLabel(id, "pixels", 0), no);
	expect("batch", api::EnnExecuteModelBatch(id), no);
	expect("batch", api::EnnExecuteModelWithSessionBatch(id), no);
	expect("cancel", api::EnnExecuteModelCancel(id), no);
	expect("cancel", api::EnnExecuteModelWithSessionBatchCancel(id), no);
	expect("fast", api::EnnExecuteModelFastIpc(id, 1), no);
}

/* Flag 0 is none, and sessions are there before they are asked for. */
static void
without_effect(Id id)
{
	EnnBufferPtr made = nullptr, part = nullptr;
	int32_t fd = -1;

	expect("flag 0", api::EnnCreateBufferWithFlag(&made, 0, 5000));
	expect("descriptor", api::EnnGetFileDescriptorFromEnnBuffer(made, &fd));
	expect("fd, flag 0", api::EnnCreateBufferFromFdWithFlag(&part, 0,
			static_cast<uint32_t>(fd), 100, 64));
	that("fd, flag 0", part != nullptr && part->size == 100 && part->offset == 64);
	expect("release", api::EnnReleaseBuffer(part));
	expect("release", api::EnnReleaseBuffer(made));
	expect("space", api::EnnGenerateBufferSpace(id));
}

/* Values that go into one function of a pair come out of the other one. */
static void
preferences()
{
	uint32_t value = 0;

#define PAIR(name, number)                                                                         \
	do {                                                                                       \
		expect(#name, api::EnnSetPreference##name(number));                                \
		expect(#name, api::EnnGetPreference##name(&value));                                \
		that(#name, value == number);                                                      \
	} while (0)
	PAIR(PresetId, 1u);
	PAIR(PerfConfigId, 2u);
	PAIR(PerfMode, 3u);
	PAIR(TimeOut, 4u);
	PAIR(Priority, 5u);
	PAIR(CoreAffinity, 6u);
	PAIR(TargetLatency, 7u);
	PAIR(TriggerMode, 8u);
#undef PAIR
	expect("default", api::EnnResetPreferenceAsDefault());
	expect("default", api::EnnGetPreferencePresetId(&value));
	that("default", value == 0);
}

static void
infos(Id id)
{
	EnnBufferInfo by_index, by_label;
	NumberOfBuffersInfo count;
	char text[256];

	expect("count", api::EnnGetBuffersInfo(&count, id));
	that("count", count.n_in_buf == 1 && count.n_out_buf == 1);
	expect("index", api::EnnGetBufferInfoByIndex(&by_index, id, ENN_DIR_IN, 0));
	that("index", std::string(by_index.label) == "pixels" && by_index.size == 64);
	that("type", by_index.buffer_type == TensorType_INT8 && by_index.channel == 64);
	expect("label", api::EnnGetBufferInfoByLabel(&by_label, id, "scores"));
	that("label", by_label.size == 16);
	expect("version", api::EnnGetMetaInfo(ENN_META_VERSION_DD, id, text));
	that("version", std::string(text).substr(0, 4) == "npu ");
}

/* Run blank input in session 0, with buffers that were made one by one; the scores. */
static std::string
one_by_one(Id id)
{
	EnnBufferPtr in = nullptr, out = nullptr, both[2];
	std::string scores;
	int32_t fd = -1;

	expect("create", api::EnnCreateBuffer(&in, 64));
	expect("create", api::EnnCreateBuffer(&out, 16, false));
	that("sizes", in->size == 64 && out->size == 16);
	expect("set", api::EnnSetBufferByIndex(id, ENN_DIR_IN, 0, in));
	expect("set", api::EnnSetBufferByLabel(id, "scores", out));
	expect("commit", api::EnnBufferCommit(id));
	expect("run", api::EnnExecuteModel(id));
	scores.assign(static_cast<char *>(out->va), 16);
	expect("uncommit", api::EnnBufferUncommit(id));
	expect("run", api::EnnExecuteModel(id), ENN_RET_INVAL);
	expect("unset", api::EnnUnsetBuffers(id));
	both[0] = in;
	both[1] = out;
	expect("set all", api::EnnSetBuffers(id, both, 2));
	expect("descriptor", api::EnnGetFileDescriptorFromEnnBuffer(in, &fd));
	expect("release", api::EnnReleaseBuffer(in));
	expect("release", api::EnnReleaseBuffer(out));
	return scores;
}

static std::string
all_at_once(Id id, int session)
{
	NumberOfBuffersInfo count;
	EnnBufferPtr *set = nullptr;
	std::string scores;

	expect("all", api::EnnAllocateAllBuffers(id, &set, &count, session));
	that("all", count.n_in_buf == 1 && count.n_out_buf == 1);
	expect("run", api::EnnExecuteModelAsync(id, session));
	expect("wait", api::EnnExecuteModelWait(id, session));
	scores.assign(static_cast<char *>(set[1]->va), 16);
	expect("release all", api::EnnReleaseBuffers(set, 2));
	return scores;
}

static void
from_memory(const std::string &image)
{
	EnnBufferPtr buffer = nullptr, part = nullptr;
	Id id = 0;
	int32_t fd = -1;
	const uint32_t size = static_cast<uint32_t>(image.size());

	expect("memory", api::EnnOpenModelFromMemory(image.data(), size, &id));
	expect("close", api::EnnCloseModel(id));
	expect("create", api::EnnCreateBuffer(&buffer, size));
	std::memcpy(buffer->va, image.data(), size);
	expect("descriptor", api::EnnGetFileDescriptorFromEnnBuffer(buffer, &fd));
	expect("fd", api::EnnOpenModelFromFd(fd, &id));
	expect("close", api::EnnCloseModel(id));
	expect("part", api::EnnOpenModelWithFileOpenFd(fd, size, 0, &id));
	expect("close", api::EnnCloseModel(id));
	expect("import", api::EnnCreateBufferFromFd(&part, static_cast<uint32_t>(fd), 100));
	that("import", std::memcmp(part->va, image.data(), 100) == 0 && part->offset == 0);
	expect("release", api::EnnReleaseBuffer(part));
	expect("import", api::EnnCreateBufferFromFd(&part, static_cast<uint32_t>(fd), 100, 64));
	that("import", part->offset == 64);
	expect("release", api::EnnReleaseBuffer(part));
	expect("release", api::EnnReleaseBuffer(buffer));
}

int
main(int argc, char **argv)
{
	std::ifstream file(argc > 1 ? argv[1] : "", std::ios::binary);
	const std::string image((std::istreambuf_iterator<char>(file)),
			std::istreambuf_iterator<char>());
	EnnBufferPtr none = nullptr;
	std::string scores;
	Id id = 0;

	expect("initialise", api::EnnInitialize());
	expect("open", api::EnnOpenModel(argc > 1 ? argv[1] : "", &id));
	infos(id);
	scores = one_by_one(id);
	that("session 0", scores == all_at_once(id, 0));
	that("session 9", scores == all_at_once(id, 9));
	without_effect(id);
	expect("close", api::EnnCloseModel(id));
	from_memory(image);
	preferences();
	unsupported(id);
	expect("size 0", api::EnnCreateBuffer(&none, 0), ENN_RET_SIZE);
	that("numbers", ENN_RET_SIZE == (WANTED_RETURN == 1 ? 6 : 7));
	expect("end", api::EnnDeinitialize());
	return failures != 0;
}
