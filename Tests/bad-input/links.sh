# Links that do not work. Sourced.

# forged LINK POSITION: with one bit of that byte turned over.
forged() {
    local code="${1##*/}" hex byte
    hex="$(printf '%s' "$code===" | tr '_-' '/+' | head -c $(((${#code} + 3) / 4 * 4)) | base64 -d | xxd -p -c 0)"
    byte="$(printf '%02x' $((0x${hex:$2 * 2:2} ^ 1)))"
    hex="${hex:0:$2 * 2}$byte${hex:$2 * 2 + 2}"
    printf 'voordracht://enrol/%s' "$(printf '%s' "$hex" | xxd -r -p | base64 -w0 | tr '/+' '_-' | tr -d '=')"
}

# led_to LINK ADDRESS: the same invitation at another address.
led_to() {
    local code="${1##*/}" hex
    hex="$(printf '%s' "$code===" | tr '_-' '/+' | head -c $(((${#code} + 3) / 4 * 4)) | base64 -d | head -c 49 | xxd -p -c 0)"
    hex+="$(printf '%02x' "${#2}")$(printf '%s' "$2" | xxd -p -c 0)"
    printf 'voordracht://enrol/%s' "$(printf '%s' "$hex" | xxd -r -p | base64 -w0 | tr '/+' '_-' | tr -d '=')"
}

rows_of_links() {
    local good late
    good="$(link --name kees)"
    late="$(link --name laat --valid 1)"
    refused "A link that is none" 1 link.malformed as kees enrol https://sync.example.nl/
    refused "A link that was cut off" 1 link.malformed as kees enrol "${good%??????}"
    refused "A link with a wrong secret" 1 enrolment.unknown as kees enrol "$(forged "$good" 5)"
    refused "A link with another fingerprint" 1 server.untrusted as kees enrol "$(forged "$good" 20)"
    # After all that the right link still works.
    as kees enrol "$good" >/dev/null || fail "the right link does not work after the wrong ones"
    refused "A link that was used" 1 enrolment.used as piet enrol "$good"
    refused "A folder that is a device already" 1 replica.exists as kees enrol "$(link --name kees2)"
    [ "$(as kees whoami --json | json .name)" = kees ] || fail "kees is not kees any more"

    stop_server
    faked_server "+2d"
    refused "A link that has expired" 1 enrolment.expired as laat enrol "$late"
    stop_server
    start_server
}

# faked_server OFFSET: serves by a clock that is off by that.
faked_server() {
    local wrapper child
    : >"$STAGE/listening"
    at_clock "$1" "$BIN/voordracht-server" serve --listen "127.0.0.1:$PORT" --data "$STAGE/server" \
        >"$STAGE/listening" 2>>"$STAGE/server.log" &
    wrapper=$!
    disown "$wrapper"
    wait_for "listening" "$STAGE/listening"
    # A shell and faketime itself stand between us and the server.
    SERVER_PID="$wrapper"
    while child="$(tr -d ' ' <"/proc/$SERVER_PID/task/$SERVER_PID/children")" && [ -n "$child" ]; do
        SERVER_PID="$child"
    done
}

# wait_for TEXT FILE: until the text stands there.
wait_for() {
    for _ in $(seq 1 300); do
        grep -q -- "$1" "$2" && return 0
        sleep 0.1
    done
    fail "“$1” did not come within 30 seconds: $(cat "$2")"
}
