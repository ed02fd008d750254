"""What a replica holds, in one file that is replaced whole: changes, chains and cursor move together (P-041)."""

import json
import os
from dataclasses import dataclass, field

from .chains import ROSTER, roster_keys
from .change import ZERO, Change, Envelope, read_change, read_envelope

ACCEPTED, QUEUED, HELD, WAITING, REFUSED = "accepted", "queued", "held", "waiting", "refused"


@dataclass
class Logged:
    """A change, and what was decided about it."""

    envelope: Envelope
    inner: bytes
    change: Change = None
    state: str = ACCEPTED
    position: int = None
    effective: int = None
    previous: bytes = None
    """Of an own change: the hash before it in its chain."""
    reason: str = ""

    @property
    def id(self):
        return self.envelope.id

    @property
    def time(self):
        return self.envelope.time if self.effective is None else self.effective


@dataclass
class Lane:
    have: int
    end: int
    steps: list = field(default_factory=list)
    """What came in the main stream before the lane was whole: (change id, inner, links)."""
    heads: list = field(default_factory=list)
    """Signatures over it: (replica, number, links, signature)."""

    @property
    def is_whole(self):
        return self.have == self.end


@dataclass
class Log:
    home: str
    identity: dict
    cursor: int = 0
    number: int = 0
    """The number of the newest own change."""
    time: int = 0
    lanes: dict = field(default_factory=dict)
    chains: dict = field(default_factory=dict)
    """The newest hash of (audience, replica)."""
    changes: dict = field(default_factory=dict)
    seeds: dict = field(default_factory=dict)
    """By audience, until a push tells it."""
    purged: list = field(default_factory=list)
    tree: list = field(default_factory=lambda: [0, "", 0, ""])
    """The newest signed head: size, root, time, signature."""
    tree_faults: list = field(default_factory=list)
    """Pairs of heads that cannot both be true: the one that was known, and the one that came."""

    @property
    def replica(self):
        return bytes.fromhex(self.identity["replica"])

    @property
    def epoch(self):
        return int(self.identity["epoch"], 16)

    def chain(self, audience, replica):
        return self.chains.get((audience, replica), ZERO)

    def of(self, audience):
        """Changes of an audience whose contents are here."""
        return [entry for entry in self.changes.values() if entry.envelope.audience == audience and entry.change]

    def save(self):
        path = os.path.join(self.home, "log.json")
        with open(path + ".new", "w", encoding="ascii") as file:
            json.dump(to_json(self), file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(path + ".new", path)


def load(home):
    with open(os.path.join(home, "log.json"), encoding="ascii") as file:
        return from_json(home, json.load(file))


def hexes(hashes):
    return [item.hex() for item in hashes]


def unhexes(texts):
    return tuple(bytes.fromhex(item) for item in texts)


def to_json(log):
    return {
        "identity": log.identity, "cursor": log.cursor, "number": log.number, "time": log.time,
        "seeds": {name: seed.hex() for name, seed in log.seeds.items()}, "purged": log.purged,
        "tree": log.tree, "treeFaults": log.tree_faults,
        "chains": [[name, replica.hex(), tip.hex()] for (name, replica), tip in log.chains.items()],
        "lanes": {
            name: [
                lane.have, lane.end,
                [[r.hex(), n, inner.hex(), hexes(links)] for (r, n), inner, links in lane.steps],
                [[r.hex(), n, hexes(links), signature.hex()] for r, n, links, signature in lane.heads]]
            for name, lane in log.lanes.items()},
        "changes": [
            [
                entry.change is not None, (entry.change or entry.envelope).data.hex(), entry.inner.hex(),
                entry.state, entry.position, entry.effective, (entry.previous or b"").hex(), entry.reason]
            for entry in log.changes.values()]}


def from_json(home, data):
    log = Log(home, data["identity"], data["cursor"], data["number"], data["time"], purged=data["purged"])
    log.tree, log.tree_faults = data["tree"], data["treeFaults"]
    log.seeds = {name: bytes.fromhex(seed) for name, seed in data["seeds"].items()}
    log.chains = {(name, bytes.fromhex(replica)): bytes.fromhex(tip) for name, replica, tip in data["chains"]}
    for name, (have, end, steps, heads) in data["lanes"].items():
        log.lanes[name] = Lane(
            have, end, [((bytes.fromhex(r), n), bytes.fromhex(i), unhexes(links)) for r, n, i, links in steps],
            [(bytes.fromhex(r), n, unhexes(links), bytes.fromhex(s)) for r, n, links, s in heads])
    for is_whole, octets, inner, state, position, effective, previous, reason in data["changes"]:
        octets = bytes.fromhex(octets)
        change = read_change(octets) if is_whole else None
        entry = Logged(
            change.envelope if is_whole else read_envelope(octets), bytes.fromhex(inner), change, state,
            position, effective, bytes.fromhex(previous) or None, reason)
        log.changes[entry.id] = entry
    if log.of(ROSTER):
        roster_keys(log)
    return log
