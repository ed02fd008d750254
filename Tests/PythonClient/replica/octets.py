"""Bytes, read and written as sections 1 and 9 of the document say; any bytes give a value or a `WireError`."""

TEXT_BYTES = 1 << 20
NAME_BYTES = 64
AUDIENCE_BYTES = 80


class WireError(Exception):
    """Bytes or frames that break the protocol; `code` is one of section 9."""

    def __init__(self, code, message):
        super().__init__(f"{code}: {message}")
        self.code = code


def varint(number):
    out = bytearray()
    while True:
        low, number = number & 0x7F, number >> 7
        out.append(low | (0x80 if number else 0))
        if not number:
            return bytes(out)


def zigzag(number):
    return varint((number << 1) ^ (number >> 63))


def unzigzag(number):
    return (number >> 1) ^ -(number & 1)


def counted(data):
    """Varint length and the bytes."""
    return varint(len(data)) + data


def text(string):
    return counted(string.encode())


def option(data):
    """One byte 0, or 1 and the bytes."""
    return b"\0" if data is None else b"\1" + data


def utf8(data):
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise WireError("notUTF8", "text that is not UTF-8") from None


def is_name(name):
    first, rest = name[:1], set(name) - set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_")
    return first != "" and first in "abcdefghijklmnopqrstuvwxyz" and not rest


def is_audience(name):
    return name != "" and not set(name) - set("abcdefghijklmnopqrstuvwxyz0123456789:-")


class Reader:
    """Passes over bytes; reads ids and names as they stand."""

    def __init__(self, data):
        self.data, self.offset = data, 0

    @property
    def remaining(self):
        return len(self.data) - self.offset

    def bytes(self, count):
        if count > self.remaining:
            raise WireError("truncated", f"{count} bytes wanted, {self.remaining} left")
        self.offset += count
        return self.data[self.offset - count : self.offset]

    def byte(self):
        return self.bytes(1)[0]

    def number(self, count):
        return int.from_bytes(self.bytes(count), "big")

    def varint(self):
        value = 0
        for index in range(10):
            byte = self.byte()
            if index == 9 and byte > 1:
                raise WireError("malformed", "a number above 64 bits")
            value |= (byte & 0x7F) << (7 * index)
            if not byte & 0x80:
                if byte == 0 and index > 0:
                    raise WireError("malformed", "a number in a longer form than needed")
                return value
        raise WireError("malformed", "a number of more than 10 bytes")

    def zigzag(self):
        return unzigzag(self.varint())

    def count(self, limit):
        value = self.varint()
        if value > limit:
            raise WireError("tooLarge", f"{value} entries, at most {limit} are allowed")
        return value

    def text(self, limit):
        return utf8(self.bytes(self.count(limit)))

    def flag(self):
        byte = self.byte()
        if byte > 1:
            raise WireError("malformed", f"{byte} for a truth")
        return byte == 1

    def audience(self):
        name = self.text(AUDIENCE_BYTES)
        if not is_audience(name):
            raise WireError("malformed", "not the name of an audience")
        return name

    def finish(self):
        if self.remaining:
            raise WireError("trailing", f"{self.remaining} bytes too many")

    # What a batch tells by index; see `batch.BatchReader`.

    def record(self):
        return self.bytes(16)

    replica = record

    def name(self):
        return self.text(NAME_BYTES)

    def change(self):
        replica, number = self.replica(), self.varint()
        if number == 0:
            raise WireError("malformed", "change numbers begin at 1")
        return replica, number


class Writer:
    """Gathers bytes; writes ids and names as they stand."""

    def __init__(self):
        self.parts = []

    def put(self, *parts):
        self.parts.extend(parts)

    def record(self, record):
        self.put(record)

    def name(self, name):
        self.put(text(name))

    def change(self, change):
        self.put(change[0], varint(change[1]))

    @property
    def data(self):
        return b"".join(self.parts)
