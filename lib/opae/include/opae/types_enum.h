/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef OPAE_TYPES_ENUM_H
#define OPAE_TYPES_ENUM_H

/**
 * @file
 * Numbers of the OPAE C library's API, version 2.
 */

/** What a call returns. */
typedef enum {
	FPGA_OK = 0,
	FPGA_INVALID_PARAM = 1, /**< an argument is wrong, or a handle is not valid any more */
	FPGA_BUSY = 2,          /**< in use, by this process or another */
	FPGA_EXCEPTION = 3,     /**< the device, the kernel or this library failed */
	FPGA_NOT_FOUND = 4,
	FPGA_NO_MEMORY = 5,     /**< no memory, hugepage or IOVA is left, or the limit is reached */
	FPGA_NOT_SUPPORTED = 6,
	FPGA_NO_DRIVER = 7,
	FPGA_NO_DAEMON = 8,
	FPGA_NO_ACCESS = 9,
	FPGA_RECONF_ERROR = 10
} fpga_result;

/** What fpgaRegisterEvent() can be asked for. */
typedef enum {
	FPGA_EVENT_INTERRUPT = 0,
	FPGA_EVENT_ERROR = 1,
	FPGA_EVENT_POWER_THERMAL = 2
} fpga_event_type;

typedef enum {
	FPGA_ACCELERATOR_ASSIGNED = 0,  /**< somebody has it open */
	FPGA_ACCELERATOR_UNASSIGNED = 1
} fpga_accelerator_state;

typedef enum {
	FPGA_DEVICE = 0,     /**< the card's management; never found here */
	FPGA_ACCELERATOR = 1 /**< an accelerator function */
} fpga_objtype;

typedef enum {
	FPGA_IFC_DFL = 0,
	FPGA_IFC_VFIO = 1,
	FPGA_IFC_SIM_DFL = 2,
	FPGA_IFC_SIM_VFIO = 3,
	FPGA_IFC_UIO = 4
} fpga_interface;

/** For fpgaPrepareBuffer(). */
enum fpga_buffer_flags {
	FPGA_BUF_PREALLOCATED = 1u << 0, /**< the caller's memory */
	FPGA_BUF_QUIET = 1u << 1,        /**< log nothing when it fails */
	FPGA_BUF_READ_ONLY = 1u << 2     /**< the accelerator may only read it */
};

/** For fpgaOpen(). */
enum fpga_open_flags {
	FPGA_OPEN_SHARED = 1u << 0,
	FPGA_OPEN_HAS_PARENT_AFU = 1u << 1
};

/** For fpgaReconfigureSlot(). */
enum fpga_reconf_flags {
	FPGA_RECONF_FORCE = 1u << 0,
	FPGA_RECONF_SKIP_USRCLK = 1u << 1
};

enum fpga_sysobject_flags {
	FPGA_OBJECT_SYNC = 1u << 0,
	FPGA_OBJECT_GLOB = 1u << 1,
	FPGA_OBJECT_RAW = 1u << 2,
	FPGA_OBJECT_RECURSE_ONE = 1u << 3,
	FPGA_OBJECT_RECURSE_ALL = 1u << 4
};

enum fpga_sysobject_type {
	FPGA_OBJECT_CONTAINER = 1,
	FPGA_OBJECT_ATTRIBUTE = 2
};

enum fpga_metric_type {
	FPGA_METRIC_TYPE_POWER = 0,
	FPGA_METRIC_TYPE_THERMAL = 1,
	FPGA_METRIC_TYPE_PERFORMANCE_CTR = 2,
	FPGA_METRIC_TYPE_AFU = 3,
	FPGA_METRIC_TYPE_UNKNOWN = 4
};

enum fpga_metric_datatype {
	FPGA_METRIC_DATATYPE_INT = 0,
	FPGA_METRIC_DATATYPE_FLOAT = 1,
	FPGA_METRIC_DATATYPE_DOUBLE = 2,
	FPGA_METRIC_DATATYPE_BOOL = 3,
	FPGA_METRIC_DATATYPE_UNKNOWN = 4
};

#endif
