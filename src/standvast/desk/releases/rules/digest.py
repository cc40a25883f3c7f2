"""The digest of what will run: SHA-256 over its parts, in a fixed order."""

import hashlib
from collections.abc import Mapping

PARTS = ("code", "requirements", "migrations", "policies", "settings")


def digest_of(parts: Mapping[str, Mapping[str, bytes]]) -> str:
    """Return one digest over all parts; each part is its files by name.

    Names and contents are hashed with their lengths, so that nothing can move from one to the
    other, and every part is named, so that an empty one differs from none.
    """
    assert set(parts) == set(PARTS), "a digest is over every part"
    whole = hashlib.sha256()
    for part in PARTS:
        whole.update(f"{part}:{len(parts[part])}\n".encode())
        for name in sorted(parts[part]):
            content = parts[part][name]
            whole.update(f"{len(name.encode())}:{name}:{len(content)}:".encode())
            whole.update(content)
    return whole.hexdigest()
