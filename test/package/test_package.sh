#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The acceldev authors
#
# Installs the project into a folder of the build directory and uses it from there as somebody else's
# program would: with pkg-config and nothing else.
#
#	test_package.sh SOURCEDIR BUILDDIR [b_sanitize]
#
# shellcheck disable=SC2317 # checks are called by name
# shellcheck disable=SC2046,SC2086 # flags are lists of words
# shellcheck disable=SC2030,SC2031 # checks are subshells, and change LD_LIBRARY_PATH for themselves
set -u
source=$1 build=$2
[ "${3:-none}" = none ] || {
	echo "    skipped: what is installed from a build with sanitizers is no package"
	exit 77
}
here=$source/test/package
examples=$source/doc/examples
work=$build/test-package
stage=$work/stage
eal=(--no-huge --no-pci --no-shconf --iova-mode=va -m 64)
warn=(-Wall -Wextra -Werror)
passed=0 failed=0 skipped=0

check()
{
	local what=$1 rc
	shift
	"$@" >"$work/log" 2>&1
	rc=$?
	if [ $rc -eq 0 ]; then
		echo "  package: $what ok"
		passed=$((passed + 1))
	elif [ $rc -eq 77 ]; then
		echo "  package: $what"
		cat "$work/log"
		skipped=$((skipped + 1))
	else
		echo "  package: $what FAILED"
		sed 's/^/    /' "$work/log"
		failed=$((failed + 1))
	fi
	return $rc
}

skip()
{
	echo "    skipped: $*"
	exit 77
}

# expect COMMAND...: run, and tell which one failed.
expect()
{
	echo "+ $*"
	"$@" || {
		echo "exit status $?"
		exit 1
	}
}

# expect_output PATTERN COMMAND...
expect_output()
{
	local pattern=$1 out
	shift
	echo "+ $*"
	out=$("$@" 2>&1) || {
		echo "$out"
		echo "exit status is not 0"
		exit 1
	}
	echo "$out"
	grep -qE "$pattern" <<<"$out" || {
		echo "$pattern is not in the output"
		exit 1
	}
}

# What a packager does: everything below one folder. The prefix in the .pc files is set to match.
install_stage()
(
	expect meson install -C "$build" --no-rebuild --destdir "$stage"
	expect sed -i "s|^prefix=|prefix=$stage|" $(find "$stage" -name 'acceldev*.pc')
)

installed_headers()
(
	cd "$incdir" && find . -name '*.h' | sed 's|^\./||' | sort
)

headers_are_the_public_ones()
(
	installed_headers >"$work/installed"
	(cd "$source/lib/acceldev" && ls accel_*.h acceldev.h && cd ../devmodel && ls devmodel.h) |
		sort >"$work/public"
	expect diff "$work/public" "$work/installed"
)

# each_header COMPILER...: compile every header alone.
each_header()
(
	for h in $(installed_headers); do
		echo "#include <acceldev/$h>" >"$work/one.$suffix"
		# DPDK's headers want more of libc than the bare standard.
		expect "$@" "${warn[@]}" -D_DEFAULT_SOURCE -fsyntax-only $cflags "$work/one.$suffix"
	done
)

headers_in_c()
(
	suffix=c
	each_header cc -std=c11
	if command -v clang >/dev/null; then
		each_header clang -std=c11
	fi
)

headers_in_cxx()
(
	command -v g++ >/dev/null || skip "g++ is not installed"
	suffix=cpp
	each_header g++ -std=c++17
)

# Functions and variables that the installed headers declare, and that a library must have.
declared_symbols()
(
	for h in $(installed_headers); do
		echo "#include <acceldev/$h>"
	done >"$work/all.c"
	cc -std=gnu11 -DACCELDEV_DEBUG $cflags -fsyntax-only -aux-info "$work/aux" "$work/all.c" ||
		exit 1
	{
		grep "^/\* $incdir/" "$work/aux" | grep '\*/ extern ' |
			sed 's/ (.*//; s/.*[ *]//'
		cat "$incdir"/*.h | sed -n 's/^extern [^(]*[ *]\([a-z_0-9]*\)[[;].*/\1/p'
	} | sort -u
)

exported_symbols()
(
	nm -D --defined-only --extern-only "$libdir/libacceldev.so" |
		awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' | sort -u
)

