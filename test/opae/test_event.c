/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Events: interrupts of an accelerator through an eventfd.
 */
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "opae_afu.h"
#include "opae_case.h"

#define INTERRUPT FPGA_EVENT_INTERRUPT

static fpga_event_handle
new_event(void)
{
	fpga_event_handle event = NULL;

	CU_ASSERT_EQUAL_FATAL(fpgaCreateEventHandle(&event), FPGA_OK);
	CU_ASSERT_PTR_NOT_NULL(event);
	return event;
}

static void
drop(fpga_event_handle event)
{
	ASSERT_OK(fpgaDestroyEventHandle(&event));
	CU_ASSERT_PTR_NULL(event);
}

static int
fd_of(fpga_event_handle event)
{
	int fd = -1;

	ASSERT_OK(fpgaGetOSObjectFromEventHandle(event, &fd));
	CU_ASSERT(fd >= 0);
	return fd;
}

/* How often an event was signalled; waits for the first one. */
static uint64_t
count(fpga_event_handle event, int ms)
{
	struct pollfd pfd = { .fd = fd_of(event), .events = POLLIN };
	eventfd_t n = 0;

	if (poll(&pfd, 1, ms) == 1)
		CU_ASSERT_EQUAL(eventfd_read(pfd.fd, &n), 0);
	return n;
}

static void
an_interrupt_arrives(void)
{
	fpga_handle h = case_open("sim:t-afu");
	fpga_event_handle event = new_event();
	unsigned int vector;

	for (vector = 0; vector < AFU_VECTORS; vector++) {
		ASSERT_OK(fpgaRegisterEvent(h, INTERRUPT, event, vector));
		CU_ASSERT_EQUAL(count(event, 0), 0);
		afu_raise(h, vector);
		CU_ASSERT_EQUAL(count(event, 5000), 1);
		afu_raise(h, (vector + 1) % AFU_VECTORS); /* nobody listens */
		CU_ASSERT_EQUAL(count(event, 0), 0);
		ASSERT_OK(fpgaUnregisterEvent(h, INTERRUPT, event));
		afu_raise(h, vector);
		CU_ASSERT_EQUAL(count(event, 0), 0);
	}
	drop(event);
	case_close(h);
}

/* Registering one leaves the others as they are. */
static void
one_for_each_vector(void)
{
	fpga_handle h = case_open("sim:t-afu");
	fpga_event_handle events[AFU_VECTORS];
	unsigned int i;

	for (i = 0; i < AFU_VECTORS; i++) {
		events[i] = new_event();
		ASSERT_OK(fpgaRegisterEvent(h, INTERRUPT, events[i], AFU_VECTORS - 1 - i));
	}
	for (i = 0; i < AFU_VECTORS; i++)
		afu_raise(h, i);
	afu_raise(h, 0);
	for (i = 0; i < AFU_VECTORS; i++)
		CU_ASSERT_EQUAL(count(events[i], 5000), i == AFU_VECTORS - 1 ? 2 : 1);
	ASSERT_OK(fpgaUnregisterEvent(h, INTERRUPT, events[3]));
	for (i = 0; i < AFU_VECTORS; i++)
		afu_raise(h, i);
	for (i = 0; i < AFU_VECTORS; i++)
		CU_ASSERT_EQUAL(count(events[i], i == 3 ? 0 : 5000), i == 3 ? 0 : 1);
	for (i = 0; i < AFU_VECTORS; i++)
		drop(events[i]);
	case_close(h);
}

static void
msi(void)
{
	fpga_handle h = case_open("sim:edu");
	fpga_event_handle event = new_event();

	ASSERT_OK(fpgaRegisterEvent(h, INTERRUPT, event, 0));
	ASSERT_OK(fpgaWriteMMIO32(h, 0, 0x60, 1)); /* edu: raise */
	CU_ASSERT_EQUAL(count(event, 5000), 1);
	ASSERT_OK(fpgaWriteMMIO32(h, 0, 0x64, 1));
	ASSERT_OK(fpgaUnregisterEvent(h, INTERRUPT, event));
	drop(event);
	case_close(h);
}

