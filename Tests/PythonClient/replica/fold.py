"""Folding records and their digests: from all changes of an audience to what stands there (section 7)."""

from dataclasses import dataclass

from .change import H
from .log import ACCEPTED, REFUSED
from .octets import option, text, varint
from .operations import CREATE, REMOVE, RESTORE
from .presence import Edit, Presence
from .registers import fold_ordered, fold_register, fold_set
from .sight import steps_of
from .texts import fold_text

FOLD_VERSION = 1


@dataclass(frozen=True)
class Record:
    id: bytes
    creation: object
    """The step that created it; None while that is unknown."""
    presence: int
    conflict: object
    fields: tuple

    @property
    def data(self):
        """The bytes in which it stands in a digest (section 7.7)."""
        creation = self.creation
        made = None
        if creation:
            key = creation.operation.key
            made = b"".join(
                [creation.change[0], varint(creation.change[1]), text(creation.operation.name),
                 option(creation.operation.parent),
                 option(None if key is None else varint(len(key)) + b"".join(value.data for value in key))])
        conflicts = [self.conflict] if self.conflict else []
        return b"".join(
            [bytes([FOLD_VERSION]), self.id, option(made), bytes([self.presence]), varint(len(conflicts)),
             *(conflict.data for conflict in conflicts), varint(len(self.fields)),
             *(field.data for field in self.fields)])

    def value(self, name):
        return next((field.value for field in self.fields if field.name == name), None)


def fold_field(record, name, policy, steps):
    if policy == "set":
        return fold_set(name, steps)
    if policy == "text":
        return fold_text(record, name, steps)
    if policy in ("append-only", "decided"):
        return fold_ordered(name, policy, steps)
    return fold_register(record, name, policy, steps)


def fold_audience(entries):
    """The records of one audience, from its changes, by id."""
    records = {}
    for step in steps_of(entries):
        records.setdefault(step.operation.record, []).append(step)
    children = {}
    for id, steps in records.items():
        creation = creation_of(steps)
        if creation and creation.operation.parent is not None:
            children.setdefault(creation.operation.parent, []).append(id)
    return [fold_record(id, records[id], touches(id, records, children)) for id in sorted(records)]


def creation_of(steps):
    return next((step for step in steps if step.operation.code == CREATE), None)


def touches(record, records, children):
    """The steps, other than removals, on what the record contains, however deep."""
    found, pending, known = [], [record], {record}
    while pending:
        for child in children.get(pending.pop(), ()):
            if child not in known:
                known.add(child)
                pending.append(child)
                found += [step for step in records[child] if step.operation.code != REMOVE]
    return found


def fold_record(record, steps, inner):
    fields, presence = {}, []
    for step in steps:
        if step.operation.code in (CREATE, REMOVE, RESTORE):
            presence.append(step)
        else:
            fields.setdefault((step.operation.name, step.operation.merge_policy), []).append(step)
    edits = []
    if any(step.operation.code == REMOVE for step in presence):
        edits = edits_of(steps, inner)
    state, conflict = Presence(presence, edits).merged(record)
    folded = tuple(fold_field(record, name, policy, fields[name, policy]) for name, policy in sorted(fields))
    return Record(record, creation_of(presence), state, conflict, folded)


def edits_of(steps, inner):
    """The edits of a record; a change inside it counts once, and not beside an edit of the record itself."""
    own = [Edit(s.envelope, s.position, s.time, s.index) for s in steps if s.operation.field is not None]
    listed = {edit.envelope.id for edit in own}
    others = {s.change: Edit(s.envelope, s.position, s.time) for s in inner if s.change not in listed}
    return sorted([*own, *others.values()], key=lambda edit: edit.rank)


def digest_of(records):
    return H(b"\x20", *(record.id + H(record.data) for record in records))


def digests(log):
    """One digest for each audience that is whole: over accepted changes up to the cursor."""
    found = {}
    for audience in sorted(name for name, lane in log.lanes.items() if lane.is_whole):
        entries = [e for e in log.of(audience) if e.state == ACCEPTED and e.position <= log.cursor]
        found[audience] = digest_of(fold_audience(entries))
    return found


def view(log, audience):
    """What is shown: the own changes without a position over the accepted ones."""
    return fold_audience([entry for entry in log.of(audience) if entry.state != REFUSED])
