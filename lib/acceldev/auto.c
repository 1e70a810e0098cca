/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <acceldev/accel_auto.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <eal_glue/eal_start.h>
#include <eal_glue/pci_function.h>

#include "dev_slot.h"

#define SEPARATORS " ;\t\n"

int
accel_auto_init(void)
{
	return eal_start(getenv("ACCELDEV_EAL_ARGS"));
}

bool
accel_log_quiet(bool quiet)
{
	bool before = glue_log_quiet;

	glue_log_quiet = quiet;
	return before;
}

/*
 * Specs. What is handed out is one block: the pointers, then the text that they point into.
 */

static unsigned int
count_words(const char *text)
{
	unsigned int n = 0;

	while (*(text += strspn(text, SEPARATORS)) != 0) {
		text += strcspn(text, SEPARATORS);
		n++;
	}
	return n;
}

static int
split(const char *text, char ***specs_out)
{
	unsigned int i = 0, n = count_words(text);
	size_t size = strlen(text) + 1;
	char **specs = malloc((n + 1) * sizeof(*specs) + size);
	char *copy, *save, *word;

	if (specs == NULL)
		return -ENOMEM;
	copy = memcpy(specs + n + 1, text, size);
	for (word = strtok_r(copy, SEPARATORS, &save); word != NULL;
			word = strtok_r(NULL, SEPARATORS, &save))
		specs[i++] = word;
	specs[i] = NULL;
	*specs_out = specs;
	return (int)n;
}

struct scan {
	const char *driver;
	FILE *text;
};

static bool
is_driven(const struct pci_function *fn, const char *name)
{
	struct accel_driver *driver = driver_get("pci", &fn->id, NULL);
	bool yes;

	if (driver == NULL)
		return false;
	yes = name == NULL || strcmp(driver->name, name) == 0;
	driver_put(driver);
	return yes;
}

static void
note_function(const struct pci_function *fn, void *arg)
{
	struct scan *scan = arg;

	if (strcmp(fn->driver, "vfio-pci") == 0 && is_driven(fn, scan->driver))
		fprintf(scan->text, "pci:%s ", fn->address);
}

static int
scan_functions(const char *driver, char ***specs)
{
	struct scan scan = { .driver = driver };
	char *text = NULL;
	size_t size;
	int ret;

	scan.text = open_memstream(&text, &size);
	if (scan.text == NULL)
		return -ENOMEM;
	pci_function_each(note_function, &scan);
	ret = fclose(scan.text) == 0 ? split(text, specs) : -ENOMEM;
	free(text);
	return ret;
}

int
accel_auto_specs(const char *driver, char ***specs)
{
	const char *text = getenv("ACCELDEV_DEVICES");

	return text != NULL ? split(text, specs) : scan_functions(driver, specs);
}
