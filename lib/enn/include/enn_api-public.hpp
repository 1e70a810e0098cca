/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef ENN_API_PUBLIC_HPP
#define ENN_API_PUBLIC_HPP

/**
 * @file
 * The ENN API for C++11: functions in namespace enn::api, which give what they have to give through
 * their first arguments, and have defaults. Each is the C function that enn_api-functions.h tells
 * about, so that the library needs no C++; where it tells of none, or of one that is not supported,
 * the result is ENN_RET_NOT_SUPPORTED, and what would be given is NULL or 0.
 *
 * The C functions are in enn::api::c_api and, when enn_api-public.h is included too, in the global
 * namespace.
 */

#include "enn_api-type.h"

namespace enn {
namespace api {

namespace c_api {
extern "C" {
#include "enn_api-functions.h"
}
}

/* Sources with different numberings in one program have different functions. */
#if ACCELDEV_ENN_RETURN == 1
inline namespace return1 {
#endif

/*
 * Context
 */

inline EnnReturn
EnnInitialize(void)
{
	return c_api::EnnInitialize();
}

inline EnnReturn
EnnDeinitialize(void)
{
	return c_api::EnnDeinitialize();
}

/*
 * Models
 */

inline EnnReturn
EnnOpenModel(const char *model_file, EnnModelId *model_id)
{
	return c_api::EnnOpenModel(model_file, model_id);
}

inline EnnReturn
EnnOpenModelFromMemory(const char *va, const uint32_t size, EnnModelId *model_id)
{
	return c_api::EnnOpenModelFromMemory(va, size, model_id);
}

inline EnnReturn
EnnOpenModelFromFd(int _fd, EnnModelId *model_id)
{
	return c_api::EnnOpenModelFromFd(_fd, model_id);
}

inline EnnReturn
EnnOpenModelWithFileOpenFd(const int fd, const uint32_t size, const uint32_t offset,
		EnnModelId *model_id)
{
	return c_api::EnnOpenModelWithFileOpenFd(fd, size, offset, model_id);
}

inline EnnReturn
EnnOpenModelWithWeight(const char *model_file, EnnBufferPtr *weights, uint32_t n_weights,
		EnnModelId *model_id)
{
	return c_api::EnnOpenModelWithWeight(model_file, weights, n_weights, model_id);
}

inline EnnReturn
EnnOpenModelFromMemoryWithWeight(const char *va, const uint32_t size, EnnBufferPtr *weights,
		uint32_t n_weights, EnnModelId *model_id)
{
	return c_api::EnnOpenModelFromMemoryWithWeight(va, size, weights, n_weights, model_id);
}

inline EnnReturn
EnnOpenModelWithFileOpenFdWeight(const int fd, const uint32_t size, const uint32_t offset,
		EnnBufferPtr *weights, uint32_t n_weights, EnnModelId *model_id)
{
	return c_api::EnnOpenModelWithFileOpenFdWeight(fd, size, offset, weights, n_weights,
			model_id);
}

inline EnnReturn
EnnCloseModel(const EnnModelId model_id)
{
	return c_api::EnnCloseModel(model_id);
}

/*
 * Buffers
 */

inline EnnReturn
EnnCreateBuffer(EnnBufferPtr *out, const uint32_t req_size, const bool is_cached = true)
{
	return is_cached ? c_api::EnnCreateBufferCache(req_size, out) :
			c_api::EnnCreateBuffer(req_size, 0, out);
}

inline EnnReturn
EnnCreateBufferFromFd(EnnBufferPtr *out, const uint32_t fd, const uint32_t size,
		const uint32_t offset = 0)
{
	return c_api::EnnCreateBufferFromFdWithOffset(fd, size, offset, out);
}

inline EnnReturn
EnnGetFileDescriptorFromEnnBuffer(EnnBufferPtr buffer, int32_t *fd)
{
	return c_api::EnnGetFileDescriptorFromEnnBuffer(buffer, fd);
}

inline EnnReturn
EnnCreateBufferWithFlag(EnnBufferPtr *out, const uint32_t flag, const uint32_t req_size,
		const bool = true)
{
	return c_api::EnnCreateBuffer(req_size, flag, out);
}

/* The C function has no flag: one that refuses it does, when it is not 0. */
inline EnnReturn
EnnCreateBufferFromFdWithFlag(EnnBufferPtr *out, const uint32_t flag, const uint32_t fd,
		const uint32_t size, const uint32_t offset = 0)
{
	return flag == 0 ? c_api::EnnCreateBufferFromFdWithOffset(fd, size, offset, out) :
			c_api::EnnCreateBuffer(size, flag, out);
}

inline EnnReturn
EnnAllocateAllBuffers(const EnnModelId model_id, EnnBufferPtr **out_buffers,
		NumberOfBuffersInfo *buf_info, const int session_id = 0,
		const bool do_commit = true)
{
	return c_api::EnnAllocateAllBuffersWithSessionId(model_id, out_buffers, buf_info,
			session_id, do_commit);
}

inline EnnReturn
EnnReleaseBuffers(EnnBufferPtr *buffers, const int32_t numOfBuffers)
{
	return c_api::EnnReleaseBuffers(buffers, numOfBuffers);
}

inline EnnReturn
EnnReleaseBuffer(EnnBufferPtr buffer)
{
	return c_api::EnnReleaseBuffer(buffer);
}

/*
 * Tensors
 */

inline EnnReturn
EnnGetBuffersInfo(NumberOfBuffersInfo *buffers_info, const EnnModelId model_id)
{
	return c_api::EnnGetBuffersInfo(model_id, buffers_info);
}

inline EnnReturn
EnnGetBufferInfoByIndex(EnnBufferInfo *out_buf_info, const EnnModelId model_id,
		const enn_buf_dir_e direction, const uint32_t index)
{
	return c_api::EnnGetBufferInfoByIndex(model_id, direction, index, out_buf_info);
}

inline EnnReturn
EnnGetBufferInfoByLabel(EnnBufferInfo *out_buf_info, const EnnModelId model_id, const char *label)
{
	return c_api::EnnGetBufferInfoByLabel(model_id, label, out_buf_info);
}

inline EnnReturn
EnnGetBufferMetaByIndex(EnnBufferMetaData *out, const EnnModelId, const enn_buf_dir_e,
		const uint32_t)
{
	if (out != nullptr)
		*out = EnnBufferMetaData();
	return ENN_RET_NOT_SUPPORTED;
}

inline EnnReturn
EnnGetBufferMetaByLabel(EnnBufferMetaData *out, const EnnModelId, const char *)
{
	if (out != nullptr)
		*out = EnnBufferMetaData();
	return ENN_RET_NOT_SUPPORTED;
}

/*
 * Sessions
 */

inline EnnReturn
EnnSetBufferByIndex(const EnnModelId model_id, const enn_buf_dir_e direction, const uint32_t index,
		EnnBufferPtr buf, const int session_id = 0)
{
	return c_api::EnnSetBufferByIndexWithSessionId(model_id, direction, index, buf, session_id);
}

inline EnnReturn
EnnSetBufferByLabel(const EnnModelId model_id, const char *label, EnnBufferPtr buf,
		const int session_id = 0)
{
	return c_api::EnnSetBufferByLabelWithSessionId(model_id, label, buf, session_id);
}

inline EnnReturn
EnnSetBuffers(const EnnModelId model_id, EnnBuffer **bufs, const int32_t sum_io,
		const int session_id = 0)
{
	return c_api::EnnSetBuffersWithSessionId(model_id, bufs, sum_io, session_id);
}

inline EnnReturn
EnnUnsetBuffers(const EnnModelId model_id, const int session_id = 0)
{
	return c_api::EnnUnsetBuffersWithSessionId(model_id, session_id);
}

inline EnnReturn
EnnBufferCommit(const EnnModelId model_id, const int session_id = 0)
{
	return c_api::EnnBufferCommitWithSessionId(model_id, session_id);
}

inline EnnReturn
EnnBufferUncommit(const EnnModelId model_id, const int session_id = 0)
{
	return c_api::EnnBufferUncommitWithSessionId(model_id, session_id);
}

inline EnnReturn
EnnGenerateBufferSpace(const EnnModelId model_id, const int n_set = 16)
{
	return c_api::EnnGenerateBufferSpace(model_id, n_set);
}

inline EnnReturn
EnnSetBufferByIndexWithStep(const EnnModelId, const enn_buf_dir_e, const uint32_t, EnnBufferPtr,
		const uint32_t, const uint32_t, const int = 0)
{
	return ENN_RET_NOT_SUPPORTED;
}

inline EnnReturn
EnnSetBufferByLabelWithStep(const EnnModelId, const char *, EnnBufferPtr, const uint32_t,
		const uint32_t, const int = 0)
{
	return ENN_RET_NOT_SUPPORTED;
}

inline EnnReturn
EnnUpdateBufferInfoByIndex(const EnnModelId, const enn_buf_dir_e, const uint32_t, EnnBufferPtr,
		const int = 0)
{
	return ENN_RET_NOT_SUPPORTED;
}

inline EnnReturn
EnnUpdateBufferInfoByLabel(const EnnModelId, const char *, EnnBufferPtr, const int = 0)
{
	return ENN_RET_NOT_SUPPORTED;
}

inline EnnReturn
EnnUpdateBuffer(const EnnModelId, const int = 0)
{
	return ENN_RET_NOT_SUPPORTED;
}

inline EnnReturn
EnnPrepareBatch(const EnnModelId, NumberOfBuffersInfo *buffers_info)
{
	if (buffers_info != nullptr)
		*buffers_info = NumberOfBuffersInfo();
	return ENN_RET_NOT_SUPPORTED;
}

inline EnnReturn
EnnUpdateBatchInfo(const EnnModelId, const EnnBatchBufferInfo *, int, bool = false)
{
	return ENN_RET_NOT_SUPPORTED;
}

inline EnnReturn
EnnSetExecuteOffsetByIndex(const EnnModelId, const enn_buf_dir_e, const uint32_t, uint32_t,
		const int = 0)
{
	return ENN_RET_NOT_SUPPORTED;
}

inline EnnReturn
EnnSetExecuteOffsetByLabel(const EnnModelId, const char *, uint32_t, const int = 0)
{
	return ENN_RET_NOT_SUPPORTED;
}

/*
 * Runs
 */

inline EnnReturn
EnnExecuteModel(const EnnModelId model_id, const int session_id = 0)
{
	return c_api::EnnExecuteModelWithSessionId(model_id, session_id);
}

inline EnnReturn
EnnExecuteModelAsync(const EnnModelId model_id, const int session_id = 0)
{
	return c_api::EnnExecuteModelWithSessionIdAsync(model_id, session_id);
}

inline EnnReturn
EnnExecuteModelWait(const EnnModelId model_id, const int session_id = 0)
{
	return c_api::EnnExecuteModelWithSessionIdWait(model_id, session_id);
}

inline EnnReturn
EnnExecuteModelBatch(const EnnModelId)
{
	return ENN_RET_NOT_SUPPORTED;
}

inline EnnReturn
EnnExecuteModelWithSessionBatch(const EnnModelId, const int = 8)
{
	return ENN_RET_NOT_SUPPORTED;
}

inline EnnReturn
EnnExecuteModelCancel(const EnnModelId, const int = 0)
{
	return ENN_RET_NOT_SUPPORTED;
}

inline EnnReturn
EnnExecuteModelWithSessionBatchCancel(const EnnModelId)
{
	return ENN_RET_NOT_SUPPORTED;
}

inline EnnReturn
EnnSetFastIpc(void)
{
	return c_api::EnnSetFastIpc();
}

inline EnnReturn
EnnUnsetFastIpc(void)
{
	return c_api::EnnUnsetFastIpc();
}

inline EnnReturn
EnnExecuteModelFastIpc(EnnModelId model_id, int client_sleep_usec)
{
	return c_api::EnnExecuteModelFastIpc(model_id, client_sleep_usec);
}

/*
 * Preferences
 */

inline EnnReturn
EnnSetPreferencePresetId(const uint32_t value)
{
	return c_api::EnnSetPreferencePresetId(value);
}

inline EnnReturn
EnnGetPreferencePresetId(uint32_t *value)
{
	return c_api::EnnGetPreferencePresetId(value);
}

inline EnnReturn
EnnSetPreferencePerfConfigId(const uint32_t value)
{
	return c_api::EnnSetPreferencePerfConfigId(value);
}

inline EnnReturn
EnnGetPreferencePerfConfigId(uint32_t *value)
{
	return c_api::EnnGetPreferencePerfConfigId(value);
}

inline EnnReturn
EnnSetPreferencePerfMode(const uint32_t value)
{
	return c_api::EnnSetPreferencePerfMode(value);
}

inline EnnReturn
EnnGetPreferencePerfMode(uint32_t *value)
{
	return c_api::EnnGetPreferencePerfMode(value);
}

inline EnnReturn
EnnSetPreferenceTimeOut(const uint32_t value)
{
	return c_api::EnnSetPreferenceTimeOut(value);
}

inline EnnReturn
EnnGetPreferenceTimeOut(uint32_t *value)
{
	return c_api::EnnGetPreferenceTimeOut(value);
}

inline EnnReturn
EnnSetPreferencePriority(const uint32_t value)
{
	return c_api::EnnSetPreferencePriority(value);
}

inline EnnReturn
EnnGetPreferencePriority(uint32_t *value)
{
	return c_api::EnnGetPreferencePriority(value);
}

inline EnnReturn
EnnSetPreferenceCoreAffinity(const uint32_t value)
{
	return c_api::EnnSetPreferenceCoreAffinity(value);
}

inline EnnReturn
EnnGetPreferenceCoreAffinity(uint32_t *value)
{
	return c_api::EnnGetPreferenceCoreAffinity(value);
}

inline EnnReturn
EnnSetPreferenceTargetLatency(const uint32_t value)
{
	return c_api::EnnSetPreferenceTargetLatency(value);
}

inline EnnReturn
EnnGetPreferenceTargetLatency(uint32_t *value)
{
	return c_api::EnnGetPreferenceTargetLatency(value);
}

inline EnnReturn
EnnSetPreferenceTriggerMode(const uint32_t value)
{
	return c_api::EnnSetPreferenceTriggerMode(value);
}

inline EnnReturn
EnnGetPreferenceTriggerMode(uint32_t *value)
{
	return c_api::EnnGetPreferenceTriggerMode(value);
}

inline EnnReturn
EnnResetPreferenceAsDefault(void)
{
	return c_api::EnnResetPreferenceAsDefault();
}

/*
 * Others
 */

inline EnnReturn
EnnGetMetaInfo(const EnnMetaTypeId info_id, const EnnModelId model_id,
		char output_str[ENN_INFO_GRAPH_STR_LENGTH_MAX])
{
	return c_api::EnnGetMetaInfo(info_id, model_id, output_str);
}

inline EnnReturn
EnnSecureOpen(const uint32_t heap_size, uint64_t *secure_heap_addr)
{
	return c_api::EnnSecureOpen(heap_size, secure_heap_addr);
}

inline EnnReturn
EnnSecureClose(void)
{
	return c_api::EnnSecureClose();
}

inline EnnReturn
EnnSetExecMsgAlwaysOn(void)
{
	return c_api::EnnSetExecMsgAlwaysOn();
}

inline EnnReturn
EnnSetExecMsgAlwaysOff(void)
{
	return c_api::EnnSetExecMsgAlwaysOff();
}

inline EnnReturn
EnnSetExecMsgRate(uint32_t rate)
{
	return c_api::EnnSetExecMsgRate(rate);
}

inline EnnReturn
EnnDspGetSessionId(const EnnModelId model_id, int32_t *session_id)
{
	return c_api::EnnDspGetSessionId(model_id, session_id);
}

inline EnnReturn
EnnExecuteCommand(const char *arg1, const char *arg2, const char *arg3, const char *arg4,
		const char *arg5, const char *arg6)
{
	return c_api::EnnExecuteCommand(arg1, arg2, arg3, arg4, arg5, arg6);
}

#if ACCELDEV_ENN_RETURN == 1
}
#endif

}
}

#endif
