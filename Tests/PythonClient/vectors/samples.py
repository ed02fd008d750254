"""Ids, keys and changes that the vectors are made of: fixed, so that they come out the same each time."""

from replica import operations as ops
from replica.change import Change, Envelope
from replica.octets import zigzag
from replica.operations import Operation
from replica.values import (
    BOOLEAN, BYTES, DATE, INSTANT, NULL, RECORD, Value, integer_value, list_value, text_value)

ANNA, BRAM, CARLA = (bytes.fromhex(digits * 8) for digits in ("a1a2", "b1b2", "c1c2"))
HOUSE, ROOM = bytes.fromhex("01" * 16), bytes.fromhex("02" * 16)
EPOCH, TIME = 0x0102030405060708, 1_700_000_000_000 << 16
AUDIENCE = "organisation:" + "0f" * 16
SEED, SALT = bytes.fromhex("5e" * 16), bytes.fromhex("5a" * 16)

# A P-256 key made for these vectors alone, and its signature over a hash (openssl, see section 2.3).
KEY = bytes.fromhex(
    "3059301306072a8648ce3d020106082a8648ce3d03010703420004c241a250915ec04732d568a5f42436c4fb66b3f1c9"
    "e34e4c143efdbce3cf510c7bf0f3d44aab00a9fade930a3266d11fc2699f816e440e6306dfeaad7e9b9c9b")
SIGNATURE = bytes.fromhex(
    "d2836ede6e99d51393bbe73a0347fc3c457e4fc5cca2b24a11ef4051f91977405107d3d547b810f4f599614f47598c2f"
    "a0d7d1226a121ebdd2f47d54e99ead4b")

# Another one, and its signature over the tree head of 300 leaves with the root of none (section 12).
SERVER_KEY = bytes.fromhex(
    "3059301306072a8648ce3d020106082a8648ce3d03010703420004990eba5af713ef2293bb14b710967cb23ee0cb39"
    "97a6633cb2fa529542c611f6af77fcfcbfbff9adb2a76fd6274f1d6513520e0723b4434da88791a10c149745")
TREE_SIGNATURE = bytes.fromhex(
    "899e133b8cd958dfbf423905619fc2867e56fb8ea74b0995e6e7b86c1d25ee5534de2476b80ee02c5c3757d21dddd5"
    "a9760533260d52c35223fe0ea18b54087b")


def nested(depth):
    return list_value([nested(depth - 1)] if depth > 1 else [])


VALUES = {
    "null": Value(NULL), "false": Value(BOOLEAN), "true": Value(BOOLEAN, b"\1"), "zero": integer_value(0),
    "minus one": integer_value(-1), "the smallest integer": integer_value(-(2**63)),
    "the largest integer": integer_value(2**63 - 1), "empty text": text_value(""),
    "composed": text_value("\u00e9"), "decomposed, another value": text_value("e\u0301"),
    "family of three scalars and joiners": text_value("👩‍👧"), "a date": Value(DATE, zigzag(17_167)),
    "a date before 1970": Value(DATE, zigzag(-1)), "an instant": Value(INSTANT, zigzag(1_700_000_000_000)),
    "a record": Value(RECORD, HOUSE), "bytes": Value(BYTES, b"\0\xff"),
    "a list": list_value([integer_value(1), list_value([]), text_value("x")]),
    "eight lists deep": nested(8),
    "a newer version's value": Value(12, b"\1\2\3"),
}

NAMED = ((ANNA, 1), (ANNA, 300), (BRAM, 2))
OPERATIONS = {
    "create": Operation(ops.CREATE, HOUSE, "nomination"),
    "create with parent": Operation(ops.CREATE, ROOM, "example", parent=HOUSE),
    "create with key": Operation(ops.CREATE, HOUSE, "edition", key=(integer_value(2017),)),
    "create with both": Operation(ops.CREATE, ROOM, "example", parent=HOUSE, key=(text_value("é"), Value(NULL))),
    "remove": Operation(ops.REMOVE, HOUSE),
    "remove, settling": Operation(ops.REMOVE, HOUSE, settled=NAMED),
    "restore": Operation(ops.RESTORE, HOUSE, settled=NAMED[:1]),
    "write a register": Operation(ops.WRITE, HOUSE, "title", ops.REGISTER, text_value("Zeist")),
    "write a quiet register": Operation(ops.WRITE, HOUSE, "order", ops.QUIET, integer_value(7)),
    "write an immutable field": Operation(ops.WRITE, HOUSE, "nomineeName", ops.IMMUTABLE, text_value("Zeist")),
    "write an append-only field": Operation(ops.WRITE, HOUSE, "x.list", ops.APPEND_ONLY, Value(NULL)),
    "write a decided field": Operation(ops.WRITE, HOUSE, "phase", ops.DECIDED, text_value("open")),
    "keep": Operation(ops.KEEP, HOUSE, "title", ops.REGISTER, kept=(BRAM, 2), settled=NAMED),
    "resolve": Operation(ops.RESOLVE, HOUSE, "title", ops.REGISTER, text_value("x"), settled=NAMED),
    "insert": Operation(ops.INSERT, HOUSE, "strengths", value=text_value("lef")),
    "take": Operation(ops.TAKE, HOUSE, "strengths", value=text_value("lef")),
    "edit a text": Operation(
        ops.EDIT, HOUSE, "motivation", check=0x0123456789ABCDEF, edits=((0, "één", 0), (2, None, 1))),
    "accept": Operation(ops.ACCEPT, HOUSE, "motivation", settled=NAMED),
}


def envelope(replica, number, position=0, own=None, time=0, audience=AUDIENCE, group=(0, 0), schema=1):
    return Envelope(
        replica, number, EPOCH, position, number - 1 if own is None else own, TIME + (time << 16), schema,
        audience, group)


def change(replica, number, *operations, salt=SEED, is_seed=True, **base):
    return Change(envelope(replica, number, **base), salt, is_seed, operations)
