"""python3 -m vectors FOLDER [--write]: makes the vectors, and compares them with what is there; then reads them
with this client, good and bad. Silent when all is as it should be but for one line."""

import io
import json
import os
import sys

from replica import batch, change, debug, enrolment, fold, frames, keys, log, octets, operations, tree, values

from . import bad, folds, good

FILES = {
    "varint": (good.varints, bad.varints), "zigzag": (good.zigzags, None), "value": (good.values, bad.values),
    "contents": (good.operation_lists, bad.operation_lists), "envelope": (good.envelopes, bad.envelopes),
    "change": (good.changes, bad.changes), "chain": (good.chain, None), "signature": (good.signatures, None),
    "record-id": (good.record_ids, None), "text-check": (good.text_checks, None), "fingerprint": (good.fingerprints, None), "link": (good.links, bad.links),
    "batch": (good.good_batches, bad.bad_batches), "frame": (good.good_frames, bad.bad_frames),
    "fold": (folds.folds, None), "leaf": (good.leaves, None), "tree": (good.trees, None),
    "tree-head": (good.tree_heads, None)}


def whole(read):
    """A reader of a structure that takes up all of the bytes."""

    def reader(data):
        source = octets.Reader(data)
        value = read(source)
        source.finish()
        return value

    return reader


def one_frame(data):
    (frame,) = frames.frames(io.BytesIO(data).read)
    return frame


def contents(source):
    return change.contents(operations.read_contents(source))


READERS = {
    "varint": whole(lambda source: octets.varint(source.varint())),
    "zigzag": whole(lambda source: octets.zigzag(source.zigzag())),
    "value": whole(lambda source: values.read_value(source).data), "contents": whole(contents),
    "envelope": lambda data: change.read_envelope(data).data, "change": lambda data: change.read_change(data).data,
    "chain": lambda data: change.read_change(data).data,
    "batch": lambda data: batch.write_batch(batch.read_batch(data)),
    "frame": lambda data: frames.encode(one_frame(data))}


def made(name):
    makes, breaks = FILES[name]
    return {"structure": name, "good": makes(), "bad": breaks() if breaks else []}


def faults(name, vectors):
    """What this client makes of the vectors, where that is not what they say."""
    read = READERS.get(name)
    for item in vectors["good"]:
        if read and read(bytes.fromhex(item["hex"])) != bytes.fromhex(item["hex"]):
            yield f"{name}: {item['name']} is given back in other bytes"
    for item in vectors["bad"]:
        try:
            enrolment.read_link(item["text"]) if name == "link" else read(bytes.fromhex(item["hex"]))
        except octets.WireError as error:
            if error.code != item["error"]:
                yield f"{name}: {item['name']} gives {error.code}, not {item['error']}"
        else:
            yield f"{name}: {item['name']} was taken"


def meanings(all_vectors):
    """What only a computation tells: that signatures fit, links can be read, frames have their line."""
    for item in all_vectors["signature"]["good"]:
        key, head, signature = (bytes.fromhex(item[part]) for part in ("key", "hash", "hex"))
        if not keys.is_signed(key, head, signature) or keys.is_signed(key, bytes(32), signature):
            yield "signature: it does not fit, or fits anything"
    for item in all_vectors["link"]["good"]:
        secret, fingerprint, address = enrolment.read_link(item["text"])
        if [secret.hex(), fingerprint.hex(), address] != [item[part] for part in ("secret", "fingerprint", "address")]:
            yield f"link: {item['name']} reads otherwise"
    for item in all_vectors["frame"]["good"]:
        if debug.line(one_frame(bytes.fromhex(item["hex"]))) != item["debug"]:
            yield f"frame: {item['name']} has another debug form"
    for item in all_vectors["tree-head"]["good"]:
        key, signature, message = (bytes.fromhex(item[part]) for part in ("key", "hex", "message"))
        if not keys.asks_openssl(key, message, signature) or keys.asks_openssl(key, message + b"\0", signature):
            yield f"tree-head: {item['name']} is not signed, or anything is"
    for item in all_vectors["tree"]["good"]:
        yield from tree_faults(item)
    for item in all_vectors["fold"]["good"]:
        entries = [
            log.Logged(c.envelope, c.inner, c, position=int(one["position"]), effective=int(one["effective"]))
            for one in item["changes"] for c in [change.read_change(bytes.fromhex(one["hex"]))]]
        if fold.digest_of(fold.fold_audience(entries)).hex() != item["digest"]:
            yield f"fold: {item['name']} has another digest"


def tree_faults(item):
    leaves, root = [bytes.fromhex(leaf) for leaf in item["leaves"]], bytes.fromhex(item["hex"])
    size = len(leaves)
    for proof in item["inclusion"]:
        path, index = [bytes.fromhex(part) for part in proof["path"]], proof["index"]
        if [i for i in range(size) if tree.is_included(leaves[index], i, size, path, root)] != [index]:
            yield f"tree: leaf {index} of {item['name']} is not proved there and there alone"
    for kind in ("consistency", "rewritten"):
        for proof in item[kind]:
            path = [bytes.fromhex(part) for part in proof["path"]]
            if tree.is_consistent(proof["first"], bytes.fromhex(proof["root"]), size, root, path) != (
                kind == "consistency"):
                yield f"tree: {kind} {proof['first']} of {item['name']}"


def main(folder, is_writing):
    found, count, wrong = {}, 0, []
    for name in FILES:
        path, text = os.path.join(folder, f"{name}.json"), json.dumps(made(name), indent=1, ensure_ascii=False) + "\n"
        if is_writing:
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        with open(path, encoding="utf-8") as file:
            kept = file.read()
        if kept != text:
            wrong.append(f"{path} is not what the generator makes; see the document, or run it with --write")
        found[name] = json.loads(kept)
        count += len(found[name]["good"]) + len(found[name]["bad"])
        wrong += faults(name, found[name])
    wrong += meanings(found)
    for line in wrong:
        print(line, file=sys.stderr)
    print(f"{count} vectors of {len(FILES)} structures, {len(wrong)} faults")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], "--write" in sys.argv))
