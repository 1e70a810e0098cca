/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * The shape that ov::Allocator has from release 2023 on: any type that allocates fits.
 */
#ifndef SHAPE_TENSOR2023_ALLOCATOR_HPP
#define SHAPE_TENSOR2023_ALLOCATOR_HPP

#include <cstddef>
#include <memory>
#include <stdexcept>
#include <type_traits>
#include <typeinfo>
#include <utility>

#define SHAPE_OF_ALLOCATOR 2023

namespace ov {

class Allocator {
	struct Base {
		virtual ~Base() = default;
		virtual const std::type_info &type() const = 0;
		virtual void *allocate(const size_t bytes, const size_t alignment) = 0;
		virtual void deallocate(void *handle, const size_t bytes, size_t alignment) = 0;
		virtual bool is_equal(const Base &other) const = 0;
	};

	template <class A>
	struct Impl : public Base {
		template <class... Args>
		explicit Impl(Args &&...args) : a(std::forward<Args>(args)...)
		{
		}

		const std::type_info &
		type() const override
		{
			return typeid(a);
		}

		void *
		allocate(const size_t bytes, const size_t alignment) override
		{
			return a.allocate(bytes, alignment);
		}

		void
		deallocate(void *handle, const size_t bytes, size_t alignment) override
		{
			a.deallocate(handle, bytes, alignment);
		}

		bool
		is_equal(const Base &other) const override
		{
			return type() == other.type() &&
					a.is_equal(static_cast<const Impl &>(other).a);
		}

		A a;
	};

public:
	template <class A, typename std::enable_if<!std::is_same<typename std::decay<A>::type,
			Allocator>::value, bool>::type = true>
	Allocator(A &&a) : _impl(std::make_shared<Impl<typename std::decay<A>::type>>(
			std::forward<A>(a)))
	{
	}

	void *
	allocate(const size_t bytes, const size_t alignment = alignof(std::max_align_t))
	{
		return impl().allocate(bytes, alignment);
	}

	void
	deallocate(void *ptr, const size_t bytes = 0,
			const size_t alignment = alignof(std::max_align_t)) noexcept
	{
		if (_impl != nullptr)
			_impl->deallocate(ptr, bytes, alignment);
	}

	bool
	operator==(const Allocator &other) const
	{
		return other._impl != nullptr && impl().is_equal(*other._impl);
	}

	explicit operator bool() const noexcept
	{
		return _impl != nullptr;
	}

private:
	Base &
	impl() const
	{
		if (_impl == nullptr)
			throw std::runtime_error("allocator was not initialised");
		return *_impl;
	}

	std::shared_ptr<Base> _impl;
};

} // namespace ov

#endif
