# Bundles that are none, not whole, or not for this server. Sourced.

rows_of_bundles() {
    local file="$STAGE/edits.bundle" before
    refused "A bundle of nothing" 1 bundle.nothing as reviewer bundle export "$file"
    as anna annotate "$ZEIST" --body "Voor de secretaris, per stick." --visibility person >/dev/null
    before="$(as anna sync --dry-run --json | json .pending)"
    as anna bundle export "$file" >/dev/null
    [ "$(stat -c %a "$file")" = 600 ] || fail "others may read the bundle"
    ! grep -qaF "per stick" "$file" || fail "the bundle can be read"
    refused "A bundle over another file" 1 file.taken as anna bundle export "$file"
    refused "A bundle where nobody may write" 1 file.unwritable as anna bundle export "$STAGE/nergens/edits"
    tells "$STAGE/nergens/edits"
    head -c 300 "$file" >"$STAGE/half.bundle"
    sed 's/voordracht bundle 1/voordracht bundle 2/' "$file" >"$STAGE/newer.bundle"
    printf 'een brief\n' >"$STAGE/letter.bundle"
    # One byte of the fingerprint of the key says for whom it is.
    { head -c 19 "$file" && printf '\0\0' && tail -c +22 "$file"; } >"$STAGE/foreign.bundle"
    refused "A bundle that was cut off" 1 bundle.altered as bram bundle import "$STAGE/half.bundle"
    refused "A bundle of a newer program" 1 bundle.version as bram bundle import "$STAGE/newer.bundle"
    refused "A file that is no bundle" 1 bundle.malformed as bram bundle import "$STAGE/letter.bundle"
    refused "A bundle for another association" 1 bundle.foreign as bram bundle import "$STAGE/foreign.bundle"
    refused "A bundle that is not there" 1 file.missing as bram bundle import "$STAGE/nergens.bundle"
    refused "A bundle without an end" 1 file.tooLong as bram bundle import /dev/zero
    [ "$(as anna sync --dry-run --json | json .pending)" = "$before" ] || fail "a bundle took edits out of the queue"
    [ "$(as bram bundle import "$file" --json | json .accepted)" = "$before" ] || fail "the bundle did not arrive"
    [ "$(as bram bundle import "$file" --json | json .accepted)" = "$before" ] || fail "it is not told alike again"
    sync_all anna
    [ "$(as anna sync --dry-run --json | json .pending)" = 0 ] || fail "what arrived is still queued"
}
