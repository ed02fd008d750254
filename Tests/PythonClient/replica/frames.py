"""Frames: the messages of the conversation (section 4)."""

from dataclasses import dataclass

from .batch import read_batch, write_batch
from .octets import Reader, WireError, option, text, varint, zigzag

VERSION = 1
FRAME_BYTES, AUDIENCES, VERDICTS, CODE_BYTES, MESSAGE_BYTES = 4 << 20, 65_536, 4096, 64, 4096
PROOF_HASHES, LINKS, KEY_BYTES, EPOCHS = 128, 16_384, 128, 1024
SEGMENTS, SEGMENT_BYTES, LODGED_CHAINS = 1024, 8 << 20, 1000
CONTENT_TYPE = "application/vnd.voordracht.frames"
HELLO, PUSH, ASK, WANT, PURGED, COMPARE, PROVE, CONTINUE, OFFER = range(1, 10)
WELCOME, VERDICT, GRANT, DELIVER, REVOKE, CURRENT, PULSE, REFUSAL, TREE, RECEIPT, CONTINUED, RESTORED = range(16, 28)
LODGE, EVIDENCE, FINGERPRINTS, DIFFERING = 10, 11, 12, 30
SEGMENTED, SEGMENTS_OF = 13, 31
ACCEPTED, HELD, WAITING, REFUSED, LODGED = range(1, 6)


@dataclass(frozen=True)
class Frame:
    kind: int
    parts: tuple
    """Of a deliver: lane or None, through, batch. Of the others: what the table of section 4 lists."""


def encode(frame):
    """The frame with its length in front."""
    body = bytes([frame.kind]) + WRITERS[frame.kind](*frame.parts)
    return len(body).to_bytes(4, "big") + body


def decode(body):
    """A frame from what follows its length."""
    reader = Reader(body)
    try:
        kind = reader.byte()
        if kind not in READERS:
            raise WireError("frame.unknown", f"frame of kind {kind}")
        frame = Frame(kind, READERS[kind](reader))
        reader.finish()
    except WireError as error:
        raise WireError(CODES.get(error.code, error.code), str(error)) from error
    return frame


CODES = {
    "truncated": "frame.malformed", "trailing": "frame.malformed", "malformed": "frame.malformed",
    "notUTF8": "frame.malformed", "tooLarge": "frame.tooLarge", "unsupported": "change.unsupported"}
"""What a fault inside a frame is called on the wire (section 9)."""


def frames(read):
    """All frames of a stream; `read(n)` gives n bytes, fewer at the end of the stream only."""
    while True:
        head = read(4)
        if not head:
            return
        length = int.from_bytes(head, "big")
        if len(head) < 4:
            raise WireError("frame.truncated", "the stream ended inside a frame")
        if not 0 < length <= FRAME_BYTES - 4:
            raise WireError("frame.tooLarge", f"a frame of {length} bytes")
        body = read(length)
        if len(body) < length:
            raise WireError("frame.truncated", "the stream ended inside a frame")
        yield decode(body)


def word(number):
    return number.to_bytes(8, "big")


def many(items, write):
    return varint(len(items)) + b"".join(write(item) for item in items)


def change(id):
    return id[0] + varint(id[1])


def reason(parts):
    return b"".join(text(part) for part in parts)


def verdict(item):
    id, (code, *rest) = item
    if code == ACCEPTED:
        tail = varint(rest[0]) + word(rest[1])
    elif code == WAITING:
        tail = varint(rest[0])
    else:
        tail = reason(rest)
    return change(id) + bytes([code]) + tail


def read_reason(reader):
    return reader.text(CODE_BYTES), reader.text(MESSAGE_BYTES), reader.text(MESSAGE_BYTES)


def read_verdict(reader):
    id, code = reader.change(), reader.byte()
    if code == ACCEPTED:
        return id, (code, reader.varint(), reader.number(8))
    if code == WAITING:
        return id, (code, reader.varint())
    if code in (HELD, REFUSED):
        return id, (code, *read_reason(reader))
    raise WireError("unsupported", f"verdict {code} is not known")


