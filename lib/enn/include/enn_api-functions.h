/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * No guard: enn_api-public.hpp has these in a namespace of its own.
 */

/**
 * @file
 * The C functions of ENN, without extern "C". Programs include enn_api-public.h.
 *
 * All return an EnnReturn. What they have in common:
 *
 *	ENN_RET_FAILED         ENN is not initialised, or the device failed; or this is a child of
 *	                       fork(), whose parent has initialised it
 *	ENN_RET_INVAL          NULL where something is expected, an id or pointer that is none (any
 *	                       more), an index, label, direction or session that there is not
 *	ENN_RET_SIZE           size 0, or a buffer smaller than its tensor
 *	ENN_RET_MEM_ERR        no memory, addresses for the device or file descriptors, or there are
 *	                       4096 models
 *	ENN_RET_NOT_SUPPORTED  this library does not do it
 *
 * A call that fails changes nothing, and what it would have given is NULL, 0 or -1 (a file
 * descriptor). The log tells why in one line.
 *
 * Threads: any.
 */

#include "enn_api-type.h"

#ifndef ENN_API
#if ACCELDEV_ENN_RETURN == 1
#define ENN_API(name, ...) EnnReturn name(__VA_ARGS__) __asm__(#name "_return1")
#else
#define ENN_API(name, ...) EnnReturn name(__VA_ARGS__)
#endif
#endif

/*
 * Context
 */

/**
 * Begin to use ENN. Calls are counted. The first one opens the device: of those that
 * ACCELDEV_DEVICES names, else of the functions bound to vfio-pci, the first that runs programs.
 * One that is not there or runs none is passed over; any other error ends the search.
 *
 * @retval ENN_RET_FAILED_SERVICE_NULL  there is none
 * @retval ENN_RET_INVAL  a name in ACCELDEV_DEVICES is malformed, or has a key or value that is
 *                        none; or EAL does not take ACCELDEV_EAL_ARGS
 * @retval ENN_RET_IO     no permission for a device's VFIO node, no driver for it, or EAL does not
 *                        come up without ACCELDEV_EAL_ARGS
 * @retval ENN_RET_FAILED_RESOURCE_BUSY  another process has the device
 * @retval ENN_RET_FAILED  the device cannot be brought up for another reason, which the log tells
 */
ENN_API(EnnInitialize, void);

/**
 * End it. The last one closes all models, releases all buffers and closes the device. Initialising
 * again is the way back when the device has failed or was removed.
 */
ENN_API(EnnDeinitialize, void);

/*
 * Models
 */

/**
 * Open a model, a program image of the device.
 *
 * @param[out] model_id  to be given to EnnCloseModel()
 * @retval ENN_RET_IO     the file cannot be read: it is not there, a folder or a device, or there
 *                        is no permission
 * @retval ENN_RET_INVAL  also: this is no image, a broken one, or over 1 GiB
 */
ENN_API(EnnOpenModel, const char *model_file, EnnModelId *model_id);
/** The same from memory, which is not needed afterwards. */
ENN_API(EnnOpenModelFromMemory, const char *va, const uint32_t size, EnnModelId *model_id);
/**
 * The same from all of a file or dma-buf. The descriptor is not needed afterwards.
 *
 * @retval ENN_RET_INVAL  also: a descriptor that is not open, or of no memory
 */
ENN_API(EnnOpenModelFromFd, int fd, EnnModelId *model_id);
/** The same from a part of it. ENN_RET_INVAL also when not all of the part lies in the file. */
ENN_API(EnnOpenModelWithFileOpenFd, const int fd, const uint32_t size, const uint32_t offset,
		EnnModelId *model_id);

/**
 * Close a model, when its runs have ended. Buffers that EnnAllocateAllBuffers() gave for it lose
 * their memory; they may still be given to EnnReleaseBuffers(). Those of EnnCreateBuffer...() stay.
 */
ENN_API(EnnCloseModel, const EnnModelId model_id);

/* Not supported: images carry their weights. */
ENN_API(EnnOpenModelFromMemoryWithWeight, const char *va, const uint32_t size,
		EnnBufferPtr *weights, uint32_t n_weights, EnnModelId *model_id);
ENN_API(EnnOpenModelWithWeight, const char *model_file, EnnBufferPtr *weights, uint32_t n_weights,
		EnnModelId *model_id);
ENN_API(EnnOpenModelWithFileOpenFdWeight, const int fd, const uint32_t size, const uint32_t offset,
		EnnBufferPtr *weights, uint32_t n_weights, EnnModelId *model_id);
ENN_API(EnnOpenModelFromFdWithWeight, const uint32_t fd, const uint32_t size, const uint32_t offset,
		EnnBufferPtr *weights, uint32_t n_weights, EnnModelId *model_id);

/*
 * Buffers
 */

