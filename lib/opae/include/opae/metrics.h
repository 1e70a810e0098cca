/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef OPAE_METRICS_H
#define OPAE_METRICS_H

/**
 * @file
 * Sensors of the card: not supported.
 */

#include <opae/types.h>

#ifdef __cplusplus
extern "C" {
#endif

fpga_result fpgaGetNumMetrics(fpga_handle handle, uint64_t *num_metrics);
fpga_result fpgaGetMetricsInfo(fpga_handle handle, fpga_metric_info *metric_info,
		uint64_t *num_metrics);
fpga_result fpgaGetMetricsByIndex(fpga_handle handle, uint64_t *metric_num,
		uint64_t num_metric_indexes, fpga_metric *metrics);
fpga_result fpgaGetMetricsByName(fpga_handle handle, char **metrics_names,
		uint64_t num_metric_names, fpga_metric *metrics);
fpga_result fpgaGetMetricsThresholdInfo(fpga_handle handle, metric_threshold *metric_thresholds,
		uint32_t *num_thresholds);

#ifdef __cplusplus
}
#endif

#endif
