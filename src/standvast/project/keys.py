"""The secrets of an installation that `up` made: kept in its folder, for its owner alone."""

import base64
import json
import secrets
from pathlib import Path

SECRETS = "secrets.json"


def kept_secrets(folder: Path) -> dict[str, str]:
    """Return them as its processes' environment has them; made at first use."""
    path = folder / SECRETS
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        made = {
            "STANDVAST_SECRET_KEY": secrets.token_urlsafe(48),
            "STANDVAST_SEALING_KEYS": "a:" + base64.b64encode(secrets.token_bytes(32)).decode(),
        }
        path.touch(mode=0o600)
        path.write_text(json.dumps(made), encoding="utf-8")
    found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return found
