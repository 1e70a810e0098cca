#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The acceldev authors
#
# accel-npu-pack: options, what it says of mistakes, and that it then writes nothing.
#
#	test_pack.sh ACCEL_NPU_PACK DIGITS_FOLDER DIGITS_ELF

pack=$1
digits=$2
built=$3
passed=0
failed=0
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

fail()
{
	failed=$((failed + 1))
	echo "FAIL: $1"
	sed 's/^/    stdout: /' "$tmp/out"
	sed 's/^/    stderr: /' "$tmp/err"
}

# check WHAT COMMAND...: passes when the command succeeds.
check()
{
	_what=$1
	shift
	if "$@"; then passed=$((passed + 1)); else fail "$_what"; fi
}

run()
{
	"$pack" "$@" >"$tmp/out" 2>"$tmp/err"
	status=$?
}

# Status 1, one line on stderr that holds a text, nothing on stdout, and no file.
refused()
{
	[ "$status" -eq 1 ] && [ ! -s "$tmp/out" ] && [ "$(wc -l <"$tmp/err")" -eq 1 ] &&
		grep -qF -- "$1" "$tmp/err" && [ ! -e "$tmp/image" ] && [ -z "$(parts)" ]
}

# Parts of images that were left.
parts() { find "$tmp" -name '*.??????' ! -name 'digits.*'; }

# zeros FILE BYTES
zeros() { head -c "$2" /dev/zero >"$tmp/$1"; }

# bad TEXT LINE...: a description that is refused with a text.
bad()
{
	_text=$1
	shift
	printf '%s\n' "$@" >"$tmp/model"
	run "$tmp/model" -o "$tmp/image"
	check "refused: $_text" refused "$_text"
}

# bad_at NUMBER TEXT LINE...: so at a line.
bad_at()
{
	_at=$1
	shift
	bad "$@"
	check "at line $_at: $_text" grep -qF "accel-npu-pack: $tmp/model:$_at: " "$tmp/err"
}

run --help
check "--help" [ "$status" -eq 0 ]
check "--help tells the layers" grep -q 'dense NAME from=X' "$tmp/out"
check "--help says that it is no compiler" grep -q 'not a general compiler' "$tmp/out"
check "--help tells limits" grep -q '1 to 65536, COLUMNS and N 1 to 1048560' "$tmp/out"
run -h
check "-h" [ "$status" -eq 0 ]
run
check "no description" refused "give one description"
run one two -o "$tmp/image"
check "two descriptions" refused "give one description"
run one
check "no image" refused "give -o IMAGE"
run one -o
check "-o alone" refused "-o needs a file"
run one -o "$tmp/image" -o "$tmp/image"
check "-o twice" refused "give one -o IMAGE"
run --no-such one -o "$tmp/image"
check "unknown option" refused "no such option"
run "$tmp/none" -o "$tmp/image"
check "no such file" refused "$tmp/none: cannot be opened"
run "$tmp" -o "$tmp/image"
check "a folder" refused "$tmp: is a folder: name the description in it"
run "$built" -o "$tmp/image"
check "no text" refused "$built: has bytes of 0"
run /dev/zero -o "$tmp/image"
check "zeros without end" refused "/dev/zero: has bytes of 0"
(yes "# and so on" | "$pack" /dev/stdin -o "$tmp/image" >"$tmp/out" 2>"$tmp/err")
status=$?
check "text without end" refused "/dev/stdin: has more than 4194304 bytes"

zeros w 512
zeros b 64
zeros short 511
in="input x 1 32"
bad_at 1 '"frob" is unknown' "frob x"
bad_at 1 '"input" without a name' "input"
bad_at 2 'give input NAME ROWS COLUMNS' "" "input x 1"
bad_at 1 'number of rows is "0"' "input x 0 16"
bad_at 1 'number of rows is "1x"' "input x 1x 16"
bad_at 1 'number of columns is "9999999"' "input x 1 9999999"
bad_at 1 'an input of 10 columns: make it 16' "input x 1 10"
bad_at 1 'name "x,y"' "input x,y 1 16"
bad_at 1 'name ".vta.wgt" begins with "."' "input .vta.wgt 1 16"
bad_at 1 'is longer than 63' "input $(printf '%064d' 0) 1 16"
bad_at 2 'there is a tensor x already' "$in" "input x 1 16"
bad_at 2 'dense has no source' "$in" "dense y weights=w out=16"
bad_at 2 'no tensor "z" above' "$in" "dense y from=z weights=w out=16"
bad_at 2 'no tensor "y" above' "$in" "dense y from=y weights=w out=16"
bad_at 2 'from=x,x: dense takes 1' "$in" "dense y from=x,x weights=w out=16"
bad_at 2 'dense has no weights' "$in" "dense y from=x out=16"
bad_at 2 "columns it makes: add out=N" "$in" "dense y from=x weights=w"
bad_at 2 'none cannot be opened' "$in" "dense y from=x weights=none out=16"
bad_at 2 'short has 511 bytes, not 512' "$in" "dense y from=x weights=short out=16"
bad_at 2 '"." is a folder: name a file of 512 bytes' "$in" "dense y from=x weights=. out=16"
bad_at 2 '"/dev/zero" is a device: name a file of 512 bytes' "$in" \
	"dense y from=x weights=/dev/zero out=16"
