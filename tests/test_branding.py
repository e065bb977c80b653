"""What stands around every page: the logo, links in the menu, a script that counts readers."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from sitegen.engine.live import Live
from sitegen.engine.options import Options
from sitegen.plan.policy import Hosts, Inlined, header
from tests.site import CONFIG, NOW, build_site, let_settle, set_theme, tree, write_files, write_site
from tests.test_pictures import saved

BRANDED = """\
logo = "/images/logo.png"
logo_dark = "/images/dark.png"
"""
MORE = """
[[menu]]
title = "Subscribe"
url = "https://shop.example/"

[[menu]]
title = "Every ad"
url = "/jobs/"

[analytics]
script = "https://stats.example/script.js"
attributes = {data-site = "a\\"b"}
connects_to = ["https://api.stats.example"]
"""


def branded(root: Path, theme: str = "default") -> Path:
    files: dict[str, str | bytes] = {
        "sitegen.toml": BRANDED + CONFIG.replace(".example/", ".example/sub/") + MORE,
        "content/images/logo.png": saved(Image.new("RGBA", (300, 60)), "PNG"),
        "content/images/dark.png": saved(Image.new("LA", (300, 60)), "PNG"),
    }
    return set_theme(write_site(root, files), theme)


@pytest.mark.parametrize("theme", ["default", "bobbin"])
def test_logo_menu_and_script_are_on_every_page(tmp_path: Path, theme: str) -> None:
    build_site(branded(tmp_path, theme))
    pages = {name: data.decode() for name, data in tree(tmp_path / "output").items() if name.endswith("index.html")}
    assert len(pages) > 4
    for name, page in pages.items():
        head, _, rest = page.partition("</head>")
        masthead = rest[: rest.index("</header>")]
        assert 'alt="Tiny"' in masthead and "/sub/media/dark." in masthead, name
        assert '<a href="https://shop.example/">Subscribe</a>' in masthead
        assert '<a href="/sub/jobs/">Every ad</a>' in masthead
        script = '<script src="https://stats.example/script.js" data-site="a&#34;b" defer></script>'
        assert head.count(script) == 1
        policy = head[head.index("default-src") :].partition('"')[0].split("; ")
        assert "connect-src 'self' https://stats.example https://api.stats.example" in policy
        assert [one.endswith(" https://stats.example") for one in policy if one.startswith("script-src")] == [True]
    kept = (tmp_path / "output/news/2026/10/first/download.html").read_text("utf-8")
    assert "stats.example" not in kept


def test_without_the_settings_nothing_of_them_is_there(tmp_path: Path) -> None:
    build_site(write_site(tmp_path))
    page = (tmp_path / "output/index.html").read_text("utf-8")
    assert "<img" not in page.partition("</header>")[0]
    assert "connect-src" not in page and ">Tiny</a>" in page


def test_another_logo_is_on_every_page_after_the_next_build(tmp_path: Path) -> None:
    root = branded(tmp_path)
    build_site(root)
    let_settle()
    write_files(root, {"content/images/logo.png": saved(Image.new("RGBA", (200, 60)), "PNG")})
    build_site(root)
    after = tree(root / "output")
    build_site(root, output="anew")
    assert tree(root / "anew") == after
    assert b'width="200"' in after["index.html"]


def test_a_preview_shows_another_logo_at_once(tmp_path: Path) -> None:
    root = branded(tmp_path)
    live = Live(Options(root, root / "output", now=NOW, workers=1))
    live.look()
    write_files(root, {"content/images/logo.png": saved(Image.new("RGBA", (200, 60)), "PNG")})
    live.look(["content/images/logo.png"])
    assert live.site is not None
    page = live.site.file("index.html")
    assert page is not None and b'width="200"' in page.data


def test_the_header_may_say_the_same() -> None:
    said = header(Inlined(), Hosts(("https://a.example",), ("https://a.example", "https://b.example")))
    assert "script-src 'self' https://a.example;" in said
    assert "connect-src 'self' https://a.example https://b.example;" in said
