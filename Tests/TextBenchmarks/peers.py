"""One peer, one trace, one process: python3 peers.py COMMAND LIBRARY ...; prints a line of JSON.

  build LIBRARY TRACE OUT   makes the document, one live replica for each author; writes OUT, tells sizes
  merge LIBRARY FILE        time to take over the whole document and read its text
  peak  LIBRARY FILE        growth of the resident memory at most, while doing that
  local loro TRACE          time of each edit of a trace by one author, one commit each
"""
import gc
import json
import statistics
import sys
import time


class Loro:
    def __init__(self):
        import loro

        self.loro = loro

    def new(self, author):
        document = self.loro.LoroDoc()
        document.peer_id = author
        return document


class Yrs:
    def __init__(self):
        import pycrdt

        self.pycrdt = pycrdt

    def new(self, author):
        document = self.pycrdt.Doc(client_id=author)
        document["text"] = self.pycrdt.Text()
        return document

    def edit(self, document, patches):
        text = document["text"]._integrated
        with document.transaction() as transaction:
            inner = transaction._txn
            for place, count, inserted in patches:
                if count:
                    text.remove_range(inner, place, count)
                if inserted:
                    text.insert(inner, place, inserted, None)

    def updates(self, document, sink):
        return document.observe(lambda event: sink.append(event.update))

    def take(self, document, updates):
        with document.transaction():
            for update in updates:
                document.apply_update(update)

    def merge(self, update):
        document = self.new(77)
        document.apply_update(update)
        return document

    def save(self, document):
        return document.get_update()

    def text(self, document):
        return str(document["text"])


class Automerge:
    def __init__(self):
        from automerge import core

        self.core = core

    def new(self, author):
        document = self.core.Document(actor_id=b"\xff" * 16)
        with document.transaction() as transaction:
            self.object = transaction.put_object(self.core.ROOT, "text", self.core.ObjType.Text)
        document.set_actor(author.to_bytes(16, "big"))
        return document

    def edit(self, document, patches):
        kind = self.core.ScalarType.Str
        with document.transaction() as transaction:
            for place, count, inserted in patches:
                for _ in range(count):
                    transaction.delete(self.object, place)
                for offset, letter in enumerate(inserted):
                    transaction.insert(self.object, place + offset, kind, letter)


LIBRARIES = {"loro": Loro, "yrs": Yrs, "automerge": Automerge}


def status(name):
    for line in open("/proc/self/status"):
        if line.startswith(name + ":"):
            return int(line.split()[1])


def author(transaction):
    return transaction.get("agent", 0) + 1


def cut(patches, length):
    """Positions beyond the end, which some traces have, are cut to the length."""
    result = []
    for place, count, inserted in patches:
        start, end = min(place, length), min(place + count, length)
        if end > start or inserted:
            result.append((start, end - start, inserted))
        length += len(inserted) - (end - start)
    return result


def build_sequential(library, transactions, captures):
    document, sink = library.new(1), []
    subscription = library.updates(document, sink) if captures else None
    for transaction in transactions:
        library.edit(document, transaction["patches"])
    return document, sink


def build_yrs(library, transactions):
    """Each edit is made on its author's replica, at the version that its parents name."""
    own, views, replicas, have, updates = {}, [], {}, {}, []
    last = {author(t): n for n, t in enumerate(transactions)}
    children = [0] * len(transactions)
    for transaction in transactions:
        for parent in transaction["parents"]:
            children[parent] += 1
    for number, transaction in enumerate(transactions):
        who = author(transaction)
        view = {}
        for parent in transaction["parents"]:
            for other, count in views[parent].items():
                view[other] = max(count, view.get(other, 0))
            children[parent] -= 1
            if children[parent] == 0:
                views[parent] = None
        document = replicas.setdefault(who, None) or library.new(who)
        replicas[who] = document
        known = have.setdefault(who, {})
        missing = []
        for other, count in view.items():
            if count > known.get(other, 0):
                missing += own[other][known.get(other, 0) : count]
                known[other] = count
        if missing:
            library.take(document, [updates[index] for index in sorted(missing)])
        sink = []
        patches = cut(transaction["patches"], len(document["text"]))
        if patches:
            subscription = library.updates(document, sink)
            library.edit(document, patches)
            document.unobserve(subscription)
        if sink:
            own.setdefault(who, []).append(len(updates))
            known[who] = known.get(who, 0) + 1
            updates.append(sink[0])
        view[who] = known.get(who, 0)
        views.append(view)
        if last[who] == number and number + 1 < len(transactions):
            del replicas[who]
    document = library.new(0xFFFF)
    library.take(document, updates)
    return document, updates


