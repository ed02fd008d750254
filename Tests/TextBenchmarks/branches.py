"""Editing traces of authors who know nothing of each other for long, made from one seed: what a replay pays for most."""
import json
import random

SHAPES = ["two branches", "fifty branches", "two authors, rounds of a second"]
BASE = 10_000
WORDS = "zij zet zich al jaren in voor de buurt, elke dag weer; een motie, een brief, een bezoek "


class Author:
    """Types where the caret is, now and then elsewhere, and takes some of it back."""

    def __init__(self, number, seed, length):
        self.number, self.length = number, length
        self.random = random.Random(seed * 1000 + number)
        self.caret = self.random.randrange(length + 1)

    def patch(self):
        pick = self.random
        if pick.random() < 0.08:
            self.caret = pick.randrange(self.length + 1)
        self.caret = min(self.caret, self.length)
        if self.caret > 0 and pick.random() < 0.15:
            self.caret -= 1
            self.length -= 1
            return [self.caret, 1, ""]
        self.caret += 1
        self.length += 1
        return [self.caret - 1, 0, pick.choice(WORDS)]


def trace(shape, edits, path, seed=1):
    """Writes so many edits, those of the authors by turns, as they would come in over a network."""
    text = "".join(random.Random(seed).choice(WORDS) for _ in range(BASE))
    transactions = [dict(agent=0, parents=[], patches=[[0, 0, text]])]
    count = 50 if shape == "fifty branches" else 2
    authors = [Author(number + 1, seed, BASE) for number in range(count)]
    heads = [[0] for _ in authors]
    round_of = 12 if shape == SHAPES[2] else edits
    while len(transactions) < edits:
        for _ in range(round_of):
            if len(transactions) >= edits:
                break
            for index, author in enumerate(authors):
                transactions.append(
                    dict(agent=author.number, parents=heads[index], patches=[author.patch()]))
                heads[index] = [len(transactions) - 1]
        # All get what all have; a length of a merge is at most the sum of the insertions.
        everybody = [head[0] for head in heads]
        heads = [everybody for _ in authors]
        length = min(author.length for author in authors)
        for author in authors:
            author.length = length
    transactions.append(dict(agent=1, parents=sorted(set(heads[0])), patches=[[0, 0, "!"]]))
    json.dump(dict(txns=transactions), open(path, "w"))