map_symbols()
(
	sed 's|/\*.*\*/||; s|#.*||' "$source/lib/acceldev/version.map" | tr -s ' \t;{' '\n' |
		awk '/^local:/ { g = 0 } g && /^[a-z]/ { print } /^global:/ { g = 1 }' | sort -u
)

symbols()
(
	declared_symbols >"$work/declared" || exit 1
	exported_symbols >"$work/exported"
	map_symbols >"$work/map"
	[ -s "$work/declared" ] || exit 1
	echo "declared in headers (<) and exported (>):"
	expect diff "$work/declared" "$work/exported"
	echo "in version.map (<) and exported (>):"
	expect diff "$work/map" "$work/exported"
)

pc_files()
(
	expect pkg-config --exists --print-errors acceldev
	expect_output '(^| )libdpdk( |$)' pkg-config --print-requires acceldev
	expect_output "^$(sed -n "s/^ *version: '\(.*\)',/\1/p" "$source/meson.build")$" \
		pkg-config --modversion acceldev
	case $(pkg-config --libs acceldev) in
	*whole-archive*|*hugetlbfs*)
		echo "a shared link takes what only a static one needs"
		exit 1 ;;
	esac
)

app_shared()
(
	expect cc "${warn[@]}" $cflags "$examples/copy_app.c" -o copy_app $(pkg-config --libs acceldev)
	expect_output 'libacceldev\.so' ldd ./copy_app
	expect_output '32 ops, 131072 bytes, 0 errors: same' ./copy_app "${eal[@]}"
	expect_output 'same' ./copy_app "${eal[@]}" -- soft:7
)

# The soft driver is found only when its constructor is in the program.
app_static()
(
	pkg-config --exists libsystemd ||
		skip "libsystemd-dev is not installed; static linking with DPDK asks for it"
	expect cc "${warn[@]}" $(pkg-config --static --cflags acceldev) "$examples/copy_app.c" \
		-o copy_app_static $(pkg-config --static --libs acceldev)
	if ldd ./copy_app_static | grep -E 'libacceldev|librte_'; then
		echo "is linked with shared libraries all the same"
		exit 1
	fi
	expect_output '32 ops, 131072 bytes, 0 errors: same' \
		env -u LD_LIBRARY_PATH ./copy_app_static "${eal[@]}"
)

app_cxx()
(
	command -v g++ >/dev/null || skip "g++ is not installed"
	expect g++ -std=c++17 "${warn[@]}" $cflags "$here/cxx_app.cpp" -o cxx_app \
		$(pkg-config --libs acceldev)
	expect ./cxx_app
)

# Its device fails half way, and is recovered.
app_events()
(
	expect cc "${warn[@]}" $cflags "$examples/event_app.c" -o event_app \
		$(pkg-config --libs acceldev)
	expect_output '^device 0: ready$' ./event_app "${eal[@]}" -- sim:edu
	expect_output '^device 0: error$' ./event_app "${eal[@]}" -- sim:edu
	expect_output ': 160 of 160 ops$' ./event_app "${eal[@]}" -- soft:0
)

app_npu()
(
	share=$(pkg-config --variable=prefix acceldev)/share/acceldev
	expect cc "${warn[@]}" $cflags "$examples/npu_digits.c" -o npu_digits \
		$(pkg-config --libs acceldev)
	expect_output '^253 of 256 right$' ./npu_digits sim:npu "$share/digits.elf" \
		"$share/records.bin" "$share/labels.bin"
)

apps_installed()
(
	bin=$(pkg-config --variable=prefix acceldev)/bin
	expect_output 'errors: 0 .*' "$bin/accel-testpmd" "${eal[@]}" -- --ops=10000 --verify
	expect_output '^copy64-burst32 ' "$bin/accel-perf" --list
	expect "$bin/accel-npu-pack" "$source/test/npu/digits/digits.npu" -o digits.elf
	expect cmp digits.elf "$bin/../share/acceldev/digits.elf"
)

# plugin DIR [NAME]: what to give EAL's -d for DIR/libNAME.so, drv_xor unless told otherwise. EAL takes no path with a folder in it that
# everybody may write to, such as /tmp, but it takes a bare name from the loader's folders.
plugin()
{
	local dir=$PWD/$1 lib=lib${2:-drv_xor}.so
	while [ -z "$(find "$dir" -maxdepth 0 -perm -0002)" ]; do
		[ "$dir" = / ] && {
			echo "./$1/$lib"
			return
		}
		dir=$(dirname "$dir")
	done
	echo "$lib"
}

