/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * As runtimes do it that load ENN when there is one: with dlopen() and the C functions' names. It
 * releases nothing, and closes the library while that still works; when it opens it again, all is
 * as it was.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <enn_api-type.h>

static void *library;

static void *
find(const char *name)
{
	void *fn = dlsym(library, name);

	if (fn == NULL)
		printf("%s is missing\n", name);
	return fn;
}

/* As POSIX has it; C knows no way from one kind of pointer to the other. */
#define LOAD(fn, name) (*(void **)&(fn) = find(name))

static EnnReturn (*initialize)(void);
static EnnReturn (*deinitialize)(void);
static EnnReturn (*open_model)(const char *path, EnnModelId *id);
static EnnReturn (*get_info)(const EnnModelId id, NumberOfBuffersInfo *info);
static EnnReturn (*create)(const uint32_t size, const uint32_t flag, EnnBufferPtr *out);
static EnnReturn (*set)(const EnnModelId id, const enn_buf_dir_e dir, const uint32_t index,
		EnnBufferPtr buffer);
static EnnReturn (*commit)(const EnnModelId id);
static EnnReturn (*execute)(const EnnModelId id);
static EnnReturn (*execute_async)(const EnnModelId id, const int session);
static EnnReturn (*old_create)(const uint32_t size, EnnBufferPtr *out);

static int
load_all(void)
{
	return LOAD(initialize, "EnnInitialize") != NULL &&
			LOAD(open_model, "EnnOpenModel") != NULL &&
			LOAD(get_info, "EnnGetBuffersInfo") != NULL &&
			LOAD(create, "EnnCreateBuffer") != NULL &&
			LOAD(set, "EnnSetBufferByIndex") != NULL &&
			LOAD(commit, "EnnBufferCommit") != NULL &&
			LOAD(execute, "EnnExecuteModel") != NULL &&
			LOAD(execute_async, "EnnExecuteModelWithSessionIdAsync") != NULL &&
			LOAD(old_create, "EnnCreateBufferCache_return1") != NULL;
}

static int
run(const char *path)
{
	EnnBufferPtr in = NULL, out = NULL;
	NumberOfBuffersInfo info;
	EnnModelId id;

	if (initialize() != 0 || open_model(path, &id) != 0 || get_info(id, &info) != 0)
		return 1;
	if (info.n_in_buf != 1 || info.n_out_buf != 1 || create(64, 0, &in) != 0 ||
			create(16, 0, &out) != 0)
		return 1;
	if (set(id, ENN_DIR_IN, 0, in) != 0 || set(id, ENN_DIR_OUT, 0, out) != 0 || commit(id) != 0)
		return 1;
	if (execute(id) != 0 || create(0, 0, &in) != 7 || old_create(0, &in) != 6)
		return 1;
	return execute_async(id, 0) != 0;
}

int
main(int argc, char **argv)
{
	const struct timespec pause = { .tv_nsec = 50 * 1000 * 1000 };
	int bad;

	library = argc == 3 ? dlopen(argv[1], RTLD_NOW | RTLD_LOCAL) : NULL;
	if (library == NULL) {
		printf("%s\n", argc == 3 ? dlerror() : "usage: LIBRARY MODEL");
		return 1;
	}
	bad = !load_all() || run(argv[2]);
	dlclose(library);
	nanosleep(&pause, NULL);
	library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
	bad |= library == NULL || LOAD(deinitialize, "EnnDeinitialize") == NULL ||
			deinitialize() != 0 || deinitialize() != 1;
	printf("%s\n", bad ? "wrong" : "right");
	return bad;
}
