/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "fuzz.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>

#include <rte_kvargs.h>

#include <lib/acceldev/spec.h>

/*
 * Specs, as users type them. What is taken must be made of what was typed; what is well-formed by a
 * simple rule must be taken.
 */

#define TEXT_MAX 2048

static const char *const some_keys[] = { "banks", "a", NULL };
static const char *const more_keys[] = { "dma_bits", "iova", NULL };
static const char *const *const lists[] = { some_keys, NULL, more_keys };

static bool
is_known(const char *key)
{
	return strcmp(key, "banks") == 0 || strcmp(key, "a") == 0 ||
			strcmp(key, "dma_bits") == 0 || strcmp(key, "iova") == 0;
}

/* Only characters that mean nothing, one ':' between two words, ",word=word" after them. */
static bool
is_plain(const char *text)
{
	size_t bus = strspn(text, "abcdefghijklmnopqrstuvwxyz"), n;

	if (bus == 0 || bus > 15 || text[bus] != ':')
		return false;
	n = bus + 1 + strspn(text + bus + 1, "0123456789.");
	return n > bus + 1 && n < ACCEL_NAME_MAX && text[n] == '\0';
}

/* Each pair stands in the text, and no key twice. */
static void
check_args(const struct spec *spec, const char *text)
{
	char pair[TEXT_MAX + 4];
	unsigned int i, j;

	for (i = 0; i < spec->args->count; i++) {
		const struct rte_kvargs_pair *p = &spec->args->pairs[i];

		FUZZ_CHECK(p->key[0] != '\0' && p->value[0] != '\0');
		snprintf(pair, sizeof(pair), ",%s=%s", p->key, p->value);
		FUZZ_CHECK(strstr(text, pair) != NULL);
		FUZZ_CHECK(spec_arg(spec, p->key) == p->value);
		for (j = 0; j < i; j++)
			FUZZ_CHECK(strcmp(p->key, spec->args->pairs[j].key) != 0);
	}
}

static void
check_known(const struct spec *spec)
{
	bool all = true;
	unsigned int i;

	for (i = 0; spec->args != NULL && i < spec->args->count; i++)
		all &= is_known(spec->args->pairs[i].key);
	FUZZ_CHECK(spec_check_keys(spec, lists, 3) == (all ? 0 : -EINVAL));
}

static void
check_spec(const char *text)
{
	struct spec spec;
	size_t len, bus;
	int ret = spec_parse(text, &spec);

	if (ret != 0) {
		FUZZ_CHECK(ret == -EINVAL && spec.args == NULL && !is_plain(text));
		return;
	}
	len = strlen(spec.name);
	bus = strlen(spec.bus);
	FUZZ_CHECK(len < sizeof(spec.name) && bus > 0 && len > bus + 1);
	FUZZ_CHECK(strncmp(text, spec.name, len) == 0 && strncmp(text, spec.bus, bus) == 0);
	FUZZ_CHECK(text[bus] == ':' && (text[len] == '\0' || text[len] == ','));
	FUZZ_CHECK((text[len] == ',') == (spec.args != NULL));
	FUZZ_CHECK(spec_arg(&spec, "no such key") == NULL);
	if (spec.args != NULL)
		check_args(&spec, text);
	check_known(&spec);
	spec_free(&spec);
	FUZZ_CHECK(spec.args == NULL && spec_arg(&spec, "a") == NULL);
}

/* The same number, digit by digit; false when it is none or too large. */
static bool
slow_number(const char *text, uint64_t *value)
{
	bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X') &&
			isxdigit((unsigned char)text[2]);
	const char *at = hex ? text + 2 : text;
	unsigned __int128 n = 0;
	static const char letters[] = "KMGT";

	if (!isdigit((unsigned char)text[0]))
		return false;
	for (; hex ? isxdigit((unsigned char)*at) : isdigit((unsigned char)*at); at++) {
		n = n * (hex ? 16 : 10) + (unsigned int)(isdigit((unsigned char)*at) ? *at - '0' :
				tolower((unsigned char)*at) - 'a' + 10);
		if (n > UINT64_MAX)
			return false;
	}
	if (*at != '\0') {
		const char *suffix = strchr(letters, toupper((unsigned char)*at));

		if (suffix == NULL || at[1] != '\0')
			return false;
		n <<= 10 * (suffix - letters + 1);
	}
	*value = (uint64_t)n;
	return n <= UINT64_MAX;
}

static void
check_number(const char *text)
{
	uint64_t got = 12345, want;

	if (slow_number(text, &want))
		FUZZ_CHECK(spec_parse_u64(text, &got) == 0 && got == want);
	else
		FUZZ_CHECK(spec_parse_u64(text, &got) == -EINVAL && got == 12345);
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	fuzz_drop_logs();
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t n = size < TEXT_MAX ? size : TEXT_MAX;
	char *text = malloc(n + 1); /* of its exact size, for AddressSanitizer */

	FUZZ_CHECK(text != NULL);
	memcpy(text, data, n);
	text[n] = '\0';
	check_spec(text);
	check_number(text);
	free(text);
	return 0;
}
