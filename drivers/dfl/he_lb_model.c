/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */

/**
 * @file
 * The models of HE-LB, "sim:he-lb", and of HE-MEM, "sim:he-mem". HE-MEM's reads and writes of
 * modes other than lpbk go to memory of the card, of which nothing is seen but the counts,
 * without that of the status line.
 *
 * What the registers leave open:
 * - A test takes what the registers hold when it starts. A start while one runs is ignored. After
 *   the status line the next edge of CTL's start bit begins another, by 0 or not; only 0 clears
 *   counts, so that without it the second status counts both tests and the first status line.
 * - Of the mode, 0 copies; of others bit 0 reads and bit 1 writes, so that 4 does nothing.
 * - HE_CFG_REQ_LEN above 4 is AFU_ERROR_CONFIG.
 * - A stop lets the request at hand be the last of its direction.
 * - Continuous trput reads half of the lines in its first pass and all of them in those that
 *   follow, as the RTL does.
 * - Atomics come with modes other than read; with the low bit of the mode there are plain reads
 *   next to them. Two bits of the function count; 3 is CAS. A continuous test does not write what
 *   they return. Each counts as a read and a write, and the write of what it returned as another.
 *   They are a read and a write here: not atomic to the rest of the machine.
 * - The status line's number begins with 1 after reset. The interrupt counts neither as a write
 *   nor as a status.
 * - CFG's delay, encoding and interleave, STRIDE and INACT are kept and have no effect.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "afu_model.h"
#include "he_lb_regs.h"

#define BAR_SIZE   (64u << 10)
#define VECTORS    8
#define CLOCK_MHZ  350
#define API        2
#define ADDR_LINES (UINT64_C(1) << 58) /* lines that 64 bits address */
#define MAX_LINES  0xfffff             /* of NUM_LINES */
#define MODE_READS  0x1
#define MODE_WRITES 0x2

struct he {
	struct afu afu; /* first */
	bool on_card;   /* reads and writes go to the card */
	struct afu_stream rd, wr;
	/* What wr does, and with which settings. */
	void (*work)(struct he *he);
	uint64_t src, dst, dsm, cfg;
	unsigned int vector;
};

#define HE_CSRS(guid_l, guid_h)                                                                    \
	{ 0x000, false, 0, AFU_DFH },                                                              \
	{ 0x008, false, 0, guid_l },                                                               \
	{ 0x010, false, 0, guid_h },                                                               \
	{ HE_SCRATCHPAD0, false, UINT64_MAX, 0 },                                                  \
	{ HE_SCRATCHPAD2, false, UINT64_MAX, 0 },                                                  \
	{ HE_DSM_BASEL, false, UINT64_MAX, 0 },                                                    \
	{ HE_SRC_ADDR, true, UINT64_MAX, 0 },                                                      \
	{ HE_DST_ADDR, true, UINT64_MAX, 0 },                                                      \
	{ HE_NUM_LINES, false, MAX_LINES, 0 },                                                     \
	{ HE_CTL, false, 0xffff, 0 },                                                              \
	{ HE_CFG, true, UINT64_MAX, 0 },                                                           \
	{ HE_INACT, true, UINT32_MAX, 0 },                                                         \
	{ HE_INTERRUPT0, true, UINT32_MAX, 0 },                                                    \
	{ HE_SWTEST_MSG, false, UINT64_MAX, 0 },                                                   \
	{ HE_STRIDE, false, 0x3f, 0 },                                                             \
	{ HE_INFO0, false, 0, API << 16 | CLOCK_MHZ },                                             \
	{ 0, false, 0, 0 }

static const struct afu_csr lb_csrs[] = { HE_CSRS(HE_LB_GUID_L, HE_LB_GUID_H) };
static const struct afu_csr mem_csrs[] = { HE_CSRS(HE_MEM_GUID_L, HE_MEM_GUID_H) };

static uint64_t
iova_of(uint64_t base, uint32_t off)
{
	return (base + off) % ADDR_LINES * HE_LINE;
}

/*
 * Pieces of work
 */

static void
read_lines(struct he *he)
{
	uint64_t iova = iova_of(he->src, he->rd.off);
	uint32_t n = afu_stream_next(&he->rd, iova, iova);

	if (he->on_card)
		he->afu.reads += n;
	else if (!afu_read_lines(&he->afu, iova, n))
		return;
	afu_stream_advance(&he->afu, &he->rd, n);
}

/* The number of the line in its request, and the pattern. */
static void
fill(unsigned char *lines, const struct afu_stream *stream, uint32_t n)
{
	static const uint32_t pattern[] = { HE_PATTERN, HE_PATTERN, HE_PATTERN, HE_PATTERN };
	uint32_t i, beat;

	memset(lines, 0, (size_t)n * HE_LINE);
	for (i = 0; i < n; i++, lines += HE_LINE) {
		beat = (stream->off + i) % stream->request;
		memcpy(lines, &beat, sizeof(beat));
		memcpy(lines + sizeof(beat), pattern, sizeof(pattern));
	}
}

