/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#include "session.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <rte_common.h>

#include <cmdline.h>
#include <cmdline_parse.h>
#include <cmdline_parse_string.h>
#include <cmdline_rdline.h>
#include <cmdline_socket.h>

#include "commands.h"
#include "mmio.h"
#include "output.h"
#include "show.h"
#include "values.h"

#define PROMPT "accel-testpmd> "
/* Milliseconds between two looks at a run. */
#define POLL_MS 20

/* Commands of cmdline carry constant data only. */
static struct session *session;
static bool quitting;
static bool input_ended;

/* Every command is parsed into this. */
struct words {
	cmdline_fixed_string_t verb;
	cmdline_fixed_string_t object;
	cmdline_fixed_string_t value;
	/* Of mmio, whose device is value. */
	cmdline_fixed_string_t region;
	cmdline_fixed_string_t offset;
	cmdline_fixed_string_t data;
	cmdline_fixed_string_t width;
	/* Of sim inject. */
	cmdline_fixed_string_t event;
};

static void
cmd_help(void *parsed, struct cmdline *cl, void *data)
{
	RTE_SET_USED(parsed);
	RTE_SET_USED(cl);
	RTE_SET_USED(data);
	printf("  start                 start the workers\n"
		"  stop                  stop them and print the statistics\n"
		"  show device all|N     what is known about devices\n"
		"  show maps [N]         memory that devices reach\n"
		"  show stats            counters and rates of the queue pairs\n"
		"  show xstats all|N     all that devices count, under names\n"
		"  clear stats           count from zero again\n"
		"  set NAME VALUE        for the next start: mode, burst, size, ops, seconds,\n"
		"                        queues, depth, verify (on, off), program, records,\n"
		"                        labels, timeout, deadline, stats-period\n"
		"  mmio read DEV REGION OFFSET [WIDTH]\n"
		"                        print a register; regions 0 to 5 are BARs, 7 is config\n"
		"                        space; width is 1, 2, 4 (default) or 8 bytes\n"
		"  mmio write DEV REGION OFFSET VALUE [WIDTH]\n"
		"                        write a register, behind the driver's back\n"
		"  device reset N        make it ready again after an error\n"
		"  device detach N       close it, also after it was removed\n"
		"  device attach SPEC    probe a further one\n"
		"  sim inject N error|remove|unplug\n"
		"                        have it happen to a device model\n"
		"  help                  print this\n"
		"  quit                  stop and exit\n");
}

static void
cmd_quit(void *parsed, struct cmdline *cl, void *data)
{
	RTE_SET_USED(parsed);
	RTE_SET_USED(data);
	quitting = true;
	cmdline_quit(cl);
}

static void
cmd_start(void *parsed, struct cmdline *cl, void *data)
{
	RTE_SET_USED(parsed);
	RTE_SET_USED(cl);
	RTE_SET_USED(data);
	if (session->running)
		printf("Already running; stop first.\n");
	else if (session_start(session) == 0)
		printf("Started; queue pairs: %u, workers: %u.\n", session->run->nb_streams,
			session->run->nb_workers);
}

static void
cmd_stop(void *parsed, struct cmdline *cl, void *data)
{
	RTE_SET_USED(parsed);
	RTE_SET_USED(cl);
	RTE_SET_USED(data);
	if (session->running)
		session_stop(session);
	else
		printf("Not running.\n");
}

/* Show one device or all of them. */
static void
for_devices(const char *which, void (*show)(uint16_t dev_id))
{
	uint16_t wanted = 0;
	bool all = strcmp(which, "all") == 0;
	int dev, shown = 0;

	if (!all && !value_u16(which, 0, ACCEL_MAX_DEVS - 1, &wanted)) {
		printf("%s: a device is a number from 0 to %u, or all\n", which,
			ACCEL_MAX_DEVS - 1);
		return;
	}
	for (dev = accel_dev_next(0); dev >= 0; dev = accel_dev_next((uint16_t)(dev + 1))) {
		if (!all && dev != wanted)
			continue;
		show((uint16_t)dev);
		shown++;
	}
	if (shown == 0)
		printf("There is no device %s.\n", which);
}

