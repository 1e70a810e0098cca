/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Compiled once for each numbering of EnnReturn.
 */
#include "enn_api-public.h"

#include "answer.h"
#include "info.h"
#include "life.h"
#include "model.h"

EnnReturn
EnnInitialize(void)
{
	return answer(enn_life_init());
}

EnnReturn
EnnDeinitialize(void)
{
	return answer(enn_life_fini());
}

EnnReturn
EnnOpenModel(const char *model_file, EnnModelId *model_id)
{
	return answer(enn_model_open_file(model_file, model_id));
}

EnnReturn
EnnOpenModelFromMemory(const char *va, const uint32_t size, EnnModelId *model_id)
{
	return answer(enn_model_open_memory(va, size, model_id));
}

EnnReturn
EnnOpenModelFromFd(int fd, EnnModelId *model_id)
{
	return answer(enn_model_open_fd(fd, model_id));
}

EnnReturn
EnnOpenModelWithFileOpenFd(const int fd, const uint32_t size, const uint32_t offset,
		EnnModelId *model_id)
{
	return answer(enn_model_open_part(fd, size, offset, model_id));
}

EnnReturn
EnnCloseModel(const EnnModelId model_id)
{
	return answer(enn_model_close(model_id));
}

EnnReturn
EnnGetBuffersInfo(const EnnModelId model_id, NumberOfBuffersInfo *out)
{
	return answer(enn_info_count(model_id, out));
}

EnnReturn
EnnGetBufferInfoByIndex(const EnnModelId model_id, const enn_buf_dir_e direction,
		const uint32_t index, EnnBufferInfo *out)
{
	return answer(enn_info_at(model_id, direction, index, out));
}

EnnReturn
EnnGetBufferInfoByLabel(const EnnModelId model_id, const char *label, EnnBufferInfo *out)
{
	return answer(enn_info_named(model_id, label, out));
}

EnnReturn
EnnGetMetaInfo(const EnnMetaTypeId info_id, const EnnModelId model_id,
		char output_str[ENN_INFO_GRAPH_STR_LENGTH_MAX])
{
	return answer(enn_info_meta(info_id, model_id, output_str));
}
