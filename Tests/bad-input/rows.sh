# Rows: how a refusal is asked for, looked at, and shown. Sourced after stage.sh.

# Nobody's own proxy takes part.
unset https_proxy HTTPS_PROXY no_proxy NO_PROXY
# Every command has an end.
as() {
    local who="$1"
    shift
    timeout 60 "$BIN/voordracht" "$@" --home "$STAGE/$who"
}
server() { timeout 60 "$BIN/voordracht-server" "$@" --data "$STAGE/server"; }

# at_clock OFFSET COMMAND…: by a clock that is off by that.
at_clock() {
    local offset="$1"
    shift
    DONT_FAKE_MONOTONIC=1 faketime -f "$offset" "$@"
}

MOTIVATION="Zeist werkt samen met sociaal werk, één wijk tegelijk."

# One nomination that must be there after all that follows.
set_up() {
    server init --address 127.0.0.1:0 --association "Sociaal Werk Nederland" >"$STAGE/init" 2>&1
    server organisation add "Welzijn Delftstede" --kvk 90000001 >/dev/null
    start_server
    enrol secretariat --role secretariat
    as secretariat edition create 2017 --name "Gouden Sociale Gemeenten" --reference-date 2017-01-01 >/dev/null
    as secretariat criterion add preventie --edition 2017 >/dev/null
    as secretariat edition open 2017 >/dev/null
    sync_all secretariat
    enrol anna --organisation 90000001 --role member contact
    enrol bram --organisation 90000001 --role member
    enrol reviewer --role reviewer
    as anna nominate Zeist --motivation "$MOTIVATION" >/dev/null
    as anna example Zeist --title Buurtkamer >/dev/null
    sync_all anna bram
    ZEIST="$(record_of anna nomination Zeist)"
}

# attempt STATUS COMMAND…: runs it with INPUT on standard input; nothing on standard output may pretend success.
attempt() {
    local wanted="$1" status=0
    shift
    "$@" <"${INPUT:-/dev/null}" >"$STAGE/out" 2>"$STAGE/err" || status=$?
    [ "$status" -eq "$wanted" ] || fail "$*: status $status, not $wanted: $(cat "$STAGE/err")"
    [ ! -s "$STAGE/out" ] || grep -qE '^(not complete|niet klaar)|^\{"complete":false' "$STAGE/out" \
        || fail "$*: told on standard output: $(head -c 300 "$STAGE/out")"
}

# word FILE KEY: a part of the error in a document.
word() { jq -er ".error.$2" "$1"; }

# refused TITLE STATUS CODE COMMAND…: the command ends with this status and this error, in both languages, as
# a line and as a document that say the same. The English document stays in $STAGE/en.json.
refused() {
    local title="$1" status="$2" code="$3" language line parts english=()
    shift 3
    for language in en nl; do
        attempt "$status" "$@" --language "$language"
        mapfile -t line <"$STAGE/err"
        [ "${#line[@]}" -eq 1 ] || fail "$title: not one line: $(cat "$STAGE/err")"
        mv "$STAGE/err" "$STAGE/$language.txt"
        attempt "$status" "$@" --language "$language" --json
        mapfile -t parts < <(jq -r '.error | (keys | join(" ")), .code, .message, .remedy' "$STAGE/err")
        [ "${#parts[@]}" -eq 4 ] && [ "${parts[0]}" = "code message remedy suggestions where" ] \
            || fail "$title: not one document of the contract: $(cat "$STAGE/err")"
        [ "${parts[1]}" = "$code" ] || fail "$title: not $code: $(cat "$STAGE/err")"
        [ -n "${parts[2]}" ] && [[ "${line[0]}" == *"${parts[2]%.}"* ]] \
            || fail "$title: the line does not say the document's message: ${line[0]}"
        [ -n "${parts[3]}" ] && [[ "${line[0]}" == *"${parts[3]%.}"* ]] \
            || fail "$title: the line does not say the document's remedy: ${line[0]}"
        if [ "$language" = en ]; then
            english=("${parts[@]}")
        else
            [ "${parts[2]}" != "${english[2]}" ] || fail "$title: one message in both languages: ${parts[2]}"
            [ "${parts[3]}" != "${english[3]}" ] || fail "$title: one remedy in both languages: ${parts[3]}"
        fi
        mv "$STAGE/err" "$STAGE/$language.json"
    done
    if grep -qE 'Error Domain|SQLite error|errno|Foundation|NIO|descriptor' "$STAGE/en.txt" "$STAGE/nl.txt"; then
        fail "$title: told in the words of a library: $(cat "$STAGE/en.txt" "$STAGE/nl.txt")"
    fi
    step "$title"
    sed 's/^/      /' "$STAGE/en.txt"
}

# suggests TEXT: the last refusal proposes it.
suggests() {
    jq -e --arg text "$1" '.error.suggestions | any(contains($text))' "$STAGE/en.json" >/dev/null \
        || fail "“$1” is not suggested: $(cat "$STAGE/en.json")"
}

# tells TEXT: the last refusal names it, in both languages.
tells() {
    grep -qF -- "$1" "$STAGE/en.txt" && grep -qF -- "$1" "$STAGE/nl.txt" \
        || fail "“$1” is not named: $(cat "$STAGE/en.txt" "$STAGE/nl.txt")"
}

# intact NAME: the replica and the server open, and hold what was there before.
intact() {
    [ "$(as "$1" show "$ZEIST" --json | jq -r .fields.motivation.value)" = "$MOTIVATION" ] \
        || fail "the motivation of $1 is not what it was: $(as "$1" show "$ZEIST")"
    server verify >/dev/null || fail "the server's log is not sound: $(server verify)"
}

# link ARGUMENTS…: the link of an invitation.
link() { server invite --role reviewer --json "$@" | json .link; }
