/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 */
#ifndef TELE_CLIENT_H
#define TELE_CLIENT_H

/**
 * @file
 * A client of EAL's telemetry socket, in the process that it asks. EAL of a program with it runs
 * with telemetry, in a temporary folder of its own.
 *
 * One client asks at a time: EAL 22.11 takes commands apart with strtok().
 */

#include <stdbool.h>
#include <stdint.h>

#include <json-c/json.h>

#include "harness.h"

/** Bytes of a reply, at most. */
#define TELE_MAX_REPLY 16384

/** Connect: a socket, or -1. For threads, which cannot assert. */
int tele_connect(void);

/** Send a command and receive its reply, with a final 0: its bytes, or -1 when there is none. */
int tele_send(int sock, const char *command, char reply[TELE_MAX_REPLY + 1]);

/**
 * Ask, and assert that the reply is JSON with one member, the command without its parameters.
 *
 * @return its value, the caller's to put; NULL when it is null
 */
struct json_object *tele_ask(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/** A member, asserted. */
struct json_object *tele_member(struct json_object *dict, const char *name);
uint64_t tele_uint(struct json_object *dict, const char *name);
const char *tele_text(struct json_object *dict, const char *name);
/** Of a string that is a number in hexadecimal. */
uint64_t tele_hex(struct json_object *dict, const char *name);

/** The member "next", as text to be a parameter; false when there is none. */
bool tele_next(struct json_object *reply, char *next, size_t size);

extern const struct test_case tele_page_cases[];

#endif
