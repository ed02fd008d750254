# Databases that are none any more. Sourced.

# spoiled NAME FILE HOW: a copy of that folder in $STAGE/spoiled with its database spoiled.
spoiled() {
    local file="$STAGE/spoiled/$2" pages
    rm -rf "$STAGE/spoiled"
    cp -a "$STAGE/$1" "$STAGE/spoiled"
    sqlite3 "$file" 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
    rm -f "$file-wal" "$file-shm"
    pages=$(($(stat -c %s "$file") / 4096))
    case "$3" in
        overwritten) dd if=/dev/zero of="$file" bs=4096 seek=1 count=$((pages - 1)) conv=notrunc status=none ;;
        truncated) truncate -s $((pages / 2 * 4096 + 100)) "$file" ;;
        empty) : >"$file" ;;
        text) seq 500 | sed "s/.*/Dit is geen database./" >"$file" ;;
        newer) sqlite3 "$file" 'PRAGMA user_version = 999' ;;
        foreign) rm "$file"; sqlite3 "$file" 'PRAGMA application_id = 77; CREATE TABLE t (a)' ;;
    esac
}

of_spoiled() {
    local program="$1"
    shift
    case "$program" in
        voordracht) timeout 60 "$BIN/voordracht" "$@" --home "$STAGE/spoiled" ;;
        *) timeout 60 "$BIN/voordracht-server" "$@" --data "$STAGE/spoiled" ;;
    esac
}

rows_of_databases() {
    local how code
    stop_server
    for how in overwritten:corrupt truncated:corrupt empty:unfinished text:corrupt newer:newerVersion foreign:corrupt; do
        spoiled anna replica.db "${how%:*}"
        code="replica.${how#*:}"
        refused "A replica's database, ${how%:*}" 1 "$code" of_spoiled voordracht show "$ZEIST"
        tells "$STAGE/spoiled/replica.db"
        refused "A replica's database, ${how%:*}, written" 1 "$code" of_spoiled voordracht set "$ZEIST" title x
    done
    for how in overwritten:damaged truncated:damaged empty:damaged text:foreign newer:newer foreign:foreign; do
        spoiled server server.db "${how%:*}"
        code="server.${how#*:}"
        refused "A server's database, ${how%:*}" 1 "$code" of_spoiled voordracht-server serve --listen 127.0.0.1:0
        tells "$STAGE/spoiled/server.db"
        refused "A server's database, ${how%:*}, asked" 1 "$code" of_spoiled voordracht-server person list
    done
    spoiled anna replica.db kept
    echo x >"$STAGE/spoiled/device.key"
    start_server
    refused "A device's key that is none" 1 replica.corrupt of_spoiled voordracht sync
    tells "$STAGE/spoiled/device.key"
    stop_server
    spoiled server server.db kept
    echo x >"$STAGE/spoiled/authority.key"
    refused "A server's key that is none" 1 folder.damaged of_spoiled voordracht-server serve --listen 127.0.0.1:0
    tells "$STAGE/spoiled/authority.key"
    start_server
}