# build_driver DIR CFLAGS...
build_driver()
{
	local dir=$1
	shift
	mkdir -p "$dir"
	expect cc "${warn[@]}" "$@" $cflags -shared -fPIC -Wl,-z,defs "$examples/xor_driver.c" \
		-o "$dir/libdrv_xor.so" $(pkg-config --libs acceldev)
	expect cc "${warn[@]}" $cflags "$here/xor_check.c" -o xor_check $(pkg-config --libs acceldev)
}

driver_as_plugin()
(
	build_driver drv
	LD_LIBRARY_PATH=$LD_LIBRARY_PATH:$PWD/drv
	expect ./xor_check "${eal[@]}" -d "$(plugin drv)" -- soft:0,driver=xor,key=0x5a 0x5a
	expect ./xor_check "${eal[@]}" -d "$(plugin drv)" -- soft:1,driver=xor 0
	echo "+ a key out of range, a key of another driver, and no driver"
	for spec in soft:0,driver=xor,key=256 soft:0,driver=xor,banks=1; do
		./xor_check "${eal[@]}" -d "$(plugin drv)" -- "$spec" 0
		[ $? -eq 3 ] || exit 1
	done
	./xor_check "${eal[@]}" -- soft:0,driver=xor 0
	[ $? -eq 3 ] || exit 1
)

# A device model and its driver, each a plug-in of its own: the driver finds the function by its PCI id.
model_and_driver_as_plugins()
(
	local plugins
	mkdir -p pci
	for name in xor_model xor_pci_driver; do
		expect cc "${warn[@]}" $cflags -shared -fPIC -Wl,-z,defs "$examples/$name.c" \
			-o "pci/lib$name.so" $(pkg-config --libs acceldev)
	done
	LD_LIBRARY_PATH=$LD_LIBRARY_PATH:$PWD/pci
	plugins=(-d "$(plugin pci xor_model)" -d "$(plugin pci xor_pci_driver)")
	expect ./xor_check "${eal[@]}" "${plugins[@]}" -- sim:xor,key=0x5a 0x5a
	expect ./xor_check "${eal[@]}" "${plugins[@]}" -- sim:xor.3,async=access 0
	echo "+ no model, no driver, and a key out of range"
	for try in "xor_pci_driver sim:xor" "xor_model sim:xor" \
			"xor_pci_driver sim:xor,key=256"; do
		./xor_check "${eal[@]}" -d "$(plugin pci "${try% *}")" -- "${try#* }" 0
		[ $? -eq 3 ] || exit 1
	done
)

# A model built against a header of another ABI is refused, in words.
model_of_another_abi()
(
	local out
	mkdir -p newer/acceldev newer-model
	cp "$incdir"/*.h newer/acceldev
	expect sed -i 's/^\(#define DEVMODEL_ABI\) .*/\1 99/' newer/acceldev/devmodel.h
	expect cc "${warn[@]}" -Inewer $cflags -shared -fPIC -Wl,-z,defs "$examples/xor_model.c" \
		-o newer-model/libxor_model.so $(pkg-config --libs acceldev)
	LD_LIBRARY_PATH=$LD_LIBRARY_PATH:$PWD/newer-model
	out=$(./xor_check "${eal[@]}" -d "$(plugin newer-model xor_model)" -- sim:xor 0 2>&1)
	[ $? -eq 3 ] || exit 1
	echo "$out"
	grep -E 'model ABI 99, this library has [0-9]+' <<<"$out" >/dev/null || {
		echo "no line tells both ABI numbers"
		exit 1
	}
)

# A driver built against a header of another ABI is refused, in words, and EAL goes on without it.
driver_of_another_abi()
(
	local out rc
	mkdir -p newer/acceldev
	cp "$incdir"/*.h newer/acceldev
	expect sed -i 's/^\(#define ACCEL_DRIVER_ABI\) .*/\1 99/' newer/acceldev/accel_driver.h
	build_driver newer-drv -Inewer
	LD_LIBRARY_PATH=$LD_LIBRARY_PATH:$PWD/newer-drv
	out=$(./xor_check "${eal[@]}" -d "$(plugin newer-drv)" -- soft:0,driver=xor 0 2>&1)
	rc=$?
	echo "$out"
	[ $rc -eq 3 ] || exit 1
	grep -E 'driver ABI 99, this library has [0-9]+' <<<"$out" >/dev/null || {
		echo "no line tells both ABI numbers"
		exit 1
	}
	expect_output same ./copy_app "${eal[@]}" -d "$(plugin newer-drv)" -- soft:0
)

