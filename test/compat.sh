#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The acceldev authors
#
# Compiles the sources against the headers of newer DPDK releases, which newer Debian releases have:
# nothing is installed, linked or run.
#
#	compat.sh BUILDDIR COMPATDIR
#
# BUILDDIR has compile_commands.json; COMPATDIR keeps what was fetched.
set -u
build=$(cd "$1" && pwd) || exit 1
mkdir -p "$2" || exit 1
compat=$(cd "$2" && pwd)
source=$(cd "$(dirname "$0")/.." && pwd)
releases="trixie forky" # DPDK 24.11 and 25.11
passed=0 failed=0 skipped=0

skip()
{
	echo "    skipped: $*"
	skipped=$((skipped + 1))
}

# The mirror that this machine takes its own Debian packages from.
mirror_uri()
{
	# shellcheck disable=SC2016 # apt's own variables
	apt-get indextargets --format '$(ORIGIN)|$(LABEL)|$(REPO_URI)' 2>/dev/null |
		sed -n 's/^Debian|Debian|//p' | head -n 1
}

# apt RELEASE COMMAND...: apt-get with a state, cache and list of sources of its own.
apt()
{
	_release=$1
	shift
	_apt=$compat/$_release/apt
	apt-get -q -o Dir::State="$_apt" -o Dir::Cache="$_apt" -o Dir::State::status=/dev/null \
		-o Dir::Etc::SourceList="$_apt/sources.list" -o Dir::Etc::SourceParts=/dev/null \
		-o Dir::Etc::Preferences=/dev/null -o Dir::Etc::PreferencesParts=/dev/null \
		-o APT::Sandbox::User="$(id -un)" -o Acquire::Languages=none \
		-o Acquire::Retries=1 -o Acquire::http::Timeout=30 "$@"
}

# fetch RELEASE: unpack its libdpdk-dev into COMPATDIR/RELEASE/root, once.
fetch()
{
	_dir=$compat/$1
	[ -e "$_dir/root/usr/include/dpdk" ] && return 0
	command -v apt-get >/dev/null || return 1
	_uri=$(mirror_uri)
	[ -n "$_uri" ] || return 1
	rm -rf "$_dir"
	mkdir -p "$_dir/apt/lists/partial" "$_dir/apt/archives/partial" "$_dir/root"
	echo "deb $_uri $1 main" >"$_dir/apt/sources.list"
	apt "$1" update &&
		(cd "$_dir/apt" && apt "$1" download libdpdk-dev) &&
		dpkg-deb -x "$_dir"/apt/libdpdk-dev_*.deb "$_dir/root"
	_rc=$?
	rm -rf "$_dir/apt"
	[ $_rc -eq 0 ] || rm -rf "$_dir"
	return $_rc
}

# Compile every file of the project's folders as the build did, but against ROOT.
compile_all()
{
	python3 - "$build/compile_commands.json" "$source" "$1" <<'PYTHON'
import glob, json, os, shlex, subprocess, sys
from concurrent.futures import ThreadPoolExecutor

commands, source, root = sys.argv[1:]
folders = ("lib", "eal_glue", "drivers", "apps")
pc = glob.glob(root + "/usr/lib/*/pkgconfig/libdpdk-libs.pc")[0]
cflags = [w for line in open(pc) if line.startswith("Cflags:")
          for w in line.split()[1:] if not w.startswith("-I")]
includes = glob.glob(root + "/usr/include/*/dpdk") + [root + "/usr/include/dpdk"]

def command(entry):
    line = entry["command"].replace("-isystem ", "-isystem").replace("-I ", "-I")
    out, skip = [], False
    for word in shlex.split(line):
        if skip or word in ("-o", "-MF", "-MQ"):
            skip = not skip
        elif not word.endswith("/dpdk") and word not in ("-c", "-MD") \
                and not word.startswith("-march="):
            out.append(word)
    for path in includes:
        out += ["-isystem", path]
    return out + cflags + ["-fsyntax-only", "-Werror",
                           "-fdiagnostics-color=never"]

def run(entry):
    return subprocess.run(command(entry), cwd=entry["directory"], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

todo = {}
for entry in json.load(open(commands)):
    path = os.path.relpath(os.path.join(entry["directory"], entry["file"]), source)
    if path.split(os.sep)[0] in folders:
        todo[path] = entry
bad = 0
with ThreadPoolExecutor(os.cpu_count()) as pool:
    for path, result in zip(todo, pool.map(run, todo.values())):
        if result.returncode != 0:
            bad += 1
            print(f"{path}:\n{result.stdout}")
print(f"{len(todo)} files, {bad} do not compile")
sys.exit(bad > 0 or not todo)
PYTHON
}

for release in $releases; do
	if ! fetch "$release" >"$compat/$release.log" 2>&1; then
		tail -n 5 "$compat/$release.log"
		skip "libdpdk-dev of Debian $release cannot be fetched from this machine's mirror"
		continue
	fi
	root=$compat/$release/root
	echo "DPDK $(sed -n 's/^Version: //p' "$root"/usr/lib/*/pkgconfig/libdpdk.pc):"
	if compile_all "$root"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
	fi
done
echo "$passed passed, $failed failed, $skipped skipped"
[ -z "${ACCELDEV_TEST_SUMMARY:-}" ] || echo "$passed $failed $skipped" >>"$ACCELDEV_TEST_SUMMARY"
[ $failed -eq 0 ]
