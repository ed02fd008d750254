"""faults CALLS: writes and syncs to disk that fail, at every n-th call, under the server and under clients.

CALLS bounds how many of the calls of each command are tried, for each kind of call and error."""

import collections
import errno
import os
import random
import shutil

from . import ending
from .preload import library
from .stage import Breach, Device
from .story import Story

CALLS = ("pwrite", "fdatasync", "fsync", "ftruncate", "write")
ERRORS = ("EIO", "ENOSPC")
FOR_EVER = 1_000_000_000


class Faults:
    """One story that everything befalls, and a count of what was told."""

    def __init__(self, stage, seed, bound):
        self.stage, self.bound = stage, bound
        self.story, self.dice = Story(stage), random.Random(seed)
        self.note, self.told = stage.path("calls"), collections.Counter()

    def environment(self, folder, call, error="EIO", first=0, last=0, step=1):
        """In which calls number first, first + step … last fail; with 0 they are counted only."""
        if os.path.exists(self.note):
            os.remove(self.note)
        return {
            "LD_PRELOAD": library(self.stage, "faults"), "FAULT_FOLDER": folder, "FAULT_CALL": call,
            "FAULT_ERROR": str(getattr(errno, error)), "FAULT_NOTE": self.note, "FAULT_FIRST": str(first),
            "FAULT_LAST": str(last), "FAULT_STEP": str(step)}

    def calls(self):
        """All that were counted, and those that failed."""
        if not os.path.exists(self.note):
            return 0, 0
        with open(self.note, encoding="ascii") as file:
            text = file.read()
        self.told["calls that failed"] += text.count("x")
        return len(text), text.count("x")

    def check_end(self, what, outcome):
        """Done, or not done with a code: anything else is a crash."""
        if outcome.status == 0:
            self.told[f"{what}: done in spite of it"] += 1
        elif outcome.status == 1 and outcome.code is not None:
            self.told[f"{what}: {outcome.code}"] += 1
        else:
            raise Breach(f"{what}: neither done nor told why not: {outcome}")

    # Clients.

    def client(self):
        anna, bram = self.story.devices["anna"], self.story.devices["bram"]

        def edit(environment):
            kind = self.dice.choice(("annotate", "place", "text"))
            return self.story.edit("anna", kind, self.story.word(), self.dice.random(),
                                   lambda *words, text: anna.run(*words, text=text, environment=environment))

        def exchange(environment):
            # Mostly something goes both ways.
            for name in ("anna", "bram"):
                if self.dice.random() < 0.7:
                    self.must_edit(name)
            bram.must("sync")
            return anna.run("sync", "--json", environment=environment)

        for what, command in (("edit", edit), ("sync", exchange)):
            for call in CALLS:
                self.command(what, anna, command, call)
                ending.heal(self.story)
            ending.check(self.story)
            print(f"{what} under failing calls: all well", flush=True)

    def command(self, what, device, command, call):
        """Each call of the command fails alone, and with all after it."""
        command(self.environment(device.home, call))
        every = range(1, self.calls()[0] + 1)
        numbers = sorted(self.dice.sample(every, self.bound)) if len(every) > self.bound else every
        for number in numbers:
            for error in ERRORS:
                for last in (number, FOR_EVER):
                    outcome = command(self.environment(device.home, call, error, number, last))
                    self.calls()
                    self.check_end(f"{what}, {call} {error}", outcome)
                    # The next command must find nothing in its way.
                    device.must("status")

    def must_edit(self, name):
        outcome = self.story.edit(name, "annotate", self.story.word(), 0,
                                  lambda *words, text: self.story.devices[name].run(*words, text=text))
        if outcome.status != 0:
            raise Breach(f"{name}: {outcome}")

    def enrolment(self):
        """The same link goes on until there is a device."""
        for call in CALLS:
            for error in ERRORS:
                name = f"dora-{call}-{error}"
                link = self.stage.server.link("--name", name, "--role", "workgroup")["link"]
                device, number = Device(self.stage, name), 1
                while number <= self.bound:
                    environment = self.environment(device.home, call, error, number, FOR_EVER)
                    outcome = device.run("enrol", link, "--device", name, "--json", environment=environment)
                    self.calls()
                    self.check_end(f"enrol, {call} {error}", outcome)
                    number += 1
                    if device.run("status").status == 0:
                        break
                else:
                    device.must("enrol", link, "--device", name)
                device.must("sync")
                shutil.rmtree(device.home)
        print("enrolment under failing calls: all well", flush=True)

    # The server.

    def server(self):
        total = {call: self.served(call) for call in CALLS}
        for call in CALLS:
            for error in ERRORS:
                for step in (1, 3, 7):
                    for _ in range(max(1, self.bound // 8) if total[call] else 0):
                        first = self.dice.randint(1, total[call])
                        self.served(call, error, first, first + 30 * step, step)
        print("server under failing calls: all well", flush=True)

    def served(self, call, error="EIO", first=0, last=0, step=1):
        """How many such calls the server made while things were edited and exchanged."""
        server = self.stage.server
        server.end()
        try:
            server.start(self.environment(server.data, call, error, first, last, step))
        except Breach:
            self.refused_start(call, error, server)
        else:
            self.traffic(call, error)
            # What fails ends some time; then it goes on by itself.
            ending.heal(self.story)
            outcome = server.end()
            if outcome.status != 0:
                raise Breach(f"the server did not end well: {outcome}")
        count = self.calls()[0]
        server.running = None
        server.start()
        ending.heal(self.story)
        ending.check(self.story)
        return count

    def refused_start(self, call, error, server):
        outcome = server.running.wait()
        lines = outcome.err.strip().splitlines()
        if outcome.status != 1 or len(lines) != 1:
            raise Breach(f"no start, and not one line why: {outcome}")
        self.told[f"serve, {call} {error}: no start, told in one line"] += 1

    def traffic(self, call, error):
        for _ in range(2):
            for name in self.story.authors():
                self.must_edit(name)
                outcome = self.story.devices[name].run("sync", "--json")
                self.check_end(f"sync, with the server's {call} {error}", outcome)
        outcome = self.stage.server.run("organisation", "add", f"Nieuw {self.story.word()}", "--json")
        self.check_end(f"organisation add, with the server's {call} {error}", outcome)


def run(stage, seed, bound):
    faults = Faults(stage, seed, bound)
    faults.story.set_up(("anna", "bram", "carla"))
    try:
        faults.client()
        faults.enrolment()
        faults.server()
    finally:
        for what, count in sorted(faults.told.items()):
            print(f"  {count:5} {what}")
    if not faults.told["calls that failed"]:
        raise Breach("no call failed")
