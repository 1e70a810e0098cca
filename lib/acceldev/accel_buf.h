/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef ACCEL_BUF_H
#define ACCEL_BUF_H

/**
 * @file
 * Buffers: memory that the host and a device both reach.
 *
 * Ordinary buffers are cut from arenas, large blocks of hugepage memory that were made reachable
 * for the device when they were made: allocating and freeing them makes no system call. The books
 * about them lie outside the memory, so a device that writes where it should not cannot corrupt
 * them. Arenas grow on demand and stay until the device is closed; accel_buf_reserve() makes them
 * ahead.
 *
 * ACCEL_BUF_READ_ONLY, ACCEL_BUF_ISOLATED and ACCEL_BUF_EXPORTABLE buffers consist of whole pages
 * that nothing else shares, from arenas of their own, because access is granted by the page.
 *
 * A buffer with ACCEL_BUF_BANK() lies in a bank of the device, see accel_bank.h, and the host has a
 * view of it. Where the host reaches the bank itself, the view is the bank. Elsewhere it is host
 * memory beside it, and accel_buf_sync() moves bytes between the two; see accel_sync.h.
 *
 * A child of fork() does not inherit buffers, and programs that are executed inherit no descriptor
 * of them. The exception is a memzone in hugepages larger than 2 MiB, which a child shares; its
 * arena's shortfall says so.
 *
 * Ownership: accel_buf_alloc() and accel_buf_import() give the caller a buffer; accel_buf_free()
 * ends it. The fields of struct accel_buf are read-only for the caller.
 *
 * Threads: all functions may be called from any thread, and a buffer may be freed by another thread
 * than the one that allocated it. They take a lock, but never hold it across a call into EAL or the
 * mapping of memory. A buffer must not be freed while an op that names it is in flight.
 */

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Fill the buffer with zeros; else its content is undefined. */
#define ACCEL_BUF_ZERO       (1u << 0)
/** The device may read the buffer, never write it. The host may do both. */
#define ACCEL_BUF_READ_ONLY  (1u << 1)
/** Own entry in the I/O space: freeing takes the device's access away before it returns. */
#define ACCEL_BUF_ISOLATED   (1u << 2)
/** Own file descriptor, to hand to another process with accel_buf_export_fd(). Implies ISOLATED. */
#define ACCEL_BUF_EXPORTABLE (1u << 3)
/**
 * In bank n of the device, with a view for the host. Goes with ACCEL_BUF_ZERO alone, which is as if
 * the host had written zeros to the view: they are in the bank after the next accel_buf_sync() of
 * the bytes.
 */
#define ACCEL_BUF_BANK(n)    (((uint32_t)(n) >> 8 != 0 ? 0x1ffu : (uint32_t)(n) + 1u) << 16)

/**
 * accel_buf::iova when the device does not reach the host's view by IOVA: it is the bank itself.
 */
#define ACCEL_IOVA_NONE UINT64_MAX

/** Default and least alignment: a cache line, so that no two buffers share one. */
#define ACCEL_BUF_MIN_ALIGN 64

/** A buffer. */
struct accel_buf {
	void *va;         /**< where the host reaches it */
	uint64_t iova;    /**< where the device reaches that memory of the host, or ACCEL_IOVA_NONE */
	size_t len;       /**< bytes, exactly as asked for */
	uint32_t flags;   /**< ACCEL_BUF_* it was made with */
	uint16_t dev_id;  /**< device it was made for */
	uint16_t state;   /**< private to the library */
	size_t capacity;  /**< private: bytes it occupies */
	void *origin;     /**< private: arena, import or pool it comes from */
	void *link;       /**< private */
	void *shares;     /**< private: devices it is shared with */
};

#ifdef __cplusplus
static_assert(sizeof(struct accel_buf) == 64, "a descriptor is one cache line");
#else
_Static_assert(sizeof(struct accel_buf) == 64, "a descriptor is one cache line");
#endif

/**
 * Allocate memory for a device.
 *
 * @param dev_id  device in any state
 * @param len     bytes, not 0
 * @param align   power of two up to 2 MiB, for the virtual address and the IOVA; 0 means
 *                ACCEL_BUF_MIN_ALIGN, smaller values are raised to it
 * @param flags   ACCEL_BUF_*
 * @param[out] buf  untouched on failure
 * @retval 0 success
 * @retval -EINVAL buf is NULL, len is 0 or wraps, align is not a power of two or over 2 MiB, an
 *         unknown flag is set, ACCEL_BUF_BANK() is set with another than ACCEL_BUF_ZERO, or there
 *         is no such bank
 * @retval -ENODEV no such device
 * @retval -EMFILE, -ENFILE no file descriptor is left for the memory
 * @retval -ENOMEM no memory left, or the limit on locked memory (RLIMIT_MEMLOCK) is reached; the
 *         log tells which
 * @retval -ENOSPC no IOVA range left in the device's window, its map entries are used up, or the
 *         bank has no such range left; the log tells which
 */
