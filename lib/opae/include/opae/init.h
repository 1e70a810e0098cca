/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef OPAE_INIT_H
#define OPAE_INIT_H

#include <opae/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Begin to use the library. There is no need to: the first call that needs a device does it.
 *
 * @param config_file  not used; may be NULL
 */
fpga_result fpgaInitialize(const char *config_file);

/** Forget what was enumerated. Handles and tokens stay valid; EAL stays up. */
fpga_result fpgaFinalize(void);

#ifdef __cplusplus
}
#endif

#endif
