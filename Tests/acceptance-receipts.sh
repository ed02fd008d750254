#!/usr/bin/env bash
# Receipts, and a server that is put back or goes another way: what both programs and a verifier in Python make of
# them (P-085, P-086, P-087). Each byte of a receipt that is changed at random must make it worthless; the seed is printed, SEED=n repeats it.

. "$(dirname "$0")/stage.sh"

SEED="${SEED:-$(od -An -N3 -tu4 /dev/urandom | tr -d ' ')}"
echo "receipts: seed $SEED"
export PYTHONPATH="$ROOT/Tests/PythonClient" PYTHONDONTWRITEBYTECODE=1

# fails CODE COMMAND…: ends with 1 and this code, in English, in Dutch and as JSON.
fails() {
    local code="$1" language words
    shift
    for language in en nl; do
        if "$@" --language "$language" >"$STAGE/out" 2>"$STAGE/err"; then fail "$* did not fail"; fi
        words="$(grep -c . "$STAGE/err" || true)"
        [ "$words" = 1 ] || fail "$* says $words lines: $(cat "$STAGE/err")"
        cp "$STAGE/err" "$STAGE/err.$language"
    done
    cmp -s "$STAGE/err.en" "$STAGE/err.nl" && fail "$code is told in one language: $(cat "$STAGE/err.en")"
    "$@" --json >/dev/null 2>"$STAGE/err" && fail "$* did not fail"
    [ "$(json .error.code <"$STAGE/err")" = "$code" ] || fail "$* gives $(cat "$STAGE/err"), not $code"
}

python_verifies() { python3 -m verify_receipt "$@"; }

# Both verifiers refuse what was changed; a hexadecimal digit of the proof, or a number.
tampered() {
    python3 - "$1" "$STAGE/tampered.json" "$SEED" "$2" <<'PYTHON'
import json, random, sys
source, target, seed, turn = sys.argv[1:]
dice = random.Random(f"{seed} {turn}")
receipt = json.load(open(source))
places = [("change",), ("previous",), ("server",), ("author", "key"), ("author", "signature"), ("leaf", "index"),
          ("leaf", "received"), ("leaf", "position"), ("head", "epoch"), ("head", "size"), ("head", "root"),
          ("head", "time"), ("head", "signature")] + [("path", i) for i in range(len(receipt["path"]))]
*way, last = place = dice.choice(places)
holder = receipt
for step in way:
    holder = holder[step]
value = holder[last]
if isinstance(value, str):
    # The first bytes of a change are lengths: any other digit.
    at = dice.randrange(len(value))
    holder[last] = value[:at] + dice.choice([d for d in "0123456789abcdef" if d != value[at]]) + value[at + 1:]
else:
    holder[last] = value + dice.choice((1, 2, 1000))
json.dump(receipt, open(target, "w"))
print(".".join(map(str, place)))
PYTHON
}

set_up() {
    found_association
    sync_all anna
    as anna nominate Zeist --motivation "Een open huis in de wijk." >/dev/null
    as anna example Zeist --title Buurtkamer --description "Samen eten." >/dev/null
}

