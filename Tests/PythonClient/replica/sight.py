"""Steps: the operations of the changes of an audience, in the one order in which a fold walks (section 7.1)."""

from dataclasses import dataclass

from .change import Envelope
from .operations import Operation


@dataclass(frozen=True)
class Step:
    envelope: Envelope
    position: int
    """None while the change has none."""
    time: int
    """Effective, or the author's stamp."""
    index: int
    operation: Operation

    @property
    def change(self):
        return self.envelope.id

    @property
    def rank(self):
        return (self.position is None, self.position or 0, self.change, self.index)

    def sees(self, other):
        if not other.rank < self.rank:
            return False
        return other.change == self.change or self.envelope.saw(other.change, other.position)


def steps_of(entries):
    """The steps of some changes, in order."""
    steps = [
        Step(entry.envelope, entry.position, entry.time, index, operation)
        for entry in entries for index, operation in enumerate(entry.change.operations)]
    return sorted(steps, key=lambda step: step.rank)
