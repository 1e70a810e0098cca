/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * The shape that InferenceEngine::IAllocator has to release 2020: ended by Release().
 */
#ifndef SHAPE_2020_IE_ALLOCATOR_HPP
#define SHAPE_2020_IE_ALLOCATOR_HPP

#include <cstddef>
#include <memory>

/* Tells the test which it has got. */
#define SHAPE_OF_IALLOCATOR 2020

namespace InferenceEngine {

namespace details {

class IRelease {
public:
	virtual void Release() noexcept = 0;

protected:
	virtual ~IRelease() = default;
};

} // namespace details

enum LockOp { LOCK_FOR_READ = 0, LOCK_FOR_WRITE };

class IAllocator : public details::IRelease {
public:
	virtual void *lock(void *handle, LockOp op = LOCK_FOR_WRITE) noexcept = 0;
	virtual void unlock(void *handle) noexcept = 0;
	virtual void *alloc(size_t size) noexcept = 0;
	virtual bool free(void *handle) noexcept = 0;

protected:
	~IAllocator() override = default;
};

} // namespace InferenceEngine

#endif
