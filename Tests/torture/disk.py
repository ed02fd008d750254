"""What a disk may hold after a power cut, by the records of record.c.

What was synced is there. Of the writes since, each is there, not there, or torn: some of its sectors of 512 bytes.
Names are durable once their folder was synced; of what happened to names since, a beginning is there, as file
systems with a journal keep that order."""

import collections
import os
import struct

HEADER = struct.Struct("<IIQQIIQ")
MAGIC = 0x52435244
SECTOR = 512

Record = collections.namedtuple("Record", "kind file offset names data serial")


def read(path):
    with open(path, "rb") as file:
        data = memoryview(file.read())
    records, at = [], 0
    while at < len(data):
        magic, kind, file, offset, paths, size, serial = HEADER.unpack_from(data, at)
        assert magic == MAGIC, f"no record at {at}"
        at += HEADER.size
        names = [name.decode() for name in bytes(data[at:at + paths]).split(b"\0")[:-1]]
        at += paths
        records.append(Record(chr(kind), file, offset, names, bytes(data[at:at + size]), serial))
        at += size
    return records


def tell(path, note):
    """Puts a remark of who records into the records."""
    data = note.encode()
    with open(path, "ab", buffering=0) as file:
        file.write(HEADER.pack(MAGIC, ord("a"), 0, 0, 0, len(data), 0) + data)


class File:
    """One file, whatever its names are."""

    def __init__(self):
        self.durable, self.pending = bytearray(), []

    def put(self, record):
        apply(self.durable, record)


def apply(content, record):
    if record.kind == "t":
        length = record.offset
        del content[length:]
        content.extend(bytes(length - len(content)))
    else:
        end = record.offset + len(record.data)
        content.extend(bytes(max(0, end - len(content))))
        content[record.offset:end] = record.data


class Disk:
    """A folder that was empty when the records began."""

    def __init__(self):
        # By inode, which may be used again after its file is gone.
        self.files = {}
        self.names, self.pending, self.begun, self.count = {}, [], {}, 0

    def advance(self, record):
        number, self.count = self.count, self.count + 1
        if record.kind == "c":
            self.files[record.file] = File()
            self.pending.append((number, record, self.files[record.file]))
        elif record.kind in "rlud":
            self.pending.append((number, record, None))
        elif record.kind in "wt":
            if record.file in self.files:
                self.files[record.file].pending.append((number, record))
        elif record.kind == "b":
            self.begun[record.serial] = number
        elif record.kind == "e":
            self.synced(record, self.begun.pop(record.serial))

    def synced(self, record, before):
        file = self.files.get(record.file)
        if file is not None:
            for number, write in file.pending:
                if number < before:
                    file.put(write)
            file.pending = [part for part in file.pending if part[0] >= before]
            return
        # A folder: all its names of that time.
        folder = record.names[0].rstrip("/")
        left = []
        for part in self.pending:
            inside = any(os.path.dirname(name) == folder for name in part[1].names)
            if part[0] < before and (inside or part[1].kind == "d"):
                rename(self.names, part[1], part[2])
            else:
                left.append(part)
        self.pending = left

    def whole(self):
        """As if nothing had failed."""
        names = dict(self.names)
        for _, record, file in self.pending:
            rename(names, record, file)
        return {name: content(file, lambda record: record) for name, file in names.items()}

    def cut(self, dice):
        """As after a power cut now."""
        names = dict(self.names)
        for _, record, file in self.pending[:dice.randint(0, len(self.pending))]:
            rename(names, record, file)
        kept = dice.choice((0, 0.5, 0.9, 1, dice.random()))
        torn = dice.choice((0, 0.2, 1))
        return {name: content(file, lambda record: survive(record, kept, torn, dice)) for name, file in names.items()}


def rename(names, record, file):
    if record.kind == "c":
        names[record.names[0]] = file
    elif record.kind == "u":
        names.pop(record.names[0], None)
    elif record.kind == "l" and record.names[0] in names:
        names[record.names[1]] = names[record.names[0]]
    elif record.kind == "r" and record.names[0] in names:
        names[record.names[1]] = names.pop(record.names[0])


def content(file, choose):
    result = bytearray(file.durable)
    for _, record in file.pending:
        chosen = choose(record)
        for part in chosen if isinstance(chosen, list) else [chosen] if chosen else []:
            apply(result, part)
    return bytes(result)


def survive(record, kept, torn, dice):
    if dice.random() >= kept:
        return None
    if record.kind == "t" or dice.random() >= torn:
        return record
    sectors, at = [], record.offset
    end = at + len(record.data)
    while at < end:
        # Sectors of the disk, wherever the write begins.
        following = min(end, (at // SECTOR + 1) * SECTOR)
        if dice.random() < 0.5:
            sectors.append(record._replace(offset=at, data=record.data[at - record.offset:following - record.offset]))
        at = following
    return sectors
