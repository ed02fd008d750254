"""The client's command line: python3 -m replica COMMAND --home DIR …; see `--help`."""

import argparse
import json
import secrets

from . import exchange, fold, log as logs
from .enrolment import enrol
from .operations import CREATE, REGISTER, WRITE, Operation
from .recording import edit_of, record, view_now
from .values import NULL, RECORD, Value, list_value, text_value


def annotate(log, options):
    note = secrets.token_bytes(16)
    target = list_value(
        [text_value("nomination"), Value(NULL), Value(RECORD, bytes.fromhex(options.target))])
    operations = [
        Operation(CREATE, note, "annotation"), Operation(WRITE, note, "target", REGISTER, target),
        edit_of(log, options.audience, note, "body", options.text, view_now(log))]
    return record(log, options.audience, operations), note


def change_text(log, options):
    subject = bytes.fromhex(options.record)
    operation = edit_of(log, options.audience, subject, options.field, options.text, view_now(log))
    return record(log, options.audience, [operation]), subject


def set_field(log, options):
    subject = bytes.fromhex(options.record)
    operation = Operation(WRITE, subject, options.field, REGISTER, text_value(options.text))
    return record(log, options.audience, [operation]), subject


def arguments():
    parser = argparse.ArgumentParser(prog="python3 -m replica", description=__doc__)
    parser.add_argument("--home", required=True)
    commands = parser.add_subparsers(dest="command", required=True)
    first = commands.add_parser("enrol")
    first.add_argument("link")
    first.add_argument("--device", default="python")
    commands.add_parser("pull").add_argument("--save")
    commands.add_parser("sync")
    commands.add_parser("status")
    commands.add_parser("digest")
    note = commands.add_parser("annotate")
    for name in ("audience", "target", "text"):
        note.add_argument(name)
    for command in ("text", "set"):
        edit = commands.add_parser(command)
        for name in ("audience", "record", "field", "text"):
            edit.add_argument(name)
    return parser.parse_args()


def status(log):
    states = [entry.state for entry in log.changes.values() if entry.id[0] == log.replica]
    reasons = [entry.reason for entry in log.changes.values() if entry.reason]
    counts = {state: states.count(state) for state in set(states)}
    return {"cursor": log.cursor, "own": counts, "reasons": reasons, "person": log.identity["person"]}


def main():
    options = arguments()
    if options.command == "enrol":
        log = logs.Log(options.home, enrol(options.link, options.home, options.device))
        log.save()
        return status(log)
    log = logs.load(options.home)
    if options.command == "pull":
        return {"received": exchange.pull(log, options.save)}
    if options.command == "sync":
        exchange.sync(log)
        return status(log)
    if options.command == "digest":
        return {
            "cursor": log.cursor,
            "audiences": [{"id": name, "digest": hash.hex()} for name, hash in fold.digests(log).items()]}
    if options.command in ("annotate", "text", "set"):
        edit = {"annotate": annotate, "text": change_text, "set": set_field}[options.command]
        change, subject = edit(log, options)
        return {"change": change[1], "record": subject.hex()}
    return status(log)


if __name__ == "__main__":
    print(json.dumps(main()))
