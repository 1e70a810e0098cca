/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "doctor.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#define DEFAULT_ENTRIES 65535
#define GRUB_FILE "/etc/default/grub.d/iommu.cfg"

/* VFIO and the IOMMU: what prevents devices on bus pci. Buses soft and sim need none of it. */

/* Commands for Debian's boot loader. */
static void
mend_cmdline(struct json_object *c, const char *word)
{
	check_mend(c, "echo 'GRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX %s\"' >" GRUB_FILE
			" && update-grub && reboot", word);
}

static void
explain_iommu_off(const struct doctor *d, struct json_object *c)
{
	static const char *const names[] = {
		[HOST_CPU_OTHER] = "the IOMMU (SMMU)", [HOST_CPU_INTEL] = "VT-d",
		[HOST_CPU_AMD] = "AMD-Vi (IOMMU)",
	};
	const char *words = d->iommu.cmdline;

	if (strstr(words, "iommu=off") != NULL) {
		check_detail(c, "prevents devices on bus pci: the kernel's command line has it off "
				"(%s): take that out of /etc/default/grub", words);
		check_mend(c, "editor /etc/default/grub && update-grub && reboot");
	} else if (d->iommu.cpu == HOST_CPU_INTEL && strstr(words, "intel_iommu=on") == NULL) {
		check_detail(c, "prevents devices on bus pci: switch %s on, and the kernel's use "
				"of it",
				d->iommu.hypervisor ? "the virtual machine's IOMMU (QEMU: -machine "
				"kernel-irqchip=split -device intel-iommu,intremap=on)" :
				"VT-d in the firmware");
		mend_cmdline(c, "intel_iommu=on");
	} else if (d->iommu.hypervisor) {
		check_detail(c, "prevents devices on bus pci: this machine is virtual, and its "
				"hypervisor gives it no IOMMU (QEMU: -device "
				"intel-iommu,intremap=on or amd-iommu)");
	} else {
		check_detail(c, "prevents devices on bus pci: switch %s on in the firmware",
				names[d->iommu.cpu]);
		check_mend(c, "systemctl reboot --firmware-setup");
	}
}

void
check_iommu(const struct doctor *d, struct json_object *checks)
{
	struct json_object *c = check_add(checks, "iommu", "IOMMU");

	if (d->iommu.nb_groups != 0) {
		check_say(c, VERDICT_OK, "on, %u groups%s%s", d->iommu.nb_groups,
				d->iommu.cmdline[0] != 0 ? ", command line: " : "",
				d->iommu.cmdline);
		return;
	}
	if (!d->has_pci) {
		check_say(c, VERDICT_NA, "the machine has no PCI functions");
		return;
	}
	check_say(c, VERDICT_PROBLEM, "off: the kernel has no IOMMU groups");
	explain_iommu_off(d, c);
}

void
check_remapping(const struct doctor *d, struct json_object *checks)
{
	struct json_object *c = check_add(checks, "interrupt-remapping", "interrupt remapping");

	if (d->iommu.nb_groups == 0) {
		check_say(c, VERDICT_NA, "no IOMMU");
	} else if (d->iommu.remapping == HOST_YES) {
		check_say(c, VERDICT_OK, "on");
	} else if (d->vfio.unsafe_interrupts == HOST_YES) {
		check_say(c, VERDICT_WARNING, "not needed: allow_unsafe_interrupts is set");
		check_detail(c, "a device that is used can raise any interrupt of the machine");
	} else if (d->iommu.remapping == HOST_UNKNOWN) {
		check_say(c, VERDICT_UNKNOWN, "not told");
		check_detail(c, "without it the kernel refuses devices (\"cannot isolate it\"): "
				"dmesg | grep -i remapping tells");
	} else {
		check_say(c, VERDICT_PROBLEM, "off");
		check_detail(c, "prevents devices on bus pci: see the firmware, the hypervisor "
				"(QEMU: -device intel-iommu,intremap=on) and the kernel's command "
				"line; the command does without, where all programs are trusted");
		check_mend(c, "echo 1 "
				">/sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts");
	}
}

static void
check_driver(const struct doctor *d, struct json_object *checks)
{
	struct json_object *c = check_add(checks, "vfio-driver", "kernel driver vfio-pci");

	if (d->vfio.has_driver) {
		check_say(c, VERDICT_OK, "loaded or built in");
		return;
	}
	if (!d->has_pci) {
		check_say(c, VERDICT_NA, "the machine has no PCI functions");
		return;
	}
	check_say(c, VERDICT_PROBLEM, "not loaded");
	check_detail(c, "prevents devices on bus pci%s",
			d->in_container ? ": load it on the host" : "");
	check_mend(c, "modprobe vfio-pci");
}

