/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef DFL_REGS_H
#define DFL_REGS_H

/**
 * @file
 * Device feature list: a chain of headers in a BAR, as the Linux kernel documents it
 * (Documentation/fpga/dfl.rst). Registers have 64 bits, little endian; offsets are from a header.
 */

#define DFL_BAR 0

#define DFH               0x00
#define DFH_ID(h)         ((h) & 0xfff)
#define DFH_NEXT(h)       ((h) >> 16 & 0xffffff) /* bytes from this header to the next */
#define DFH_EOL(h)        ((h) >> 40 & 1)        /* this is the last one */
#define DFH_VERSION(h)    ((h) >> 52 & 0xff)
#define DFH_TYPE(h)       ((h) >> 60)
#define DFH_TYPE_AFU      1
#define DFH_TYPE_BLOCK    2 /* building block of an AFU */
#define DFH_TYPE_PRIVATE  3
#define DFH_TYPE_FIU      4
#define DFH_GUID_L        0x08 /* of an AFU or FIU; in version 1 of all */
#define DFH_GUID_H        0x10
#define DFH_NEXT_AFU      0x18 /* of an FIU, version 0: bits 23:0, bytes to its AFU; 0: none */
#define DFH_NEXT_AFU_OFFSET(n) ((n) & 0xffffff)
#define DFH_LEN           0x18 /* bytes of the shortest header with a GUID */

/* FIUs by their id. */
#define DFL_FIU_FME       0
#define DFL_FIU_PORT      1

/* Of the FME. */
#define FME_CAP           0x30
#define FME_CAP_PORTS(c)  ((c) >> 17 & 7)
#define FME_PORTS         4
#define FME_PORT(n)       (0x38 + 8 * (n))
#define FME_LEN           FME_PORT(FME_PORTS)
#define FME_PORT_OFFSET(p) ((p) & 0xffffff)
#define FME_PORT_BAR(p)   ((p) >> 32 & 7)
#define FME_PORT_THERE(p) ((p) >> 60 & 1)

/* Of a port. */
#define PORT_CONTROL      0x38
#define PORT_RESET        0x01
#define PORT_RESET_ACK    0x10 /* outstanding requests are done, and it is in reset */
#define PORT_LEN          0x40

#endif
