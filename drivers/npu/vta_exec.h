/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef VTA_EXEC_H
#define VTA_EXEC_H

/**
 * @file
 * What instructions do to the memories of a core. For the core alone.
 */

#include "vta_core.h"

/**
 * Execute an instruction that vta_check() found good, or a part of it: as long as units last, of
 * which each takes some 10 ns. It is not done while core->loop.on; call it again then.
 */
enum npu_error vta_exec(struct vta_core *core, const struct vta_insn *insn, int32_t *units);

/** GEMM and ALU. */
enum npu_error vta_exec_loop(struct vta_core *core, const struct vta_insn *insn, int32_t *units);

/** Cycles that an instruction takes once it has its tokens. */
uint64_t vta_cost(const struct vta_insn *insn);

/** acc[i] += sum of inp[k] * wgt[i][k]; the same without instructions for vectors. */
void vta_mac(int32_t acc[VTA_BLOCK], const int8_t inp[VTA_BLOCK],
		const int8_t wgt[VTA_BLOCK][VTA_BLOCK]);
void vta_mac_plain(int32_t acc[VTA_BLOCK], const int8_t inp[VTA_BLOCK],
		const int8_t wgt[VTA_BLOCK][VTA_BLOCK]);

#endif
