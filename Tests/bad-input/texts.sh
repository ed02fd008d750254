# Texts that are too long, or no texts. Sourced.

rows_of_texts() {
    local before bad
    before="$(as anna status --json | json .view)"
    bad="$(printf 'caf\351')"
    head -c 1048577 /dev/zero | tr '\0' a >"$STAGE/long.txt"
    printf '%s' "$bad" >"$STAGE/latin1.txt"
    printf 'name,kvk\nA,900\n' >"$STAGE/number.csv"
    printf 'name,kvk\nA\n' >"$STAGE/cells.csv"
    printf 'naam\nA\n' >"$STAGE/column.csv"
    : >"$STAGE/empty.csv"
    refused "A text above 1 MiB" 1 text.tooLarge as anna text "$ZEIST" motivation --file "$STAGE/long.txt"
    INPUT="$STAGE/long.txt" refused "A text above 1 MiB on standard input" 1 text.tooLarge \
        as anna text "$ZEIST" motivation --file -
    INPUT="$STAGE/long.txt" refused "A new nomination with a text above 1 MiB" 1 text.tooLarge \
        as anna nominate Gouda --motivation-file -
    refused "A text without an end" 1 text.tooLarge as anna text "$ZEIST" motivation --file /dev/zero
    refused "A file that is no UTF-8" 1 file.text as anna text "$ZEIST" motivation --file "$STAGE/latin1.txt"
    tells "$STAGE/latin1.txt"
    INPUT="$STAGE/latin1.txt" refused "Standard input that is no UTF-8" 1 file.text \
        as anna annotate "$ZEIST" --body-file -
    refused "An argument that is no UTF-8" 2 usage.encoding as anna set "$ZEIST" title "$bad"
    refused "A file that is not there" 1 file.missing as anna text "$ZEIST" motivation --file "$STAGE/nergens.txt"
    refused "A folder for a file" 1 file.unreadable as anna text "$ZEIST" motivation --file "$STAGE"
    [ "$(as anna status --json | json .view)" = "$before" ] || fail "a text that was refused was recorded"

    refused "An argument of the server that is no UTF-8" 2 usage.encoding server organisation add "$bad"
    refused "A table that is not there" 1 file.missing server organisation import "$STAGE/nergens.csv"
    refused "A table that is no UTF-8" 1 file.text server organisation import "$STAGE/latin1.txt"
    refused "A table without its column" 1 table.column server organisation import "$STAGE/column.csv"
    refused "A table with a short line" 1 table.cells server organisation import "$STAGE/cells.csv"
    tells "$STAGE/cells.csv:2"
    refused "An empty table" 1 table.empty server organisation import "$STAGE/empty.csv"
    refused "A table with a bad number" 1 organisation.kvk server organisation import "$STAGE/number.csv"
    tells "$STAGE/number.csv:2"
    [ "$(server organisation list --json | json .total)" = 1 ] || fail "a table that was refused was taken over"
}
