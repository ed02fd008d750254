"""Erasing what the server says was erased (P-170, P-171)."""

from dataclasses import replace

from .change import record_id
from .octets import Reader
from .operations import APPEND_ONLY, CREATE, WRITE
from .values import BYTES, INTEGER, LIST, NULL, TEXT, Value, list_value


def follow(log, envelopes):
    """Erases what these changes say, of all that is held; and says anew what the whole audience says."""
    server = bytes.fromhex(log.identity["serverReplica"])
    for audience in {envelope.audience for envelope in envelopes if envelope.replica == server}:
        for entry in log.of(audience):
            if entry.envelope.replica == server and entry.change:
                for target, mark in marks(entry.change.operations):
                    erase(log, audience, target, mark)


def marks(operations):
    """(change id, mark) of each mark that a record of kind `erasure` is given in these operations."""
    targets = {}
    for operation in operations:
        if operation.code == CREATE and operation.name == "erasure" and operation.key:
            key = operation.key[0]
            if record_id("erasure", operation.key) == operation.record and key.tag == BYTES and len(key.payload) == 24:
                targets[operation.record] = key.payload[:16], int.from_bytes(key.payload[16:], "big")
        is_mark = (operation.code, operation.name, operation.policy) == (WRITE, "marks", APPEND_ONLY)
        if is_mark and operation.record in targets and operation.value.tag == LIST:
            place, path, start, count = operation.value.items
            steps = [number(step) for step in path.items]
            yield targets[operation.record], (number(place), steps, number(start), number(count))


def number(value):
    return Reader(value.payload).zigzag() if value.tag == INTEGER else -1


def erase(log, audience, target, mark):
    known = log.changes.get(target)
    if known is None or known.change is None or known.envelope.audience != audience:
        return
    for other in log.of(audience):
        # Its salt would follow from the seed that its neighbours show.
        if other.id[0] == target[0] and other.change and other.change.is_seed:
            other.change = replace(other.change, salt=other.change.own_salt, is_seed=False)
    place, path, start, count = mark
    operations = list(known.change.operations)
    if not 0 <= place < len(operations):
        return
    operations[place] = without(operations[place], path, start, count)
    if tuple(operations) != tuple(known.change.operations):
        commitment = known.change.commitment
        known.change = replace(known.change, operations=tuple(operations), erased=commitment)


def without(operation, path, start, count):
    if operation.value is not None:
        return replace(operation, value=value_without(operation.value, path, start, count))
    edits = list(operation.edits)
    if len(path) == 1 and 0 <= path[0] < len(edits) and edits[path[0]][1] is not None:
        index, inserted, deleted = edits[path[0]]
        edits[path[0]] = index, stars(inserted, start, count), deleted
    return replace(operation, edits=tuple(edits))


def value_without(value, path, start, count):
    if path:
        items = value.items if value.tag == LIST else []
        if not 0 <= path[0] < len(items):
            return value
        items[path[0]] = value_without(items[path[0]], path[1:], start, count)
        return list_value(items)
    if value.tag == TEXT:
        return Value(TEXT, stars(value.text, start, count).encode())
    return value if value.tag == LIST else Value(NULL)


def stars(string, start, count):
    end = min(start + count, len(string))
    return string[:start] + "*" * max(0, end - start) + string[end:] if start <= len(string) else string