static void
cmd_show(void *parsed, struct cmdline *cl, void *data)
{
	const struct words *words = parsed;
	const char *which = data == NULL ? words->value : data;

	RTE_SET_USED(cl);
	if (strcmp(words->object, "device") == 0)
		for_devices(which, show_device);
	else if (strcmp(words->object, "maps") == 0)
		for_devices(which, show_maps);
	else if (strcmp(words->object, "xstats") == 0)
		for_devices(which, show_xstats);
	else
		session_show_stats(session);
}

static void
cmd_clear(void *parsed, struct cmdline *cl, void *data)
{
	RTE_SET_USED(parsed);
	RTE_SET_USED(cl);
	RTE_SET_USED(data);
	session_clear_stats(session);
}

static void
cmd_set(void *parsed, struct cmdline *cl, void *data)
{
	const struct words *words = parsed;
	const char *allowed;

	RTE_SET_USED(cl);
	RTE_SET_USED(data);
	allowed = options_set(&session->conf, words->object, words->value);
	if (allowed != NULL)
		printf("set %s %s: allowed is %s\n", words->object, words->value, allowed);
	else if (session->running)
		printf("%s is %s from the next start on.\n", words->object, words->value);
}

/* data is the width, where none was typed. */
static void
cmd_mmio(void *parsed, struct cmdline *cl, void *data)
{
	const struct words *words = parsed;
	const struct mmio_words reg = {
		.dev = words->value,
		.region = words->region,
		.offset = words->offset,
		.width = data == NULL ? words->width : data,
	};

	RTE_SET_USED(cl);
	if (strcmp(words->object, "read") == 0)
		mmio_read(&reg);
	else
		mmio_write(&reg, words->data);
}

static void
cmd_device(void *parsed, struct cmdline *cl, void *data)
{
	const struct words *words = parsed;

	RTE_SET_USED(cl);
	RTE_SET_USED(data);
	if (strcmp(words->object, "reset") == 0)
		command_reset(session, words->value);
	else if (strcmp(words->object, "detach") == 0)
		command_detach(session, words->value);
	else
		command_attach(session, words->value);
}

static void
cmd_inject(void *parsed, struct cmdline *cl, void *data)
{
	const struct words *words = parsed;

	RTE_SET_USED(cl);
	RTE_SET_USED(data);
	command_inject(session, words->value, words->event);
}

#define WORD(name, field, text)                                                                    \
	static cmdline_parse_token_string_t name =                                                 \
		TOKEN_STRING_INITIALIZER(struct words, field, text)
#define COMMAND(name, fn, arg, help, ...)                                                          \
	static cmdline_parse_inst_t name = {                                                       \
		.f = fn,                                                                           \
		.data = arg,                                                                       \
		.help_str = help,                                                                  \
		.tokens = { __VA_ARGS__, NULL },                                                   \
	}
#define T(token) ((void *)&(token))

WORD(word_help, verb, "help");
WORD(word_quit, verb, "quit");
WORD(word_start, verb, "start");
WORD(word_stop, verb, "stop");
WORD(word_show, verb, "show");
WORD(word_clear, verb, "clear");
WORD(word_set, verb, "set");
WORD(word_device, object, "device");
WORD(word_maps, object, "maps");
WORD(word_stats, object, "stats");
WORD(word_xstats, object, "xstats");
WORD(word_name, object, "mode#burst#size#ops#seconds#queues#depth#verify#program#records#labels#"
	"timeout#deadline#stats-period");
WORD(word_value, value, NULL);
WORD(word_mmio, verb, "mmio");
WORD(word_read, object, "read");
WORD(word_write, object, "write");
WORD(word_region, region, NULL);
WORD(word_offset, offset, NULL);
WORD(word_data, data, NULL);
WORD(word_width, width, NULL);
WORD(word_change, verb, "device");
WORD(word_how, object, "reset#detach#attach");
WORD(word_sim, verb, "sim");
WORD(word_inject, object, "inject");
WORD(word_event, event, NULL);

static char all_devices[] = "all";
static char default_width[] = "4";