receipts() {
    local place key
    fails receipt.nothing as anna receipt Zeist --output "$STAGE/none.json"
    as anna submit Zeist >/dev/null
    fails receipt.nothing as anna receipt Zeist --output "$STAGE/none.json"
    sync_all anna bram
    as anna receipt Zeist --output "$STAGE/receipt.json" --json >"$STAGE/told"
    [ "$(json .verdict <"$STAGE/told")" = accepted ] || fail "the receipt says $(cat "$STAGE/told")"
    [ "$(json .nominee <"$STAGE/told")" = Zeist ] || fail "the receipt is of $(cat "$STAGE/told")"
    # A colleague has the same proof, and knows whose it is.
    as bram receipt Zeist --output "$STAGE/colleague.json" --json >"$STAGE/other"
    [ "$(jq -c '[.change, .received, .position, .personName]' "$STAGE/told")" \
        = "$(jq -c '[.change, .received, .position, .personName]' "$STAGE/other")" ] || fail "two receipts differ"
    as bram verify-receipt "$STAGE/receipt.json" --json | jq -e '.comparison == "same" and .personName == "anna"' \
        >/dev/null || fail "bram cannot verify it"
    # Without a replica, and without this program.
    XDG_DATA_HOME="$STAGE/nothing" "$BIN/voordracht" verify-receipt - --json <"$STAGE/receipt.json" \
        | jq -e '.comparison == null and .nominee == "Zeist"' >/dev/null || fail "nobody else can verify it"
    fails replica.notEnrolled "$BIN/voordracht" verify-receipt "$STAGE/receipt.json" --home "$STAGE/nowhere"
    key="$(json .server <"$STAGE/told")"
    python_verifies "$STAGE/receipt.json" --server "$key" | jq -e '.verdict == "accepted"' >/dev/null \
        || fail "Python cannot verify it"
    python_verifies "$STAGE/receipt.json" --server "${key//[0-9]/0}" >/dev/null 2>&1 && fail "any key will do"
    for turn in $(seq 1 25); do
        place="$(tampered "$STAGE/receipt.json" "$turn")"
        as anna verify-receipt "$STAGE/tampered.json" >/dev/null 2>"$STAGE/err" && fail "$place was changed unseen"
        [ "$(grep -c . "$STAGE/err")" = 1 ] || fail "$place: $(cat "$STAGE/err")"
        python_verifies "$STAGE/tampered.json" >/dev/null 2>"$STAGE/err" && fail "Python does not see $place"
        [ "$(grep -c . "$STAGE/err")" = 1 ] || fail "$place: $(cat "$STAGE/err")"
    done
    echo '{"receipt":2}' >"$STAGE/later.json"
    fails receipt.version as anna verify-receipt "$STAGE/later.json"
    for text in '' '[]' '{}' 'null' '{"receipt":1}' '{"receipt":1e400}'; do
        printf '%s' "$text" >"$STAGE/bad.json"
        fails receipt.malformed as anna verify-receipt "$STAGE/bad.json"
    done
}

# A copy of the folder is put back: the server has forgotten the last submission.
put_back() {
    local queued
    server verify >/dev/null || fail "a sound server is not sound"
    stop_server
    cp -r "$STAGE/server" "$STAGE/earlier"
    start_server
    as anna text Zeist motivation --file - <<<"Een open huis in elke wijk." >/dev/null
    sync_all anna
    as anna receipt Zeist --output "$STAGE/forgotten.json" >/dev/null
    server verify --receipt "$STAGE/forgotten.json" >/dev/null || fail "a sound server is not sound with a receipt"
    stop_server
    mv "$STAGE/server" "$STAGE/right"
    mv "$STAGE/earlier" "$STAGE/server"
    start_server
    as anna set Zeist relation partner >/dev/null
    queued="$(as anna status --json | json .queued)"
    fails tree.shorter as anna sync
    # Who saw less than that goes on, and nobody has lost anything.
    [ "$(as anna status --json | json .queued)" = "$queued" ] || fail "a queued edit is gone"
    as anna show Zeist --json | jq -e '.fields.relation.value == "partner"' >/dev/null || fail "an edit is gone"
    as anna status --json | jq -e '.warnings[0].code == "tree.shorter" and .blockedBy.code == "tree.shorter"' \
        >/dev/null || fail "status does not warn"
    server verify >/dev/null || fail "the earlier copy is not sound in itself"
    server verify --receipt "$STAGE/forgotten.json" --json >"$STAGE/walk" && fail "a return is not found"
    [ "$(json '.findings[0].code' <"$STAGE/walk")" = headBeyond ] || fail "the walk says $(cat "$STAGE/walk")"
}

# It goes on from there on another way, beyond what was signed before.
fork() {
    for name in Carla Dirk Els Frits Gerda Henk Ineke Jan; do
        server invite --name "$name" --organisation 90000001 --role member >/dev/null 2>&1
    done
    fails tree.rewritten as anna sync
    as anna status --json | jq -e '[.warnings[].code] == ["tree.shorter", "tree.rewritten"]' >/dev/null \
        || fail "status does not warn of both"
    server verify --receipt "$STAGE/forgotten.json" --json >"$STAGE/walk" && fail "a fork is not found"
    [ "$(json '.findings[0].code' <"$STAGE/walk")" = headOther ] || fail "the walk says $(cat "$STAGE/walk")"
    server verify --receipt "$STAGE/forgotten.json" --language nl >"$STAGE/walk" || true
    grep -q herschreven "$STAGE/walk" || fail "the walk is not told in Dutch: $(cat "$STAGE/walk")"
    fails file.missing server verify --receipt "$STAGE/nowhere.json"
    fails receipt.malformed server verify --receipt "$STAGE/init"
}

