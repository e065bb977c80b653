"""The job ads: as the sidebar and the pages at /jobs/ show them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec import Struct

from sitegen.config import SiteConfig
from sitegen.plan.formats import Formats, direction, marked
from sitegen.plan.names import made_slug, term_key
from sitegen.plan.pages import PagePlan
from sitegen.plan.terms import home_link
from sitegen.plan.urls import Claim, Urls, urls_of
from sitegen.plan.views import JobGroup, JobsView, JobView, Link, Term
from sitegen.sources.jobs import Job, JobBoard
from sitegen.text import as_line


class Grouping(Struct, frozen=True):
    """One way of grouping ads: `of` is what names an ad's group, empty for the last one."""

    name: str
    path: str
    title: str
    of: Callable[[Job], str]


GROUPINGS: tuple[Grouping, ...] = (
    Grouping("employer", "/jobs/", marked("Fashion Jobs"), lambda job: job.employer),
    Grouping("town", "/jobs/towns/", marked("Fashion jobs by town"), lambda job: job.location),
)
"""In the order of their pages: each is a page that holds every ad."""


def job_line(job: Job) -> str:
    """`Permanent · STOCKHOLM`; a part that is missing leaves no separator behind."""
    return " · ".join(part for part in (job.contract, job.location) if part)


def job_view(job: Job, formats: Formats, urls: Urls) -> JobView:
    """One ad as pages show it."""
    paragraphs = [as_line(part) for part in job.description.split("\n\n")]
    return JobView(
        employer=job.employer,
        title=job.title,
        line=job_line(job),
        url=urls.written(job.url),
        department=job.department,
        paragraphs=tuple(part for part in paragraphs if part),
        posted=formats.date(job.posted),
        expires=formats.date(job.expires),
        country=job.country,
        remote=job.remote,
        language=job.language,
        direction=direction(job.language) if job.language else "",
    )


def job_total(board: JobBoard, jobs: tuple[Job, ...]) -> int:
    """The board's own total where it names one, otherwise the number of ads that are live."""
    return len(jobs) if board.total is None else board.total


def job_groups(
    jobs: tuple[Job, ...], of: Callable[[Job], str], view: Callable[[Job], JobView], formats: Formats
) -> tuple[JobGroup, ...]:
    """The ads in groups, these in alphabetical order and ads without a name last; inside, the file's order.

    Two spellings of a name ("STOCKHOLM", "Stockholm") are one group under the one that is not all capitals.
    """
    groups: dict[str, list[Job]] = {}
    for job in jobs:
        groups.setdefault(term_key(of(job)), []).append(job)
    order = sorted(groups, key=lambda name: (not name, formats.sort_key(name), name))
    made = []
    for name in order:
        title = min((of(job) for job in groups[name]), key=lambda spelling: (spelling.isupper(), spelling))
        anchor = f"jobs-{made_slug(name, folds_accents=False)}" if name else "jobs_elsewhere"
        made.append(JobGroup(title, anchor, tuple(map(view, groups[name]))))
    return tuple(made)


def jobs_pages(config: SiteConfig, formats: Formats, board: JobBoard, jobs: tuple[Job, ...]) -> Iterator[PagePlan]:
    """All ads by employer at /jobs/, and by town at /jobs/towns/; each page leads to the groups of both."""
    urls = urls_of(config)
    total = job_total(board, jobs)
    views = {id(job): job_view(job, formats, urls) for job in jobs}
    grouped = {g.name: job_groups(jobs, g.of, lambda job: views[id(job)], formats) for g in GROUPINGS}
    terms = {g.name: tuple(_terms(urls.local(g.path), grouped[g.name])) for g in GROUPINGS}
    above = (home_link(config, formats), Link(formats.say("Fashion Jobs"), urls.local("/jobs/")))
    for grouping in GROUPINGS:
        title, url = formats.say(grouping.title), urls.local(grouping.path)
        view = JobsView(
            title=title,
            url=url,
            canonical=urls.absolute(grouping.path),
            breadcrumb=above if url == above[-1].url else (*above, Link(title, url)),
            total=total,
            total_text=formats.number(total),
            listed=len(jobs),
            more=urls.written(board.more),
            by=grouping.name,
            groups=grouped[grouping.name],
            employers=terms["employer"],
            towns=terms["town"],
        )
        claim = Claim("content/jobs.yaml", "the jobs page")
        yield PagePlan(grouping.path, "jobs.html", view, claim, lastmod="")


def _terms(page: str, groups: tuple[JobGroup, ...]) -> Iterator[Term]:
    for group in groups:
        yield Term(group.title, f"{page}#{group.anchor}", len(group.jobs))
