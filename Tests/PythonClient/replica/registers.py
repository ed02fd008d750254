"""Fields that keep one value, sets, and fields that the order of positions rules (sections 7.2 to 7.4)."""

from dataclasses import dataclass

from .change import owns
from .conflict import Candidate, Conflict, Field, by_time
from .operations import INSERT, KEEP, RESOLVE, TAKE
from .sight import Step
from .values import Value, list_value


@dataclass(frozen=True)
class Write:
    step: Step
    value: Value
    replaced: frozenset = frozenset()
    """The writes that it replaces, by index."""

    @property
    def is_resolution(self):
        return self.step.operation.code in (KEEP, RESOLVE)


def standing(view, writes):
    """Those of a view (indexes) that none of it replaces."""
    gone = frozenset().union(*(writes[index].replaced for index in view))
    return [index for index in view if index not in gone]


def is_disputed(indexes, writes):
    return len({writes[index].value for index in indexes}) > 1


def written(steps):
    """Each write with its value; of a choice, the value of what is kept, and nothing where that is not seen."""
    writes = []
    for step in steps:
        value = step.operation.value
        if step.operation.code == KEEP:
            kept = [w for w in writes if w.step.change == step.operation.kept and step.sees(w.step)]
            if not kept:
                continue
            value = kept[-1].value
        writes.append(Write(step, value))
    return writes


def replacing(write, index, writes, policy):
    """Which earlier writes a write replaces (section 7.2)."""
    view = [other for other in range(index) if write.step.sees(writes[other].step)]
    if policy == "immutable" and not write.is_resolution:
        return frozenset()
    if policy == "quiet" or not is_disputed(standing(view, writes), writes):
        return frozenset(view)
    if not write.is_resolution:
        return frozenset(other for other in view if owns(write.step.change[0], writes[other].step.change))
    named = [other for other in view if writes[other].step.change in write.step.operation.settled]
    if policy != "immutable":
        return frozenset(named)
    values = {writes[other].value for other in named}
    return frozenset(other for other in view if writes[other].value in values)


def shown(indexes, writes, policy):
    if not indexes:
        return None
    if policy == "immutable":
        return next((index for index in indexes if writes[index].is_resolution), indexes[0])
    return max(indexes, key=lambda i: (writes[i].step.time, writes[i].step.change, writes[i].step.index))


def fold_register(record, name, policy, steps):
    writes = written(steps)
    for index, write in enumerate(writes):
        writes[index] = Write(write.step, write.value, replacing(write, index, writes, policy))
    candidates = standing(range(len(writes)), writes)
    best = shown(candidates, writes, policy)
    conflicts = ()
    if policy != "quiet" and is_disputed(candidates, writes):
        conflicts = (register_conflict(f"{record.hex()}.{name}", policy, writes, candidates, best),)
    return Field(name, policy, None if best is None else writes[best].value, conflicts)


def register_conflict(id, policy, writes, candidates, best):
    sides, listed = candidates, best
    if policy == "immutable":
        first = {}
        for index in candidates:
            first.setdefault(writes[index].value, index)
        sides, listed = list(first.values()), first[writes[best].value]
    shared = [
        index for index in range(min(sides))
        if all(writes[side].step.sees(writes[index].step) for side in sides)]
    before = shown(standing(shared, writes), writes, policy)
    return Conflict(
        id, "resolution" if all(writes[side].is_resolution for side in sides) else "value",
        "lowest-position" if policy == "immutable" else "latest", writes[listed].step.change,
        by_time(
            Candidate(w.step.change, "resolution" if w.is_resolution else "write", w.step.time, w.value)
            for w in (writes[side] for side in sides)),
        base=None if before is None else writes[before].value)


def fold_set(name, steps):
    inserts = [step for step in steps if step.operation.code == INSERT]
    takes = [step for step in steps if step.operation.code == TAKE]
    values = {
        step.operation.value for step in inserts
        if not any(t.operation.value == step.operation.value and t.sees(step) for t in takes)}
    return Field(name, "set", list_value(sorted(values, key=lambda value: value.data)))


def fold_ordered(name, policy, steps):
    values = [write.value for write in written(steps)]
    if policy == "decided":
        return Field(name, policy, values[-1] if values else None)
    return Field(name, policy, list_value(values))
