"""The HTML of all texts: what was parsed just now, and what the cache holds."""

from __future__ import annotations

from collections.abc import Iterable

from sitegen.engine.cache import Cache


class Bodies:
    """The HTML of all texts by their files' paths; what is in the cache is read when it is asked for."""

    def __init__(self, cache: Cache | None) -> None:
        self._cache = cache
        self._fresh: dict[str, bytes] = {}
        self._keys: dict[str, bytes] = {}

    def add(self, path: str, key: bytes, html: bytes | None) -> None:
        """One more text; without `html` it is in the cache."""
        if html is not None:
            self._fresh[path] = html
        self._keys[path] = key

    def joined(self, newer: Bodies) -> Bodies:
        """These texts with newer ones in their place."""
        both = Bodies(self._cache)
        both._keys = self._keys | newer._keys
        # What is in the cache now was fresh before, when it was another text.
        stay = {path: html for path, html in self._fresh.items() if path not in newer._keys}
        both._fresh = stay | newer._fresh
        return both

    def some(self, paths: Iterable[str]) -> dict[str, str]:
        """The HTML of these texts."""
        found = {path: self._fresh.get(path) for path in paths}
        keys = {path: self._keys[path] for path, html in found.items() if html is None}
        kept = self._cache.html(list(keys.values())) if self._cache is not None and keys else {}
        return {path: (kept[keys[path]] if html is None else html).decode() for path, html in found.items()}
