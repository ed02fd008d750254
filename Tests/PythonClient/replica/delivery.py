"""Taking over what a pull brings (section 6); any error leaves the log on disk as it was."""

from . import erasing, frames, keys, tree
from .chains import ROSTER, follow
from .keys import EvidenceError
from .log import ACCEPTED, Lane, Logged
from .octets import WireError


class OutOfOrder(WireError):
    def __init__(self, message):
        super().__init__("session.outOfOrder", message)


def grant(log, audience, end):
    if audience in log.lanes or end < log.cursor:
        raise OutOfOrder(f"{audience} is granted twice, or below the cursor")
    log.lanes[audience] = Lane(0, end)


def revoke(log, audiences):
    """Forgets what is held of them, but for the own changes; told in the next request (P-043)."""
    for audience in audiences:
        if log.lanes.pop(audience, None) is None:
            raise OutOfOrder(f"{audience} is revoked but was not held")
        log.purged.append(audience)
        for id, entry in list(log.changes.items()):
            if entry.envelope.audience == audience and id[0] != log.replica:
                del log.changes[id]
        for chain in [chain for chain in log.chains if chain[0] == audience and chain[1] != log.replica]:
            del log.chains[chain]


def check(log, lane, through, batch):
    begin = last = log.lanes[lane].have if lane else log.cursor
    for entry in batch.entries:
        audience, position = entry.envelope.audience, entry.position
        if position is None or not last < position <= through:
            raise OutOfOrder("positions of a delivery do not rise up to its end")
        last = position
        held = log.lanes.get(audience)
        if held is None or (audience != lane if lane else position <= held.end):
            raise OutOfOrder(f"a change of {audience} that has no place here")
    if through < begin or lane and through > log.lanes[lane].end:
        raise OutOfOrder("a delivery that ends where it may not")


def deliver(log, lane, through, batch):
    if lane is not None and (lane not in log.lanes or log.lanes[lane].is_whole):
        raise OutOfOrder(f"a lane of {lane}, which is not being granted")
    check(log, lane, through, batch)
    for entry in batch.entries:
        take(log, entry)
    audiences = {entry.envelope.audience for entry in batch.entries}
    for audience in sorted(audiences, key=lambda name: (name != ROSTER, name)):
        steps, heads = evidence(batch, audience)
        held = log.lanes[audience]
        if lane or held.is_whole:
            follow(log, audience, steps, heads)
        else:
            held.steps += steps
            held.heads += heads
    erasing.follow(log, [entry.envelope for entry in batch.entries])
    if lane is None:
        log.cursor = through
        return
    held = log.lanes[lane]
    held.have = through
    if held.is_whole:
        follow(log, lane, held.steps, held.heads)
        held.steps, held.heads = [], []


def evidence(batch, audience):
    """The steps of an audience, and each signature with the number of the last change before it."""
    steps = [
        (entry.envelope.id, entry.inner, entry.links) for entry in batch.entries
        if entry.envelope.audience == audience]
    newest = {id[0]: id[1] for id, _, _ in steps}
    heads = [
        (head.replica, newest[head.replica], head.links, head.signature) for head in batch.heads
        if head.audience == audience and head.replica in newest]
    return steps, heads


def take(log, entry):
    known = log.changes.get(entry.envelope.id)
    if entry.envelope.replica == log.replica:
        if known is None or known.inner != entry.inner:
            raise EvidenceError("the server has a change of this replica that was not made here")
        known.change = known.change or entry.change
    elif known is not None:
        raise EvidenceError(f"change {entry.envelope.number} is delivered twice")
    else:
        known = Logged(entry.envelope, entry.inner, entry.change)
        log.changes[known.id] = known
    if known.position not in (None, entry.position):
        raise EvidenceError("a delivered position is not the one of the verdict")
    known.state, known.position, known.effective = ACCEPTED, entry.position, entry.effective


def compare(log, epoch, size, root, time, signature, path):
    """The head goes on from the one that was known, or both are kept as evidence (P-084, P-085)."""
    signed = tree.head_bytes(epoch, size, root, time)
    if epoch != log.epoch or not keys.asks_openssl(bytes.fromhex(log.identity["serverKey"]), signed, signature):
        raise WireError("tree.unsigned", f"a tree head of {size} leaves is not signed by the server")
    known, shown = log.tree, [size, root.hex(), time, signature.hex()]
    if not tree.is_consistent(known[0], bytes.fromhex(known[1]), size, root, path):
        log.tree_faults.append([known, shown])
        log.save()
        code = "shorter" if size < known[0] else "split" if size == known[0] else "rewritten"
        raise WireError(f"tree.{code}", f"{size} leaves came where {known[0]} were known")
    log.tree = shown


def receive(log, stream):
    """Takes over the frames of a pull until all is there; gives the number of changes that came."""
    frame = next(stream, None)
    if frame is None or frame.kind not in (frames.WELCOME, frames.REFUSAL):
        raise OutOfOrder("a welcome comes first")
    count = 0
    if frame.kind == frames.WELCOME:
        version, epoch, head, _ = frame.parts
        if version != frames.VERSION or epoch != log.epoch:
            raise WireError("session.version", "a server of another version or epoch")
        frame = next(stream, None)
        if frame is None or frame.kind not in (frames.TREE, frames.REFUSAL):
            raise OutOfOrder("the tree head comes first")
        if frame.kind == frames.TREE:
            compare(log, *frame.parts)
            frame = next(stream, None)
        if head < log.cursor:
            raise OutOfOrder("a server that was put back")
    while frame is not None and frame.kind != frames.CURRENT:
        if frame.kind == frames.REFUSAL:
            raise WireError("session.refused", " ".join(frame.parts))
        if frame.kind == frames.GRANT:
            grant(log, *frame.parts)
        elif frame.kind == frames.REVOKE:
            revoke(log, *frame.parts)
        elif frame.kind == frames.DELIVER:
            deliver(log, *frame.parts)
            count += len(frame.parts[2].entries)
        elif frame.kind != frames.PULSE:
            raise OutOfOrder("a frame that has no place in a pull")
        frame = next(stream, None)
    if frame is None or frame.parts[0] > log.cursor:
        raise WireError("frame.truncated", "the stream ended early")
    return count