#
# The OPAE front-end: its programs need not know of acceldev or DPDK
#

opae_flags()
(
	expect_output "^-I$opae_incdir ?$" pkg-config --cflags acceldev-opae
	expect_output "^-L$libdir -lacceldev_opae ?$" pkg-config --libs acceldev-opae
	expect_output '^$' pkg-config --print-requires --print-requires-private acceldev-opae
)

opae_list_headers()
(
	cd "$opae_incdir" && find opae -name '*.h' | sort
)

# opae_each_header SUFFIX COMPILER...: every header alone, and strictly.
opae_each_header()
(
	local suffix=$1 h
	shift
	for h in $(opae_list_headers); do
		echo "#include <$h>" >"$work/one.$suffix"
		expect "$@" "${warn[@]}" -pedantic -fsyntax-only $opae_cflags "$work/one.$suffix"
	done
)

opae_headers()
(
	[ "$(opae_list_headers | wc -l)" -ge 18 ] || exit 1
	opae_each_header c cc -std=c99 || exit 1
	if command -v clang >/dev/null; then
		opae_each_header c clang -std=c99 || exit 1
	fi
	if command -v g++ >/dev/null; then
		opae_each_header cpp g++ -std=c++11 || exit 1
	fi
	! grep -rnE 'include.*(rte_|acceldev/)' "$opae_incdir" || exit 1
)

# What the headers declare is what the library has.
opae_symbols()
(
	opae_list_headers | sed 's/.*/#include <&>/' >"$work/opae.c"
	expect cc $opae_cflags -fsyntax-only -aux-info "$work/aux" "$work/opae.c"
	grep "^/\* $opae_incdir/" "$work/aux" | sed 's/ (.*//; s/.*[ *]//' | sort -u \
		>"$work/declared"
	nm -D --defined-only --extern-only "$libdir/libacceldev_opae.so" |
		awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' | sort -u >"$work/exported"
	[ "$(wc -l <"$work/declared")" -gt 100 ] || exit 1
	echo "declared in headers (<) and exported (>):"
	expect diff "$work/declared" "$work/exported"
)

opae_programs()
(
	expect cc -std=c99 "${warn[@]}" $opae_cflags "$source/test/opae/api_c99.c" -o opae_c99 \
		$(pkg-config --libs acceldev-opae)
	! readelf -d opae_c99 | grep -E 'NEEDED.*(librte|libacceldev\.)' || exit 1
	expect_output '^success' env ACCELDEV_DEVICES= ./opae_c99
	for f in opae_nlb opae_he_lb; do
		expect cc -std=gnu99 "${warn[@]}" $opae_cflags "$examples/$f.c" -o $f \
			$(pkg-config --libs acceldev-opae)
	done
	expect env ACCELDEV_DEVICES=sim:nlb ./opae_nlb
	expect env ACCELDEV_DEVICES=sim:he-lb ./opae_he_lb
)

opae_program_cxx()
(
	command -v g++ >/dev/null || skip "g++ is not installed"
	expect g++ -std=c++11 "${warn[@]}" $opae_cflags "$source/test/opae/api_cxx.cpp" -o opae_cxx \
		$(pkg-config --libs acceldev-opae)
	expect env ACCELDEV_DEVICES=sim:edu ./opae_cxx
)

# All of acceldev and DPDK comes from the archives that acceldev.pc has.
opae_program_static()
(
	pkg-config --exists libsystemd ||
		skip "libsystemd-dev is not installed; static linking with DPDK asks for it"
	expect cc "${warn[@]}" $opae_cflags "$examples/opae_nlb.c" -o opae_nlb_static \
		$(pkg-config --static --libs acceldev) -L"$libdir" -l:libacceldev_opae.a
	if ldd ./opae_nlb_static | grep -E 'libacceldev|librte_'; then
		echo "is linked with shared libraries all the same"
		exit 1
	fi
	expect env -u LD_LIBRARY_PATH ACCELDEV_DEVICES=sim:nlb ./opae_nlb_static
)

