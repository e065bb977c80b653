"""What can only be judged when the whole site is known: dates beside the build's now, addresses inside the site."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote

from msgspec.structs import replace

from sitegen.plan.addresses import HIDDEN_HINT, Addresses
from sitegen.plan.live import FAR_YEARS
from sitegen.problems import Problem, as_warning
from sitegen.sources.articles import Article
from sitegen.sources.places import problem_in, problem_in_entry
from sitegen.sources.site import ADS, JOBS, Content


def far_dates(root: Path, content: Content, now: datetime) -> Iterator[Problem]:
    """Dates of publication, or of a change, that lie years ahead."""
    hint = "look at the year; if the text is to wait without end, write draft: true"
    for article in content.articles:
        for name, moment in (("published", article.published), ("updated", article.updated)):
            if moment is not None and moment.day.year > now.year + FAR_YEARS:
                message = f'"{name}" is more than {FAR_YEARS} years ahead'
                yield problem_in(root, article.path, (name,), message, hint)
    for index, job in enumerate(content.board.jobs):
        if job.posted is not None and job.posted.day.year > now.year + FAR_YEARS:
            message = f'"posted" is more than {FAR_YEARS} years ahead'
            yield problem_in_entry(root, JOBS, index, "posted", message, "look at the year")
    for ad in content.ads:
        if ad.starts is not None and ad.starts.day.year > now.year + FAR_YEARS:
            message = f'"starts" is more than {FAR_YEARS} years ahead'
            yield problem_in_entry(root, ADS, ad.index, "starts", message, "look at the year")


def dead_addresses(root: Path, content: Content, addresses: Addresses) -> Iterator[Problem]:
    """Addresses in front matter and data files that are the site's own (they start with `/`) and lead nowhere."""
    for article in content.articles:
        for name, linked in (("source", article.source), ("original", article.original)):
            said = _said(linked.url, addresses) if linked is not None else None
            if said is not None:
                found = problem_in(root, article.path, (name, "url"), said.message, said.hint)
                yield as_warning(found) if said.warning else found
    linking: list[tuple[str, int | None, str, str]]
    linking = [(JOBS, index, "url", job.url) for index, job in enumerate(content.board.jobs)]
    linking += [(ADS, ad.index, "url", ad.url) for ad in content.ads]
    linking.append((JOBS, None, "more", content.board.more))
    for path, index, name, url in linking:
        said = _said(url, addresses)
        if said is not None:
            found = problem_in_entry(root, path, index, name, said.message, said.hint)
            yield as_warning(found) if said.warning else found


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


def _said(url: str, addresses: Addresses) -> Problem | None:
    """What is wrong with an address, without its place."""
    if not url.startswith("/"):
        return None
    path = unquote(url.partition("#")[0].partition("?")[0])
    found = addresses.find(path)
    if found.kind == "hidden":
        return Problem("", 0, 0, f'"{url}" leads to {found.why}', HIDDEN_HINT, warning=True)
    if found.kind == "nothing":
        return Problem("", 0, 0, f'"{url}" leads to no page of this site', addresses.hint(path))
    return None
