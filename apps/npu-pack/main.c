/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
/*
 * accel-npu-pack: makes a program image for the NPU of a description of a few kinds of layers. This
 * is not a compiler. What a description may say is in usage() below; model.h tells what a layer
 * computes, tile.c how it is cut, drivers/npu/npu_image.h what is in an image.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "program.h"

static int
usage(void)
{
	printf("usage: accel-npu-pack DESCRIPTION -o IMAGE\n"
		"\n"
		"Makes a program image for the NPU. It is not a general compiler: it knows the\n"
		"few kinds of layers below. When something is wrong, nothing is written and the\n"
		"exit status is 1.\n"
		"\n"
		"A description has one thing on a line; # begins a comment. Tensors are int8,\n"
		"rows x columns; a row is one of a batch.\n"
		"\n"
		"  input NAME ROWS COLUMNS\n"
		"      What the caller gives; COLUMNS is a multiple of 16.\n"
		"  dense NAME from=X weights=FILE out=N [bias=FILE] [shift=S]\n"
		"        [relu|clip=LOW:HIGH] [fill=V]\n"
		"      NAME = clip((X * transposed weights + bias) >> S). The weights are int8\n"
		"      [N][columns of X], the bias int32 [N], little endian; bytes and no more.\n"
		"      The caller sees N rounded up to 16; the columns this adds are V, clipped.\n"
		"  add NAME from=X,Y [times=A,B] [shift=S] [relu|clip=LOW:HIGH]\n"
		"      NAME = clip((A * X + B * Y) >> S), of the same shape.\n"
		"  shift NAME from=X by=S [relu|clip=LOW:HIGH]\n"
		"      NAME = clip(X >> S); to the left when S < 0, which is from -6 on.\n"
		"  min NAME from=X value=V\n"
		"  max NAME from=X value=V\n"
		"      The smaller, or the larger, of X and V.\n"
		"  output NAME\n"
		"      The caller gets NAME, which no other layer reads.\n"
		"\n"
		"Sums have 32 bits. >> rounds down; a bias may have the half for rounding. S is\n"
		"0 when it is not given, the clip -128:127, V 0; relu is clip=0:127. Files are\n"
		"beside the description. Layers read what stands above them.\n"
		"\n"
		"ROWS are 1 to 65536, COLUMNS and N 1 to 1048560, A, B, V, LOW and HIGH -128 to\n"
		"127, S 0 to 31. A NAME has up to 63 letters, digits, \"_\", \"-\" and \".\", which is\n"
		"not the first.\n"
		"\n"
		"  -o, --output IMAGE  where to write the image\n"
		"  -h, --help          this text\n");
	return EXIT_SUCCESS;
}

static int
bad(const char *what)
{
	fprintf(stderr, "accel-npu-pack: %s: see --help\n", what);
	return EXIT_FAILURE;
}

static int
pack_model(const char *from, const char *to, const struct model *m)
{
	struct program p;
	char *image;
	size_t len;
	int ret;

	ret = program_make(from, m, &p);
	if (ret == 0)
		ret = image_make(from, m, &p, &image, &len);
	program_free(&p);
	if (ret != 0)
		return EXIT_FAILURE;
	ret = image_write(to, m, image, len);
	free(image);
	return ret == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int
pack(const char *from, const char *to)
{
	struct model m;
	int status;

	if (model_read(from, &m) != 0)
		return EXIT_FAILURE;
	status = pack_model(from, to, &m);
	model_free(&m);
	return status;
}

int
main(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "output", required_argument, NULL, 'o' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	const char *output = NULL;
	int opt;

	opterr = 0;
	while ((opt = getopt_long(argc, argv, ":o:h", longs, NULL)) != -1) {
		if (opt == 'h')
			return usage();
		if (opt != 'o')
			return bad(opt == ':' ? "-o needs a file" : "there is no such option");
		if (output != NULL)
			return bad("give one -o IMAGE");
		output = optarg;
	}
	if (optind + 1 != argc)
		return bad("give one description");
	if (output == NULL)
		return bad("give -o IMAGE");
	return pack(argv[optind], output);
}
