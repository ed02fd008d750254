"""Values: what a field holds. Two values are equal exactly when their bytes are."""

from dataclasses import dataclass

from .octets import TEXT_BYTES, Reader, WireError, utf8, varint, zigzag

LIST_DEPTH = 8
NULL, BOOLEAN, INTEGER, TEXT, DATE, INSTANT, RECORD, BYTES, LIST = range(9)


@dataclass(frozen=True)
class Value:
    tag: int
    payload: bytes = b""

    @property
    def data(self):
        return varint(len(self.payload) << 4 | self.tag) + self.payload

    @property
    def items(self):
        """The values of a list."""
        reader, items = Reader(self.payload), []
        while reader.remaining:
            items.append(read_value(reader))
        return items

    @property
    def text(self):
        return self.payload.decode()


def text_value(string):
    return Value(TEXT, string.encode())


def integer_value(number):
    return Value(INTEGER, zigzag(number))


def list_value(values):
    return Value(LIST, b"".join(value.data for value in values))


def read_value(reader, depth=0):
    header = reader.varint()
    if header >> 4 > TEXT_BYTES:
        raise WireError("tooLarge", f"a value of {header >> 4} bytes")
    value = Value(header & 15, reader.bytes(header >> 4))
    check(value, depth)
    return value


def check(value, depth):
    inner = Reader(value.payload)
    if value.tag == BOOLEAN and inner.remaining:
        if inner.byte() != 1:
            raise WireError("malformed", "a boolean other than 1")
    elif value.tag in (INTEGER, INSTANT):
        inner.varint()
    elif value.tag == TEXT:
        utf8(inner.bytes(inner.remaining))
    elif value.tag == DATE:
        if not -(1 << 31) <= inner.zigzag() < 1 << 31:
            raise WireError("malformed", "a date beyond 32 bits")
    elif value.tag == RECORD:
        inner.bytes(16)
    elif value.tag == LIST:
        if depth >= LIST_DEPTH:
            raise WireError("tooLarge", "lists too deep")
        while inner.remaining:
            read_value(inner, depth + 1)
    elif value.tag == BYTES or value.tag > LIST:
        inner.bytes(inner.remaining)
    inner.finish()
