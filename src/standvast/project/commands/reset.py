"""Empty `var/`: the embedded database, logs and secrets of this installation."""

import argparse
import os
import shutil
from pathlib import Path

from standvast.project.embedded import EmbeddedServer


def arguments(parser: argparse.ArgumentParser) -> None:
    """`reset` takes no options."""


def run(chosen: argparse.Namespace) -> int:
    """Remove the folder, and its data where the server had to keep it elsewhere."""
    home = Path(os.environ.get("STANDVAST_HOME", Path(__file__).resolve().parents[4]))
    folder = Path(os.environ.get("STANDVAST_VAR", home / "var"))
    server = EmbeddedServer(folder / "pg")
    if (server.data / "postmaster.pid").exists():
        print("Standvast still runs on this folder. Stop it first.")
        return 1
    server.discard()
    shutil.rmtree(folder, ignore_errors=True)
    print(f"{folder} is empty.")
    return 0
