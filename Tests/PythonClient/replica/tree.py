"""The tree of receipts: leaves, heads, and the check of proofs (section 12)."""

import hashlib

TREE_WORDS = b"voordracht tree head 1\0"


def digest(data):
    return hashlib.sha256(data).digest()


def leaf_bytes(received, change_hash, verdict, position):
    """An entry of the tree; `position` is 0 without one."""
    return (
        b"\1" + received.to_bytes(8, "big", signed=True) + change_hash + bytes([verdict])
        + position.to_bytes(8, "big"))


def leaf_hash(entry):
    return digest(b"\0" + entry)


def node(left, right):
    return digest(b"\1" + left + right)


def head_bytes(epoch, size, root, time):
    """What the server signs."""
    return (
        TREE_WORDS + epoch.to_bytes(8, "big") + size.to_bytes(8, "big") + root
        + time.to_bytes(8, "big", signed=True))


def split(count):
    return 1 << (count - 1).bit_length() - 1


def root_of(leaves):
    """The root over the hashes of leaves, by the definition of RFC 9162 itself."""
    if len(leaves) < 2:
        return leaves[0] if leaves else digest(b"")
    k = split(len(leaves))
    return node(root_of(leaves[:k]), root_of(leaves[k:]))


def inclusion(index, leaves):
    """The path of a leaf (RFC 9162, 2.1.3.1)."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if index < k:
        return [*inclusion(index, leaves[:k]), root_of(leaves[k:])]
    return [*inclusion(index - k, leaves[k:]), root_of(leaves[:k])]


def consistency(first, leaves, is_whole=True):
    """The path from an earlier tree (RFC 9162, 2.1.4.1)."""
    if first == len(leaves):
        return [] if is_whole else [root_of(leaves)]
    k = split(len(leaves))
    if first <= k:
        return [*consistency(first, leaves[:k], is_whole), root_of(leaves[k:])]
    return [*consistency(first - k, leaves[k:], False), root_of(leaves[:k])]


def climb(place, last, path, step):
    """Goes up a path; `step` is told each node and whether it stands on the left. False for another length."""
    for item in path:
        if last == 0:
            return False
        is_left = place & 1 == 1 or place == last
        step(item, is_left)
        while is_left and place and place & 1 == 0:
            place, last = place >> 1, last >> 1
        place, last = place >> 1, last >> 1
    return last == 0


def is_included(leaf, index, size, path, root):
    """RFC 9162, 2.1.3.2."""
    at = [leaf]

    def step(item, is_left):
        at[0] = node(item, at[0]) if is_left else node(at[0], item)

    return index < size and climb(index, size - 1, path, step) and at[0] == root


def is_consistent(first, earlier, second, later, path):
    """RFC 9162, 2.1.4.2; anything follows the empty tree."""
    if first == 0 or first >= second:
        return not path and (first == 0 or first == second and earlier == later)
    nodes = [earlier, *path] if first & (first - 1) == 0 else list(path)
    if not nodes:
        return False
    place, last = first - 1, second - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    at = [nodes[0], nodes[0]]

    def step(item, is_left):
        if is_left:
            at[0] = node(item, at[0])
        at[1] = node(item, at[1]) if is_left else node(at[1], item)

    return climb(place, last, nodes[1:], step) and at == [earlier, later]
