/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * InferenceEngine::IAllocator as blobs use it. Compiled once with the class in each shape that it
 * had, and once with ours.
 */
#include <ie_allocator.hpp>

#include <acceldev/openvino.hpp>
#include <cstring>
#include <thread>
#include <utility>

#include "blob.hpp"

extern "C" {
#include "log_text.h"
}
#include "ov_case.h"

using blob::Blob;
using blob::LockedMemory;
using InferenceEngine::IAllocator;

#ifndef SHAPE_OF_IALLOCATOR
#define SHAPE_OF_IALLOCATOR 0 /* ours */
#endif
static_assert(SHAPE_OF_IALLOCATOR == SHAPE_WANTED, "the header that was meant");

typedef std::shared_ptr<IAllocator> AllocatorPtr;

static AllocatorPtr
make(const struct place *place)
{
	AllocatorPtr a = acceldev::CreateAllocator(place->spec, place->bank, place->flags);

	CU_ASSERT_FATAL(a != nullptr);
	return a;
}

/* What a blob has called, and with what. */
struct Calls {
	unsigned int locks, unlocks, allocs, frees;
	std::size_t size;
	void *handle;
	InferenceEngine::LockOp op;
	bool unlocked_other; /* than the handle */
	bool lock_fails, alloc_fails;
};

class Counting final : public IAllocator {
public:
	Counting(const AllocatorPtr &real, Calls &calls) : _real(real), _calls(calls)
	{
		_calls = Calls();
	}

	void *
	lock(void *handle, InferenceEngine::LockOp op) noexcept
	{
		_calls.locks++;
		_calls.handle = handle;
		_calls.op = op;
		return _calls.lock_fails ? nullptr : _real->lock(handle, op);
	}

	void
	unlock(void *handle) noexcept
	{
		_calls.unlocks++;
		_calls.unlocked_other |= handle != _calls.handle;
		_real->unlock(handle);
	}

	void *
	alloc(std::size_t size) noexcept
	{
		_calls.allocs++;
		_calls.size = size;
		return _calls.alloc_fails ? nullptr : _real->alloc(size);
	}

	bool
	free(void *handle) noexcept
	{
		_calls.frees++;
		CU_ASSERT(_real->free(handle));
		return true;
	}

	void
	Release() noexcept
	{
		delete this;
	}

private:
	AllocatorPtr _real;
	Calls &_calls;
};

static AllocatorPtr
counting(const struct place *place, Calls &calls)
{
	return std::make_shared<Counting>(make(place), calls);
}

/*
 * The interface
 */

static void
default_allocator()
{
	AllocatorPtr a = acceldev::CreateAllocator(nullptr), b = acceldev::CreateAllocator();
	void *handle = a->alloc(100);

	CU_ASSERT_PTR_NOT_NULL(a->lock(handle));
	CU_ASSERT(b->free(handle));
}

static void
no_allocator()
{
	log_text_begin();
	CU_ASSERT(acceldev::CreateAllocator("sim:no_model") == nullptr);
	CU_ASSERT(acceldev::CreateAllocator("soft:0", 0) == nullptr);
	log_text_end();
	CU_ASSERT(acceldev::CreateAllocator(nullptr, 0) == nullptr);
	CU_ASSERT(acceldev::CreateAllocator(nullptr, acceldev::HOST, 2) == nullptr);
}

static void
as_system_allocator(const struct place *place)
{
	AllocatorPtr a = make(place);
	void *none = a->alloc(0), *some = a->alloc(100), *handle = a->alloc(10000);
	char *va = static_cast<char *>(a->lock(handle));

	CU_ASSERT(none != nullptr && some != nullptr && handle != nullptr && va != nullptr);
	CU_ASSERT_EQUAL((handle == va), (place->flags != 0));
	CU_ASSERT_EQUAL(reinterpret_cast<std::uintptr_t>(va) % 64, 0);
	va[9999] = 11;
	CU_ASSERT_EQUAL(va[9999], 11);
	a->unlock(va);
	a->unlock(handle);
	CU_ASSERT(a->free(nullptr));
	CU_ASSERT(a->free(none));
	CU_ASSERT(a->free(some));
	CU_ASSERT(a->free(handle));
	CU_ASSERT(!a->free(handle));
}

/* Memory that is not the allocator's, and more than there is. */
static void
as_pre_allocator(const struct place *place)
{
	AllocatorPtr a = make(place);
	char *foreign = new char[100];
	void *handle = a->alloc(3);

	log_text_begin();
	CU_ASSERT_PTR_NULL(a->lock(a->alloc(SIZE_MAX)));
	log_text_end();
	CU_ASSERT_PTR_NULL(a->lock(reinterpret_cast<void *>(std::uintptr_t(4))));
	CU_ASSERT_PTR_NULL(a->lock(reinterpret_cast<void *>(
			reinterpret_cast<std::uintptr_t>(handle) + 4)));
	CU_ASSERT_PTR_NULL(a->lock(foreign));
	CU_ASSERT(!a->free(foreign));
	a->unlock(foreign);
	a->unlock(nullptr);
	CU_ASSERT(a->free(handle));
	delete[] foreign;
}

