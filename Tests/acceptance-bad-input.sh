#!/usr/bin/env bash
# What people get wrong, and what machines do to them: each row is one thing that cannot be done, told in
# one clear line with a remedy, in both languages and as JSON, and nothing is lost by it.

. "$(dirname "$0")/stage.sh"
. "$ROOT/Tests/bad-input/rows.sh"

set_up
for part in names links network folders databases texts bundles processes late clocks; do
    # shellcheck source=/dev/null
    . "$ROOT/Tests/bad-input/$part.sh"
    "rows_of_$part"
    intact anna
done
stop_server

# A small disk of its own, in a namespace that nobody else sees.
privately=(unshare --mount --propagation private)
[ "$(id -u)" -eq 0 ] || privately+=(--user --map-root-user)
STEP="$STEP" "${privately[@]}" "$ROOT/Tests/bad-input/disks.sh"
echo "acceptance of bad input: passed"