#
# The ENN front-end
#

enn_flags()
(
	expect_output "^-I$enn_incdir ?$" pkg-config --cflags acceldev-enn
	expect_output "^-L$libdir -lacceldev_enn ?$" pkg-config --libs acceldev-enn
	expect_output '^$' pkg-config --print-requires --print-requires-private acceldev-enn
	expect_output '^6$' sh -c "find '$enn_incdir' -type f | wc -l"
)

# enn_one SUFFIX HEADER COMPILER...: one header, and strictly, with both numberings.
enn_one()
{
	local suffix=$1 header=$2 numbering
	shift 2
	echo "#include <$header>" >"$work/one.$suffix"
	for numbering in 1 2; do
		expect "$@" "${warn[@]}" -pedantic-errors -fsyntax-only -DACCELDEV_ENN_RETURN=$numbering \
			$enn_cflags "$work/one.$suffix"
	done
}

enn_headers()
(
	local compiler h
	for h in $(cd "$enn_incdir" && ls -- *.h); do
		enn_one c "$h" cc -std=c99
		! command -v clang >/dev/null || enn_one c "$h" clang -std=c99
	done
	for compiler in g++ clang++; do
		command -v $compiler >/dev/null || continue
		for h in $(cd "$enn_incdir" && ls); do
			enn_one cpp "$h" $compiler -std=c++11
			enn_one cpp "$h" $compiler -std=c++20
		done
	done
	! grep -rnE 'include.*(rte_|acceldev/)' "$enn_incdir" || exit 1
)

# What the header declares is what the library has, for each numbering.
enn_symbols()
(
	echo '#include <enn_api-public.h>' >"$work/enn.c"
	expect cc $enn_cflags -fsyntax-only -aux-info "$work/aux" "$work/enn.c"
	grep "^/\* $enn_incdir/" "$work/aux" | sed 's/ (.*//; s/.*[ *]//' |
		sed 'p; s/$/_return1/' | sort -u >"$work/declared"
	nm -D --defined-only --extern-only "$libdir/libacceldev_enn.so" |
		awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' | sort -u >"$work/exported"
	[ "$(wc -l <"$work/declared")" -gt 130 ] || exit 1
	echo "declared in the header (<) and exported (>):"
	expect diff "$work/declared" "$work/exported"
)

enn_run()
{
	local share
	share=$(pkg-config --variable=prefix acceldev)/share/acceldev
	expect_output '^25[0-9] of 256 right$' env ACCELDEV_DEVICES=sim:npu "$@" "$share/digits.elf" \
		"$share/records.bin" "$share/labels.bin"
}

enn_programs()
(
	expect cc -std=c99 "${warn[@]}" $enn_cflags "$examples/enn_digits.c" -o enn_digits \
		$(pkg-config --libs acceldev-enn)
	! readelf -d enn_digits | grep -E 'NEEDED.*(librte|libacceldev\.)' || exit 1
	enn_run ./enn_digits
)

enn_program_cxx()
(
	command -v g++ >/dev/null || skip "g++ is not installed"
	expect g++ -std=c++11 "${warn[@]}" $enn_cflags "$examples/enn_digits.cpp" -o enn_digits_cxx \
		$(pkg-config --libs acceldev-enn)
	! readelf -d enn_digits_cxx | grep -E 'NEEDED.*(librte|libacceldev\.)' || exit 1
	enn_run ./enn_digits_cxx
)

enn_program_static()
(
	pkg-config --exists libsystemd ||
		skip "libsystemd-dev is not installed; static linking with DPDK asks for it"
	expect cc "${warn[@]}" $enn_cflags "$examples/enn_digits.c" -o enn_digits_static \
		$(pkg-config --static --libs acceldev) -L"$libdir" -l:libacceldev_enn.a
	if ldd ./enn_digits_static | grep -E 'libacceldev|librte_'; then
		echo "is linked with shared libraries all the same"
		exit 1
	fi
	enn_run env -u LD_LIBRARY_PATH ./enn_digits_static
)

#
# The allocators for OpenVINO
#

