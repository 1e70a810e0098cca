/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef ENN_API_TYPE_H
#define ENN_API_TYPE_H

/**
 * @file
 * Types of the ENN API, in C99 and C++11.
 *
 * EnnReturn has two numberings. That of 2025 (ACCELDEV_ENN_RETURN 2) is the default, and what
 * ExecuTorch and LiteRT use; that of 2023 (ACCELDEV_ENN_RETURN 1) is the NDK's, has no
 * ENN_RET_CANCELED and two other numbers. Define it before the first header to choose. The
 * functions follow: sources with either can be linked into one program.
 */

#include <stdbool.h>
#include <stdint.h>

#ifndef ACCELDEV_ENN_RETURN
#define ACCELDEV_ENN_RETURN 2
#endif

#if ACCELDEV_ENN_RETURN != 1 && ACCELDEV_ENN_RETURN != 2
#error "ACCELDEV_ENN_RETURN is 1 (the numbering of 2023) or 2 (that of 2025)"
#endif

#define ENN_INFO_GRAPH_STR_LENGTH_MAX (256)
#define ENN_SHAPE_CHANNEL_MAX         (10)
#define ENN_SHAPE_NAME_MAX            (100)
#define ENN_C_STR_BUFFER_MAX          (512)

/** A model that is open. Not 0, and never over 32 bits. */
typedef uint64_t EnnModelId;
typedef uint64_t EnnExecuteModelId;
typedef int32_t enn_preset_id;

#ifdef __LP64__
typedef unsigned long addr_t;
#else
typedef unsigned int addr_t;
#endif

/** What an EnnExecuteModelId is before there is one. */
static const EnnExecuteModelId EXEC_MODEL_NOT_ASSIGNED
#if defined(__GNUC__)
		__attribute__((unused))
#endif
		= 0;

/** Results; what gives which is told at the functions. */
typedef enum _EnnReturn {
	ENN_RET_SUCCESS = 0,
	ENN_RET_FAILED = 1,   /**< also: not initialised */
	ENN_RET_IO = 2,       /**< a file cannot be read */
	ENN_RET_INVAL = 3,    /**< NULL, no such model, buffer, tensor or session, a bad model */
	ENN_RET_FILTERED = 4,
#if ACCELDEV_ENN_RETURN == 1
	ENN_RET_MEM_ERR = 5,  /**< no memory, addresses or file descriptors left */
	ENN_RET_SIZE = 6,     /**< size 0, or a buffer is smaller than its tensor */
#else
	ENN_RET_CANCELED = 5, /**< a run was broken off */
	ENN_RET_MEM_ERR = 6,  /**< no memory, addresses or file descriptors left */
	ENN_RET_SIZE = 7,     /**< size 0, or a buffer is smaller than its tensor */
#endif
	ENN_RET_FAILED_TIMEOUT_ENN = 10,
	ENN_RET_FAILED_TIMEOUT_DD = 11,
	ENN_RET_FAILED_TIMEOUT_FW = 12,
	ENN_RET_FAILED_TIMEOUT_HW_NOTRECOVERED = 13,
	ENN_RET_FAILED_TIMEOUT_HW_RECOVERED = 14, /**< a run took too long; its core was reset */
	ENN_RET_FAILED_SERVICE_NULL = 15,         /**< there is no device that runs models */
	ENN_RET_FAILED_RESOURCE_BUSY = 16,        /**< the session is running */
	ENN_RET_NOT_SUPPORTED = 255
} EnnReturn;

/** Which way a tensor goes. There are no ENN_DIR_EXT. */
typedef enum _enn_buf_dir_e {
	ENN_DIR_IN = 0,
	ENN_DIR_OUT = 1,
	ENN_DIR_EXT = 2,
	ENN_DIR_NONE = 3,
	ENN_DIR_SIZE = 4
} enn_buf_dir_e;

/**
 * A buffer. Its address is what it is known by; programs read it and do not change it. The first
 * byte is at va + offset. offset is 0 but for EnnCreateBufferFromFd() with an offset that is no
 * multiple of the page size.
 */
typedef struct _ennBuffer {
	void *va;
	uint32_t size;   /**< bytes, exactly as asked for */
	uint32_t offset; /**< bytes */
} EnnBuffer;

typedef EnnBuffer *EnnBufferPtr;
typedef EnnBuffer **EnnBufferSet;

/** Tensors of a model. */
typedef struct _NumberOfBuffersInfo {
	uint32_t n_in_buf;
	uint32_t n_out_buf;
} NumberOfBuffersInfo;

typedef void (*EnnCallbackFunctionPtr)(addr_t *, addr_t);

/**
 * What is known about a tensor. Of its dimensions, the first one is n when there are two or more,
 * the last one is channel, and those between are height and width; the others are 1.
 */
