/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "catalog.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include <acceldev/acceldev.h>

/* The driver for functions with a device feature list, also when nobody knows their PCI ids. */
#define DRIVER "dfl"

/* A device. */
struct card {
	TAILQ_ENTRY(card) node;
	char *spec;
	char name[ACCEL_NAME_MAX];
	unsigned int refs;   /* of the catalog, and of whoever holds one of its accelerators */
	unsigned int place;  /* a small number of its own */
	bool wanted;         /* among those to use, as the latest update saw it */
	unsigned int users;  /* accelerators that are open */
	uint16_t dev_id;     /* while there are users */
	unsigned int nb;
	struct accelerator *accs;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static TAILQ_HEAD(, card) cards = TAILQ_HEAD_INITIALIZER(cards);

/*
 * Opening a device
 */

static bool
names_driver(const char *spec)
{
	return strstr(spec, ",driver=") != NULL;
}

static int
probe(const char *spec)
{
	bool quiet = false;
	char *with_driver;
	int ret;

	if (!names_driver(spec))
		quiet = accel_log_quiet(true);
	ret = accel_dev_probe(spec);
	if (names_driver(spec))
		return ret;
	accel_log_quiet(quiet);
	if (ret >= 0)
		return ret;
	if (ret != -ENOENT)
		return accel_dev_probe(spec); /* once more, for the log */
	if (asprintf(&with_driver, "%s,driver=" DRIVER, spec) < 0)
		return -ENOMEM;
	ret = accel_dev_probe(with_driver);
	free(with_driver);
	return ret;
}

/*
 * Looking at a device
 */

/* What has no PCI address gets one that no machine has: device N of bus 255 in segment 65535. */
static void
take_address(struct accelerator *acc, const char *name, unsigned int place)
{
	unsigned int segment, bus, device, function;

	if (sscanf(name, "pci:%x:%x:%x.%x", &segment, &bus, &device, &function) != 4) {
		segment = UINT16_MAX;
		bus = UINT8_MAX;
		device = place & 31;
		function = place >> 5 & 7;
	}
	acc->segment = (uint16_t)segment;
	acc->bus = (uint8_t)bus;
	acc->device = (uint8_t)device;
	acc->function = (uint8_t)function;
	acc->object_id = (uint64_t)(segment << 16 | bus << 8 | device << 3 | function) << 32;
}

static uint32_t
count_irqs(uint16_t dev_id)
{
	int n = accel_irq_count(dev_id, ACCEL_IRQ_MSIX);

	if (n <= 0)
		n = accel_irq_count(dev_id, ACCEL_IRQ_MSI);
	return n > 0 ? (uint32_t)n : 0;
}

static void
describe(struct accelerator *acc, uint16_t dev_id, const struct accel_dev_info *info,
		uint16_t number)
{
	memset(&acc->afu, 0, sizeof(acc->afu));
	if (info->nb_afus != 0)
		accel_afu_info_get(dev_id, number, &acc->afu);
	else
		accel_reg_size(dev_id, acc->afu.region, &acc->afu.size);
	take_address(acc, info->name, acc->card->place);
	acc->object_id |= (uint64_t)number << 16 | acc->afu.region;
	acc->pci_id = info->pci_id;
	acc->socket = info->socket >= 0 ? (uint8_t)info->socket : 0;
	acc->num_mmio = acc->afu.size != 0;
	acc->num_irqs = count_irqs(dev_id);
	acc->interface = strncmp(info->name, "sim:", 4) == 0 ? FPGA_IFC_SIM_VFIO : FPGA_IFC_VFIO;
}

static int
look(struct card *card)
{
	struct accel_dev_info info = { .nb_afus = 0 };
	int ret = probe(card->spec);
	uint16_t dev_id, i;

	if (ret < 0)
		return ret;
	dev_id = (uint16_t)ret;
	ret = accel_dev_info_get(dev_id, &info);
	memcpy(card->name, info.name, sizeof(card->name));
	card->nb = info.nb_afus != 0 ? info.nb_afus : 1;
	card->accs = ret == 0 ? calloc(card->nb, sizeof(*card->accs)) : NULL;
	for (i = 0; card->accs != NULL && i < card->nb; i++) {
		card->accs[i].card = card;
		describe(&card->accs[i], dev_id, &info, i);
	}
	accel_dev_close(dev_id);
	return card->accs != NULL ? 0 : -ENOMEM;
}

static void
free_card(struct card *card)
{
	free(card->accs);
	free(card->spec);
	free(card);
}

/*
 * The list
 */

/* The lock is held. */
static void
put_card(struct card *card)
{
	if (__atomic_sub_fetch(&card->refs, 1, __ATOMIC_ACQ_REL) == 0)
		free_card(card);
}

static struct card *
find_card(const char *spec)
{
	struct card *card;

	TAILQ_FOREACH(card, &cards, node) {
		if (strcmp(card->spec, spec) == 0)
			return card;
	}
	return NULL;
}

static bool
place_is_taken(unsigned int place)
{
	const struct card *card;

	TAILQ_FOREACH(card, &cards, node) {
		if (card->place == place)
			return true;
	}
	return false;
}

/* Whether one that is to be used is the same device, under another spec. */
static bool
is_known(const struct card *card)
{
	const struct card *other;

	TAILQ_FOREACH(other, &cards, node) {
		if (other->wanted && strcmp(other->name, card->name) == 0)
			return true;
	}
	return false;
}

static int
add_card(const char *spec)
{
	struct card *card = calloc(1, sizeof(*card));

	if (card != NULL)
		card->spec = strdup(spec);
	if (card == NULL || card->spec == NULL) {
		free(card);
		return -ENOMEM;
	}
	while (place_is_taken(card->place))
		card->place++;
	if (look(card) != 0 || is_known(card)) {
		free_card(card);
		return 0; /* logged: one that cannot be used is none */
	}
	card->refs = 1;
	card->wanted = true;
	TAILQ_INSERT_TAIL(&cards, card, node);
	return 0;
}

/* The lock is held. What somebody holds is needed to know it again, and that it is open. */
static void
drop_unwanted(void)
{
	struct card *card, *next;

	for (card = TAILQ_FIRST(&cards); card != NULL; card = next) {
		next = TAILQ_NEXT(card, node);
		if (card->wanted || __atomic_load_n(&card->refs, __ATOMIC_RELAXED) != 1)
			continue;
		TAILQ_REMOVE(&cards, card, node);
		put_card(card);
	}
}

/* The lock is held. */
static void
want_none(void)
{
	struct card *card;

	TAILQ_FOREACH(card, &cards, node)
		card->wanted = false;
}

/* Of specs for one device, which differ in their keys, the first one counts. */
static bool
is_repeated(char *const *specs, int i)
{
	size_t len = strcspn(specs[i], ",");
	int j;

	for (j = 0; j < i; j++) {
		if (strcspn(specs[j], ",") == len && strncmp(specs[j], specs[i], len) == 0)
			return true;
	}
	return false;
}

static int
update_locked(char *const *specs, int n)
{
	int i, ret = 0;

	want_none();
	for (i = 0; i < n && ret == 0; i++) {
		struct card *card = find_card(specs[i]);

		if (is_repeated(specs, i))
			continue;
		if (card != NULL)
			card->wanted = true;
		else
			ret = add_card(specs[i]);
	}
	drop_unwanted();
	return ret;
}

int
catalog_update(void)
{
	char **specs;
	int ret = 0, n = accel_auto_specs(DRIVER, &specs);

	if (n < 0)
		return n;
	if (n > 0)
		ret = accel_auto_init();
	if (ret == 0) {
		pthread_mutex_lock(&lock);
		ret = update_locked(specs, n);
		pthread_mutex_unlock(&lock);
	}
	free(specs);
	return ret;
}

/* The lock is held. */
static unsigned int
count_all(void)
{
	const struct card *card;
	unsigned int n = 0;

	TAILQ_FOREACH(card, &cards, node)
		n += card->wanted ? card->nb : 0;
	return n;
}

int
catalog_all(struct accelerator ***accs_out)
{
	struct accelerator **accs;
	struct card *card;
	unsigned int i, n = 0;

	pthread_mutex_lock(&lock);
	accs = calloc(count_all() + 1, sizeof(*accs));
	TAILQ_FOREACH(card, &cards, node) {
		for (i = 0; accs != NULL && card->wanted && i < card->nb; i++) {
			accs[n++] = &card->accs[i];
			accelerator_hold(&card->accs[i]);
		}
	}
	pthread_mutex_unlock(&lock);
	*accs_out = accs;
	return accs != NULL ? (int)n : -ENOMEM;
}

void
catalog_forget(void)
{
	pthread_mutex_lock(&lock);
	want_none();
	drop_unwanted();
	pthread_mutex_unlock(&lock);
}

/*
 * Accelerators
 */

void
accelerator_hold(struct accelerator *acc)
{
	__atomic_add_fetch(&acc->card->refs, 1, __ATOMIC_RELAXED);
}

void
accelerator_put(struct accelerator *acc)
{
	pthread_mutex_lock(&lock);
	put_card(acc->card);
	pthread_mutex_unlock(&lock);
}

bool
accelerator_is_open(struct accelerator *acc)
{
	bool open;

	pthread_mutex_lock(&lock);
	open = acc->open;
	pthread_mutex_unlock(&lock);
	return open;
}

/* The lock is held. */
static int
open_locked(struct accelerator *acc)
{
	struct card *card = acc->card;
	int ret;

	if (acc->open)
		return -EBUSY;
	if (card->users == 0) {
		ret = probe(card->spec);
		if (ret < 0)
			return ret;
		card->dev_id = (uint16_t)ret;
	}
	card->users++;
	acc->open = true;
	return card->dev_id;
}

int
accelerator_open(struct accelerator *acc)
{
	int ret;

	pthread_mutex_lock(&lock);
	ret = open_locked(acc);
	pthread_mutex_unlock(&lock);
	return ret;
}

void
accelerator_close(struct accelerator *acc)
{
	pthread_mutex_lock(&lock);
	acc->open = false;
	if (--acc->card->users == 0)
		accel_dev_close(acc->card->dev_id);
	pthread_mutex_unlock(&lock);
}
