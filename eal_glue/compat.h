/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef COMPAT_H
#define COMPAT_H

/**
 * @file
 * What differs between the releases of DPDK that the sources compile against, 22.11 to 25.11: code
 * uses the newer names.
 */

#include <rte_version.h>

/* Unsigned numbers of telemetry were called u64 before 23.03; these names were gone by 25.11. */
#if RTE_VERSION < RTE_VERSION_NUM(23, 3, 0, 0)
#define rte_tel_data_add_dict_uint rte_tel_data_add_dict_u64
#endif

#endif
