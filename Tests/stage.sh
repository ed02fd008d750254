# Sets the stage for a story told through the two programs: folders, a server on a free loopback port,
# people with a replica each. Sourced, never run.

set -euo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
BIN="${VOORDRACHT_BIN:-$ROOT/.build/debug}"
STAGE="$(mktemp -d "${TMPDIR:-/tmp}/voordracht.XXXXXX")"
SERVER_PID=""
export LC_ALL=C.UTF-8 LANG=C.UTF-8 SWIFT_BACKTRACE=enable=no

step() { printf '%2d  %s\n' "$((STEP = ${STEP:-0} + 1))" "$*"; }
fail() {
    printf 'FAILED: %s\n' "$*" >&2
    [ -s "$STAGE/server.log" ] && { echo "--- the server's last words:" >&2; tail -n 20 "$STAGE/server.log" >&2; }
    exit 1
}

server() { "$BIN/voordracht-server" "$@" --data "$STAGE/server"; }

# start_server: at the port of the first start, a free one then.
start_server() {
    local listen="127.0.0.1:${PORT:-0}"
    : >"$STAGE/listening"
    "$BIN/voordracht-server" serve --listen "$listen" --data "$STAGE/server" \
        >"$STAGE/listening" 2>>"$STAGE/server.log" &
    SERVER_PID=$!
    # The shell is not to say a word when it is killed.
    disown "$SERVER_PID"
    for _ in $(seq 1 300); do
        PORT="$(sed -n 's|^listening on https://.*:\([0-9]*\)$|\1|p' "$STAGE/listening")"
        [ -n "$PORT" ] && return 0
        kill -0 "$SERVER_PID" 2>/dev/null || fail "the server did not start"
        sleep 0.1
    done
    fail "the server was not ready within 30 seconds"
}

# end_server SIGNAL: and waits until it is gone.
end_server() {
    [ -n "$SERVER_PID" ] || return 0
    kill "-$1" "$SERVER_PID" 2>/dev/null || true
    while kill -0 "$SERVER_PID" 2>/dev/null; do sleep 0.02; done
    SERVER_PID=""
}

stop_server() { end_server TERM; }
kill_server() { end_server KILL; }

# as NAME ARGUMENTS…: the program on that person's replica.
as() {
    local who="$1"
    shift
    "$BIN/voordracht" "$@" --home "$STAGE/$who"
}

# json FILTER: one value out of a document on standard input.
json() { jq -er "$1"; }

# invite LINK-NAME ARGUMENTS…: enrols a person of that name with a replica of their own.
enrol() {
    local who="$1"
    shift
    local link
    link="$(server invite --name "$who" "$@" --json | json .link)" || fail "no invitation for $who"
    as "$who" enrol "$link" --device "laptop of $who" >/dev/null || fail "$who could not enrol"
}

# A running server of an association with one member organisation, an edition that is open, and the devices
# secretariat, anna and bram.
found_association() {
    server init --association "Sociaal Werk Nederland" >"$STAGE/init" 2>&1
    printf 'name,kvk\nWelzijn Een,90000001\n' >"$STAGE/members.csv"
    server organisation import "$STAGE/members.csv" >/dev/null
    start_server
    enrol secretariat --role secretariat
    as secretariat edition create 2017 --name "Gouden Sociale Gemeenten" --reference-date 2017-01-01 >/dev/null
    as secretariat edition open 2017 >/dev/null
    sync_all secretariat
    enrol anna --organisation 90000001 --role member contact
    enrol bram --organisation 90000001 --role member
}

# sync_all NAME…: one exchange each, in this order; each must be complete.
sync_all() {
    local who
    for who in "$@"; do
        as "$who" sync --json >"$STAGE/$who.sync.json" || fail "$who could not sync: $(cat "$STAGE/$who.sync.json")"
    done
}

# record_of NAME KIND TITLE: the id of the record with that title on that person's replica.
record_of() {
    as "$1" list "$2" --limit 1000 --json | jq -er --arg title "$3" '.items[] | select(.title == $title) | .record' \
        | head -n 1
}

# equal_digests NAME NAME: every audience that both hold has one digest.
equal_digests() {
    as "$1" digest --json >"$STAGE/first.json"
    as "$2" digest --json >"$STAGE/second.json"
    jq -e -n --slurpfile a "$STAGE/first.json" --slurpfile b "$STAGE/second.json" '
        ($a[0].audiences | map({(.id): .digest}) | add) as $x
        | ($b[0].audiences | map({(.id): .digest}) | add) as $y
        | [$x | keys[] | select($y[.] != null)] as $shared
        | ($a[0].cursor == $b[0].cursor) and ($shared | length > 0) and all($shared[]; $x[.] == $y[.])' >/dev/null
}

leave() {
    local status=$?
    stop_server
    if [ "$status" -eq 0 ] && [ "${KEEP_STAGE:-0}" != 1 ]; then
        rm -rf "$STAGE"
    else
        echo "everything is left in $STAGE" >&2
    fi
    exit "$status"
}
trap leave EXIT
trap 'exit 130' INT TERM