def build_automerge(library, transactions, seconds):
    """Forks and merges along the graph; gives up after a while."""
    children = [0] * len(transactions)
    for transaction in transactions:
        for parent in transaction.get("parents", []):
            children[parent] += 1
    states = {-1: [library.new(1), 1 << 30]}
    start = time.monotonic()

    def take(number):
        state = states[number]
        state[1] -= 1
        if state[1] == 0:
            del states[number]
            return state[0]
        return state[0].fork()

    for number, transaction in enumerate(transactions):
        parents = transaction["parents"] or [-1]
        document = take(parents[0])
        for parent in parents[1:]:
            document.merge(take(parent))
        document.set_actor(author(transaction).to_bytes(16, "big"))
        if transaction["patches"]:
            library.edit(document, transaction["patches"])
        states[number] = [document, max(1, children[number])]
        if time.monotonic() - start > seconds:
            return None
    return document


def build(name, path, out):
    library, trace = LIBRARIES[name](), json.load(open(path))
    transactions = trace["txns"]
    is_sequential = not any("parents" in t for t in transactions)
    result = {}
    if name == "automerge":
        if is_sequential:
            document = library.new(1)
            with document.transaction() as transaction:
                kind = library.core.ScalarType.Str
                for place, count, inserted in (p for t in transactions for p in t["patches"]):
                    for _ in range(count):
                        transaction.delete(library.object, place)
                    for offset, letter in enumerate(inserted):
                        transaction.insert(library.object, place + offset, kind, letter)
        else:
            document = build_automerge(library, transactions, 240)
        if document is None:
            return {"failed": "took more than 240 s"}
        data = document.save()
    else:
        document, updates = (
            build_sequential(library, transactions, True) if is_sequential else build_yrs(library, transactions))
        data = library.save(document)
        sizes = [len(update) for update in updates]
        result["updateMedian"] = statistics.median(sizes)
        end = trace.get("endContent")
        result["isRight"] = end is None or library.text(document) == end
        open(out, "wb").write(data)
    result["bytes"] = len(data)
    return result


def merge(name, path):
    library, data = LIBRARIES[name](), open(path, "rb").read()
    times, reading = [], []
    warm = time.perf_counter() + 0.3
    while time.perf_counter() < warm:
        library.text(library.merge(data))
    for _ in range(21):
        gc.collect()
        start = time.perf_counter()
        document = library.merge(data)
        reading.append(time.perf_counter() - start)
        library.text(document)
        times.append(time.perf_counter() - start)
        document = None
    return {"ms": statistics.median(times) * 1e3, "importMs": statistics.median(reading) * 1e3}


def peak(name, path):
    library, data = LIBRARIES[name](), open(path, "rb").read()
    library.text(library.merge(library.save(library.new(1))))
    # What the look itself takes is there from the first one on.
    status("VmRSS")
    before = status("VmRSS")
    document = library.merge(data)
    length = len(library.text(document))
    return {"kB": status("VmHWM") - before, "length": length}


def local(name, path):
    library, transactions = LIBRARIES[name](), json.load(open(path))["txns"]
    patches = [patch for transaction in transactions for patch in transaction["patches"]]
    times = []
    for _ in range(3):
        document = library.new(1)
        text, commit = document.get_text("text"), document.commit
        start = time.perf_counter()
        for place, count, inserted in patches:
            if count:
                text.delete(place, count)
            if inserted:
                text.insert(place, inserted)
            commit()
        times.append(time.perf_counter() - start)
    return {"nsPerEdit": statistics.median(times) * 1e9 / len(patches)}


if __name__ == "__main__":
    print(json.dumps({"build": build, "merge": merge, "peak": peak, "local": local}[sys.argv[1]](*sys.argv[2:])))
