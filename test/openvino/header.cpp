/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * The adapters alone, with all warnings: whatever OpenVINO there is, they give none of their own.
 */
#include <acceldev/openvino.hpp>

/* Whether there is acceldev::NewAllocator(). */
template <class I>
static auto
has_new(const std::shared_ptr<I> &, int) -> decltype(acceldev::NewAllocator<I>(), true)
{
	return true;
}

template <class I>
static bool
has_new(const std::shared_ptr<I> &, long)
{
	return false;
}

int
main()
{
	auto a = acceldev::CreateAllocator();
	void *handle = a->alloc(100);
	bool good = a->lock(handle) != nullptr;
	acceldev::Allocator b;

	a->unlock(handle);
	good = a->free(handle) && good;
	b.deallocate(b.allocate(1, 2), 3, 4);
	return good && has_new(a, 0) == (SHAPE_WANTED == 2020) ? 0 : 1;
}
