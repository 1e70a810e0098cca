/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "doctor.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <rte_kvargs.h>

#include <acceldev/accel_driver.h>
#include <acceldev/dev_slot.h>
#include <eal_glue/bus.h>

#include "trial.h"

#define TOKEN_LEN 36
#define STAND_IN "soft:0,driver=accel-doctor"
#define STAND_IN_NAME "soft:0: "

/* Devices that the user named: what accel_dev_probe() would say. */

static bool
check_spec(const char *text, struct spec *spec, struct json_object *checks)
{
	struct json_object *c = check_add(checks, "spec", "spec");
	char words[512];
	int ret;

	trial_listen();
	ret = spec_parse(text, spec);
	trial_words(words, sizeof(words));
	if (ret == 0) {
		check_say(c, VERDICT_OK, "%s", spec->name);
		return true;
	}
	check_say(c, VERDICT_PROBLEM, "malformed");
	check_detail(c, "%s", words);
	check_mend(c, "accel-doctor pci:0000:03:00.0");
	return false;
}

/*
 * Devices without hardware are tried
 */

static void
check_probe(const char *text, struct json_object *checks)
{
	struct json_object *c = check_add(checks, "probe", "probe");
	struct trial trial;

	trial_probe(text, &trial);
	if (trial.ok) {
		check_say(c, VERDICT_OK, "works");
		return;
	}
	check_say(c, VERDICT_PROBLEM, "%s", trial.eal ? "refused" : "EAL does not start");
	check_detail(c, "%s", trial.words);
	if (!trial.eal)
		check_mend(c, "accel-testpmd --no-huge -m 64 --no-pci --no-shconf --iova-mode=va "
			"--log-level=lib.eal:debug -- --device=soft:0 --ops=1");
}

/*
 * PCI functions are not: opening one resets it
 */

static bool
is_key_of(const char *key, const char *const *keys)
{
	for (; keys != NULL && *keys != NULL; keys++) {
		if (strcmp(key, *keys) == 0)
			return true;
	}
	return false;
}

/* Keys of the bus and the driver are theirs; all others are the library's, or wrong. */
static void
check_keys(const struct spec *spec, const struct accel_driver *driver, struct json_object *checks)
{
	struct json_object *c = check_add(checks, "keys", "keys of the spec");
	char text[1100] = STAND_IN;
	const char *words;
	struct trial trial;
	unsigned int i;

	for (i = 0; spec->args != NULL && i < spec->args->count; i++) {
		const struct rte_kvargs_pair *pair = &spec->args->pairs[i];
		size_t used = strlen(text);

		if (strcmp(pair->key, "driver") == 0 ||
				is_key_of(pair->key, bus_find(spec->bus)->keys) ||
				is_key_of(pair->key, driver != NULL ? driver->keys : NULL))
			continue;
		snprintf(text + used, sizeof(text) - used, ",%s=%s", pair->key, pair->value);
	}
	trial_probe(text, &trial);
	if (trial.ok) {
		check_say(c, VERDICT_OK, "known");
		return;
	}
	check_say(c, VERDICT_PROBLEM, "%s", trial.eal ? "refused" : "EAL does not start");
	words = strncmp(trial.words, STAND_IN_NAME, strlen(STAND_IN_NAME)) == 0 ?
			trial.words + strlen(STAND_IN_NAME) : trial.words;
	check_detail(c, "%s", words);
}

static bool
serves(const struct accel_driver *driver, const struct bus_id *id)
{
	const struct accel_id *at;

	for (at = driver->ids; at != NULL && at->vendor != 0; at++) {
		if (at->vendor == id->vendor && at->device == id->device)
			return true;
	}
	return false;
}

static void
check_driver(const struct spec *spec, const struct pci_function *fn,
		struct accel_driver *driver, struct json_object *checks)
{
	struct json_object *c = check_add(checks, "driver", "driver");
	const char *name = spec_arg(spec, "driver");

	if (driver != NULL) {
		check_say(c, serves(driver, &fn->id) ? VERDICT_OK : VERDICT_WARNING, "%s",
				driver->name);
		if (!serves(driver, &fn->id))
			check_detail(c, "it does not list %04x:%04x, and may refuse the device",
					fn->id.vendor, fn->id.device);
		return;
	}
	check_say(c, VERDICT_PROBLEM, "none for %04x:%04x", fn->id.vendor, fn->id.device);
	if (name != NULL)
		check_detail(c, "no driver %s for bus pci is in the library; one in a plug-in "
			"(EAL's -d) is not known here", name);
	else
		check_detail(c, "no driver in the library serves this PCI id: name one with "
			"driver=; one in a plug-in (EAL's -d) is not known here");
}

