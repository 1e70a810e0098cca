/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Compiled once for each numbering of EnnReturn.
 */
#include "enn_api-public.h"

#include "answer.h"
#include "buffer.h"
#include "set.h"

EnnReturn
EnnCreateBuffer(const uint32_t req_size, const uint32_t flag, EnnBufferPtr *out)
{
	return answer(enn_buffer_create_flagged(req_size, flag, out));
}

EnnReturn
EnnCreateBufferCache(const uint32_t req_size, EnnBufferPtr *out)
{
	return answer(enn_buffer_create(req_size, out));
}

EnnReturn
EnnCreateBufferFromFdWithOffset(const uint32_t fd, const uint32_t size, const uint32_t offset,
		EnnBufferPtr *out)
{
	return answer(enn_buffer_create_from_fd(fd, size, offset, out));
}

EnnReturn
EnnGetFileDescriptorFromEnnBuffer(EnnBufferPtr buffer, int32_t *fd)
{
	return answer(enn_buffer_fd(buffer, fd));
}

EnnReturn
EnnReleaseBuffer(EnnBufferPtr buffer)
{
	return answer(enn_buffer_release(buffer));
}

EnnReturn
EnnReleaseBuffers(EnnBufferPtr *buffers, const int32_t numOfBuffers)
{
	return answer(enn_set_release(buffers, numOfBuffers));
}