#if SHAPE_OF_IALLOCATOR == 2020
static void
ended(const struct place *place)
{
	IAllocator *raw = acceldev::NewAllocator(place->spec, place->bank, place->flags);
	void *handle, *va;

	CU_ASSERT_PTR_NOT_NULL_FATAL(raw);
	handle = raw->alloc(100);
	raw->Release();
	va = acceldev_ov_lock(handle, ACCELDEV_OV_WRITE);
	CU_ASSERT_PTR_NOT_NULL(va);
	CU_ASSERT(acceldev_ov_free(handle));

	AllocatorPtr a(acceldev::NewAllocator(place->spec, place->bank, place->flags),
			[](IAllocator *p) { p->Release(); });
	Blob b(100, a);
	b.allocate();
	a.reset();
	CU_ASSERT_PTR_NOT_NULL(b.wmap().get());
}
#else
static void
ended(const struct place *place)
{
	AllocatorPtr a = make(place);
	std::weak_ptr<IAllocator> weak = a;

	CU_ASSERT(a->shared_from_this() == a);
	a.reset();
	CU_ASSERT(weak.expired());
}
#endif

/*
 * Blobs
 */

static void
fill(LockedMemory &view, std::size_t offset, int value, std::size_t len)
{
	CU_ASSERT_PTR_NOT_NULL_FATAL(view.get());
	std::memset(view.get() + offset, value, len);
}

/* Of a view that ends with the call. */
static void
fill(LockedMemory &&view, std::size_t offset, int value, std::size_t len)
{
	fill(view, offset, value, len);
}

static void
blob_alone(const struct place *place)
{
	Calls calls;
	bool thrown = false;

	try {
		Blob b(24, nullptr);
	} catch (const std::invalid_argument &) {
		thrown = true;
	}
	CU_ASSERT(thrown);
	{
		Blob b(24, counting(place, calls));
		CU_ASSERT_PTR_NULL(b.rwmap().get());
		CU_ASSERT(!b.deallocate());
		b.allocate();
		CU_ASSERT_PTR_NOT_NULL(b.rwmap().get());
	}
	CU_ASSERT(calls.allocs == 1 && calls.size == 24 && calls.frees == 1);
}

static void
allocated_again(const struct place *place)
{
	Calls calls;
	{
		Blob b(24, counting(place, calls));
		b.allocate();
		b.wmap().get()[3] = 7;
		calls.alloc_fails = true;
		b.allocate();
		CU_ASSERT_EQUAL(b.rmap().get()[3], 7);
		calls.alloc_fails = false;
		b.allocate();
		CU_ASSERT_EQUAL(calls.frees, 1);
		CU_ASSERT(b.deallocate());
		CU_ASSERT_PTR_NULL(b.rmap().get());
		CU_ASSERT(!b.deallocate());
	}
	CU_ASSERT(calls.allocs == 3 && calls.frees == 2);
}

static void
lazy(const struct place *place)
{
	Calls calls;
	Blob b(24, counting(place, calls));

	b.allocate();
	{
		LockedMemory view = b.rwmap();
		CU_ASSERT_EQUAL(calls.locks, 0);
		LockedMemory moved = std::move(view);
	}
	CU_ASSERT(calls.locks == 0 && calls.unlocks == 0);
	{
		LockedMemory view = b.rwmap();
		CU_ASSERT_PTR_EQUAL(view.get(), view.get());
		CU_ASSERT(calls.locks == 1 && calls.op == InferenceEngine::LOCK_FOR_WRITE);
	}
	CU_ASSERT_EQUAL(calls.unlocks, 1);
	CU_ASSERT_PTR_NOT_NULL(b.rmap().get());
	CU_ASSERT(calls.op == InferenceEngine::LOCK_FOR_READ && calls.unlocks == 2);
	CU_ASSERT(calls.handle == b.handle().get() && !calls.unlocked_other);
}

static void
views(const struct place *place)
{
	Blob b(4096, make(place));

	b.allocate();
	fill(b.wmap(), 0, 1, 4096);
	{
		LockedMemory outer = b.rwmap();
		CU_ASSERT(case_is_filled(outer.get(), 4096, 1));
		outer.get()[1] = 2;
		{
			LockedMemory inner = b.rwmap();
			CU_ASSERT_PTR_EQUAL(inner.get(), outer.get());
			inner.get()[2] = 3;
		}
		outer.get()[3] = 4;
	}
	const char *va = b.rmap().get();
	CU_ASSERT(va[0] == 1 && va[1] == 2 && va[2] == 3 && va[3] == 4 && va[4] == 1);
}

static void
moved_view(const struct place *place)
{
	Calls calls;
	Blob b(4096, counting(place, calls));

	b.allocate();
	for (int i = 1; i < 4; i++) {
		LockedMemory view = b.wmap();
		fill(view, 0, i, 2048);
		LockedMemory moved = std::move(view);
		fill(moved, 2048, i, 2048);
	}
	CU_ASSERT(calls.locks == 6 && calls.unlocks == 3);
	LockedMemory view = b.rmap();
	CU_ASSERT(case_is_filled(view.get(), 4096, 3));
	if (place->bank >= 0)
		CU_ASSERT_EQUAL(case_device_has(view.get(), 4096), 3);
}

