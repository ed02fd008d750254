#!/usr/bin/env bash
# Small histories of texts in great number, by the engine and by the letter of the papers (Tests/TextHistories), in a
# release build: all there are of up to four letters by three authors, in all orders of arrival; then random ones.
#
#     Tests/histories.sh [SECONDS] [SEED]   random ones for so many seconds (15) on each core, from a seed on
#     Tests/histories.sh all                all of five letters by two authors as well; half a minute
#     Tests/histories.sh file FILE          those of a file in the published form, plain or gzip
#
# It prints its seeds, and of a history that differs the seed and the events of it that are needed for that;
# `.build/release/histories one SEED` asks everything of that one.
set -euo pipefail

cd "$(dirname "$0")/.."
SWIFT="${SWIFT:-swift}"
export SWIFT_BACKTRACE=enable=no

"$SWIFT" build -c release --product histories >&2
BIN="$("$SWIFT" build -c release --show-bin-path)/histories"

case "${1:-}" in
file) exec "$BIN" file "${2:?usage: Tests/histories.sh file FILE}" ;;
all) exec "$BIN" every 5 2 ;;
esac

for letters in 1 2 3 4; do "$BIN" every "$letters" 3; done
SECONDS_EACH="${1:-15}"
# Far apart, so that no core looks at what another one did.
SEED="${2:-$((RANDOM << 30 | RANDOM << 15 | RANDOM))}"
running=()
for ((core = 0; core < $(nproc); core++)); do
    "$BIN" random "$SECONDS_EACH" "$((SEED + (core << 48)))" &
    running+=($!)
done
status=0
for process in "${running[@]}"; do wait "$process" || status=1; done
exit "$status"
