/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * The OPAE front-end on the kernel's VFIO: who may open a device, its registers and its interrupts.
 */
#include "test_guest_opae.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "edu_regs.h"
#include "guest.h"
#include "log_text.h"
#include "opae_case.h"

#define WAIT_MS 5000

extern char **environ;

bool
opae_skip(void)
{
	if (guest_is_here())
		return false;
	test_skip("this is not the guest that test/vm/run.sh boots");
	return true;
}

const char *
opae_spec(void)
{
	static char spec[64];

	snprintf(spec, sizeof(spec), "pci:%s,dma_bits=64", guest_device("VM_EDU"));
	return spec;
}

fpga_handle
opae_open(void)
{
	return case_open(opae_spec());
}

uint16_t
opae_dev(void)
{
	char name[64];

	snprintf(name, sizeof(name), "pci:%s", guest_device("VM_EDU"));
	return case_dev(name);
}

static bool
is_edu(fpga_handle h)
{
	uint32_t id = 0;

	ASSERT_OK(fpgaReadMMIO32(h, 0, EDU_ID, &id));
	return (id & EDU_ID_MASK) == EDU_ID_VALUE;
}

/*
 * What is an accelerator
 */

/* The function is bound to vfio-pci, and yet none of an FPGA's. */
static void
no_fpga_unless_named(void)
{
	if (opae_skip())
		return;
	case_devices(NULL);
	CU_ASSERT_EQUAL(case_count(), 0);
	case_devices(opae_spec());
	CU_ASSERT_EQUAL(case_count(), 1);
	case_devices(NULL);
	CU_ASSERT_EQUAL(case_count(), 0);
}

static void
check_properties(fpga_properties props)
{
	static const fpga_guid zeros;
	unsigned int segment, bus, device, function;
	uint16_t vendor = 0, segment_is = 1;
	uint8_t bus_is = 1, device_is = 0, function_is = 1;
	fpga_guid guid = { 1 };
	uint32_t mmio = 0, irqs = 0;

	CU_ASSERT_EQUAL(sscanf(guest_device("VM_EDU"), "%x:%x:%x.%x", &segment, &bus, &device,
			&function), 4);
	ASSERT_OK(fpgaPropertiesGetSegment(props, &segment_is));
	ASSERT_OK(fpgaPropertiesGetBus(props, &bus_is));
	ASSERT_OK(fpgaPropertiesGetDevice(props, &device_is));
	ASSERT_OK(fpgaPropertiesGetFunction(props, &function_is));
	CU_ASSERT(segment_is == segment && bus_is == bus && device_is == device &&
			function_is == function);
	ASSERT_OK(fpgaPropertiesGetVendorID(props, &vendor));
	CU_ASSERT_EQUAL(vendor, EDU_VENDOR);
	ASSERT_OK(fpgaPropertiesGetGUID(props, &guid));
	CU_ASSERT_EQUAL(memcmp(guid, zeros, sizeof(guid)), 0);
	ASSERT_OK(fpgaPropertiesGetNumMMIO(props, &mmio));
	CU_ASSERT_EQUAL(mmio, 1);
	ASSERT_OK(fpgaPropertiesGetNumInterrupts(props, &irqs));
	CU_ASSERT_EQUAL(irqs, 1);
}

static void
properties_of_a_function(void)
{
	fpga_properties props = NULL;
	fpga_token token;

	if (opae_skip())
		return;
	token = case_token(opae_spec());
	CU_ASSERT_EQUAL_FATAL(fpgaGetProperties(token, &props), FPGA_OK);
	check_properties(props);
	ASSERT_OK(fpgaDestroyProperties(&props));
	case_drop(token);
}

/*
 * Who may open it
 */

static void
second_open_here(void)
{
	fpga_token token;
	fpga_handle h = NULL, other = NULL;

	if (opae_skip())
		return;
	token = case_token(opae_spec());
	CU_ASSERT_EQUAL_FATAL(fpgaOpen(token, &h, 0), FPGA_OK);
	ASSERT_GIVES(fpgaOpen(token, &other, 0), FPGA_BUSY);
	ASSERT_GIVES(fpgaOpen(token, &other, FPGA_OPEN_SHARED), FPGA_BUSY);
	CU_ASSERT_PTR_NULL(other);
	CU_ASSERT(is_edu(h));
	case_close(h);
	ASSERT_OK(fpgaOpen(token, &other, 0));
	case_close(other);
	case_drop(token);
}

/*
 * The other process has a token from the begin. For each letter that it reads it opens or closes,
 * and answers with the result as a digit, or with ? when the log does not tell who has the device.
 */
