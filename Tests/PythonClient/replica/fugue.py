"""The order of concurrent insertions: the tree of FugueMax (Weidner & Kleppmann 2023), as in section 7.5.

Written to be read: each insertion walks the whole tree.
"""

from dataclasses import dataclass, field

LEFT, RIGHT = 0, 1


@dataclass(eq=False)
class Scalar:
    """One character; those that were deleted stay in the tree."""

    char: str
    event: int
    """The event that inserted it, by index in order of rank."""
    id: tuple
    """The change of that event."""
    right_origin: object
    parent: object
    side: int
    children: tuple = field(default_factory=lambda: ([], []))
    deleters: set = field(default_factory=set)


class Tree:
    def __init__(self):
        self.root = Scalar("", -1, (), None, None, RIGHT)

    def walk(self):
        """All scalars in document order."""
        pending, order = [(self.root, False)], []
        while pending:
            scalar, is_open = pending.pop()
            if is_open:
                order.append(scalar)
                continue
            pending += [(child, False) for child in reversed(scalar.children[RIGHT])]
            pending.append((scalar, True))
            pending += [(child, False) for child in reversed(scalar.children[LEFT])]
        return order[1:] if order[0] is self.root else order

    def insert(self, char, event, id, left, version):
        """Puts a character behind `left` (the root at the start), as the author saw it who knew `version`."""
        order = self.walk()
        place = {scalar: index for index, scalar in enumerate(order)}
        after = 0 if left is self.root else place[left] + 1
        right = next((scalar for scalar in order[after:] if scalar.event in version), None)
        if right is None or not self.is_under(right, left):
            parent, side = left, RIGHT
        else:
            parent, side = right, LEFT
        scalar = Scalar(char, event, id, right, parent, side)
        siblings = parent.children[side]
        siblings.append(scalar)
        if side == RIGHT:
            end = len(order)
            siblings.sort(key=lambda s: (-(place[s.right_origin] if s.right_origin else end), s.id))
        else:
            siblings.sort(key=lambda s: s.id)
        return scalar

    @staticmethod
    def is_under(scalar, above):
        while scalar is not None:
            if scalar is above:
                return True
            scalar = scalar.parent
        return False
