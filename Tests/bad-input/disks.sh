#!/usr/bin/env bash
# Disks that are full, on either side: run by acceptance-bad-input.sh where it may mount a disk of its own.

. "$(dirname "$0")/../stage.sh"
. "$ROOT/Tests/bad-input/rows.sh"

DISK="$STAGE/disk"
# Nothing is left, not a page.
fill() { dd if=/dev/zero of="$DISK/filler" bs=4096 status=none 2>/dev/null || true; }
make_room() { rm "$DISK/filler"; }
# move NAME: that folder stands on the small disk from now on.
move() {
    cp -a "$STAGE/$1" "$DISK/$1"
    rm -rf "${STAGE:?}/$1"
    ln -s "$DISK/$1" "$STAGE/$1"
}
long_text() { head -c "$1" /dev/zero | tr '\0' x; }

set_up
stop_server
mkdir "$DISK"
mount -t tmpfs -o size=4m voordracht "$DISK"
LONG="$(long_text 90000)"

full_replica() {
    move anna
    as anna annotate "$ZEIST" --body "vóór de volle schijf" --visibility organisation >/dev/null
    fill
    refused "A full disk under a replica" 1 replica.diskFull as anna set "$ZEIST" title "$LONG"
    make_room
    [ "$(as anna list annotation --json | json '.items[0].title')" = "vóór de volle schijf" ] || fail "an edit that was told to be kept is gone"
    [ "$(as anna show "$ZEIST" --json | jq -r '.fields.title.value')" != "$LONG" ] || fail "what was refused was recorded"
    as anna set "$ZEIST" title "weer ruimte" >/dev/null || fail "no edit once there is room"
    # A disk that fills up while the replica is at work.
    local index kept=0
    dd if=/dev/zero of="$DISK/filler" bs=4096 count=$(($(df --output=avail -k "$DISK" | tail -n 1) / 4 - 250)) status=none
    for index in $(seq 1 40); do
        as anna annotate "$ZEIST" --body "$index $LONG" --visibility organisation >/dev/null 2>"$STAGE/err" || break
        kept="$index"
    done
    [ "$kept" -gt 0 ] && [ "$kept" -lt 40 ] || fail "the disk did not fill up at work, but at $kept"
    make_room
    [ "$(as anna list annotation --limit 100 --json | jq '.items | length')" = $((kept + 1)) ] || fail "of $kept edits that were taken, not all are kept"
    step "$kept edits until the disk was full: all kept, and it goes on once there is room."
    refused_enrolment
    start_server
    sync_all anna bram
    stop_server
}

refused_enrolment() {
    local invitation
    start_server
    invitation="$(link --name lot)"
    mkdir "$DISK/lot"
    ln -s "$DISK/lot" "$STAGE/lot"
    fill
    refused "A full disk under an enrolment" 1 replica.diskFull as lot enrol "$invitation"
    make_room
    as lot enrol "$invitation" >/dev/null || fail "no enrolment with the same link once there is room"
    stop_server
    rm -rf "$DISK/lot" "$STAGE/lot"
}

full_server() {
    local typed="bij een volle server" news="nieuws van het secretariaat"
    rm -rf "${DISK:?}"/* "$STAGE/anna"
    mount -o remount,size=32m "$DISK"
    move server
    start_server
    sync_all bram
    as bram set "$ZEIST" title "$typed" >/dev/null
    as bram annotate "$ZEIST" --body "$LONG" --visibility organisation >/dev/null
    sync_all secretariat
    as secretariat criterion add "$news" --edition 2017 >/dev/null
    sync_all secretariat
    fill
    refused "A full disk under the server, at the push of a sync" 1 server.diskFull as bram sync
    record_of bram criterion "$news" >/dev/null || fail "a full disk under the server kept a device from reading"
    [ "$(as bram status --json | json .queued)" = 2 ] || fail "the queue did not stay: $(as bram status)"
    unready
    refused "A full disk under the server, at its desk" 1 server.diskFull server organisation add "$LONG"
    server verify >/dev/null || fail "the server's log is not sound on a full disk"
    make_room
    ready
    fill
    unready
    kill_server
    make_room
    start_server
    sync_all bram
    [ "$(as bram status --json | json .queued)" = 0 ] || fail "the queue was not sent once there was room"
    enrol carla --organisation 90000001 --role member
    [ "$(as carla show "$ZEIST" --json | jq -r .fields.title.value)" = "$typed" ] || fail "what waited did not come through"
    narrow_server
    server verify >/dev/null || fail "the server's log is not sound after a full disk"
    stop_server
    fill
    refused "A full disk where a server would be made" 1 folder.diskFull \
        timeout 60 "$BIN/voordracht-server" init --data "$DISK/new"
    make_room
    step "Killed and started again, the server has all that it acknowledged, and takes what waited."
}

# A push that is larger than what is left: refused for that reason, and small ones go on.
narrow_server() {
    local index
    for index in $(seq 1 30); do
        as bram annotate "$ZEIST" --body "$index $LONG" --visibility organisation >/dev/null
    done
    dd if=/dev/zero of="$DISK/filler" bs=4096 count=$(($(df --output=avail -k "$DISK" | tail -n 1) / 4 - 400)) status=none
    refused "A push for which the disk of the server is too full" 1 server.diskFull as bram sync
    unready
    make_room
    sync_all bram
    [ "$(as bram status --json | json .queued)" = 0 ] || fail "a large push was not sent once there was room"
}

# Whoever watches the server sees that it keeps nothing now, and why.
readiness() {
    curl --silent --insecure --output "$STAGE/ready.json" --write-out '%{http_code}' "https://127.0.0.1:$PORT/readyz"
}
unready() {
    [ "$(readiness)" = 503 ] || fail "ready on a full disk: $(cat "$STAGE/ready.json")"
    jq -e '.error | .code == "server.diskFull" and .where == "/readyz" and .message != "" and .remedy != ""' \
        "$STAGE/ready.json" >/dev/null || fail "no document of the contract: $(cat "$STAGE/ready.json")"
    step "Not ready on a full disk: $(jq -r .error.message "$STAGE/ready.json")"
}
ready() { [ "$(readiness)" = 200 ] || fail "not ready with room on the disk: $(cat "$STAGE/ready.json")"; }

full_replica
full_server
umount "$DISK"
