# Networks that lead nowhere, or elsewhere. Sourced after links.sh.

# proxy NAME MODE…: starts a proxy; its port is in PROXY, what it was asked for in $STAGE/NAME.proxy.
PROXIES=()
proxy() {
    local log="$STAGE/$1.proxy"
    shift
    : >"$log"
    python3 "$ROOT/Tests/bad-input/proxy.py" "$@" >"$log" 2>"$log.err" &
    PROXIES+=($!)
    disown $!
    wait_for "^[0-9]" "$log"
    PROXY="$(head -n 1 "$log")"
}

# through URL COMMAND…: with that as the proxy.
through() {
    local url="$1"
    shift
    HTTPS_PROXY="$url" "$@"
}

rows_of_network() {
    local invitation address
    invitation="$(link --name nora)"
    as anna set "$ZEIST" title "Voor het netwerk" >/dev/null
    ports
    moved
    stop_server
    refused "The server is away" 1 server.unreachable as anna sync
    tells "127.0.0.1:$PORT"
    refused "The server is away while enrolling" 1 server.unreachable as nora enrol "$invitation"
    refused "A name that this network does not know" 1 server.unresolved \
        as nora enrol "$(led_to "$invitation" geen-server.invalid:8443)"
    tells geen-server.invalid
    start_server
    proxies "$invitation"
    for pid in "${PROXIES[@]}"; do kill "$pid"; done
    sync_all anna
    [ "$(as anna status --json | json .queued)" = 0 ] || fail "what waited for the network was not sent"
}

ports() {
    refused "A second server in one folder" 1 folder.busy server serve --listen 127.0.0.1:0
    timeout 60 "$BIN/voordracht-server" init --data "$STAGE/other" >/dev/null 2>&1
    refused "A port that is in use" 1 server.portTaken \
        timeout 60 "$BIN/voordracht-server" serve --data "$STAGE/other" --listen "127.0.0.1:$PORT"
    tells "127.0.0.1:$PORT"
    refused "An address of another machine" 1 server.listening \
        timeout 60 "$BIN/voordracht-server" serve --data "$STAGE/other" --listen 192.0.2.1:8443
    refused "A folder without a server" 1 folder.missing \
        timeout 60 "$BIN/voordracht-server" devices --data "$STAGE/nergens"
}

# other_server ARGUMENTS…: serves the folder of `ports`; what it says beside its address is in $STAGE/other.err.
other_server() {
    : >"$STAGE/other.out"
    "$BIN/voordracht-server" serve --data "$STAGE/other" --log-level warning "$@" >"$STAGE/other.out" 2>"$STAGE/other.err" &
    OTHER_SERVER=$!
    disown "$OTHER_SERVER"
    wait_for "^listening on" "$STAGE/other.out"
}

stop_other_server() {
    kill "$OTHER_SERVER"
    while kill -0 "$OTHER_SERVER" 2>/dev/null; do sleep 0.02; done
}

other_link() {
    timeout 60 "$BIN/voordracht-server" invite --data "$STAGE/other" --name "$1" --role reviewer --json | json .link
}

# A server that listens elsewhere than init said.
moved() {
    local free
    free="$(free_port)"
    other_server --listen "127.0.0.1:$free"
    as otto enrol "$(other_link otto)" >/dev/null || fail "a link does not lead to the port that is listened on"
    [ ! -s "$STAGE/other.err" ] || fail "something is wrong with the port: $(cat "$STAGE/other.err")"
    stop_other_server
    step "Links of a server that only this machine reaches carry the port that it listens on."

    other_server --listen "127.0.0.1:$free" --address sync.voordracht.invalid:443 --language nl
    grep -qF "Links dragen sync.voordracht.invalid:443, en de server luistert op 127.0.0.1:$free" "$STAGE/other.err" \
        || fail "nothing is said about links that lead elsewhere: $(cat "$STAGE/other.err")"
    refused "A link with a public name that this network does not know" 1 server.unresolved as paul enrol "$(other_link paul)"
    tells sync.voordracht.invalid
    as otto sync >/dev/null || fail "a device that was enrolled under the address of before is shut out"
    openssl s_client -connect "127.0.0.1:$free" </dev/null >"$STAGE/other.pem" 2>/dev/null || true
    [[ "$(openssl x509 -in "$STAGE/other.pem" -noout -checkhost sync.voordracht.invalid)" == *"does match"* ]] \
        || fail "the certificate does not name the address that links carry"
    stop_other_server

    # Forwarded from another port, the public name stays, and is remembered.
    other_server --listen "127.0.0.1:$free"
    grep -qF "Links carry sync.voordracht.invalid:443, and the server listens on 127.0.0.1:$free" "$STAGE/other.err" \
        || fail "the address was not remembered: $(cat "$STAGE/other.err")"
    refused "A public name after another start" 1 server.unresolved as paul enrol "$(other_link paula)"
    tells sync.voordracht.invalid
    stop_other_server
    step "A public name stays in links whatever the server listens on; it says so at its start:"
    sed 's/^/      /' "$STAGE/other.err"
}

