"""Job ads come as they are found: nothing is lost, doubled or escaped twice."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from sitegen.sources.jobs import load_jobs
from sitegen.sources.locale import Locale
from tests.site import ARTICLE, build_site, write_site

ADS = (
    ("L’OREAL GROUP", "Brand Manager (m/f/d) – Skincare", "Permanent", "STOCKHOLM"),
    ("H&M", "Operations Manager to h&m Distribution Center Borås", "Permanent", "BORÅS"),
    ("House <one>", "Stylist [part-time]", "Part-time", ""),
    ("No contract", "Cutter “à façon”", "", "MALMÖ"),
    ("Bare", "Mender", "", ""),
)


def yaml_text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


@pytest.fixture
def page(tmp_path: Path) -> str:
    entries = [
        f"- {{employer: {yaml_text(a)}, title: {yaml_text(b)}, contract: {yaml_text(c)}, location: {yaml_text(d)}}}\n"
        for a, b, c, d in ADS
    ]
    listed = "".join("  " + entry for entry in entries)
    build_site(write_site(tmp_path, {"content/jobs.yaml": f"total: 218\njobs:\n{listed}"}))
    return (tmp_path / "output/news/2026/10/first/index.html").read_text("utf-8")


def lines_of(page: str) -> list[list[str]]:
    """The texts of each ad in the sidebar, as a reader sees them."""
    items = re.findall(r'<li class="job-line".*?</li>', page, re.DOTALL)
    return [[unescape(text.strip()) for text in re.split(r"<[^>]*>", item) if text.strip()] for item in items]


def test_each_ad_shows_employer_title_and_place_once_and_no_separator_dangles(page: str) -> None:
    assert lines_of(page) == [
        [employer, title, *([place] if (place := " · ".join(part for part in (contract, town) if part)) else [])]
        for employer, title, contract, town in ADS
    ]


def test_the_number_is_the_boards_own(page: str) -> None:
    assert ">218 Fashion Jobs</a>" in page


def test_an_entity_has_its_semicolon(tmp_path: Path) -> None:
    """Browsers know some of old without it; nobody who types "Cut&section" means the sign of a section."""
    text = "- employer: Cut&section\n  title: Beauty&ethics lead, brand&region\n  description: M&Ms &amp; &eacute;\n"
    board, problems = load_jobs("content/jobs.yaml", text, Locale(ZoneInfo("UTC")))
    assert not problems
    (job,) = board.jobs
    assert (job.employer, job.title, job.description) == ("Cut&section", "Beauty&ethics lead, brand&region", "M&Ms & é")


def test_an_entity_that_came_with_the_ad_is_the_sign_it_stands_for(tmp_path: Path) -> None:
    build_site(write_site(tmp_path, {"content/jobs.yaml": '- {employer: "H&amp;M", title: Buyer}\n'}))
    html = (tmp_path / "output/news/2026/10/first/index.html").read_text("utf-8")
    assert lines_of(html) == [["H&M", "Buyer"]]
    assert "&amp;amp;" not in html


def test_an_address_that_a_draft_shares_with_something_seen_stays_a_link(tmp_path: Path) -> None:
    silk = ARTICLE.replace("summary:", "tags: silk\nsummary:")
    draft = "draft: true\naliases: [/jobs/, /news/2026/10/first/]\n---\nThe"
    waits = ARTICLE.replace("published: 2026-10-01", "published: 2027-10-01\naliases: /x/")
    urls = ("/tags/silk/", "/jobs/", "/news/2026/10/first/", "/x/")
    files = {
        "content/articles/news/seen.md": silk,
        "content/articles/news/draft.md": silk.replace("---\nThe", draft),
        "content/articles/news/waits.md": waits,
        "content/jobs.yaml": "".join(f"- {{employer: E, title: T, url: {url}}}\n" for url in urls),
    }
    result = build_site(write_site(tmp_path, files))
    page = (tmp_path / "output/index.html").read_text("utf-8")
    linked = re.findall(r'<a class="job-title" href="([^"]+)"', page)
    assert linked == list(urls[:3])
    assert [warning.message for warning in result.warnings] == ['"/x/" leads to an article that waits until 2027-10-01']


def test_all_ads_stand_by_employer_and_by_town_with_counts(tmp_path: Path) -> None:
    ads = (
        "- {employer: HALDEN ROW, title: Cutter, location: LONDON}\n"
        "- {employer: Mill, title: Weaver, location: Åmål}\n"
        "- {employer: Halden Row, title: Tailor, location: London}\n"
        "- {employer: Mill, title: Dyer}\n"
        "- {employer: Late, title: Gone, location: London, expires: 2026-10-31}\n"
    )
    build_site(write_site(tmp_path, {"content/jobs.yaml": ads}))
    found = {}
    for name in ("jobs", "jobs/towns"):
        html = (tmp_path / "output" / name / "index.html").read_text("utf-8")
        assert "4 Fashion Jobs" in html
        assert "Gone" not in html
        groups = re.findall(r'<h2 id="([^"]+)">([^<]+?) <span[^>]*>([^<]+)</span>', html)
        shown = re.findall(r'<li><a href="([^"]*#[^"]+)">([^<]+)</a> <span[^>]*>(\d+)</span>', html)
        found[name] = (groups, shown)
    employers = [("jobs-halden-row", "Halden Row", "2 jobs"), ("jobs-mill", "Mill", "2 jobs")]
    towns = [
        ("jobs-amal-912518", "Åmål", "1 job"),
        ("jobs-london", "London", "2 jobs"),
        ("jobs_elsewhere", "Elsewhere", "1 job"),
    ]
    index = [(f"/jobs/#{anchor}", title, count.split()[0]) for anchor, title, count in employers]
    index += [(f"/jobs/towns/#{anchor}", title, count.split()[0]) for anchor, title, count in towns]
    assert found == {"jobs": (employers, index), "jobs/towns": (towns, index)}
