"""A small history of one audience and what every replica makes of it: folded bytes and digest."""

from replica import operations as ops
from replica.change import text_check
from replica.fold import digest_of, fold_audience
from replica.log import Logged
from replica.operations import Operation
from replica.values import integer_value, text_value

from .samples import ANNA, BRAM, CARLA, HOUSE, ROOM, change

NOTE = bytes.fromhex("03" * 16)


def write(record, name, policy, text):
    return Operation(ops.WRITE, record, name, policy, text_value(text))


def edit(name, seen, *edits):
    """`seen` are the changes of the version that it was made on."""
    return Operation(ops.EDIT, HOUSE, name, check=text_check(seen), edits=edits)


def history():
    """Each change by position: two people who write at once, a third who sees it all, removals and resolutions."""
    created = Operation(ops.CREATE, HOUSE, "nomination", key=(text_value("é"), integer_value(-1)))
    inside = Operation(ops.CREATE, ROOM, "example", parent=HOUSE)
    first = change(ANNA, 1, created, inside, write(HOUSE, "firm", ops.IMMUTABLE, "a"))
    return [
        first,
        change(
            ANNA, 2, write(HOUSE, "title", ops.REGISTER, "a"), write(HOUSE, "order", ops.QUIET, "a"),
            Operation(ops.INSERT, HOUSE, "tags", value=text_value("x")), edit("body", (), (0, "abc", 0)),
            write(HOUSE, "list", ops.APPEND_ONLY, "a"), write(HOUSE, "ruled", ops.DECIDED, "a"),
            position=1, time=1),
        change(
            BRAM, 1, write(HOUSE, "title", ops.REGISTER, "b"), write(HOUSE, "order", ops.QUIET, "b"),
            Operation(ops.TAKE, HOUSE, "tags", value=text_value("x")),
            Operation(ops.INSERT, HOUSE, "tags", value=integer_value(2)), edit("body", (), (0, "één", 0)),
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


def texts():
    """Texts alone: `order` needs right origins, `divided` and `blind` differ in who deleted what stood between,
    `accepted` and `half` in what the author of the acceptance saw."""
    anna, bram, carla = (ANNA, 1), (BRAM, 1), (CARLA, 1)
    both = (bram, carla)
    return [
        change(
            ANNA, 1, Operation(ops.CREATE, HOUSE, "nomination"), edit("order", (), (0, "R", 0)),
            edit("divided", (), (0, "abc", 0)), edit("blind", (), (0, "abc", 0))),
        change(ANNA, 2, edit("order", (anna,), (0, "L", 0)), position=1),
        change(
            BRAM, 1, edit("order", (anna,), (0, "M", 0)), edit("divided", (anna,), (1, "B", 0)),
            edit("blind", (anna,), (1, "B", 0)), edit("accepted", (), (0, "b", 0)), edit("half", (), (0, "b", 0)),
            position=1),
        change(
            CARLA, 1, edit("order", (anna, (ANNA, 2)), (1, "X", 0)), edit("divided", (anna,), (2, "C", 0)),
            edit("blind", (anna,), (2, "C", 0)), edit("accepted", (), (0, "c", 0)), edit("half", (), (0, "c", 0)),
            position=2),
        change(
            ANNA, 3, edit("order", (anna, (ANNA, 2), bram), (1, "Y", 0)), edit("blind", (anna, bram), (2, None, 1)),
            Operation(ops.ACCEPT, HOUSE, "half", settled=both), position=3),
        change(
            ANNA, 4, edit("divided", (anna, *both), (2, None, 1)),
            Operation(ops.ACCEPT, HOUSE, "accepted", settled=both), position=4),
    ]


def disputes():
    """A field in dispute: a plain write replaces its own replica's value, a resolution the one that it names. And a
    window that has not seen its own replica's newest edit, which stands at a position that it has seen."""
    return [
        change(ANNA, 1, Operation(ops.CREATE, HOUSE, "nomination")),
        change(BRAM, 1, write(HOUSE, "title", ops.REGISTER, "b"), position=1),
        change(CARLA, 1, write(HOUSE, "title", ops.REGISTER, "c"), position=1),
        change(
            ANNA, 2, write(HOUSE, "title", ops.REGISTER, "a"), write(HOUSE, "place", ops.REGISTER, "new"), position=1),
        change(BRAM, 2, write(HOUSE, "title", ops.REGISTER, "B"), position=4),
        change(
            CARLA, 2, Operation(ops.RESOLVE, HOUSE, "title", ops.REGISTER, text_value("x"), settled=((ANNA, 2),)),
            position=4),
        change(ANNA, 3, write(HOUSE, "place", ops.REGISTER, "old window"), position=6, own=1),
    ]


def folds():
    return [
        fold_of("three people", history()), fold_of("texts", texts()), fold_of("disputes", disputes())]


def fold_of(name, changes):
    entries = [
        Logged(c.envelope, c.inner, c, position=place, effective=c.envelope.time - place % 2)
        for place, c in enumerate(changes, 1)]
    records = fold_audience(entries)
    return {
        "name": name,
        "changes": [
            {"hex": e.change.data.hex(), "position": str(e.position), "effective": str(e.effective)} for e in entries],
        "records": [{"record": record.id.hex(), "hex": record.data.hex()} for record in records],
        "digest": digest_of(records).hex()}