mkfifo "$tmp/pipe"
bad_at 2 '"pipe" is a pipe: name a file of 64 bytes' "$in" \
	"dense y from=x weights=w bias=pipe out=16"
bad_at 2 'w has 512 bytes, not 544' "$in" "dense y from=x weights=w out=17"
bad_at 2 'w has 512 bytes, not 64' "$in" "dense y from=x weights=w bias=w out=16"
bad_at 2 'shift is "32"' "$in" "dense y from=x weights=w out=16 shift=32"
bad_at 2 'shift is ""' "$in" "dense y from=x weights=w out=16 shift="
bad_at 2 'shift is "+"' "$in" "dense y from=x weights=w out=16 shift=+"
bad_at 2 'fill is "128"' "$in" "dense y from=x weights=w out=16 fill=128"
bad_at 2 'fill=3 is too much' "$in" "dense y from=x weights=w out=16 shift=25 fill=3"
bad_at 2 'clip=1: give relu' "$in" "dense y from=x weights=w out=16 clip=1"
bad_at 2 'clip=0:9: give relu' "$in" "dense y from=x weights=w out=16 clip=0:9 relu"
bad_at 2 'high end of clip is "1"' "$in" "dense y from=x weights=w out=16 clip=2:1"
bad_at 2 'low end of clip is "-129"' "$in" "dense y from=x weights=w out=16 clip=-129:1"
bad_at 2 'dense does not take "frob"' "$in" "dense y from=x weights=w out=16 frob"
bad_at 2 'dense does not take "shift=2"' "$in" "dense y from=x weights=w out=16 shift=1 shift=2"
bad_at 2 'add has no source' "$in" "add y"
bad_at 2 'from=x: add takes 2' "$in" "add y from=x"
bad_at 2 'times=1: give two' "$in" "add y from=x,x times=1"
bad_at 2 'times is "128"' "$in" "add y from=x,x times=128,1"
bad_at 3 'x is 1 x 32, but y is 2 x 32' "$in" "input y 2 32" "add z from=x,y"
bad_at 2 'shift does not say how far' "$in" "shift y from=x"
bad_at 2 'by is "-7"' "$in" "shift y from=x by=-7"
bad_at 2 'min has no second operand' "$in" "min y from=x"
bad_at 2 'max does not take "relu"' "$in" "max y from=x value=3 relu"
bad_at 2 'no tensor "y" above' "$in" "output y"
bad_at 2 'x is an input: output a copy, made by shift NAME from=x by=0' "$in" "output x"
bad_at 4 'y is an output already: leave this line out' "$in" "max y from=x value=3" "output y" \
	"output y"
bad_at 3 'give output NAME' "$in" "max y from=x value=3" "output y twice"
bad 'nothing comes out' "$in" "max y from=x value=3"
bad_at 2 'y is an output and is read by a layer too' "$in" "max y from=x value=3" \
	"min z from=y value=4" "output y" "output z"
bad_at 2 'no layer reads the input y: add one, or leave the input out' "$in" "input y 1 16" \
	"max z from=x value=3" "output z"
bad_at 2 'nothing uses y: add output y, or leave the layer out' "$in" "max y from=x value=3" \
	"max z from=x value=3" "output z"
zeros one 32
bad_at 1 'more than 16 words' "input x 1 16 $(seq -s ' ' 20)"
printf '\377\377\377\177' >"$tmp/most"
printf '\001' | cat - "$tmp/one" | head -c 32 >"$tmp/plus"
bad_at 2 'column 0 of y may add up to more' "$in" "dense y from=x weights=plus bias=most out=1"

# What the advice for an input that comes out comes to.
printf 'input x 1 16\nshift y from=x by=0\noutput y\n' >"$tmp/copy"
run "$tmp/copy" -o "$tmp/image"
check "a copy of an input" [ "$status" -eq 0 ]
rm -f "$tmp/image"

