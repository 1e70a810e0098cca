/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "spec.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_kvargs.h>

#include <eal_glue/glue_log.h>

#define SPEC_MAX 1024

static bool
is_name(const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (!isgraph((unsigned char)text[i]) || strchr("=[]\"'", text[i]) != NULL)
			return false;
	}
	return len > 0;
}

/* rte_kvargs makes "b" the key in "a=b=c", as if "a=" were not there. */
static bool
has_second_equals(const char *text)
{
	unsigned int n = 0;

	for (; *text != 0; text++) {
		n = *text == ',' ? 0 : n + (*text == '=');
		if (n > 1)
			return true;
	}
	return false;
}

static int
parse_args(const char *text, struct spec *spec)
{
	unsigned int i, j;

	/*
	 * rte_kvargs would read a trailing or doubled comma as nothing, skip a '=' ahead of a key,
	 * and take commas and '=' in brackets, which no key has, for ordinary characters.
	 */
	if (strchr(",=", *text) != NULL || text[strlen(text) - 1] == ',' ||
			strpbrk(text, "[]") != NULL ||
			strstr(text, ",,") != NULL || strstr(text, ",=") != NULL ||
			has_second_equals(text))
		return -EINVAL;
	spec->args = rte_kvargs_parse(text, NULL);
	if (spec->args == NULL)
		return -EINVAL;
	for (i = 0; i < spec->args->count; i++) {
		const struct rte_kvargs_pair *pair = &spec->args->pairs[i];

		if (pair->value == NULL || *pair->value == 0 || *pair->key == 0)
			return -EINVAL;
		for (j = 0; j < i; j++) {
			if (strcmp(pair->key, spec->args->pairs[j].key) == 0)
				return -EINVAL;
		}
	}
	return 0;
}

static int
parse(const char *text, struct spec *spec)
{
	const char *comma = strchr(text, ',');
	size_t name_len = comma != NULL ? (size_t)(comma - text) : strlen(text);
	const char *colon = memchr(text, ':', name_len);
	size_t bus_len;

	if (colon == NULL || name_len >= sizeof(spec->name))
		return -EINVAL;
	bus_len = colon - text;
	if (bus_len >= sizeof(spec->bus) || !is_name(text, bus_len) ||
			!is_name(colon + 1, name_len - bus_len - 1))
		return -EINVAL;
	memcpy(spec->name, text, name_len);
	memcpy(spec->bus, text, bus_len);
	return comma != NULL ? parse_args(comma + 1, spec) : 0;
}

/* What is no printable character must not reach a log. */
static void
log_malformed(const char *text)
{
	char shown[128];
	size_t i;

	for (i = 0; i < sizeof(shown) - 1 && text[i] != 0; i++)
		shown[i] = text[i] == ' ' || isgraph((unsigned char)text[i]) ? text[i] : '?';
	shown[i] = 0;
	ACCEL_LOG(ERR, device, "spec \"%s\" is malformed: it must be BUS:ADDRESS[,key=value...] with each "
			"key once", shown);
}

int
spec_parse(const char *text, struct spec *spec)
{
	int ret;

	memset(spec, 0, sizeof(*spec));
	if (text == NULL) {
		ACCEL_LOG(ERR, device, "spec is NULL: give BUS:ADDRESS[,key=value...]");
		return -EINVAL;
	}
	ret = strnlen(text, SPEC_MAX) < SPEC_MAX ? parse(text, spec) : -EINVAL;
	if (ret != 0) {
		log_malformed(text);
		spec_free(spec);
	}
	return ret;
}

void
spec_free(struct spec *spec)
{
	rte_kvargs_free(spec->args);
	spec->args = NULL;
}

const char *
spec_arg(const struct spec *spec, const char *key)
{
	unsigned int i;

	for (i = 0; spec->args != NULL && i < spec->args->count; i++) {
		if (strcmp(spec->args->pairs[i].key, key) == 0)
			return spec->args->pairs[i].value;
	}
	return NULL;
}

static bool
in_list(const char *key, const char *const *list)
{
	for (; list != NULL && *list != NULL; list++) {
		if (strcmp(key, *list) == 0)
			return true;
	}
	return false;
}

static void
append_list(char *text, size_t size, const char *const *list)
{
	for (; list != NULL && *list != NULL; list++) {
		size_t used = strlen(text);

		snprintf(text + used, size - used, " %s", *list);
	}
}

static bool
in_lists(const char *key, const char *const *const *lists, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		if (in_list(key, lists[i]))
			return true;
	}
	return false;
}

int
spec_check_keys(const struct spec *spec, const char *const *const *lists, unsigned int n)
{
	char known[256] = "";
	unsigned int i, j;

	for (i = 0; spec->args != NULL && i < spec->args->count; i++) {
		const char *key = spec->args->pairs[i].key;

		if (in_lists(key, lists, n))
			continue;
		for (j = n; j > 0; j--)
			append_list(known, sizeof(known), lists[j - 1]);
		ACCEL_LOG(ERR, device, "%s: unknown key \"%s\": known are%s", spec->name, key, known);
		return -EINVAL;
	}
	return 0;
}

static int
suffix_shift(const char *suffix)
{
	static const char letters[] = "KMGT";
	const char *at;

	if (*suffix == 0)
		return 0;
	at = strchr(letters, toupper((unsigned char)*suffix));
	return at != NULL && suffix[1] == 0 ? (int)(at - letters + 1) * 10 : -1;
}

int
spec_parse_u64(const char *text, uint64_t *value)
{
	unsigned long long n;
	char *end;
	int shift;

	if (!isdigit((unsigned char)*text))
		return -EINVAL;
	errno = 0;
	n = strtoull(text, &end, strncasecmp(text, "0x", 2) == 0 ? 16 : 10);
	shift = suffix_shift(end);
	if (errno != 0 || shift < 0 || n > UINT64_MAX >> shift)
		return -EINVAL;
	*value = (uint64_t)n << shift;
	return 0;
}
