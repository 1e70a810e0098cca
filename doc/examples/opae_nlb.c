/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * A program for the OPAE C library: copies 1 MiB through the NLB AFU and compares.
 *
 *	cc opae_nlb.c -o opae_nlb $(pkg-config --cflags --libs acceldev-opae)
 *	ACCELDEV_DEVICES=sim:nlb ./opae_nlb
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <opae/fpga.h>

#define BYTES (1024 * 1024)
#define LINE  64

/* Registers of NLB, mode 0. */
#define DSM_BASE  0x110
#define SRC_ADDR  0x120
#define DST_ADDR  0x128
#define NUM_LINES 0x130
#define CTL       0x138
#define CFG       0x140
#define STATUS1   0x168

static const fpga_guid nlb_guid = { 0xd8, 0x42, 0x4d, 0xc4, 0xa4, 0xa3, 0xc4, 0x13, 0xf8, 0x9e, 0x43,
	0x36, 0x83, 0xf9, 0x04, 0x0b };

struct buffer {
	void *va;
	uint64_t wsid;
	uint64_t io;
};

static int
failed(const char *what, fpga_result result)
{
	if (result != FPGA_OK)
		fprintf(stderr, "%s: %s\n", what, fpgaErrStr(result));
	return result != FPGA_OK;
}

static int
find(fpga_token *token)
{
	fpga_properties filter = NULL;
	fpga_guid guid;
	uint32_t n = 0;
	int bad;

	memcpy(guid, nlb_guid, sizeof(guid));
	bad = failed("properties", fpgaGetProperties(NULL, &filter)) ||
			failed("type", fpgaPropertiesSetObjectType(filter, FPGA_ACCELERATOR)) ||
			failed("guid", fpgaPropertiesSetGUID(filter, guid)) ||
			failed("enumerate", fpgaEnumerate(&filter, 1, token, 1, &n));
	if (filter != NULL)
		fpgaDestroyProperties(&filter);
	if (!bad && n == 0)
		fprintf(stderr, "no NLB found: set ACCELDEV_DEVICES, or bind one to vfio-pci\n");
	return bad || n == 0;
}

static int
prepare(fpga_handle afu, uint64_t len, struct buffer *buf)
{
	return failed("buffer", fpgaPrepareBuffer(afu, len, &buf->va, &buf->wsid, 0)) ||
			failed("address", fpgaGetIOAddress(afu, buf->wsid, &buf->io));
}

static int
start(fpga_handle afu, const struct buffer *dsm, const struct buffer *src, const struct buffer *dst)
{
	return failed("reset", fpgaReset(afu)) ||
			failed("dsm", fpgaWriteMMIO64(afu, 0, DSM_BASE, dsm->io)) ||
			failed("ctl", fpgaWriteMMIO32(afu, 0, CTL, 0)) ||
			failed("ctl", fpgaWriteMMIO32(afu, 0, CTL, 1)) ||
			failed("source", fpgaWriteMMIO64(afu, 0, SRC_ADDR, src->io / LINE)) ||
			failed("destination", fpgaWriteMMIO64(afu, 0, DST_ADDR, dst->io / LINE)) ||
			failed("lines", fpgaWriteMMIO32(afu, 0, NUM_LINES, BYTES / LINE)) ||
			failed("cfg", fpgaWriteMMIO32(afu, 0, CFG, 0x42000)) ||
			failed("ctl", fpgaWriteMMIO32(afu, 0, CTL, 3));
}

/* The AFU writes its status to memory when all data are there. */
static int
wait_done(const struct buffer *dsm)
{
	const uint64_t *status = (const uint64_t *)((const char *)dsm->va + 0x40);
	int i;

	for (i = 0; i < 30000; i++) {
		if ((__atomic_load_n(status, __ATOMIC_ACQUIRE) & 1) != 0)
			return 0;
		usleep(100);
	}
	fprintf(stderr, "NLB does not finish\n");
	return 1;
}

static int
stop(fpga_handle afu)
{
	uint64_t pending = 1;
	int i, bad = failed("ctl", fpgaWriteMMIO32(afu, 0, CTL, 7));

	for (i = 0; i < 100 && !bad && pending != 0; i++)
		bad = failed("status", fpgaReadMMIO64(afu, 0, STATUS1, &pending));
	return bad || pending != 0;
}

static int
run(fpga_handle afu)
{
	struct buffer dsm = { 0 }, src = { 0 }, dst = { 0 };
	unsigned char *bytes;
	int i, bad;

	bad = failed("mmio", fpgaMapMMIO(afu, 0, NULL)) || prepare(afu, 4096, &dsm) ||
			prepare(afu, BYTES, &src) || prepare(afu, BYTES, &dst);
	if (!bad) {
		bytes = src.va;
		for (i = 0; i < BYTES; i++)
			bytes[i] = (unsigned char)(i * 7 + i / 4096);
		bad = start(afu, &dsm, &src, &dst) || wait_done(&dsm) || stop(afu);
		if (!bad)
			bad = memcmp(src.va, dst.va, BYTES) != 0;
		printf("NLB: 1 MiB copied: %s\n", bad ? "different" : "same");
	}
	if (dst.va != NULL)
		fpgaReleaseBuffer(afu, dst.wsid);
	if (src.va != NULL)
		fpgaReleaseBuffer(afu, src.wsid);
	if (dsm.va != NULL)
		fpgaReleaseBuffer(afu, dsm.wsid);
	fpgaUnmapMMIO(afu, 0);
	return bad;
}

int
main(void)
{
	fpga_token token = NULL;
	fpga_handle afu = NULL;
	int bad = find(&token);

	if (bad)
		return 1;
	bad = failed("open", fpgaOpen(token, &afu, 0));
	if (!bad) {
		bad = run(afu);
		fpgaClose(afu);
	}
	fpgaDestroyToken(&token);
	return bad;
}
