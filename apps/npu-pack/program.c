/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "program.h"

#include <stdlib.h>
#include <string.h>

uint32_t
program_nb_insns(const struct program *p)
{
	return (uint32_t)(p->insns.len / sizeof(struct vta_insn));
}

uint32_t
program_nb_relocs(const struct program *p)
{
	return (uint32_t)(p->relocs.len / sizeof(struct program_reloc));
}

void *
program_grow(struct program *p, struct program_bytes *bytes, size_t len)
{
	size_t room = bytes->room;
	void *at;

	while (room - bytes->len < len)
		room = 2 * room + 4096;
	at = room == bytes->room ? bytes->data : realloc(bytes->data, room);
	if (at == NULL || p->no_memory) {
		p->no_memory = true;
		return NULL;
	}
	bytes->data = at;
	bytes->room = room;
	at = bytes->data + bytes->len;
	memset(at, 0, len);
	bytes->len += len;
	return at;
}

void
program_insn(struct program *p, struct vta_insn insn, uint64_t flags)
{
	struct vta_insn *at = program_grow(p, &p->insns, sizeof(*at));

	insn.lo |= flags;
	if (at != NULL)
		*at = insn;
}

void
program_move(struct program *p, struct vta_insn insn, uint64_t flags, uint32_t symbol,
		uint64_t element)
{
	struct program_reloc *at = program_grow(p, &p->relocs, sizeof(*at));

	if (at != NULL)
		*at = (struct program_reloc){ program_nb_insns(p), symbol, element };
	program_insn(p, insn, flags);
}

void
program_free(struct program *p)
{
	unsigned int i;

	free(p->insns.data);
	free(p->relocs.data);
	for (i = 0; i < PROGRAM_TENSORS; i++)
		free(p->consts[i].data);
	*p = (struct program){ 0 };
}
