"""Bytes that a reader must refuse, each with the code of the error."""

from replica.batch import write_batch
from replica.change import contents
from replica.enrolment import write_link
from replica.frames import encode
from replica.octets import text, varint

from .good import ENVELOPES, batches, frame_samples
from .samples import ANNA, HOUSE, OPERATIONS, SALT, SEED, change


def bad(name, data, error):
    return {"name": name, "hex": data.hex(), "error": error}


def varints():
    return [
        bad("nothing", b"", "truncated"), bad("cut off", b"\x80", "truncated"),
        bad("longer than needed", b"\x80\0", "malformed"), bad("above 64 bits", b"\xff" * 9 + b"\2", "malformed"),
        bad("more than ten bytes", b"\x80" * 10 + b"\1", "malformed"), bad("a byte too many", b"\0\0", "trailing")]


def values():
    return [
        bad("a boolean of 2", b"\x11\2", "malformed"), bad("a boolean of two bytes", b"\x21\1\1", "trailing"),
        bad("null with a byte", b"\x10\0", "trailing"), bad("an integer without bytes", b"\2", "truncated"),
        bad("an integer in a longer form", b"\x22\x80\0", "malformed"),
        bad("text that is not UTF-8", b"\x13\xff", "notUTF8"), bad("a surrogate", b"\x33\xed\xa0\x80", "notUTF8"),
        bad("a date beyond 32 bits", b"\x54" + varint(2**32), "malformed"),
        bad("a record of 15 bytes", varint(15 << 4 | 6) + bytes(15), "truncated"),
        bad("a record of 17 bytes", varint(17 << 4 | 6) + bytes(17), "trailing"),
        bad("nine lists deep", nested(9), "tooLarge"),
        bad("beyond 1 MiB", varint(((1 << 20) + 1) << 4 | 3), "tooLarge"),
        bad("cut off", b"\x23x", "truncated"), bad("a length of 2⁶⁰", varint((2**60 - 1) << 4 | 7), "tooLarge")]


def nested(depth):
    data = b""
    for _ in range(depth):
        data = varint(len(data) << 4 | 8) + data
    return data


def operation_lists():
    def op(code, tail):
        return b"\1" + bytes([code]) + HOUSE + tail

    title, change_id = text("title"), ANNA + varint(2)
    return [
        bad("no operations", b"\0", "malformed"), bad("4097 operations", varint(4097), "tooLarge"),
        bad("an unknown operation", op(11, b""), "unsupported"), bad("operation 0", op(0, b""), "unsupported"),
        bad("an unknown policy", op(4, title + b"\6\0"), "unsupported"),
        bad("a field that begins with a capital", op(4, text("Title") + b"\1\0"), "malformed"),
        bad("a field without a name", op(4, text("") + b"\1\0"), "malformed"),
        bad("a name of 65 bytes", op(4, text("a" * 65) + b"\1\0"), "tooLarge"),
        bad("flags 4 of a creation", op(1, text("example") + b"\4"), "malformed"),
        bad("a key of nine values", op(1, text("example") + b"\2\x09"), "tooLarge"),
        bad("a settled change twice", op(2, b"\2" + change_id + change_id), "malformed"),
        bad("a settled change without a number", op(2, b"\1" + ANNA + b"\0"), "malformed"),
        bad("1025 settled changes", op(2, varint(1025)), "tooLarge"),
        bad("an insertion of nothing", op(9, title + bytes(8) + b"\1\0\0"), "tooLarge"),
        bad("an index of 2³¹", op(9, title + bytes(8) + b"\1" + varint(2**32) + b"\1x"), "tooLarge"),
        bad("inserted text that is not UTF-8", op(9, title + bytes(8) + b"\1\0\1\xff"), "notUTF8"),
        bad("cut off", op(4, title + b"\1"), "truncated"),
        bad("a byte too many", contents([OPERATIONS["remove"]]) + b"\0", "trailing")]


def envelopes():
    whole = ENVELOPES["the first change"].data

    def put(offset, part):
        return whole[:offset] + part + whole[offset + len(part) :]

    return [
        bad("version 2", put(0, b"\2"), "unsupported"), bad("number 0", put(17, bytes(8)), "malformed"),
        bad("saw itself", put(48, b"\1"), "malformed"), bad("a group of one", put(61, b"\0\1"), "malformed"),
        bad("a group of 17", put(61, b"\0\x11"), "malformed"), bad("member 2 of 2", put(61, b"\2\2"), "malformed"),
        bad("a group before change 1", put(61, b"\1\2"), "malformed"),
        bad("an audience with a capital", put(64, b"O"), "malformed"), bad("no audience", whole[:63] + b"\0", "malformed"),
        bad("cut off", whole[:-1], "truncated"), bad("a byte too many", whole + b"0", "trailing")]


def changes():
    whole = change(ANNA, 2, OPERATIONS["remove"]).data
    salt = whole.index(SEED) - 1
    return [
        bad("a salt of kind 3", whole[:salt] + b"\3" + whole[salt + 1 :], "malformed"),
        bad("an envelope of 145 bytes", varint(145) + whole[1:], "tooLarge"),
        bad("cut off", whole[:-1], "truncated"), bad("a byte too many", whole + b"\0", "trailing")]


def links():
    whole = write_link(SALT, bytes(32), "127.0.0.1:1")

    def link(name, text, error):
        return {"name": name, "text": text, "error": error}

    later = whole.replace("enrol/AV", "enrol/Al")
    return [
        link("another scheme", "https://example.nl", "link.malformed"),
        link("cut off", whole[:-4], "link.malformed"),
        link("a star inside", whole[:30] + "*" + whole[31:], "link.malformed"),
        link("version 2", later, "session.version"),
        link("an address without a port", write_link(SALT, bytes(32), "localhost"), "link.malformed")]


