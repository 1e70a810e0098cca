/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * ov::Allocator as tensors use it. Compiled once with the class in each shape that it had.
 */
#include <acceldev/openvino.hpp>
#include <cstring>
#include <limits>
#include <new>
#include <openvino/runtime/allocator.hpp>
#include <stdexcept>
#include <utility>

extern "C" {
#include "log_text.h"
}
#include "ov_case.h"

static constexpr std::size_t MIB = std::size_t(1) << 20;

#if SHAPE_OF_ALLOCATOR == 2022
static ov::Allocator
make(const struct place *place)
{
	return ov::Allocator(acceldev::CreateAllocatorImpl<ov::runtime::AllocatorImpl>(place->spec,
			place->bank));
}
#else
static ov::Allocator
make(const struct place *place)
{
	return ov::Allocator(acceldev::Allocator(place->spec, place->bank));
}
#endif

static void
allocate_and_free(const struct place *place)
{
	static const std::size_t sizes[] = { 0, 1, 3, 24, 64, 100, 10240, MIB };
	ov::Allocator a = make(place);

	for (std::size_t size : sizes) {
		char *va = static_cast<char *>(a.allocate(size));
		CU_ASSERT_PTR_NOT_NULL_FATAL(va);
		CU_ASSERT_EQUAL(reinterpret_cast<std::uintptr_t>(va) % 64, 0);
		std::memset(va, 1, size);
		if (size != 0)
			CU_ASSERT_EQUAL(va[size - 1], 1);
		a.deallocate(va, size);
	}
	a.deallocate(a.allocate(64, 64), 64, 64);
	a.deallocate(a.allocate(64));
}

static void
alignments(const struct place *place)
{
	ov::Allocator a = make(place);

	for (std::size_t align = 1; align <= 2 * MIB; align *= 2) {
		void *va = a.allocate(100, align);
		CU_ASSERT_EQUAL(reinterpret_cast<std::uintptr_t>(va) % align, 0);
		std::memset(va, 1, 100);
		a.deallocate(va, 100, align);
		/* Those that are given back need not be what was asked for. */
		a.deallocate(a.allocate(100, align), 7, 32);
	}
}

/* Whether an allocation ends with a certain exception. */
template <class E>
static bool
throws(ov::Allocator &a, std::size_t bytes, std::size_t align)
{
	bool thrown = false;

	log_text_begin();
	try {
		a.allocate(bytes, align);
	} catch (const E &) {
		thrown = true;
	}
	log_text_end();
	return thrown;
}

static void
refused(const struct place *place)
{
	ov::Allocator a = make(place);
	std::size_t most = std::numeric_limits<std::size_t>::max();
	struct test_usage before;

	a.deallocate(a.allocate(64));
	before = test_usage_get();
	CU_ASSERT(throws<std::runtime_error>(a, 64, 3));
	CU_ASSERT(throws<std::runtime_error>(a, 64, 0));
	CU_ASSERT(throws<std::runtime_error>(a, 64, most));
	CU_ASSERT(throws<std::bad_alloc>(a, most, 64));
	CU_ASSERT(throws<std::bad_alloc>(a, most - 64, 64));
	CU_ASSERT(throws<std::bad_alloc>(a, std::size_t(1) << 48, 64));
	CU_ASSERT(throws<std::bad_alloc>(a, 64, std::size_t(1) << 63));
	TEST_ASSERT_NO_LEAK(before);
}

static void
deallocate_anything(const struct place *place)
{
	ov::Allocator a = make(place);
	char foreign[256];
	char *va = static_cast<char *>(a.allocate(256));

	a.deallocate(nullptr, 64);
	a.deallocate(GARBAGE, 64);
	a.deallocate(foreign, 256);
	a.deallocate(va + 64, 64);
	std::memset(va, 1, 256);
	a.deallocate(va);
	a.deallocate(va);
	CU_ASSERT_PTR_NULL(acceldev_ov_lock(va, ACCELDEV_OV_READ));
}

/* Equal ones may give back what the other has allocated, also when that is gone. */
static void
interchangeable(const struct place *place)
{
	ov::Allocator b = make(place);
	void *va;
	{
		ov::Allocator a = make(place);
		ov::Allocator copy = a;
		CU_ASSERT(a == b && b == a && copy == a);
		va = copy.allocate(100);
	}
	std::memset(va, 1, 100);
	b.deallocate(va, 100);
	CU_ASSERT_PTR_NULL(acceldev_ov_lock(va, ACCELDEV_OV_READ));
}

