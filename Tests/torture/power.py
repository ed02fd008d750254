"""power IMAGES: records what a server and a client write and sync, and opens so many disks of each as after a power
cut at a random moment."""

import json
import os
import random
import shutil
import signal
import time
from concurrent.futures import ThreadPoolExecutor

from . import disk
from .preload import library
from .stage import PATIENCE, Breach, Device, Server
from .story import Story

# Beside the database it is made anew; SQLite writes it through memory.
UNRECORDED = "-shm"
# Enough for the server to move its log into its database.
TURNS = 16


class Recording:
    """The records of one folder."""

    def __init__(self, stage, name):
        self.folder, self.log = stage.path(name), stage.path(f"{name}.records")
        self.environment = {
            "LD_PRELOAD": library(stage, "record"), "RECORD_FOLDER": self.folder, "RECORD_LOG": self.log}

    def tell(self, **promise):
        disk.tell(self.log, json.dumps(promise))

    def check_whole(self):
        """Nothing was written past the records, as through memory; else the images would prove nothing."""
        state, records = disk.Disk(), disk.read(self.log)
        for record in records:
            state.advance(record)
        for name, content in state.whole().items():
            if name.endswith(UNRECORDED):
                continue
            with open(name, "rb") as file:
                if file.read() != content:
                    raise Breach(f"{name} was written past the records")
        return records


def watching(device):
    """A client that stays connected, once it has told of an exchange."""
    watcher = device.start("sync", "--watch", "--json")
    deadline = time.monotonic() + PATIENCE
    while not watcher.said(watcher.out):
        if time.monotonic() > deadline or watcher.process.poll() is not None:
            raise Breach(f"no watch: {watcher.wait(1)}")
        time.sleep(0.01)
    return watcher


def play(story, server, client, dice, turns):
    """Work for the records; each promise that a program made stands among them."""
    anna, bram = story.devices["anna"], story.devices["bram"]
    client.tell(enrolled=True)
    for turn in range(turns):
        # While another process has the database open, an edit does not end by emptying SQLite's log.
        watcher = watching(anna) if turn % 2 else None
        # So that SQLite moves its log into the database now and then; what is bram's own the server alone gets.
        for device, visibility in ((bram, "person"), (bram, "person"), (anna, "organisation")):
            edit = device.must("annotate", "Zeist", "--visibility", visibility, "--body-file", "-", "--json",
                               text="lang " * dice.randint(4_000, 17_000))
        client.tell(change=edit.document["change"])
        for _ in range(dice.randint(1, 3)):
            kind = dice.choice(("annotate", "place", "text", "example", "resolve"))
            before = len(story.edits)
            story.check_end(story.edit("anna", kind, story.word(), dice.random(),
                                       lambda *words, text: anna.run(*words, text=text)))
            for edit in story.edits[before:]:
                if edit.change:
                    client.tell(change=edit.change)
        if watcher:
            watcher.kill(dice.choice((signal.SIGTERM, signal.SIGKILL)))
            watcher.wait()
        if turn % 4 == 3:
            stop = dice.choice((signal.SIGTERM, signal.SIGKILL))
            story.stage.server.end(stop)
            story.stage.server.start()
        # The draft differs each time, so that each exchange makes a submission.
        story.edit("bram", "place", story.word(), 0, lambda *words, text: bram.run(*words, text=text))
        bram.must("sync")
        report = anna.must("sync", "--json").document
        for entry in report["verdicts"]:
            client.tell(change=entry["change"])
        client.tell(cursor=report["cursor"])
        receipt = story.stage.path(f"receipt-{turn}.json")
        anna.must("receipt", "Zeist", "--output", receipt)
        server.tell(receipt=receipt)


