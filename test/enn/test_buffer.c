/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Buffers of EnnCreateBuffer...().
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <acceldev/acceldev.h>

#include "enn_case.h"

static struct case_usage before;

static int
begin(void)
{
	case_begin_warm();
	before = case_usage();
	return 0;
}

static int
end(void)
{
	case_no_leak(&before);
	case_end();
	return 0;
}

static int
memory_fd(off_t size)
{
	int fd = memfd_create("buffer", MFD_CLOEXEC);

	CU_ASSERT_FATAL(fd >= 0);
	CU_ASSERT_EQUAL(ftruncate(fd, size), 0);
	return fd;
}

/*
 * Made here
 */

static void
sizes_are_exact(void)
{
	static const uint32_t sizes[] = { 1, 63, 64, 4095, 4096, 4097, 100000, 3u << 20 };
	EnnBufferPtr buffer;
	unsigned int i;

	begin();
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		buffer = NULL;
		ASSERT_OK(i % 2 ? EnnCreateBufferCache(sizes[i], &buffer) :
				EnnCreateBuffer(sizes[i], 0, &buffer));
		CU_ASSERT_PTR_NOT_NULL_FATAL(buffer);
		CU_ASSERT_EQUAL(buffer->size, sizes[i]);
		CU_ASSERT_EQUAL(buffer->offset, 0);
		CU_ASSERT_EQUAL((uintptr_t)buffer->va % PAGE, 0);
		CU_ASSERT(case_is_filled(buffer->va, buffer->size, 0));
		memset(buffer->va, 0xff, buffer->size);
		ASSERT_OK(EnnReleaseBuffer(buffer));
	}
	end();
}

static void
zero_again(void)
{
	EnnBufferPtr buffer;
	int i;

	begin();
	for (i = 0; i < 50; i++) {
		ASSERT_OK(EnnCreateBufferCache(20000, &buffer));
		CU_ASSERT(case_is_filled(buffer->va, 20000, 0));
		memset(buffer->va, 0xee, 20000);
		ASSERT_OK(EnnReleaseBuffer(buffer));
	}
	end();
}

static void
bad_sizes(void)
{
	EnnBufferPtr buffer = GARBAGE;

	begin();
	ASSERT_GIVES(EnnCreateBuffer(0, 0, &buffer), ENN_RET_SIZE);
	CU_ASSERT_PTR_NULL(buffer);
	buffer = GARBAGE;
	ASSERT_GIVES(EnnCreateBufferCache(0, &buffer), ENN_RET_SIZE);
	CU_ASSERT_PTR_NULL(buffer);
	ASSERT_GIVES(EnnCreateBuffer(100, 0, NULL), ENN_RET_INVAL);
	ASSERT_GIVES(EnnCreateBufferCache(100, NULL), ENN_RET_INVAL);
	buffer = GARBAGE;
	ASSERT_GIVES(EnnCreateBuffer(100, 7, &buffer), ENN_RET_NOT_SUPPORTED);
	CU_ASSERT_PTR_NULL(buffer);
	ASSERT_GIVES(EnnCreateBuffer(100, 7, NULL), ENN_RET_INVAL);
	end();
}

static void
no_memory(void)
{
	struct rlimit whole, none;
	EnnBufferPtr buffer = GARBAGE;

	begin();
	CU_ASSERT_EQUAL(getrlimit(RLIMIT_AS, &whole), 0);
	none = whole;
	none.rlim_cur = test_address_space(64 << 20);
	CU_ASSERT_EQUAL(setrlimit(RLIMIT_AS, &none), 0);
	log_text_begin();
	CU_ASSERT_EQUAL(EnnCreateBuffer(1u << 30, 0, &buffer), ENN_RET_MEM_ERR);
	CU_ASSERT_EQUAL(setrlimit(RLIMIT_AS, &whole), 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(log_text_end(),
			"acceldev: no block of")); /* and EAL's lines */
	CU_ASSERT_PTR_NULL(buffer);
	end();
}

/*
 * Released
 */

