"""Who takes part, and what they edit. Each edit carries a word that no other has."""

import os
import re
import threading

from .stage import Breach, Device

WORD = re.compile(r"\bw\d+q\b")
KINDS = ("annotate", "annotate", "place", "place", "text", "example", "resolve", "remove")


class Edit:
    """One edit that was tried. It is told once the program ended with 0; else it may or may not be there."""

    def __init__(self, device, word, kind):
        self.device, self.word, self.kind, self.change = device, word, kind, None


def with_word(word, text, place):
    """The text with the word in one of the gaps between others, and a difference that can be read in one way
    only: another insertion that comes to stand within it would tear the word apart."""
    gaps = [found.start() for found in re.finditer(r"(?<!\w)|(?!\w)", text)]
    at = gaps[int(place * len(gaps))]
    first = next(mark for mark in "-+" if not text[at:].startswith(mark))
    last = next(mark for mark in "/=" if not text[:at].endswith(mark))
    return text[:at] + first + word + last + text[at:]


class Story:
    """An association of two organisations with seven devices; all edits that were made."""

    def __init__(self, stage):
        self.stage, self.edits, self.lock = stage, [], threading.Lock()
        self.devices, self.organisations, self.environments = {}, {}, {}
        # How long a round lasts, seconds.
        self.words, self.pace = 0, 1

    def set_up(self, members=("anna", "anna-2", "bram", "carla", "dirk", "rik"), made=lambda: None):
        """`made` is called once there is a server."""
        server = self.stage.server
        server.must("init", "--address", "127.0.0.1:0", "--association", "Sociaal Werk Nederland")
        made()
        for number in (1, 2):
            server.must("organisation", "add", f"Organisatie {number}", "--kvk", f"9000000{number}")
        server.start()
        office = self.enrol("secretariat", "--name", "secretariat", "--role", "secretariat")
        office.must("edition", "create", "2017", "--name", "Gouden Gemeenten", "--reference-date", "2017-01-01")
        office.must("edition", "open", "2017")
        office.must("sync")
        persons = {}
        for name in members:
            first = name.split("-")[0]
            if first in persons:
                self.enrol(name, "--for", persons[first])
            elif first == "rik":
                self.enrol(name, "--name", name, "--role", "reviewer")
            else:
                kvk = "90000001" if first in ("anna", "bram") else "90000002"
                invitation = server.link("--name", name, "--organisation", kvk, "--role", "member", "contact")
                persons[first] = invitation["person"]
                self.accept(name, invitation)
            self.organisations[name] = {"anna": 1, "bram": 1, "carla": 2, "dirk": 2}.get(first)
        self.organisations["secretariat"] = None
        for name, nominee in (("anna", "Zeist"), ("carla", "Leerdam")):
            if name in members:
                device = self.devices[name]
                device.must("nominate", nominee, "--motivation", "Begin. Einde.")
                device.must("example", nominee, "--title", "Buurtkamer")
                device.must("submit", nominee)
                device.must("sync")
        for device in self.devices.values():
            device.must("sync")

    def enrol(self, name, *arguments):
        return self.accept(name, self.stage.server.link(*arguments))

    def accept(self, name, invitation):
        device = Device(self.stage, name)
        device.environment = self.environments.get(name, {})
        device.must("enrol", invitation["link"], "--device", name)
        self.devices[name] = device
        return device

    def authors(self):
        return [name for name in self.devices if self.organisations[name] is not None]

    def word(self):
        self.words += 1
        return f"w{self.words}q"

    def nominee(self, name):
        return "Zeist" if self.organisations[name] == 1 else "Leerdam"

    def attempt(self, edit, run, *arguments, text=None):
        """Tries an edit; `run` runs a command on the device and returns how it ended."""
        with self.lock:
            self.edits.append(edit)
        outcome = run(*arguments, "--json", text=text)
        if outcome.status == 0:
            edit.change = outcome.document["change"]
        return outcome

    def edit(self, name, kind, word, place, run):
        """`place` in 0…1 is where in a text or which of several. Returns how it ended; None where there was
        nothing to edit."""
        edit, nominee = Edit(name, word, kind), self.nominee(name)
        if kind == "annotate":
            return self.attempt(edit, run, "annotate", nominee, "--body", word, "--visibility", "organisation")
        if kind == "example":
            return self.attempt(edit, run, "example", nominee, "--title", word)
        if kind == "place":
            return self.attempt(edit, run, "set", "Buurtkamer", "place", word)
        if kind == "text":
            return self.write(edit, place, run)
        edit.word = None
        if kind == "remove":
            return self.choose(edit, run, ("list", "annotation", "--limit", "1000"), "items", place,
                               lambda item: ("remove", item["record"]))
        return self.choose(edit, run, ("conflicts",), "conflicts", place,
                           lambda item: ("resolve", item["id"], "--keep", "c1"))

    def choose(self, edit, run, question, key, place, command):
        asked = run(*question, "--json", text=None)
        if asked.status != 0:
            return asked
        items = asked.document[key]
        return self.attempt(edit, run, *command(items[int(place * len(items))])) if items else None

    def write(self, edit, place, run):
        """Inserts the word into the motivation as it stands on one view."""
        for _ in range(5):
            seen = []
            for command in (("status",), ("show", self.nominee(edit.device)), ("status",)):
                outcome = run(*command, "--json", text=None)
                if outcome.status != 0:
                    return outcome
                seen.append(outcome.document)
            if seen[0]["view"] == seen[2]["view"]:
                text = seen[1]["fields"]["motivation"]["value"]
                return self.attempt(edit, run, "text", self.nominee(edit.device), "motivation", "--file", "-",
                                    "--base", seen[0]["view"], text=with_word(edit.word, text, place))
        return None

    def check_end(self, outcome):
        """No crash, and where something was not done, why."""
        if outcome is None or outcome.status == 0 or outcome.killed:
            return
        if outcome.status != 1 or outcome.code is None:
            raise Breach(f"neither done nor told why not: {outcome}")
