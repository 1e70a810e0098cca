/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * A pipeline of tensors over InferenceEngine::IAllocator: images are normalised, pooled and summed
 * up by three threads, which hand the tensors on and free each other's.
 *
 *	g++ openvino_tensors.cpp -o openvino_tensors -pthread \
 *		$(pkg-config --cflags --libs acceldev-openvino)
 *	./openvino_tensors
 *	./openvino_tensors soft:0,banks=1 0
 *
 * The arguments are the device and the bank. But for the factory it uses nothing that OpenVINO does
 * not have.
 */
#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <cstdlib>
#include <deque>
#include <iostream>
#include <memory>
#include <mutex>
#include <new>
#include <thread>
#include <utility>

#include <ie_allocator.hpp>

#include <acceldev/openvino.hpp>

using InferenceEngine::IAllocator;
using InferenceEngine::LockOp;

namespace {

const std::size_t images = 64, side = 128;

/* The values of a tensor, as long as this lives. */
template <class T>
class View {
public:
	View(const std::shared_ptr<IAllocator> &allocator, void *handle, LockOp op)
		: _allocator(allocator), _handle(handle), _data(allocator->lock(handle, op))
	{
		if (_data == nullptr)
			throw std::bad_alloc();
	}

	View(View &&other) noexcept
		: _allocator(std::move(other._allocator)), _handle(other._handle),
		  _data(other._data)
	{
	}

	~View()
	{
		if (_allocator != nullptr)
			_allocator->unlock(_handle);
	}

	T &
	operator[](std::size_t i) const
	{
		return static_cast<T *>(_data)[i];
	}

private:
	std::shared_ptr<IAllocator> _allocator;
	void *_handle;
	void *_data;
};

/* Copies share the memory, and whoever has the last one frees it. */
template <class T>
class Tensor {
public:
	Tensor() = default;

	Tensor(std::size_t size, const std::shared_ptr<IAllocator> &allocator)
		: _allocator(allocator),
		  _handle(allocator->alloc(size * sizeof(T)),
				[allocator](void *handle) { allocator->free(handle); })
	{
		if (_handle == nullptr)
			throw std::bad_alloc();
	}

	View<T>
	write() const
	{
		return {_allocator, _handle.get(), InferenceEngine::LOCK_FOR_WRITE};
	}

	View<const T>
	read() const
	{
		return {_allocator, _handle.get(), InferenceEngine::LOCK_FOR_READ};
	}

private:
	std::shared_ptr<IAllocator> _allocator;
	std::shared_ptr<void> _handle;
};

/* From one thread to the next. */
template <class T>
class Queue {
public:
	void
	push(T item)
	{
		std::lock_guard<std::mutex> guard(_lock);
		_items.push_back(std::move(item));
		_changed.notify_one();
	}

	T
	pop()
	{
		std::unique_lock<std::mutex> guard(_lock);
		_changed.wait(guard, [this] { return !_items.empty(); });
		T item = std::move(_items.front());
		_items.pop_front();
		return item;
	}

private:
	std::mutex _lock;
	std::condition_variable _changed;
	std::deque<T> _items;
};

std::uint8_t
pixel(std::size_t image, std::size_t i)
{
	return static_cast<std::uint8_t>(image * 31 + i * 7 + i / side);
}

Tensor<std::uint8_t>
draw(std::size_t image, const std::shared_ptr<IAllocator> &allocator)
{
	Tensor<std::uint8_t> tensor(side * side, allocator);
	auto out = tensor.write();

	for (std::size_t i = 0; i < side * side; i++)
		out[i] = pixel(image, i);
	return tensor;
}

Tensor<float>
normalise(const Tensor<std::uint8_t> &image, const std::shared_ptr<IAllocator> &allocator)
{
	Tensor<float> tensor(side * side, allocator);
	auto in = image.read();
	auto out = tensor.write();

	for (std::size_t i = 0; i < side * side; i++)
		out[i] = static_cast<float>(in[i]) - 128;
	return tensor;
}

/* The sum of the greatest values of all 2 x 2 blocks: small integers, which a float has exactly. */
template <class At>
float
sum_of_blocks(const At &at)
{
	float sum = 0;

	for (std::size_t y = 0; y < side; y += 2) {
		for (std::size_t x = 0; x < side; x += 2) {
			std::size_t i = y * side + x;
			sum += std::max({at(i), at(i + 1), at(i + side), at(i + side + 1)});
		}
	}
	return sum;
}

float
pool(const Tensor<float> &image)
{
	auto in = image.read();

	return sum_of_blocks([&in](std::size_t i) { return in[i]; });
}

float
expected(std::size_t image)
{
	return sum_of_blocks([image](std::size_t i) {
		return static_cast<float>(pixel(image, i)) - 128;
	});
}

std::size_t
run(const std::shared_ptr<IAllocator> &allocator)
{
	Queue<Tensor<std::uint8_t>> drawn;
	Queue<Tensor<float>> normalised;
	std::size_t wrong = 0;

	std::thread first([&] {
		for (std::size_t i = 0; i < images; i++)
			drawn.push(draw(i, allocator));
	});
	std::thread second([&] {
		for (std::size_t i = 0; i < images; i++)
			normalised.push(normalise(drawn.pop(), allocator));
	});
	for (std::size_t i = 0; i < images; i++)
		wrong += pool(normalised.pop()) != expected(i);
	first.join();
	second.join();
	return wrong;
}

} // namespace

int
main(int argc, char **argv)
{
	const char *spec = argc > 1 ? argv[1] : nullptr;
	int bank = argc > 2 ? std::atoi(argv[2]) : acceldev::HOST;
	std::shared_ptr<IAllocator> allocator = acceldev::CreateAllocator(spec, bank);

	if (allocator == nullptr) {
		std::cerr << "no memory of " << (spec != nullptr ? spec : "the host") << "\n";
		return 1;
	}
	std::size_t wrong = run(allocator);
	std::cout << images << " images, " << wrong << " wrong\n";
	return wrong != 0;
}