def read_want(reader):
    cursor, live, held = reader.varint(), reader.flag(), []
    for _ in range(reader.count(AUDIENCES)):
        held.append((reader.audience(), reader.varint(), reader.varint()))
        if held[-1][1] > held[-1][2] or len(held) > 1 and held[-1][0] <= held[-2][0]:
            raise WireError("malformed", "audiences out of order")
    return cursor, live, tuple(held)


def read_lodged(reader):
    items = []
    for _ in range(reader.count(LODGED_CHAINS)):
        items.append((reader.audience(), reader.bytes(32)))
        if len(items) > 1 and items[-1][0] <= items[-2][0]:
            raise WireError("malformed", "audiences out of order")
    return (tuple(items),)


def read_option(reader, read):
    return read() if reader.flag() else None


def read_many(limit, read):
    return lambda reader: (tuple(read(reader) for _ in range(reader.count(limit))),)


def read_rest(reader):
    return read_batch(reader.bytes(reader.remaining))


def read_hello(reader):
    head = (reader.varint(), reader.bytes(16), read_option(reader, lambda: reader.number(8)), reader.varint())
    if reader.bytes(1) != b"\0":
        raise WireError("malformed", "a hello goes on after its cursor")
    return head


def hashes(items):
    return many(items, lambda item: item)


def read_hashes(reader, limit):
    return tuple(reader.bytes(32) for _ in range(reader.count(limit)))


def receipt(id, index, received, code, position, path, previous, links, signature, key):
    return (
        change(id) + varint(index) + zigzag(received) + bytes([code]) + varint(position) + hashes(path) + previous
        + hashes(links) + signature + varint(len(key)) + key)


def earlier(item):
    id, index, received, code, position, path, (epoch, size, root, time, signature) = item
    return (
        change(id) + varint(index) + zigzag(received) + bytes([code]) + varint(position) + hashes(path)
        + word(epoch) + varint(size) + root + zigzag(time) + signature)


def continuation(new, old, number):
    return new + old + varint(number)


def read_continuation(reader):
    new, old, number = reader.bytes(16), reader.bytes(16), reader.varint()
    if old >= new or number >= 1 << 63:
        raise WireError("malformed", "a replica that continues a higher one")
    return new, old, number


def beginning(item):
    epoch, parent, point, size, root, time, signature = item
    return word(epoch) + word(parent) + varint(point) + varint(size) + root + zigzag(time) + signature


def read_beginning(reader):
    return (
        reader.number(8), reader.number(8), reader.varint(), reader.varint(), reader.bytes(32), reader.zigzag(),
        reader.bytes(64))


def read_leaf(reader):
    id, index, received, code = reader.change(), reader.varint(), reader.zigzag(), reader.byte()
    if code not in (ACCEPTED, HELD, WAITING, REFUSED):
        raise WireError("unsupported", f"verdict {code} is not known")
    position = reader.varint()
    if (position > 0) != (code == ACCEPTED):
        raise WireError("malformed", "a position with another verdict")
    return id, index, received, code, position, read_hashes(reader, PROOF_HASHES)


def read_head(reader):
    return reader.number(8), reader.varint(), reader.bytes(32), reader.zigzag(), reader.bytes(64)


def read_earlier(reader):
    return *read_leaf(reader), read_head(reader)


def read_receipt(reader):
    return (
        *read_leaf(reader), reader.bytes(32),
        read_hashes(reader, LINKS), reader.bytes(64), reader.bytes(reader.count(KEY_BYTES)))


def part(item):
    name, after, through = item
    return text(name) + varint(after) + varint(through)


def read_part(reader):
    name, after, through = reader.audience(), reader.varint(), reader.varint()
    if after > through:
        raise WireError("malformed", "a part that ends before it begins")
    return name, after, through