# The largest bias alone is no trouble, nor are spaces, comments and folders.
mkdir "$tmp/sub"
{
	printf '  input x 1 32 # of it\n\n# nothing\n'
	printf 'dense\ty from=x weights=%s bias=../most out=1 shift=24\noutput y\n' "$tmp/one"
} >"$tmp/sub/model"
run "$tmp/sub/model" -o "$tmp/image"
check "a good one" [ "$status" -eq 0 ]
check "says nothing" [ ! -s "$tmp/err" ]
check "an ELF file" [ "$(head -c 4 "$tmp/image" | tail -c 3)" = ELF ]
check "nothing beside it" [ -z "$(parts)" ]
mode() { stat -c %a "$1"; }
check "with the rights of any file" [ "$(mode "$tmp/image")" = "$(mode "$tmp/w")" ]
cp "$tmp/image" "$tmp/before"
bad_keeps()
{
	run "$tmp/model" -o "$tmp/image"
	[ "$status" -eq 1 ] && cmp -s "$tmp/image" "$tmp/before"
}
check "an old image stays when something is wrong" bad_keeps
rm "$tmp/image"
run "$tmp/sub/model" -o "$tmp/none/image"
check "no such folder" refused "$tmp/none/image: cannot be written: No such file"
run "$tmp/sub/model" -o "$tmp/sub"
check "a folder for the image" refused "$tmp/sub: cannot be written: it is a folder"
run "$tmp/sub/model" -o "$tmp/pipe"
check "a pipe for the image" refused "$tmp/pipe: cannot be written: it is a pipe"
check "stays a pipe" [ -p "$tmp/pipe" ]
ln -s nowhere "$tmp/dangling"
run "$tmp/sub/model" -o "$tmp/dangling"
check "a link to nothing" refused "$tmp/dangling: cannot be written: it is a link to nothing"
ln -s loop "$tmp/loop"
run "$tmp/sub/model" -o "$tmp/loop"
check "links in a loop" refused "$tmp/loop: cannot be written: Too many levels of symbolic links"
ln -s "$(printf '%0300d' 0)" "$tmp/long"
run "$tmp/sub/model" -o "$tmp/long"
check "a link too far" refused "$tmp/long: cannot be written: File name too long"

# What is read is not written, by whatever name.
ln "$tmp/sub/model" "$tmp/hard"
ln -s sub/model "$tmp/soft"
ln -s "$tmp/one" "$tmp/sub/weights"
cp "$tmp/sub/model" "$tmp/sub.copy"
cp "$tmp/one" "$tmp/one.copy"
cp "$tmp/most" "$tmp/most.copy"
for name in sub/model hard soft sub/../sub/model one sub/weights most; do
	run "$tmp/sub/model" -o "$tmp/$name"
	check "$name for the image" refused "$tmp/$name: is the description or a file that it names"
done
check "the description is as it was" cmp -s "$tmp/sub/model" "$tmp/sub.copy"
check "the weights are as they were" cmp -s "$tmp/one" "$tmp/one.copy"
check "the bias is as it was" cmp -s "$tmp/most" "$tmp/most.copy"
check "a link is one still" [ -L "$tmp/soft" ]

# Nor is what is no image. An image stays as secret as the one in its place was.
for text in "int main;" ELF "$(printf '\177')"; do
	printf '%s' "$text" >"$tmp/main.c"
	run "$tmp/sub/model" -o "$tmp/main.c"
	check "no image: $text" refused "$tmp/main.c: is there and is no image: remove it"
	check "which stays: $text" [ "$(cat "$tmp/main.c")" = "$text" ]
done
: >"$tmp/empty"
run "$tmp/sub/model" -o "$tmp/empty"
check "in place of an empty file" cmp -s "$tmp/empty" "$tmp/before"
printf '\177ELF and so on' >"$tmp/secret"
chmod 600 "$tmp/secret"
run "$tmp/sub/model" -o "$tmp/secret"
check "in place of an image" cmp -s "$tmp/secret" "$tmp/before"
check "with its rights" [ "$(mode "$tmp/secret")" = 600 ]
chmod 200 "$tmp/secret"
if [ "$(id -u)" -ne 0 ]; then # who reads all
	run "$tmp/sub/model" -o "$tmp/secret"
	check "what cannot be read" refused "$tmp/secret: is there and cannot be read: Permission"
fi

# Nor is a file with the name of a part of an image; and an image behind a link is replaced there.
cp "$tmp/sub/model" "$tmp/sub/other.part"
run "$tmp/sub/other.part" -o "$tmp/sub/other"
check "beside a description .part" [ "$status" -eq 0 ]
check "which stays" cmp -s "$tmp/sub/other.part" "$tmp/sub.copy"
check "and was packed" cmp -s "$tmp/sub/other" "$tmp/before"
cp "$built" "$tmp/sub/old"
ln -s sub/old "$tmp/link"
run "$tmp/sub/model" -o "$tmp/link"
check "an image behind a link" cmp -s "$tmp/sub/old" "$tmp/before"
check "the link stays" [ -L "$tmp/link" ]

# Many rows, of which each tile is some instructions; and many bytes.
printf 'input x 65536 4096\ndense y from=x weights=big out=5376\noutput y\n' >"$tmp/model"
truncate -s $((4096 * 5376)) "$tmp/big"
run "$tmp/model" -o "$tmp/image"
check "too many instructions" refused "model:2: the program has more than 1048576 instructions"
printf 'input x 65536 16000\nmax y from=x value=1\noutput y\n' >"$tmp/model"
run "$tmp/model" -o "$tmp/image"
check "too many bytes" refused "the image would be refused: .symtab+0x0: symbols have more"

run "$digits/digits.npu" -o "$tmp/digits.elf"
check "digits" cmp -s "$tmp/digits.elf" "$built"

echo "$passed passed, $failed failed, 0 skipped"
[ -z "${ACCELDEV_TEST_SUMMARY:-}" ] || echo "$passed $failed 0" >>"$ACCELDEV_TEST_SUMMARY"
[ $failed -eq 0 ]
