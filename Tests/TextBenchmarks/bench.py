"""Runs the measures of the text engine in turns with its peers: bench.py PROGRAM WORK OUT TRACES [ROUNDS].

Prints a table; writes one line of JSON for each figure. A figure is the median over the rounds of the medians
of each process.
"""
import glob
import gzip
import json
import os
import statistics
import subprocess
import sys

import branches

PROGRAM, WORK, OUT, TRACES = sys.argv[1:5]
ROUNDS = int(sys.argv[5]) if len(sys.argv) > 5 else 5
PEERS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "peers.py")
figures = []


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        print(f"{' '.join(command[:4])}: {done.stderr.strip()[-300:]}", file=sys.stderr)
        return {"failed": True}
    return json.loads(done.stdout.strip().splitlines()[-1])


def ours(*command):
    return run(PROGRAM, *command)


def peer(*command):
    return run(sys.executable, PEERS, *command)


def median(values):
    return statistics.median(values) if values and None not in values else None


def turns(mine, theirs):
    """Rounds in which both take turns."""
    pairs = [(mine(), theirs()) for _ in range(ROUNDS)]
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def number(value):
    return "–" if value is None else f"{value:,.0f}" if value >= 1000 else f"{value:.4g}"


def figure(measure, trace, value, unit, other, name, goal, limit, is_strict=False):
    """`limit` is of the ratio where there is a peer, and of the figure itself otherwise."""
    ratio = value / other if value is not None and other else None
    judged = ratio if name else value
    met = None if judged is None or limit is None else judged < limit if is_strict else judged <= limit
    figures.append(
        dict(measure=measure, trace=trace, ours=value, unit=unit, peer=other, peerName=name, ratio=ratio,
             goal=goal, met=met))
    verdict = "–" if met is None else "yes" if met else "NO"
    print(f"| {measure} | {trace} | {number(value)} {unit} | {number(other)} {name or ''} | {number(ratio)} "
          f"| {goal} | {verdict} |", flush=True)


def unpack(path):
    name = os.path.basename(path).removesuffix(".gz").removesuffix(".json")
    target = os.path.join(WORK, name + ".json")
    data = open(path, "rb").read()
    trace = json.loads(gzip.decompress(data) if path.endswith(".gz") else data)
    json.dump(started(trace), open(target, "w"))
    return name, target


def started(trace):
    """The trace with the text that it starts from as a first transaction, on which all are made that were on nothing."""
    start = trace.pop("startContent", None)
    if start:
        for transaction in trace["txns"]:
            if "parents" in transaction:
                transaction["parents"] = [parent + 1 for parent in transaction["parents"]] or [0]
        first = dict(patches=[[0, 0, start]])
        if any("parents" in transaction for transaction in trace["txns"]):
            first.update(parents=[], agent=0)
        trace["txns"].insert(0, first)
    return trace


def measure(name, trace):
    files = os.path.join(WORK, name)
    made = ours("prepare", trace, files)
    if made.get("failed"):
        return
    if not made["isRight"]:
        print(f"{name}: the text is not that of the trace", file=sys.stderr)
    yrs = peer("build", "yrs", trace, files + ".yrs")
    automerge = peer("build", "automerge", trace, files + ".automerge")
    share = 0.5 if made["isSequential"] else 1
    if yrs.get("bytes"):
        for kind, form in [("plain", "uncompressed"), ("full", "compressed")]:
            mine, theirs = turns(
                lambda: ours("merge", f"{files}.{kind}"), lambda: peer("merge", "yrs", files + ".yrs"))
            figure(f"merge of the whole history, with its text, {form}", name, median([m.get("ms") for m in mine]),
                   "ms", median([t.get("ms") for t in theirs]), "Yrs", f"≤ {share} x", share)
        mine, theirs = turns(lambda: ours("peak", files + ".full"), lambda: peer("peak", "yrs", files + ".yrs"))
        figure("peak memory of that", name, median([m.get("kB") for m in mine]), "kB",
               median([t.get("kB") for t in theirs]), "Yrs", "< 1 x", 1, True)
    opened = [ours("open", files + ".cached", files + ".txt") for _ in range(ROUNDS)]
    figure("open a saved document and show its text", name, median([o.get("ms") for o in opened]), "ms",
           median([o.get("plainMs") for o in opened]), "plain UTF-8 file", "≤ 2 x", 2)
    if made["isSequential"]:
        mine, theirs = turns(lambda: ours("local", trace), lambda: peer("local", "loro", trace))
        figure("local edit, one keystroke", name, median([m.get("nsPerEdit") for m in mine]), "ns",
               median([t.get("nsPerEdit") for t in theirs]), "Loro", "≤ 0.5 x", 0.5)
    figure("update per keystroke, median", name, made["updateMedian"], "B", yrs.get("updateMedian"), None,
           "≤ 15 B", 15)
    figure("file with the full history", name, made["full"], "B", automerge.get("bytes"), "Automerge", "< 1 x", 1,
           True)
    figure("file without deleted text", name, made["trimmed"], "B", yrs.get("bytes"), "Yrs", "< 1 x", 1, True)
    figure("replay of every edit by index", name, made["replayMs"], "ms", None, None, "–", None)


def measure_concurrency(shape, few, many):
    """Merges of traces without a meeting for long, and what four times as much costs."""
    times = []
    for edits in (few, many):
        name = f"made: {shape}, {edits:,} edits"
        trace = os.path.join(WORK, f"made-{branches.SHAPES.index(shape)}-{edits}")
        branches.trace(shape, edits, trace + ".json")
        made = ours("prepare", trace + ".json", trace)
        peer("build", "yrs", trace + ".json", trace + ".yrs")
        if made.get("failed"):
            return
        mine, theirs = turns(lambda: ours("merge", trace + ".plain"), lambda: peer("merge", "yrs", trace + ".yrs"))
        time, other = median([m.get("ms") for m in mine]), median([t.get("ms") for t in theirs])
        figure("merge of the whole history, with its text, uncompressed", name, time, "ms", other, "Yrs", "–", None)
        figure("replay of every edit by index, branch by branch", name, made["replayMs"], "ms", None, None, "–", None)
        times.append((time, other, made["replayMs"]))
    (time, other, replay), (later, further, again) = times
    growth = f"made: {shape}, {many // few} times as many"
    figure("growth of the merge", growth, later / time, "x", further / other, "Yrs", "–", None)
    figure("growth of the replay by index", growth, again / replay, "x", None, None, "–", None)


def main():
    print("| measure | trace | ours | peer | ratio | goal | met |\n|---|---|---|---|---|---|---|")
    for path in sorted(glob.glob(TRACES + "/*.json.gz") + glob.glob(TRACES + "/*.json")):
        measure(*unpack(path))
    for shape in branches.SHAPES:
        measure_concurrency(shape, 20_000, 80_000)
    many = [ours("many") for _ in range(ROUNDS)]
    for key, state in [("bytesAtRest", "at rest"), ("bytesOpen", "open for edits")]:
        figure(f"10,260 texts by three authors, merged: each in memory, {state}", "–",
               median([m.get(key) for m in many]), "B", None, None, "≤ 1,024 B", 1024)
    figure("10,260 texts by three authors: all merges", "–", median([m.get("ms") for m in many]), "ms", None, None,
           "–", None)
    with open(OUT, "w") as out:
        for line in figures:
            out.write(json.dumps(line, ensure_ascii=False) + "\n")


main()