int accel_buf_alloc(uint16_t dev_id, size_t len, size_t align, uint32_t flags,
		struct accel_buf **buf);

/**
 * Called once when an imported buffer is freed, after the device lost its access, by the thread
 * that frees it, with no lock held.
 */
typedef void (*accel_buf_release_t)(void *va, size_t len, void *arg);

/**
 * Make memory of the application reachable for a device. The memory is taken as it is: neither
 * copied, zeroed nor given other attributes, and it is the application's to keep mapped until the
 * buffer is freed.
 *
 * If the process forks meanwhile, the application decides what the child has. Private memory is the
 * child's in copies, and the device follows the parent; on Linux before 5.12 the device may lose
 * the pages that the parent writes while the child lives, unless the application excluded them with
 * madvise(MADV_DONTFORK). Shared memory (MAP_SHARED, and EAL's own) is the child's too: what it
 * writes, the device reads. doc/processes.md tells more.
 *
 * @param va       first byte; a multiple of the smallest page size of the I/O space
 * @param len      bytes; a multiple of the same, not 0
 * @param flags    0 or ACCEL_BUF_READ_ONLY
 * @param release  called when the buffer is freed; may be NULL
 * @param arg      passed to release
 * @param[out] buf untouched on failure
 * @retval 0 success
 * @retval -EINVAL va or buf is NULL, va or len is no multiple of the page size, len is 0 or wraps,
 *         or another flag is set
 * @retval -ENODEV no such device
 * @retval -EFAULT some of it is not mapped in this process
 * @retval -EEXIST the device reaches memory by its virtual address only, and reaches some of this
 *         already
 * @retval -ERANGE the address does not fit the device's window, and IOVAs cannot be chosen
 * @retval -ENOSPC no IOVA range left in the device's window, or its map entries are used up; the
 *         log tells which
 * @retval -ENOMEM no memory for the books, or the limit on locked memory (RLIMIT_MEMLOCK) is
 *         reached
 */
int accel_buf_import(uint16_t dev_id, void *va, size_t len, uint32_t flags,
		accel_buf_release_t release, void *arg, struct accel_buf **buf);

/**
 * Map memory that a file descriptor names, shared, and make it reachable for a device, as
 * accel_buf_import(): a memfd, a hugetlbfs file, a dma-buf, or what accel_buf_export_fd() gave,
 * here or in another process. It is unmapped when the buffer is freed. The descriptor stays the
 * caller's, and is not needed afterwards. Nobody may shorten the file while it is mapped: access to
 * what is gone ends the process with SIGBUS. What is written behind the end of a file, in its last
 * page, is lost.
 *
 * @param fd      open for reading, and for writing unless ACCEL_BUF_READ_ONLY is set
 * @param offset  bytes; a multiple of the smallest page size of the I/O space
 * @param len     bytes, not 0, which must all lie in the file
 * @param flags   0 or ACCEL_BUF_READ_ONLY
 * @param[out] buf untouched on failure; its length is that of the pages that len bytes lie in
 * @retval 0 success
 * @retval -EINVAL not of memory; also as accel_buf_import()
 * @retval -EBADF not an open descriptor
 * @retval -ERANGE not all of it lies in the file; also as accel_buf_import()
 * @retval -EACCES not open for that
 * @retval -EPERM sealed against writing
 * @return other negative errno of accel_buf_import(), mmap() and fstat(), logged
 */
int accel_buf_import_fd(uint16_t dev_id, int fd, uint64_t offset, size_t len, uint32_t flags,
		struct accel_buf **buf);

/**
 * Free a buffer. NULL is a no-op.
 *
 * @retval 0 success
 * @retval -EINVAL not a live buffer: freed already, foreign, or one that belongs to a pool
 * @retval -EIO the device's access could not be taken away: the memory is given up, not reused
 */
int accel_buf_free(struct accel_buf *buf);

/**
 * Let a second device reach a buffer, at the IOVA it has. The buffer must have pages of its own:
 * ACCEL_BUF_ISOLATED, ACCEL_BUF_EXPORTABLE or an import. Freeing the buffer ends it; the second
 * device cannot be closed before.
 *
 * @retval 0 success
 * @retval -EINVAL not a live buffer
 * @retval -ENODEV no such device
 * @retval -EALREADY the device reaches it already
 * @retval -ENOTSUP the buffer shares its pages with others
 * @retval -EADDRINUSE the device has other memory at that IOVA
 * @retval -ERANGE the device cannot be given that IOVA
 * @retval -ENOSPC, -ENOMEM as accel_buf_import()
 */