/**
 * Make a buffer: zeros, page-aligned, with a file descriptor of its own, as long as there are any.
 *
 * @param req_size  bytes; all that a device reaches, models too, is in 4 GiB as a rule
 * @param flag      0
 */
ENN_API(EnnCreateBuffer, const uint32_t req_size, const uint32_t flag, EnnBufferPtr *out);
/** The same: memory is always cached, and the device sees what is cached. */
ENN_API(EnnCreateBufferCache, const uint32_t req_size, EnnBufferPtr *out);

/**
 * Make a buffer of a part of a memfd, hugetlbfs file or dma-buf. The descriptor is not needed
 * afterwards. The file must not shrink while the buffer lives. With an offset that is a multiple of
 * the page size, va is the first byte and EnnBuffer::offset is 0; else the first byte is at
 * va + EnnBuffer::offset. To be committed it must be aligned as its tensor is, for the NPU to 16.
 *
 * @retval ENN_RET_INVAL  also: not all of it lies in the file
 * @retval ENN_RET_IO     it is not open for reading and writing, or sealed
 */
ENN_API(EnnCreateBufferFromFdWithOffset, const uint32_t fd, const uint32_t size,
		const uint32_t offset, EnnBufferPtr *out);

/**
 * The buffer's file descriptor, which it owns; -1 when it has none, or does not begin at offset 0
 * there.
 */
ENN_API(EnnGetFileDescriptorFromEnnBuffer, EnnBufferPtr buffer, int32_t *fd);

/**
 * Release a buffer of EnnCreateBuffer...(). Does not wait. Sessions that it is set in have none for
 * that tensor; those that it is committed in are no longer committed. A run that is under way goes
 * on with the memory, which is freed when it ends; the program must not touch it any more.
 */
ENN_API(EnnReleaseBuffer, EnnBufferPtr buffer);

/**
 * Make a buffer for each tensor of a model, inputs before outputs, set them in a session, and
 * commit it. They are zeros and page-aligned.
 *
 * @param[out] out       the array of them, to be given to EnnReleaseBuffers()
 * @param[out] out_info  how many
 */
ENN_API(EnnAllocateAllBuffersWithSessionId, const EnnModelId model_id, EnnBufferPtr **out,
		NumberOfBuffersInfo *out_info, const int session_id, const bool do_commit);
/** The same in session 0, which is committed. */
ENN_API(EnnAllocateAllBuffers, const EnnModelId model_id, EnnBufferPtr **out,
		NumberOfBuffersInfo *out_info);

/**
 * Release an array of EnnAllocateAllBuffers...() and its buffers, each as EnnReleaseBuffer() does,
 * before its model is closed or after.
 *
 * @param numOfBuffers  all of them
 */
ENN_API(EnnReleaseBuffers, EnnBufferPtr *buffers, const int32_t numOfBuffers);

/*
 * Tensors
 */

ENN_API(EnnGetBuffersInfo, const EnnModelId model_id, NumberOfBuffersInfo *out);
ENN_API(EnnGetBufferInfoByIndex, const EnnModelId model_id, const enn_buf_dir_e direction,
		const uint32_t index, EnnBufferInfo *out);
/** The first tensor with the label. */
ENN_API(EnnGetBufferInfoByLabel, const EnnModelId model_id, const char *label, EnnBufferInfo *out);

/*
 * Sessions: each model has 16, numbered from 0. Without a number it is session 0.
 */

/** Nothing to do: all sessions are there. ENN_RET_INVAL when n_set is not 1 to 16. */
ENN_API(EnnGenerateBufferSpace, const EnnModelId model_id, const int n_set);

/**
 * Set the buffer of a tensor in a session. It counts from the next commit on.
 *
 * @retval ENN_RET_SIZE  the buffer is smaller than the tensor
 */
ENN_API(EnnSetBufferByIndex, const EnnModelId model_id, const enn_buf_dir_e direction,
		const uint32_t index, EnnBufferPtr buffer);
ENN_API(EnnSetBufferByIndexWithSessionId, const EnnModelId model_id, const enn_buf_dir_e direction,
		const uint32_t index, EnnBufferPtr buffer, const int session_id);
ENN_API(EnnSetBufferByLabel, const EnnModelId model_id, const char *label, EnnBufferPtr buffer);
ENN_API(EnnSetBufferByLabelWithSessionId, const EnnModelId model_id, const char *label,
		EnnBufferPtr buffer, const int session_id);

/** Set all: inputs, then outputs. sum_io is their number. */
ENN_API(EnnSetBuffers, const EnnModelId model_id, EnnBufferPtr *bufs, const int32_t sum_io);
ENN_API(EnnSetBuffersWithSessionId, const EnnModelId model_id, EnnBufferPtr *bufs,
		const int32_t sum_io, const int session_id);

/**
 * Take all buffers out of a session, which then is not committed.
 *
 * @retval ENN_RET_FAILED_RESOURCE_BUSY  the session is running
 */
