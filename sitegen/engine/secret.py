"""An optional secret that authenticates what is kept between builds.

The state may pass through untrusted hands, such as a CI cache that pull requests can also write. File names in it are
always validated, but only a keyed checksum can prove that a cached text is one that sitegen rendered. The secret must
not be in the repository, which a stranger may change.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from sitegen.problems import Problem, SiteError

KEY, KEY_FILE = "SITEGEN_STATE_KEY", "SITEGEN_STATE_KEY_FILE"
"""The environment variables that hold the secret, or the path of a file that does."""
_LEAST = 16
"""Bytes: a shorter secret could be guessed."""


def state_key(root: Path) -> bytes:
    """The checksum key for the state of the site in `root`; empty if there is no secret. Raises SiteError, OSError."""
    secret = os.environ.get(KEY, "").encode("utf-8", "surrogateescape")
    named = KEY
    if not secret and os.environ.get(KEY_FILE):
        path, named = Path(os.environ[KEY_FILE]), KEY_FILE
        if path.resolve().is_relative_to(root.resolve()):
            hint = "move it out of the site's folder: anyone who can change the site could read it there"
            raise SiteError([Problem(named, 0, 0, "the secret lies among the site's files", hint)])
        secret = path.read_bytes().strip()
    if secret and len(secret) < _LEAST:
        hint = "make one with: openssl rand -hex 32"
        raise SiteError([Problem(named, 0, 0, f"the secret has fewer than {_LEAST} bytes", hint)])
    return hashlib.blake2b(secret, digest_size=32, person=b"sitegen state").digest() if secret else b""
