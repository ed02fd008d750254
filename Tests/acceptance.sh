#!/usr/bin/env bash
# The demo's story with random names, texts and orders of sync, and what must hold besides. The seed is
# printed; SEED=n repeats the texts and the order of a run, not its ids and moments. KILLS=n sets the number of
# rounds of kills (100).

. "$(dirname "$0")/stage.sh"
. "$(dirname "$0")/kills.sh"

SEED="${SEED:-$(od -An -N3 -tu4 /dev/urandom | tr -d ' ')}"
RANDOM=$((SEED % 32768))
echo "acceptance: seed $SEED"

WORDS=(wijkteam buurtkamer één preventie Súdwest-Fryslân "'s-Gravenhage" jeugd schuld partnerschap samen lef 'e\u0301\u0301n' IJ ß 👩‍👧 vroeg)
TYPED="$STAGE/typed.txt"
: >"$TYPED"

# words N: that many random words and a number that makes the text unlike any other, in TEXT. It prints nothing:
# a subshell would throw other dice.
SERIAL=1000
words() {
    local count="$1" index
    TEXT=""
    for ((index = 0; index < count; index++)); do
        TEXT+="$(printf '%b' "${WORDS[RANDOM % ${#WORDS[@]}]}") "
    done
    SERIAL=$((SERIAL + 1))
    TEXT+="n$SERIAL"
}

# typed TEXT: remembers what was typed, to be found again at the end.
typed() { printf '%s\n' "$1" >>"$TYPED"; }

set_up() {
    # Port 0: links carry the port that is listened on, also after another start.
    server init --address 127.0.0.1:0 --association "Sociaal Werk Nederland" >"$STAGE/init" 2>&1
    { echo "name,kvk"; seq 1 20 | awk '{ printf "Organisatie %02d,900000%02d\n", $1, $1 }'; } >"$STAGE/members.csv"
    server organisation import "$STAGE/members.csv" >/dev/null
    start_server
    enrol secretariat --role secretariat
    as secretariat edition create 2017 --name "Gouden Sociale Gemeenten" --reference-date 2017-01-01 >/dev/null
    as secretariat criterion add preventie --edition 2017 >/dev/null
    as secretariat edition open 2017 >/dev/null
    sync_all secretariat
    enrol anna --organisation 90000001 --role member contact
    enrol bram --organisation 90000001 --role member
    enrol carla --organisation 90000002 --role member contact
    enrol reviewer --role reviewer
    sync_all anna bram carla reviewer
}

# The state that the six orders begin from: a shared draft, then edits without a network.
shared_draft() {
    words 6
    FIRST="$TEXT"
    as anna nominate Zeist --motivation "$FIRST" >/dev/null
    ZEIST="$(record_of anna nomination Zeist)"
    words 3
    as anna example "$ZEIST" --title Buurtkamer --description "$TEXT" >/dev/null
    words 3
    as anna example "$ZEIST" --title Jongerenwerk --description "$TEXT" >/dev/null
    ROOM="$(record_of anna example Buurtkamer)"
    YOUTH="$(record_of anna example Jongerenwerk)"
    sync_all anna bram carla
    stop_server

    local begin end place
    words 3
    begin="$TEXT"
    words 3
    end="$TEXT"
    printf '%s %s' "$begin" "$FIRST" >"$STAGE/text"
    as anna text "$ZEIST" motivation --file "$STAGE/text" >/dev/null
    printf '%s %s' "$FIRST" "$end" >"$STAGE/text"
    as bram text "$ZEIST" motivation --file "$STAGE/text" >/dev/null
    MERGED="$begin $FIRST $end"
    for who in anna bram; do
        words 2
        place="$TEXT"
        typed "$place"
        as "$who" set "$ROOM" place "$place" >/dev/null
    done
    words 2
    place="$TEXT"
    typed "$place"
    as anna set "$YOUTH" period "$place" >/dev/null
    as bram remove "$YOUTH" >/dev/null
    words 2
    place="$TEXT"
    typed "$place"
    as carla nominate Leerdam --motivation "$place" >/dev/null
}

six_orders() {
    local order number=0 values="" now
    cp -a "$STAGE" "$STAGE.before"
    for order in "anna bram carla" "anna carla bram" "bram anna carla" "bram carla anna" "carla anna bram" "carla bram anna"; do
        number=$((number + 1))
        for who in server anna bram carla; do
            rm -rf "${STAGE:?}/$who"
            cp -a "$STAGE.before/$who" "$STAGE/$who"
        done
        start_server
        # shellcheck disable=SC2086
        sync_all $order $order
        equal_digests anna bram || fail "order $number ($order): anna and bram differ"
        equal_digests anna carla || fail "order $number ($order): anna and carla differ"
        [ "$(as bram show "$ZEIST" --json | jq -r .fields.motivation.value)" = "$MERGED" ] \
            || fail "order $number: the motivation did not merge"
        [ "$(as anna conflicts --json | jq '.conflicts | length')" = 2 ] || fail "order $number: not two conflicts"
        now="$(as anna conflicts --json | jq -c '[.conflicts[] | [.id, .kind, [.candidates[].value]]] | sort')"
        [ -z "$values" ] || [ "$values" = "$now" ] || fail "order $number ($order): other conflicts than in the first"
        values="$now"
        all_found anna bram carla
        stop_server
    done
    rm -rf "$STAGE.before"
    start_server
    step "All 6 orders of sync, two rounds each: equal digests, the same two conflicts, every text found."
}

# all_found NAME…: everything that was typed is found in what these people can be shown.
all_found() {
    local who record text
    : >"$STAGE/shown"
    for who in "$@"; do
        for kind in nomination example annotation; do
            for record in $(as "$who" list "$kind" --limit 1000 --json | jq -r '.items[].record'); do
                as "$who" show "$record" --json >>"$STAGE/shown"
                for field in motivation place period title body description; do
                    as "$who" why "$record" "$field" --json >>"$STAGE/shown" 2>/dev/null || true
                done
            done
        done
        as "$who" conflicts --json >>"$STAGE/shown"
        as "$who" tray list --json >>"$STAGE/shown"
    done
    jq -r '.. | strings' "$STAGE/shown" >"$STAGE/strings"
    while IFS= read -r text; do
        grep -qF -- "$text" "$STAGE/strings" || fail "typed, and nowhere to be found: $text"
    done <"$TYPED"
}

open_form() {
    local base value
    base="$(as bram status --json | jq -r .cursor)"
    words 2
    value="$TEXT"
    as anna set "$ROOM" title "$value" >/dev/null
    sync_all anna bram
    words 2
    as bram set "$ROOM" title "$TEXT" --base "$base" >/dev/null
    sync_all bram anna
    as anna conflicts "$ROOM" --json | jq -e '[.conflicts[] | select(.field == "title")] | length == 1' >/dev/null \
        || fail "an edit on an old view overwrote what its author had not seen"
    if as bram set "$ROOM" title x --base 999999 >/dev/null 2>"$STAGE/err"; then fail "a base in the future was taken"; fi
    as anna resolve "$(as anna conflicts "$ROOM" --json | jq -r '.conflicts[] | select(.field == "title") | .id')" --value Buurtkamer >/dev/null
    sync_all anna bram
    step "A form that was open during a pull gives a conflict; a base in the future is refused."
}

one_nominee() {
    local first second third
    first="$(as carla nominate "Alphen aan de Rijn" --json | json .record)"
    second="$(as carla nominate "ALPHEN AAN DEN RIJN" --json | json .record)"
    third="$(as carla nominate GM0484 --json | json .record)"
    [ "$first" = "$second" ] && [ "$second" = "$third" ] || fail "three spellings gave several nominations"
    step "An alias, another spelling and a code lead to one nomination."
}

# pulled NAME: everything that the server gives this device, in the file "pull".
pulled() {
    local status
    status="$(curl --silent --cacert "$STAGE/$1/authority.pem" --cert "$STAGE/$1/device.pem" \
        --key "$STAGE/$1/device.key" --max-time 20 --output "$STAGE/pull" --write-out '%{http_code}' \
        "https://127.0.0.1:$PORT/pull")" || true
    [ "$status" = 200 ] && [ -s "$STAGE/pull" ] || fail "$1 cannot pull with curl: $status"
}

canary() {
    local secret="kanarie$SEED" place
    printf '%s %s' "$MERGED" "$secret" >"$STAGE/text"
    as anna text "$ZEIST" motivation --file "$STAGE/text" >/dev/null
    sync_all anna
    printf '%s' "$MERGED" >"$STAGE/text"
    as anna text "$ZEIST" motivation --file "$STAGE/text" >/dev/null
    as anna submit "$ZEIST" >/dev/null
    sync_all anna bram carla reviewer secretariat
    grep -rqa "$secret" "$STAGE/anna" || fail "the positive control failed: the canary is not in its author's files"
    for place in carla reviewer secretariat; do
        if grep -rqa "$secret" "$STAGE/$place"; then fail "the canary is in the files of $place"; fi
    done
    as reviewer review Zeist >"$STAGE/shown"
    if grep -q "$secret" "$STAGE/shown"; then fail "the canary is in the dossier"; fi
    # And in the bytes that the server gives each device, from the beginning.
    pulled anna
    grep -qa "$secret" "$STAGE/pull" || fail "the positive control failed: the canary is not in its author's pull"
    for place in carla reviewer secretariat; do
        pulled "$place"
        grep -qa "Gouden Sociale Gemeenten" "$STAGE/pull" || fail "the pull of $place is not readable"
        if grep -qa "$secret" "$STAGE/pull"; then fail "the canary is in what $place can pull"; fi
    done
    step "What was typed and deleted before submitting stays inside the organisation, in files and in answers."
}

one_submission() {
    local first second
    stop_server
    words 2
    first="$TEXT"
    words 2
    second="$TEXT"
    typed "$first"
    typed "$second"
    as anna set "$ROOM" evidence "$first" >/dev/null
    as bram set "$ROOM" period "$second" >/dev/null
    as anna submit "$ZEIST" >/dev/null
    as bram submit "$ZEIST" >/dev/null
    start_server
    sync_all anna bram anna reviewer
    as reviewer review Zeist --json >"$STAGE/review.json"
    for text in "$first" "$second"; do
        [ "$(jq -r '.. | strings' "$STAGE/review.json" | grep -cF -- "$text")" -ge 1 ] || fail "an edit never reached the jury: $text"
    done
    [ "$(jq '.nominations | length' "$STAGE/review.json")" = 1 ] || fail "the same draft stands twice before the jury"
    step "Two colleagues who submit the same draft offline: one submission, with both their edits."
}

# over_tls NAME ROUTE OPTION…: one request in a TLS session that options of openssl keep or resume.
over_tls() {
    local who="$1" route="$2"
    shift 2
    printf 'GET /%s HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n' "$route" \
        | openssl s_client -connect "127.0.0.1:$PORT" -CAfile "$STAGE/$who/authority.pem" -ign_eof "$@" \
            -cert "$STAGE/$who/device.pem" -key "$STAGE/$who/device.key" >"$STAGE/answer" 2>&1 || true
}

# P-013; P-014: an open pull ends within 5 seconds of the revocation.
with_curl() {
    local home="$STAGE/carla" url="https://127.0.0.1:$PORT" status device began
    tls=(--silent --cacert "$home/authority.pem" --cert "$home/device.pem" --key "$home/device.key")
    pulled carla
    status="$(curl --silent --cacert "$home/authority.pem" --output /dev/null --write-out '%{http_code}' "$url/pull")"
    [ "$status" = 401 ] || fail "without a certificate: $status instead of 401"
    for route in healthz readyz; do
        status="$(curl --silent --cacert "$home/authority.pem" --output /dev/null --write-out '%{http_code}' "$url/$route")"
        [ "$status" = 200 ] || fail "/$route answers $status"
    done
    curl "${tls[@]}" --no-buffer --max-time 60 --output "$STAGE/live" "$url/pull?live=1" &
    local live=$!
    for _ in $(seq 1 100); do [ -s "$STAGE/live" ] && break; sleep 0.1; done
    [ -s "$STAGE/live" ] || fail "an open pull brings nothing"
    device="$(as carla whoami --json | json .device)"
    over_tls carla healthz -sess_out "$STAGE/session"
    grep -q "^HTTP/1.1 200" "$STAGE/answer" || fail "no answer over TLS: $(cat "$STAGE/answer")"
    began=$SECONDS
    server revoke "$device" --lost >/dev/null
    wait "$live" || true
    [ $((SECONDS - began)) -le 5 ] || fail "the open pull lived on for $((SECONDS - began)) s after the revocation"
    status="$(curl "${tls[@]}" --output /dev/null --write-out '%{http_code}' "$url/pull")"
    [ "$status" = 403 ] || fail "a revoked device got $status instead of 403"
    over_tls carla pull -sess_in "$STAGE/session"
    grep -q "^Reused, TLSv1.3" "$STAGE/answer" || fail "the session was not resumed: $(cat "$STAGE/answer")"
    grep -q "^HTTP/1.1 403" "$STAGE/answer" || fail "a revoked device got something in a resumed session"
    if as carla sync >/dev/null 2>&1; then fail "a revoked device could sync"; fi
    step "curl pulls with a device certificate, gets 401 without; a revocation closes the open pull at once, and holds in a resumed session."
}

set_up
step "A server, a secretariat, three members of two organisations and a reviewer."
shared_draft
six_orders
sync_all anna bram carla
open_form
one_nominee
canary
one_submission
kills_while_recording
kills_while_enrolling
kills
with_curl
stop_server
echo "acceptance: passed (seed $SEED)"
