/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef NVME_DEV_H
#define NVME_DEV_H

/**
 * @file
 * The guest's NVMe controller for tests, by nvme_driver.c. What is known of it here is from boot.sh
 * and the specification, not from the driver.
 */

#include <stdbool.h>
#include <stdint.h>

#include <acceldev/acceldev.h>

#define PAGE       4096
#define NVME_DEPTH 16
#define UNTOUCHED  0xa5 /* of memory that nobody wrote to */

/* Addresses in bank 0: the namespace, and what is told about it (CNS). */
#define NVME_AT(ns, cns) ((uint64_t)(ns) << 20 | (uint64_t)(cns) << 12)
#define CONTROLLER       NVME_AT(0, 1)
#define NAMESPACE        NVME_AT(1, 0)
#define ACTIVE           NVME_AT(0, 2) /* the list of active namespaces */

/* Registers, in BAR 0. */
#define REG_VS   0x08
#define REG_CC   0x14
#define REG_CSTS 0x1c
#define REG_ASQ  0x28
#define REG_ACQ  0x30

/** Skip the running test unless this is the guest: whether it was. */
bool nvme_skip_elsewhere(void);

/** A spec with keys, as ",key=value", of a device of the guest; valid until the next call. */
const char *nvme_spec(const char *vm_device, const char *keys);

/** Open the controller; and start it with a queue pair of NVME_DEPTH. */
uint16_t nvme_open(const char *keys);
uint16_t nvme_run(const char *keys);

/** Registers, asserted: of BAR 0, and PCI_COMMAND. */
uint64_t nvme_reg(uint16_t dev, uint64_t off, unsigned int width);
uint64_t nvme_command_register(uint16_t dev);

/**
 * Switch bus mastering behind the driver's back. Without, the controller gets no command and ends
 * none; it has failed then, and must be disabled.
 */
void nvme_master(uint16_t dev, bool on);

/** Memory of one of the controller's rings, by its register; asserted that it is mapped. */
unsigned char *nvme_ring(uint16_t dev, uint64_t reg);

/** Pages, filled with UNTOUCHED; and whether they still are. */
struct accel_buf *nvme_pages(uint16_t dev, unsigned int n, uint32_t flags);
bool nvme_untouched(const void *va, size_t len);

/** An op that asks for a page. */
struct accel_op nvme_op(uint64_t which, uint64_t iova);

/** Wait for some ops: how many came in 5 s. */
uint16_t nvme_wait(uint16_t dev, struct accel_op **ops, uint16_t n);

/** Run an op to its end: its status; and one that asks for a page. */
uint8_t nvme_run_op(uint16_t dev, struct accel_op *op);
uint8_t nvme_identify(uint16_t dev, uint64_t which, uint64_t iova);

/** A number of up to 4 bytes. */
uint32_t nvme_le(const unsigned char *at, unsigned int bytes);

/** Whether a page is what the controller has to tell; bytes that are zero. */
bool nvme_is_controller(const unsigned char *at);
bool nvme_is_namespace(const unsigned char *at);
bool nvme_is_active_list(const unsigned char *at);
bool nvme_zeros(const unsigned char *at, size_t len);

/** Whether the controller does what it is told. */
bool nvme_works(uint16_t dev);

/**
 * Enqueue commands that do not end, each with a page of memory. The last has a fence. Bus mastering
 * is off afterwards.
 */
void nvme_enqueue_lost(uint16_t dev, uint64_t iova, struct accel_op *ops, uint16_t n);

/** Wait for ops, and assert that they come in order with a status. */
void nvme_assert_all_are(uint16_t dev, struct accel_op *ops, uint16_t n, uint8_t status);

#endif
