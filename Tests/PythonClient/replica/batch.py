"""Batches: changes that travel together, with ids told once and numbers as differences (section 4.1)."""

from dataclasses import dataclass, field, replace

from .change import Change, Envelope, inner
from .octets import NAME_BYTES, Reader, WireError, Writer, text, varint, zigzag
from .operations import read_contents, write_contents

ENTRIES, LINKS, DICTIONARY = 1000, 16_384, 262_144
(ORIGIN, NUMBER, OWN, BASE, COUNTER, GROUP, PLACED, JUMP, PREVIOUS, LINKED, EFFECTIVE, COMMITTED, SALTED,
 ERASED) = (1 << bit for bit in range(14))
MASK = 2**64 - 1


@dataclass(frozen=True)
class Entry:
    envelope: Envelope
    change: Change = None
    """None where only the commitment is here."""
    commitment: bytes = None
    previous: bytes = None
    links: tuple = ()
    position: int = None
    effective: int = None

    @property
    def inner(self):
        return self.change.inner if self.change else inner(self.envelope, self.commitment)


@dataclass(frozen=True)
class Head:
    replica: bytes
    audience: str
    links: tuple
    signature: bytes


@dataclass(frozen=True)
class Batch:
    entries: tuple = ()
    heads: tuple = ()


@dataclass
class Last:
    """What the next entry is told against."""

    origin: tuple = None
    numbers: dict = field(default_factory=dict)
    base: int = 0
    milliseconds: int = 0
    position: int = 0


TABLES = ("replicas", "audiences", "names", "records", "seeds", "contexts")


class BatchReader(Reader):
    """Reads records, names and replicas by their index in the dictionary."""

    def __init__(self, data):
        super().__init__(data)
        self.last = Last()
        sixteen, context = (lambda: self.bytes(16)), (lambda: (self.number(8), self.schema()))
        readers = (sixteen, self.audience, lambda: self.text(NAME_BYTES), sixteen, sixteen, context)
        for table, read in zip(TABLES, readers):
            setattr(self, table, [read() for _ in range(self.count(DICTIONARY))])

    def schema(self):
        version = self.varint()
        if version >= 1 << 32:
            raise WireError("malformed", "a schema version above 32 bits")
        return version

    def pick(self, table):
        index = self.varint()
        if index >= len(table):
            raise WireError("malformed", f"index {index} in a dictionary of {len(table)}")
        return table[index]

    def record(self):
        return self.pick(self.records)

    def replica(self):
        return self.pick(self.replicas)

    def name(self):
        return self.pick(self.names)

    def hashes(self):
        return tuple(self.bytes(32) for _ in range(self.count(LINKS)))

    def batch(self):
        entries = tuple(self.entry() for _ in range(self.count(ENTRIES)))
        heads = tuple(
            Head(self.replica(), self.pick(self.audiences), self.hashes(), self.bytes(64))
            for _ in range(self.count(ENTRIES)))
        self.finish()
        return Batch(entries, heads)

    def entry(self):
        flags = self.varint()
        if flags >= 16_384:
            raise WireError("unsupported", f"flags {flags} of an entry")
        envelope = self.envelope(flags)
        entry = Entry(
            envelope, previous=self.bytes(32) if flags & PREVIOUS else None,
            links=self.hashes() if flags & LINKED else ())
        if flags & PLACED:
            self.last.position = (self.last.position + (self.varint() if flags & JUMP else 1)) & MASK
            later = self.zigzag() if flags & EFFECTIVE else 0
            entry = replace(entry, position=self.last.position, effective=(envelope.time + later) & MASK)
        if flags & ERASED:
            if not flags & COMMITTED:
                raise WireError("malformed", "an erased change without its commitment")
            commitment = self.bytes(32)
            return replace(entry, change=Change(envelope, b"", False, read_contents(self), commitment))
        if flags & COMMITTED:
            return replace(entry, commitment=self.bytes(32))
        salt = self.bytes(16) if flags & SALTED else self.pick(self.seeds)
        return replace(entry, change=Change(envelope, salt, not flags & SALTED, read_contents(self)))

    def envelope(self, flags):
        last = self.last
        if flags & ORIGIN:
            last.origin = (self.replica(), self.pick(self.audiences), self.pick(self.contexts))
        if last.origin is None:
            raise WireError("malformed", "a first entry without a replica")
        replica, audience, (epoch, schema) = last.origin
        number = self.varint() if flags & NUMBER else (last.numbers.get(replica, 0) + 1) & MASK
        own = (number - 1 - (self.varint() if flags & OWN else 0)) & MASK
        if flags & BASE:
            last.base = (last.base + self.zigzag()) & MASK
        last.milliseconds += self.zigzag()
        if not 0 <= last.milliseconds < 1 << 48:
            raise WireError("malformed", "a time beyond 48 bits of milliseconds")
        counter = self.varint() if flags & COUNTER else 0
        if counter >= 1 << 16:
            raise WireError("malformed", "a counter above 16 bits")
        group = (0, 0)
        if flags & GROUP:
            group = (self.byte(), self.byte())
            if group == (0, 0):
                raise WireError("malformed", "a member beyond its group")
        last.numbers[replica] = number
        time = last.milliseconds << 16 | counter
        return Envelope(replica, number, epoch, last.base, own, time, schema, audience, group).validate()