static void
explain_node(const struct doctor *d, struct json_object *c)
{
	if (d->vfio.container == -EACCES || d->vfio.container == -EPERM) {
		check_say(c, VERDICT_PROBLEM, "no permission");
		check_detail(c, "prevents devices on bus pci for this user%s", d->in_container ?
				": the container must be given the device, not only the file" : "");
		check_mend(c, "chmod 0666 /dev/vfio/vfio");
	} else if (d->vfio.container == -ENOENT && d->in_container) {
		check_say(c, VERDICT_PROBLEM, "is not there");
		check_detail(c, "prevents devices on bus pci: pass it and the group's node in");
		check_mend(c, "docker run --device=/dev/vfio/vfio --device=/dev/vfio/GROUP "
				"--ulimit memlock=-1:-1 ...");
	} else {
		check_say(c, VERDICT_PROBLEM, "cannot be opened: %s", strerror(-d->vfio.container));
		check_detail(c, "prevents devices on bus pci");
		check_mend(c, "modprobe vfio-pci");
	}
}

void
check_vfio_node(const struct doctor *d, struct json_object *checks)
{
	struct json_object *c = check_add(checks, "vfio-node", "/dev/vfio/vfio");

	if (d->vfio.running && d->vfio.container == 0) {
		check_say(c, VERDICT_OK, "can be opened");
	} else if (d->vfio.running) {
		explain_node(d, c);
	} else if (!d->has_pci) {
		check_say(c, VERDICT_NA, "the machine has no PCI functions");
	} else {
		check_say(c, VERDICT_PROBLEM, "VFIO is not loaded");
		check_detail(c, "prevents devices on bus pci");
		check_mend(c, "modprobe vfio-pci");
	}
}

void
check_vfio_type1(const struct doctor *d, struct json_object *checks)
{
	struct json_object *c = check_add(checks, "vfio-type1", "VFIO's IOMMU type1v2");

	if (d->vfio.container != 0) {
		check_say(c, VERDICT_NA, "needs /dev/vfio/vfio");
	} else if (d->vfio.type1v2 == HOST_YES) {
		check_say(c, VERDICT_OK, "there%s", d->vfio.unmap_all == HOST_YES ?
				", with unmap all" : "");
	} else if (d->vfio.type1v2 == HOST_NO) {
		check_say(c, VERDICT_PROBLEM, "not there");
		check_detail(c, "prevents devices on bus pci");
		check_mend(c, "modprobe vfio_iommu_type1");
	} else {
		check_say(c, VERDICT_UNKNOWN, "/dev/vfio/vfio does not answer");
	}
}

static void
check_noiommu(const struct doctor *d, struct json_object *checks)
{
	struct json_object *c = check_add(checks, "noiommu", "VFIO without an IOMMU");

	if (d->vfio.noiommu != HOST_YES) {
		check_say(c, VERDICT_NA, "%s",
				d->vfio.noiommu == HOST_NO ? "off" : "not in this kernel");
		return;
	}
	check_say(c, VERDICT_WARNING, "enable_unsafe_noiommu_mode is on");
	check_detail(c, "acceldev does not use it: devices work behind an IOMMU only, and without "
			"one a device can write anywhere");
	check_mend(c, "echo N >/sys/module/vfio/parameters/enable_unsafe_noiommu_mode");
}

static void
check_iommufd(const struct doctor *d, struct json_object *checks)
{
	struct json_object *c = check_add(checks, "iommufd", "iommufd");

	check_say(c, VERDICT_NA, "%s", d->vfio.has_iommufd ? "/dev/iommu is there, and not needed" :
			"not there, and not needed");
}

static void
check_entries(const struct doctor *d, struct json_object *checks)
{
	struct json_object *c = check_add(checks, "map-entries", "maps per I/O space");
	uint64_t limit = d->vfio.dma_entry_limit;

	if (limit == 0) {
		check_say(c, VERDICT_NA, "vfio_iommu_type1 is not loaded, or has no such limit");
		return;
	}
	check_say(c, limit < DEFAULT_ENTRIES ? VERDICT_WARNING : VERDICT_OK, "%" PRIu64, limit);
	if (limit >= DEFAULT_ENTRIES)
		return;
	check_detail(c, "less than the kernel's default: each arena of buffers takes one, and each "
			"isolated or exported buffer");
	check_mend(c, "echo %u >/sys/module/vfio_iommu_type1/parameters/dma_entry_limit",
			DEFAULT_ENTRIES);
}

void
checks_vfio(const struct doctor *d, struct json_object *checks)
{
	check_iommu(d, checks);
	check_remapping(d, checks);
	check_driver(d, checks);
	check_vfio_node(d, checks);
	check_vfio_type1(d, checks);
	check_entries(d, checks);
	check_noiommu(d, checks);
	check_iommufd(d, checks);
}
