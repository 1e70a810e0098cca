/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * A program for the OPAE C library: runs the host exerciser HE-LB in all its modes, waiting for its
 * status in memory or, with loopback, for its interrupt too.
 *
 *	cc opae_he_lb.c -o opae_he_lb $(pkg-config --cflags --libs acceldev-opae)
 *	ACCELDEV_DEVICES=sim:he-lb ./opae_he_lb
 */
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <opae/fpga.h>

#define BYTES 65536
#define LINE  64
#define LINES (BYTES / LINE)

/* Registers of HE-LB. */
#define SRC_ADDR   0x120
#define DST_ADDR   0x128
#define DSM_BASEL  0x110
#define DSM_BASEH  0x114
#define NUM_LINES  0x130
#define CTL        0x138
#define CTL_RUN    1
#define CTL_START  2
#define CTL_STOP   4
#define CFG        0x140
#define CFG_CONT   0x2
#define CFG_MODE(m) ((uint64_t)(m) << 2)
#define CFG_ATOMIC 0x180 /* on 8 bytes; function in bits 11:9 */
#define CFG_IRQ    (UINT64_C(1) << 29)
#define INTERRUPT0 0x150

#define VECTOR 2

enum mode { LOOPBACK, READ, WRITE, THROUGHPUT };

static const fpga_guid he_lb_guid = { 0x56, 0xe2, 0x03, 0xe9, 0x86, 0x4f, 0x49, 0xa7, 0xb9, 0x4b,
	0x12, 0x28, 0x4c, 0x31, 0xe0, 0x2b };

struct buffer {
	void *va;
	uint64_t wsid;
	uint64_t io;
};

struct exerciser {
	fpga_handle afu;
	struct buffer dsm, src, dst;
	fpga_event_handle event;
};

static int
failed(const char *what, fpga_result result)
{
	if (result != FPGA_OK)
		fprintf(stderr, "%s: %s\n", what, fpgaErrStr(result));
	return result != FPGA_OK;
}

static int
write32(const struct exerciser *x, uint64_t reg, uint32_t value)
{
	return failed("register", fpgaWriteMMIO32(x->afu, 0, reg, value));
}

static int
write64(const struct exerciser *x, uint64_t reg, uint64_t value)
{
	return failed("register", fpgaWriteMMIO64(x->afu, 0, reg, value));
}

/*
 * Setting up
 */

static int
find(fpga_token *token)
{
	fpga_properties filter = NULL;
	fpga_guid guid;
	uint32_t n = 0;
	int bad;

	memcpy(guid, he_lb_guid, sizeof(guid));
	bad = failed("properties", fpgaGetProperties(NULL, &filter)) ||
			failed("guid", fpgaPropertiesSetGUID(filter, guid)) ||
			failed("enumerate", fpgaEnumerate(&filter, 1, token, 1, &n));
	if (filter != NULL)
		fpgaDestroyProperties(&filter);
	if (!bad && n == 0)
		fprintf(stderr, "no HE-LB found: set ACCELDEV_DEVICES, or bind one to vfio-pci\n");
	return bad || n == 0;
}

static int
prepare(const struct exerciser *x, uint64_t len, struct buffer *buf)
{
	return failed("buffer", fpgaPrepareBuffer(x->afu, len, &buf->va, &buf->wsid, 0)) ||
			failed("address", fpgaGetIOAddress(x->afu, buf->wsid, &buf->io));
}

static int
begin(struct exerciser *x)
{
	return prepare(x, 4096, &x->dsm) || prepare(x, BYTES, &x->src) ||
			prepare(x, BYTES, &x->dst) ||
			failed("event", fpgaCreateEventHandle(&x->event)) ||
			failed("vector", fpgaRegisterEvent(x->afu, FPGA_EVENT_INTERRUPT, x->event, VECTOR));
}

static void
end(struct exerciser *x)
{
	if (x->event != NULL) {
		fpgaUnregisterEvent(x->afu, FPGA_EVENT_INTERRUPT, x->event);
		fpgaDestroyEventHandle(&x->event);
	}
	fpgaClose(x->afu); /* releases the buffers */
}

/*
 * Running
 */