int accel_buf_share(struct accel_buf *buf, uint16_t dev_id);

/**
 * End accel_buf_share() for one device. No op of that device may name the buffer any more.
 *
 * @retval 0 success
 * @retval -EINVAL not a live buffer
 * @retval -ENOTSUP the buffer shares its pages with others
 * @retval -ENOENT it is not shared with that device
 * @retval -EIO the access could not be taken away; do not free the buffer before the device is
 *         closed
 */
int accel_buf_unshare(struct accel_buf *buf, uint16_t dev_id);

/**
 * A file descriptor of the memory of an ACCEL_BUF_EXPORTABLE buffer, which begins at offset 0
 * there.
 *
 * @return descriptor, close-on-exec, the caller's to close; the memory lives until both are gone
 * @retval -EINVAL not a live buffer
 * @retval -ENOTSUP not ACCEL_BUF_EXPORTABLE
 * @retval -EMFILE no descriptor left in this process
 */
int accel_buf_export_fd(const struct accel_buf *buf);

/**
 * Make arenas ahead, so that the next buffers of these flags, together up to that many bytes, need
 * no system call. May be called again to have more.
 *
 * @param bytes  not 0
 * @param flags  0 or ACCEL_BUF_READ_ONLY
 * @retval 0, -EINVAL, -ENODEV, -ENOMEM, -ENOSPC as accel_buf_alloc()
 */
int accel_buf_reserve(uint16_t dev_id, size_t bytes, uint32_t flags);

/** Where one byte of a buffer is. */
struct accel_buf_at {
	struct accel_buf *buf;
	size_t offset;   /**< of the byte in the buffer */
	uint64_t iova;   /**< of the byte in the host's view, or ACCEL_IOVA_NONE */
	uint64_t addr;   /**< what an op names, with space: the device address in a bank, else the IOVA */
	uint16_t space;  /**< ACCEL_SPACE_HOST or ACCEL_SPACE_BANK(n), see accel_op.h */
};

/**
 * Tell where a byte of a buffer is.
 *
 * @param offset   less than the buffer's length
 * @param[out] at  untouched on failure
 * @retval 0 success
 * @retval -EINVAL not a live buffer, offset is out of it, or at is NULL
 */
int accel_buf_locate(const struct accel_buf *buf, size_t offset, struct accel_buf_at *at);

/**
 * Find the buffer that a pointer points into, and tell where the byte is. Takes no lock. Buffers of
 * pools and memory of drivers are not found.
 *
 * The answer holds as long as the buffer lives, which the caller sees to. A pointer to anything
 * else is told from one into a buffer, also while other threads allocate and free; one to a buffer
 * that is being freed meanwhile may be found or not. Of several imports of the same memory, one is
 * found.
 *
 * @param va       any value
 * @param[out] at  untouched on failure
 * @retval 0 success
 * @retval -ENOENT no live buffer has that byte; not logged
 * @retval -EINVAL at is NULL
 */
int accel_buf_from_va(const void *va, struct accel_buf_at *at);

/** Where the memory of an arena comes from. */
enum accel_backing {
	ACCEL_BACKING_MEMZONE, /**< EAL memzone */
	ACCEL_BACKING_HUGETLB, /**< hugetlbfs file, through libhugetlbfs or a memfd */
	ACCEL_BACKING_MEMFD,   /**< memfd of ordinary pages: there were no hugepages */
};

/** What one arena got. */
struct accel_arena_info {
	void *va;
	size_t len;
	size_t page_sz;       /**< bytes */
	int socket;           /**< NUMA node it lies on, or SOCKET_ID_ANY (-1) when unknown */
	enum accel_backing backing;
	int contiguous;       /**< physically contiguous, as far as is known */
	uint32_t flags;       /**< ACCEL_BUF_* of the buffers cut from it */
	char shortfall[160];  /**< why it is less than asked for; empty when it is not */
	uint64_t reserved[4];
};

/**
 * Iterate over the arenas of a device: the n-th, from 0.
 *
 * @retval 0 success
 * @retval -EINVAL info is NULL
 * @retval -ENODEV no such device
 * @retval -ENOENT there are no more
 */
int accel_arena_info_get(uint16_t dev_id, unsigned int n, struct accel_arena_info *info);

#ifdef __cplusplus
}
#endif

#endif
