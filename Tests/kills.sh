# What is killed, when, and what must be true afterwards. Sourced by acceptance.sh.

# in_background COMMAND…: runs it without a word from the shell about its end; its number is in LAST.
BACKGROUND=()
in_background() {
    "$@" >/dev/null 2>&1 &
    LAST=$!
    disown "$LAST"
    BACKGROUND+=("$LAST")
}

wait_for_background() {
    local pid
    for pid in "${BACKGROUND[@]}"; do
        while kill -0 "$pid" 2>/dev/null; do sleep 0.02; done
    done
    BACKGROUND=()
}

# tell WHO TEXT: what the program acknowledged must survive; what it did not may or may not be there.
tell() {
    local status=0
    "$BIN/voordracht" annotate Zeist --body "$2" --visibility organisation --home "$STAGE/$1" &
    echo $! >"$STAGE/$1.telling"
    wait $! || status=$?
    if [ "$status" = 0 ]; then printf '%s\n' "$2" >>"$STAGE/told"; fi
    if [ "$status" = 137 ]; then printf '%s\n' "$2" >>"$STAGE/untold"; fi
}

# all_told: everything acknowledged stands there once on both replicas, and nothing twice.
all_told() {
    sync_all anna bram anna bram
    equal_digests anna bram || fail "after the kills anna and bram differ"
    for who in anna bram; do
        as "$who" list annotation --limit 10000 --json | jq -r '.items[].title' >"$STAGE/titles"
        [ "$(as "$who" status --json | jq '.queued + .held + .tray')" = 0 ] || fail "$who is left with a queue: $(as "$who" status)"
        while IFS= read -r text; do
            [ "$(grep -cF -- "$text" "$STAGE/titles")" = 1 ] || fail "told to be kept, and there $(grep -cF -- "$text" "$STAGE/titles") times: $text"
        done <"$STAGE/told"
        [ -z "$(sort "$STAGE/titles" | uniq -d)" ] || fail "twice: $(sort "$STAGE/titles" | uniq -d | head -n 3)"
    done
    server verify >/dev/null || fail "the server's log is not sound after the kills"
}

# dies_at NUMBER COMMAND…: runs it, killed just before its write or sync to disk of that number; 1 when it was
# through before. Which calls it died at stands in the file "deaths".
dies_at() {
    local number="$1" status=0
    shift
    [ "$number" -le 500 ] || fail "more than 500 writes to disk by: $*"
    if [ ! -e "$STAGE/dies.so" ]; then clang -O1 -shared -fPIC -o "$STAGE/dies.so" "$ROOT/Tests/dies.c" -ldl; fi
    # In braces, so that the shell's own word about a kill goes the same way.
    {
        DIES_AT="$number" DIES_NOTE="$STAGE/deaths" LD_PRELOAD="$STAGE/dies.so" "$@" || status=$?
    } >"$STAGE/dying" 2>&1
    [ "$status" = 0 ] && return 1
    [ "$status" = 137 ] || fail "killed at write $number it ended with $status: $(cat "$STAGE/dying")"
}

# deaths CALL: how often a program died at that call.
deaths() { grep -cx "$1" "$STAGE/deaths" || true; }

# Kills the program at each of its writes to disk while it records, one after the other.
kills_while_recording() {
    local at=1
    : >"$STAGE/told"
    : >"$STAGE/deaths"
    words 1
    while dies_at "$at" "$BIN/voordracht" annotate Zeist --body "$TEXT" --visibility organisation --home "$STAGE/anna"; do
        as anna status >/dev/null || fail "the replica does not open after a kill at write $at"
        at=$((at + 1))
        words 1
    done
    printf '%s\n' "$TEXT" >>"$STAGE/told"
    # Opening syncs as well: the last sync is the one of the commit.
    [ "$(deaths fdatasync)" -ge 2 ] && [ "$(deaths pwrite64)" -ge 10 ] || fail "an edit makes too few writes: $(sort "$STAGE/deaths" | uniq -c)"
    all_told
    step "$((at - 1)) kills, at each write ($(deaths pwrite64)) and sync ($(deaths fdatasync)) to disk of an edit: the replica opens, nothing told is lost, nothing stands there twice."
}

# Kills the program at each of its writes to disk while it enrols; the same link goes on until there is a replica.
# What dies after that is its first exchange.
kills_while_enrolling() {
    local at=1 link
    : >"$STAGE/deaths"
    link="$(server invite --name dora --role workgroup --json | json .link)"
    while dies_at "$at" "$BIN/voordracht" enrol "$link" --device "laptop of dora" --home "$STAGE/dora"; do
        at=$((at + 1))
        if as dora status >/dev/null 2>&1; then break; fi
    done
    [ "$(deaths fsync)" -ge 2 ] && [ "$(deaths fdatasync)" -ge 1 ] || fail "an enrolment makes too few syncs: $(sort "$STAGE/deaths" | uniq -c)"
    sync_all dora
    [ "$(server devices --json | jq '[.. | objects | select(.name? == "laptop of dora")] | length')" = 1 ] \
        || fail "enrolled with kills, dora has not exactly one device"
    step "$(wc -l <"$STAGE/deaths") kills, at each write and sync to disk of an enrolment: the same link goes on, to one device that works."
}

# Kills server and clients, those that exchange and those that record, at random moments of traffic; afterwards
# all is there, once. P-015, P-030, P-041.
kills() {
    local kills="${KILLS:-100}" index who victim
    : >"$STAGE/told"
    : >"$STAGE/untold"
    for ((index = 1; index <= kills; index++)); do
        for who in anna bram; do
            rm -f "$STAGE/$who.telling"
            words 1
            in_background tell "$who" "$TEXT"
        done
        victim=""
        for who in anna bram; do
            in_background "$BIN/voordracht" sync --home "$STAGE/$who"
            if [ -z "$victim" ] || ((RANDOM % 2)); then victim="$LAST"; fi
        done
        case $((index % 3)) in
            0)
                sleep "0.$(printf '%03d' $((RANDOM % 400)))"
                kill_server
                start_server
                ;;
            1)
                sleep "0.$(printf '%03d' $((RANDOM % 400)))"
                kill -KILL "$victim" 2>/dev/null || true
                ;;
            2)
                sleep "0.$(printf '%03d' $((RANDOM % 150)))"
                for who in anna bram; do
                    [ ! -s "$STAGE/$who.telling" ] || kill -KILL "$(cat "$STAGE/$who.telling")" 2>/dev/null || true
                done
                ;;
        esac
    done
    wait_for_background
    [ "$kills" -lt 30 ] || [ -s "$STAGE/untold" ] || fail "no edit was killed in $kills rounds"
    all_told
    step "$kills rounds of kills of server, exchanges and edits ($(wc -l <"$STAGE/untold") edits died): nothing lost ($(wc -l <"$STAGE/told") texts), nothing twice, equal digests."
}

