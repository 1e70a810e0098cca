/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * A program for the ENN API in C++: classifies images of digits, several at once. Each session has
 * buffers of its own; while some images are classified, the next ones are put in place.
 *
 *	c++ enn_digits.cpp -o enn_digits $(pkg-config --cflags --libs acceldev-enn)
 *	ACCELDEV_DEVICES=sim:npu ./enn_digits digits.elf records.bin labels.bin
 */
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

#include <enn_api-public.hpp>

namespace {

const int nb_sessions = 4;
const int nb_digits = 10;

void
check(const char *what, EnnReturn result)
{
	if (result != ENN_RET_SUCCESS)
		throw std::runtime_error(std::string(what) + ": error " + std::to_string(result));
}

std::vector<char>
read_file(const char *path)
{
	std::ifstream in(path, std::ios::binary);

	if (!in)
		throw std::runtime_error(std::string(path) + ": cannot be read");
	return std::vector<char>((std::istreambuf_iterator<char>(in)),
			std::istreambuf_iterator<char>());
}

/* ENN, until it ends, which is also when something is thrown. */
class Context {
public:
	Context()
	{
		check("initialise", enn::api::EnnInitialize());
	}

	~Context()
	{
		enn::api::EnnDeinitialize();
	}

	Context(const Context &) = delete;
	Context &operator=(const Context &) = delete;
};

class Model {
public:
	explicit Model(const char *path)
	{
		check("open", enn::api::EnnOpenModel(path, &id));
	}

	/* The buffers of its sessions are released with it. */
	~Model()
	{
		enn::api::EnnCloseModel(id);
	}

	Model(const Model &) = delete;
	Model &operator=(const Model &) = delete;

	EnnModelId id = 0;
};

class Session {
public:
	Session(const Model &owner, int session) : model(owner.id), number(session)
	{
		NumberOfBuffersInfo info;

		check("allocate", enn::api::EnnAllocateAllBuffers(model, &buffers, &info, number));
		if (info.n_in_buf != 1 || info.n_out_buf != 1 || buffers[1]->size < nb_digits)
			throw std::runtime_error("this model does not classify digits");
	}

	size_t size() const
	{
		return buffers[0]->size;
	}

	void begin(const char *image)
	{
		std::memcpy(buffers[0]->va, image, size());
		check("execute", enn::api::EnnExecuteModelAsync(model, number));
	}

	int end()
	{
		const signed char *scores = static_cast<const signed char *>(buffers[1]->va);

		check("wait", enn::api::EnnExecuteModelWait(model, number));
		return static_cast<int>(std::max_element(scores, scores + nb_digits) - scores);
	}

private:
	EnnModelId model;
	int number;
	EnnBufferPtr *buffers = nullptr;
};

int
classify(const char *path, const std::vector<char> &records, const std::vector<char> &labels)
{
	Model model(path);
	std::vector<Session> sessions;
	size_t i, right = 0, n;

	for (int number = 0; number < nb_sessions; number++)
		sessions.emplace_back(model, number);
	n = std::min(labels.size(), records.size() / sessions[0].size());
	for (i = 0; i < n + nb_sessions; i++) {
		Session &session = sessions[i % nb_sessions];

		if (i >= nb_sessions && i - nb_sessions < n)
			right += session.end() == labels[i - nb_sessions];
		if (i < n)
			session.begin(&records[i * session.size()]);
	}
	std::printf("%zu of %zu right\n", right, n);
	return n == 0;
}

}

int
main(int argc, char **argv)
{
	if (argc != 4) {
		std::fprintf(stderr, "usage: %s MODEL RECORDS LABELS\n", argv[0]);
		return 1;
	}
	try {
		Context context;

		return classify(argv[1], read_file(argv[2]), read_file(argv[3]));
	} catch (const std::exception &e) {
		std::fprintf(stderr, "%s\n", e.what());
	}
	return 1;
}
