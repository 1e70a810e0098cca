/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef ACCELDEV_IE_ALLOCATOR_HPP
#define ACCELDEV_IE_ALLOCATOR_HPP

/**
 * @file
 * InferenceEngine::IAllocator for programs without OpenVINO. Where there is an OpenVINO that has it, at
 * any place in the include path, this is OpenVINO's own header.
 */

/* Looking further along the include path is an extension, which only system headers may use. */
#pragma GCC system_header

#if defined(ACCELDEV_OV_HAVE_IALLOCATOR)
/* The program says that it has included it, from wherever. */
#elif __has_include_next(<ie_allocator.hpp>)
#include_next <ie_allocator.hpp>
#elif __has_include(<ie/ie_allocator.hpp>)
#include <ie/ie_allocator.hpp>
#else

#include <cstddef>
#include <memory>

namespace InferenceEngine {

/** What memory is locked for. */
enum LockOp {
	LOCK_FOR_READ = 0,
	LOCK_FOR_WRITE
};

/** An allocator of a program. */
class IAllocator : public std::enable_shared_from_this<IAllocator> {
public:
	/** The address of memory; nullptr on failure. */
	virtual void *lock(void *handle, LockOp op = LOCK_FOR_WRITE) noexcept = 0;
	/** Reading or writing is over. */
	virtual void unlock(void *handle) noexcept = 0;
	/** A handle of memory; nullptr on failure. */
	virtual void *alloc(std::size_t size) noexcept = 0;
	/** Returns whether the memory was freed. */
	virtual bool free(void *handle) noexcept = 0;

protected:
	virtual ~IAllocator() = default;
};

} // namespace InferenceEngine

#endif

#endif
