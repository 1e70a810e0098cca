/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "guest.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define LOG_LINE_MAX     8192
#define FAULT_MARK       "DMAR: ["
#define FAULT_WINDOW_US  5300000 /* of the kernel's limit, and some reserve */
#define FAULTS_IN_WINDOW 3

bool
guest_is_here(void)
{
	return getenv("VM_DEVICES") != NULL;
}

const char *
guest_device(const char *name)
{
	return getenv(name);
}

unsigned int
guest_aw_bits(void)
{
	const char *bits = getenv("VM_AW_BITS");

	return bits != NULL ? (unsigned int)atoi(bits) : 0;
}

int
guest_group(const char *device)
{
	char path[128], target[256];
	const char *number;
	ssize_t len;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/iommu_group", device);
	len = readlink(path, target, sizeof(target) - 1);
	if (len < 0)
		return -1;
	target[len] = '\0';
	number = strrchr(target, '/');
	return number != NULL ? atoi(number + 1) : -1;
}

int
guest_write(const char *path, const char *word)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int ret = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, word, strlen(word)) < 0)
		ret = -errno;
	close(fd);
	return ret;
}

static uint64_t
now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * UINT64_C(1000000) + t.tv_nsec / 1000;
}

int
guest_log_open(void)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	lseek(fd, 0, SEEK_END);
	return fd;
}

/* One record, "PRIORITY,NUMBER,MICROSECONDS,FLAGS;TEXT". False when there is no more. */
static bool
read_record(int log, char *line)
{
	ssize_t len;

	do {
		len = read(log, line, LOG_LINE_MAX - 1);
	} while (len < 0 && errno == EPIPE); /* old records made room for new ones */
	if (len <= 0)
		return false;
	line[len] = '\0';
	return true;
}

bool
guest_log_wait(int log, const char *text, unsigned int ms)
{
	uint64_t end = now_us() + ms * UINT64_C(1000);
	struct pollfd pfd = { .fd = log, .events = POLLIN };
	char line[LOG_LINE_MAX];

	for (;;) {
		while (read_record(log, line)) {
			if (strstr(line, text) != NULL)
				return true;
		}
		if (now_us() >= end)
			return false;
		poll(&pfd, 1, 10);
	}
}

bool
guest_log_wait_fault(int log, const char *device, uint64_t iova, unsigned int ms)
{
	char text[96];

	/* Without the domain of the address, as the kernel writes it. */
	snprintf(text, sizeof(text), "Request device [%s] fault addr 0x%" PRIx64 " ",
		device + strlen("0000:"), iova);
	return guest_log_wait(log, text, ms);
}

int
guest_fault_budget(unsigned int faults)
{
	uint64_t at[FAULTS_IN_WINDOW] = { 0 }, now, us;
	int log = guest_log_open();
	char line[LOG_LINE_MAX];

	if (log < 0)
		return log;
	if (faults == 0 || faults > FAULTS_IN_WINDOW) {
		close(log);
		return -EINVAL;
	}
	/* The last faults; at[0] is the latest. */
	lseek(log, 0, SEEK_SET);
	while (read_record(log, line)) {
		if (strstr(line, FAULT_MARK) == NULL ||
				sscanf(line, "%*u,%*u,%" SCNu64, &us) != 1)
			continue;
		memmove(&at[1], &at[0], sizeof(at) - sizeof(at[0]));
		at[0] = us;
	}
	close(log);
	/* As many may be in the present window as it leaves room for. */
	us = at[FAULTS_IN_WINDOW - faults];
	now = now_us();
	if (us != 0 && now < us + FAULT_WINDOW_US)
		usleep(us + FAULT_WINDOW_US - now);
	return 0;
}

int
guest_monitor(const char *command)
{
	const char *path = getenv("VM_MONITOR");
	char line[256], reply[256];
	int fd, len, ret = 0;

	len = snprintf(line, sizeof(line), "%s\n", command);
	if (path == NULL || len >= (int)sizeof(line))
		return path == NULL ? -ENODEV : -EINVAL;
	fd = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (write(fd, line, len) != len)
		ret = -EIO;
	tcdrain(fd);
	/* It echoes each character; nobody wants that. */
	usleep(100000);
	while (read(fd, reply, sizeof(reply)) > 0)
		;
	close(fd);
	return ret;
}