static void
no_descriptor_before(void)
{
	fpga_handle h = case_open("sim:t-afu");
	fpga_event_handle event = new_event();
	int fd = 4711;

	ASSERT_BAD(fpgaGetOSObjectFromEventHandle(event, &fd));
	ASSERT_BAD(fpgaUnregisterEvent(h, INTERRUPT, event));
	ASSERT_BAD(fpgaGetOSObjectFromEventHandle(NULL, &fd));
	ASSERT_BAD(fpgaGetOSObjectFromEventHandle(GARBAGE, &fd));
	ASSERT_BAD(fpgaGetOSObjectFromEventHandle(h, &fd));
	CU_ASSERT_EQUAL(fd, 4711);
	ASSERT_OK(fpgaRegisterEvent(h, INTERRUPT, event, 0));
	ASSERT_BAD(fpgaGetOSObjectFromEventHandle(event, NULL));
	ASSERT_OK(fpgaGetOSObjectFromEventHandle(event, &fd));
	ASSERT_OK(fpgaUnregisterEvent(h, INTERRUPT, event));
	CU_ASSERT_EQUAL(fd_of(event), fd); /* a program may poll on */
	drop(event);
	case_close(h);
}

static void
other_types_and_vectors(void)
{
	fpga_handle h = case_open("sim:t-afu"), none = case_open("sim:t-pair");
	fpga_event_handle event = new_event();
	int fd = 4711;

	ASSERT_GIVES(fpgaRegisterEvent(h, FPGA_EVENT_ERROR, event, 0), FPGA_NOT_SUPPORTED);
	ASSERT_GIVES(fpgaRegisterEvent(h, FPGA_EVENT_POWER_THERMAL, event, 0), FPGA_NOT_SUPPORTED);
	ASSERT_GIVES(fpgaRegisterEvent(h, (fpga_event_type)3, event, 0), FPGA_EXCEPTION);
	ASSERT_GIVES(fpgaRegisterEvent(h, (fpga_event_type)-1, event, 0), FPGA_EXCEPTION);
	ASSERT_GIVES(fpgaUnregisterEvent(h, FPGA_EVENT_ERROR, event), FPGA_NOT_SUPPORTED);
	ASSERT_GIVES(fpgaUnregisterEvent(h, FPGA_EVENT_POWER_THERMAL, event), FPGA_NOT_SUPPORTED);
	ASSERT_GIVES(fpgaUnregisterEvent(h, (fpga_event_type)3, event), FPGA_EXCEPTION);
	ASSERT_GIVES(fpgaRegisterEvent(h, INTERRUPT, event, AFU_VECTORS), FPGA_EXCEPTION);
	ASSERT_GIVES(fpgaRegisterEvent(h, INTERRUPT, event, UINT32_MAX), FPGA_EXCEPTION);
	ASSERT_GIVES(fpgaRegisterEvent(none, INTERRUPT, event, 0), FPGA_NOT_SUPPORTED);
	/* None of that has registered it. */
	ASSERT_BAD(fpgaGetOSObjectFromEventHandle(event, &fd));
	ASSERT_OK(fpgaRegisterEvent(h, INTERRUPT, event, AFU_VECTORS - 1));
	drop(event);
	case_close(h);
	case_close(none);
}

static void
foreign_objects(void)
{
	fpga_handle h = case_open("sim:t-afu");
	fpga_event_handle event = new_event(), was = event, copy;
	int on_stack = 0;
	void *bad[] = { NULL, GARBAGE, &on_stack, h, (char *)event + 1, NULL };
	unsigned int i;

	ASSERT_BAD(fpgaCreateEventHandle(NULL));
	ASSERT_BAD(fpgaDestroyEventHandle(NULL));
	for (i = 0; i < 6; i++) {
		if (i == 5) {
			drop(event);
			bad[i] = was;
		}
		copy = bad[i];
		ASSERT_BAD(fpgaDestroyEventHandle(&copy));
		CU_ASSERT_PTR_EQUAL(copy, bad[i]);
		ASSERT_BAD(fpgaRegisterEvent(h, INTERRUPT, bad[i], 0));
		ASSERT_BAD(fpgaUnregisterEvent(h, INTERRUPT, bad[i]));
	}
	event = new_event();
	ASSERT_BAD(fpgaRegisterEvent(NULL, INTERRUPT, event, 0));
	ASSERT_BAD(fpgaRegisterEvent(GARBAGE, INTERRUPT, event, 0));
	ASSERT_BAD(fpgaUnregisterEvent(NULL, INTERRUPT, event));
	drop(event);
	case_close(h);
}

