#!/usr/bin/env bash
# Feeds decoders what libFuzzer invents, with the address sanitizer:
#
#     Tests/fuzz.sh build               compiles the fuzzer into .build/fuzz
#     Tests/fuzz.sh run TARGET SECONDS  one target; all for every target, two at a time
#     Tests/fuzz.sh merge TARGET        shrinks what was found into Tests/Fuzzing/corpus/TARGET
#
# An input that breaks a promise, takes more than a minute, sets 64 MB aside at once or 1 GB in all ends the
# run with 1 and stays in .build/fuzz/crashes; mended, it belongs into Tests/Fuzzing/crashers/TARGET.
# What is found stays in .build/fuzz/found/TARGET, and later runs begin with it.
set -euo pipefail

ROOT="$(cd "$(dirname "$0")/.." && pwd)"
WORK="${FUZZ_FOLDER:-$ROOT/.build/fuzz}"
SWIFTC="${SWIFTC:-swiftc}"
KEPT="$ROOT/Tests/Fuzzing"
TARGETS=(change frame stream bundle text history fold certificate request link submission)

export SWIFT_BACKTRACE=enable=no
export ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1:malloc_context_size=4:quarantine_size_mb=16

FLAGS=(-O -swift-version 6 -parse-as-library -sanitize=fuzzer,address -package-name voordracht
    -enable-upcoming-feature ExistentialAny -enable-upcoming-feature InternalImportsByDefault
    -enable-upcoming-feature MemberImportVisibility
    -enable-upcoming-feature NonisolatedNonsendingByDefault)

fail() {
    echo "$*" >&2
    exit 1
}

# module FOLDER: compiles a target of the package as a module of its own, unless nothing of it is newer.
module() {
    local name="${1##*/}" sources
    mapfile -t sources < <(find "$ROOT/$1" -name '*.swift' | sort)
    [ ! -f "$WORK/$name.o" ] || [ -n "$(find "$ROOT/$1" -newer "$WORK/$name.o")" ] || [ -n "$STALE" ] || return 0
    STALE=yes
    echo "compiling $name" >&2
    "$SWIFTC" "${FLAGS[@]}" -wmo -module-name "$name" -emit-module -emit-module-path "$WORK/$name.swiftmodule" \
        -I "$WORK" -I "$ROOT/Sources/COpenSSL" -I "$ROOT/Sources/CDeflate" -c -o "$WORK/$name.o" "${sources[@]}"
}

build() {
    mkdir -p "$WORK"
    STALE=
    local folder objects=() sources
    for folder in Sources/{TextCRDT,ChangeLog,TransparencyLog,Merging,MunicipalRegister,Cryptography,Nominations} \
        Protocol/SyncProtocol; do
        module "$folder"
        objects+=("$WORK/${folder##*/}.o")
    done
    [ -n "$STALE" ] || [ ! -x "$WORK/fuzzer" ] || [ -n "$(find "$KEPT" -name '*.swift' -newer "$WORK/fuzzer")" ] || return 0
    mapfile -t sources < <(find "$KEPT" -name '*.swift' ! -name 'ReplayTests.swift' | sort)
    echo "compiling the targets" >&2
    "$SWIFTC" "${FLAGS[@]}" -wmo -module-name Fuzzing -I "$WORK" -I "$ROOT/Sources/COpenSSL" -I "$ROOT/Sources/CDeflate" \
        -use-ld=lld -o "$WORK/fuzzer" "${sources[@]}" "${objects[@]}"
}

# Longest input of a target, bytes.
longest() {
    case "$1" in
    text | history | fold) echo 1024 ;;
    link) echo 512 ;;
    *) echo 8192 ;;
    esac
}

run() {
    local target="$1" seconds="$2" log="$WORK/$1.log"
    printf '%s\n' "${TARGETS[@]}" | grep -qx "$target" || fail "no target is called $target: ${TARGETS[*]}"
    mkdir -p "$WORK/found/$target" "$WORK/crashes" "$KEPT/corpus/$target"
    if ! FUZZ_TARGET="$target" "$WORK/fuzzer" "$WORK/found/$target" "$KEPT/corpus/$target" \
        -max_total_time="$seconds" -max_len="$(longest "$target")" -timeout=60 -rss_limit_mb=1024 \
        -malloc_limit_mb=64 -artifact_prefix="$WORK/crashes/$target-" -print_final_stats=1 >"$log" 2>&1; then
        tail -n 30 "$log" >&2
        fail "$target: broken; see $log"
    fi
    echo "$target: $(sed -n 's/^Done \([0-9]* runs in [0-9]* second.*\)/\1/p' "$log"), $(
        grep -Eo 'cov: [0-9]+' "$log" | tail -n 1), $(
        sed -n 's/^stat::average_exec_per_sec: *//p' "$log") per second"
}

merge() {
    local target="$1" fresh
    fresh="$(mktemp -d)"
    FUZZ_TARGET="$target" "$WORK/fuzzer" -set_cover_merge=1 -use_counters=0 "$fresh" "$KEPT/corpus/$target" "$WORK/found/$target" \
        -max_len="$(longest "$target")" -timeout=60 >"$WORK/$target.merge.log" 2>&1
    rm -rf "${KEPT:?}/corpus/$target"
    mv "$fresh" "$KEPT/corpus/$target"
    chmod 755 "$KEPT/corpus/$target"
    echo "$target: $(find "$KEPT/corpus/$target" -type f | wc -l) inputs, $(
        find "$KEPT/corpus/$target" -type f -printf '%s\n' | awk '{ n += $1 } END { print n + 0 }') bytes"
}

case "${1:-}" in
build) build ;;
run)
    [ $# -eq 3 ] || fail "usage: Tests/fuzz.sh run TARGET|all SECONDS"
    build
    if [ "$2" = all ]; then
        export -f run longest fail
        printf '%s\n' "${TARGETS[@]}" | xargs -P 2 -I {} "$0" one {} "$3"
    else
        run "$2" "$3"
    fi
    ;;
one) run "$2" "$3" ;;
merge)
    [ $# -eq 2 ] || fail "usage: Tests/fuzz.sh merge TARGET"
    build
    merge "$2"
    ;;
*) fail "usage: Tests/fuzz.sh build | run TARGET|all SECONDS | merge TARGET" ;;
esac
