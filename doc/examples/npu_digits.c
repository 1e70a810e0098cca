/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Classifies images of digits on an NPU, eight in flight at a time:
 *
 *	cc npu_digits.c -o npu_digits $(pkg-config --cflags --libs acceldev)
 *	./npu_digits sim:npu digits.elf records.bin labels.bin
 *
 * records.bin has images of 8 x 8 bytes, labels.bin a byte for each, the digit that it shows.
 */
#include <stdio.h>
#include <string.h>

#include <acceldev/acceldev.h>

#define BURST  8
#define DIGITS 10

struct work {
	struct accel_instance *instance;
	struct accel_buf *pixels, *scores;
	struct accel_op op;
	int label;
};

/* Tensor 0 is the input, tensor 1 the output. */
static int
bind(struct accel_ctx *ctx, struct accel_program *program, struct work *w, unsigned int n,
		struct accel_buf **buf)
{
	struct accel_tensor_info tensor;
	int ret = accel_program_tensor_get(program, n, &tensor);

	if (ret == 0)
		ret = accel_ctx_buf_alloc(ctx, tensor.size, tensor.align, 0, buf);
	if (ret == 0)
		ret = accel_instance_bind(w->instance, n, (*buf)->iova);
	return ret;
}

static int
make_work(struct accel_ctx *ctx, struct accel_program *program, struct work *w)
{
	int ret = accel_instance_create(program, &w->instance);

	if (ret == 0)
		ret = bind(ctx, program, w, 0, &w->pixels);
	if (ret == 0)
		ret = bind(ctx, program, w, 1, &w->scores);
	w->op.type = ACCEL_OP_RUN;
	w->op.ext = w->instance;
	return ret;
}

static void
end_work(struct work *w)
{
	accel_instance_destroy(w->instance);
	accel_buf_free(w->pixels);
	accel_buf_free(w->scores);
}

/* Run the first n: how many came back, which is less when the device takes no more. */
static unsigned int
run(uint16_t dev, struct work *work, unsigned int n)
{
	struct accel_op *list[BURST], *back[BURST];
	unsigned int i, sent = 0, done = 0;

	for (i = 0; i < n; i++)
		list[i] = &work[i].op;
	do {
		sent += accel_enqueue_burst(dev, 0, &list[sent], (uint16_t)(n - sent));
		done += accel_dequeue_burst(dev, 0, back, BURST);
	} while (done < sent);
	return done;
}

static int
is_right(const struct work *w)
{
	const signed char *scores = w->scores->va;
	int digit, best = 0;

	for (digit = 1; digit < DIGITS; digit++) {
		if (scores[digit] > scores[best])
			best = digit;
	}
	return w->op.status == ACCEL_STATUS_SUCCESS && best == w->label;
}

static int
classify(uint16_t dev, struct work *work, FILE *records, FILE *labels)
{
	unsigned int i, n, total = 0, right = 0;

	do {
		for (n = 0; n < BURST; n++) {
			work[n].label = fgetc(labels);
			if (work[n].label == EOF ||
					fread(work[n].pixels->va, work[n].pixels->len, 1, records) != 1)
				break;
		}
		if (run(dev, work, n) != n) {
			fprintf(stderr, "the device takes no more\n");
			return 1;
		}
		for (i = 0; i < n; i++)
			right += is_right(&work[i]);
		total += n;
	} while (n == BURST);
	printf("%u of %u right\n", right, total);
	return right == 0;
}

static int
load_and_classify(struct accel_ctx *ctx, const char *path, FILE *records, FILE *labels)
{
	struct work work[BURST] = { 0 };
	struct accel_program *program = NULL;
	uint16_t dev = accel_ctx_dev_id(ctx);
	int ret = accel_program_load_file(dev, path, &program), i, bad;

	for (i = 0; i < BURST && ret == 0; i++)
		ret = make_work(ctx, program, &work[i]);
	if (ret == 0 && work[0].scores->len < DIGITS) {
		fprintf(stderr, "this model does not classify digits\n");
		ret = -1;
	}
	bad = ret != 0 || classify(dev, work, records, labels) != 0;
	for (i = 0; i < BURST; i++)
		end_work(&work[i]);
	accel_program_unload(program);
	return bad;
}

int
main(int argc, char **argv)
{
	FILE *records = argc == 5 ? fopen(argv[3], "rb") : NULL;
	FILE *labels = records != NULL ? fopen(argv[4], "rb") : NULL;
	struct accel_ctx *ctx = NULL;
	int bad = 1;

	if (labels == NULL)
		fprintf(stderr, "usage: %s SPEC MODEL RECORDS LABELS\n", argv[0]);
	else if (accel_ctx_get(argv[1], &ctx) == 0)
		bad = load_and_classify(ctx, argv[2], records, labels);
	accel_ctx_put(ctx);
	if (labels != NULL)
		fclose(labels);
	if (records != NULL)
		fclose(records);
	return bad;
}
