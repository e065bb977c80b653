"""The pages as outside programs judge them: the Nu checker, and lychee on a real nginx."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest

from tests.checkers.lychee import Report, lychee
from tests.checkers.nginx import ask, free_port, nginx
from tests.checkers.nu import nu
from tests.kinds import THEMES
from tests.reader import POLICY
from tests.site import build_site, set_theme, tree, write_files
from tests.test_golden import BUNDLED, CASES, GOLDEN, copy_site

pytestmark = pytest.mark.slow

KEEP = "public, max-age=31536000, immutable"
ASK = "max-age=0, must-revalidate"
PAGE = '<!doctype html>\n<html lang="en">\n<title>A page</title>\n'


def test_nu_has_nothing_to_say_of_any_page(tmp_path: Path) -> None:
    sites = [set_theme(copy_site(BUNDLED, tmp_path / theme), theme) for theme in THEMES]
    # The theme of "plain" is bare on purpose.
    sites += [copy_site(GOLDEN / case, tmp_path / case) for case in CASES if case != "plain"]
    for site in sites:
        build_site(site)
    assert nu([site / "output" for site in sites]) == []


def test_nu_tells_a_page_with_a_mistake(tmp_path: Path) -> None:
    write_files(tmp_path, {"good.html": PAGE, "sub/bad.html": f'{PAGE}<p><div id="a"></div></p>\n<b id="a"></b>\n'})
    said = nu([tmp_path])
    assert [line.partition("sub/bad.html:")[2].split(" ")[0].rstrip(":") for line in said] == ["4:25", "5:10", "4:15"]


@pytest.mark.parametrize("prefix", ["/", "/news/heddle/"])
def test_nothing_is_broken_behind_nginx(prefix: str, tmp_path: Path) -> None:
    report, site = _behind_nginx(copy_site(BUNDLED, tmp_path / "site"), prefix, tmp_path)
    assert report.broken == []
    assert report.found > len(site)


def test_lychee_tells_what_is_broken(tmp_path: Path) -> None:
    copy_site(GOLDEN / "plain", tmp_path / "site")
    broken = '<a href="no/"></a><a href="#no"></a><a href="archive"></a><img src="no.png" alt="">\n'
    write_files(tmp_path / "site" / "themes" / "plain" / "templates", {"404.html": PAGE + broken})
    report, _ = _behind_nginx(tmp_path / "site", "/", tmp_path)
    assert len(report.broken) == 4
    assert "".join(report.broken).count("/404.html: ") == 4


def _behind_nginx(root: Path, prefix: str, work: Path) -> tuple[Report, dict[str, bytes]]:
    """What lychee says of all pages, feeds and styles of a site that nginx serves under this path."""
    port = free_port()
    base_url = f"http://127.0.0.1:{port}{prefix}"
    with nginx(work / "www", port, work / "nginx", prefix):
        build_site(root, base_url=base_url, output=f"../www{prefix}")
        site = tree(work / "www" / prefix.strip("/"))
        code, headers = ask(port, f"{prefix}no/such/page/")
        assert (code, headers["Content-Type"]) == (404, "text/html; charset=utf-8")
        assert headers["Content-Length"] == str(len(site["404.html"]))
        assert POLICY.startswith("default-src 'self'; ") and headers["Content-Security-Policy"] == POLICY
        for name in site:
            lasts = name.startswith(("assets/", "media/"))
            headers = ask(port, prefix + quote(name))[1]
            assert headers["Cache-Control"] == (KEEP if lasts else ASK), name
            assert headers["Content-Security-Policy"] == POLICY, name
            assert headers["X-Content-Type-Options"] == "nosniff", name
            assert not name.endswith(".epub") or headers["Content-Type"] == "application/epub+zip"
        read = [name for name in site if name.endswith((".html", ".xml", ".css", ".txt"))]
        return lychee([base_url + name.removesuffix("index.html") for name in read], base_url, work), site
