/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */

/**
 * @file
 * The model of NLB in mode 0, "sim:nlb".
 *
 * What its registers leave open:
 * - A test takes what the registers hold when it starts. NUM_LINES 0 ends at once, also with
 *   NLB_CFG_CONT.
 * - Only the copy (NLB_MODE_LPBK1) is there; another mode is AFU_ERROR_CONFIG, and so is a
 *   multi-line field of 2 or a NUM_LINES that is no multiple of the request, with which hardware
 *   never ends.
 * - CFG's cache hints and virtual channels, STRIDE and INACT are kept and have no effect.
 * - A stop lets the request at hand be the last one. After the status line nothing but CTL 0
 *   leads to a new test.
 * - The status line's number begins with 0 after reset. Overheads are 1 clock at the start, 2 at
 *   the end. Of the error info, the first 64 bits are the IOVA that failed.
 * - CFG's interrupts, test mode (29) and on error (28), come on vector 0, after the status line.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "afu_model.h"
#include "nlb_regs.h"

#define BAR_SIZE       (256u << 10)
#define VECTORS        4
#define ADDR_LINES     (UINT64_C(1) << 42) /* lines that it can address */
#define OFFSETS        (1u << 20)
#define CLOCKS_START   1
#define CLOCKS_END     2
#define MULTI(cfg)     ((uint32_t)(cfg) >> 5 & 3)
#define CFG_IRQ_ERROR  (1u << 28)
#define CFG_IRQ_TEST   (1u << 29)
#define DSM_ERROR_IOVA 0x20

struct nlb {
	struct afu afu; /* first */
	struct afu_stream stream;
	bool started;   /* since CTL was 0 last */
	uint64_t src, dst, dsm;
	uint32_t cfg;
};

static const struct afu_csr nlb_csrs[] = {
	{ 0x000, false, 0, AFU_DFH },
	{ 0x008, false, 0, NLB_GUID_L },
	{ 0x010, false, 0, NLB_GUID_H },
	{ NLB_SCRATCHPAD0, false, UINT64_MAX, 0 },
	{ NLB_SCRATCHPAD2, false, UINT64_MAX, 0 },
	{ NLB_DSM_BASE, false, UINT64_MAX, 0 },
	{ NLB_SRC_ADDR, true, UINT64_MAX, 0 },
	{ NLB_DST_ADDR, true, UINT64_MAX, 0 },
	{ NLB_NUM_LINES, false, NLB_MAX_LINES, 0 },
	{ NLB_CTL, false, 0xffff, 0 },
	{ NLB_CFG, true, UINT64_MAX, 0 },
	{ NLB_INACT, true, UINT32_MAX, 0 },
	{ NLB_SWTEST_MSG, false, UINT64_MAX, 0 },
	{ NLB_STRIDE, false, 0x3f, 0 },
	{ 0, false, 0, 0 },
};

static uint64_t
iova_of(uint64_t base, uint32_t off)
{
	return (base + off) % ADDR_LINES * NLB_LINE;
}

/*
 * A test
 */

static bool
config_is_good(const struct nlb *nlb)
{
	return NLB_CFG_MODE(nlb->cfg) == NLB_MODE_LPBK1 && MULTI(nlb->cfg) != 2 &&
			nlb->stream.left % nlb->stream.request == 0;
}

static void
begin(struct nlb *nlb)
{
	struct afu *afu = &nlb->afu;
	uint32_t n = (uint32_t)afu_get(afu, NLB_NUM_LINES);

	nlb->cfg = (uint32_t)afu_get(afu, NLB_CFG);
	nlb->src = afu_get(afu, NLB_SRC_ADDR);
	nlb->dst = afu_get(afu, NLB_DST_ADDR);
	nlb->dsm = afu_get(afu, NLB_DSM_BASE);
	nlb->stream = (struct afu_stream){ .on = n > 0, .again = (nlb->cfg & NLB_CFG_CONT) != 0,
		.left = n, .pass = n, .request = MULTI(nlb->cfg) + 1, .wrap = OFFSETS };
	if (!config_is_good(nlb))
		afu->error |= AFU_ERROR_CONFIG;
	afu->clocks += CLOCKS_START;
	afu->running = true;
	nlb->started = true;
	devmodel_kick(afu->host);
}

static void
put(unsigned char *line, unsigned int off, uint64_t value, size_t len)
{
	memcpy(line + off, &value, len);
}

