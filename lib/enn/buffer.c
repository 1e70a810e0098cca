/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "buffer.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include <acceldev/accel_auto.h>
#include <acceldev/accel_dev.h>

#include "life.h"
#include "model.h"
#include "words.h"

static int
compare(const struct enn_buffer *a, const struct enn_buffer *b)
{
	uintptr_t x = (uintptr_t)a, y = (uintptr_t)b;

	return (x > y) - (x < y);
}

RB_HEAD(buffers, enn_buffer);
RB_GENERATE_INTERNAL(buffers, enn_buffer, entry, compare, static __attribute__((unused)))

static struct buffers all = RB_INITIALIZER(&all);

/*
 * Memory
 */

static size_t
page_size(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

static int
tell_no_memory(uint32_t size)
{
	TELL("no memory for the books of a buffer of %u bytes", size);
	return -ENOMEM;
}

static int
check_size(uint32_t size)
{
	if (size != 0)
		return 0;
	TELL("a buffer of 0 bytes: ask for some");
	return -EMSGSIZE;
}

static int
alloc_plain(uint32_t size, uint64_t align, struct accel_buf **buf)
{
	return accel_ctx_buf_alloc(enn_ctx(), size, align, ACCEL_BUF_ZERO, buf);
}

/* Descriptors may run out before memory does: a buffer then has none. */
static int
alloc_own_pages(uint32_t size, uint64_t align, struct accel_buf **buf)
{
	bool quiet = accel_log_quiet(true);
	int ret, err = accel_ctx_buf_alloc(enn_ctx(), size, align,
			ACCEL_BUF_ZERO | ACCEL_BUF_EXPORTABLE, buf);

	accel_log_quiet(quiet);
	if (err == 0)
		return 0;
	ret = alloc_plain(size, align, buf);
	if (ret == 0)
		TELL_SHORTFALL("a buffer of %u bytes has no file descriptor: %s", size,
				err == -EMFILE ? "none is left, raise RLIMIT_NOFILE" :
				accel_strerror(err));
	return ret;
}

static struct enn_buffer *
fill_in(struct enn_buffer *buffer, uint32_t size, uint32_t offset)
{
	buffer->size = size;
	buffer->fd = -1;
	buffer->refs = 1;
	buffer->iova = buffer->buf->iova + offset;
	buffer->pub = (EnnBuffer){ .va = buffer->buf->va, .size = size, .offset = offset };
	return buffer;
}

int
enn_buffer_alloc(uint32_t size, uint64_t align, bool own_pages, struct enn_buffer **out)
{
	struct enn_buffer *buffer;
	int ret = check_size(size);

	if (ret != 0)
		return ret;
	buffer = calloc(1, sizeof(*buffer));
	if (buffer == NULL)
		return tell_no_memory(size);
	if (align < page_size())
		align = page_size();
	ret = own_pages ? alloc_own_pages(size, align, &buffer->buf) :
			alloc_plain(size, align, &buffer->buf);
	if (ret != 0) {
		free(buffer);
		return ret;
	}
	*out = fill_in(buffer, size, 0);
	return 0;
}

int
enn_buffer_import(int fd, uint32_t size, uint32_t offset, struct enn_buffer **out)
{
	uint32_t into_page = offset % page_size();
	struct enn_buffer *buffer;
	int ret = check_size(size);

	if (ret != 0)
		return ret;
	buffer = calloc(1, sizeof(*buffer));
	if (buffer == NULL)
		return tell_no_memory(size);
	ret = accel_buf_import_fd(enn_dev_id(), fd, offset - into_page, (size_t)into_page + size, 0,
			&buffer->buf);
	if (ret != 0) {
		free(buffer);
		return ret;
	}
	*out = fill_in(buffer, size, into_page);
	return 0;
}

static void
free_memory(struct enn_buffer *buffer)
{
	if (buffer->fd >= 0)
		close(buffer->fd);
	accel_buf_free(buffer->buf);
	buffer->buf = NULL;
	buffer->pub = (EnnBuffer){ .va = NULL };
}

void
enn_buffer_discard(struct enn_buffer *buffer)
{
	free_memory(buffer);
	free(buffer);
}

/*
 * Books
 */

void
enn_buffer_add(struct enn_buffer *buffer)
{
	RB_INSERT(buffers, &all, buffer);
}

struct enn_buffer *
enn_buffer_find(const EnnBuffer *pub)
{
	struct enn_buffer *buffer = pub == NULL ? NULL :
			RB_FIND(buffers, &all, (struct enn_buffer *)(uintptr_t)pub);

	if (buffer == NULL)
		TELL("%p is no buffer: made up, or released already", (const void *)pub);
	return buffer;
}

void
enn_buffer_put(struct enn_buffer *buffer)
{
	if (--buffer->refs == 0)
		free(buffer);
}

void
enn_buffer_bind(struct enn_buffer *buffer)
{
	buffer->bound++;
	buffer->refs++;
}

void
enn_buffer_unbind(struct enn_buffer *buffer)
{
	if (buffer == NULL)
		return;
	if (--buffer->bound == 0 && buffer->ended)
		free_memory(buffer);
	enn_buffer_put(buffer);
}

void
enn_buffer_end_memory(struct enn_buffer *buffer)
{
	RB_REMOVE(buffers, &all, buffer);
	if (buffer->bound != 0)
		enn_model_forget(buffer);
	buffer->ended = true;
	if (buffer->bound == 0)
		free_memory(buffer);
}

static void
end(struct enn_buffer *buffer)
{
	enn_buffer_end_memory(buffer);
	enn_buffer_put(buffer);
}

void
enn_buffer_end_all(void)
{
	struct enn_buffer *buffer;

	while ((buffer = RB_MIN(buffers, &all)) != NULL)
		end(buffer);
}

/*
 * Calls
 */

/* In a call: make a new buffer known. */
static int
give(int ret, struct enn_buffer *buffer, EnnBufferPtr *out)
{
	enn_lock();
	if (ret != 0)
		return enn_end(ret);
	enn_buffer_add(buffer);
	*out = &buffer->pub;
	return enn_end(0);
}

static int
begin(EnnBufferPtr *out)
{
	int ret;

	if (out == NULL) {
		TELL("a buffer: there is no pointer to give it by");
		return -EINVAL;
	}
	*out = NULL;
	ret = enn_begin();
	if (ret == 0)
		enn_unlock();
	return ret;
}

int
enn_buffer_create(uint32_t size, EnnBufferPtr *out)
{
	struct enn_buffer *buffer = NULL;
	int ret = begin(out);

	if (ret != 0)
		return ret;
	ret = enn_buffer_alloc(size, 0, true, &buffer);
	return give(ret, buffer, out);
}

int
enn_buffer_create_flagged(uint32_t size, uint32_t flag, EnnBufferPtr *out)
{
	if (flag == 0)
		return enn_buffer_create(size, out);
	TELL("a buffer with flag 0x%x: only 0 is supported", flag);
	if (out != NULL)
		*out = NULL;
	return out != NULL ? -ENOTSUP : -EINVAL;
}

int
enn_buffer_create_from_fd(uint32_t fd, uint32_t size, uint32_t offset, EnnBufferPtr *out)
{
	struct enn_buffer *buffer = NULL;
	int ret = begin(out);

	if (ret != 0)
		return ret;
	ret = enn_buffer_import(fd <= INT_MAX ? (int)fd : -1, size, offset, &buffer);
	return give(ret, buffer, out);
}

int
enn_buffer_release(EnnBufferPtr pub)
{
	struct enn_buffer *buffer;
	int ret = enn_begin();

	if (ret != 0)
		return ret;
	buffer = enn_buffer_find(pub);
	if (buffer == NULL)
		return enn_end(-EINVAL);
	if (buffer->in_set) {
		TELL("buffer %p is one of an array: give the array to EnnReleaseBuffers()",
				(const void *)pub);
		return enn_end(-EINVAL);
	}
	end(buffer);
	return enn_end(0);
}

/* -1 is an answer too. */
int
enn_buffer_fd(EnnBufferPtr pub, int32_t *fd)
{
	struct enn_buffer *buffer;
	int ret;

	if (fd == NULL) {
		TELL("descriptor of buffer %p: there is no pointer to give it by",
				(const void *)pub);
		return -EINVAL;
	}
	*fd = -1;
	ret = enn_begin();
	if (ret != 0)
		return ret;
	buffer = enn_buffer_find(pub);
	if (buffer == NULL)
		return enn_end(-EINVAL);
	if (buffer->fd < 0 && (buffer->buf->flags & ACCEL_BUF_EXPORTABLE) != 0)
		buffer->fd = accel_buf_export_fd(buffer->buf);
	if (buffer->fd >= 0)
		*fd = buffer->fd;
	return enn_end(0);
}
