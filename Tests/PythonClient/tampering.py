"""A delivered batch in which one byte was changed: the client must notice, or nothing that was signed has changed."""

import io

from replica import frames
from replica.delivery import receive
from replica.keys import EvidenceError
from replica.log import Log
from replica.octets import WireError

FLIPS = 60


def signed_part(log):
    """All that the authors' signatures cover of what a replica took over."""
    return {id: (entry.inner, entry.change and entry.change.data) for id, entry in log.changes.items()}


def replay(log, octets):
    """A fresh replica of the same device that receives this stream."""
    fresh = Log(log.home, log.identity)
    receive(fresh, frames.frames(io.BytesIO(octets).read))
    return fresh


def batches(octets):
    """Where the batches of the deliveries stand in a stream."""
    ranges, offset = [], 0
    while offset < len(octets):
        length = int.from_bytes(octets[offset : offset + 4], "big")
        body = octets[offset + 4 : offset + 4 + length]
        if body[0] == frames.DELIVER and frames.decode(body).parts[2].entries:
            ranges.append(range(offset + 5, offset + 4 + length))
        offset += 4 + length
    return ranges


def check(log, path, dice):
    with open(path, "rb") as file:
        octets = file.read()
    honest, places, noticed = signed_part(replay(log, octets)), batches(octets), 0
    for _ in range(FLIPS):
        place = dice.choice(dice.choice(places))
        changed = bytearray(octets)
        changed[place] ^= 1 << dice.randrange(8)
        try:
            taken = signed_part(replay(log, bytes(changed)))
        except (WireError, EvidenceError):
            noticed += 1
            continue
        if any(honest.get(id) != part for id, part in taken.items()):
            raise SystemExit(f"FAILED: a changed byte at {place} was not noticed")
    if noticed < FLIPS // 2:
        raise SystemExit(f"FAILED: only {noticed} of {FLIPS} changed bytes were noticed")
    return f"{noticed} of {FLIPS} changed bytes noticed; the rest told nothing that is signed"
