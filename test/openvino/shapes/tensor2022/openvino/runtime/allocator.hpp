/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * The shape that ov::Allocator has in release 2022.
 */
#ifndef SHAPE_TENSOR2022_ALLOCATOR_HPP
#define SHAPE_TENSOR2022_ALLOCATOR_HPP

#include <cstddef>
#include <memory>
#include <stdexcept>

#define SHAPE_OF_ALLOCATOR 2022

namespace ov {

struct AllocatorImpl : public std::enable_shared_from_this<AllocatorImpl> {
	virtual void *allocate(const size_t bytes,
			const size_t alignment = alignof(std::max_align_t)) = 0;
	virtual void deallocate(void *handle, const size_t bytes,
			size_t alignment = alignof(std::max_align_t)) = 0;
	virtual bool is_equal(const AllocatorImpl &other) const = 0;

protected:
	~AllocatorImpl() = default;
};

class Allocator {
public:
	Allocator(const std::shared_ptr<AllocatorImpl> &impl) : _impl(impl)
	{
		if (_impl == nullptr)
			throw std::runtime_error("allocator was not initialised");
	}

	void *
	allocate(const size_t bytes, const size_t alignment = alignof(std::max_align_t))
	{
		return _impl->allocate(bytes, alignment);
	}

	void
	deallocate(void *ptr, const size_t bytes = 0,
			const size_t alignment = alignof(std::max_align_t))
	{
		_impl->deallocate(ptr, bytes, alignment);
	}

	bool
	operator==(const Allocator &other) const
	{
		return _impl->is_equal(*other._impl);
	}

private:
	std::shared_ptr<AllocatorImpl> _impl;
};

namespace runtime {
using ov::Allocator;
using ov::AllocatorImpl;
} // namespace runtime

} // namespace ov

#endif