typedef struct _ennBufferInfo {
	bool is_able_to_update; /**< false */
	uint32_t n;
	uint32_t width;
	uint32_t height;
	uint32_t channel;
	uint32_t size;          /**< bytes */
	uint32_t buffer_type;   /**< TensorType_* */
	const char *label;      /**< valid until the model is closed */
} EnnBufferInfo;

typedef struct _ennBufferMetaData {
	const char *label;
	uint32_t size;
	uint32_t data_type;     /**< TensorType_* */
	uint32_t data_layout;   /**< DataLayout_* */
	uint32_t shape_num;
	uint32_t shape[ENN_SHAPE_CHANNEL_MAX];
} EnnBufferMetaData;

#ifdef __cplusplus
#define ENN_ENUM_INT8 : int8_t
#else
#define ENN_ENUM_INT8
#endif

/** Types of elements; the numbers are TFLite's. */
enum TensorType ENN_ENUM_INT8 {
	TensorType_FLOAT32 = 0,
	TensorType_FLOAT16 = 1,
	TensorType_INT32 = 2,
	TensorType_UINT8 = 3,
	TensorType_INT64 = 4,
	TensorType_STRING = 5,
	TensorType_BOOL = 6,
	TensorType_INT16 = 7,
	TensorType_COMPLEX64 = 8,
	TensorType_INT8 = 9,
	TensorType_FLOAT64 = 10,
	TensorType_COMPLEX128 = 11,
	TensorType_UINT64 = 12,
	TensorType_RESOURCE = 13,
	TensorType_VARIANT = 14,
	TensorType_UINT32 = 15,
	TensorType_MIN = TensorType_FLOAT32,
	TensorType_MAX = TensorType_UINT32
};

enum DataLayout ENN_ENUM_INT8 {
	DataLayout_NCHW = 0,
	DataLayout_NHWC = 1,
	DataLayout_CELL = 2,
	DataLayout_UNDEFINE = 100,
	DataLayout_MIN = DataLayout_NCHW,
	DataLayout_MAX = DataLayout_UNDEFINE
};

#undef ENN_ENUM_INT8

typedef struct _ennBatchInferenceBuffer {
	void *va;
	uint32_t size;
} EnnBatchInferenceBuffer;

typedef struct _ennBatchBuffers {
	EnnBatchInferenceBuffer *inputs;
	EnnBatchInferenceBuffer *outputs;
} EnnBatchBuffers;

typedef struct _ennBatchBufferInfo {
	EnnBatchBuffers *batch_buffers;
} EnnBatchBufferInfo;

/** What EnnGetMetaInfo() tells. */
typedef enum _enn_meta_type_id_e {
	ENN_META_VERSION_FRAMEWORK = 110,
	ENN_META_VERSION_COMMIT = 111,
	ENN_META_VERSION_NNC_SCHEMA = 112,
	ENN_META_VERSION_MODEL_COMPILER_NNC = 120,
	ENN_META_VERSION_MODEL_COMPILER_NPU = 121,
	ENN_META_VERSION_MODEL_COMPILER_DSP = 122,
	ENN_META_VERSION_MODEL_SCHEMA = 123,
	ENN_META_VERSION_MODEL_VERSION = 124,
	ENN_META_VERSION_DD = 130,
	ENN_META_VERSION_UNIFIED_FW = 131,
	ENN_META_VERSION_NPU_FW = 132,
	ENN_META_VERSION_DSP_FW = 133,
	ENN_META_VERSION_NCP = 134
} EnnMetaTypeId;

typedef enum _PerfModePreference {
	ENN_PREF_MODE_LOW_POWER = 0,
	ENN_PREF_MODE_BOOST = 1,
	ENN_PREF_MODE_BALANCED = 4,
	ENN_PREF_MODE_CUSTOM = 5,
	ENN_PREF_MODE_PERFORMANCE = 7,
	ENN_PREF_MODE_ADAPTIVE = 10,
	ENN_PREF_MODE_RESERVED_1 = 101,
	ENN_PREF_MODE_RESERVED_2 = 102,
	ENN_PREF_MODE_RESERVED_3 = 103,
	/* Older names. */
	ENN_PREF_MODE_NORMAL = 0,
	ENN_PREF_MODE_BOOST_ON_EXE = 2,
	ENN_PREF_MODE_BOOST_ON_OPEN_EXE = 4,
	ENN_PREF_MODE_BOOST_ON_EXE_MAX = 6,
	ENN_PREF_MODE_BOOST_ON_OPEN_EXE_MAX = 7,
	ENN_PREF_MODE_BOOST_ON_OPEN = 8,
	ENN_PREF_MODE_BOOST_ON_OPEN_MAX = 9
} PerfModePreference;

typedef struct _ennModelPreference {
	uint32_t preset_id;
	PerfModePreference pref_mode;
} EnnModelPreference;

#endif
