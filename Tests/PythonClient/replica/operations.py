"""The contents of a change: its operations (section 2.2)."""

from dataclasses import dataclass, field

from .octets import TEXT_BYTES, WireError, is_name, text, utf8, varint
from .values import Value, read_value

CREATE, REMOVE, RESTORE, WRITE, KEEP, RESOLVE, INSERT, TAKE, EDIT, ACCEPT = range(1, 11)
REGISTER, QUIET, IMMUTABLE, APPEND_ONLY, DECIDED = range(1, 6)
POLICY_NAMES = {1: "register", 2: "quiet", 3: "immutable", 4: "append-only", 5: "decided"}

OPERATIONS, TEXT_EDITS, SETTLED, KEY_VALUES = 4096, 65_536, 1024, 8


@dataclass(frozen=True)
class Operation:
    code: int
    record: bytes
    name: str = ""
    """The field; of a creation, the kind."""
    policy: int = 0
    value: Value = None
    kept: tuple = None
    """The change whose value is kept."""
    settled: tuple = ()
    parent: bytes = None
    key: tuple = None
    check: int = 0
    edits: tuple = field(default=())
    """Of a text: (index, inserted text or None, number of deleted scalars)."""

    @property
    def field(self):
        return self.name if self.code >= WRITE else None

    @property
    def merge_policy(self):
        """The policy by which a field is folded."""
        if self.code in (INSERT, TAKE):
            return "set"
        if self.code in (EDIT, ACCEPT):
            return "text"
        return POLICY_NAMES[self.policy]


def write_contents(writer, operations):
    writer.put(varint(len(operations)))
    for operation in operations:
        write_operation(writer, operation)


def write_operation(writer, op):
    writer.put(bytes([op.code]))
    writer.record(op.record)
    if op.code == CREATE or op.code >= WRITE:
        writer.name(op.name)
    if op.code == CREATE:
        writer.put(bytes([(op.parent is not None) | (op.key is not None) << 1]))
        if op.parent is not None:
            writer.record(op.parent)
        if op.key is not None:
            writer.put(varint(len(op.key)), *(value.data for value in op.key))
    if op.code in (WRITE, KEEP, RESOLVE):
        writer.put(bytes([op.policy]))
    if op.code == KEEP:
        writer.change(op.kept)
    if op.code in (WRITE, RESOLVE, INSERT, TAKE):
        writer.put(op.value.data)
    if op.code == EDIT:
        writer.put(op.check.to_bytes(8, "big"), varint(len(op.edits)))
        for index, inserted, deleted in op.edits:
            if inserted is None:
                writer.put(varint(index << 1 | 1), varint(deleted))
            else:
                writer.put(varint(index << 1), text(inserted))
    if op.code in (REMOVE, RESTORE, KEEP, RESOLVE, ACCEPT):
        writer.put(varint(len(op.settled)))
        for change in op.settled:
            writer.change(change)


def read_contents(reader):
    count = reader.count(OPERATIONS)
    if count == 0:
        raise WireError("malformed", "a change without operations")
    return tuple(read_operation(reader) for _ in range(count))


def read_operation(reader):
    code = reader.byte()
    if not CREATE <= code <= ACCEPT:
        raise WireError("unsupported", f"operation {code} is not known")
    record = reader.record()
    if code == CREATE:
        return read_creation(reader, record)
    if code in (REMOVE, RESTORE):
        return Operation(code, record, settled=read_settled(reader))
    parts = {"name": read_name(reader)}
    if code in (WRITE, KEEP, RESOLVE):
        parts["policy"] = reader.byte()
        if parts["policy"] not in POLICY_NAMES:
            raise WireError("unsupported", "a merge policy that is not known")
    if code == KEEP:
        parts["kept"] = reader.change()
    if code in (WRITE, RESOLVE, INSERT, TAKE):
        parts["value"] = read_value(reader)
    if code == EDIT:
        parts["check"] = reader.number(8)
        parts["edits"] = tuple(read_edit(reader) for _ in range(reader.count(TEXT_EDITS)))
    if code in (KEEP, RESOLVE, ACCEPT):
        parts["settled"] = read_settled(reader)
    return Operation(code, record, **parts)


def read_name(reader):
    name = reader.name()
    if not is_name(name):
        raise WireError("malformed", "not the name of a kind or a field")
    return name


def read_creation(reader, record):
    kind, flags, parent, key = read_name(reader), reader.byte(), None, None
    if flags > 3:
        raise WireError("malformed", f"flags {flags} of a creation")
    if flags & 1:
        parent = reader.record()
    if flags & 2:
        key = tuple(read_value(reader) for _ in range(reader.count(KEY_VALUES)))
    return Operation(CREATE, record, kind, parent=parent, key=key)


def read_settled(reader):
    changes = []
    for _ in range(reader.count(SETTLED)):
        changes.append(reader.change())
        if len(changes) > 1 and changes[-1] <= changes[-2]:
            raise WireError("malformed", "changes of a resolution out of order")
    return tuple(changes)


def read_edit(reader):
    head, size = reader.varint(), reader.varint()
    if size == 0 or size > TEXT_BYTES or head >> 1 >= 1 << 31:
        raise WireError("tooLarge", "a text edit beyond the largest text")
    if head & 1:
        return head >> 1, None, size
    return head >> 1, utf8(reader.bytes(size)), 0
