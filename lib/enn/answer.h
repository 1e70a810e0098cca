/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef ENN_ANSWER_H
#define ENN_ANSWER_H

/**
 * @file
 * What a program is answered. This and the api_*.c that include it are compiled once for each
 * numbering of EnnReturn; nothing else in this library knows one.
 */

#include <errno.h>

#include "enn_api-type.h"

static inline EnnReturn
answer_canceled(void)
{
#if ACCELDEV_ENN_RETURN == 1
	return ENN_RET_FAILED;
#else
	return ENN_RET_CANCELED;
#endif
}

/** The EnnReturn for 0 or a negative errno. */
static inline EnnReturn
answer(int ret)
{
	switch (-ret) {
	case 0:
		return ENN_RET_SUCCESS;
	case EINVAL:
	case EBADF:
	case EFAULT:
	case ERANGE:
	case EFBIG:
		return ENN_RET_INVAL;
	case EMSGSIZE:
		return ENN_RET_SIZE;
	case ENOMEM:
	case ENOSPC:
	case EMFILE:
	case ENFILE:
		return ENN_RET_MEM_ERR;
	case EBUSY:
		return ENN_RET_FAILED_RESOURCE_BUSY;
	case ENOTSUP:
		return ENN_RET_NOT_SUPPORTED;
	case ENODEV:
		return ENN_RET_FAILED_SERVICE_NULL;
	case ETIMEDOUT:
		return ENN_RET_FAILED_TIMEOUT_HW_RECOVERED;
	case ECANCELED:
		return answer_canceled();
	case ENOTCONN:  /* not initialised */
	case ECHILD:    /* a child of fork() */
	case EREMOTEIO: /* a run failed */
		return ENN_RET_FAILED;
	case ENOENT:
	case ENOTDIR:
	case EISDIR:
	case ELOOP:
	case ENAMETOOLONG:
	case EACCES:
	case EPERM:
	case EIO:
		return ENN_RET_IO;
	default:
		return ENN_RET_FAILED;
	}
}

#endif
