/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * A program for the ENN API in C: classifies images of digits, one after the other.
 *
 *	cc enn_digits.c -o enn_digits $(pkg-config --cflags --libs acceldev-enn)
 *	ACCELDEV_DEVICES=sim:npu ./enn_digits digits.elf records.bin labels.bin
 *
 * records.bin has images of 8 x 8 bytes, labels.bin a byte for each, the digit that it shows.
 */
#include <stdio.h>
#include <string.h>

#include <enn_api-public.h>

#define DIGITS 10

static int
failed(const char *what, EnnReturn result)
{
	if (result != ENN_RET_SUCCESS)
		fprintf(stderr, "%s: error %d\n", what, (int)result);
	return result != ENN_RET_SUCCESS;
}

static int
best(const signed char *scores)
{
	int digit, found = 0;

	for (digit = 1; digit < DIGITS; digit++) {
		if (scores[digit] > scores[found])
			found = digit;
	}
	return found;
}

/* Buffer 0 is the input, buffer 1 the output. */
static int
classify(EnnModelId model, EnnBufferPtr *buffers, FILE *records, FILE *labels)
{
	unsigned int n = 0, right = 0;
	int label;

	while (fread(buffers[0]->va, buffers[0]->size, 1, records) == 1 &&
			(label = fgetc(labels)) != EOF) {
		if (failed("execute", EnnExecuteModel(model)))
			return 1;
		right += best(buffers[1]->va) == label;
		n++;
	}
	printf("%u of %u right\n", right, n);
	return n == 0;
}

static int
run(EnnModelId model, FILE *records, FILE *labels)
{
	EnnBufferPtr *buffers = NULL;
	NumberOfBuffersInfo info;
	int bad;

	if (failed("allocate", EnnAllocateAllBuffers(model, &buffers, &info)))
		return 1;
	bad = info.n_in_buf != 1 || info.n_out_buf != 1 || buffers[1]->size < DIGITS;
	if (bad)
		fprintf(stderr, "this model does not classify digits\n");
	else
		bad = classify(model, buffers, records, labels);
	return failed("release", EnnReleaseBuffers(buffers,
			(int32_t)(info.n_in_buf + info.n_out_buf))) || bad;
}

static int
open_and_run(const char *path, FILE *records, FILE *labels)
{
	EnnModelId model;
	int bad;

	if (failed("open", EnnOpenModel(path, &model)))
		return 1;
	bad = run(model, records, labels);
	return failed("close", EnnCloseModel(model)) || bad;
}

int
main(int argc, char **argv)
{
	FILE *records = argc == 4 ? fopen(argv[2], "rb") : NULL;
	FILE *labels = records != NULL ? fopen(argv[3], "rb") : NULL;
	int bad = 1;

	if (argc != 4) {
		fprintf(stderr, "usage: %s MODEL RECORDS LABELS\n", argv[0]);
		return 1;
	}
	if (labels == NULL) {
		perror(records == NULL ? argv[2] : argv[3]);
		return 1;
	}
	if (!failed("initialise", EnnInitialize())) {
		bad = open_and_run(argv[1], records, labels);
		bad = failed("end", EnnDeinitialize()) || bad;
	}
	fclose(records);
	fclose(labels);
	return bad;
}
