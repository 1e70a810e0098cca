/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "model.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * The description, line by line. A line has words: what to do, a name, then KEY=VALUE or plain
 * words; see --help for what there is.
 */

#define MAX_WORDS 16

struct line {
	const char *path;
	unsigned int number;
	char *words[MAX_WORDS];
	unsigned int nb_words;
	unsigned int used; /* a bit of each word that was asked for */
};

#define bad(l, ...) model_bad((l)->path, (l)->number, __VA_ARGS__)

/*
 * Words
 */

/* The value of KEY=VALUE; NULL: it is not there. */
static const char *
value_of(struct line *l, const char *key)
{
	size_t len = strlen(key);
	unsigned int i;

	for (i = 2; i < l->nb_words; i++) {
		if (strncmp(l->words[i], key, len) == 0 && l->words[i][len] == '=') {
			l->used |= 1u << i;
			return l->words[i] + len + 1;
		}
	}
	return NULL;
}

static bool
has_word(struct line *l, const char *word)
{
	unsigned int i;

	for (i = 2; i < l->nb_words; i++) {
		if (strcmp(l->words[i], word) == 0) {
			l->used |= 1u << i;
			return true;
		}
	}
	return false;
}

/* Words that nobody asked for, or that are there twice. */
static int
check_words(const struct line *l)
{
	unsigned int i;

	for (i = 2; i < l->nb_words; i++) {
		if ((l->used & 1u << i) == 0)
			return bad(l, "%s does not take \"%s\", or not twice: see --help",
					l->words[0], l->words[i]);
	}
	return 0;
}

static int
to_number(const struct line *l, const char *what, const char *text, long low, long high,
		long *value)
{
	char *end;

	errno = 0;
	*value = strtol(text, &end, 10);
	if (errno != 0 || end == text || *end != '\0' || isspace((unsigned char)text[0]) ||
			*value < low || *value > high)
		return bad(l, "%s is \"%s\": give a number from %ld to %ld", what, text, low, high);
	return 0;
}

/* A number that may be missing. */
static int
number_of(struct line *l, const char *key, long low, long high, long missing, long *value)
{
	const char *text = value_of(l, key);

	*value = missing;
	return text == NULL ? 0 : to_number(l, key, text, low, high, value);
}

/*
 * Tensors
 */

static int
find_tensor(const struct model *m, const char *name)
{
	unsigned int i;

	for (i = 0; i < m->nb_tensors; i++) {
		if (strcmp(m->tensors[i].name, name) == 0)
			return (int)i;
	}
	return -1;
}

static int
check_name(const struct line *l, const struct model *m, const char *name)
{
	size_t i;

	for (i = 0; name[i] != '\0'; i++) {
		if (!isalnum((unsigned char)name[i]) && strchr("_.-", name[i]) == NULL)
			return bad(l, "name \"%s\": use letters, digits, \"_\", \".\" and \"-\"",
					name);
	}
	if (name[0] == '.')
		return bad(l, "name \"%s\" begins with \".\", as those of sections do: choose another",
				name);
	if (i >= NPU_IMAGE_LABEL_MAX)
		return bad(l, "name \"%s\" is longer than %d characters: shorten it", name,
				NPU_IMAGE_LABEL_MAX - 1);
	if (find_tensor(m, name) >= 0)
		return bad(l, "there is a tensor %s already: choose another name", name);
	return 0;
}

static int
add_tensor(struct line *l, struct model *m, enum model_use use, uint32_t rows, uint32_t cols)
{
	struct model_tensor *t = &m->tensors[m->nb_tensors];

	if (check_name(l, m, l->words[1]) != 0)
		return -1;
	if (m->nb_tensors == MODEL_MAX_TENSORS)
		return bad(l, "more than %d tensors: split the model", MODEL_MAX_TENSORS);
	strcpy(t->name, l->words[1]);
	t->use = use;
	t->line = l->number;
	t->rows = rows;
	t->cols = cols;
	t->blocks = (cols + VTA_BLOCK - 1) / VTA_BLOCK;
	m->nb_tensors++;
	return 0;
}

/* Names from a list with commas, n of them. */
static int
get_sources(struct line *l, struct model *m, struct model_layer *layer, unsigned int n)
{
	const char *text = value_of(l, "from");
	char list[MODEL_SOURCES * NPU_IMAGE_LABEL_MAX], *at = list, *name;

	if (text == NULL || strlen(text) >= sizeof(list))
		return bad(l, "%s has no source: add from=NAME%s", l->words[0],
				n > 1 ? ",NAME" : "");
	strcpy(list, text);
	while ((name = strsep(&at, ",")) != NULL) {
		int t = find_tensor(m, name);

		if (t < 0)
			return bad(l, "there is no tensor \"%s\" above: name an input or a layer",
					name);
		if (layer->nb_sources == n)
			break;
		m->tensors[t].is_read = true;
		layer->sources[layer->nb_sources++] = (unsigned int)t;
	}
	if (name != NULL || layer->nb_sources != n)
		return bad(l, "from=%s: %s takes %u", text, l->words[0], n);
	return 0;
}

