/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "token.h"

#include <errno.h>
#include <opae/enum.h>
#include <stdlib.h>

#include "properties.h"

static void
free_token(struct object *object)
{
	struct token *t = (struct token *)object;

	accelerator_put(t->acc);
	free(t);
}

/* The accelerator is held, for the token. */
static fpga_token
make(struct accelerator *acc)
{
	struct token *t = calloc(1, sizeof(*t));
	void *id;

	if (t == NULL)
		return NULL;
	t->acc = acc;
	id = object_add(&t->object, OBJECT_TOKEN, free_token);
	if (id == NULL)
		free(t);
	return id;
}

/*
 * Enumeration
 */

struct search {
	struct values *filters; /* none: all match */
	uint32_t nb_filters;
	fpga_token *tokens;
	uint32_t room;
	uint32_t nb_tokens;
	uint32_t nb_matches;
};

static bool
matches(const struct search *search, struct accelerator *acc)
{
	struct values v;
	uint32_t i;

	values_of(acc, &v);
	for (i = 0; i < search->nb_filters; i++) {
		if (values_match(&search->filters[i], &v))
			return true;
	}
	return search->nb_filters == 0;
}

/* An accelerator that is held: a token takes that over, or it is put. */
static fpga_result
consider(struct search *search, struct accelerator *acc)
{
	fpga_token token;

	if (!matches(search, acc) || search->nb_matches++ >= search->room) {
		accelerator_put(acc);
		return FPGA_OK;
	}
	token = make(acc);
	if (token == NULL) {
		accelerator_put(acc);
		return FPGA_NO_MEMORY;
	}
	search->tokens[search->nb_tokens++] = token;
	return FPGA_OK;
}

static fpga_result
search_all(struct search *search)
{
	struct accelerator **accs;
	fpga_result ret = FPGA_OK;
	int i, n = catalog_update();

	if (n == 0)
		n = catalog_all(&accs);
	if (n < 0)
		return n == -ENOMEM ? FPGA_NO_MEMORY : FPGA_EXCEPTION;
	for (i = 0; i < n; i++) {
		if (ret == FPGA_OK)
			ret = consider(search, accs[i]);
		else
			accelerator_put(accs[i]);
	}
	free(accs);
	while (ret != FPGA_OK && search->nb_tokens > 0)
		fpgaDestroyToken(&search->tokens[--search->nb_tokens]);
	return ret;
}

static fpga_result
read_filters(struct search *search, const fpga_properties *filters, uint32_t n)
{
	struct values v;
	uint32_t i;

	if (n == 0)
		return FPGA_OK;
	/* A number that is nonsense shows here, before there is memory for so many. */
	for (i = 0; i < n; i++) {
		if (properties_read(filters[i], &v) != 0)
			return FPGA_INVALID_PARAM;
	}
	search->filters = calloc(n, sizeof(*search->filters));
	if (search->filters == NULL)
		return FPGA_NO_MEMORY;
	for (i = 0; i < n; i++) {
		if (properties_read(filters[i], &search->filters[i]) != 0)
			return FPGA_INVALID_PARAM; /* destroyed meanwhile */
	}
	search->nb_filters = n;
	return FPGA_OK;
}

fpga_result
fpgaEnumerate(const fpga_properties *filters, uint32_t num_filters, fpga_token *tokens,
		uint32_t max_tokens, uint32_t *num_matches)
{
	struct search search = { .tokens = tokens, .room = max_tokens };
	fpga_result ret;

	if (num_matches == NULL)
		return FPGA_INVALID_PARAM;
	*num_matches = 0; /* programs look at it without a look at the result */
	if ((tokens == NULL && max_tokens != 0) || (filters == NULL) != (num_filters == 0))
		return FPGA_INVALID_PARAM;
	ret = read_filters(&search, filters, num_filters);
	if (ret == FPGA_OK)
		ret = search_all(&search);
	if (ret == FPGA_OK)
		*num_matches = search.nb_matches;
	free(search.filters);
	return ret;
}

/*
 * Tokens
 */

fpga_result
fpgaCloneToken(fpga_token src, fpga_token *dst)
{
	struct token *t = dst != NULL ? object_get(src, OBJECT_TOKEN) : NULL;
	fpga_token copy;

	if (t == NULL)
		return FPGA_INVALID_PARAM;
	accelerator_hold(t->acc);
	copy = make(t->acc);
	if (copy == NULL)
		accelerator_put(t->acc);
	else
		*dst = copy;
	object_put(t);
	return copy != NULL ? FPGA_OK : FPGA_NO_MEMORY;
}

fpga_result
fpgaDestroyToken(fpga_token *token)
{
	struct token *t = token != NULL ? object_remove(*token, OBJECT_TOKEN) : NULL;

	if (t == NULL)
		return FPGA_INVALID_PARAM;
	object_put(t);
	*token = NULL;
	return FPGA_OK;
}
