"""Making own changes, on the view that their author had before them (section 2)."""

import secrets
import time

from .change import Change, Envelope, link
from .log import QUEUED, REFUSED, Logged
from .operations import EDIT, Operation
from .sight import steps_of
from .texts import version_at

SCHEMA = 1


def view_now(log):
    """The view of everything that is held: (position, own number)."""
    return log.cursor, log.number


def record(log, audience, operations, view=None, schema=SCHEMA, group=(0, 0)):
    """Makes a change and puts it in the queue; gives its id."""
    position, own = view or view_now(log)
    lane = log.lanes.get(audience)
    if lane is None or not lane.is_whole:
        position = 0
    log.number += 1
    log.time = max(time.time_ns() // 1_000_000 << 16, log.time + 1)
    seed = log.seeds.setdefault(audience, secrets.token_bytes(16))
    envelope = Envelope(
        log.replica, log.number, log.epoch, position, own, log.time, schema, audience, group)
    change = Change(envelope, seed, True, tuple(operations))
    previous = log.chain(audience, log.replica)
    log.changes[envelope.id] = Logged(envelope, change.inner, change, QUEUED, previous=previous)
    log.chains[audience, log.replica] = link(previous, change.inner)
    log.save()
    return envelope.id


def edit_of(log, audience, record_id, name, text, view):
    """The operation that makes a text read so: the common beginning and end stay."""
    position, own = view
    author = Envelope(log.replica, log.number + 1, log.epoch, position, own, 0, SCHEMA, audience)
    entries = [entry for entry in log.of(audience) if entry.state != REFUSED]
    steps = [s for s in steps_of(entries) if (s.operation.record, s.operation.field) == (record_id, name)]
    old, check = version_at(steps, author)
    return Operation(EDIT, record_id, name, check=check, edits=difference(old, text))


def difference(old, text):
    begin = 0
    while begin < min(len(old), len(text)) and old[begin] == text[begin]:
        begin += 1
    end = 0
    while end < min(len(old), len(text)) - begin and old[-1 - end] == text[-1 - end]:
        end += 1
    gone, new = len(old) - begin - end, text[begin : len(text) - end]
    return (((begin, None, gone),) if gone else ()) + (((begin, new, 0),) if new else ())