static void
finish(struct nlb *nlb)
{
	struct afu *afu = &nlb->afu;
	unsigned char line[NLB_LINE] = { 0 };

	afu->running = false;
	afu->clocks += CLOCKS_END;
	put(line, 0, NLB_DSM_DONE | (uint32_t)(afu->dsm_number++ & 0x7fff) << 1, 4);
	put(line, NLB_DSM_ERROR, afu->error, 4);
	put(line, NLB_DSM_CLOCKS, afu->clocks & 0xffffffffff, 8);
	put(line, NLB_DSM_READS, afu->reads, 4);
	put(line, NLB_DSM_WRITES, afu->writes, 4);
	put(line, NLB_DSM_START, CLOCKS_START, 4);
	put(line, NLB_DSM_END, CLOCKS_END, 4);
	put(line, DSM_ERROR_IOVA, afu->error_iova, 8);
	afu_write_status(afu, iova_of(nlb->dsm / NLB_LINE, NLB_DSM_STATUS / NLB_LINE), line);
	if ((nlb->cfg & CFG_IRQ_TEST) != 0 || ((nlb->cfg & CFG_IRQ_ERROR) != 0 && afu->error != 0))
		devmodel_irq(afu->host, 0);
}

static void
copy(struct nlb *nlb)
{
	uint64_t src = iova_of(nlb->src, nlb->stream.off), dst = iova_of(nlb->dst, nlb->stream.off);
	uint32_t n = afu_stream_next(&nlb->stream, src, dst);

	if (!afu_read_lines(&nlb->afu, src, n))
		return;
	if (!afu_write_lines(&nlb->afu, dst, n)) {
		nlb->afu.reads -= n - 1; /* those after the line that failed */
		return;
	}
	afu_stream_advance(&nlb->afu, &nlb->stream, n);
}

static bool
nlb_step(void *priv)
{
	struct nlb *nlb = priv;
	struct afu *afu = &nlb->afu;

	if (!afu->running)
		return false;
	if ((afu_ctl(afu) & AFU_CTL_STOP) != 0)
		afu_stream_stop(&nlb->stream);
	if (nlb->stream.on && afu->error == 0)
		copy(nlb);
	if (!nlb->stream.on || afu->error != 0)
		finish(nlb);
	return afu->running;
}

/*
 * Registers
 */

static int
nlb_read(void *priv, unsigned int bar, uint64_t off, void *data, size_t len)
{
	const struct nlb *nlb = priv;

	(void)bar;
	return afu_read(&nlb->afu, off, data, len);
}

static int
nlb_write(void *priv, unsigned int bar, uint64_t off, const void *data, size_t len)
{
	struct nlb *nlb = priv;
	int ret = afu_write(&nlb->afu, off, data, len);
	uint32_t ctl = afu_ctl(&nlb->afu);

	(void)bar;
	if ((ctl & AFU_CTL_RUN) == 0) {
		afu_clear(&nlb->afu);
		nlb->started = false;
	} else if (afu_is_started(ctl) && !nlb->started) {
		begin(nlb);
	}
	return ret;
}

/*
 * Life
 */

static void
nlb_reset(void *priv)
{
	struct nlb *nlb = priv;

	afu_reset(&nlb->afu);
	nlb->started = false;
}

static int
nlb_create(struct devmodel *host, void **priv)
{
	struct nlb *nlb = calloc(1, sizeof(*nlb));

	if (nlb == NULL)
		return -ENOMEM;
	nlb->afu.host = host;
	nlb->afu.layout = nlb_csrs;
	nlb_reset(nlb);
	*priv = nlb;
	return 0;
}

static void
nlb_destroy(void *priv)
{
	free(priv);
}

static struct devmodel_type nlb_model = {
	.abi = DEVMODEL_ABI,
	.name = "nlb",
	.id = { .vendor = 0x8086, .device = 0xbccf, .subsystem_vendor = 0x8086,
		.subsystem_device = 0x1770, .class_code = 0x120000 },
	.bar_size = { BAR_SIZE },
	.nb_msix = VECTORS,
	.has_reset = true,
	.create = nlb_create,
	.destroy = nlb_destroy,
	.read = nlb_read,
	.write = nlb_write,
	.step = nlb_step,
	.reset = nlb_reset,
};

DEVMODEL_REGISTER(nlb_model)
