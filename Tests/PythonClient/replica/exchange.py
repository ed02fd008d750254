"""Speaking to the server: pull, and push with its verdicts (sections 3 to 6)."""

import io

from . import frames, keys
from .batch import Batch, Entry, Head
from .change import link
from .delivery import OutOfOrder, receive
from .enrolment import connection
from .frames import Frame, encode
from .log import ACCEPTED, HELD, QUEUED, REFUSED, WAITING
from .octets import WireError

PUSH_ENTRIES = 200
STATES = {frames.ACCEPTED: ACCEPTED, frames.HELD: HELD, frames.WAITING: WAITING, frames.REFUSED: REFUSED}


def converse(log, path, sent):
    """Sends frames and gives the answer's bytes."""
    server = connection(log.identity["address"], log.home)
    try:
        body = b"".join(encode(frame) for frame in sent)
        server.request("POST", path, body, {"Content-Type": frames.CONTENT_TYPE})
        response = server.getresponse()
        return response.status, response.read()
    finally:
        server.close()


def hello(log):
    return Frame(frames.HELLO, (frames.VERSION, log.replica, log.epoch, log.cursor))


def answer(octets):
    return frames.frames(io.BytesIO(octets).read)


def pull(log, save_as=None):
    held = tuple((name, lane.have, lane.end) for name, lane in sorted(log.lanes.items()))
    purged = [Frame(frames.PURGED, (tuple(log.purged),))] if log.purged else []
    compare = Frame(frames.COMPARE, (log.tree[0],))
    sent = [hello(log), *purged, compare, Frame(frames.WANT, (log.cursor, False, held))]
    _, octets = converse(log, "/pull", sent)
    if save_as:
        with open(save_as, "wb") as file:
            file.write(octets)
    told = len(log.purged)
    count = receive(log, answer(octets))
    del log.purged[:told]
    log.save()
    return count


def outgoing(log):
    """The changes without an answer, and the signature of each of their chains."""
    entries, tips = [], {}
    queued = sorted((e for e in log.changes.values() if e.state == QUEUED), key=lambda e: e.id)
    for entry in queued[:PUSH_ENTRIES]:
        audience = entry.envelope.audience
        previous = None if audience in tips else entry.previous
        entries.append(Entry(entry.envelope, entry.change, previous=previous))
        tips[audience] = link(entry.previous, entry.inner)
        log.seeds.pop(audience, None)
    heads = [
        Head(log.replica, audience, (), keys.sign(f"{log.home}/device.key", tip)) for audience, tip in tips.items()]
    return Batch(tuple(entries), tuple(heads))


def push(log):
    """Pushes what is queued, asks after what is held, and notes the verdicts."""
    asked = tuple(e.id for e in log.changes.values() if e.state in (HELD, WAITING))
    while True:
        batch = outgoing(log)
        sent = [Frame(frames.PUSH, (batch,))] if batch.entries else []
        sent += [Frame(frames.ASK, (asked[: frames.VERDICTS],))] if asked else []
        if not sent:
            return
        log.save()
        expected = {entry.envelope.id for entry in batch.entries} | set(asked)
        judge(log, answer(converse(log, "/push", [hello(log), *sent])[1]), expected)
        asked = ()
        log.save()


def judge(log, stream, expected):
    for index, frame in enumerate(stream):
        if frame.kind == frames.REFUSAL:
            raise WireError("session.refused", " ".join(frame.parts))
        if frame.kind != (frames.VERDICT if index else frames.WELCOME):
            raise OutOfOrder("a frame that has no place in a push")
        for id, (code, *rest) in frame.parts[0] if index else ():
            if id not in expected:
                raise OutOfOrder("a verdict that was not asked for")
            expected.remove(id)
            entry = log.changes[id]
            entry.state, entry.reason = STATES[code], ""
            if code == frames.ACCEPTED:
                entry.position, entry.effective = rest
            else:
                entry.reason = str(rest[0])
    if expected:
        raise WireError("frame.truncated", f"{len(expected)} verdicts are missing")


def sync(log):
    pull(log)
    push(log)
    return pull(log)
