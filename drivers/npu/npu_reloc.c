/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "npu_image.h"

#include <errno.h>
#include <string.h>

#include "vta_check.h"

#define DRAM_BASE_SHIFT 26
#define WINDOW          (UINT64_C(1) << 32)

static int
check_addresses(const struct npu_image *image, const uint64_t *addrs)
{
	unsigned int i;

	for (i = 0; i < image->nb_symbols; i++) {
		const struct npu_image_symbol *s = &image->symbols[i];

		if (addrs[i] % s->align != 0)
			return -EINVAL;
		if (addrs[i] / WINDOW != addrs[0] / WINDOW || addrs[i] % WINDOW > WINDOW - s->size)
			return -ERANGE;
	}
	return 0;
}

static void
patch(struct vta_insn *insns, const struct npu_image_reloc *relocs, unsigned int n,
		const uint64_t *addrs)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		struct vta_insn *insn = &insns[relocs[i].insn];
		uint64_t at = (addrs[relocs[i].symbol] + relocs[i].addend) % WINDOW;

		insn->lo &= ~((WINDOW - 1) << DRAM_BASE_SHIFT);
		at >>= vta_log_bytes((enum vta_mem)VTA_MEM_TYPE(insn));
		insn->lo |= at << DRAM_BASE_SHIFT;
	}
}

int
npu_image_relocate(const struct npu_image *image, struct vta_insn *insns, const uint64_t *addrs)
{
	int ret = check_addresses(image, addrs);

	if (ret != 0)
		return ret;
	memcpy(insns, image->insns, image->nb_insns * sizeof(*insns));
	patch(insns, image->relocs, image->nb_relocs, addrs);
	return 0;
}

int
npu_image_relocate_io(const struct npu_image *image, struct vta_insn *insns, const uint64_t *addrs)
{
	int ret = check_addresses(image, addrs);

	if (ret == 0)
		patch(insns, image->relocs, image->nb_io_relocs, addrs);
	return ret;
}