static int
start(const struct exerciser *x, uint64_t cfg)
{
	memset(x->dsm.va, 0, 4096);
	return write32(x, CTL, 0) || write32(x, CTL, CTL_RUN) ||
			write64(x, SRC_ADDR, x->src.io / LINE) ||
			write64(x, DST_ADDR, x->dst.io / LINE) ||
			write32(x, DSM_BASEL, (uint32_t)(x->dsm.io / LINE)) ||
			write32(x, DSM_BASEH, (uint32_t)(x->dsm.io / LINE >> 32)) ||
			write64(x, NUM_LINES, LINES - 1) || write64(x, CFG, cfg) ||
			write32(x, INTERRUPT0, VECTOR << 16) ||
			write32(x, CTL, CTL_RUN | CTL_START);
}

static int
wait_done(const struct exerciser *x)
{
	const uint64_t *status = x->dsm.va;
	int i;

	for (i = 0; i < 30000; i++) {
		if ((__atomic_load_n(status, __ATOMIC_ACQUIRE) & 1) != 0)
			return status[0] >> 32 != 0; /* its error vector */
		usleep(100);
	}
	fprintf(stderr, "HE-LB does not finish\n");
	return 1;
}

static int
wait_interrupt(const struct exerciser *x)
{
	struct pollfd p = { .events = POLLIN };
	uint64_t n;

	if (failed("event", fpgaGetOSObjectFromEventHandle(x->event, &p.fd)))
		return 1;
	return poll(&p, 1, 10000) != 1 || read(p.fd, &n, sizeof(n)) != sizeof(n);
}

static int
report(const struct exerciser *x, const char *what, int bad)
{
	const uint32_t *status = x->dsm.va;

	printf("HE-LB: %-12s %s, %" PRIu32 " lines read, %" PRIu32 " written\n", what,
			bad ? "failed" : "ok", status[4], status[5]);
	return bad;
}

static void
fill(const struct exerciser *x)
{
	unsigned char *bytes = x->src.va;
	int i;

	for (i = 0; i < BYTES; i++)
		bytes[i] = (unsigned char)(i * 13 + i / LINE);
	memset(x->dst.va, 0, BYTES);
}

static int
loopback(const struct exerciser *x)
{
	int bad;

	fill(x);
	bad = start(x, CFG_MODE(LOOPBACK) | CFG_IRQ) || wait_interrupt(x) || wait_done(x) ||
			memcmp(x->src.va, x->dst.va, BYTES) != 0;
	return report(x, "loopback", bad);
}

static int
simple(const struct exerciser *x, const char *what, enum mode mode)
{
	fill(x);
	return report(x, what, start(x, CFG_MODE(mode)) || wait_done(x));
}

/* Adds i to the first word of line i, and puts what it was in the same place of the destination. */
static int
fetch_and_add(const struct exerciser *x)
{
	const uint64_t *src = x->src.va, *dst = x->dst.va;
	uint64_t i, before[LINES];
	int bad;

	fill(x);
	for (i = 0; i < LINES; i++)
		before[i] = src[i * LINE / 8];
	bad = start(x, CFG_MODE(LOOPBACK) | CFG_ATOMIC) || wait_done(x);
	for (i = 0; i < LINES && !bad; i++)
		bad = dst[i * LINE / 8] != before[i] || src[i * LINE / 8] != before[i] + i;
	return report(x, "atomic add", bad);
}

/* Goes on until it is told to stop. */
static int
continuous(const struct exerciser *x)
{
	int bad;

	fill(x);
	bad = start(x, CFG_MODE(LOOPBACK) | CFG_CONT);
	usleep(20000);
	bad = bad || write32(x, CTL, CTL_RUN | CTL_STOP) || wait_done(x);
	return report(x, "continuous", bad);
}

int
main(void)
{
	struct exerciser x = { 0 };
	fpga_token token = NULL;
	int bad = find(&token);

	if (bad)
		return 1;
	bad = failed("open", fpgaOpen(token, &x.afu, 0));
	fpgaDestroyToken(&token);
	if (bad)
		return 1;
	bad = begin(&x) || loopback(&x) || simple(&x, "read", READ) || simple(&x, "write", WRITE) ||
			simple(&x, "throughput", THROUGHPUT) || fetch_and_add(&x) || continuous(&x);
	end(&x);
	return bad;
}
