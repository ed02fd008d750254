"""Each structure with what it means: the vectors that a reader must take, and give again byte for byte."""

from replica import frames, tree
from replica.batch import Batch, Entry, Head, write_batch
from replica.change import ZERO, Change, contents, fingerprint, link, record_id, text_check
from replica.debug import line
from replica.enrolment import write_link
from replica.frames import Frame, encode
from replica.octets import varint, zigzag

from .samples import (
    ANNA, AUDIENCE, BRAM, BYTES, CARLA, EPOCH, KEY, NULL, OPERATIONS, SALT, SERVER_KEY, SIGNATURE, TIME, TREE_SIGNATURE, VALUES, Value, change,
    envelope, integer_value, text_value)



def varints():
    numbers = (0, 1, 127, 128, 300, 2**32, 2**63, 2**64 - 1)
    return [{"name": str(n), "hex": varint(n).hex(), "number": str(n)} for n in numbers]


def zigzags():
    numbers = (0, -1, 1, -2, 2**31, -(2**63), 2**63 - 1)
    return [{"name": str(n), "hex": zigzag(n).hex(), "number": str(n)} for n in numbers]


def values():
    return [
        {"name": name, "hex": value.data.hex(), "tag": value.tag, "payload": value.payload.hex()}
        for name, value in VALUES.items()]


def operation_lists():
    single = [{"name": name, "hex": contents([op]).hex()} for name, op in OPERATIONS.items()]
    return [*single, {"name": "all of them", "hex": contents(list(OPERATIONS.values())).hex()}]


ENVELOPES = {
    "the first change": envelope(ANNA, 1),
    "an old form": envelope(BRAM, 9, position=5, own=3, time=77),
    "the second of a group": envelope(ANNA, 3, own=1, group=(1, 2)),
    "the longest name": envelope(CARLA, 2**63, position=2**62, audience="x:" + "9" * 78, schema=2**32 - 1),
}


def envelopes():
    return [
        {
            "name": name, "hex": e.data.hex(), "replica": e.replica.hex(), "number": str(e.number),
            "position": str(e.position), "own": str(e.own), "time": str(e.time), "audience": e.audience,
            "epoch": f"{e.epoch:016x}", "schema": str(e.schema), "group": f"{e.group[0]} of {e.group[1]}"}
        for name, e in ENVELOPES.items()]


ERASED = Change(envelope(ANNA, 2), b"", False, (OPERATIONS["insert"],), KEY[3:35])


def changes():
    samples = {
        "by a seed": change(ANNA, 2, OPERATIONS["write a register"]),
        "by a salt": change(ANNA, 2, OPERATIONS["write a register"], salt=SALT, is_seed=False),
        "every operation": change(BRAM, 400, *OPERATIONS.values(), position=7),
        "erased": ERASED,
    }
    return [
        {
            "name": name, "hex": c.data.hex(), "salt": "" if c.erased else c.own_salt.hex(), "commitment": c.commitment.hex(),
            "inner": c.inner.hex(), "hash": link(ZERO, c.inner).hex()}
        for name, c in samples.items()]


def chain():
    links = [change(ANNA, number, OPERATIONS["insert"]) for number in (1, 2, 3)]
    tip, steps = ZERO, []
    for c in links:
        steps.append({"name": f"change {c.envelope.number}", "hex": c.data.hex(), "previous": tip.hex()})
        tip = link(tip, c.inner)
        steps[-1]["hash"] = tip.hex()
    return steps


def signatures():
    tip = bytes.fromhex(chain()[-1]["hash"])
    return [{"name": "the head of the chain", "key": KEY.hex(), "hash": tip.hex(), "hex": SIGNATURE.hex()}]


def record_ids():
    keys = {
        "edition": (integer_value(2017),), "device": (Value(BYTES, KEY),),
        "example": (text_value("é"), Value(NULL))}
    return [
        {"name": kind, "kind": kind, "key": [value.data.hex() for value in key], "hex": record_id(kind, key).hex()}
        for kind, key in keys.items()]


def text_checks():
    sets = {"of nothing": (), "of one": ((ANNA, 1),), "of three, in any order": ((BRAM, 2), (ANNA, 300), (ANNA, 1))}
    return [
        {
            "name": name, "changes": [f"{replica.hex()}:{number}" for replica, number in ids],
            "hex": f"{text_check(ids):016x}"}
        for name, ids in sets.items()]


