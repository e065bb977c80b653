"""The output folder: what is ours in it, and what happens to everything else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sitegen.engine.output import STAGE
from sitegen.problems import SiteError
from tests.site import ARTICLE, build_site, tree, write_site


def test_the_state_lies_beside_the_configuration_and_never_in_the_output(tmp_path: Path) -> None:
    build_site(write_site(tmp_path))
    assert (tmp_path / ".sitegen/outputs").is_dir()
    hidden = [path.name for path in (tmp_path / "output").iterdir() if path.name.startswith(".")]
    assert hidden == [".nojekyll"]


def test_a_folder_without_a_record_is_accepted_where_it_holds_only_what_would_be_written(tmp_path: Path) -> None:
    build_site(write_site(tmp_path))
    shutil.rmtree(tmp_path / ".sitegen")
    (tmp_path / "output/index.html").write_text("an older page")
    assert build_site(tmp_path).written == 1


def test_a_folder_without_a_record_that_holds_strangers_is_refused_and_left_alone(tmp_path: Path) -> None:
    write_site(tmp_path, {"output/thesis.txt": "precious", "output/a/b.txt": "too"})
    with pytest.raises(SiteError, match=r"output: the output folder holds files .* not write: a/b\.txt, thesis\.txt"):
        build_site(tmp_path)
    assert tree(tmp_path / "output") == {"thesis.txt": b"precious", "a/b.txt": b"too"}
    assert not (tmp_path / "output" / STAGE).exists()


def test_foreign_files_that_came_later_stay_and_do_not_hinder(tmp_path: Path) -> None:
    build_site(write_site(tmp_path))
    (tmp_path / "output/CNAME").write_text("host.example")
    assert build_site(tmp_path).written == 0
    assert (tmp_path / "output/CNAME").read_text() == "host.example"


def test_a_stale_file_that_somebody_has_changed_since_stays(tmp_path: Path) -> None:
    build_site(write_site(tmp_path, {"content/articles/news/second.md": ARTICLE}))
    page = tmp_path / "output/news/2026/10/second/index.html"
    page.write_text("changed by hand")
    (tmp_path / "content/articles/news/second.md").unlink()
    assert build_site(tmp_path).removed == 5
    assert page.read_text() == "changed by hand"


def test_a_page_that_was_changed_by_hand_is_put_right(tmp_path: Path) -> None:
    build_site(write_site(tmp_path))
    before = tree(tmp_path / "output")
    (tmp_path / "output/index.html").write_text("changed by hand")
    assert build_site(tmp_path).written == 1
    assert tree(tmp_path / "output") == before


def test_a_foreign_file_where_a_folder_is_needed_is_named(tmp_path: Path) -> None:
    build_site(write_site(tmp_path))
    (tmp_path / "output/making").rename(tmp_path / "elsewhere")
    (tmp_path / "output/making").write_text("mine")
    with pytest.raises(SiteError, match="in the way of its pages: making"):
        build_site(tmp_path)
    assert (tmp_path / "output/making").read_text() == "mine"


def test_a_link_in_the_place_of_a_page_is_replaced_and_its_target_left_alone(tmp_path: Path) -> None:
    build_site(write_site(tmp_path))
    target = tmp_path / "target.html"
    target.write_text("outside")
    page = tmp_path / "output/index.html"
    page.unlink()
    page.symlink_to(target)
    build_site(tmp_path)
    assert target.read_text() == "outside"
    assert not page.is_symlink()


def test_a_page_may_become_a_folder_and_the_other_way_round(tmp_path: Path) -> None:
    aliased = ARTICLE.replace("title", "aliases: [/old.html]\ntitle")
    build_site(write_site(tmp_path, {"content/articles/news/first.md": aliased}))
    assert (tmp_path / "output/old.html").is_file()
    write_site(tmp_path, {"content/articles/news/first.md": aliased.replace("/old.html", "/old.html/in/")})
    build_site(tmp_path)
    assert (tmp_path / "output/old.html/in/index.html").is_file()
    write_site(tmp_path, {"content/articles/news/first.md": aliased})
    build_site(tmp_path)
    assert (tmp_path / "output/old.html").is_file()


def test_what_a_killed_build_left_is_cleared_and_recognised(tmp_path: Path) -> None:
    build_site(write_site(tmp_path))
    write_site(tmp_path / "output" / STAGE, {"half.html": "half"})
    write_site(tmp_path, {"content/articles/news/second.md": ARTICLE})
    build_site(tmp_path)
    assert not (tmp_path / "output" / STAGE).exists()


def test_an_output_path_that_is_a_file_is_refused(tmp_path: Path) -> None:
    write_site(tmp_path, {"output": "a file"})
    with pytest.raises(SiteError, match="is a file, not a folder"):
        build_site(tmp_path)


@pytest.mark.parametrize("folder", ["content", "content/articles/site", "themes/x", "."])
def test_the_output_never_lies_among_the_sources(tmp_path: Path, folder: str) -> None:
    with pytest.raises(SiteError, match="output folder"):
        build_site(write_site(tmp_path), output=folder)


def test_two_output_folders_have_records_of_their_own(tmp_path: Path) -> None:
    write_site(tmp_path, {"content/articles/news/second.md": ARTICLE})
    build_site(tmp_path)
    build_site(tmp_path, output="preview")
    (tmp_path / "content/articles/news/second.md").unlink()
    assert build_site(tmp_path).removed == 6
    assert (tmp_path / "preview/news/2026/10/second/index.html").is_file()
