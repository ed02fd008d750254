"""Random changes of every kind that the protocol knows, on views old and new: what a fold must stand."""

from replica import operations as ops
from replica.change import Envelope
from replica.log import REFUSED
from replica.operations import Operation
from replica.recording import edit_of, record, view_now
from replica.sight import steps_of
from replica.values import integer_value, list_value, text_value

NEWER_SCHEMA = 1000
"""Fields of a newer schema are kept and folded by the policy that their operations name (P-009)."""
POLICIES = {
    ops.REGISTER: "loose", ops.QUIET: "quiet", ops.IMMUTABLE: "firm", ops.APPEND_ONLY: "list", ops.DECIDED: "ruled"}
WORDS = ("wijk", "één", "e\u0301", "👩‍👧", "ß", " ", "samen", "IJ", "x")


class Author:
    """One Python replica that edits at random in one audience."""

    def __init__(self, log, audience, random):
        self.log, self.audience, self.random = log, audience, random
        self.views = []

    def remember(self):
        """The view of this moment: a form may stay open on it for long."""
        self.views.append(view_now(self.log))

    def edit(self):
        view = view_now(self.log)
        if self.views and self.random.random() < 0.4:
            old = self.random.choice(self.views)
            # Two windows of one replica: what came from others is in view, its own newest edits are not.
            view = self.random.choice((old, (view[0], old[1])))
        records = self.records(view)
        if not records or self.random.random() < 0.05:
            operations = self.creation(records)
        else:
            # Few records, so that authors meet.
            chosen = self.random.choice(records[:2])
            count = self.random.choice((1, 1, 1, 2, 3))
            operations = [op for _ in range(count) for op in self.operation(chosen, view)]
        if not any(op.code == ops.EDIT and not op.edits for op in operations):
            return record(self.log, self.audience, operations, view, NEWER_SCHEMA)
        return None

    def records(self, view):
        """The creation of each record in a view, by id."""
        creations = {}
        for step in steps_of(entry for entry in self.log.of(self.audience) if entry.state != REFUSED):
            if step.operation.code == ops.CREATE and self.envelope(view).saw(step.change, step.position):
                creations.setdefault(step.operation.record, step.operation)
        return [creations[record] for record in sorted(creations)]

    def envelope(self, view):
        log = self.log
        return Envelope(log.replica, log.number + 1, log.epoch, view[0], view[1], 0, 1, self.audience)

    def creation(self, records):
        parents = [creation.record for creation in records if creation.name == "nomination"]
        kind, parent = ("annotation", None)
        if parents and self.random.random() < 0.5:
            kind, parent = "example", self.random.choice(parents)
        return [Operation(ops.CREATE, self.random.randbytes(16), kind, parent=parent)]

    def operation(self, target, view):
        draw = self.random.randrange(12)
        if draw < 4:
            return [self.text(target, view)]
        if draw < 5:
            return [self.presence(target, view)]
        if draw < 7:
            code = self.random.choice((ops.INSERT, ops.INSERT, ops.TAKE))
            return [Operation(code, target.record, "tags", value=self.value())]
        policy = self.random.choice((ops.REGISTER, ops.REGISTER, ops.REGISTER, *POLICIES))
        name = POLICIES[policy]
        changes = self.changes(target.record, name, view)
        if not changes or self.random.random() < 0.5:
            return [Operation(ops.WRITE, target.record, name, policy, self.value())]
        settled = self.some(changes)
        if self.random.random() < 0.5:
            return [Operation(ops.RESOLVE, target.record, name, policy, self.value(), settled=settled)]
        kept = self.random.choice(changes)
        return [Operation(ops.KEEP, target.record, name, policy, kept=kept, settled=settled)]

    def presence(self, target, view):
        code = self.random.choice((ops.REMOVE, ops.REMOVE, ops.RESTORE, ops.CREATE))
        if code == ops.CREATE:
            return target
        named = self.some(self.changes(target.record, None, view)) if self.random.random() < 0.5 else ()
        return Operation(code, target.record, settled=named)

    def text(self, target, view):
        changes = self.changes(target.record, "prose", view)
        if changes and self.random.random() < 0.15:
            return Operation(ops.ACCEPT, target.record, "prose", settled=self.some(changes))
        whole = edit_of(self.log, self.audience, target.record, "prose", "", view)
        length = sum(deleted for _, _, deleted in whole.edits)
        edits = []
        for _ in range(self.random.choice((1, 1, 2))):
            at = self.random.choice((0, length // 2, length))
            gone = min(self.random.choice((0, 0, 2, 3)), length - at)
            new = self.random.choice(WORDS) if not gone or self.random.random() < 0.5 else ""
            edits += [(at, None, gone)] if gone else []
            edits += [(at, new, 0)] if new else []
            length += len(new) - gone
        return Operation(ops.EDIT, target.record, "prose", check=whole.check, edits=tuple(edits))

    def changes(self, target, name, view):
        """The changes in a view that touch a field; with no name, any part of the record."""
        envelope = self.envelope(view)
        return sorted(
            entry.id for entry in self.log.of(self.audience)
            if entry.state != REFUSED and envelope.saw(entry.id, entry.position)
            and any(op.record == target and name in (None, op.field) for op in entry.change.operations))

    def some(self, changes):
        """One or several of the latest, which are the likeliest to be in conflict."""
        latest = changes[-6:]
        return tuple(sorted(self.random.sample(latest, self.random.randint(min(1, len(latest)), len(latest)))))

    def value(self):
        return self.random.choice(
            (integer_value(1), text_value(self.random.choice(WORDS[:3])),
             list_value([integer_value(-1), text_value("é")])))
