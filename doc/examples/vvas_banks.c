/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * A program for VVAS: four threads write memories in one bank of a device, copy them to another
 * bank, with their metadata, and read them back.
 *
 *	cc vvas_banks.c -o vvas_banks $(pkg-config --cflags --libs acceldev-vvas) -pthread
 *	./vvas_banks 0 soft:0,banks=2
 */
#include <pthread.h>
#include <stdlib.h>

#include <vvas_core/vvas_memory.h>

#define THREADS 4
#define BYTES   (1024 * 1024)

struct job {
	pthread_t thread;
	VvasContext *ctx;
	unsigned int id;
	int bad;
};

static int
failed(const VvasContext *ctx, const char *what, VvasReturnType ret)
{
	if (VVAS_IS_ERROR(ret))
		LOG_ERROR(ctx->log_level, "%s: error %d", what, ret);
	return VVAS_IS_ERROR(ret);
}

static VvasMemory *
alloc(VvasContext *ctx, uint8_t bank)
{
	VvasReturnType ret;
	VvasMemory *mem = vvas_memory_alloc(ctx, VVAS_ALLOC_TYPE_CMA, VVAS_ALLOC_FLAG_NONE, bank,
			BYTES, &ret);

	failed(ctx, "alloc", ret);
	return mem;
}

static uint8_t
byte_of(unsigned int id, size_t i)
{
	return (uint8_t)(id * 50 + i * 7 + i / 4096);
}

static int
fill(const struct job *job, VvasMemory *mem)
{
	VvasMetadata meta = { 0 };
	VvasMemoryMapInfo map;
	size_t i;

	if (failed(job->ctx, "map", vvas_memory_map(mem, VVAS_DATA_MAP_WRITE, &map)))
		return 1;
	for (i = 0; i < map.size; i++)
		map.data[i] = byte_of(job->id, i);
	meta.pts = job->id;
	vvas_memory_set_metadata(mem, &meta);
	return failed(job->ctx, "unmap", vvas_memory_unmap(mem, &map));
}

static int
copy(const struct job *job, VvasMemory *from, VvasMemory *to)
{
	VvasMemoryMapInfo src, dst;
	VvasMetadata meta;
	int bad;

	if (failed(job->ctx, "map", vvas_memory_map(from, VVAS_DATA_MAP_READ, &src)))
		return 1;
	bad = failed(job->ctx, "map", vvas_memory_map(to, VVAS_DATA_MAP_WRITE, &dst));
	if (!bad) {
		memcpy(dst.data, src.data, src.size);
		bad = failed(job->ctx, "unmap", vvas_memory_unmap(to, &dst));
	}
	vvas_memory_get_metadata(from, &meta);
	vvas_memory_set_metadata(to, &meta);
	return failed(job->ctx, "unmap", vvas_memory_unmap(from, &src)) || bad;
}

/* The view is spoilt first, without a map: what is read comes from the bank. */
static int
check(const struct job *job, VvasMemory *mem)
{
	VvasMetadata meta;
	VvasMemoryMapInfo map;
	size_t i;

	if (failed(job->ctx, "map", vvas_memory_map(mem, VVAS_DATA_MAP_NONE, &map)))
		return 1;
	memset(map.data, 0, map.size);
	vvas_memory_unmap(mem, &map);
	if (failed(job->ctx, "map", vvas_memory_map(mem, VVAS_DATA_MAP_READ, &map)))
		return 1;
	for (i = 0; i < map.size && map.data[i] == byte_of(job->id, i); i++)
		;
	vvas_memory_get_metadata(mem, &meta);
	return failed(job->ctx, "unmap", vvas_memory_unmap(mem, &map)) || i != BYTES ||
			meta.pts != job->id;
}

static void *
work(void *arg)
{
	struct job *job = arg;
	VvasMemory *first = alloc(job->ctx, 0), *second = alloc(job->ctx, 1);

	job->bad = first == NULL || second == NULL || fill(job, first) ||
			copy(job, first, second) || check(job, second);
	if (first != NULL)
		vvas_memory_free(first);
	if (second != NULL)
		vvas_memory_free(second);
	return NULL;
}

static int
run(VvasContext *ctx)
{
	struct job jobs[THREADS] = { { 0 } };
	unsigned int i, bad = 0, n = 0;

	for (i = 0; i < THREADS; i++) {
		jobs[i].ctx = ctx;
		jobs[i].id = i;
		if (pthread_create(&jobs[i].thread, NULL, work, &jobs[i]) != 0)
			break;
		n++;
	}
	for (i = 0; i < n; i++) {
		pthread_join(jobs[i].thread, NULL);
		bad += jobs[i].bad != 0;
	}
	printf("%u threads: 1 MiB each from bank 0 to bank 1: %s\n", n, bad ? "failed" : "same");
	return n != THREADS || bad != 0;
}

int
main(int argc, char **argv)
{
	VvasReturnType ret;
	VvasContext *ctx;
	int bad;

	if (argc != 3) {
		fprintf(stderr, "usage: %s DEVICE-INDEX XCLBIN\n", argv[0]);
		return 2;
	}
	ctx = vvas_context_create(atoi(argv[1]), argv[2], LOG_LEVEL_WARNING, &ret);
	if (ctx == NULL) {
		fprintf(stderr, "no context: error %d\n", ret);
		return 1;
	}
	bad = run(ctx);
	return vvas_context_destroy(ctx) != VVAS_RET_SUCCESS || bad;
}
