"""Work inside an installation: its settings, its database, its wiring, in a process of its own.

The drill's own process belongs to no installation, since it runs two: the drill's and the twin's.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Any

INSIDE_S_MAX = 300
MARK = "\x1eresult\x1e"


class InsideFailed(RuntimeError):
    """The function inside raised; the message ends with its last words."""


def run_inside(environment: Mapping[str, str], function: str, **arguments: Any) -> Any:
    """Call `package.module:name` with JSON arguments there; return its JSON result.

    :raises InsideFailed: if it raised, or took longer than five minutes.
    """
    words = [sys.executable, "-m", "standvast.drills.frame.inside", function]
    try:
        done = subprocess.run(
            words,
            env=dict(environment),
            input=json.dumps(arguments),
            capture_output=True,
            text=True,
            timeout=INSIDE_S_MAX,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise InsideFailed(f"{function} took longer than {INSIDE_S_MAX} s") from None
    said, found, result = done.stdout.rpartition(MARK)
    if done.returncode != 0 or not found:
        raise InsideFailed(f"{function} failed:\n{said[-1_000:]}{done.stderr[-3_000:]}")
    return json.loads(result)


def main() -> int:
    """Read arguments from standard input, call, write the result."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "standvast.project.settings")
    import django

    django.setup()
    module, _, name = sys.argv[1].partition(":")
    result = getattr(import_module(module), name)(**json.load(sys.stdin))
    sys.stdout.write(MARK + json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