def fingerprints():
    one, two = (1, 1 << 16, KEY[:32]), (1 << 40, (1 << 64) - 1, KEY[1:33])
    third = (300, 1_700_000_000_000 << 16 | 7, KEY[2:34])
    sets = {"of nothing": (), "of one": (one,), "of three, in any order": (two, third, one)}
    return [
        {
            "name": name, "changes": [f"{position}:{effective:016x}:{inner.hex()}" for position, effective, inner in placed],
            "hex": f"{fingerprint(placed):032x}"}
        for name, placed in sets.items()]


def links():
    places = {"a port": "127.0.0.1:8443", "a name": "sync.example.nl:443", "IPv6": "[::1]:1"}
    return [
        {
            "name": name, "text": write_link(SALT, KEY[:32], address), "secret": SALT.hex(),
            "fingerprint": KEY[:32].hex(), "address": address}
        for name, address in places.items()]


def batches():
    first = change(ANNA, 1, OPERATIONS["create with key"], OPERATIONS["write a register"])
    second = change(ANNA, 2, *list(OPERATIONS.values())[4:], salt=SALT, is_seed=False, position=4, own=0, time=5)
    grouped = [
        change(ANNA, 3 + index, OPERATIONS["remove"], own=2, group=(index, 2), audience=audience)
        for index, audience in enumerate(("everyone", AUDIENCE))]
    head = Head(ANNA, AUDIENCE, (), SIGNATURE)
    return {
        "empty": Batch(),
        "a push": Batch((Entry(first.envelope, first, previous=ZERO), Entry(second.envelope, second)), (head,)),
        "a group over two audiences": Batch(
            tuple(Entry(c.envelope, c, previous=ZERO) for c in grouped), (Head(ANNA, "everyone", (), SIGNATURE), head)),
        "withdrawn contents": Batch((Entry(first.envelope, commitment=first.commitment, previous=KEY[:32]),), (head,)),
        "a delivery": Batch(
            (
                Entry(first.envelope, first, position=9, effective=first.envelope.time),
                Entry(second.envelope, second, links=(KEY[:32], KEY[1:33]), position=10, effective=TIME)),
            (Head(ANNA, AUDIENCE, (KEY[2:34],), SIGNATURE),)),
        "an erased change": Batch(
            (Entry(ERASED.envelope, ERASED, position=9, effective=TIME),), (Head(ANNA, AUDIENCE, (), SIGNATURE),)),
    }


def frame_samples():
    push, delivery, reason = batches()["a push"], batches()["a delivery"], ("text.version", "Eén", "Again.")
    verdicts = (
        ((ANNA, 1), (frames.ACCEPTED, 9, TIME)), ((ANNA, 2), (frames.HELD, *reason)),
        ((ANNA, 3), (frames.WAITING, 2)), ((BRAM, 4), (frames.REFUSED, *reason)))
    return {
        "hello of a newcomer": Frame(frames.HELLO, (1, ANNA, None, 0)),
        "hello": Frame(frames.HELLO, (1, ANNA, EPOCH, 300)),
        "push": Frame(frames.PUSH, (push,)),
        "push of withdrawn contents": Frame(frames.PUSH, (batches()["withdrawn contents"],)),
        "ask": Frame(frames.ASK, (((ANNA, 1), (ANNA, 300)),)),
        "want of a newcomer": Frame(frames.WANT, (0, False, ())),
        "want": Frame(frames.WANT, (300, True, (("everyone", 5, 5), (AUDIENCE, 3, 7)))),
        "purged": Frame(frames.PURGED, (("workgroup",),)),
        "welcome": Frame(frames.WELCOME, (1, EPOCH, 300, 1_700_000_000_000)),
        "verdicts": Frame(frames.VERDICT, (verdicts,)),
        "grant": Frame(frames.GRANT, ("everyone", 300)),
        "deliver in the main stream": Frame(frames.DELIVER, (None, 10, delivery)),
        "deliver in a lane": Frame(frames.DELIVER, (AUDIENCE, 10, delivery)),
        "deliver nothing": Frame(frames.DELIVER, (None, 10, Batch())),
        "revoke": Frame(frames.REVOKE, (("everyone", "workgroup"),)),
        "current": Frame(frames.CURRENT, (300,)),
        "pulse": Frame(frames.PULSE, (-1,)),
        "refusal": Frame(frames.REFUSAL, reason),
        "compare of a newcomer": Frame(frames.COMPARE, (0,)),
        "compare": Frame(frames.COMPARE, (300,)),
        "prove": Frame(frames.PROVE, (ANNA, 300)),
        "tree": Frame(
            frames.TREE, (EPOCH, 300, KEY[:32], 1_700_000_000_000, TREE_SIGNATURE, (KEY[1:33], KEY[2:34]))),
        "receipt of an accepted change": Frame(
            frames.RECEIPT, (
                (ANNA, 300), 17, 1_700_000_000_000, frames.ACCEPTED, 9, (KEY[:32],), ZERO, (KEY[1:33],), SIGNATURE,
                KEY)),
        "receipt of a held change": Frame(
            frames.RECEIPT, ((BRAM, 1), 0, -1, frames.HELD, 0, (), KEY[:32], (), SIGNATURE, KEY)),
        "continue": Frame(frames.CONTINUE, (BRAM, ANNA, 300)),
        "continue after nothing": Frame(frames.CONTINUE, (BRAM, ANNA, 0)),
        "continued": Frame(frames.CONTINUED, (BRAM, ANNA, 300)),
        "offer": Frame(frames.OFFER, (batches()["withdrawn contents"],)),
        "evidence": Frame(frames.EVIDENCE, ((
            ((ANNA, 300), 17, 1_700_000_000_000, frames.ACCEPTED, 9, (KEY[:32],),
             (EPOCH, 300, KEY[:32], 1_700_000_000_000, TREE_SIGNATURE)),),)),
        "lodge": Frame(frames.LODGE, ((("everyone", KEY[:32]), (AUDIENCE, KEY[1:33])),)),
        "fingerprints": Frame(
            frames.FINGERPRINTS, ((("everyone", 0, 300, KEY[:16]), ("workgroup", 299, 300, bytes(16))),)),
        "differing": Frame(frames.DIFFERING, ((("everyone", 128, 192),),)),
        "segmented": Frame(frames.SEGMENTED, ()),
        "segments": Frame(frames.SEGMENTS_OF, (AUDIENCE, ((7, 300_000, KEY[:32]), (300, 8 << 20, KEY[1:33])))),
        "nothing differs": Frame(frames.DIFFERING, ((),)),
        "restored": Frame(
            frames.RESTORED, (((EPOCH + 1, EPOCH, 300, 17, KEY[:32], 1_700_000_000_000, SIGNATURE),),)),
    }


