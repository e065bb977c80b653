"""What the common hosts take of a site, as docs/hosting.md lists it, and whether one site is within that."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sitegen.engine.weight import Weight

_UNITS = (("GB", 10**9), ("MB", 10**6), ("kB", 10**3))


class Host(NamedTuple):
    """The most that a host takes, None where it names no limit: files, bytes of all and of one file, files of a folder.

    `paid` is the number of files where one pays for it.
    """

    name: str
    files: int | None = None
    paid: int | None = None
    bytes: int | None = None
    file_bytes: int | None = None
    folder_files: int | None = None


HOSTS = (
    Host("Cloudflare Pages", files=20_000, paid=100_000, file_bytes=25 * 2**20),
    Host("GitHub Pages", bytes=10**9),
    Host("Netlify", folder_files=54_000),
)


def weighed(files: int, weight: Weight) -> Iterator[str]:
    """Lines for people: what a site weighs, which hosts do not take that, and what can be done about it."""
    said = f"{amount(weight.bytes)} in all, the largest file {amount(weight.largest_bytes)} ({weight.largest}): "
    over = [(host, excess) for host in HOSTS if (excess := ", ".join(_excess(host, files, weight)))]
    if not over:
        yield f"{said}within the limits of {_listed([host.name for host in HOSTS])}."
        return
    yield f"{said}too much for {_listed([f'{host.name} ({excess})' for host, excess in over])}."
    if any(host.files is not None and files > host.files for host, _ in over):
        yield 'Fewer files: for = "recent:N" in [variants] and in [downloads] of sitegen.toml.'


def _excess(host: Host, files: int, weight: Weight) -> Iterator[str]:
    """What is too much for a host."""
    if host.files is not None and files > host.files:
        paid = f"; {host.paid:,} where one pays" if host.paid is not None else ""
        yield f"{files:,} files of at most {host.files:,}{paid}"
    if host.bytes is not None and weight.bytes > host.bytes:
        yield f"{amount(weight.bytes)} of at most {amount(host.bytes)}"
    if host.file_bytes is not None and weight.largest_bytes > host.file_bytes:
        yield f"a file of at most {host.file_bytes // 2**20} MiB"
    if host.folder_files is not None and weight.fullest_files > host.folder_files:
        yield f"{weight.fullest_files:,} files of at most {host.folder_files:,} in {weight.fullest or 'one folder'}"


def amount(size: int) -> str:
    """Bytes for people, in decimal units as hosts count them: `12.3 MB`."""
    for unit, one in _UNITS:
        if size >= one:
            return f"{size / one:.1f} {unit}"
    return f"{size} bytes"


def _listed(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]