static void
moved_blob(const struct place *place)
{
	Calls calls;
	{
		Blob b(24, counting(place, calls));
		b.allocate();
		b.wmap().get()[0] = 5;
		void *handle = b.handle().get();
		Blob c(std::move(b));
		CU_ASSERT_PTR_EQUAL(c.handle().get(), handle);
		CU_ASSERT_EQUAL(c.rmap().get()[0], 5);
	}
	CU_ASSERT_EQUAL(calls.frees, 1);
}

static void
failing_lock(const struct place *place)
{
	Calls calls;
	Blob b(4096, counting(place, calls));

	b.allocate();
	Blob roi(b, 16, 100);
	calls.lock_fails = true;
	{
		LockedMemory view = b.rmap();
		CU_ASSERT_PTR_NULL(view.get());
		CU_ASSERT_PTR_NULL(view.get());
	}
	CU_ASSERT(calls.locks == 2 && calls.unlocks == 0);
	{
		LockedMemory view = roi.rmap();
		CU_ASSERT_PTR_EQUAL(view.get(), reinterpret_cast<char *>(16));
	}
	CU_ASSERT(calls.locks == 3 && calls.unlocks == 1);
	calls.lock_fails = false;
	fill(b.wmap(), 0, 1, 4096);
	CU_ASSERT(case_is_filled(b.rmap().get(), 4096, 1));
}

static void
part_of_a_blob(const struct place *place)
{
	Calls calls;
	bool thrown = false;
	{
		std::unique_ptr<Blob> b(new Blob(4096, counting(place, calls)));
		b->allocate();
		fill(b->wmap(), 0, 1, 4096);
		Blob roi(*b, 57, 1000);
		CU_ASSERT_PTR_EQUAL(roi.rmap().get(), b->rmap().get() + 57);
		roi.rwmap().get()[0] = 9;
		CU_ASSERT(b->rmap().get()[57] == 9 && b->rmap().get()[58] == 1);
		try {
			Blob outside(*b, 4000, 97);
		} catch (const std::out_of_range &) {
			thrown = true;
		}
		b.reset();
		CU_ASSERT_EQUAL(calls.frees, 0);
		CU_ASSERT_EQUAL(roi.rmap().get()[0], 9);
	}
	CU_ASSERT(thrown);
	CU_ASSERT_EQUAL(calls.frees, 1);
}

/* The blob and the allocator are gone, and another thread lets go of the memory. */
static void
freed_elsewhere(const struct place *place)
{
	std::shared_ptr<void> handle;
	{
		Blob b(4096, make(place));
		b.allocate();
		b.wmap().get()[0] = 1;
		handle = b.handle();
	}
	std::thread([&handle]() { handle.reset(); }).join();
	CU_ASSERT(handle == nullptr);
}

/* A view for reading fetches, one for writing sends, and one for both does both. */
static void
on_the_card(const struct place *place)
{
	Blob b(4096, make(place));
	char *va, twos[4096];

	b.allocate();
	va = b.wmap().get();
	fill(b.wmap(), 0, 1, 4096);
	CU_ASSERT_EQUAL(case_device_has(va, 4096), 1);
	std::memset(twos, 2, sizeof(twos));
	case_device_write(va, twos, sizeof(twos));
	CU_ASSERT(case_is_filled(va, 4096, 1));
	CU_ASSERT(case_is_filled(b.rmap().get(), 4096, 2));
	std::memset(twos, 3, sizeof(twos));
	case_device_write(va, twos, sizeof(twos));
	fill(b.rwmap(), 0, 4, 100);
	CU_ASSERT_EQUAL(case_device_has(va, 100), 4);
	CU_ASSERT_EQUAL(case_device_has(va + 100, 3996), 3);
}

#define EVERYWHERE(fn) []() { case_each(fn); }

static const struct test_case cases[] = {
	{ "default", default_allocator },
	{ "none", no_allocator },
	{ "as the system's allocator", EVERYWHERE(as_system_allocator) },
	{ "foreign memory", EVERYWHERE(as_pre_allocator) },
	{ "its end", EVERYWHERE(ended) },
	{ "a blob", EVERYWHERE(blob_alone) },
	{ "allocated again", EVERYWHERE(allocated_again) },
	{ "locked when used", EVERYWHERE(lazy) },
	{ "views", EVERYWHERE(views) },
	{ "a view that is moved", EVERYWHERE(moved_view) },
	{ "a blob that is moved", EVERYWHERE(moved_blob) },
	{ "a lock that fails", EVERYWHERE(failing_lock) },
	{ "part of a blob", EVERYWHERE(part_of_a_blob) },
	{ "freed elsewhere", EVERYWHERE(freed_elsewhere) },
	{ "on the card", []() { case_each_bank(on_the_card); } },
	{ nullptr, nullptr },
};

const struct test_suite ov_suites[] = {
	{ "blobs", nullptr, nullptr, cases },
	{ nullptr, nullptr, nullptr, nullptr },
};