# The right server comes back: everybody goes on, and anna is still told.
back_again() {
    stop_server
    rm -r "$STAGE/server"
    mv "$STAGE/right" "$STAGE/server"
    start_server
    sync_all anna
    as anna sync | grep -q warning || fail "anna is not warned any more"
    as anna status --json | jq -e '(.warnings | length) == 2 and .blockedBy == null and .queued == 0' >/dev/null \
        || fail "anna does not go on: $(as anna status --json)"
}

# What was erased cannot be proved any more; a receipt of before still holds, and everything stays sound.
erased() {
    local nomination
    nomination="$(record_of anna nomination Zeist)"
    as anna receipt Zeist --output "$STAGE/before.json" >/dev/null
    server erase "$nomination" --json | jq -e '.erased == false and .changes > 1' >/dev/null || fail "nothing would be erased"
    server erase "$nomination" --yes --json | jq -e '.erased and .places >= .changes' >/dev/null || fail "nothing is erased"
    sync_all anna
    as anna show Zeist --json | jq -e '.fields.motivation.value | test("^[*]+$")' >/dev/null || fail "it is still there"
    as anna verify-receipt "$STAGE/before.json" >/dev/null || fail "a receipt of before does not hold any more"
    fails receipt.erased as anna receipt Zeist --output "$STAGE/after.json"
    server verify --receipt "$STAGE/before.json" >/dev/null || fail "the server is not sound after an erasure"
}

# Put back once more, and gone another way: the device names the number, the administrator gives it, and all go on.
declared() {
    local leaves
    stop_server
    cp -r "$STAGE/server" "$STAGE/earlier"
    start_server
    as anna set Zeist relation client >/dev/null
    as anna text Zeist motivation --file - <<<"Wat de schijf vergat." >/dev/null
    sync_all anna
    stop_server
    rm -r "$STAGE/server"
    mv "$STAGE/earlier" "$STAGE/server"
    start_server
    for name in Karin Leo Mia Nico Olga Piet; do
        server invite --name "$name" --organisation 90000001 --role member >/dev/null 2>&1
    done
    as anna set Zeist relation subsidy >/dev/null
    as anna sync --language nl >/dev/null 2>"$STAGE/err" && fail "another past is taken"
    leaves="$(grep -o 'voordracht-server fork --leaves [0-9]*' "$STAGE/err" | grep -o '[0-9]*$')" \
        || fail "the device does not say how to go on: $(cat "$STAGE/err")"
    fails folder.busy server fork --leaves "$leaves"
    stop_server
    fails fork.beyond server fork --leaves 999999
    server fork --leaves "$leaves" --json | jq -e --arg leaves "$leaves" '.leaves == ($leaves | tonumber) and .head > 0' \
        >/dev/null || fail "the fork is not declared"
    start_server
    sync_all anna
    as anna status --json | jq -e '[.notices[].code] == ["tree.declared"] and .blockedBy == null and .queued == 0' \
        >/dev/null || fail "the alarm is not settled: $(as anna status --json)"
    as anna status --language nl | grep -q 'was teruggezet naar een eerdere stand' || fail "nobody says so in Dutch"
    as anna show Zeist --json | jq -e '.fields.relation.value == "subsidy" and
        (.fields.motivation.value | contains("Wat de schijf vergat."))' >/dev/null || fail "an edit is gone"
    server verify >/dev/null || fail "the server is not sound after a fork was declared"
}

set_up
receipts
step "Receipts are made, checked by both programs, by nobody's replica and in Python; 25 changed ones are not taken."
put_back
step "A server that was put back is found out by a replica and by a receipt; nothing is lost."
fork
step "A fork is found out as well."
back_again
step "With the right server everybody goes on, and who was shown another past is still told."
erased
step "What was erased cannot be proved any more; a receipt of before holds, and the server is sound."
declared
step "Where a server was put back and went another way, its administrator declares it, and everybody goes on."
stop_server
echo "receipts: passed (seed $SEED)"
