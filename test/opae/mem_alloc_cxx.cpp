/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <opae/mem_alloc.h>

static_assert(sizeof(struct mem_alloc) == 64, "layout of the OPAE C library");

int
main()
{
	struct mem_alloc m;
	uint64_t address = 1;
	int wrong;

	mem_alloc_init(&m);
	wrong = mem_alloc_add_free(&m, 0x1000, 0x1000);
	wrong |= mem_alloc_get(&m, &address, 0x1000);
	wrong |= address != 0x1000 || mem_alloc_put(&m, address) != 0;
	wrong |= mem_alloc_apply_constraint(&m, &m);
	wrong |= m.free.next->address != 0x1000 || m.free.next->next != &m.free;
	mem_alloc_destroy(&m);
	return wrong;
}
