/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef API_CHECKS_H
#define API_CHECKS_H

/**
 * @file
 * What a program can see of ENN's types at compile time, in C99 and C++11. It is right when it
 * compiles. To be included behind a header of ENN, which brings all that is needed here.
 */

#ifdef __cplusplus
#define CHECK(condition) static_assert(condition, #condition)
#else
#define CHECK(condition) extern char api_check[(condition) ? 1 : -1]
#endif

#define OFFSET(type, member) __builtin_offsetof(type, member)

CHECK(sizeof(EnnModelId) == 8 && sizeof(EnnExecuteModelId) == 8 && sizeof(enn_preset_id) == 4);
CHECK(sizeof(addr_t) == sizeof(void *));
CHECK(ENN_INFO_GRAPH_STR_LENGTH_MAX == 256 && ENN_SHAPE_CHANNEL_MAX == 10);
CHECK(ENN_SHAPE_NAME_MAX == 100 && ENN_C_STR_BUFFER_MAX == 512);

CHECK(ENN_RET_SUCCESS == 0 && ENN_RET_FAILED == 1 && ENN_RET_IO == 2 && ENN_RET_INVAL == 3);
CHECK(ENN_RET_FILTERED == 4);
#if WANTED_RETURN == 1
CHECK(ENN_RET_MEM_ERR == 5 && ENN_RET_SIZE == 6);
#else
CHECK(ENN_RET_CANCELED == 5 && ENN_RET_MEM_ERR == 6 && ENN_RET_SIZE == 7);
#endif
CHECK(ENN_RET_FAILED_TIMEOUT_ENN == 10 && ENN_RET_FAILED_TIMEOUT_DD == 11);
CHECK(ENN_RET_FAILED_TIMEOUT_FW == 12 && ENN_RET_FAILED_TIMEOUT_HW_NOTRECOVERED == 13);
CHECK(ENN_RET_FAILED_TIMEOUT_HW_RECOVERED == 14 && ENN_RET_FAILED_SERVICE_NULL == 15);
CHECK(ENN_RET_FAILED_RESOURCE_BUSY == 16 && ENN_RET_NOT_SUPPORTED == 255);
CHECK(sizeof(EnnReturn) == 4 && sizeof(enum _EnnReturn) == 4);

CHECK(ENN_DIR_IN == 0 && ENN_DIR_OUT == 1 && ENN_DIR_EXT == 2 && ENN_DIR_NONE == 3);
CHECK(ENN_DIR_SIZE == 4 && sizeof(enum _enn_buf_dir_e) == 4);

CHECK(sizeof(EnnBuffer) == 16 && sizeof(struct _ennBuffer) == 16 && OFFSET(EnnBuffer, va) == 0);
CHECK(OFFSET(EnnBuffer, size) == 8 && OFFSET(EnnBuffer, offset) == 12);
CHECK(sizeof(NumberOfBuffersInfo) == 8 && sizeof(struct _NumberOfBuffersInfo) == 8);
CHECK(OFFSET(NumberOfBuffersInfo, n_in_buf) == 0 && OFFSET(NumberOfBuffersInfo, n_out_buf) == 4);
CHECK(sizeof(EnnBufferInfo) == 40 && sizeof(struct _ennBufferInfo) == 40);
CHECK(OFFSET(EnnBufferInfo, is_able_to_update) == 0 && OFFSET(EnnBufferInfo, n) == 4);
CHECK(OFFSET(EnnBufferInfo, width) == 8 && OFFSET(EnnBufferInfo, height) == 12);
CHECK(OFFSET(EnnBufferInfo, channel) == 16 && OFFSET(EnnBufferInfo, size) == 20);
CHECK(OFFSET(EnnBufferInfo, buffer_type) == 24 && OFFSET(EnnBufferInfo, label) == 32);
CHECK(OFFSET(EnnBufferMetaData, size) == 8 && OFFSET(EnnBufferMetaData, shape) == 24);
CHECK(sizeof(struct _ennBufferMetaData) == 64);
CHECK(sizeof(EnnBatchInferenceBuffer) == 16 && OFFSET(EnnBatchInferenceBuffer, size) == 8);
CHECK(sizeof(EnnBatchBuffers) == 16 && OFFSET(EnnBatchBuffers, outputs) == 8);
CHECK(sizeof(EnnBatchBufferInfo) == 8);
CHECK(sizeof(EnnModelPreference) == 8 && OFFSET(EnnModelPreference, pref_mode) == 4);

CHECK(TensorType_FLOAT32 == 0 && TensorType_FLOAT16 == 1 && TensorType_INT32 == 2);
CHECK(TensorType_UINT8 == 3 && TensorType_INT64 == 4 && TensorType_STRING == 5);
CHECK(TensorType_BOOL == 6 && TensorType_INT16 == 7 && TensorType_COMPLEX64 == 8);
CHECK(TensorType_INT8 == 9 && TensorType_FLOAT64 == 10 && TensorType_COMPLEX128 == 11);
CHECK(TensorType_UINT64 == 12 && TensorType_RESOURCE == 13 && TensorType_VARIANT == 14);
CHECK(TensorType_UINT32 == 15);
CHECK(DataLayout_NCHW == 0 && DataLayout_NHWC == 1 && DataLayout_CELL == 2);
CHECK(DataLayout_UNDEFINE == 100);

CHECK(ENN_META_VERSION_FRAMEWORK == 110 && ENN_META_VERSION_COMMIT == 111);
CHECK(ENN_META_VERSION_NNC_SCHEMA == 112 && ENN_META_VERSION_MODEL_COMPILER_NNC == 120);
CHECK(ENN_META_VERSION_MODEL_COMPILER_NPU == 121 && ENN_META_VERSION_MODEL_COMPILER_DSP == 122);
CHECK(ENN_META_VERSION_MODEL_SCHEMA == 123 && ENN_META_VERSION_MODEL_VERSION == 124);
CHECK(ENN_META_VERSION_DD == 130 && ENN_META_VERSION_UNIFIED_FW == 131);
CHECK(ENN_META_VERSION_NPU_FW == 132 && ENN_META_VERSION_DSP_FW == 133);
CHECK(ENN_META_VERSION_NCP == 134 && sizeof(enum _enn_meta_type_id_e) == 4);

CHECK(ENN_PREF_MODE_LOW_POWER == 0 && ENN_PREF_MODE_BOOST == 1 && ENN_PREF_MODE_BALANCED == 4);
CHECK(ENN_PREF_MODE_CUSTOM == 5 && ENN_PREF_MODE_PERFORMANCE == 7);
CHECK(ENN_PREF_MODE_ADAPTIVE == 10 && ENN_PREF_MODE_RESERVED_1 == 101);
CHECK(ENN_PREF_MODE_RESERVED_2 == 102 && ENN_PREF_MODE_RESERVED_3 == 103);
CHECK(ENN_PREF_MODE_NORMAL == 0 && ENN_PREF_MODE_BOOST_ON_EXE == 2);
CHECK(ENN_PREF_MODE_BOOST_ON_OPEN_EXE == 4 && ENN_PREF_MODE_BOOST_ON_EXE_MAX == 6);
CHECK(ENN_PREF_MODE_BOOST_ON_OPEN_EXE_MAX == 7 && ENN_PREF_MODE_BOOST_ON_OPEN == 8);
CHECK(ENN_PREF_MODE_BOOST_ON_OPEN_MAX == 9);

#endif