def bad_batches():
    """Dictionary of one replica, one audience and one context; then one entry, up to where it fails."""
    words = b"\1" + ANNA + b"\1" + text("everyone") + b"\0\0\0\1" + bytes(8) + b"\1"
    push = write_batch(batches()["a push"])
    return [
        bad("a first entry without a replica", words + b"\1\0\0", "malformed"),
        bad("a replica that the dictionary does not have", words + b"\1\1\1", "malformed"),
        bad("a seed that the dictionary does not have", words + b"\1\1\0\0\0\0\0", "malformed"),
        bad("unknown flags", words + b"\1" + varint(16_384), "unsupported"),
        bad("what an erasure left, without a commitment", words + b"\1" + varint(8193) + b"\0\0\0\0", "malformed"),
        bad("a time before 1970", words + b"\1\1\0\0\0\1", "malformed"),
        bad("a counter of 17 bits", words + b"\1\x11\0\0\0\0" + varint(1 << 16), "malformed"),
        bad("member 1 of 1", words + b"\1\x21\0\0\0\0\1\1", "malformed"),
        bad("a number of 0", words + b"\1\3\0\0\0\0\0", "malformed"),
        bad("1001 entries", words + varint(1001), "tooLarge"),
        bad("16,385 links", words + b"\1" + varint(513) + b"\0\0\0\0" + varint(16_385), "tooLarge"),
        bad("262,145 replicas", varint(262_145), "tooLarge"),
        bad("an audience that is none", b"\0\1" + text("Everyone"), "malformed"),
        bad("cut off", push[:-1], "truncated"), bad("a byte too many", push + b"\0", "trailing")]


def bad_frames():
    def frame(body):
        return len(body).to_bytes(4, "big") + body

    samples = {name: encode(item) for name, item in frame_samples().items()}
    welcome, want = samples["welcome"], b"\4\5\0\2"
    order = text("workgroup") + b"\0\0" + text("everyone") + b"\0\0"
    return [
        bad("an unknown kind", frame(b"\x2a"), "frame.unknown"), bad("no kind", bytes(4), "frame.tooLarge"),
        bad("beyond 4 MiB", (4 << 20).to_bytes(4, "big"), "frame.tooLarge"),
        bad("cut off in its length", welcome[:3], "frame.truncated"), bad("cut off", welcome[:-1], "frame.truncated"),
        bad("a byte too many", frame(welcome[4:] + b"\0"), "frame.malformed"),
        bad("a body that is too short", frame(welcome[4:-1]), "frame.malformed"),
        bad("a hello that goes on", frame(b"\1\1" + ANNA + b"\0\0\1" + bytes(32)), "frame.malformed"),
        bad("an option of 2", frame(b"\1\1" + ANNA + b"\2"), "frame.malformed"),
        bad("a truth of 2", frame(b"\4\5\2\0"), "frame.malformed"),
        bad("audiences out of order", frame(want + order), "frame.malformed"),
        bad(
            "a chain lodged twice", frame(b"\n\2" + 2 * (text("everyone") + bytes(32))), "frame.malformed"),
        bad(
            "evidence with a position of a held change", frame(b"\x0b\1" + ANNA + b"\1\0\0\2\1"), "frame.malformed"),
        bad("1001 receipts", frame(b"\x0b" + varint(1001)), "frame.tooLarge"),
        bad("1001 chains lodged", frame(b"\n" + varint(1001)), "frame.tooLarge"),
        bad("held beyond the end", frame(b"\4\5\0\1" + text("everyone") + b"\2\1"), "frame.malformed"),
        bad("a part that ends before it begins", frame(b"\x1e\1" + text("everyone") + b"\2\1"), "frame.malformed"),
        bad(
            "segments out of order", frame(b"\x1f" + text("everyone") + b"\2\5\1" + bytes(32) + b"\5\1" + bytes(32)),
            "frame.malformed"),
        bad(
            "a segment beyond 8 MiB", frame(b"\x1f" + text("everyone") + b"\1\5" + varint((8 << 20) + 1) + bytes(32)),
            "frame.tooLarge"),
        bad("1025 segments", frame(b"\x1f" + text("everyone") + varint(1025)), "frame.tooLarge"),
        bad("an unknown verdict", frame(b"\x11\1" + ANNA + b"\1\5"), "change.unsupported"),
        bad("4097 verdicts", frame(b"\x11" + varint(4097)), "frame.tooLarge"),
        bad("a code of 65 bytes", frame(b"\x17" + text("a" * 65)), "frame.tooLarge"),
        bad("a reason that is not UTF-8", frame(b"\x17\1\xff\0\0"), "frame.malformed"),
        bad("129 hashes of a proof", frame(samples["tree"][4:-65] + varint(129)), "frame.tooLarge"),
        bad("a receipt with an unknown verdict", frame(b"\x19" + ANNA + b"\1\0\0\5"), "change.unsupported"),
        bad("a receipt with a position of a held change", frame(b"\x19" + ANNA + b"\1\0\0\2\1"), "frame.malformed"),
        bad("a receipt of change 0", frame(b"\x19" + ANNA + b"\0"), "frame.malformed"),
        bad("an operation of a newer version in a push", newer(samples["push"]), "change.unsupported")]


def newer(push):
    """The first operation of the push has a code that nobody knows."""
    return push.replace(b"\2\1\0\0", b"\2\x7f\0\0", 1)