openvino_flags()
(
	expect_output "^-I$openvino_incdir ?$" pkg-config --cflags acceldev-openvino
	expect_output "^-L$libdir -lacceldev_openvino ?$" pkg-config --libs acceldev-openvino
	expect_output '^$' pkg-config --print-requires --print-requires-private acceldev-openvino
	expect_output '^3$' sh -c "find '$openvino_incdir' -type f | wc -l"
)

openvino_headers()
(
	local one="$work/one.cpp" compiler h
	echo '#include <acceldev/openvino.h>' >"$work/one.c"
	expect cc -std=c99 "${warn[@]}" -pedantic -fsyntax-only $openvino_cflags "$work/one.c"
	for compiler in g++ clang++; do
		command -v $compiler >/dev/null || continue
		for h in acceldev/openvino.h acceldev/openvino.hpp ie_allocator.hpp; do
			echo "#include <$h>" >"$one"
			expect $compiler -std=c++11 "${warn[@]}" -pedantic -fsyntax-only \
				$openvino_cflags "$one"
			expect $compiler -std=c++20 "${warn[@]}" -pedantic -fsyntax-only \
				$openvino_cflags "$one"
		done
	done
	! grep -rnE 'include.*(rte_|acceldev/accel)' "$openvino_incdir" || exit 1
)

# What the header declares is what the library has.
openvino_symbols()
(
	echo '#include <acceldev/openvino.h>' >"$work/openvino.c"
	expect cc $openvino_cflags -fsyntax-only -aux-info "$work/aux" "$work/openvino.c"
	grep "^/\* $openvino_incdir/" "$work/aux" | sed 's/ (.*//; s/.*[ *]//' | sort -u \
		>"$work/declared"
	nm -D --defined-only --extern-only "$libdir/libacceldev_openvino.so" |
		awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' | sort -u >"$work/exported"
	[ -s "$work/declared" ] || exit 1
	echo "declared in the header (<) and exported (>):"
	expect diff "$work/declared" "$work/exported"
)

openvino_program()
(
	expect cc -std=c99 "${warn[@]}" $openvino_cflags "$source/test/openvino/api_c99.c" \
		-o openvino_c99 $(pkg-config --libs acceldev-openvino)
	! readelf -d openvino_c99 | grep -E 'NEEDED.*(librte|libacceldev\.)' || exit 1
	expect ./openvino_c99
	expect ./openvino_c99 soft:0
check "application with a program on the NPU" app_npu
)

# An OpenVINO of the program's own is found before our folder in the include path, and behind it.
openvino_program_cxx()
(
	local shapes=$source/test/openvino/shapes build libs order
	command -v g++ >/dev/null || skip "g++ is not installed"
	build=(g++ -std=c++11 "${warn[@]}" "$source/test/openvino/header.cpp" -o openvino_cxx)
	libs=$(pkg-config --libs acceldev-openvino)
	expect "${build[@]}" -DSHAPE_WANTED=0 $openvino_cflags $libs
	expect ./openvino_cxx
	cp -r "$openvino_incdir" openvino_copy
	expect "${build[@]}" -DSHAPE_WANTED=0 -Iopenvino_copy $openvino_cflags $libs
enn_incdir=$(pkg-config --variable=includedir acceldev-enn)/acceldev-enn
enn_cflags=$(pkg-config --cflags acceldev-enn)
check "ENN: flags without DPDK" enn_flags
check "ENN: every header alone" enn_headers
check "ENN: symbols" enn_symbols
check "ENN: program in C" enn_programs
check "ENN: program in C++" enn_program_cxx
check "ENN: program, static" enn_program_static
	for order in "-I$shapes/2020 $openvino_cflags" "$openvino_cflags -I$shapes/2020" \
			"-Iopenvino_copy $openvino_cflags -I$shapes/2020"; do
		expect "${build[@]}" -DSHAPE_WANTED=2020 $order $libs
		expect ./openvino_cxx
	done
	expect g++ -std=c++11 "${warn[@]}" $openvino_cflags "$examples/openvino_tensors.cpp" \
		-o openvino_tensors $libs -pthread
	expect_output ', 0 wrong$' ./openvino_tensors
	expect_output ', 0 wrong$' ./openvino_tensors soft:0,banks=1 0
)

