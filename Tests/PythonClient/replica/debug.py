"""The debug form of a frame: one line that tells everything but the contents of changes (section 10)."""

from . import frames


def joined(parts):
    return ",".join(parts) or "-"


def short(change):
    return f"{change[0].hex()[:4]}:{change[1]}"


def entry(item):
    place = "" if item.position is None else f"@{item.position}"
    return f"{item.envelope.audience}/{short(item.envelope.id)}{place}{'' if item.change else '(erased)'}"


def batch(items):
    return joined(entry(item) for item in items.entries)


def verdict(item):
    change, (code, *rest) = item
    words = {
        frames.ACCEPTED: "accepted@{}", frames.HELD: "held({})", frames.WAITING: "waiting({})",
        frames.REFUSED: "refused({})"}
    return f"{short(change)}={words[code].format(rest[0])}"


def epoch(number):
    return "-" if number is None else f"{number:016x}"


FORMS = {
    frames.HELLO: lambda version, replica, lineage, cursor:
        f"hello version={version} replica={replica.hex()} epoch={epoch(lineage)} cursor={cursor}",
    frames.PUSH: lambda items: f"push {batch(items)}",
    frames.ASK: lambda changes: "ask " + joined(f"{replica.hex()}:{number}" for replica, number in changes),
    frames.WANT: lambda cursor, live, held:
        f"want cursor={cursor} live={'yes' if live else 'no'} held="
        + joined(f"{name}@{have}/{end}" for name, have, end in held),
    frames.PURGED: lambda names: "purged " + joined(names),
    frames.COMPARE: lambda size: f"compare size={size}",
    frames.PROVE: lambda replica, number: f"prove {replica.hex()}:{number}",
    frames.WELCOME: lambda version, lineage, head, time:
        f"welcome version={version} epoch={epoch(lineage)} head={head} time={time}",
    frames.VERDICT: lambda items: "verdicts " + joined(verdict(item) for item in items),
    frames.GRANT: lambda name, end: f"grant {name} end={end}",
    frames.DELIVER: lambda lane, through, items:
        f"deliver {'main' if lane is None else 'lane=' + lane} through={through} {batch(items)}",
    frames.REVOKE: lambda names: "revoke " + joined(names),
    frames.CURRENT: lambda position: f"current {position}",
    frames.PULSE: lambda time: f"pulse time={time}",
    frames.REFUSAL: lambda code, message, remedy: f"refusal {code}",
    frames.TREE: lambda lineage, size, root, time, signature, path: f"tree size={size} time={time}",
    frames.RECEIPT: lambda change, index, *rest: f"receipt {change[0].hex()}:{change[1]} leaf={index}",
    frames.CONTINUE: lambda new, old, number: f"continue {new.hex()} after={old.hex()}:{number}",
    frames.OFFER: lambda items: f"offer {batch(items)}",
    frames.RESTORED: lambda items: "restored " + joined(f"{item[0]:016x}@{item[2]}" for item in items),
    frames.EVIDENCE: lambda items: "evidence " + joined(f"{item[0][0].hex()}:{item[0][1]}" for item in items),
    frames.LODGE: lambda items: "lodge " + joined(name for name, _ in items),
    frames.FINGERPRINTS: lambda items: "fingerprints " + joined(f"{item[0]}@{item[1]}/{item[2]}" for item in items),
    frames.DIFFERING: lambda items: "differing " + joined(f"{item[0]}@{item[1]}/{item[2]}" for item in items),
    frames.SEGMENTED: lambda: "segmented",
    frames.SEGMENTS_OF: lambda lane, items:
        f"segments {lane} " + joined(f"{item[2].hex()[:4]}@{item[0]}/{item[1]}" for item in items),
    frames.CONTINUED: lambda new, old, number: f"continued {new.hex()} after={old.hex()}:{number}",
}


def line(frame):
    return FORMS[frame.kind](*frame.parts)
