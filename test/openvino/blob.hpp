/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef OV_TEST_BLOB_HPP
#define OV_TEST_BLOB_HPP

/**
 * @file
 * Calls an allocator in the patterns in which OpenVINO's blobs do: when it is called, with
 * what, and how often too often.
 */

#include <cstddef>
#include <memory>
#include <stdexcept>
#include <utility>

#include <ie_allocator.hpp>

namespace blob {

using InferenceEngine::IAllocator;
using InferenceEngine::LockOp;

/** A view of a blob. It locks when it is used first, and unlocks the handle in the end. */
class LockedMemory {
public:
	LockedMemory(IAllocator *allocator, void *handle, LockOp op, std::size_t offset) noexcept
		: _allocator(allocator), _handle(handle), _op(op), _offset(offset), _locked(nullptr)
	{
	}

	/* The new one locks again, and nobody unlocks for the old one. */
	LockedMemory(LockedMemory &&other) noexcept
		: _allocator(other._allocator), _handle(other._handle), _op(other._op),
		  _offset(other._offset), _locked(nullptr)
	{
		other._locked = nullptr;
	}

	LockedMemory(const LockedMemory &) = delete;
	LockedMemory &operator=(const LockedMemory &) = delete;

	~LockedMemory()
	{
		if (_locked != nullptr)
			_allocator->unlock(_handle);
	}

	/** With an offset that is not 0 a lock that failed gives that offset. */
	char *
	get() noexcept
	{
		if (_handle == nullptr)
			return nullptr;
		if (_locked == nullptr)
			_locked = reinterpret_cast<char *>(reinterpret_cast<std::uintptr_t>(
					_allocator->lock(_handle, _op)) + _offset);
		return _locked;
	}

private:
	IAllocator *_allocator;
	void *_handle;
	LockOp _op;
	std::size_t _offset;
	char *_locked;
};

class Blob {
public:
	Blob(std::size_t bytes, const std::shared_ptr<IAllocator> &allocator)
		: _bytes(bytes), _offset(0), _allocator(allocator)
	{
		if (_allocator == nullptr)
			throw std::invalid_argument("allocator is nullptr");
	}

	/** A part of another blob, which shares its handle. */
	Blob(const Blob &other, std::size_t offset, std::size_t bytes)
		: _bytes(bytes), _offset(other._offset + offset), _allocator(other._allocator),
		  _handle(other._handle)
	{
		if (offset > other._bytes || bytes > other._bytes - offset)
			throw std::out_of_range("not a part of the blob");
	}

	/** Keeps what it has when there is no memory. What free() says is ignored. */
	void
	allocate()
	{
		std::shared_ptr<IAllocator> allocator = _allocator;
		void *handle = allocator->alloc(_bytes);

		if (handle != nullptr)
			_handle.reset(handle, [allocator](void *h) { allocator->free(h); });
	}

	bool
	deallocate() noexcept
	{
		bool had = _handle != nullptr;

		_handle.reset();
		return had;
	}

	LockedMemory
	wmap() const
	{
		return view(InferenceEngine::LOCK_FOR_WRITE);
	}

	LockedMemory
	rwmap() const
	{
		return view(InferenceEngine::LOCK_FOR_WRITE);
	}

	LockedMemory
	rmap() const
	{
		return view(InferenceEngine::LOCK_FOR_READ);
	}

	const std::shared_ptr<void> &
	handle() const
	{
		return _handle;
	}

private:
	LockedMemory
	view(LockOp op) const
	{
		return LockedMemory(_allocator.get(), _handle.get(), op, _offset);
	}

	std::size_t _bytes;
	std::size_t _offset;
	std::shared_ptr<IAllocator> _allocator;
	std::shared_ptr<void> _handle;
};

} // namespace blob

#endif
