/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "bar_maps.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* What is larger is cut off in pieces, as long as they are few: a process has 65530 at most. */
#define ONES_LEN ((size_t)2 << 20)
#define ONES_MAX ((size_t)4 << 30)

struct bar_map {
	struct bar_map *next;
	char *va;
	size_t len;
	off_t at;
};

static int
fill_with_ones(int fd)
{
	char ones[4096];
	size_t done;

	memset(ones, 0xff, sizeof(ones));
	for (done = 0; done < ONES_LEN; done += sizeof(ones)) {
		if (write(fd, ones, sizeof(ones)) != sizeof(ones))
			return errno != 0 ? -errno : -ENOSPC;
	}
	return fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK) == 0 ? 0 : -errno;
}

int
bar_maps_init(struct bar_maps *maps)
{
	int fd = memfd_create("acceldev-ones", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	int ret;

	if (fd < 0)
		return -errno;
	errno = 0;
	ret = fill_with_ones(fd);
	if (ret != 0) {
		close(fd);
		return ret;
	}
	maps->ones_fd = fd;
	return 0;
}

void
bar_maps_fini(struct bar_maps *maps)
{
	while (maps->list != NULL)
		bar_maps_remove(maps, maps->list->va);
	if (maps->ones_fd >= 0)
		close(maps->ones_fd);
	maps->ones_fd = -1;
}

int
bar_maps_add(struct bar_maps *maps, int dev_fd, off_t at, size_t len, void **va)
{
	struct bar_map *map = calloc(1, sizeof(*map));
	void *got;

	if (map == NULL)
		return -ENOMEM;
	got = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, dev_fd, at);
	if (got == MAP_FAILED) {
		free(map);
		return -errno;
	}
	madvise(got, len, MADV_DONTFORK);
	*map = (struct bar_map){ .next = maps->list, .va = got, .len = len, .at = at };
	maps->list = map;
	*va = got;
	return 0;
}

void
bar_maps_remove(struct bar_maps *maps, void *va)
{
	struct bar_map **at, *map;

	for (at = &maps->list; *at != NULL && (*at)->va != va; at = &(*at)->next)
		;
	map = *at;
	if (map == NULL)
		return;
	*at = map->next;
	munmap(map->va, map->len);
	free(map);
}

/* Stores go to pages of the process's own, so that the ones in the file last. */
static bool
put_ones(const struct bar_map *map, int ones_fd)
{
	size_t done, n;

	if (map->len > ONES_MAX)
		return false;
	for (done = 0; done < map->len; done += n) {
		n = map->len - done < ONES_LEN ? map->len - done : ONES_LEN;
		if (mmap(map->va + done, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED, ones_fd,
				0) == MAP_FAILED)
			return false;
	}
	return true;
}

/*
 * Where there is no room for the pieces one mapping of zeros takes the place of one of the device,
 * which needs none: who goes by bus_dev::silent has ones all the same.
 */
static void
cut(const struct bar_map *map, int ones_fd)
{
	if (!put_ones(map, ones_fd))
		mmap(map->va, map->len, PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
	madvise(map->va, map->len, MADV_DONTFORK);
}

void
bar_maps_cut(struct bar_maps *maps)
{
	const struct bar_map *map;

	for (map = maps->list; map != NULL; map = map->next)
		cut(map, maps->ones_fd);
}

int
bar_maps_restore(struct bar_maps *maps, int dev_fd)
{
	const struct bar_map *map;
	int ret = 0;

	for (map = maps->list; map != NULL; map = map->next) {
		if (mmap(map->va, map->len, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, dev_fd,
				map->at) == MAP_FAILED) {
			ret = -errno;
			cut(map, maps->ones_fd); /* a failed mmap() may have left a hole */
			continue;
		}
		madvise(map->va, map->len, MADV_DONTFORK);
	}
	return ret;
}
