/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "opae_case.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <acceldev/accel_dev.h>

#define MAX_ENV 512

extern char **environ;

void
case_devices(const char *specs)
{
	if (specs != NULL)
		setenv("ACCELDEV_DEVICES", specs, 1);
	else
		unsetenv("ACCELDEV_DEVICES");
}

uint32_t
case_count(void)
{
	uint32_t n = 4711;

	ASSERT_OK(fpgaEnumerate(NULL, 0, NULL, 0, &n));
	return n;
}

fpga_token
case_token(const char *spec)
{
	fpga_token token = NULL;
	uint32_t n = 0;

	case_devices(spec);
	ASSERT_OK(fpgaEnumerate(NULL, 0, &token, 1, &n));
	CU_ASSERT_FATAL(n >= 1 && token != NULL);
	return token;
}

fpga_handle
case_open(const char *spec)
{
	fpga_token token = case_token(spec);
	fpga_handle handle = NULL;

	CU_ASSERT_EQUAL_FATAL(fpgaOpen(token, &handle, 0), FPGA_OK);
	CU_ASSERT_PTR_NOT_NULL(handle);
	case_drop(token);
	return handle;
}

void
case_drop(fpga_token token)
{
	ASSERT_OK(fpgaDestroyToken(&token));
	CU_ASSERT_PTR_NULL(token);
}

void
case_close(fpga_handle handle)
{
	ASSERT_OK(fpgaClose(handle));
}

uint16_t
case_dev(const char *name)
{
	int ret = accel_dev_by_name(name);

	CU_ASSERT_FATAL(ret >= 0);
	return (uint16_t)ret;
}

unsigned int
case_lines(const char *text)
{
	unsigned int n = 0;

	for (; *text != 0; text++)
		n += *text == '\n';
	return n;
}

/*
 * Children
 */

static bool
is_name(const char *entry, const char *name)
{
	size_t len = strcspn(name, "=");

	return strncmp(entry, name, len) == 0 && entry[len] == '=';
}

static bool
is_changed(const char *entry, const char *const *env)
{
	for (; env != NULL && *env != NULL; env++) {
		if (is_name(entry, *env))
			return true;
	}
	return false;
}

/* The environment with what is changed; the strings are not copied. */
static void
make_env(const char *const *env, const char **out)
{
	unsigned int n = 0;
	char **at;

	for (at = environ; *at != NULL && n < MAX_ENV; at++) {
		if (!is_changed(*at, env))
			out[n++] = *at;
	}
	for (; env != NULL && *env != NULL && n < MAX_ENV; env++) {
		if (strchr(*env, '=') != NULL)
			out[n++] = *env;
	}
	out[n] = NULL;
}

static void
read_all(int fd, char *text, size_t size)
{
	char rest[256];
	size_t len = 0;
	ssize_t n;

	for (;;) {
		bool full = len + 1 >= size;

		n = full ? read(fd, rest, sizeof(rest)) : read(fd, text + len, size - len - 1);
		if (n <= 0)
			break;
		if (!full)
			len += (size_t)n;
	}
	text[len] = 0;
}

int
case_run(const char *name, const char *const *env, char *text, size_t size)
{
	const char *child_env[MAX_ENV + 1];
	const char *argv[] = { "/proc/self/exe", "--child", name, NULL };
	posix_spawn_file_actions_t actions;
	int pipe_fds[2], status = -1;
	pid_t pid = -1;

	CU_ASSERT_EQUAL_FATAL(pipe2(pipe_fds, O_CLOEXEC), 0);
	make_env(env, child_env);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, pipe_fds[1], STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&actions, pipe_fds[1], STDERR_FILENO);
	CU_ASSERT_EQUAL(posix_spawn(&pid, argv[0], &actions, NULL, (char **)(uintptr_t)argv,
			(char **)(uintptr_t)child_env), 0);
	posix_spawn_file_actions_destroy(&actions);
	close(pipe_fds[1]);
	read_all(pipe_fds[0], text, size);
	close(pipe_fds[0]);
	CU_ASSERT_EQUAL(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int
be_child(const char *name)
{
	const struct opae_child *child;

	for (child = opae_children; child != NULL && child->name != NULL; child++) {
		if (strcmp(child->name, name) == 0)
			return child->fn();
	}
	fprintf(stderr, "no child %s\n", name);
	return 99;
}

int
main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "--child") == 0)
		return be_child(argv[2]);
	/* As long as nobody says otherwise; a program that says nothing sees the machine's own. */
	case_devices("");
	return test_main(opae_suites, argc, argv);
}
