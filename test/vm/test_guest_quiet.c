/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * A device that nobody has any more reaches no memory, however its program ended.
 */
#include "guest_events.h"

#include <linux/pci_regs.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "edu_dev.h"
#include "guest.h"
#include "guest_pci.h"
#include "peek_driver.h"

#define TRANSFER_MS 150 /* and some reserve */

/*
 * Children: this program runs once more, with the one test that finds that it is a child
 */

#define CHILD "ACCELDEV_TEST_CHILD"

static bool
is_child(void)
{
	return getenv(CHILD) != NULL;
}

/* Has a device at work, by its driver, and ends in the midst of that. */
static void
end_at_work(bool killed)
{
	struct flying flying;
	uint16_t dev = edu_run(edu_spec());

	flying_begin(&flying, dev, 4);
	if (killed)
		raise(SIGKILL);
	_exit(0);
}

static int
run_child(const char *test)
{
	int status = -1;
	pid_t pid = fork();

	CU_ASSERT_FATAL(pid >= 0);
	if (pid == 0) {
		setenv(CHILD, "1", 1);
		freopen("/dev/null", "w", stdout);
		execl("/proc/self/exe", "child", test, (char *)NULL);
		_exit(98);
	}
	CU_ASSERT_EQUAL_FATAL(waitpid(pid, &status, 0), pid);
	return status;
}

/* The transfer that is under way ends in nothing; the next program has the device at once. */
static void
assert_quiet_after(const char *test, bool killed)
{
	int log = guest_log_open(), status;

	CU_ASSERT_FATAL(log >= 0);
	CU_ASSERT_EQUAL(guest_fault_budget(1), 0);
	status = run_child(test);
	CU_ASSERT_FALSE(guest_pci_is_master(guest_device("VM_EDU")));
	CU_ASSERT_EQUAL(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL, killed);
	CU_ASSERT_EQUAL(WIFEXITED(status) && WEXITSTATUS(status) == 0, !killed);
	CU_ASSERT(edu_works(edu_spec()));
	CU_ASSERT_FALSE(guest_log_wait(log, "DMAR: [", TRANSFER_MS));
	close(log);
}

static void
killed_at_work(void)
{
	if (is_child())
		end_at_work(true);
	assert_quiet_after("killed at work", true);
}

static void
exits_at_work(void)
{
	if (is_child())
		end_at_work(false);
	assert_quiet_after("exits at work", false);
}

/*
 * Bus mastering
 */

static void
from_probe_to_close(void)
{
	const char *device = guest_device("VM_EDU");
	struct flying flying;
	uint16_t dev = edu_open(edu_with(edu_spec(), ",driver=peek"));

	CU_ASSERT_EQUAL(peek_command & PCI_COMMAND_MASTER, 0);
	CU_ASSERT(guest_pci_is_master(device));
	soft_close(dev);
	CU_ASSERT_FALSE(guest_pci_is_master(device));
	dev = edu_run(edu_spec());
	flying_begin(&flying, dev, 1);
	CU_ASSERT_EQUAL(accel_dev_stop(dev), 0);
	CU_ASSERT(guest_pci_is_master(device));
	CU_ASSERT(flying_come_back(&flying, ACCEL_STATUS_ABORTED));
	CU_ASSERT_EQUAL(accel_dev_close(dev), 0);
	CU_ASSERT_FALSE(guest_pci_is_master(device));
}

static void
after_failed_probe(void)
{
	soft_log_begin();
	CU_ASSERT(accel_dev_probe(edu_with(edu_spec(), ",driver=nvme")) < 0);
	CU_ASSERT(accel_dev_probe(edu_with(edu_spec(), ",wrong=1")) < 0);
	soft_log_end();
	CU_ASSERT_FALSE(guest_pci_is_master(guest_device("VM_EDU")));
	CU_ASSERT(edu_works(edu_spec()));
}

const struct test_case quiet_cases[] = {
	{ "from probe to close", from_probe_to_close },
	{ "after a failed probe", after_failed_probe },
	{ "killed at work", killed_at_work },
	{ "exits at work", exits_at_work },
	{ NULL, NULL },
};