static void
released_is_none(void)
{
	EnnBufferPtr buffer, kept;
	int32_t fd = 7;

	begin();
	ASSERT_OK(EnnCreateBuffer(100, 0, &buffer));
	ASSERT_OK(EnnCreateBuffer(100, 0, &kept));
	ASSERT_OK(EnnReleaseBuffer(buffer));
	ASSERT_GIVES(EnnReleaseBuffer(buffer), ENN_RET_INVAL);
	ASSERT_GIVES(EnnGetFileDescriptorFromEnnBuffer(buffer, &fd), ENN_RET_INVAL);
	CU_ASSERT_EQUAL(fd, -1);
	ASSERT_OK(EnnReleaseBuffer(kept));
	end();
}

static void
foreign_pointers(void)
{
	EnnBuffer copy, *array[1] = { &copy };
	EnnBufferPtr buffer;
	int32_t fd = 7;

	begin();
	ASSERT_OK(EnnCreateBuffer(100, 0, &buffer));
	copy = *buffer;
	ASSERT_GIVES(EnnReleaseBuffer(&copy), ENN_RET_INVAL);
	ASSERT_GIVES(EnnReleaseBuffer(NULL), ENN_RET_INVAL);
	ASSERT_GIVES(EnnReleaseBuffer(GARBAGE), ENN_RET_INVAL);
	ASSERT_GIVES(EnnReleaseBuffer((EnnBufferPtr)buffer->va), ENN_RET_INVAL);
	ASSERT_GIVES(EnnReleaseBuffer(buffer + 1), ENN_RET_INVAL);
	ASSERT_GIVES(EnnReleaseBuffers(&buffer, 1), ENN_RET_INVAL);
	ASSERT_GIVES(EnnReleaseBuffers(array, 1), ENN_RET_INVAL);
	ASSERT_GIVES(EnnReleaseBuffers(NULL, 0), ENN_RET_INVAL);
	ASSERT_GIVES(EnnReleaseBuffers(GARBAGE, 1), ENN_RET_INVAL);
	ASSERT_GIVES(EnnGetFileDescriptorFromEnnBuffer(&copy, &fd), ENN_RET_INVAL);
	ASSERT_GIVES(EnnGetFileDescriptorFromEnnBuffer(NULL, &fd), ENN_RET_INVAL);
	ASSERT_GIVES(EnnGetFileDescriptorFromEnnBuffer(buffer, NULL), ENN_RET_INVAL);
	ASSERT_OK(EnnReleaseBuffer(buffer));
	end();
}

/* What a program writes into the struct is not read. */
static void
fields_are_not_trusted(void)
{
	EnnBufferPtr input, output;
	EnnModelId model;
	uint8_t *in, *out;

	begin();
	model = case_open(1, 1);
	ASSERT_OK(EnnCreateBuffer(100, 0, &input));
	ASSERT_OK(EnnCreateBuffer(100, 0, &output));
	in = input->va;
	out = output->va;
	memset(in, 5, 100);
	*input = (EnnBuffer){ GARBAGE, UINT32_MAX, UINT32_MAX };
	*output = (EnnBuffer){ NULL, 1, 2 };
	ASSERT_OK(EnnSetBufferByIndex(model, ENN_DIR_IN, 0, input));
	ASSERT_OK(EnnSetBufferByIndex(model, ENN_DIR_OUT, 0, output));
	ASSERT_OK(EnnBufferCommit(model));
	ASSERT_OK(EnnExecuteModel(model));
	CU_ASSERT(case_is_filled(out, 100, 6));
	ASSERT_OK(EnnReleaseBuffer(input));
	ASSERT_OK(EnnReleaseBuffer(output));
	ASSERT_OK(EnnCloseModel(model));
	end();
}

/*
 * Descriptors
 */

