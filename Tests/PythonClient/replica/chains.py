"""Checking deliveries without the server's word: chains, signatures, and whose keys they are (P-012, P-045)."""

from .change import CONTINUED, link, record_id
from .keys import EvidenceError, is_signed
from .octets import Reader
from .operations import CREATE, DECIDED, WRITE
from .values import BYTES, LIST

ROSTER = "everyone"


def roster_keys(log):
    """The key of each replica: what the server's own changes in `everyone` say, and the server's own."""
    server = bytes.fromhex(log.identity["serverReplica"])
    keys, owners = {}, {server: None}
    for entry in log.of(ROSTER):
        if entry.envelope.replica != server:
            continue
        for operation in entry.change.operations:
            if operation.code == CREATE and operation.name == "device" and operation.key:
                if record_id("device", operation.key) == operation.record and operation.key[0].tag == BYTES:
                    keys[operation.record] = operation.key[0].payload
            if (operation.code, operation.name, operation.policy) == (WRITE, "replicas", DECIDED):
                for replica in operation.value.items if operation.value.tag == LIST else ():
                    owners[replica.payload] = operation.record
            if (operation.code, operation.name, operation.policy) == (WRITE, "continues", DECIDED):
                for triple in operation.value.items if operation.value.tag == LIST else ():
                    new, old, number = triple.items
                    CONTINUED[new.payload] = old.payload, Reader(number.payload).zigzag()
    keys[None] = bytes.fromhex(log.identity["serverKey"])
    return {replica: keys[device] for replica, device in owners.items() if device in keys}


def follow(log, audience, steps, heads):
    """Moves the chains of an audience on over `steps`; the replica's own is compared where it is delivered.

    In `everyone` the server's chain is followed first: it vouches for the keys of all others.
    """
    server = bytes.fromhex(log.identity["serverReplica"])
    replicas = {id[0]: None for id, _, _ in steps if id[0] != log.replica}
    for replica in sorted(replicas, key=lambda replica: replica != server):
        key = roster_keys(log).get(replica)
        if key is None:
            raise EvidenceError(f"the roster does not know whose replica {replica.hex()} is")
        follow_one(log, audience, replica, key, steps, heads)


def check_numbers(log, audience, ids):
    """A later number may not stand before an earlier one (P-012)."""
    first = log.changes[ids[0]]
    later = (
        id for id, entry in log.changes.items()
        if id[0] == ids[0][0] and id[1] > ids[0][1] and entry.envelope.audience == audience
        and entry.position is not None and entry.position < first.position)
    if ids != sorted(ids) or any(later):
        raise EvidenceError(f"the changes of {ids[0][0].hex()} in {audience} do not come by their numbers")


def follow_one(log, audience, replica, key, steps, heads):
    tip, is_covered = log.chain(audience, replica), False
    steps = [step for step in steps if step[0][0] == replica]
    check_numbers(log, audience, [id for id, _, _ in steps])
    for id, inner, links in steps:
        for hidden in links:
            tip = link(tip, hidden)
        tip, is_covered = link(tip, inner), False
        for signer, number, further, signature in heads:
            if (signer, number) != id:
                continue
            end = tip
            for hidden in further:
                end = link(end, hidden)
            if not is_signed(key, end, signature):
                raise EvidenceError(f"the signature over change {id[1]} of {replica.hex()} is not its author's")
            is_covered = True
    if not is_covered:
        raise EvidenceError(f"the changes of {replica.hex()} in {audience} come without a signature")
    log.chains[audience, replica] = tip
