"""kill ROUNDS: several devices edit and synchronise at once; in each round server, client or all are killed."""

import collections
import random
import signal
import threading
import time

from . import ending
from .stage import Breach
from .story import KINDS, Story

# The checks of the end, also on the way: so many rounds apart.
APART = 50


class Actor(threading.Thread):
    """Works through its part of a round; what it runs can be killed from outside."""

    def __init__(self, story, name, actions):
        super().__init__(daemon=True)
        self.story, self.name_, self.actions = story, name, actions
        self.current, self.breach, self.counts = None, None, collections.Counter()

    def run(self):
        try:
            for kind, word, place in self.actions:
                self.act(kind, word, place)
        except Exception as breach:
            self.breach = breach

    def act(self, kind, word, place):
        if kind == "sync":
            outcome = self.command("sync", "--json", text=None)
        else:
            outcome = self.story.edit(self.name_, kind, word, place, self.command)
        self.story.check_end(outcome)
        if outcome is not None:
            what = "exchanges" if kind == "sync" else "edits"
            self.counts[f"{what} {'killed' if outcome.killed else 'done' if outcome.status == 0 else 'not done'}"] += 1
            if kind in ("annotate", "place", "text", "example") and outcome.status == 1:
                raise Breach(f"an edit needs nobody, and was not done: {outcome}")

    def command(self, *arguments, text):
        self.current = self.story.devices[self.name_].start(*arguments, text=text)
        return self.current.wait()

    def kill(self):
        if self.current is not None:
            self.current.kill()


def plan(story, dice):
    """Who does what in a round, who is killed and when: all of it from the seed, before anything runs."""
    parts = []
    for name in dice.sample(story.authors() + ["rik"], dice.randint(2, 4)):
        actions = []
        for _ in range(dice.randint(1, 3)):
            kind = "sync" if name == "rik" or dice.random() < 0.4 else dice.choice(KINDS)
            actions.append((kind, story.word(), dice.random()))
        parts.append((name, actions))
    victim = dice.choice(("server", "server", "client", "client", "all"))
    return parts, victim, dice.randrange(len(parts)), dice.random()


def play(story, parts, victim, chosen, moment):
    server = story.stage.server
    actors = [Actor(story, name, actions) for name, actions in parts]
    for actor in actors:
        actor.start()
    # Somewhere in a round as long as they are on this machine; nothing waits for this moment.
    began = time.monotonic()
    time.sleep(moment * story.pace)
    for index, actor in enumerate(actors):
        if victim == "all" or (victim == "client" and index == chosen):
            actor.kill()
    if victim != "client":
        server.end(signal.SIGKILL)
        server.start()
    counts = collections.Counter({f"kills of {victim}": 1})
    for actor in actors:
        actor.join()
        if actor.breach is not None:
            raise actor.breach
        counts += actor.counts
    story.pace += 0.2 * (time.monotonic() - began - story.pace)
    return counts


def run(stage, seed, rounds):
    dice, story = random.Random(seed), Story(stage)
    story.set_up()
    counts = collections.Counter()
    for number in range(1, rounds + 1):
        try:
            counts += play(story, *plan(story, dice))
            if number % APART == 0 or number == rounds:
                ending.heal(story)
                changes = ending.check(story)
                told = sum(1 for edit in story.edits if edit.change)
                print(f"round {number}: {changes} changes, {told} edits told, {len(story.edits) - told} not, all well",
                      flush=True)
        except Breach as breach:
            raise Breach(f"in or before round {number}: {breach}") from None
    stage.server.end()
    if rounds >= 100 and not (counts["edits killed"] and counts["exchanges killed"]):
        raise Breach(f"too little was killed: {dict(counts)}")
    print(", ".join(f"{key} {value}" for key, value in sorted(counts.items())))
