"""What can only be judged when the whole site is known: dates beside the build's now, addresses inside the site."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import chain
from pathlib import Path
from urllib.parse import unquote

from msgspec.structs import replace

from sitegen.plan.addresses import HIDDEN_HINT, Addresses
from sitegen.plan.live import FAR_YEARS
from sitegen.problems import MOST_IN_A_FILE, Budget, Problem, as_warning, note
from sitegen.sources.articles import Article
from sitegen.sources.moments import Moment
from sitegen.sources.places import DataFile, problem_in
from sitegen.sources.site import ADS, JOBS, Content


def far_dates(root: Path, content: Content, now: datetime) -> Iterator[Problem]:
    """Dates of publication, or of a change, that lie years ahead."""
    hint = "look at the year; if the text is to wait without end, write draft: true"
    for article in content.articles:
        for name, moment in (("published", article.published), ("updated", article.updated)):
            if moment is not None and moment.day.year > now.year + FAR_YEARS:
                message = f'"{name}" is more than {FAR_YEARS} years ahead'
                yield problem_in(root, article.path, (name,), message, hint)
    dated: list[tuple[str, int, str, Moment | None]]
    dated = [(JOBS, index, "posted", job.posted) for index, job in enumerate(content.board.jobs)]
    dated += [(ADS, ad.index, "starts", ad.starts) for ad in content.ads]
    files = {path: DataFile(root, path) for path in (JOBS, ADS)}
    found: dict[str, list[Problem]] = {JOBS: [], ADS: []}
    for path, index, name, moment in dated:
        if moment is not None and moment.day.year > now.year + FAR_YEARS and len(found[path]) <= MOST_IN_A_FILE:
            message = f'"{name}" is more than {FAR_YEARS} years ahead'
            note(found[path], files[path].problem(index, name, message, "look at the year"))
    yield from chain(*found.values())


_MOST_SUGGESTED = 200
"""For so many addresses the nearest one is looked for, which takes milliseconds each time."""


def dead_addresses(root: Path, content: Content, addresses: Addresses) -> Iterator[Problem]:
    """Addresses in front matter and data files that are the site's own (they start with `/`) and lead nowhere."""
    budget = Budget(_MOST_SUGGESTED)
    for article in content.articles:
        for name, linked in (("source", article.source), ("original", article.original)):
            said = said_of(linked.url, addresses, budget) if linked is not None else None
            if said is not None:
                found = problem_in(root, article.path, (name, "url"), said.message, said.hint)
                yield as_warning(found) if said.warning else found
    linking: list[tuple[str, int | None, str, str]]
    linking = [(JOBS, index, "url", job.url) for index, job in enumerate(content.board.jobs)]
    linking += [(ADS, ad.index, "url", ad.url) for ad in content.ads]
    linking.append((JOBS, None, "more", content.board.more))
    files = {path: DataFile(root, path) for path in (JOBS, ADS)}
    every: dict[str, list[Problem]] = {JOBS: [], ADS: []}
    for path, index, name, url in linking:
        said = said_of(url, addresses, budget) if len(every[path]) <= MOST_IN_A_FILE else None
        if said is not None:
            found = files[path].problem(index, name, said.message, said.hint)
            note(every[path], as_warning(found) if said.warning else found)
    yield from chain(*every.values())


def without_links_to(hidden: Mapping[str, str], content: Content) -> Content:
    """The content without the addresses, in fields, of pages that are not to be seen now: words instead of links."""

    def leads_there(url: str) -> bool:
        return url.startswith("/") and unquote(url.partition("#")[0].partition("?")[0]) in hidden

    def mended(article: Article) -> Article:
        if article.source is not None and leads_there(article.source.url):
            article = replace(article, source=replace(article.source, url=""))
        if article.original is not None and leads_there(article.original.url):
            article = replace(article, original=None)
        return article

    jobs = tuple(replace(job, url="") if leads_there(job.url) else job for job in content.board.jobs)
    board = replace(content.board, jobs=jobs, more="" if leads_there(content.board.more) else content.board.more)
    ads = tuple(ad for ad in content.ads if not leads_there(ad.url))
    return replace(content, articles=tuple(map(mended, content.articles)), board=board, ads=ads)


def said_of(url: str, addresses: Addresses, budget: Budget) -> Problem | None:
    """What is wrong with an address, without its place."""
    if not url.startswith("/"):
        return None
    path = unquote(url.partition("#")[0].partition("?")[0])
    found = addresses.find(path)
    if found.kind == "hidden":
        return Problem("", 0, 0, f'"{url}" leads to {found.why}', HIDDEN_HINT, warning=True)
    if found.kind == "nothing":
        return Problem("", 0, 0, f'"{url}" leads to no page of this site', addresses.hint(path, budget))
    return None
