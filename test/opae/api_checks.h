/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef API_CHECKS_H
#define API_CHECKS_H

/**
 * @file
 * What a program can see of the OPAE API at compile time: numbers, sizes, layouts and prototypes,
 * in C99 and C++11. It is right when it compiles.
 */

#include <stddef.h>

#include <opae/fpga.h>
#include <opae/mem_alloc.h>

#ifdef __cplusplus
#define CHECK(condition) static_assert(condition, #condition)
#else
#define CHECK(condition) extern char api_check[(condition) ? 1 : -1]
#endif

CHECK(FPGA_OK == 0 && FPGA_INVALID_PARAM == 1 && FPGA_BUSY == 2 && FPGA_EXCEPTION == 3);
CHECK(FPGA_NOT_FOUND == 4 && FPGA_NO_MEMORY == 5 && FPGA_NOT_SUPPORTED == 6);
CHECK(FPGA_NO_DRIVER == 7 && FPGA_NO_DAEMON == 8 && FPGA_NO_ACCESS == 9);
CHECK(FPGA_RECONF_ERROR == 10 && sizeof(fpga_result) == sizeof(int));
CHECK(FPGA_EVENT_INTERRUPT == 0 && FPGA_EVENT_ERROR == 1 && FPGA_EVENT_POWER_THERMAL == 2);
CHECK(FPGA_ACCELERATOR_ASSIGNED == 0 && FPGA_ACCELERATOR_UNASSIGNED == 1);
CHECK(FPGA_DEVICE == 0 && FPGA_ACCELERATOR == 1);
CHECK(FPGA_IFC_DFL == 0 && FPGA_IFC_VFIO == 1 && FPGA_IFC_SIM_DFL == 2);
CHECK(FPGA_IFC_SIM_VFIO == 3 && FPGA_IFC_UIO == 4);
CHECK(FPGA_BUF_PREALLOCATED == 1 && FPGA_BUF_QUIET == 2 && FPGA_BUF_READ_ONLY == 4);
CHECK(FPGA_OPEN_SHARED == 1 && FPGA_OPEN_HAS_PARENT_AFU == 2);
CHECK(FPGA_RECONF_FORCE == 1 && FPGA_RECONF_SKIP_USRCLK == 2);
CHECK(FPGA_OBJECT_SYNC == 1 && FPGA_OBJECT_GLOB == 2 && FPGA_OBJECT_RAW == 4);
CHECK(FPGA_OBJECT_RECURSE_ONE == 8 && FPGA_OBJECT_RECURSE_ALL == 16);
CHECK(FPGA_OBJECT_CONTAINER == 1 && FPGA_OBJECT_ATTRIBUTE == 2);
CHECK(FPGA_METRIC_TYPE_POWER == 0 && FPGA_METRIC_TYPE_THERMAL == 1);
CHECK(FPGA_METRIC_TYPE_PERFORMANCE_CTR == 2 && FPGA_METRIC_TYPE_AFU == 3);
CHECK(FPGA_METRIC_TYPE_UNKNOWN == 4);
CHECK(FPGA_METRIC_DATATYPE_INT == 0 && FPGA_METRIC_DATATYPE_FLOAT == 1);
CHECK(FPGA_METRIC_DATATYPE_DOUBLE == 2 && FPGA_METRIC_DATATYPE_BOOL == 3);
CHECK(FPGA_METRIC_DATATYPE_UNKNOWN == 4);
CHECK(OPAE_LOG_ERROR == 0 && OPAE_LOG_MESSAGE == 1 && OPAE_LOG_DEBUG == 2);
CHECK(FPGA_ERROR_NAME_MAX == 64 && FPGA_METRIC_STR_SIZE == 256);
CHECK(FPGA_VERSION_STR_MAX == 10 && FPGA_BUILD_STR_MAX == 41);