/*
 * Layers
 */

static int
get_clip(struct line *l, struct model_layer *layer)
{
	const char *clip = value_of(l, "clip"), *colon = clip != NULL ? strchr(clip, ':') : NULL;
	bool relu = has_word(l, "relu");
	long low = relu ? 0 : INT8_MIN, high = INT8_MAX;
	char text[16];

	if (clip != NULL && (relu || colon == NULL || (size_t)(colon - clip) >= sizeof(text)))
		return bad(l, "clip=%s: give relu, or else clip=LOW:HIGH", clip);
	if (clip != NULL) {
		snprintf(text, sizeof(text), "%.*s", (int)(colon - clip), clip);
		if (to_number(l, "low end of clip", text, INT8_MIN, INT8_MAX, &low) != 0 ||
				to_number(l, "high end of clip", colon + 1, low, INT8_MAX,
						&high) != 0)
			return -1;
	}
	layer->low = (int)low;
	layer->high = (int)high;
	return 0;
}

/* 32 bits hold what a column adds up to, whatever the source holds. */
static int
check_sums(const struct line *l, const struct model_layer *layer, uint32_t out, uint32_t in)
{
	uint32_t i, j;

	for (i = 0; i < out; i++) {
		int64_t most = layer->bias != NULL ? llabs((int64_t)layer->bias[i]) : 0;

		for (j = 0; j < in; j++)
			most += llabs((int64_t)layer->weights[(size_t)i * in + j] * INT8_MIN);
		if (most > INT32_MAX)
			return bad(l,
					"column %u of %s may add up to more than 32 bits hold: "
					"make its weights or its bias smaller",
					i, l->words[1]);
	}
	return 0;
}

static int
get_dense_files(struct line *l, struct model *m, struct model_layer *layer, uint32_t out,
		uint32_t in)
{
	const char *weights = value_of(l, "weights"), *bias = value_of(l, "bias");

	if (weights == NULL)
		return bad(l, "dense has no weights: add weights=FILE");
	layer->weights = model_read_file(m, l->path, l->number, weights, (size_t)out * in,
			"int8 [out][columns of the source]");
	if (layer->weights == NULL)
		return -1;
	if (bias == NULL)
		return 0;
	layer->bias = model_read_file(m, l->path, l->number, bias, (size_t)out * sizeof(int32_t),
			"int32 [out], little endian");
	return layer->bias != NULL ? 0 : -1;
}

static int
parse_dense(struct line *l, struct model *m, struct model_layer *layer)
{
	const struct model_tensor *from;
	long out, shift, fill;

	if (get_sources(l, m, layer, 1) != 0 || get_clip(l, layer) != 0 ||
			number_of(l, "out", 1, MODEL_MAX_COLS, 0, &out) != 0 ||
			number_of(l, "shift", 0, 31, 0, &shift) != 0 ||
			number_of(l, "fill", INT8_MIN, INT8_MAX, 0, &fill) != 0)
		return -1;
	if (out == 0)
		return bad(l, "dense does not say how many columns it makes: add out=N");
	if (shift > 24 && fill != 0)
		return bad(l, "fill=%ld is too much for 32 bits with shift=%ld: leave it out", fill,
				shift);
	from = &m->tensors[layer->sources[0]];
	layer->shift = (unsigned int)shift;
	layer->fill = (int)fill;
	if (get_dense_files(l, m, layer, (uint32_t)out, from->cols) != 0 ||
			check_sums(l, layer, (uint32_t)out, from->cols) != 0)
		return -1;
	return add_tensor(l, m, MODEL_USE_SCRATCH, from->rows, (uint32_t)out);
}

/* As wide and high as the first source. */
static int
add_like(struct line *l, struct model *m, const struct model_layer *layer)
{
	const struct model_tensor *from = &m->tensors[layer->sources[0]];

	return add_tensor(l, m, MODEL_USE_SCRATCH, from->rows, from->cols);
}

static int
get_times(struct line *l, struct model_layer *layer)
{
	const char *text = value_of(l, "times"), *comma = text != NULL ? strchr(text, ',') : NULL;
	long a = 1, b = 1;
	char first[16];

	if (text != NULL) {
		if (comma == NULL || (size_t)(comma - text) >= sizeof(first))
			return bad(l, "times=%s: give two numbers, as times=1,-1", text);
		snprintf(first, sizeof(first), "%.*s", (int)(comma - text), text);
		if (to_number(l, "times", first, INT8_MIN, INT8_MAX, &a) != 0 ||
				to_number(l, "times", comma + 1, INT8_MIN, INT8_MAX, &b) != 0)
			return -1;
	}
	layer->times[0] = (int8_t)a;
	layer->times[1] = (int8_t)b;
	return 0;
}

