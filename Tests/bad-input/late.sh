# What was made in time and arrives too late: the secretariat decides. Sourced after links.sh.

# held_in LANGUAGE: its lines in $STAGE/held.LANGUAGE, what is said beside them in .err, the document in .json.
held_in() {
    server held --language "$1" >"$STAGE/held.$1" 2>"$STAGE/held.$1.err"
    server held --language "$1" --json >"$STAGE/held.$1.json"
}

rows_of_late() {
    local nomination change language
    as secretariat edition create 2018 --name "Editie 2018" --reference-date 2018-01-01 \
        --closes "$(date -u -d '+1 hour' +%FT%TZ)" >/dev/null
    as secretariat criterion add wonen --edition 2018 >/dev/null
    as secretariat edition open 2018 >/dev/null
    sync_all secretariat anna
    as anna nominate Delft --edition 2018 --motivation "Delft doet mee." >/dev/null
    nomination="$(record_of anna nomination Delft)"
    as anna example "$nomination" --title Huiskamer --criterion wonen >/dev/null
    as anna submit "$nomination" >/dev/null
    stop_server
    faked_server +2h
    sync_all anna
    [ "$(json .held <"$STAGE/anna.sync.json")" = 1 ] || fail "a late submission is not held: $(cat "$STAGE/anna.sync.json")"
    for language in en nl; do held_in "$language"; done
    change="$(json '.items[0].id' <"$STAGE/held.en.json")"
    told_in en "anna, submission of Delft by Welzijn Delftstede, edition 2018 (nomination $nomination)" "made 20" "; received 20" "arrived after closing." 'Decide with `release ID`'
    told_in nl "anna, indiening van Delft door Welzijn Delftstede, editie 2018 (voordracht $nomination)" "gemaakt " "; ontvangen " "na sluiting aangekomen." 'Beslis met `release ID`'
    [ "$(jq -r '.items[0] | [.nominee, .organisationName, .edition] | join(",")' "$STAGE/held.en.json")" = "Delft,Welzijn Delftstede,2018" ] \
        || fail "the document does not name the nomination: $(cat "$STAGE/held.en.json")"
    [ "$(jq 'del(.items[].message)' "$STAGE/held.en.json")" = "$(jq 'del(.items[].message)' "$STAGE/held.nl.json")" ] \
        || fail "the document differs between the languages"
    [ "$(json '.items[0].message' <"$STAGE/held.en.json")" != "$(json '.items[0].message' <"$STAGE/held.nl.json")" ] \
        || fail "why a change is held is told in one language"
    step "A submission that was made in time and arrives after closing is held."
    sed 's/^/      /' "$STAGE/held.en" "$STAGE/held.nl"
    server release "$change" >/dev/null
    held_in nl
    [ ! -s "$STAGE/held.nl" ] && grep -qF "Er wordt niets aangehouden." "$STAGE/held.nl.err" \
        || fail "what was released is held: $(cat "$STAGE/held.nl")"
    sync_all anna
    [ "$(as anna status --json | json '.held + .tray')" = 0 ] || fail "the author does not see the release: $(as anna status)"
    stop_server
    start_server
}

# told_in LANGUAGE TEXT…: one line and one remark, with all of these.
told_in() {
    local language="$1" text
    shift
    [ "$(wc -l <"$STAGE/held.$language")" -eq 1 ] || fail "not one line: $(cat "$STAGE/held.$language")"
    for text in "$@"; do
        grep -qF -- "$text" "$STAGE/held.$language" "$STAGE/held.$language.err" \
            || fail "“$text” is not told: $(cat "$STAGE/held.$language" "$STAGE/held.$language.err")"
    done
}