proxies() {
    local invitation="$1" free
    proxy tunnel tunnel
    through "http://127.0.0.1:$PROXY" as nora enrol "$invitation" >/dev/null || fail "no enrolment through a proxy"
    https_proxy="127.0.0.1:$PROXY/" as nora sync >/dev/null || fail "no sync through a proxy"
    [ "$(grep -c "^CONNECT 127.0.0.1:$PORT$" "$STAGE/tunnel.proxy")" -ge 2 ] || fail "the proxy was not used"
    step "Enrolling and syncing through a proxy (HTTPS_PROXY, https_proxy)."
    proxy login login "anna:pass word"
    through "http://anna:pass%20word@127.0.0.1:$PROXY" as nora sync >/dev/null || fail "no sync through a proxy with a login"
    step "Syncing through a proxy that asks for a name and a password."
    refused "A proxy that asks for a password" 1 proxy.refused through "http://127.0.0.1:$PROXY" as anna sync

    proxy refuse refuse
    NO_PROXY="example.org,127.0.0.1" through "http://127.0.0.1:$PROXY" as nora sync >/dev/null || fail "NO_PROXY is not honoured"
    no_proxy="127.0.0.1:$PORT" through "http://127.0.0.1:$PROXY" as nora sync >/dev/null || fail "no_proxy is not honoured"
    [ "$(wc -l <"$STAGE/refuse.proxy")" -eq 1 ] || fail "a proxy was asked in spite of NO_PROXY"
    step "A server that NO_PROXY or no_proxy names is reached without the proxy."
    refused "A proxy that does not let through" 1 proxy.refused through "http://127.0.0.1:$PROXY" as anna sync
    tells "$PROXY"
    free="$(free_port)"
    refused "A proxy that is not there" 1 proxy.refused through "http://127.0.0.1:$free" as anna sync
    refused "A proxy that is none" 1 proxy.malformed through "socks5://127.0.0.1:1080" as anna sync
    refused "A proxy whose port answers in no HTTP" 1 proxy.refused through "http://127.0.0.1:$PORT" as anna sync
    opened_tls
}

# A proxy that opens TLS answers with a certificate of its own.
opened_tls() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=127.0.0.1" \
        -addext "subjectAltName=IP:127.0.0.1" -keyout "$STAGE/foreign.key" -out "$STAGE/foreign.pem" 2>/dev/null
    local foreign
    foreign="$(free_port)"
    openssl s_server -accept "127.0.0.1:$foreign" -key "$STAGE/foreign.key" -cert "$STAGE/foreign.pem" -quiet \
        >/dev/null 2>&1 &
    PROXIES+=($!)
    disown $!
    proxy detour detour "$foreign"
    refused "A proxy that opens TLS" 1 proxy.opensTLS through "http://127.0.0.1:$PROXY" as anna sync
    refused "A proxy that opens TLS while enrolling" 1 proxy.opensTLS \
        through "http://127.0.0.1:$PROXY" as olga enrol "$(link --name olga)"
}

# free_port: one that nobody listened on a moment ago.
free_port() {
    python3 -c 'import socket; s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])'
}
