#!/usr/bin/env bash
# Torments the real programs from outside, and looks whether anything that was told to be kept is lost, stands
# there twice or is stuck. It builds nothing: `swift build` first, or VOORDRACHT_BIN names a folder of programs.
#
#   Tests/torture.sh kill [ROUNDS]      kills of server and clients while they work (500 rounds)
#   Tests/torture.sh faults [CALLS]     writes and syncs to disk that fail (25 of each call of a command)
#   Tests/torture.sh network [ROUNDS]   connections that break, clocks that are wrong (200 rounds); needs faketime
#   Tests/torture.sh power [IMAGES]     disks as a power cut leaves them (400 of the server and of a client)
#
# The seed is printed; SEED=n repeats the choices of a run, not its ids and moments. Exit status 0: all is well.
# What a failed run leaves behind is named; KEEP=1 keeps it always.
set -euo pipefail

ROOT="$(cd "$(dirname "$0")/.." && pwd)"
BIN="${VOORDRACHT_BIN:-$ROOT/.build/debug}"
SEED="${SEED:-$(od -An -N3 -tu4 /dev/urandom | tr -d ' ')}"

usage() {
    sed -n '2,/^set /{ /^#/s/^# \{0,1\}//p }' "$0" >&2
    exit 2
}

mode="${1:-}"
case "$mode" in
    kill) count="${2:-500}" ;;
    faults) count="${2:-25}" ;;
    network)
        count="${2:-200}"
        command -v faketime >/dev/null || { echo "faketime is not there: apt-get install faketime" >&2; exit 1; }
        ;;
    power) count="${2:-400}" ;;
    *) usage ;;
esac
[ $# -le 2 ] && [[ "$count" =~ ^[0-9]+$ ]] && [[ "$SEED" =~ ^[0-9]+$ ]] || usage
for program in "$BIN/voordracht" "$BIN/voordracht-server"; do
    [ -x "$program" ] || { echo "$program is not there: build first" >&2; exit 1; }
done

WORK="$(mktemp -d "${TMPDIR:-/tmp}/voordracht-torture.XXXXXX")"
CHILD=""
leave() {
    local status=$?
    trap - EXIT
    if [ -n "$CHILD" ]; then
        kill -TERM "$CHILD" 2>/dev/null || true
        wait "$CHILD" 2>/dev/null || true
    fi
    if [ "${KEEP:-0}" = 1 ] || [ "$status" -eq 1 ]; then
        echo "everything is left in $WORK" >&2
    else
        rm -rf "$WORK"
    fi
    exit "$status"
}
trap leave EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

echo "torture $mode: seed $SEED"
PYTHONPATH="$ROOT/Tests" PYTHONDONTWRITEBYTECODE=1 python3 -m torture "$mode" "$WORK" "$BIN" "$SEED" "$count" &
CHILD=$!
status=0
wait "$CHILD" || status=$?
CHILD=""
exit "$status"