static void
own_descriptor(void)
{
	EnnBufferPtr buffer;
	int32_t fd = -1, again = -1;
	struct stat st = { .st_size = 0 };
	uint8_t *view;

	begin();
	ASSERT_OK(EnnCreateBuffer(5000, 0, &buffer));
	ASSERT_OK(EnnGetFileDescriptorFromEnnBuffer(buffer, &fd));
	ASSERT_OK(EnnGetFileDescriptorFromEnnBuffer(buffer, &again));
	CU_ASSERT_FATAL(fd >= 0);
	CU_ASSERT_EQUAL(fd, again);
	CU_ASSERT_EQUAL(fcntl(fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
	memset(buffer->va, 0x42, 5000);
	CU_ASSERT_EQUAL(fstat(fd, &st), 0); /* in whole pages, which may be large */
	view = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	CU_ASSERT_FATAL(view != MAP_FAILED);
	CU_ASSERT(case_is_filled(view, 5000, 0x42));
	CU_ASSERT_EQUAL(munmap(view, (size_t)st.st_size), 0);
	ASSERT_OK(EnnReleaseBuffer(buffer));
	CU_ASSERT_EQUAL(fcntl(fd, F_GETFD), -1); /* it was the buffer's */
	end();
}

static void
no_descriptors_left(void)
{
	struct rlimit whole, few;
	EnnBufferPtr buffer = NULL;
	int32_t fd = 7;
	int next = dup(0);

	close(next);
	begin();
	CU_ASSERT_EQUAL(getrlimit(RLIMIT_NOFILE, &whole), 0);
	few = whole;
	few.rlim_cur = (rlim_t)next;
	CU_ASSERT_EQUAL(setrlimit(RLIMIT_NOFILE, &few), 0);
	log_text_begin();
	CU_ASSERT_EQUAL(EnnCreateBuffer(100, 0, &buffer), ENN_RET_SUCCESS);
	CU_ASSERT(log_is_line(log_text_end(), "has no file descriptor", "RLIMIT_NOFILE", (char *)0));
	CU_ASSERT_EQUAL(setrlimit(RLIMIT_NOFILE, &whole), 0);
	CU_ASSERT_PTR_NOT_NULL_FATAL(buffer);
	CU_ASSERT(case_is_filled(buffer->va, 100, 0));
	ASSERT_OK(EnnGetFileDescriptorFromEnnBuffer(buffer, &fd));
	CU_ASSERT_EQUAL(fd, -1);
	ASSERT_OK(EnnReleaseBuffer(buffer));
	end();
}

static void
others_have_no_descriptor(void)
{
	EnnBufferPtr imported, *set;
	EnnModelId model;
	int32_t got = 7;
	int fd = memory_fd(PAGE);

	begin();
	model = case_open(1, 1);
	set = case_allocate(model, 0);
	ASSERT_OK(EnnGetFileDescriptorFromEnnBuffer(set[0], &got));
	CU_ASSERT_EQUAL(got, -1);
	got = 7;
	ASSERT_OK(EnnCreateBufferFromFdWithOffset((uint32_t)fd, 100, 0, &imported));
	ASSERT_OK(EnnGetFileDescriptorFromEnnBuffer(imported, &got));
	CU_ASSERT_EQUAL(got, -1);
	ASSERT_OK(EnnReleaseBuffer(imported));
	ASSERT_OK(EnnCloseModel(model));
	close(fd);
	ASSERT_OK(EnnReleaseBuffers(set, 2));
	before.process.fds--;
	end();
}

/*
 * Made of descriptors
 */

static void
from_descriptor(void)
{
	static const uint32_t offsets[] = { 0, PAGE, 2 * PAGE, 100, PAGE + 1 };
	int fd = memory_fd(5 * PAGE);
	EnnBufferPtr buffer;
	unsigned int i;
	uint8_t byte;

	begin();
	for (i = 0; i < sizeof(offsets) / sizeof(offsets[0]); i++) {
		ASSERT_OK(EnnCreateBufferFromFdWithOffset((uint32_t)fd, 5000, offsets[i], &buffer));
		CU_ASSERT_EQUAL(buffer->size, 5000);
		CU_ASSERT_EQUAL(buffer->offset, offsets[i] % PAGE);
		CU_ASSERT_EQUAL((uintptr_t)buffer->va % PAGE, 0);
		((uint8_t *)buffer->va)[buffer->offset + 4999] = (uint8_t)(i + 1);
		CU_ASSERT_EQUAL(pread(fd, &byte, 1, offsets[i] + 4999), 1);
		CU_ASSERT_EQUAL(byte, i + 1);
		ASSERT_OK(EnnReleaseBuffer(buffer));
	}
	end();
	close(fd);
}

static void
runs_in_place(void)
{
	EnnBufferPtr input, output;
	int fd = memory_fd(3 * PAGE);
	uint8_t in[100], out[100];
	EnnModelId model;

	begin();
	model = case_open(1, 1);
	memset(in, 8, sizeof(in));
	CU_ASSERT_EQUAL(pwrite(fd, in, 100, 640), 100);
	ASSERT_OK(EnnCreateBufferFromFdWithOffset((uint32_t)fd, 100, 640, &input));
	ASSERT_OK(EnnCreateBufferFromFdWithOffset((uint32_t)fd, 100, 2 * PAGE, &output));
	close(fd); /* it is not needed any more */
	fd = -1;
	before.process.fds--;
	ASSERT_OK(EnnSetBufferByIndex(model, ENN_DIR_IN, 0, input));
	ASSERT_OK(EnnSetBufferByIndex(model, ENN_DIR_OUT, 0, output));
	ASSERT_OK(EnnBufferCommit(model));
	ASSERT_OK(EnnExecuteModel(model));
	memcpy(out, output->va, 100);
	CU_ASSERT(case_is_filled(out, 100, 9));
	ASSERT_OK(EnnReleaseBuffer(input));
	ASSERT_OK(EnnReleaseBuffer(output));
	ASSERT_OK(EnnCloseModel(model));
	end();
}

static void
from_own_descriptor(void)
{
	EnnBufferPtr buffer, twin;
	int32_t fd;

	begin();
	ASSERT_OK(EnnCreateBuffer(10000, 0, &buffer));
	ASSERT_OK(EnnGetFileDescriptorFromEnnBuffer(buffer, &fd));
	ASSERT_OK(EnnCreateBufferFromFdWithOffset((uint32_t)fd, 100, PAGE, &twin));
	ASSERT_OK(EnnReleaseBuffer(buffer));
	memset(twin->va, 1, 100);
	ASSERT_OK(EnnReleaseBuffer(twin));
	end();
}

/* Not only its pages: what is written behind the end of a file is lost. */
static void
no_part_of_the_file(void)
{
	EnnBufferPtr buffer = GARBAGE;
	int fd = memory_fd(10);

	begin();
	LOG_ASSERT_FAILS(EnnCreateBufferFromFdWithOffset((uint32_t)fd, 64, 0, &buffer),
			ENN_RET_INVAL, "the file is too short for it");
	CU_ASSERT_PTR_NULL(buffer);
	ASSERT_GIVES(EnnCreateBufferFromFdWithOffset((uint32_t)fd, PAGE, 0, &buffer),
			ENN_RET_INVAL);
	ASSERT_GIVES(EnnCreateBufferFromFdWithOffset((uint32_t)fd, 4, 4000, &buffer),
			ENN_RET_INVAL);
	ASSERT_GIVES(EnnCreateBufferFromFdWithOffset((uint32_t)fd, 4, 7, &buffer), ENN_RET_INVAL);
	ASSERT_OK(EnnCreateBufferFromFdWithOffset((uint32_t)fd, 4, 6, &buffer));
	ASSERT_OK(EnnReleaseBuffer(buffer));
	ASSERT_OK(EnnCreateBufferFromFdWithOffset((uint32_t)fd, 10, 0, &buffer));
	ASSERT_OK(EnnReleaseBuffer(buffer));
	end();
	close(fd);
}

static void
sealed_file(void)
{
	int fd = memfd_create("sealed", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	EnnBufferPtr buffer;

	CU_ASSERT_FATAL(fd >= 0);
	CU_ASSERT_EQUAL(ftruncate(fd, PAGE), 0);
	CU_ASSERT_EQUAL(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE), 0);
	begin();
	LOG_ASSERT_FAILS(EnnCreateBufferFromFdWithOffset((uint32_t)fd, 1, 0, &buffer), ENN_RET_IO,
			"it is sealed against writing");
	end();
	close(fd);
}

static void
bad_descriptors(void)
{
	int fd = memory_fd(PAGE), empty = memory_fd(0);
	int read_only = open("/proc/self/exe", O_RDONLY | O_CLOEXEC), pipe_fds[2];
	EnnBufferPtr buffer = GARBAGE;

	CU_ASSERT_EQUAL_FATAL(pipe2(pipe_fds, O_CLOEXEC), 0);
	begin();
	ASSERT_GIVES(EnnCreateBufferFromFdWithOffset((uint32_t)fd, 0, 0, &buffer), ENN_RET_SIZE);
	CU_ASSERT_PTR_NULL(buffer);
	buffer = GARBAGE;
	LOG_ASSERT_FAILS(EnnCreateBufferFromFdWithOffset((uint32_t)fd, PAGE + 1, 0, &buffer),
			ENN_RET_INVAL, "the file is too short for it");
	CU_ASSERT_PTR_NULL(buffer);
	ASSERT_GIVES(EnnCreateBufferFromFdWithOffset((uint32_t)fd, UINT32_MAX, UINT32_MAX, &buffer),
			ENN_RET_INVAL);
	ASSERT_GIVES(EnnCreateBufferFromFdWithOffset((uint32_t)fd, 1, PAGE, &buffer),
			ENN_RET_INVAL);
	ASSERT_GIVES(EnnCreateBufferFromFdWithOffset((uint32_t)empty, 1, 0, &buffer),
			ENN_RET_INVAL);
	ASSERT_GIVES(EnnCreateBufferFromFdWithOffset((uint32_t)read_only, 1, 0, &buffer),
			ENN_RET_IO);
	ASSERT_GIVES(EnnCreateBufferFromFdWithOffset((uint32_t)pipe_fds[0], 1, 0, &buffer),
			ENN_RET_INVAL);
	ASSERT_GIVES(EnnCreateBufferFromFdWithOffset(100000, 1, 0, &buffer), ENN_RET_INVAL);
	ASSERT_GIVES(EnnCreateBufferFromFdWithOffset(UINT32_MAX, 1, 0, &buffer), ENN_RET_INVAL);
	ASSERT_GIVES(EnnCreateBufferFromFdWithOffset((uint32_t)fd, 1, 0, NULL), ENN_RET_INVAL);
	end();
	close(fd);
	close(empty);
	close(read_only);
	close(pipe_fds[0]);
	close(pipe_fds[1]);
}

static const struct test_case cases[] = {
	{ "sizes are exact, memory is zero and page-aligned", sizes_are_exact },
	{ "memory that was used is zero again", zero_again },
	{ "sizes, flags and places that are none", bad_sizes },
	{ "no memory", no_memory },
	{ "a released buffer is none", released_is_none },
	{ "pointers that are no buffers", foreign_pointers },
	{ "fields are not trusted", fields_are_not_trusted },
	{ "a descriptor of its own", own_descriptor },
	{ "no descriptors left", no_descriptors_left },
	{ "others have no descriptor", others_have_no_descriptor },
	{ "of a descriptor, at any offset", from_descriptor },
	{ "of a descriptor, in place", runs_in_place },
	{ "of a buffer's own descriptor", from_own_descriptor },
	{ "of a part that does not lie in its file", no_part_of_the_file },
	{ "of a sealed file", sealed_file },
	{ "descriptors that do not do", bad_descriptors },
	{ NULL, NULL },
};

const struct test_suite enn_suites[] = {
	{ "buffers", NULL, NULL, cases },
	{ NULL, NULL, NULL, NULL },
};
