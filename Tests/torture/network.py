"""network ROUNDS: several devices edit and synchronise at once through a proxy that harms their connections; the
clocks of two are two years off."""

import collections
import random

from . import ending
from .kill import APART, Actor
from .proxy import Proxy
from .stage import Breach
from .story import KINDS, Story

CLOCKS = {"anna-2": "+2y", "dirk": "-2y"}


def plan(story, dice):
    parts = []
    for name in dice.sample(story.authors() + ["rik"], dice.randint(2, 4)):
        actions = [] if name == "rik" else [
            (dice.choice(KINDS), story.word(), dice.random()) for _ in range(dice.randint(0, 2))]
        parts.append((name, actions + [("sync", None, 0)] * dice.randint(1, 2)))
    return parts


def play(story, parts):
    actors = [Actor(story, name, actions) for name, actions in parts]
    for actor in actors:
        actor.start()
    counts = collections.Counter()
    for actor in actors:
        actor.join()
        if actor.breach is not None:
            raise actor.breach
        counts += actor.counts
    return counts


def check_clocks(story):
    """The clocks were as wrong as they were meant to be."""
    for name, clock in CLOCKS.items():
        offset = story.devices[name].read("sync")["clockOffsetMilliseconds"] / 86_400_000
        if not 729 < abs(offset) < 732 or (offset < 0) != (clock[0] == "+"):
            raise Breach(f"the clock of {name} is {offset} days off, not {clock}")


def run(stage, seed, rounds):
    dice, story = random.Random(seed), Story(stage)
    story.set_up()
    for name, clock in CLOCKS.items():
        story.devices[name].prefix = ("faketime", "-f", clock)
    # The faked clock is to tell the time of day, and not how long something takes.
    stage.environment["DONT_FAKE_MONOTONIC"] = "1"
    check_clocks(story)
    proxy, counts = Proxy(random.Random(dice.random())), collections.Counter()
    for number in range(1, rounds + 1):
        try:
            stage.environment["HTTPS_PROXY"] = proxy.address
            counts += play(story, plan(story, dice))
            if number % APART == 0 or number == rounds:
                del stage.environment["HTTPS_PROXY"]
                ending.heal(story)
                changes = ending.check(story)
                told = sum(1 for edit in story.edits if edit.change)
                print(f"round {number}: {changes} changes, {told} edits told, all well", flush=True)
        except Breach as breach:
            raise Breach(f"in or before round {number}: {breach}") from None
    proxy.close()
    stage.server.end()
    print(", ".join(f"{key} {value}" for key, value in sorted({**counts, **proxy.counts}.items())))
    if rounds >= 20 and not (counts["exchanges done"] and counts["exchanges not done"]):
        raise Breach(f"not every kind of exchange was seen: {dict(counts)}")