COMMAND(inst_help, cmd_help, NULL, "help", T(word_help));
COMMAND(inst_quit, cmd_quit, NULL, "quit", T(word_quit));
COMMAND(inst_start, cmd_start, NULL, "start", T(word_start));
COMMAND(inst_stop, cmd_stop, NULL, "stop", T(word_stop));
COMMAND(inst_device, cmd_show, NULL, "show device all|N", T(word_show), T(word_device),
	T(word_value));
COMMAND(inst_all_maps, cmd_show, all_devices, "show maps", T(word_show), T(word_maps));
COMMAND(inst_maps, cmd_show, NULL, "show maps N", T(word_show), T(word_maps), T(word_value));
COMMAND(inst_stats, cmd_show, all_devices, "show stats", T(word_show), T(word_stats));
COMMAND(inst_xstats, cmd_show, NULL, "show xstats all|N", T(word_show), T(word_xstats),
	T(word_value));
COMMAND(inst_clear, cmd_clear, NULL, "clear stats", T(word_clear), T(word_stats));
COMMAND(inst_set, cmd_set, NULL, "set NAME VALUE", T(word_set), T(word_name), T(word_value));
COMMAND(inst_read, cmd_mmio, default_width, "mmio read DEV REGION OFFSET", T(word_mmio),
	T(word_read), T(word_value), T(word_region), T(word_offset));
COMMAND(inst_read_width, cmd_mmio, NULL, "mmio read DEV REGION OFFSET WIDTH", T(word_mmio),
	T(word_read), T(word_value), T(word_region), T(word_offset), T(word_width));
COMMAND(inst_write, cmd_mmio, default_width, "mmio write DEV REGION OFFSET VALUE", T(word_mmio),
	T(word_write), T(word_value), T(word_region), T(word_offset), T(word_data));
COMMAND(inst_write_width, cmd_mmio, NULL, "mmio write DEV REGION OFFSET VALUE WIDTH", T(word_mmio),
	T(word_write), T(word_value), T(word_region), T(word_offset), T(word_data),
	T(word_width));
COMMAND(inst_change, cmd_device, NULL, "device reset N, device detach N, device attach SPEC",
	T(word_change), T(word_how), T(word_value));
COMMAND(inst_inject, cmd_inject, NULL, "sim inject N error|remove|unplug", T(word_sim),
	T(word_inject), T(word_value), T(word_event));

static cmdline_parse_ctx_t commands[] = {
	&inst_help, &inst_quit, &inst_start, &inst_stop, &inst_device, &inst_all_maps, &inst_maps,
	&inst_stats, &inst_xstats, &inst_clear, &inst_set, &inst_read, &inst_read_width,
	&inst_write, &inst_write_width, &inst_change, &inst_inject, NULL,
};

/* The end of stdin ends a last line that has no newline, and the session. */
static void
take_input(struct cmdline *cl)
{
	static char last = '\n';
	char input[256];
	ssize_t n = read(STDIN_FILENO, input, sizeof(input));

	if (n > 0) {
		last = input[n - 1];
		if (cmdline_in(cl, input, (int)n) < 0)
			quitting = true;
	} else if (n == 0 || (errno != EINTR && errno != EAGAIN)) {
		if (last != '\n')
			(void)cmdline_in(cl, "\n", 1);
		input_ended = true;
	}
}

/* When stdin has ended, a run that ends by itself is all there is to wait for. */
static bool
goes_on(const struct session *ss)
{
	if (quitting || session_interrupted() || output_lost())
		return false;
	return !input_ended || (ss->running && run_is_limited(ss->run));
}

void
session_prompt(struct session *ss)
{
	struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };
	struct cmdline *cl;

	session = ss;
	/* cmdline writes to the descriptor: whole lines keep both in order. */
	(void)setvbuf(stdout, NULL, _IOLBF, 0);
	cl = cmdline_stdin_new(commands, PROMPT);
	if (cl == NULL) {
		testpmd_error("no memory for the prompt");
		ss->status = 1;
		return;
	}
	while (goes_on(ss)) {
		if (poll(&in, !input_ended, POLL_MS) > 0)
			take_input(cl);
		session_poll(ss);
	}
	printf("\n");
	session_stop(ss);
	cmdline_stdin_exit(cl);
}
