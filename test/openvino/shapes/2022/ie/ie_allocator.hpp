/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * The shape that InferenceEngine::IAllocator has in release 2022, and where.
 */
#ifndef SHAPE_2022_IE_ALLOCATOR_HPP
#define SHAPE_2022_IE_ALLOCATOR_HPP

#include <cstddef>
#include <memory>

/* Tells the test which it has got. */
#define SHAPE_OF_IALLOCATOR 2022

namespace InferenceEngine {

enum LockOp { LOCK_FOR_READ = 0, LOCK_FOR_WRITE };

class IAllocator : public std::enable_shared_from_this<IAllocator> {
public:
	virtual void *lock(void *handle, LockOp op = LOCK_FOR_WRITE) noexcept = 0;
	virtual void unlock(void *handle) noexcept = 0;
	virtual void *alloc(size_t size) noexcept = 0;
	virtual bool free(void *handle) noexcept = 0;

protected:
	virtual ~IAllocator() = default;
};

} // namespace InferenceEngine

#endif
