/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <opae/error.h>
#include <opae/manage.h>
#include <opae/metrics.h>
#include <opae/sysobject.h>
#include <opae/umsg.h>
#include <opae/userclk.h>

/*
 * Management of a card, and what the kernel's own driver for it tells: nothing of it is there under
 * VFIO.
 */

fpga_result
fpgaReadError(fpga_token token, uint32_t error_num, uint64_t *value)
{
	(void)token;
	(void)error_num;
	(void)value;
	return FPGA_NOT_SUPPORTED;
}

fpga_result
fpgaClearError(fpga_token token, uint32_t error_num)
{
	(void)token;
	(void)error_num;
	return FPGA_NOT_SUPPORTED;
}

fpga_result
fpgaClearAllErrors(fpga_token token)
{
	(void)token;
	return FPGA_NOT_SUPPORTED;
}

fpga_result
fpgaGetErrorInfo(fpga_token token, uint32_t error_num, struct fpga_error_info *error_info)
{
	(void)token;
	(void)error_num;
	(void)error_info;
	return FPGA_NOT_SUPPORTED;
}

fpga_result
fpgaAssignPortToInterface(fpga_handle fpga, uint32_t interface_num, uint32_t slot_num, int flags)
{
	(void)fpga;
	(void)interface_num;
	(void)slot_num;
	(void)flags;
	return FPGA_NOT_SUPPORTED;
}

fpga_result
fpgaAssignToInterface(fpga_handle fpga, fpga_token accelerator, uint32_t host_interface, int flags)
{
	(void)fpga;
	(void)accelerator;
	(void)host_interface;
	(void)flags;
	return FPGA_NOT_SUPPORTED;
}

fpga_result
fpgaReleaseFromInterface(fpga_handle fpga, fpga_token accelerator)
{
	(void)fpga;
	(void)accelerator;
	return FPGA_NOT_SUPPORTED;
}

fpga_result
fpgaReconfigureSlot(fpga_handle fpga, uint32_t slot, const uint8_t *bitstream, size_t bitstream_len,
		int flags)
{
	(void)fpga;
	(void)slot;
	(void)bitstream;
	(void)bitstream_len;
	(void)flags;
	return FPGA_NOT_SUPPORTED;
}

fpga_result
fpgaGetNumMetrics(fpga_handle handle, uint64_t *num_metrics)
{
	(void)handle;
	(void)num_metrics;
	return FPGA_NOT_SUPPORTED;
}

fpga_result
fpgaGetMetricsInfo(fpga_handle handle, fpga_metric_info *metric_info, uint64_t *num_metrics)
{
	(void)handle;
	(void)metric_info;
	(void)num_metrics;
	return FPGA_NOT_SUPPORTED;
}

fpga_result
fpgaGetMetricsByIndex(fpga_handle handle, uint64_t *metric_num, uint64_t num_metric_indexes,
		fpga_metric *metrics)
{
	(void)handle;
	(void)metric_num;
	(void)num_metric_indexes;
	(void)metrics;
	return FPGA_NOT_SUPPORTED;
}

fpga_result
fpgaGetMetricsByName(fpga_handle handle, char **metrics_names, uint64_t num_metric_names,
		fpga_metric *metrics)
{
	(void)handle;
	(void)metrics_names;
	(void)num_metric_names;
	(void)metrics;
	return FPGA_NOT_SUPPORTED;
}

fpga_result
fpgaGetMetricsThresholdInfo(fpga_handle handle, metric_threshold *metric_thresholds,
		uint32_t *num_thresholds)
{
	(void)handle;
	(void)metric_thresholds;
	(void)num_thresholds;
	return FPGA_NOT_SUPPORTED;
}

fpga_result
fpgaTokenGetObject(fpga_token token, const char *name, fpga_object *object, int flags)
{
	(void)token;
	(void)name;
	(void)object;
	(void)flags;
	return FPGA_NOT_SUPPORTED;
}

fpga_result
fpgaHandleGetObject(fpga_handle handle, const char *name, fpga_object *object, int flags)
{
	(void)handle;
	(void)name;
	(void)object;
	(void)flags;
	return FPGA_NOT_SUPPORTED;
}

fpga_result
fpgaObjectGetObject(fpga_object parent, const char *name, fpga_object *object, int flags)
{
	(void)parent;
	(void)name;
	(void)object;
	(void)flags;
	return FPGA_NOT_SUPPORTED;
}

fpga_result
fpgaObjectGetObjectAt(fpga_object parent, size_t idx, fpga_object *object)
{
	(void)parent;
	(void)idx;
	(void)object;
	return FPGA_NOT_SUPPORTED;
}

fpga_result
fpgaObjectGetType(fpga_object obj, enum fpga_sysobject_type *type)
{
	(void)obj;
	(void)type;
	return FPGA_NOT_SUPPORTED;
}

fpga_result
fpgaObjectGetName(fpga_object obj, char *name, size_t max_len)
{
	(void)obj;
	(void)name;
	(void)max_len;
	return FPGA_NOT_SUPPORTED;
}

fpga_result
fpgaObjectGetSize(fpga_object obj, uint32_t *value, int flags)
{
	(void)obj;
	(void)value;
	(void)flags;
	return FPGA_NOT_SUPPORTED;
}

fpga_result
fpgaObjectRead(fpga_object obj, uint8_t *buffer, size_t offset, size_t len, int flags)
{
	(void)obj;
	(void)buffer;
	(void)offset;
	(void)len;
	(void)flags;
	return FPGA_NOT_SUPPORTED;
}

fpga_result
fpgaObjectRead64(fpga_object obj, uint64_t *value, int flags)
{
	(void)obj;
	(void)value;
	(void)flags;
	return FPGA_NOT_SUPPORTED;
}

fpga_result
fpgaObjectWrite64(fpga_object obj, uint64_t value, int flags)
{
	(void)obj;
	(void)value;
	(void)flags;
	return FPGA_NOT_SUPPORTED;
}

fpga_result
fpgaDestroyObject(fpga_object *obj)
{
	(void)obj;
	return FPGA_NOT_SUPPORTED;
}

fpga_result
fpgaGetNumUmsg(fpga_handle handle, uint64_t *value)
{
	(void)handle;
	(void)value;
	return FPGA_NOT_SUPPORTED;
}

fpga_result
fpgaSetUmsgAttributes(fpga_handle handle, uint64_t value)
{
	(void)handle;
	(void)value;
	return FPGA_NOT_SUPPORTED;
}

fpga_result
fpgaTriggerUmsg(fpga_handle handle, uint64_t value)
{
	(void)handle;
	(void)value;
	return FPGA_NOT_SUPPORTED;
}

fpga_result
fpgaGetUmsgPtr(fpga_handle handle, uint64_t **umsg_ptr)
{
	(void)handle;
	(void)umsg_ptr;
	return FPGA_NOT_SUPPORTED;
}

fpga_result
fpgaSetUserClock(fpga_handle handle, uint64_t high_clk, uint64_t low_clk, int flags)
{
	(void)handle;
	(void)high_clk;
	(void)low_clk;
	(void)flags;
	return FPGA_NOT_SUPPORTED;
}

fpga_result
fpgaGetUserClock(fpga_handle handle, uint64_t *high_clk, uint64_t *low_clk, int flags)
{
	(void)handle;
	(void)high_clk;
	(void)low_clk;
	(void)flags;
	return FPGA_NOT_SUPPORTED;
}
