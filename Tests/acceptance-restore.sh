#!/usr/bin/env bash
# The drill: a server is backed up while it runs, goes on, is lost with its machine, and is restored on an empty one.
# Its old devices go on without a new enrolment, and nothing that anybody made is lost.

. "$(dirname "$0")/stage.sh"

export VOORDRACHT_PASSPHRASE="paard batterij nietje correct"

# fails CODE COMMAND…: ends with 1 and this code, in one line of two languages.
fails() {
    local code="$1" language
    shift
    for language in en nl; do
        if "$@" --language "$language" >/dev/null 2>"$STAGE/err.$language"; then fail "$* did not fail"; fi
        [ "$(grep -c . "$STAGE/err.$language")" = 1 ] || fail "$* says $(cat "$STAGE/err.$language")"
    done
    cmp -s "$STAGE/err.en" "$STAGE/err.nl" && fail "$code is told in one language: $(cat "$STAGE/err.en")"
    "$@" --json >/dev/null 2>"$STAGE/err" && fail "$* did not fail"
    [ "$(json .error.code <"$STAGE/err")" = "$code" ] || fail "$* gives $(cat "$STAGE/err"), not $code"
}

restored() { "$BIN/voordracht-server" restore "$STAGE/backup" --data "$1" "${@:2}"; }

set_up() {
    found_association
    sync_all anna bram
    as anna nominate Zeist --motivation "Een open huis in de wijk." >/dev/null
    sync_all anna bram
    # Each sees what the other chose, and chooses otherwise: no conflict, also for who looks at it much later.
    as anna set Zeist relation client >/dev/null
    sync_all anna bram
    as bram set Zeist relation subsidy >/dev/null
    sync_all bram anna
}

back_up() {
    server backup "$STAGE/backup" --json >"$STAGE/told"
    [ "$(stat -c %a "$STAGE/backup")" = 600 ] || fail "everybody may read the backup"
    grep -aq "Een open huis" "$STAGE/backup" && fail "the backup is not encrypted"
    ls -A "$STAGE/server" | grep -q snapshot && fail "a copy of the database stays behind"
    fails file.taken server backup "$STAGE/backup"
    VOORDRACHT_PASSPHRASE=kort fails backup.short server backup "$STAGE/other"
}

# What comes after the backup: by both, synced, and by anna alone, not synced.
go_on() {
    as anna example Zeist --title Buurtkamer --description "Samen eten." >/dev/null
    sync_all anna bram
    as bram set Zeist relation partner >/dev/null
    as bram example Zeist --title Moestuin --description "Samen tuinieren." >/dev/null
    sync_all bram anna
    as anna text Zeist motivation --file - <<<"Een open huis in elke wijk." >/dev/null
    equal_digests anna bram || fail "the digests differ before"
    as bram review Zeist --json | jq -S '[.. | .title? // empty] | sort' >"$STAGE/before"
}

lose() {
    kill_server
    mkdir "$STAGE/elsewhere"
    mv "$STAGE/server" "$STAGE/elsewhere/lost"
    rm -r "$STAGE/elsewhere/lost"
}

refuse() {
    VOORDRACHT_PASSPHRASE="een heel andere zin" fails backup.passphrase restored "$STAGE/server"
    head -c -1 "$STAGE/backup" >"$STAGE/short"
    fails backup.altered "$BIN/voordracht-server" restore "$STAGE/short" --data "$STAGE/server"
    head -c 65622 "$STAGE/backup" >"$STAGE/cut"
    fails backup.altered "$BIN/voordracht-server" restore "$STAGE/cut" --data "$STAGE/server"
    fails backup.malformed "$BIN/voordracht-server" restore "$STAGE/init" --data "$STAGE/server"
    [ ! -e "$STAGE/server" ] || fail "a restore that failed leaves $(ls -A "$STAGE/server")"
    mkdir "$STAGE/full" && touch "$STAGE/full/something"
    fails folder.taken restored "$STAGE/full"
}

restore() {
    restored "$STAGE/server" --json >"$STAGE/told"
    json .epoch <"$STAGE/told" >/dev/null || fail "no epoch: $(cat "$STAGE/told")"
    server verify >/dev/null || fail "the restored server is not sound: $(server verify || true)"
    start_server
    # Both without a new enrolment, in this order: bram's edits and then anna's, and what each lacks.
    sync_all bram anna bram anna
    equal_digests anna bram || fail "the digests differ after the restore"
    for who in anna bram; do
        as "$who" status --json >"$STAGE/status"
        jq -e '.queued == 0 and .tray == 0 and (.warnings // [] | length) == 0' "$STAGE/status" >/dev/null \
            || fail "$who: $(cat "$STAGE/status")"
        as "$who" review Zeist --json | jq -S '[.. | .title? // empty] | sort' >"$STAGE/after"
        cmp -s "$STAGE/before" "$STAGE/after" || fail "$who: $(diff "$STAGE/before" "$STAGE/after")"
        as "$who" show Zeist --json | jq -e '.fields.relation.value == "partner"' >/dev/null || fail "relation is gone"
        as "$who" show Zeist --json | jq -e '.fields.motivation.value == "Een open huis in elke wijk.\n"' >/dev/null \
            || fail "the motivation is $(as "$who" show Zeist --json | jq -c .fields.motivation)"
    done
    as anna submit Zeist >/dev/null
    sync_all anna
    as anna receipt Zeist --output "$STAGE/receipt.json" >/dev/null
    as anna verify-receipt "$STAGE/receipt.json" >/dev/null || fail "a receipt of the new epoch is no proof"
    server verify --receipt "$STAGE/receipt.json" >/dev/null || fail "the server is not sound: $(server verify || true)"
}

# A device that begins after the restore reads the same in what was done before it.
begin() {
    local link
    link="$(server invite --for "$(as anna whoami --json | json .person)" --json | json .link)"
    as later enrol "$link" --device later >/dev/null
    sync_all later anna later
    equal_digests anna later || fail "a device that began after the restore has other digests"
    [ "$(as later conflicts --json | jq '.conflicts | length')" = "$(as anna conflicts --json | jq '.conflicts | length')" ] \
        || fail "a device that began after the restore has other conflicts: $(as later conflicts --json)"
}

set_up
step "Anna and Bram work at one nomination."
back_up
step "A backup is made while the server runs; nobody reads it without its passphrase."
go_on
step "They go on after it."
lose
refuse
step "The machine is lost; a wrong passphrase, a backup that was cut off and a full folder restore nothing."
restore
step "Restored in an empty folder: both sync without a new enrolment, nothing is lost, and verify finds it sound."
begin
step "A device that is enrolled now comes to the same result."
stop_server
echo "restore: passed"
