/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Models: opening, what is told about them, closing.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "enn_case.h"

#ifndef SYS_memfd_secret
#define SYS_memfd_secret 447
#endif

/* A memfd with so many bytes of something else, an image, and more of something else. */
static int
image_fd(const struct fake_image *image, off_t before, off_t after)
{
	int fd = memfd_create("image", MFD_CLOEXEC);

	CU_ASSERT_FATAL(fd >= 0);
	CU_ASSERT_EQUAL(ftruncate(fd, before + (off_t)sizeof(*image) + after), 0);
	CU_ASSERT_EQUAL(pwrite(fd, image, sizeof(*image), before), sizeof(*image));
	return fd;
}

static void
expect_model(EnnModelId model, uint32_t inputs, uint32_t outputs)
{
	NumberOfBuffersInfo count = { 0, 0 };

	CU_ASSERT(model != 0 && model <= UINT32_MAX);
	ASSERT_OK(EnnGetBuffersInfo(model, &count));
	CU_ASSERT(count.n_in_buf == inputs && count.n_out_buf == outputs);
	ASSERT_OK(EnnCloseModel(model));
}

/*
 * Opening
 */

static void
from_memory(void)
{
	struct fake_image image = fake_image(2, 3, 100);
	struct case_usage before;
	EnnModelId model = 0;

	case_begin_warm();
	before = case_usage();
	ASSERT_OK(EnnOpenModelFromMemory((const char *)&image, sizeof(image), &model));
	memset(&image, 0, sizeof(image)); /* it is not needed any more */
	expect_model(model, 2, 3);
	case_no_leak(&before);
	case_end();
}

static void
from_file(void)
{
	struct fake_image image = fake_image(1, 2, 100);
	struct case_usage before;
	EnnModelId model = 0;
	char path[64];
	int fd = image_fd(&image, 0, 0);

	case_begin_warm();
	before = case_usage();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	ASSERT_OK(EnnOpenModel(path, &model));
	expect_model(model, 1, 2);
	case_no_leak(&before);
	close(fd);
	case_end();
}

static void
from_descriptor(void)
{
	struct fake_image image = fake_image(1, 2, 100);
	int fd = image_fd(&image, 0, 10000), part = image_fd(&image, 12345, 7);
	EnnModelId model = 0;

	case_begin_warm();
	CU_ASSERT_EQUAL(lseek(fd, 33, SEEK_SET), 33);
	ASSERT_OK(EnnOpenModelFromFd(fd, &model));
	CU_ASSERT_EQUAL(lseek(fd, 0, SEEK_CUR), 33);
	close(fd);
	expect_model(model, 1, 2);
	ASSERT_OK(EnnOpenModelWithFileOpenFd(part, sizeof(image), 12345, &model));
	expect_model(model, 1, 2);
	ASSERT_GIVES(EnnOpenModelWithFileOpenFd(part, sizeof(image) + 8, 12345, &model),
			ENN_RET_INVAL);
	CU_ASSERT_EQUAL(model, 0);
	ASSERT_GIVES(EnnOpenModelWithFileOpenFd(part, sizeof(image), 20000, &model), ENN_RET_INVAL);
	ASSERT_GIVES(EnnOpenModelWithFileOpenFd(part, 0, 0, &model), ENN_RET_SIZE);
	close(part);
	case_end();
}

/* As programs do it that release the buffer at once. */
static void
from_own_buffer(void)
{
	struct fake_image image = fake_image(3, 1, 100);
	EnnBufferPtr buffer;
	EnnModelId model = 0;
	int32_t fd;

	case_begin_warm();
	ASSERT_OK(EnnCreateBuffer(sizeof(image), 0, &buffer));
	memcpy(buffer->va, &image, sizeof(image));
	ASSERT_OK(EnnGetFileDescriptorFromEnnBuffer(buffer, &fd));
	ASSERT_OK(EnnOpenModelFromFd(fd, &model));
	ASSERT_OK(EnnReleaseBuffer(buffer));
	expect_model(model, 3, 1);
	case_end();
}

/* As a dma-buf: it can be mapped and not read. */
static void
from_what_cannot_be_read(void)
{
	struct fake_image image = fake_image(2, 2, 100);
	int fd = (int)syscall(SYS_memfd_secret, O_CLOEXEC);
	EnnModelId model = 0;
	void *view;

	if (fd < 0) {
		test_skip("no memory that cannot be read: %s", strerror(errno));
		return;
	}
	CU_ASSERT_EQUAL(ftruncate(fd, PAGE), 0);
	view = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	CU_ASSERT_FATAL(view != MAP_FAILED);
	memcpy((char *)view + 100, &image, sizeof(image));
	munmap(view, PAGE);
	case_begin_warm();
	ASSERT_OK(EnnOpenModelWithFileOpenFd(fd, sizeof(image), 100, &model));
	close(fd);
	expect_model(model, 2, 2);
	case_end();
}

