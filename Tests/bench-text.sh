#!/usr/bin/env bash
# Measures the text engine in a release build, beside the engines of its field from PyPI: prints a table, and writes
# one line of JSON for each figure to .build/bench/text.jsonl.
#
#     Tests/bench-text.sh TRACES [ROUNDS]
#
# TRACES is a folder of editing traces, *.json or *.json.gz: {txns: [{parents?, agent?, patches: [[position, deleted,
# inserted]]}], endContent}, positions in Unicode scalars. Each figure is the median of so many rounds (5), in which
# ours and the peer take turns.
set -euo pipefail

ROOT="$(cd "$(dirname "$0")/.." && pwd)"
SWIFT="${SWIFT:-swift}"
OUT="$ROOT/.build/bench"
[ -d "${1:-}" ] || {
    echo "usage: Tests/bench-text.sh TRACES [ROUNDS]" >&2
    exit 2
}
TRACES="$(cd "$1" && pwd)"

cd "$ROOT"
mkdir -p "$OUT/text"
if [ ! -x "$OUT/venv/bin/python" ]; then
    python3 -m venv "$OUT/venv"
    "$OUT/venv/bin/pip" install -q loro==1.17.1 pycrdt==0.14.13 automerge==1.0.0rc1 >&2
fi
"$SWIFT" build -c release --product TextBenchmarks >&2
BIN="$("$SWIFT" build -c release --show-bin-path)"
exec "$OUT/venv/bin/python" Tests/TextBenchmarks/bench.py "$BIN/TextBenchmarks" "$OUT/text" "$OUT/text.jsonl" "$TRACES" \
    "${2:-5}"