static void
different()
{
	static const struct place plain = { "", nullptr, ACCELDEV_OV_HOST, 0 };
	static const struct place soft = { "", "soft:0", ACCELDEV_OV_HOST, 0 };
	static const struct place host = { "", BANKS_SPEC, ACCELDEV_OV_HOST, 0 };
	static const struct place bank = { "", BANKS_SPEC, 1, 0 };
	ov::Allocator all[] = { make(&plain), make(&soft), make(&host), make(&bank) };

	for (int i = 0; i < 4; i++) {
		for (int j = 0; j < 4; j++)
			CU_ASSERT_EQUAL((all[i] == all[j]), (i == j));
	}
}

#if SHAPE_OF_ALLOCATOR == 2022

struct Other final : public ov::AllocatorImpl {
	void *allocate(const size_t, const size_t) override { return nullptr; }
	void deallocate(void *, const size_t, size_t) override {}
	bool is_equal(const ov::AllocatorImpl &) const override { return false; }
};

static void
other_types()
{
	auto ours = acceldev::CreateAllocatorImpl<ov::AllocatorImpl>();
	auto other = std::make_shared<Other>();

	CU_ASSERT(!ours->is_equal(*other));
	CU_ASSERT(ours->is_equal(*ours));
	CU_ASSERT(ours->shared_from_this() == ours);
	log_text_begin();
	CU_ASSERT(acceldev::CreateAllocatorImpl<ov::AllocatorImpl>("sim:no_model") == nullptr);
	log_text_end();
	CU_ASSERT(acceldev::CreateAllocatorImpl<ov::AllocatorImpl>(nullptr, 0) == nullptr);
}

#else

struct Other {
	void *allocate(std::size_t, std::size_t) { return nullptr; }
	void deallocate(void *, std::size_t, std::size_t) noexcept {}
	bool is_equal(const Other &) const { return true; }
};

static bool
cannot_be_made(const char *spec, int bank)
{
	bool thrown = false;

	log_text_begin();
	try {
		acceldev::Allocator a(spec, bank);
	} catch (const std::runtime_error &e) {
		thrown = std::strstr(e.what(), spec != nullptr ? spec : "the host") != nullptr;
	}
	log_text_end();
	return thrown;
}

static void
other_types()
{
	acceldev::Allocator ours, soft("soft:0");
	ov::Allocator a(ours), b = Other(), moved = std::move(a);

	CU_ASSERT(!(moved == b));
	CU_ASSERT(!(b == moved));
	CU_ASSERT(!(moved == a)); /* which is none any more */
	soft = ours;
	CU_ASSERT(soft.is_equal(ours));
	soft = *&soft;
	soft.deallocate(soft.allocate(100));
	CU_ASSERT(cannot_be_made("sim:no_model", acceldev::HOST));
	CU_ASSERT(cannot_be_made("soft:0", 0));
	CU_ASSERT(cannot_be_made(nullptr, 0));
}

#endif

/* A tensor knows no locks: of one in a bank the program moves the bytes. */
static void
on_the_card(const struct place *place)
{
	ov::Allocator a = make(place);
	char *va = static_cast<char *>(a.allocate(4096)), twos[4096];

	CU_ASSERT_PTR_EQUAL(acceldev_ov_lock(va, ACCELDEV_OV_WRITE), va);
	std::memset(va, 1, 4096);
	acceldev_ov_unlock(va);
	CU_ASSERT_EQUAL(case_device_has(va, 4096), 1);
	std::memset(twos, 2, sizeof(twos));
	case_device_write(va, twos, sizeof(twos));
	CU_ASSERT_PTR_EQUAL(acceldev_ov_lock(va, ACCELDEV_OV_READ), va);
	CU_ASSERT(case_is_filled(va, 4096, 2));
	acceldev_ov_unlock(va);
	a.deallocate(va, 4096);
}

#define EVERYWHERE(fn) []() { case_each(fn); }

static const struct test_case cases[] = {
	{ "allocate and free", EVERYWHERE(allocate_and_free) },
	{ "alignments", EVERYWHERE(alignments) },
	{ "refused", EVERYWHERE(refused) },
	{ "deallocate anything", EVERYWHERE(deallocate_anything) },
	{ "interchangeable", EVERYWHERE(interchangeable) },
	{ "different", different },
	{ "other types", other_types },
	{ "on the card", []() { case_each_bank(on_the_card); } },
	{ nullptr, nullptr },
};

const struct test_suite ov_suites[] = {
	{ "tensors", nullptr, nullptr, cases },
	{ nullptr, nullptr, nullptr, nullptr },
};