static char
obey(char letter, fpga_token token, fpga_handle *h)
{
	fpga_result ret;
	const char *text;

	log_text_begin();
	ret = letter == 'o' ? fpgaOpen(token, h, 0) : fpgaClose(*h);
	text = log_text_end();
	if (ret == FPGA_BUSY && !log_is_line(text, "is in use", "fuser /dev/vfio/", (char *)0))
		return '?';
	return (char)('0' + ret);
}

static int
be_the_other(void)
{
	fpga_token token = NULL;
	fpga_handle h = NULL;
	uint32_t n = 0;
	char letter = 'r';

	if (fpgaEnumerate(NULL, 0, &token, 1, &n) != FPGA_OK || n != 1)
		return 1;
	while (write(STDOUT_FILENO, &letter, 1) == 1 && read(STDIN_FILENO, &letter, 1) == 1)
		letter = obey(letter, token, &h);
	return fpgaDestroyToken(&token) == FPGA_OK ? 0 : 1;
}

/* Its exit status is the number of accelerators. */
static int
count_all(void)
{
	uint32_t n = 99;

	return fpgaEnumerate(NULL, 0, NULL, 0, &n) == FPGA_OK ? (int)n : 100;
}

const struct opae_child opae_children[] = {
	{ "other", be_the_other },
	{ "count", count_all },
	{ NULL, NULL },
};

struct other {
	pid_t pid;
	int to;
	int from;
};

static char
read_letter(const struct other *other)
{
	struct pollfd pfd = { .fd = other->from, .events = POLLIN };
	char letter = 0;

	if (poll(&pfd, 1, 4 * WAIT_MS) != 1 || read(other->from, &letter, 1) != 1)
		return 0;
	return letter;
}

static struct other
start_other(void)
{
	static const char *const argv[] = { "/proc/self/exe", "--child", "other", NULL };
	posix_spawn_file_actions_t actions;
	int to[2], from[2];
	struct other other;

	CU_ASSERT_EQUAL_FATAL(pipe2(to, O_CLOEXEC), 0);
	CU_ASSERT_EQUAL_FATAL(pipe2(from, O_CLOEXEC), 0);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, to[0], STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, from[1], STDOUT_FILENO);
	CU_ASSERT_EQUAL_FATAL(posix_spawn(&other.pid, argv[0], &actions, NULL,
			(char **)(uintptr_t)argv, environ), 0);
	posix_spawn_file_actions_destroy(&actions);
	close(to[0]);
	close(from[1]);
	other.to = to[1];
	other.from = from[0];
	CU_ASSERT_EQUAL_FATAL(read_letter(&other), 'r');
	return other;
}

static fpga_result
tell_other(const struct other *other, char letter)
{
	CU_ASSERT_EQUAL(write(other->to, &letter, 1), 1);
	return (fpga_result)(read_letter(other) - '0');
}

