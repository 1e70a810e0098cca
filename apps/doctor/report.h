/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef REPORT_H
#define REPORT_H

/**
 * @file
 * What was found out: lists of checks, kept as the JSON that --json prints (doc/doctor.md has its
 * members); the text is made from it too. When memory runs out, calls do nothing any more, and
 * report_failed() tells.
 */

#include <stdbool.h>

#include <json-c/json.h>

enum verdict { VERDICT_OK, VERDICT_NA, VERDICT_UNKNOWN, VERDICT_WARNING, VERDICT_PROBLEM };

#define REPORT_FMT(fmt, first) __attribute__((format(printf, fmt, first)))

struct report {
	struct json_object *root;
	struct json_object *checks;  /**< of the machine */
	struct json_object *devices; /**< one for each SPEC */
};

/** Begin a report; report_free() ends it. */
void report_init(struct report *report, const char *version);

void report_free(struct report *report);

/** Whether something is missing in it because memory ran out. */
bool report_failed(void);

/** Add a device, with a list of checks of its own, which is returned. */
struct json_object *report_add_device(struct report *report, const char *spec);

/** Say of the device added last whether it can be used. */
void report_set_usable(struct report *report, bool usable);

/** Make a list of checks that is in no report; json_object_put() ends it. */
struct json_object *checks_new(void);

/** Add a check to a list. */
struct json_object *check_add(struct json_object *checks, const char *id, const char *title);

/** Set verdict and value. */
void check_say(struct json_object *check, enum verdict verdict, const char *fmt, ...)
		REPORT_FMT(3, 4);

/** Set the sentence that tells the cause, or what is prevented. */
void check_detail(struct json_object *check, const char *fmt, ...) REPORT_FMT(2, 3);

/** Add a command that mends it. */
void check_mend(struct json_object *check, const char *fmt, ...) REPORT_FMT(2, 3);

/** Copy the detail and the commands of another check. */
void check_copy_cause(struct json_object *check, struct json_object *from);

enum verdict check_verdict(struct json_object *check);

/** A member of a check that is text. */
const char *check_text(struct json_object *check, const char *member);

/** The check of a list with the gravest verdict, the first of several; NULL of an empty list. */
struct json_object *checks_worst(struct json_object *checks);

/** Word of a verdict in JSON. */
const char *verdict_word(enum verdict verdict);

#endif
