/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * VVAS's log: where it goes, and what. Each destination is a process of its own, because it is
 * looked up once.
 */
#include "vvas_case.h"

#include <stdarg.h>
#include <stdlib.h>

/* What the library gives to syslog comes here. */
void syslog(int priority, const char *fmt, ...);
void __syslog_chk(int priority, int flag, const char *fmt, ...);

static void
show(int priority, const char *fmt, va_list ap)
{
	const char *text = va_arg(ap, const char *);

	printf("syslog %d %s: %s\n", priority, fmt, text);
	errno = EIO; /* which a program that logs does not see */
}

void
syslog(int priority, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	show(priority, fmt, ap);
	va_end(ap);
}

void
__syslog_chk(int priority, int flag, const char *fmt, ...)
{
	va_list ap;

	(void)flag;
	va_start(ap, fmt);
	show(priority, fmt, ap);
	va_end(ap);
}

int
vvas_child(void)
{
	static char long_text[5000];

	memset(long_text, 'x', sizeof(long_text) - 1);
	errno = EXDEV;
	LOG_ERROR(LOG_LEVEL_ERROR, "one %d: %m", 1);
	LOG_WARNING(LOG_LEVEL_DEBUG, "two %s\n", "2");
	LOG_INFO(LOG_LEVEL_INFO, "three");
	LOG_DEBUG(LOG_LEVEL_DEBUG, "four %%");
	LOG_MESSAGE(7, 9, "five");
	LOG_WARNING(LOG_LEVEL_ERROR, "not this one");
	LOG_DEBUG(LOG_LEVEL_INFO, "not this one");
	vvas_log(LOG_LEVEL_ERROR, LOG_LEVEL_ERROR, NULL, NULL, 3, "six");
	vvas_log(LOG_LEVEL_ERROR, LOG_LEVEL_ERROR, NULL, NULL, 3, NULL);
	LOG_ERROR(LOG_LEVEL_ERROR, "%s", long_text);
	return errno == EXDEV ? 0 : 1;
}

static unsigned int
lines(const char *text)
{
	unsigned int n = 0;

	for (; *text != 0; text++)
		n += *text == '\n';
	return n;
}

/* Whether a line of a text has both words, in this order. */
static bool
has_line(const char *text, const char *first, const char *second)
{
	const char *at, *end, *then;

	for (at = strstr(text, first); at != NULL; at = strstr(at + 1, first)) {
		end = strchr(at, '\n');
		then = strstr(at, second);
		if (end != NULL && then != NULL && then < end)
			return true;
	}
	printf("\n    no line has %s and %s\n", first, second);
	return false;
}

static void
check_lines(const char *text)
{
	CU_ASSERT_EQUAL(lines(text), 7);
	CU_ASSERT(has_line(text, "ERROR test_log.c:", "one 1: Invalid cross-device link"));
	CU_ASSERT(has_line(text, "WARNING test_log.c:", "two 2"));
	CU_ASSERT(has_line(text, "INFO test_log.c:", "three"));
	CU_ASSERT(has_line(text, "DEBUG test_log.c:", "four %"));
	CU_ASSERT(has_line(text, "DEBUG test_log.c:", "five"));
	CU_ASSERT(has_line(text, "ERROR :3 (): ", "six"));
	CU_ASSERT_PTR_NULL(strstr(text, "not this one"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "xxxx"));
}

static void
console(void)
{
	char text[16384];

	CU_ASSERT_EQUAL(case_run("CONSOLE", text, sizeof(text)), 0);
	CU_ASSERT_PTR_NULL(strstr(text, "syslog"));
	check_lines(text);
}

static void
read_file(const char *name, char *text, size_t size)
{
	FILE *f = fopen(name, "re");
	size_t n = f != NULL ? fread(text, 1, size - 1, f) : 0;

	text[n] = 0;
	if (f != NULL)
		fclose(f);
}

/* It grows with each process. */
static void
file(void)
{
	char name[] = "/tmp/vvas_log_file_XXXXXX", text[16384];
	int fd = mkstemp(name);

	CU_ASSERT_FATAL(fd >= 0);
	close(fd);
	CU_ASSERT_EQUAL(case_run(name, text, sizeof(text)), 0);
	CU_ASSERT_STRING_EQUAL(text, "");
	read_file(name, text, sizeof(text));
	check_lines(text);
	CU_ASSERT_EQUAL(case_run(name, text, sizeof(text)), 0);
	read_file(name, text, sizeof(text));
	CU_ASSERT_EQUAL(lines(text), 14);
	unlink(name);
}

/* With the priorities, facility user, and the text never as a format. */
static void
check_syslog(const char *text)
{
	check_lines(text);
	CU_ASSERT(has_line(text, "syslog 11 %s: ERROR ", "one 1"));
	CU_ASSERT(has_line(text, "syslog 12 %s: WARNING ", "two 2"));
	CU_ASSERT(has_line(text, "syslog 14 %s: INFO ", "three"));
	CU_ASSERT(has_line(text, "syslog 15 %s: DEBUG ", "four %"));
	CU_ASSERT(has_line(text, "syslog 15 %s: DEBUG ", "five"));
}

static void
to_syslog(void)
{
	char text[16384];

	CU_ASSERT_EQUAL(case_run(NULL, text, sizeof(text)), 0);
	check_syslog(text);
	CU_ASSERT_EQUAL(case_run("", text, sizeof(text)), 0);
	check_syslog(text);
}

static void
no_file(void)
{
	char text[16384];

	CU_ASSERT_EQUAL(case_run("/no/such/folder/log", text, sizeof(text)), 0);
	check_syslog(text);
}

static const struct test_case cases[] = {
	{ "to the console", console },
	{ "to a file", file },
	{ "to syslog", to_syslog },
	{ "to a file that is none", no_file },
	{ NULL, NULL },
};

const struct test_suite vvas_suites[] = {
	{ "log", NULL, NULL, cases },
	{ NULL, NULL, NULL, NULL },
};