def good_frames():
    return [
        {"name": name, "hex": encode(frame).hex(), "debug": line(frame)} for name, frame in frame_samples().items()]


def leaves():
    entries = {
        "accepted": (1_700_000_000_000, KEY[:32], frames.ACCEPTED, 9), "held": (-1, KEY[1:33], frames.HELD, 0),
        "waiting": (0, KEY[2:34], frames.WAITING, 0), "refused": (2**63 - 1, ZERO, frames.REFUSED, 0),
        "lodged": (1, KEY[:32], frames.LODGED, 0)}
    return [
        {
            "name": name, "hex": tree.leaf_bytes(*entry).hex(), "received": str(entry[0]), "change": entry[1].hex(),
            "verdict": entry[2], "position": str(entry[3]), "hash": tree.leaf_hash(tree.leaf_bytes(*entry)).hex()}
        for name, entry in entries.items()]


def tree_of(size):
    hashes = [tree.leaf_hash(bytes([number])) for number in range(size)]

    def proof(**parts):
        return {**parts, "path": [item.hex() for item in parts["path"]]}

    later = [tree.leaf_hash(b"another"), *hashes[1:]]
    return {
        "name": f"{size} leaves", "hex": tree.root_of(hashes).hex(), "leaves": [item.hex() for item in hashes],
        "inclusion": [proof(index=index, path=tree.inclusion(index, hashes)) for index in range(size)],
        "consistency": [
            proof(first=first, root=tree.root_of(hashes[:first]).hex(), path=tree.consistency(first, hashes))
            for first in range(1, size + 1)],
        "rewritten": [
            proof(
                first=first, root=tree.root_of(later[:first]).hex(),
                path=tree.consistency(first, hashes)) for first in range(1, size + 1)]}


def trees():
    return [tree_of(size) for size in (0, 1, 2, 3, 7, 8, 13)]


def tree_heads():
    root, time = tree.root_of([]), 1_700_000_000_000
    return [{
        "name": "300 leaves", "hex": TREE_SIGNATURE.hex(), "key": SERVER_KEY.hex(), "epoch": f"{EPOCH:016x}",
        "size": "300", "root": root.hex(), "time": str(time), "message": tree.head_bytes(EPOCH, 300, root, time).hex()}]


def good_batches():
    return [{"name": name, "hex": write_batch(batch).hex()} for name, batch in batches().items()]
