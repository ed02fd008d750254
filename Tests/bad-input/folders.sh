# Folders that belong to somebody else. Sourced.

# other COMMAND…: as another user; whoever is not root gives up the right to write instead.
OTHER=()
become_other() {
    [ "$(id -u)" -eq 0 ] || return 0
    OTHER=(setpriv --reuid=65534 --regid=65534 --clear-groups)
    # Where the programs stand behind a folder that is closed to others, they may be read, and no more.
    "${OTHER[@]}" "$BIN/voordracht" --version >/dev/null 2>&1 \
        || OTHER+=(--inh-caps=+dac_read_search --ambient-caps=+dac_read_search)
}
other() {
    local program="$1"
    shift
    timeout 60 "${OTHER[@]}" "$BIN/$program" "$@"
}

rows_of_folders() {
    local kind
    become_other
    stop_server
    chmod 755 "$STAGE"
    for kind in anna server; do
        cp -a "$STAGE/$kind" "$STAGE/$kind.closed"
        chmod -R a+rX,a-w "$STAGE/$kind.closed"
    done
    mkdir -m 555 "$STAGE/readonly"
    refused "A replica that may not be written" 1 replica.notWritable \
        other voordracht set "$ZEIST" title x --home "$STAGE/anna.closed"
    tells "$STAGE/anna.closed"
    refused "A replica that may not be written, read" 1 replica.notWritable \
        other voordracht status --home "$STAGE/anna.closed"
    refused "A folder that cannot be made" 1 replica.notWritable \
        other voordracht enrol "$(link --name ruth)" --home "$STAGE/readonly/ruth"
    refused "A server's folder that may not be written" 1 folder.forbidden \
        other voordracht-server serve --listen 127.0.0.1:0 --data "$STAGE/server.closed"
    refused "A server's folder that may not be written, asked" 1 folder.forbidden \
        other voordracht-server person list --data "$STAGE/server.closed"
    refused "A server's folder that cannot be made" 1 folder.forbidden \
        other voordracht-server init --data "$STAGE/readonly/server"
    refused "A folder for a server with something in it" 1 folder.taken \
        timeout 60 "$BIN/voordracht-server" init --data "$STAGE/anna"
    refused "A folder without a replica" 1 replica.notEnrolled as nobody status
    # A database that may only be read is no server's, whatever its folder allows.
    cp -a "$STAGE/server" "$STAGE/server.half"
    chmod -R a+rwX "$STAGE/server.half"
    chmod a-w "$STAGE/server.half/server.db"
    refused "A server's database that may only be read" 1 server.forbidden \
        other voordracht-server serve --listen 127.0.0.1:0 --data "$STAGE/server.half"
    chmod -R u+w "$STAGE/anna.closed" "$STAGE/server.closed" "$STAGE/readonly"
    start_server
}
