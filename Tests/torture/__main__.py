"""See ../torture.sh for the use."""

import importlib
import os
import signal
import sys
import time
import traceback

from .stage import Breach, Stage


def main():
    mode, folder, programs, seed, *rest = sys.argv[1:]
    # An interrupted run ends what it started as well.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    signal.signal(signal.SIGHUP, lambda *_: sys.exit(129))
    stage = Stage(os.path.join(folder, "stage"), programs)
    began, status = time.monotonic(), 1
    try:
        importlib.import_module(f".{mode}", __package__).run(stage, int(seed), *map(int, rest))
        print(f"torture {mode}: passed (seed {seed}, {time.monotonic() - began:.0f} s)")
        status = 0
    except Breach as breach:
        print(f"FAILED: {breach}", file=sys.stderr)
        print(f"torture {mode}: failed (seed {seed})", file=sys.stderr)
    except KeyboardInterrupt:
        status = 130
    except Exception:
        traceback.print_exc()
    finally:
        stage.end()
    return status


sys.exit(main())
