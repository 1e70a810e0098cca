/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Compiled once for each numbering of EnnReturn.
 */
#include "enn_api-public.h"

#include "answer.h"
#include "run.h"
#include "session.h"

EnnReturn
EnnGenerateBufferSpace(const EnnModelId model_id, const int n_set)
{
	return answer(enn_session_count(model_id, n_set));
}

EnnReturn
EnnAllocateAllBuffersWithSessionId(const EnnModelId model_id, EnnBufferPtr **out,
		NumberOfBuffersInfo *out_info, const int session_id, const bool do_commit)
{
	return answer(enn_session_allocate(model_id, out, out_info, session_id, do_commit));
}

EnnReturn
EnnAllocateAllBuffers(const EnnModelId model_id, EnnBufferPtr **out,
		NumberOfBuffersInfo *out_info)
{
	return answer(enn_session_allocate(model_id, out, out_info, 0, true));
}

EnnReturn
EnnSetBufferByIndex(const EnnModelId model_id, const enn_buf_dir_e direction, const uint32_t index,
		EnnBufferPtr buffer)
{
	return answer(enn_session_set_at(model_id, direction, index, buffer, 0));
}

EnnReturn
EnnSetBufferByIndexWithSessionId(const EnnModelId model_id, const enn_buf_dir_e direction,
		const uint32_t index, EnnBufferPtr buffer, const int session_id)
{
	return answer(enn_session_set_at(model_id, direction, index, buffer, session_id));
}

EnnReturn
EnnSetBufferByLabel(const EnnModelId model_id, const char *label, EnnBufferPtr buffer)
{
	return answer(enn_session_set_named(model_id, label, buffer, 0));
}

EnnReturn
EnnSetBufferByLabelWithSessionId(const EnnModelId model_id, const char *label, EnnBufferPtr buffer,
		const int session_id)
{
	return answer(enn_session_set_named(model_id, label, buffer, session_id));
}

EnnReturn
EnnSetBuffers(const EnnModelId model_id, EnnBufferPtr *bufs, const int32_t sum_io)
{
	return answer(enn_session_set_all(model_id, bufs, sum_io, 0));
}

EnnReturn
EnnSetBuffersWithSessionId(const EnnModelId model_id, EnnBufferPtr *bufs, const int32_t sum_io,
		const int session_id)
{
	return answer(enn_session_set_all(model_id, bufs, sum_io, session_id));
}

EnnReturn
EnnUnsetBuffers(const EnnModelId model_id)
{
	return answer(enn_session_unset(model_id, 0));
}

EnnReturn
EnnUnsetBuffersWithSessionId(const EnnModelId model_id, const int session_id)
{
	return answer(enn_session_unset(model_id, session_id));
}

EnnReturn
EnnBufferCommit(const EnnModelId model_id)
{
	return answer(enn_session_commit(model_id, 0));
}

EnnReturn
EnnBufferCommitWithSessionId(const EnnModelId model_id, const int session_id)
{
	return answer(enn_session_commit(model_id, session_id));
}

EnnReturn
EnnBufferUncommit(const EnnModelId model_id)
{
	return answer(enn_session_uncommit(model_id, 0));
}

EnnReturn
EnnBufferUncommitWithSessionId(const EnnModelId model_id, const int session_id)
{
	return answer(enn_session_uncommit(model_id, session_id));
}

EnnReturn
EnnExecuteModel(const EnnModelId model_id)
{
	return answer(enn_run(model_id, 0));
}

EnnReturn
EnnExecuteModelWithSessionId(const EnnModelId model_id, const int session_id)
{
	return answer(enn_run(model_id, session_id));
}

EnnReturn
EnnExecuteModelAsync(const EnnModelId model_id)
{
	return answer(enn_run_begin(model_id, 0));
}

EnnReturn
EnnExecuteModelWithSessionIdAsync(const EnnModelId model_id, const int session_id)
{
	return answer(enn_run_begin(model_id, session_id));
}

EnnReturn
EnnExecuteModelWait(const EnnModelId model_id)
{
	return answer(enn_run_wait(model_id, 0));
}

EnnReturn
EnnExecuteModelWithSessionIdWait(const EnnModelId model_id, const int session_id)
{
	return answer(enn_run_wait(model_id, session_id));
}