CHECK(sizeof(fpga_guid) == 16 && sizeof(fpga_token) == sizeof(void *));
CHECK(sizeof(fpga_version) == 4 && offsetof(fpga_version, minor) == 1);
CHECK(offsetof(fpga_version, patch) == 2);
CHECK(sizeof(struct fpga_error_info) == 65 && offsetof(struct fpga_error_info, can_clear) == 64);
CHECK(sizeof(metric_value) == 8);
CHECK(offsetof(fpga_metric_info, qualifier_name) == 16);
CHECK(offsetof(fpga_metric_info, metric_datatype) == 16 + 4 * 256);
CHECK(offsetof(fpga_metric, value) == 8 && offsetof(fpga_metric, isvalid) == 16);
CHECK(offsetof(threshold, is_valid) == 256 && offsetof(threshold, value) == 264);
CHECK(sizeof(metric_threshold) == 256 + 7 * sizeof(threshold));
CHECK(sizeof(struct mem_link) == 32 && offsetof(struct mem_link, size) == 8);
CHECK(offsetof(struct mem_link, prev) == 16 && offsetof(struct mem_link, next) == 24);
CHECK(sizeof(struct mem_alloc) == 64 && offsetof(struct mem_alloc, allocated) == 32);

/* Prototypes: each is assigned to a pointer of the type that it must have. */
struct api_prototypes {
	fpga_result (*initialize)(const char *);
	fpga_result (*finalize)(void);
	fpga_result (*get_properties)(fpga_token, fpga_properties *);
	fpga_result (*get_properties_from_handle)(fpga_handle, fpga_properties *);
	fpga_result (*update_properties)(fpga_token, fpga_properties);
	fpga_result (*clear_properties)(fpga_properties);
	fpga_result (*clone_properties)(fpga_properties, fpga_properties *);
	fpga_result (*destroy_properties)(fpga_properties *);
	fpga_result (*enumerate)(const fpga_properties *, uint32_t, fpga_token *, uint32_t,
			uint32_t *);
	fpga_result (*clone_token)(fpga_token, fpga_token *);
	fpga_result (*destroy_token)(fpga_token *);
	fpga_result (*open)(fpga_token, fpga_handle *, int);
	fpga_result (*close)(fpga_handle);
	fpga_result (*reset)(fpga_handle);
	fpga_result (*get_children)(fpga_handle, uint32_t, fpga_handle *, uint32_t *);
	fpga_result (*map_mmio)(fpga_handle, uint32_t, uint64_t **);
	fpga_result (*unmap_mmio)(fpga_handle, uint32_t);
	fpga_result (*write_mmio64)(fpga_handle, uint32_t, uint64_t, uint64_t);
	fpga_result (*read_mmio64)(fpga_handle, uint32_t, uint64_t, uint64_t *);
	fpga_result (*write_mmio32)(fpga_handle, uint32_t, uint64_t, uint32_t);
	fpga_result (*read_mmio32)(fpga_handle, uint32_t, uint64_t, uint32_t *);
	fpga_result (*write_mmio512)(fpga_handle, uint32_t, uint64_t, const void *);
	fpga_result (*prepare_buffer)(fpga_handle, uint64_t, void **, uint64_t *, int);
	fpga_result (*release_buffer)(fpga_handle, uint64_t);
	fpga_result (*get_io_address)(fpga_handle, uint64_t, uint64_t *);
	fpga_result (*bind_sva)(fpga_handle, uint32_t *);
	fpga_result (*create_event)(fpga_event_handle *);
	fpga_result (*destroy_event)(fpga_event_handle *);
	fpga_result (*get_os_object)(const fpga_event_handle, int *);
	fpga_result (*register_event)(fpga_handle, fpga_event_type, fpga_event_handle, uint32_t);
	fpga_result (*unregister_event)(fpga_handle, fpga_event_type, fpga_event_handle);
	const char *(*err_str)(fpga_result);
	fpga_result (*version)(fpga_version *);
	fpga_result (*version_string)(char *, size_t);
	fpga_result (*build_string)(char *, size_t);
	void (*print)(int, const char *, ...);
	void (*mem_init)(struct mem_alloc *);
	void (*mem_destroy)(struct mem_alloc *);
	int (*mem_add_free)(struct mem_alloc *, uint64_t, uint64_t);
	int (*mem_get)(struct mem_alloc *, uint64_t *, uint64_t);
	int (*mem_put)(struct mem_alloc *, uint64_t);
	int (*mem_constrain)(struct mem_alloc *, struct mem_alloc *);
};

