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

/* Characters of a path in a log. */
#define PATH_SHOWN 256

/* What a program is loaded from. */
struct part {
	int fd;
	uint64_t offset;
	size_t len;      /* 0: all, until it was found */
	void *bytes;     /* a copy */
	const char *why; /* of a failure, where its errno tells too little; or NULL */
};

static int
fail(struct part *part, int err, const char *why)
{
	part->why = why;
	return err;
}

/* Devices, eventfds and the like have no bytes, as empty files; those of /proc hide theirs. */
static int
find_nothing(struct part *part)
{
	struct stat st;

	if (fstat(part->fd, &st) == 0 && !S_ISREG(st.st_mode))
		return fail(part, -EINVAL, "it is neither a file, a memfd nor a dma-buf");
	return fail(part, -ERANGE, "it is empty, or tells no size, as files of /proc");
}

static int
find_part(struct part *part)
{
	uint64_t left, size;
	int ret = hugemem_fd_size(part->fd, &size);

	if (ret != 0)
		return fail(part, ret, ret == -EINVAL ?
				"it is neither a file, a memfd nor a dma-buf" : NULL);
	if (size == 0)
		return find_nothing(part);
	if (part->offset >= size || part->len > size - part->offset)
		return fail(part, -ERANGE, "the file is too short for it");
	left = size - part->offset;
	if (part->len == 0)
		part->len = left < SIZE_MAX ? (size_t)left : SIZE_MAX;
	return part->len <= ACCEL_IMAGE_MAX ? 0 : fail(part, -EFBIG, "it is over 1 GiB");
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
copy_failed(struct part *part, int err)
{
	switch (err) {
	case EBADF: /* its size was told */
		return fail(part, -EACCES, "the descriptor is not open for reading");
	case EIO:
		return fail(part, -EIO, "its disk fails");
	default:
		return -err;
	}
}

static int
copy(struct part *part)
{
	size_t done;
	ssize_t n;

	for (done = 0; done < part->len; done += (size_t)n) {
		n = pread(part->fd, (char *)part->bytes + done, part->len - done,
				(off_t)(part->offset + done));
		if (n < 0 && errno == EINTR)
			n = 0;
		else if (n < 0 && done == 0 && (errno == EINVAL || errno == ESPIPE))
			return copy_mapped(part->fd, part->offset, part->bytes, part->len);
		else if (n < 0)
			return copy_failed(part, errno);
		else if (n == 0)
			return fail(part, -ERANGE, "the file has become too short for it");
	}
	return 0;
}

static int
read_part(struct part *part)
{
	int ret = find_part(part);

	if (ret != 0)
		return ret;
	part->bytes = malloc(part->len);
	if (part->bytes == NULL)
		return -ENOMEM;
	ret = copy(part);
	if (ret != 0)
		free(part->bytes);
	return ret;
}

static const char *
words(const struct part *part, int err)
{
	return part->why != NULL ? part->why : strerror(-err);
}

static int
load_part(uint16_t dev_id, const struct part *part, struct accel_program **program)
{
	int ret = accel_program_load(dev_id, part->bytes, part->len, program);

	free(part->bytes);
	return ret;
}

int
accel_program_load_fd(uint16_t dev_id, int fd, uint64_t offset, size_t len,
		struct accel_program **program)
{
	struct part part = { .fd = fd, .offset = offset, .len = len };
	int ret = read_part(&part);

	if (ret == 0)
		return load_part(dev_id, &part, program);
	ACCEL_LOG(ERR, device, "device %u: program at %" PRIu64 " of descriptor %d cannot be read: %s: "
			"name a file, memfd or dma-buf that has it", dev_id, offset, fd,
			words(&part, ret));
	return ret;
}

/*
 * The descriptor of a regular file, without waiting for what others may be; or negative errno. A
 * socket cannot be opened at all.
 */
static int
open_file(struct part *part, const char *path)
{
	static const char irregular[] = "it is no regular file, but a device, pipe or socket";
	struct stat st;
	int ret;

	part->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (part->fd < 0)
		return errno == ENXIO ? fail(part, -EIO, irregular) : -errno;
	ret = fstat(part->fd, &st) != 0 ? -errno : S_ISDIR(st.st_mode) ? -EISDIR :
			S_ISREG(st.st_mode) ? 0 : fail(part, -EIO, irregular);
	if (ret != 0)
		close(part->fd);
	return ret;
}

static int
read_file(struct part *part, const char *path)
{
	int ret = open_file(part, path);

	if (ret != 0)
		return ret;
	ret = read_part(part);
	close(part->fd);
	return ret;
}

int
accel_program_load_file(uint16_t dev_id, const char *path, struct accel_program **program)
{
	struct part part = { .fd = -1 };
	int ret;

	if (path == NULL) {
		ACCEL_LOG(ERR, device, "device %u: path of a program is NULL", dev_id);
		return -EINVAL;
	}
	ret = read_file(&part, path);
	if (ret == 0)
		return load_part(dev_id, &part, program);
	ACCEL_LOG(ERR, device, "device %u: program %.*s%s cannot be read: %s: name a file with an image",
			dev_id, PATH_SHOWN, path, strlen(path) > PATH_SHOWN ? "..." : "",
			words(&part, ret));
	return ret;
}
