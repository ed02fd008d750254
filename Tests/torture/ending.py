"""What must be true at the end: everything heals, nothing told is lost, nothing stands there twice."""

import collections
import time

from .stage import Breach
from .story import WORD


def heal(story, patience=120):
    """Exchanges in turn until all devices are at one cursor with nothing left to send."""
    deadline = time.monotonic() + patience
    while True:
        cursors = set()
        for device in story.devices.values():
            outcome = device.run("sync", "--json")
            story.check_end(outcome)
            report = outcome.document
            whole = report["complete"] and report["pending"] == 0
            cursors.add(report["cursor"] if whole else None)
        if len(cursors) == 1 and None not in cursors:
            return
        if time.monotonic() > deadline:
            raise Breach(f"not healed within {patience} s: cursors {cursors}, the last: {outcome}")


def check(story):
    """After `heal`. Returns the number of changes in the log."""
    digests = {}
    for name, device in story.devices.items():
        check_queues(name, device)
        digest = device.read("digest")
        for audience in digest["audiences"]:
            said = (digest["cursor"], audience["digest"], audience["changes"])
            first = digests.setdefault(audience["id"], (name, said))
            if first[1] != said:
                raise Breach(f"{first[0]} and {name} differ in {audience['id']}: {first[1]}, {said}")
    for name, device in story.devices.items():
        check_changes(story, name, device)
    verified = story.stage.server.run("verify")
    if verified.status != 0:
        raise Breach(f"the server's log is not sound: {verified}")
    return digest["cursor"]


def check_queues(name, device):
    status = device.read("status")
    left = {key: status[key] for key in ("queued", "held", "waiting", "tray") if status[key]}
    if left or status["blockedBy"] or status["warnings"] or not all(part["complete"] for part in status["audiences"]):
        raise Breach(f"{name} is left with {left}: {status}\n{device.run('tray', 'list').out}")


def words_in(value):
    """The words of edits in any value of a document."""
    if isinstance(value, str):
        yield from WORD.findall(value)
    elif isinstance(value, dict):
        for part in value.values():
            yield from words_in(part)
    elif isinstance(value, list):
        for part in value:
            yield from words_in(part)


def check_changes(story, name, device):
    """Every edit that was told is one accepted change, and no word was recorded by two changes."""
    changes = device.read("log", "--limit", "1000000")["changes"]
    found = collections.Counter(identity(change["change"]) for change in changes)
    accepted = {identity(change["change"]) for change in changes if change["state"] == "accepted"}
    holders = collections.Counter()
    for change in changes:
        # A submission repeats what the draft says, and who resolves a conflict the value that was kept.
        if not change["audience"].startswith("nomination:"):
            made = [part for part in change["operations"] if part["operation"] != "resolve"]
            holders.update(set(words_in(made)))
    organisation = story.organisations[name]
    for edit in story.edits:
        if organisation is None or story.organisations[edit.device] != organisation:
            continue
        copies = found[identity(edit.change)] if edit.change else 0
        # Who removes or resolves writes no word.
        count = holders[edit.word] if edit.word else copies
        if count > 1 or copies > 1:
            raise Breach(f"{name}: {edit.word} of {edit.device} stands there {count} times, its change {copies} times")
        if edit.change and (count != 1 or identity(edit.change) not in accepted):
            raise Breach(f"{name}: {edit.word} of {edit.device} was told to be kept ({edit.kind}, {edit.change}), "
                         f"and its change stands there {copies} times, its word {count} times")
    if organisation is not None:
        check_motivation(story, name, device)


def check_motivation(story, name, device):
    text = device.read("show", story.nominee(name))["fields"]["motivation"]["value"]
    there = collections.Counter(WORD.findall(text))
    for edit in story.edits:
        if edit.kind == "text" and story.organisations[edit.device] == story.organisations[name]:
            if there[edit.word] > 1 or (edit.change and there[edit.word] != 1):
                raise Breach(f"{name}: {edit.word} stands {there[edit.word]} times in the merged text: {text[:2000]}")


def identity(change):
    return (change["replica"], change["number"])
