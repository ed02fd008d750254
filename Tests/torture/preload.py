"""The C libraries that the programs are started with."""

import os
import subprocess


def library(stage, name):
    """Compiled once for each run."""
    target = stage.path(f"{name}.so")
    if not os.path.exists(target):
        source = os.path.join(os.path.dirname(os.path.abspath(__file__)), f"{name}.c")
        subprocess.run(["cc", "-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o", target, source, "-ldl"],
                       check=True)
    return target
