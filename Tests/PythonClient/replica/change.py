"""A change: its envelope, and the hashes over both (sections 2.1 and 2.3)."""

from dataclasses import dataclass
from hashlib import sha256

from .octets import AUDIENCE_BYTES, Reader, WireError, Writer, is_audience, text, utf8, varint
from .operations import read_contents, write_contents

CHANGE_BYTES = 2 << 20
ZERO = bytes(32)


CONTINUED = {}
"""Which change each replica goes on after, where it goes on from another one (P-112); from the roster."""


def owns(replica, change):
    """Whether a change counts as the replica's own."""
    limit = change[1]
    while replica != change[0]:
        if replica not in CONTINUED:
            return False
        replica, number = CONTINUED[replica]
        if limit > number:
            return False
    return True


def H(*parts):
    return sha256(b"".join(parts)).digest()


@dataclass(frozen=True)
class Envelope:
    replica: bytes
    number: int
    epoch: int
    position: int
    own: int
    time: int
    schema: int
    audience: str
    group: tuple = (0, 0)

    @property
    def id(self):
        return self.replica, self.number

    @property
    def data(self):
        name = self.audience.encode()
        words = (self.number, self.epoch, self.position, self.own, self.time)
        return b"".join(
            [b"\1", self.replica, *(word.to_bytes(8, "big") for word in words), self.schema.to_bytes(4, "big"),
             bytes(self.group), bytes([len(name)]), name])

    def saw(self, change, position):
        """Whether its author had a change in view (P-005); `position` is None where it has none."""
        if owns(self.replica, change):
            return change[1] <= self.own
        return position is not None and position <= self.position

    def validate(self):
        index, count = self.group
        if self.number < 1 or self.own >= self.number:
            raise WireError("malformed", "a change that claims to have seen itself, or without a number")
        if (index, count) != (0, 0) and not (2 <= count <= 16 and index < count):
            raise WireError("malformed", f"member {index} of a group of {count}")
        if index >= self.number:
            raise WireError("malformed", "a group that begins before change 1")
        return self


def read_envelope(data):
    reader = Reader(data)
    version = reader.byte()
    if version != 1:
        raise WireError("unsupported", f"version {version} of the form of a change")
    replica = reader.bytes(16)
    number, epoch, position, own, time = (reader.number(8) for _ in range(5))
    schema, group = reader.number(4), (reader.byte(), reader.byte())
    name = utf8(reader.bytes(reader.byte()))
    if not is_audience(name) or len(name) > AUDIENCE_BYTES:
        raise WireError("malformed", "not the name of an audience")
    reader.finish()
    return Envelope(replica, number, epoch, position, own, time, schema, name, group).validate()


def contents(operations):
    writer = Writer()
    write_contents(writer, operations)
    return writer.data


@dataclass(frozen=True)
class Change:
    envelope: Envelope
    salt: bytes
    is_seed: bool
    operations: tuple
    erased: bytes = None
    """Of a change of which something was erased: the commitment to what it was; it has no salt then."""

    @property
    def own_salt(self):
        if not self.is_seed:
            return self.salt
        envelope = self.envelope
        return H(b"\3", self.salt, envelope.replica, envelope.number.to_bytes(8, "big"))[:16]

    @property
    def commitment(self):
        return self.erased or H(b"\0", self.own_salt, contents(self.operations))

    @property
    def inner(self):
        return inner(self.envelope, self.commitment)

    @property
    def data(self):
        """The whole change in one piece (section 2.4)."""
        salt = b"\2" + self.erased if self.erased else bytes([self.is_seed]) + self.salt
        return b"".join([varint(len(self.envelope.data)), self.envelope.data, salt, contents(self.operations)])


def read_change(data):
    if len(data) > CHANGE_BYTES + 16:
        raise WireError("tooLarge", "a change beyond 2 MiB")
    reader = Reader(data)
    envelope = read_envelope(reader.bytes(reader.count(64 + AUDIENCE_BYTES)))
    kind = reader.byte()
    if len(data) > CHANGE_BYTES and kind != 2:
        raise WireError("tooLarge", "a change beyond 2 MiB")
    if kind > 2:
        raise WireError("malformed", f"salt of kind {kind}")
    salt = reader.bytes(32 if kind == 2 else 16)
    operations = read_contents(reader)
    reader.finish()
    if kind == 2:
        return Change(envelope, b"", False, operations, salt)
    return Change(envelope, salt, kind == 1, operations)


def inner(envelope, commitment):
    return H(b"\1", envelope.data, commitment)


def link(previous, inner_hash):
    return H(b"\2", previous, inner_hash)


def record_id(kind, key):
    """The id of a record with a natural key (P-007)."""
    return H(b"\x10", text(kind), varint(len(key)), *(value.data for value in key))[:16]


def fingerprint(placed):
    """Of (position, effective time, inner hash) of each change (P-130)."""
    return sum(
        int.from_bytes(H(b"\4", position.to_bytes(8, "big"), effective.to_bytes(8, "big"), inner)[:16], "big")
        for position, effective, inner in placed) % (1 << 128)


def text_check(changes):
    """The check over the changes of a version of a text (P-008)."""

    def mix(number):
        z = (number + 0x9E3779B97F4A7C15) % 2**64
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 % 2**64
        z = (z ^ z >> 27) * 0x94D049BB133111EB % 2**64
        return z ^ z >> 31

    total = 0
    for replica, number in changes:
        high, low = int.from_bytes(replica[:8], "big"), int.from_bytes(replica[8:], "big")
        total += mix(mix(mix(high) ^ low) ^ number)
    return total % 2**64