static void
write_lines(struct he *he)
{
	uint64_t iova = iova_of(he->dst, he->wr.off);
	uint32_t n = afu_stream_next(&he->wr, iova, iova);

	fill(he->afu.lines, &he->wr, n);
	if (he->on_card)
		he->afu.writes += n;
	else if (!afu_write_lines(&he->afu, iova, n))
		return;
	afu_stream_advance(&he->afu, &he->wr, n);
}

static void
copy_lines(struct he *he)
{
	uint64_t src = iova_of(he->src, he->wr.off), dst = iova_of(he->dst, he->wr.off);
	uint32_t n = afu_stream_next(&he->wr, src, dst);

	if (!afu_read_lines(&he->afu, src, n))
		return;
	if (!afu_write_lines(&he->afu, dst, n)) {
		he->afu.reads -= n - 1; /* those after the line that failed */
		return;
	}
	afu_stream_advance(&he->afu, &he->wr, n);
}

static uint64_t
operate(unsigned int function, uint64_t old, uint64_t operand)
{
	switch (function) {
	case HE_ATOMIC_FADD:
		return old + operand;
	case HE_ATOMIC_SWAP:
		return operand;
	default:
		return old == operand ? ~operand : old;
	}
}

static bool
do_atomic(struct he *he)
{
	size_t len = (he->cfg & HE_CFG_ATOMIC_8) != 0 ? 8 : 4;
	uint64_t src = iova_of(he->src, he->wr.off), old = 0, value;

	if (!afu_dma_read(&he->afu, src, &old, len))
		return false;
	value = operate(HE_CFG_ATOMIC_FN(he->cfg) & 3, old, he->wr.off);
	if (!afu_dma_write(&he->afu, src, &value, len))
		return false;
	he->afu.reads++;
	he->afu.writes++;
	if ((he->cfg & HE_CFG_CONT) != 0)
		return true;
	if (!afu_dma_write(&he->afu, iova_of(he->dst, he->wr.off), &old, len))
		return false;
	he->afu.writes++;
	return true;
}

static void
do_atomics(struct he *he)
{
	unsigned int i;

	for (i = 0; i < AFU_STEP_LINES && he->wr.on && do_atomic(he); i++)
		afu_stream_advance(&he->afu, &he->wr, 1);
}

/*
 * A test
 */

static void
stream_start(struct afu_stream *stream, const struct he *he, uint32_t num, uint32_t num_again,
		unsigned int req_len, bool single)
{
	uint32_t request = single ? 1 : 1u << req_len;

	*stream = (struct afu_stream){ .on = true, .again = (he->cfg & HE_CFG_CONT) != 0,
		.left = ((num >> req_len) + 1) * request,
		.pass = ((num_again >> req_len) + 1) * request,
		.request = request, .wrap = HE_MAX_LINES };
}

static void
start_streams(struct he *he)
{
	uint32_t num = (uint32_t)afu_get(&he->afu, HE_NUM_LINES), half = num;
	unsigned int mode = HE_CFG_MODE(he->cfg), req_len = HE_CFG_REQ_LEN(he->cfg);
	bool atomic = (he->cfg & HE_CFG_ATOMIC) != 0;

	he->rd.on = false;
	he->wr.on = false;
	if (req_len > HE_MAX_REQ_LEN) {
		he->afu.error |= AFU_ERROR_CONFIG;
		return;
	}
	if (!atomic && (mode & HE_MODE_TRPUT) == HE_MODE_TRPUT)
		half = num / 2;
	if ((mode & MODE_READS) != 0)
		stream_start(&he->rd, he, half, num, req_len, false);
	if (atomic ? (mode & 3) != HE_MODE_READ : mode == HE_MODE_LPBK || (mode & MODE_WRITES) != 0)
		stream_start(&he->wr, he, half, half, req_len, atomic);
	he->work = atomic ? do_atomics : mode == HE_MODE_LPBK ? copy_lines : write_lines;
}

static bool
works_on_card(const struct he *he)
{
	return he->afu.layout == mem_csrs && (he->cfg & HE_CFG_ATOMIC) == 0 &&
			HE_CFG_MODE(he->cfg) != HE_MODE_LPBK;
}

static void
begin(struct he *he)
{
	struct afu *afu = &he->afu;

	he->cfg = afu_get(afu, HE_CFG);
	he->src = afu_get(afu, HE_SRC_ADDR);
	he->dst = afu_get(afu, HE_DST_ADDR);
	he->dsm = afu_get(afu, HE_DSM_BASEL);
	he->vector = (uint32_t)afu_get(afu, HE_INTERRUPT0) >> 16;
	he->on_card = works_on_card(he);
	start_streams(he);
	afu->clocks++;
	afu->running = true;
	devmodel_kick(afu->host);
}

