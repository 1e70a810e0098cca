/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef OPAE_PROPERTIES_H
#define OPAE_PROPERTIES_H

#include <opae/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Make a properties object: empty for token NULL, else what is known about the accelerator.
 *
 * @param[out] prop  ended by fpgaDestroyProperties(); untouched on failure
 * @retval FPGA_OK success
 * @retval FPGA_INVALID_PARAM prop is NULL, or token is not valid
 * @retval FPGA_NO_MEMORY no memory
 */
fpga_result fpgaGetProperties(fpga_token token, fpga_properties *prop);

/** The same for an open accelerator. */
fpga_result fpgaGetPropertiesFromHandle(fpga_handle handle, fpga_properties *prop);

/** Fill an object with what is known about an accelerator now. */
fpga_result fpgaUpdateProperties(fpga_token token, fpga_properties prop);

/** Unset all properties. */
fpga_result fpgaClearProperties(fpga_properties prop);

/** Make a copy. */
fpga_result fpgaCloneProperties(fpga_properties src, fpga_properties *dst);

/** End an object and set it to NULL. */
fpga_result fpgaDestroyProperties(fpga_properties *prop);

/*
 * One property. Reading gives FPGA_OK, FPGA_NOT_FOUND when it is not set, FPGA_INVALID_PARAM for
 * NULL or an object that is none, or for a property that this type of object does not have, and
 * FPGA_NOT_SUPPORTED for Model, LocalMemorySize and Capabilities. Setting gives the same but for
 * FPGA_NOT_FOUND. A parent is a token: the one that is set must be valid, also when it is read, and
 * the one that is read is another for the same accelerator, ended by fpgaDestroyToken().
 */

fpga_result fpgaPropertiesGetParent(const fpga_properties prop, fpga_token *value);
fpga_result fpgaPropertiesSetParent(fpga_properties prop, fpga_token value);
fpga_result fpgaPropertiesGetObjectType(const fpga_properties prop, fpga_objtype *value);
fpga_result fpgaPropertiesSetObjectType(fpga_properties prop, fpga_objtype value);
fpga_result fpgaPropertiesGetSegment(const fpga_properties prop, uint16_t *value);
fpga_result fpgaPropertiesSetSegment(fpga_properties prop, uint16_t value);
fpga_result fpgaPropertiesGetBus(const fpga_properties prop, uint8_t *value);
fpga_result fpgaPropertiesSetBus(fpga_properties prop, uint8_t value);
fpga_result fpgaPropertiesGetDevice(const fpga_properties prop, uint8_t *value);
fpga_result fpgaPropertiesSetDevice(fpga_properties prop, uint8_t value);
fpga_result fpgaPropertiesGetFunction(const fpga_properties prop, uint8_t *value);
fpga_result fpgaPropertiesSetFunction(fpga_properties prop, uint8_t value);
fpga_result fpgaPropertiesGetSocketID(const fpga_properties prop, uint8_t *value);
fpga_result fpgaPropertiesSetSocketID(fpga_properties prop, uint8_t value);
fpga_result fpgaPropertiesGetVendorID(const fpga_properties prop, uint16_t *value);
fpga_result fpgaPropertiesSetVendorID(fpga_properties prop, uint16_t value);
fpga_result fpgaPropertiesGetDeviceID(const fpga_properties prop, uint16_t *value);
fpga_result fpgaPropertiesSetDeviceID(fpga_properties prop, uint16_t value);
fpga_result fpgaPropertiesGetSubsystemVendorID(const fpga_properties prop, uint16_t *value);
fpga_result fpgaPropertiesSetSubsystemVendorID(fpga_properties prop, uint16_t value);
fpga_result fpgaPropertiesGetSubsystemDeviceID(const fpga_properties prop, uint16_t *value);
fpga_result fpgaPropertiesSetSubsystemDeviceID(fpga_properties prop, uint16_t value);
fpga_result fpgaPropertiesGetNumSlots(const fpga_properties prop, uint32_t *value);
fpga_result fpgaPropertiesSetNumSlots(fpga_properties prop, uint32_t value);
fpga_result fpgaPropertiesGetBBSID(const fpga_properties prop, uint64_t *value);
fpga_result fpgaPropertiesSetBBSID(fpga_properties prop, uint64_t value);
fpga_result fpgaPropertiesGetBBSVersion(const fpga_properties prop, fpga_version *value);
fpga_result fpgaPropertiesSetBBSVersion(fpga_properties prop, fpga_version value);
fpga_result fpgaPropertiesGetModel(const fpga_properties prop, char *value);
fpga_result fpgaPropertiesSetModel(fpga_properties prop, char *value);
fpga_result fpgaPropertiesGetLocalMemorySize(const fpga_properties prop, uint64_t *value);
fpga_result fpgaPropertiesSetLocalMemorySize(fpga_properties prop, uint64_t value);
fpga_result fpgaPropertiesGetCapabilities(const fpga_properties prop, uint64_t *value);
fpga_result fpgaPropertiesSetCapabilities(fpga_properties prop, uint64_t value);
fpga_result fpgaPropertiesGetGUID(const fpga_properties prop, fpga_guid *value);
fpga_result fpgaPropertiesSetGUID(fpga_properties prop, fpga_guid value);
fpga_result fpgaPropertiesGetNumMMIO(const fpga_properties prop, uint32_t *value);
fpga_result fpgaPropertiesSetNumMMIO(fpga_properties prop, uint32_t value);
fpga_result fpgaPropertiesGetNumInterrupts(const fpga_properties prop, uint32_t *value);
fpga_result fpgaPropertiesSetNumInterrupts(fpga_properties prop, uint32_t value);
fpga_result fpgaPropertiesGetAcceleratorState(const fpga_properties prop,
		fpga_accelerator_state *value);
fpga_result fpgaPropertiesSetAcceleratorState(fpga_properties prop, fpga_accelerator_state value);
fpga_result fpgaPropertiesGetObjectID(const fpga_properties prop, uint64_t *value);
fpga_result fpgaPropertiesSetObjectID(fpga_properties prop, uint64_t value);
fpga_result fpgaPropertiesGetNumErrors(const fpga_properties prop, uint32_t *value);
fpga_result fpgaPropertiesSetNumErrors(fpga_properties prop, uint32_t value);
fpga_result fpgaPropertiesGetInterface(const fpga_properties prop, fpga_interface *value);
fpga_result fpgaPropertiesSetInterface(fpga_properties prop, fpga_interface value);

#ifdef __cplusplus
}
#endif

#endif
