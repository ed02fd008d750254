#!/usr/bin/env bash
# The main job from end to end, by the command line only: three people of two member organisations
# nominate offline, a reviewer judges the merged nominations, the contact settles the conflicts.

KEEP_STAGE=1
. "$(dirname "$0")/stage.sh"

organisations() {
    # 600 members with numbers of the Chamber of Commerce that do not exist.
    echo "name,kvk"
    echo "Welzijn Delftstede,90000001"
    echo "Sociaal Werk Vijfheer,90000002"
    seq 3 600 | awk '{ printf "Welzijnsorganisatie %03d,900%05d\n", $1, $1 }'
}

server init --association "Sociaal Werk Nederland" >"$STAGE/init" 2>&1
organisations >"$STAGE/members.csv"
server organisation import "$STAGE/members.csv" >/dev/null
start_server
step "A server listens on https://127.0.0.1:$PORT, with $(server organisation list --json | jq '.items | length') member organisations."

enrol secretariat --role secretariat
as secretariat edition create 2017 --name "Gouden Sociale Gemeenten" --predicate "Gouden Sociale Gemeente" \
    --reference-date 2017-01-01 >/dev/null
for criterion in "partnerschap met sociaal werk" "preventie" "vernieuwing" "onderling vertrouwen" \
    "geen herhaalde aanbesteding op laagste prijs" "vroege lichte ondersteuning" "sociale netwerken" \
    "lerende gemeente" "afspraken over participatie" "lef en doorzettingsvermogen"; do
    as secretariat criterion add "$criterion" --edition 2017 >/dev/null
done
as secretariat edition open 2017 >/dev/null
sync_all secretariat
step "The secretariat opened the edition of 2017 with 10 criteria."

enrol anna --organisation 90000001 --role member contact
enrol bram --organisation 90000001 --role member
enrol carla --organisation 90000002 --role member contact
enrol reviewer --role reviewer
as anna nominate Zeist --motivation "Zeist werkt samen met sociaal werk. De wijkteams zijn vroeg begonnen." >/dev/null
ZEIST="$(record_of anna nomination Zeist)"
as anna example "$ZEIST" --title "Buurtkamer" --description "Een open huis in de wijk." >/dev/null
as anna example "$ZEIST" --title "Jongerenwerk" --description "Straathoekwerk met de scholen." >/dev/null
sync_all anna bram carla reviewer
step "Anna and Bram of one organisation, Carla of another, and a reviewer enrolled; Anna shares a draft about Zeist."

stop_server
step "The server is stopped; everybody goes on."
as anna nominate Delft --motivation "Delft begon vijf jaar eerder dan de rest." >/dev/null
as anna example Delft --title "Delft voor Elkaar" --description "Zorg en welzijn werken samen." --criterion preventie >/dev/null
as anna annotate Delft --body "Nagaan of de stuurgroep nog bestaat." --stance question >/dev/null
as carla nominate Leerdam --motivation "Leerdam investeert in preventie." >/dev/null
as carla example Leerdam --title "Glazen huis" --description "Ontmoeting in het centrum." >/dev/null
as carla nominate "Alphen aan de Rijn" --motivation "Eén toegang voor alle vragen." >/dev/null
as carla example "Alphen aan de Rijn" --title "Eén loket" >/dev/null
as bram nominate "regio Midden-Limburg" --motivation "Zeven gemeenten trekken samen op." >/dev/null
as bram example "regio Midden-Limburg" --title "Samen inkopen" >/dev/null
step "They nominate Delft, Leerdam, Alphen aan den Rijn and regio Midden-Limburg, with examples and an annotation."

printf '%s' "In de provincie Utrecht valt Zeist op. Zeist werkt samen met sociaal werk. De wijkteams zijn vroeg begonnen." >"$STAGE/a.txt"
as anna text "$ZEIST" motivation --file "$STAGE/a.txt" >/dev/null
printf '%s' "Zeist werkt samen met sociaal werk. De wijkteams zijn vroeg begonnen en staan dicht bij bewoners." >"$STAGE/b.txt"
as bram text "$ZEIST" motivation --file "$STAGE/b.txt" >/dev/null
step "Anna and Bram edit the same motivation, one at its beginning, the other at its end."

