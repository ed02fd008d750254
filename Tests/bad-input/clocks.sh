# Clocks that are two years off. Sourced.

rows_of_clocks() {
    local offset title days
    for offset in +2y -2y; do
        title="met de klok op $offset"
        at_clock "$offset" "$BIN/voordracht" set "$ZEIST" title "$title" --home "$STAGE/anna" >/dev/null \
            || fail "no edit with the clock at $offset"
        at_clock "$offset" "$BIN/voordracht" sync --home "$STAGE/anna" >"$STAGE/out" \
            || fail "no sync with the clock at $offset: $(cat "$STAGE/out")"
        grep -qE "your clock is (729|730|731) days" "$STAGE/out" || fail "the sync does not show the offset: $(cat "$STAGE/out")"
        days="$(at_clock "$offset" "$BIN/voordracht" sync --home "$STAGE/anna" --json | jq '.clockOffsetMilliseconds | fabs / 86400000 | round')"
        [ "$days" = 730 ] || fail "the offset is not two years: $days days"
        sync_all bram
        [ "$(as bram show "$ZEIST" --json | jq -r .fields.title.value)" = "$title" ] || fail "bram does not see the edit at $offset"
        # Whoever has seen it writes over it, whatever the clocks say.
        as bram set "$ZEIST" title "daarna" >/dev/null
        sync_all bram anna
        [ "$(as anna show "$ZEIST" --json | jq -r .fields.title.value)" = "daarna" ] || fail "an edit at $offset stays on top"
        step "A clock at $offset: edits go, the sync shows it ($(tail -n 1 "$STAGE/out")), and others write over them."
    done
    at_clock "-2y" "$BIN/voordracht" enrol "$(link --name tijd)" --home "$STAGE/tijd" >/dev/null \
        || fail "no enrolment with the clock two years back"
    step "A device whose clock is two years back enrols."
}