def images(records, dice, count):
    """Moments from all over the records, many of them beside syncs and promises."""
    near = [index + by for index, record in enumerate(records) if record.kind in "ea" for by in (0, 1)]
    moments = sorted(
        dice.choice(near) if dice.random() < 0.6 else dice.randint(0, len(records)) for _ in range(count))
    state, promises, at = disk.Disk(), [], 0
    for moment in moments:
        while at < min(moment, len(records)):
            if records[at].kind == "a":
                promises.append(json.loads(records[at].data))
            else:
                state.advance(records[at])
            at += 1
        yield at, list(promises), state.cut(dice)


def lay_out(stage, recording, image, number):
    folder = stage.path(f"image-{number}")
    os.mkdir(folder, 0o700)
    for name, content in image.items():
        if name.endswith(UNRECORDED):
            continue
        path = os.path.join(folder, os.path.relpath(name, recording.folder))
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        with open(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600), "wb") as file:
            file.write(content)
    return folder


def check_server(stage, folder, promises):
    """Whether it opened; it must, once init has promised so."""
    server = Server(stage)
    receipts = [promise["receipt"] for promise in promises if "receipt" in promise]
    options = [word for receipt in receipts[-1:] for word in ("--receipt", receipt)]
    outcome = server.run("verify", *options, "--json", data=folder)
    if outcome.status == 0:
        return True
    if promises or outcome.status != 1 or outcome.code is None:
        raise Breach(f"a server is not sound, or has lost what {receipts[-1:]} proves: {outcome}")
    return False


def check_client(stage, folder, promises):
    device = Device(stage, "image", folder)
    status = device.run("status", "--json")
    if status.status != 0:
        if promises or status.status != 1 or status.code is None:
            raise Breach(f"a replica does not open: {status}")
        return False
    changes = device.read("log", "--limit", "1000000")["changes"]
    there = {(change["change"]["replica"], change["change"]["number"]) for change in changes}
    for promise in promises:
        if "change" in promise and (promise["change"]["replica"], promise["change"]["number"]) not in there:
            raise Breach(f"{promise['change']} was told to be kept, and is gone")
        if promise.get("cursor", 0) > status.document["cursor"]:
            raise Breach(f"what was received up to {promise['cursor']} is gone: {status.out}")
    if any("change" in promise for promise in promises):
        device.must("review", "Zeist")
    if len(there) != len(changes):
        raise Breach("a change stands there twice")
    return True


def run(stage, seed, count):
    dice, story = random.Random(seed), Story(stage)
    server, client = Recording(stage, "server"), Recording(stage, "anna")
    stage.server.environment = server.environment
    story.environments["anna"] = client.environment
    story.set_up(("anna", "bram"), made=lambda: server.tell(made=True))
    play(story, server, client, dice, TURNS)
    stage.server.end()
    stage.server.environment = {}
    for name, recording, check in (("server", server, check_server), ("client", client, check_client)):
        records = recording.check_whole()
        syncs = [record.names[0] for record in records if record.kind == "e"]
        print(f"{name}: {len(records)} records, {len(syncs)} syncs, "
              f"{sum(name.endswith('.db') for name in syncs)} of the database itself, "
              f"{sum(r.kind == 'a' for r in records)} promises; the files are what the records make", flush=True)
        opened = sum(open_all(stage, recording, check, images(records, dice, count)))
        print(f"{name}: {count} images, {opened} opened, the others are of before it was made; all well", flush=True)


def open_all(stage, recording, check, moments):
    """Two at a time; for each whether it opened."""

    def look(number, at, promises, folder):
        try:
            opened = check(stage, folder, promises)
        except Breach as breach:
            raise Breach(f"image {number} of {recording.folder}, cut after record {at}: {breach}") from None
        shutil.rmtree(folder)
        return opened

    with ThreadPoolExecutor(2) as pool:
        waiting = []
        for number, (at, promises, image) in enumerate(moments, 1):
            waiting.append(pool.submit(look, number, at, promises, lay_out(stage, recording, image, number)))
            if len(waiting) >= 4:
                yield waiting.pop(0).result()
        for future in waiting:
            yield future.result()
