#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The acceldev authors
#
# Keeps doc/troubleshooting.md and the messages of the library alike.
#
#	check_messages.py SOURCEDIR
#
# An entry of the chapter is a paragraph that begins with a phrase in bold: **`is in no IOMMU group`**. All
# phrases in it must occur in strings of the sources; "..." stands for what differs from time to time. Each message of
# level ERR or WARNING must have a phrase of an entry, or one of messages.ignore.
import glob
import os
import re
import sys

STRING = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
# String literals side by side, with the macros of inttypes.h between them.
TEXT = re.compile(r'"(?:[^"\\\n]|\\.)*"(?:\s*(?:PRI[a-zA-Z0-9]+\s*)?"(?:[^"\\\n]|\\.)*")*')
LOG = re.compile(r'\b(?:ACCEL_LOG\(\s*(\w+)\s*,\s*\w+|ACCEL_DEV_LOG\(\s*(\w+)\s*,[^",]+)\s*,\s*')


COMMENT = re.compile(r'/\*.*?\*/', re.DOTALL)


def without_comments(code):
    """The same lines, without what comments give as examples."""
    return COMMENT.sub(lambda m: "\n" * m.group().count("\n"), code)


def text_of(literals):
    return "".join(STRING.findall(literals)).replace('\\"', '"')


def sources(root, folders):
    for folder in folders:
        for path in sorted(glob.glob(os.path.join(root, folder, "**", "*.[ch]"), recursive=True)):
            with open(path) as f:
                yield os.path.relpath(path, root), without_comments(f.read())


def messages(name, code):
    """Format strings of what is logged as ERR or WARNING, with their place."""
    for call in LOG.finditer(code):
        if (call.group(1) or call.group(2)) not in ("ERR", "WARNING"):
            continue
        text = TEXT.match(code, call.end())
        line = code.count("\n", 0, call.start()) + 1
        yield f"{name}:{line}", text_of(text.group()) if text else None


def matches(phrase, text):
    at = 0
    for part in phrase.split("..."):
        at = text.find(part.strip(), at)
        if at < 0:
            return False
        at += len(part.strip())
    return True


def entries(path):
    with open(path) as f:
        paragraphs = f.read().split("\n\n")
    return [" ".join(p.split()) for para in paragraphs if para.startswith("**`")
            for p in re.findall(r"\*\*`([^`]+)`\*\*", para)]


def ignored(path):
    """Phrases and reasons, with a tab between them."""
    with open(path) as f:
        lines = [line.rstrip("\n") for line in f if line.strip() and not line.startswith("#")]
    return dict((line.split("\t", 1) + [""])[:2] for line in lines)


def check(root):
    here = os.path.dirname(os.path.abspath(__file__))
    code = list(sources(root, ["eal_glue", "lib", "drivers"]))
    apps = list(sources(root, ["apps"]))
    texts = [text_of(t) for _, c in code + apps for t in TEXT.findall(c)]
    logged = [m for name, c in code for m in messages(name, c)]
    phrases = entries(os.path.join(root, "doc", "troubleshooting.md"))
    ignore = ignored(os.path.join(here, "messages.ignore"))
    if len(logged) < 100 or len(phrases) < 50:
        yield f"{len(logged)} messages and {len(phrases)} phrases: they are not found"
    for phrase in phrases + list(ignore):
        if len(phrase.replace("...", "").strip()) < 6:
            yield f"'{phrase}' is too short to tell messages apart"
    for phrase in phrases:
        if not any(matches(phrase, t) for t in texts):
            yield f"doc/troubleshooting.md: no source says '{phrase}'"
    for phrase, reason in ignore.items():
        if reason.strip() == "":
            yield f"messages.ignore: '{phrase}' has no reason"
        if not any(t is not None and matches(phrase, t) for _, t in logged):
            yield f"messages.ignore: no message is '{phrase}'"
    for place, text in logged:
        if text is None:
            yield f"{place}: the format is no string: write it in the call"
        elif not any(matches(p, text) for p in phrases + list(ignore)):
            yield f"{place}: '{text}': put it into doc/troubleshooting.md, or into messages.ignore"


def main():
    wrong = list(check(sys.argv[1]))
    for line in wrong:
        print(line)
    summary = os.environ.get("ACCELDEV_TEST_SUMMARY")
    if summary:
        with open(summary, "a") as f:
            f.write(f"{0 if wrong else 1} {1 if wrong else 0} 0\n")
    print("0 passed, 1 failed, 0 skipped" if wrong else "1 passed, 0 failed, 0 skipped")
    return 1 if wrong else 0


sys.exit(main())
