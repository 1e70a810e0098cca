/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "iospace_model.h"

#include <string.h>

#include "fuzz.h"

void
model_restrict(struct model *m, const struct addrspace_range *ranges, unsigned int n)
{
	struct addrspace_range out[MODEL_RANGES];
	unsigned int i, j, nb = 0;
	uint64_t first, last, mask = m->granule - 1;

	for (i = 0; i < m->nb_usable; i++) {
		for (j = 0; j < n; j++) {
			first = m->usable[i].first > ranges[j].first ? m->usable[i].first :
					ranges[j].first;
			last = m->usable[i].last < ranges[j].last ? m->usable[i].last :
					ranges[j].last;
			if (first > last || first > UINT64_MAX - mask)
				continue;
			first = (first + mask) & ~mask;
			if (last < first || last - first < mask)
				continue;
			FUZZ_CHECK(nb < MODEL_RANGES);
			out[nb].first = first;
			out[nb++].last = ((last + 1) & ~mask) - 1;
		}
	}
	memcpy(m->usable, out, sizeof(out));
	m->nb_usable = nb;
}

bool
model_usable(const struct model *m, uint64_t iova, uint64_t len)
{
	unsigned int i;

	for (i = 0; i < m->nb_usable; i++) {
		if (iova >= m->usable[i].first && iova <= m->usable[i].last &&
				len - 1 <= m->usable[i].last - iova)
			return true;
	}
	return false;
}

bool
model_occupied(const struct model *m, uint64_t iova, uint64_t len)
{
	unsigned int i;

	for (i = 0; i < m->nb_entries; i++) {
		if (iova <= m->entry[i].iova + (m->entry[i].len - 1) &&
				m->entry[i].iova <= iova + (len - 1))
			return true;
	}
	return false;
}

static bool
fits(const struct model *m, uint64_t from, uint64_t len, uint64_t align, uint64_t lowest)
{
	if (from < lowest)
		from = lowest;
	if (from > UINT64_MAX - (align - 1))
		return false;
	from = (from + align - 1) & ~(align - 1);
	return from <= UINT64_MAX - (len - 1) && model_usable(m, from, len) &&
			!model_occupied(m, from, len);
}

bool
model_has_place(const struct model *m, uint64_t len, uint64_t align, uint64_t lowest)
{
	unsigned int i;

	/* The lowest place begins where a range does, or behind an entry. */
	for (i = 0; i < m->nb_usable; i++) {
		if (fits(m, m->usable[i].first, len, align, lowest))
			return true;
	}
	for (i = 0; i < m->nb_entries; i++) {
		if (fits(m, m->entry[i].iova + m->entry[i].len, len, align, lowest))
			return true;
	}
	return false;
}

void
model_add(struct model *m, const struct model_entry *entry)
{
	FUZZ_CHECK(m->nb_entries < MODEL_ENTRIES);
	m->entry[m->nb_entries++] = *entry;
	m->nb_live++;
}

struct model_entry *
model_find(struct model *m, uint64_t iova)
{
	unsigned int i;

	for (i = 0; i < m->nb_entries; i++) {
		if (m->entry[i].iova == iova && !m->entry[i].lost)
			return &m->entry[i];
	}
	return NULL;
}

void
model_remove(struct model *m, struct model_entry *entry, bool lost)
{
	m->nb_live--;
	entry->lost = lost;
	if (lost)
		return;
	m->nb_entries--;
	memmove(entry, entry + 1, (size_t)(&m->entry[m->nb_entries] - entry) * sizeof(*entry));
}

bool
model_va2iova(const struct model *m, uint64_t va, uint64_t *iova)
{
	unsigned int i;

	for (i = 0; i < m->nb_entries; i++) {
		const struct model_entry *e = &m->entry[i];

		if (e->lost || va < e->va || va - e->va >= e->len)
			continue;
		*iova = e->iova + (va - e->va);
		return true;
	}
	return false;
}

const struct model_entry *
model_holder(const struct model *m, uint64_t iova)
{
	unsigned int i;

	for (i = 0; i < m->nb_entries; i++) {
		const struct model_entry *e = &m->entry[i];

		if (!e->lost && iova >= e->iova && iova - e->iova < e->len)
			return e;
	}
	return NULL;
}
