#!/usr/bin/env bash
# Runs the commands of Protocol/FIRST-CLIENT.md, as they stand there, in the current folder: LINK is the link of an
# invitation. Prints the verdict on the change that they push.
set -euo pipefail

document="$(dirname "${BASH_SOURCE[0]}")/../../Protocol/FIRST-CLIENT.md"
awk '/^```$/ { code = 0 } code; /^```sh$/ { code = 1 }' "$document" >afternoon
[ -s afternoon ] || { echo "the document has no commands" >&2; exit 1; }
# shellcheck disable=SC1091
. ./afternoon
