"""Three Swift replicas and two Python replicas work at random without a network and sync in random orders; at
the end the digest of every audience must be the same in both languages. `run.sh` sets the stage."""

import json
import os
import random
import subprocess
import sys

import tampering
from replica import exchange, fold, log as logs
from replica.enrolment import enrol
from replica.recording import record
from replica.operations import CREATE, REGISTER, WRITE, Operation
from replica.values import text_value
from wild import WORDS, Author

ROUNDS, TURNS, EDITS = 3, 3, int(os.environ["EDITS"])
BIN, STAGE = os.environ["BIN"], os.environ["STAGE"]


def fail(message):
    sys.exit(f"FAILED: {message}")


def program(name, *arguments, statuses=(0,), text=""):
    """What a program prints as JSON, given a text on standard input; it must end with one of these statuses."""
    done = subprocess.run(
        [f"{BIN}/{name}", *arguments, "--json"], input=text, capture_output=True, text=True, check=False)
    if done.returncode not in statuses:
        fail(f"{name} {' '.join(arguments)}: {done.stdout} {done.stderr}")
    return json.loads(done.stdout or "{}")


def swift(who, *arguments, **options):
    return program("voordracht", *arguments, "--home", f"{STAGE}/{who}", **options)


def invitation(*arguments):
    return program("voordracht-server", "invite", *arguments, "--data", f"{STAGE}/server")["link"]


def newcomer(name, save_as=None):
    """A Python replica, enrolled by a link."""
    link = invitation("--name", name, "--organisation", "90000001", "--role", "member")
    log = logs.Log(f"{STAGE}/{name}", enrol(link, f"{STAGE}/{name}", f"python of {name}"))
    exchange.pull(log, save_as)
    return log


def words(dice):
    return " ".join(dice.choice(WORDS) for _ in range(4))


def swift_edits(dice, who):
    """Edits that people make with the program: fields, texts, sets, removals, remarks."""
    kind = dice.choice(("nomination", "example"))
    items = swift(who, "list", kind)["items"]
    if not items:
        return
    record_id = dice.choice(items)["record"]
    field = "motivation" if kind == "nomination" else "description"
    for arguments in dice.sample(
        [
            ("set", record_id, "title", words(dice)), ("text", record_id, field, "--file", "-"),
            ("annotate", record_id, "--body", words(dice), "--visibility", "organisation"),
            ("add", record_id, "strengths", dice.choice(WORDS)),
            ("remove", record_id) if kind == "example" else ("take", record_id, "strengths", dice.choice(WORDS)),
        ], 2):
        # A record that is gone, or a set without the value, is told and changes nothing.
        swift(who, *arguments, statuses=(0, 1), text=words(dice))


def private_note(log):
    """A note that its author alone reads: the audience comes into being with it."""
    person = log.identity["person"]
    note = os.urandom(16)
    operations = [Operation(CREATE, note, "annotation"), Operation(WRITE, note, "quote", REGISTER, text_value("é"))]
    return record(log, f"person:{person}", operations)


def compare(swifts, pythons, moment):
    """Every audience that two replicas hold has one digest; gives the number of audiences that were compared."""
    digests = {}
    for who in swifts:
        found = swift(who, "digest")
        digests[who] = found["cursor"], {item["id"]: item["digest"] for item in found["audiences"]}
    for who, author in pythons.items():
        found = fold.digests(author.log)
        digests[who] = author.log.cursor, {name: digest.hex() for name, digest in found.items()}
    cursors = {cursor for cursor, _ in digests.values()}
    if len(cursors) > 1:
        fail(f"{moment}: not all are at one cursor: {sorted(cursors)}")
    told = {}
    for who, (_, found) in digests.items():
        for audience, digest in found.items():
            told.setdefault(audience, {}).setdefault(digest, []).append(who)
    for audience, groups in sorted(told.items()):
        if len(groups) > 1:
            fail(f"{moment}: the digests of {audience} differ: {list(groups.values())}")
    holders = [{who for group in groups.values() for who in group} for groups in told.values()]
    return sum(1 for who in holders if who & {*swifts} and who & {*pythons})


def conflicts(author):
    """How many conflicts of each kind stand at the end: a story without any would prove little."""
    kinds = {}
    for item in fold.view(author.log, author.audience):
        for conflict in [item.conflict] * bool(item.conflict) + [c for f in item.fields for c in f.conflicts]:
            kinds[conflict.kind] = kinds.get(conflict.kind, 0) + 1
    if not kinds:
        fail("no edits were in conflict")
    return ", ".join(f"{number} {kind}" for kind, number in sorted(kinds.items()))


def erase():
    """Something that all hold is erased: afterwards nobody has it, and all have the same."""
    records = [item["record"] for item in swift("anna", "list", "nomination")["items"]]
    report = [program("voordracht-server", "erase", record, "--yes", "--data", f"{STAGE}/server") for record in records]
    found = sum(item["changes"] for item in report)
    if not found:
        fail("there was nothing to erase")
    return f"{found} changes erased"


def count(authors):
    own = [e for author in authors for e in author.log.changes.values() if e.id[0] == author.log.replica]
    kinds = {}
    for entry in own:
        key = entry.state if entry.state == logs.ACCEPTED else f"{entry.state} {entry.reason}"
        kinds[key] = kinds.get(key, 0) + 1
    return ", ".join(f"{number} {key}" for key, number in sorted(kinds.items()))


def meet(dice, swifts, pythons):
    """Everybody syncs twice, in a random order."""
    everybody = swifts + list(pythons)
    dice.shuffle(everybody)
    for who in everybody * 2:
        if who in pythons:
            exchange.sync(pythons[who].log)
        else:
            swift(who, "sync")


def main(seed):
    dice = random.Random(seed)
    pythons = {}
    for name in ("piet", "puck"):
        log = newcomer(name)
        audience = next(name for name in log.lanes if name.startswith("organisation:"))
        pythons[name] = Author(log, audience, dice)
        private_note(log)
    # A Swift replica of the same person reads the same private notes.
    swift("phone", "enrol", invitation("--for", pythons["piet"].log.identity["person"]), "--device", "phone")
    swifts = ["anna", "bram", "phone"]
    for turn in range(ROUNDS):
        for _ in range(TURNS):
            for author in pythons.values():
                author.remember()
                for _ in range(EDITS):
                    author.edit()
            meet(dice, [], pythons)
        for who in swifts:
            swift_edits(dice, who)
        meet(dice, swifts, pythons)
        audiences = compare(swifts, pythons, f"round {turn + 1}")
        if audiences < 4:
            fail(f"only {audiences} audiences were compared")
        print(f"    round {turn + 1}: {audiences} audiences, equal digests; own changes: {count(pythons.values())}")
    print(f"    in conflict at the end: {conflicts(pythons['puck'])}")
    pythons["late"] = Author(newcomer("late", f"{STAGE}/stream"), audience, dice)
    stream = tampering.check(pythons["late"].log, f"{STAGE}/stream", dice)
    meet(dice, swifts, pythons)
    compare(swifts, pythons, "after a newcomer's first pull")
    print(f"    a newcomer's first pull: equal digests; {stream}")
    told = erase()
    pythons["last"] = Author(newcomer("last"), audience, dice)
    meet(dice, swifts, pythons)
    compare(swifts, pythons, "after an erasure")
    print(f"    {told}: equal digests, a newcomer's too")


if __name__ == "__main__":
    main(int(sys.argv[1]))
