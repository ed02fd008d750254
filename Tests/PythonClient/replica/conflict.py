"""Conflicts, and the bytes in which they stand in a digest (section 7.7)."""

from dataclasses import dataclass

from .octets import option, text, varint


@dataclass(frozen=True)
class Candidate:
    change: tuple
    role: str
    time: int
    value: object = None

    @property
    def data(self):
        return b"".join(
            [self.change[0], varint(self.change[1]), text(self.role), self.time.to_bytes(8, "big"),
             option(self.value and self.value.data)])


def by_time(candidates):
    return tuple(sorted(candidates, key=lambda candidate: (candidate.time, candidate.change)))


@dataclass(frozen=True)
class Conflict:
    id: str
    kind: str
    rule: str
    shown: tuple
    candidates: tuple
    base: object = None
    offset: int = None

    @property
    def data(self):
        return b"".join(
            [text(self.id), text(self.kind), text(self.rule), self.shown[0], varint(self.shown[1]),
             option(self.base and self.base.data), option(None if self.offset is None else varint(self.offset)),
             varint(len(self.candidates)), *(candidate.data for candidate in self.candidates)])


@dataclass(frozen=True)
class Field:
    name: str
    policy: str
    value: object
    conflicts: tuple = ()

    @property
    def data(self):
        return b"".join(
            [text(self.name), text(self.policy), option(self.value and self.value.data),
             varint(len(self.conflicts)), *(conflict.data for conflict in self.conflicts)])