class BatchWriter(Writer):
    """Writes entries into a body, and what they mention into the dictionary in front of it."""

    def __init__(self):
        super().__init__()
        self.last = Last()
        self.tables = {table: {} for table in TABLES}

    def index(self, table, element):
        known = self.tables[table]
        return varint(known.setdefault(element, len(known)))

    def record(self, record):
        self.put(self.index("records", record))

    def name(self, name):
        self.put(self.index("names", name))

    def change(self, change):
        self.put(self.index("replicas", change[0]), varint(change[1]))

    def hashes(self, hashes):
        self.put(varint(len(hashes)), *hashes)

    def batch(self, batch):
        self.put(varint(len(batch.entries)))
        for entry in batch.entries:
            self.entry(entry)
        self.put(varint(len(batch.heads)))
        for head in batch.heads:
            self.put(self.index("replicas", head.replica), self.index("audiences", head.audience))
            self.hashes(head.links)
            self.put(head.signature)
        return self.dictionary + self.data

    @property
    def dictionary(self):
        as_is, context = (lambda element: element), (lambda c: c[0].to_bytes(8, "big") + varint(c[1]))
        writers = (as_is, text, text, as_is, as_is, context)
        return b"".join(
            varint(len(self.tables[table])) + b"".join(write(element) for element in self.tables[table])
            for table, write in zip(TABLES, writers))

    def entry(self, entry):
        envelope, last, flags = entry.envelope, self.last, 0
        body = Writer()
        origin = (envelope.replica, envelope.audience, (envelope.epoch, envelope.schema))
        if origin != last.origin:
            flags |= ORIGIN
            for table, element in zip(("replicas", "audiences", "contexts"), origin):
                body.put(self.index(table, element))
        if envelope.number != last.numbers.get(envelope.replica, 0) + 1:
            flags |= NUMBER
            body.put(varint(envelope.number))
        if envelope.own != envelope.number - 1:
            flags |= OWN
            body.put(varint(envelope.number - envelope.own - 1))
        if envelope.position != last.base:
            flags |= BASE
            body.put(difference(envelope.position, last.base))
        body.put(zigzag((envelope.time >> 16) - last.milliseconds))
        if envelope.time & 0xFFFF:
            flags |= COUNTER
            body.put(varint(envelope.time & 0xFFFF))
        if envelope.group != (0, 0):
            flags |= GROUP
            body.put(bytes(envelope.group))
        last.origin, last.numbers[envelope.replica] = origin, envelope.number
        last.base, last.milliseconds = envelope.position, envelope.time >> 16
        self.rest(entry, flags, body)

    def rest(self, entry, flags, body):
        if entry.previous is not None:
            flags |= PREVIOUS
            body.put(entry.previous)
        if entry.links:
            flags |= LINKED
            body.put(varint(len(entry.links)), *entry.links)
        if entry.position is not None:
            flags |= PLACED
            step = (entry.position - self.last.position) & MASK
            if step != 1:
                flags |= JUMP
                body.put(varint(step))
            self.last.position = entry.position
            if entry.effective != entry.envelope.time:
                flags |= EFFECTIVE
                body.put(difference(entry.effective, entry.envelope.time))
        if entry.change is None:
            self.put(varint(flags | COMMITTED), body.data, entry.commitment)
            return
        if entry.change.erased:
            self.put(varint(flags | COMMITTED | ERASED), body.data, entry.change.erased)
            write_contents(self, entry.change.operations)
            return
        salt = self.index("seeds", entry.change.salt) if entry.change.is_seed else entry.change.salt
        self.put(varint(flags if entry.change.is_seed else flags | SALTED), body.data, salt)
        write_contents(self, entry.change.operations)


def difference(new, old):
    """Zigzag of the difference modulo 2⁶⁴, as a signed number."""
    return zigzag(((new - old + 2**63) & MASK) - 2**63)


def read_batch(data):
    return BatchReader(data).batch()


def write_batch(batch):
    return BatchWriter().batch(batch)