static void
end_other(const struct other *other)
{
	int status = -1;

	close(other->to);
	CU_ASSERT_EQUAL(waitpid(other->pid, &status, 0), other->pid);
	CU_ASSERT(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	close(other->from);
}

static void
open_in_two_processes(void)
{
	fpga_handle h = NULL, none = NULL;
	struct other other;
	fpga_token token;

	if (opae_skip())
		return;
	token = case_token(opae_spec());
	other = start_other();
	CU_ASSERT_EQUAL_FATAL(fpgaOpen(token, &h, 0), FPGA_OK);
	ASSERT_GIVES(tell_other(&other, 'o'), FPGA_BUSY);
	CU_ASSERT(is_edu(h));
	case_close(h);

	ASSERT_OK(tell_other(&other, 'o'));
	LOG_ASSERT_FAILS(fpgaOpen(token, &none, 0), FPGA_BUSY, "is in use", "fuser /dev/vfio/");
	CU_ASSERT_PTR_NULL(none);
	ASSERT_OK(tell_other(&other, 'c'));
	ASSERT_OK(fpgaOpen(token, &h, 0));
	case_close(h);
	end_other(&other);
	case_drop(token);
}

/* What another process has cannot be looked at, so it is not shown; the log tells why. */
static void
enumerate_in_another_process(void)
{
	fpga_handle h;
	char text[4096];

	if (opae_skip())
		return;
	h = opae_open();
	CU_ASSERT_EQUAL(case_run("count", NULL, text, sizeof(text)), 0);
	CU_ASSERT(log_is_line(text, "is in use", "fuser /dev/vfio/", (char *)0));
	CU_ASSERT_EQUAL(case_count(), 1);
	case_close(h);
	CU_ASSERT_EQUAL(case_run("count", NULL, text, sizeof(text)), 1);
	CU_ASSERT_STRING_EQUAL(text, "");
}

static void
open_without_permission(void)
{
	fpga_handle h = NULL;
	fpga_token token;
	char node[64];

	if (opae_skip())
		return;
	if (getuid() == 0) {
		test_skip("root has permission");
		return;
	}
	token = case_token(opae_spec());
	snprintf(node, sizeof(node), "/dev/vfio/%d", guest_group(guest_device("VM_EDU")));
	CU_ASSERT_EQUAL_FATAL(chmod(node, 0), 0);
	LOG_ASSERT_FAILS(fpgaOpen(token, &h, 0), FPGA_NO_ACCESS, "no permission", node);
	CU_ASSERT_PTR_NULL(h);
	CU_ASSERT_EQUAL(chmod(node, 0666), 0);
	ASSERT_OK(fpgaOpen(token, &h, 0));
	case_close(h);
	case_drop(token);
}

/*
 * Registers and interrupts
 */

static void
mapped_registers(void)
{
	uint64_t *mmio = NULL;
	fpga_handle h;

	if (opae_skip())
		return;
	h = opae_open();
	CU_ASSERT_EQUAL_FATAL(fpgaMapMMIO(h, 0, &mmio), FPGA_OK);
	CU_ASSERT_PTR_NOT_NULL_FATAL(mmio);
	CU_ASSERT_EQUAL(*(volatile uint32_t *)mmio & EDU_ID_MASK, EDU_ID_VALUE);
	((volatile uint32_t *)mmio)[EDU_LIVENESS / 4] = 0x12345678;
	CU_ASSERT_EQUAL(((volatile uint32_t *)mmio)[EDU_LIVENESS / 4], ~UINT32_C(0x12345678));
	ASSERT_OK(fpgaUnmapMMIO(h, 0));
	ASSERT_BAD(fpgaUnmapMMIO(h, 0));
	CU_ASSERT(is_edu(h));
	case_close(h);
}

static void
ends_of_the_registers(void)
{
	uint64_t value;
	fpga_handle h;

	if (opae_skip())
		return;
	h = opae_open();
	ASSERT_OK(fpgaReadMMIO64(h, 0, EDU_BAR_SIZE - 8, &value));
	ASSERT_BAD(fpgaReadMMIO64(h, 0, EDU_BAR_SIZE, &value));
	ASSERT_BAD(fpgaReadMMIO64(h, 1, 0, &value));
	case_close(h);
}

/* How often an event was signalled; waits for the first one. */
static uint64_t
count_signals(int fd, int ms)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	eventfd_t n = 0;

	if (poll(&pfd, 1, ms) == 1)
		CU_ASSERT_EQUAL(eventfd_read(fd, &n), 0);
	return n;
}

static void
raise_interrupt(fpga_handle h)
{
	ASSERT_OK(fpgaWriteMMIO32(h, 0, EDU_IRQ_RAISE, 4));
	ASSERT_OK(fpgaWriteMMIO32(h, 0, EDU_IRQ_ACK, 4));
}

static void
an_interrupt_arrives(void)
{
	fpga_event_handle event = NULL;
	fpga_handle h;
	int fd = -1;

	if (opae_skip())
		return;
	h = opae_open();
	CU_ASSERT_EQUAL_FATAL(fpgaCreateEventHandle(&event), FPGA_OK);
	ASSERT_GIVES(fpgaRegisterEvent(h, FPGA_EVENT_INTERRUPT, event, 1), FPGA_EXCEPTION);
	CU_ASSERT_EQUAL_FATAL(fpgaRegisterEvent(h, FPGA_EVENT_INTERRUPT, event, 0), FPGA_OK);
	ASSERT_OK(fpgaGetOSObjectFromEventHandle(event, &fd));
	CU_ASSERT_EQUAL(count_signals(fd, 0), 0);
	raise_interrupt(h);
	CU_ASSERT_EQUAL(count_signals(fd, WAIT_MS), 1);
	ASSERT_OK(fpgaUnregisterEvent(h, FPGA_EVENT_INTERRUPT, event));
	raise_interrupt(h);
	CU_ASSERT_EQUAL(count_signals(fd, 200), 0);
	ASSERT_OK(fpgaDestroyEventHandle(&event));
	case_close(h);
}

static const struct test_case access_cases[] = {
	{ "no FPGA unless named", no_fpga_unless_named },
	{ "properties of a function", properties_of_a_function },
	{ "a second open in the process", second_open_here },
	{ "an open in two processes", open_in_two_processes },
	{ "another process looks for it", enumerate_in_another_process },
	{ "an open without permission", open_without_permission },
	{ "registers are mapped", mapped_registers },
	{ "the end of the registers", ends_of_the_registers },
	{ "an interrupt arrives", an_interrupt_arrives },
	{ NULL, NULL },
};

const struct test_suite opae_suites[] = {
	{ "opae access", NULL, NULL, access_cases },
	{ "opae buffers", NULL, NULL, opae_buffer_cases },
	{ "opae limits", NULL, NULL, opae_limit_cases },
	{ NULL, NULL, NULL, NULL },
};
