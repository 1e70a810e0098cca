#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The acceldev authors
#
# Runs one test program for test/run.sh, as the wrapper of "meson test", and leaves in a new folder
# under ACCELDEV_TEST_RECORDS: name, log, rc (absent when it was killed) and summary, where the
# program adds its counts.
#
#	record.sh PROGRAM [ARG...]
set -u
dir=$(mktemp -d "$ACCELDEV_TEST_RECORDS/XXXXXX") || exit 99
name=$(basename "$1")
[ "${ACCELDEV_TEST_HUGE:-0}" = 1 ] && name="$name (hugepages)"
echo "$name" >"$dir/name"
ACCELDEV_TEST_SUMMARY=$dir/summary
# Else each process of DPDK that starts connects to the telemetry socket of those that run.
RUNTIME_DIRECTORY=$dir
export ACCELDEV_TEST_SUMMARY RUNTIME_DIRECTORY
: >"$dir/summary"
# shellcheck disable=SC2086 # nothing or a command with its arguments
${ACCELDEV_TEST_PREFIX:-} "$@" >"$dir/log" 2>&1
rc=$?
echo $rc >"$dir/rc"
cat "$dir/log"
exit $rc