static void
bad_files(void)
{
	struct case_usage before;
	EnnModelId model = 7;
	int pipe_fds[2];

	case_begin_warm();
	before = case_usage();
	ASSERT_GIVES(EnnOpenModel("/nowhere/at/all", &model), ENN_RET_IO);
	CU_ASSERT_EQUAL(model, 0);
	ASSERT_GIVES(EnnOpenModel(NULL, &model), ENN_RET_INVAL);
	ASSERT_GIVES(EnnOpenModel("/proc/self/exe", NULL), ENN_RET_INVAL);
	ASSERT_GIVES(EnnOpenModel("/proc/self/exe", &model), ENN_RET_INVAL);
	ASSERT_GIVES(EnnOpenModelFromFd(-1, &model), ENN_RET_INVAL);
	ASSERT_GIVES(EnnOpenModelFromFd(100000, &model), ENN_RET_INVAL);
	CU_ASSERT_EQUAL_FATAL(pipe2(pipe_fds, O_CLOEXEC), 0);
	ASSERT_GIVES(EnnOpenModelFromFd(pipe_fds[0], &model), ENN_RET_INVAL);
	close(pipe_fds[0]);
	close(pipe_fds[1]);
	ASSERT_GIVES(EnnOpenModelFromFd(0, NULL), ENN_RET_INVAL);
	case_no_leak(&before);
	case_end();
}

/* That something is no file is not the caller's mistake, but the file system's answer. */
static void
no_files(void)
{
	char path[] = "/tmp/acceldev-model-XXXXXX";
	int fd = mkstemp(path);
	EnnModelId model = 7;

	CU_ASSERT_FATAL(fd >= 0);
	case_begin_warm();
	LOG_ASSERT_FAILS(EnnOpenModel("/tmp", &model), ENN_RET_IO, "device ", "program /tmp ",
			"Is a directory: name a file with an image");
	CU_ASSERT_EQUAL(model, 0);
	LOG_ASSERT_FAILS(EnnOpenModel("/dev/zero", &model), ENN_RET_IO, "no regular file");
	LOG_ASSERT_FAILS(EnnOpenModel(path, &model), ENN_RET_INVAL, path, "it is empty");
	LOG_ASSERT_FAILS(EnnOpenModelFromFd(fd, &model), ENN_RET_INVAL, "it is empty");
	CU_ASSERT_EQUAL(ftruncate(fd, ((off_t)1 << 30) + 1), 0);
	LOG_ASSERT_FAILS(EnnOpenModel(path, &model), ENN_RET_INVAL, path, "over 1 GiB");
	LOG_ASSERT_FAILS(EnnOpenModelFromFd(fd, &model), ENN_RET_INVAL, "over 1 GiB");
	LOG_ASSERT_FAILS(EnnOpenModelWithFileOpenFd(fd, 2, 1u << 30, &model), ENN_RET_INVAL,
			"too short");
	unlink(path);
	CU_ASSERT_EQUAL(mkfifo(path, 0600), 0);
	LOG_ASSERT_FAILS(EnnOpenModel(path, &model), ENN_RET_IO, "no regular file");
	unlink(path);
	close(fd);
	case_end();
}

static void
bad_images(void)
{
	struct fake_image image = fake_image(1, 1, 100);
	const char *bytes = (const char *)&image;
	struct case_usage before;
	EnnModelId model = 7;

	case_begin_warm();
	before = case_usage();
	ASSERT_GIVES(EnnOpenModelFromMemory(bytes, 0, &model), ENN_RET_SIZE);
	CU_ASSERT_EQUAL(model, 0);
	ASSERT_GIVES(EnnOpenModelFromMemory(bytes, sizeof(image) - 1, &model), ENN_RET_INVAL);
	ASSERT_GIVES(EnnOpenModelFromMemory(NULL, sizeof(image), &model), ENN_RET_INVAL);
	ASSERT_GIVES(EnnOpenModelFromMemory(bytes, sizeof(image), NULL), ENN_RET_INVAL);
	image.size = UINT64_C(1) << 32;
	model = 7;
	ASSERT_GIVES(EnnOpenModelFromMemory(bytes, sizeof(image), &model), ENN_RET_NOT_SUPPORTED);
	CU_ASSERT_EQUAL(model, 0);
	image.size--;
	ASSERT_OK(EnnOpenModelFromMemory(bytes, sizeof(image), &model));
	expect_model(model, 1, 1);
	case_no_leak(&before);
	case_end();
}