openvino_program_static()
(
	pkg-config --exists libsystemd ||
		skip "libsystemd-dev is not installed; static linking with DPDK asks for it"
	expect cc "${warn[@]}" $openvino_cflags "$source/test/openvino/api_c99.c" -o openvino_static \
		$(pkg-config --static --libs acceldev) -L"$libdir" -l:libacceldev_openvino.a
	if ldd ./openvino_static | grep -E 'libacceldev|librte_'; then
		echo "is linked with shared libraries all the same"
		exit 1
	fi
	expect env -u LD_LIBRARY_PATH ./openvino_static soft:0
)

#
# The VVAS front-end, as the OPAE one
#

vvas_flags()
(
	expect_output "^-I$vvas_incdir ?$" pkg-config --cflags acceldev-vvas
	expect_output "^-L$libdir -lacceldev_vvas ?$" pkg-config --libs acceldev-vvas
	expect_output '^$' pkg-config --print-requires --print-requires-private acceldev-vvas
)

vvas_list_headers()
(
	cd "$vvas_incdir" && find vvas_core -name '*.h' | sort
)

# vvas_each_header SUFFIX COMPILER...: every header alone, and strictly.
vvas_each_header()
(
	local suffix=$1 h
	shift
	for h in $(vvas_list_headers); do
		echo "#include <$h>" >"$work/one.$suffix"
		expect "$@" "${warn[@]}" -pedantic -fsyntax-only $vvas_cflags "$work/one.$suffix"
	done
)

vvas_headers()
(
	[ "$(vvas_list_headers | wc -l)" -eq 8 ] || exit 1
	vvas_each_header c cc -std=c99 || exit 1
	if command -v clang >/dev/null; then
		vvas_each_header c clang -std=c99 || exit 1
	fi
	if command -v g++ >/dev/null; then
		vvas_each_header cpp g++ -std=c++11 || exit 1
	fi
	! grep -rnE 'include.*(rte_|acceldev/|xrt)' "$vvas_incdir" || exit 1
)

# What the headers declare is what the library has.
vvas_symbols()
(
	vvas_list_headers | sed 's/.*/#include <&>/' >"$work/vvas.c"
	expect cc $vvas_cflags -fsyntax-only -aux-info "$work/aux" "$work/vvas.c"
	grep "^/\* $vvas_incdir/" "$work/aux" | sed 's/ (.*//; s/.*[ *]//' | sort -u \
		>"$work/declared"
	nm -D --defined-only --extern-only "$libdir/libacceldev_vvas.so" |
		awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' | sort -u >"$work/exported"
	[ "$(wc -l <"$work/declared")" -gt 30 ] || exit 1
	echo "declared in headers (<) and exported (>):"
	expect diff "$work/declared" "$work/exported"
)

vvas_programs()
(
	expect cc -std=c99 "${warn[@]}" $vvas_cflags "$source/test/vvas/api_c99.c" -o vvas_c99 \
		$(pkg-config --libs acceldev-vvas) -luuid
	expect ./vvas_c99
	expect cc "${warn[@]}" $vvas_cflags "$examples/vvas_banks.c" -o vvas_banks \
		$(pkg-config --libs acceldev-vvas) -pthread
	! readelf -d vvas_banks | grep -E 'NEEDED.*(librte|libacceldev\.)' || exit 1
	expect_output 'same$' ./vvas_banks 0 soft:0,banks=2
	expect_output 'same$' env ACCELDEV_DEVICES="soft:0 soft:1,banks=2" ./vvas_banks 1 /dev/null
)

vvas_program_cxx()
(
	command -v g++ >/dev/null || skip "g++ is not installed"
	expect g++ -std=c++11 "${warn[@]}" $vvas_cflags "$source/test/vvas/api_cxx.cpp" -o vvas_cxx \
		$(pkg-config --libs acceldev-vvas) -luuid
	expect ./vvas_cxx
)

vvas_program_static()
(
	pkg-config --exists libsystemd ||
		skip "libsystemd-dev is not installed; static linking with DPDK asks for it"
	expect cc "${warn[@]}" $vvas_cflags "$examples/vvas_banks.c" -o vvas_banks_static \
		$(pkg-config --static --libs acceldev) -L"$libdir" -l:libacceldev_vvas.a -luuid -pthread
	if ldd ./vvas_banks_static | grep -E 'libacceldev|librte_'; then
		echo "is linked with shared libraries all the same"
		exit 1
	fi
	expect_output 'same$' env -u LD_LIBRARY_PATH ./vvas_banks_static 0 soft:0,banks=2
)

