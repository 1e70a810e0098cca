/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef ACCEL_PROGRAM_H
#define ACCEL_PROGRAM_H

/**
 * @file
 * Programs: what a device with instructions of its own runs, loaded from an image.
 *
 * A program is loaded once: its constants are copied to memory for the device and stay. It names
 * tensors, its inputs and outputs. An instance is one set of memory for these:
 * accel_instance_bind() says where each lies, and an op with ACCEL_OP_RUN and the instance in
 * accel_op::ext runs it. Instances of one program may be in flight at once, on any queue pair; one
 * instance in one op at a time. Its tensors must not be bound anew, nor their memory touched, while
 * it is in flight. Memory is not freed before another is bound or the instance has run for the last
 * time: what is there then is what the device writes.
 *
 * An NPU reads inputs after it has begun to write outputs: an output that would lie over another
 * tensor of its instance is refused when the second of the two is bound. To swap the memory of an
 * input and an output, have two instances, or bind one of the tensors to other memory in between.
 *
 * Handles are looked up before they are followed: one that was ended or made up is an error, never
 * a crash, until another program or instance has its place. A device cannot be closed while it has
 * programs.
 *
 * Threads: any, but for the ops, whose queue pair has one thread at a time.
 */

#include <stddef.h>
#include <stdint.h>

#include <acceldev/accel_buf.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Bytes of an image, and of what a program is loaded from, at most. */
#define ACCEL_IMAGE_MAX ((size_t)1 << 30)
/** Programs that a process has loaded, on all devices, at most. */
#define ACCEL_MAX_PROGRAMS 4096
/** Instances of a process, of all programs, at most. */
#define ACCEL_MAX_INSTANCES 65536
/** Bytes of a tensor's label, its end among them. */
#define ACCEL_LABEL_MAX 64
/** Dimensions of a tensor, at most. */
#define ACCEL_TENSOR_DIMS 4

struct accel_program;
struct accel_instance;

/** Which way a tensor goes. */
enum accel_tensor_dir {
	ACCEL_TENSOR_IN,
	ACCEL_TENSOR_OUT,
};

/** Types of elements; the numbers are TFLite's. */
enum accel_dtype {
	ACCEL_DTYPE_INT32 = 2,
	ACCEL_DTYPE_UINT8 = 3,
	ACCEL_DTYPE_INT8 = 9,
};

/** What is known about a tensor. */
struct accel_tensor_info {
	char label[ACCEL_LABEL_MAX];
	enum accel_tensor_dir dir;
	enum accel_dtype dtype;
	unsigned int ndim;
	uint32_t shape[ACCEL_TENSOR_DIMS]; /**< unused ones are 0; rows before columns */
	uint64_t size;                     /**< bytes */
	uint64_t align;                    /**< bytes, of the address that an op gives it */
	uint64_t reserved[4];
};

/** What is known about a program. */
struct accel_program_info {
	uint16_t dev_id;
	unsigned int nb_tensors; /**< inputs first, then outputs, each in the image's order */
	unsigned int nb_inputs;
	unsigned int nb_instances;
	uint64_t constant_bytes; /**< in memory for the device, once for the program */
	uint64_t scratch_bytes;  /**< and for each instance */
	uint64_t runs;           /**< ops that succeeded */
	uint64_t errors;         /**< ops that did not */
	uint64_t cycles;         /**< of the device, in runs */
	uint64_t reserved[4];
};

/**
 * Load a program.
 *
 * @param image  bytes of the image, which are not needed afterwards
 * @param len    bytes, at most ACCEL_IMAGE_MAX; the image may end before, if its format tells where
 * @param[out] program  the caller's to unload; untouched on failure
 * @retval 0 success
 * @retval -EINVAL image or program is NULL, or the image is refused; the log names section, offset
 *         and rule
 * @retval -EFBIG len is over ACCEL_IMAGE_MAX
 * @retval -ENODEV no such device
 * @retval -ENOTSUP the device runs no programs
 * @retval -ENOMEM, -ENOSPC no memory for the constants, as accel_buf_alloc()
 * @retval -ENOSPC also: there are ACCEL_MAX_PROGRAMS
 */
int accel_program_load(uint16_t dev_id, const void *image, size_t len,
		struct accel_program **program);