/*
 * Closing
 */

static void
closed_is_none(void)
{
	EnnModelId model, other;

	case_begin_warm();
	model = case_open(1, 1);
	other = case_open(1, 1);
	CU_ASSERT_NOT_EQUAL(model, other);
	ASSERT_OK(EnnCloseModel(model));
	ASSERT_GIVES(EnnCloseModel(model), ENN_RET_INVAL);
	ASSERT_GIVES(EnnCloseModel(0), ENN_RET_INVAL);
	ASSERT_GIVES(EnnCloseModel(UINT64_MAX), ENN_RET_INVAL);
	ASSERT_GIVES(EnnCloseModel(other | UINT64_C(1) << 32), ENN_RET_INVAL);
	CU_ASSERT_NOT_EQUAL(case_open(1, 1), model);
	ASSERT_OK(EnnCloseModel(other));
	case_end();
}

/*
 * What is told
 */

static void
info_by_index(void)
{
	EnnBufferInfo info;
	EnnModelId model;

	case_begin_warm();
	model = case_open(2, 3);
	ASSERT_OK(EnnGetBufferInfoByIndex(model, ENN_DIR_IN, 1, &info));
	CU_ASSERT_STRING_EQUAL(info.label, "in1");
	CU_ASSERT_EQUAL(info.size, 100);
	CU_ASSERT_EQUAL(info.buffer_type, TensorType_INT8);
	CU_ASSERT(!info.is_able_to_update);
	ASSERT_OK(EnnGetBufferInfoByIndex(model, ENN_DIR_OUT, 2, &info));
	CU_ASSERT_STRING_EQUAL(info.label, "out2");
	ASSERT_GIVES(EnnGetBufferInfoByIndex(model, ENN_DIR_IN, 2, &info), ENN_RET_INVAL);
	CU_ASSERT(info.label == NULL && info.size == 0);
	ASSERT_GIVES(EnnGetBufferInfoByIndex(model, ENN_DIR_OUT, 3, &info), ENN_RET_INVAL);
	ASSERT_GIVES(EnnGetBufferInfoByIndex(model, ENN_DIR_EXT, 0, &info), ENN_RET_INVAL);
	ASSERT_GIVES(EnnGetBufferInfoByIndex(model, (enn_buf_dir_e)77, 0, &info), ENN_RET_INVAL);
	ASSERT_GIVES(EnnGetBufferInfoByIndex(model, ENN_DIR_IN, UINT32_MAX, &info), ENN_RET_INVAL);
	ASSERT_GIVES(EnnGetBufferInfoByIndex(model, ENN_DIR_IN, 0, NULL), ENN_RET_INVAL);
	ASSERT_GIVES(EnnGetBufferInfoByIndex(model + 1, ENN_DIR_IN, 0, &info), ENN_RET_INVAL);
	case_end();
}

static void
info_by_label(void)
{
	EnnBufferInfo by_label, by_index;
	EnnModelId model;

	case_begin_warm();
	model = case_open(2, 3);
	ASSERT_OK(EnnGetBufferInfoByLabel(model, "out1", &by_label));
	ASSERT_OK(EnnGetBufferInfoByIndex(model, ENN_DIR_OUT, 1, &by_index));
	CU_ASSERT_STRING_EQUAL(by_label.label, "out1");
	CU_ASSERT_EQUAL(by_label.size, by_index.size);
	ASSERT_GIVES(EnnGetBufferInfoByLabel(model, "out", &by_label), ENN_RET_INVAL);
	CU_ASSERT(by_label.label == NULL && by_label.size == 0);
	ASSERT_GIVES(EnnGetBufferInfoByLabel(model, NULL, &by_label), ENN_RET_INVAL);
	ASSERT_GIVES(EnnGetBufferInfoByLabel(model, "out1", NULL), ENN_RET_INVAL);
	ASSERT_GIVES(EnnGetBufferInfoByLabel(0, "out1", &by_label), ENN_RET_INVAL);
	case_end();
}

