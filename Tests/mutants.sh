#!/usr/bin/env bash
# Plants known errors one at a time in a copy of HEAD; the test that each one names must turn red. Prints one
# line for each; ends with 1 when one stays green. Arguments are names of mutants; none is all of them.
#
# A mutant is Tests/mutants/NAME.patch: a sentence, "Target:", "Test:" (a filter of `swift test`), and a diff.
# The copy and its build stay in .build/mutants, so that a second run builds little.
set -euo pipefail

ROOT="$(cd "$(dirname "$0")/.." && pwd)"
SWIFT="${SWIFT:-swift}"
WORK="${MUTANTS_FOLDER:-$ROOT/.build/mutants}"
TREE="$WORK/tree"
LOGS="$WORK/logs"
PATCHES="$ROOT/Tests/mutants"
# A planted error shows in some of them.
export SIMULATION_SEEDS=200
# Longest for one test, seconds: an error may also make it wait for ever.
PATIENCE=600

fail() {
    echo "$*" >&2
    exit 1
}

# copy_head: the copy as HEAD is; only files that differ are written, for the sake of the build.
copy_head() {
    mkdir -p "$WORK" "$LOGS"
    [ -d "$TREE/.git" ] || git init -q "$TREE"
    git -C "$TREE" fetch -q "$ROOT" HEAD
    git -C "$TREE" checkout -qf --detach FETCH_HEAD
}

field() { sed -n "s/^$2: //p" "$PATCHES/$1.patch" | head -n 1; }

# keep TARGET: makes the copy's manifest build one test target and what that needs.
keep() {
    git -C "$TREE" checkout -q -- Package.swift
    cat >>"$TREE/Package.swift" <<MANIFEST

func needed(_ names: Set<String>, _ targets: [Target]) -> Set<String> {
    let next = targets.filter { names.contains(\$0.name) }.flatMap(\.dependencies).compactMap { dependency in
        if case .byNameItem(let name, _) = dependency { name } else { nil }
    }
    let wider = names.union(next)
    return wider == names ? names : needed(wider, targets)
}
let kept = needed(["$1"], package.targets)
package.targets.removeAll { !kept.contains(\$0.name) }
package.products = []
MANIFEST
}

build() { (cd "$TREE" && "$SWIFT" build --build-tests --scratch-path "$WORK/build") >"$1" 2>&1; }

# test_passes FILTER LOG: 0 when at least one test ran and none failed.
test_passes() {
    local status=0
    (cd "$TREE" && timeout "$PATIENCE" "$SWIFT" test --skip-build --disable-xctest \
        --scratch-path "$WORK/build" --filter "$1") >"$2" 2>&1 || status=$?
    grep -Eq 'Test run (with|started)' "$2" || fail "the tests did not run: $2"
    [ "$status" -ne 0 ] || grep -Eq 'Test run with [1-9]' "$2" || fail "no test is called $1: $2"
    return "$status"
}

line() { printf '%-33s %-75s %s\n' "$1" "$(field "$1" Test)" "$2"; }

# judge NAME: plants it, looks at its test, and takes it out again.
judge() {
    local name="$1" verdict=red
    git -C "$TREE" apply "$PATCHES/$name.patch"
    build "$LOGS/$name.build" || fail "$name does not compile: $LOGS/$name.build"
    if test_passes "$(field "$name" Test)" "$LOGS/$name.test"; then verdict=GREEN; fi
    git -C "$TREE" apply -R "$PATCHES/$name.patch"
    line "$name" "$verdict"
    [ "$verdict" = red ] || GREEN+=("$name")
}

GREEN=()
declare -A SOUND=()
NAMES=("$@")
if [ ${#NAMES[@]} -eq 0 ]; then
    for patch in "$PATCHES"/*.patch; do NAMES+=("$(basename "$patch" .patch)"); done
fi
for name in "${NAMES[@]}"; do [ -f "$PATCHES/$name.patch" ] || fail "there is no mutant $name"; done
copy_head
for name in "${NAMES[@]}"; do
    git -C "$TREE" apply --check "$PATCHES/$name.patch" \
        || fail "$name does not apply any more: make the patch anew"
done

for target in $(for name in "${NAMES[@]}"; do field "$name" Target; done | sort -u); do
    keep "$target"
    build "$LOGS/$target.build" || fail "$target does not build without a mutant: $LOGS/$target.build"
    # All of them first: what a mutant has built stays until the next build.
    for name in "${NAMES[@]}"; do
        [ "$(field "$name" Target)" = "$target" ] || continue
        filter="$(field "$name" Test)"
        [ -z "${SOUND[$filter]:-}" ] || continue
        test_passes "$filter" "$LOGS/$name.sound" \
            || fail "the test of $name fails without the mutant: $LOGS/$name.sound"
        SOUND[$filter]=yes
    done
    for name in "${NAMES[@]}"; do
        [ "$(field "$name" Target)" != "$target" ] || judge "$name"
    done
done
[ ${#GREEN[@]} -eq 0 ] || fail "not noticed by their test: ${GREEN[*]}"
