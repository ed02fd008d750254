# Names that say nothing, and values that do not fit. Sourced.

rows_of_names() {
    refused "An unknown municipality, a letter off" 1 nominee.unknown as anna nominate Zeits
    suggests Zeist
    refused "An unknown municipality, near an alias" 1 nominee.unknown as anna nominate "Den Bosh"
    suggests "'s-Hertogenbosch"
    refused "An unknown municipality, near nothing" 1 nominee.unknown as anna nominate Xyzzyplugh
    refused "A dossier of an unknown municipality" 1 nominee.unknown as reviewer review Zeits
    refused "An unknown record" 1 record.unknown as anna show Buurtkamr
    suggests Buurtkamer
    refused "An unknown id" 1 record.unknown as anna show r00ff00ff
    refused "An unknown field" 1 field.unknown as anna set "$ZEIST" titel x
    [ "$(word "$STAGE/en.json" 'suggestions[0]')" = title ] || fail "title is not suggested first"
    refused "An unknown field, asked about" 1 field.unknown as anna why "$ZEIST" motivatie
    [ "$(word "$STAGE/en.json" 'suggestions[0]')" = motivation ] || fail "motivation is not suggested first"
    refused "A value that the field does not know" 1 value.malformed as anna set "$ZEIST" relation partners
    [ "$(word "$STAGE/en.json" 'suggestions[0]')" = partner ] || fail "partner is not suggested first"
    refused "A value of another type" 1 value.malformed as anna set "$ZEIST" autoSubmit soms
    refused "A text field as if it were short" 1 field.operation as anna set "$ZEIST" motivation x
    refused "An unknown kind" 1 kind.unknown as anna list nominatie
    suggests nomination
    refused "An unknown criterion" 1 criterion.unknown as anna example "$ZEIST" --title x --criterion preventief
    suggests preventie
    refused "An unknown conflict" 1 conflict.unknown as anna resolve 0f0f0f0f --keep c1
    refused "A base that is none" 2 view.malformed as anna set "$ZEIST" title x --base gisteren
    refused "A base in the future" 1 base.future as anna set "$ZEIST" title x --base 999999
    refused "A date that is none" 2 date.malformed as secretariat edition create 2018 --name x --reference-date morgen
    refused "An edition that is there already" 1 edition.exists as secretariat edition create 2017 --name x
    refused "Somebody who may not" 1 audience.forbidden as anna edition close 2017
    refused "A nomination without an example" 1 submission.noExample as bram submit "$(as bram nominate Delft --json | json .record)"

    refused "An unknown role" 1 role.unknown server invite --name x --role directeur
    refused "An unknown organisation" 1 record.notFound server invite --name x --role member --organisation nergens
    refused "An unknown person" 1 record.notFound server person set-role niemand reviewer
    refused "An unknown device" 1 record.notFound server revoke nergens --lost
    refused "A change that is not held" 1 change.unknown server release abcdef
    refused "A number that is not of the Chamber of Commerce" 1 organisation.kvk server organisation add x --kvk 12
    tells "“12”"

    refused "Wrong use: an unknown option" 2 usage.arguments as anna show --feld x
    refused "Wrong use: an argument is missing" 2 usage.arguments as anna nominate
    refused "Wrong use: no number" 2 usage.arguments as anna list nomination --limit veel
    refused "Wrong use: two that exclude each other" 2 usage.arguments as anna sync --watch --dry-run
    refused "Wrong use of the server: an unknown command" 2 usage.arguments server frobnicate
    refused "Wrong use of the server: too little" 2 usage.arguments server invite --name x --role member
    reviewer_and_conflict
    closed_edition
}

# Who reviews sees a conflict, and is told whose it is.
reviewer_and_conflict() {
    as anna submit "$ZEIST" >/dev/null
    as anna set "$ZEIST" relation partner >/dev/null
    as bram set "$ZEIST" relation client >/dev/null
    sync_all anna bram anna reviewer
    local conflict
    conflict="$(as reviewer conflicts --json | json '.conflicts[0].id')"
    refused "A reviewer who would settle a conflict" 1 conflict.organisation as reviewer resolve "$conflict" --keep c1
    refused "A candidate that the conflict does not have" 1 candidate.unknown as anna resolve "$conflict" --keep c9
    suggests c1
    as anna resolve "$conflict" --keep c1 >/dev/null
    sync_all anna bram
}

# A replica judges by what it last received, and says so.
closed_edition() {
    as secretariat edition close 2017 >/dev/null
    sync_all secretariat bram
    refused "A nomination after closing" 1 edition.closed as bram nominate Utrecht
    grep -qi "sync" "$STAGE/en.txt" && grep -qi "synchroniseer" "$STAGE/nl.txt" || fail "nobody is told to sync first"
    as secretariat edition open 2017 >/dev/null
    sync_all secretariat bram
    as bram nominate Utrecht >/dev/null || fail "the edition was opened again, and bram could not nominate"
    sync_all bram
}