static int
parse_add(struct line *l, struct model *m, struct model_layer *layer)
{
	const struct model_tensor *a, *b;
	long shift;

	if (get_sources(l, m, layer, 2) != 0 || get_clip(l, layer) != 0 ||
			get_times(l, layer) != 0 || number_of(l, "shift", 0, 31, 0, &shift) != 0)
		return -1;
	layer->shift = (unsigned int)shift;
	a = &m->tensors[layer->sources[0]];
	b = &m->tensors[layer->sources[1]];
	if (a->rows != b->rows || a->cols != b->cols)
		return bad(l, "%s is %u x %u, but %s is %u x %u: add two of the same shape",
				a->name, a->rows, a->cols, b->name, b->rows, b->cols);
	return add_like(l, m, layer);
}

/* To the left is to multiply, as far as a weight goes. */
static int
parse_shift(struct line *l, struct model *m, struct model_layer *layer)
{
	long by;

	if (get_sources(l, m, layer, 1) != 0 || get_clip(l, layer) != 0 ||
			number_of(l, "by", -6, 31, 32, &by) != 0)
		return -1;
	if (by == 32)
		return bad(l, "shift does not say how far: add by=N, N < 0 being to the left");
	layer->times[0] = (int8_t)(by < 0 ? 1 << -by : 1);
	layer->shift = by < 0 ? 0 : (unsigned int)by;
	return add_like(l, m, layer);
}

static int
parse_bound(struct line *l, struct model *m, struct model_layer *layer)
{
	bool is_min = strcmp(l->words[0], "min") == 0;
	long value;

	if (get_sources(l, m, layer, 1) != 0 ||
			number_of(l, "value", INT8_MIN, INT8_MAX, INT8_MAX + 1, &value) != 0)
		return -1;
	if (value > INT8_MAX)
		return bad(l, "%s has no second operand: add value=N", l->words[0]);
	layer->times[0] = 1;
	layer->low = is_min ? INT8_MIN : (int)value;
	layer->high = is_min ? (int)value : INT8_MAX;
	return add_like(l, m, layer);
}

/*
 * Lines
 */

static int
parse_input(struct line *l, struct model *m)
{
	long rows, cols;

	if (l->nb_words != 4)
		return bad(l, "give input NAME ROWS COLUMNS");
	if (to_number(l, "number of rows", l->words[2], 1, MODEL_MAX_ROWS, &rows) != 0 ||
			to_number(l, "number of columns", l->words[3], 1, MODEL_MAX_COLS,
					&cols) != 0)
		return -1;
	if (cols % VTA_BLOCK != 0)
		return bad(l,
				"an input of %ld columns: make it %ld, a multiple of %d, and have "
				"weights of 0 for the new ones",
				cols, (cols + VTA_BLOCK - 1) / VTA_BLOCK * VTA_BLOCK, VTA_BLOCK);
	if (m->nb_inputs + m->nb_outputs == NPU_IMAGE_MAX_IO)
		return bad(l, "more than %d inputs and outputs: split the model", NPU_IMAGE_MAX_IO);
	m->nb_inputs++;
	return add_tensor(l, m, MODEL_USE_IN, (uint32_t)rows, (uint32_t)cols);
}

static int
parse_output(struct line *l, struct model *m)
{
	int t = find_tensor(m, l->words[1]);

	if (l->nb_words != 2)
		return bad(l, "give output NAME");
	if (t < 0)
		return bad(l, "there is no tensor \"%s\" above: name a layer", l->words[1]);
	if (m->tensors[t].use == MODEL_USE_IN)
		return bad(l, "%s is an input: output a copy, made by shift NAME from=%s by=0",
				l->words[1], l->words[1]);
	if (m->tensors[t].use == MODEL_USE_OUT)
		return bad(l, "%s is an output already: leave this line out", l->words[1]);
	if (m->nb_inputs + m->nb_outputs == NPU_IMAGE_MAX_IO)
		return bad(l, "more than %d inputs and outputs: split the model", NPU_IMAGE_MAX_IO);
	m->tensors[t].use = MODEL_USE_OUT;
	m->outputs[m->nb_outputs++] = (unsigned int)t;
	return 0;
}

static const struct {
	const char *word;
	int (*parse)(struct line *l, struct model *m, struct model_layer *layer);
} layer_words[] = {
	{ "dense", parse_dense },
	{ "add", parse_add },
	{ "shift", parse_shift },
	{ "min", parse_bound },
	{ "max", parse_bound },
};

