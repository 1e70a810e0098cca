/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef DOCTOR_H
#define DOCTOR_H

/**
 * @file
 * accel-doctor: says which preconditions of using devices hold on this machine for this user, and
 * how to mend those that do not. It changes nothing.
 */

#include <acceldev/acceldev.h>
#include <eal_glue/host_user.h>
#include <eal_glue/host_vfio.h>
#include <eal_glue/pci_function.h>

#include "report.h"

/** What every check may want to know, gathered once. */
struct doctor {
	struct host host;
	struct host_user user;
	char user_name[64];
	bool in_container;
	char container[32];
	struct host_vfio vfio;
	struct host_iommu iommu;
	bool has_pci;
};

/** Gather the facts; root must stay valid. */
void doctor_gather(struct doctor *d, const char *root);

/* Groups of checks, a file each; they add to a list. */
void checks_machine(const struct doctor *d, struct json_object *checks);
void checks_vfio(const struct doctor *d, struct json_object *checks);
void checks_memory(const struct doctor *d, struct json_object *checks);
void checks_limits(const struct doctor *d, struct json_object *checks);
void checks_eal(const struct doctor *d, struct json_object *checks);

/** Functions that are bound to vfio-pci, or that a driver here serves; one check each. */
void checks_pci(const struct doctor *d, struct json_object *checks);

/* Single checks of those, which matter to a device as well. */
void check_iommu(const struct doctor *d, struct json_object *checks);
void check_vfio_node(const struct doctor *d, struct json_object *checks);
void check_vfio_type1(const struct doctor *d, struct json_object *checks);
void check_remapping(const struct doctor *d, struct json_object *checks);
void check_memlock(const struct doctor *d, struct json_object *checks);

/**
 * What keeps a function from being opened. The group's node is opened only when the user named the
 * function.
 */
void checks_function(const struct doctor *d, const struct pci_function *fn, bool named,
		struct json_object *checks);

/** Judge a SPEC: true when it can be used by this user now. */
bool judge_device(const struct doctor *d, const char *spec, struct report *report);

/** Print the report as text. */
void print_report(const struct doctor *d, const struct report *report, bool verbose);

#endif
