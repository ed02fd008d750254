"""python3 -m verify_receipt FILE: checks a receipt by PROTOCOL.md, section 12, and prints what it proves, as JSON;
ends with 1 and the reason where it proves nothing. Needs no server and no replica, but openssl for the signatures.

Which server and which author the two keys are, it cannot know: `--server SHA256` compares the server's with the one
that an association publishes.
"""

import argparse
import hashlib
import json
import sys

from replica import change, keys, tree
from replica.octets import WireError

VERDICTS = {"accepted": 1, "held": 2, "waiting": 3, "refused": 4}
FORM = 1


class NoProof(Exception):
    """The receipt proves nothing; the text says why."""


def octets(text, count=None):
    data = bytes.fromhex(text)
    if count is not None and len(data) != count:
        raise ValueError(f"{len(data)} bytes where {count} are expected")
    return data


def whole(number):
    if type(number) is not int or not 0 <= number < 2**63:
        raise ValueError(f"{number!r} is no count")
    return number


def checked(receipt):
    """What a receipt proves; `receipt` as it stands in the file."""
    if receipt["receipt"] != FORM:
        raise NoProof(f"a receipt of form {receipt['receipt']}")
    made, author, leaf, head = change.read_change(octets(receipt["change"])), *(
        receipt[part] for part in ("author", "leaf", "head"))
    own = change.link(octets(receipt["previous"], 32), made.inner)
    # The author signed a hash that this one leads to.
    tip = own
    for inner in author["links"]:
        tip = change.link(tip, octets(inner, 32))
    if not keys.is_signed(octets(author["key"]), tip, octets(author["signature"], 64)):
        raise NoProof("the signature of the author does not cover the change")
    # What the server said of it stands in the tree.
    verdict, position, index = VERDICTS[leaf["verdict"]], leaf.get("position"), whole(leaf["index"])
    if (position is not None) != (leaf["verdict"] == "accepted"):
        raise NoProof("an accepted change has a position, and no other")
    entry = tree.leaf_bytes(leaf["received"], own, verdict, whole(position or 0))
    root, size, path = octets(head["root"], 32), whole(head["size"]), [octets(item, 32) for item in receipt["path"]]
    if not tree.is_included(tree.leaf_hash(entry), index, size, path, root):
        raise NoProof("the change does not stand in the tree as the receipt says")
    # And the server signed the tree.
    signed = tree.head_bytes(int(head["epoch"], 16), size, root, head["time"])
    if not keys.asks_openssl(octets(receipt["server"]), signed, octets(head["signature"], 64)):
        raise NoProof("the tree head is not signed with the key of the server")
    envelope = made.envelope
    return {
        "change": f"{envelope.replica.hex()}:{envelope.number}", "audience": envelope.audience,
        "received": leaf["received"], "claimed": envelope.time >> 16, "verdict": leaf["verdict"], "position": position,
        "size": size, "root": root.hex(), "time": head["time"],
        "server": hashlib.sha256(octets(receipt["server"])).hexdigest()}


def main(arguments):
    parser = argparse.ArgumentParser(prog="verify_receipt")
    parser.add_argument("file")
    parser.add_argument("--server", help="SHA-256 of the key of the server, hexadecimal")
    options = parser.parse_args(arguments)
    try:
        with open(options.file, encoding="utf-8") as file:
            facts = checked(json.load(file))
        if options.server not in (None, facts["server"]):
            raise NoProof(f"the key of another server: {facts['server']}")
    except NoProof as reason:
        print(f"no proof: {reason}", file=sys.stderr)
        return 1
    except (KeyError, TypeError, ValueError, OverflowError, WireError) as fault:
        print(f"no receipt: {type(fault).__name__}: {fault}", file=sys.stderr)
        return 1
    print(json.dumps(facts))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
