/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef ACCELDEV_OPENVINO_HPP
#define ACCELDEV_OPENVINO_HPP

/**
 * @file
 * Allocators for OpenVINO, over the library of <acceldev/openvino.h>, which tells what their memory is
 * like. C++11 or later; nothing but headers, so that they fit whatever release the program has:
 *
 *  - acceldev::CreateAllocator(): InferenceEngine::IAllocator, for blobs, of releases to 2023;
 *  - acceldev::CreateAllocatorImpl(): ov::AllocatorImpl, for tensors, of 2022;
 *  - acceldev::Allocator: what ov::Allocator is made of, for tensors, from 2023 on.
 *
 * InferenceEngine::IAllocator is OpenVINO's own where there is one, see <ie_allocator.hpp>. Nothing of
 * namespace ov is needed here.
 */

#include <cstddef>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

/* To be used here is no reason to warn of old interfaces. OpenVINO's programs do the same. */
#ifndef IN_OV_COMPONENT
#define IN_OV_COMPONENT
#include <ie_allocator.hpp>
#undef IN_OV_COMPONENT
#else
#include <ie_allocator.hpp>
#endif

#include <acceldev/openvino.h>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

namespace acceldev {

/** Memory of the host, in place of a bank. */
constexpr int HOST = ACCELDEV_OV_HOST;

namespace detail {

/** One of those who have an allocator of the library. */
class AllocatorRef {
public:
	AllocatorRef(const char *spec, int bank, unsigned int flags) noexcept
		: _allocator(nullptr), _error(acceldev_ov_create(spec, bank, flags, &_allocator))
	{
	}

	AllocatorRef(const AllocatorRef &other) noexcept
		: _allocator(other._allocator), _error(other._error)
	{
		acceldev_ov_hold(_allocator);
	}

	AllocatorRef &
	operator=(AllocatorRef other) noexcept
	{
		std::swap(_allocator, other._allocator);
		std::swap(_error, other._error);
		return *this;
	}

	~AllocatorRef()
	{
		acceldev_ov_put(_allocator);
	}

	acceldev_ov_allocator *
	get() const noexcept
	{
		return _allocator;
	}

	int
	error() const noexcept
	{
		return _error;
	}

	bool
	operator==(const AllocatorRef &other) const noexcept
	{
		return _allocator == other._allocator || (_allocator != nullptr &&
				other._allocator != nullptr &&
				acceldev_ov_equal(_allocator, other._allocator));
	}

private:
	acceldev_ov_allocator *_allocator;
	int _error;
};

/** As ov::Allocator::allocate(): memory, or an exception. */
inline void *
allocate(const AllocatorRef &ref, std::size_t bytes, std::size_t alignment)
{
	if (alignment == 0 || (alignment & (alignment - 1)) != 0)
		throw std::runtime_error("acceldev: alignment " + std::to_string(alignment) +
				" is no power of two");
	void *va = acceldev_ov_alloc(ref.get(), bytes, alignment);
	if (va == nullptr)
		throw std::bad_alloc();
	return va;
}

/*
 * None of the members says override: what they override depends on the release. Being final it needs
 * no virtual destructor, which some releases do not have.
 */
class IAllocatorOf final : public InferenceEngine::IAllocator {
public:
	explicit IAllocatorOf(const AllocatorRef &ref) noexcept : _ref(ref)
	{
	}

	void *
	lock(void *handle, InferenceEngine::LockOp op = InferenceEngine::LOCK_FOR_WRITE) noexcept
	{
		return acceldev_ov_lock(handle, static_cast<int>(op));
	}

	void
	unlock(void *handle) noexcept
	{
		acceldev_ov_unlock(handle);
	}

	void *
	alloc(std::size_t size) noexcept
	{
		return acceldev_ov_alloc(_ref.get(), size, 0);
	}

	bool
	free(void *handle) noexcept
	{
		return acceldev_ov_free(handle);
	}

	/* Of details::IRelease, to 2020. */
	void
	Release() noexcept
	{
		delete this;
	}

private:
	AllocatorRef _ref;
};

template <class Impl>
class AllocatorImplOf final : public Impl {
public:
	explicit AllocatorImplOf(const AllocatorRef &ref) noexcept : _ref(ref)
	{
	}

	void *
	allocate(const std::size_t bytes, const std::size_t alignment = alignof(std::max_align_t))
	{
		return detail::allocate(_ref, bytes, alignment);
	}

