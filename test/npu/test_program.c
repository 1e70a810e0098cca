/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Programs, their tensors and instances, and the window that all memory lies in.
 */
#include "test_program.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <rte_log.h>

#include <acceldev/accel_driver.h>

#define WINDOW (UINT64_C(1) << 32)
#define NOBODY ((void *)(uintptr_t)0x1234)

/*
 * Programs
 */

static void
describes_itself(void)
{
	uint16_t dev = soft_open("sim:npu");
	struct accel_program *program = case_load(dev, &case_image);
	struct accel_program_info info;
	struct accel_tensor_info tensor;

	CU_ASSERT_EQUAL(accel_program_info_get(program, &info), 0);
	CU_ASSERT_EQUAL(info.dev_id, dev);
	CU_ASSERT_EQUAL(info.nb_tensors, 2);
	CU_ASSERT_EQUAL(info.nb_inputs, 1);
	CU_ASSERT_EQUAL(info.nb_instances, 0);
	CU_ASSERT_EQUAL(info.constant_bytes, 17 * 4 + 256 * 256 + 256 * 4);
	CU_ASSERT_EQUAL(info.scratch_bytes, 4096);
	CU_ASSERT_EQUAL(info.runs + info.errors + info.cycles, 0);
	CU_ASSERT_EQUAL(accel_program_tensor_find(program, image_in), 0);
	CU_ASSERT_EQUAL(accel_program_tensor_find(program, image_out), 1);
	CU_ASSERT_EQUAL(accel_program_tensor_find(program, image_spare), -ENOENT);
	CU_ASSERT_EQUAL(accel_program_tensor_get(program, 1, &tensor), 0);
	CU_ASSERT_STRING_EQUAL(tensor.label, image_out);
	CU_ASSERT_EQUAL(tensor.dir, ACCEL_TENSOR_OUT);
	CU_ASSERT_EQUAL(tensor.dtype, ACCEL_DTYPE_INT8);
	CU_ASSERT_EQUAL(tensor.ndim, 2);
	CU_ASSERT_EQUAL(tensor.shape[0], GOLDEN_ROWS);
	CU_ASSERT_EQUAL(tensor.shape[1], GOLDEN_N);
	CU_ASSERT_EQUAL(tensor.shape[2] + tensor.shape[3], 0);
	CU_ASSERT_EQUAL(tensor.size, CASE_IO);
	CU_ASSERT(tensor.align >= 16);
	CU_ASSERT_EQUAL(accel_program_tensor_get(program, 0, &tensor), 0);
	CU_ASSERT_EQUAL(tensor.dir, ACCEL_TENSOR_IN);
	SOFT_ASSERT_FAILS(accel_program_tensor_get(program, 2, &tensor), -EINVAL);
	CU_ASSERT_EQUAL(accel_program_unload(program), 0);
	soft_close(dev);
}

static void
nothing_stays(void)
{
	uint16_t dev = soft_open("sim:npu");
	struct accel_instance *instances[3];
	struct accel_program *programs[3];
	struct soft_usage before;
	unsigned int i, round;

	for (round = 0; round < 3; round++) {
		if (round == 1) /* the first one makes arenas */
			before = soft_usage_get(dev);
		for (i = 0; i < 3; i++) {
			programs[i] = case_load(dev, &case_image);
			CU_ASSERT_EQUAL(accel_instance_create(programs[i], &instances[i]), 0);
		}
		for (i = 0; i < 3; i++) {
			SOFT_ASSERT_FAILS(accel_program_unload(programs[i]), -EBUSY);
			CU_ASSERT_EQUAL(accel_instance_destroy(instances[i]), 0);
			CU_ASSERT_EQUAL(accel_program_unload(programs[i]), 0);
		}
	}
	SOFT_ASSERT_NO_LEAK(dev, before);
	soft_close(dev);
}

