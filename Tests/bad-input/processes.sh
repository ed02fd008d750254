# Two programs at once on one replica. Sourced.

rows_of_processes() {
    local index status pids=()
    # Whoever synchronises holds this lock; here a shell does.
    exec 9>>"$STAGE/anna/sync.lock"
    flock -n 9 || fail "somebody synchronises already"
    refused "Two syncs at once" 1 sync.busy as anna sync
    exec 9>&-
    for index in 1 2; do
        as anna sync >"$STAGE/sync$index" 2>"$STAGE/sync$index.err" &
        pids+=($!)
    done
    for index in 0 1; do
        status=0
        wait "${pids[$index]}" || status=$?
        [ "$status" -eq 0 ] || grep -q "Another program is synchronising" "$STAGE/sync$((index + 1)).err" \
            || fail "one of two syncs failed: $(cat "$STAGE/sync$((index + 1)).err")"
    done
    pids=()
    for index in 1 2 3 4; do
        as anna annotate "$ZEIST" --body "tegelijk $index" --visibility organisation >/dev/null &
        pids+=($!)
    done
    for index in 0 1 2 3; do wait "${pids[$index]}" || fail "one of four edits at once was not taken"; done
    sync_all anna bram
    for index in 1 2 3 4; do
        [ "$(as bram list annotation --json | jq "[.items[] | select(.title == \"tegelijk $index\")] | length")" = 1 ] \
            || fail "of four edits at once, number $index is not there once"
    done
    step "Two syncs at once go on or say who is busy; four edits at once are all kept, once."
}
