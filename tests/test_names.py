"""Tags, brands, people, employers and towns: two names are two pages, or the writer is told."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from sitegen.plan.names import made_slug, plain_slug, term_key
from sitegen.problems import SiteError
from tests.links import broken_links
from tests.site import ARTICLE, CONFIG, build_site, tree, write_site
from tests.test_pictures import saved

NFC, NFD = "d\u00e9fil\u00e9", "de\u0301file\u0301"


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Cotton", "cotton"),
        ("slow fashion", "slow-fashion"),
        ("ready-to-wear", "ready-to-wear"),
        ("Hermès", "hermes"),
        ("Fjällräven", "fjallraven"),
        ("Ørsted Łódź", "orsted-lodz"),
        ("L'Oréal", "l-oreal"),
        ("L’Oréal", "l-oreal"),
        ("90s", "90s"),
    ],
)
def test_what_survives_keeps_its_address(name: str, slug: str) -> None:
    assert made_slug(term_key(name)) == slug


@pytest.mark.parametrize("name", ["C++", "C#", "H&M", "& Other Stories", "No. 5", "李伟", "Шанель", "★", "A" * 101])
def test_what_loses_characters_has_a_digest(name: str) -> None:
    slug = made_slug(term_key(name))
    assert re.fullmatch(r"(?:[a-z0-9-]+-)?[0-9a-f]{6}", slug)
    assert slug.startswith(plain_slug(term_key(name)))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("李伟", "李薇"),
        ("C++", "C#"),
        ("& Other Stories", "Other Stories"),
        ("H&M", "H M"),
        ("Дом", "Dom"),
        ("No 5", "No. 5"),
        ("π", "p"),
    ],
)
def test_two_names_have_two_addresses(first: str, second: str) -> None:
    assert made_slug(term_key(first)) != made_slug(term_key(second))


@pytest.mark.parametrize(
    ("first", "second"),
    [("Cotton", "COTTON"), ("L'Oréal", "L’Oréal"), (NFC, NFD), ("a  b", "a\u00a0b"), ("Straße", "STRASSE")],
)
def test_one_name_in_two_spellings_is_one(first: str, second: str) -> None:
    assert term_key(first) == term_key(second)


NAMES = st.text(st.sampled_from("aAbé12 -'’&+#.李伟薇ßøЖ\u0301★\u00a0/"), min_size=1, max_size=8).filter(
    lambda name: bool(name.strip())
)


@given(NAMES, NAMES)
def test_two_names_meet_only_where_accents_hyphens_and_apostrophes_are_all_they_differ_in(one: str, two: str) -> None:
    if term_key(one) == term_key(two) or made_slug(term_key(one)) != made_slug(term_key(two)):
        return

    def bare(name: str) -> str:
        folded = unicodedata.normalize("NFD", term_key(name)).replace("ø", "o")
        return re.sub(r"[\s'-]+", " ", "".join(c for c in folded if unicodedata.category(c) != "Mn")).strip()

    assert bare(one) == bare(two)


def broken(output: Path) -> list[str]:
    return broken_links(tree(output), "https://tiny.example/")


def article(number: int, *, fields: str) -> str:
    return f"---\ntitle: T{number}\npublished: 2026-10-0{number}\nsummary: S.\n{fields}\n---\nWords.\n"


def test_each_term_has_its_page_and_its_old_address_leads_to_the_oldest(tmp_path: Path) -> None:
    site = write_site(
        tmp_path,
        {
            "content/articles/news/a.md": article(1, fields="people: [李伟]\ntags: ['C++', rosé]"),
            "content/articles/news/b.md": article(2, fields="people: [李薇]\ntags: ['C#', cotton]"),
            "content/articles/news/c.md": article(3, fields="people: [Li Wei]\ntags: [COTTON]"),
        },
    )
    build_site(site)
    output = site / "output"
    titles = {
        path.parent.name: re.findall(r"<h1[^>]*>(.*?)</h1>", path.read_text("utf-8"))[0]
        for path in output.glob("*/*/index.html")
        if path.parent.parent.name in ("people", "tags") and "<h1" in path.read_text("utf-8")
    }
    people = {slug: title for slug, title in titles.items() if slug.startswith("li-wei")}
    assert sorted(people.values()) == ["Li Wei", "李伟", "李薇"]
    assert people["li-wei"] == "Li Wei"
    assert {title for slug, title in titles.items() if slug.startswith("c-")} == {"C++", "C#"}
    assert titles["cotton"] == "cotton"
    redirect = (output / "tags/c/index.html").read_text("utf-8")
    assert f"/tags/{made_slug(term_key('C++'))}/" in redirect
    assert broken(output) == []


def test_two_terms_of_one_address_are_told_and_the_settings_part_them(tmp_path: Path) -> None:
    site = write_site(
        tmp_path,
        {
            "content/articles/news/a.md": article(1, fields="tags: [rosé]"),
            "content/articles/news/b.md": article(2, fields="tags: [cotton, rose]"),
        },
    )
    with pytest.raises(SiteError) as refused:
        build_site(site)
    (problem,) = refused.value.problems
    assert problem.message == 'the tags "rosé" and "rose" would have the same address, /tags/rose/'
    assert (problem.file, problem.line, problem.column) == ("content/articles/news/b.md", 5, 16)
    assert 'name = "rose" and slug = "another-name"' in problem.hint
    write_site(tmp_path, {"sitegen.toml": CONFIG + '[[terms]]\nname = "rosé"\nslug = "rose-wine"\n'})
    build_site(site)
    names = [path.parent.name for path in (site / "output/tags").glob("*/index.html")]
    assert sorted(names) == ["cotton", "rose", "rose-wine"]


def test_terms_that_differ_in_spaces_alone_are_told(tmp_path: Path) -> None:
    site = write_site(
        tmp_path,
        {
            "content/articles/news/a.md": article(1, fields="brands: [H&M, C&A]"),
            "content/articles/news/b.md": article(2, fields="brands: [H & M, H M]"),
        },
    )
    (warning,) = build_site(site).warnings
    assert warning.message == 'the brands "H&M" and "H & M" are two pages'
    assert warning.hint == 'if they are one, write "H&M" everywhere'
    assert (warning.file, warning.line, warning.column) == ("content/articles/news/b.md", 5, 10)


def test_one_town_and_one_employer_in_two_encodings_are_one(tmp_path: Path) -> None:
    jobs = "".join(
        f"- {{employer: Herm{e}s, title: T{number}, location: M{u}nchen}}\n"
        for number, (e, u) in enumerate([("\u00e8", "\u00fc"), ("e\u0300", "u\u0308")])
    )
    build_site(write_site(tmp_path, {"content/jobs.yaml": jobs}))
    for page in ("jobs/index.html", "jobs/towns/index.html"):
        html = (tmp_path / "output" / page).read_text("utf-8")
        assert len(re.findall(r'<h2[^>]*id="jobs-', html)) == 1


@pytest.mark.parametrize(
    "alias",
    [
        "/2019/05/d%C3%A9fil%C3%A9-paris/",
        "/2019/05/défilé-paris/",
        "/2019/05/d%c3%a9fil%c3%a9-paris",
        "/北京/%E5%8C%97/",
    ],
)
def test_an_old_address_becomes_the_file_that_a_host_looks_for(tmp_path: Path, alias: str) -> None:
    decoded = unquote(alias).strip("/")
    link = ARTICLE.replace("---\nThe", f"---\n[old]({quote(f'/{decoded}/')}) [old](/{decoded}/)\n\nThe")
    site = write_site(
        tmp_path,
        {
            "content/articles/news/old.md": article(1, fields=f"aliases: ['{alias}']"),
            "content/articles/news/link.md": link,
        },
    )
    build_site(site)
    assert (site / f"output/{decoded}/index.html").is_file()
    html = next(path for path in tree(site / "output") if path.endswith("link/index.html"))
    page = (site / "output" / html).read_text("utf-8")
    assert page.count(f'href="{quote(f"/{decoded}/")}"') == 2
    assert broken(site / "output") == []


@pytest.mark.parametrize(("typed", "on_disk"), [(NFC, NFD), (NFD, NFC)])
def test_a_text_finds_files_whose_accents_are_encoded_otherwise(tmp_path: Path, typed: str, on_disk: str) -> None:
    picture = saved(Image.new("RGB", (40, 30)), "PNG")
    text = (
        f"---\ntitle: A\npublished: 2026-10-01\nsummary: S.\nimage: {{src: {typed}.png, alt: A loom}}\n---\n"
        f"![A loom]({typed}.png) [plan](/files/{typed}.pdf) [other](/articles/making/{typed}.md)\n"
    )
    site = write_site(
        tmp_path,
        {
            f"content/articles/news/{on_disk}.png": picture,
            f"content/files/{on_disk}.pdf": b"%PDF-1.4",
            f"content/articles/making/{on_disk}.md": article(2, fields="tags: [a]"),
            "content/articles/news/a.md": text,
        },
    )
    build_site(site)
    assert broken(site / "output") == []
    assert (site / "output/making/2026/10/defile/index.html").is_file()


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("https://tiny.example/making/", "/making/"),
        ("http://TINY.example/jobs/#x", "/jobs/#x"),
        ("https://tiny.example", "/"),
        ("https://tiny.example.org/", "https://tiny.example.org/"),
        ("https://other.example/making/", "https://other.example/making/"),
    ],
)
def test_an_address_on_the_sites_own_host_is_one_of_the_site(tmp_path: Path, typed: str, expected: str) -> None:
    site = write_site(
        tmp_path, {"content/articles/news/link.md": ARTICLE.replace("---\nThe", f"---\n[a]({typed}) The")}
    )
    build_site(site)
    html = (site / "output/news/2026/10/link/index.html").read_text("utf-8")
    assert f'<a href="{expected}"' in html


def test_a_dead_address_on_the_sites_own_host_is_a_problem(tmp_path: Path) -> None:
    site = write_site(
        tmp_path,
        {
            "content/articles/news/link.md": ARTICLE.replace("---\nThe", "---\n[a](https://tiny.example/nowhere/) The"),
            "content/jobs.yaml": "- {employer: A, title: T, url: 'https://tiny.example/nothing/'}\n",
        },
    )
    with pytest.raises(SiteError) as refused:
        build_site(site)
    assert sorted(problem.message for problem in refused.value.problems) == [
        '"/nothing/" leads to no page of this site',
        'the link "/nowhere/" leads to no page of this site',
    ]


def test_subjects_with_commas_between_them_are_several(tmp_path: Path) -> None:
    text = ARTICLE.replace("summary:", 'tags: retail, Lyon,retail\npeople: "Corvalho, Ines"\nsummary:')
    build_site(write_site(tmp_path, {"content/articles/news/first.md": text}))
    assert {path.name for path in (tmp_path / "output/tags").iterdir() if path.is_dir()} == {"retail", "lyon"}
    quoted = text.replace("retail, Lyon,retail", '"retail, Lyon"')
    build_site(write_site(tmp_path, {"content/articles/news/first.md": quoted}))
    tags = sorted(path.name for path in (tmp_path / "output/tags").iterdir() if path.is_dir())
    # The old address, and the one that tells it from the tag "retail lyon".
    assert tags[0] == "retail-lyon" and tags[1].startswith("retail-lyon-") and len(tags) == 2
    assert (tmp_path / "output/people/corvalho-ines/index.html").exists()
