"""A small history of one audience and what every replica makes of it: folded bytes and digest."""

from replica import operations as ops
from replica.fold import digest_of, fold_audience
from replica.log import Logged
from replica.operations import Operation
from replica.values import integer_value, text_value

from .samples import ANNA, BRAM, CARLA, HOUSE, ROOM, change

NOTE = bytes.fromhex("03" * 16)


def write(record, name, policy, text):
    return Operation(ops.WRITE, record, name, policy, text_value(text))


def edit(record, check, *edits):
    return Operation(ops.EDIT, record, "body", check=check, edits=edits)


def history():
    """Each change by position: two people who write at once, a third who sees it all, removals and resolutions."""
    created = Operation(ops.CREATE, HOUSE, "nomination", key=(text_value("é"), integer_value(-1)))
    inside = Operation(ops.CREATE, ROOM, "example", parent=HOUSE)
    first = change(ANNA, 1, created, inside, write(HOUSE, "firm", ops.IMMUTABLE, "a"))
    return [
        first,
        change(
            ANNA, 2, write(HOUSE, "title", ops.REGISTER, "a"), write(HOUSE, "order", ops.QUIET, "a"),
            Operation(ops.INSERT, HOUSE, "tags", value=text_value("x")), edit(HOUSE, 0, (0, "abc", 0)),
            write(HOUSE, "list", ops.APPEND_ONLY, "a"), write(HOUSE, "ruled", ops.DECIDED, "a"),
            position=1, time=1),
        change(
            BRAM, 1, write(HOUSE, "title", ops.REGISTER, "b"), write(HOUSE, "order", ops.QUIET, "b"),
            Operation(ops.TAKE, HOUSE, "tags", value=text_value("x")),
            Operation(ops.INSERT, HOUSE, "tags", value=integer_value(2)), edit(HOUSE, 0, (0, "één", 0)),
            write(HOUSE, "list", ops.APPEND_ONLY, "b"), write(HOUSE, "firm", ops.IMMUTABLE, "b"), position=1, time=1),
        change(CARLA, 1, Operation(ops.REMOVE, HOUSE), position=2, time=2),
        change(ANNA, 3, write(ROOM, "place", ops.REGISTER, "here"), position=3, time=3),
        change(CARLA, 2, Operation(ops.CREATE, NOTE, "annotation"), write(NOTE, "quote", ops.REGISTER, "q"), position=5),
        change(
            ANNA, 4, write(NOTE, "quote", ops.REGISTER, "r"), Operation(ops.REMOVE, ROOM), position=6, time=4),
        change(BRAM, 2, write(NOTE, "quote", ops.REGISTER, "s"), position=6, time=4),
        change(
            CARLA, 3,
            Operation(ops.KEEP, NOTE, "quote", ops.REGISTER, kept=(ANNA, 4), settled=((ANNA, 4), (BRAM, 2))),
            position=8, time=5),
        change(
            ANNA, 5,
            Operation(
                ops.RESOLVE, NOTE, "quote", ops.REGISTER, text_value("t"), settled=((ANNA, 4), (BRAM, 2))),
            position=8, time=5),
    ]


def folds():
    entries = [
        Logged(c.envelope, c.inner, c, position=place, effective=c.envelope.time - place % 2)
        for place, c in enumerate(history(), 1)]
    records = fold_audience(entries)
    return [{
        "name": "three people",
        "changes": [
            {"hex": e.change.data.hex(), "position": str(e.position), "effective": str(e.effective)} for e in entries],
        "records": [{"record": record.id.hex(), "hex": record.data.hex()} for record in records],
        "digest": digest_of(records).hex()}]