static void
count_of_buffers(void)
{
	NumberOfBuffersInfo count = { 7, 7 };
	EnnModelId model;

	case_begin_warm();
	model = case_open(2, 3);
	ASSERT_OK(EnnGetBuffersInfo(model, &count));
	CU_ASSERT(count.n_in_buf == 2 && count.n_out_buf == 3);
	ASSERT_GIVES(EnnGetBuffersInfo(model + 1, &count), ENN_RET_INVAL);
	CU_ASSERT(count.n_in_buf == 0 && count.n_out_buf == 0);
	ASSERT_GIVES(EnnGetBuffersInfo(model, NULL), ENN_RET_INVAL);
	case_end();
}

static void
dimensions(void)
{
	static const uint32_t want[4][4] = { /* n, height, width, channel */
		{ 1, 1, 1, 2 }, { 2, 1, 1, 3 }, { 2, 1, 3, 5 }, { 2, 3, 5, 7 },
	};
	struct fake_image image = fake_image(1, 1, 210);
	EnnModelId model = 0;
	EnnBufferInfo info;
	uint8_t ndim;

	case_begin_warm();
	image.shape[0] = 2;
	image.shape[1] = 3;
	image.shape[2] = 5;
	image.shape[3] = 7;
	for (ndim = 1; ndim <= 4; ndim++) {
		image.ndim = ndim;
		ASSERT_OK(EnnOpenModelFromMemory((const char *)&image, sizeof(image), &model));
		ASSERT_OK(EnnGetBufferInfoByIndex(model, ENN_DIR_OUT, 0, &info));
		CU_ASSERT(info.n == want[ndim - 1][0] && info.height == want[ndim - 1][1]);
		CU_ASSERT(info.width == want[ndim - 1][2] && info.channel == want[ndim - 1][3]);
	}
	case_end();
}

static void
twin_labels(void)
{
	struct fake_image image = fake_image(2, 1, 100);
	EnnBufferInfo first, found;
	EnnModelId model = 0;

	case_begin_warm();
	image.twins = true;
	ASSERT_OK(EnnOpenModelFromMemory((const char *)&image, sizeof(image), &model));
	ASSERT_OK(EnnGetBufferInfoByIndex(model, ENN_DIR_IN, 0, &first));
	ASSERT_OK(EnnGetBufferInfoByLabel(model, "in0", &found));
	CU_ASSERT_PTR_EQUAL(found.label, first.label);
	case_end();
}

static void
meta(void)
{
	char text[256];
	EnnModelId model;

	case_begin_warm();
	model = case_open(1, 1);
	ASSERT_OK(EnnGetMetaInfo(ENN_META_VERSION_FRAMEWORK, 0, text));
	CU_ASSERT(strncmp(text, "acceldev ", 9) == 0 && text[9] != 0);
	ASSERT_OK(EnnGetMetaInfo(ENN_META_VERSION_COMMIT, model, text));
	ASSERT_OK(EnnGetMetaInfo(ENN_META_VERSION_DD, model, text));
	CU_ASSERT(strncmp(text, "ennfake ", 8) == 0);
	ASSERT_GIVES(EnnGetMetaInfo(ENN_META_VERSION_DD, model + 1, text), ENN_RET_INVAL);
	CU_ASSERT_STRING_EQUAL(text, "");
	ASSERT_GIVES(EnnGetMetaInfo(ENN_META_VERSION_MODEL_COMPILER_NPU, model, text),
			ENN_RET_NOT_SUPPORTED);
	ASSERT_GIVES(EnnGetMetaInfo((EnnMetaTypeId)77, model, text), ENN_RET_NOT_SUPPORTED);
	ASSERT_GIVES(EnnGetMetaInfo(ENN_META_VERSION_FRAMEWORK, model, NULL), ENN_RET_INVAL);
	case_end();
}

static const struct test_case cases[] = {
	{ "from memory", from_memory },
	{ "from a file", from_file },
	{ "from a descriptor, all or a part", from_descriptor },
	{ "from the descriptor of a buffer, which is released", from_own_buffer },
	{ "from what can be mapped only", from_what_cannot_be_read },
	{ "files that cannot be opened", bad_files },
	{ "folders, devices, and files of a wrong size", no_files },
	{ "images that are none", bad_images },
	{ "a closed model is none", closed_is_none },
	{ "tensors by index", info_by_index },
	{ "tensors by label", info_by_label },
	{ "how many buffers", count_of_buffers },
	{ "dimensions", dimensions },
	{ "the first of two labels", twin_labels },
	{ "versions", meta },
	{ NULL, NULL },
};

const struct test_suite enn_suites[] = {
	{ "models", NULL, NULL, cases },
	{ NULL, NULL, NULL, NULL },
};
