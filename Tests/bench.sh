#!/usr/bin/env bash
# Builds for release and measures: prints the table, and writes one line of JSON for each figure to
# .build/bench/sync.jsonl. Arguments are groups of figures (edits opening pushes bytes handshakes idle flood); none
# is all of these. Each figure is the median of five rounds, in which ours and its baseline take turns. Loads are
# measured when they are named: million (a first download of 1,000,000 changes, one round), reconnection (600
# clients at once), partitions (10 clients for 5 minutes while their connections come and go, one round), segments (a first download in
# files beside the same in lanes).
set -euo pipefail

ROOT="$(cd "$(dirname "$0")/.." && pwd)"
SWIFT="${SWIFT:-swift}"
OUT="$ROOT/.build/bench"

cd "$ROOT"
"$SWIFT" build -c release --product voordracht-server >&2
"$SWIFT" build -c release --product SyncBenchmarks >&2
BIN="$("$SWIFT" build -c release --show-bin-path)"

mkdir -p "$OUT/raw"
for program in rows edits opening download; do
    cc -O2 -Wall -Wextra -Werror -o "$OUT/raw/$program" "Tests/Benchmarks/raw/$program.c" -lsqlite3
done
cc -O2 -Wall -Wextra -Werror -o "$OUT/raw/handshakes" Tests/Benchmarks/raw/handshakes.c -lssl -lcrypto

# 600 connections and their database readers need more files than some shells allow.
ulimit -n "$(ulimit -Hn)"
exec "$BIN/SyncBenchmarks" "$BIN/voordracht-server" "$OUT/raw" "$OUT/work" "$OUT/sync.jsonl" "$@"