static const struct api_prototypes api_prototypes = {
	fpgaInitialize, fpgaFinalize,
	fpgaGetProperties, fpgaGetPropertiesFromHandle, fpgaUpdateProperties, fpgaClearProperties,
	fpgaCloneProperties, fpgaDestroyProperties,
	fpgaEnumerate, fpgaCloneToken, fpgaDestroyToken,
	fpgaOpen, fpgaClose, fpgaReset, fpgaGetChildren,
	fpgaMapMMIO, fpgaUnmapMMIO, fpgaWriteMMIO64, fpgaReadMMIO64, fpgaWriteMMIO32,
	fpgaReadMMIO32, fpgaWriteMMIO512,
	fpgaPrepareBuffer, fpgaReleaseBuffer, fpgaGetIOAddress, fpgaBindSVA,
	fpgaCreateEventHandle, fpgaDestroyEventHandle, fpgaGetOSObjectFromEventHandle,
	fpgaRegisterEvent, fpgaUnregisterEvent,
	fpgaErrStr, fpgaGetOPAECVersion, fpgaGetOPAECVersionString, fpgaGetOPAECBuildString,
	opae_print,
	mem_alloc_init, mem_alloc_destroy, mem_alloc_add_free, mem_alloc_get, mem_alloc_put,
	mem_alloc_apply_constraint,
};

/* Getters and setters, by the type of the value. */
#define FOR_EACH_PROPERTY(DO)                                                                      \
	DO(Parent, fpga_token)                                                                     \
	DO(ObjectType, fpga_objtype)                                                               \
	DO(Segment, uint16_t)                                                                      \
	DO(Bus, uint8_t)                                                                           \
	DO(Device, uint8_t)                                                                        \
	DO(Function, uint8_t)                                                                      \
	DO(SocketID, uint8_t)                                                                      \
	DO(VendorID, uint16_t)                                                                     \
	DO(DeviceID, uint16_t)                                                                     \
	DO(SubsystemVendorID, uint16_t)                                                            \
	DO(SubsystemDeviceID, uint16_t)                                                            \
	DO(NumSlots, uint32_t)                                                                     \
	DO(BBSID, uint64_t)                                                                        \
	DO(BBSVersion, fpga_version)                                                               \
	DO(LocalMemorySize, uint64_t)                                                              \
	DO(Capabilities, uint64_t)                                                                 \
	DO(NumMMIO, uint32_t)                                                                      \
	DO(NumInterrupts, uint32_t)                                                                \
	DO(AcceleratorState, fpga_accelerator_state)                                               \
	DO(ObjectID, uint64_t)                                                                     \
	DO(NumErrors, uint32_t)                                                                    \
	DO(Interface, fpga_interface)

#define POINTERS(name, type)                                                                       \
	fpga_result (*get##name)(const fpga_properties, type *);                                   \
	fpga_result (*set##name)(fpga_properties, type);
#define FUNCTIONS(name, type) fpgaPropertiesGet##name, fpgaPropertiesSet##name,

struct api_accessors {
	FOR_EACH_PROPERTY(POINTERS)
	fpga_result (*get_guid)(const fpga_properties, fpga_guid *);
	fpga_result (*set_guid)(fpga_properties, fpga_guid);
	fpga_result (*get_model)(const fpga_properties, char *);
	fpga_result (*set_model)(fpga_properties, char *);
};

static const struct api_accessors api_accessors = {
	FOR_EACH_PROPERTY(FUNCTIONS)
	fpgaPropertiesGetGUID, fpgaPropertiesSetGUID,
	fpgaPropertiesGetModel, fpgaPropertiesSetModel,
};

#endif
