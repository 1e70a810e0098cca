/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Compiled once for each numbering of EnnReturn.
 */
#include "enn_api-public.h"

#include <stddef.h>

EnnReturn
EnnOpenModelFromMemoryWithWeight(const char *va, const uint32_t size, EnnBufferPtr *weights,
		uint32_t n_weights, EnnModelId *model_id)
{
	(void)va;
	(void)size;
	(void)weights;
	(void)n_weights;
	if (model_id != NULL)
		*model_id = 0;
	return ENN_RET_NOT_SUPPORTED;
}

EnnReturn
EnnOpenModelWithWeight(const char *model_file, EnnBufferPtr *weights, uint32_t n_weights,
		EnnModelId *model_id)
{
	(void)model_file;
	(void)weights;
	(void)n_weights;
	if (model_id != NULL)
		*model_id = 0;
	return ENN_RET_NOT_SUPPORTED;
}

EnnReturn
EnnOpenModelWithFileOpenFdWeight(const int fd, const uint32_t size, const uint32_t offset,
		EnnBufferPtr *weights, uint32_t n_weights, EnnModelId *model_id)
{
	(void)fd;
	(void)size;
	(void)offset;
	(void)weights;
	(void)n_weights;
	if (model_id != NULL)
		*model_id = 0;
	return ENN_RET_NOT_SUPPORTED;
}

EnnReturn
EnnOpenModelFromFdWithWeight(const uint32_t fd, const uint32_t size, const uint32_t offset,
		EnnBufferPtr *weights, uint32_t n_weights, EnnModelId *model_id)
{
	(void)fd;
	(void)size;
	(void)offset;
	(void)weights;
	(void)n_weights;
	if (model_id != NULL)
		*model_id = 0;
	return ENN_RET_NOT_SUPPORTED;
}

EnnReturn
EnnSetFastIpc(void)
{
	return ENN_RET_NOT_SUPPORTED;
}

EnnReturn
EnnUnsetFastIpc(void)
{
	return ENN_RET_NOT_SUPPORTED;
}

EnnReturn
EnnExecuteModelFastIpc(const EnnModelId model_id, int client_sleep_usec)
{
	(void)model_id;
	(void)client_sleep_usec;
	return ENN_RET_NOT_SUPPORTED;
}

EnnReturn
EnnSecureOpen(const uint32_t heap_size, uint64_t *secure_heap_addr)
{
	(void)heap_size;
	if (secure_heap_addr != NULL)
		*secure_heap_addr = 0;
	return ENN_RET_NOT_SUPPORTED;
}

EnnReturn
EnnSecureClose(void)
{
	return ENN_RET_NOT_SUPPORTED;
}

EnnReturn
EnnSetExecMsgAlwaysOn(void)
{
	return ENN_RET_NOT_SUPPORTED;
}

EnnReturn
EnnSetExecMsgAlwaysOff(void)
{
	return ENN_RET_NOT_SUPPORTED;
}

EnnReturn
EnnSetExecMsgRate(uint32_t rate)
{
	(void)rate;
	return ENN_RET_NOT_SUPPORTED;
}

EnnReturn
EnnDspGetSessionId(const EnnModelId model_id, int32_t *session_id)
{
	(void)model_id;
	if (session_id != NULL)
		*session_id = 0;
	return ENN_RET_NOT_SUPPORTED;
}

EnnReturn
EnnExecuteCommand(const char *arg1, const char *arg2, const char *arg3, const char *arg4,
		const char *arg5, const char *arg6)
{
	(void)arg1;
	(void)arg2;
	(void)arg3;
	(void)arg4;
	(void)arg5;
	(void)arg6;
	return ENN_RET_NOT_SUPPORTED;
}