# readme_block FILE: the code block that follows the line naming doc/examples/FILE.
readme_block()
{
	awk -v mark="<!-- doc/examples/$1 -->" '
		$0 == mark { found = 1 }
		inside && /^```$/ { exit }
		inside { print }
		found && /^```c$/ { inside = 1 }' "$source/README.md"
}

# The README shows the examples without their licence, which ends with the first comment.
readme_shows_the_examples()
(
	for f in copy_app.c xor_driver.c; do
		sed '1,/\*\/$/d' "$examples/$f" >"$work/example"
		readme_block $f >"$work/shown"
		expect diff "$work/example" "$work/shown"
	done
)

# So does doc/troubleshooting.md, a part of one.
troubleshooting_shows_the_example()
(
	awk '$0 == "<!-- doc/examples/event_app.c -->" { found = 1 }
		inside && /^```$/ { exit }
		inside { print }
		found && /^```c$/ { inside = 1 }' "$source/doc/troubleshooting.md" >"$work/shown"
	sed -n "/^static void$/,/^}$/p; /^\/\* By the thread/,/^}$/p" "$examples/event_app.c" |
		awk '{ print } /^}$/ && ++n == 1 { print "" } n == 2 { exit }' >"$work/example"
	[ -s "$work/shown" ] || exit 1
	expect diff "$work/example" "$work/shown"
)

rm -rf "$work"
mkdir -p "$work" && cd "$work" || exit 1
check "installs into a folder" install_stage
PKG_CONFIG_PATH=$(dirname "$(find "$stage" -name acceldev.pc)")
export PKG_CONFIG_PATH
libdir=$(pkg-config --variable=libdir acceldev)
incdir=$(pkg-config --variable=includedir acceldev)/acceldev
cflags=$(pkg-config --cflags acceldev)
export LD_LIBRARY_PATH=$libdir
check ".pc files" pc_files
check "headers are the public ones" headers_are_the_public_ones
check "every header alone, C11" headers_in_c
check "every header alone, C++17" headers_in_cxx
check "symbols" symbols
check "application, shared" app_shared
check "application, static" app_static
check "application in C++" app_cxx
check "application with events" app_events
check "application with a program on the NPU" app_npu
check "installed applications" apps_installed
check "driver as a plug-in" driver_as_plugin
check "driver of another ABI" driver_of_another_abi
check "model and driver as plug-ins" model_and_driver_as_plugins
check "model of another ABI" model_of_another_abi
opae_incdir=$(pkg-config --variable=includedir acceldev-opae)/acceldev-opae
opae_cflags=$(pkg-config --cflags acceldev-opae)
check "OPAE: flags without DPDK" opae_flags
check "OPAE: every header alone" opae_headers
check "OPAE: symbols" opae_symbols
check "OPAE: programs in C" opae_programs
check "OPAE: program in C++" opae_program_cxx
check "OPAE: program, static" opae_program_static
openvino_incdir=$(pkg-config --variable=includedir acceldev-openvino)/acceldev-openvino
openvino_cflags=$(pkg-config --cflags acceldev-openvino)
check "OpenVINO: flags without DPDK" openvino_flags
check "OpenVINO: every header alone" openvino_headers
check "OpenVINO: symbols" openvino_symbols
check "OpenVINO: program in C" openvino_program
check "OpenVINO: programs in C++" openvino_program_cxx
check "OpenVINO: program, static" openvino_program_static
vvas_incdir=$(pkg-config --variable=includedir acceldev-vvas)/acceldev-vvas
vvas_cflags=$(pkg-config --cflags acceldev-vvas)
check "VVAS: flags without DPDK" vvas_flags
check "VVAS: every header alone" vvas_headers
check "VVAS: symbols" vvas_symbols
check "VVAS: programs in C" vvas_programs
check "VVAS: program in C++" vvas_program_cxx
check "VVAS: program, static" vvas_program_static
check "README shows the examples" readme_shows_the_examples
check "doc/troubleshooting.md shows an example" troubleshooting_shows_the_example
echo "$passed passed, $failed failed, $skipped skipped"
[ -z "${ACCELDEV_TEST_SUMMARY:-}" ] || echo "$passed $failed $skipped" >>"$ACCELDEV_TEST_SUMMARY"
[ $failed -eq 0 ]
