#!/usr/bin/env bash
# PROTOCOL.md put to the test: the vectors, the commands of FIRST-CLIENT.md, and a client in Python that follows
# it and works along with Swift replicas; random edits in random orders, equal digests at the end.
# The seed is printed; SEED=n repeats the dice, but not the ids that the programs make for themselves. EDITS=n sets the number of changes that a Python
# replica makes between two exchanges (5).

. "$(dirname "$0")/../stage.sh"

SEED="${SEED:-$(od -An -N3 -tu4 /dev/urandom | tr -d ' ')}"
echo "protocol document: seed $SEED"
CLIENT="$ROOT/Tests/PythonClient"
export BIN STAGE EDITS="${EDITS:-5}" PYTHONPATH="$CLIENT" PYTHONDONTWRITEBYTECODE=1

set_up() {
    server init --association "Sociaal Werk Nederland" >"$STAGE/init" 2>&1
    printf 'name,kvk\nWelzijn Een,90000001\nWelzijn Twee,90000002\n' >"$STAGE/members.csv"
    server organisation import "$STAGE/members.csv" >/dev/null
    start_server
    enrol secretariat --role secretariat
    as secretariat edition create 2017 --name "Gouden Sociale Gemeenten" --reference-date 2017-01-01 >/dev/null
    as secretariat criterion add preventie --edition 2017 >/dev/null
    as secretariat edition open 2017 >/dev/null
    sync_all secretariat
    enrol anna --organisation 90000001 --role member contact
    enrol bram --organisation 90000001 --role member
    as anna nominate Zeist --motivation "Een open huis in de wijk." >/dev/null
    local nomination
    nomination="$(record_of anna nomination Zeist)"
    as anna example "$nomination" --title Buurtkamer --description "Samen eten." >/dev/null
    as anna submit "$nomination" >/dev/null
    sync_all anna bram
}

# What curl and openssl pushed by the document's own lines must be there on another device of the same person.
afternoon() {
    local link person
    mkdir "$STAGE/curl"
    link="$(server invite --name curl --organisation 90000001 --role member --json | json .link)"
    (cd "$STAGE/curl" && LINK="$link" "$CLIENT/afternoon.sh") >"$STAGE/verdict" || fail "the document's commands failed"
    person="$(json .person <"$STAGE/curl/answer.json")"
    as witness enrol "$(server invite --for "$person" --json | json .link)" --device witness >/dev/null
    as witness show "$(as witness list annotation --json | json '.items[0].record')" --json >"$STAGE/note"
    [ "$(json .fields.quote.value <"$STAGE/note")" = "From the command line" ] || fail "what curl pushed did not arrive"
}

# The client goes on from what it has on disk: another edit reaches the Swift replica of the same person.
by_itself() {
    local person record
    person="$(python3 -m replica --home "$STAGE/piet" status | json .person)"
    record="$(python3 -m replica --home "$STAGE/piet" annotate "person:$person" "$person" "van schijf" | json .record)"
    python3 -m replica --home "$STAGE/piet" set "person:$person" "$record" quote "nog eens" >/dev/null
    python3 -m replica --home "$STAGE/piet" sync >/dev/null
    sync_all phone
    [ "$(as phone show "$record" --json | json .fields.quote.value)" = "nog eens" ] || fail "an edit from disk did not arrive"
    python3 -m replica --home "$STAGE/piet" sync >/dev/null
    python3 -m replica --home "$STAGE/piet" digest | jq -c '.audiences | map({(.id): .digest}) | add' >"$STAGE/python"
    as phone digest --json | jq -c '.audiences | map({(.id): .digest}) | add' >"$STAGE/swift"
    jq -en --slurpfile a "$STAGE/python" --slurpfile b "$STAGE/swift" \
        '[$a[0] | keys[] | select($b[0][.] != null)] | length >= 3 and all(.[]; $a[0][.] == $b[0][.])' >/dev/null \
        || fail "from disk the digests differ: $(cat "$STAGE/python" "$STAGE/swift")"
}

python3 -m vectors "$ROOT/Protocol/vectors" >"$STAGE/vectors" || fail "the vectors and the Python client do not agree"
step "The vectors, made anew and read: $(cat "$STAGE/vectors")."
set_up
afternoon
step "The document's own commands enrol, pull and push with curl and openssl."
# What both languages have to do alike for the digests to be equal and the server to accept what is pushed:
# P-005, P-008, P-010, P-011, P-047, P-050, P-051, P-052, P-053, P-054, P-055, P-056, P-057, P-058, P-059, P-060.
# What the Python client checks in the deliveries, some of them altered: P-012, P-023, P-025, P-026, P-045, P-046.
python3 "$CLIENT/story.py" "$SEED"
by_itself
step "Two replicas of the Python client worked along with three in Swift."
stop_server
echo "protocol document: passed (seed $SEED)"