ROOM="$(record_of anna example Buurtkamer)"
YOUTH="$(record_of anna example Jongerenwerk)"
as anna set "$ROOM" place "Zeist-Noord" >/dev/null
as bram set "$ROOM" place "Vollenhove" >/dev/null
as bram remove "$YOUTH" >/dev/null
as anna set "$YOUTH" period "2015 en 2016" >/dev/null
step "They set the same field differently, and Anna edits an example that Bram removes."

start_server
step "The server is back."
sync_all anna bram carla anna
for nomination in "$ZEIST" Delft; do as anna submit "$nomination" >/dev/null; done
as bram submit "regio Midden-Limburg" >/dev/null
for nomination in Leerdam "Alphen aan de Rijn"; do as carla submit "$nomination" >/dev/null; done
sync_all anna bram carla anna bram reviewer
[ "$(as anna conflicts --json | jq '.conflicts | length')" = 2 ] || fail "two conflicts were expected: $(as anna conflicts)"
[ "$(as anna conflicts --json | jq -c '[.conflicts[].kind] | sort')" = '["removed","value"]' ] || fail "other conflicts than expected"
[ "$(as anna show "$ZEIST" --json | jq -r .fields.motivation.value)" = \
    "In de provincie Utrecht valt Zeist op. Zeist werkt samen met sociaal werk. De wijkteams zijn vroeg begonnen en staan dicht bij bewoners." ] \
    || fail "the motivation did not merge: $(as anna show "$ZEIST")"
step "All have synced and submitted: the motivation merged, and two conflicts are open."

as reviewer review Zeist >"$STAGE/dossier-1.txt"
sed 's/^/      /' "$STAGE/dossier-1.txt"
[ "$(as reviewer review Zeist --json | jq '.conflicts | length')" = 2 ] || fail "the reviewer does not see two conflicts"
for conflict in $(as reviewer review Zeist --json | jq -r '.conflicts[].id'); do
    as reviewer assign "$conflict" anna >/dev/null
done
as reviewer annotate Zeist --body "Sterk verhaal; graag één voorbeeld scherper." --visibility jury --stance strength >/dev/null
sync_all reviewer anna
step "The reviewer read the dossier, assigned both conflicts to Anna, and wrote a note for the jury."

stop_server
VALUE="$(as anna conflicts --json | jq -r '.conflicts[] | select(.kind == "value") | .id')"
REMOVED="$(as anna conflicts --json | jq -r '.conflicts[] | select(.kind == "removed") | .id')"
[ "$(as anna conflicts --json | jq -r '[.conflicts[] | select(.assignee != null)] | length')" = 2 ] || fail "Anna does not see the assignments"
as anna resolve "$VALUE" --value "Zeist-Noord en Vollenhove" >/dev/null
KEPT="$(as anna conflicts --json | jq -r --arg id "$REMOVED" '.conflicts[] | select(.id == $id) | .candidates[] | select(.role == "edit") | .id' | head -n 1)"
as anna resolve "$REMOVED" --keep "$KEPT" >/dev/null
step "Offline again, Anna resolves both: one with a new value, one by keeping the example."

start_server
sync_all anna bram carla reviewer anna bram carla reviewer
as reviewer review Zeist >"$STAGE/dossier-2.txt"
sed 's/^/      /' "$STAGE/dossier-2.txt"
[ "$(as reviewer review Zeist --json | jq '.conflicts | length')" = 0 ] || fail "conflicts are left in the dossier"
[ "$(as anna conflicts --json | jq '.conflicts | length')" = 0 ] || fail "conflicts are left with Anna"
step "All have synced: the next submission went by itself, and the dossier has no conflicts."

for pair in "anna bram" "anna carla" "anna reviewer" "bram reviewer" "carla reviewer"; do
    # shellcheck disable=SC2086
    equal_digests $pair || fail "different digests: $pair"
done
step "Digests of equal audiences are equal on all replicas."
server verify >/dev/null || fail "the server's log is not sound: $(server verify)"
stop_server
step "The server's log was verified, and the server stopped. Nothing is left running."
echo
echo "Look further: $BIN/voordracht review Zeist --home $STAGE/reviewer"
echo "              $BIN/voordracht why $ROOM place --home $STAGE/anna"
echo "              (everything stands in $STAGE; remove it when you are done)"