static void
registered_twice(void)
{
	fpga_handle h = case_open("sim:t-afu"), other = case_open("sim:t-afu.2");
	fpga_event_handle event = new_event();

	ASSERT_OK(fpgaRegisterEvent(h, INTERRUPT, event, 1));
	ASSERT_BAD(fpgaRegisterEvent(h, INTERRUPT, event, 1));
	ASSERT_BAD(fpgaRegisterEvent(h, INTERRUPT, event, 2));
	ASSERT_BAD(fpgaRegisterEvent(other, INTERRUPT, event, 1));
	ASSERT_BAD(fpgaUnregisterEvent(other, INTERRUPT, event));
	afu_raise(h, 1);
	CU_ASSERT_EQUAL(count(event, 5000), 1);
	ASSERT_OK(fpgaUnregisterEvent(h, INTERRUPT, event));
	ASSERT_BAD(fpgaUnregisterEvent(h, INTERRUPT, event));
	ASSERT_OK(fpgaRegisterEvent(other, INTERRUPT, event, 2));
	afu_raise(other, 2);
	CU_ASSERT_EQUAL(count(event, 5000), 1);
	drop(event);
	case_close(h);
	case_close(other);
}

/* Its descriptor is closed, so the device must not signal it. */
static void
destroyed_while_registered(void)
{
	fpga_handle h = case_open("sim:t-afu");
	fpga_event_handle event = new_event();
	eventfd_t n = 0;
	int fd, other;

	ASSERT_OK(fpgaRegisterEvent(h, INTERRUPT, event, 1));
	fd = fd_of(event);
	drop(event);
	other = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	CU_ASSERT_EQUAL(other, fd); /* somebody else's now */
	afu_raise(h, 1);
	CU_ASSERT_NOT_EQUAL(eventfd_read(other, &n), 0);
	close(other);
	case_close(h);
}

/* The handle goes first; the event may be used with the next one. */
static void
closed_while_registered(void)
{
	fpga_handle h = case_open("sim:t-afu"), next;
	fpga_event_handle event = new_event(), event2 = new_event();

	ASSERT_OK(fpgaRegisterEvent(h, INTERRUPT, event, 1));
	ASSERT_OK(fpgaRegisterEvent(h, INTERRUPT, event2, 2));
	case_close(h);
	ASSERT_BAD(fpgaUnregisterEvent(h, INTERRUPT, event));
	next = case_open("sim:t-afu");
	afu_raise(next, 1);
	CU_ASSERT_EQUAL(count(event, 0), 0);
	ASSERT_BAD(fpgaUnregisterEvent(next, INTERRUPT, event));
	ASSERT_OK(fpgaRegisterEvent(next, INTERRUPT, event, 3));
	drop(event2);
	afu_raise(next, 3);
	CU_ASSERT_EQUAL(count(event, 5000), 1);
	ASSERT_OK(fpgaUnregisterEvent(next, INTERRUPT, event));
	case_close(next);
	drop(event);
}

static void
descriptors_are_given_back(void)
{
	fpga_handle h = case_open("sim:t-afu");
	struct test_usage before = test_usage_get();
	unsigned int i;

	for (i = 0; i < 50; i++) {
		fpga_event_handle event = new_event();

		ASSERT_OK(fpgaRegisterEvent(h, INTERRUPT, event, i % AFU_VECTORS));
		if (i % 2 == 0)
			ASSERT_OK(fpgaUnregisterEvent(h, INTERRUPT, event));
		drop(event);
	}
	TEST_ASSERT_NO_LEAK(before);
	case_close(h);
}

static const struct test_case event_cases[] = {
	{ "an interrupt arrives", an_interrupt_arrives },
	{ "one for each vector", one_for_each_vector },
	{ "MSI", msi },
	{ "no descriptor before", no_descriptor_before },
	{ "other types and vectors", other_types_and_vectors },
	{ "foreign objects", foreign_objects },
	{ "registered twice", registered_twice },
	{ "destroyed while registered", destroyed_while_registered },
	{ "closed while registered", closed_while_registered },
	{ "descriptors are given back", descriptors_are_given_back },
	{ NULL, NULL },
};

const struct test_suite opae_suites[] = {
	{ "events", NULL, NULL, event_cases },
	{ NULL, NULL, NULL, NULL },
};
