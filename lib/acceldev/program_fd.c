/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include <acceldev/accel_program.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <acceldev/accel_dev.h>

#include <eal_glue/glue_log.h>
#include <eal_glue/hugemem_view.h>

/* No image is larger. */
#define MAX_IMAGE (UINT64_C(1) << 30)

/* The part of what fd names: its length in len, which was 0 for all. */
static int
find_part(int fd, uint64_t offset, size_t *len)
{
	uint64_t size;
	int ret = hugemem_fd_size(fd, &size);

	if (ret != 0)
		return ret;
	if (offset >= size || *len > size - offset)
		return -ERANGE;
	if (*len == 0)
		*len = size - offset < SIZE_MAX ? (size_t)(size - offset) : SIZE_MAX;
	return *len <= MAX_IMAGE ? 0 : -EFBIG;
}

/* For a dma-buf, which cannot be read. A copy, since others may write it. */
static int
copy_mapped(int fd, uint64_t offset, void *bytes, size_t len)
{
	struct hugemem_view view;
	int ret = hugemem_view_open(fd, offset, len, false, &view);

	if (ret != 0)
		return ret == -ENODEV ? -EINVAL : ret;
	memcpy(bytes, view.va, len);
	hugemem_view_close(&view);
	return 0;
}

static int
copy(int fd, uint64_t offset, char *bytes, size_t len)
{
	size_t done;
	ssize_t n;

	for (done = 0; done < len; done += (size_t)n) {
		n = pread(fd, bytes + done, len - done, (off_t)(offset + done));
		if (n < 0 && errno == EINTR)
			n = 0;
		else if (n < 0 && done == 0 && (errno == EINVAL || errno == ESPIPE))
			return copy_mapped(fd, offset, bytes, len);
		else if (n <= 0)
			return n < 0 ? -errno : -ERANGE;
	}
	return 0;
}

static int
read_part(int fd, uint64_t offset, size_t *len, void **bytes_out)
{
	void *bytes;
	int ret = find_part(fd, offset, len);

	if (ret != 0)
		return ret;
	bytes = malloc(*len);
	if (bytes == NULL)
		return -ENOMEM;
	ret = copy(fd, offset, bytes, *len);
	if (ret != 0)
		free(bytes);
	else
		*bytes_out = bytes;
	return ret;
}

static const char *
words(int err)
{
	switch (-err) {
	case ERANGE:
		return "the file is too short for it";
	case EFBIG:
		return "it is over 1 GiB";
	case EIO:
		return "it is no regular file, or its disk fails";
	default:
		return strerror(-err);
	}
}

int
accel_program_load_fd(uint16_t dev_id, int fd, uint64_t offset, size_t len,
		struct accel_program **program)
{
	void *bytes = NULL;
	int ret = read_part(fd, offset, &len, &bytes);

	if (ret != 0) {
		ACCEL_LOG(ERR, device, "device %u: program at %" PRIu64 " of descriptor %d cannot be read: "
				"%s: name a file, memfd or dma-buf that has it", dev_id, offset, fd,
				words(ret));
		return ret;
	}
	ret = accel_program_load(dev_id, bytes, len, program);
	free(bytes);
	return ret;
}

/*
 * The descriptor of a regular file, without waiting for what others may be; or negative errno. A
 * socket cannot be opened at all.
 */
static int
open_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;
	int ret;

	if (fd < 0)
		return errno == ENXIO ? -EIO : -errno;
	ret = fstat(fd, &st) != 0 ? -errno : S_ISDIR(st.st_mode) ? -EISDIR :
			S_ISREG(st.st_mode) ? fd : -EIO;
	if (ret < 0)
		close(fd);
	return ret;
}

static int
read_file(const char *path, size_t *len, void **bytes)
{
	int ret, fd = open_file(path);

	if (fd < 0)
		return fd;
	ret = read_part(fd, 0, len, bytes);
	close(fd);
	return ret;
}

int
accel_program_load_file(uint16_t dev_id, const char *path, struct accel_program **program)
{
	void *bytes = NULL;
	size_t len = 0;
	int ret;

	if (path == NULL) {
		ACCEL_LOG(ERR, device, "device %u: path of a program is NULL", dev_id);
		return -EINVAL;
	}
	ret = read_file(path, &len, &bytes);
	if (ret != 0) {
		ACCEL_LOG(ERR, device, "device %u: program %s cannot be read: %s: name a file with an "
				"image", dev_id, path, words(ret));
		return ret;
	}
	ret = accel_program_load(dev_id, bytes, len, program);
	free(bytes);
	return ret;
}