def read_segments(reader):
    lane, segments = reader.audience(), []
    for _ in range(reader.count(SEGMENTS)):
        through, size, name = reader.varint(), reader.varint(), reader.bytes(32)
        if segments and through <= segments[-1][0]:
            raise WireError("malformed", "segments out of order")
        if size > SEGMENT_BYTES:
            raise WireError("tooLarge", "a segment that is too large")
        segments.append((through, size, name))
    return lane, tuple(segments)


WRITERS = {
    HELLO: lambda version, replica, epoch, cursor: varint(version) + replica
    + option(None if epoch is None else word(epoch)) + varint(cursor) + b"\0",
    PUSH: write_batch,
    ASK: lambda changes: many(changes, change),
    WANT: lambda cursor, live, held: varint(cursor) + bytes([live])
    + many(held, lambda item: text(item[0]) + varint(item[1]) + varint(item[2])),
    PURGED: lambda names: many(names, text),
    COMPARE: varint,
    PROVE: lambda replica, number: change((replica, number)),
    WELCOME: lambda version, epoch, head, time: varint(version) + word(epoch) + varint(head) + zigzag(time),
    VERDICT: lambda items: many(items, verdict),
    GRANT: lambda name, end: text(name) + varint(end),
    DELIVER: lambda lane, through, batch: option(None if lane is None else text(lane)) + varint(through)
    + write_batch(batch),
    REVOKE: lambda names: many(names, text),
    CURRENT: varint,
    PULSE: zigzag,
    REFUSAL: lambda *parts: reason(parts),
    TREE: lambda epoch, size, root, time, signature, path: word(epoch) + varint(size) + root + zigzag(time)
    + signature + hashes(path),
    RECEIPT: receipt,
    CONTINUE: continuation,
    CONTINUED: continuation,
    OFFER: write_batch,
    RESTORED: lambda items: many(items, beginning),
    EVIDENCE: lambda items: many(items, earlier),
    LODGE: lambda items: many(items, lambda item: text(item[0]) + item[1]),
    FINGERPRINTS: lambda items: many(items, lambda item: part(item[:3]) + item[3]),
    DIFFERING: lambda items: many(items, part),
    SEGMENTED: lambda: b"",
    SEGMENTS_OF: lambda lane, items: text(lane) + many(items, lambda item: varint(item[0]) + varint(item[1]) + item[2]),
}

READERS = {
    HELLO: read_hello,
    PUSH: lambda reader: (read_rest(reader),),
    ASK: read_many(VERDICTS, lambda reader: reader.change()),
    WANT: read_want,
    PURGED: read_many(AUDIENCES, lambda reader: reader.audience()),
    WELCOME: lambda reader: (reader.varint(), reader.number(8), reader.varint(), reader.zigzag()),
    VERDICT: read_many(VERDICTS, read_verdict),
    GRANT: lambda reader: (reader.audience(), reader.varint()),
    DELIVER: lambda reader: (read_option(reader, reader.audience), reader.varint(), read_rest(reader)),
    REVOKE: read_many(AUDIENCES, lambda reader: reader.audience()),
    CURRENT: lambda reader: (reader.varint(),),
    PULSE: lambda reader: (reader.zigzag(),),
    REFUSAL: read_reason,
    COMPARE: lambda reader: (reader.varint(),),
    PROVE: lambda reader: reader.change(),
    TREE: lambda reader: (*read_head(reader), read_hashes(reader, PROOF_HASHES)),
    RECEIPT: read_receipt,
    CONTINUE: read_continuation,
    CONTINUED: read_continuation,
    OFFER: lambda reader: (read_rest(reader),),
    RESTORED: read_many(EPOCHS, read_beginning),
    EVIDENCE: read_many(LODGED_CHAINS, read_earlier),
    LODGE: read_lodged,
    FINGERPRINTS: read_many(AUDIENCES, lambda reader: (*read_part(reader), reader.bytes(16))),
    DIFFERING: read_many(AUDIENCES, read_part),
    SEGMENTED: lambda reader: (),
    SEGMENTS_OF: read_segments,
}
