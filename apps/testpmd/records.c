/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "records.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_FILE (UINT64_C(1) << 30)

static int
refuse(const char *option, const char *path, int cause)
{
	testpmd_error("--%s=%s: cannot be read: %s", option, path, strerror(cause));
	return EXIT_USAGE;
}

/* Bytes of an open file; 0 after saying what is wrong. */
static uint64_t
file_size(const char *option, const char *path, int fd)
{
	struct stat st;

	if (fstat(fd, &st) < 0) {
		(void)refuse(option, path, errno);
		return 0;
	}
	if (S_ISREG(st.st_mode) && st.st_size > 0 && (uint64_t)st.st_size <= MAX_FILE)
		return (uint64_t)st.st_size;
	testpmd_error("--%s=%s: allowed is a file of 1 byte to 1 GiB", option, path);
	return 0;
}

/* A file that becomes shorter meanwhile is an error too. */
static int
read_all(int fd, uint8_t *bytes, uint64_t len)
{
	uint64_t done = 0;
	ssize_t n;

	while (done < len) {
		n = read(fd, bytes + done, len - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? errno : ENODATA;
		done += (uint64_t)n;
	}
	return 0;
}

static int
read_open_file(const char *option, const char *path, int fd, uint8_t **bytes, uint64_t *len)
{
	int cause;

	*len = file_size(option, path, fd);
	if (*len == 0)
		return EXIT_USAGE;
	*bytes = malloc(*len);
	if (*bytes == NULL) {
		testpmd_error("--%s=%s: no memory for %" PRIu64 " bytes", option, path, *len);
		return EXIT_FAILURE;
	}
	cause = read_all(fd, *bytes, *len);
	return cause == 0 ? 0 : refuse(option, path, cause);
}

static int
read_file(const char *option, const char *path, uint8_t **bytes, uint64_t *len)
{
	int ret, fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return refuse(option, path, errno);
	ret = read_open_file(option, path, fd, bytes, len);
	close(fd);
	return ret;
}

static int
check_labels(const struct records *records, const char *path, uint64_t len, uint64_t classes)
{
	uint64_t i;

	if (len != records->n) {
		testpmd_error("--labels=%s: %" PRIu64 " bytes; allowed is one for each of %" PRIu64
			" records", path, len, records->n);
		return EXIT_USAGE;
	}
	for (i = 0; i < len; i++) {
		if (records->labels[i] < classes)
			continue;
		testpmd_error("--labels=%s: record %" PRIu64 " has %u; the program's first output "
			"has room for 0 to %" PRIu64, path, i, records->labels[i], classes - 1);
		return EXIT_USAGE;
	}
	return 0;
}

int
records_read(struct records *records, const struct testpmd_conf *conf, uint64_t size,
		uint64_t classes)
{
	uint64_t len;
	int ret;

	memset(records, 0, sizeof(*records));
	if (conf->records[0] == '\0')
		return 0;
	ret = read_file("records", conf->records, &records->bytes, &len);
	if (ret != 0)
		return ret;
	if (len % size != 0) {
		testpmd_error("--records=%s: %" PRIu64 " bytes; allowed is a multiple of %" PRIu64
			", the size of the program's first input", conf->records, len, size);
		return EXIT_USAGE;
	}
	records->n = len / size;
	records->size = size;
	if (conf->labels[0] == '\0')
		return 0;
	ret = read_file("labels", conf->labels, &records->labels, &len);
	return ret != 0 ? ret : check_labels(records, conf->labels, len, classes);
}

void
records_free(struct records *records)
{
	free(records->bytes);
	free(records->labels);
	memset(records, 0, sizeof(*records));
}
