"""A secret of those who build: with it, nobody else can make what a build takes for its own memory.

What is kept between builds may pass through hands that are not ours, such as a CI cache that pull requests fill as
well. Names are checked as if they had been typed, but whether a cached text is the one that was once rendered only its
maker can say. The secret never lies in the repository, which is what a stranger may change.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from sitegen.problems import Problem, SiteError

KEY, KEY_FILE = "SITEGEN_STATE_KEY", "SITEGEN_STATE_KEY_FILE"
"""The variables of the environment that hold the secret, or name a file that does."""
_LEAST = 16
"""Bytes: a shorter secret could be guessed."""


def state_key(root: Path) -> bytes:
    """The key for what is kept of the site in `root`; empty where there is no secret. Raises SiteError, OSError."""
    secret = os.environ.get(KEY, "").encode("utf-8", "surrogateescape")
    named = KEY
    if not secret and os.environ.get(KEY_FILE):
        path, named = Path(os.environ[KEY_FILE]), KEY_FILE
        if path.resolve().is_relative_to(root.resolve()):
            hint = "move it out of the site's folder: whoever may change the site must not know it"
            raise SiteError([Problem(named, 0, 0, "the secret lies among the site's files", hint)])
        secret = path.read_bytes().strip()
    if secret and len(secret) < _LEAST:
        hint = "make one with: openssl rand -hex 32"
        raise SiteError([Problem(named, 0, 0, f"the secret has fewer than {_LEAST} bytes", hint)])
    return hashlib.blake2b(secret, digest_size=32, person=b"sitegen state").digest() if secret else b""