/**
 * The same from a file, all of which is read.
 *
 * @return as accel_program_load()
 * @retval -EISDIR a folder
 * @retval -EIO no regular file, or its disk fails
 * @retval -ERANGE an empty file, as those of /proc seem to be
 * @retval -EFBIG over ACCEL_IMAGE_MAX
 * @return other negative errno of open() and pread(), logged
 */
int accel_program_load_file(uint16_t dev_id, const char *path, struct accel_program **program);

/**
 * The same from a part of what a file descriptor names: a file, a memfd, a hugetlbfs file or a
 * dma-buf. The descriptor stays the caller's, with the position it has, and is not needed
 * afterwards. All of the part is read into memory for the time of the call, wherever the image in
 * it ends.
 *
 * @param offset  bytes
 * @param len     bytes; 0: to the end
 * @return as accel_program_load()
 * @retval -EINVAL also: a descriptor of something else, such as a device, a pipe or an eventfd
 * @retval -EBADF not an open descriptor
 * @retval -EACCES a descriptor that is not open for reading
 * @retval -ERANGE not all of it lies in the file, or nothing
 * @retval -EFBIG over ACCEL_IMAGE_MAX
 * @return other negative errno of pread() and mmap(), logged
 */
int accel_program_load_fd(uint16_t dev_id, int fd, uint64_t offset, size_t len,
		struct accel_program **program);

/**
 * Unload a program. NULL is a no-op.
 *
 * @retval 0 success
 * @retval -EINVAL not a loaded program
 * @retval -EBUSY it has instances
 */
int accel_program_unload(struct accel_program *program);

/** What is known about a program: 0, or -EINVAL: not a loaded program, or info is NULL. */
int accel_program_info_get(struct accel_program *program, struct accel_program_info *info);

/**
 * What is known about its n-th tensor: 0, or -EINVAL: not a loaded program, no such tensor, or info
 * is NULL.
 */
int accel_program_tensor_get(struct accel_program *program, unsigned int n,
		struct accel_tensor_info *info);

/**
 * The tensor of that label.
 *
 * @return its number
 * @retval -EINVAL not a loaded program, or label is NULL
 * @retval -ENOENT no tensor has that label; not logged
 */
int accel_program_tensor_find(struct accel_program *program, const char *label);

/**
 * Make an instance of a program.
 *
 * @param[out] instance  the caller's to destroy; untouched on failure
 * @retval 0 success
 * @retval -EINVAL not a loaded program, or instance is NULL
 * @retval -ENOMEM, -ENOSPC no memory, as accel_buf_alloc()
 * @retval -ENOSPC also: there are ACCEL_MAX_INSTANCES
 */
int accel_instance_create(struct accel_program *program, struct accel_instance **instance);

/**
 * Destroy an instance, which is not in flight. NULL is a no-op.
 *
 * @retval 0 success
 * @retval -EINVAL not an instance
 * @retval -EBUSY it is in flight
 */
int accel_instance_destroy(struct accel_instance *instance);

/**
 * Say where a tensor lies. The memory stays the caller's.
 *
 * @param n     number of the tensor
 * @param iova  first byte as the device reaches it: accel_buf::iova and an offset, the IOVA of an
 *         mbuf, ...
 * @retval 0 success
 * @retval -EINVAL not an instance, no such tensor, or iova is not aligned as the tensor wants it;
 *                 or an output would lie over another tensor that is bound
 * @retval -EBUSY it is in flight
 * @retval -EFAULT the device does not reach all of it, or must not write an output
 * @retval -ERANGE outside the addresses that the device's programs reach
 */
int accel_instance_bind(struct accel_instance *instance, unsigned int n, uint64_t iova);

/**
 * Have the op of an instance that is in flight end soon, with ACCEL_STATUS_ABORTED unless it is
 * done by then. It comes back as any other. Does not wait, nor take a lock. No interrupt tells of
 * it: wake a thread that sleeps until one comes, for instance by writing to the eventfd that it
 * reads.
 *
 * @retval 0 success
 * @retval -EINVAL not an instance
 * @retval -ENOENT it is not in flight; not logged
 */
int accel_instance_cancel(struct accel_instance *instance);

#ifdef __cplusplus
}
#endif

#endif