	void
	deallocate(void *handle, const std::size_t = 0, std::size_t = alignof(std::max_align_t)) noexcept
	{
		acceldev_ov_free(handle);
	}

	bool
	is_equal(const Impl &other) const
	{
		const AllocatorImplOf *ours = dynamic_cast<const AllocatorImplOf *>(&other);

		return ours != nullptr && _ref == ours->_ref;
	}

private:
	AllocatorRef _ref;
};

} // namespace detail

/**
 * Make an allocator for blobs: TBlob(desc, acceldev::CreateAllocator("pci:0000:03:00.0")).
 *
 * @param spec,bank,flags  as acceldev_ov_create(); a spec of nullptr means no device
 * @return allocator; empty when there is no such device or bank, or no memory
 */
inline std::shared_ptr<InferenceEngine::IAllocator>
CreateAllocator(const char *spec = nullptr, int bank = HOST, unsigned int flags = 0) noexcept
{
	try {
		detail::AllocatorRef ref(spec, bank, flags);

		if (ref.error() == 0)
			return std::make_shared<detail::IAllocatorOf>(ref);
	} catch (const std::bad_alloc &) {
	}
	return nullptr;
}

/**
 * The same for releases to 2020, where Release() ends an allocator; there is no such function in others.
 *
 * @return allocator; nullptr as CreateAllocator()
 */
template <class I = InferenceEngine::IAllocator>
auto
NewAllocator(const char *spec = nullptr, int bank = HOST, unsigned int flags = 0) noexcept
	-> decltype(std::declval<I &>().Release(), static_cast<I *>(nullptr))
{
	detail::AllocatorRef ref(spec, bank, flags);

	return ref.error() == 0 ? new (std::nothrow) detail::IAllocatorOf(ref) : nullptr;
}

/**
 * Make an allocator for tensors of OpenVINO 2022:
 * ov::Allocator(acceldev::CreateAllocatorImpl<ov::AllocatorImpl>("pci:0000:03:00.0")).
 *
 * A tensor knows no locks. Of one in a bank the program itself calls acceldev_ov_lock() and
 * acceldev_ov_unlock(), with the address as the handle.
 *
 * @param spec,bank  as CreateAllocator()
 * @return allocator; empty when there is no such device or bank, or no memory
 */
template <class Impl>
std::shared_ptr<Impl>
CreateAllocatorImpl(const char *spec = nullptr, int bank = HOST) noexcept
{
	try {
		detail::AllocatorRef ref(spec, bank, ACCELDEV_OV_POINTERS);

		if (ref.error() == 0)
			return std::make_shared<detail::AllocatorImplOf<Impl>>(ref);
	} catch (const std::bad_alloc &) {
	}
	return nullptr;
}

/**
 * Allocator for tensors of OpenVINO from 2023 on: ov::Tensor(type, shape,
 * acceldev::Allocator("pci:0000:03:00.0")). Copies share their device. For banks see
 * CreateAllocatorImpl().
 *
 * Threads: any, for all members but assignment.
 */
class Allocator {
public:
	/**
	 * @param spec,bank  as CreateAllocator()
	 * @throw std::runtime_error  there is no such device or bank; the log tells why
	 * @throw std::bad_alloc  no memory
	 */
	explicit Allocator(const char *spec = nullptr, int bank = HOST)
		: _ref(spec, bank, ACCELDEV_OV_POINTERS)
	{
		if (_ref.get() == nullptr)
			throw std::runtime_error("acceldev: no memory of " +
					std::string(spec != nullptr ? spec : "the host") + ", error " +
					std::to_string(-_ref.error()));
	}

	/**
	 * @param bytes  may be 0
	 * @param alignment  power of two; up to 2 MiB for a device
	 * @throw std::runtime_error  alignment is no power of two
	 * @throw std::bad_alloc  no memory
	 */
	void *
	allocate(std::size_t bytes, std::size_t alignment = alignof(std::max_align_t))
	{
		return detail::allocate(_ref, bytes, alignment);
	}

	/** What was not allocated is ignored; size and alignment are not needed. */
	void
	deallocate(void *handle, std::size_t = 0, std::size_t = alignof(std::max_align_t)) noexcept
	{
		acceldev_ov_free(handle);
	}

	/** Whether memory of one may be given to the other, and lies in the same place. */
	bool
	is_equal(const Allocator &other) const noexcept
	{
		return _ref == other._ref;
	}

private:
	detail::AllocatorRef _ref;
};

} // namespace acceldev

#pragma GCC diagnostic pop

#endif