static void
check_window(const struct spec *spec, const struct accel_driver *driver,
		struct json_object *checks)
{
	struct json_object *c = check_add(checks, "dma-window", "addresses it can emit");
	const char *text = spec_arg(spec, "dma_bits");
	uint64_t bits;

	if (text == NULL || spec_parse_u64(text, &bits) != 0)
		bits = driver != NULL && driver->dma_bits != 0 ? driver->dma_bits : 64;
	check_say(c, VERDICT_OK, "%" PRIu64 " bits%s", bits, text != NULL ? " (dma_bits=)" : "");
	if (bits < 39)
		check_detail(c, "IOVAs are allocated below that, as virtual addresses do not fit");
}

/* As the kernel's vfio-pci judges it when the device is opened. */
static void
check_token(const struct doctor *d, const struct spec *spec, const struct pci_function *fn,
		struct json_object *checks)
{
	struct json_object *c = check_add(checks, "vf-token", "VF token");
	const char *token = spec_arg(spec, "vf_token");
	char driver[32];
	bool wanted;

	host_link(&d->host, driver, sizeof(driver), "/sys/bus/pci/devices/%s/physfn/driver",
			fn->address);
	wanted = strcmp(driver, "vfio-pci") == 0;
	if (token != NULL && strlen(token) != TOKEN_LEN) {
		check_say(c, VERDICT_PROBLEM, "vf_token=%s is no UUID", token);
	} else if (wanted && token == NULL) {
		check_say(c, VERDICT_PROBLEM, "missing");
		check_detail(c, "the PF of this VF is bound to vfio-pci too: give vf_token=UUID as "
				"the owner of the PF set it");
	} else if (!wanted && token != NULL && !host_exists(&d->host,
			"/sys/bus/pci/devices/%s/sriov_totalvfs", fn->address)) {
		check_say(c, VERDICT_PROBLEM, "given, and the kernel refuses it");
		check_detail(c, "only a VF whose PF is bound to vfio-pci takes a token: leave "
				"vf_token= out");
	} else {
		check_say(c, token != NULL ? VERDICT_OK : VERDICT_NA, "%s",
				token != NULL ? "given" : "not needed");
	}
}

/* A device opens without; what comes next will not work. */
static void
check_memory_later(const struct doctor *d, struct json_object *checks)
{
	struct json_object *last;

	check_memlock(d, checks);
	last = checks != NULL ? json_object_array_get_idx(checks,
			json_object_array_length(checks) - 1) : NULL;
	if (check_verdict(last) == VERDICT_PROBLEM)
		check_say(last, VERDICT_WARNING, "%s", check_text(last, "value"));
}

static void
checks_rest(const struct doctor *d, const struct spec *spec, const struct pci_function *fn,
		struct json_object *checks)
{
	struct accel_driver *driver = driver_get(spec->bus, &fn->id, spec_arg(spec, "driver"));

	checks_function(d, fn, true, checks);
	check_vfio_node(d, checks);
	check_vfio_type1(d, checks);
	check_remapping(d, checks);
	check_driver(spec, fn, driver, checks);
	check_keys(spec, driver, checks);
	check_token(d, spec, fn, checks);
	check_window(spec, driver, checks);
	check_memory_later(d, checks);
	if (driver != NULL)
		driver_put(driver);
}

static void
judge_pci(const struct doctor *d, const struct spec *spec, struct json_object *checks)
{
	struct json_object *c = check_add(checks, "function", "PCI function");
	struct pci_function fn;
	char words[512];
	int ret;

	trial_listen();
	ret = pci_function_find(spec->name + strlen("pci:"), &fn);
	trial_words(words, sizeof(words));
	if (ret != 0) {
		check_say(c, VERDICT_PROBLEM, "not found");
		check_detail(c, "%s", words);
		check_mend(c, "lspci -Dnn");
		return;
	}
	check_say(c, VERDICT_OK, "%s, %04x:%04x, class %06x, node %d", fn.address, fn.id.vendor,
			fn.id.device, fn.id.class_code, fn.socket);
	if (fn.group < 0)
		check_iommu(d, checks);
	checks_rest(d, spec, &fn, checks);
}

bool
judge_device(const struct doctor *d, const char *text, struct report *report)
{
	struct json_object *checks = report_add_device(report, text);
	struct json_object *worst;
	struct spec spec;
	bool usable;

	if (check_spec(text, &spec, checks)) {
		if (strcmp(spec.bus, "pci") == 0)
			judge_pci(d, &spec, checks);
		else
			check_probe(text, checks);
		spec_free(&spec);
	}
	worst = checks_worst(checks);
	usable = worst != NULL && check_verdict(worst) != VERDICT_PROBLEM;
	report_set_usable(report, usable);
	return usable;
}
