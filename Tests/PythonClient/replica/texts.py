"""Texts: edits replayed in the versions that their authors saw, and where two people wrote at once (7.5)."""

from dataclasses import dataclass, field

from .change import text_check
from .conflict import Candidate, Conflict, Field, by_time
from .fugue import Tree
from .operations import EDIT
from .sight import Step
from .values import text_value

LONGEST = 1 << 20


@dataclass
class Event:
    """All edits that one change makes of one text."""

    step: Step
    edits: tuple
    version: set = field(default_factory=set)
    """The events, by index, of the version that it was made on."""


def events_of(steps):
    events = []
    for step in steps:
        if step.operation.code != EDIT:
            continue
        if events and events[-1].step.change == step.change:
            events[-1].edits += step.operation.edits
        else:
            events.append(Event(step, step.operation.edits))
    for index, event in enumerate(events):
        for other in range(index):
            if event.step.sees(events[other].step):
                event.version |= {other} | events[other].version
    return events


class Replay:
    """The tree that all events make together."""

    def __init__(self, steps):
        self.tree, self.events = Tree(), events_of(steps)
        for index, event in enumerate(self.events):
            self.apply(index, event)

    def present(self, version):
        """The scalars that stand in a version, in order."""
        return [s for s in self.tree.walk() if s.event in version and not s.deleters & version]

    def apply(self, index, event):
        length = len(self.present(event.version))
        for at, inserted, deleted in event.edits:
            size = len(inserted or "")
            if at > length or deleted > length - at or size and size > LONGEST - length:
                return
            length += size - deleted
        version = event.version | {index}
        for at, inserted, deleted in event.edits:
            standing = self.present(version)
            for scalar in standing[at : at + deleted]:
                scalar.deleters.add(index)
            left = standing[at - 1] if at else self.tree.root
            for char in inserted or "":
                left = self.tree.insert(char, index, event.step.change, left, version)

    def text(self, version):
        return "".join(scalar.char for scalar in self.present(version))

    def are_concurrent(self, first, second):
        return first not in self.events[second].version and second not in self.events[first].version

    def meetings(self):
        """Where two people wrote at once: (offset, the two events)."""
        everything, standing, dead = set(range(len(self.events))), [], []
        for scalar in self.tree.walk():
            if scalar.deleters & everything:
                dead.append(scalar)
                continue
            if standing and self.do_meet(standing[-1].event, scalar.event, dead):
                yield len(standing), (standing[-1].event, scalar.event)
            standing.append(scalar)
            dead = []

    def do_meet(self, first, second, dead):
        one, other = self.events[first], self.events[second]
        if one.step.change[0] == other.step.change[0] or not self.are_concurrent(first, second):
            return False
        both = {first, second}
        return not any(
            scalar.event in one.version & other.version
            and all(both <= self.events[deleter].version for deleter in scalar.deleters)
            for scalar in dead)

    def words(self, offset):
        """What stands directly before and after a meeting, as far as one event wrote it."""
        standing = self.present(set(range(len(self.events))))
        begin, end = offset - 1, offset
        while begin > 0 and standing[begin - 1].event == standing[offset - 1].event:
            begin -= 1
        while end < len(standing) and standing[end].event == standing[offset].event:
            end += 1
        return ["".join(s.char for s in part) for part in (standing[begin:offset], standing[offset:end])]


def fold_text(record, name, steps):
    replay = Replay(steps)
    if not replay.events:
        return Field(name, "text", None)
    accepted = [step for step in steps if step.operation.code != EDIT]
    conflicts, known = [], set()
    for offset, pair in replay.meetings():
        if frozenset(pair) in known:
            continue
        known.add(frozenset(pair))
        sides = [replay.events[event].step for event in pair]
        if any(is_accepted(acceptance, sides) for acceptance in accepted):
            continue
        changes = sorted(side.change for side in sides)
        conflicts.append(
            Conflict(
                f"{record.hex()}.{name}:{text_check(changes):016x}", "text", "both-stand", changes[0],
                by_time(
                    Candidate(side.change, "edit", side.time, text_value(words))
                    for side, words in zip(sides, replay.words(offset))), offset=offset))
    text = replay.text(set(range(len(replay.events))))
    return Field(name, "text", text_value(text), tuple(sorted(conflicts, key=lambda conflict: conflict.id)))


def is_accepted(acceptance, sides):
    return all(side.change in acceptance.operation.settled and acceptance.sees(side) for side in sides)


def version_at(steps, view):
    """The text that a view shows, and the check over its changes; `view` is an envelope with that base."""
    replay = Replay(steps)
    seen = [i for i, e in enumerate(replay.events) if view.saw(e.step.change, e.step.position)]
    version = set(seen).union(*(replay.events[index].version for index in seen))
    return replay.text(version), text_check(replay.events[index].step.change for index in seen)