ENN_API(EnnUnsetBuffers, const EnnModelId model_id);
ENN_API(EnnUnsetBuffersWithSessionId, const EnnModelId model_id, const int session_id);

/**
 * Have a session run with the buffers that are set.
 *
 * @retval ENN_RET_INVAL  also: a tensor has no buffer, or one that is not aligned as it must be, or
 *                        the device does not reach it
 * @retval ENN_RET_FAILED_RESOURCE_BUSY  the session is running
 */
ENN_API(EnnBufferCommit, const EnnModelId model_id);
ENN_API(EnnBufferCommitWithSessionId, const EnnModelId model_id, const int session_id);

/** Undo a commit. The buffers stay set. */
ENN_API(EnnBufferUncommit, const EnnModelId model_id);
ENN_API(EnnBufferUncommitWithSessionId, const EnnModelId model_id, const int session_id);

/*
 * Runs
 */

/**
 * Run a model, and wait until that is done.
 *
 * @retval ENN_RET_INVAL  also: the session is not committed
 * @retval ENN_RET_FAILED_RESOURCE_BUSY  it is running, or a run was not waited for
 * @retval ENN_RET_FAILED  also: the run failed
 * @retval ENN_RET_FAILED_TIMEOUT_HW_RECOVERED  it took too long; the device goes on
 */
ENN_API(EnnExecuteModel, const EnnModelId model_id);
ENN_API(EnnExecuteModelWithSessionId, const EnnModelId model_id, const int session_id);

/** Begin a run. EnnExecuteModelWait() is to follow. */
ENN_API(EnnExecuteModelAsync, const EnnModelId model_id);
ENN_API(EnnExecuteModelWithSessionIdAsync, const EnnModelId model_id, const int session_id);

/**
 * Wait until the run of a session is done; the result is the run's. ENN_RET_INVAL when there is
 * none.
 */
ENN_API(EnnExecuteModelWait, const EnnModelId model_id);
ENN_API(EnnExecuteModelWithSessionIdWait, const EnnModelId model_id, const int session_id);

/* Not supported. */
ENN_API(EnnSetFastIpc, void);
ENN_API(EnnUnsetFastIpc, void);
ENN_API(EnnExecuteModelFastIpc, const EnnModelId model_id, int client_sleep_usec);

/*
 * Preferences are kept until the last EnnDeinitialize(), and change nothing here. They begin as 0.
 */

ENN_API(EnnSetPreferencePresetId, const uint32_t value);
ENN_API(EnnGetPreferencePresetId, uint32_t *value);
ENN_API(EnnSetPreferencePerfConfigId, const uint32_t value);
ENN_API(EnnGetPreferencePerfConfigId, uint32_t *value);
ENN_API(EnnSetPreferencePerfMode, const uint32_t value);
ENN_API(EnnGetPreferencePerfMode, uint32_t *value);
ENN_API(EnnSetPreferenceTimeOut, const uint32_t value);
ENN_API(EnnGetPreferenceTimeOut, uint32_t *value);
ENN_API(EnnSetPreferencePriority, const uint32_t value);
ENN_API(EnnGetPreferencePriority, uint32_t *value);
ENN_API(EnnSetPreferenceCoreAffinity, const uint32_t value);
ENN_API(EnnGetPreferenceCoreAffinity, uint32_t *value);
ENN_API(EnnSetPreferenceTargetLatency, const uint32_t value);
ENN_API(EnnGetPreferenceTargetLatency, uint32_t *value);
ENN_API(EnnSetPreferenceTriggerMode, const uint32_t value);
ENN_API(EnnGetPreferenceTriggerMode, uint32_t *value);
ENN_API(EnnResetPreferenceAsDefault, void);

/*
 * Others
 */

/**
 * Tell a version: the framework's (FRAMEWORK, COMMIT) or the driver's (DD); the others are not
 * supported.
 *
 * @param model_id         a model; any number when the framework is asked about
 * @param[out] output_str  256 bytes: a string
 */
ENN_API(EnnGetMetaInfo, const EnnMetaTypeId info_id, const EnnModelId model_id,
		char output_str[ENN_INFO_GRAPH_STR_LENGTH_MAX]);

/* Not supported. */
ENN_API(EnnSecureOpen, const uint32_t heap_size, uint64_t *secure_heap_addr);
ENN_API(EnnSecureClose, void);
ENN_API(EnnSetExecMsgAlwaysOn, void);
ENN_API(EnnSetExecMsgAlwaysOff, void);
ENN_API(EnnSetExecMsgRate, uint32_t rate);
ENN_API(EnnDspGetSessionId, const EnnModelId model_id, int32_t *session_id);
ENN_API(EnnExecuteCommand, const char *arg1, const char *arg2, const char *arg3, const char *arg4,
		const char *arg5, const char *arg6);