/* Each layer makes one tensor, so there is room for all of them. */
static int
parse_layer(struct line *l, struct model *m, int (*parse)(struct line *, struct model *,
		struct model_layer *))
{
	struct model_layer *layer = &m->layers[m->nb_layers];

	if (m->nb_layers == MODEL_MAX_TENSORS)
		return bad(l, "more than %d layers: split the model", MODEL_MAX_TENSORS);
	m->nb_layers++; /* for model_free() */
	layer->line = l->number;
	layer->low = INT8_MIN;
	layer->high = INT8_MAX;
	if (parse(l, m, layer) != 0)
		return -1;
	layer->out = m->nb_tensors - 1;
	return check_words(l);
}

static int
parse_words(struct line *l, struct model *m)
{
	unsigned int i;

	if (l->nb_words == 0)
		return 0;
	if (l->nb_words == 1)
		return bad(l, "\"%s\" without a name: see --help", l->words[0]);
	if (strcmp(l->words[0], "input") == 0)
		return parse_input(l, m);
	if (strcmp(l->words[0], "output") == 0)
		return parse_output(l, m);
	for (i = 0; i < sizeof(layer_words) / sizeof(layer_words[0]); i++) {
		if (strcmp(l->words[0], layer_words[i].word) == 0)
			return parse_layer(l, m, layer_words[i].parse);
	}
	return bad(l, "\"%s\" is unknown: see --help for what there is", l->words[0]);
}

static int
parse_line(const char *path, unsigned int number, char *text, struct model *m)
{
	struct line l = { .path = path, .number = number };
	char *word, *comment = strchr(text, '#');

	if (comment != NULL)
		*comment = '\0';
	while ((word = strsep(&text, " \t\r\n")) != NULL) {
		if (word[0] == '\0')
			continue;
		if (l.nb_words == MAX_WORDS)
			return bad(&l, "more than %d words: see --help", MAX_WORDS);
		l.words[l.nb_words++] = word;
	}
	return parse_words(&l, m);
}

/* What is made must go somewhere, and VTA's image does not read what it gives to the caller. */
static int
check_use(const char *path, const struct model_tensor *t)
{
	if (t->use == MODEL_USE_OUT && t->is_read)
		return model_bad(path, t->line,
				"%s is an output and is read by a layer too: "
				"output a copy, made by shift NAME from=%s by=0",
				t->name, t->name);
	if (t->use == MODEL_USE_IN && !t->is_read)
		return model_bad(path, t->line,
				"no layer reads the input %s: add one, or leave the input out",
				t->name);
	if (t->use == MODEL_USE_SCRATCH && !t->is_read)
		return model_bad(path, t->line,
				"nothing uses %s: add output %s, or leave the layer out", t->name,
				t->name);
	return 0;
}

static int
check_model(const char *path, const struct model *m)
{
	unsigned int i;
	int ret = 0;

	if (m->nb_outputs == 0)
		return model_bad(path, 0, "nothing comes out: add a line output NAME");
	for (i = 0; i < m->nb_tensors && ret == 0; i++)
		ret = check_use(path, &m->tensors[i]);
	return ret;
}

static int
parse_text(const char *path, char *text, struct model *m)
{
	unsigned int number = 0;
	char *line;
	int ret = 0;

	while (ret == 0 && (line = strsep(&text, "\n")) != NULL)
		ret = parse_line(path, ++number, line, m);
	return ret == 0 ? check_model(path, m) : ret;
}

static int
alloc_model(const char *path, struct model *m)
{
	*m = (struct model){ .tensors = calloc(MODEL_MAX_TENSORS, sizeof(*m->tensors)),
		.layers = calloc(MODEL_MAX_TENSORS, sizeof(*m->layers)),
		.files = calloc(MODEL_MAX_FILES, sizeof(*m->files)) };
	if (m->tensors == NULL || m->layers == NULL || m->files == NULL)
		return model_bad(path, 0, "no memory: free some");
	return 0;
}

int
model_read(const char *path, struct model *m)
{
	char *text = NULL;
	int ret;

	ret = alloc_model(path, m);
	if (ret == 0) {
		text = model_read_text(m, path);
		ret = text != NULL ? parse_text(path, text, m) : -1;
	}
	free(text);
	if (ret != 0)
		model_free(m);
	return ret;
}

void
model_free(struct model *m)
{
	unsigned int i;

	for (i = 0; i < m->nb_layers; i++) {
		free(m->layers[i].weights);
		free(m->layers[i].bias);
	}
	free(m->layers);
	free(m->tensors);
	free(m->files);
	*m = (struct model){ 0 };
}
