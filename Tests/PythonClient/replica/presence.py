"""Whether a record is there: creations, removals and restorations, and the edits that speak against a removal (7.6)."""

from dataclasses import dataclass

from .change import owns
from .change import Envelope
from .conflict import Candidate, Conflict, by_time
from .operations import CREATE, REMOVE

ROLES = {CREATE: "creation", REMOVE: "removal"}
PRESENT, REMOVED, DISPUTED = range(3)


@dataclass(frozen=True)
class Edit:
    """An operation on a field of the record, or a change of what it contains (then without an index)."""

    envelope: Envelope
    position: int
    time: int
    index: int = None

    @property
    def rank(self):
        return (self.position is None, self.position or 0, self.envelope.id, self.index or 0)

    def is_seen_by(self, step):
        if self.envelope.id == step.change:
            return self.index is None or self.index < step.index
        return self.rank < step.rank and step.envelope.saw(self.envelope.id, self.position)


class Presence:
    def __init__(self, steps, edits):
        self.steps, self.edits = steps, edits
        self.replaced, self.settled = [], []
        """Of each step: the steps that it replaces and the edits that it settles, by index."""
        for index, step in enumerate(steps):
            self.add(index, step)

    def standing(self, view):
        gone = set().union(*(self.replaced[index] for index in view))
        return [index for index in view if index not in gone]

    def open(self, view, edits):
        done = set().union(*(self.settled[index] for index in view))
        return [index for index in edits if index not in done]

    def is_disputed(self, view, edits):
        standing = self.standing(view)
        removals = [index for index in standing if self.steps[index].operation.code == REMOVE]
        return bool(removals) and (len(removals) < len(standing) or bool(self.open(view, edits)))

    def add(self, index, step):
        view = [other for other in range(index) if step.sees(self.steps[other])]
        known = [edit for edit in range(len(self.edits)) if self.edits[edit].is_seen_by(step)]
        named = step.operation.settled
        replica = step.change[0]
        steps, edits = view, known
        if self.is_disputed(view, known):
            ids = {edit: self.edits[edit].envelope.id for edit in known}
            if named:
                steps = [other for other in view if self.steps[other].change in named]
                edits = [e for e in known if any(n[0] == ids[e][0] and n[1] >= ids[e][1] for n in named)]
            else:
                steps = [other for other in view if owns(replica, self.steps[other].change)]
                edits = [e for e in known if owns(replica, ids[e])]
        self.replaced.append(set(steps))
        self.settled.append(set(edits))

    def merged(self, record):
        """Presence, and the conflict of the record where it is disputed."""
        view, edits = range(len(self.steps)), range(len(self.edits))
        standing = [self.steps[index] for index in self.standing(view)]
        if not self.is_disputed(view, edits):
            is_removed = any(step.operation.code == REMOVE for step in standing)
            return (REMOVED if is_removed else PRESENT), None
        candidates = [
            Candidate(step.change, ROLES.get(step.operation.code, "restoration"), step.time) for step in standing]
        latest = {}
        for edit in (self.edits[index] for index in self.open(view, edits)):
            replica, number = edit.envelope.id
            if replica not in latest or latest[replica].envelope.number < number:
                latest[replica] = edit
        candidates += [Candidate(edit.envelope.id, "edit", edit.time) for edit in latest.values()]
        candidates = by_time(candidates)
        shown = [candidate for candidate in candidates if candidate.role != "removal"][-1]
        return DISPUTED, Conflict(
            f"{record.hex()}.-", "removed", "stays-visible", shown.change, candidates)