/* Constants and instructions are the driver's memory: close tells what is left of that. */
static void
close_tells_no_rest(void)
{
	uint16_t dev = soft_open("sim:npu");
	struct accel_program *program = case_load(dev, &case_image);
	struct accel_instance *instance;

	CU_ASSERT_EQUAL(accel_instance_create(program, &instance), 0);
	SOFT_ASSERT_FAILS(accel_dev_close(dev), -EBUSY);
	CU_ASSERT_EQUAL(accel_instance_destroy(instance), 0);
	SOFT_ASSERT_FAILS(accel_dev_close(dev), -EBUSY);
	CU_ASSERT_EQUAL(accel_program_unload(program), 0);
	rte_log_set_global_level(RTE_LOG_WARNING);
	soft_log_begin();
	CU_ASSERT_EQUAL(accel_dev_close(dev), 0);
	CU_ASSERT_EQUAL(soft_log_end(), 0);
	rte_log_set_global_level(RTE_LOG_ERR);
}

static void
refuses_broken_images(void)
{
	struct accel_program *program = NOBODY;
	uint16_t dev = soft_open("sim:npu");
	struct soft_usage before;
	struct image_case broken;
	size_t at;

	CU_ASSERT_EQUAL(accel_program_unload(case_load(dev, &case_image)), 0);
	before = soft_usage_get(dev);
	for (at = 0; at < 64; at++) {
		image_copy(&broken, &case_image);
		broken.bytes[at < 4 ? at : at * (broken.len / 64)] ^= 0x40;
		if (at >= 32)
			broken.len = at * (broken.len / 64);
		soft_log_begin();
		if (accel_program_load(dev, broken.bytes, broken.len, &program) == 0) {
			CU_ASSERT_EQUAL(soft_log_end(), 0); /* what lies between sections */
			CU_ASSERT(at >= 4 && at < 32);
			CU_ASSERT_EQUAL(accel_program_unload(program), 0);
			program = NOBODY;
		} else {
			CU_ASSERT_EQUAL(soft_log_end(), 1);
		}
		CU_ASSERT_PTR_EQUAL(program, NOBODY);
		image_free(&broken);
	}
	/* More often than there are handles. */
	soft_log_begin();
	for (at = 0; at < 5000; at++)
		CU_ASSERT_EQUAL(accel_program_load(dev, "x", 1, &program), -EINVAL);
	CU_ASSERT_EQUAL(soft_log_end(), 5000);
	CU_ASSERT_EQUAL(accel_program_unload(case_load(dev, &case_image)), 0);
	SOFT_ASSERT_FAILS(accel_program_load(dev, "x", 0, &program), -EINVAL);
	SOFT_ASSERT_FAILS(accel_program_load(dev, NULL, 64, &program), -EINVAL);
	SOFT_ASSERT_FAILS(accel_program_load(dev, "x", 1, NULL), -EINVAL);
	SOFT_ASSERT_NO_LEAK(dev, before);
	soft_close(dev);
	SOFT_ASSERT_FAILS(accel_program_load(dev, "x", 1, &program), -ENODEV);
	dev = soft_open("soft:0");
	SOFT_ASSERT_FAILS(accel_program_load(dev, "x", 1, &program), -ENOTSUP);
	soft_close(dev);
}

static void
loads_from_files(void)
{
	char path[] = "/tmp/acceldev-program-XXXXXX";
	struct accel_program *program = NULL;
	uint16_t dev = soft_open("sim:npu");
	int fd = mkstemp(path), plain = open(path, O_RDONLY | O_CLOEXEC);

	CU_ASSERT_FATAL(fd >= 0 && plain >= 0);
	case_images_make();
	SOFT_ASSERT_FAILS(accel_program_load_fd(dev, plain, 0, 0, &program), -ERANGE);
	CU_ASSERT_EQUAL(pwrite(fd, case_image.bytes, case_image.len, 100), (ssize_t)case_image.len);
	CU_ASSERT_EQUAL(lseek(plain, 7, SEEK_SET), 7);
	CU_ASSERT_EQUAL(accel_program_load_fd(dev, plain, 100, 0, &program), 0);
	CU_ASSERT_EQUAL(accel_program_unload(program), 0);
	CU_ASSERT_EQUAL(accel_program_load_fd(dev, plain, 100, case_image.len, &program), 0);
	CU_ASSERT_EQUAL(accel_program_unload(program), 0);
	CU_ASSERT_EQUAL(lseek(plain, 0, SEEK_CUR), 7);
	SOFT_ASSERT_FAILS(accel_program_load_fd(dev, plain, 100, case_image.len + 1, &program),
			-ERANGE);
	SOFT_ASSERT_FAILS(accel_program_load_fd(dev, -1, 0, 0, &program), -EBADF);
	SOFT_ASSERT_FAILS(accel_program_load_file(dev, path, &program), -EINVAL);
	CU_ASSERT_EQUAL(pwrite(fd, case_image.bytes, case_image.len, 0), (ssize_t)case_image.len);
	CU_ASSERT_EQUAL(ftruncate(fd, (off_t)case_image.len), 0);
	CU_ASSERT_EQUAL(accel_program_load_file(dev, path, &program), 0);
	CU_ASSERT_EQUAL(accel_program_unload(program), 0);
	unlink(path);
	SOFT_ASSERT_FAILS(accel_program_load_file(dev, path, &program), -ENOENT);
	SOFT_ASSERT_FAILS(accel_program_load_file(dev, NULL, &program), -EINVAL);
	close(fd);
	close(plain);
	soft_close(dev);
}