static void
put(unsigned char *line, unsigned int off, uint64_t value, size_t len)
{
	memcpy(line + off, &value, len);
}

static void
finish(struct he *he)
{
	struct afu *afu = &he->afu;
	unsigned char line[HE_LINE] = { 0 };

	afu->running = false;
	afu->dsm_number++;
	put(line, 0, HE_DSM_DONE | (uint32_t)(afu->dsm_number & 0x7fff) << 1, 2);
	put(line, HE_DSM_ERROR, afu->error, 4);
	put(line, HE_DSM_TICKS, afu->clocks, 5);
	put(line, HE_DSM_READS_HI, afu->reads >> 32, 1);
	put(line, HE_DSM_WRITES_HI, afu->writes >> 32, 1);
	put(line, HE_DSM_READS, afu->reads, 4);
	put(line, HE_DSM_WRITES, afu->writes, 4);
	if (afu_write_status(afu, iova_of(he->dsm, 0), line) && !he->on_card)
		afu->writes++;
	if ((he->cfg & HE_CFG_IRQ_DONE) != 0 ||
			((he->cfg & HE_CFG_IRQ_ERROR) != 0 && afu->error != 0))
		devmodel_irq(afu->host, he->vector);
}

static bool
is_working(const struct he *he)
{
	return (he->rd.on || he->wr.on) && he->afu.error == 0;
}

static void
stop(struct he *he)
{
	if (he->rd.on)
		afu_stream_stop(&he->rd);
	if (he->wr.on)
		afu_stream_stop(&he->wr);
}

static bool
he_step(void *priv)
{
	struct he *he = priv;

	if (!he->afu.running)
		return false;
	if ((afu_ctl(&he->afu) & AFU_CTL_STOP) != 0)
		stop(he);
	if (he->rd.on && he->afu.error == 0)
		read_lines(he);
	if (he->wr.on && he->afu.error == 0)
		he->work(he);
	if (!is_working(he))
		finish(he);
	return he->afu.running;
}

/*
 * Registers
 */

static int
he_read(void *priv, unsigned int bar, uint64_t off, void *data, size_t len)
{
	const struct he *he = priv;

	(void)bar;
	return afu_read(&he->afu, off, data, len);
}

static int
he_write(void *priv, unsigned int bar, uint64_t off, const void *data, size_t len)
{
	struct he *he = priv;
	bool was_started = afu_is_started(afu_ctl(&he->afu));
	int ret = afu_write(&he->afu, off, data, len);
	uint32_t ctl = afu_ctl(&he->afu);

	(void)bar;
	if ((ctl & AFU_CTL_RUN) == 0)
		afu_clear(&he->afu);
	else if (afu_is_started(ctl) && !was_started && !he->afu.running)
		begin(he);
	return ret;
}

/*
 * Life
 */

static void
he_reset(void *priv)
{
	struct he *he = priv;

	afu_reset(&he->afu);
}

static int
create(struct devmodel *host, const struct afu_csr *layout, void **priv)
{
	struct he *he = calloc(1, sizeof(*he));

	if (he == NULL)
		return -ENOMEM;
	he->afu.host = host;
	he->afu.layout = layout;
	he_reset(he);
	*priv = he;
	return 0;
}

static int
lb_create(struct devmodel *host, void **priv)
{
	return create(host, lb_csrs, priv);
}

static int
mem_create(struct devmodel *host, void **priv)
{
	return create(host, mem_csrs, priv);
}

static void
he_destroy(void *priv)
{
	free(priv);
}

#define HE_TYPE(type_name, type_create)                                                            \
	{                                                                                          \
		.abi = DEVMODEL_ABI,                                                               \
		.name = type_name,                                                                 \
		.id = { .vendor = 0x8086, .device = 0xbccf, .subsystem_vendor = 0x8086,            \
			.subsystem_device = 0x1770, .class_code = 0x120000 },                      \
		.bar_size = { BAR_SIZE },                                                          \
		.nb_msix = VECTORS,                                                                \
		.has_reset = true,                                                                 \
		.create = type_create,                                                             \
		.destroy = he_destroy,                                                             \
		.read = he_read,                                                                   \
		.write = he_write,                                                                 \
		.step = he_step,                                                                   \
		.reset = he_reset,                                                                 \
	}

static struct devmodel_type he_lb_model = HE_TYPE("he-lb", lb_create);
static struct devmodel_type he_mem_model = HE_TYPE("he-mem", mem_create);

DEVMODEL_REGISTER(he_lb_model)
DEVMODEL_REGISTER(he_mem_model)