/* A path that a socket has. */
static void
make_socket(const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	CU_ASSERT_FATAL(fd >= 0);
	snprintf(addr.sun_path, sizeof(addr.sun_path), "%s", path);
	CU_ASSERT_EQUAL(bind(fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
	close(fd);
}

/* None of them is waited for, nor read as far as it goes. */
static void
loads_no_devices(void)
{
	char path[] = "/tmp/acceldev-program-XXXXXX";
	struct accel_program *program = NULL;
	uint16_t dev = soft_open("sim:npu");
	int fd = mkstemp(path);

	CU_ASSERT_FATAL(fd >= 0);
	SOFT_ASSERT_FAILS(accel_program_load_file(dev, "/tmp", &program), -EISDIR);
	SOFT_ASSERT_FAILS(accel_program_load_file(dev, "/dev/zero", &program), -EIO);
	SOFT_ASSERT_FAILS(accel_program_load_file(dev, path, &program), -ERANGE);
	CU_ASSERT_EQUAL(ftruncate(fd, ((off_t)1 << 30) + 1), 0);
	SOFT_ASSERT_FAILS(accel_program_load_file(dev, path, &program), -EFBIG);
	SOFT_ASSERT_FAILS(accel_program_load_fd(dev, fd, 0, 0, &program), -EFBIG);
	close(fd);
	unlink(path);
	CU_ASSERT_EQUAL(mkfifo(path, 0600), 0);
	SOFT_ASSERT_FAILS(accel_program_load_file(dev, path, &program), -EIO);
	unlink(path);
	make_socket(path);
	SOFT_ASSERT_FAILS(accel_program_load_file(dev, path, &program), -EIO);
	unlink(path);
	soft_close(dev);
}

/* Until no addresses are left: what fails says so once, and what there is stays. */
static void
no_room(void)
{
	uint16_t dev = case_open("sim:npu,dma_bits=26", 1, 0);
	struct accel_program *programs[1000];
	struct accel_instance *instance;
	unsigned int n;
	int ret = 0;

	for (n = 0; n < 1000 && ret == 0; n++) {
		soft_log_begin();
		ret = accel_program_load(dev, case_image.bytes, case_image.len, &programs[n]);
		CU_ASSERT_EQUAL(soft_log_end(), ret == 0 ? 0 : 1);
	}
	CU_ASSERT(ret == -ENOSPC || ret == -ENOMEM);
	CU_ASSERT_FATAL(--n > 1);
	do {
		soft_log_begin();
		ret = accel_instance_create(programs[0], &instance);
		CU_ASSERT_EQUAL(soft_log_end(), ret == 0 ? 0 : 1);
	} while (ret == 0 && accel_instance_destroy(instance) != 0);
	CU_ASSERT_EQUAL(accel_program_unload(programs[--n]), 0);
	programs[n++] = case_load(dev, &case_image);
	while (n > 0)
		CU_ASSERT_EQUAL(accel_program_unload(programs[--n]), 0);
	soft_close(dev);
}

/*
 * Handles
 */

static void
check_no_program(struct accel_program *program)
{
	struct accel_instance *instance = NOBODY;
	struct accel_program_info info;
	struct accel_tensor_info tensor;

	SOFT_ASSERT_FAILS(accel_program_info_get(program, &info), -EINVAL);
	SOFT_ASSERT_FAILS(accel_program_tensor_get(program, 0, &tensor), -EINVAL);
	SOFT_ASSERT_FAILS(accel_program_tensor_find(program, image_in), -EINVAL);
	SOFT_ASSERT_FAILS(accel_instance_create(program, &instance), -EINVAL);
	CU_ASSERT_PTR_EQUAL(instance, NOBODY);
	if (program != NULL)
		SOFT_ASSERT_FAILS(accel_program_unload(program), -EINVAL);
}

static void
check_no_instance(struct accel_instance *instance)
{
	SOFT_ASSERT_FAILS(accel_instance_bind(instance, 0, WINDOW), -EINVAL);
	SOFT_ASSERT_FAILS(accel_instance_cancel(instance), -EINVAL);
	if (instance != NULL)
		SOFT_ASSERT_FAILS(accel_instance_destroy(instance), -EINVAL);
}

static void
stale_handles(void)
{
	struct accel_instance *instance;
	struct accel_program *program;
	uint16_t dev;

	check_no_program(NOBODY);
	check_no_instance(NOBODY);
	dev = soft_open("sim:npu");
	program = case_load(dev, &case_image);
	CU_ASSERT_EQUAL(accel_instance_create(program, &instance), 0);
	check_no_program((struct accel_program *)((char *)program + 8));
	check_no_program(program + 1000);
	check_no_program(program + (1 << 24));
	check_no_program((void *)instance);
	check_no_instance((struct accel_instance *)((char *)instance - 8));
	check_no_instance(instance + 1000);
	check_no_instance(instance + (1 << 24));
	check_no_instance((void *)program);
	CU_ASSERT_EQUAL(accel_instance_destroy(instance), 0);
	CU_ASSERT_EQUAL(accel_program_unload(program), 0);
	check_no_program(program);
	check_no_instance(instance);
	soft_close(dev);
	check_no_program(program);
	check_no_instance(instance);
	check_no_program(NULL);
	check_no_instance(NULL);
	CU_ASSERT_EQUAL(accel_program_unload(NULL), 0);
	CU_ASSERT_EQUAL(accel_instance_destroy(NULL), 0);
}

static void
null_arguments(void)
{
	uint16_t dev = soft_open("sim:npu");
	struct accel_program *program = case_load(dev, &case_image);

	SOFT_ASSERT_FAILS(accel_program_info_get(program, NULL), -EINVAL);
	SOFT_ASSERT_FAILS(accel_program_tensor_get(program, 0, NULL), -EINVAL);
	SOFT_ASSERT_FAILS(accel_program_tensor_find(program, NULL), -EINVAL);
	SOFT_ASSERT_FAILS(accel_instance_create(program, NULL), -EINVAL);
	CU_ASSERT_EQUAL(accel_program_unload(program), 0);
	soft_close(dev);
}

/*
 * Binding
 */

static void
bind_errors(void)
{
	uint16_t dev = case_open("sim:npu", 1, 0);
	struct accel_program *program = case_load(dev, &case_image);
	struct accel_buf *read_only;
	uint64_t first, last, gap;
	struct case_run run;

	case_run_make(&run, program, dev);
	first = soft_info(dev).iova_first;
	last = soft_info(dev).iova_last;
	CU_ASSERT_EQUAL(accel_buf_alloc(dev, CASE_IO, 4096, ACCEL_BUF_READ_ONLY, &read_only), 0);
	gap = last - (1 << 20) + 1;
	SOFT_ASSERT_FAILS(accel_instance_bind(run.instance, 0, run.in->iova + 8), -EINVAL);
	SOFT_ASSERT_FAILS(accel_instance_bind(run.instance, 2, run.in->iova), -EINVAL);
	SOFT_ASSERT_FAILS(accel_instance_bind(run.instance, UINT32_MAX, run.in->iova), -EINVAL);
	SOFT_ASSERT_FAILS(accel_instance_bind(run.instance, 0, first - 256), -ERANGE);
	SOFT_ASSERT_FAILS(accel_instance_bind(run.instance, 0, last - 255), -ERANGE);
	SOFT_ASSERT_FAILS(accel_instance_bind(run.instance, 0, last + 1), -ERANGE);
	SOFT_ASSERT_FAILS(accel_instance_bind(run.instance, 0, (uintptr_t)run.in->va & ~255u),
			-ERANGE);
	SOFT_ASSERT_FAILS(accel_instance_bind(run.instance, 0, 0), -ERANGE);
	SOFT_ASSERT_FAILS(accel_instance_bind(run.instance, 0, gap), -EFAULT);
	SOFT_ASSERT_FAILS(accel_instance_bind(run.instance, 1, read_only->iova), -EFAULT);
	/* What failed has left all as it was. */
	CU_ASSERT(case_run_ok(dev, 0, &run));
	CU_ASSERT_EQUAL(accel_instance_bind(run.instance, 0, read_only->iova), 0);
	memcpy(read_only->va, run.in->va, CASE_IO);
	memset(run.in->va, 0, CASE_IO);
	CU_ASSERT(case_run_ok(dev, 0, &run));
	CU_ASSERT_EQUAL(accel_buf_free(read_only), 0);
	case_run_free(&run);
	CU_ASSERT_EQUAL(accel_program_unload(program), 0);
	soft_close(dev);
}

/* Outputs that are bound anew go to the new place, and only there. */
static void
binds_anew(void)
{
	uint16_t dev = case_open("sim:npu", 1, 0);
	struct accel_program *program = case_load(dev, &case_image);
	struct accel_buf *other;
	struct case_run run;
	unsigned int i;

	case_run_make(&run, program, dev);
	CU_ASSERT_EQUAL(accel_buf_alloc(dev, 8 * CASE_IO, 4096, 0, &other), 0);
	for (i = 0; i < 8; i++) {
		memset(other->va, 0x55, 8 * CASE_IO);
		CU_ASSERT_EQUAL(accel_instance_bind(run.instance, 1, other->iova + i * CASE_IO),
				0);
		CU_ASSERT_FALSE(case_run_ok(dev, 0, &run));
		CU_ASSERT_EQUAL(memcmp((char *)other->va + i * CASE_IO, run.expected, CASE_IO), 0);
		CU_ASSERT_EQUAL(((char *)other->va)[(i * CASE_IO + CASE_IO) % (8 * CASE_IO)], 0x55);
		CU_ASSERT_EQUAL(((char *)run.out->va)[0], 0x55);
	}
	CU_ASSERT_EQUAL(accel_instance_bind(run.instance, 1, run.out->iova), 0);
	CU_ASSERT(case_run_ok(dev, 0, &run));
	CU_ASSERT_EQUAL(accel_buf_free(other), 0);
	case_run_free(&run);
	CU_ASSERT_EQUAL(accel_program_unload(program), 0);
	soft_close(dev);
}

/*
 * The window
 */

static void
window_of_a_driver(void)
{
	static const uint8_t bads[] = { 1, 19, 64, 255 };
	struct accel_driver driver = {
		.abi = ACCEL_DRIVER_ABI, .name = "windowed", .probe = (void *)(uintptr_t)1,
	};
	unsigned int i;

	for (i = 0; i < sizeof(bads); i++) {
		driver.dma_window_bits = bads[i];
		SOFT_ASSERT_FAILS(accel_driver_register(&driver), -EINVAL);
	}
	driver.dma_window_bits = 20;
	CU_ASSERT_EQUAL(accel_driver_register(&driver), 0);
	CU_ASSERT_EQUAL(accel_driver_unregister(&driver), 0);
	driver.dma_window_bits = 63;
	CU_ASSERT_EQUAL(accel_driver_register(&driver), 0);
	CU_ASSERT_EQUAL(accel_driver_unregister(&driver), 0);
}

static void
check_in_window(uint16_t dev, uint64_t iova)
{
	struct accel_dev_info info = soft_info(dev);

	CU_ASSERT(iova >= info.iova_first && iova <= info.iova_last);
	CU_ASSERT_EQUAL(info.iova_first / WINDOW, info.iova_last / WINDOW);
}

static void
run_in_window(const char *spec)
{
	uint16_t dev = case_open(spec, 1, 0);
	struct accel_program *program = case_load(dev, &case_image);
	struct case_run run;

	case_run_make(&run, program, dev);
	check_in_window(dev, run.in->iova);
	check_in_window(dev, run.out->iova + CASE_IO - 1);
	CU_ASSERT(case_run_ok(dev, 0, &run));
	case_run_free(&run);
	CU_ASSERT_EQUAL(accel_program_unload(program), 0);
	soft_close(dev);
}

static void
all_lies_in_a_window(void)
{
	run_in_window("sim:npu");
	run_in_window("sim:npu,iova=alloc");
	run_in_window("sim:npu,iova=va");
	run_in_window("sim:npu,dma_bits=32");
	run_in_window("sim:npu,dma_bits=33");
	run_in_window("sim:npu,iova_bits=39");
}

/* Where the I/O space has none but the first window, or few, that is enough. */
static void
window_of_a_narrow_space(void)
{
	uint16_t first, second;

	run_in_window("sim:npu,iova_bits=32");
	run_in_window("sim:npu,iova_bits=30");
	first = soft_open("sim:npu,iova_bits=33");
	second = soft_open("sim:npu.2,iova_bits=33");
	CU_ASSERT_EQUAL(soft_info(first).iova_first, WINDOW);
	CU_ASSERT_EQUAL(soft_info(second).iova_first, WINDOW);
	run_in_window("sim:npu.3,iova_bits=33");
	soft_close(second);
	soft_close(first);
}

static void
windows_differ(void)
{
	uint16_t devs[2] = { soft_open("sim:npu"), soft_open("sim:npu.2") };
	struct accel_buf *buf;

	CU_ASSERT_NOT_EQUAL(soft_info(devs[0]).iova_first / WINDOW,
			soft_info(devs[1]).iova_first / WINDOW);
	CU_ASSERT_NOT_EQUAL(soft_info(devs[0]).iova_first / WINDOW, 0);
	CU_ASSERT_EQUAL(accel_buf_alloc(devs[0], 4096, 4096, ACCEL_BUF_ISOLATED, &buf), 0);
	SOFT_ASSERT_FAILS(accel_buf_share(buf, devs[1]), -ERANGE);
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	soft_close(devs[0]);
	soft_close(devs[1]);
}

/* NPUs that share an I/O space have one window, and use each other's buffers. */
static void
window_is_shared(void)
{
	uint16_t a = case_open("sim:npu,iospace=n", 1, 0);
	uint16_t b = case_open("sim:npu.2,iospace=n", 1, 0);
	struct accel_program *program = case_load(b, &case_image);
	struct case_run run;

	CU_ASSERT_EQUAL(soft_info(a).iova_first, soft_info(b).iova_first);
	CU_ASSERT_EQUAL(soft_info(a).iova_last, soft_info(b).iova_last);
	case_run_make(&run, program, a); /* its buffers are of the other device */
	check_in_window(b, run.in->iova);
	check_in_window(b, run.out->iova);
	CU_ASSERT(case_run_ok(b, 0, &run));
	case_run_free(&run);
	CU_ASSERT_EQUAL(accel_program_unload(program), 0);
	soft_close(a);
	run_in_window("sim:npu.3,iospace=n");
	soft_close(b);
	run_in_window("sim:npu,iospace=n");
}

/* A device that reaches nothing of a window must have been there first. */
static void
window_is_out_of_reach(void)
{
	uint16_t npu = soft_open("sim:npu,iospace=n"), edu;
	uint64_t first = soft_info(npu).iova_first;
	struct accel_buf *buf;

	SOFT_ASSERT_FAILS(accel_dev_probe("sim:edu,iospace=n"), -ERANGE);
	SOFT_ASSERT_FAILS(accel_dev_probe("sim:npu.2,dma_bits=32,iospace=n"), -ERANGE);
	CU_ASSERT_EQUAL(soft_info(npu).iova_first, first);
	CU_ASSERT_EQUAL(accel_buf_alloc(npu, 4096, 0, 0, &buf), 0);
	/* The window is that of the memory, whichever of them came first. */
	run_in_window("sim:npu.2,dma_bits=48,iospace=n");
	CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
	soft_close(npu);
	edu = soft_open("sim:edu,iospace=n");
	run_in_window("sim:npu,iospace=n");
	CU_ASSERT(soft_info(edu).iova_last < WINDOW);
	soft_close(edu);
}

/* One that joins a space with memory has the window in which that lies, whichever id it has. */
static void
window_has_what_is_mapped(void)
{
	static const char *const others[] = { "soft:a", "soft:b", "soft:c" };
	uint16_t ids[3], nlb, npu;
	struct accel_buf *buf;
	unsigned int i;

	for (i = 0; i < 3; i++) {
		nlb = soft_open("sim:nlb,iova=alloc,iospace=n");
		CU_ASSERT_EQUAL(accel_buf_alloc(nlb, 4096, 0, 0, &buf), 0);
		npu = soft_open("sim:npu,iospace=n");
		check_in_window(npu, buf->iova);
		soft_close(npu);
		check_in_window(nlb, buf->iova); /* it stays so */
		run_in_window("sim:npu,iospace=n");
		CU_ASSERT_EQUAL(accel_buf_free(buf), 0);
		soft_close(nlb);
		ids[i] = soft_open(others[i]);
	}
	for (i = 0; i < 3; i++)
		soft_close(ids[i]);
}

static bool
all_in_one_window(uint16_t dev)
{
	uint64_t window = UINT64_MAX, iova = 0;
	struct accel_map map;

	for (; accel_dev_map_next(dev, iova, &map) == 0; iova = map.iova + map.len) {
		if (window == UINT64_MAX)
			window = map.iova / WINDOW;
		if (map.iova / WINDOW != window || (map.iova + map.len - 1) / WINDOW != window)
			return false;
	}
	return true;
}

/* No window has it all. */
static void
window_of_far_memory(void)
{
	uint16_t nlb = soft_open("sim:nlb,mem=memfd,iova=va,iospace=n");
	uint64_t first = soft_info(nlb).iova_first, last = soft_info(nlb).iova_last;
	struct accel_buf *near, *far;
	void *va;

	CU_ASSERT_EQUAL(accel_buf_alloc(nlb, 4096, 0, ACCEL_BUF_ISOLATED, &near), 0);
	if (!all_in_one_window(nlb)) {
		test_skip("the kernel has placed memory over the border of a window");
		CU_ASSERT_EQUAL(accel_buf_free(near), 0);
		soft_close(nlb);
		return;
	}
	/*
	 * Where there is room, if only two windows further: sanitizers have much of what lies high.
	 */
	va = mmap((char *)near->va + 2 * WINDOW, 4096, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	CU_ASSERT_FATAL(va != MAP_FAILED);
	CU_ASSERT_EQUAL(accel_buf_import(nlb, va, 4096, 0, NULL, NULL, &far), 0);
	CU_ASSERT_NOT_EQUAL(near->iova / WINDOW, far->iova / WINDOW);
	SOFT_ASSERT_FAILS(accel_dev_probe("sim:npu,iospace=n"), -EBUSY);
	CU_ASSERT_EQUAL(soft_info(nlb).iova_first, first);
	CU_ASSERT_EQUAL(soft_info(nlb).iova_last, last);
	CU_ASSERT_EQUAL(accel_buf_free(far), 0);
	run_in_window("sim:npu,iospace=n");
	check_in_window(nlb, near->iova);
	CU_ASSERT_EQUAL(accel_buf_free(near), 0);
	munmap(va, 4096);
	soft_close(nlb);
}

static const struct test_case cases[] = {
	{ "describes_itself", describes_itself },
	{ "nothing_stays", nothing_stays },
	{ "close_tells_no_rest", close_tells_no_rest },
	{ "refuses_broken_images", refuses_broken_images },
	{ "loads_from_files", loads_from_files },
	{ "loads_no_devices", loads_no_devices },
	{ "no_room", no_room },
	{ "stale_handles", stale_handles },
	{ "null_arguments", null_arguments },
	{ "bind_errors", bind_errors },
	{ "binds_anew", binds_anew },
	{ "window_of_a_driver", window_of_a_driver },
	{ "all_lies_in_a_window", all_lies_in_a_window },
	{ "window_of_a_narrow_space", window_of_a_narrow_space },
	{ "windows_differ", windows_differ },
	{ "window_is_shared", window_is_shared },
	{ "window_is_out_of_reach", window_is_out_of_reach },
	{ "window_has_what_is_mapped", window_has_what_is_mapped },
	{ "window_of_far_memory", window_of_far_memory },
	{ NULL, NULL },
};

const struct test_suite eal_suites[] = {
	{ "program", NULL, case_images_free, cases },
	{ "program_runs", NULL, case_images_free, run_cases },
	{ "program_ends", NULL, case_images_free, end_cases },
	{ "program_limits", NULL, limits_free, limit_cases },
	{ NULL, NULL, NULL, NULL },
};
